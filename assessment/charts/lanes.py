"""Rows along one scale: what charts share that draw a dimension a line, with its outcome at the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import plotly.graph_objects as go

from assessment.charts.labels import is_cut, line_count, wrapped
from assessment.charts.theme import LINE_HEIGHT, SMALL_SIZE, Palette, Room, Words, frame, rounded
from assessment.i18n import decimal

_TITLE_COLUMNS, _TITLE_LINES = 17, 8
_OUTCOME_COLUMNS = 11
_LEVEL_COLUMNS = 18
_LEFT, _RIGHT = 122, 72
_LEAST_ROW = 36
# On a phone the legend has a line an entry and the names of levels slant: what both may take from the rows.
_LEGEND_LINE, _SLANTED_NAMES, _LEVEL_NAMES = 20, 72, 30


@dataclass(frozen=True, slots=True)
class Lanes:
    """The rows from the top: their names and outcomes in lines, and where each stands, in px from the top."""

    titles: tuple[str, ...]
    outcomes: tuple[str, ...]
    places: tuple[float, ...]
    height: float

    def room(self, legend_entries: int) -> Room:
        height = self.height + legend_entries * _LEGEND_LINE + _SLANTED_NAMES - _LEVEL_NAMES
        return Room(height, _LEFT, _RIGHT, below=_LEVEL_NAMES)

    @property
    def axis(self) -> dict[str, Any]:
        return {
            "range": [self.height or 1, 0],
            "tickvals": list(self.places),
            "ticktext": list(self.titles),
            "ticklabelstandoff": 8,
        }


def lanes(titles: Sequence[str], outcomes: Sequence[str]) -> Lanes:
    """A lane for each row, as high as its title and its outcome need."""
    named = tuple(wrapped(title, _TITLE_COLUMNS, _TITLE_LINES) for title in titles)
    ends = tuple(wrapped(outcome, _OUTCOME_COLUMNS) for outcome in outcomes)
    heights = [_height(title, outcome) for title, outcome in zip(named, ends, strict=True)]
    places = [round(end - height / 2) for end, height in zip(accumulate(heights), heights, strict=True)]
    return Lanes(named, ends, tuple(places), sum(heights))


def _height(title: str, outcome: str) -> float:
    return max(_LEAST_ROW, max(line_count(title), line_count(outcome)) * SMALL_SIZE * LINE_HEIGHT + 8)


def scale_axis(
    scale: Sequence[tuple[float, str]], drawn: Iterable[float | None], palette: Palette
) -> dict[str, Any]:
    """The questionnaire's scale, wide enough for every value; a range of values has no names, so Plotly finds ticks."""
    values = [value for value, _ in scale]
    known = [*values, *(value for value in drawn if value is not None)] or [0.0, 1.0]
    low, high = min(known), max(known)
    pad = (high - low or 1) * 0.06
    axis: dict[str, Any] = {
        "range": rounded([low - pad, high + pad]),
        "showgrid": True,
        "gridcolor": palette.grid,
        "tickfont": {"color": palette.muted, "size": SMALL_SIZE},
    }
    if not any(name for _, name in scale):
        return {**axis, "nticks": 6}
    names = [wrapped(f"{value:g} {name}", _LEVEL_COLUMNS, 1) for value, name in scale]
    return {**axis, "tickvals": rounded(values), "ticktext": names, "autotickangles": [0, -45, -90]}


def segments(
    ends: Iterable[tuple[float | None, float | None]], places: Sequence[float], line: dict[str, Any]
) -> dict[str, Any]:
    """One trace for the lines of all rows: a missing value lifts the pen."""
    x: list[float | None] = []
    y: list[float | None] = []
    for (start, end), place in zip(ends, places, strict=True):
        if start is not None and end is not None:
            x += [start, end, None]
            y += [place, place, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": rounded(x),
        "y": y,
        "line": line,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def points(
    name: str,
    values: Sequence[float | None],
    titles: Sequence[str],
    places: Sequence[float],
    marker: dict[str, Any],
) -> dict[str, Any]:
    """One trace for the marks of all rows; `name`, which the legend and the hover text say, is escaped already."""
    shown = [
        (value, title, place)
        for value, title, place in zip(values, titles, places, strict=True)
        if value is not None
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "marker": marker,
        "showlegend": True,
        "cliponaxis": False,
        "x": rounded(value for value, _, _ in shown),
        "y": [place for _, _, place in shown],
        "hovertext": [_hover(value, title) for value, title, _ in shown],
        # The name is in the template because Plotly cuts names in hover labels; neither can hold a `%{…}` of its own.
        "hovertemplate": f"{name}<br>%{{hovertext}}<extra></extra>",
    }


def _hover(value: float, title: str) -> str:
    """The value; with the title where the axis had no room for all of it."""
    if is_cut(title, _TITLE_COLUMNS, _TITLE_LINES):
        return f"{decimal(value)}<br>{wrapped(title, 60, 40)}"
    return decimal(value)


def figure(
    found: Lanes, axis: dict[str, Any], traces: Sequence[dict[str, Any]], palette: Palette, words: Words
) -> go.Figure:
    """The rows as a picture along `axis`, with room for the legend that these traces have."""
    layout = frame(palette, words, found.room(sum(trace["showlegend"] for trace in traces)))
    return go.Figure(traces, {**layout, "xaxis": axis, "yaxis": found.axis})


def outcome_texts(
    found: Lanes, edge: float, colours: Sequence[str], are_bold: Sequence[bool]
) -> dict[str, Any]:
    """The outcome of each row right of the plot, at a fixed distance from its edge."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [edge] * len(found.places),
        "y": list(found.places),
        "text": [
            f"<b>{text}</b>" if is_bold else text
            for text, is_bold in zip(found.outcomes, are_bold, strict=True)
        ],
        "textfont": {"color": list(colours)},
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
