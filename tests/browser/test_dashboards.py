"""The places of the CDAO in a real browser: every part in both themes, on a desk and on a phone; clicks, keys and files."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.browser.conftest import Server
from tests.browser.journey import CDAO, arrive, settled

pytestmark = pytest.mark.browser

#: Every part of every place, by page and value of `part`.
PLACES = {
    "overview": ("",),
    "readiness": ("gates", "blockers", "what-if", "order", "operating-model", "perception"),
    "progress": ("change", "moved", "lasting", "order", "moves"),
    "common": ("elements", "answers"),
    "result": ("gaps", "peers", "moves", "more"),
    "method": ("",),
}
#: Streamlit's own page looks for its server below every address first, and finds it one step up.
_PROBING = re.compile(r"/_stcore/(health|host-config)$")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_part_of_every_place_draws_without_a_fault_or_another_host(
    server: Server, browser: Browser, scheme: Literal["light", "dark"], width: int
):
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("console", lambda message: faults.extend(_fault(message)))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.extend(_elsewhere(request, server)))
    for path, parts in PLACES.items():
        for part in parts:
            arrive(page, server, path, **CDAO, **({"part": part} if part else {}))
            where = (path, part)
            assert page.get_by_test_id("stException").count() == 0, where
            assert page.get_by_text("Something went wrong here").count() == 0, where
            over = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
            assert over <= 0, where
            assert not faults, (where, faults)
    context.close()


def _fault(message: ConsoleMessage) -> list[str]:
    is_probing = _PROBING.search(str(message.location.get("url", "")))
    return [message.text] if message.type == "error" and not is_probing else []


def _elsewhere(request: Request, server: Server) -> list[str]:
    return [] if request.url.startswith((server.url, "data:", "blob:")) else [request.url]


def test_a_click_on_a_cell_and_two_lists_lead_to_the_same_answers(server: Server, page: Page):
    arrive(page, server, "overview", **CDAO)
    digits = page.locator(".js-plotly-plot .textpoint text").filter(has_text=re.compile(r"^[1-5]$"))
    expect(digits.first).to_be_visible()
    chosen = page.get_by_role("combobox", name="Unit")
    before = page.url
    digits.last.click(force=True)
    expect(page).not_to_have_url(before)
    settled(page)
    assert re.search(r"dimension=[a-z-]+%2F[a-z-]+", page.url)
    expect(chosen).to_be_visible()
    by_click = page.url
    # The same cell in a new session, by its address alone.
    arrive(page, server, by_click.removeprefix(f"{server.url}/").partition("?")[0], **_parameters(by_click))
    assert _parameters(page.url) == _parameters(by_click)


def _parameters(url: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(url.partition("?")[2]))


def test_a_view_is_a_link_that_holds_on_the_next_place_too(server: Server, page: Page):
    arrive(page, server, "overview", **CDAO, questionnaire="platform-readiness", levels="supported")
    expect(page.get_by_text("as evidence supports").first).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Progress", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Progress")).to_be_visible()
    settled(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    settled(page)
    assert _parameters(page.url)["questionnaire"] == "platform-readiness"
    assert _parameters(page.url)["levels"] == "supported"


def test_a_chart_gives_its_table_its_numbers_and_its_picture(server: Server, page: Page, tmp_path: Path):
    arrive(page, server, "overview", **CDAO)
    page.get_by_text("Table, data and picture").first.click()
    download = page.get_by_role("button", name="Download these numbers (CSV)")
    expect(download).to_be_visible()
    settled(page)
    with page.expect_download() as waiting:
        download.click()
    file = tmp_path / "numbers.csv"
    waiting.value.save_as(file)
    assert re.match(r"portfolio_.+\.csv$", waiting.value.suggested_filename)
    with file.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert len({row["unit_id"] for row in rows}) == 12
    assert len(rows) == len({(row["unit_id"], row["questionnaire_id"], row["dimension_id"]) for row in rows})
    assert {"unit_id", "dimension_id", "status", "score", "target", "gap"} <= rows[0].keys()
    camera = page.locator(".modebar-btn").first
    camera.scroll_into_view_if_needed()
    with page.expect_download() as picture:
        camera.click()
    assert picture.value.suggested_filename.endswith(".png")


def test_by_keyboard_alone_from_a_filter_to_the_answers_behind_a_cell(server: Server, page: Page):
    arrive(page, server, "overview", **CDAO)
    unit = page.get_by_role("combobox", name="Unit")
    unit.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Brazil")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Brazil, ")).first).to_be_visible()
    settled(page)
    assert _parameters(page.url)["unit"] == "BR"
    history = page.get_by_text("How these answers stood each time they were sent")
    history.locator("xpath=ancestor::summary").focus()
    page.keyboard.press("Enter")
    expect(history.locator("xpath=ancestor::details").get_by_test_id("stDataFrame")).to_be_visible()
    assert page.get_by_role("button", name="Download as CSV").count() == 0, "a file that nobody records"
