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
    Place,
    places_of,
    shades_of,
    spots_of,
    squares,
    texts,
)
from assessment.charts.labels import line_count, wrapped
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
from assessment.charts.tiles import (
    labels_at_left,
    legend_square,
    outline,
    titles_above,
    titles_length,
    words_at_right,
)
from assessment.charts.words import key_words
from assessment.i18n import decimal, t

_LEVEL_COLUMNS = 16
# Letters that the title of a questionnaire has for each of its columns, on a phone and in an exported picture.
_GROUP_COLUMNS, _EXPORTED_GROUP_COLUMNS = 2, 6
_LEFT, _RIGHT = 102, 34
_ROW, _LEGEND, _LEGEND_LINE = 34, 70, 42


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
        source: The line below an exported picture: round, basis, and which rule makes the digit.
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
        "shapes": outline([(spot.place.x, spot.y) for spot in spots if spot.key == selected], palette),
        "dragmode": NO_DRAG_WITH_SELECTION,
    }
    return go.Figure(traces, layout, _validate=False)


def _words(finding: Portfolio, source: str, *, titled: bool) -> Words:
    if not titled:
        return Words("")
    subtitle = t(
        "Level reached in each dimension, highest mean first; at the right the mean over the questionnaires of each row"
    )
    return Words(source, key_words(), finding.headline, subtitle)


def _edge(places: Sequence[Place]) -> float:
    """The right end of the last column."""
    return round(places[-1].x + 0.5, 2) if places else 0.5


def _means(rows: Sequence[PortfolioRow], edge: float, palette: Palette) -> dict[str, Any]:
    """The mean of each row right of the plot, at a fixed distance from its edge."""
    known = [(y, row.mean) for y, row in enumerate(rows) if row.mean is not None]
    # The space keeps the number off the last cell.
    texts = [t("mean"), *(f"\u2002{decimal(mean)}" for _, mean in known)]
    font = {"color": palette.muted}
    return {
        **words_at_right(edge, [-0.5, *(y for y, _ in known)], texts),
        "xaxis": "x2",
        "textposition": ["top right", *["middle right"] * len(known)],
        "textfont": font,
        "unselected": {"textfont": font},
    }


def _legend(
    level_names: Mapping[int, str], shades: Mapping[int, int], palette: Palette
) -> list[dict[str, Any]]:
    """A square for each level that has a name."""
    return [
        legend_square(wrapped(f"{level} {name}", _LEVEL_COLUMNS, 2), LEVEL_FILLS[shades[level]], palette)
        for level, name in sorted(level_names.items())
        if name and level in shades
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


def _room(finding: Portfolio, groups: Sequence[tuple[str, float]]) -> Room:
    lines = max((line_count(title) for title, _ in groups), default=0)
    labels = [wrapped(row.label, LABEL_COLUMNS, LABEL_LINES) for row in finding.rows]
    row = max([_ROW, *(line_count(label) * SMALL_SIZE * LINE_HEIGHT for label in labels)])
    # Titles stand upright where many columns meet a phone, and slant at most where there are few.
    titles = _longest(finding) * (1.0 if groups else 0.85)
    height = len(labels) * row + titles + lines * TEXT_SIZE * LINE_HEIGHT + _LEGEND
    return Room(height, _LEFT, _RIGHT, above=_above(finding, groups))


def _above(finding: Portfolio, groups: Sequence[tuple[str, float]]) -> float:
    """The legend in one line, the questionnaires and the titles of the columns: upright, or in a line where they are few."""
    if not groups:
        return _LEGEND_LINE + SMALL_SIZE * LINE_HEIGHT
    lines = max(line_count(title) for title, _ in groups)
    return _LEGEND_LINE + _titles(finding) + lines * SMALL_SIZE * LINE_HEIGHT


def _axes(finding: Portfolio, places: Sequence[Place], groups: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Titles on top, slanted where they would touch, upright on a phone; above them the questionnaires."""
    edge, angles = _edge(places), [45, 90] if groups else [0, 45, 90]
    columns = titles_above(
        [place.x for place in places], [place.column.title for place in places], edge, angles
    )
    questionnaires = {
        "range": columns["range"],
        "side": "top",
        "tickvals": [x for _, x in groups],
        "ticktext": [f"<b>{title}</b>" for title, _ in groups],
        "ticklabelstandoff": _titles(finding) if groups else 0,
        "ticklabeloverflow": "allow",
        "overlaying": "x",
        "tickangle": 0,
    }
    labels = [wrapped(row.label, LABEL_COLUMNS, LABEL_LINES) for row in finding.rows]
    return {"xaxis": columns, "xaxis2": questionnaires, "yaxis": labels_at_left(labels)}


def _titles(finding: Portfolio) -> int:
    """What the titles of the columns take below those of the questionnaires, upright as on a phone."""
    return round(_longest(finding)) + 4


def _longest(finding: Portfolio) -> float:
    return titles_length(column.title for column in finding.columns)
