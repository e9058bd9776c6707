"""C10, the peers: a unit's own score beside the middle half and the median of the others, dimension by dimension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.peers import PeerFinding, PeerRow
from assessment.charts.labels import wrapped
from assessment.charts.lanes import figure, lanes, outcome_texts, points, scale_axis, segments
from assessment.charts.theme import Palette, Words
from assessment.charts.words import SHORT_MARK, status_words
from assessment.i18n import decimal, t

_NAME_COLUMNS = 28


def peers(finding: PeerFinding, palette: Palette, words: Words) -> go.Figure:
    """One unit among others whose names and scores nobody sees.

    Args:
        finding: The own scores and the others' quartiles; rows without either say why at the right.
        palette: The colours of light or dark.
        words: What is said around the chart.
    """
    rows = finding.rows
    found = lanes([row.title for row in rows], [_outcome(row) for row in rows])
    axis = scale_axis(finding.scale, [value for row in rows for value in (row.own, row.target)], palette)
    colours = [palette.attention if row.is_below else palette.muted for row in rows]
    traces = [
        _middle_halves(rows, found.places, palette),
        *_markers(finding, found.places, palette),
        outcome_texts(found, axis["range"][1], colours, [row.is_below for row in rows]),
    ]
    return figure(found, axis, traces, palette, words)


def _outcome(row: PeerRow) -> str:
    """How far from the median, or why nobody knows."""
    if row.own is None:
        return status_words(row.status)
    if row.difference is None:
        return t("fewer than five others")
    sign = "+" if row.difference > 0 else "−" if row.difference < 0 else "±"
    mark = f"{SHORT_MARK} " if row.is_below else ""
    return mark + t("{difference} to median", difference=f"{sign}{decimal(abs(row.difference))}")


def _middle_halves(rows: Sequence[PeerRow], places: Sequence[float], palette: Palette) -> dict[str, Any]:
    ends = [(row.others.lower, row.others.upper) if row.others else (None, None) for row in rows]
    bars = segments(ends, places, {"width": 12, "color": palette.context})
    return {**bars, "name": t("Middle half of the others"), "showlegend": True}


def _markers(finding: PeerFinding, places: Sequence[float], palette: Palette) -> list[dict[str, Any]]:
    """A tick, a diamond and a dot; below the middle half a triangle that points down: told apart by shape."""
    rows, unit = finding.rows, wrapped(finding.unit_label, _NAME_COLUMNS, 2)
    below = wrapped(t("{unit}, below the middle half", unit=finding.unit_label), _NAME_COLUMNS, 3)
    tick = {"symbol": "line-ns", "size": 24, "line": {"width": 3, "color": palette.ink}}
    diamond = {"symbol": "diamond-open", "size": 13, "color": palette.target, "line": {"width": 2.5}}
    edge = {"width": 1.5, "color": palette.background}
    dot = {"symbol": "circle", "size": 14, "color": palette.now, "line": edge}
    triangle = {"symbol": "triangle-down", "size": 16, "color": palette.attention, "line": edge}
    drawn = [
        (t("Median of the others"), [row.others.median if row.others else None for row in rows], tick),
        (t("Target"), [row.target for row in rows], diamond),
        (unit, [None if row.is_below else row.own for row in rows], dot),
        (below, [row.own if row.is_below else None for row in rows], triangle),
    ]
    titles = [row.title for row in rows]
    return [
        points(name, values, titles, places, marker)
        for name, values, marker in drawn
        if any(value is not None for value in values)
    ]
