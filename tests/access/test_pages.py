"""No page draws a word of a unit that isn't its reader's to read, whatever the address names."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from assessment.access import Role
from assessment.store.engine import Store, open_store
from tests.access import canaries, expected
from tests.access.canaries import readable, words_in
from tests.conftest import ROOT
from tests.pages.conftest import MAIN, NAMES
from tests.pages.test_every_page import PAGES_OF
from tests.store import small

PAGES = dict(expected.rows("## Pages"))
#: Kept out of the navigation, and no place to read anything: it leads on.
_LEADS_ON = {"start"}
Address = dict[str, str]


@pytest.fixture
def told(told_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    url = f"sqlite:///{shutil.copy(told_file, tmp_path / 'workspace.db')}"
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", url)
    st.cache_resource.clear()
    st.cache_data.clear()
    store = open_store(url)
    yield store
    from assessment.ui import resources

    resources.store().engine.dispose()
    store.engine.dispose()
    st.cache_resource.clear()
    st.cache_data.clear()


@dataclass(frozen=True)
class Reader:
    """Somebody in a role, who opens pages by their addresses."""

    role: Role

    def opened(self, page: str, address: Address) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.query_params["role"] = NAMES[self.role]
        if home := expected.HOME.get(self.role):
            app.query_params["domain" if "." in home else "country"] = home
        for name, value in address.items():
            app.query_params[name] = value
        return app.switch_page(str(ROOT / "assessment" / "pages" / f"{page}.py")).run()


def drawn(app: AppTest) -> set[str]:
    """The words that were sent to the browser, in whatever element: texts, tables, lists to choose from, pictures."""
    return set().union(*(words_in(content) for content in _contents(app._tree)))


def _contents(block: Block) -> Iterator[bytes]:
    for child in block.children.values():
        proto = getattr(child, "proto", None)
        if proto is not None:
            yield proto.SerializeToString()
        if isinstance(child, Block):
            yield from _contents(child)
        else:
            assert isinstance(child, Element)


_PARTS: dict[str, list[Address]] = {
    "result": [
        *({"part": part, "whose": "FR.sales"} for part in ("gaps", "peers", "moves", "more")),
        *({"part": "moves", "whose": unit} for unit in ("FR", "FR.finance", "DE")),
        *({"part": "gaps", "whose": unit, "round": canaries.CLOSED} for unit in ("FR.sales", "DE.sales")),
    ],
    "overview": [{"unit": unit, "rows": "domains"} for unit in ("FR", "FR.sales", "DE.sales")],
    "readiness": [
        {"part": part, "unit": "FR"}
        for part in ("gates", "blockers", "what-if", "order", "operating-model", "perception")
    ],
    "progress": [{"part": part, "unit": "FR"} for part in ("change", "moved", "lasting", "order", "moves")],
    "common": [{"part": part} for part in ("elements", "answers")],
    "review": [{"part": "accepted"}],
}  # fmt: skip
#: Their address names an assessment: one of the same country, and a foreign one that was accepted.
_OF_ASSESSMENT = {"answer", "requests", "offline", "check", "review"}


def addresses(role: Role, page: str, numbers: dict[tuple[str, str], int]) -> Iterator[Address]:
    """What an address of the page may name: the parts of the page, units and assessments in and out of reach."""
    yield from _PARTS.get(page, [{}])
    if page in _OF_ASSESSMENT:
        named = {"FR", "FR.sales", "DE"} - {expected.HOME.get(role, "")}
        yield from ({"assessment": str(numbers[unit, canaries.OPEN])} for unit in sorted(named))


def test_every_page_is_on_the_page_that_people_review():
    files = {file.stem for file in (ROOT / "assessment" / "pages").glob("*.py")} - {"__init__"}
    assert set(PAGES) == files


def test_a_page_is_there_for_whom_the_table_says():
    reached = expected.reaches()
    for role, pages in PAGES_OF.items():
        wanted = {
            page for page, action in PAGES.items() if action == "everybody" or reached[role, action] != "–"
        }
        assert pages == wanted - _LEADS_ON, role


@pytest.mark.parametrize("role", Role)
def test_no_page_draws_a_word_that_its_reader_may_not_read(told: Store, role: Role):
    rows = small.rows_of(told, "SELECT id, unit_id, round_id FROM assessments")
    numbers = {(row["unit_id"], row["round_id"]): row["id"] for row in rows}
    seen: set[str] = set()
    for page in sorted(PAGES_OF[role]):
        for address in addresses(role, page, numbers):
            app = Reader(role).opened(page, address)
            assert not app.exception, (page, address, app.exception)
            words = drawn(app)
            assert words <= readable(role), (page, address, words - readable(role))
            seen |= words
    assert bool(seen) is bool(readable(role)), "the words are where this looks"
