"""Where units stand among one another, never as one place: a range of ranks, and what another method would do to it.

Ranks are competition ranks on unrounded scores, 1 the highest; ties share the better rank. Off by default everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessment.questionnaire.models import Aggregate, Missing, Questionnaire
from assessment.scoring.aggregates import Array
from assessment.scoring.engine import node_scores
from assessment.scoring.plan import Codes, Plan, plan_for

Ranks = NDArray[np.int64]

#: How closely drawn weights stay at the given ones: their standard deviation is √(w (1-w) ÷ 101).
CONCENTRATION = 100.0
DRAWS = 1_000
#: The middle share of the draws that a range holds.
MIDDLE = 0.9


@dataclass(frozen=True, slots=True)
class RankRange:
    """One unit's rank, and the places that it may as well have.

    `by_weights` holds the middle 90 % of ranks when dimensions weigh a little more or less; `by_unknowns` what
    happens when its own unknowns turn out well and all others' badly, and the other way round.
    """

    unit_id: str
    score: float
    rank: int
    by_weights: tuple[int, int]
    by_unknowns: tuple[int, int]

    @property
    def best(self) -> int:
        return min(self.by_weights[0], self.by_unknowns[0], self.rank)

    @property
    def worst(self) -> int:
        return max(self.by_weights[1], self.by_unknowns[1], self.rank)

    def overlaps(self, other: RankRange) -> bool:
        """Whether the two can't be told apart."""
        return self.best <= other.worst and other.best <= self.worst


@dataclass(frozen=True, slots=True)
class MethodSwitch:
    """How far ranks move when one rule is another one; `units` were ranked by both."""

    method: str
    mean_shift: float
    largest_shift: int
    units: int


def ranks_of(scores: Array) -> Ranks:
    """The rank of each score in its row (rows × units): one more than the number of higher ones.

    >>> ranks_of(np.array([[3.0, 4.0, 3.0, 1.0]])).tolist()
    [[2, 1, 2, 4]]
    """
    higher = scores[:, None, :] > scores[:, :, None] + 1e-9
    ranks: Ranks = higher.sum(axis=2) + 1
    return ranks


def rank_ranges(
    unit_ids: Sequence[str],
    dimensions: Array,
    weights: Array,
    bounds: tuple[Array, Array],
    rng: np.random.Generator,
) -> tuple[RankRange, ...]:
    """The range of every unit, best rank first.

    Args:
        unit_ids: Whose rows `dimensions` has; all of one questionnaire version, each with a score.
        dimensions: Units × dimensions: scores on the scale; NaN leaves a unit's mean, as everywhere.
        weights: Of the dimensions, relative.
        bounds: The lowest and the highest whole score of each unit, its unknowns at their worst and at their best.
        rng: Draws the weights; the same seed gives the same ranges.
    """
    if not len(unit_ids):
        return ()
    shares = weights / weights.sum()
    scores = _means(dimensions, shares[None, :])[0]
    drawn = rng.dirichlet(np.maximum(CONCENTRATION * shares, 1e-9), DRAWS)
    ranks = ranks_of(scores[None, :])[0]
    outer = (1 - MIDDLE) / 2
    low, high = np.quantile(
        ranks_of(_means(dimensions, drawn)), [outer, 1 - outer], axis=0, method="closest_observation"
    )
    best, worst = _by_unknowns(*bounds)
    found = [
        RankRange(
            name, float(scores[i]), int(ranks[i]), (int(low[i]), int(high[i])), (int(best[i]), int(worst[i]))
        )
        for i, name in enumerate(unit_ids)
    ]
    return tuple(sorted(found, key=lambda entry: (entry.rank, entry.best, entry.unit_id)))


def _means(dimensions: Array, weights: Array) -> Array:
    """Draws × units: the weighted mean of each unit's known dimensions."""
    known = ~np.isnan(dimensions)
    sums = weights @ np.where(known, dimensions, 0.0).T
    return np.asarray(sums / (weights @ known.T.astype(float)))


def _by_unknowns(lows: Array, highs: Array) -> tuple[Ranks, Ranks]:
    """The best and the worst rank that each unit's unknowns, and everybody else's, leave open."""
    others = ~np.eye(len(lows), dtype=bool)
    surely_above = (lows[None, :] > highs[:, None] + 1e-9) & others
    possibly_above = (highs[None, :] > lows[:, None] + 1e-9) & others
    return surely_above.sum(axis=1) + 1, possibly_above.sum(axis=1) + 1


def method_switches(plan: Plan, codes: Codes) -> tuple[MethodSwitch, ...]:
    """What other methods would do to the ranks of these units (units × questions), each against the product's own.

    Other means, the other rule for "don't know", all weights alike, and each top dimension left out. A unit without
    a score under either is left out of that comparison; a method that can't be used here is not listed.
    """
    usual = _whole(plan, codes)
    found = []
    for name, other in _others(plan.questionnaire).items():
        changed = plan_for(other, plan.kind)
        if changed is None:
            continue
        columns = [plan.column[question.id] for question in changed.questions]
        found.append(_switch(name, usual, _whole(changed, codes[:, columns])))
    return tuple(found)


def _others(questionnaire: Questionnaire) -> Mapping[str, Questionnaire]:
    scoring = questionnaire.scoring
    other_rule = Missing.EXCLUDE if scoring.dont_know is Missing.MINIMUM else Missing.MINIMUM
    changes: dict[str, dict[str, Any]] = {"dont_know": {"dont_know": other_rule}}
    if questionnaire.scale.minimum >= 0:
        changes["geometric"] = {"aggregate": Aggregate.GEOMETRIC}
    found = {
        name: questionnaire.model_copy(update={"scoring": scoring.model_copy(update=change)})
        for name, change in changes.items()
    }
    alike = tuple(entry.model_copy(update={"weight": 1.0}) for entry in questionnaire.dimensions)
    found["equal_weights"] = _with_dimensions(questionnaire, alike)
    for left_out in questionnaire.dimensions if len(questionnaire.dimensions) > 1 else ():
        kept = tuple(entry for entry in questionnaire.dimensions if entry is not left_out)
        if any(entry.weight for entry in kept):
            found[f"without:{left_out.id}"] = _with_dimensions(questionnaire, kept)
    return found


def _with_dimensions(questionnaire: Questionnaire, dimensions: tuple[Any, ...]) -> Questionnaire:
    """Built anew: a copy would keep the questions that were looked up before."""
    fields = {name: getattr(questionnaire, name) for name in type(questionnaire).model_fields}
    return Questionnaire.model_validate({**fields, "dimensions": dimensions, "vignettes": ()})


def _whole(plan: Plan, codes: Codes) -> Array:
    return node_scores(plan, codes)[:, 0]


def _switch(name: str, usual: Array, other: Array) -> MethodSwitch:
    both = ~np.isnan(usual) & ~np.isnan(other)
    if not both.any():
        return MethodSwitch(name, 0.0, 0, 0)
    shifts = np.abs(ranks_of(usual[None, both])[0] - ranks_of(other[None, both])[0])
    return MethodSwitch(name, float(shifts.mean()), int(shifts.max()), int(both.sum()))
