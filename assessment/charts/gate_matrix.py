"""C5: the gates of each unit as a matrix, the verdict at its right; only exceptions are coloured."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from assessment.analysis.gate_matrix import GateMatrix, GateRow
from assessment.analysis.gates import Gate, GateState, Verdict
from assessment.charts.matrix import Grid, Line, State, matrix
from assessment.charts.theme import DARK, Palette, Words
from assessment.charts.words import GATE_SIGNS, gate_words
from assessment.i18n import t

#: Narrow, because on a phone the cells of all gates need the width.
_LABEL_COLUMNS = 16


def gate_matrix(
    finding: GateMatrix,
    palette: Palette,
    words: Words,
    verdict_words: Callable[[GateRow], str],
    more: Callable[[Gate, Sequence[Gate]], str],
    selected: tuple[str, str] | None = None,
) -> go.Figure:
    """Every unit in a row, every gate in a column; a click on a cell gives unit and gate.

    Args:
        finding: The units and gates in the order to draw.
        palette: The colours of light or dark.
        words: What is said around the chart.
        verdict_words: What a row comes to, in a word or three.
        more: What is said of a gate when the pointer is on it, below its state; of a country with its domains' gates.
        selected: Unit and gate of a cell to outline, however it was chosen.
    """
    lines = [_line(finding, row, verdict_words(row), more) for row in finding.rows]
    titles = tuple(column.title for column in finding.columns)
    grid = Grid(titles, tuple(lines), gate_states(palette), _LABEL_COLUMNS, selected)
    return matrix(grid, palette, words)


def _line(finding: GateMatrix, row: GateRow, note: str, more: Callable[[Gate, Sequence[Gate]], str]) -> Line:
    below = row.below or ((),) * len(row.gates)
    return Line(
        row.label,
        tuple(str(gate.state) if gate else None for gate in row.gates),
        note=note,
        is_noted=row.verdict is Verdict.NOT_YET or (bool(row.domains) and not row.ready),
        hover=tuple(more(gate, under) if gate else "" for gate, under in zip(row.gates, below, strict=True)),
        keys=tuple((row.unit_id, column.key) for column in finding.columns),
    )


def gate_states(palette: Palette) -> dict[str, State]:
    """What has been passed stays grey; what nobody has shown is pale, what isn't met stands out."""
    is_dark = palette is DARK
    pale, ink = ("#5B3A1B", "#FFFFFF") if is_dark else ("#FCE3C5", "#111827")
    strong = "#111827" if is_dark else "#FFFFFF"
    fills = {
        GateState.NOT_MET: (palette.attention, strong),
        GateState.CLAIMED: (pale, ink),
        GateState.UNKNOWN: (palette.grid if not is_dark else "#3A4250", palette.ink),
        GateState.MET: (palette.missing, palette.muted),
        GateState.NOT_APPLICABLE: (palette.background, palette.muted),
    }
    return {str(state): State(GATE_SIGNS[state], t(gate_words(state)), *fills[state]) for state in fills}
