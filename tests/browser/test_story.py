"""The main job from end to end, as people do it, with a crash of the server in the middle."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assessment.scoring.table import SCORE_COLUMNS
from tests.browser.conftest import Server
from tests.browser.journey import (
    ADMINISTRATOR,
    CDAO,
    LEADER,
    REVIEWER,
    SAVED,
    arrive,
    card,
    choose,
    expect_chosen,
    go_to,
    open_waiting,
    pick,
    settled,
    stored,
)

pytestmark = pytest.mark.browser


def test_a_country_answers_is_reviewed_and_seen_by_the_cdao(server: Server, page: Page, tmp_path: Path):
    arrive(page, server, "overview", questionnaire="data-governance", **CDAO)
    expect(page.get_by_text("· 9 countries ·").first).to_be_visible()

    arrive(page, server, country="France (FR)", **LEADER)
    expect(page.get_by_role("heading", name="Your assessment")).to_be_visible()
    expect(page.get_by_text("Can't be sent yet: 9 questions left.").first).to_be_visible()
    page.get_by_role("button", name="Continue with Knowing the data").click()
    expect(page.get_by_role("heading", name="Knowing the data")).to_be_visible()

    choose(page, "dgm-report-duplication", "3 Defined")
    page.get_by_role("button", name="Next: Access and law").click()
    expect(page.get_by_role("heading", name="Access and law")).to_be_visible()
    choose(page, "dgm-access-rules", "3 Defined")

    server.restart()
    settled(page)
    # The first edit after a crash reaches a session that knows nothing; it must be stored all the same.
    choose(page, "dgm-regulatory-map", "4 Managed")
    expect_chosen(page, "dgm-access-rules", "3 Defined")
    page.reload()
    settled(page)
    expect_chosen(page, "dgm-access-rules", "3 Defined")
    expect_chosen(page, "dgm-regulatory-map", "4 Managed")

    choose(page, "dgm-cross-border-approval", "Don't know yet")
    _answer_not_applicable(page, "dgm-audit-trail", "No auditor has a mandate here.")
    page.get_by_role("button", name="Next: Quality and assurance").click()
    for question_id in (
        "dgm-fix-at-source",
        "dgm-policy-automation",
        "dgm-human-judgement",
        "dgm-governance-effect",
    ):
        choose(page, question_id, "2 Emerging")

    page.get_by_role("button", name="Next: Invented situations").click()
    choose(page, "dgm-vignette-owners", "2 Emerging")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send 23 answers to the reviewer").click()
    expect(page.get_by_text("This assessment is sent for review.")).to_be_visible()
    now = stored(server)
    place = max(key[0] for key in now), "FR"
    answers = {key[2]: value for key, value in now.items() if key[:2] == place and key[2].startswith("dgm-")}
    assert len(answers) == 24, "23 answers and a rating, which needn't be given"
    assert answers["dgm-regulatory-map"] == ("answered", "4", 1)
    assert answers["dgm-cross-border-approval"] == ("dont_know", None, 1)

    arrive(page, server, **REVIEWER)
    _accept_france(page)

    arrive(page, server, questionnaire="data-governance", **CDAO)
    expect(page.get_by_text("· 10 countries ·").first).to_be_visible()
    go_to(page, "Result")
    _see_result_of_france(page)
    rows = _downloaded(page, "Download scores.csv", tmp_path)
    assert tuple(rows[0]) == SCORE_COLUMNS
    france = [
        row
        for row in rows
        if (row["unit_id"], row["basis"], row["questionnaire_id"]) == ("FR", "own", "data-governance")
    ]
    assert len(france) == 7
    assert {row["assessment_state"] for row in france} == {"accepted"}
    assert all("synthetic" in row["round_id"] for row in rows)


def test_the_list_of_sections_leads_to_a_section_and_stays_there(server: Server, page: Page):
    arrive(page, server, country="France (FR)", **LEADER)
    page.get_by_role("button", name="Continue with Knowing the data").click()
    expect(page.get_by_role("heading", name="Knowing the data")).to_be_visible()
    page.get_by_role("button", name=re.compile("Access and law")).first.click()
    expect(page.get_by_role("heading", name="Access and law")).to_be_visible()
    settled(page)
    choose(page, "dgm-access-rules", "2 Emerging")
    expect(page.get_by_role("heading", name="Access and law")).to_be_visible()
    assert stored(server)[_last_round(server), "FR", "dgm-access-rules"] == ("answered", "2", 1)


def test_of_two_reviewers_the_second_decides_nothing_unseen(server: Server, page: Page, browser: Browser):
    arrive(page, server, **REVIEWER)
    context = browser.new_context()
    second = context.new_page()
    arrive(second, server, **REVIEWER)
    for reviewer in (page, second):
        open_waiting(reviewer, "Japan", "Data governance maturity")
        expect(reviewer.get_by_role("button", name="Accept")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted: Japan, Data governance maturity.")).to_be_visible()
    second.get_by_role("button", name="Accept").click()
    expect(second.get_by_text("This assessment has changed since you opened it.")).to_be_visible()
    expect(second.get_by_role("button", name="Accept")).to_have_count(0)
    context.close()


def test_an_empty_workspace_is_one_click_away_and_leads_on(server: Server, page: Page):
    arrive(page, server, **LEADER)
    page.get_by_role("button", name="Start with an empty workspace").click()
    expect(page.get_by_role("heading", name="Workspace")).to_be_visible()
    expect(page.get_by_text("Synthetic data")).to_have_count(0)
    units = b"unit_id,name,kind,parent_id,country_iso3,domain_family\ngroup,Ours,group,,,\nNO,Norway,country,group,NOR,\n"
    page.get_by_text("Add units from a file").click()
    page.get_by_test_id("stFileUploader").filter(has_text="units.csv").locator("input").first.set_input_files(
        {"name": "units.csv", "mimeType": "text/csv", "buffer": units}
    )
    page.get_by_role("button", name="Add 2 units").click()
    expect(page.get_by_text("1 country and 0 domains.")).to_be_visible()
    go_to(page, "Rounds")
    page.get_by_label("Short id, for files").fill("2027-H1")
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_text("3 assessments:")).to_be_visible()
    arrive(page, server, **LEADER)
    expect(page.get_by_text("Can't be sent yet: 23 questions left.").first).to_be_visible()


def test_no_page_asks_another_host_for_anything(server: Server, page: Page):
    elsewhere: list[str] = []
    refused: list[str] = []
    page.on(
        "request",
        lambda request: (
            elsewhere.append(request.url)
            if not request.url.startswith((server.url, "data:", "blob:"))
            else None
        ),
    )
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None,
    )
    for role, path in (
        (LEADER, ""),
        (LEADER, "answer"),
        (CDAO, ""),
        (CDAO, "result"),
        (ADMINISTRATOR, "workspace"),
    ):
        arrive(page, server, path, **role)
    assert elsewhere == []
    assert refused == []


def _answer_not_applicable(page: Page, question_id: str, reason: str) -> None:
    where = card(page, question_id)
    where.get_by_text("Not applicable", exact=True).click()
    expect(where.get_by_text("Not saved yet: say why it doesn't apply.")).to_be_visible()
    field = where.get_by_label("Why doesn't it apply? (needed)")
    field.fill(reason)
    field.press("Tab")
    expect(where.get_by_text(SAVED)).to_be_visible()
    settled(page)


def _accept_france(page: Page) -> None:
    open_waiting(page, "France", "Data governance maturity")
    expect(page.get_by_text("No auditor has a mandate here.")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    settled(page)


def _see_result_of_france(page: Page) -> None:
    pick(page, "Whose", "France (FR)")
    expect(
        page.get_by_role(
            "heading", name=re.compile("^France must close|^France is within|^France has reached")
        )
    ).to_be_visible()
    expect(page.get_by_role("heading", name="Next moves").first).to_be_visible()
    expect(page.get_by_text(re.compile("What blocks level")).first).to_be_visible()
    settled(page)


def _downloaded(page: Page, label: str, folder: Path) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile(f"^{label}")).click()
    target = folder / "scores.csv"
    waiting.value.save_as(target)
    with target.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _last_round(server: Server) -> str:
    return max(key[0] for key in stored(server))
