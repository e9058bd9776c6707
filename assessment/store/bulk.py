"""Many assessments at once, with the history that each row needs: for the demonstration and for imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from assessment.responses import AssessmentState, RecordedAssessment
from assessment.store import tables
from assessment.store.answers import Edit, answer_row, event_row
from assessment.store.workspace import Stamp


def add_recorded(connection: Connection, recorded: Iterable[RecordedAssessment], stamp: Stamp) -> None:
    """Store whole assessments that the store doesn't have yet; `stamp` says who brought them."""
    entries = list(recorded)
    ids = _add_assessments(connection, entries)
    _insert(
        connection, tables.assessment_events, [row for entry in entries for row in _steps(entry, ids, stamp)]
    )
    changes = [
        (Edit(ids[_key(entry)], given.question_id, given.answer, f"{stamp.session_id}:{ids[_key(entry)]}:{given.question_id}"),
         Stamp(stamp.person, stamp.role, given.answered_at, stamp.session_id, stamp.origin))
        for entry in entries
        for given in entry.answers
    ]  # fmt: skip
    _insert(connection, tables.answer_events, [event_row(edit, {}, 1, when) for edit, when in changes])
    events = tables.answer_events.c
    known = {row[0]: row[1] for row in connection.execute(select(events.idempotency_key, events.id))}
    rows = [answer_row(edit, 1, known[edit.idempotency_key], when) for edit, when in changes]
    _insert(connection, tables.answers, rows)


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
