"""The risk of each domain along the index: a shape a band, the colour of attention for the worst only."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.charts.lasting import MOST_DOMAINS, lasting
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from tests.analysis.test_lasting import lasting as finding_of
from tests.analysis.test_lasting import risk
from tests.charts.findings import HOSTILE


def drawn(*risks: Any, palette: Palette = LIGHT) -> go.Figure:
    return lasting(finding_of(*risks), palette, Words(""))


def dots(figure: go.Figure) -> dict[str, Any]:
    return {trace.name: trace for trace in figure.data if trace.mode == "markers"}


ALL = risk("a", 20), risk("b", 40), risk("c", 80, dor_incentives=1), risk("d", None)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_only_the_worst_band_has_the_colour_of_attention_and_each_its_own_shape(palette: Palette):
    found = dots(drawn(*ALL, palette=palette))
    assert set(found) == {"Low risk (1)", "Watch (1)", "High risk (1)"}
    colours = {name: trace.marker.color for name, trace in found.items()}
    assert [name for name, colour in colours.items() if colour == palette.attention] == ["High risk (1)"]
    assert len({trace.marker.symbol for trace in found.values()}) == 3


def test_the_riskiest_stands_on_top_with_its_causes_in_the_hover_text():
    figure = drawn(*ALL)
    assert list(figure.layout.yaxis.ticktext) == ["C", "B", "A"]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    high = dots(figure)["High risk (1)"]
    assert tuple(high.x) == (80,)
    assert "Owners' yearly goals: level 1" in high.hovertext[0]


def test_more_domains_than_fit_are_cut_and_the_legend_still_counts_all():
    figure = drawn(*(risk(f"d{n:03}", 60 + n / 10) for n in range(100)))
    assert len(figure.layout.yaxis.ticktext) == MOST_DOMAINS
    assert "High risk (100)" in dots(figure)
    assert len(figure.data) == len(drawn(*ALL).data)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_no_markup(name: str):
    figure = drawn(risk(name, 80))
    shown = f"{figure.layout.yaxis.ticktext} {[trace.hovertext for trace in figure.data]}"
    assert name.upper() not in shown
    assert "<A " not in shown


def test_nobody_known_is_drawn_without_an_error():
    drawn(risk("a", None))
    drawn()
