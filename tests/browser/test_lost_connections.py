"""Connections that stall, or are lost for a moment or for longer than the server remembers a session: every answer is
stored, or visibly isn't, and none is overwritten unseen.
"""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.journey import LEADER, SAVED, arrive, card, choose, expect_chosen, settled, stored
from tests.browser.line import Line

pytestmark = pytest.mark.browser

QUESTION, OTHER = "dgm-report-duplication", "dgm-usage-insight"
DISPUTE = "two answers for one question"
FRANCE = {"country": "France (FR)", "dimension": "knowing-the-data", **LEADER}
#: Seconds that the server remembers a session without a connection. With 0 every loss is longer than that, and no test
#: has to wait for the end of one.
LIVES = pytest.mark.parametrize("life_s", [120, 0], ids=["shorter than the session's life", "longer than it"])


@pytest.fixture
def line(page: Page) -> Line:
    return Line(page)


def begin(server: Server, page: Page, life_s: int = 120) -> None:
    """France's page, with one answer that was saved before anything went wrong."""
    server.environment["STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"] = str(life_s)
    server.restart()
    arrive(page, server, "answer", **FRANCE)
    choose(page, QUESTION, "2 Emerging")


def answer(server: Server, question: str = QUESTION) -> tuple[str, str | None, int]:
    answers = stored(server)
    return answers[max(key[0] for key in answers), "FR", question]


def comment(server: Server) -> str:
    """What is stored as France's comment on the question."""
    with sqlite3.connect(f"file:{server.folder / 'workspace.db'}?mode=ro", uri=True) as connection:
        found = connection.execute(
            "SELECT w.comment FROM answers w JOIN answer_events e ON e.id = w.event_id"
            " WHERE e.origin = 'page' AND w.question_id = ?",
            [QUESTION],
        ).fetchone()
    connection.close()
    return str(found[0])


@LIVES
def test_the_first_answer_after_a_loss_is_stored(server: Server, page: Page, line: Line, life_s: int):
    begin(server, page, life_s)
    line.cut()
    card(page, QUESTION).get_by_text("4 Managed", exact=True).click()
    expect(card(page, QUESTION).get_by_role("button", name="Undo: back to 2 Emerging")).to_be_visible()
    expect_chosen(page, QUESTION, "4 Managed")
    assert answer(server) == ("answered", "4", 2)
    assert len(line.sessions) == (1 if life_s else 2), "the loss was as long as this test says"


@LIVES
def test_what_the_network_swallowed_is_stored_once_it_is_back(
    server: Server, page: Page, line: Line, life_s: int
):
    begin(server, page, life_s)
    card(page, QUESTION).get_by_text("Evidence and comment", exact=True).click()
    words = card(page, QUESTION).get_by_label("Comment for the reviewer")
    expect(words).to_be_visible()
    line.is_silent = True
    card(page, QUESTION).get_by_text("4 Managed", exact=True).click()
    words.fill("Two teams count it.")
    card(page, OTHER).get_by_text("5 Optimising", exact=True).click()
    line.cut()
    expect(card(page, OTHER).get_by_role("button", name="Undo: back to")).to_be_visible()
    expect(card(page, QUESTION).get_by_text(SAVED)).to_be_visible()
    settled(page)
    assert answer(server, OTHER)[:2] == ("answered", "5")
    assert answer(server)[:2] == ("answered", "4")
    assert comment(server) == "Two teams count it."


@LIVES
def test_words_that_a_loss_broke_off_stay_and_are_stored(server: Server, page: Page, line: Line, life_s: int):
    begin(server, page, life_s)
    card(page, QUESTION).get_by_text("Evidence and comment", exact=True).click()
    words = card(page, QUESTION).get_by_label("Comment for the reviewer")
    words.press_sequentially("Two teams ")
    line.cut()
    expect(card(page, QUESTION).get_by_role("button", name="Undo: no comment")).to_be_visible()
    expect(words).to_have_value("Two teams ")
    expect(words).to_be_enabled()
    assert comment(server) == "Two teams"


@LIVES
def test_an_answer_that_was_swallowed_overwrites_nobody_elses(
    server: Server, page: Page, line: Line, browser: Browser, life_s: int
):
    begin(server, page, life_s)
    line.is_silent = True
    card(page, QUESTION).get_by_text("4 Managed", exact=True).click()
    context = browser.new_context()
    second = context.new_page()
    arrive(second, server, "answer", **FRANCE)
    choose(second, QUESTION, "5 Optimising")
    context.close()
    line.cut()
    expect(card(page, QUESTION).get_by_text(DISPUTE)).to_be_visible()
    assert answer(server) == ("answered", "5", 2)
    card(page, QUESTION).get_by_role("button", name="Use mine").click()
    expect(card(page, QUESTION).get_by_text(SAVED)).to_be_visible()
    settled(page)
    assert answer(server) == ("answered", "4", 3)


def test_an_answer_is_stored_when_its_page_is_left_in_the_same_moment(server: Server, page: Page, line: Line):
    begin(server, page)
    line.is_stalled = True
    card(page, QUESTION).get_by_text("4 Managed", exact=True).click()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Check and send").click()
    line.go_on(2)
    expect(page.get_by_role("heading", level=1, name="Check your answers")).to_be_visible()
    settled(page)
    assert answer(server) == ("answered", "4", 2)


def test_a_comment_is_stored_when_its_page_is_left_by_a_link(server: Server, page: Page, line: Line):
    begin(server, page)
    card(page, QUESTION).get_by_text("Evidence and comment", exact=True).click()
    line.is_stalled = True
    card(page, QUESTION).get_by_label("Comment for the reviewer").fill("Two teams count it.")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Check and send").click()
    line.go_on(2)
    expect(page.get_by_role("heading", level=1, name="Check your answers")).to_be_visible()
    settled(page)
    assert comment(server) == "Two teams count it."


PRINCIPLE = "plain-words"


def position(page: Page) -> Locator:
    return page.locator(f".st-key-card-principle-{PRINCIPLE}")


def positions(server: Server) -> list[str]:
    """Every position that France took on the principle in the open round, in time."""
    with sqlite3.connect(f"file:{server.folder / 'workspace.db'}?mode=ro", uri=True) as connection:
        found = connection.execute(
            "SELECT json_extract(content, '$.position') FROM statement_events WHERE unit_id = 'FR'"
            " AND subject_id = ? AND round_id = (SELECT max(id) FROM rounds)"
            " ORDER BY version",
            [PRINCIPLE],
        ).fetchall()
    connection.close()
    return [row[0] for row in found]


@LIVES
def test_a_statement_after_a_loss_is_stored(server: Server, page: Page, line: Line, life_s: int):
    begin_statements(server, page, life_s)
    line.cut()
    position(page).get_by_text("Skipped", exact=True).click()
    position(page).get_by_label("Why?").fill("Too early")
    position(page).get_by_label("Why?").press("Enter")
    expect(position(page).get_by_text(SAVED)).to_be_visible()
    assert positions(server) == ["adopted", "skipped"]
    assert len(line.sessions) == (1 if life_s else 2), "the loss was as long as this test says"


def begin_statements(server: Server, page: Page, life_s: int = 120) -> None:
    """France's facts and principles, with one that was saved before anything went wrong."""
    server.environment["STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"] = str(life_s)
    server.restart()
    arrive(page, server, "context", **FRANCE)
    position(page).get_by_text("Adopted", exact=True).click()
    expect(position(page).get_by_text(SAVED)).to_be_visible()
    settled(page)


def test_a_statement_is_stored_when_its_page_is_left_in_the_same_moment(
    server: Server, page: Page, line: Line
):
    begin_statements(server, page)
    position(page).get_by_text("Delayed", exact=True).click()
    expect(position(page).get_by_label("Why?")).to_be_visible()
    settled(page)
    line.is_stalled = True
    position(page).get_by_label("Why?").fill("Next year")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Check and send").click()
    line.go_on(2)
    expect(page.get_by_role("heading", level=1, name="Check your answers")).to_be_visible()
    settled(page)
    assert positions(server) == ["adopted", "delayed"]
