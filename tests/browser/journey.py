"""Steps that several browser tests take, in the words of the person who takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.conftest import Server

#: What a card says once, and only once, the answer is committed (an icon may stand before it).
SAVED = re.compile(r"Saved \d\d:\d\d$")
LEADER = {"role": "Country data leader"}
OWNER = {"role": "Domain owner"}
REVIEWER = {"role": "Reviewer"}
CDAO = {"role": "Chief data officer (CDAO)"}
ADMINISTRATOR = {"role": "Administrator"}


def arrive(page: Page, server: Server, path: str = "", **parameters: str) -> None:
    """Opens an address as a colleague would who was sent it."""
    page.goto(f"{server.url}/{path}?{urlencode(parameters)}")
    expect(page.get_by_text("You act as").first).to_be_visible()
    settled(page)
    # The programs of some widgets are fetched once one is drawn; until then there is a grey place.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def settled(page: Page) -> None:
    """Waits until the server has answered everything that was sent."""
    expect(page.locator("[data-testid='stApp'][data-test-script-state='notRunning']")).to_be_visible()


def go_to(page: Page, name: str) -> None:
    """Follows a link of the navigation."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    settled(page)


def pick(page: Page, label: str, words: str) -> None:
    """Chooses from a list by typing: a long list shows only a part of itself.

    A drawing that ends meanwhile closes the list; like a person, one opens it again.
    """
    option = page.get_by_role("option", name=re.compile(f"^{re.escape(words)}"))
    for patience in (10_000, 30_000):
        page.get_by_role("combobox", name=label).fill(words)
        with suppress(TimeoutError):
            option.click(timeout=patience)
            settled(page)
            return
        page.keyboard.press("Escape")
    raise AssertionError(f"the list “{label}” offers no “{words}”")


def open_waiting(page: Page, country: str, questionnaire: str) -> None:
    """Opens an assessment of a country from the reviewer's list, which comes in pages."""
    pick(page, "Country", country)
    page.get_by_role("link", name=f"{country}, {questionnaire}", exact=True).click()
    expect(page.get_by_role("heading", name=f"{country}: {questionnaire}")).to_be_visible()
    settled(page)


def card(page: Page, question_id: str) -> Locator:
    return page.locator(f".st-key-card-{question_id}")


def choose(page: Page, question_id: str, label: str) -> None:
    """Clicks a level and waits for the word that it is stored."""
    where = card(page, question_id)
    where.get_by_text(re.compile(f"^{label}")).first.click()
    expect(where.get_by_text(SAVED)).to_be_visible()
    settled(page)


def expect_chosen(page: Page, question_id: str, label: str) -> None:
    """The page shows this choice for a question."""
    expect(card(page, question_id).get_by_role("radio", name=label, exact=True)).to_be_checked()


def stored(server: Server) -> Mapping[tuple[str, str, str], tuple[str, str | None, int]]:
    """Every answer in the database: (round, unit, question) → (state, value, version)."""
    import sqlite3

    with sqlite3.connect(f"file:{server.folder / 'workspace.db'}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "SELECT a.round_id, a.unit_id, w.question_id, w.state, w.value, w.version"
            " FROM answers w JOIN assessments a ON a.id = w.assessment_id"
        ).fetchall()
    connection.close()
    return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in rows}
