"""How answers came to be what they are: looked up in their events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from assessment.access import Scope
from assessment.responses import Answer, EvidenceKind
from assessment.store import tables
from assessment.store.answers import answer_from
from assessment.store.assessments import readable

_events = tables.answer_events


def answers_at(
    connection: Connection, assessment_id: int, moment: datetime, scope: Scope
) -> dict[str, Answer]:
    """The answers as they were at a moment, by their history: what was sent first stays beside what is now."""
    wanted = (
        select(_events.c.question_id, _events.c.after)
        .where(
            _events.c.assessment_id == assessment_id,
            _events.c.assessment_id.in_(readable(scope)),
            _events.c.at <= moment,
        )
        .order_by(_events.c.id)
    )
    return {row.question_id: answer_from(row.after) for row in connection.execute(wanted)}


def occurred_before(
    connection: Connection, assessment_id: int, question_id: str, changes: Mapping[str, Any]
) -> bool:
    """Whether the answer ever had these field values together, by its history."""
    wanted = select(_events.c.after).where(
        _events.c.assessment_id == assessment_id, _events.c.question_id == question_id
    )
    return any(
        all(after.get(field) == value for field, value in changes.items())
        for after in connection.scalars(wanted)
    )


def changed_by_others_since(
    connection: Connection,
    assessment_id: int,
    question_id: str,
    fields: Iterable[str],
    event_id: int,
    *,
    besides: str,
) -> bool:
    """Whether the last change of these fields after an event was by another session than `besides`.

    What that session itself changed after others, it changed knowing theirs.
    """
    wanted = (
        select(_events.c.before, _events.c.after, _events.c.session_id)
        .where(
            _events.c.assessment_id == assessment_id,
            _events.c.question_id == question_id,
            _events.c.id > event_id,
        )
        .order_by(_events.c.id.desc())
    )
    names = tuple(fields)
    changing = (
        row.session_id
        for row in connection.execute(wanted)
        if any(_written(row.before, name) != _written(row.after, name) for name in names)
    )
    return next(changing, besides) != besides


def _written(fields: Mapping[str, Any], name: str) -> str:
    """A field of the history's; of an answer that wasn't there yet it is what a new one starts with."""
    return fields.get(name) or (str(EvidenceKind.NONE) if name == "evidence_kind" else "")
