"""What blocks most: each open gate with whom it holds back, whose answer would open it, and who has taken it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assessment.analysis.gate_columns import GateColumn, how_blocking
from assessment.analysis.gate_matrix import GateMatrix
from assessment.analysis.gates import Gate, GateState
from assessment.analysis.readings import Reading
from assessment.i18n import count, day, t
from assessment.statements import MoveContent, MoveState

#: What was said of each answer that would have to rise, by unit and question.
Moves = Mapping[tuple[str, str], MoveContent]
_GIVEN_UP = (MoveState.DONE, MoveState.DROPPED)


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody decided that a floor of a unit may stay open until a day, that day included."""

    unit_id: str
    questionnaire_id: str
    question_id: str
    reason: str
    person: str
    decided_on: date
    expires_on: date
    version: int

    def is_over(self, today: date) -> bool:
        return self.expires_on < today


Waivers = Mapping[tuple[str, str], Waiver]


@dataclass(frozen=True, slots=True)
class BlockingAnswer:
    """One answer that holds units back at a gate: all units that read it, and the move on it, if there is one."""

    reading: Reading
    state: GateState
    unit_ids: tuple[str, ...]
    move: MoveContent | None

    @property
    def has_owner(self) -> bool:
        """Whether somebody is at work on it."""
        return self.move is not None and bool(self.move.owner.strip()) and self.move.state not in _GIVEN_UP


@dataclass(frozen=True, slots=True)
class Blocker:
    """One open gate over all units in the rows; `waivers` are those of its units that were decided, expired ones too."""

    column: GateColumn
    answers: tuple[BlockingAnswer, ...]
    waivers: tuple[Waiver, ...]

    @property
    def unit_ids(self) -> tuple[str, ...]:
        return tuple(unit for answer in self.answers for unit in answer.unit_ids)

    @property
    def owned(self) -> int:
        """How many of its answers somebody is at work on."""
        return sum(answer.has_owner for answer in self.answers)

    @property
    def next_due(self) -> date | None:
        """The earliest day that somebody promised."""
        days = [answer.move.due_on for answer in self.answers if answer.has_owner and answer.move]
        return min((due for due in days if due is not None), default=None)

    def units_in(self, state: GateState) -> int:
        return sum(len(answer.unit_ids) for answer in self.answers if answer.state is state)


def blockers(matrix: GateMatrix, moves: Moves, waivers: Waivers) -> tuple[Blocker, ...]:
    """The open gates of the matrix, most blocking first: the first is that of the matrix's headline."""
    found = [_blocker(matrix, place, moves, waivers) for place in range(len(matrix.columns))]
    opened = [blocker for blocker in found if blocker.answers]
    return tuple(sorted(opened, key=lambda blocker: how_blocking(blocker.column), reverse=True))


def _blocker(matrix: GateMatrix, place: int, moves: Moves, waivers: Waivers) -> Blocker:
    column = matrix.columns[place]
    held: dict[str, list[Gate]] = {}
    for row in matrix.rows:
        gate = row.gates[place]
        if gate is not None and gate.is_open:
            held.setdefault(gate.reading.source_unit_id, []).append(gate)
    answers = [
        BlockingAnswer(
            gates[0].reading, gates[0].state, tuple(gate.unit_id for gate in gates),
            moves.get((source, gates[0].question_id)),
        )
        for source, gates in held.items()
    ]  # fmt: skip
    units = [gate.unit_id for gates in held.values() for gate in gates]
    decided = tuple(
        waivers[unit, column.question_id] for unit in units if (unit, column.question_id) in waivers
    )
    return Blocker(column, tuple(sorted(answers, key=lambda answer: -len(answer.unit_ids))), decided)


def blockers_headline(found: tuple[Blocker, ...], today: date) -> str:
    """How many gates are open, and how many of the answers behind them nobody has taken on."""
    if not found:
        return t("Nothing blocks: none of these gates is open")
    answers = sum(len(blocker.answers) for blocker in found)
    orphans = answers - sum(blocker.owned for blocker in found)
    opened = count(len(found), "gate")
    late = sum(
        answer.has_owner and answer.move is not None and answer.move.due_on is not None and answer.move.due_on < today
        for blocker in found
        for answer in blocker.answers
    )  # fmt: skip
    overdue = t(", and {n} are overdue", n=late) if late > 1 else t(", and 1 is overdue") if late else ""
    return t(
        "{opened} open: nobody has taken on {orphans} of the {answers} behind them{overdue}",
        opened=opened, orphans=orphans, answers=count(answers, "answer"), overdue=overdue,
    )  # fmt: skip


def waiver_words(waiver: Waiver, today: date) -> str:
    """Who decided that a floor may stay open, why, and until when; of one that has expired, that it has."""
    until = day(waiver.expires_on)
    told = (
        t("the waiver expired on {day}", day=until)
        if waiver.is_over(today)
        else t("waived until {day}", day=until)
    )
    return t("{told}: {reason} ({person})", told=told, reason=waiver.reason, person=waiver.person)
