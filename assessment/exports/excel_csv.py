"""CSV for Excel: for people who open it in a spreadsheet, where a text that looks like a formula would be run."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from assessment.exports.csv import cell

#: Where a spreadsheet of another language begins a new cell: it splits at semicolons, tabs and line ends.
_SPLIT = re.compile(r"([;\t\r\n][\s\x00\u200b-\u200f\u2060\ufeff]*)(?=[=+\-@＝＋－＠])")
#: What makes a formula of a text, also behind spaces and marks that nobody sees; full-width signs are read like ours.
_FORMULA = re.compile(r"[\s\x00\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\x00]")
_MARK = "\ufeff"


def excel_csv(table: pd.DataFrame) -> bytes:
    """A table of any columns: UTF-8 with a byte order mark, lines ended by CRLF, no text that a spreadsheet runs.

    A text that could be a formula gets an apostrophe in front, and so does a part of a text where a spreadsheet of another
    language would begin a new cell. So this file doesn't hold exact text: whatever is read by programs comes from
    `assessment.exports.csv`. Numbers are written as there.
    """
    names = [str(column) for column in table]
    rows = [names, *table.astype(object).itertuples(index=False, name=None)]
    lines = [
        ",".join(cell(_disarmed(value), name) for name, value in zip(names, row, strict=True)) for row in rows
    ]
    return (_MARK + "".join(f"{line}\r\n" for line in lines)).encode("utf-8")


def _disarmed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    inside = _SPLIT.sub(r"\1'", value)
    return f"'{inside}" if _FORMULA.match(value) else inside
