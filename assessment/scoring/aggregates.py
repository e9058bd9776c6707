"""The four ways in which children's scores make their parent's, for many assessments at once.

Each takes `values` (children × assessments; 0 where not known), `known` (the same shape: 1, or 0 for missing) and
`weights` (children; relative, not negative) and gives one value an assessment: NaN where no child with a weight is
known. Missing children leave the numerator and the denominator.

Source: OECD/JRC (2008), Handbook on Constructing Composite Indicators, ch. 6; scoring as in COINr's `a_*` functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from assessment.questionnaire.models import Aggregate

Array = NDArray[np.float64]


def mean(values: Array, known: Array, weights: Array) -> Array:
    """Weighted arithmetic mean: Σwv / Σw.

    >>> values, known = np.array([[4.0], [3.0], [5.0], [0.0], [1.0]]), np.array([[1.0], [1.0], [1.0], [0.0], [1.0]])
    >>> mean(values, known, np.array([3.0, 2.0, 1.0, 2.0, 2.0])).tolist()
    [3.125]
    """
    return _divided(weighted_sum(weights, values), weighted_sum(weights, known))


def geometric(values: Array, known: Array, weights: Array) -> Array:
    """Weighted geometric mean: exp(Σw ln v / Σw); 0 when a counted child is 0."""
    logs = np.log(np.where(values > 0, values, 1.0))
    result = np.exp(_divided(weighted_sum(weights, logs), weighted_sum(weights, known)))
    return np.where(_has_zero(values, known, weights), 0.0, result)


def harmonic(values: Array, known: Array, weights: Array) -> Array:
    """Weighted harmonic mean: Σw / Σ(w/v); 0 when a counted child is 0."""
    inverse = known / np.where(values > 0, values, 1.0)
    result = _divided(weighted_sum(weights, known), weighted_sum(weights, inverse))
    return np.where(_has_zero(values, known, weights), 0.0, result)


def minimum(values: Array, known: Array, weights: Array) -> Array:
    """The least of the children that have a weight."""
    least = np.where(_counts(known, weights), values, np.inf).min(axis=0, initial=np.inf)
    return np.where(np.isinf(least), np.nan, least)


AGGREGATES: Mapping[Aggregate, Callable[[Array, Array, Array], Array]] = {
    Aggregate.MEAN: mean,
    Aggregate.GEOMETRIC: geometric,
    Aggregate.HARMONIC: harmonic,
    Aggregate.MINIMUM: minimum,
}


def weighted_sum(weights: Array, values: Array) -> Array:
    """Σ weight × value over the children, for each assessment.

    Added up child by child, so that a score has the same bits whatever else is scored with it: a matrix product and
    numpy's sums choose their order by the shape. `einsum` keeps the order as long as there are two columns.
    """
    if values.shape[1] == 1:
        return weighted_sum(weights, np.repeat(values, 2, axis=1))[:1]
    total: Array = np.einsum("c,ca->a", weights, np.ascontiguousarray(values))
    return total


def _counts(known: Array, weights: Array) -> NDArray[np.bool_]:
    return (known > 0) & (weights > 0)[:, None]


def _has_zero(values: Array, known: Array, weights: Array) -> NDArray[np.bool_]:
    zero: NDArray[np.bool_] = ((values == 0) & _counts(known, weights)).any(axis=0)
    return zero


def _divided(numerator: Array, denominator: Array) -> Array:
    """The quotient; NaN instead of a division by nothing."""
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0)
