from __future__ import annotations

import re
from typing import Any

import plotly.graph_objects as go
import pytest

from assessment.analysis.peers import PeerFinding, PeerRow, Quartiles
from assessment.charts.peers import peers
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from assessment.scoring.table import ScoreStatus
from tests.charts.findings import HOSTILE, SCALE

OTHERS = Quartiles(2.0, 2.5, 3.0, 6)


def peer_row(
    title: str, own: float | None, others: Quartiles | None = OTHERS, status: str = "scored"
) -> PeerRow:
    return PeerRow(title, title, own, ScoreStatus(status), 3.5, others)


def finding(*rows: PeerRow, unit: str = "Poland") -> PeerFinding:
    return PeerFinding(unit, "Data governance", "data-governance@1.0.0", SCALE, rows)


ROWS = (
    peer_row("within", 2.4),
    peer_row("below", 1.4),
    peer_row("above", 4.0),
    peer_row("few", 2.0, None),
    peer_row("silent", None, status="not_answered"),
)


def named(figure: go.Figure, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def outcomes(figure: go.Figure) -> list[str]:
    texts = next(trace for trace in figure.data if trace.mode == "text").text
    return [re.sub("<br>", " ", re.sub("</?b>", "", text)) for text in texts]


def test_the_middle_half_is_a_line_a_row_and_where_there_is_none_the_pen_is_lifted():
    bars = named(peers(finding(*ROWS), LIGHT, Words("Source")), "Middle half of the others")
    assert tuple(bars.x) == (2.0, 3.0, None) * 4
    assert bars.line.width == 12


def test_below_the_middle_half_has_a_shape_and_a_colour_of_its_own():
    figure = peers(finding(*ROWS), LIGHT, Words("Source"))
    inside, below = named(figure, "Poland"), named(figure, "Poland, below the middle<br>half")
    assert (tuple(inside.x), inside.marker.symbol, inside.marker.color) == (
        (2.4, 4.0, 2.0),
        "circle",
        LIGHT.now,
    )
    assert (tuple(below.x), below.marker.symbol, below.marker.color) == (
        (1.4,),
        "triangle-down",
        LIGHT.attention,
    )


def test_every_row_says_how_far_from_the_median_or_why_nobody_knows():
    assert outcomes(peers(finding(*ROWS), LIGHT, Words("Source"))) == [
        "−0.1 to median",
        "▼ −1.1 to median",
        "+1.5 to median",
        "fewer than five others",
        "not answered",
    ]


def test_what_nobody_has_is_not_in_the_legend():
    figure = peers(finding(peer_row("few", 2.0, None)), LIGHT, Words("Source"))
    assert [trace.name for trace in figure.data if trace.showlegend and len(trace.x)] == ["Target", "Poland"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_colours_come_from_the_palette(palette: Palette):
    found = finding(*ROWS)
    figure = peers(found, palette, Words("Source", headline=found.headline))
    assert figure.layout.template.layout.paper_bgcolor == palette.background
    assert named(figure, "Middle half of the others").line.color == palette.context
    assert "trails the middle half" in figure.to_json()


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_escaped(name: str):
    figure = peers(finding(peer_row(name, 1.0), unit=name), LIGHT, Words("Source"))
    told = " ".join([*figure.layout.yaxis.ticktext, *(trace.name or "" for trace in figure.data)])
    assert not re.search(r"<(?!br>)|%\{|\$", told)
