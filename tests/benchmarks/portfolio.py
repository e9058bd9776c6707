"""The CDAO's overview over a large group in a real browser: from the address to the heatmap, and from filter to filter."""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from tests.benchmarks.crowd import computed_s
from tests.benchmarks.times import figures
from tests.browser.conftest import Server, free_port
from tests.browser.journey import CDAO, settled
from tests.chromium import QUIET, executable

#: Design §9: so many countries and domains, all questionnaires, six rounds.
LARGE = ("--countries", "60", "--domains", "15", "--rounds", "6")
VISITS, CHANGES = 5, 12
#: A server that computes less than this in two seconds is at rest, in seconds.
_RESTS = 0.3
_DRAWN = "document.querySelectorAll('.js-plotly-plot .heatmaplayer image').length > 0"
_SIZES = """() => [...document.querySelectorAll('.js-plotly-plot')].map(plot =>
  JSON.stringify({data: plot.data, layout: plot.layout}).length)"""


def portfolio() -> dict[str, Any]:
    """Milliseconds of first content (right after the start, and once the server has computed ahead) and of filter changes.

    `ahead_s` is how long that took after the first visit, `figure_bytes` the largest figure.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), free_port(), environment=dict(os.environ))
        server.run("db", "upgrade")
        server.run("demo", *LARGE)
        server.start()
        try:
            browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
            # The pages' own policy lets nobody but them run a program, a stopwatch included.
            page = browser.new_page(viewport={"width": 1280, "height": 1000}, bypass_csp=True)
            page.set_default_timeout(120_000)
            cold = _visited(page, server)
            begun = time.monotonic()
            _wait_for_rest(server)
            rested_s = time.monotonic() - begun
            visits = [_visited(page, server) for _ in range(VISITS)]
            sizes = page.evaluate(_SIZES)
            return {
                "cold_ms": cold,
                "ahead_s": rested_s,
                "first_content_ms": median(visits),
                "filter": figures(_filtered(page)),
                "figure_bytes": max(sizes),
            }
        finally:
            server.stop()


def _wait_for_rest(server: Server) -> None:
    """Until the server has computed ahead what it does after a start."""
    before = -1.0
    while (now := computed_s(server)) - before > _RESTS:
        before = now
        time.sleep(2)


def _visited(page: Page, server: Server) -> float:
    """A new session, until the heatmap stands on the page."""
    page.goto("about:blank")
    page.goto(f"{server.url}/overview?role={CDAO['role']}", wait_until="commit")
    page.wait_for_function(_DRAWN)
    elapsed = float(page.evaluate("performance.now()"))
    settled(page)
    return elapsed


def _filtered(page: Page) -> list[float]:
    """From choosing in a list until the headline of the figure is that of the choice and the server is at rest."""
    times = []
    for number in range(CHANGES):
        words = ("Self-serve data platform readiness", "All questionnaires")[number % 2]
        before = page.locator("[data-testid='stMain'] h3").first.inner_text()
        page.get_by_role("combobox", name="Questionnaire").click()
        option = page.get_by_role("option", name=words)
        expect(option).to_be_visible()
        begun = float(page.evaluate("performance.now()"))
        option.click()
        page.wait_for_function(
            "before => document.querySelector(\"[data-testid='stMain'] h3\").innerText !== before", arg=before
        )
        times.append(float(page.evaluate("performance.now()")) - begun)
        settled(page)
    return times


if __name__ == "__main__":
    print(json.dumps(portfolio(), indent=2))  # noqa: T201
