"""CSV for machines: exact text, every text quoted, numbers that read back to the same double, empty is missing."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import pandas as pd

from assessment.analysis.moves import MOVE_COLUMNS
from assessment.analysis.readiness import GATE_COLUMNS, VERDICT_COLUMNS
from assessment.organisation import UNIT_COLUMNS
from assessment.scoring.table import SCORE_COLUMNS

#: Columns whose numbers have no fraction.
WHOLE_NUMBERS = frozenset(
    {"level", "secured_level", "questions", "answered", "not_applicable", "dont_know", "unanswered", "from_level", "to_level", "effort", "needed_level",
     "claimed_level", "supported_level", "hard_gates", "hard_met"}
)  # fmt: skip


def scores_csv(scores: pd.DataFrame) -> bytes:
    """scores.csv: one row per row of the score table, `SCORE_COLUMNS` in their order."""
    return _written(scores[list(SCORE_COLUMNS)])


def moves_csv(moves: pd.DataFrame) -> bytes:
    """moves.csv: `MOVE_COLUMNS` in their order."""
    return _written(moves[list(MOVE_COLUMNS)])


def gates_csv(gates: pd.DataFrame) -> bytes:
    """gates.csv: `GATE_COLUMNS` in their order."""
    return _written(gates[list(GATE_COLUMNS)])


def verdicts_csv(verdicts: pd.DataFrame) -> bytes:
    """verdicts.csv: `VERDICT_COLUMNS` in their order."""
    return _written(verdicts[list(VERDICT_COLUMNS)])


def table_csv(table: pd.DataFrame) -> bytes:
    """A table of any columns, as they are."""
    return _written(table)


def units_csv(units: pd.DataFrame) -> bytes:
    """units.csv: `UNIT_COLUMNS` in their order."""
    return _written(units[list(UNIT_COLUMNS)])


def _written(frame: pd.DataFrame) -> bytes:
    """The table as UTF-8 without a byte order mark, lines ended by LF."""
    names = [str(column) for column in frame]
    columns = [_cells(frame[name], name) for name in names]
    lines = [",".join(map(_quoted, names))]
    lines += [",".join(row) for row in zip(*columns, strict=True)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _cells(values: pd.Series[Any], column: str) -> Iterable[str]:
    return [cell(value, column) for value in values.tolist()]


def cell(value: Any, column: str = "") -> str:
    """A value as it stands in a file: '' for what is missing, texts in quotes, numbers bare."""
    if value is None or value is pd.NA or value == "" or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Integral):
        return str(int(value))
    # repr is the shortest text that reads back to the same double.
    return str(int(value)) if column in WHOLE_NUMBERS else repr(float(value))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
