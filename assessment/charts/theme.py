"""The one look of all charts: colours, type, frame (ux.md §4 and §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.charts.labels import line_count, wrapped

#: Fill of the levels 1 to 5, the same in both palettes: navy is level 5 on every screen and slide. The smallest
#: difference between two levels stays above ΔE 16 for people who don't see red or green.
LEVEL_FILLS = {1: "#FEF3C0", 2: "#9CCBB3", 3: "#459FB3", 4: "#2C659E", 5: "#23276B"}
_DARK_INK, _LIGHT_INK = "#111827", "#FFFFFF"
#: Text on each of them, at least 5.8:1.
LEVEL_INKS = {1: _DARK_INK, 2: _DARK_INK, 3: _DARK_INK, 4: _LIGHT_INK, 5: _LIGHT_INK}

FONT = "Inter, 'Source Sans', 'Source Sans 3', 'Noto Sans', sans-serif"
TEXT_SIZE = 13
SMALL_SIZE = 12
SOURCE_SIZE = 11
_HEADLINE_SIZE = 18
#: Height of a line of text, in px, from the size of its letters: what Plotly uses.
LINE_HEIGHT = 1.3

# Of exported pictures, 900 px and wider.
_FOOTER_COLUMNS, _HEADLINE_COLUMNS, _SUBTITLE_COLUMNS = 130, 86, 120
_GAP = 10

#: What `st.plotly_chart(config=…)` and exports pass to Plotly: no bar of buttons, nothing that zooms or pans.
CONFIG: Mapping[str, Any] = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False}
#: `dragmode` of a chart whose points can be selected. Streamlit turns False into "pan", which traps a finger that
#: scrolls the page and makes every tap select the cell of the tap before. This is no mode at all, so that Plotly falls
#: back to the template's False; and a figure that holds it must be made without validation.
NO_DRAG_WITH_SELECTION = "none"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by role. Text is at least 4.5:1 on `background` and on `missing`, marks at least 3:1."""

    background: str
    ink: str
    muted: str
    before: str
    now: str
    progress: str
    target: str
    attention: str
    context: str
    missing: str
    grid: str
    #: One for each questionnaire, always beside a shape of its own.
    series: tuple[str, ...]


LIGHT = Palette(
    background="#FFFFFF",
    ink="#111827",
    muted="#4B5563",
    before="#6B7280",
    now="#1F5FA8",
    progress="#6A98CC",
    target="#111827",
    attention="#C2410C",
    context="#8A94A6",
    missing="#F3F4F6",
    grid="#E5E7EB",
    series=("#0072B2", "#C2410C", "#007A5E", "#7A3E9D", "#4B5563"),
)
DARK = Palette(
    background="#0E1117",
    ink="#F3F4F6",
    muted="#B6BDC8",
    before="#9CA3AF",
    now="#7DB7E8",
    progress="#456B8C",
    target="#F3F4F6",
    attention="#FB923C",
    context="#667085",
    missing="#262C36",
    grid="#262C36",
    series=("#56B4E9", "#FB923C", "#34C79B", "#C79BEA", "#B6BDC8"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """What people read around a chart, as it was written; `key` explains the glyphs in it.

    Drawn where there is a headline: in exported pictures, because a page sets all of it itself, in type that wraps.
    """

    source: str
    key: str = ""
    headline: str = ""
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """The space in px that a chart needs: its own height, both sides, and the labels of a horizontal axis below.

    `above` is what legend and titles take on a wide screen, where that is known: Plotly draws a figure twice whose edges
    it has to move, and a matrix of a thousand cells takes half a second each time.
    """

    height: float
    left: float
    right: float
    below: float = 0.0
    above: float = 0.0


def rounded(values: Iterable[float | None]) -> list[float | None]:
    """Values as a browser needs them: two decimals are finer than a pixel, in a third of the bytes."""
    return [None if value is None else round(value, 2) for value in values]


def frame(palette: Palette, words: Words, room: Room) -> dict[str, Any]:
    """The layout that every chart starts from, without axes.

    Plotly moves the edges of the plot by itself when legend or tick labels need more room than here; so a
    phone, where the legend takes a line an entry, has less height left for the plot than a wide screen.
    """
    footer = _footer(words)
    header = _header_height(words)
    foot = line_count(footer) * SOURCE_SIZE * LINE_HEIGHT + _GAP if footer else 0
    height = round(header + room.height + room.below + foot + _GAP)
    # Nothing moves the edge for a note: the picture keeps it free.
    below = round(room.below + foot) if footer else _GAP
    return {
        "template": {"layout": _template(palette)},
        "height": height,
        "margin": {"l": room.left, "r": room.right, "t": round(room.above) or _GAP, "b": below, "pad": 0},
        "legend": {"y": round(1 - header / height, 4)},
        **(_exported(words, footer, room, palette) if words.headline else {}),
    }


def _footer(words: Words) -> str:
    """What stands below an exported picture; '' in a page."""
    told = (words.key, words.source) if words.headline else ()
    return "<br>".join(wrapped(text, _FOOTER_COLUMNS) for text in told if text)


def _header_height(words: Words) -> float:
    if not words.headline:
        return 0.0
    lines = line_count(wrapped(words.headline, _HEADLINE_COLUMNS))
    return (lines * _HEADLINE_SIZE + line_count(_subtitle(words)) * TEXT_SIZE) * LINE_HEIGHT + 2 * _GAP


def _subtitle(words: Words) -> str:
    return wrapped(words.subtitle, _SUBTITLE_COLUMNS)


def _exported(words: Words, footer: str, room: Room, palette: Palette) -> dict[str, Any]:
    """Headline and subtitle at the top, the footer as a note at the bottom."""
    place = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
    headline = wrapped(words.headline, _HEADLINE_COLUMNS)
    # Plotly puts the top of a single line at the padding, but the foot of the first of several.
    ascent = 0.7 * _HEADLINE_SIZE if line_count(headline) > 1 else 0.0
    title = {
        "text": f"<b>{headline}</b>",
        "subtitle": {"text": _subtitle(words), "font": {"size": TEXT_SIZE, "color": palette.muted}},
        "font": {"size": _HEADLINE_SIZE, "color": palette.ink},
        "pad": {"t": _GAP + ascent, "l": 2},
        **place,
    }
    note = {
        "text": footer,
        "align": "left",
        "showarrow": False,
        "font": {"size": SOURCE_SIZE, "color": palette.muted},
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": -room.left,
        "yref": "paper",
        "y": 0,
        "yanchor": "top",
        "yshift": -room.below - _GAP / 2,
    }
    return {"title": title, "annotations": [note]}


def _template(palette: Palette) -> dict[str, Any]:
    """Plotly's own default is 6 KB a figure; this is all that is used of one."""
    axis = {
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickfont": {"size": SMALL_SIZE},
        "ticks": "",
    }
    return {
        "font": {"family": FONT, "size": SMALL_SIZE, "color": palette.ink},
        "paper_bgcolor": palette.background,
        "plot_bgcolor": palette.background,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "align": "left",
            "bgcolor": palette.ink,
            "font": {"family": FONT, "color": palette.background},
        },
        "xaxis": axis,
        "yaxis": axis,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "yref": "container",
            "yanchor": "top",
            # A legend that hides what it explains is a trap on a touch screen.
            "itemclick": False,
            "itemdoubleclick": False,
            "itemsizing": "trace",
        },
    }
