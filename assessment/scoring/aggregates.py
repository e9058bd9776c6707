"""The four ways in which children's scores make their parent's.

Each takes `values` (rows × children; NaN is missing) and `weights` (children; relative, not negative) and gives one
value a row: NaN where no child with a weight has a value. Missing children leave the numerator and the denominator.

Source: OECD/JRC (2008), Handbook on Constructing Composite Indicators, ch. 6; scoring as in COINr's `a_*` functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from assessment.questionnaire.models import Aggregate

Array = NDArray[np.float64]


def mean(values: Array, weights: Array) -> Array:
    """Weighted arithmetic mean: Σwv / Σw.

    >>> mean(np.array([[4.0, 3.0, 5.0, np.nan, 1.0]]), np.array([3.0, 2.0, 1.0, 2.0, 2.0])).tolist()
    [3.125]
    """
    counted = np.where(np.isnan(values), 0.0, weights)
    return _divided((np.nan_to_num(values) * counted).sum(axis=1), counted.sum(axis=1))


def geometric(values: Array, weights: Array) -> Array:
    """Weighted geometric mean: exp(Σw ln v / Σw); 0 when a counted child is 0."""
    counted = np.where(np.isnan(values), 0.0, weights)
    logs = np.log(np.where(values > 0, values, 1.0))
    result = np.exp(_divided((logs * counted).sum(axis=1), counted.sum(axis=1)))
    return np.where(_has_zero(values, weights), 0.0, result)


def harmonic(values: Array, weights: Array) -> Array:
    """Weighted harmonic mean: Σw / Σ(w/v); 0 when a counted child is 0."""
    counted = np.where(np.isnan(values), 0.0, weights)
    inverse = 1.0 / np.where(values > 0, values, 1.0)
    result = _divided(counted.sum(axis=1), (inverse * counted).sum(axis=1))
    return np.where(_has_zero(values, weights), 0.0, result)


def minimum(values: Array, weights: Array) -> Array:
    """The least of the children that have a weight."""
    counted = np.where(np.isnan(values) | (weights == 0), np.inf, values)
    least = counted.min(axis=1, initial=np.inf)
    return np.where(np.isinf(least), np.nan, least)


AGGREGATES: Mapping[Aggregate, Callable[[Array, Array], Array]] = {
    Aggregate.MEAN: mean,
    Aggregate.GEOMETRIC: geometric,
    Aggregate.HARMONIC: harmonic,
    Aggregate.MINIMUM: minimum,
}


def _has_zero(values: Array, weights: Array) -> NDArray[np.bool_]:
    zero: NDArray[np.bool_] = ((values == 0) & (weights > 0)).any(axis=1)
    return zero


def _divided(numerator: Array, denominator: Array) -> Array:
    """The quotient; NaN instead of a division by nothing."""
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0)
