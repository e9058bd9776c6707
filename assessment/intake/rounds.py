"""rounds.csv → the rounds by id."""

from __future__ import annotations

from datetime import datetime

from assessment import errors
from assessment.intake.sheet import Sheet
from assessment.intake.tables import read_table
from assessment.intake.times import as_date, as_moment
from assessment.organisation import KEPT_ROUND_COLUMNS, ROUND_COLUMNS, Phase, Round

_MANDATORY = ("round_id", "title")
_DATES = ("opens_on", "closes_on")


def read_rounds(content: bytes, source: str) -> dict[str, Round]:
    """The rounds in a CSV file with `ROUND_COLUMNS`, in its order; all columns after the title may be missing.

    A data package's file also has `KEPT_ROUND_COLUMNS`. What each round asks is not in the file.

    Args:
        content: The file.
        source: Names the file in messages.

    Raises:
        IntakeError: With every problem in the file, by line.
    """
    columns = (*ROUND_COLUMNS, *KEPT_ROUND_COLUMNS)
    sheet = Sheet(read_table(content, source, columns, columns[len(_MANDATORY) :]))
    sheet.require(*_MANDATORY)
    sheet.name(*_MANDATORY)
    sheet.choose("phase", Phase)
    for column in _DATES:
        sheet.form(column, as_date, "a date is written as 2026-11-22")
    sheet.form("closed_at", as_moment, "a time is written as 2026-11-22T14:32:00+00:00")
    _check_order(sheet)
    sheet.unique(
        ("round_id",), ("round_id",), errors.ROW_TWICE, lambda row: f"round '{sheet.cell('round_id', row)}'"
    )
    rows = sheet.result()
    return {row[0]: _round(*row) for row in rows.itertuples(index=False, name=None)}


def _round(
    round_id: str, title: str, phase: str, opens: str, closes: str, closed_at: str, rules_version: str
) -> Round:
    return Round(
        round_id,
        title,
        Phase(phase) if phase else None,
        as_date(opens),
        as_date(closes),
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
        rules_version=rules_version,
    )


def _check_order(sheet: Sheet) -> None:
    # Real dates in this form sort as texts; others were reported already.
    sheet.mark(
        sheet.columns(*_DATES).where(lambda pair: all(map(as_date, pair)) and pair[1] < pair[0]),
        errors.DATES_ORDER,
        lambda row: {"opens": sheet.cell("opens_on", row), "closes": sheet.cell("closes_on", row)},
    )
