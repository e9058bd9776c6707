"""Lead against domains on their traces: two marks a row, the distance told by width, dash and word."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.analysis.perception import Perceived, PerceptionFinding
from assessment.analysis.views_apart import ViewRow, Views
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from assessment.charts.views_apart import perceived_words, views_apart
from tests.charts.findings import HOSTILE

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def view(lead: int, middle: float, perceived: Perceived) -> PerceptionFinding:
    return PerceptionFinding("FR", "q", lead, (3, 3, 3), middle, 0.0, lead - middle, 1, 4, perceived, False)


MIXED = (
    ViewRow("Sponsor", view(5, 3, Perceived.RED)),
    ViewRow("Owners", view(2, 3, Perceived.AMBER)),
    ViewRow("Terms", view(3, 3, Perceived.ALIKE)),
    ViewRow("Spain", None, Perceived.TOO_FEW),
)


def draw(*rows: ViewRow, palette: Palette = LIGHT) -> go.Figure:
    return views_apart(Views(rows, (), "Headline"), palette, Words(""))


def named(figure: go.Figure, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def outcomes(figure: go.Figure) -> Any:
    return next(trace for trace in figure.data if trace.mode == "text")


def test_each_compared_row_has_a_mark_for_the_lead_and_another_for_the_domains() -> None:
    figure = draw(*MIXED)
    lead, domains = named(figure, "Country's lead"), named(figure, "Median of the domains")
    assert (list(lead.x), list(lead.y)) == ([5, 2, 3], [0, 1, 2])
    assert (list(domains.x), list(domains.y)) == ([3, 3, 3], [0, 1, 2])
    assert lead.marker.symbol != domains.marker.symbol


@BOTH
def test_far_apart_and_apart_differ_by_width_and_dash_and_not_only_by_colour(palette: Palette) -> None:
    figure = draw(*MIXED, palette=palette)
    far, apart = named(figure, "far apart"), named(figure, "apart")
    assert (list(far.x), list(apart.x)) == ([3, 5, None], [3, 2, None])
    assert far.line.width > apart.line.width
    assert (far.line.dash, bool(apart.line.dash)) == (None, True)


def test_the_outcome_says_who_is_higher_by_how_much_and_in_a_word() -> None:
    shown = [text.replace("<br>", " ") for text in outcomes(draw(*MIXED)).text]
    assert shown == ["<b>lead 2.0 higher, far apart</b>", "lead 1.0 lower, apart", "alike", "too few domains"]


def test_only_what_is_far_apart_has_the_colour_of_attention() -> None:
    colours = outcomes(draw(*MIXED)).textfont.color
    assert list(colours) == [LIGHT.attention, LIGHT.muted, LIGHT.muted, LIGHT.muted]


def test_lines_that_are_not_there_have_no_legend_entry() -> None:
    figure = draw(MIXED[2])
    legend = {trace.name for trace in figure.data if trace.showlegend is not False}
    assert legend == {"Country's lead", "Median of the domains"}


@pytest.mark.parametrize("perceived", Perceived)
def test_every_comparison_has_words(perceived: Perceived) -> None:
    assert perceived_words(perceived)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_escaped(name: str) -> None:
    figure = draw(
        ViewRow(f"{name} and a title that is too long for the axis " * 3, view(5, 3, Perceived.RED))
    )
    for text in [*figure.layout.yaxis.ticktext, *named(figure, "Country's lead").hovertext]:
        bare = text.replace("<br>", "")
        assert "<" not in bare
        assert "%{" not in text
        assert "$" not in text


def test_nothing_to_draw_is_drawn_without_an_error() -> None:
    assert draw().layout.height > 0
