from __future__ import annotations

import json
import re

import plotly.graph_objects as go
import pytest

from assessment.analysis.common_or_local import Quadrant, SpreadFinding, advice_of
from assessment.charts.commonality import Dot, commonality
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from tests.analysis.judging import rules
from tests.charts.findings import HOSTILE, LEVELS

RULES = rules().common_or_local.levels
BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def dot(
    name: str, middle: float, distance: float, questionnaire: str = "Governance", *, at_limit: bool = False
) -> Dot:
    if middle >= RULES.high_from:
        quadrant = Quadrant.HIGH_NARROW if distance <= RULES.narrow_up_to else Quadrant.HIGH_WIDE
    else:
        quadrant = Quadrant.LOW_NARROW if distance <= RULES.narrow_up_to else Quadrant.LOW_WIDE
    finding = SpreadFinding(name, {}, middle, distance, advice_of(quadrant, RULES), quadrant, at_limit)
    return Dot(name, questionnaire, finding)


def draw(*dots: Dot, palette: Palette = LIGHT, words: Words | None = None) -> go.Figure:
    return commonality(dots, RULES, LEVELS, palette, words or Words(""))


def marks(figure: go.Figure) -> list[go.Scatter]:
    return [
        trace for trace in figure.data
        if trace.type == "scatter" and trace.mode == "markers" and not trace.showlegend
    ]  # fmt: skip


def names(figure: go.Figure) -> set[str]:
    return {text for trace in figure.data if trace.type == "bar" for text in trace.text}


def test_a_question_stands_at_its_median_and_its_spread():
    (trace,) = marks(draw(dot("Owners", 3.5, 0.5)))
    assert (trace.x[0], trace.y[0]) == pytest.approx((3.5, 0.5), abs=0.01)
    assert trace.hovertext[0] == (
        "<b>Owners</b><br>Governance<br>median level 3.5, 0.50 between the quartiles<br>Make it the standard"
    )


def test_every_questionnaire_has_a_shape_of_its_own_and_a_legend_entry():
    figure = draw(dot("a", 3, 0), dot("b", 4, 1, "Ownership"), dot("c", 2, 2, "Platform"))
    assert [trace.marker.symbol[0] for trace in marks(figure)] == ["circle", "square", "diamond"]
    legend = [trace for trace in figure.data if trace.showlegend]
    assert [(trace.name, trace.marker.symbol) for trace in legend] == [
        ("Governance", "circle"), ("Ownership", "square"), ("Platform", "diamond"),
    ]  # fmt: skip


def test_a_borderline_question_is_hollow_and_says_so():
    (trace,) = marks(draw(dot("a", 3, 0, at_limit=True), dot("b", 4, 0)))
    assert list(trace.marker.symbol) == ["circle-open", "circle"]
    assert trace.hovertext[0].endswith("borderline")
    assert not trace.hovertext[1].endswith("borderline")


@pytest.mark.parametrize("middle", [2.5, 3])
@pytest.mark.parametrize("distance", [1, 1.25])
def test_questions_that_fall_together_spread_out_within_their_quadrant(middle: float, distance: float):
    (trace,) = marks(draw(*(dot(str(number), middle, distance) for number in range(40))))
    places = set(zip(trace.x, trace.y, strict=True))
    assert len(places) == 40
    if middle >= RULES.high_from:
        assert min(trace.x) >= middle - 0.01
        assert max(trace.x) < middle + 0.5
    else:
        assert max(trace.x) <= middle + 0.01
    if distance <= RULES.narrow_up_to:
        assert max(trace.y) <= distance + 0.01
        assert min(trace.y) > distance - 0.25
    else:
        assert min(trace.y) >= distance - 0.01


def test_names_stand_in_boxes_that_plotly_hides_when_they_grow_too_narrow():
    figure = draw(dot("Owners", 3.5, 0.5))
    assert names(figure) == {"Owners"}
    assert (figure.layout.uniformtext.mode, figure.layout.uniformtext.minsize) == ("hide", 11)
    (bar,) = [trace for trace in figure.data if trace.type == "bar"]
    assert bar.textangle == 0, "a turned name would fit a narrow box"
    assert bar.marker.color == "rgba(0,0,0,0)"


def test_in_a_crowd_some_names_are_left_to_the_hover_text():
    figure = draw(*(dot(f"Question {number}", 3, 1) for number in range(40)))
    assert 0 < len(names(figure)) < 40
    assert len(marks(figure)[0].hovertext) == 40


def test_the_quadrants_are_named_by_what_follows():
    texts = [trace for trace in draw(dot("a", 3, 1)).data if trace.type == "scatter" and trace.mode == "text"]
    told = {text.replace("<br>", " ") for text in texts[0].text}
    assert told == {f"<b>{advice_of(quadrant, RULES).title}</b>" for quadrant in Quadrant}


def test_what_is_alike_stands_on_top_and_the_whole_scale_is_there():
    axes = draw(dot("a", 3, 4)).layout
    assert axes.yaxis.range[0] > 4 > 0 > axes.yaxis.range[1]
    assert axes.xaxis.range == (0.5, 5.5)
    assert list(axes.xaxis.ticktext) == [f"{level} {name}" for level, name in LEVELS.items()]


def test_there_are_three_shapes_and_no_annotation_however_many_questions():
    layout = draw(*(dot(str(number), 1 + number % 9 / 2, number % 7 / 4) for number in range(81))).layout
    assert len(layout.shapes) == 3
    assert not layout.annotations


@BOTH
def test_no_question_is_a_picture_too(palette: Palette):
    assert draw(palette=palette).layout.height > 100


def test_an_exported_picture_has_its_headline():
    figure = draw(dot("a", 3, 1), words=Words("Source", headline="Standardise", subtitle="How"))
    assert figure.layout.title.text == "<b>Standardise</b>"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_as_text(name: str):
    shown = json.dumps(
        json.loads(draw(dot(name, 3, 1, name), words=Words(name)).to_json()), ensure_ascii=False
    )
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<br>", "<b>", "</b>", "<extra>", "</extra>"}
    assert set(re.findall(r"%\{[^}]*\}", shown)) == {"%{hovertext}"}
    assert "$" not in shown


def test_a_figure_is_small():
    figure = draw(*(dot(f"Question {number}", 1 + number % 9 / 2, number % 7 / 4) for number in range(81)))
    assert len(figure.to_json()) < 35_000
