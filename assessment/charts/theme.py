"""The one look of all charts: colours, type, frame (ux.md §4 and §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.charts.labels import escaped, line_count, wrapped

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

# A source line fits a phone of 390 px; an exported picture is wider.
_SOURCE_COLUMNS, _EXPORTED_SOURCE_COLUMNS = 58, 130
_HEADLINE_COLUMNS = 84
_HEADER_GAP = 14

#: What `st.plotly_chart(config=…)` and exports pass to Plotly: no bar of buttons, nothing that zooms or pans.
CONFIG: Mapping[str, Any] = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False}


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
)


@dataclass(frozen=True, slots=True)
class Words:
    """What surrounds a chart, as people wrote it; headline and subtitle are drawn in exported pictures only."""

    source: str
    headline: str = ""
    subtitle: str = ""


def rounded(values: Iterable[float | None]) -> list[float | None]:
    """Values as a browser needs them: two decimals are finer than a pixel, and a third of the bytes."""
    return [None if value is None else round(value, 2) for value in values]


def frame(palette: Palette, words: Words, *, plot_height: float, margin: Mapping[str, float]) -> dict[str, Any]:
    """The layout that every chart starts from; `margin` is what the chart needs beside legend and source."""
    header, footer = _header(words), _footer(words)
    height = round(plot_height + margin["t"] + margin["b"] + header + footer.height)
    layout = {
        "template": {"layout": _template(palette)},
        "height": height,
        "margin": {**margin, "t": margin["t"] + header, "b": margin["b"] + footer.height, "pad": 0},
        "legend": {"y": 1 - header / height},
    }
    return layout
