"""C8, the order of growth: each country's path through governance and ownership, from its first round to now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.sequence import IN_PLACE, CountryPath, Lead, SequenceFinding, Stop
from assessment.charts.labels import escaped, wrapped
from assessment.charts.placing import Box, place_labels
from assessment.charts.theme import SMALL_SIZE, TEXT_SIZE, Palette, Room, Words, frame, rounded
from assessment.i18n import decimal, t

#: The side of the square plot, in px: on a phone, where it is smaller, little stays empty below it.
SIDE = 460
_LEFT, _RIGHT, _BELOW, _LEGEND = 56, 14, 50, 66
_CODE_COLUMNS = 8
_LETTER = 0.6
_MARK = 16
_LOWEST, _HIGHEST = 0.7, 5.3


def sequence(finding: SequenceFinding, palette: Palette, words: Words) -> go.Figure:
    """The paths over a square plot, in three traces by who is ahead now: rules, owners, or neither."""
    ends = _range(finding)
    traces = [
        _quadrant(ends, palette),
        _diagonal(ends, palette),
        _corners(ends, palette),
        *(_paths(finding, lead, palette) for lead in Lead),
        _rings(finding, palette),
        _codes(finding, ends, palette),
    ]
    layout = frame(palette, words, Room(SIDE + _LEGEND, _LEFT, _RIGHT, below=_BELOW))
    return go.Figure(traces, {**layout, **_axes(ends, palette)})


def _range(finding: SequenceFinding) -> tuple[float, float]:
    """The same levels on both axes, wide enough for every stop and the corner that is in place."""
    levels = [v for path in finding.paths for s in path.stops for v in (s.governance, s.ownership)]
    return (
        max(min([*levels, IN_PLACE - 1]) - 0.3, _LOWEST),
        min(max([*levels, IN_PLACE + 1]) + 0.3, _HIGHEST),
    )


def _axes(ends: tuple[float, float], palette: Palette) -> dict[str, Any]:
    axis = {
        "range": rounded(ends),
        "dtick": 1,
        "showgrid": True,
        "gridcolor": palette.grid,
        "constrain": "domain",
        "tickfont": {"color": palette.muted, "size": SMALL_SIZE},
    }
    font = {"size": SMALL_SIZE, "color": palette.muted}
    across, up = t("Data governance, mean level →"), t("Domain ownership, mean level →")
    return {
        "xaxis": {**axis, "title": {"text": across, "font": font, "standoff": 8}},
        "yaxis": {
            **axis,
            "title": {"text": up, "font": font, "standoff": 6},
            "scaleanchor": "x",
            "constraintoward": "top",
        },
    }


def _quadrant(ends: tuple[float, float], palette: Palette) -> dict[str, Any]:
    """The corner in which both are in place, shaded."""
    high = ends[1]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": rounded([IN_PLACE, high, high, IN_PLACE, IN_PLACE]),
        "y": rounded([IN_PLACE, IN_PLACE, high, high, IN_PLACE]),
        "fill": "toself",
        "fillcolor": palette.missing,
        "line": {"width": 1, "color": palette.grid},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _diagonal(ends: tuple[float, float], palette: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": rounded(ends),
        "y": rounded(ends),
        "line": {"color": palette.context, "width": 1.2, "dash": "2px,4px"},
        "name": t("Both equal"),
        "hoverinfo": "skip",
        "showlegend": True,
    }


def _corners(ends: tuple[float, float], palette: Palette) -> dict[str, Any]:
    """What each quadrant means, in its outer corner."""
    low, high = ends
    near, far = low + 0.03 * (high - low), high - 0.03 * (high - low)
    under = IN_PLACE - 0.03 * (high - low)
    corners = [
        (near, far, t("Owners without rules"), t("risk: fragmentation"), "bottom right"),
        (far, far, t("Both in place"), t("scale data products"), "bottom left"),
        (near, under, t("Foundations first"), "", "bottom right"),
        (far, near, t("Rules without owners"), t("risk: paper governance"), "top left"),
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "x": rounded(x for x, *_ in corners),
        "y": rounded(y for _, y, *_ in corners),
        "text": [f"<b>{title}</b>" + (f"<br>{risk}" if risk else "") for _, _, title, risk, _ in corners],
        "textposition": [side for *_, side in corners],
        "textfont": {"color": palette.muted, "size": SMALL_SIZE},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _colours(palette: Palette) -> Mapping[Lead, str]:
    return {Lead.RULES: palette.series[0], Lead.OWNERS: palette.series[1], Lead.IN_STEP: palette.muted}


def lead_words(lead: Lead) -> str:
    return {
        Lead.RULES: t("Rules ahead"),
        Lead.OWNERS: t("Owners ahead"),
        Lead.IN_STEP: t("In step"),
    }[lead]


#: How the lines of the three differ, beside their colour.
_DASHES = {Lead.RULES: "solid", Lead.OWNERS: "7px,3px", Lead.IN_STEP: "2px,3px"}


def _paths(finding: SequenceFinding, lead: Lead, palette: Palette) -> dict[str, Any]:
    """All paths of one kind; the last mark of each points onwards."""
    x: list[float | None] = []
    y: list[float | None] = []
    symbols: list[str] = []
    sizes: list[float] = []
    hovers: list[str] = []
    for path in finding.paths:
        if path.lead is not lead:
            continue
        middle = len(path.stops) - 2
        x += [*(stop.governance for stop in path.stops), None]
        y += [*(stop.ownership for stop in path.stops), None]
        # The first mark is hidden under its ring: Plotly leaves it out where marks point along their line.
        marks = ["circle", *["circle"] * middle, "arrow"] if middle >= 0 else ["circle"]
        symbols += [*marks, "circle"]
        sizes += [*([0, *[7.0] * middle, 14.0] if middle >= 0 else [10.0]), 0]
        hovers += [*(_hover(finding, path, stop) for stop in path.stops), ""]
    colour = _colours(palette)[lead]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": rounded(x),
        "y": rounded(y),
        "line": {"color": colour, "width": 2, "dash": _DASHES[lead]},
        "marker": {"symbol": symbols, "size": sizes, "angleref": "previous", "color": colour},
        "name": f"{lead_words(lead)} ({finding.led(lead)})",
        "hovertext": hovers,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": True,
    }


def _rings(finding: SequenceFinding, palette: Palette) -> dict[str, Any]:
    """Where each path begins; those with one stop have no beginning."""
    begun = [(path, path.stops[0]) for path in finding.paths if len(path.stops) > 1]
    colours = _colours(palette)
    line = {"width": 2, "color": [colours[path.lead] for path, _ in begun]}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": rounded(stop.governance for _, stop in begun),
        "y": rounded(stop.ownership for _, stop in begun),
        "marker": {"symbol": "circle", "size": 9, "color": palette.background, "line": line},
        "hovertext": [_hover(finding, path, stop) for path, stop in begun],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _hover(finding: SequenceFinding, path: CountryPath, stop: Stop) -> str:
    title = next((entry.name for entry in finding.rounds if entry.id == stop.round_id), "")
    levels = t(
        "governance {rules}, ownership {owners}",
        rules=decimal(stop.governance, 2), owners=decimal(stop.ownership, 2),
    )  # fmt: skip
    return f"<b>{wrapped(path.label, 60, 4)}</b><br>{escaped(title)}<br>{levels}"


def _codes(finding: SequenceFinding, ends: tuple[float, float], palette: Palette) -> dict[str, Any]:
    """Short names beside the arrows, where there is room; the hover text has the others."""
    low, high = ends
    scale = SIDE / (high - low)
    codes = [wrapped(path.code, _CODE_COLUMNS, 1) for path in finding.paths]
    places = [((p.now.governance - low) * scale, (high - p.now.ownership) * scale) for p in finding.paths]
    sizes = [(len(code) * _LETTER * TEXT_SIZE, TEXT_SIZE * 1.2) for code in codes]
    rings = [
        _box((s.governance - low) * scale, (high - s.ownership) * scale) for s in _first_stops(finding.paths)
    ]
    found = place_labels(places, sizes, Box(0, 0, SIDE, SIDE), rings, _MARK)
    colours = _colours(palette)
    middles = [
        ((label.box.left + label.box.right) / 2, (label.box.top + label.box.bottom) / 2) for label in found
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "x": rounded(low + x / scale for x, _ in middles),
        "y": rounded(high - y / scale for _, y in middles),
        "text": [codes[label.mark] for label in found],
        "textfont": {
            "color": [colours[finding.paths[label.mark].lead] for label in found],
            "size": TEXT_SIZE,
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _first_stops(paths: Sequence[CountryPath]) -> list[Stop]:
    return [path.stops[0] for path in paths if len(path.stops) > 1]


def _box(x: float, y: float) -> Box:
    return Box(x - 6, y - 6, x + 6, y + 6)
