"""What every chart of square cells draws alike: fills, titles above, labels at the left, words at the right, legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from assessment.charts.labels import text_columns, wrapped
from assessment.charts.theme import SMALL_SIZE, Palette

#: Letters of the title of a column; the rest is in the hover text.
TITLE_COLUMNS = 28
#: Mean width of a letter, in parts of its size.
LETTER = 0.52
_GAP = 3


def tiles(steps: Sequence[Sequence[int | None]], fills: Sequence[str]) -> dict[str, Any]:
    """The fills of all cells, by their place in `fills`; None leaves a cell free."""
    number = max(len(fills), 1)
    scale = [
        [round(edge / number, 4), fill] for place, fill in enumerate(fills) for edge in (place, place + 1)
    ]
    return {
        "type": "heatmap",
        "z": [list(row) for row in steps],
        "colorscale": scale or [[0, "#FFFFFF"], [1, "#FFFFFF"]],
        "zmin": -0.5,
        "zmax": number - 0.5,
        "showscale": False,
        "xgap": _GAP,
        "ygap": _GAP,
        # The texts above answer to hovering and clicks: Streamlit gets no selection from a heatmap.
        "hoverinfo": "skip",
    }


def legend_square(name: str, fill: str, palette: Palette) -> dict[str, Any]:
    """A square in the legend; the point itself is nowhere. `name` goes in as it is."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [None],
        "y": [None],
        "showlegend": True,
        "name": name,
        "marker": {
            "symbol": "square",
            "size": 13,
            "color": fill,
            "line": {"width": 1, "color": palette.context},
        },
    }


def words_at_right(edge: float, rows: Sequence[float], texts: Sequence[str]) -> dict[str, Any]:
    """A text for each of these rows, right of the plot; what else it has is the caller's."""
    return {
        "type": "scatter",
        "mode": "text",
        "cliponaxis": False,
        "x": [edge] * len(rows),
        "y": list(rows),
        "text": list(texts),
        "textposition": "middle right",
        "hoverinfo": "skip",
        "showlegend": False,
    }


def outline(places: Iterable[tuple[float, float]], palette: Palette) -> list[dict[str, Any]]:
    """A frame around cells by the middle of each, which Plotly itself would show by fading all others."""
    return [
        {
            "type": "rect",
            "x0": round(x - 0.5, 2),
            "x1": round(x + 0.5, 2),
            "y0": y - 0.5,
            "y1": y + 0.5,
            "line": {"width": 3, "color": palette.ink},
        }
        for x, y in places
    ]


def titles_above(
    places: Sequence[float], titles: Sequence[str], edge: float, angles: Sequence[int]
) -> dict[str, Any]:
    """The axis with the titles of the columns, turned by the first of these `angles` at which none touches another."""
    return {
        "range": [-0.5, edge],
        "side": "top",
        "tickvals": list(places),
        "ticktext": [wrapped(title, TITLE_COLUMNS, 1) for title in titles],
        "autotickangles": list(angles),
        "ticklabelstandoff": 2,
        "ticklabeloverflow": "allow",
    }


def labels_at_left(labels: Sequence[str]) -> dict[str, Any]:
    """The axis with the rows from the top down; labels come wrapped."""
    return {
        "range": [max(len(labels), 1) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "ticklabelstandoff": 6,
        # Otherwise Plotly measures each label on each drawing, to hide the one that leaves the picture.
        "ticklabeloverflow": "allow",
    }


def titles_length(titles: Iterable[str]) -> float:
    """The length in px of the longest title, as far as it is drawn."""
    return min(max(map(text_columns, titles), default=0), TITLE_COLUMNS) * LETTER * SMALL_SIZE
