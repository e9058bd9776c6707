"""C9, the portfolio: every unit against every dimension, as levels that can be read without colour and clicked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import plotly.graph_objects as go

from assessment.analysis.portfolio import Cell, Portfolio, PortfolioColumn, PortfolioRow
from assessment.charts.labels import is_cut, line_count, text_columns, wrapped
from assessment.charts.theme import (
    LEVEL_FILLS,
    LEVEL_INKS,
    LINE_HEIGHT,
    SMALL_SIZE,
    TEXT_SIZE,
    Palette,
    Room,
    Words,
    frame,
)
from assessment.charts.words import GLYPHS, SHORT_MARK, status_words
from assessment.i18n import decimal, percent, t
from assessment.scoring.table import ScoreStatus

# Width of the blank between two questionnaires, in cells.
_BLANK = 0.45
_LABEL_COLUMNS, _LABEL_LINES = 15, 3
_TITLE_COLUMNS = 28
_LEVEL_COLUMNS = 16
_ROW = 34
_LEFT, _RIGHT = 98, 34
# Mean width of a letter, in parts of its size.
_LETTER = 0.52
# With more columns than this, a cell is as narrow as one digit on a phone: "n/a" must shrink.
_ROOMY, _NARROW_SIZE = 12, 9
_LEGEND = 70


class _Place(NamedTuple):
    """Where a column stands: its cells lie around `x`; `blank` is the width left free before it."""

    column: PortfolioColumn
    x: float
    blank: float


class _Spot(NamedTuple):
    """One cell with its row, its column and its line."""

    row: PortfolioRow
    cell: Cell
    place: _Place
    y: int


def heatmap(
    finding: Portfolio,
    palette: Palette,
    source: str,
    *,
    level_names: Mapping[int, str],
    selected: tuple[str, str] | None = None,
    titled: bool = False,
) -> go.Figure:
    """The level that each unit has reached in each dimension.

    A click anywhere in a cell selects one point whose `customdata` is `[unit_id, dimension_id]`.

    Args:
        finding: The portfolio, in the order to draw.
        palette: The colours of light or dark; the levels look the same in both.
        source: The line below the chart: round, basis, and which rule makes the digit.
        level_names: The name of each level by number, for the legend.
        selected: Unit and dimension of the cell to outline, however it was chosen.
        titled: Draw headline and subtitle too, for exported pictures at least 900 px wide.
    """
    places = _places(finding.columns)
    spots = [
        _Spot(row, cell, place, y)
        for y, row in enumerate(finding.rows)
        for cell, place in zip(row.cells, places, strict=True)
    ]
    shades = _shades(level_names)
    traces = [
        _squares(finding, places, shades, palette),
        *_texts(spots, shades, palette, len(places)),
        _means(finding.rows, _edge(places), palette),
        *_legend(level_names, shades, palette),
    ]
    layout = frame(palette, _words(finding, source, titled=titled), _room(finding))
    # Without a limit, the nearest middle is that of the cell itself: all of it answers, not only its digit.
    layout |= {**_axes(finding, places), "hoverdistance": -1, "shapes": _outline(spots, selected, palette)}
    return go.Figure(traces, {**layout, "dragmode": "none"}, _validate=False)


def _words(finding: Portfolio, source: str, *, titled: bool) -> Words:
    key = " · ".join(
        [
            f"{SHORT_MARK} {t('more than one level below target')}",
            *(f"{glyph} {status_words(status)}" for status, glyph in GLYPHS.items()),
        ]
    )
    if not titled:
        return Words(source, key)
    subtitle = t("Level reached in each dimension, highest mean first; the mean of each row at the right")
    return Words(source, key, finding.headline, subtitle)


def _places(columns: Sequence[PortfolioColumn]) -> list[_Place]:
    """Cells are one wide; a blank stands between questionnaires."""
    places: list[_Place] = []
    edge = 0.0
    for column in columns:
        is_new = bool(places) and places[-1].column.questionnaire_title != column.questionnaire_title
        blank = _BLANK if is_new else 0.0
        places.append(_Place(column, round(edge + blank + 0.5, 2), blank))
        edge += blank + 1
    return places


def _edge(places: Sequence[_Place]) -> float:
    return round(places[-1].x + 0.5, 2) if places else 1.0


def _shades(level_names: Mapping[int, str]) -> dict[int, int]:
    """Which of the five fills each level has; longer scales share fills, and the digit tells levels apart."""
    highest = max(level_names, default=5)
    lowest = min(level_names, default=1)
    if highest <= max(LEVEL_FILLS):
        return {level: level for level in LEVEL_FILLS}
    return {
        level: 1 + (level - lowest) * (len(LEVEL_FILLS) - 1) // (highest - lowest)
        for level in range(lowest, highest + 1)
    }


def _shade(cell: Cell, shades: Mapping[int, int]) -> int | None:
    return None if cell.level is None else shades.get(cell.level)


def _squares(
    finding: Portfolio, places: Sequence[_Place], shades: Mapping[int, int], palette: Palette
) -> dict[str, Any]:
    """The fills of the cells: step 0 for a cell without a level, a step for each fill, nothing for a blank."""
    fills = [palette.missing, *LEVEL_FILLS.values()]
    steps = [
        [round(place / len(fills), 4), fill] for step, fill in enumerate(fills) for place in (step, step + 1)
    ]
    edges = [0.0]
    for place in places:
        edges += [edge for edge in (round(place.x - 0.5, 2), round(place.x + 0.5, 2)) if edge > edges[-1]]
    values = [[_shade(cell, shades) or 0 for cell in row.cells] for row in finding.rows]
    return {
        "type": "heatmap",
        "x": edges,
        "y0": 0,
        "z": [list(_with_blanks(row, places)) for row in values],
        "colorscale": steps,
        "zmin": -0.5,
        "zmax": len(fills) - 0.5,
        "showscale": False,
        "xgap": 3,
        "ygap": 3,
        # The texts above answer to hovering and clicks: Streamlit gets no selection from a heatmap.
        "hoverinfo": "skip",
    }


def _with_blanks(values: Sequence[int], places: Sequence[_Place]) -> Iterator[int | None]:
    for value, place in zip(values, places, strict=True):
        if place.blank:
            yield None
        yield value


def _texts(
    spots: Sequence[_Spot], shades: Mapping[int, int], palette: Palette, columns: int
) -> list[dict[str, Any]]:
    """What stands in the cells, apart by colour of ink: that keeps 4.5:1 on every fill."""
    by_ink: dict[str, list[_Spot]] = {ink: [] for ink in LEVEL_INKS.values()}
    rest = []
    for spot in spots:
        shade = _shade(spot.cell, shades)
        (rest if shade is None else by_ink[LEVEL_INKS[shade]]).append(spot)
    bold = {"size": TEXT_SIZE, "weight": "bold"}
    groups = [(members, {**bold, "color": ink}) for ink, members in by_ink.items()]
    narrow = _NARROW_SIZE if columns > _ROOMY else SMALL_SIZE
    sizes = [narrow if len(_glyph(spot.cell)) > 1 else TEXT_SIZE for spot in rest]
    groups.append((rest, {"size": sizes, "color": palette.muted}))
    return [trace for members, font in groups for trace in (_text(members, font), _marks(members, font))]


def _text(spots: Sequence[_Spot], font: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [spot.place.x for spot in spots],
        "y": [spot.y for spot in spots],
        "text": [_glyph(spot.cell) for spot in spots],
        "textfont": font,
        # Plotly fades what isn't selected; a faded digit can't be read on its fill.
        "unselected": {"textfont": {"color": font["color"]}},
        "customdata": [[spot.cell.unit_id, spot.cell.dimension_id] for spot in spots],
        "hovertext": [_hover(spot) for spot in spots],
        # %{x} and %{y} are the labels of the axes: 200 titles are not sent twice.
        "hovertemplate": "<b>%{y}</b><br>%{x}<br>%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _marks(spots: Sequence[_Spot], font: dict[str, Any]) -> dict[str, Any]:
    """The mark of a wide gap under the digit: beside it, a phone has no room, and as a letter, some fonts make it a dot."""
    short = [spot for spot in spots if spot.cell.is_short]
    return {
        "type": "scatter",
        "mode": "markers",
        "marker": {"symbol": "triangle-down", "size": 7, "color": font["color"]},
        "x": [spot.place.x for spot in short],
        "y": [round(spot.y + 0.31, 2) for spot in short],
        "hoverinfo": "skip",
        "showlegend": False,
        "unselected": {"marker": {"opacity": 1}},
    }


def _outline(
    spots: Sequence[_Spot], selected: tuple[str, str] | None, palette: Palette
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
        if (spot.cell.unit_id, spot.cell.dimension_id) == selected
    ]


def _glyph(cell: Cell) -> str:
    """The level reached; on a scale without levels the score; without a score why there is none."""
    if cell.score is None:
        return GLYPHS.get(cell.status, GLYPHS[ScoreStatus.NOT_ANSWERED])
    return decimal(cell.score) if cell.level is None else str(cell.level)


def _hover(spot: _Spot) -> str:
    """Everything about one cell that the labels of its row and column don't say."""
    cell = spot.cell
    status = status_words(cell.status)
    parts = [
        status
        if cell.score is None
        else t("score {score}, {status}", score=decimal(cell.score), status=status)
    ]
    if cell.coverage is not None:
        parts.append(t("coverage {share}", share=percent(cell.coverage)))
    if cell.target is not None:
        parts.append(t("target {target}", target=decimal(cell.target)))
    if cell.gap is not None:
        parts.append(t("gap {gap}", gap=decimal(cell.gap)))
    lines = [", ".join(parts)]
    if is_cut(spot.row.label, _LABEL_COLUMNS, _LABEL_LINES):
        lines.append(wrapped(spot.row.label, 60, 40))
    if is_cut(spot.place.column.title, _TITLE_COLUMNS, 1):
        lines.append(wrapped(spot.place.column.title, 60, 40))
    return "<br>".join(lines)


def _means(rows: Sequence[PortfolioRow], edge: float, palette: Palette) -> dict[str, Any]:
    """The mean of each row right of the plot, at a fixed distance from its edge."""
    known = [(y, row.mean) for y, row in enumerate(rows) if row.mean is not None]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [edge] * (len(known) + 1),
        "y": [-0.5, *(y for y, _ in known)],
        # The space keeps the number off the last cell.
        "text": [t("mean"), *(f"\u2002{decimal(mean)}" for _, mean in known)],
        "textposition": ["top right", *["middle right"] * len(known)],
        "textfont": {"color": palette.muted},
        "unselected": {"textfont": {"color": palette.muted}},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _legend(
    level_names: Mapping[int, str], shades: Mapping[int, int], palette: Palette
) -> list[dict[str, Any]]:
    """A square for each level; the points themselves are nowhere."""
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "xaxis": "x2",
            "showlegend": True,
            "name": wrapped(f"{level} {name}", _LEVEL_COLUMNS, 2),
            "marker": {
                "symbol": "square",
                "size": 13,
                "color": LEVEL_FILLS[shades[level]],
                "line": {"width": 1, "color": palette.context},
            },
        }
        for level, name in sorted(level_names.items())
        if level in shades
    ]


def _titles_height(finding: Portfolio) -> float:
    """The length in px of the longest column title, as far as it is drawn."""
    longest = max((text_columns(column.title) for column in finding.columns), default=0)
    return min(longest, _TITLE_COLUMNS) * _LETTER * SMALL_SIZE


def _groups(places: Sequence[_Place]) -> list[tuple[str, float]]:
    """The title of each questionnaire over the middle of its columns; none where there is just one."""
    runs = [
        (title, [place.x for place in run])
        for title, run in groupby(places, lambda place: place.column.questionnaire_title)
    ]
    if len(runs) < 2:
        return []
    return [(wrapped(title, max(10, 2 * len(xs)), 4), round((xs[0] + xs[-1]) / 2, 2)) for title, xs in runs]


def _room(finding: Portfolio) -> Room:
    groups = _groups(_places(finding.columns))
    lines = max((line_count(title) for title, _ in groups), default=0)
    labels = [wrapped(row.label, _LABEL_COLUMNS, _LABEL_LINES) for row in finding.rows]
    row = max([_ROW, *(line_count(label) * SMALL_SIZE * LINE_HEIGHT for label in labels)])
    return Room(
        height=len(labels) * row + _titles_height(finding) + lines * TEXT_SIZE * LINE_HEIGHT + _LEGEND,
        left=_LEFT,
        right=_RIGHT,
    )


def _axes(finding: Portfolio, places: Sequence[_Place]) -> dict[str, Any]:
    groups = _groups(places)
    across = {"range": [0, _edge(places)], "side": "top"}
    return {
        "xaxis": {
            **across,
            "tickvals": [place.x for place in places],
            "ticktext": [wrapped(place.column.title, _TITLE_COLUMNS, 1) for place in places],
            "autotickangles": [-45, -90] if groups else [0, -45, -90],
            "ticklabeloverflow": "allow",
            "ticklabelstandoff": 2,
        },
        "xaxis2": {
            **across,
            "overlaying": "x",
            "tickangle": 0,
            "tickvals": [x for _, x in groups],
            "ticktext": [f"<b>{title}</b>" for title, _ in groups],
            "ticklabelstandoff": round(_titles_height(finding)) + 4 if groups else 0,
        },
        "yaxis": {
            "range": [max(len(finding.rows), 1) - 0.5, -0.5],
            "tickvals": list(range(len(finding.rows))),
            "ticktext": [wrapped(row.label, _LABEL_COLUMNS, _LABEL_LINES) for row in finding.rows],
            "ticklabelstandoff": 6,
        },
    }
