"""Many assessments and statements at once, with the history that each row needs: for the demonstration and for imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from assessment.responses import AssessmentState, RecordedAssessment
from assessment.statements import RecordedStatement, plain_content
from assessment.store import tables
from assessment.store.answers import Edit, answer_row, event_row
from assessment.store.workspace import Stamp

#: So many assessments' answers are stored at a time: the rows of all would fill the memory of a small machine.
_AT_A_TIME = 500


def add_recorded(connection: Connection, recorded: Iterable[RecordedAssessment], stamp: Stamp) -> None:
    """Store whole assessments that the store doesn't have yet; `stamp` says who brought them."""
    entries = list(recorded)
    ids = _add_assessments(connection, entries)
    steps = [row for entry in entries for row in _steps(entry, ids, stamp)]
    _insert(connection, tables.assessment_events, steps)
    for start in range(0, len(entries), _AT_A_TIME):
        _add_answers(connection, entries[start : start + _AT_A_TIME], ids, stamp)


def _add_answers(
    connection: Connection,
    entries: Sequence[RecordedAssessment],
    ids: dict[tuple[str, str, str], int],
    stamp: Stamp,
) -> None:
    changes = [
        (Edit(ids[_key(entry)], given.question_id, given.answer, f"{stamp.session_id}:{ids[_key(entry)]}:{given.question_id}"),
         Stamp(stamp.person, stamp.role, given.answered_at, stamp.session_id, stamp.origin))
        for entry in entries
        for given in entry.answers
    ]  # fmt: skip
    _insert(connection, tables.answer_events, [event_row(edit, {}, 1, when) for edit, when in changes])
    events = tables.answer_events.c
    wanted = select(events.assessment_id, events.question_id, events.id).where(
        events.assessment_id.in_({ids[_key(entry)] for entry in entries})
    )
    known = {(row[0], row[1]): row[2] for row in connection.execute(wanted)}
    rows = [answer_row(edit, 1, known[edit.assessment_id, edit.question_id], when) for edit, when in changes]
    _insert(connection, tables.answers, rows)


def add_statements(connection: Connection, recorded: Iterable[RecordedStatement], stamp: Stamp) -> None:
    """Store statements about subjects of which the store has none yet, each change with its event."""
    current: dict[tuple[str, ...], dict[str, Any]] = {}
    events = []
    for entry in recorded:
        about = entry.kind, entry.round_id, entry.unit_id, entry.subject_id
        version = current[about]["version"] + 1 if about in current else 1
        current[about] = _statement_row(entry, version, stamp)
        events.append(_statement_event(current[about], stamp))
    _insert(connection, tables.statement_events, events)
    _insert(connection, tables.statements, list(current.values()))


def _statement_row(entry: RecordedStatement, version: int, stamp: Stamp) -> dict[str, Any]:
    return {
        "kind": str(entry.kind), "round_id": entry.round_id, "unit_id": entry.unit_id, "subject_id": entry.subject_id,
        "content": plain_content(entry.content), "version": version, "at": entry.at, "person": stamp.person,
    }  # fmt: skip


def _statement_event(row: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """The history's row for a change; its key is short, however long the ids are."""
    parts = (row["kind"], row["round_id"], row["unit_id"], row["subject_id"], row["version"])
    digest = blake2b(repr(parts).encode(), digest_size=16).hexdigest()
    return {
        **row, "role": stamp.role, "session_id": stamp.session_id, "origin": stamp.origin,
        "idempotency_key": f"{stamp.session_id}:{digest}",
    }  # fmt: skip


def _add_assessments(
    connection: Connection, entries: Sequence[RecordedAssessment]
) -> dict[tuple[str, str, str], int]:
    _insert(connection, tables.assessments, [_assessment_row(entry) for entry in entries])
    columns = tables.assessments.c
    rows = connection.execute(select(columns.round_id, columns.unit_id, columns.questionnaire_id, columns.id))
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def _assessment_row(entry: RecordedAssessment) -> dict[str, Any]:
    state, at, comment = entry.steps[-1] if entry.steps else (AssessmentState.DRAFT, None, "")
    return {
        "round_id": entry.round_id, "unit_id": entry.unit_id, "questionnaire_id": entry.questionnaire_id,
        "version": entry.version, "state": str(state), "state_version": len(entry.steps), "changed_at": at,
        "comment": comment,
    }  # fmt: skip


def _steps(
    entry: RecordedAssessment, ids: dict[tuple[str, str, str], int], stamp: Stamp
) -> Iterable[dict[str, Any]]:
    before = AssessmentState.DRAFT
    for after, at, comment in entry.steps:
        yield {
            "assessment_id": ids[_key(entry)], "at": at, "person": stamp.person, "role": stamp.role,
            "state_before": str(before), "state_after": str(after), "comment": comment,
        }  # fmt: skip
        before = after


def _key(entry: RecordedAssessment) -> tuple[str, str, str]:
    return entry.round_id, entry.unit_id, entry.questionnaire_id


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
