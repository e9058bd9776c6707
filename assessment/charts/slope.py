"""C4, the slope chart: every unit's mean level from round to round; who gained most, who stalled below target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import plotly.graph_objects as go

from assessment.analysis.movers import signed
from assessment.analysis.trajectory import Path, Trajectories
from assessment.charts.labels import escaped, text_columns, with_end, wrapped
from assessment.charts.theme import SMALL_SIZE, Palette, Room, Words, frame, rounded
from assessment.i18n import decimal, t

_NAME_COLUMNS = 20
_ROUND_COLUMNS = 14
#: Between two names at the right, in px; and between the last round and the names, in parts of the way between rounds.
STEP = 17
_LEAD = 0.14
_LETTER = 0.55
_LEFT, _BELOW, _LEGEND = 34, 40, 66
_LEAST_HEIGHT = 360


class _Name(NamedTuple):
    """What stands at the right of a line's end."""

    text: str
    level: float
    colour: str
    is_bold: bool


def slope(finding: Trajectories, palette: Palette, words: Words) -> go.Figure:
    """The paths as lines over the rounds; units without a level now are left out, and the page says so."""
    drawn = finding.measured
    names = _names(finding, palette)
    height = max(_LEAST_HEIGHT, (len(names) + 1) * STEP)
    low, high = _range(finding)
    plain = [path for path in drawn if not path.has_stalled and path is not finding.best]
    traces = [
        _lines(plain, palette.context, 1.5),
        _bridges(drawn, palette),
        *_target(finding, palette),
        *_median(finding, palette),
        _marks(finding, plain, {"symbol": "circle", "size": 6, "color": palette.context}),
        *_stalled(finding, palette),
        *_best(finding, palette),
        *_labels(names, len(finding.rounds), (low, high), height, palette),
    ]
    widest = max((text_columns(name.text) for name in names), default=0)
    room = Room(height + _LEGEND, _LEFT, widest * _LETTER * SMALL_SIZE + 10, below=_BELOW)
    layout = frame(palette, words, room)
    return go.Figure(traces, {**layout, **_axes(finding, palette, (low, high))})


def _range(finding: Trajectories) -> tuple[float, float]:
    """The levels to show: all that are drawn, with a little air, and never less than one level."""
    levels = [v for path in finding.measured for v in path.levels if v is not None]
    levels += [finding.target] if finding.target is not None else []
    low, high = min(levels, default=finding.scale[0][0]), max(levels, default=finding.scale[-1][0])
    air = max(0.15 * (high - low), (finding.scale[-1][0] - finding.scale[0][0]) / 40)
    missing = max(0.0, (finding.scale[-1][0] - finding.scale[0][0]) / 4 - (high - low)) / 2
    return low - air - missing, high + air + missing


def _axes(finding: Trajectories, palette: Palette, levels: tuple[float, float]) -> dict[str, Any]:
    last = len(finding.rounds) - 1
    titles = [wrapped(entry.name, _ROUND_COLUMNS, 2) for entry in finding.rounds]
    muted = {"color": palette.muted, "size": SMALL_SIZE}
    return {
        "xaxis": {
            "range": [-0.06 * max(last, 1), last + _LEAD * max(last, 1)],
            "tickvals": list(range(last + 1)),
            "ticktext": titles,
            "tickangle": 0,
            "showgrid": True,
            "gridcolor": palette.grid,
            "tickfont": muted,
        },
        "yaxis": {
            "range": rounded(levels),
            "nticks": 8,
            "showgrid": True,
            "gridcolor": palette.grid,
            "tickfont": muted,
            "ticklabelstandoff": 4,
        },
    }


def _runs(path: Path) -> Iterable[list[tuple[int, float]]]:
    """Its levels in stretches of rounds that asked one version; a round without a level ends none."""
    run: list[tuple[int, float]] = []
    version = ""
    for place, (level, asked) in enumerate(zip(path.levels, path.versions, strict=True)):
        if level is None:
            continue
        if run and asked != version:
            yield run
            run = []
        run, version = [*run, (place, level)], asked
    if run:
        yield run


def _pens(lines: Iterable[Sequence[tuple[int, float]]]) -> dict[str, Any]:
    """One trace's coordinates for many lines; the pen is lifted between them."""
    x: list[float | None] = []
    y: list[float | None] = []
    for line in lines:
        x += [*(place for place, _ in line), None]
        y += [*(level for _, level in line), None]
    return {"x": x, "y": rounded(y)}


def _lines(paths: Iterable[Path], colour: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "line": {"color": colour, "width": width},
        "hoverinfo": "skip",
        "showlegend": False,
        **_pens(run for path in paths for run in _runs(path)),
    }


def _bridges(paths: Iterable[Path], palette: Palette) -> dict[str, Any]:
    """Dotted where the version changed: the levels at both ends come from other questions."""
    gaps = []
    for path in paths:
        runs = list(_runs(path))
        gaps += [[before[-1], after[0]] for before, after in pairwise(runs)]
    line = {"color": palette.context, "width": 1.5, "dash": "2px,4px"}
    name = t("Another version was asked")
    return {
        "type": "scatter", "mode": "lines", "line": line, "hoverinfo": "skip", "showlegend": bool(gaps),
        "name": name, **_pens(gaps),
    }  # fmt: skip


def _marks(finding: Trajectories, paths: Sequence[Path], marker: dict[str, Any]) -> dict[str, Any]:
    stops = [
        (path, place, level) for path in paths for place, level in enumerate(path.levels) if level is not None
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "marker": marker,
        "x": [place for _, place, _ in stops],
        "y": rounded(level for _, _, level in stops),
        "hovertext": [_hover(finding, path, place, level) for path, place, level in stops],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
        "cliponaxis": False,
    }


def _hover(finding: Trajectories, path: Path, place: int, level: float) -> str:
    entry = finding.rounds[place]
    told = [
        f"<b>{wrapped(path.label, 60, 4)}</b>",
        f"{escaped(entry.name)}: {decimal(level, 2)}",
    ]
    if path.target is not None:
        told.append(t("target {target}", target=decimal(path.target, 2)))
    return "<br>".join(told)


def _stalled(finding: Trajectories, palette: Palette) -> list[dict[str, Any]]:
    """Squares in the colour of attention, on thin lines of it."""
    if not finding.stalled:
        return []
    marker = {"symbol": "square", "size": 9, "color": palette.attention}
    marks = _marks(finding, finding.stalled, marker)
    named = {"name": t("Stalled below target"), "showlegend": True}
    return [_lines(finding.stalled, palette.attention, 1.5), {**marks, **named}]


def _best(finding: Trajectories, palette: Palette) -> list[dict[str, Any]]:
    best = finding.best
    if best is None:
        return []
    marks = _marks(finding, [best], {"symbol": "circle", "size": 10, "color": palette.now})
    return [_lines([best], palette.now, 4), {**marks, "name": t("Gained most"), "showlegend": True}]


def _median(finding: Trajectories, palette: Palette) -> list[dict[str, Any]]:
    line = [(place, level) for place, level in enumerate(finding.medians) if level is not None]
    if not line:
        return []
    style = {"color": palette.ink, "width": 2.5, "dash": "9px,6px"}
    return [
        {
            "type": "scatter", "mode": "lines", "line": style, "name": t("Median"), "showlegend": True,
            "hoverinfo": "skip", **_pens([line]),
        }
    ]  # fmt: skip


def _target(finding: Trajectories, palette: Palette) -> list[dict[str, Any]]:
    """A line only where all have the same target; else it stands in the hover text and the table."""
    if finding.target is None:
        return []
    last = len(finding.rounds) - 1
    style = {"color": palette.target, "width": 1.5, "dash": "2px,3px"}
    name = t("Target {target}", target=decimal(finding.target))
    ends = [(0, finding.target), (last or 1, finding.target)]
    return [
        {
            "type": "scatter", "mode": "lines", "line": style, "name": name, "showlegend": True, "hoverinfo": "skip",
            **_pens([ends]),
        }
    ]  # fmt: skip


def _names(finding: Trajectories, palette: Palette) -> list[_Name]:
    names = [_name(finding, path, palette) for path in finding.measured]
    if finding.medians and (level := finding.medians[-1]) is not None:
        names.append(_Name(t("Median"), level, palette.ink, True))
    return names


def _name(finding: Trajectories, path: Path, palette: Palette) -> _Name:
    gain = "" if path.gain is None else f"\u2002{signed(path.gain)}"
    text = f"{with_end(path.label, _NAME_COLUMNS)}{gain}"
    if path.has_stalled:
        return _Name(text, path.now or 0.0, palette.attention, True)
    if path is finding.best:
        return _Name(text, path.now or 0.0, palette.now, True)
    return _Name(text, path.now or 0.0, palette.muted, False)


def _labels(
    names: Sequence[_Name], rounds: int, levels: tuple[float, float], height: float, palette: Palette
) -> list[dict[str, Any]]:
    """The names, spread so that none hides another, each with a line to its end."""
    low, high = levels
    scale = height / (high - low)
    wanted = [(name.level - low) * scale for name in names]
    places = [low + place / scale for place in spread(wanted, STEP, height)]
    last = rounds - 1
    near, far = (last + part * _LEAD * max(last, 1) for part in (0.15, 0.95))
    x = [value for _ in names for value in (near, far, None)]
    y = [v for name, place in zip(names, places, strict=True) for v in (name.level, place, None)]
    leaders = {"width": 1, "color": palette.context}
    return [
        {"type": "scatter", "mode": "lines", "x": x, "y": rounded(y), "line": leaders,
         "hoverinfo": "skip", "showlegend": False, "cliponaxis": False},
        {
            "type": "scatter", "mode": "text", "x": [far] * len(names), "y": rounded(places),
            "text": [f"<b>{name.text}</b>" if name.is_bold else name.text for name in names],
            "textfont": {"color": [name.colour for name in names]}, "textposition": "middle right",
            "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
        },
    ]  # fmt: skip


def spread(places: Sequence[float], step: float, room: float) -> list[float]:
    """The places moved as little as needed to stand `step` apart, in their order, between 0 and `room`.

    >>> spread([10.0, 10.0, 50.0], 10.0, 100.0)
    [5.0, 15.0, 50.0]
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    blocks: list[
        list[float]
    ] = []  # What each place wants if all before it were `step` apart, pooled where they touch.
    for rank, number in enumerate(order):
        blocks.append([places[number] - rank * step])
        while len(blocks) > 1 and _mean(blocks[-2]) > _mean(blocks[-1]):
            blocks[-2:] = [[*blocks[-2], *blocks[-1]]]
    free = max(room - (len(places) - 1) * step, 0.0)
    starts = [min(max(_mean(block), 0.0), free) for block in blocks for _ in block]
    found = [0.0] * len(places)
    for rank, (number, start) in enumerate(zip(order, starts, strict=True)):
        found[number] = start + rank * step
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
