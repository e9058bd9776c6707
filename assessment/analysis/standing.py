"""Where units stand among one another, never as one place: a range of ranks, and what another method would do to it.

Ranks are competition ranks on unrounded scores, 1 the highest; ties share the better rank. Off by default everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
#: The middle share of the draws that a range holds, and the smaller share that its core holds.
MIDDLE, CORE = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class RankRange:
    """One unit's rank, and the places that it may as well have.

    `by_weights` holds the middle 90 % of ranks when dimensions weigh a little more or less, `core` the middle 50 %;
    `by_unknowns` what happens when its own unknowns turn out well and all others' badly, and the other way round;
    `by_methods` every place that another method gives it. Units that tie share the better rank, and their ranges hold
    every place that they share.
    """

    unit_id: str
    score: float
    rank: int
    by_weights: tuple[int, int]
    by_unknowns: tuple[int, int]
    core: tuple[int, int]
    by_methods: tuple[int, int]

    @property
    def best(self) -> int:
        return min(self.by_weights[0], self.by_unknowns[0], self.by_methods[0], self.rank)

    @property
    def worst(self) -> int:
        return max(self.by_weights[1], self.by_unknowns[1], self.by_methods[1], self.rank)

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
    return places_of(scores)[0]


def places_of(scores: Array) -> tuple[Ranks, Ranks]:
    """The first and the last place that each score shares with those equal to it (rows × units), none missing.

    >>> [places.tolist() for places in places_of(np.array([[3.0, 4.0, 3.0, 1.0]]))]
    [[[2, 1, 2, 4]], [[3, 1, 3, 4]]]
    """
    # Sorted, because comparing every pair of 200 units a thousand times takes five times as long.
    order = np.argsort(-scores, axis=1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=1)
    is_lower = falling[:, 1:] < falling[:, :-1] - 1e-9
    ends = np.ones((len(scores), 1), dtype=bool)
    place = np.arange(1, scores.shape[1] + 1)
    first = np.maximum.accumulate(np.where(np.hstack([ends, is_lower]), place, 0), axis=1)
    back = np.where(np.hstack([is_lower, ends]), place, scores.shape[1])
    last = np.minimum.accumulate(back[:, ::-1], axis=1)[:, ::-1]
    found = np.empty_like(order), np.empty_like(order)
    for target, places in zip(found, (first, last), strict=True):
        np.put_along_axis(target, order, places, axis=1)
    return found


def rank_ranges(
    unit_ids: Sequence[str],
    dimensions: Array,
    weights: Array,
    bounds: tuple[Array, Array],
    rng: np.random.Generator,
    members: Array | None = None,
    others: Iterable[Array] = (),
) -> tuple[RankRange, ...]:
    """The range of every unit, best rank first.

    Args:
        unit_ids: Whose rows `dimensions` has; all of one questionnaire version, each with a score.
        dimensions: Units × dimensions: scores on the scale; NaN leaves a unit's mean, as everywhere.
        weights: Of the dimensions, relative.
        bounds: The lowest and the highest whole score of each unit, its unknowns at their worst and at their best.
        rng: Draws the weights; the same seed gives the same ranges.
        members: Where a unit's score is the mean of several rows of `dimensions` (a country by its domains): rows ×
            units, 1 where the row belongs to the unit. None: each row is a unit.
        others: Whole scores of the units by other methods, from `by_other_methods`; those that leave a unit without a
            score say nothing of places.
    """
    if not len(unit_ids):
        return ()
    shares = weights / weights.sum()
    scores = _of_units(_means(dimensions, shares[None, :]), members)[0]
    drawn = _of_units(
        _means(dimensions, rng.dirichlet(np.maximum(CONCENTRATION * shares, 1e-9), DRAWS)), members
    )
    ranks = ranks_of(scores[None, :])[0]
    first, last = places_of(drawn)
    light, core = _middle(first, last, MIDDLE), _middle(first, last, CORE)
    unknown, methods = _by_unknowns(*bounds), _by_methods([scores, *others])
    found = [
        RankRange(
            name, float(scores[i]), int(ranks[i]), _pair(light, i), _pair(unknown, i), _pair(core, i),
            _pair(methods, i),
        )
        for i, name in enumerate(unit_ids)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda entry: (entry.rank, entry.best, entry.unit_id)))


def _middle(first: Ranks, last: Ranks, share: float) -> tuple[Ranks, Ranks]:
    """Between which places each unit is in the middle share of the draws (draws × units)."""
    outer = (1 - share) / 2
    low = np.quantile(first, outer, axis=0, method="closest_observation")
    high = np.quantile(last, 1 - outer, axis=0, method="closest_observation")
    return low.astype(np.int64), high.astype(np.int64)


def _pair(ends: tuple[Ranks, Ranks], unit: int) -> tuple[int, int]:
    return int(ends[0][unit]), int(ends[1][unit])


def _means(dimensions: Array, weights: Array) -> Array:
    """Draws × units: the weighted mean of each unit's known dimensions."""
    known = ~np.isnan(dimensions)
    sums = weights @ np.where(known, dimensions, 0.0).T
    return np.asarray(sums / (weights @ known.T.astype(float)))


def _of_units(scores: Array, members: Array | None) -> Array:
    """Draws × units from draws × rows: the mean of each unit's rows that have a score, NaN without any."""
    if members is None:
        return scores
    known = ~np.isnan(scores)
    counts = known.astype(float) @ members
    sums = np.where(known, scores, 0.0) @ members
    return np.asarray(np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0))


def _by_unknowns(lows: Array, highs: Array) -> tuple[Ranks, Ranks]:
    """The best and the worst place that each unit's unknowns, and everybody else's, leave open."""
    others = ~np.eye(len(lows), dtype=bool)
    surely_above = (lows[None, :] > highs[:, None] + 1e-9) & others
    possibly_above = (highs[None, :] >= lows[:, None] - 1e-9) & others
    return surely_above.sum(axis=1) + 1, possibly_above.sum(axis=1) + 1


def _by_methods(scores: Sequence[Array]) -> tuple[Ranks, Ranks]:
    """The best and the worst place of each unit over several whole scores that all units have."""
    complete = np.array([entry for entry in scores if not np.isnan(entry).any()])
    first, last = places_of(complete)
    return first.min(axis=0), last.max(axis=0)


def method_switches(
    plan: Plan, codes: Codes, members: Array | None = None, others: Mapping[str, Array] | None = None
) -> tuple[MethodSwitch, ...]:
    """What other methods would do to the ranks of these units (units × questions), each against the product's own.

    A unit without a score under either is left out of that comparison. `members` as for `rank_ranges`; `others` as
    `by_other_methods` gives them, computed here where they aren't given.
    """
    usual = _whole(plan, codes, members)
    found = by_other_methods(plan, codes, members) if others is None else others
    return tuple(_switch(name, usual, other) for name, other in found.items())


def by_other_methods(plan: Plan, codes: Codes, members: Array | None = None) -> dict[str, Array]:
    """The whole scores of these units (units × questions) by other methods, by their names.

    Other means, the other rule for "don't know", all weights alike, and each top dimension left out; a method that
    can't be used here is not listed. `members` as for `rank_ranges`.
    """
    found = {}
    for name, other in _others(plan.questionnaire).items():
        changed = plan_for(other, plan.kind)
        if changed is None:
            continue
        columns = [plan.column[question.id] for question in changed.questions]
        found[name] = _whole(changed, codes[:, columns], members)
    return found


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


def _whole(plan: Plan, codes: Codes, members: Array | None) -> Array:
    return np.asarray(_of_units(node_scores(plan, codes)[None, :, 0], members)[0])


def _switch(name: str, usual: Array, other: Array) -> MethodSwitch:
    both = ~np.isnan(usual) & ~np.isnan(other)
    if not both.any():
        return MethodSwitch(name, 0.0, 0, 0)
    shifts = np.abs(ranks_of(usual[None, both])[0] - ranks_of(other[None, both])[0])
    return MethodSwitch(name, float(shifts.mean()), int(shifts.max()), int(both.sum()))
