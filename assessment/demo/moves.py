"""The moves that the invented units take on, and what becomes of them by the next round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import numpy as np

from assessment.demo.gates import GateAnswer, GateAnswers
from assessment.demo.group import moment
from assessment.organisation import Round, Unit
from assessment.questionnaire.models import UnitKind
from assessment.statements import MoveContent, MoveState, RecordedStatement, StatementKind

#: So many moves a unit has open at a time.
_AT_A_TIME: Mapping[UnitKind, int] = {UnitKind.COUNTRY: 3, UnitKind.DOMAIN: 2}
_ROLES: Mapping[UnitKind, tuple[str, ...]] = {
    UnitKind.COUNTRY: ("Country data lead", "Platform lead", "Chief controller", "Data protection officer"),
    UnitKind.DOMAIN: ("Head of {unit}", "Data owner, {unit}", "Product owner, {unit}"),
}
_NAMES = ("Ana", "Bram", "Chidi", "Dilek", "Emil", "Farah", "Goro", "Hana")
#: Who is above this level has no need to move.
_HIGH = 4
_DROPPED = (
    "Stopped: the person who led it changed jobs.",
    "Stopped in favour of the new billing system.",
    "Given up: it cost more than it would have brought.",
)
#: The shares of those without progress that are given up, and that are said to be done all the same.
_GIVEN_UP, _ONLY_SAID = 0.35, 0.1


#: The moves of a unit by subject, each with the level from which it starts.
_Taken = dict[str, tuple[float, MoveContent]]


def moves(
    units: Sequence[Unit], rounds: Sequence[Round], answers: GateAnswers, rng: np.random.Generator
) -> Iterator[RecordedStatement]:
    """What each unit took on after it had answered, and said again of it in the next round, until it ends."""
    for unit in units:
        before: _Taken = {}
        for entry in rounds:
            now = {given.subject_id: given for given in answers.get((entry.id, unit.id), ())}
            if now:
                became = _became(before, now, rng)
                open_ones = {s: taken for s, taken in became.items() if taken[1].state is MoveState.UNDER_WAY}
                new = _taken_on(unit, entry, now, _AT_A_TIME[unit.kind] - len(open_ones), became, rng)
                for place, (subject_id, (_, move)) in enumerate(became.items()):
                    yield _said(entry, unit, subject_id, move, days=4, minutes=place)
                for place, (subject_id, (_, move)) in enumerate(new.items()):
                    yield from _begun(entry, unit, subject_id, move, place)
                before = open_ones | new


def _became(before: _Taken, now: Mapping[str, GateAnswer], rng: np.random.Generator) -> _Taken:
    return {
        subject_id: (level, _outcome(move, level, now.get(subject_id), float(rng.random())))
        for subject_id, (level, move) in before.items()
    }


def _said(
    entry: Round, unit: Unit, subject_id: str, move: MoveContent, *, days: int, minutes: int
) -> RecordedStatement:
    at = moment(entry, days, 11, minutes)
    return RecordedStatement(StatementKind.MOVE, entry.id, unit.id, subject_id, move, at)


def _begun(
    entry: Round, unit: Unit, subject_id: str, move: MoveContent, place: int
) -> Iterator[RecordedStatement]:
    """Planned once the answers were sent, and under way before the round closed; in the open round not yet."""
    yield _said(entry, unit, subject_id, move, days=12, minutes=place)
    if entry.is_over:
        started = move.model_copy(update={"state": MoveState.UNDER_WAY})
        yield _said(entry, unit, subject_id, started, days=30, minutes=place)


def _taken_on(
    unit: Unit,
    entry: Round,
    now: Mapping[str, GateAnswer],
    room: int,
    taken: Mapping[str, object],
    rng: np.random.Generator,
) -> _Taken:
    """New moves with the level from which they start: open gates first, the hard ones before the others."""
    free = [given for given in now.values() if given.subject_id not in taken and _level(given) < _HIGH]
    first = sorted(
        free, key=lambda given: (given.is_met, not given.gate.hard, _level(given), -given.question.weight)
    )
    return {given.subject_id: (_level(given), _planned(unit, entry, rng)) for given in first[: max(room, 0)]}


def _level(given: GateAnswer) -> float:
    """Don't know counts as nothing that can be relied on."""
    return given.claimed or 0.0


def _planned(unit: Unit, entry: Round, rng: np.random.Generator) -> MoveContent:
    assert entry.closes_on is not None
    due_on = entry.closes_on + timedelta(days=int(rng.integers(60, 300)))
    owners = (*(role.format(unit=unit.name.casefold()) for role in _ROLES[unit.kind]), *_NAMES)
    # Some have no owner yet, which is for people to see.
    owner = owners[int(rng.integers(len(owners)))] if rng.random() < 0.9 else ""
    return MoveContent(state=MoveState.PLANNED, owner=owner, due_on=due_on)


def _outcome(move: MoveContent, level: float, now: GateAnswer | None, luck: float) -> MoveContent:
    """Done when the level rose and its gate is claimed; else some give it up, a few call it done, most go on."""
    stands_still = now is not None and _level(now) <= level
    if stands_still and luck < _GIVEN_UP:
        note = _DROPPED[int(luck / _GIVEN_UP * len(_DROPPED))]
        return move.model_copy(update={"state": MoveState.DROPPED, "note": note})
    has_risen = now is not None and _level(now) > level and now.is_claimed
    is_done = has_risen or (stands_still and luck > 1 - _ONLY_SAID)
    return move.model_copy(update={"state": MoveState.DONE if is_done else MoveState.UNDER_WAY})
