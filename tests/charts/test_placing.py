"""Marks that fall together give way, names take only free room, and the same input is placed the same way."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.charts.placing import STEP, Box, Mark, place_labels, spread_out

PLOT = Box(0, 0, 400, 300)
ROOM = (60.0, 40.0)


def test_a_mark_alone_stays_where_it_is():
    assert spread_out([Mark(10, 20), Mark(30, 20)], ROOM) == [(10, 20), (30, 20)]


def test_marks_at_one_place_grow_in_their_own_direction():
    right_up = spread_out([Mark(100, 100, 1, -1)] * 8, ROOM)
    assert right_up[0] == (100, 100)
    assert all(x >= 100 and y <= 100 for x, y in right_up)
    left_down = spread_out([Mark(100, 100, -1, 1)] * 8, ROOM)
    assert all(x <= 100 and y >= 100 for x, y in left_down)


@pytest.mark.parametrize("number", [1, 5, 24, 81, 400])
def test_a_block_stays_within_its_room_and_no_two_marks_share_a_place(number: int):
    places = spread_out([Mark(100, 100)] * number, ROOM)
    assert len({(round(x, 6), round(y, 6)) for x, y in places}) == number
    assert max(x for x, _ in places) <= 100 + ROOM[0]
    assert max(y for _, y in places) <= 100 + ROOM[1]


def test_few_marks_stand_a_full_step_apart():
    (x, _), (other, _) = spread_out([Mark(0, 0)] * 2, ROOM)
    assert other - x == STEP


def test_a_name_goes_beside_its_mark_where_there_is_room():
    (label,) = place_labels([(100, 100)], [(50, 14)], PLOT, [], 10)
    assert (label.mark, label.side, label.box) == (0, "right", Box(105, 93, 155, 107))


def test_at_the_right_edge_a_name_goes_to_the_left():
    (label,) = place_labels([(390, 100)], [(50, 14)], PLOT, [], 10)
    assert label.side == "left"


def test_a_name_without_room_is_left_out():
    taken = [Box(0, 0, 400, 99), Box(0, 101, 400, 300)]
    assert place_labels([(100, 100)], [(50, 14)], PLOT, taken, 10) == []
    assert place_labels([(100, 100)], [(500, 14)], PLOT, [], 10) == []


places = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300)), max_size=30)


@given(places)
def test_no_name_covers_a_mark_or_another_name(found: list[tuple[float, float]]):
    labels = place_labels(found, [(60, 14)] * len(found), PLOT, [Box(0, 0, 80, 20)], 10)
    marks = [Box(x - 5, y - 5, x + 5, y + 5) for x, y in found]
    assert not any(one.box.meets(other.box) for one, other in combinations(labels, 2))
    assert not any(label.box.meets(mark) for label in labels for mark in [*marks, Box(0, 0, 80, 20)])
    assert all(PLOT.holds(label.box) for label in labels)
    assert labels == place_labels(found, [(60, 14)] * len(found), PLOT, [Box(0, 0, 80, 20)], 10)
