"""Who moved and why: each unit's change as a bar, in parts by what brought them about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.matched import Cause
from assessment.analysis.movers import Movement, MovementFinding, cause_words, signed
from assessment.charts.labels import wrapped
from assessment.charts.lanes import figure, lanes, outcome_texts
from assessment.charts.theme import SMALL_SIZE, Palette, Words, rounded
from assessment.i18n import t

#: More units than this make no picture; the table has them all.
MOST_UNITS = 25
_BAR = 17
#: A pattern each, so that nobody depends on a colour.
_PATTERNS = {
    Cause.ANSWERS: "", Cause.UNKNOWNS: "/", Cause.QUESTIONS: "x", Cause.WEIGHTS: "|", Cause.MEMBERSHIP: ".",
    Cause.UNDIVIDED: "-",
}  # fmt: skip


def movement_bars(finding: MovementFinding, palette: Palette, words: Words) -> go.Figure:
    """The units whose change is taken apart, those that changed a whole level first; parts that lower lie left of 0."""
    drawn = finding.split[:MOST_UNITS]
    found = lanes([row.label for row in drawn], [_outcome(row) for row in drawn])
    ends = rounded(_range(drawn))
    causes = finding.causes
    changed = [row.levels != 0 for row in drawn]
    fell = [row.levels < 0 for row in drawn]
    traces = [
        *(_bars(drawn, found.places, cause, palette) for cause in causes),
        outcome_texts(
            found, ends[1] or 0.0, [palette.attention if f else palette.muted for f in fell], changed
        ),
    ]
    axis = {
        "range": ends,
        "showgrid": True,
        "gridcolor": palette.grid,
        "zeroline": True,
        "zerolinecolor": palette.ink,
        "zerolinewidth": 1.5,
        "nticks": 7,
        "tickfont": {"color": palette.muted, "size": SMALL_SIZE},
    }
    drawn_up = figure(found, axis, traces, palette, words)
    return drawn_up.update_layout(barmode="relative", legend_traceorder="normal")


def _outcome(row: Movement) -> str:
    """The change, and the whole levels where they differ."""
    told = signed(row.change or 0.0)
    return f"{told} ({row.level_then}→{row.level_now})" if row.levels else told


def _range(rows: Sequence[Movement]) -> tuple[float, float]:
    """Wide enough for the parts on each side, which may be longer than the change."""
    sides = [
        sum(part for part in row.parts.values() if (part > 0) is is_right)
        for row in rows
        for is_right in (False, True)
    ]
    low, high = min([*sides, -0.1]), max([*sides, 0.1])
    air = 0.04 * (high - low)
    return low - air, high + air


def _bars(
    rows: Sequence[Movement], places: Sequence[float], cause: Cause, palette: Palette
) -> dict[str, Any]:
    words = cause_words(cause)
    colour = palette.now if cause is Cause.ANSWERS else palette.muted
    parts = [row.parts.get(cause, 0.0) for row in rows]
    return {
        "type": "bar",
        "orientation": "h",
        "name": words[:1].upper() + words[1:],
        "showlegend": True,
        "x": rounded(parts),
        "y": list(places),
        "width": _BAR,
        "marker": {
            "color": colour,
            "line": {"width": 1, "color": colour},
            "pattern": {
                "shape": _PATTERNS[cause],
                "fgcolor": colour,
                "bgcolor": palette.background,
                "size": 7,
                "solidity": 0.35,
            },
        },
        "hovertext": [
            f"<b>{wrapped(row.label, 60, 4)}</b><br>"
            + t("{cause}: {part}", cause=words, part=signed(part, 2))
            for row, part in zip(rows, parts, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
