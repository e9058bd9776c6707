from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.organisation import (
    Organisation,
    Phase,
    Round,
    Target,
    Unit,
    in_time,
    organisation_of,
    target_for,
    targets_by_key,
)
from assessment.questionnaire.models import UnitKind

GROUP = Unit("ACME", "Acme", UnitKind.GROUP)
FRANCE = Unit("FR", "France", UnitKind.COUNTRY, "ACME", "FRA")
AUSTRIA = Unit("AT", "Österreich", UnitKind.COUNTRY, "ACME")
GERMANY = Unit("DE", "germany", UnitKind.COUNTRY, "ACME")
SALES = Unit("FR.sales", "Sales", UnitKind.DOMAIN, "FR", domain_family="sales")
FINANCE = Unit("FR.finance", "Finance", UnitKind.DOMAIN, "FR", domain_family="finance")
GERMAN_SALES = Unit("DE.sales", "Sales", UnitKind.DOMAIN, "DE", domain_family="sales")
UNITS = (GROUP, FRANCE, FINANCE, SALES, GERMANY, GERMAN_SALES, AUSTRIA)


@pytest.fixture
def acme() -> Organisation:
    return organisation_of(UNITS)


# The tree ---------------------------------------------------------------------------------------------


def test_units_stand_by_name_each_country_followed_by_its_domains(acme: Organisation) -> None:
    assert list(acme.units.values()) == list(UNITS)


@given(st.permutations(UNITS))
@settings(deadline=None)
def test_the_order_in_which_units_are_given_does_not_matter(units: list[Unit]) -> None:
    assert list(organisation_of(units).units) == list(organisation_of(UNITS).units)


def test_units_of_the_same_name_stand_by_id() -> None:
    twins = [Unit(identifier, "Same", UnitKind.COUNTRY) for identifier in ("C", "A", "B")]
    assert list(organisation_of(twins).units) == ["A", "B", "C"]


def test_a_unit_whose_parent_is_unknown_stands_at_the_root() -> None:
    assert list(organisation_of([SALES, FRANCE]).units) == ["FR", "FR.sales"]
    assert list(organisation_of([SALES, GERMANY]).units) == ["DE", "FR.sales"]


def test_groups_may_be_nested() -> None:
    region = Unit("EU", "Europe", UnitKind.GROUP, "ACME")
    spain = Unit("ES", "Spain", UnitKind.COUNTRY, "EU")
    organisation = organisation_of([spain, region, *UNITS])
    assert list(organisation.units)[:3] == ["ACME", "EU", "ES"]
    assert organisation.group_name == "Acme"
    assert spain in organisation.countries


def test_children_domains_and_countries_are_told_apart(acme: Organisation) -> None:
    assert acme.children("ACME") == (FRANCE, GERMANY, AUSTRIA)
    assert acme.domains("ACME") == ()
    assert acme.domains("FR") == acme.children("FR") == (FINANCE, SALES)
    assert acme.domains("FR.sales") == acme.children("nobody") == ()
    assert acme.countries == (FRANCE, GERMANY, AUSTRIA)
    assert acme.of_kind(UnitKind.DOMAIN) == (FINANCE, SALES, GERMAN_SALES)


def test_an_organisation_of_nobody_has_nobody() -> None:
    nobody = organisation_of([])
    assert (list(nobody.units), nobody.countries, nobody.group_name) == ([], (), "")


def test_no_unit_can_be_added_to_an_organisation(acme: Organisation) -> None:
    with pytest.raises(TypeError):
        acme.units["XX"] = FRANCE  # type: ignore[index]


@given(st.integers(0, 2**32 - 1).map(Random))
@settings(deadline=None)
def test_every_unit_stands_once_and_after_its_parent(random: Random) -> None:
    units = [Unit("u0", "Root", UnitKind.GROUP)]
    for number in range(1, random.randint(1, 20)):
        units.append(Unit(f"u{number}", random.choice("abAB"), UnitKind.COUNTRY, random.choice(units).id))
    placed = list(organisation_of(random.sample(units, len(units))).units.values())
    assert sorted(unit.id for unit in placed) == sorted(unit.id for unit in units)
    for place, unit in enumerate(placed):
        assert unit.parent_id is None or unit.parent_id in [before.id for before in placed[:place]]


# Labels -------------------------------------------------------------------------------------------------


def test_a_domain_is_called_with_its_country(acme: Organisation) -> None:
    assert acme.label("FR.sales") == "Sales, France"
    assert acme.label("DE.sales") == "Sales, germany"
    assert acme.label("FR") == "France"
    assert acme.label("ACME") == "Acme"


def test_a_domain_without_a_known_country_is_called_by_its_name() -> None:
    assert organisation_of([SALES]).label("FR.sales") == "Sales"


# Rounds -------------------------------------------------------------------------------------------------


def test_rounds_are_ordered_in_time_and_by_id_where_no_date_tells() -> None:
    rounds = {
        "r10": Round("r10", "", Phase.DURING, date(2026, 3, 1), date(2026, 4, 1)),
        "r9": Round("r9", "", Phase.DURING, None, date(2026, 2, 1)),
        "b": Round("b", ""),
        "a": Round("a", "", Phase.BEFORE),
        "same-b": Round("same-b", "", None, date(2026, 5, 1)),
        "same-a": Round("same-a", "", None, date(2026, 5, 1), date(2026, 5, 2)),
    }
    assert [entry.id for entry in in_time(rounds.values())] == ["a", "b", "r9", "r10", "same-a", "same-b"]
    assert in_time([]) == ()


# Targets ------------------------------------------------------------------------------------------------

TARGETS = targets_by_key(
    [
        Target("2026", "FR", "governance", "direction", 3.5),
        Target("2026", "FR", "governance", None, 3.0),
        Target("2026", "FR.sales", "governance", "direction", 0.0),
        Target("2026", "ACME", "governance", "direction", 5.0),
    ]
)


@pytest.mark.parametrize(
    ("unit", "in_round", "questionnaire", "dimension", "target"),
    [
        (FRANCE, "2026", "governance", "direction", 3.5),
        (FRANCE, "2026", "governance", None, 3.0),
        (FRANCE, "2026", "governance", "people", None),
        (FRANCE, "2027", "governance", "direction", None),
        (FRANCE, "2026", "ownership", "direction", None),
        (FINANCE, "2026", "governance", "direction", 3.5),
        (FINANCE, "2026", "governance", None, 3.0),
        (GERMANY, "2026", "governance", "direction", None),
        (GERMAN_SALES, "2026", "governance", "direction", None),
    ],
)
def test_a_domain_takes_its_countrys_target_and_a_country_nobodys(
    unit: Unit, in_round: str, questionnaire: str, dimension: str | None, target: float | None
) -> None:
    assert target_for(TARGETS, unit, in_round, questionnaire, dimension) == target


def test_a_target_of_0_is_a_target() -> None:
    assert target_for(TARGETS, SALES, "2026", "governance", "direction") == 0.0
