"""What a lead sees beside what the domains see: two marks a line, the distance between them by width and by word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.perception import Perceived, PerceptionFinding
from assessment.analysis.views_apart import ViewRow, Views
from assessment.charts.labels import is_cut, line_count, wrapped
from assessment.charts.theme import LINE_HEIGHT, SMALL_SIZE, Palette, Room, Words, frame
from assessment.i18n import count, decimal, t

_TITLE_COLUMNS, _TITLE_LINES = 22, 3
_OUTCOME_COLUMNS = 13
_LEFT, _RIGHT, _LEAST_ROW, _LEGEND, _BELOW = 152, 92, 40, 80, 30
_LEVELS = (1, 5)
_Found = tuple[int, PerceptionFinding]


def perceived_words(perceived: Perceived) -> str:
    """How two views compare; the red and amber of the rules in words.

    >>> perceived_words(Perceived.RED)
    'far apart'
    """
    return {
        Perceived.ALIKE: t("alike"),
        Perceived.AMBER: t("apart"),
        Perceived.RED: t("far apart"),
        Perceived.NO_SHARED_VIEW: t("domains differ among themselves"),
        Perceived.TOO_FEW: t("too few domains"),
        Perceived.UNKNOWN: t("not answered by both"),
    }[perceived]


def views_apart(finding: Views, palette: Palette, words: Words) -> go.Figure:
    """One line a row from the domains' median to the lead's level; rows without a comparison say why."""
    rows = finding.rows
    titles = [wrapped(row.label, _TITLE_COLUMNS, _TITLE_LINES) for row in rows]
    outcomes = [wrapped(_outcome(row), _OUTCOME_COLUMNS, 3) for row in rows]
    row = max(
        [_LEAST_ROW, *(line_count(text) * SMALL_SIZE * LINE_HEIGHT + 8 for text in (*titles, *outcomes))]
    )
    found = [(place, row.finding) for place, row in enumerate(rows) if row.finding is not None]
    traces = [
        _lines(found, Perceived.ALIKE, t("less than a level"), {"width": 2, "color": palette.context}),
        _lines(
            found, Perceived.AMBER, t("apart"), {"width": 3, "color": palette.attention, "dash": "4px,3px"}
        ),
        _lines(found, Perceived.RED, t("far apart"), {"width": 6, "color": palette.attention}),
        _domains(found, rows, palette),
        _lead(found, rows, palette),
        _outcomes(rows, outcomes, palette),
    ]
    layout = frame(palette, words, Room(row * len(rows) + _LEGEND, _LEFT, _RIGHT, below=_BELOW))
    return go.Figure(traces, {**layout, "xaxis": _scale(palette), "yaxis": _axis(titles)})


def _scale(palette: Palette) -> dict[str, Any]:
    lowest, highest = _LEVELS
    return {
        "range": [lowest - 0.25, highest + 0.25],
        "tickvals": list(range(lowest, highest + 1)),
        "ticktext": [t("level {n}", n=n) if n == lowest else str(n) for n in range(lowest, highest + 1)],
        "showgrid": True,
        "gridcolor": palette.grid,
        "tickfont": {"color": palette.muted, "size": SMALL_SIZE},
    }


def _axis(titles: Sequence[str]) -> dict[str, Any]:
    return {
        "range": [max(len(titles), 1) - 0.5, -0.5],
        "tickvals": list(range(len(titles))),
        "ticktext": list(titles),
        "ticklabelstandoff": 8,
    }


def _lines(found: Sequence[_Found], kind: Perceived, name: str, line: dict[str, Any]) -> dict[str, Any]:
    """One trace for all rows of a kind: a missing value lifts the pen."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, view in found:
        if view.perceived is kind and view.gap:
            x += [view.domain_median, view.lead, None]
            y += [place, place, None]
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": line, "hoverinfo": "skip",
        "showlegend": bool(x),
    }  # fmt: skip


def _lead(found: Sequence[_Found], rows: Sequence[ViewRow], palette: Palette) -> dict[str, Any]:
    marker = {"symbol": "circle", "size": 12, "color": palette.now}
    values = [float(view.lead or 0) for _, view in found]
    return _points(found, rows, t("Country's lead"), values, marker)


def _domains(found: Sequence[_Found], rows: Sequence[ViewRow], palette: Palette) -> dict[str, Any]:
    marker = {"symbol": "square-open", "size": 16, "color": palette.target, "line": {"width": 2.5}}
    values = [view.domain_median or 0.0 for _, view in found]
    return _points(found, rows, t("Median of the domains"), values, marker)


def _points(
    found: Sequence[_Found],
    rows: Sequence[ViewRow],
    name: str,
    values: Sequence[float],
    marker: dict[str, Any],
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": list(values),
        "y": [place for place, _ in found],
        "marker": marker,
        "cliponaxis": False,
        "showlegend": True,
        "hovertext": [_hover(rows[place], view) for place, view in found],
        "hovertemplate": f"{name} %{{x:.1f}}<br>%{{hovertext}}<extra></extra>",
    }


def _hover(row: ViewRow, view: PerceptionFinding) -> str:
    answered = count(len(view.domains), "domain")
    told = t("{domains} with a level, {n} don't know", domains=answered, n=view.dont_know)
    if is_cut(row.label, _TITLE_COLUMNS, _TITLE_LINES):
        return f"{wrapped(row.label, 60, 4)}<br>{told}"
    return told


def _outcome(row: ViewRow) -> str:
    """How far apart, in which direction, and the word for it; or why nobody can tell."""
    if row.finding is None or row.finding.gap is None:
        return perceived_words(row.why or Perceived.UNKNOWN)
    gap, word = row.finding.gap, perceived_words(row.finding.perceived)
    if not gap:
        return word
    if gap > 0:
        return t("lead {gap} higher, {word}", gap=decimal(gap), word=word)
    return t("lead {gap} lower, {word}", gap=decimal(-gap), word=word)


def _outcomes(rows: Sequence[ViewRow], outcomes: Sequence[str], palette: Palette) -> dict[str, Any]:
    """The outcome of each row right of the plot."""
    far = [row.finding is not None and row.finding.perceived is Perceived.RED for row in rows]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [_LEVELS[1] + 0.25] * len(rows),
        "y": list(range(len(rows))),
        "text": [f"<b>{text}</b>" if is_far else text for text, is_far in zip(outcomes, far, strict=True)],
        "textfont": {"color": [palette.attention if is_far else palette.muted for is_far in far]},
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
