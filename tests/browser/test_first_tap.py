"""A click that ends the typing of a comment: it saves the comment, and does what it says."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.journey import LEADER, REVIEWER, arrive, card, choose, open_waiting, settled

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


def test_one_question_at_a_time_is_one_step_back_each(server: Server, page: Page):
    arrive(page, server, "answer", question=QUESTION, country="France (FR)", **LEADER)
    page.get_by_role("button", name="Next question").click()
    expect(page).to_have_url(re.compile(f"question={NEXT}"))
    settled(page)
    page.go_back()
    expect(card(page, QUESTION)).to_be_visible()


@pytest.mark.parametrize("decision", ["Accept", "Return with comment"])
def test_a_decision_right_after_a_remark_takes_the_remark_along(server: Server, page: Page, decision: str):
    arrive(page, server, "review", **REVIEWER)
    open_waiting(page, "Japan", "Data governance maturity")
    page.get_by_label("Remark: what should change here").first.fill("Show the minutes")
    page.get_by_role("button", name=decision).click()
    expect(
        page.get_by_test_id("stAlert").filter(has_text=re.compile("(Accepted|Returned): Japan"))
    ).to_be_visible()
    expect(page.get_by_test_id("stAlert").filter(has_text="needs a comment")).to_have_count(0)
    with sqlite3.connect(f"file:{server.folder / 'workspace.db'}?mode=ro", uri=True) as connection:
        found = connection.execute("SELECT content FROM statements WHERE kind = 'remark'").fetchall()
    connection.close()
    assert any("Show the minutes" in str(content) for (content,) in found)


def test_whoever_changes_an_answer_comes_back_to_it(server: Server, page: Page):
    arrive(page, server, "check", country="France (FR)", **LEADER)
    row = page.locator(f".st-key-row-{NEXT}")
    row.get_by_role("link").click()
    page.get_by_role("button", name="Back to your answers").click()
    expect(page.get_by_role("heading", level=1, name="Check your answers")).to_be_attached()
    expect(row).to_be_in_viewport()


def comment(server: Server) -> str:
    with sqlite3.connect(f"file:{server.folder / 'workspace.db'}?mode=ro", uri=True) as connection:
        (found,) = connection.execute(
            "SELECT comment FROM answers WHERE question_id = ? AND comment <> ''", [QUESTION]
        ).fetchall()[-1]
    connection.close()
    return str(found)
