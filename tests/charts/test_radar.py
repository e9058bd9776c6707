from __future__ import annotations

import re

import pytest

from assessment.analysis.gaps import RoundRoles
from assessment.charts.radar import radar
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from tests.charts.findings import ALL_ROUNDS, HOSTILE, NOW, gap_finding, gap_row

#: As a finding has them: the widest gap first.
ROWS = (
    gap_row("c", 1.0, [1.5], 1.5, 4.0),
    gap_row("a", 2.0, [2.5], 3.0, 4.0),
    gap_row("b", 3.0, [3.0], None, 4.0),
)
ORDER = ("a", "b", "c")


def test_the_axes_keep_the_questionnaires_order_whatever_the_gaps():
    figure = radar(gap_finding(*ROWS), ORDER, LIGHT, Words("Source"))
    assert tuple(figure.layout.polar.angularaxis.categoryarray) == ORDER
    assert figure.layout.polar.gridshape == "linear"
    assert all(tuple(trace.theta) == ("a", "b", "c", "a") for trace in figure.data)


def test_now_before_and_target_are_unfilled_lines_with_the_dumbbells_numbers():
    figure = radar(gap_finding(*ROWS), ORDER, LIGHT, Words("Source"))
    assert {trace.name: tuple(trace.r) for trace in figure.data} == {
        "Target": (4.0, 4.0, 4.0, 4.0),
        "Before (2024-H2)": (2.0, 3.0, 1.0, 2.0),
        "Now (2025-H2)": (3.0, None, 1.5, 3.0),
    }
    assert all(trace.fill in (None, "none") for trace in figure.data)
    assert len({(trace.line.dash, trace.marker.symbol) for trace in figure.data}) == 3


def test_the_radius_begins_at_zero_and_ends_at_the_highest_level():
    figure = radar(gap_finding(*ROWS), ORDER, LIGHT, Words("Source"))
    assert tuple(figure.layout.polar.radialaxis.range) == (0.0, 5.0)


def test_without_an_earlier_round_and_without_targets_now_stands_alone():
    rows = [gap_row(name, None, [], 2.0, None) for name in ORDER]
    figure = radar(gap_finding(*rows, rounds=RoundRoles(None, (), NOW)), ORDER, LIGHT, Words("Source"))
    assert [trace.name for trace in figure.data] == ["Now (2025-H2)"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_colours_come_from_the_palette(palette: Palette):
    figure = radar(gap_finding(*ROWS), ORDER, palette, Words("Source", headline="H: drawn as a profile"))
    assert [trace.line.color for trace in figure.data] == [palette.target, palette.before, palette.now]
    assert "drawn as a profile" in figure.to_json()


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_escaped(name: str):
    rows = [gap_row(identifier, 1.0, [1.0], 2.0, 3.0, title=name) for identifier in ORDER]
    figure = radar(gap_finding(*rows, rounds=ALL_ROUNDS), ORDER, LIGHT, Words(name))
    told = " ".join([*figure.layout.polar.angularaxis.ticktext, *figure.data[0].hovertext])
    assert not re.search(r"<(?!br>)|%\{|\$", told)
