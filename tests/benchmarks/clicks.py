"""One person in a real browser: from a click on a level until the card says that it is saved, and from page to page."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import Server, free_port
from tests.browser.journey import LEADER, arrive
from tests.chromium import QUIET, executable

ROUNDS = 8
#: The card is quiet for so long when a click is dealt with, in ms.
_QUIET_MS = 500
#: The last change in the card after a click, in ms; what comes after the acknowledgement counts too.
_CLICK = """([card, level]) => new Promise(done => {
  const where = document.querySelectorAll("[class*='st-key-card-']")[card];
  const label = where.querySelector("[data-testid='stRadio']").querySelectorAll('label:has(input)')[level];
  let last = 0, timer = 0;
  const begun = performance.now();
  const finish = () => { seen.disconnect(); done(last - begun); };
  const seen = new MutationObserver(() => {
    last = performance.now(); clearTimeout(timer); timer = setTimeout(finish, SILENCE);
  });
  seen.observe(where, {attributes: true, subtree: true, childList: true, characterData: true});
  label.click();
  timer = setTimeout(finish, 4 * SILENCE);
})""".replace("SILENCE", str(_QUIET_MS))


def clicks() -> dict[str, Any]:
    """Milliseconds of clicks and of page changes, median and 95th percentile."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), free_port(), environment=dict(os.environ))
        server.run("db", "upgrade")
        server.run("demo")
        server.start()
        try:
            browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            return {"click_ms": told(_clicked(page, server)), "page_ms": told(_turned(page))}
        finally:
            server.stop()


def told(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {"p50": median(ordered), "p95": ordered[int(0.95 * len(ordered)) - 1], "clicks": len(ordered)}


def _clicked(page: Page, server: Server) -> list[float]:
    """Every click changes a level; the first of each card also draws what backs it, and counts."""
    arrive(page, server, "answer", country="France (FR)", dimension="knowing-the-data", **LEADER)
    cards = page.locator("[class*='st-key-card-']")
    expect(cards.first).to_be_visible()
    return [
        float(page.evaluate(_CLICK, [card, (2 * turn + card) % 4]))
        for turn in range(ROUNDS)
        for card in range(cards.count())
    ]


def _turned(page: Page) -> list[float]:
    """From "Next" until the next section's title stands on the page."""
    times = []
    for _ in range(3):
        before = page.locator("h1").inner_text()
        begun = page.evaluate("performance.now()")
        page.get_by_role("button", name="Next: ").click()
        expect(page.locator("h1")).not_to_have_text(before)
        expect(page.locator("[class*='st-key-card-']").first).to_be_visible()
        times.append(float(page.evaluate("performance.now()")) - float(begun))
    return times
