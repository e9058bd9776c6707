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
    """`values[codes[row]]` is the value of a row; the values are distinct, in the order in which they first occur."""

    codes: NDArray[np.intp]
    values: Sequence[T]

    def at(self, row: int) -> T:
        return self.values[self.codes[row]]

    def where(self, rule: Callable[[T], object]) -> Mask:
        """The rows whose value keeps the rule."""
        return np.array([bool(rule(value)) for value in self.values], dtype=bool)[self.codes]

    def mapped(self, change: Callable[[T], S]) -> Coded[S]:
        """The same rows with changed values."""
        places: dict[S, int] = {}
        new = [places.setdefault(change(value), len(places)) for value in self.values]
        return Coded(np.array(new, dtype=np.intp)[self.codes], tuple(places))

    def texts(self) -> pd.Series[str]:
        """The column written out again."""
        return pd.Series(list(self.values), dtype="str").take(self.codes).reset_index(drop=True)


def coded(column: pd.Series[str]) -> Coded[str]:
    codes, values = pd.factorize(column)
    return Coded(codes, tuple(values))


def together(first: Coded[str], *others: Coded[str]) -> Coded[tuple[str, ...]]:
    """Several columns as one, whose values are the combinations that occur."""
    codes = first.codes.astype(np.int64)
    values: list[tuple[str, ...]] = [(value,) for value in first.values]
    for other in others:
        width = len(other.values)
        codes, pairs = pd.factorize(codes * width + other.codes)
        values = [(*values[pair // width], other.values[pair % width]) for pair in pairs.tolist()]
    return Coded(codes.astype(np.intp), values)


def first_rows(column: Coded[T]) -> NDArray[np.intp]:
    """For every row, the first row with the same value."""
    _, first = np.unique(column.codes, return_index=True)
    return first[column.codes]
