"""Setting up the workspace: nobody's own data is ever thrown away, and a round asks everybody once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from assessment import demo
from assessment.access import Principal
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.actions.people import add_person
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units
from assessment.actions.workspace import bring_demo_back, fill_with_demo, start_empty
from assessment.errors import AssessmentError, NotAllowed, QuestionnaireError, ResponseError
from assessment.organisation import Organisation, Round, Target, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import UnitKind
from assessment.store.assessments import read_assessments
from assessment.store.engine import Store
from assessment.store.organisation import read_organisation, read_rounds, read_targets
from assessment.store.workspace import WorkspaceKind, read_kind
from tests.conftest import SmallWorkspace
from tests.store import small

TINY = demo.Size(1, 1, 1)


@pytest.fixture
def administrator(store: Store, catalogue: Catalogue) -> Desk:
    """In a new workspace, with the repository's questionnaires."""
    return small.desk_for(store, catalogue, small.ADMINISTRATOR)


def kind_of(store: Store) -> WorkspaceKind:
    with store.read() as connection:
        return read_kind(connection)


def units_of(store: Store) -> set[str]:
    with store.read() as connection:
        return set(read_organisation(connection).units)


def assert_refused(
    store: Store, kind: type[Exception], act: Callable[[], object], match: str | None = None
) -> None:
    before = small.everything(store)
    with pytest.raises(kind, match=match) as refused:
        act()
    assert type(refused.value) is kind
    assert small.everything(store) == before


@pytest.mark.parametrize(
    "somebody", [s for s in small.EVERYBODY if s != small.ADMINISTRATOR], ids=lambda s: s.role
)
def test_only_an_administrator_sets_up_the_workspace(workspace: SmallWorkspace, somebody: Principal) -> None:
    desk = workspace.desk(somebody)
    for act in (
        lambda: start_empty(desk),
        lambda: fill_with_demo(desk, TINY),
        lambda: bring_demo_back(desk, TINY),
        lambda: add_units(desk, workspace.organisation),
        lambda: open_round(desk, small.small_round("2027")),
    ):
        assert_refused(workspace.store, NotAllowed, act)


def assert_not_replaced(desk: Desk) -> None:
    assert_refused(desk.store, ResponseError, lambda: start_empty(desk), "your own data")
    assert_refused(desk.store, ResponseError, lambda: fill_with_demo(desk, TINY), "your own data")


# Whose workspace it is ----------------------------------------------------------------------------------


def test_the_demonstration_makes_way_for_an_empty_workspace_once(administrator: Desk) -> None:
    store = administrator.store
    fill_with_demo(administrator, TINY)
    assert kind_of(store) is WorkspaceKind.SYNTHETIC
    start_empty(administrator)
    assert (kind_of(store), units_of(store)) == (WorkspaceKind.OWN, set())
    assert_not_replaced(administrator)


def test_somebodys_own_workspace_is_never_replaced(workspace: SmallWorkspace) -> None:
    save_answer(
        workspace.desk(small.FRANCE), workspace.assessment("FR").id, "shared", {"state": "dont_know"},
        expected_version=0, idempotency_key="x",
    )  # fmt: skip
    desk = workspace.desk(small.ADMINISTRATOR)
    assert_not_replaced(desk)


def test_units_that_somebody_added_to_a_new_workspace_are_their_own(
    store: Store, small_catalogue: Catalogue, small_organisation: Organisation
) -> None:
    """Nobody clicked 'start empty': the next start of the program must not fill in the demonstration over them."""
    desk = small.desk_for(store, small_catalogue, small.ADMINISTRATOR)
    add_units(desk, small_organisation)
    assert kind_of(store) is WorkspaceKind.OWN
    open_round(desk, small.small_round())
    assert_not_replaced(desk)


def test_starting_empty_can_be_undone_until_something_is_put_in(
    administrator: Desk, small_organisation: Organisation
) -> None:
    fill_with_demo(administrator, TINY)
    start_empty(administrator)
    bring_demo_back(administrator, TINY)
    assert (kind_of(administrator.store), "FR" in units_of(administrator.store)) == (
        WorkspaceKind.SYNTHETIC,
        True,
    )
    assert_refused(
        administrator.store, ResponseError, lambda: bring_demo_back(administrator, TINY), "isn't empty"
    )
    start_empty(administrator)
    add_person(administrator, "Ada", "")
    assert_refused(
        administrator.store, ResponseError, lambda: bring_demo_back(administrator, TINY), "isn't empty"
    )


def test_units_are_enough_to_keep_the_demonstration_away(
    administrator: Desk, small_organisation: Organisation
) -> None:
    add_units(administrator, small_organisation)
    assert_refused(
        administrator.store, ResponseError, lambda: bring_demo_back(administrator, TINY), "isn't empty"
    )


def test_the_demonstration_can_be_filled_anew(administrator: Desk) -> None:
    fill_with_demo(administrator, demo.Size(3, 2, 2))
    fill_with_demo(administrator, TINY, seed=7)
    assert kind_of(administrator.store) is WorkspaceKind.SYNTHETIC
    assert units_of(administrator.store) == {"group", "FR", "FR.sales"}


def test_what_was_done_to_the_workspace_is_on_record(
    administrator: Desk, small_organisation: Organisation
) -> None:
    store = administrator.store
    fill_with_demo(administrator, TINY)
    start_empty(administrator)
    add_units(administrator, small_organisation)
    kept = small.rows_of(store, "SELECT * FROM workspace_events ORDER BY id")
    assert [row["action"] for row in kept] == ["demonstration filled", "started empty", "units added"]
    assert {(row["person"], row["role"], row["at"]) for row in kept} == {
        ("Ada", "administrator", "2026-03-02 12:00:00.000000")
    }


# Units --------------------------------------------------------------------------------------------------


def test_units_are_added_once(workspace: SmallWorkspace) -> None:
    desk = workspace.desk(small.ADMINISTRATOR)
    assert add_units(desk, workspace.organisation) == 0
    italy = Unit("IT", "Italy", UnitKind.COUNTRY, "ACME")
    assert add_units(desk, organisation_of([*workspace.organisation.units.values(), italy])) == 1
    assert add_units(desk, organisation_of([italy])) == 0
    assert units_of(workspace.store) == {*workspace.organisation.units, "IT"}


@pytest.mark.parametrize(
    "change", [{"name": "Frankreich"}, {"parent_id": None}, {"country_iso3": "DEU"}, {"domain_family": "x"}]
)
def test_a_known_unit_is_not_changed_by_adding_it(workspace: SmallWorkspace, change: dict[str, Any]) -> None:
    other = replace(workspace.organisation.units["FR"], **change)
    new = Unit("IT", "Italy", UnitKind.COUNTRY)
    desk = workspace.desk(small.ADMINISTRATOR)
    assert_refused(
        workspace.store, ResponseError, lambda: add_units(desk, organisation_of([other, new])), "FR"
    )


def test_a_unit_below_nothing_is_refused(workspace: SmallWorkspace) -> None:
    lost = organisation_of([Unit("XX.sales", "Sales", UnitKind.DOMAIN, "XX")])
    assert_refused(
        workspace.store,
        IntegrityError,
        lambda: add_units(workspace.desk(small.ADMINISTRATOR), lost),
        r"(?i)foreign key",
    )


# Rounds -------------------------------------------------------------------------------------------------


def asked_in(store: Store, round_id: str) -> list[tuple[str, str, str, str]]:
    with store.read() as connection:
        found = read_assessments(connection, read_organisation(connection).units, round_id=round_id)
    return sorted((entry.unit_id, entry.questionnaire_id, entry.version, str(entry.state)) for entry in found)


def test_a_round_asks_every_unit_that_its_questionnaires_ask_once(workspace: SmallWorkspace) -> None:
    entry = small.small_round("2027", governance="1.0.0", ownership="1.0.0")
    number = open_round(workspace.desk(small.ADMINISTRATOR), entry)
    countries, domains = ["DE", "FR"], ["DE.sales", "FR.finance", "FR.sales"]
    expected = [(unit, "governance", "1.0.0", "draft") for unit in countries + domains]
    expected += [(unit, "ownership", "1.0.0", "draft") for unit in domains]
    assert asked_in(workspace.store, "2027") == sorted(expected)
    assert number == len(expected) == 8


def test_a_round_keeps_what_it_pins_with_its_content(workspace: SmallWorkspace) -> None:
    pinned = {"governance": "1.0.0", "ownership": "1.0.0"}
    open_round(workspace.desk(small.ADMINISTRATOR), small.small_round("2027", **pinned))
    with workspace.store.read() as connection:
        found = {entry.id: entry for entry in read_rounds(connection)}
    assert found["2027"] == small.small_round("2027", **pinned)
    hashes = small.rows_of(workspace.store, "SELECT * FROM round_questionnaires WHERE round_id = '2027'")
    assert {(row["questionnaire_id"], row["content_hash"]) for row in hashes} == {
        (name, content_hash(workspace.catalogue.get(name, version))) for name, version in pinned.items()
    }


@pytest.mark.parametrize(
    ("entry", "kind", "words"),
    [
        (small.small_round("2027", governance="2.0.0"), ResponseError, "governance@2.0.0"),
        (small.small_round("2027", governance="0.9.0"), ResponseError, "governance@0.9.0"),
        (small.small_round("2027", ownership="1.0.0", governance="2.0.0"), ResponseError, "published"),
        (small.small_round("2027", governance="7.0.0"), QuestionnaireError, "governance@7.0.0"),
        (small.small_round("2027", nothing="1.0.0"), QuestionnaireError, "nothing@1.0.0"),
        (small.small_round(small.ROUND), ResponseError, "already"),
        (Round("2027", "Nothing pinned"), ResponseError, "at least one questionnaire"),
    ],
    ids=["a draft", "retired", "one of two", "an unknown version", "unknown", "a second time", "nothing"],
)  # fmt: skip
def test_a_round_pins_published_versions_and_is_opened_once(
    workspace: SmallWorkspace, entry: Round, kind: type[AssessmentError], words: str
) -> None:
    desk = workspace.desk(small.ADMINISTRATOR)
    assert_refused(workspace.store, kind, lambda: open_round(desk, entry), words)


@pytest.mark.parametrize(
    "identifier",
    ["", "   ", "-", ".hidden", "../../x", "a/b", "a b", "été", "a\n", "a\x00", "=1+1", "x" * 61],
)
def test_a_round_needs_an_id_that_can_name_a_file(workspace: SmallWorkspace, identifier: str) -> None:
    """The page hands over what stands in the field, also when nothing does."""
    desk = workspace.desk(small.ADMINISTRATOR)
    entry = replace(small.small_round(), id=identifier)
    assert_refused(workspace.store, ResponseError, lambda: open_round(desk, entry))


@pytest.mark.parametrize("identifier", ["2026-H2", "a", "0", "2026.1_b-C", "x" * 60])
def test_a_rounds_id_may_be_any_plain_name(workspace: SmallWorkspace, identifier: str) -> None:
    open_round(workspace.desk(small.ADMINISTRATOR), small.small_round(identifier))
    assert asked_in(workspace.store, identifier)


def test_a_round_cannot_end_before_it_begins(workspace: SmallWorkspace) -> None:
    entry = small.small_round("2027")
    backwards = replace(entry, opens_on=entry.closes_on, closes_on=entry.opens_on)
    desk = workspace.desk(small.ADMINISTRATOR)
    assert_refused(workspace.store, ResponseError, lambda: open_round(desk, backwards))


def test_a_round_brings_its_targets_or_is_not_opened_at_all(workspace: SmallWorkspace) -> None:
    desk = workspace.desk(small.ADMINISTRATOR)
    good = Target("2027", "FR", "governance", "direction", 3.5)
    unknown = Target("2027", "XX", "governance", "direction", 3.5)
    assert_refused(
        workspace.store, IntegrityError, lambda: open_round(desk, small.small_round("2027"), [good, unknown])
    )
    open_round(desk, small.small_round("2027"), [good])
    with workspace.store.read() as connection:
        assert read_targets(connection, ["FR"]) == (good,)


def test_a_round_without_units_asks_nobody(store: Store, small_catalogue: Catalogue) -> None:
    desk = small.desk_for(store, small_catalogue, small.ADMINISTRATOR)
    start_empty(desk)
    assert open_round(desk, small.small_round()) == 0
