"""A click that ends the typing of a comment: it saves the comment, and does what it says."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.journey import LEADER, arrive, card, choose

pytestmark = pytest.mark.browser

QUESTION, NEXT = "dgm-access-rules", "dgm-regulatory-map"


@pytest.mark.parametrize("pressed_ms", [0, 600], ids=["a tap", "a slow press, through the save"])
def test_next_right_after_a_comment_saves_it_and_leads_on(server: Server, page: Page, pressed_ms: int):
    arrive(page, server, "answer", question=QUESTION, country="France (FR)", **LEADER)
    choose(page, QUESTION, "3 Defined")
    where = card(page, QUESTION)
    where.get_by_text("Evidence and comment", exact=True).click()
    where.get_by_label("Comment for the reviewer").fill("Decided in May")
    page.get_by_role("button", name="Next question").click(delay=pressed_ms)
    expect(page).to_have_url(re.compile(f"question={NEXT}"))
    expect(card(page, NEXT)).to_be_visible()
    assert comment(server) == "Decided in May"


def comment(server: Server) -> str:
    with sqlite3.connect(f"file:{server.folder / 'workspace.db'}?mode=ro", uri=True) as connection:
        (found,) = connection.execute(
            "SELECT comment FROM answers WHERE question_id = ? AND comment <> ''", [QUESTION]
        ).fetchall()[-1]
    connection.close()
    return str(found)
