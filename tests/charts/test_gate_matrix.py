"""C5 on its traces: glyph and fill by state, the verdict at the right, hostile names, and one trace per kind."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.analysis.gate_columns import GateColumn
from assessment.analysis.gate_matrix import GateMatrix, GateRow
from assessment.analysis.gates import Gate, GateState, StageName, Verdict
from assessment.analysis.order import OrderFinding
from assessment.analysis.orders import CountryOrder, Orders, Reached
from assessment.analysis.readings import Known, Reading
from assessment.charts.gate_matrix import gate_matrix, gate_states
from assessment.charts.order_matrix import order_matrix
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from assessment.charts.words import GATE_SIGNS
from tests.charts.findings import HOSTILE

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
STATES = tuple(GateState)


def gate(unit: str, question: str, state: GateState) -> Gate:
    return Gate(unit, StageName.PILOT, "q", 3, True, Reading(question, unit, Known.LEVEL, 2, 2), state)


def finding(
    *rows: tuple[str, tuple[GateState | None, ...], Verdict | None], titles: tuple[str, ...] = ()
) -> GateMatrix:
    width = max((len(states) for _, states, _ in rows), default=0)
    names = titles or tuple(f"Gate {n}" for n in range(width))
    columns = tuple(GateColumn(f"q{n}", "q", title, 3, True, 0, len(rows)) for n, title in enumerate(names))
    made = tuple(
        GateRow(
            f"u{y}", label, tuple(gate(f"u{y}", f"q{x}", s) if s else None for x, s in enumerate(states)), verdict
        )
        for y, (label, states, verdict) in enumerate(rows)
    )  # fmt: skip
    return GateMatrix(True, StageName.PILOT, "First pilot", columns, made, 0)


def draw(matrix: GateMatrix, palette: Palette = LIGHT, more: str = "") -> go.Figure:
    return gate_matrix(
        matrix, palette, Words(""), lambda row: str(row.verdict or "").replace("_", " "), lambda *_: more
    )


def scatters(figure: go.Figure) -> list[Any]:
    return [trace for trace in figure.data if trace.type == "scatter"]


def texts(figure: go.Figure) -> dict[tuple[str, ...], str]:
    """The glyph of each cell by what a click on it gives."""
    return {
        tuple(key): text
        for trace in scatters(figure)
        if trace.mode == "text" and trace.customdata is not None
        for key, text in zip(trace.customdata, trace.text, strict=True)
    }


def notes(figure: go.Figure) -> Any:
    return next(trace for trace in scatters(figure) if trace.textposition == "middle right")


@BOTH
def test_every_state_has_its_own_glyph_fill_and_words(palette: Palette) -> None:
    states = gate_states(palette)
    assert {name: state.glyph for name, state in states.items()} == {str(s): GATE_SIGNS[s] for s in STATES}
    for kind in ("glyph", "words", "fill"):
        assert len({getattr(state, kind) for state in states.values()}) == len(STATES), kind


@BOTH
def test_only_exceptions_are_coloured(palette: Palette) -> None:
    states = gate_states(palette)
    assert states["met"].fill == palette.missing
    assert states["not_applicable"].fill == palette.background
    assert states["not_met"].fill == palette.attention


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted([light(one), light(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@BOTH
def test_every_glyph_can_be_read_on_its_fill(palette: Palette) -> None:
    for name, state in gate_states(palette).items():
        assert _contrast(state.ink, state.fill) >= 4.5, name


def test_each_cell_shows_its_gates_state_and_a_click_gives_unit_and_question() -> None:
    figure = draw(finding(("France", STATES, None), ("Spain", (None, *STATES[1:]), None)))
    shown = texts(figure)
    assert [shown["u0", f"q{n}"] for n in range(len(STATES))] == [GATE_SIGNS[state] for state in STATES]
    assert ("u1", "q0") not in shown
    squares = next(trace for trace in figure.data if trace.type == "heatmap")
    assert squares.z[1][0] is None


def test_the_verdict_stands_at_the_right_in_two_lines_and_not_yet_stands_out() -> None:
    figure = draw(
        finding(
            ("France", STATES, Verdict.NOT_ENOUGH_EVIDENCE), ("Spain", STATES, Verdict.NOT_YET), ("Italy", STATES, None)
        )
    )  # fmt: skip
    assert list(notes(figure).text) == ["\u2002not enough<br>\u2002evidence", "\u2002not yet"]
    assert list(notes(figure).y) == [0, 1]
    assert list(notes(figure).textfont.color) == [LIGHT.muted, LIGHT.attention]


def test_a_country_none_of_whose_domains_is_ready_stands_out() -> None:
    row = GateRow("FR", "France", (gate("FR", "q0", GateState.MET),), None, 0, 0, 6)
    column = GateColumn("q0", "q", "Gate", 3, True, 0, 1)
    matrix = GateMatrix(False, StageName.PILOT, "First pilot", (column,), (row,), 0)
    figure = gate_matrix(matrix, LIGHT, Words(""), lambda _: "0 of 6", lambda *_: "")
    assert list(notes(figure).textfont.color) == [LIGHT.attention]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_escaped_everywhere(name: str) -> None:
    figure = draw(finding((name, STATES, None), titles=(name,) * len(STATES)), more=name)
    written = [*figure.layout.xaxis.ticktext, *figure.layout.yaxis.ticktext]
    written += [text for trace in figure.data if trace.hovertext is not None for text in trace.hovertext]
    for text in written:
        bare = text.replace("<b>", "").replace("</b>", "").replace("<br>", "")
        assert "<" not in bare
        assert "%{" not in text
        assert "$" not in text


def test_900_rows_of_57_gates_are_a_handful_of_traces() -> None:
    rows = [(f"Unit {n}", tuple(STATES[(n + x) % 5] for x in range(57)), None) for n in range(900)]
    figure = draw(finding(*rows))
    assert len(figure.data) == 2 + 2 * len(STATES)
    assert not figure.layout.annotations
    assert not figure.layout.shapes


def test_nothing_to_draw_is_drawn_without_an_error() -> None:
    assert json.loads(draw(finding()).to_json())["layout"]["height"] > 0


def test_hovering_says_unit_gate_state_and_more() -> None:
    figure = draw(finding(("France", (GateState.CLAIMED,), None)), more="answered by France")
    trace = next(trace for trace in figure.data if trace.hovertext is not None)
    assert trace.hovertext[0] == (
        "<b>France</b><br>Gate 0<br>claimed, evidence doesn't carry it<br>answered by France"
    )


@BOTH
def test_prerequisites_look_as_gates_in_the_same_state_do(palette: Palette) -> None:
    order = OrderFinding("FR", None, ("q0",), (), (), 0, 3)
    country = CountryOrder(order, (Reached.REACHED, Reached.BELOW, Reached.UNKNOWN), (3, 2, None))
    orders = Orders(("q0", "q1", "q2"), ((None, ("FR",)),), (("FR", country),))
    figure = order_matrix(orders, {"FR": "France"}, {"q0": "Sponsor"}, palette, Words(""))
    shown = {trace.text[0]: trace.textfont.color for trace in scatters(figure) if trace.mode == "text"}
    looks = gate_states(palette)
    for state in ("met", "not_met", "unknown"):
        assert shown[looks[state].glyph] == looks[state].ink
    assert list(figure.layout.xaxis.ticktext) == ["Sponsor", "q1", "q2"]
    assert notes(figure).text[0].strip() == "1 of 3"


def test_the_chosen_cell_is_outlined_and_no_other() -> None:
    matrix = finding(("France", STATES, None), ("Spain", STATES, None))
    figure = gate_matrix(matrix, LIGHT, Words(""), lambda _: "", lambda *_: "", ("u1", "q2"))
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (1.5, 2.5, 0.5, 1.5)


def test_hovering_on_a_country_may_tell_of_its_domains() -> None:
    own, below = gate("FR", "q0", GateState.MET), (gate("FR.sales", "q0", GateState.NOT_MET),)
    row = GateRow("FR", "France", (own,), None, 0, 0, 1, below=(below,))
    column = GateColumn("q0", "q", "Gate", 3, True, 0, 1)
    matrix = GateMatrix(False, StageName.PILOT, "First pilot", (column,), (row,), 0)
    figure = gate_matrix(matrix, LIGHT, Words(""), lambda _: "", lambda _, under: under[0].unit_id)
    trace = next(trace for trace in figure.data if trace.hovertext is not None)
    assert trace.hovertext[0].endswith("<br>FR.sales")
