"""The slope chart: one trace a kind, whatever the number of units; who stalled differs by shape, not by colour alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.trajectory import Path, Trajectories
from assessment.charts.slope import slope, spread
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from assessment.scoring.table import ScoreStatus
from tests.charts.findings import BEFORE, DURING, HOSTILE, NOW, SCALE


def path(label: str, *levels: float | None, gain: float | None = None, target: float | None = None) -> Path:
    known = [level for level in levels if level is not None]
    gained = known[-1] - known[0] if gain is None and len(known) > 1 else gain
    return Path(label[:2], label, levels, ("1.0.0",) * len(levels), target, gained, ScoreStatus.SCORED)


def paths(*found: Path, rounds: Any = (BEFORE, DURING, NOW)) -> Trajectories:
    return Trajectories("Governance", SCALE, tuple(rounds), rounds[0], tuple(found), True)


THREE = (
    path("Spain", 2.0, 3.0, 3.5, target=4.0),
    path("France", 2.5, 2.6, 2.6, target=4.0),
    path("Italy", 3.0, 3.1, 3.4, target=4.0),
)


def named(figure: go.Figure, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def labels(figure: go.Figure) -> dict[str, float]:
    texts = next(trace for trace in figure.data if trace.mode == "text")
    return dict(zip(texts.text, texts.y, strict=True))


def test_who_gained_most_and_who_stalled_have_a_shape_a_colour_and_a_name():
    figure = slope(paths(*THREE), LIGHT, Words(""))
    assert (named(figure, "Gained most").marker.color, named(figure, "Gained most").marker.symbol) == (
        LIGHT.now,
        "circle",
    )
    stalled = named(figure, "Stalled below target").marker
    assert (stalled.color, stalled.symbol) == (LIGHT.attention, "square")
    assert tuple(named(figure, "Gained most").y) == (2.0, 3.0, 3.5)
    assert set(labels(figure)) == {
        "<b>Spain\u2002+1.5</b>", "<b>France\u2002+0.1</b>", "Italy\u2002+0.4", "<b>Median</b>"
    }  # fmt: skip


def test_twins_are_told_apart_by_their_countries():
    twins = (path(f"Customer service, {country}", 2.0, 2.5, 3.0) for country in ("Japan", "United Kingdom"))
    shown = [text.removeprefix("<b>") for text in labels(slope(paths(*twins), LIGHT, Words("")))]
    assert [text.split("\u2002")[0] for text in shown] == ["Customer…, Japan", "Cus…, United Kingdom"]


def test_the_median_and_a_common_target_are_lines_of_their_own():
    figure = slope(paths(*THREE), LIGHT, Words(""))
    assert tuple(named(figure, "Median").y)[:3] == (2.5, 3.0, 3.4)
    assert tuple(named(figure, "Target 4.0").y)[:2] == (4.0, 4.0)
    other = slope(paths(*THREE[:2], path("Italy", 3.0, 3.1, 3.4, target=3.0)), LIGHT, Words(""))
    assert not any((trace.name or "").startswith("Target") for trace in other.data)


def test_a_change_of_version_is_dotted_and_a_round_without_a_level_is_bridged():
    changed = Path(
        "FR", "France", (2.0, 3.0, 4.0), ("1.0.0", "2.0.0", "2.0.0"), None, None, ScoreStatus.SCORED
    )
    figure = slope(paths(changed), LIGHT, Words(""))
    assert tuple(named(figure, "Another version was asked").y) == (2.0, 3.0, None)
    assert tuple(figure.data[0].y) == (2.0, None, 3.0, 4.0, None)
    gap = slope(paths(path("Spain", 2.0, None, 2.0, gain=0.0)), LIGHT, Words(""))
    assert tuple(gap.data[0].x) == (0, 2, None)
    assert not named(gap, "Another version was asked").showlegend


def test_units_without_a_level_now_are_not_drawn():
    figure = slope(paths(*THREE, path("Poland", 2.0, 2.1, None)), LIGHT, Words(""))
    assert not any("Poland" in text for text in labels(figure))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_sixty_units_have_no_more_traces_than_six(palette: Palette):
    def many(n: int) -> go.Figure:
        found = [path(f"Country {k}", 2.0, 2.0 + k / n, 2.0 + k / n, target=4.0) for k in range(n)]
        return slope(paths(*found), palette, Words(""))

    assert len(many(60).data) == len(many(6).data)
    assert len(many(60).layout.shapes) == len(many(60).layout.annotations) == 0
    assert many(60).layout.height > 60 * 17


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_no_markup(name: str):
    figure = slope(paths(path(name, 2.0, 2.5, 3.0)), LIGHT, Words(""))
    drawn = f"{labels(figure)} {[trace.hovertext for trace in figure.data]}"
    assert name not in drawn
    assert "<a " not in drawn
    assert "<span" not in drawn


def test_one_round_and_nobody_are_drawn_without_an_error():
    slope(paths(rounds=(NOW,)), LIGHT, Words(""))
    figure = slope(paths(path("Spain", 3.0), rounds=(NOW,)), LIGHT, Words("S", headline="H"))
    assert list(labels(figure)) == ["Spain"]


@given(st.lists(st.floats(0, 500), max_size=40), st.integers(1, 30))
def test_names_stand_apart_in_their_order_within_the_room(places: list[float], step: int):
    room = max(500.0, step * len(places))
    found = spread(places, step, room)
    ordered = [found[n] for n in sorted(range(len(places)), key=lambda n: places[n])]
    assert all(b - a >= step - 1e-6 for a, b in pairwise(ordered))
    assert all(-1e-6 <= place <= room + 1e-6 for place in found)


def test_a_name_with_room_around_it_does_not_move():
    assert spread([10.0, 100.0, 300.0], 17, 400) == [10.0, 100.0, 300.0]
