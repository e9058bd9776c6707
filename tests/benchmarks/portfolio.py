"""The CDAO's overview over a large group in a real browser: from the address to headline and matrix, and from filter to filter."""

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
#: When the page's headline stands, and when the matrix is drawn, in ms.
_ARRIVED = """() => new Promise(done => {
  let headline, matrix;
  const look = () => {
    if (document.querySelector("[data-testid='stMain'] h2")) headline ??= performance.now();
    if (document.querySelector('.js-plotly-plot .heatmaplayer image')) matrix ??= performance.now();
    if (headline && matrix) return done([headline, matrix]);
    requestAnimationFrame(look);
  };
  look();
})"""
#: From choosing an option until the matrix has another headline, in ms.
_CHOSEN = """option => new Promise(done => {
  const headline = () => document.querySelector("[data-testid='stMain'] h3")?.textContent;
  const before = headline(), begun = performance.now();
  const look = () => {
    if (headline() && headline() !== before) return done(performance.now() - begun);
    requestAnimationFrame(look);
  };
  option.click();
  look();
})"""
_SIZES = """() => [...document.querySelectorAll('.js-plotly-plot')].map(plot =>
  JSON.stringify({data: plot.data, layout: plot.layout}).length)"""


def portfolio() -> dict[str, Any]:
    """Milliseconds from a new session to the page's headline and to its matrix, and from filter to filter.

    `cold_ms` is to the matrix right after a start, `ahead_s` how long the server then went on computing ahead, all else
    once it had; `figure_bytes` is the largest figure.
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
            _, cold = _visited(page, server)
            begun = time.monotonic()
            _wait_for_rest(server)
            rested_s = time.monotonic() - begun
            visits = [_visited(page, server) for _ in range(VISITS)]
            sizes = page.evaluate(_SIZES)
            return {
                "cold_ms": cold,
                "ahead_s": rested_s,
                "first_content_ms": median(headline for headline, _ in visits),
                "matrix_ms": median(matrix for _, matrix in visits),
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


def _visited(page: Page, server: Server) -> tuple[float, float]:
    """A new session, the application's own start in the browser included, until headline and matrix stand."""
    page.goto("about:blank")
    page.goto(f"{server.url}/overview?role={CDAO['role']}", wait_until="commit")
    headline, matrix = page.evaluate(_ARRIVED)
    settled(page)
    return float(headline), float(matrix)


def _filtered(page: Page) -> list[float]:
    """From choosing in a list until the headline is that of the choice."""
    times = []
    for number in range(CHANGES):
        words = ("Self-serve data platform readiness", "All questionnaires")[number % 2]
        page.get_by_role("combobox", name="Questionnaire").click()
        option = page.get_by_role("option", name=words)
        expect(option).to_be_visible()
        times.append(float(option.evaluate(_CHOSEN)))
        settled(page)
    return times


if __name__ == "__main__":
    print(json.dumps(portfolio(), indent=2))  # noqa: T201
