"""The cells of a heatmap: where they stand, how they are filled, what is written in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from assessment.analysis.portfolio import Cell, Portfolio, PortfolioColumn, PortfolioRow
from assessment.charts.labels import is_cut, wrapped
from assessment.charts.theme import LEVEL_FILLS, LEVEL_INKS, TEXT_SIZE, Palette
from assessment.charts.tiles import TITLE_COLUMNS, tiles
from assessment.charts.words import GLYPHS, status_words
from assessment.i18n import decimal, t
from assessment.scoring.table import ScoreStatus

#: How many letters and lines the label of a row has; the rest is in the hover text.
LABEL_COLUMNS, LABEL_LINES = 15, 3

# Width of the blank between two questionnaires, in cells.
_BLANK = 0.45
# With more columns than this, a cell is as narrow as one digit on a phone, and "n/a" must shrink.
_ROOMY, _NARROW_SIZE = 12, 9


class Place(NamedTuple):
    """Where a column stands: its cells lie half a cell around `x`; before it, `blank` cells are left free."""

    column: PortfolioColumn
    x: float
    blank: float


class Spot(NamedTuple):
    """One cell with its row, its column and its line."""

    row: PortfolioRow
    cell: Cell
    place: Place
    y: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What a click gives: unit, dimension, and questionnaire, because several may have a dimension of that id."""
        return (self.cell.unit_id, self.cell.dimension_id, self.place.column.questionnaire_id)


def places_of(columns: Sequence[PortfolioColumn]) -> list[Place]:
    """Each column with its place; cells are one wide, the first stands at 0."""
    places: list[Place] = []
    for column in columns:
        before = places[-1] if places else None
        is_new = before is not None and before.column.questionnaire_id != column.questionnaire_id
        blank = _BLANK if is_new else 0.0
        places.append(Place(column, round(before.x + 1 + blank, 2) if before else 0, blank))
    return places


def spots_of(finding: Portfolio, places: Sequence[Place]) -> list[Spot]:
    """Every cell with what is around it."""
    return [
        Spot(row, cell, place, y)
        for y, row in enumerate(finding.rows)
        for cell, place in zip(row.cells, places, strict=True)
    ]


def shades_of(level_names: Mapping[int, str]) -> dict[int, int]:
    """Which of the five fills each level has; longer scales share fills, and the digit tells their levels apart."""
    # The ends of a range of values have no names and aren't levels.
    levels = [level for level, name in level_names.items() if name]
    lowest, highest = min(levels, default=1), max(levels, default=1)
    if highest <= max(LEVEL_FILLS):
        return {level: level for level in LEVEL_FILLS}
    steps = len(LEVEL_FILLS) - 1
    return {level: 1 + (level - lowest) * steps // (highest - lowest) for level in range(lowest, highest + 1)}


def squares(
    finding: Portfolio, places: Sequence[Place], shades: Mapping[int, int], palette: Palette
) -> dict[str, Any]:
    """The fills: step 0 for a cell without a level, a step for each fill, nothing for a blank."""
    values = [[_shade(cell, shades) or 0 for cell in row.cells] for row in finding.rows]
    steps = [list(_with_blanks(row, places)) for row in values]
    fills = [palette.missing, *LEVEL_FILLS.values()]
    return {**tiles(steps, fills), "x": _edges(places), "y0": 0}


def texts(spots: Sequence[Spot], shades: Mapping[int, int], palette: Palette) -> list[dict[str, Any]]:
    """What stands in the cells: a trace for each colour of ink, which keeps 4.5:1 on every fill, and each status."""
    groups: dict[tuple[str, ScoreStatus], list[Spot]] = {}
    for spot in spots:
        shade = _shade(spot.cell, shades)
        ink = palette.muted if shade is None else LEVEL_INKS[shade]
        groups.setdefault((ink, spot.cell.status), []).append(spot)
    narrow = len({spot.place.x for spot in spots}) > _ROOMY
    return [
        trace
        for (ink, status), members in groups.items()
        for trace in (_text(members, ink, status, narrow=narrow), _marks(members, ink))
        if trace["x"]
    ]


def _edges(places: Sequence[Place]) -> list[float]:
    """Where cells and blanks begin and end, from the left."""
    edges = [-0.5]
    for place in places:
        edges += [place.x - 0.5, place.x + 0.5] if place.blank else [place.x + 0.5]
    return [round(edge, 2) for edge in edges]


def _with_blanks(values: Sequence[int], places: Sequence[Place]) -> Iterator[int | None]:
    for value, place in zip(values, places, strict=True):
        if place.blank:
            yield None
        yield value


def _shade(cell: Cell, shades: Mapping[int, int]) -> int | None:
    return None if cell.level is None else shades.get(cell.level)


def _text(spots: Sequence[Spot], ink: str, status: ScoreStatus, *, narrow: bool) -> dict[str, Any]:
    """The texts of cells that share a colour and a status; what a click gives is in front in `customdata`."""
    glyphs = [_glyph(spot.cell) for spot in spots]
    names = _names(spots)
    size = _NARROW_SIZE if narrow and max(map(len, glyphs)) > 1 else TEXT_SIZE
    return {
        "type": "scatter",
        "mode": "text",
        "x": [spot.place.x for spot in spots],
        "y": [spot.y for spot in spots],
        "text": glyphs,
        "textfont": {"color": ink, "size": size, "weight": "normal" if status in GLYPHS else "bold"},
        # Plotly fades what isn't selected; a faded digit can't be read on its fill.
        "unselected": {"textfont": {"color": ink}},
        "customdata": [[*spot.key, *_numbers(spot.cell)] for spot in spots],
        "hovertemplate": _hover_template(spots, with_names=bool(names)),
        "hovertemplatefallback": "–",
        "showlegend": False,
        **names,
    }


def _numbers(cell: Cell) -> list[float | None]:
    """What `_hover_template` reads, rounded as people see it: 200 sentences would be half of the figure."""
    share = None if cell.coverage is None else float(decimal(cell.coverage, 2))
    levels = (cell.score, cell.target, cell.gap)
    return [*(None if value is None else float(decimal(value)) for value in levels), share]


def _names(spots: Sequence[Spot]) -> dict[str, Any]:
    """Full names for the hover labels, only where an axis had no room for one of them: they are long."""
    if not any(_is_cut(spot) for spot in spots):
        return {}
    return {
        "hovertext": [
            f"<b>{wrapped(spot.row.label, 60, 40)}</b><br>{wrapped(spot.place.column.title, 60, 40)}"
            for spot in spots
        ]
    }


def _is_cut(spot: Spot) -> bool:
    return is_cut(spot.row.label, LABEL_COLUMNS, LABEL_LINES) or is_cut(
        spot.place.column.title, TITLE_COLUMNS, 1
    )


def _hover_template(spots: Sequence[Spot], *, with_names: bool) -> str:
    """Everything about a cell in words, as far as any of these cells has it; a number that one lacks is '–' there."""
    cells = [spot.cell for spot in spots]
    # One group has one status; %{x} and %{y} are the labels of the axes.
    names = "%{hovertext}" if with_names else "<b>%{y}</b><br>%{x}"
    facts = [status_words(cells[0].status)]
    if any(cell.score is not None for cell in cells):
        facts[0] += " %{customdata[3]:.1f}"
    if any(cell.coverage is not None for cell in cells):
        facts.append(t("coverage {share}", share="%{customdata[6]:.0%}"))
    if any(cell.target is not None for cell in cells):
        facts.append(t("target {target}", target="%{customdata[4]:.1f}"))
    if any(cell.gap is not None for cell in cells):
        facts.append(t("gap {gap}", gap="%{customdata[5]:.1f}"))
    return f"{names}<br>{', '.join(facts)}<extra></extra>"


def _marks(spots: Sequence[Spot], ink: str) -> dict[str, Any]:
    """The mark of a wide gap, under the digit: there is no room beside it on a phone, and some fonts make it a dot."""
    short = [spot for spot in spots if spot.cell.is_short]
    return {
        "type": "scatter",
        "mode": "markers",
        "hoverinfo": "skip",
        "showlegend": False,
        "x": [spot.place.x for spot in short],
        "y": [round(spot.y + 0.31, 2) for spot in short],
        "marker": {"symbol": "triangle-down", "size": 7, "color": ink},
        "unselected": {"marker": {"opacity": 1}},
    }


def _glyph(cell: Cell) -> str:
    """The level reached; on a scale without levels the score; without a score why there is none."""
    if cell.score is None:
        return GLYPHS.get(cell.status, GLYPHS[ScoreStatus.NOT_ANSWERED])
    return decimal(cell.score) if cell.level is None else str(cell.level)
