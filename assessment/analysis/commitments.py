"""Moves that somebody took on: who does what until when, what is overdue, and what the answers say of it by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from assessment.i18n import count, t
from assessment.organisation import Round, in_time
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Question
from assessment.responses import AnswerState
from assessment.scoring.codes import agreed_answers
from assessment.scoring.table import ScoringInput
from assessment.statements import MoveContent, MoveState

#: The columns of the table of moves that were taken on, in their order.
COMMITMENT_COLUMNS = (
    "taken_on_in", "unit_id", "questionnaire_id", "question_id", "state", "overdue", "owner", "due_on", "from_level",
    "wanted_level", "level_now", "outcome", "note",
)  # fmt: skip
_OPEN = frozenset({MoveState.PLANNED, MoveState.UNDER_WAY})


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit said of one of its moves in one round."""

    round_id: str
    unit_id: str
    questionnaire_id: str
    question_id: str
    content: MoveContent


class Outcome(StrEnum):
    """Whether the level that a move leads to is there, by the answers."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One move from the round in which it was taken on to now.

    `from_level` is the answer in that round (a don't know is the lowest level), `wanted` the next level above it; None
    where that round has no answer. `level_now` is the latest answer by now.
    """

    taken_on_in: Round
    unit_id: str
    questionnaire_id: str
    question: Question
    content: MoveContent
    from_level: int | None
    wanted: int | None
    level_now: int | None
    is_overdue: bool

    @property
    def is_open(self) -> bool:
        return self.content.state in _OPEN

    @property
    def outcome(self) -> Outcome:
        if self.level_now is None or self.wanted is None:
            return Outcome.UNKNOWN
        return Outcome.REACHED if self.level_now >= self.wanted else Outcome.NOT_REACHED


class Standing(StrEnum):
    """What has become of a move; each is one of these."""

    REACHED = "reached"
    ONLY_SAID = "only_said"
    UNDER_WAY = "under_way"
    PLANNED = "planned"
    OVERDUE = "overdue"
    DROPPED = "dropped"


def standing(commitment: Commitment) -> Standing:
    """What has become of it: done and in the answers, done by its owner's word only, on its way, late, or given up."""
    state = commitment.content.state
    if state is MoveState.DONE:
        return Standing.REACHED if commitment.outcome is Outcome.REACHED else Standing.ONLY_SAID
    if commitment.is_overdue:
        return Standing.OVERDUE
    return {
        MoveState.PLANNED: Standing.PLANNED,
        MoveState.UNDER_WAY: Standing.UNDER_WAY,
        MoveState.DROPPED: Standing.DROPPED,
    }[state]


@dataclass(frozen=True, slots=True)
class CommitmentsFinding:
    """Everything that was taken on up to a round: overdue first, then by due date; `rounds` are those with any, in time."""

    commitments: tuple[Commitment, ...]

    @property
    def rounds(self) -> tuple[Round, ...]:
        return in_time({entry.taken_on_in.id: entry.taken_on_in for entry in self.commitments}.values())

    def number(self, round_id: str, kind: Standing) -> int:
        """How many of those taken on in a round have become that."""
        return sum(e.taken_on_in.id == round_id and standing(e) is kind for e in self.commitments)

    def total(self, *kinds: Standing) -> int:
        return sum(standing(entry) in kinds for entry in self.commitments)

    @property
    def headline(self) -> str:
        return _headline(self)


def commitments_finding(
    said: Iterable[Said], data: ScoringInput, rounds: Sequence[Round], today: date
) -> CommitmentsFinding:
    """What was taken on in these rounds, and what has become of it by the last of them.

    A move that was said to be done or dropped begins anew when it is said again in a later round: a level takes time,
    and the next one is another move. What is said of it last holds.

    Args:
        said: What units said of their moves, in any order.
        data: The answers of at least these rounds.
        rounds: The rounds up to the one now.
        today: Decides what is overdue.
    """
    ordered = in_time(rounds)
    place = {entry.id: number for number, entry in enumerate(ordered)}
    mine = sorted((s for s in said if s.round_id in place), key=lambda s: place[s.round_id])
    chains: dict[tuple[str, str, str], list[list[Said]]] = {}
    for entry in mine:
        moves = chains.setdefault((entry.unit_id, entry.questionnaire_id, entry.question_id), [[]])
        if moves[-1] and moves[-1][-1].content.state not in _OPEN:
            moves.append([])
        moves[-1].append(entry)
    levels = _levels(data, mine)
    found = [
        made
        for moves in chains.values()
        for chain in moves
        if (made := _commitment(chain, data.catalogue, ordered, levels, today)) is not None
    ]
    return CommitmentsFinding(tuple(sorted(found, key=_most_urgent_first)))


def _most_urgent_first(entry: Commitment) -> tuple[bool, bool, date, str, str]:
    due = entry.content.due_on or date.max
    return (not entry.is_overdue, not entry.is_open, due, entry.unit_id, entry.question.id)


def _commitment(
    chain: Sequence[Said],
    catalogue: Catalogue,
    rounds: Sequence[Round],
    levels: Mapping[tuple[str, str, str, str], int],
    today: date,
) -> Commitment | None:
    """The move that was said of in these rounds; None when the first of them doesn't ask the question."""
    first, last = chain[0], chain[-1]
    begun = next(entry for entry in rounds if entry.id == first.round_id)
    version = begun.questionnaires.get(first.questionnaire_id)
    question = version and catalogue.get(first.questionnaire_id, version).questions.get(first.question_id)
    if not question:
        return None
    subject = (first.unit_id, first.questionnaire_id, first.question_id)
    start = levels.get((begun.id, *subject))
    later = [levels[key] for entry in rounds if (key := (entry.id, *subject)) in levels]
    due = last.content.due_on
    overdue = last.content.state in _OPEN and due is not None and due < today
    wanted = None if start is None else _next_level(question, start)
    return Commitment(
        begun, first.unit_id, first.questionnaire_id, question, last.content, start, wanted,
        later[-1] if later else None, overdue,
    )  # fmt: skip


def _next_level(question: Question, level: int) -> int | None:
    return min((int(option.value) for option in question.options if option.value > level), default=None)


def _levels(data: ScoringInput, said: Sequence[Said]) -> dict[tuple[str, str, str, str], int]:
    """The claimed level of every question with a move, by round, unit, questionnaire and question."""
    questions, units = {entry.question_id for entry in said}, {entry.unit_id for entry in said}
    answers = data.answers
    mine = answers[answers["question_id"].isin(questions) & answers["unit_id"].isin(units)]
    found: dict[tuple[str, str, str, str], int] = {}
    for row in agreed_answers(mine).to_dict("records"):
        version = data.catalogue.get(row["questionnaire_id"], row["questionnaire_version"])
        question = version.questions.get(row["question_id"])
        if question is None or not version.has_levels or row["state"] == AnswerState.NOT_APPLICABLE:
            continue
        is_known = row["state"] == AnswerState.ANSWERED
        value = question.options_by_id[row["value"]].value if is_known else version.scale.minimum
        key = (row["round_id"], row["unit_id"], row["questionnaire_id"], row["question_id"])
        found[key] = int(value)
    return found


def commitments_table(commitments: Iterable[Commitment]) -> pd.DataFrame:
    """The moves that were taken on as a table with `COMMITMENT_COLUMNS`; what isn't known is empty."""
    rows = [
        (
            entry.taken_on_in.id, entry.unit_id, entry.questionnaire_id, entry.question.id, str(entry.content.state),
            entry.is_overdue, entry.content.owner, entry.content.due_on.isoformat() if entry.content.due_on else "",
            entry.from_level, entry.wanted, entry.level_now, str(entry.outcome), entry.content.note,
        )
        for entry in commitments
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COMMITMENT_COLUMNS))
    return table.astype(dict.fromkeys(["from_level", "wanted_level", "level_now"], "Int64"))


def _headline(finding: CommitmentsFinding) -> str:
    """How many are done, how many of these the answers show, and how many are overdue."""
    everything = len(finding.commitments)
    if not everything:
        return t("No move has been taken on yet")
    done, reached = finding.total(Standing.REACHED, Standing.ONLY_SAID), finding.total(Standing.REACHED)
    overdue, verb = finding.total(Standing.OVERDUE), t("is") if done == 1 else t("are")
    moves = t("{moves} taken on", moves=count(everything, "move"))
    if not done:
        told = t("None of {moves} is done yet", moves=moves)
    elif reached == done:
        told = t("{n} of {moves} {verb} done, and the answers show it", n=done, moves=moves, verb=verb)
    else:
        told = t(
            "{n} of {moves} {verb} done; the answers show {reached}",
            n=done, moves=moves, verb=verb, reached=t("{n} of them", n=reached) if reached else t("none of it"),
        )  # fmt: skip
    return told + t("; {n} overdue", n=overdue) if overdue else told
