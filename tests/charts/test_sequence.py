"""The order of growth: paths by who is ahead, with a ring at the start and an arrow at the end."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.analysis.sequence import CountryPath, SequenceFinding, Stop
from assessment.charts.sequence import sequence
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from tests.charts.findings import BEFORE, DURING, HOSTILE, NOW


def path(label: str, *stops: tuple[float, float], code: str = "") -> CountryPath:
    ids = [entry.id for entry in (BEFORE, DURING, NOW)][-len(stops) :]
    found = tuple(Stop(name, *stop) for name, stop in zip(ids, stops, strict=True))
    return CountryPath(label[:2], label, code or label[:3].upper(), found)


def drawn(*paths: CountryPath, palette: Palette = LIGHT) -> go.Figure:
    return sequence(SequenceFinding((BEFORE, DURING, NOW), paths, (), ()), palette, Words(""))


def named(figure: go.Figure, start: str) -> Any:
    return next(trace for trace in figure.data if (trace.name or "").startswith(start))


FRANCE = path("France", (2.0, 2.0), (2.5, 2.2), (3.5, 2.5))
SPAIN = path("Spain", (2.0, 2.5), (2.1, 3.4))
ITALY = path("Italy", (3.1, 3.2))


def test_each_kind_of_path_has_its_own_colour_and_line_and_its_number():
    figure = drawn(FRANCE, SPAIN, ITALY)
    lines = {trace.name: (trace.line.color, trace.line.dash) for trace in figure.data if trace.showlegend}
    assert set(lines) == {"Both equal", "Rules ahead (1)", "Owners ahead (1)", "In step (1)"}
    assert len({colour for colour, _ in lines.values()}) == 4
    assert len({dash for name, (_, dash) in lines.items() if name != "Both equal"}) == 3


def test_the_last_mark_of_a_path_is_an_arrow_and_the_first_a_ring():
    figure = drawn(FRANCE, SPAIN, ITALY)
    rules = named(figure, "Rules ahead")
    assert tuple(rules.x) == (2.0, 2.5, 3.5, None)
    assert tuple(rules.marker.symbol)[:3] == ("circle", "circle", "arrow")
    assert rules.marker.angleref == "previous"
    rings = next(t for t in figure.data if t.mode == "markers" and t.marker.color == LIGHT.background)
    assert tuple(rings.x) == (2.0, 2.0), "a country with one stop has no beginning"
    assert tuple(named(figure, "In step").marker.symbol) == ("circle", "circle")


def test_both_axes_show_the_same_levels():
    layout = drawn(FRANCE, ITALY).layout
    assert layout.xaxis.range == layout.yaxis.range
    assert layout.yaxis.scaleanchor == "x"
    assert layout.xaxis.range[0] < 2.0
    assert layout.xaxis.range[1] > 3.5


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_sixty_countries_have_no_more_traces_than_one(palette: Palette):
    many = [path(f"C{n:02}", (1 + n / 20, 1 + n / 30), (1.5 + n / 20, 1 + n / 25)) for n in range(60)]
    assert len(drawn(*many, palette=palette).data) == len(drawn(many[0], palette=palette).data)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_no_markup(name: str):
    figure = drawn(path(name, (2.0, 2.0), (3.0, 3.0), code=name))
    shown = str([(trace.text, trace.hovertext) for trace in figure.data])
    assert name not in shown
    assert "<a " not in shown


def test_no_country_is_drawn_without_an_error():
    assert drawn().layout.xaxis.range[0] < 3 < drawn().layout.xaxis.range[1]
