"""Who moved and why, as bars: a trace a cause, a pattern each, and the whole levels at the right."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.analysis.matched import Cause
from assessment.analysis.movement import Refusal
from assessment.analysis.movers import Movement, MovementFinding
from assessment.charts.movement import MOST_UNITS, movement_bars
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from tests.charts.findings import HOSTILE


def row(label: str, then: float, parts: dict[Cause, float], refusal: Refusal | None = None) -> Movement:
    now = then + sum(parts.values())
    return Movement(label[:2], label, "governance", then, now, int(then), int(now), parts, 1.0, refusal)


def drawn(*rows: Movement, palette: Palette = LIGHT) -> go.Figure:
    return movement_bars(MovementFinding("Governance", "2025", "2026", True, False, rows), palette, Words(""))


def outcomes(figure: go.Figure) -> list[str]:
    return [text.replace("<br>", " ") for text in next(t for t in figure.data if t.type == "scatter").text]


def bars(figure: go.Figure) -> dict[str, Any]:
    return {trace.name: trace for trace in figure.data if trace.type == "bar"}


ROSE = row("France", 2.5, {Cause.ANSWERS: 0.75, Cause.UNKNOWNS: -0.25})
FELL = row("Spain", 3.0, {Cause.ANSWERS: -1.0})
REFUSED = row("Italy", 3.0, {}, Refusal.TOO_LITTLE_IN_COMMON)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_each_cause_that_moved_anybody_is_a_trace_with_a_pattern_of_its_own(palette: Palette):
    found = bars(drawn(ROSE, FELL, REFUSED, palette=palette))
    assert {name: tuple(trace.x) for name, trace in found.items()} == {
        "Other answers": (0.75, -1.0), "Blanks, don't knows and not applicable": (-0.25, 0.0),
    }  # fmt: skip
    assert len({trace.marker.pattern.shape for trace in found.values()}) == 2


def test_whole_levels_stand_beside_the_change_and_a_fall_has_the_colour_of_attention():
    figure = drawn(ROSE, FELL, REFUSED)
    assert outcomes(figure) == ["<b>+0.5 (2→3)</b>", "<b>−1.0 (3→2)</b>"]
    text = next(trace for trace in figure.data if trace.type == "scatter")
    assert list(text.textfont.color) == [LIGHT.muted, LIGHT.attention]
    assert text.x[0] == figure.layout.xaxis.range[1], "beyond the axis Plotly draws no text"


def test_the_axis_holds_the_parts_on_both_sides():
    low, high = drawn(ROSE, FELL).layout.xaxis.range
    assert low < -1.0
    assert high > 0.75


def test_more_units_than_fit_are_cut():
    figure = drawn(*(row(f"C{n}", 2.0, {Cause.ANSWERS: n / 50}) for n in range(60)))
    assert len(figure.layout.yaxis.ticktext) == MOST_UNITS


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_no_markup(name: str):
    figure = drawn(row(name, 2.0, {Cause.ANSWERS: 1.0}))
    shown = f"{figure.layout.yaxis.ticktext} {[trace.hovertext for trace in figure.data]}"
    assert name not in shown
    assert "<a " not in shown


def test_nobody_is_drawn_without_an_error():
    drawn()
    drawn(REFUSED)
