from __future__ import annotations

import json
import re

import plotly.graph_objects as go
import pytest

from assessment.analysis.standing import RankRange
from assessment.analysis.tiers import Tier, tier_of
from assessment.charts.rank_ranges import rank_chart
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from tests.charts.findings import HOSTILE

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def places(unit: str, rank: int, by_weights: tuple[int, int], core: tuple[int, int]) -> RankRange:
    return RankRange(unit, 3.0, rank, by_weights, by_weights, core, (rank, rank))


FIVE = (
    places("A", 1, (1, 2), (1, 1)), places("B", 2, (1, 2), (2, 2)), places("C", 3, (2, 4), (3, 3)),
    places("D", 4, (4, 5), (4, 5)), places("E", 5, (3, 5), (5, 5)),
)  # fmt: skip


def draw(ranges: tuple[RankRange, ...] = FIVE, palette: Palette = LIGHT, name: str = "") -> go.Figure:
    labels = {entry.unit_id: name or f"Country {entry.unit_id}" for entry in ranges}
    tiers = {entry.unit_id: tier_of(entry, len(ranges)) for entry in ranges}
    return rank_chart(ranges, tiers, labels, palette, Words(name))


def bars(figure: go.Figure, opacity: float) -> dict[int, tuple[float, float]]:
    """Where the bars of one opacity begin and end, by row."""
    return {
        row: (round(base, 2), round(base + length, 2))
        for trace in figure.data
        if trace.type == "bar" and trace.marker.opacity == opacity
        for row, base, length in zip(trace.y, trace.base, trace.x, strict=True)
    }


def rings(figure: go.Figure) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers"]


def test_the_wide_bar_is_light_the_middle_half_dark_and_the_ring_the_rank():
    figure = draw()
    assert bars(figure, 0.38)[2] == (1.58, 4.42)
    assert bars(figure, 0.85)[2] == (2.58, 3.42)
    places_of_rings = {row: x for trace in rings(figure) for row, x in zip(trace.y, trace.x, strict=True)}
    assert places_of_rings == {0: 1, 1: 2, 2: 3, 3: 4, 4: 5}


def test_colours_say_the_half_and_so_do_words_in_the_legend():
    found = {trace.name: (trace.marker.line.color, list(trace.y)) for trace in rings(draw())}
    assert found == {
        "whole range in the upper half": (LIGHT.now, [0, 1]),
        "reaches the middle": (LIGHT.before, [2, 4]),
        "whole range in the lower half": (LIGHT.attention, [3]),
    }


def test_a_tier_that_nobody_is_in_is_not_in_the_legend():
    assert len(rings(draw(FIVE[:1]))) == 1


def test_every_range_stands_in_figures_at_the_right():
    (texts,) = [trace for trace in draw().data if trace.type == "scatter" and trace.mode == "text"]
    assert [text.strip() for text in texts.text] == ["1–2", "1–2", "2–4", "4–5", "3–5"]


def test_a_range_of_one_place_is_written_as_a_range():
    sure = (places("A", 1, (1, 1), (1, 1)),)
    (texts,) = [trace for trace in draw(sure).data if trace.type == "scatter" and trace.mode == "text"]
    assert [text.strip() for text in texts.text] == ["1–1"]


def test_the_line_between_the_halves_lies_in_the_middle():
    (line,) = draw().layout.shapes
    assert line.x0 == line.x1 == 3


def test_the_hover_text_never_says_a_rank_without_its_range():
    assert rings(draw())[0].hovertext[0] == (
        "<b>Country A</b><br>rank 1 by its score<br>1–2 with other weights, methods and unknowns<br>1–1 in the middle half of the draws"
    )


@BOTH
@pytest.mark.parametrize("ranges", [(), FIVE[:1], FIVE])
def test_few_or_no_units_are_a_picture_too(palette: Palette, ranges: tuple[RankRange, ...]):
    assert draw(ranges, palette).layout.height > 90


def test_with_many_units_places_are_counted_in_steps():
    many = tuple(places(str(number), number, (number, number), (number, number)) for number in range(1, 61))
    assert draw().layout.xaxis.dtick == 1
    assert draw(many).layout.xaxis.dtick is None
    assert len(draw(many).data) <= 3 * len(Tier) + 1


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_as_text(name: str):
    shown = json.dumps(json.loads(draw(name=name).to_json()), ensure_ascii=False)
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<br>", "<b>", "</b>", "<extra>", "</extra>"}
    assert set(re.findall(r"%\{[^}]*\}", shown)) == {"%{hovertext}"}
    assert "$" not in shown
