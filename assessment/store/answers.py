"""Answers and their history: the row says what is, the events say how it came to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, Select, bindparam, case, func, insert, select, update

from assessment.access import Scope
from assessment.errors import EditConflict
from assessment.responses import (
    ANSWER_COLUMNS,
    ANSWER_FIELDS,
    FINISHED,
    Answer,
    AnswerState,
    Confidence,
    EvidenceKind,
)
from assessment.store import tables
from assessment.store.assessments import StoredAssessment, accepted_ones, readable
from assessment.store.workspace import Stamp

_answers, _events = tables.answers, tables.answer_events


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as committed; `version` counts its changes and is what a later write must have seen.

    `session_id` is that of the last change: a session knows by it what it stored itself. `origin` says how that change
    came: `page`, `confirmed` (last round's answer, given anew by one click), `workbook`, `command-line`.
    """

    answer: Answer
    version: int
    answered_at: datetime
    answered_by: str
    event_id: int
    session_id: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one answer: what it becomes, and a key that makes it happen once."""

    assessment_id: int
    question_id: str
    answer: Answer
    idempotency_key: str


def read_answers(connection: Connection, assessment_id: int, scope: Scope) -> dict[str, StoredAnswer]:
    """The answers of one assessment by question id; none when the scope doesn't reach it."""
    wanted = _with_session().where(
        _answers.c.assessment_id == assessment_id, _answers.c.assessment_id.in_(readable(scope))
    )
    return {row.question_id: _stored(row) for row in connection.execute(wanted)}


def read_answer(connection: Connection, assessment_id: int, question_id: str) -> StoredAnswer | None:
    """One answer, for a write that has checked access already."""
    return _only(connection, _ONE, assessment_id, question_id)


def read_one(
    connection: Connection, assessment_id: int, question_id: str, scope: Scope
) -> StoredAnswer | None:
    """One answer, to be seen; None when there is none, or the scope doesn't reach it."""
    return _only(connection, _one_readable(scope), assessment_id, question_id)


def _only(
    connection: Connection, statement: Select[Any], assessment_id: int, question_id: str
) -> StoredAnswer | None:
    found = connection.execute(statement, {"assessment": assessment_id, "question": question_id})
    row = found.one_or_none()
    return _stored(row) if row else None


def read_requested(
    connection: Connection, assessment_id: int, question_ids: Iterable[str]
) -> dict[str, StoredAnswer]:
    """These answers of one assessment, for somebody who was asked to give exactly these."""
    wanted = _with_session().where(
        _answers.c.assessment_id == assessment_id, _answers.c.question_id.in_(sorted(question_ids))
    )
    return {row.question_id: _stored(row) for row in connection.execute(wanted)}


def read_answers_of(
    connection: Connection, assessment_ids: Iterable[int], scope: Scope
) -> dict[int, dict[str, Answer]]:
    """The answers of several assessments by number and question; without those that the scope doesn't reach."""
    ids = sorted(assessment_ids)
    found: dict[int, dict[str, Answer]] = {number: {} for number in ids}
    wanted = select(_answers).where(
        _answers.c.assessment_id.in_(ids), _answers.c.assessment_id.in_(readable(scope))
    )
    for row in connection.execute(wanted):
        found[row.assessment_id][row.question_id] = answer_from(row._asdict())
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of an assessment's answers are stored, how many of these say "don't know", and when the last came."""

    answered: int
    dont_know: int
    latest: datetime


def count_answers(
    connection: Connection, round_id: str, units: Iterable[str], question_ids: Iterable[str]
) -> dict[int, Counted]:
    """The counts by assessment, of these questions only; those without an answer are missing.

    How far units are, not what they said: who may see progress only may have it.
    """
    parent = tables.assessments
    unknown = case((_answers.c.state == str(AnswerState.DONT_KNOW), 1), else_=0)
    wanted = (
        select(parent.c.id, func.count(), func.sum(unknown), func.max(_answers.c.answered_at))
        .join(_answers, _answers.c.assessment_id == parent.c.id)
        .where(
            parent.c.round_id == round_id,
            parent.c.unit_id.in_(sorted(units)),
            _answers.c.question_id.in_(sorted(question_ids)),
        )
        .group_by(parent.c.id)
    )
    return {row[0]: Counted(row[1], row[2], row[3]) for row in connection.execute(wanted)}


def answers_of_others(
    connection: Connection, assessment: StoredAssessment, scope: Scope, units: Iterable[str]
) -> dict[str, list[str]]:
    """What finished assessments of other `units` chose with the same version in the same round, by question."""
    parent = tables.assessments
    wanted = (
        select(_answers.c.question_id, _answers.c.value)
        .join(parent, parent.c.id == _answers.c.assessment_id)
        .where(
            parent.c.round_id == assessment.round_id,
            parent.c.questionnaire_id == assessment.questionnaire_id,
            parent.c.version == assessment.version,
            parent.c.unit_id.in_(sorted(set(units) - {assessment.unit_id})),
            parent.c.id.in_(readable(scope)),
            parent.c.state.in_([str(state) for state in FINISHED]),
            _answers.c.state == str(AnswerState.ANSWERED),
        )
    )
    chosen: dict[str, list[str]] = {}
    for row in connection.execute(wanted):
        chosen.setdefault(row.question_id, []).append(row.value)
    return chosen


def newest_event(connection: Connection, assessment_id: int, scope: Scope, *, besides: str) -> int:
    """The number of the latest answer here that the session `besides` didn't give; 0 when there is none to be seen."""
    return connection.scalar(_newest(scope), {"assessment": assessment_id, "besides": besides}) or 0


def is_repeated(connection: Connection, assessment_id: int, question_id: str, idempotency_key: str) -> bool:
    """Whether a change of this answer with this key was committed already."""
    place = {"assessment": assessment_id, "question": question_id}
    return connection.scalar(_REPEATED, {**place, "key": idempotency_key}) is not None


def save_answer(
    connection: Connection, edit: Edit, before: StoredAnswer | None, stamp: Stamp
) -> StoredAnswer:
    """Store one change and its event; `before` is the answer that the change was made from.

    Raises:
        EditConflict: The stored answer isn't that one any more; carries the stored one.
    """
    version = before.version + 1 if before else 1
    event = event_row(edit, answer_fields(before.answer) if before else {}, version, stamp)
    event_id = connection.execute(_NEW_EVENT, event).scalar_one()
    row = answer_row(edit, version, event_id, stamp)
    if before is None:
        connection.execute(insert(_answers), row)
    else:
        place = {"assessment": edit.assessment_id, "question": edit.question_id, "seen": before.version}
        if not connection.execute(_CHANGE, {**row, **place}).rowcount:
            raise EditConflict(read_answer(connection, edit.assessment_id, edit.question_id))
    return StoredAnswer(
        edit.answer, version, stamp.at, stamp.person, event_id, stamp.session_id, stamp.origin
    )


def answer_frame(
    connection: Connection, scope: Scope, *, round_ids: Iterable[str] | None = None
) -> pd.DataFrame:
    """All answers that the scope may read, with `ANSWER_COLUMNS`, as text; '' is missing."""
    wanted = readable(scope)
    if round_ids is not None:
        wanted = wanted.where(tables.assessments.c.round_id.in_(sorted(round_ids)))
    return _frame(connection, wanted)


def accepted_frame(connection: Connection, units: Iterable[str], round_id: str) -> pd.DataFrame:
    """The accepted answers of these units in one round, whoever asks; see `accepted_ones`."""
    return _frame(connection, accepted_ones(units, round_id))


def _frame(connection: Connection, assessment_ids: Select[tuple[int]]) -> pd.DataFrame:
    parent = tables.assessments
    columns = [
        parent.c.round_id, parent.c.unit_id, parent.c.questionnaire_id, parent.c.version, _answers.c.question_id,
        *(_answers.c[field] for field in ANSWER_FIELDS), _answers.c.answered_at,
    ]  # fmt: skip
    wanted = (
        select(*columns)
        .join(parent, parent.c.id == _answers.c.assessment_id)
        .where(parent.c.id.in_(assessment_ids))
        .order_by(parent.c.id, _answers.c.question_id)
    )
    rows = [
        (*(value or "" for value in row[:-1]), "", row[-1].isoformat()) for row in connection.execute(wanted)
    ]
    return pd.DataFrame(rows, columns=list(ANSWER_COLUMNS), dtype=str)


def answer_fields(answer: Answer) -> dict[str, str | None]:
    """The answer as plain text fields, as stored and as kept in the history."""
    return {
        field: None if (value := getattr(answer, field)) is None else str(value) for field in ANSWER_FIELDS
    }


def answer_from(fields: Mapping[str, Any]) -> Answer:
    """The answer that plain fields stand for."""
    confidence = fields["confidence"]
    return Answer(
        AnswerState(fields["state"]), fields["value"], fields["reason"] or "",
        Confidence(confidence) if confidence else None, EvidenceKind(fields["evidence_kind"] or "none"),
        fields["evidence_ref"] or "", fields["comment"] or "",
    )  # fmt: skip


def event_row(edit: Edit, before: Mapping[str, Any], version: int, stamp: Stamp) -> dict[str, Any]:
    """The history's row for a change that makes `version` of an answer."""
    return {
        "assessment_id": edit.assessment_id, "question_id": edit.question_id, "version": version, "at": stamp.at,
        "person": stamp.person, "role": stamp.role, "session_id": stamp.session_id, "origin": stamp.origin,
        "before": dict(before), "after": answer_fields(edit.answer), "idempotency_key": edit.idempotency_key,
    }  # fmt: skip


def answer_row(edit: Edit, version: int, event_id: int, stamp: Stamp) -> dict[str, Any]:
    """The current row that the event `event_id` leads to."""
    return {
        "assessment_id": edit.assessment_id, "question_id": edit.question_id, **answer_fields(edit.answer),
        "version": version, "event_id": event_id, "answered_at": stamp.at, "answered_by": stamp.person,
    }  # fmt: skip


def _with_session() -> Select[Any]:
    return select(_answers, _events.c.session_id, _events.c.origin).join(
        _events, _events.c.id == _answers.c.event_id
    )


# What every save, every card and every heartbeat asks: to make it anew each time would take longer than to run it.
_HERE = _answers.c.assessment_id == bindparam("assessment")
_ONE = _with_session().where(_HERE, _answers.c.question_id == bindparam("question"))
_REPEATED = select(_events.c.id).where(
    _events.c.idempotency_key == bindparam("key"),
    _events.c.assessment_id == bindparam("assessment"),
    _events.c.question_id == bindparam("question"),
)
_NEW_EVENT = insert(_events).returning(_events.c.id)
_CHANGE = update(_answers).where(
    _HERE, _answers.c.question_id == bindparam("question"), _answers.c.version == bindparam("seen")
)


@lru_cache(maxsize=256)
def _one_readable(scope: Scope) -> Select[Any]:
    return _ONE.where(_answers.c.assessment_id.in_(readable(scope)))


@lru_cache(maxsize=256)
def _newest(scope: Scope) -> Select[Any]:
    return (
        select(func.max(_answers.c.event_id))
        .join(_events, _events.c.id == _answers.c.event_id)
        .where(
            _HERE, _answers.c.assessment_id.in_(readable(scope)), _events.c.session_id != bindparam("besides")
        )
    )


def _stored(row: Row[Any]) -> StoredAnswer:
    return StoredAnswer(
        answer_from(row._asdict()),
        row.version,
        row.answered_at,
        row.answered_by,
        row.event_id,
        row.session_id,
        row.origin,
    )
