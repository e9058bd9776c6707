"""Assessments and the steps between their states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    update,
)  # fmt: skip

from assessment.access import TABLE, Action, Scope, hidden_units
from assessment.errors import StoreError
from assessment.organisation import Round
from assessment.responses import FINISHED, REVIEWED, AssessmentState
from assessment.scoring.asked import Asked
from assessment.store import tables
from assessment.store.workspace import Stamp

_table = tables.assessments
_ANSWERING = {str(role) for role, may in TABLE.items() if Action.ANSWER in may}
# Every save asks these; to make them anew each time would take longer than to run them.
_UNIT_OF = select(_table.c.unit_id).where(_table.c.id == bindparam("assessment_id"))
_ONE = select(_table).where(
    _table.c.id == bindparam("assessment_id"), _table.c.unit_id.in_(bindparam("units", expanding=True))
)
# SQLite has locked the whole database already, and leaves the lock out.
_ONE_TO_WRITE = _ONE.with_for_update()


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    """One unit's answers to one questionnaire version in one round, as a whole.

    `changed_at` and `comment` belong to the last step: when it was submitted, why it was returned.
    """

    id: int
    round_id: str
    unit_id: str
    questionnaire_id: str
    version: str
    state: AssessmentState
    state_version: int
    changed_at: datetime | None
    comment: str


def read_assessments(
    connection: Connection,
    units: Iterable[str],
    *,
    round_id: str | None = None,
    round_ids: Iterable[str] | None = None,
) -> tuple[StoredAssessment, ...]:
    """The assessments of `units`, in one round or some: that they exist and how far they are, not their answers."""
    wanted = select(_table).where(_table.c.unit_id.in_(sorted(units))).order_by(_table.c.id)
    rounds = [round_id] if round_id is not None else round_ids
    if rounds is not None:
        wanted = wanted.where(_table.c.round_id.in_(sorted(rounds)))
    return tuple(_stored(row) for row in connection.execute(wanted))


def hidden_by_round(connection: Connection, scope: Scope) -> dict[str, frozenset[str]]:
    """By round, the units of a scope whose answers may not be read yet; what they say beside answers isn't to be read either.

    Nobody's for a scope that waits for nobody: for the group a draft is no secret, it counts as not ready.
    """
    if scope.blind_until is None:
        return {}
    asked: dict[str, list[Asked]] = {}
    for entry in read_assessments(connection, scope.units):
        known = Asked(entry.round_id, entry.unit_id, entry.questionnaire_id, entry.version, entry.state)
        asked.setdefault(entry.round_id, []).append(known)
    return {name: hidden_units(scope, found) for name, found in asked.items()}


def unit_of(connection: Connection, assessment_id: int) -> str | None:
    """Whose assessment it is, to decide who may have it; None when there is none such. It never changes."""
    return connection.scalar(_UNIT_OF, {"assessment_id": assessment_id})


def read_assessment(
    connection: Connection, assessment_id: int, units: Iterable[str]
) -> StoredAssessment | None:
    """One assessment, to write on it; None when there is none such or its unit isn't among `units`.

    Whoever else would write on it waits until this transaction ends: a save can't slip in after the submission.
    """
    return _one(connection, _ONE_TO_WRITE, assessment_id, units)


def find_assessment(
    connection: Connection, assessment_id: int, units: Iterable[str]
) -> StoredAssessment | None:
    """One assessment, to look at; None when there is none such or its unit isn't among `units`."""
    return _one(connection, _ONE, assessment_id, units)


def _one(
    connection: Connection, statement: Select[Any], assessment_id: int, units: Iterable[str]
) -> StoredAssessment | None:
    found = connection.execute(statement, {"assessment_id": assessment_id, "units": sorted(units)})
    row = found.one_or_none()
    return _stored(row) if row else None


def sent_at(connection: Connection, assessment_id: int) -> tuple[datetime, ...]:
    """When the assessment was sent for review, each time, in order."""
    events = tables.assessment_events
    wanted = select(events.c.at).where(
        events.c.assessment_id == assessment_id, events.c.state_after == str(AssessmentState.SUBMITTED)
    )
    return tuple(connection.scalars(wanted.order_by(events.c.id)))


def sent_by(connection: Connection, assessment_id: int) -> str:
    """Who sent the assessment for review last; '' when nobody has."""
    events = tables.assessment_events
    wanted = select(events.c.person).where(
        events.c.assessment_id == assessment_id, events.c.state_after == str(AssessmentState.SUBMITTED)
    )
    return connection.scalar(wanted.order_by(events.c.id.desc()).limit(1)) or ""


def worked_on_by(connection: Connection, assessment_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Who sent each of these assessments last, and who gave its answers: those that stand, in a role that answers.

    What an administrator's file brought is the unit's own as soon as it sends it, and nobody's until then.
    """
    ids = sorted(assessment_ids)
    events, answers = tables.assessment_events, tables.answers
    sent = select(events.c.assessment_id, events.c.person).where(
        events.c.id.in_(
            select(func.max(events.c.id))
            .where(events.c.assessment_id.in_(ids), events.c.state_after == str(AssessmentState.SUBMITTED))
            .group_by(events.c.assessment_id)
        )
    )
    given = (
        select(answers.c.assessment_id, answers.c.answered_by)
        .join(tables.answer_events, tables.answer_events.c.id == answers.c.event_id)
        .where(answers.c.assessment_id.in_(ids), tables.answer_events.c.role.in_(sorted(_ANSWERING)))
        .distinct()
    )
    found: dict[int, set[str]] = {number: set() for number in ids}
    for number, person in connection.execute(sent.union(given)):
        found[number].add(person)
    return {number: frozenset(people) for number, people in found.items()}


def preceding(
    assessment: StoredAssessment, of_unit: Iterable[StoredAssessment], rounds: Sequence[Round]
) -> StoredAssessment | None:
    """The unit's assessment with the same version in the latest earlier round; other versions ask something else."""
    order = {entry.id: place for place, entry in enumerate(rounds)}
    earlier = [
        entry
        for entry in of_unit
        if (entry.questionnaire_id, entry.version) == (assessment.questionnaire_id, assessment.version)
        and order[entry.round_id] < order[assessment.round_id]
    ]
    return max(earlier, key=lambda entry: order[entry.round_id], default=None)


def readable(scope: Scope) -> Select[tuple[int]]:
    """The ids of the assessments whose answers `scope` may read, for use inside another statement."""
    own: ColumnElement[bool] = _table.c.unit_id.in_(sorted(scope.own))
    others: ColumnElement[bool] = false()
    if scope.others:
        finished = [str(state) for state in FINISHED]
        others = and_(_table.c.unit_id.in_(sorted(scope.others)), _table.c.state.in_(finished))
        if scope.blind_until is not None:
            first = _table.alias()
            # A unit that isn't asked the same can't be swayed by the answers, and has nothing to wait for.
            others = and_(
                others,
                ~exists().where(
                    first.c.unit_id == scope.blind_until,
                    first.c.round_id == _table.c.round_id,
                    first.c.questionnaire_id == _table.c.questionnaire_id,
                    first.c.state.not_in(finished),
                ),
            )
    return select(_table.c.id).where(or_(own, others))


def accepted_ones(units: Iterable[str], round_id: str) -> Select[tuple[int]]:
    """The ids of what a reviewer has accepted of these units in one round, whoever asks; for use inside another statement.

    What is read by them may leave in figures only that no unit can be told from.
    """
    reviewed = [str(state) for state in REVIEWED]
    return select(_table.c.id).where(
        _table.c.unit_id.in_(sorted(units)), _table.c.round_id == round_id, _table.c.state.in_(reviewed)
    )


def add_assessments(connection: Connection, rows: Iterable[tuple[str, str, str, str]]) -> None:
    """Store new drafts, each given as round, unit, questionnaire and version."""
    drafts = [
        {
            "round_id": r,
            "unit_id": u,
            "questionnaire_id": q,
            "version": v,
            "state": str(AssessmentState.DRAFT),
        }
        for r, u, q, v in rows
    ]
    if drafts:
        connection.execute(_table.insert(), drafts)


def change_state(
    connection: Connection,
    assessment: StoredAssessment,
    state: AssessmentState,
    stamp: Stamp,
    comment: str = "",
) -> None:
    """Move the assessment on, and remember that it was.

    Raises:
        StoreError: Somebody else moved it since it was read.
    """
    moved = connection.execute(
        update(_table)
        .where(_table.c.id == assessment.id, _table.c.state_version == assessment.state_version)
        .values(
            state=str(state), state_version=assessment.state_version + 1, changed_at=stamp.at, comment=comment
        )
    )
    if not moved.rowcount:
        raise StoreError("Somebody else changed this assessment just now. Look at it again before you go on.")
    connection.execute(
        tables.assessment_events.insert(),
        {
            "assessment_id": assessment.id, "at": stamp.at, "person": stamp.person, "role": stamp.role,
            "state_before": str(assessment.state), "state_after": str(state), "comment": comment,
        },
    )  # fmt: skip


def _stored(row: Row[tuple[object, ...]]) -> StoredAssessment:
    values = dict(row._mapping)
    return StoredAssessment(**{**values, "state": AssessmentState(values["state"])})
