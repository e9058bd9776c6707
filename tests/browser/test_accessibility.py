"""Every page, in light and dark, against the rules of WCAG 2.2 AA that a machine can check; and at a phone's width."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Server
from tests.browser.journey import ADMINISTRATOR, CDAO, LEADER, REVIEWER, arrive

pytestmark = pytest.mark.browser

FRANCE = {"country": "France (FR)", **LEADER}
PAGES = {
    "tasks": ("tasks", FRANCE),
    "context": ("context", FRANCE),
    "requests": ("requests", FRANCE),
    "offline": ("offline", FRANCE),
    "answer": ("answer", FRANCE),
    "check": ("check", FRANCE),
    "result": ("result", {"whose": "Germany (DE)", **CDAO}),
    "beside others": ("result", {"part": "peers", "country": "Germany (DE)", **LEADER}),
    "moves of one": ("result", {"part": "moves", "country": "Germany (DE)", **LEADER}),
    "more findings": ("result", {"part": "more", "whose": "DE", **CDAO}),
    "overview": ("overview", CDAO),
    "progress": ("progress", CDAO),
    "who moved": ("progress", {"part": "moved", **CDAO}),
    "lasting": ("progress", {"part": "lasting", **CDAO}),
    "growth": ("progress", {"part": "order", **CDAO}),
    "moves": ("progress", {"part": "moves", **CDAO}),
    "readiness": ("readiness", CDAO),
    "blockers": ("readiness", {"part": "blockers", "gates": "all", **CDAO}),
    "what if": ("readiness", {"part": "what-if", **CDAO}),
    "order": ("readiness", {"part": "order", **CDAO}),
    "operating model": ("readiness", {"part": "operating-model", **CDAO}),
    "perception": ("readiness", {"part": "perception", **CDAO}),
    "common": ("common", CDAO),
    "common by answers": ("common", {"part": "answers", **CDAO}),
    "review": ("review", REVIEWER),
    "workspace": ("workspace", ADMINISTRATOR),
    "people": ("people", ADMINISTRATOR),
    "history": ("history", ADMINISTRATOR),
    "rounds": ("rounds", ADMINISTRATOR),
    "questionnaires": ("questionnaires", ADMINISTRATOR),
    "method": ("method", CDAO),
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault(server: Server, browser: Browser, scheme: Literal["light", "dark"]):
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(30_000)
    faults = []
    for name, (path, parameters) in PAGES.items():
        arrive(page, server, path, **parameters)
        found = Axe().run(page, options=RULES).response["violations"]
        faults += [
            (name, fault["id"], [node["html"][:160] for node in fault["nodes"]][:3])
            for fault in found
            if fault["impact"] in ("serious", "critical")
        ]
    context.close()
    assert not faults, "\n".join(map(str, faults))


def test_no_page_is_wider_than_a_phone(server: Server, browser: Browser):
    """The narrowest that WCAG asks for; what fits there fits a wider one."""
    context = browser.new_context(viewport={"width": 320, "height": 844})
    page = context.new_page()
    page.set_default_timeout(30_000)
    for name, (path, parameters) in PAGES.items():
        arrive(page, server, path, **parameters)
        assert _overflow(page) <= 0, name
    context.close()


def _overflow(page: Page) -> int:
    """By how many pixels the page can be pushed sideways."""
    measured = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
    return int(measured)
