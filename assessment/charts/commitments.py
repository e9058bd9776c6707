"""What became of the moves that were taken on: a bar a round, in parts by how they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from assessment.analysis.commitments import CommitmentsFinding, Standing
from assessment.charts.lanes import figure, lanes
from assessment.charts.theme import SMALL_SIZE, Palette, Words
from assessment.charts.words import move_state_words
from assessment.i18n import t
from assessment.statements import MoveState

_BAR = 24


class _Look(NamedTuple):
    fill: str
    ink: str
    pattern: str


def commitment_bars(finding: CommitmentsFinding, palette: Palette, words: Words) -> go.Figure:
    """The rounds in time; each part has its number in it, and all parts their words in the legend."""
    rounds = finding.rounds
    totals = [sum(finding.number(entry.id, kind) for kind in Standing) for entry in rounds]
    found = lanes([entry.name for entry in rounds], [""] * len(rounds))
    kinds = [kind for kind in Standing if finding.total(kind)]
    traces = [_bars(finding, kind, found.places, palette) for kind in kinds]
    axis = {
        "range": [0, (max(totals, default=1) or 1) * 1.01],
        "showgrid": True,
        "gridcolor": palette.grid,
        "nticks": 6,
        "tickformat": "d",
        "tickfont": {"color": palette.muted, "size": SMALL_SIZE},
    }
    # Plotly would turn the legend of a stack round.
    drawn = figure(found, axis, traces, palette, words)
    return drawn.update_layout(barmode="stack", legend_traceorder="normal")


def _bars(
    finding: CommitmentsFinding, kind: Standing, places: Sequence[float], palette: Palette
) -> dict[str, Any]:
    numbers = [finding.number(entry.id, kind) for entry in finding.rounds]
    look = _look(kind, palette)
    return {
        "type": "bar",
        "orientation": "h",
        "name": standing_words(kind),
        "showlegend": True,
        "x": numbers,
        "y": list(places),
        "width": _BAR,
        "text": [str(number) if number else "" for number in numbers],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": look.ink, "size": SMALL_SIZE},
        "marker": {
            "color": look.fill,
            "line": {"width": 1, "color": palette.context},
            "pattern": {"shape": look.pattern, "fgcolor": palette.context, "size": 8, "solidity": 0.2},
        },
        "hovertemplate": f"{standing_words(kind)}: %{{x}}<extra></extra>",
    }


def _look(kind: Standing, palette: Palette) -> _Look:
    """Filled where it is done, orange where it is late, patterned or pale where nothing can be counted on yet."""
    return {
        Standing.REACHED: _Look(palette.now, palette.background, ""),
        Standing.ONLY_SAID: _Look(palette.progress, palette.ink, ""),
        Standing.UNDER_WAY: _Look(palette.grid, palette.ink, ""),
        Standing.PLANNED: _Look(palette.background, palette.ink, ""),
        Standing.OVERDUE: _Look(palette.attention, palette.background, ""),
        Standing.DROPPED: _Look(palette.background, palette.ink, "/"),
    }[kind]


def standing_words(kind: Standing) -> str:
    return {
        Standing.REACHED: t("Done, and the answers show it"),
        Standing.ONLY_SAID: t("Done, not in the answers yet"),
        Standing.UNDER_WAY: move_state_words(MoveState.UNDER_WAY),
        Standing.PLANNED: move_state_words(MoveState.PLANNED),
        Standing.OVERDUE: t("Overdue"),
        Standing.DROPPED: move_state_words(MoveState.DROPPED),
    }[kind]
