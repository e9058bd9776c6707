"""Every change of an answer is kept; what is stored is what the changes come to."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from assessment.access import Scope
from assessment.actions.answering import save_answer
from assessment.errors import EditConflict, ResponseError
from assessment.responses import ANSWER_FIELDS, Answer, AnswerState, Confidence, EvidenceKind
from assessment.store import answer_history
from assessment.store import answers as answer_store
from assessment.store.answers import Edit, StoredAnswer
from assessment.store.engine import Store
from assessment.store.workspace import Stamp
from tests.conftest import SmallWorkspace
from tests.store import small

EVENTS = "SELECT * FROM answer_events ORDER BY id"
ROWS = "SELECT * FROM answers ORDER BY assessment_id, question_id"
FULL = {
    "state": "answered", "value": "3", "confidence": "sure", "evidence_kind": "record",
    "evidence_ref": "Log 7", "comment": "Since May",
}  # fmt: skip
STAMP = Stamp("Fay", "country_leader", small.NOON, "a session")


def save(workspace: SmallWorkspace, version: int, key: str | None = None, **changes: Any) -> StoredAnswer:
    """A change of France's first question."""
    return save_answer(
        workspace.desk(small.FRANCE), workspace.assessment("FR").id, "shared", changes,
        expected_version=version, idempotency_key=key or small.new_key(),
    )  # fmt: skip


def stored_now(workspace: SmallWorkspace) -> StoredAnswer | None:
    with workspace.store.read() as connection:
        return answer_store.read_answer(connection, workspace.assessment("FR").id, "shared")


def folded(events: list[dict[str, Any]]) -> dict[tuple[int, str], dict[str, Any]]:
    """What the history comes to: each answer's fields, version and newest event, by its place."""
    current: dict[tuple[int, str], dict[str, Any]] = {}
    for event in events:
        place = event["assessment_id"], event["question_id"]
        before = current.get(place, {"version": 0, "fields": {}})
        assert event["version"] == before["version"] + 1, "versions count without a gap"
        assert json.loads(event["before"]) == before["fields"], "each change begins where the last one ended"
        current[place] = {
            "version": event["version"], "fields": json.loads(event["after"]), "event_id": event["id"],
            "answered_at": event["at"], "answered_by": event["person"],
        }  # fmt: skip
    return current


def current_rows(store: Store) -> dict[tuple[int, str], dict[str, Any]]:
    return {
        (row["assessment_id"], row["question_id"]): {
            "fields": {field: row[field] or ("" if field not in ("value", "confidence") else None) for field in ANSWER_FIELDS},
            **{name: row[name] for name in ("version", "event_id", "answered_at", "answered_by")},
        }
        for row in small.rows_of(store, ROWS)
    }  # fmt: skip


def test_every_change_leaves_an_event_and_the_answer_is_what_they_come_to(workspace: SmallWorkspace) -> None:
    save(workspace, 0, **FULL)
    save(workspace, 1, value="4")
    save(workspace, 2, comment="", evidence_ref="Log 8", evidence_kind="independent")
    save(workspace, 3, state="not_applicable", reason="Nothing to share here")
    save(workspace, 4, state="dont_know")
    events = small.rows_of(workspace.store, EVENTS)
    assert [json.loads(event["after"])["state"] for event in events] == [
        "answered", "answered", "answered", "not_applicable", "dont_know",
    ]  # fmt: skip
    assert folded(events) == current_rows(workspace.store)


def test_an_event_says_who_in_which_role_when_from_where_and_what_before_and_after(
    workspace: SmallWorkspace,
) -> None:
    save(workspace, 0, key="first", **FULL)
    save(workspace, 1, key="second", value="4")
    first, second = small.rows_of(workspace.store, EVENTS)
    after = {field: FULL.get(field, "") for field in ANSWER_FIELDS}
    known = {
        "assessment_id": workspace.assessment("FR").id, "question_id": "shared", "at": "2026-03-02 12:00:00.000000",
        "person": "Fay", "role": "country_leader", "session_id": "a session", "origin": "page",
    }  # fmt: skip
    assert first | {"id": 0} == {
        **known, "id": 0, "version": 1, "before": "{}", "after": json.dumps(after), "idempotency_key": "first",
    }  # fmt: skip
    assert second | {"id": 0} == {
        **known, "id": 0, "version": 2, "before": json.dumps(after), "after": json.dumps(after | {"value": "4"}),
        "idempotency_key": "second",
    }  # fmt: skip


def test_an_answer_reads_back_as_it_was_given(workspace: SmallWorkspace) -> None:
    given = save(workspace, 0, **FULL)
    expected = Answer(
        AnswerState.ANSWERED, "3", "", Confidence.SURE, EvidenceKind.RECORD, "Log 7", "Since May"
    )
    assert given == stored_now(workspace)
    assert (given.answer, given.version) == (expected, 1)
    assert (given.answered_at, given.answered_by) == (small.NOON, "Fay")


@pytest.mark.parametrize(
    "text",
    ["É ß 漢字 🙂 e\u0301", "'; DROP TABLE answers; --", "line\r\nbreak\ttab", "\x1b[31m\u202e", "=1+1", "  spaces  ", "%s {0} $1 :x"],
)  # fmt: skip
def test_text_comes_back_to_the_character(workspace: SmallWorkspace, text: str) -> None:
    save(workspace, 0, state="answered", value="3", comment=text)
    found = stored_now(workspace)
    assert found is not None
    assert found.answer.comment == text
    assert json.loads(small.rows_of(workspace.store, EVENTS)[0]["after"])["comment"] == text


def test_a_moment_in_any_zone_is_kept_as_the_same_moment(workspace: SmallWorkspace) -> None:
    at = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    save_answer(
        workspace.desk(small.FRANCE, at=at), workspace.assessment("FR").id, "shared", FULL,
        expected_version=0, idempotency_key="x",
    )  # fmt: skip
    found = stored_now(workspace)
    assert found is not None
    assert found.answered_at == at
    assert found.answered_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(workspace: SmallWorkspace) -> None:
    desk = workspace.desk(small.FRANCE, at=small.NOON.replace(tzinfo=None))
    with pytest.raises(StatementError, match="zone"):
        save_answer(desk, 1, "shared", FULL, expected_version=0, idempotency_key="x")
    assert stored_now(workspace) is None


def test_a_clock_that_goes_back_does_not_change_the_order_of_the_history(workspace: SmallWorkspace) -> None:
    for version, minutes in enumerate((5, -60, 0)):
        desk = workspace.desk(small.FRANCE, at=small.later(minutes))
        save_answer(
            desk, workspace.assessment("FR").id, "shared", FULL | {"comment": str(version)},
            expected_version=version, idempotency_key=small.new_key(),
        )  # fmt: skip
    assert folded(small.rows_of(workspace.store, EVENTS)) == current_rows(workspace.store)
    assert [row["comment"] for row in small.rows_of(workspace.store, ROWS)] == ["2"]


# The same change twice ----------------------------------------------------------------------------------


def test_a_repeated_change_is_stored_once_and_told_the_same(workspace: SmallWorkspace) -> None:
    """The commit was done, the acknowledgement lost, and the browser sends the edit again."""
    first = save(workspace, 0, key="once", **FULL)
    before = small.everything(workspace.store)
    assert save(workspace, 0, key="once", **FULL) == first
    assert small.everything(workspace.store) == before


def test_a_repeat_neither_undoes_nor_takes_for_its_own_what_came_after_it(workspace: SmallWorkspace) -> None:
    save(workspace, 0, key="once", **FULL)
    second = save(workspace, 1, value="5")
    before = small.everything(workspace.store)
    with pytest.raises(EditConflict) as conflict:
        save(workspace, 0, key="once", **FULL)
    assert conflict.value.current == second
    assert small.everything(workspace.store) == before


def test_a_key_of_another_question_is_not_taken_for_a_repeat_of_this_one(workspace: SmallWorkspace) -> None:
    """Else an edit would be acknowledged that was never stored."""
    assessment = workspace.assessment("FR").id
    desk = workspace.desk(small.FRANCE)
    for question, version in (("strategy", 0), ("shared", 0)):
        save_answer(
            desk, assessment, question, FULL, expected_version=version, idempotency_key=f"to {question}"
        )
    with pytest.raises(IntegrityError, match="idempotency_key"):
        save(workspace, 1, key="to strategy", value="5")
    found = stored_now(workspace)
    assert found is not None
    assert found.answer.value == "3"


def test_the_database_itself_refuses_a_second_event_with_the_same_key(workspace: SmallWorkspace) -> None:
    save(workspace, 0, key="once", **FULL)
    edit = Edit(workspace.assessment("DE").id, "shared", Answer(AnswerState.DONT_KNOW), "once")
    before = small.everything(workspace.store)
    with pytest.raises(IntegrityError, match="idempotency_key"), workspace.store.write() as connection:
        answer_store.save_answer(connection, edit, None, STAMP)
    assert small.everything(workspace.store) == before


# Two who change the same --------------------------------------------------------------------------------


def test_a_change_of_an_old_version_is_refused_and_shows_what_is_stored(workspace: SmallWorkspace) -> None:
    save(workspace, 0, **FULL)
    newest = save(workspace, 1, value="4")
    before = small.everything(workspace.store)
    for seen in (0, 1, 3, -1):
        with pytest.raises(EditConflict) as conflict:
            save(workspace, seen, value="5")
        assert conflict.value.current == newest
    assert small.everything(workspace.store) == before


def test_a_change_of_an_answer_that_was_never_given_shows_that_nothing_is_stored(
    workspace: SmallWorkspace,
) -> None:
    with pytest.raises(EditConflict) as conflict:
        save(workspace, 1, **FULL)
    assert conflict.value.current is None


def test_the_store_itself_notices_that_the_answer_changed_since_it_was_read(
    workspace: SmallWorkspace,
) -> None:
    """Below the actions: PostgreSQL has no lock for the whole database to hide behind."""
    stale = save(workspace, 0, **FULL)
    newest = save(workspace, 1, value="4")
    edit = Edit(workspace.assessment("FR").id, "shared", Answer(AnswerState.DONT_KNOW), "late")
    before = small.everything(workspace.store)
    with pytest.raises((EditConflict, IntegrityError)), workspace.store.write() as connection:
        answer_store.save_answer(connection, edit, stale, STAMP)
    assert small.everything(workspace.store) == before
    assert stored_now(workspace) == newest


def test_a_refused_change_leaves_no_event_behind(workspace: SmallWorkspace) -> None:
    save(workspace, 0, **FULL)
    before = small.everything(workspace.store)
    with pytest.raises(ResponseError):
        save(workspace, 1, value="9")
    assert small.everything(workspace.store) == before


def test_history_knows_which_values_an_answer_had(workspace: SmallWorkspace) -> None:
    save(workspace, 0, **FULL)
    save(workspace, 1, value="4", comment="Now 4")
    assessment = workspace.assessment("FR").id
    with workspace.store.read() as connection:

        def had(**changes: Any) -> bool:
            return answer_history.occurred_before(connection, assessment, "shared", changes)

        assert had(value="3")
        assert had(value="4", comment="Now 4")
        assert not had(value="3", comment="Now 4"), "never together"
        assert not had(value="5")
        assert not answer_history.occurred_before(connection, assessment, "strategy", {"value": "3"})


def test_a_scope_that_reaches_nothing_reads_nothing(workspace: SmallWorkspace) -> None:
    save(workspace, 0, **FULL)
    with workspace.store.read() as connection:
        assert answer_store.read_answers(connection, workspace.assessment("FR").id, Scope()) == {}
        assert answer_store.answer_frame(connection, Scope()).empty
