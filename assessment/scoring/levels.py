"""Whole levels: the one that a score has reached, and the one that every question below a node has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assessment.scoring.aggregates import Array
from assessment.scoring.leaves import States
from assessment.scoring.plan import Plan
from assessment.scoring.tree import Values

Columns = NDArray[np.int64]

#: Added before a score is cut to its level, so that 2.9999999999999996 (three 3s with odd weights) is level 3.
LEVEL_TOLERANCE = 1e-9


def level_of(score: Array) -> Array:
    """The whole level that a score has reached; NaN stays NaN."""
    return np.floor(score + LEVEL_TOLERANCE)


def secured_levels(plan: Plan, states: States, counted: Values) -> tuple[Array, Columns]:
    """The secured level of each node, and the column of the question that holds the next level back.

    Both nodes × assessments. The level is the one that every applicable question with a weight has reached (NaN: unknown);
    the column is -1 where nothing holds it back.
    """
    shape = (len(plan.nodes), states.value.shape[1])
    secured, blocker = np.full(shape, np.nan), np.full(shape, -1)
    if not plan.has_levels:
        return secured, blocker
    levels = _levels(states, counted)
    for index, weights in enumerate(plan.effective_weights):
        columns = np.flatnonzero(weights)
        if not columns.size:
            continue
        below = levels[columns]
        least = below.min(axis=0)
        known = np.isfinite(least)
        secured[index, known] = level_of(least[known])
        held_back = known & (least < plan.maximum)
        # Ties: the heaviest, then the first. Shares are quotients of floats: 3/5 of 1/3 and 1/5 are equal only
        # once rounded.
        order = np.argsort(-np.round(weights[columns], 12), kind="stable")
        first = (below[order] == least).argmax(axis=0)
        blocker[index, held_back] = columns[order][first[held_back]]
    return secured, blocker


def _levels(states: States, counted: Values) -> Array:
    """Each question's level; infinite where it doesn't apply, minus infinite where nobody has said it yet.

    A blank that the rules count as the lowest level is still a blank: its level isn't known.
    """
    is_open = states.unanswered | (states.dont_know & (counted.known == 0))
    return np.where(states.not_applicable, np.inf, np.where(is_open, -np.inf, counted.value))
