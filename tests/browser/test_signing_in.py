"""Several people on one server: each comes in by a link, sees what is theirs, and is out when it is ended."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from assessment.access import Role
from assessment.actions.people import add_person
from assessment.store.people import RoleHeld
from tests.browser.house import House, open_house
from tests.browser.journey import SAVED, card, choose, pick, settled

pytestmark = pytest.mark.browser

QUESTION, NEXT = "dgm-access-rules", "dgm-regulatory-map"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    settings = {"MESH_READINESS_SIGN_IN": "links", "MESH_READINESS_PROXIES": "10.0.0.0/8"}
    with open_house(tmp_path, settings) as opened:
        yield opened


def come_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()
    settled(page)


def cookie_that_a_neighbour_gets(link: str) -> str:
    """By a request from this machine that says it had come by HTTPS; no proxy is here that could say so."""
    said = {"X-Forwarded-Proto": "https", "Sec-Fetch-Site": "same-origin"}
    with httpx2.Client() as client:
        return client.post(link, headers=said).headers["set-cookie"]


def picture(page: Page, name: str) -> None:
    """For who wants to look: a picture in the folder that MESH_PICTURES names."""
    if folder := os.environ.get("MESH_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_session_from_the_link_to_signing_out(house: House, page: Page, browser: Browser):
    ana = add_person(house.desk, "Ana Silva", "ana@example.org", RoleHeld(Role.COUNTRY_LEADER, "FR"))
    ada = add_person(house.desk, "Ada", "", RoleHeld(Role.ADMINISTRATOR))
    page.goto(f"{house.server.url}/answer")
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()

    # A stranger has an open page, and still sends and fetches no file.
    for path in ("_stcore/upload_file/a-session/a-file", "media/a-file.csv"):
        assert page.request.put(f"{house.server.url}/{path}", data=b"x").status == 403

    # Ana comes in, sees what is hers alone, and answers.
    come_in(page, house.link(ana))
    expect(page.get_by_text("Ana Silva, Country data leader, France")).to_be_visible()
    page.goto(f"{house.server.url}/answer?question={QUESTION}&role=Administrator&country=Germany (DE)")
    expect(
        page.get_by_test_id("stAlert").filter(has_text="“Administrator”, which isn't here")
    ).to_be_visible()
    expect(
        page.get_by_test_id("stAlert").filter(has_text="which isn't here; this is France (FR)")
    ).to_be_visible()
    settled(page)
    page.get_by_role("combobox", name="You act as").click()
    expect(page.get_by_role("option")).to_have_text(["Country data leader"])
    page.keyboard.press("Escape")
    choose(page, QUESTION, "3 Defined")
    expect(card(page, QUESTION).get_by_text(SAVED)).to_be_visible()
    assert house.saved() == [(QUESTION, ana)]

    # The administrator, in another browser, brings a file and fetches one; then signs her out.
    other = browser.new_context()
    admin = other.new_page()
    assert "Secure" not in cookie_that_a_neighbour_gets(house.link(ada))
    come_in(admin, house.link(ada))
    admin.goto(f"{house.server.url}/workspace")
    admin.get_by_text("Add units from a file").click()
    nothing = FilePayload(name="units.csv", mimeType="text/csv", buffer=b"what is it?")
    admin.locator("input[type=file]").first.set_input_files(nothing)
    expect(admin.get_by_text("units.csv:1").first).to_be_visible()
    with admin.expect_download() as example:
        admin.get_by_role("button", name="Download an example").click()
    assert Path(example.value.path()).read_bytes().startswith(b"unit_id")
    admin.goto(f"{house.server.url}/people")
    settled(admin)
    admin.get_by_text("End a link or sign somebody out").click()
    pick(admin, "Whose", "Ana Silva (ana@example.org)")
    admin.get_by_role("button", name="Sign out everywhere").click()
    expect(admin.get_by_test_id("stAlert").filter(has_text="Signed out: Ana Silva")).to_be_visible()
    other.close()

    # Her next click, in a part of the page that is drawn by itself, is refused and says so.
    card(page, QUESTION).get_by_text("4 Managed").click()
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible()
    expect(page.get_by_text("is not saved")).to_be_visible()
    expect(card(page, QUESTION)).to_have_count(0)
    picture(page, "ended")
    assert house.saved() == [(QUESTION, ana)]

    # With a new link she finds what was saved; then she leaves.
    come_in(page, house.link(ana))
    page.goto(f"{house.server.url}/answer?question={QUESTION}")
    expect(card(page, QUESTION).get_by_role("radio", name="3 Defined")).to_be_checked()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out of this browser").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.go_back()
    page.goto(house.server.url)
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    assert [cookie["name"] for cookie in page.context.cookies() if "mesh" in cookie["name"]] == []
