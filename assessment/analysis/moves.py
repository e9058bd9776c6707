"""Next moves: which question to lift by one level first, by gain per effort, prerequisites included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment.organisation import in_time, target_for, targets_by_key
from assessment.questionnaire.models import Question, UnitKind
from assessment.questionnaire.numbering import version_key
from assessment.scoring.asked import Asked
from assessment.scoring.codes import Coded, agreed_answers, answers_to, encode
from assessment.scoring.engine import node_scores, score_nodes
from assessment.scoring.leaves import hide_unmet, leaf_values
from assessment.scoring.plan import DONT_KNOW, Codes, Plan, plan_for
from assessment.scoring.table import COVERAGE_TOLERANCE, ScoringInput
from assessment.statements import MoveContent

#: The columns of moves.csv, in their order.
MOVE_COLUMNS = (
    "round_id", "unit_id", "question_id", "from_level", "to_level", "gain", "effort", "requires", "owner", "due_on",
    "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """A next step: one question lifted to its next level.

    `gain` is what the questionnaire's score rises by, on its scale, given the moves before this one. `requires` names
    the moves' questions that must come first. `effort` is 1 (small) to 3 (large).
    """

    question: Question
    dimension_title: str
    from_level: int
    to_level: int
    gain: float
    effort: int
    requires: tuple[str, ...]

    @property
    def goal(self) -> str:
        """What is true once the move is made."""
        return goal_of(self.question, self.to_level)


def goal_of(question: Question, level: float) -> str:
    """The descriptor of the level that a move leads to."""
    reached = (option for option in question.options if option.value >= level)
    return min(reached, key=lambda option: option.value).label


def next_moves(plan: Plan, coded: Coded, targets: Mapping[str, float], limit: int) -> tuple[Move, ...]:
    """The best moves of one unit, in the order to make them; each question moves once, because a level takes time.

    Greedy by gain per effort: each candidate brings the prerequisites that lag behind it, the best bundle is taken,
    and everything is scored again. A question may not run ahead of what it requires: each prerequisite must have
    reached the level that the move starts from. How near greedy comes to the optimum: docs/scoring.md. Only dimensions below their target count, when the unit has targets. While too little is answered for a
    score, there is no advice either.

    Args:
        plan: What the unit is asked; must have levels.
        coded: The unit's answers, one row.
        targets: The wanted score by dimension id; empty means that every level up is wanted.
        limit: At most so many moves.
    """
    if not plan.has_levels:
        return ()
    board = _Board(plan, coded.codes[0].copy())
    has_score = not np.isnan(board.node_scores[0])
    if not has_score or board.coverage < plan.questionnaire.scoring.minimum_coverage - COVERAGE_TOLERANCE:
        return ()
    moves: list[Move] = []
    while len(moves) < limit and (bundle := _best_bundle(board, targets)):
        for column in bundle:
            before = board.score
            start = int(board.levels[column])
            board.lift(column)
            moves.append(
                _move(plan, column, (start, int(board.levels[column])), board.score - before, bundle)
            )
    return tuple(moves[:limit])


class _Board:
    """One unit's answers while moves are tried on them."""

    def __init__(self, plan: Plan, codes: Codes) -> None:
        self.plan = plan
        self._codes = hide_unmet(plan, codes[None, :])[0]
        self.moved: set[int] = set()
        scores = score_nodes(plan, self._codes[None, :], np.full((1, len(plan.questions)), np.inf))
        #: The share of the questionnaire's weight that has an answer; NaN when nothing applies. No move changes it.
        self.coverage = float(scores.coverage[0, 0])
        self._refresh()

    def _refresh(self) -> None:
        levels = leaf_values(self.plan, self._codes[None, :])[0]
        levels[self._codes == DONT_KNOW] = self.plan.minimum
        #: The level of each question; don't know is the lowest, NaN is none.
        self.levels = levels
        self.node_scores = self._scored(self._codes[None, :])[0]

    @property
    def score(self) -> float:
        """The whole questionnaire's score; 0 while there is none."""
        return float(np.nan_to_num(self.node_scores[0]))

    def can_move(self, column: int) -> bool:
        """Whether the question has an option above its level; without a level it has none."""
        return column not in self.moved and self.levels[column] < np.nanmax(self.plan.option_values[column])

    def lift(self, column: int) -> None:
        self._codes[column] = self._next_code(column)
        self.moved.add(column)
        self._refresh()

    def scores_after(self, bundles: Sequence[Sequence[int]]) -> np.ndarray:
        """The whole questionnaire's score after each bundle, tried apart."""
        trials = np.repeat(self._codes[None, :], len(bundles), axis=0)
        for row, bundle in enumerate(bundles):
            for column in bundle:
                trials[row, column] = self._next_code(column)
        scores: np.ndarray = np.nan_to_num(self._scored(trials)[:, 0])
        return scores

    def _next_code(self, column: int) -> int:
        higher = np.where(
            self.plan.option_values[column] > self.levels[column], self.plan.option_values[column], np.inf
        )
        return int(higher.argmin())

    def _scored(self, codes: Codes) -> np.ndarray:
        return node_scores(self.plan, codes)


def moves_of(data: ScoringInput, asked: Asked, limit: int) -> tuple[Move, ...]:
    """The best moves of one assessment; none when the unit has answered nothing."""
    return moves_of_each(data, [asked], limit)[0]


def moves_of_each(data: ScoringInput, asked: Sequence[Asked], limit: int) -> list[tuple[Move, ...]]:
    """The best moves of each of these assessments; what they share is read once."""
    answers, wanted = agreed_answers(data.answers), targets_by_key(data.targets)
    found: dict[Asked, tuple[Move, ...]] = {}
    for (name, version, kind), group in _by_plan(data, asked).items():
        plan = plan_for(data.catalogue.get(name, version), kind)
        if plan is None:
            continue
        keys = [(entry.round_id, entry.unit_id) for entry in group]
        coded = encode(plan, answers_to(answers, name, version), keys)
        for row, entry in enumerate(group):
            alone = Coded(coded.codes[row : row + 1], coded.caps[row : row + 1])
            found[entry] = next_moves(plan, alone, _targets(data, plan, entry, wanted), limit)
    return [found.get(entry, ()) for entry in asked]


def _by_plan(data: ScoringInput, asked: Iterable[Asked]) -> dict[tuple[str, str, UnitKind], list[Asked]]:
    """The assessments by what they were asked."""
    groups: dict[tuple[str, str, UnitKind], list[Asked]] = {}
    for entry in asked:
        kind = data.organisation.units[entry.unit_id].kind
        groups.setdefault((entry.questionnaire_id, entry.version, kind), []).append(entry)
    return groups


def _targets(
    data: ScoringInput, plan: Plan, asked: Asked, wanted: Mapping[tuple[str, str, str, str | None], float]
) -> dict[str, float]:
    """The unit's target by dimension."""
    unit = data.organisation.units[asked.unit_id]
    values = {
        dimension.id: target_for(wanted, unit, asked.round_id, asked.questionnaire_id, dimension.id)
        for dimension in plan.questionnaire.all_dimensions()
    }
    return {name: value for name, value in values.items() if value is not None}


def best_first(lists: Iterable[Sequence[Move]], limit: int) -> tuple[Move, ...]:
    """The best moves of several questionnaires by gain per effort; each list keeps its order, prerequisites first."""
    waiting = [list(moves) for moves in lists]
    taken: list[Move] = []
    while len(taken) < limit and (heads := [moves for moves in waiting if moves]):
        taken.append(max(heads, key=lambda moves: moves[0].gain / moves[0].effort).pop(0))
    return tuple(taken)


def latest_moves(data: ScoringInput, limit: int) -> list[tuple[str, str, Move]]:
    """The best moves of every assessment in the latest round, as round, unit and move, in the organisation's order."""
    if not data.asked:
        return []
    last = in_time(data.rounds[entry.round_id] for entry in data.asked)[-1].id
    order = {unit: place for place, unit in enumerate(data.organisation.units)}
    latest = sorted(
        (entry for entry in data.asked if entry.round_id == last),
        key=lambda entry: (order[entry.unit_id], entry.questionnaire_id, version_key(entry.version)),
    )
    every = moves_of_each(data, latest, limit)
    return [
        (entry.round_id, entry.unit_id, move)
        for entry, moves in zip(latest, every, strict=True)
        for move in moves
    ]


def _best_bundle(board: _Board, targets: Mapping[str, float]) -> tuple[int, ...]:
    """The columns to lift, prerequisites first, whose gain per effort is largest; () when nothing is left."""
    bundles = [
        bundle for column in _candidates(board, targets) if (bundle := _with_prerequisites(board, column))
    ]
    if not bundles:
        return ()
    gains = board.scores_after(bundles) - board.score
    efforts = [sum(board.plan.questions[column].effort for column in bundle) for bundle in bundles]
    best = int(np.argmax(gains / np.array(efforts)))
    return bundles[best] if gains[best] > 1e-12 else ()


def _candidates(board: _Board, targets: Mapping[str, float]) -> list[int]:
    """Questions that can move, in dimensions that are below their target."""
    plan = board.plan
    below = [
        not targets or score < targets.get(node.id or "", -np.inf)
        for node, score in zip(plan.nodes, board.node_scores, strict=True)
    ]
    # A target on a dimension wants every question below it, however deep.
    wanted: np.ndarray = np.any(plan.effective_weights[below] > 0, axis=0)
    return [column for column in range(len(plan.questions)) if wanted[column] and board.can_move(column)]


def _with_prerequisites(board: _Board, column: int) -> tuple[int, ...]:
    """The column after every prerequisite that lags; () when one of them would need more than one move."""
    order: list[int] = []

    def visit(current: int) -> bool:
        if current in order:
            return True
        if not board.can_move(current):
            return False
        start = board.levels[current]
        for name in board.plan.questions[current].requires:
            required = board.plan.column.get(name)
            # Not asked here, not applicable or not answered: nothing that this unit could lift.
            lags = required is not None and board.levels[required] < start
            if required is not None and lags and (board.levels[required] < start - 1 or not visit(required)):
                return False
        order.append(current)
        return True

    return tuple(order) if visit(column) else ()


def _move(plan: Plan, column: int, levels: tuple[int, int], gain: float, bundle: Sequence[int]) -> Move:
    question = plan.questions[column]
    earlier = (plan.questions[other].id for other in bundle[: bundle.index(column)])
    needed = tuple(name for name in earlier if name in question.requires)
    dimension = plan.questionnaire.dimension_of[question.id]
    return Move(question, dimension.title, *levels, gain, question.effort, needed)


def moves_table(
    rows: Sequence[tuple[str, str, Move]], said: Mapping[tuple[str, str, str], MoveContent] | None = None
) -> pd.DataFrame:
    """Moves of several units as a table with `MOVE_COLUMNS`, each given as round, unit and move.

    Owner, date and state are what was `said` of the move, by round, unit and question; empty where nobody took it on.
    """
    taken_on = said or {}
    records = [
        (round_id, unit_id, move.question.id, move.from_level, move.to_level, move.gain, move.effort,
         " ".join(move.requires), *_commitment(taken_on.get((round_id, unit_id, move.question.id))))
        for round_id, unit_id, move in rows
    ]  # fmt: skip
    return pd.DataFrame(records, columns=list(MOVE_COLUMNS))


def _commitment(content: MoveContent | None) -> tuple[str, str, str]:
    """Owner, due date and state as texts."""
    return (content.owner, str(content.due_on or ""), str(content.state)) if content else ("", "", "")
