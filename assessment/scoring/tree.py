"""Questions' values → every node's value: one pass up the tree, children before parents.

Here rows are items (questions, then nodes, as in the plan) and columns are assessments: each step then runs along
memory, and children that follow one another are a view.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from assessment.questionnaire.models import Availability
from assessment.scoring.aggregates import AGGREGATES, Array, mean
from assessment.scoring.plan import Node, Plan

Item = TypeVar("Item", bound=np.generic)

#: Assessments that are scored together: their arrays fit a processor's cache, whatever the number of all.
BLOCK = 2048
#: Two of three are enough for a least share that is written as 0.6666666666666667.
_SHARE_TOLERANCE = 1e-9


class Values(NamedTuple):
    """Items × assessments: `value` is 0 where `known` is 0; `known` is 1 or 0."""

    value: Array
    known: Array

    def as_missing(self) -> Array:
        """The values with NaN where they aren't known."""
        return np.where(self.known > 0, self.value, np.nan)


def blocks(assessments: int) -> Iterator[slice]:
    """Slices of at most `BLOCK` assessments."""
    for start in range(0, assessments, BLOCK):
        yield slice(start, min(start + BLOCK, assessments))


def roll(plan: Plan, leaves: Values, applicable: NDArray[np.bool_] | None = None) -> Array:
    """Nodes × assessments: each node by its own aggregate, NaN where it has none.

    `applicable` says which questions could have a value: by the rule `availability: drop` a node of which too few of
    those have one is NaN. None: all could.
    """
    if plan.questionnaire.scoring.availability is Availability.KEEP:
        return _rolled(plan, leaves)
    could = np.ones(leaves.known.shape, dtype=bool) if applicable is None else applicable
    return _rolled(plan, leaves, applicable=could)


def roll_means(plan: Plan, leaves: Values) -> Array:
    """As `roll`, by weighted means all the way up, whatever the aggregates and the rule about availability."""
    return _rolled(plan, leaves, only_means=True)


def _rolled(
    plan: Plan, leaves: Values, *, only_means: bool = False, applicable: NDArray[np.bool_] | None = None
) -> Array:
    shape = (len(plan.nodes), leaves.value.shape[1])
    result, nodes = np.empty(shape), Values(np.empty(shape), np.empty(shape))
    could_be = np.empty(shape, dtype=bool)
    for index in reversed(range(len(plan.nodes))):
        node = plan.nodes[index]
        aggregate = mean if only_means else AGGREGATES[node.aggregate]
        known = _children(plan, node, leaves.known, nodes.known)
        found = aggregate(_children(plan, node, leaves.value, nodes.value), known, node.weights)
        if applicable is not None:
            could = _children(plan, node, applicable, could_be)
            could_be[index] = could.any(axis=0)
            found[_too_few(plan, known, could)] = np.nan
        result[index] = found
        is_known = ~np.isnan(found)
        nodes.value[index], nodes.known[index] = np.where(is_known, found, 0.0), is_known
    return result


def _children(plan: Plan, node: Node, questions: NDArray[Item], nodes: NDArray[Item]) -> NDArray[Item]:
    """The rows of a node's children; a view where they are questions, or nodes, that follow one another."""
    asked = len(plan.questions)
    first, last = node.children[0], node.children[-1]
    if node.children == tuple(range(first, last + 1)) and (last < asked or first >= asked):
        return questions[first : last + 1] if last < asked else nodes[first - asked : last + 1 - asked]
    return np.stack([questions[child] if child < asked else nodes[child - asked] for child in node.children])


def _too_few(plan: Plan, known: Array, could: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Assessments in which a smaller share of the applicable children has a value than the rules ask for."""
    least = plan.questionnaire.scoring.minimum_availability * could.sum(axis=0)
    too_few: NDArray[np.bool_] = (known * could).sum(axis=0) < least - _SHARE_TOLERANCE
    return too_few
