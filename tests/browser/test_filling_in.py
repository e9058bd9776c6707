"""Filling in, in a real browser: finding one's way, lost connections, handing on, reviewing, starting from nothing."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.journey import (
    ADMINISTRATOR,
    LEADER,
    OWNER,
    REVIEWER,
    SAVED,
    arrive,
    card,
    choose,
    expect_chosen,
    go_to,
    pick,
    settled,
    stored,
)

pytestmark = pytest.mark.browser

QUESTION, LATER = "dgm-report-duplication", "dgm-access-rules"
FRANCE = {"country": "France (FR)", **LEADER}


def stored_here(server: Server, question: str) -> tuple[str, str | None, int]:
    answers = stored(server)
    return answers[max(key[0] for key in answers), "FR", question]


def test_the_next_section_begins_at_its_top(server: Server, page: Page):
    arrive(page, server, "answer", dimension="direction", **FRANCE)
    page.get_by_role("button", name="Next: ").click()
    expect(page.get_by_role("heading", level=1, name="Decisions and roles")).to_be_in_viewport()
    settled(page)
    expect(page).to_have_url(_with("dimension=decisions-and-roles"))


def _with(parameter: str) -> re.Pattern[str]:
    return re.compile(re.escape(parameter))


def test_an_address_with_a_question_opens_it_on_another_device(server: Server, page: Page, browser: Browser):
    arrive(page, server, "check", **FRANCE)
    page.get_by_test_id("stMain").get_by_role("link", name="Answer", exact=True).first.click()
    expect(page.get_by_role("button", name="Back to your answers")).to_be_visible()
    settled(page)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("[class*='st-key-card-']")).to_have_count(1)
    context.close()
    page.get_by_role("button", name="Back to your answers").click()
    expect(page.get_by_role("heading", level=1, name="Check your answers")).to_be_visible()


def test_the_first_answer_after_a_restart_is_stored_and_said_to_be(server: Server, page: Page):
    arrive(page, server, "answer", dimension="knowing-the-data", **FRANCE)
    choose(page, QUESTION, "2 Emerging")
    server.restart()
    # The page is alive again once its radios can be chosen; the session that knew it is gone.
    card(page, QUESTION).get_by_text("5 Optimising", exact=True).click()
    expect(card(page, QUESTION).get_by_role("button", name="Undo: back to 2 Emerging")).to_be_visible()
    expect_chosen(page, QUESTION, "5 Optimising")
    assert stored_here(server, QUESTION)[:2] == ("answered", "5")


def test_unchanged_and_undo_by_keyboard_alone(server: Server, page: Page):
    arrive(page, server, "answer", question=LATER, **FRANCE)
    where = card(page, LATER)
    unchanged = where.get_by_role("button", name="Unchanged since last round")
    unchanged.focus()
    page.keyboard.press("Enter")
    expect(where.get_by_text("Confirmed unchanged. Saved")).to_be_visible()
    confirmed = where.get_by_role("radio", checked=True)
    name = confirmed.locator("xpath=ancestor::label").inner_text().splitlines()[0]
    confirmed.focus()
    # Down: above the lowest level the list goes round to "Not applicable", which waits for its reason.
    page.keyboard.press("ArrowDown")
    undo = where.get_by_role("button", name="Undo: back to")
    expect(undo).to_have_accessible_name(re.compile(f"Undo: back to {re.escape(name)}$"))
    undo.focus()
    page.keyboard.press("Enter")
    expect(where.get_by_role("radio", name=name, exact=True)).to_be_checked()
    expect(undo).not_to_have_accessible_name(re.compile(f"Undo: back to {re.escape(name)}$"))
    assert stored_here(server, LATER)[2] == 3


def test_a_section_is_answered_by_keyboard_alone(server: Server, page: Page):
    arrive(page, server, "answer", dimension="access-and-law", **FRANCE)
    open_questions = [LATER, "dgm-regulatory-map", "dgm-cross-border-approval"]
    for question in open_questions:
        tab_to(page, card(page, question).get_by_role("radio").first)
        page.keyboard.press("Space")
        expect(card(page, question).get_by_text(SAVED)).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(card(page, question).get_by_role("radio", name="2 Emerging")).to_be_focused()
        expect(card(page, question).get_by_role("button", name="Undo: back to 1 Initial")).to_be_visible()
        settled(page)
        expect(card(page, question).get_by_role("radio", name="2 Emerging")).to_be_focused()
    assert [stored_here(server, question)[:2] for question in open_questions] == [("answered", "2")] * 3
    answer_why_not(page, "dgm-audit-trail", "No auditor has a mandate here.")
    assert stored_here(server, "dgm-audit-trail")[:2] == ("not_applicable", None)
    tab_to(page, page.get_by_role("button", name="Next: Quality and assurance"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Quality and assurance")).to_be_visible()


def answer_why_not(page: Page, question: str, reason: str) -> None:
    """ "Not applicable" and its reason, by keys."""
    tab_to(page, card(page, question).get_by_role("radio").first)
    page.keyboard.press("ArrowUp")
    expect(card(page, question).get_by_role("radio", name="Not applicable")).to_be_checked()
    tab_to(page, card(page, question).get_by_label("Why doesn't it apply? (needed)"))
    page.keyboard.type(reason)
    page.keyboard.press("Tab")
    expect(card(page, question).get_by_text(SAVED)).to_be_visible()
    settled(page)


def tab_to(page: Page, wanted: Locator) -> None:
    """Goes on by the Tab key until `wanted` has the focus, however the page is built."""
    expect(wanted).to_be_visible()
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the Tab key doesn't lead there")


def test_a_domain_answers_what_its_country_hands_on(server: Server, page: Page):
    arrive(page, server, "requests", **FRANCE)
    pick(page, "Section", "Access and law")
    page.get_by_role("button", name="Hand them on").click()
    expect(page.get_by_role("button", name="Take back").first).to_be_visible()
    settled(page)
    asked = page.locator("[class*='st-key-asked-']")
    # Whom, and until when.
    whom = asked.first.get_by_text(", France").inner_text().partition(", until")[0]
    domain = next(name for name in domains(server) if name.startswith(whom))
    arrive(page, server, "requests", domain=domain, **OWNER)
    expect(page.get_by_text("France asks you")).to_be_visible()
    where = page.locator(f"[class*='st-key-card-{LATER}']")
    where.get_by_text("3 Defined", exact=True).click()
    expect(where.get_by_text(SAVED)).to_be_visible()
    assert stored_here(server, LATER)[:2] == ("answered", "3")


def domains(server: Server) -> list[str]:
    """Every domain of France as the role switcher names it."""
    with sqlite3.connect(f"file:{server.folder / 'workspace.db'}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT name, id FROM units WHERE parent_id = 'FR'").fetchall()
    connection.close()
    return [f"{name}, France ({unit_id})" for name, unit_id in rows]


def test_a_remark_opens_one_question_again(server: Server, page: Page):
    arrive(page, server, "review", **REVIEWER)
    page.get_by_test_id("stMain").get_by_role("link").first.click()
    expect(page.get_by_role("link", name="Back to the list")).to_be_visible()
    settled(page)
    remark = page.get_by_label("Remark: what should change here").first
    remark.fill("Where is it written?")
    remark.press("Enter")
    expect(page.get_by_text("Saved").first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Return with comment").click()
    expect(page.get_by_text("Returned: ")).to_be_visible()


def test_an_administrator_comes_from_nothing_to_a_round_that_is_answered(server: Server, page: Page):
    arrive(page, server, **LEADER)
    page.get_by_role("button", name="Start with an empty workspace").click()
    expect(page.get_by_role("heading", name="Workspace")).to_be_visible()
    page.get_by_label("Name of the group").fill("Ours")
    page.get_by_label("Countries, one a line").fill("NO Norway\nSE Sweden")
    page.get_by_label("Domains that each country has").fill("Sales")
    page.get_by_label("Domains that each country has").press("Control+Enter")
    page.get_by_role("button", name="Add 5 units").click()
    expect(page.get_by_text("2 countries and 2 domains.")).to_be_visible()
    go_to(page, "People")
    page.get_by_label("Name", exact=True).fill("Nora")
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Added: Nora.")).to_be_visible()
    go_to(page, "Rounds")
    page.get_by_label("Short id, for files").fill("2027-H1")
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_text("12 assessments:")).to_be_visible()
    arrive(page, server, "answer", domain="Sales, Norway (NO.sales)", **OWNER)
    expect(page.locator("[class*='st-key-card-']").first).to_be_visible()
    arrive(page, server, "rounds", **ADMINISTRATOR)
    page.get_by_text("Remind people").click()
    expect(page.get_by_role("link", name="Write to 1 person of Norway")).to_be_visible()
