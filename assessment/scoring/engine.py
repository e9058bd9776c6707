"""Codes → scores of every node, for all assessments of one plan at once. The formulas are docs/scoring.md's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.questionnaire.models import Availability, Missing
from assessment.scoring.aggregates import AGGREGATES, Array, mean
from assessment.scoring.plan import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes, Plan

Counts = NDArray[np.int64]

#: Added before a score is cut to its level, so that 2.9999999999999996 (three 3s with odd weights) is level 3.
LEVEL_TOLERANCE = 1e-9


@dataclass(frozen=True)
class NodeScores:
    """Rows are assessments, columns the plan's nodes; NaN is missing.

    `score`, `low`, `high` and `supported` are on the questionnaire's scale; `coverage` is a share of 1, NaN where
    nothing applies; `secured` is the level that every scored question has reached (NaN: unknown), and `blocker` the
    column of the question that holds the next level back (-1: none). Nothing is rounded or withheld here.
    """

    score: Array
    low: Array
    high: Array
    supported: Array
    coverage: Array
    secured: Array
    blocker: Counts
    questions: Counts
    answered: Counts
    not_applicable: Counts
    dont_know: Counts
    unanswered: Counts


def score_nodes(plan: Plan, codes: Codes, caps: Array) -> NodeScores:
    """Scores of every node from option codes.

    Args:
        plan: What is asked; its tree, weights and rules.
        codes: Assessments × questions, as in `plan`.
        caps: Assessments × questions: the highest value that each answer's evidence carries; inf where uncapped.
    """
    codes = hide_unmet(plan, codes)
    values = leaf_values(plan, codes)
    unknown = (codes == DONT_KNOW) | (codes == UNANSWERED)
    score = counted_values(plan, codes)
    secured, blocker = _secured(plan, codes, score)
    return NodeScores(
        score=roll_up(plan, score, codes != NOT_APPLICABLE),
        low=roll_up(plan, np.where(unknown, plan.minimum, values)),
        high=roll_up(plan, np.where(unknown, plan.maximum, values)),
        supported=roll_up(
            plan, np.fmin(score, np.where(np.isnan(score), np.nan, caps)), codes != NOT_APPLICABLE
        ),
        coverage=_coverage(plan, codes),
        secured=secured,
        blocker=blocker,
        questions=_counted(plan, np.ones_like(codes, dtype=bool)),
        answered=_counted(plan, codes < NOT_APPLICABLE),
        not_applicable=_counted(plan, codes == NOT_APPLICABLE),
        dont_know=_counted(plan, codes == DONT_KNOW),
        unanswered=_counted(plan, codes == UNANSWERED),
    )


def leaf_values(plan: Plan, codes: Codes) -> Array:
    """Each answered question's value; NaN for every other state."""
    options = np.where(codes < NOT_APPLICABLE, codes, 0)
    values = plan.option_values[np.arange(len(plan.questions)), options]
    return np.where(codes < NOT_APPLICABLE, values, np.nan)


def counted_values(plan: Plan, codes: Codes) -> Array:
    """What each question brings into the score by the questionnaire's rules; NaN for what is left out.

    `codes` are those that branching has been applied to.
    """
    rules = plan.questionnaire.scoring
    values = leaf_values(plan, codes)
    for code, rule in ((DONT_KNOW, rules.dont_know), (UNANSWERED, rules.unanswered)):
        if rule is Missing.MINIMUM:
            values[codes == code] = plan.minimum
    return values


def hide_unmet(plan: Plan, codes: Codes) -> Codes:
    """The codes with every question that branching hides made not applicable."""
    if not plan.conditions:
        return codes
    hidden = codes.copy()
    for column, decider, least in plan.conditions:
        value = leaf_values(plan, hidden)[:, decider]
        # An unanswered decider hides too: nobody is asked what may not concern them.
        hidden[~(value >= least), column] = NOT_APPLICABLE
    return hidden


def roll_up(plan: Plan, leaves: Array, applicable: NDArray[np.bool_] | None = None) -> Array:
    """Every node's value from the questions' `leaves`, each by its own aggregate, children before parents.

    `applicable` says which leaves could have a value; with the rule `availability: drop` a node of which too few of
    those have one is NaN. None: all could.
    """
    rules = plan.questionnaire.scoring
    if rules.availability is Availability.KEEP:
        return _roll(plan, leaves, use_aggregates=True)
    could = np.ones(leaves.shape, dtype=bool) if applicable is None else applicable
    return _roll(plan, leaves, use_aggregates=True, applicable=could)


def _coverage(plan: Plan, codes: Codes) -> Array:
    """Weight answered ÷ weight applicable, a weighted mean all the way up whatever the scores' aggregate."""
    leaves = np.where(codes == NOT_APPLICABLE, np.nan, (codes < NOT_APPLICABLE).astype(float))
    return _roll(plan, leaves, use_aggregates=False)


def _roll(
    plan: Plan, leaves: Array, *, use_aggregates: bool, applicable: NDArray[np.bool_] | None = None
) -> Array:
    asked = leaves.shape[1]
    items = np.full((leaves.shape[0], asked + len(plan.nodes)), np.nan)
    items[:, :asked] = leaves
    could = np.zeros(items.shape, dtype=bool)
    if applicable is not None:
        could[:, :asked] = applicable
    for index in reversed(range(len(plan.nodes))):
        node = plan.nodes[index]
        aggregate = AGGREGATES[node.aggregate] if use_aggregates else mean
        children = list(node.children)
        values = aggregate(items[:, children], node.weights)
        if applicable is not None:
            could[:, asked + index] = could[:, children].any(axis=1)
            values = np.where(_too_few(plan, items[:, children], could[:, children]), np.nan, values)
        items[:, asked + index] = values
    return items[:, asked:]


def _too_few(plan: Plan, values: Array, could: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows in which a smaller share of the applicable children has a value than the rules ask for."""
    known = (~np.isnan(values) & could).sum(axis=1)
    least = plan.questionnaire.scoring.minimum_availability * could.sum(axis=1)
    # Two of three are enough for a least share that is written as 0.6666666666666667.
    too_few: NDArray[np.bool_] = known < least - 1e-9
    return too_few


def _counted(plan: Plan, states: NDArray[np.bool_]) -> Counts:
    """How many questions with a weight below each node are in the state."""
    return states.astype(np.int64) @ (plan.effective_weights > 0).T.astype(np.int64)


def _secured(plan: Plan, codes: Codes, score: Array) -> tuple[Array, Counts]:
    """The secured level of each node and the column that blocks the next."""
    shape = (codes.shape[0], len(plan.nodes))
    secured, blocker = np.full(shape, np.nan), np.full(shape, -1)
    if not plan.has_levels:
        return secured, blocker
    # Whatever the rule makes of a blank for the score: nobody has said yet that the level is reached.
    open_questions = (codes == UNANSWERED) | ((codes == DONT_KNOW) & np.isnan(score))
    for index, weights in enumerate(plan.effective_weights):
        columns = np.flatnonzero(weights)
        if not columns.size:
            continue
        values = np.where(codes[:, columns] == NOT_APPLICABLE, np.inf, score[:, columns])
        least = np.where(open_questions[:, columns].any(axis=1), np.nan, values.min(axis=1))
        known = np.isfinite(least)
        secured[known, index] = level_of(least[known])
        # Ties: the heaviest, then the first; argmax takes the first of equals. Shares are quotients of floats, so
        # that 3/5 of 1/3 and 1/5 are equal only once rounded.
        share = np.round(weights[columns], 12)
        heaviest = np.where(values == least[:, None], share, -1.0).argmax(axis=1)
        held_back = known & (least < plan.maximum)
        blocker[held_back, index] = columns[heaviest[held_back]]
    return secured, blocker


def level_of(score: Array) -> Array:
    """The whole level that a score has reached; NaN stays NaN."""
    return np.floor(score + LEVEL_TOLERANCE)
