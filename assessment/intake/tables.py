"""The bytes of a CSV file → a table of texts with the line of every row.

Lenient where the meaning is clear (byte order mark, comma, semicolon or tab, any line ends, blank lines, case and
spaces of column names), strict where it isn't: a file is split in one way or not at all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment import errors
from assessment.errors import Problem, listed
from assessment.intake.findings import Findings, Nearby, shown

MAX_BYTES = 50_000_000
MAX_COLUMNS = 200
_SEPARATORS = (",", ";", "\t")
# Rows become columns of text in portions: a million rows of Python strings would take gigabytes.
_PORTION = 50_000

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_QUOTED = re.compile(r'"[^"]*("|$)')

Records = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class Table:
    """A file's rows as texts, '' where there is none, and what is wrong with its shape.

    `rows` has every column that was asked for, in that order; it is empty when the columns can't be told.
    `lines` holds the line on which each row starts. `unlisted` counts problems beyond those in `problems`.
    """

    source: str
    rows: pd.DataFrame
    lines: NDArray[np.int64]
    problems: tuple[Problem, ...]
    unlisted: int = 0


@dataclass(frozen=True, slots=True)
class _Header:
    """Where each column stands; `is_clear` says whether cells can be assigned to columns without a guess."""

    width: int
    places: Mapping[str, int]
    is_clear: bool


def read_table(
    content: bytes,
    source: str,
    columns: Sequence[str],
    optional: Collection[str],
    exact: Collection[str] = (),
) -> Table:
    """The table in a CSV file's `content`; its `problems` say what could not be taken.

    Never raises on bad content. Rows without any text are left out.

    Args:
        content: The file.
        source: Names the file in messages.
        columns: Every column that the file may have.
        optional: Those that it may leave out.
        exact: Those that keep spaces around their texts.
    """
    findings = Findings(source)
    rows, lines = _no_rows(columns)
    _check_bytes(content, findings)
    if not findings:
        separator = _separator(content)
        records = _records(content, separator, findings)
        header = _header(records, columns, optional, findings)
        if header:
            kept = frozenset(exact)
            rows, lines = _body(records, header, columns, separator, findings, kept)
    return Table(source, rows, lines, findings.problems, findings.unlisted)


def _no_rows(columns: Sequence[str]) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    return pd.DataFrame(columns=list(columns), dtype="str"), np.array([], dtype=np.int64)


def _check_bytes(content: bytes, findings: Findings) -> None:
    if len(content) > MAX_BYTES:
        findings.add(errors.TABLE_TOO_LARGE, 0, size=len(content), limit=MAX_BYTES)
    elif content.startswith(_WORKBOOK_MARKS):
        findings.add(errors.TABLE_UNREADABLE, 0, reason="it is an Excel workbook. Save it as 'CSV UTF-8'.")
    elif _is_utf16(content):
        findings.add(errors.TABLE_ENCODING, 0, encoding="UTF-16")
    elif b"\0" in content:
        findings.add(errors.TABLE_NUL, _line_at(content, content.index(b"\0")))
    else:
        _check_utf8(content, findings)


def _is_utf16(content: bytes) -> bool:
    """Whether the file has a mark of UTF-16, or every other byte is 0 as in a Latin text without the mark."""
    head = content[:200]
    halves = (head[0::2], head[1::2])
    return content.startswith(_UTF16_MARKS) or any(len(half) > 1 and not any(half) for half in halves)


def _check_utf8(content: bytes, findings: Findings) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.add(errors.TABLE_NOT_UTF8, _line_at(content, error.start), byte=content[error.start])


def _line_at(content: bytes, place: int) -> int:
    before = content[:place]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1


def _physical_lines(content: bytes) -> Iterator[str]:
    # newline="" splits at LF, CR and CRLF alike and keeps what is inside quotes as it was.
    return iter(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""))


def _separator(content: bytes) -> str:
    """The separator that stands most often in the header line outside quotes."""
    marks = "".join(_SEPARATORS) + '"'
    header = next((line for line in _physical_lines(content) if line.strip().strip(marks)), "")
    bare = _QUOTED.sub("", header)
    return max(_SEPARATORS, key=bare.count)


def _records(content: bytes, separator: str, findings: Findings) -> Records:
    """Every row that isn't blank, and the line it starts on; what can't be split is reported and passed over."""
    reader = csv.reader(_physical_lines(content), delimiter=separator, strict=True, skipinitialspace=True)
    line = 1
    while True:
        try:
            for cells in reader:
                if any(cells):
                    yield line, cells
                line = reader.line_num + 1
            return
        except csv.Error as error:
            findings.add(errors.TABLE_SYNTAX, line, reason=_reason(str(error)))
            line = reader.line_num + 1


def _reason(found: str) -> str:
    """The csv module's finding in the words of somebody who edits a table."""
    if "end of data" in found:
        return "a quote is opened and never closed"
    if "field limit" in found:
        return f"a text is longer than {csv.field_size_limit()} characters, or its quote is never closed"
    return "a quoted text goes on after its closing quote"


def _header(
    records: Records, columns: Sequence[str], optional: Collection[str], findings: Findings
) -> _Header | None:
    line, cells = next(_not_blank(records), (1, []))
    if findings:
        return None
    if not cells:
        findings.add(errors.TABLE_EMPTY, line, columns=listed(columns))
        return None
    if len(cells) > MAX_COLUMNS:
        findings.add(errors.TABLE_TOO_WIDE, line, found=len(cells), limit=MAX_COLUMNS)
        return None
    return _match_columns(line, [cell.strip() for cell in cells], columns, optional, findings)


def _match_columns(
    line: int, names: Sequence[str], columns: Sequence[str], optional: Collection[str], findings: Findings
) -> _Header:
    by_fold = {column.casefold(): column for column in columns}
    places: dict[str, int] = {}
    unknown: list[str] = []
    is_clear = True
    for place, name in enumerate(names):
        column = by_fold.get(name.casefold())
        if column is None:
            unknown.append(name)
        elif column in places:
            is_clear = False
            findings.add(errors.COLUMN_TWICE, line, column=column)
        else:
            places[column] = place
    absent = [column for column in columns if column not in places]
    is_clear &= not _report_unknown(line, unknown, columns, absent, findings)
    is_clear &= not _report_missing(
        line, unknown, columns, [c for c in absent if c not in optional], findings
    )
    return _Header(len(names), places, is_clear)


def _report_unknown(
    line: int, unknown: Sequence[str], columns: Sequence[str], absent: Sequence[str], findings: Findings
) -> bool:
    """Whether one of the unknown columns may be one that is absent, so that the absent one's cells are unsure."""
    near = Nearby(absent)
    for name in unknown:
        findings.add(
            errors.COLUMN_UNKNOWN, line, column=shown(name), suggestion=near(name), known=listed(columns)
        )
    return any(near(name) for name in unknown)


def _report_missing(
    line: int, unknown: Sequence[str], columns: Sequence[str], missing: Sequence[str], findings: Findings
) -> bool:
    for column in missing:
        candidate = next((name for name in unknown if Nearby([column])(name)), "")
        near = f" Is it '{shown(candidate)}'?" if candidate else ""
        findings.add(errors.COLUMN_MISSING, line, column=column, suggestion=near, needed=listed(columns))
    return bool(missing)


def _body(
    records: Records,
    header: _Header,
    columns: Sequence[str],
    separator: str,
    findings: Findings,
    exact: frozenset[str],
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    fitting = _of_width(records, header.width, separator, findings)
    parts = []
    while portion := list(islice(fitting, _PORTION)):
        if header.is_clear:
            parts.append(_portion(portion, header, columns, exact))
    if not parts:
        return _no_rows(columns)
    rows = pd.concat([part for part, _ in parts], ignore_index=True)
    lines = np.concatenate([part for _, part in parts])
    has_text = (rows != "").any(axis="columns").to_numpy(dtype=bool)
    return rows[has_text].reset_index(drop=True), lines[has_text]


def _of_width(records: Records, width: int, separator: str, findings: Findings) -> Records:
    """The rows with as many cells as the header; others are reported, unless there is nothing in them."""
    shown_separator = shown(separator)
    for line, cells in records:
        if len(cells) == width:
            yield line, cells
        elif any(map(str.strip, cells)):
            findings.add(errors.ROW_LENGTH, line, found=len(cells), expected=width, separator=shown_separator)


def _portion(
    records: Sequence[tuple[int, list[str]]], header: _Header, columns: Sequence[str], exact: frozenset[str]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    texts = pd.DataFrame([cells for _, cells in records], dtype="str")
    there = {column: texts[place] for column, place in header.places.items()}
    trimmed = {name: text if name in exact else text.str.strip() for name, text in there.items()}
    data = {column: trimmed.get(column, "") for column in columns}
    rows = pd.DataFrame(data, index=texts.index, columns=list(columns), dtype="str")
    return rows, np.array([line for line, _ in records], dtype=np.int64)


def _not_blank(records: Records) -> Records:
    return (record for record in records if any(map(str.strip, record[1])))
