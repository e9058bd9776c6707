"""The two matrices of a board pack as plain values: levels by country and dimension, gates by country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar

from assessment.analysis.board_pack import BoardPack
from assessment.analysis.gate_columns import GateColumn
from assessment.analysis.gate_matrix import GateMatrix, GateRow
from assessment.analysis.gates import Gate, GateState
from assessment.analysis.portfolio import Cell, PortfolioColumn, PortfolioRow
from assessment.charts.cells import shades_of
from assessment.charts.words import (
    GATE_SIGNS,
    GLYPHS,
    SHORT_MARK,
    gate_words,
    key_of_cells,
    row_words,
)
from assessment.exports.pdf_text import cut
from assessment.i18n import decimal, t
from assessment.questionnaire.models import Questionnaire

_Row = TypeVar("_Row")

#: With more rows than fit into one block, two of them stand side by side.
MOST_ROWS, MOST_IN_A_BLOCK = 60, 30
#: With more columns than this no two blocks have room, and more than the second no block has.
_COLUMNS_IN_TWO, _MOST_COLUMNS = 20, 38
_NAME_COLUMNS, _SHORT_NAME_COLUMNS, _TITLE_COLUMNS = 44, 24, 46


def portfolio_page(pack: BoardPack) -> dict[str, Any]:
    """Countries against dimensions: those with the lowest means where not all have room."""
    found = pack.countries
    columns = found.columns[:_MOST_COLUMNS]
    rows, in_block = _shown_rows(found.rows, len(columns))
    shades = {entry.id: shades_of({int(v): name for v, name in entry.axis}) for entry in pack.questionnaires}
    return {
        "kind": "portfolio",
        "topic": t("Levels of countries"),
        "title": found.headline,
        "unit": t("Country"),
        "mean": t("Mean"),
        "groups": [
            {"title": cut(title, _TITLE_COLUMNS), "span": len(list(members))}
            for title, members in groupby(columns, lambda column: column.questionnaire_title)
        ],
        "columns": [cut(column.title, _TITLE_COLUMNS) for column in columns],
        "blocks": [
            [_levels(row, columns, shades, in_block < len(rows)) for row in rows[start : start + in_block]]
            for start in range(0, len(rows), in_block)
        ],
        "key": [t("The digit is the whole level that the mean has reached."), *key_of_cells()],
        "levels": _level_names(pack.questionnaires),
        "note": _left_out(rows, len(found.rows), len(columns), len(found.columns)),
    }


def _shown_rows(rows: Sequence[_Row], columns: int) -> tuple[Sequence[_Row], int]:
    """The rows with room on a page, the last of them first to stay, and how many stand in one block."""
    blocks = 2 if columns <= _COLUMNS_IN_TWO else 1
    shown = rows[-MOST_IN_A_BLOCK * blocks :]
    return shown, MOST_IN_A_BLOCK if len(shown) > MOST_IN_A_BLOCK else max(len(shown), 1)


def _left_out(rows: Sequence[PortfolioRow], all_rows: int, columns: int, all_columns: int) -> str:
    """What the page has no room for; '' where everything is on it."""
    notes = []
    unknown = sum(row.mean is None for row in rows)
    if len(rows) < all_rows and unknown:
        notes.append(
            t(
                "The {known} countries with the lowest means and {unknown} without a mean, of {all}.",
                known=len(rows) - unknown,
                unknown=unknown,
                all=all_rows,
            )
        )
    elif len(rows) < all_rows:
        notes.append(t("The {n} countries with the lowest means of {all}.", n=len(rows), all=all_rows))
    if columns < all_columns:
        notes.append(t("The first {n} dimensions of {all}.", n=columns, all=all_columns))
    return " ".join(notes)


def _levels(
    row: PortfolioRow,
    columns: Sequence[PortfolioColumn],
    shades: Mapping[str, Mapping[int, int]],
    is_small: bool,
) -> dict[str, Any]:
    return {
        "name": cut(row.label, _SHORT_NAME_COLUMNS if is_small else _NAME_COLUMNS),
        "mean": "–" if row.mean is None else decimal(row.mean),
        "cells": [
            _cell(cell, shades[column.questionnaire_id])
            for cell, column in zip(row.cells, columns, strict=False)
        ],
    }  # fmt: skip


def _cell(cell: Cell, shades: Mapping[int, int]) -> dict[str, Any]:
    if cell.score is None:
        return {"text": GLYPHS.get(cell.status, "–"), "shade": 0, "short": ""}
    digit = decimal(cell.score, 0) if cell.level is None else str(cell.level)
    shade = shades.get(cell.level, 0) if cell.level is not None else 0
    return {"text": digit, "shade": shade, "short": SHORT_MARK if cell.is_short else ""}


def _level_names(asked: Sequence[Questionnaire]) -> list[dict[str, Any]]:
    """The names of the levels with their fills, of the first questionnaire that has some."""
    names = next(({int(v): name for v, name in entry.axis} for entry in asked if entry.has_levels), {})
    shades = shades_of(names)
    return [
        {"shade": shades.get(level, 0), "text": str(level), "words": cut(name, 24)}
        for level, name in names.items()
    ][:9]


def gates_page(pack: BoardPack) -> dict[str, Any] | None:
    """Countries against the hard gates of a first pilot; None where no rules judge the round."""
    matrix = pack.gates
    if matrix is None or not matrix.rows:
        return None
    hard = [column for column in matrix.columns if column.hard] or list(matrix.columns)
    shown = hard[-_COLUMNS_IN_TWO:]
    rows, in_block = _shown_rows(matrix.rows, len(shown))
    is_small = in_block < len(rows)
    return {
        "kind": "gates",
        "topic": t("Gates of a first pilot"),
        "title": matrix.headline,
        "unit": t("Country"),
        "columns": [cut(column.title, _TITLE_COLUMNS) for column in shown],
        "floors": t("Floors open"),
        "ready": t("Domains ready"),
        "blocked": _blocked(matrix, shown),
        "blocks": [
            [_gates(row, matrix, shown, is_small) for row in rows[start : start + in_block]]
            for start in range(0, len(rows), in_block)
        ],
        "key": [f"{GATE_SIGNS[state]} {gate_words(state)}" for state in GateState],
        "note": _gates_note(matrix, len(rows), len(shown), len(hard)),
    }


def _gates_note(matrix: GateMatrix, rows: int, shown: int, hard: int) -> str:
    notes = [t("Signs are what a country's own answers say; a pilot is judged by the answers of its domain.")]
    if rows < len(matrix.rows):
        notes.append(
            t("The {n} countries that passed the fewest gates of {all}.", n=rows, all=len(matrix.rows))
        )
    if shown < hard:
        notes.append(t("The {n} hard gates that fewest passed of {all}.", n=shown, all=hard))
    return " ".join(notes)


def _blocked(matrix: GateMatrix, shown: Sequence[GateColumn]) -> dict[str, Any] | None:
    """How many domains each gate holds back; None where no domain is judged."""
    judged = {column.key: column for column in matrix.judged}
    if not judged:
        return None
    found = [judged.get(column.key) for column in shown]
    return {
        "name": t("Domains that it blocks"),
        "cells": ["" if column is None else str(column.blocked) for column in found],
        "all": t("of {n}", n=max((column.asked for column in judged.values()), default=0)),
    }


def _gates(row: GateRow, matrix: GateMatrix, shown: Sequence[GateColumn], is_small: bool) -> dict[str, Any]:
    gates = dict(zip((column.key for column in matrix.columns), row.gates, strict=True))
    floors = [gate for gate in row.gates if gate is not None and not gate.hard]
    return {
        "name": cut(row.label, _SHORT_NAME_COLUMNS if is_small else _NAME_COLUMNS),
        "cells": [_sign(gates.get(column.key)) for column in shown],
        "floors": t("{n} of {all}", n=sum(gate.is_open for gate in floors), all=len(floors))
        if floors
        else "–",
        "ready": row_words(row),
    }


def _sign(gate: Gate | None) -> dict[str, str]:
    return {"sign": GATE_SIGNS[gate.state], "state": str(gate.state)} if gate else {"sign": "", "state": ""}
