"""C6, rank ranges: which places each unit may as well have, and in which half all of them lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.standing import RankRange
from assessment.analysis.tiers import Tier
from assessment.charts.labels import escaped, text_columns, wrapped
from assessment.charts.theme import SMALL_SIZE, SOURCE_SIZE, TEXT_SIZE, Palette, Room, Words, frame
from assessment.i18n import t

_LABEL_COLUMNS = 18
_ROW, _ABOVE, _LEGEND = 30, 40, 60
# Mean width of a letter, in parts of its size; and how far a bar reaches around the place that it ends at.
_LETTER, _AROUND = 0.54, 0.42
_THICK, _RING = 0.34, 13
_RIGHT = 62
# How much of its colour a bar keeps over the background: the wide range, and its middle half.
_LIGHT, _DARK = 0.38, 0.85
# More places than this would touch on a phone.
_EVERY_PLACE = 15

TIER_WORDS: Mapping[Tier, str] = {
    Tier.UPPER: "whole range in the upper half",
    Tier.NEITHER: "reaches the middle",
    Tier.LOWER: "whole range in the lower half",
}


def rank_chart(
    ranges: Sequence[RankRange],
    tiers: Mapping[str, Tier],
    labels: Mapping[str, str],
    palette: Palette,
    words: Words,
) -> go.Figure:
    """The ranges of ranks as bars, in the order of `ranges`; the ring is the rank of the score.

    Args:
        ranges: Of one questionnaire version, best rank first.
        tiers: The tier of each of them.
        labels: The name of each unit by id.
        palette: The colours of light or dark.
        words: What is said around the chart.
    """
    places = {entry.unit_id: place for place, entry in enumerate(ranges)}
    colours = {Tier.UPPER: palette.now, Tier.NEITHER: palette.before, Tier.LOWER: palette.attention}
    traces: list[dict[str, Any]] = []
    for tier, colour in colours.items():
        mine = [entry for entry in ranges if tiers[entry.unit_id] is tier]
        if mine:
            traces += _of_tier(mine, places, labels, tier, colour, palette)
    traces.append(_texts(ranges, places, palette))
    widest = max((text_columns(labels[entry.unit_id]) for entry in ranges), default=0)
    left = min(widest, _LABEL_COLUMNS) * TEXT_SIZE * _LETTER + 12
    layout = frame(palette, words, Room(len(ranges) * _ROW + _ABOVE + _LEGEND, left, _RIGHT))
    return go.Figure(traces, {**layout, **_axes(ranges, labels, palette)})


def _of_tier(
    ranges: Sequence[RankRange],
    places: Mapping[str, int],
    labels: Mapping[str, str],
    tier: Tier,
    colour: str,
    palette: Palette,
) -> Iterator[dict[str, Any]]:
    """The wide bars, the bars of the middle half, and the rings of one tier."""
    rows = [places[entry.unit_id] for entry in ranges]
    yield _bars(rows, [(entry.best, entry.worst) for entry in ranges], colour, _LIGHT)
    yield _bars(rows, [entry.core for entry in ranges], colour, _DARK)
    yield {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(t(TIER_WORDS[tier])),
        "x": [entry.rank for entry in ranges],
        "y": rows,
        "marker": {
            "symbol": "circle",
            "size": _RING,
            "color": palette.background,
            "line": {"width": 3, "color": colour},
        },
        "hovertext": [_hover(entry, labels[entry.unit_id]) for entry in ranges],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": True,
    }


def _bars(
    rows: Sequence[int], ends: Sequence[tuple[int, int]], colour: str, opacity: float
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "base": [best - _AROUND for best, _ in ends],
        "x": [round(worst - best + 2 * _AROUND, 2) for best, worst in ends],
        "y": list(rows),
        "width": _THICK,
        "marker": {"color": colour, "opacity": opacity},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _hover(entry: RankRange, label: str) -> str:
    told = [
        t("rank {rank} by its score", rank=entry.rank),
        t("{range} with other weights, methods and unknowns", range=places_words(entry.best, entry.worst)),
        t("{range} in the middle half of the draws", range=places_words(*entry.core)),
    ]
    return "<br>".join([f"<b>{wrapped(label, 60, 3)}</b>", *map(escaped, told)])


def places_words(best: int, worst: int) -> str:
    """A range of places as people read it, never a place alone: of one place it says that nothing tried moved it.

    >>> places_words(2, 5), places_words(3, 3)
    ('2–5', '3–3')
    """
    return f"{best}–{worst}"


def _texts(ranges: Sequence[RankRange], places: Mapping[str, int], palette: Palette) -> dict[str, Any]:
    """Each range in figures, right of the plot."""
    return {
        "type": "scatter",
        "mode": "text",
        "cliponaxis": False,
        "x": [len(ranges) + 0.5] * len(ranges),
        "y": [places[entry.unit_id] for entry in ranges],
        "text": [f"\u2002{places_words(entry.best, entry.worst)}" for entry in ranges],
        "textposition": "middle right",
        "textfont": {"color": palette.muted, "size": TEXT_SIZE},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _axes(ranges: Sequence[RankRange], labels: Mapping[str, str], palette: Palette) -> dict[str, Any]:
    """Places above, names at the left, and a line between the two halves."""
    count = max(len(ranges), 1)
    middle = (count + 1) / 2
    ticks = {"dtick": 1} if count <= _EVERY_PLACE else {"nticks": 8}
    return {
        "barmode": "overlay",
        "xaxis": {
            "range": [0.5, count + 0.5],
            "side": "top",
            "tick0": 1,
            **ticks,
            "showgrid": True,
            "gridcolor": palette.grid,
            "tickangle": 0,
            "tickfont": {"color": palette.muted, "size": SOURCE_SIZE},
            "title": {
                "text": escaped(t("Rank (1 = highest score)")),
                "font": {"size": SMALL_SIZE, "color": palette.muted},
            },
        },
        "yaxis": {
            "range": [count - 0.5, -0.5],
            "tickvals": list(range(len(ranges))),
            "ticktext": [wrapped(labels[entry.unit_id], _LABEL_COLUMNS, 1) for entry in ranges],
            "ticklabelstandoff": 6,
        },
        "shapes": [
            {
                "type": "line", "x0": middle, "x1": middle, "y0": count - 0.5, "y1": -0.5, "layer": "below",
                "line": {"color": palette.context, "width": 1.5, "dash": "4px,4px"},
            }
        ],
    }  # fmt: skip
