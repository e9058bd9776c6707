"""What others leave to be seen: quartiles of five or more, accepted, of the same kind; and nothing else of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from assessment.access import Principal, Role
from assessment.actions import reviewing, units
from assessment.actions import rounds as round_actions
from assessment.actions.comparing import Group, Others, others_of
from assessment.analysis.peers import Quartiles
from assessment.errors import NotAllowed
from assessment.organisation import Unit, organisation_of
from assessment.questionnaire.models import UnitKind
from assessment.scoring.table import Basis
from tests.conftest import SmallWorkspace
from tests.store import small
from tests.store.journeys import save

ROUND = "2026-H2"
KEY = ("platform", "direction")
#: Seven countries more, each with a domain of the family `sales`, and a domain without a family.
MORE = ("AT", "BE", "CH", "DK", "ES", "FI", "IT")
LEADERS: Mapping[str, Principal] = {
    "FR": small.FRANCE, "DE": small.GERMANY, **{unit: Principal(unit, Role.COUNTRY_LEADER, unit) for unit in MORE},
}  # fmt: skip
OWNERS: Mapping[str, Principal] = {
    "FR.sales": small.SALES,
    **{f"{unit}.sales": Principal(unit, Role.DOMAIN_OWNER, f"{unit}.sales") for unit in ("DE", *MORE)},
}


@pytest.fixture
def crowd(workspace: SmallWorkspace) -> SmallWorkspace:
    """Nine countries in a round that asks each of its countries and domains one question."""
    administrator = workspace.desk(small.ADMINISTRATOR)
    added = [Unit(unit, unit, UnitKind.COUNTRY, "ACME", f"{unit}X") for unit in MORE]
    domains = [Unit(f"{unit}.sales", "Sales", UnitKind.DOMAIN, unit, "", "sales") for unit in MORE]
    lone = Unit("FR.lone", "Lone", UnitKind.DOMAIN, "FR")
    units.add_units(
        administrator, organisation_of([*workspace.organisation.units.values(), *added, *domains, lone])
    )
    round_actions.open_round(administrator, small.small_round(ROUND, platform="1.0.0"))
    return workspace


def answer(workspace: SmallWorkspace, unit: str, level: int, until: str = "accepted") -> None:
    """The unit's one answer, brought so far."""
    somebody = {**LEADERS, **OWNERS}[unit]
    number = workspace.assessment(unit, ROUND).id
    save(workspace, number, "path", somebody, state="answered", value=str(level))
    if until != "draft":
        reviewing.submit(workspace.desk(somebody), number)
    if until == "accepted":
        reviewing.accept(workspace.desk(small.REVIEWER), number)
    if until == "returned":
        reviewing.return_to_unit(workspace.desk(small.REVIEWER), number, "More, please")


def seen(
    workspace: SmallWorkspace, somebody: Principal, unit: str, basis: Basis = Basis.OWN, round_id: str = ROUND
) -> Others:
    return others_of(workspace.desk(somebody), unit, round_id, basis)


def test_four_others_show_nothing_and_five_their_quartiles(crowd: SmallWorkspace) -> None:
    answer(crowd, "FR", 5)
    for level, unit in enumerate(MORE[:4], 1):
        answer(crowd, unit, level)
    assert seen(crowd, small.FRANCE, "FR") == Others(Group.COUNTRIES, {})
    answer(crowd, MORE[4], 5)
    assert seen(crowd, small.FRANCE, "FR") == Others(Group.COUNTRIES, {KEY: Quartiles(2.0, 3.0, 4.0, 5)})


def test_a_unit_is_none_of_its_own_others(crowd: SmallWorkspace) -> None:
    for unit in MORE[:5]:
        answer(crowd, unit, 2)
    assert seen(crowd, LEADERS["AT"], "AT").quartiles == {}
    assert seen(crowd, small.FRANCE, "FR").quartiles[KEY].others == 5


@pytest.mark.parametrize("until", ["draft", "submitted", "returned"])
def test_what_nobody_has_accepted_never_counts(crowd: SmallWorkspace, until: str) -> None:
    for unit in MORE[:5]:
        answer(crowd, unit, 2)
    answer(crowd, MORE[5], 5, until)
    assert seen(crowd, small.FRANCE, "FR").quartiles == {KEY: Quartiles(2.0, 2.0, 2.0, 5)}


def test_what_was_accepted_still_counts_once_the_round_is_closed(crowd: SmallWorkspace) -> None:
    for unit in MORE[:5]:
        answer(crowd, unit, 2)
    answer(crowd, MORE[5], 5, "submitted")
    round_actions.close_round(crowd.desk(small.ADMINISTRATOR), ROUND)
    assert seen(crowd, small.FRANCE, "FR").quartiles[KEY].others == 5


def test_a_domain_is_put_beside_its_twins_only(crowd: SmallWorkspace) -> None:
    for unit in MORE[:5]:
        answer(crowd, unit, 1)
        answer(crowd, f"{unit}.sales", 4)
    expected = Others(Group.TWINS, {KEY: Quartiles(4.0, 4.0, 4.0, 5)})
    assert seen(crowd, small.SALES, "FR.sales") == expected
    assert seen(crowd, small.SALES, "FR.sales", Basis.DOMAINS) == expected


def test_a_domain_without_a_family_has_nobody_to_stand_beside(crowd: SmallWorkspace) -> None:
    for unit in MORE[:5]:
        answer(crowd, f"{unit}.sales", 4)
    lone = Principal("Lou", Role.DOMAIN_OWNER, "FR.lone")
    assert seen(crowd, lone, "FR.lone") == Others(Group.NOBODY, {})


def test_a_country_by_its_domains_is_put_beside_countries_by_theirs(crowd: SmallWorkspace) -> None:
    for unit in MORE[:5]:
        answer(crowd, f"{unit}.sales", 4)
    assert seen(crowd, small.FRANCE, "FR").quartiles == {}
    by_domains = seen(crowd, small.FRANCE, "FR", Basis.DOMAINS)
    assert by_domains == Others(Group.COUNTRIES, {KEY: Quartiles(4.0, 4.0, 4.0, 5)})


def test_other_rounds_stay_out(crowd: SmallWorkspace) -> None:
    for unit in MORE[:5]:
        answer(crowd, unit, 2)
    assert seen(crowd, small.FRANCE, "FR", round_id=small.ROUND).quartiles == {}


@pytest.mark.parametrize("somebody", small.EVERYBODY, ids=lambda somebody: str(somebody.role))
@pytest.mark.parametrize("unit", ["FR", "FR.sales", "DE", "nowhere"])
def test_only_who_may_see_a_units_result_sees_its_others(
    crowd: SmallWorkspace, somebody: Principal, unit: str
) -> None:
    may: dict[Role, set[str | None]] = {
        Role.COUNTRY_LEADER: {somebody.unit_id, f"{somebody.unit_id}.sales"},
        Role.DOMAIN_OWNER: {somebody.unit_id},
        Role.REVIEWER: {"FR", "FR.sales", "DE"},
        Role.CDAO: {"FR", "FR.sales", "DE"},
    }
    if unit in may.get(somebody.role, set()):
        assert seen(crowd, somebody, unit).quartiles == {}
    else:
        with pytest.raises(NotAllowed):
            seen(crowd, somebody, unit)


def test_nothing_leaves_but_three_figures_and_how_many_there_are(crowd: SmallWorkspace) -> None:
    for level, unit in zip((1, 2, 4, 4, 5, 5), MORE, strict=False):
        answer(crowd, unit, level)
    found = seen(crowd, small.FRANCE, "FR")
    assert [field.name for field in fields(Quartiles)] == ["lower", "median", "upper", "others"]
    assert found.quartiles == {KEY: Quartiles(2.5, 4.0, 4.8, 6)}
    told = repr(found)
    assert not any(f"'{unit}" in told for unit in MORE)


def test_a_remembered_table_is_never_handed_to_who_may_not_see_the_result(crowd: SmallWorkspace) -> None:
    asked: list[Any] = []

    def remembered(*group: Any) -> Any:
        asked.append(group)
        raise AssertionError("read before it was allowed")

    with pytest.raises(NotAllowed):
        others_of(crowd.desk(small.SALES), "DE", ROUND, Basis.OWN, remembered)
    assert asked == []
