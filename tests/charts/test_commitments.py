"""What became of moves, as bars: a part for each standing with its number in it."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.commitments import CommitmentsFinding
from assessment.charts.commitments import commitment_bars
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from tests.analysis.test_commitments import LATE, found, said


def bars(finding: CommitmentsFinding, palette: Palette = LIGHT) -> dict[str, Any]:
    return {trace.name: trace for trace in commitment_bars(finding, palette, Words("")).data}


FINDING = found(
    said("done"),
    said("planned", question="b", due_on=LATE),
    said("planned", "r3", "a"),
    r1={"a": 1},
    r2={"a": 2},
)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_part_for_each_standing_that_occurs_has_its_number_in_it(palette: Palette):
    found_bars = bars(FINDING, palette)
    assert {name: tuple(trace.x) for name, trace in found_bars.items()} == {
        "Done, and the answers show it": (1, 0), "Planned": (0, 1), "Overdue": (1, 0),
    }  # fmt: skip
    assert tuple(found_bars["Overdue"].text) == ("1", "")
    assert found_bars["Overdue"].marker.color == palette.attention


def test_rounds_stand_in_time_from_the_top():
    figure = commitment_bars(FINDING, LIGHT, Words(""))
    assert list(figure.layout.yaxis.ticktext) == ["r1", "r3"]
    assert figure.layout.xaxis.range[1] >= 2


def test_nothing_taken_on_is_drawn_without_an_error():
    commitment_bars(CommitmentsFinding(()), LIGHT, Words(""))
