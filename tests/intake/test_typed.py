"""Units that an administrator types as lists."""

from __future__ import annotations

import pytest

from assessment.errors import IntakeError
from assessment.intake.typed import typed_units
from assessment.intake.units import read_units
from assessment.organisation import Organisation, organisation_of

NOTHING = organisation_of([])


def read(group: str, countries: str, domains: str, known: Organisation = NOTHING) -> Organisation:
    return read_units(typed_units(group, countries, domains, known), "typed")


def test_each_country_gets_each_domain():
    found = read("Our group", "FR France\nDEU: Germany\n\n", "Sales\nSupply chain")
    assert list(found.units) == [
        "group", "FR", "FR.sales", "FR.supply-chain", "DEU", "DEU.sales", "DEU.supply-chain",
    ]  # fmt: skip
    assert (found.units["FR"].country_iso3, found.units["DEU"].country_iso3) == ("", "DEU")
    assert found.units["DEU.sales"].domain_family == "sales"
    assert found.label("FR.supply-chain") == "Supply chain, France"


def test_what_is_known_stays_as_it_is_and_gets_what_it_lacks():
    first = read("Our group", "FR France", "Sales")
    later = read("", "IT Italy", "Sales\nFinance", first)
    assert {name: unit for name, unit in later.units.items() if name in first.units} == dict(first.units)
    assert set(later.units) - set(first.units) == {"IT", "IT.sales", "IT.finance", "FR.finance"}


def test_a_country_typed_twice_is_told():
    with pytest.raises(IntakeError, match="FR"):
        read("Our group", "FR France\nFR Frankreich", "")


def test_a_group_without_a_name_is_told():
    with pytest.raises(IntakeError):
        read(" ", "FR France", "")
