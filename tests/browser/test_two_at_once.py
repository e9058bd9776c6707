"""Two people, quick hands, and pages that were left open: no answer is lost and none is overwritten unseen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server
from tests.browser.journey import LEADER, SAVED, arrive, card, choose, expect_chosen, settled, stored

pytestmark = pytest.mark.browser

QUESTION = "dgm-report-duplication"
DISPUTE = "two answers for one question"


@pytest.fixture
def second(browser: Browser):
    """The same leader on another device."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, timezone_id="Europe/Paris")
    opened = context.new_page()
    yield opened
    context.close()


def france(page: Page, server: Server) -> None:
    arrive(page, server, "answer", country="France (FR)", dimension="knowing-the-data", **LEADER)
    expect(card(page, QUESTION)).to_be_visible()


def last_answer(server: Server) -> tuple[str, str | None, int]:
    answers = stored(server)
    return answers[max(key[0] for key in answers), "FR", QUESTION]


def test_an_answer_on_one_device_is_there_on_the_other(server: Server, page: Page, second: Page):
    france(page, server)
    choose(page, QUESTION, "4 Managed")
    france(second, server)
    expect_chosen(second, QUESTION, "4 Managed")


def test_a_stale_device_is_asked_and_overwrites_nothing(server: Server, page: Page, second: Page):
    france(page, server)
    france(second, server)
    choose(page, QUESTION, "4 Managed")
    card(second, QUESTION).get_by_text("2 Emerging").click()
    expect(card(second, QUESTION).get_by_text(DISPUTE)).to_be_visible()
    assert last_answer(server) == ("answered", "4", 1)
    card(second, QUESTION).get_by_role("button", name="Use mine").click()
    expect(card(second, QUESTION).get_by_text(SAVED)).to_be_visible()
    settled(second)
    assert last_answer(server) == ("answered", "2", 2)


def test_what_an_old_page_still_shows_after_a_crash_is_not_taken_for_an_answer(
    server: Server, page: Page, second: Page
):
    france(page, server)
    choose(page, QUESTION, "3 Defined")
    france(second, server)
    choose(second, QUESTION, "4 Managed")
    server.restart()
    # The first page reconnects and sends what it still shows: 3. That was an answer once; it is none now. (It shows 4
    # if its heartbeat came between the two.)
    where = card(page, QUESTION)
    shows_theirs = where.locator("label:has(input:checked)").filter(has_text="4 Managed")
    expect(where.get_by_text(DISPUTE).or_(shows_theirs)).to_be_visible()
    assert last_answer(server) == ("answered", "4", 2)
    keep = where.get_by_role("button", name="Keep the saved one")
    if keep.count():
        keep.click()
    expect_chosen(page, QUESTION, "4 Managed")
    assert last_answer(server) == ("answered", "4", 2)


def test_of_twenty_quick_clicks_the_last_one_is_stored(server: Server, page: Page):
    france(page, server)
    labels = ["1 Initial", "2 Emerging", "3 Defined", "4 Managed"]
    for number in range(20):
        card(page, QUESTION).get_by_text(labels[number % 4], exact=True).click(no_wait_after=True)
    expect(card(page, QUESTION).get_by_text(SAVED)).to_be_visible()
    settled(page)
    expect_chosen(page, QUESTION, labels[19 % 4])
    page.reload()
    expect_chosen(page, QUESTION, labels[19 % 4])
    state, value, _ = last_answer(server)
    assert (state, value) == ("answered", "4")
    expect(card(page, QUESTION).get_by_text(DISPUTE)).to_have_count(0)
