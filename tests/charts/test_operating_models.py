"""The operating models on their traces: one bar a class in one colour, borderline units told apart by a pattern."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.analysis.operating_models import ModelLine, ModelOverview
from assessment.charts.operating_models import operating_models
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from assessment.questionnaire.verdicts import ModelClass
from tests.charts.findings import HOSTILE

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def line(name: str | None, clear: int = 0, borderline: int = 0) -> ModelLine:
    model = ModelClass(id="m", title=name, summary="S", next_step="N") if name else None
    return ModelLine(model, tuple(f"c{n}" for n in range(clear)), tuple(f"b{n}" for n in range(borderline)))


def draw(*lines: ModelLine, palette: Palette = LIGHT, label: str = "Unit") -> go.Figure:
    return operating_models(ModelOverview(True, lines), palette, Words(""), lambda unit: f"{label} {unit}")


def bars(figure: go.Figure) -> list[Any]:
    return [trace for trace in figure.data if trace.type == "bar"]


@BOTH
def test_clear_borderline_and_unknown_units_are_three_traces_told_apart_by_pattern(palette: Palette) -> None:
    figure = draw(line("Central", 3, 2), line("Mesh", 1), line(None, 4), palette=palette)
    assert [list(trace.x) for trace in bars(figure)] == [[3, 1, None], [2, None, None], [None, None, 4]]
    assert len({trace.marker.pattern.shape for trace in bars(figure)}) == 3
    assert {len(trace.y) for trace in bars(figure)} == {3}


def test_all_classes_have_one_colour_because_none_is_better() -> None:
    clear = bars(draw(line("Central", 3), line("Mesh", 1)))[0]
    assert clear.marker.color == LIGHT.now


def test_the_number_of_a_class_stands_beside_its_bar() -> None:
    figure = draw(line("Central", 3, 2), line("Mesh"))
    texts = next(trace for trace in figure.data if trace.type == "scatter")
    assert [text.strip() for text in texts.text] == ["5", "0"]


def test_classes_stand_from_the_top_in_the_findings_order() -> None:
    axis = draw(line("Central", 1), line("Mesh", 1)).layout.yaxis
    assert list(axis.ticktext) == ["Central", "Mesh"]
    assert axis.range[0] > axis.range[1]


def test_hovering_names_some_units_and_counts_the_rest() -> None:
    hover = bars(draw(line("Central", 15)))[0].hovertext[0]
    assert hover.startswith("<b>Central</b><br>clearly so<br>Unit c0<br>")
    assert hover.endswith("Unit c11<br>and 3 more")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_escaped(name: str) -> None:
    figure = draw(line(name, 1), label=name)
    for text in [*figure.layout.yaxis.ticktext, *bars(figure)[0].hovertext]:
        bare = text.replace("<b>", "").replace("</b>", "").replace("<br>", "")
        assert "<" not in bare
        assert "%{" not in text
        assert "$" not in text


def test_nothing_to_draw_is_drawn_without_an_error() -> None:
    assert draw().layout.height > 0
