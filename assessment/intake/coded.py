"""Columns as codes into their distinct values: a rule is asked once per value, and the answer spread over the rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.intake.findings import Mask

T = TypeVar("T")
S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Coded(Generic[T]):
    """`distinct[codes[row]]` is the value of a row; the distinct values come in the order of their first rows."""

    codes: NDArray[np.intp]
    distinct: Sequence[T]

    def at(self, row: int) -> T:
        return self.distinct[int(self.codes[row])]

    def where(self, rule: Callable[[T], object]) -> Mask:
        """The rows whose value keeps the rule."""
        return np.array([bool(rule(value)) for value in self.distinct], dtype=bool)[self.codes]

    def mapped(self, change: Callable[[T], S]) -> Coded[S]:
        """The same rows with changed values."""
        places: dict[S, int] = {}
        new = [places.setdefault(change(value), len(places)) for value in self.distinct]
        return Coded(np.array(new, dtype=np.intp)[self.codes], tuple(places))

    def texts(self) -> pd.Series[str]:
        """The column written out again."""
        return pd.Series(list(self.distinct), dtype="str").take(self.codes).reset_index(drop=True)


def coded(column: pd.Series[str]) -> Coded[str]:
    codes, values = pd.factorize(column)
    return Coded(codes, tuple(values))


def together(first: Coded[str], *others: Coded[str]) -> Coded[tuple[str, ...]]:
    """Several columns as one, whose values are the combinations that occur."""
    values: list[tuple[str, ...]] = [(value,) for value in first.distinct]
    codes = first.codes
    for other in others:
        codes, pairs = _paired(codes, other)
        lefts, rights = np.divmod(pairs, max(1, len(other.distinct)))
        values = [
            (*values[left], other.distinct[right])
            for left, right in zip(lefts.tolist(), rights.tolist(), strict=True)
        ]
    return Coded(codes, values)


def first_rows(first: Coded[str], *others: Coded[str]) -> NDArray[np.intp]:
    """For every row, the first row with the same values in all columns."""
    codes = first.codes
    for other in others:
        codes, _ = _paired(codes, other)
    _, rows = np.unique(codes, return_index=True)
    return rows[codes]


def _paired(codes: NDArray[np.intp], other: Coded[str]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Codes of the pairs that occur, and the pairs; renumbered each time, so that the product can't overflow."""
    paired, pairs = pd.factorize(codes.astype(np.int64) * max(1, len(other.distinct)) + other.codes)
    return paired, pairs
