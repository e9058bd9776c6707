"""How many units work in which way: one bar a class, in one colour, because no class is better than another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.operating_models import ModelLine, ModelOverview
from assessment.charts.labels import line_count, wrapped
from assessment.charts.theme import LINE_HEIGHT, SMALL_SIZE, Palette, Room, Words, frame
from assessment.i18n import t

_TITLE_COLUMNS, _TITLE_LINES = 22, 4
_LEFT, _RIGHT, _LEAST_ROW, _LEGEND = 152, 40, 34, 56
#: So many names stand in a hover text; the table has all.
_MOST_NAMES = 12


def operating_models(
    finding: ModelOverview, palette: Palette, words: Words, label: Callable[[str], str]
) -> go.Figure:
    """The classes from centralised to mesh, from the top down; `label` names a unit."""
    titles = [wrapped(model_title(line), _TITLE_COLUMNS, _TITLE_LINES) for line in finding.lines]
    row = max([_LEAST_ROW, *(line_count(title) * SMALL_SIZE * LINE_HEIGHT + 8 for title in titles)])
    traces = [
        _bars(finding, t("clearly so"), palette.now, "", label, palette),
        _bars(finding, t("one level in one answer from another"), palette.progress, "/", label, palette),
        _bars(finding, t("can't be told: an input has no level"), palette.missing, ".", label, palette),
        _totals(finding, palette),
    ]
    layout = frame(palette, words, Room(row * len(titles) + _LEGEND, _LEFT, _RIGHT))
    most = max((line.units for line in finding.lines), default=1)
    return go.Figure(
        traces,
        {
            **layout,
            "legend": {**layout["legend"], "traceorder": "normal"},
            "barmode": "stack",
            "bargap": 0.35,
            "xaxis": {"range": [0, most * 1.08 or 1], "visible": False},
            "yaxis": {
                "range": [len(titles) - 0.5, -0.5],
                "tickvals": list(range(len(titles))),
                "ticktext": titles,
                "ticklabelstandoff": 8,
            },
        },
    )  # fmt: skip


def model_title(line: ModelLine) -> str:
    return line.model.title if line.model else t("Can't be told")


def _bars(
    finding: ModelOverview, name: str, color: str, pattern: str, label: Callable[[str], str], palette: Palette
) -> dict[str, Any]:
    """One kind of units over all classes; told apart by a pattern, too."""
    groups = [_group(line, pattern) for line in finding.lines]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [len(units) or None for units in groups],
        "y": list(range(len(groups))),
        "marker": {
            "color": color,
            "pattern": {
                "shape": pattern,
                "fgcolor": palette.ink,
                "bgcolor": color,
                "size": 7,
                "solidity": 0.12,
            },
            "line": {"width": 1, "color": palette.context},
        },
        "hovertext": [
            _hover(line, units, name, label) for line, units in zip(finding.lines, groups, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _group(line: ModelLine, pattern: str) -> tuple[str, ...]:
    if line.model is None:
        return line.clear if pattern == "." else ()
    return {"": line.clear, "/": line.borderline}.get(pattern, ())


def _hover(line: ModelLine, units: Sequence[str], name: str, label: Callable[[str], str]) -> str:
    names = [wrapped(label(unit), 60, 1) for unit in units[:_MOST_NAMES]]
    more = [t("and {n} more", n=len(units) - len(names))] if len(units) > len(names) else []
    return "<br>".join([f"<b>{wrapped(model_title(line), 60, 2)}</b>", name, *names, *more])


def _totals(finding: ModelOverview, palette: Palette) -> dict[str, Any]:
    """How many units a class has, right of its bar."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [line.units for line in finding.lines],
        "y": list(range(len(finding.lines))),
        "text": [f"\u2002{line.units}" for line in finding.lines],
        "textposition": "middle right",
        "textfont": {"color": palette.ink},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
