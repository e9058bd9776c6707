"""A matrix of states: units against gates, elements against countries. A glyph and a word for each, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from assessment.charts.labels import escaped, line_count, text_columns, wrapped
from assessment.charts.theme import (
    LINE_HEIGHT,
    NO_DRAG_WITH_SELECTION,
    SMALL_SIZE,
    TEXT_SIZE,
    Palette,
    Room,
    Words,
    frame,
)
from assessment.charts.tiles import (
    LETTER,
    labels_at_left,
    legend_square,
    outline,
    tiles,
    titles_above,
    titles_length,
    words_at_right,
)

#: Letters and lines of the label of a row; the rest is in the hover text.
LABEL_COLUMNS, LABEL_LINES = 22, 2
_NOTE_COLUMNS, _NOTE_LINES = 13, 2
_ROW, _LEGEND = 30, 60


@dataclass(frozen=True, slots=True)
class State:
    """What a cell can be: its glyph and words, its fill and the ink on it, in the colours of light or dark."""

    glyph: str
    words: str
    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its label, the state of each column by name (None: nothing there), and a note at the right.

    `hover` says more about each cell, '' for nothing more; `keys` is what a click on the cell gives.
    """

    label: str
    cells: tuple[str | None, ...]
    note: str = ""
    is_noted: bool = False
    hover: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows under the titles of their columns; `states` in the order of the legend.

    A row's label has lines of `label_columns` letters. `selected` are the keys of a cell to outline.
    """

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    states: Mapping[str, State]
    label_columns: int = LABEL_COLUMNS
    selected: tuple[str, ...] | None = None

    @property
    def labels(self) -> list[str]:
        return [wrapped(line.label, self.label_columns, LABEL_LINES) for line in self.lines]


def matrix(grid: Grid, palette: Palette, words: Words) -> go.Figure:
    """The grid as one heatmap under a text for each state; a click on a cell gives its `keys` as `customdata`."""
    layout = frame(palette, words, _room(grid))
    layout |= {
        **_axes(grid),
        "hoverdistance": -1,
        "dragmode": NO_DRAG_WITH_SELECTION,
        "shapes": outline(_selected(grid), palette),
    }
    traces = [
        _squares(grid),
        *(_texts(grid, name) for name in grid.states if _places(grid, name)),
        _notes(grid, palette),
        *(legend_square(_named(state), state.fill, palette) for state in grid.states.values()),
    ]
    # Unchecked, because Plotly's own check costs more than the drawing and refuses `NO_DRAG_WITH_SELECTION`.
    return go.Figure(traces, layout, _validate=False)


def _squares(grid: Grid) -> dict[str, Any]:
    """The fills, one for each state."""
    place = {name: number for number, name in enumerate(grid.states)}
    steps = [[None if cell is None else place[cell] for cell in line.cells] for line in grid.lines]
    return tiles(steps, [state.fill for state in grid.states.values()])


def _selected(grid: Grid) -> list[tuple[float, float]]:
    """Where the outlined cell is."""
    return [
        (x, y)
        for y, line in enumerate(grid.lines)
        for x, keys in enumerate(line.keys)
        if keys == grid.selected
    ]


def _places(grid: Grid, name: str) -> list[tuple[int, int]]:
    """Where a state stands, as (row, column)."""
    return [(y, x) for y, line in enumerate(grid.lines) for x, cell in enumerate(line.cells) if cell == name]


def _texts(grid: Grid, name: str) -> dict[str, Any]:
    """The glyphs of one state, a single trace."""
    state, places = grid.states[name], _places(grid, name)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for _, x in places],
        "y": [y for y, _ in places],
        "text": [state.glyph] * len(places),
        "textfont": {"color": state.ink, "size": TEXT_SIZE},
        # Plotly fades what isn't selected; a faded glyph can't be read on its fill.
        "unselected": {"textfont": {"color": state.ink}},
        "customdata": [list(line.keys[x]) if (line := grid.lines[y]).keys else [] for y, x in places],
        "hovertext": [_hover(grid, y, x, state) for y, x in places],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _hover(grid: Grid, y: int, x: int, state: State) -> str:
    line = grid.lines[y]
    more = line.hover[x] if line.hover else ""
    told = [f"<b>{wrapped(line.label, 60, 4)}</b>", wrapped(grid.columns[x], 60, 4), escaped(state.words)]
    return "<br>".join([*told, *([wrapped(more, 60, 6)] if more else [])])


def _notes(grid: Grid, palette: Palette) -> dict[str, Any]:
    """What each row comes to, right of the plot."""
    noted = [(y, line) for y, line in enumerate(grid.lines) if line.note]
    colors = [palette.attention if line.is_noted else palette.muted for _, line in noted]
    texts = ["\u2002" + _note(line).replace("<br>", "<br>\u2002") for _, line in noted]
    return {
        **words_at_right(len(grid.columns) - 0.5, [y for y, _ in noted], texts),
        "textfont": {"color": colors},
        "unselected": {"textfont": {"color": palette.muted}},
    }


def _note(line: Line) -> str:
    return wrapped(line.note, _NOTE_COLUMNS, _NOTE_LINES)


def _named(state: State) -> str:
    return escaped(f"{state.glyph} {state.words}".strip())


def _axes(grid: Grid) -> dict[str, Any]:
    """Titles on top, slanted where they would touch, upright on a phone."""
    places, last = range(len(grid.columns)), max(len(grid.columns), 1) - 0.5
    return {
        "xaxis": titles_above(places, grid.columns, last, [0, 45, 90]),
        "yaxis": labels_at_left(grid.labels),
    }


def _room(grid: Grid) -> Room:
    labels = grid.labels
    labels += [_note(line) for line in grid.lines]
    row = max([_ROW, *(line_count(label) * SMALL_SIZE * LINE_HEIGHT + 6 for label in labels)])
    notes = [part for line in grid.lines for part in _note(line).split("<br>")]
    widest = max(map(text_columns, notes), default=0)
    left = min(max(map(text_columns, (line.label for line in grid.lines)), default=0), grid.label_columns)
    right = widest * LETTER * TEXT_SIZE + 12 if widest else 12
    return Room(
        len(grid.lines) * row + titles_length(grid.columns) + _LEGEND, left * LETTER * TEXT_SIZE + 12, right
    )
