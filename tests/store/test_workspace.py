"""Units, rounds, targets and the workspace itself, as stored; and its revision, which every cache trusts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from assessment import demo
from assessment.access import Role
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.exporting import export_scores
from assessment.actions.rounds import open_round
from assessment.actions.stating import state
from assessment.actions.tokens import make_token
from assessment.actions.units import add_units
from assessment.actions.workspace import fill_with_demo, start_empty
from assessment.organisation import Organisation, Phase, Round, Target, Unit
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import UnitKind
from assessment.responses import (
    ANSWER_FIELDS,
    Answer,
    AnswerState,
    AssessmentState,
    RecordedAnswer,
    RecordedAssessment,
)
from assessment.statements import StatementKind
from assessment.store import organisation as organisation_store
from assessment.store import tables
from assessment.store.answers import answer_fields
from assessment.store.assessments import read_assessments
from assessment.store.browser_sessions import BrowserSession, add_session
from assessment.store.bulk import add_recorded
from assessment.store.engine import Store
from assessment.store.identities import add_identity
from assessment.store.invitations import Invitation, add_invitation
from assessment.store.organisation import read_rounds
from assessment.store.people import RoleHeld, add_person, add_role
from assessment.store.statements import About
from assessment.store.workspace import Stamp, WorkspaceKind, clear, read_kind, record, revision, set_kind
from tests.conftest import SmallWorkspace
from tests.store import small
from tests.store.test_history import EVENTS, current_rows, folded

STAMP = Stamp("Ada", "administrator", small.NOON, "import", origin="file")
SMALL_DEMO = demo.Size(2, 1, 2)


def now(store: Store) -> tuple[int, ...]:
    with store.read() as connection:
        return revision(connection)


def test_units_read_back_as_they_were_added(store: Store, small_organisation: Organisation) -> None:
    odd = Unit("IT'; --", "Ñame “with” <b>marks</b>\n", UnitKind.COUNTRY, "ACME", "ITA", "")
    with store.write() as connection:
        organisation_store.add_units(connection, [*small_organisation.units.values(), odd])
        organisation_store.add_units(connection, [])
    with store.read() as connection:
        found = organisation_store.read_organisation(connection)
    assert dict(found.units) == {**small_organisation.units, odd.id: odd}


def test_a_unit_is_not_added_twice(store: Store, small_organisation: Organisation) -> None:
    with store.write() as connection:
        organisation_store.add_units(connection, small_organisation.units.values())
    with pytest.raises(IntegrityError, match=r"(?i)unique"), store.write() as connection:
        organisation_store.add_units(connection, [Unit("FR", "Another", UnitKind.COUNTRY)])


def test_rounds_read_back_in_time_with_what_they_pin(store: Store) -> None:
    second = Round(
        "a", "Later", Phase.DURING, date(2026, 9, 1), date(2026, 9, 30), {"x": "1.0.0", "y": "2.1.0"}
    )
    first = Round("b", "Earlier", Phase.BEFORE, None, date(2026, 3, 31), {"x": "1.0.0"})
    undated = Round("c", "Undated")
    with store.write() as connection:
        for entry in (second, first, undated):
            organisation_store.add_round(connection, entry, {"x": "sha256:1", "y": "sha256:2"})
    with store.read() as connection:
        assert organisation_store.read_rounds(connection) == (undated, first, second)
    kept = small.rows_of(
        store, "SELECT * FROM round_questionnaires WHERE round_id = 'a' ORDER BY questionnaire_id"
    )
    assert [row["content_hash"] for row in kept] == ["sha256:1", "sha256:2"]


def test_targets_read_back_and_a_whole_questionnaires_has_no_dimension(workspace: SmallWorkspace) -> None:
    wanted = (
        Target(small.ROUND, "FR", "governance", None, 3.5),
        Target(small.ROUND, "FR", "governance", "direction", 0.1 + 0.2),
    )
    with workspace.store.write() as connection:
        organisation_store.add_targets(connection, wanted)
    with workspace.store.read() as connection:
        assert organisation_store.read_targets(connection, ["FR"]) == wanted


# The kind of workspace, and clearing it -----------------------------------------------------------------


def test_a_workspace_is_new_until_somebody_chooses(store: Store) -> None:
    with store.write() as connection:
        assert read_kind(connection) is WorkspaceKind.NEW
        for kind in (WorkspaceKind.SYNTHETIC, WorkspaceKind.OWN, WorkspaceKind.OWN):
            set_kind(connection, kind)
            assert read_kind(connection) is kind


def test_clearing_leaves_no_unit_round_answer_or_step_behind(store: Store, catalogue: Catalogue) -> None:
    fill_with_demo(small.desk_for(store, catalogue, small.ADMINISTRATOR), SMALL_DEMO)
    with store.write() as connection:
        add_person(connection, "p-1", "Somebody", "", small.NOON)
        add_role(connection, "p-1", RoleHeld(Role.COUNTRY_LEADER, "FR"))
        add_invitation(connection, Invitation("i-1", "p-1", "Ada", small.NOON, small.later(60)), "a hash")
        add_session(
            connection, BrowserSession("b-1", "p-1", small.NOON, small.NOON, small.later(60)), "a hash"
        )
        add_identity(connection, "https://id.example", "somebody", "p-1")
        latest = read_rounds(connection)[-1].id
    about = About(StatementKind.REMARK, latest, "FR", "data-governance:dgm-exec-sponsor")
    reviewer = small.desk_for(store, catalogue, small.REVIEWER)
    state(reviewer, about, {"text": "Where?"}, expected_version=0, idempotency_key=small.new_key())
    make_token(small.desk_for(store, catalogue, small.ADMINISTRATOR), "Excel", Role.CDAO)
    filled = {name for name, rows in small.everything(store).items() if rows}
    assert filled >= {table.name for table in tables.metadata.sorted_tables}
    with store.write() as connection:
        clear(connection)
    left = {name for name, rows in small.everything(store).items() if rows}
    assert left == {"alembic_version", "workspace_events"}


# The revision -------------------------------------------------------------------------------------------


def test_the_revision_changes_with_everything_that_a_page_shows(
    store: Store, small_catalogue: Catalogue, small_organisation: Organisation
) -> None:
    seen = [now(store)]

    def changed() -> bool:
        seen.append(now(store))
        return len(set(seen)) == len(seen)

    administrator = small.desk_for(store, small_catalogue, small.ADMINISTRATOR)
    france = small.desk_for(store, small_catalogue, small.FRANCE)
    start_empty(administrator)
    assert changed()
    add_units(administrator, small_organisation)
    assert changed()
    open_round(administrator, small.small_round())
    assert changed()
    with store.read() as connection:
        number = read_assessments(connection, ["FR"])[0].id
    for question in small.COUNTRY_QUESTIONS:
        save_answer(
            france, number, question, {"state": "dont_know"}, expected_version=0, idempotency_key=question
        )
        assert changed()
    reviewing.submit(france, number)
    assert changed()
    reviewing.withdraw(france, number)
    assert changed()
    last = now(store)
    export_scores(small.desk_for(store, small_catalogue, small.CDAO), small.ROUND)
    assert now(store) == last, "what left the building changed nothing in it, and need not be computed anew"


def test_the_revision_changes_when_the_demonstration_is_filled_anew(
    store: Store, catalogue: Catalogue
) -> None:
    """Another seed has as many answers and steps; a cache that saw no change would show the old ones."""
    desk = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    seen = []
    for seed in (1, 2, 2):
        fill_with_demo(desk, SMALL_DEMO, seed)
        seen.append(now(store))
    start_empty(desk)
    assert len({*seen, now(store)}) == 4


def test_no_number_is_given_out_twice(store: Store, catalogue: Catalogue) -> None:
    """A page that was left open would take the new assessment, or answer, for the one that it shows."""
    desk = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    seen: dict[str, set[int]] = {"assessments": set(), "answer_events": set(), "assessment_events": set()}
    for _ in range(2):
        fill_with_demo(desk, SMALL_DEMO)
        for name, numbers in seen.items():
            found = {row["id"] for row in small.rows_of(store, f"SELECT id FROM {name}")}
            assert found
            assert not found & numbers
            numbers |= found


def test_what_was_done_to_the_workspace_is_kept_with_who_and_when(store: Store) -> None:
    with store.write() as connection:
        record(connection, STAMP, "exported", {"file": "x.csv", "ä": ["ß", None, 1.5]})
    (kept,) = small.rows_of(store, "SELECT * FROM workspace_events")
    assert (kept["person"], kept["role"], kept["action"]) == ("Ada", "administrator", "exported")
    assert kept["at"] == "2026-03-02 12:00:00.000000"


# Whole assessments at once ------------------------------------------------------------------------------


def recorded(unit: str, **answers: Answer) -> RecordedAssessment:
    steps = (
        (AssessmentState.SUBMITTED, small.later(5), ""),
        (AssessmentState.RETURNED, small.later(9), "More"),
    )
    given = tuple(RecordedAnswer(question, answer, small.later(1)) for question, answer in answers.items())
    return RecordedAssessment("other", unit, "governance", "1.0.0", steps, given)


@pytest.fixture
def imported(workspace: SmallWorkspace) -> SmallWorkspace:
    known = {"governance": content_hash(workspace.catalogue.get("governance", "1.0.0"))}
    entries = [
        recorded(
            "FR", shared=Answer(AnswerState.ANSWERED, "3", comment="É"), tool=Answer(AnswerState.DONT_KNOW)
        ),
        recorded("DE", shared=Answer(AnswerState.NOT_APPLICABLE, None, "Not here")),
        recorded("FR.sales"),
    ]
    with workspace.store.write() as connection:
        organisation_store.add_round(connection, small.small_round("other"), known)
        add_recorded(connection, entries, STAMP)
        add_recorded(connection, [], STAMP)
    return workspace


def test_recorded_answers_have_the_history_that_saved_ones_have(imported: SmallWorkspace) -> None:
    events = small.rows_of(imported.store, EVENTS)
    assert len(events) == 3
    assert {event["version"] for event in events} == {1}
    assert {(event["person"], event["origin"], event["at"]) for event in events} == {
        ("Ada", "file", "2026-03-02 12:01:00.000000")
    }
    assert folded(events) == current_rows(imported.store)
    fields: dict[str, Any] = current_rows(imported.store)[imported.assessment("FR", "other").id, "shared"][
        "fields"
    ]
    assert fields == answer_fields(Answer(AnswerState.ANSWERED, "3", comment="É"))
    assert tuple(fields) == ANSWER_FIELDS


def test_recorded_assessments_have_their_steps(imported: SmallWorkspace) -> None:
    found = imported.assessment("FR", "other")
    assert (found.state, found.state_version) == (AssessmentState.RETURNED, 2)
    assert (found.changed_at, found.comment) == (small.later(9), "More")
    steps = small.rows_of(
        imported.store, f"SELECT * FROM assessment_events WHERE assessment_id = {found.id} ORDER BY id"
    )
    assert [(step["state_before"], step["state_after"], step["comment"]) for step in steps] == [
        ("draft", "submitted", ""), ("submitted", "returned", "More"),
    ]  # fmt: skip


def test_a_recorded_answer_goes_on_as_any_other(imported: SmallWorkspace) -> None:
    number = imported.assessment("FR", "other").id
    saved = save_answer(
        imported.desk(small.FRANCE), number, "shared", {"value": "4"}, expected_version=1, idempotency_key="x"
    )
    assert (saved.version, saved.answer.value, saved.answer.comment) == (2, "4", "É")
    assert folded(small.rows_of(imported.store, EVENTS)) == current_rows(imported.store)


def test_an_assessment_that_exists_is_not_recorded_over(imported: SmallWorkspace) -> None:
    before = small.everything(imported.store)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), imported.store.write() as connection:
        add_recorded(connection, [recorded("FR.finance"), recorded("FR")], STAMP)
    assert small.everything(imported.store) == before
