"""One Excel workbook while it is written: its formats by role, and cells in which every text stays a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assessment.charts.theme import LEVEL_FILLS, LEVEL_INKS, LIGHT
from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.scoring.levels import LEVEL_TOLERANCE

#: A score on a sheet, and one more than one level below target: still a number, with a mark that needs no colour.
SCORE, SHORT_SCORE = "0.0", '0.0" ▼"'
#: So many characters Excel keeps in a cell.
MAX_CELL = 32_767
_THIN: Mapping[str, Any] = {"border": 1, "border_color": LIGHT.grid}
_LOOKS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "headline": {"bold": True, "font_size": 16, "valign": "vcenter", "text_wrap": True},
        "muted": {"font_color": LIGHT.muted, "text_wrap": True, "valign": "top"},
        "label": {"font_color": LIGHT.muted, "top": 2, "top_color": LIGHT.now, "text_wrap": True, "valign": "top"},
        "value": {"bold": True, "font_size": 14},
        "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bg_color": LIGHT.missing, **_THIN},
        "turned": {"bold": True, "text_wrap": True, "rotation": 90, "valign": "bottom", "align": "center", "bg_color": LIGHT.missing, **_THIN},
        "group": {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": LIGHT.missing, **_THIN},
        "text": {"text_wrap": True, "valign": "vcenter", **_THIN},
        "score": {"num_format": SCORE, "align": "center", "valign": "vcenter", **_THIN},
        "short": {"num_format": SHORT_SCORE, "align": "center", "valign": "vcenter", **_THIN},
        "missing": {"align": "center", "valign": "vcenter", "font_color": LIGHT.muted, "bg_color": LIGHT.missing, **_THIN},
        "exact": {"num_format": "General"},
        "plain": {},
    }
)  # fmt: skip


class Book:
    """A workbook; every text is written as a text, so that a formula in a name stays its letters."""

    def __init__(self, title: str, at: datetime) -> None:
        self._content = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._content, options)
        # Excel knows no time zones. The same input gives the same file.
        self._book.set_properties({"title": title, "created": at.replace(tzinfo=None)})
        self._formats = {name: self._book.add_format(dict(look)) for name, look in _LOOKS.items()}
        self._levels = [
            (level, self._book.add_format({"bg_color": fill, "font_color": LEVEL_INKS[level]}))
            for level, fill in LEVEL_FILLS.items()
        ]

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, to be printed across and one page wide."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def look(self, name: str) -> Format:
        return self._formats[name]

    def text(self, sheet: Worksheet, row: int, column: int, words: str, look: str = "plain") -> None:
        """Writes a text.

        Raises:
            ResponseError: It is longer than a cell can hold; nothing is cut.
        """
        if len(words) > MAX_CELL:
            raise ResponseError(t("A text of {n} characters doesn't fit into a cell.", n=len(words)))
        sheet.write_string(row, column, words, self.look(look))

    def wide_text(self, sheet: Worksheet, row: int, column: int, width: int, words: str, look: str) -> None:
        """Writes a text over so many columns."""
        if width > 1:
            sheet.merge_range(row, column, row, column + width - 1, "", self.look(look))
        self.text(sheet, row, column, words, look)

    def row(self, sheet: Worksheet, row: int, cells: Iterable[str], look: str = "text") -> None:
        """Writes texts side by side, from the first column on."""
        for column, words in enumerate(cells):
            self.text(sheet, row, column, words, look)

    def score(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: float | None,
        why_not: str,
        *,
        is_short: bool = False,
    ) -> None:
        """Writes a score as a number, or why there is none."""
        if value is None:
            self.text(sheet, row, column, why_not, "missing")
        else:
            sheet.write_number(row, column, value, self.look("short" if is_short else "score"))

    def fill_levels(self, sheet: Worksheet, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Fills the scores from `first` to `last` (row, column) by the whole level that they reached."""
        for level, look in self._levels:
            # Between, because to Excel every text is larger than every number.
            rule = {
                "type": "cell", "criteria": "between", "minimum": level - LEVEL_TOLERANCE,
                "maximum": level + 1 - 2 * LEVEL_TOLERANCE, "format": look,
            }  # fmt: skip
            sheet.conditional_format(*first, *last, rule)

    def table(self, sheet: Worksheet, name: str, table: pd.DataFrame, widths: Mapping[str, int]) -> None:
        """Writes a table as one that Excel knows by `name`: exact numbers, empty where something is missing."""
        columns = list(table.columns)
        for column, title in enumerate(columns):
            sheet.set_column(column, column, widths.get(title, 16))
            _column(self, sheet, column, table[title].tolist())
        headers = [{"header": title} for title in columns]
        # A table has at least one row below its header.
        sheet.add_table(
            0, 0, max(len(table), 1), len(columns) - 1,
            {"name": name, "columns": headers, "style": "Table Style Light 1"},
        )  # fmt: skip
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)

    def done(self) -> bytes:
        """The bytes of the .xlsx file; nothing can be written after it."""
        self._book.close()
        return self._content.getvalue()


def _column(book: Book, sheet: Worksheet, column: int, values: Sequence[Any]) -> None:
    exact = book.look("exact")
    for row, value in enumerate(values, 1):
        if isinstance(value, str):
            if value:
                book.text(sheet, row, column, value)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif pd.notna(value):
            sheet.write_number(row, column, value, exact)
