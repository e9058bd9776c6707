"""C9, the portfolio: every unit against every dimension, as levels that can be read without colour and clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.portfolio import Portfolio, PortfolioRow
from assessment.charts.cells import (
    LABEL_COLUMNS,
    LABEL_LINES,
    TITLE_COLUMNS,
    Place,
    Spot,
    places_of,
    shades_of,
    spots_of,
    squares,
    texts,
)
from assessment.charts.labels import line_count, text_columns, wrapped
from assessment.charts.theme import (
    LEVEL_FILLS,
    LINE_HEIGHT,
    NO_DRAG_WITH_SELECTION,
    SMALL_SIZE,
    TEXT_SIZE,
    Palette,
    Room,
    Words,
    frame,
)
from assessment.charts.words import GLYPHS, SHORT_MARK, status_words
from assessment.i18n import decimal, t

_LEVEL_COLUMNS = 16
# Letters that the title of a questionnaire has for each of its columns, on a phone and in an exported picture.
_GROUP_COLUMNS, _EXPORTED_GROUP_COLUMNS = 2, 6
_LEFT, _RIGHT = 102, 34
_ROW, _LEGEND = 34, 70
# Mean width of a letter, in parts of its size.
_LETTER = 0.52


def heatmap(
    finding: Portfolio,
    palette: Palette,
    source: str,
    *,
    level_names: Mapping[int, str],
    selected: tuple[str, str, str] | None = None,
    titled: bool = False,
) -> go.Figure:
    """The level that each unit has reached in each dimension.

    A click anywhere in a cell selects one point, whose `customdata` begins with unit, dimension and
    questionnaire.

    Args:
        finding: The portfolio, in the order to draw.
        palette: The colours of light or dark; the levels look the same in both.
        source: The line below the chart: round, basis, and which rule makes the digit.
        level_names: The name of each level by number, for the legend.
        selected: The `customdata` of a cell to outline, however it was chosen.
        titled: Draw headline and subtitle too, for exported pictures at least 900 px wide.
    """
    places = places_of(finding.columns)
    spots = spots_of(finding, places)
    groups = _groups(places, _EXPORTED_GROUP_COLUMNS if titled else _GROUP_COLUMNS)
    shades = shades_of(level_names)
    traces = [
        squares(finding, places, shades, palette),
        *texts(spots, shades, palette),
        _means(finding.rows, _edge(places), palette),
        *_legend(level_names, shades, palette),
    ]
    layout = frame(palette, _words(finding, source, titled=titled), _room(finding, groups))
    layout |= {
        **_axes(finding, places, groups),
        # Without a limit, the nearest middle is that of the cell itself: all of it answers, not only its digit.
        "hoverdistance": -1,
        "shapes": _outline(spots, selected, palette),
        "dragmode": NO_DRAG_WITH_SELECTION,
    }
    return go.Figure(traces, layout, _validate=False)


def _words(finding: Portfolio, source: str, *, titled: bool) -> Words:
    short = f"{SHORT_MARK} {t('more than one level below target')}"
    key = " · ".join([short, *(f"{glyph} {status_words(status)}" for status, glyph in GLYPHS.items())])
    if not titled:
        return Words(source, key)
    subtitle = t("Level reached in each dimension, highest mean first; the mean of each row at the right")
    return Words(source, key, finding.headline, subtitle)


def _edge(places: Sequence[Place]) -> float:
    """The right end of the last column."""
    return round(places[-1].x + 0.5, 2) if places else 0.5


def _means(rows: Sequence[PortfolioRow], edge: float, palette: Palette) -> dict[str, Any]:
    """The mean of each row right of the plot, at a fixed distance from its edge."""
    known = [(y, row.mean) for y, row in enumerate(rows) if row.mean is not None]
    font = {"color": palette.muted}
    return {
        "type": "scatter",
        "mode": "text",
        "xaxis": "x2",
        "cliponaxis": False,
        "x": [edge] * (len(known) + 1),
        "y": [-0.5, *(y for y, _ in known)],
        # The space keeps the number off the last cell.
        "text": [t("mean"), *(f"\u2002{decimal(mean)}" for _, mean in known)],
        "textposition": ["top right", *["middle right"] * len(known)],
        "textfont": font,
        "unselected": {"textfont": font},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _legend(
    level_names: Mapping[int, str], shades: Mapping[int, int], palette: Palette
) -> list[dict[str, Any]]:
    """A square for each level; the points themselves are nowhere."""
    line = {"width": 1, "color": palette.context}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "showlegend": True,
            "name": wrapped(f"{level} {name}", _LEVEL_COLUMNS, 2),
            "marker": {"symbol": "square", "size": 13, "color": LEVEL_FILLS[shades[level]], "line": line},
        }
        for level, name in sorted(level_names.items())
        if name and level in shades
    ]


def _outline(
    spots: Sequence[Spot], selected: tuple[str, str, str] | None, palette: Palette
) -> list[dict[str, Any]]:
    """A frame around the selected cell, which Plotly itself would show by fading all others."""
    return [
        {
            "type": "rect",
            "x0": round(spot.place.x - 0.5, 2),
            "x1": round(spot.place.x + 0.5, 2),
            "y0": spot.y - 0.5,
            "y1": spot.y + 0.5,
            "line": {"width": 3, "color": palette.ink},
        }
        for spot in spots
        if spot.key == selected
    ]


def _groups(places: Sequence[Place], columns: int) -> list[tuple[str, float]]:
    """The title of each questionnaire, wrapped, and the middle of its columns; none where there is just one."""
    runs = [list(run) for _, run in groupby(places, lambda place: place.column.questionnaire_id)]
    if len(runs) < 2:
        return []
    return [
        (
            wrapped(run[0].column.questionnaire_title, max(10, columns * len(run)), 4),
            round((run[0].x + run[-1].x) / 2, 2),
        )
        for run in runs
    ]


def _titles_length(finding: Portfolio) -> float:
    """The length in px of the longest column title, as far as it is drawn."""
    longest = max((text_columns(column.title) for column in finding.columns), default=0)
    return min(longest, TITLE_COLUMNS) * _LETTER * SMALL_SIZE


def _room(finding: Portfolio, groups: Sequence[tuple[str, float]]) -> Room:
    lines = max((line_count(title) for title, _ in groups), default=0)
    labels = [wrapped(row.label, LABEL_COLUMNS, LABEL_LINES) for row in finding.rows]
    row = max([_ROW, *(line_count(label) * SMALL_SIZE * LINE_HEIGHT for label in labels)])
    # Titles stand upright where many columns meet a phone, and slant at most where there are few.
    titles = _titles_length(finding) * (1.0 if groups else 0.85)
    return Room(len(labels) * row + titles + lines * TEXT_SIZE * LINE_HEIGHT + _LEGEND, _LEFT, _RIGHT)


def _axes(finding: Portfolio, places: Sequence[Place], groups: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Titles on top, slanted where they would touch, upright on a phone; above them the questionnaires."""
    across = {"range": [-0.5, _edge(places)], "side": "top"}
    columns = {
        "tickvals": [place.x for place in places],
        "ticktext": [wrapped(place.column.title, TITLE_COLUMNS, 1) for place in places],
        "autotickangles": [-45, -90] if groups else [0, -45, -90],
        "ticklabelstandoff": 2,
        "ticklabeloverflow": "allow",
    }
    questionnaires = {
        "tickvals": [x for _, x in groups],
        "ticktext": [f"<b>{title}</b>" for title, _ in groups],
        "ticklabelstandoff": round(_titles_length(finding)) + 4 if groups else 0,
        "overlaying": "x",
        "tickangle": 0,
    }
    units = {
        "range": [max(len(finding.rows), 1) - 0.5, -0.5],
        "tickvals": list(range(len(finding.rows))),
        "ticktext": [wrapped(row.label, LABEL_COLUMNS, LABEL_LINES) for row in finding.rows],
        "ticklabelstandoff": 6,
    }
    return {"xaxis": {**across, **columns}, "xaxis2": {**across, **questionnaires}, "yaxis": units}
