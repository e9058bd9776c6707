"""A table under judgement: the rules that every kind of file shares, and what breaks them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from assessment import errors
from assessment.errors import Message, listed
from assessment.intake.coded import Coded, coded, first_rows, together
from assessment.intake.findings import Findings, Mask, Nearby, shown
from assessment.intake.tables import Table
from assessment.organisation import MAX_NAME, NO_NAME

# Ids stand in addresses, file names and spreadsheets.
_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,60}")


class Sheet:
    """Collects the problems of a table while its columns are checked; what is clear is normalised on the way.

    An empty cell breaks no rule but `require`.
    """

    def __init__(self, table: Table) -> None:
        self._rows = table.rows.copy()
        self._lines = table.lines
        self._findings = Findings(table.source, table.problems, table.unlisted)
        self._coded: dict[str, Coded[str]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def text(self, column: str) -> pd.Series[str]:
        return self._rows[column]

    def column(self, column: str) -> Coded[str]:
        if column not in self._coded:
            self._coded[column] = coded(self._rows[column])
        return self._coded[column]

    def columns(self, first: str, *others: str) -> Coded[tuple[str, ...]]:
        """Several columns as one, whose values are the combinations that occur."""
        return together(self.column(first), *map(self.column, others))

    def cell(self, column: str, row: int) -> str:
        """A cell for a message."""
        return shown(self.column(column).at(row))

    def line(self, row: int) -> int:
        """The line of the file on which a row starts."""
        return int(self._lines[row])

    def replace(self, column: str, normal: Coded[str]) -> None:
        """Put normalised values into a column."""
        before = self.column(column)
        if normal.distinct != before.distinct or not np.array_equal(normal.codes, before.codes):
            self._rows[column] = normal.texts()
            self._coded[column] = normal

    def mark(self, mask: Mask, message: Message, describe: Callable[[int], Mapping[str, object]]) -> None:
        """One problem for each row in `mask`; `describe` gives the template's values for a row."""
        self._findings.add_rows(mask, self._lines, message, describe)

    def mark_row(self, row: int, message: Message, **values: object) -> None:
        self._findings.add(message, self.line(row), **values)

    def require(self, *columns: str) -> None:
        for column in columns:
            values = {"column": column}
            self.mark(self.column(column).where(operator.not_), errors.CELL_EMPTY, partial(_same, values))

    def know(self, column: str, known: Collection[str], where: str) -> None:
        """Each value is one of `known`; `where` says in words what knows them."""
        near, ids = Nearby(known), frozenset(known)
        self.mark(
            self.column(column).where(lambda value: value and value not in ids),
            errors.CELL_UNKNOWN,
            lambda row: (
                self._about(column, row) | {"where": where, "suggestion": self._near(near, column, row)}
            ),
        )

    def know_or_one_line(self, column: str, known: Collection[str] | None, where: str) -> None:
        """Where nothing is known (None), every id is fine that can be joined to a key."""
        if known is None:
            self.one_line(column)
        else:
            self.know(column, known, where)

    def choose(self, column: str, words: Iterable[str]) -> None:
        """Each value is one of `words` in any case, and is then written as they are."""
        by_fold = {str(word).casefold(): str(word) for word in words}
        near, allowed = Nearby(by_fold.values()), listed(by_fold.values())
        self.replace(column, self.column(column).mapped(lambda value: by_fold.get(value.casefold(), value)))
        self.mark(
            self.column(column).where(lambda value: value and value not in by_fold.values()),
            errors.CELL_CHOICE,
            lambda row: (
                self._about(column, row) | {"allowed": allowed, "suggestion": self._near(near, column, row)}
            ),
        )

    def form(self, column: str, is_right: Callable[[str], object], rule: str) -> None:
        self.mark(
            self.column(column).where(lambda value: value and not is_right(value)),
            errors.CELL_FORM,
            lambda row: self._about(column, row) | {"rule": rule},
        )

    def identifier(self, column: str) -> None:
        rule = "an id has 1 to 60 letters (A to Z), digits, dots, underscores and hyphens"
        self.form(column, _IDENTIFIER.fullmatch, rule)

    def one_line(self, *columns: str) -> None:
        """No control characters: these texts stand in headings, and ids are joined to keys."""
        for column in columns:
            self.form(
                column, lambda value: not NO_NAME.search(value), "remove line breaks and control characters"
            )

    def name(self, *columns: str) -> None:
        """Texts that name something on screens and charts."""
        self.one_line(*columns)
        for column in columns:
            rule = f"a name has at most {MAX_NAME} characters"
            self.form(column, lambda value: len(value) <= MAX_NAME, rule)

    def unique(
        self, key: Sequence[str], needed: Sequence[str], message: Message, what: Callable[[int], str]
    ) -> Mask:
        """Marks and returns the rows whose key stands on an earlier row, unless a needed cell is empty."""
        first = first_rows(*map(self.column, key))
        again: Mask = first != np.arange(len(self))
        for column in needed:
            again &= self.column(column).where(bool)
        self.mark(again, message, lambda row: {"what": what(row), "first": self.line(first[row])})
        return again

    def result(self) -> pd.DataFrame:
        """The normalised rows.

        Raises:
            IntakeError: Something is wrong; nothing is taken.
        """
        self._findings.raise_any()
        return self._rows

    def _about(self, column: str, row: int) -> dict[str, Any]:
        return {"column": column, "value": self.cell(column, row)}

    def _near(self, near: Nearby, column: str, row: int) -> str:
        return near(self.column(column).at(row))


def _same(values: Mapping[str, object], _row: int) -> Mapping[str, object]:
    return values
