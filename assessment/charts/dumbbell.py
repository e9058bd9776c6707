"""C2, the dumbbell: where a unit came from, where it stands, how far the target is, dimension by dimension."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.gaps import GapFinding, GapRow
from assessment.charts.labels import is_cut, line_count, wrapped
from assessment.charts.theme import LINE_HEIGHT, SMALL_SIZE, Palette, Room, Words, frame, rounded
from assessment.charts.words import status_words
from assessment.i18n import decimal, t
from assessment.organisation import Round

_TITLE_COLUMNS, _TITLE_LINES = 17, 8
_OUTCOME_COLUMNS = 11
_ROUND_COLUMNS = 28
_LEVEL_COLUMNS = 18
_LEFT, _RIGHT = 122, 72
_LEAST_ROW = 36
# On a phone the legend has a line an entry and the names of levels slant: what both may take from the rows.
_LEGEND_LINE, _SLANTED_NAMES, _LEVEL_NAMES = 20, 72, 30


def dumbbell(finding: GapFinding, palette: Palette, source: str, *, titled: bool = False) -> go.Figure:
    """The gaps of one unit as lines from before to now and on to the target.

    Args:
        finding: The gaps; rows without a score say why at the right.
        palette: The colours of light or dark.
        source: The line below the chart: round, basis, rule.
        titled: Draw headline and subtitle too, for exported pictures at least 900 px wide.
    """
    rows = finding.rows
    titles = [wrapped(row.title, _TITLE_COLUMNS, _TITLE_LINES) for row in rows]
    outcomes = [wrapped(_outcome(row), _OUTCOME_COLUMNS) for row in rows]
    heights = [_row_height(title, outcome) for title, outcome in zip(titles, outcomes, strict=True)]
    places = [round(end - height / 2) for end, height in zip(accumulate(heights), heights, strict=True)]
    axis = _scale_axis(finding, palette)
    traces = [
        *_lines(rows, places, palette),
        *_markers(finding, places, palette),
        _outcomes(rows, places, outcomes, axis["range"][1], palette),
    ]
    words = Words(source, headline=finding.headline, subtitle=finding.subtitle) if titled else Words(source)
    legend = sum(trace["showlegend"] for trace in traces) * _LEGEND_LINE
    room = Room(sum(heights) + legend + _SLANTED_NAMES - _LEVEL_NAMES, _LEFT, _RIGHT, below=_LEVEL_NAMES)
    layout = frame(palette, words, room)
    dimensions = {
        "range": [sum(heights) or 1, 0],
        "tickvals": places,
        "ticktext": titles,
        "ticklabelstandoff": 8,
    }
    return go.Figure(traces, {**layout, "xaxis": axis, "yaxis": dimensions})


def _row_height(title: str, outcome: str) -> float:
    return max(_LEAST_ROW, max(line_count(title), line_count(outcome)) * SMALL_SIZE * LINE_HEIGHT + 8)


def _outcome(row: GapRow) -> str:
    """What is left to do, or why nobody knows."""
    if row.now is None:
        return status_words(row.status)
    if row.gap is None:
        return t("no target")
    if not row.gap:
        return t("on target")
    shown = decimal(row.gap)
    return t("gap {gap}", gap=shown if float(shown) else f"<{decimal(0.1)}")


def _scale_axis(finding: GapFinding, palette: Palette) -> dict[str, Any]:
    """The questionnaire's scale, wide enough for every value; a range of values has no names, so Plotly finds ticks."""
    values = [value for value, _ in finding.scale]
    drawn = [value for row in finding.rows for value in (row.before, *row.during, row.now, row.target)]
    known = [*values, *(value for value in drawn if value is not None)] or [0.0, 1.0]
    low, high = min(known), max(known)
    pad = (high - low or 1) * 0.06
    axis: dict[str, Any] = {
        "range": rounded([low - pad, high + pad]),
        "showgrid": True,
        "gridcolor": palette.grid,
        "tickfont": {"color": palette.muted, "size": SMALL_SIZE},
    }
    if not any(name for _, name in finding.scale):
        return {**axis, "nticks": 6}
    names = [wrapped(f"{value:g} {name}", _LEVEL_COLUMNS, 1) for value, name in finding.scale]
    return {**axis, "tickvals": rounded(values), "ticktext": names, "autotickangles": [0, -45, -90]}


def _lines(rows: Sequence[GapRow], places: Sequence[float], palette: Palette) -> list[dict[str, Any]]:
    """Dotted from now to the target, thick from before to now."""
    to_go = {"width": 2, "dash": "3px,3px"}
    return [
        _segments(rows, places, lambda row: _to_go(row, wide=False), {**to_go, "color": palette.context}),
        _segments(rows, places, lambda row: _to_go(row, wide=True), {**to_go, "color": palette.attention}),
        _segments(rows, places, lambda row: (row.before, row.now), {"width": 5, "color": palette.progress}),
    ]


def _to_go(row: GapRow, *, wide: bool) -> tuple[float | None, float | None]:
    return (row.now, row.target) if row.gap and row.is_wide is wide else (None, None)


def _segments(
    rows: Sequence[GapRow],
    places: Sequence[float],
    ends: Callable[[GapRow], tuple[float | None, float | None]],
    line: dict[str, Any],
) -> dict[str, Any]:
    """One trace for all rows: a missing value lifts the pen."""
    x: list[float | None] = []
    y: list[float | None] = []
    for row, place in zip(rows, places, strict=True):
        start, end = ends(row)
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


def _markers(finding: GapFinding, places: Sequence[float], palette: Palette) -> list[dict[str, Any]]:
    """A ring, a tick, a dot and a diamond: told apart by shape; absent roles have no legend entry."""
    rounds, rows = finding.rounds, finding.rows
    before = {"symbol": "circle-open", "size": 19, "color": palette.before, "line": {"width": 2.5}}
    tick = {"symbol": "line-ns", "size": 13, "line": {"width": 2.5, "color": palette.now}}
    now = {"symbol": "circle", "size": 12, "color": palette.now}
    target = {"symbol": "diamond-open", "size": 13, "color": palette.target, "line": {"width": 2.5}}
    traces = []
    if rounds.before:
        traces.append(
            _points(_role(t("Before"), rounds.before), [row.before for row in rows], rows, places, before)
        )
    for number, entry in enumerate(rounds.during):
        values = [row.during[number] for row in rows]
        traces.append(_points(_role(t("During"), entry), values, rows, places, tick))
    traces.append(_points(_role(t("Now"), rounds.now), [row.now for row in rows], rows, places, now))
    if any(row.target is not None for row in rows):
        traces.append(_points(t("Target"), [row.target for row in rows], rows, places, target))
    return traces


def _role(word: str, entry: Round) -> str:
    return wrapped(f"{word} ({entry.title or entry.id})", _ROUND_COLUMNS, 2)


def _points(
    name: str,
    values: Sequence[float | None],
    rows: Sequence[GapRow],
    places: Sequence[float],
    marker: dict[str, Any],
) -> dict[str, Any]:
    shown = [
        (value, row, place)
        for value, row, place in zip(values, rows, places, strict=True)
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
        "hovertext": [_hover(value, row) for value, row, _ in shown],
        # The name is in the template because Plotly cuts names in hover labels; neither can hold a `%{…}` of its own.
        "hovertemplate": f"{name}<br>%{{hovertext}}<extra></extra>",
    }


def _hover(value: float, row: GapRow) -> str:
    """The value; with the title where the axis had no room for all of it."""
    if is_cut(row.title, _TITLE_COLUMNS, _TITLE_LINES):
        return f"{decimal(value)}<br>{wrapped(row.title, 60, 40)}"
    return decimal(value)


def _outcomes(
    rows: Sequence[GapRow], places: Sequence[float], outcomes: Sequence[str], edge: float, palette: Palette
) -> dict[str, Any]:
    """The outcome of each row right of the plot, at a fixed distance from its edge."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [edge] * len(rows),
        "y": list(places),
        "text": [f"<b>{text}</b>" if row.gap else text for text, row in zip(outcomes, rows, strict=True)],
        "textfont": {"color": [palette.attention if row.is_wide else palette.muted for row in rows]},
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
