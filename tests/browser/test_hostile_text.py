"""Whatever somebody wrote as a name, a comment or a file is text on every page: nothing runs, loads or leads elsewhere."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, FilePayload, Page, expect

from tests.browser import hostile
from tests.browser.conftest import Server, free_port
from tests.browser.hostile import PAYLOADS, marked
from tests.browser.journey import ADMINISTRATOR, CDAO, LEADER, OWNER, REVIEWER, arrive, settled
from tests.browser.test_accessibility import PAGES

pytestmark = pytest.mark.browser

FRANCE, SALES = {"country": "FR", **LEADER}, {"domain": "FR.sales", **OWNER}
_OURS = {"France (FR)": "FR", "Germany (DE)": "DE"}
#: Those of the test of accessibility, with units by their ids, for their names are others now; and what these leave out.
VIEWS = [
    *(
        (path, {name: _OURS.get(value, value) for name, value in parameters.items()})
        for path, parameters in PAGES.values()
    ),
    ("result", SALES), ("answer", SALES), ("result", {"part": "moves", "whose": "FR", **CDAO}),
    ("overview", {"rows": "domains", "unit": "FR.sales", **CDAO}), ("rounds", CDAO), ("review", {"part": "accepted", **REVIEWER}),
]  # fmt: skip
#: Their texts are people's, in the columns that hold one.
_COLUMNS = {
    "units": ["name"], "rounds": ["title"], "answers": ["comment", "reason", "evidence_ref"], "assessments": ["comment"],
}  # fmt: skip
_SAID = {"reason", "note", "owner", "text"}
#: What a page would have to have for a text to have been taken for more: an address that isn't ours, a handler, a frame.
_FAULTS = """() => {
    const safe = /^(https?:|mailto:|blob:|data:image\\/|#|\\/(?!\\/)|\\.|\\?|$)/i, found = [];
    for (const element of document.querySelectorAll('*')) {
        for (const attribute of element.attributes) {
            if (/^on/i.test(attribute.name)) found.push(element.outerHTML.slice(0, 200));
        }
    }
    for (const element of document.querySelectorAll('[href], [src], [action], [data]')) {
        for (const name of ['href', 'xlink:href', 'src', 'action', 'data']) {
            const address = element.getAttribute(name);
            if (address !== null && !safe.test(address.replace(/[\\s\\x00-\\x1f]/g, '')) && /[:\\/]/.test(address)) {
                found.push(element.outerHTML.slice(0, 200));
            }
        }
    }
    for (const element of document.querySelectorAll('iframe, object, embed, base, meta[http-equiv]')) {
        found.push(element.outerHTML.slice(0, 200));
    }
    return found;
}"""


def poison(file: Path) -> None:
    """Every text of the demonstration becomes one of the hostile ones, past all checks of what may be written."""
    with closing(sqlite3.connect(file)) as database, database:
        for table, columns in _COLUMNS.items():
            for place, column in enumerate(columns):
                rows = database.execute(f"SELECT rowid FROM {table}").fetchall()
                # Others in each column, so that a page of few rows has many.
                written = [(marked(row + place * len(PAYLOADS) // 3), row) for (row,) in rows]
                database.executemany(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", written)
        _poison_statements(database)
        for number in range(len(PAYLOADS)):
            name = marked(number)
            database.execute(
                "INSERT INTO people VALUES (?, ?, ?, '2026-01-01 00:00:00', NULL)",
                (f"p-{number}", name, name),
            )
            detail = json.dumps({"file": name, name: name})
            database.execute(
                "INSERT INTO workspace_events (at, person, role, action, detail) VALUES (datetime('now', '-1 hour'), ?, 'cdao', ?, ?)",
                (name, name[:40], detail),
            )
            database.execute(
                "INSERT INTO api_tokens (id, name, role, hash, made_by, made_at) VALUES (?, ?, 'cdao', ?, ?, '2026-01-01 00:00:00')",
                (f"t-{number}", name, str(number), name),
            )


def _poison_statements(database: sqlite3.Connection) -> None:
    numbers = count()
    for row, content in database.execute("SELECT rowid, content FROM statements").fetchall():
        said: dict[str, Any] = json.loads(content)
        told = {name: marked(next(numbers)) for name in said if name in _SAID}
        told |= {"value": marked(next(numbers))} if isinstance(said.get("value"), str) else {}
        changed = json.dumps({**said, **told})
        database.execute("UPDATE statements SET content = ? WHERE rowid = ?", (changed, row))


@pytest.fixture
def server(tmp_path: Path, demonstration: Path) -> Iterator[Server]:
    file = Path(shutil.copy(demonstration, tmp_path / demonstration.name))
    poison(file)
    made = Server(tmp_path, free_port())
    made.start()
    yield made
    made.stop()
    assert "Traceback" not in made.log(), made.log()[-4000:]


@dataclass
class Watch:
    """What a browser does without being asked to, on whatever page."""

    server: Server
    happened: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def over(self, page: Page) -> None:
        page.add_init_script("window.ran = []")
        page.on("dialog", self._asked)
        page.on("popup", lambda opened: self.happened.append(f"window {opened.url}"))
        page.on("request", lambda request: self._requested(request.url))

    def _asked(self, dialog: Dialog) -> None:
        self.happened.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _requested(self, url: str) -> None:
        address = urlsplit(url)
        is_ours = address.netloc == urlsplit(self.server.url).netloc
        if address.scheme in ("http", "https", "ws", "wss", "ftp", "file") and not is_ours:
            self.happened.append(f"request {url}")

    def look(self, page: Page, where: object) -> None:
        """Judges the page as it is now."""
        text = page.evaluate("document.documentElement.textContent + ' ' + document.title")
        self.seen |= hostile.seen(text)
        for what in (hostile.changed(text), page.evaluate(_FAULTS), page.evaluate("window.ran")):
            self.happened += [f"{where}: {each}" for each in what]


def unfold(page: Page) -> None:
    """Opens everything that is folded, and what is folded within."""
    for _ in range(2):
        page.evaluate(
            "document.querySelectorAll('details:not([open]) > summary').forEach(each => each.click())"
        )
        settled(page)


def point(page: Page) -> Iterator[None]:
    """At some charts and marks of charts, one after the other: each tells what is under the pointer."""
    charts = page.locator(".js-plotly-plot .nsewdrag, .js-plotly-plot .point")
    for number in range(min(charts.count(), 3)):
        place = charts.nth(number).bounding_box()
        if place:
            page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
            yield


def test_what_people_wrote_is_text_on_every_page(server: Server, browser: Browser):
    # Past the headers that would stop it anyway: this is about the pages themselves.
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, bypass_csp=True)
    page, watch = context.new_page(), Watch(server)
    page.set_default_timeout(30_000)
    watch.over(page)
    for path, parameters in [*VIEWS, *_reviewed(server)]:
        arrive(page, server, path, **parameters)
        unfold(page)
        watch.look(page, (path, parameters))
        for _ in point(page):
            watch.look(page, (path, parameters, "under the pointer"))
    _bring_in(page, server, watch)
    assert not watch.happened, "\n".join(watch.happened)
    # Many more are drawn as pictures of text, in tables and charts, or cut short; these stood there letter by letter.
    assert len(watch.seen) >= 150
    context.close()


def _reviewed(server: Server) -> list[tuple[str, dict[str, str]]]:
    """Assessments that wait for a reviewer, who sees all that was written in them."""
    with closing(sqlite3.connect(server.folder / "workspace.db")) as database:
        waiting = database.execute("SELECT id FROM assessments WHERE state = 'submitted' ORDER BY id LIMIT 4")
        return [("review", {"assessment": str(number), **REVIEWER}) for (number,) in waiting.fetchall()]


def _bring_in(page: Page, server: Server, watch: Watch) -> None:
    """What is wrong with a file is told in its own words."""
    arrive(page, server, "workspace", **ADMINISTRATOR)
    unfold(page)
    lines = [f'"{marked(number)}"'.replace("\n", " ") for number in range(60)]
    content = "\n".join(
        [
            "unit_id,name,kind,parent_id,country_iso3,domain_family",
            *(f"{each},{each},{each},{each},," for each in lines),
        ]
    )
    name = f"{marked(2)[:40]}.csv".replace("/", "")
    file = FilePayload(name=name, mimeType="text/csv", buffer=content.encode())
    page.locator("input[type=file]").last.set_input_files(file)
    expect(page.get_by_text("Nothing was written.")).to_be_visible()
    settled(page)
    watch.look(page, "a file that can't be taken")
