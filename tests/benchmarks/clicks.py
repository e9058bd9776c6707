"""One person in a real browser: from a click on a level until the card says that it is saved, and from page to page."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.benchmarks.times import figures
from tests.browser.conftest import Server, free_port
from tests.browser.journey import LEADER, arrive, settled
from tests.chromium import QUIET, executable

ROUNDS = 8
#: So many cards are clicked in turn.
CARDS = 3
_CARD = "[class*='st-key-card-']"
#: "Next" leads through the sections of the longest questionnaire so often, and "Back" back again.
TURNS = 6
#: The card is quiet for so long when a click is dealt with, in ms.
_QUIET_MS = 500
#: No answer after so long is an error, in ms.
_PATIENCE_MS = 15_000

#: The last change in the card after a click, in ms. It is over when the card says that the level is saved, which is when
#: "Undo" leads back to the one before, and nothing has changed for a while: what comes later counts too.
_CLICK = """([card, level]) => new Promise((done, fail) => {
  const where = document.querySelectorAll("[class*='st-key-card-']")[card];
  const levels = where.querySelector("[data-testid='stRadio']").querySelectorAll('label:has(input)');
  const before = [...levels].find(one => one.querySelector('input').checked);
  const wanted = before === levels[level] ? levels[(level + 1) % 4] : levels[level];
  const word = before ? 'Undo: back to ' + before.querySelector('p').textContent : 'Saved ';
  let last = 0, timer = 0;
  const begun = performance.now();
  const giveUp = setTimeout(() => fail(new Error('not said to be saved')), PATIENCE);
  const finish = () => {
    if (!where.textContent.includes(word)) return;
    seen.disconnect(); clearTimeout(giveUp); done(last - begun);
  };
  const seen = new MutationObserver(() => {
    last = performance.now(); clearTimeout(timer); timer = setTimeout(finish, SILENCE);
  });
  seen.observe(where, {attributes: true, subtree: true, childList: true, characterData: true});
  wanted.click();
})""".replace("SILENCE", str(_QUIET_MS)).replace("PATIENCE", str(_PATIENCE_MS))

#: From a button until another section's title and its first question stand on the page, in ms.
_TURN = """name => new Promise((done, fail) => {
  const title = () => document.querySelector('h1')?.textContent;
  const before = title();
  const button = [...document.querySelectorAll('button')].find(one => one.textContent.startsWith(name));
  const begun = performance.now();
  const giveUp = setTimeout(() => fail(new Error('the page did not change')), PATIENCE);
  const look = () => {
    const question = document.querySelector("[class*='st-key-card-'] [data-testid='stRadio']");
    if (!title() || title() === before || !question) return requestAnimationFrame(look);
    clearTimeout(giveUp); done(performance.now() - begun);
  };
  button.click();
  requestAnimationFrame(look);
})""".replace("PATIENCE", str(_PATIENCE_MS))


def clicks() -> dict[str, dict[str, float]]:
    """The figures of clicks (here, and on a page of bare widgets) and of page changes, in the synthetic workspace on SQLite; needs a Chromium."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), free_port())
        server.run("db", "upgrade")
        server.run("demo")
        server.start()
        try:
            browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            asked = _arrived(page, server, "knowing-the-data")
            measured = {"click": figures(_clicked(page, asked)), "page": figures(_turned(page, server))}
            return {**measured, "bare_click": figures(_clicked_bare(browser.new_page(), Path(folder)))}
        finally:
            server.stop()


def _clicked_bare(page: Page, folder: Path) -> list[float]:
    """The same clicks on a page of Streamlit's widgets alone."""
    server = Server(
        folder, free_port(), script=str(Path(__file__).with_name("bare.py")), ready="_stcore/health"
    )
    server.start()
    try:
        page.goto(server.url)
        return _clicked(page, page.locator(_CARD))
    finally:
        server.stop()


def _clicked(page: Page, cards: Locator) -> list[float]:
    """Every click changes a level; the first of each card also draws what backs it, and counts."""
    expect(cards.nth(CARDS - 1)).to_be_visible()
    return [
        _measured(page, cards.nth(place), _CLICK, [place, (2 * turn + place) % 4])
        for turn in range(ROUNDS)
        for place in range(CARDS)
    ]


def _turned(page: Page, server: Server) -> list[float]:
    cards = _arrived(page, server, "direction")
    return [_measured(page, cards.first, _TURN, name) for name in ["Next: "] * TURNS + ["Back"] * TURNS]


def _arrived(page: Page, server: Server, dimension: str) -> Locator:
    """The cards of one section of France's assessment."""
    arrive(page, server, "answer", country="France (FR)", dimension=dimension, **LEADER)
    return page.locator(_CARD)


def _measured(page: Page, card: Locator, script: str, argument: object) -> float:
    """What the script finds out, once what came before is drawn."""
    expect(card.get_by_role("radio").first).to_be_enabled()
    settled(page)
    return float(page.evaluate(script, argument))
