"""C3, the radar: the numbers of the dumbbell once more, as a profile; read the values, not the area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.gaps import GapFinding, GapRow
from assessment.charts.labels import wrapped
from assessment.charts.theme import SMALL_SIZE, Palette, Room, Words, frame, rounded
from assessment.i18n import decimal, t

_TITLE_COLUMNS, _TITLE_LINES = 14, 3
_ROUND_COLUMNS = 28
# Plotly keeps no room for the names of these axes: what three lines need above and below, a share of the height.
_HEIGHT, _SIDE, _NAMES = 440, 98, 0.13
#: Below this many axes there is no shape to see.
LEAST_AXES = 3


def radar(finding: GapFinding, order: Sequence[str], palette: Palette, words: Words) -> go.Figure:
    """The same finding as the dumbbell, with an axis a dimension: unfilled lines of before, now and the target.

    Args:
        finding: The gaps.
        order: The ids of all dimensions as the questionnaire has them: the axes keep their places in every round and
            for every unit, because the shape depends on them.
        palette: The colours of light or dark.
        words: What is said around the chart.
    """
    by_id = {row.dimension_id: row for row in finding.rows}
    rows = [by_id[name] for name in order if name in by_id]
    traces = _profiles(finding, rows, palette)
    return go.Figure(
        traces,
        {**frame(palette, words, Room(_HEIGHT, _SIDE, _SIDE)), "polar": _polar(finding, rows, palette)},
    )


def radar_headline(finding: GapFinding) -> str:
    return t("{unit}: the same numbers, drawn as a profile", unit=finding.unit_label)


def radar_subtitle(finding: GapFinding) -> str:
    return t(
        "{questionnaire}: the shape depends on the order of the axes; read the values, not the area",
        questionnaire=finding.questionnaire_title,
    )


def _profiles(finding: GapFinding, rows: Sequence[GapRow], palette: Palette) -> list[dict[str, Any]]:
    """Told apart by dash and mark; a missing value breaks its line."""
    rounds = finding.rounds
    drawn: list[tuple[str, list[float | None], dict[str, Any], str | None]] = [
        (
            t("Target"),
            [row.target for row in rows],
            {"color": palette.target, "width": 2, "dash": "dot"},
            None,
        )
    ]
    if rounds.before:
        name = _role(t("Before"), rounds.before.name)
        line = {"color": palette.before, "width": 2, "dash": "dash"}
        drawn.append((name, [row.before for row in rows], line, "circle-open"))
    name = _role(t("Now"), rounds.now.name)
    drawn.append((name, [row.now for row in rows], {"color": palette.now, "width": 3.5}, "circle"))
    return [
        _profile(name, values, rows, line, symbol)
        for name, values, line, symbol in drawn
        if any(value is not None for value in values)
    ]


def _role(word: str, title: str) -> str:
    return wrapped(f"{word} ({title})", _ROUND_COLUMNS, 2)


def _profile(
    name: str,
    values: Sequence[float | None],
    rows: Sequence[GapRow],
    line: dict[str, Any],
    symbol: str | None,
) -> dict[str, Any]:
    """One closed line over all axes: the first value again at its end."""
    around = [*range(len(rows)), 0]
    return {
        "type": "scatterpolar",
        "mode": "lines+markers" if symbol else "lines",
        "name": name,
        "line": line,
        "marker": {"symbol": symbol or "circle", "size": 9, "color": line["color"]},
        "r": rounded(values[place] for place in around),
        # Ids, because two dimensions may bear one title.
        "theta": [rows[place].dimension_id for place in around],
        "hovertext": [_hover(rows[place], values[place]) for place in around],
        "hovertemplate": f"{name}<br>%{{hovertext}}<extra></extra>",
        "showlegend": True,
        "cliponaxis": False,
    }


def _hover(row: GapRow, value: float | None) -> str:
    return f"{wrapped(row.title, 60, 4)} {'–' if value is None else decimal(value)}"


def _polar(finding: GapFinding, rows: Sequence[GapRow], palette: Palette) -> dict[str, Any]:
    values = [value for value, _ in finding.scale] or [0.0, 5.0]
    lowest = min(0.0, *values)
    ticks = {"size": SMALL_SIZE, "color": palette.muted}
    names = [row.dimension_id for row in rows]
    return {
        "domain": {"x": [0, 1], "y": [_NAMES, 1 - _NAMES]},
        "gridshape": "linear",
        "bgcolor": palette.background,
        "radialaxis": {
            "range": [lowest, max(values)], "tickvals": rounded(values) if len(values) <= 6 else None, "angle": 90,
            "tickangle": 90, "gridcolor": palette.grid, "linecolor": palette.context, "tickfont": ticks,
        },
        "angularaxis": {
            "rotation": 90, "direction": "clockwise", "gridcolor": palette.grid, "linecolor": palette.context,
            "type": "category", "categoryorder": "array", "categoryarray": names, "tickmode": "array", "tickvals": names,
            "ticktext": [wrapped(row.title, _TITLE_COLUMNS, _TITLE_LINES) for row in rows],
            "tickfont": {"size": SMALL_SIZE, "color": palette.ink},
        },
    }  # fmt: skip
