"""C7, level against spread: how high countries are on each question, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import plotly.graph_objects as go

from assessment.analysis.common_or_local import SpreadFinding
from assessment.charts.labels import escaped, text_columns, wrapped
from assessment.charts.placing import STEP, Box, Label, Mark, place_labels, spread_out
from assessment.charts.theme import (
    LINE_HEIGHT,
    SMALL_SIZE,
    SOURCE_SIZE,
    TEXT_SIZE,
    Palette,
    Room,
    Words,
    frame,
    rounded,
)
from assessment.i18n import decimal, t
from assessment.questionnaire.verdicts import SpreadRules

#: A shape for each questionnaire, in the order of the round; with more of them shapes come again, and the legend stays.
SHAPES = ("circle", "square", "diamond", "triangle-up", "pentagon")
#: The plot for which names are placed. On a narrower one each box for a name shrinks with it, and Plotly hides the names
#: that no longer fit: a phone shows the marks alone.
WIDTH, HEIGHT = 700, 600
_MARK = 10
_NAME_COLUMNS = 26
# On a phone two of them stand side by side.
_TITLE_COLUMNS, _TITLE_LINES = 15, 3
# Mean width of a letter, in parts of its size; and what Plotly keeps free around a text in a bar.
_LETTER, _PADDING = 0.54, 8
# The height of such a bar: enough for the tallest font, because only its width may decide whether a name is shown.
_TALL = 34
_LEFT, _RIGHT, _BELOW = 56, 12, 56
# Medians come in halves of a level and quartiles in quarters; a block of marks stays off the next place.
_MEDIAN_STEP, _SPREAD_STEP = 0.5, 0.25
# Above and below the marks, in levels: what the names of the quadrants need.
_PAD = 0.4


@dataclass(frozen=True, slots=True)
class Dot:
    """A question on the chart: its name and its questionnaire, and the finding, which has a median and a spread."""

    name: str
    questionnaire: str
    finding: SpreadFinding


class _Corner(NamedTuple):
    """The name of a quadrant, where it is anchored, its place and its box in px."""

    text: str
    anchor: str
    x: float
    y: float
    box: Box


@dataclass(frozen=True, slots=True)
class _Plane:
    """From levels to px and back: medians to the right, spreads downwards, so that what is alike stands on top."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def across(self) -> float:
        return WIDTH / (self.right - self.left)

    @property
    def down(self) -> float:
        return HEIGHT / (self.bottom - self.top)

    def px(self, median: float, spread: float) -> tuple[float, float]:
        return (median - self.left) * self.across, (spread - self.top) * self.down

    def levels(self, x: float, y: float) -> tuple[float, float]:
        return self.left + x / self.across, self.top + y / self.down


def commonality(
    dots: Sequence[Dot],
    rules: SpreadRules,
    level_names: Mapping[int, str],
    palette: Palette,
    words: Words,
) -> go.Figure:
    """Every question by its median level and the distance between its quartiles, in the four quadrants of the rules.

    Args:
        dots: The questions that have both; in the order of their questionnaires.
        rules: Where high and narrow end, and what follows.
        level_names: The name of each level of the scale.
        palette: The colours of light or dark.
        words: What is said around the chart.
    """
    plane = _plane(dots, level_names)
    places = _places(dots, rules, plane)
    corners = _corners(rules)
    traces = [
        *_names(dots, _labels(dots, places, corners), plane, palette),
        *_marks(dots, places, plane, palette),
        _corner_texts(corners, plane, palette),
    ]
    layout = frame(palette, words, Room(HEIGHT + 40, _LEFT, _RIGHT, below=_BELOW))
    return go.Figure(
        traces, {**layout, **_axes(plane, level_names, palette), **_limits(plane, rules, palette)}
    )


def _plane(dots: Sequence[Dot], level_names: Mapping[int, str]) -> _Plane:
    """The whole scale, so that rounds can be laid side by side; below, as far as countries lie apart."""
    levels = list(level_names) or [1, 5]
    widest = max((dot.finding.spread or 0.0 for dot in dots), default=0.0)
    return _Plane(min(levels) - 0.5, max(levels) + 0.5, -_PAD, max(2.0, widest) + _PAD)


def _places(dots: Sequence[Dot], rules: SpreadRules, plane: _Plane) -> list[tuple[float, float]]:
    """Where each mark stands, in px: marks at one place give way from the limits, so that none changes its quadrant."""
    marks = []
    for dot in dots:
        middle, spread = dot.finding.median or 0.0, dot.finding.spread or 0.0
        x, y = plane.px(middle, spread)
        to_right = 1 if middle >= rules.high_from else -1
        marks.append(Mark(round(x, 3), round(y, 3), to_right, -1 if spread <= rules.narrow_up_to else 1))
    room = (_MEDIAN_STEP * plane.across - STEP, _SPREAD_STEP * plane.down - STEP)
    return spread_out(marks, room)


def _corners(rules: SpreadRules) -> list[_Corner]:
    """The name of each quadrant in its corner."""
    left, right, top, bottom = 6.0, WIDTH - 6.0, 6.0, HEIGHT - 6.0
    return [
        _corner(rules.low_narrow.title, left, top),
        _corner(rules.high_narrow.title, right, top),
        _corner(rules.low_wide.title, left, bottom),
        _corner(rules.high_wide.title, right, bottom),
    ]


def _corner(title: str, x: float, y: float) -> _Corner:
    text = wrapped(title, _TITLE_COLUMNS, _TITLE_LINES)
    lines = text.split("<br>")
    width = max(map(text_columns, lines)) * TEXT_SIZE * 0.6
    height = len(lines) * TEXT_SIZE * LINE_HEIGHT
    is_left, is_top = x < WIDTH / 2, y < HEIGHT / 2
    left, top = (x if is_left else x - width), (y if is_top else y - height)
    anchor = f"{'bottom' if is_top else 'top'} {'right' if is_left else 'left'}"
    return _Corner(text, anchor, x, y, Box(left, top, left + width, top + height))


def _labels(
    dots: Sequence[Dot],
    places: Sequence[tuple[float, float]],
    corners: Sequence[_Corner],
) -> list[Label]:
    sizes = [
        (
            min(text_columns(dot.name), _NAME_COLUMNS) * SOURCE_SIZE * _LETTER + _PADDING,
            SOURCE_SIZE * LINE_HEIGHT + 4,
        )
        for dot in dots
    ]
    return place_labels(places, sizes, Box(0, 0, WIDTH, HEIGHT), [corner.box for corner in corners], _MARK)


def _names(
    dots: Sequence[Dot], labels: Sequence[Label], plane: _Plane, palette: Palette
) -> Iterator[dict[str, Any]]:
    """The names of the marks in bars that nobody sees: Plotly hides a text that doesn't fit its bar."""
    for side, anchor in (("right", "start"), ("left", "end"), ("middle", "middle")):
        of_side = [label for label in labels if label.side == side]
        ends = [
            (plane.levels(label.box.left, label.box.top), plane.levels(label.box.right, label.box.bottom))
            for label in of_side
        ]
        if not of_side:
            continue
        yield {
            "type": "bar",
            "orientation": "h",
            "base": [round(left, 3) for (left, _), _ in ends],
            "x": [round(right - left, 3) for (left, _), (right, _) in ends],
            "y": [round((top + bottom) / 2, 3) for (_, top), (_, bottom) in ends],
            "width": round(_TALL / plane.down, 3),
            "text": [wrapped(dots[label.mark].name, _NAME_COLUMNS, 1) for label in of_side],
            "textposition": "inside",
            "insidetextanchor": anchor,
            "textangle": 0,
            "insidetextfont": {"size": SOURCE_SIZE, "color": palette.muted},
            "marker": {"color": "rgba(0,0,0,0)"},
            "hoverinfo": "skip",
            "showlegend": False,
        }


def _marks(
    dots: Sequence[Dot], places: Sequence[tuple[float, float]], plane: _Plane, palette: Palette
) -> Iterator[dict[str, Any]]:
    """A trace for each questionnaire; borderline ones are hollow."""
    titles = list(dict.fromkeys(dot.questionnaire for dot in dots))
    for number, title in enumerate(titles):
        mine = [(dot, place) for dot, place in zip(dots, places, strict=True) if dot.questionnaire == title]
        shape, colour = SHAPES[number % len(SHAPES)], palette.series[number % len(palette.series)]
        at = [plane.levels(*place) for _, place in mine]
        hollow = [dot.finding.is_borderline for dot, _ in mine]
        yield {
            "type": "scatter",
            "mode": "markers",
            "name": escaped(title),
            "x": [round(x, 3) for x, _ in at],
            "y": [round(y, 3) for _, y in at],
            "marker": {
                "symbol": [f"{shape}-open" if is_hollow else shape for is_hollow in hollow],
                "size": _MARK,
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
            "hovertext": [_hover(dot) for dot, _ in mine],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "showlegend": False,
        }
        # Of its own, because the legend would show the first mark, which may be hollow.
        yield {
            "type": "scatter",
            "mode": "markers",
            "name": escaped(title),
            "x": [None],
            "y": [None],
            "marker": {"symbol": shape, "size": _MARK, "color": colour},
            "showlegend": True,
        }


def _hover(dot: Dot) -> str:
    finding = dot.finding
    told = t(
        "median level {median}, {spread} between the quartiles",
        median=decimal(finding.median or 0.0), spread=decimal(finding.spread or 0.0, 2),
    )  # fmt: skip
    parts = [f"<b>{wrapped(dot.name, 60, 4)}</b>", wrapped(dot.questionnaire, 60, 2), escaped(told)]
    if finding.advice:
        parts.append(wrapped(finding.advice.title, 60, 2))
    return "<br>".join([*parts, *([escaped(t("borderline"))] if finding.is_borderline else [])])


def _corner_texts(corners: Sequence[_Corner], plane: _Plane, palette: Palette) -> dict[str, Any]:
    at = [plane.levels(corner.x, corner.y) for corner in corners]
    return {
        "type": "scatter",
        "mode": "text",
        "x": rounded(x for x, _ in at),
        "y": rounded(y for _, y in at),
        "text": [f"<b>{corner.text}</b>" for corner in corners],
        "textposition": [corner.anchor for corner in corners],
        "textfont": {"size": TEXT_SIZE, "color": palette.ink},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _axes(plane: _Plane, level_names: Mapping[int, str], palette: Palette) -> dict[str, Any]:
    title = {"font": {"size": SMALL_SIZE, "color": palette.muted}, "standoff": 8}
    tick = {"color": palette.muted, "size": SMALL_SIZE}
    return {
        "barmode": "overlay",
        "uniformtext": {"mode": "hide", "minsize": SOURCE_SIZE},
        "xaxis": {
            "range": rounded([plane.left, plane.right]),
            "tickvals": list(level_names),
            "ticktext": [wrapped(f"{level} {name}", 18, 1) for level, name in level_names.items()],
            "autotickangles": [0, -45, -90],
            "tickfont": tick,
            "title": {"text": escaped(t("Median level of the countries")), **title},
        },
        "yaxis": {
            "range": rounded([plane.bottom, plane.top]),
            "dtick": 0.5,
            "tick0": 0,
            "showgrid": True,
            "gridcolor": palette.grid,
            "tickfont": tick,
            "title": {"text": escaped(t("Levels between the quartiles (more alike ↑)")), **title},
        },
    }


def _limits(plane: _Plane, rules: SpreadRules, palette: Palette) -> dict[str, Any]:
    """The two limits, and what can become the standard on a ground of its own: three shapes, whatever is drawn."""
    line = {"color": palette.context, "width": 1.5}
    below = {"layer": "below"}
    return {
        "shapes": [
            {
                "type": "rect", "x0": rules.high_from, "x1": round(plane.right, 2), "y0": round(plane.top, 2),
                "y1": rules.narrow_up_to, "fillcolor": palette.missing, "line": {"width": 0}, **below,
            },
            {
                "type": "line", "x0": rules.high_from, "x1": rules.high_from, "y0": round(plane.top, 2),
                "y1": round(plane.bottom, 2), "line": line, **below,
            },
            {
                "type": "line", "x0": round(plane.left, 2), "x1": round(plane.right, 2), "y0": rules.narrow_up_to,
                "y1": rules.narrow_up_to, "line": line, **below,
            },
        ]
    }  # fmt: skip
