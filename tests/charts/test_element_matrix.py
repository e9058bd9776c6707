from __future__ import annotations

import json
import re

import plotly.graph_objects as go
import pytest

from assessment.analysis.elements import NOT_SAID, ElementRow, Said, element_rows
from assessment.charts.element_matrix import USES, advice_words, element_matrix
from assessment.charts.theme import DARK, LIGHT, Palette, Words
from assessment.organisation import Round
from assessment.questionnaire.companions import Element, ElementKind, ElementUse
from tests.analysis.judging import rules
from tests.charts.findings import HOSTILE
from tests.charts.test_theme import contrast

RULES = rules().common_or_local.elements
ROUNDS = {"a": "First", "b": "Second"}
COUNTRIES = {"FR": "France", "DE": "Germany", "ES": "Spain"}
BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def rows(*said: Said, names: tuple[str, ...] = ("x",)) -> tuple[ElementRow, ...]:
    elements = [
        Element(id=f"e{place}", kind=ElementKind.TERM, title=name, summary="It is.")
        for place, name in enumerate(names)
    ]
    entries = [Round(name, title) for name, title in ROUNDS.items()]
    return element_rows(elements, said, entries, "b", list(COUNTRIES), RULES)


def said(unit: str, use: ElementUse, reason: str = "", in_round: str = "b", element: str = "e0") -> Said:
    return Said(in_round, unit, element, use, reason)


MIXED = rows(
    said("FR", ElementUse.SAME), said("DE", ElementUse.CHOICE, "Bought with the company", "a"), names=("x", "y")
)  # fmt: skip


def draw(found: tuple[ElementRow, ...] = MIXED, palette: Palette = LIGHT, title: str = "Spain") -> go.Figure:
    return element_matrix(found, {**COUNTRIES, "ES": title}, ROUNDS, "b", palette, Words(""))


def cells(figure: go.Figure) -> dict[tuple[str, str], tuple[str, str]]:
    """The glyph and the hover text of each cell, by element and country."""
    return {
        tuple(key): (text, hover)
        for trace in figure.data
        if trace.customdata is not None
        for key, text, hover in zip(trace.customdata, trace.text, trace.hovertext, strict=True)
    }


def test_every_cell_has_the_glyph_and_the_words_of_what_was_said():
    found = cells(draw())
    assert found["e0", "FR"] == ("=", "<b>x</b><br>France<br>the same everywhere")
    assert found["e0", "DE"][0] == "≠"
    assert found["e0", "DE"][1].endswith("different by choice<br>Bought with the company (said in First)")


def test_what_nobody_said_is_a_state_of_its_own():
    found = cells(draw())
    assert found["e0", "ES"] == ("–", "<b>x</b><br>Spain<br>nothing said yet")
    assert found["e1", "FR"][0] == "–"
    assert len(found) == 6


def test_every_state_is_in_the_legend_with_its_glyph():
    legend = [trace.name for trace in draw().data if trace.showlegend]
    assert legend == [*(f"{glyph} {words}" for glyph, words in USES.values()), "– nothing said yet"]


def test_every_use_has_words_and_no_two_a_glyph():
    assert set(USES) == set(ElementUse)
    assert len({glyph for glyph, _ in USES.values()} | {"–"}) == len(ElementUse) + 1


@BOTH
def test_every_glyph_can_be_read_on_its_fill(palette: Palette):
    figure = draw(rows(*(said(unit, use) for unit, use in zip(COUNTRIES, ElementUse, strict=False))), palette)
    fills = {trace.name.split(" ")[0]: trace.marker.color for trace in figure.data if trace.showlegend}
    for trace in figure.data:
        if trace.customdata is not None:
            assert contrast(trace.textfont.color, fills[trace.text[0]]) >= 4.5, trace.text[0]


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        ([], "not said"),
        (["same"], "one only?"),
        (["same", "unused"], "one only"),
        (["same", "setting"], "common"),
        (["same", "law"], "core+local"),
        (["law", "law"], "local"),
        (["choice", "same"], "forum"),
        (["unused", "unused"], "unused"),
    ],
)
def test_what_follows_stands_at_the_right(uses: list[str], words: str):
    found = rows(*(said(unit, ElementUse(use)) for unit, use in zip(COUNTRIES, uses, strict=False)))
    assert advice_words(found[0]) == words
    notes = [
        trace
        for trace in draw(found).data
        if trace.type == "scatter" and trace.mode == "text" and trace.customdata is None
    ]
    assert [text.strip() for text in notes[0].text] == [words]


def test_what_waits_for_the_forum_has_the_colour_of_attention():
    figure = draw(rows(*(said(unit, ElementUse.CHOICE) for unit in COUNTRIES)))
    notes = next(
        trace
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == "text" and trace.customdata is None
    )
    assert list(notes.textfont.color) == [LIGHT.attention]


def test_the_heatmap_tells_unsaid_from_unused():
    figure = draw(rows(said("FR", ElementUse.UNUSED)))
    heat = next(trace for trace in figure.data if trace.type == "heatmap")
    assert len({heat.z[0][0], heat.z[0][1]}) == 2
    assert NOT_SAID not in {str(use) for use in ElementUse}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_and_reasons_come_out_as_text(name: str):
    found = rows(said("FR", ElementUse.LAW, name), names=(name,))
    payload = json.loads(draw(found, title=name).to_json())
    shown = json.dumps(payload, ensure_ascii=False)
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<br>", "<b>", "</b>", "<extra>", "</extra>"}
    assert set(re.findall(r"%\{[^}]*\}", shown)) == {"%{hovertext}"}
    assert "$" not in shown


def test_sixty_countries_need_a_trace_for_each_state_and_no_more():
    countries = {f"C{number}": f"Country {number}" for number in range(60)}
    entries = [
        Said("b", unit, f"e{place}", list(ElementUse)[(place + number) % 5], "Why")
        for place in range(27)
        for number, unit in enumerate(countries)
    ]
    elements = [
        Element(id=f"e{place}", kind=ElementKind.RULE, title=f"Element {place}", summary="It is.")
        for place in range(27)
    ]
    found = element_rows(elements, entries, [Round("b", "Second")], "b", list(countries), RULES)
    figure = element_matrix(found, countries, ROUNDS, "b", LIGHT, Words(""))
    assert len(figure.data) <= 1 + 5 + 1 + 6
    assert not figure.layout.annotations
    assert not figure.layout.shapes
