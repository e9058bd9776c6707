"""The risk that what was started fades: a dot a domain along the index, by bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from assessment.analysis.lasting import LastingFinding, Risk
from assessment.charts.labels import escaped, wrapped
from assessment.charts.lanes import figure, lanes, outcome_texts, segments
from assessment.charts.theme import SMALL_SIZE, Palette, Words, rounded
from assessment.i18n import decimal, t

#: More domains than this make no picture; the table has them all.
MOST_DOMAINS = 25
#: From the band of the lowest risk on; told apart without colour.
_SHAPES = ("circle-open", "circle", "square")


def lasting(finding: LastingFinding, palette: Palette, words: Words) -> go.Figure:
    """The riskiest domains, the worst on top; of those without an index only the band can be known."""
    drawn = finding.known[:MOST_DOMAINS]
    found = lanes([risk.label for risk in drawn], [_outcome(risk) for risk in drawn])
    worst = len(finding.bands) - 1
    is_worst = [risk.place == worst for risk in drawn]
    ends = [(0.0, risk.finding.index) for risk in drawn]
    traces = [
        segments(ends, found.places, {"width": 2, "color": palette.grid}),
        *(_dots(finding, drawn, found.places, place, palette) for place in range(len(finding.bands))),
        outcome_texts(found, 100, [palette.attention if w else palette.muted for w in is_worst], is_worst),
    ]
    return figure(found, _axis(finding, palette), traces, palette, words)


def _outcome(risk: Risk) -> str:
    """The index, and whether a rule put the domain where it is."""
    index = "" if risk.finding.index is None else decimal(risk.finding.index, 0)
    return " ".join(filter(None, [index, t("by rule") if risk.finding.forced else ""]))


def _axis(finding: LastingFinding, palette: Palette) -> dict[str, Any]:
    """The index from 0 to 100, with a line at the end of each band."""
    limits = [0.0, *(band.up_to for band in finding.bands)]
    return {
        "range": [0, 100],
        "tickvals": limits,
        "ticktext": [decimal(limit, 0) for limit in limits],
        "showgrid": True,
        "gridcolor": palette.context,
        "griddash": "2px,4px",
        "tickfont": {"color": palette.muted, "size": SMALL_SIZE},
    }


def _dots(
    finding: LastingFinding, drawn: Sequence[Risk], places: Sequence[float], place: int, palette: Palette
) -> dict[str, Any]:
    """The domains of one band; the legend says how many there are, also beyond the picture."""
    shown = [
        (risk, y)
        for risk, y in zip(drawn, places, strict=True)
        if risk.place == place and risk.finding.index is not None
    ]
    worst = len(finding.bands) - 1
    colour = palette.attention if place == worst else palette.before
    shape = _SHAPES[-1] if place == worst else _SHAPES[min(place, len(_SHAPES) - 2)]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(f"{finding.bands[place].title} ({len(finding.in_band(place))})"),
        "showlegend": True,
        "cliponaxis": False,
        "x": rounded(risk.finding.index for risk, _ in shown),
        "y": [y for _, y in shown],
        "marker": {"symbol": shape, "size": 12, "color": colour, "line": {"width": 2.5, "color": colour}},
        "hovertext": [_hover(finding, risk) for risk, _ in shown],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _hover(finding: LastingFinding, risk: Risk) -> str:
    told = [f"<b>{wrapped(risk.label, 60, 4)}</b>"]
    for cause in risk.finding.causes:
        name = finding.names.get(cause.question_id, cause.question_id)
        told.append(t("{question}: level {level}", question=wrapped(name, 50, 2), level=cause.claimed))
    if risk.finding.forced:
        told.append(wrapped(risk.finding.forced.why, 60, 4))
    return "<br>".join(told)
