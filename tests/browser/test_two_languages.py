"""Somebody changes the language of the questions while answering: what was answered stays, what is answered is stored."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Server
from tests.browser.journey import LEADER, SAVED, arrive, card, choose, expect_chosen, pick, settled, stored
from tests.browser.line import Line

pytestmark = pytest.mark.browser

#: France hasn't answered it yet; only the names of its levels are translated.
QUESTION, OTHER = "dgm-report-duplication", "dgm-usage-insight"
FRANCE = {"country": "France (FR)", "dimension": "knowing-the-data", **LEADER}
PICKER = "Language of the questions"


@pytest.fixture
def france(server: Server, page: Page) -> Line:
    """France's page of a workspace whose questions can also be read in French, as far as they are translated; the line to it."""
    folder = server.folder / "questionnaires"
    shutil.copytree(ROOT / "questionnaires", folder)
    languages = folder / "data-governance" / "1.0.0" / "lang"
    languages.mkdir()
    shutil.copy(ROOT / "tests" / "questionnaire" / "languages" / "fr.yaml", languages)
    server.environment["MESH_READINESS_QUESTIONNAIRES"] = str(folder)
    server.restart()
    line = Line(page)
    arrive(page, server, "answer", **FRANCE)
    return line


def answer(server: Server, question: str = QUESTION) -> tuple[str, str | None]:
    answers = stored(server)
    return answers[max(key[0] for key in answers), "FR", question][:2]


def test_answers_given_before_and_after_a_change_of_language_are_all_there(
    server: Server, page: Page, france: Line
):
    choose(page, QUESTION, "2 Emerging")
    pick(page, PICKER, "Français")
    expect_chosen(page, QUESTION, "2 Émergent")
    choose(page, QUESTION, "4 Piloté")
    choose(page, OTHER, "5 Optimisé")
    assert (answer(server), answer(server, OTHER)) == (("answered", "4"), ("answered", "5"))
    page.reload()
    expect_chosen(page, QUESTION, "4 Piloté")
    pick(page, PICKER, "English")
    expect_chosen(page, QUESTION, "4 Managed")
    expect_chosen(page, OTHER, "5 Optimising")


def test_what_waits_for_a_reason_waits_for_it_in_the_other_language(server: Server, page: Page, france: Line):
    card(page, QUESTION).get_by_text("Not applicable", exact=True).click()
    waits = card(page, QUESTION).get_by_text("Not saved yet: say why it doesn't apply.")
    expect(waits).to_be_visible()
    pick(page, PICKER, "Français")
    expect(card(page, QUESTION).get_by_text("4 Piloté")).to_be_visible()
    settled(page)
    expect_chosen(page, QUESTION, "Not applicable")
    expect(waits).to_be_visible()
    reason = card(page, QUESTION).get_by_label("Why doesn't it apply? (needed)")
    reason.fill("Il n’y a pas de parrain.")
    reason.press("Tab")
    expect(card(page, QUESTION).get_by_text(SAVED)).to_be_visible()
    settled(page)
    assert answer(server) == ("not_applicable", None)


def test_a_choice_and_another_language_in_the_same_moment_are_both_taken(
    server: Server, page: Page, france: Line
):
    choose(page, QUESTION, "2 Emerging")
    france.is_stalled = True
    card(page, QUESTION).get_by_text("4 Managed", exact=True).click()
    page.get_by_role("combobox", name=PICKER).fill("Français")
    page.get_by_role("option", name="Français").click()
    france.go_on(2)
    expect_chosen(page, QUESTION, "4 Piloté")
    settled(page)
    assert answer(server) == ("answered", "4")


def test_after_a_restart_the_page_goes_on_in_its_language(server: Server, page: Page, france: Line):
    choose(page, QUESTION, "2 Emerging")
    pick(page, PICKER, "Français")
    expect_chosen(page, QUESTION, "2 Émergent")
    server.restart()
    card(page, QUESTION).get_by_text("4 Piloté", exact=True).click()
    undo = card(page, QUESTION).get_by_role("button", name=re.compile("Undo: back to 2 Émergent$"))
    expect(undo).to_be_visible()
    expect_chosen(page, QUESTION, "4 Piloté")
    settled(page)
    assert answer(server) == ("answered", "4")
