from __future__ import annotations

import re
from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.analysis.gaps import RoundRoles
from assessment.charts.dumbbell import dumbbell
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from assessment.organisation import Round
from assessment.scoring.table import ScoreStatus
from tests.charts.findings import BEFORE, DURING, HOSTILE, NOW, gap_finding, gap_row, many_gaps

ROWS = (
    gap_row("wide", 1.4, [1.5], 1.7, 3.5),
    gap_row("narrow", 2.6, [3.0], 3.3, 4.0),
    gap_row("reached", 3.0, [3.5], 4.2, 4.0),
)


def named(figure: go.Figure, start: str) -> Any:
    return next(trace for trace in figure.data if (trace.name or "").startswith(start))


def names(figure: go.Figure) -> list[str]:
    return [trace.name for trace in figure.data if trace.showlegend]


def outcomes(figure: go.Figure) -> list[str]:
    texts = next(trace for trace in figure.data if trace.mode == "text").text
    return [re.sub("<br>", " ", re.sub("</?b>", "", text)) for text in texts]


def lines(figure: go.Figure, colour: str) -> list[tuple[float | None, ...]]:
    return [tuple(t.x) for t in figure.data if t.mode == "lines" and t.line.color == colour]


def test_each_role_has_its_own_shape():
    figure = dumbbell(gap_finding(*ROWS), LIGHT, Words("Source"))
    shapes = {trace.name: trace.marker.symbol for trace in figure.data if trace.showlegend}
    assert shapes == {
        "Before (2024-H2)": "circle-open",
        "During (2025-H1)": "line-ns",
        "Now (2025-H2)": "circle",
        "Target": "diamond-open",
    }


def test_values_stand_in_the_order_of_the_rows_from_the_top():
    figure = dumbbell(gap_finding(*ROWS), LIGHT, Words("Source"))
    assert tuple(named(figure, "Now").x) == (1.7, 3.3, 4.2)
    assert list(named(figure, "Now").y) == sorted(named(figure, "Now").y)
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert list(figure.layout.yaxis.ticktext) == ["wide", "narrow", "reached"]


def test_only_a_wide_gap_has_the_colour_of_attention():
    figure = dumbbell(gap_finding(*ROWS), LIGHT, Words("Source"))
    assert lines(figure, LIGHT.attention) == [(1.7, 3.5, None)]
    assert lines(figure, LIGHT.context) == [(3.3, 4.0, None)]
    text = next(trace for trace in figure.data if trace.mode == "text")
    assert list(text.textfont.color) == [LIGHT.attention, LIGHT.muted, LIGHT.muted]


def test_the_way_from_before_to_now_is_one_line_a_row():
    figure = dumbbell(gap_finding(*ROWS), LIGHT, Words("Source"))
    assert lines(figure, LIGHT.progress) == [(1.4, 1.7, None, 2.6, 3.3, None, 3.0, 4.2, None)]


def test_the_outcome_is_a_gap_or_that_the_target_is_reached():
    assert outcomes(dumbbell(gap_finding(*ROWS), LIGHT, Words("Source"))) == [
        "gap 1.8",
        "gap 0.7",
        "on target",
    ]


def test_a_gap_too_small_to_show_is_not_called_zero():
    row = gap_row("close", None, [None], 3.99, 4.0)
    assert outcomes(dumbbell(gap_finding(row), LIGHT, Words("Source"))) == ["gap &lt;0.1"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ScoreStatus.WITHHELD, "withheld: too little known"),
        (ScoreStatus.NOT_APPLICABLE, "not applicable"),
        (ScoreStatus.NOT_ANSWERED, "not answered"),
    ],
)
def test_a_missing_score_says_why(status: ScoreStatus, words: str):
    figure = dumbbell(
        gap_finding(gap_row("d", 2.0, [None], None, 4.0, status=status)), LIGHT, Words("Source")
    )
    assert outcomes(figure) == [words]
    assert tuple(named(figure, "Before").x) == (2.0,)
    assert tuple(named(figure, "Target").x) == (4.0,)
    assert not named(figure, "Now").x


def test_a_score_without_a_target_says_so():
    figure = dumbbell(gap_finding(gap_row("d", 2.0, [2.5], 3.0, None)), LIGHT, Words("Source"))
    assert outcomes(figure) == ["no target"]
    assert "Target" not in names(figure)


def test_rounds_that_were_not_held_are_not_in_the_legend():
    row = gap_row("d", None, [], 3.0, 4.0)
    figure = dumbbell(gap_finding(row, rounds=RoundRoles(None, (), NOW)), LIGHT, Words("Source"))
    assert names(figure) == ["Now (2025-H2)", "Target"]


def test_each_round_between_has_its_own_marks():
    second = Round("r2b", "", DURING.phase)
    row = gap_row("d", 1.0, [2.0, 2.5], 3.0, 4.0)
    figure = dumbbell(
        gap_finding(row, rounds=RoundRoles(BEFORE, (DURING, second), NOW)), LIGHT, Words("Source")
    )
    assert tuple(named(figure, "During (2025-H1)").x) == (2.0,)
    assert tuple(named(figure, "During (r2b)").x) == (2.5,)


def test_levels_are_named_on_the_axis():
    axis = dumbbell(gap_finding(*ROWS), LIGHT, Words("Source")).layout.xaxis
    assert list(axis.ticktext) == ["1 Initial", "2 Emerging", "3 Defined", "4 Managed", "5 Optimising"]
    assert axis.range[0] < 1
    assert axis.range[1] > 5


def test_a_range_of_values_gets_ticks_without_names():
    row = gap_row("d", 10.0, [None], 55.5, 80.0)
    axis = dumbbell(gap_finding(row, scale=((0.0, ""), (100.0, ""))), LIGHT, Words("Source")).layout.xaxis
    assert axis.ticktext is None
    assert axis.range[0] < 0
    assert axis.range[1] > 100


def test_a_value_beyond_the_scale_is_still_drawn():
    axis = dumbbell(gap_finding(gap_row("d", None, [None], 3.0, 7.0)), LIGHT, Words("Source")).layout.xaxis
    assert axis.range[1] > 7


@pytest.mark.parametrize("scale", [(), ((1.0, "Only"),)])
def test_a_finding_without_rows_or_scale_is_an_empty_picture(scale: tuple[tuple[float, str], ...]):
    figure = dumbbell(gap_finding(scale=scale), LIGHT, Words("Source"))
    assert not any(trace.x for trace in figure.data)


def test_a_row_is_as_high_as_its_title_needs():
    short, long = (
        gap_finding(*ROWS),
        gap_finding(*ROWS, gap_row("d", 1.0, [None], 2.0, 3.0, title="word " * 20)),
    )
    grown = dumbbell(long, LIGHT, Words("S")).layout.height - dumbbell(short, LIGHT, Words("S")).layout.height
    assert grown > 80


def test_a_title_too_long_for_the_axis_is_whole_in_the_hover_text():
    title = " ".join(f"word{n}" for n in range(60))
    figure = dumbbell(gap_finding(gap_row("d", 1.0, [None], 2.0, 3.0, title=title)), LIGHT, Words("Source"))
    assert figure.layout.yaxis.ticktext[0].endswith("…")
    assert named(figure, "Now").hovertext[0].replace("<br>", " ") == f"2.0 {title}"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_as_text(name: str):
    rounds = RoundRoles(Round("r", name), (), NOW)
    finding = gap_finding(
        gap_row("d", 1.0, [], 2.0, 3.0, title=name), rounds=rounds, scale=((1.0, name), (5.0, name))
    )
    figure = dumbbell(finding, LIGHT, Words(name, headline=finding.headline))
    own = {"<br>", "<b>", "</b>", "<extra>", "</extra>"}
    shown = figure.to_json().encode().decode("unicode_escape")
    assert set(re.findall(r"<[^>]*>", shown)) <= own
    assert set(re.findall(r"%\{[^}]*\}", shown)) == {"%{hovertext}"}
    assert "$" not in shown


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_both_palettes_bring_their_background(palette: Palette):
    figure = dumbbell(gap_finding(*ROWS), palette, Words("Source"))
    assert figure.layout.template.layout.paper_bgcolor == palette.background
    assert named(figure, "Now").marker.color == palette.now


def test_an_exported_picture_has_the_headline():
    finding = gap_finding(*ROWS)
    assert dumbbell(finding, LIGHT, Words("Source")).layout.title.text is None
    title = dumbbell(finding, LIGHT, Words("Source", headline=finding.headline)).layout.title.text
    assert title.replace("<br>", " ") == f"<b>{finding.headline}</b>"


@pytest.mark.parametrize(("rows", "most"), [(6, 5_000), (12, 6_000), (20, 7_500)])
def test_a_figure_is_small(rows: int, most: int):
    assert len(dumbbell(many_gaps(rows), LIGHT, Words("Source: round 2025-H2")).to_json()) < most
