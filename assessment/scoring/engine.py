"""Codes → scores of every node, for all assessments of one plan at once. The formulas are docs/scoring.md's."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from assessment.scoring.aggregates import Array
from assessment.scoring.leaves import Flags, States, columnwise, counted, hide_unmet
from assessment.scoring.levels import secured_levels
from assessment.scoring.plan import Codes, Plan
from assessment.scoring.tree import Values, blocks, roll, roll_means

Counts = NDArray[np.int64]


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
    """Scores of every node from option codes, with all that explains and limits them.

    Args:
        plan: What is asked; its tree, weights and rules.
        codes: Assessments × questions, as in `plan`.
        caps: Assessments × questions: the highest value that each answer's evidence carries; inf where uncapped.
    """
    scores = _room_for(plan, len(codes))
    for block in blocks(len(codes)):
        states = columnwise(plan, hide_unmet(plan, codes[block]))
        for name, found in _of_block(plan, states, caps[block].T).items():
            getattr(scores, name)[block] = found.T
    return scores


def node_scores(plan: Plan, codes: Codes) -> Array:
    """Assessments × nodes: the `score` of `score_nodes` alone, at a fraction of its cost."""
    scores = np.empty((len(codes), len(plan.nodes)))
    for block in blocks(len(codes)):
        states = columnwise(plan, hide_unmet(plan, codes[block]))
        scores[block] = roll(plan, counted(plan, states), ~states.not_applicable).T
    return scores


def roll_up(plan: Plan, leaves: Array, applicable: Flags | None = None) -> Array:
    """Assessments × nodes from the questions' own values (assessments × questions; NaN is missing).

    `applicable`, of the same shape, says which leaves could have a value; it matters to `availability: drop` alone.
    """
    scores = np.empty((len(leaves), len(plan.nodes)))
    for block in blocks(len(leaves)):
        values = np.ascontiguousarray(leaves[block].T)
        known = ~np.isnan(values)
        could = None if applicable is None else applicable[block].T
        scores[block] = roll(plan, Values(np.where(known, values, 0.0), known.astype(float)), could).T
    return scores


def _room_for(plan: Plan, assessments: int) -> NodeScores:
    shape = (assessments, len(plan.nodes))
    whole = {"blocker", "questions", "answered", "not_applicable", "dont_know", "unanswered"}
    return NodeScores(
        **{f.name: np.empty(shape, dtype=np.int64 if f.name in whole else float) for f in fields(NodeScores)}
    )


def _of_block(plan: Plan, states: States, caps: Array) -> dict[str, Array | Counts]:
    """Every measure, nodes × assessments."""
    score = counted(plan, states)
    applies = ~states.not_applicable
    supported = Values(np.where(score.known > 0, np.minimum(score.value, caps), 0.0), score.known)
    low, high = (_with_unknowns_at(end, states) for end in (plan.minimum, plan.maximum))
    secured, blocker = secured_levels(plan, states, score)
    scores, supports = _rolled_together(plan, [score, supported], applies)
    lows, highs = _rolled_together(plan, [low, high], None)
    return {
        "score": scores,
        "supported": supports,
        "low": lows,
        "high": highs,
        "coverage": roll_means(plan, Values(states.answered.astype(float), applies.astype(float))),
        "secured": secured,
        "blocker": blocker,
        **_counted_states(plan, states),
    }


def _with_unknowns_at(end: float, states: States) -> Values:
    """What would be scored if every unknown were at one end of the scale."""
    return Values(np.where(states.unknown, end, states.value), (~states.not_applicable).astype(float))


def _rolled_together(plan: Plan, leaves: list[Values], applicable: Flags | None) -> list[Array]:
    """Each of the leaves rolled up, in one pass over the tree side by side."""
    together = Values(*(np.concatenate(parts, axis=1) for parts in zip(*leaves, strict=True)))
    could = None if applicable is None else np.tile(applicable, len(leaves))
    return np.split(roll(plan, together, could), len(leaves), axis=1)


def _counted_states(plan: Plan, states: States) -> dict[str, Counts]:
    """How many questions with a weight below each node are in each state."""
    # Floats, because only they have a fast product; whole numbers of this size are exact in them.
    below = (plan.effective_weights > 0).astype(np.float32)

    def count(flags: Flags) -> Counts:
        return (below @ flags.astype(np.float32)).astype(np.int64)

    return {
        "questions": count(np.ones_like(states.answered)),
        "answered": count(states.answered),
        "not_applicable": count(states.not_applicable),
        "dont_know": count(states.dont_know),
        "unanswered": count(states.unanswered),
    }
