"""Units that an administrator types as lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assessment import errors
from assessment.errors import IntakeError, Problem
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


def problems(group: str, countries: str, domains: str, known: Organisation = NOTHING) -> list[str]:
    with pytest.raises(IntakeError) as refused:
        typed_units(group, countries, domains, known)
    return [str(problem) for problem in refused.value.problems]


def test_what_is_wrong_is_told_once_by_the_line_that_was_typed():
    many = "\n".join(f"{code} Country {code}" for code in ("FR", "DE", "IT", "ES"))
    twice = errors.TYPED_TWICE.at("line 4 of the domains", 0, name="sales", first=1)
    assert problems("Ours", many, "Sales\nFinance\n\nsales") == [str(twice)]


@pytest.mark.parametrize(
    ("group", "countries", "domains", "problem"),
    [
        ("", "FR France", "", errors.TYPED_NO_GROUP.at("the name of the group", 0)),
        ("Ours", "FR France\nFrance", "", errors.TYPED_TWICE.at("line 2 of the countries", 0, name="France", first=1)),
        (
            "Ours", "FR France\nFR Frankreich", "",
            errors.TYPED_ALIKE.at(
                "line 2 of the countries", 0, name="Frankreich", id="FR", other="France", first=1,
                code=", or put a code before it",
            ),
        ),
        (
            "Ours", "FR France", "R&D\nR D",
            errors.TYPED_ALIKE.at("line 2 of the domains", 0, name="R D", id="r-d", other="R&D", first=1, code=""),
        ),
        (
            "Ours", "FR France", "x" * 301, errors.TYPED_LONG.at("line 1 of the domains", 0, size=301, limit=300),
        ),
    ],
)  # fmt: skip
def test_lists_that_make_no_units_are_told_by_line(
    group: str, countries: str, domains: str, problem: Problem
):
    assert problems(group, countries, domains) == [str(problem)]


def test_a_country_that_is_here_already_is_no_second_one():
    first = read("Our group", "FR France", "Sales")
    assert dict(read("", "france", "", first).units) == dict(first.units)
    assert set(read("", "France", "Finance", first).units) - set(first.units) == {"FR.finance"}
    assert problems("", "FRA France", "", first) == [
        str(errors.TYPED_KNOWN.at("line 1 of the countries", 0, name="France", id="FR"))
    ]
    assert problems("", "FR Francia", "", first) == [
        str(errors.TYPED_TAKEN.at("line 1 of the countries", 0, name="Francia", id="FR", other="France"))
    ]


def test_a_domain_that_was_renamed_is_not_added_again():
    first = read("Our group", "FR France", "Sales")
    renamed = organisation_of(
        replace(unit, name="Vertrieb") if unit.id == "FR.sales" else unit for unit in first.units.values()
    )
    assert dict(read("", "", "Vertrieb\nSales", renamed).units) == dict(renamed.units)


def test_a_retired_country_gets_no_domains():
    first = read("Our group", "FR France\nDE Germany", "")
    retired = organisation_of(
        replace(unit, retired_on=date(2026, 1, 1)) if unit.id == "DE" else unit
        for unit in first.units.values()
    )
    assert set(read("", "", "Sales", retired).units) - set(first.units) == {"FR.sales"}


def test_long_names_and_control_characters_still_make_ids_that_are_allowed():
    found = read(
        "Ours",
        "The very long name of a country that goes on and on",
        "A\tdomain\x00 of many, many, many words",
    )
    assert all(len(unit_id) <= 60 for unit_id in found.units)
