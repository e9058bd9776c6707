"""C2, the dumbbell: where a unit came from, where it stands, how far the target is, dimension by dimension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.gaps import GapFinding, GapRow
from assessment.charts.labels import wrapped
from assessment.charts.lanes import figure, lanes, outcome_texts, points, scale_axis, segments
from assessment.charts.theme import Palette, Words
from assessment.charts.words import to_target_words
from assessment.i18n import t
from assessment.organisation import Round

_ROUND_COLUMNS = 28


def dumbbell(finding: GapFinding, palette: Palette, words: Words) -> go.Figure:
    """The gaps of one unit as lines from before to now and on to the target.

    Args:
        finding: The gaps; rows without a score say why at the right.
        palette: The colours of light or dark.
        words: What is said around the chart.
    """
    rows = finding.rows
    found = lanes([row.title for row in rows], [to_target_words(row) for row in rows])
    drawn = (value for row in rows for value in (row.before, *row.during, row.now, row.target))
    axis = scale_axis(finding.scale, drawn, palette)
    colours = [palette.attention if row.is_wide else palette.muted for row in rows]
    traces = [
        *_lines(rows, found.places, palette),
        *_markers(finding, found.places, palette),
        outcome_texts(found, axis["range"][1], colours, [bool(row.gap) for row in rows]),
    ]
    return figure(found, axis, traces, palette, words)


def _lines(rows: Sequence[GapRow], places: Sequence[float], palette: Palette) -> list[dict[str, Any]]:
    """Dotted from now to the target, thick from before to now."""
    to_go = {"width": 2, "dash": "3px,3px"}
    narrow, wide = ([_to_go(row, wide=is_wide) for row in rows] for is_wide in (False, True))
    come = [(row.before, row.now) for row in rows]
    return [
        segments(narrow, places, {**to_go, "color": palette.context}),
        segments(wide, places, {**to_go, "color": palette.attention}),
        segments(come, places, {"width": 5, "color": palette.progress}),
    ]


def _to_go(row: GapRow, *, wide: bool) -> tuple[float | None, float | None]:
    return (row.now, row.target) if row.gap and row.is_wide is wide else (None, None)


def _markers(finding: GapFinding, places: Sequence[float], palette: Palette) -> list[dict[str, Any]]:
    """A ring, a tick, a dot and a diamond: told apart by shape; absent roles have no legend entry."""
    rounds, rows = finding.rounds, finding.rows
    titles = [row.title for row in rows]
    before = {"symbol": "circle-open", "size": 19, "color": palette.before, "line": {"width": 2.5}}
    tick = {"symbol": "line-ns", "size": 13, "line": {"width": 2.5, "color": palette.now}}
    now = {"symbol": "circle", "size": 12, "color": palette.now}
    target = {"symbol": "diamond-open", "size": 13, "color": palette.target, "line": {"width": 2.5}}
    traces = []
    if rounds.before:
        name = _role(t("Before"), rounds.before)
        traces.append(points(name, [row.before for row in rows], titles, places, before))
    for number, entry in enumerate(rounds.during):
        values = [row.during[number] for row in rows]
        traces.append(points(_role(t("During"), entry), values, titles, places, tick))
    traces.append(points(_role(t("Now"), rounds.now), [row.now for row in rows], titles, places, now))
    if any(row.target is not None for row in rows):
        traces.append(points(t("Target"), [row.target for row in rows], titles, places, target))
    return traces


def _role(word: str, entry: Round) -> str:
    return wrapped(f"{word} ({entry.name})", _ROUND_COLUMNS, 2)
