from __future__ import annotations

import json
import re
from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.analysis.portfolio import Portfolio, PortfolioRow
from assessment.charts.heatmap import heatmap
from assessment.charts.theme import DARK, LEVEL_FILLS, LEVEL_INKS, LIGHT, Palette
from assessment.scoring.table import ScoreStatus
from tests.charts.findings import HOSTILE, LEVELS, cell, grid, large_grid, missing

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
MIXED = grid(
    [cell("FR", "a", 1.2, gap=2.3), cell("FR", "b", 5.0), cell("FR", "c", 3.4)],
    [
        cell("PL", "a", 4.1),
        missing("PL", "b", ScoreStatus.WITHHELD),
        missing("PL", "c", ScoreStatus.NOT_ANSWERED),
    ],
    questionnaires=["Governance", "Governance", "Platform"],
    labels=["France", "Poland"],
)


def draw(finding: Portfolio, palette: Palette = LIGHT, **options: Any) -> go.Figure:
    return heatmap(finding, palette, "Source", level_names=LEVELS, **options)


def squares(figure: go.Figure) -> Any:
    return next(trace for trace in figure.data if trace.type == "heatmap")


def texts(figure: go.Figure) -> dict[tuple[str, ...], tuple[str, str, str]]:
    """The text, its colour and its hover template by what a click gives."""
    return {
        tuple(key[:3]): (text, trace.textfont.color, trace.hovertemplate)
        for trace in figure.data
        if trace.type == "scatter" and trace.customdata is not None
        for key, text in zip(trace.customdata, trace.text, strict=True)
    }


def test_fills_are_levels_with_a_blank_between_questionnaires():
    trace = squares(draw(MIXED))
    assert [list(row) for row in trace.z] == [[1, 5, None, 3], [4, 0, None, 0]]
    assert list(trace.x) == [-0.5, 0.5, 1.5, 1.95, 2.95]
    assert (trace.xgap, trace.ygap) == (3, 3)


@BOTH
def test_each_level_has_its_fill_in_both_palettes(palette: Palette):
    trace = squares(draw(MIXED, palette))
    steps = [fill for place, (_, fill) in enumerate(trace.colorscale) if place % 2 == 0]
    assert steps == [palette.missing, *LEVEL_FILLS.values()]
    assert (trace.zmin, trace.zmax) == (-0.5, 5.5)


def test_digits_are_the_level_reached_in_an_ink_that_can_be_read():
    shown = texts(draw(MIXED))
    assert shown["FR", "a", "governance"][:2] == ("1", LEVEL_INKS[1])
    assert shown["FR", "b", "governance"][:2] == ("5", LEVEL_INKS[5])
    assert shown["FR", "c", "platform"][:2] == ("3", LEVEL_INKS[3])


@BOTH
@pytest.mark.parametrize(
    ("status", "glyph"),
    [(ScoreStatus.NOT_APPLICABLE, "n/a"), (ScoreStatus.NOT_ANSWERED, "–"), (ScoreStatus.WITHHELD, "?")],
)
def test_a_missing_score_says_why(palette: Palette, status: ScoreStatus, glyph: str):
    shown = texts(draw(grid([missing("FR", "a", status)]), palette))
    assert shown["FR", "a", "governance"][:2] == (glyph, palette.muted)


def test_every_cell_can_be_clicked_once_and_nothing_else():
    figure = draw(MIXED)
    assert len(texts(figure)) == 6
    others = [trace for trace in figure.data if trace.customdata is None and trace.showlegend is not True]
    assert {trace.hoverinfo for trace in others} == {"skip"}
    assert figure.layout.hoverdistance == -1


def test_nothing_fades_when_a_cell_is_selected():
    for trace in draw(MIXED).data:
        if trace.type == "scatter" and trace.mode == "text":
            assert trace.unselected.textfont.color == trace.textfont.color
        elif trace.type == "scatter" and not trace.showlegend:
            assert trace.unselected.marker.opacity == 1


def test_a_wide_gap_is_marked_under_its_digit():
    marks = [t for t in draw(MIXED).data if t.type == "scatter" and t.mode == "markers" and not t.showlegend]
    assert [(tuple(t.x), tuple(t.y)) for t in marks] == [((0,), (0.31,))]
    assert marks[0].marker.symbol == "triangle-down"


def test_hovering_says_everything_about_a_cell():
    figure = draw(grid([cell("FR", "a", 2.25, target=4.0, gap=1.75, coverage=0.805)]))
    trace = next(t for t in figure.data if t.customdata is not None)
    assert list(trace.customdata[0]) == ["FR", "a", "governance", 2.3, 4.0, 1.8, 0.81]
    assert trace.hovertemplate == (
        "<b>%{y}</b><br>%{x}<br>scored %{customdata[3]:.1f}, coverage %{customdata[6]:.0%}, "
        "target %{customdata[4]:.1f}, gap %{customdata[5]:.1f}<extra></extra>"
    )
    assert trace.hovertemplatefallback == "–"


def test_hovering_says_that_a_score_is_provisional_or_why_there_is_none():
    provisional = cell("FR", "a", status=ScoreStatus.PROVISIONAL, coverage=0.8)
    shown = texts(draw(grid([provisional, missing("FR", "b", ScoreStatus.WITHHELD)])))
    assert "provisional %{customdata[3]:.1f}" in shown["FR", "a", "governance"][2]
    assert "withheld: too little known, coverage" in shown["FR", "b", "governance"][2]
    assert "gap" not in shown["FR", "b", "governance"][2]


def test_hovering_leaves_out_what_no_such_cell_has():
    never = cell("FR", "a", None, status=ScoreStatus.NOT_APPLICABLE, coverage=None, target=None)
    template = texts(draw(grid([never])))["FR", "a", "governance"][2]
    assert template == "<b>%{y}</b><br>%{x}<br>not applicable<extra></extra>"


def test_names_cut_on_an_axis_are_whole_in_the_hover_text():
    unit, dimension = "Very long country name " * 5, "Very long dimension " * 5
    figure = draw(grid([cell("FR", dimension)], labels=[unit]))
    assert figure.layout.yaxis.ticktext[0].endswith("…")
    assert figure.layout.xaxis.ticktext[0].endswith("…")
    trace = next(t for t in figure.data if t.customdata is not None)
    assert trace.hovertemplate.startswith("%{hovertext}<br>scored")
    whole = re.sub("<br>", " ", re.sub("</?b>", "", trace.hovertext[0]))
    assert whole == f"{unit.strip()} {dimension.strip()}"


def test_the_mean_of_each_row_stands_at_the_right():
    trace = next(t for t in draw(MIXED).data if t.type == "scatter" and t.xaxis == "x2")
    assert [text.strip() for text in trace.text] == ["mean", "3.3", "3.3"]
    assert set(trace.x) == {2.95}


def test_a_row_without_a_mean_has_none():
    row = PortfolioRow("FR", "France", None, (missing("FR", "a", ScoreStatus.NOT_ANSWERED),))
    finding = Portfolio(grid([cell("FR", "a")]).columns, (row,))
    trace = next(t for t in draw(finding).data if t.type == "scatter" and t.xaxis == "x2")
    assert list(trace.text) == ["mean"]


def test_the_legend_names_levels_and_the_key_explains_every_glyph():
    figure = draw(MIXED, titled=True)
    assert [t.name for t in figure.data if t.showlegend] == [
        f"{level} {name}" for level, name in LEVELS.items()
    ]
    (note,) = figure.layout.annotations
    key = "▼ more than one level below target · n/a not applicable · – not answered · ? withheld: too little known"
    assert note.text.replace("<br>", " ") == f"{key} Source"


def test_questionnaires_are_named_over_their_columns_unless_there_is_just_one():
    assert list(draw(MIXED).layout.xaxis2.ticktext) == ["<b>Governance</b>", "<b>Platform</b>"]
    assert list(draw(MIXED).layout.xaxis2.tickvals) == [0.5, 2.45]
    assert not draw(grid([cell("FR", "a")])).layout.xaxis2.ticktext


def test_questionnaires_of_the_same_title_stay_apart():
    finding = grid([cell("FR", "a"), cell("FR", "a")], questionnaires=["Governance", "GOVERNANCE "])
    assert len(texts(draw(finding))) == 2


def test_the_selected_cell_and_no_other_has_a_frame():
    assert not draw(MIXED).layout.shapes
    (frame,) = draw(MIXED, selected=("FR", "c", "platform")).layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (1.95, 2.95, -0.5, 0.5)
    assert not draw(MIXED, selected=("FR", "c", "governance")).layout.shapes


def test_a_scale_without_levels_shows_scores_on_plain_cells():
    figure = draw(grid([cell("FR", "a", 72.54, level=None)]))
    assert texts(figure)["FR", "a", "governance"][:2] == ("72.5", LIGHT.muted)
    assert squares(figure).z[0][0] == 0


def test_a_longer_scale_shares_fills_and_keeps_its_digits():
    names = {level: f"Level {level}" for level in range(1, 11)}
    finding = grid([cell("FR", "a", 1.0), cell("FR", "b", 6.0), cell("FR", "c", 10.0)])
    figure = heatmap(finding, LIGHT, "Source", level_names=names)
    assert list(squares(figure).z[0]) == [1, 3, 5]
    assert [text for text, _, _ in texts(figure).values()] == ["1", "6", "10"]


def test_the_unnamed_ends_of_a_range_of_values_are_no_levels():
    figure = heatmap(MIXED, LIGHT, "Source", level_names={0: "", 100: "", **LEVELS})
    assert list(squares(figure).z[0]) == [1, 5, None, 3]
    assert len([trace for trace in figure.data if trace.showlegend]) == 5


def test_a_level_that_has_no_name_here_is_a_digit_on_a_plain_cell():
    figure = draw(grid([cell("FR", "a", 7.0)]))
    assert texts(figure)["FR", "a", "governance"][0] == "7"


@pytest.mark.parametrize("finding", [grid(), grid([cell("FR", "a")]), Portfolio(MIXED.columns, ())])
@BOTH
def test_few_or_no_units_are_a_picture_too(palette: Palette, finding: Portfolio):
    assert draw(finding, palette, titled=True).layout.height > 100


def test_the_figure_grows_with_its_rows():
    assert draw(large_grid(60, 18)).layout.height - draw(large_grid(10, 18)).layout.height >= 50 * 34


def test_a_label_of_three_lines_makes_rows_higher():
    long = grid([cell("FR", "a")], labels=["Customer operations, United Kingdom"])
    assert draw(long).layout.height > draw(grid([cell("FR", "a")])).layout.height + 10


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_as_text(name: str):
    finding = grid([cell("FR", name), cell("FR", name * 9)], labels=[name], questionnaires=["A", name])
    figure = heatmap(finding, LIGHT, name, level_names={1: name}, titled=True)
    payload = json.loads(figure.to_json())
    for trace in payload["data"]:
        # Ids go back to the page and are never drawn; no template reads them.
        trace.pop("customdata", None)
    shown = json.dumps(payload, ensure_ascii=False)
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<br>", "<b>", "</b>", "<extra>", "</extra>"}
    places = set(re.findall(r"%\{[^}]*\}", shown))
    numbers = {f"%{{customdata[{place}]:.1f}}" for place in (3, 4, 5)} | {"%{customdata[6]:.0%}"}
    assert places <= numbers | {"%{x}", "%{y}", "%{hovertext}"}
    assert "$" not in shown


def test_plotly_knows_every_attribute_but_the_one_that_is_meant_for_streamlit():
    figure = draw(MIXED, selected=("FR", "a", "governance"), titled=True).to_dict()
    assert figure["layout"].pop("dragmode") == "none"
    go.Figure(figure)


def test_there_is_no_annotation_and_no_shape_for_each_cell():
    layout = draw(large_grid(12, 18)).layout
    assert not layout.annotations
    assert not layout.shapes


def test_a_figure_is_small():
    assert len(draw(large_grid(12, 18)).to_json()) < 25_000
