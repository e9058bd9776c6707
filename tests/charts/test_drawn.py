"""Figures as Plotly draws them: what a browser makes of hostile names, and of the settings meant for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
import pytest
from playwright.sync_api import Browser, Page
from plotly.offline import get_plotlyjs

from assessment.analysis.peers import PeerFinding, PeerRow, Quartiles
from assessment.analysis.tiers import tier_of
from assessment.charts.commonality import commonality
from assessment.charts.dumbbell import dumbbell
from assessment.charts.element_matrix import element_matrix
from assessment.charts.heatmap import heatmap
from assessment.charts.peers import peers
from assessment.charts.radar import radar
from assessment.charts.rank_ranges import rank_chart
from assessment.charts.theme import CONFIG, LIGHT, Words
from assessment.scoring.table import ScoreStatus
from tests.charts.findings import HOSTILE, LEVELS, cell, gap_finding, gap_row, grid, large_grid, many_gaps
from tests.charts.test_commonality import RULES as SPREADS
from tests.charts.test_commonality import dot
from tests.charts.test_element_matrix import COUNTRIES, MIXED, ROUNDS
from tests.charts.test_rank_ranges import FIVE

pytestmark = pytest.mark.browser

_DRAW = """([figure, width, config]) => {
    figure.layout.width = width;
    return Plotly.newPlot("chart", figure.data, figure.layout, config);
}"""
# Hovering the first point of the first trace that answers to it.
_HOVER = """() => {
    const chart = document.getElementById("chart");
    const curve = chart._fullData.findIndex(trace => trace.hovertemplate && trace.x.length);
    Plotly.Fx.hover(chart, [{curveNumber: curve, pointNumber: 0}]);
}"""
_TEXTS = """() => [...document.querySelectorAll("#chart text")].map(text => {
    const lines = [...text.querySelectorAll("tspan.line")];
    return lines.length ? lines.map(line => line.textContent).join(" ") : text.textContent;
})"""
# Links, and styles that a name brought.
_MARKUP = """() => [...document.querySelectorAll("#chart a, #chart [style]")]
    .filter(element => element.localName === "a" || element.getAttribute("style").includes("evil"))
    .map(element => element.outerHTML)"""
# How far any text sticks out of the picture, in px.
_OVERHANG = """() => {
    const edge = document.querySelector("#chart .main-svg").getBoundingClientRect();
    return Math.max(...[...document.querySelectorAll("#chart text")].map(text => {
        const box = text.getBoundingClientRect();
        return box.width ? Math.max(edge.left - box.left, box.right - edge.right, edge.top - box.top,
                                    box.bottom - edge.bottom) : 0;
    }));
}"""

# The names in the invisible bars that can be seen: Plotly leaves the others there, shrunk to nothing.
_NAMES = """() => [...document.querySelectorAll("#chart .bartext")]
    .filter(text => text.getBoundingClientRect().width > 1).map(text => text.textContent)"""


@pytest.fixture(scope="module")
def loaded(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page with Plotly and no network, and what it complained about; made once, because Plotly has 5 MB."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("request", lambda request: complaints.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_content('<!doctype html><body style="margin:0"><div id="chart"></div></body>')
    page.add_script_tag(content=get_plotlyjs())
    yield page, complaints
    context.close()


@pytest.fixture
def sheet(loaded: tuple[Page, list[str]]) -> Iterator[Page]:
    """An empty page; whatever it asks of a network or reports as an error fails the test."""
    page, complaints = loaded
    complaints.clear()
    yield page
    page.evaluate('Plotly.purge("chart")')
    assert not [text for text in complaints if not text.startswith(("data:", "blob:"))]


def draw(sheet: Page, figure: go.Figure, width: int = 1120) -> None:
    sheet.evaluate(_DRAW, [json.loads(figure.to_json()), width, dict(CONFIG)])


def texts(sheet: Page) -> Any:
    return sheet.evaluate(_TEXTS)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_drawn_as_it_was_typed(sheet: Page, name: str):
    short = name[:26]
    finding = grid([cell("FR", short), cell("FR", "b")], labels=[name])
    draw(sheet, heatmap(finding, LIGHT, name, level_names={1: "x", 3: name[:12]}, titled=True))
    shown = texts(sheet)
    assert any(name in text for text in shown), shown
    assert short in shown
    sheet.evaluate(_HOVER)
    assert any(f"{short} scored 3.4, coverage 100%" in text for text in texts(sheet)), texts(sheet)
    assert not sheet.evaluate(_MARKUP)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_title_is_drawn_as_it_was_typed(sheet: Page, name: str):
    figure = dumbbell(
        gap_finding(gap_row("d", 1.0, [2.0], 3.0, 4.0, title=name)), LIGHT, Words(name, headline="x")
    )
    draw(sheet, figure)
    assert any(name in text for text in texts(sheet)), texts(sheet)
    sheet.evaluate(_HOVER)
    assert "Before (2024-H2) 1.0" in texts(sheet)
    assert not sheet.evaluate(_MARKUP)


@pytest.mark.parametrize("width", [358, 1200])
@pytest.mark.parametrize("columns", [1, 6, 18])
def test_all_texts_of_a_heatmap_are_inside_the_picture(sheet: Page, width: int, columns: int):
    draw(sheet, heatmap(large_grid(12, columns), LIGHT, "Source: round 2025-H2", level_names=LEVELS), width)
    assert sheet.evaluate(_OVERHANG) <= 1


@pytest.mark.parametrize("width", [358, 1200])
@pytest.mark.parametrize("rows", [1, 6, 20])
def test_all_texts_of_a_dumbbell_are_inside_the_picture(sheet: Page, width: int, rows: int):
    draw(sheet, dumbbell(many_gaps(rows), LIGHT, Words("Source: round 2025-H2")), width)
    assert sheet.evaluate(_OVERHANG) <= 1


@pytest.mark.parametrize("titled", [False, True])
def test_empty_findings_are_drawn_without_an_error(sheet: Page, titled: bool):
    draw(sheet, heatmap(grid(), LIGHT, "Source", level_names=LEVELS, titled=titled))
    words = Words("Source", headline=gap_finding().headline if titled else "")
    draw(sheet, dumbbell(gap_finding(), LIGHT, words))


def test_plotly_takes_the_mode_that_streamlit_leaves_alone_for_no_dragging(sheet: Page):
    draw(sheet, heatmap(grid([cell("FR", "a")]), LIGHT, "Source", level_names=LEVELS))
    assert sheet.evaluate('document.getElementById("chart")._fullLayout.dragmode') is False


@pytest.mark.parametrize(("width", "titled"), [(358, False), (1200, False), (1200, True)])
def test_all_texts_beside_others_and_of_a_profile_are_inside_the_picture(
    sheet: Page, width: int, titled: bool
):
    others = Quartiles(2.0, 2.5, 3.0, 6)
    titles = ("Decisions and roles in the domain", "Quality and assurance", "Direction", "Intent")
    rows = tuple(PeerRow(title, title, 1.0, ScoreStatus.SCORED, 3.5, others) for title in titles)
    beside = PeerFinding("Sales, United Kingdom", "Governance", "g@1.0.0", many_gaps(1).scale, rows)
    words = Words(
        "Source: round 2025-H2", headline=beside.headline if titled else "", subtitle=beside.subtitle
    )
    draw(sheet, peers(beside, LIGHT, words), width)
    assert sheet.evaluate(_OVERHANG) <= 1
    profile = many_gaps(7)
    order = [row.dimension_id for row in profile.rows]
    draw(sheet, radar(profile, order, LIGHT, words), width)
    assert sheet.evaluate(_OVERHANG) <= 1


@pytest.mark.parametrize(("width", "are_shown"), [(358, False), (820, True), (1120, True)])
def test_names_of_questions_are_shown_only_where_their_boxes_are_wide_enough(
    sheet: Page, width: int, are_shown: bool
):
    figure = commonality(
        [dot("Owners are named", 3.5, 0.5), dot("Rules in code", 2, 2)],
        SPREADS,
        LEVELS,
        LIGHT,
        Words("Source"),
    )
    draw(sheet, figure, width)
    shown = sheet.evaluate(_NAMES)
    assert set(shown) == ({"Owners are named", "Rules in code"} if are_shown else set())
    assert sheet.evaluate(_OVERHANG) <= 1


@pytest.mark.parametrize("width", [358, 1200])
def test_all_texts_of_a_matrix_of_elements_are_inside_the_picture(sheet: Page, width: int):
    draw(sheet, element_matrix(MIXED, COUNTRIES, ROUNDS, "b", LIGHT, Words("Source: round 2025-H2")), width)
    assert sheet.evaluate(_OVERHANG) <= 1


@pytest.mark.parametrize("width", [358, 1200])
def test_all_texts_of_rank_ranges_are_inside_the_picture(sheet: Page, width: int):
    labels = {entry.unit_id: f"United Kingdom {entry.unit_id}" for entry in FIVE}
    tiers = {entry.unit_id: tier_of(entry, len(FIVE)) for entry in FIVE}
    draw(sheet, rank_chart(FIVE, tiers, labels, LIGHT, Words("Source: round 2025-H2")), width)
    assert sheet.evaluate(_OVERHANG) <= 1
