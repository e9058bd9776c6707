"""The application's script in Streamlit's own test harness, on a workspace of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.demo import Size
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.store.engine import Store, open_store
from assessment.ui import resources

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "assessment" / "ui" / "main.py"
NAMES = {
    Role.COUNTRY_LEADER: "Country data leader",
    Role.DOMAIN_OWNER: "Domain owner",
    Role.REVIEWER: "Reviewer",
    Role.CDAO: "Chief data officer (CDAO)",
    Role.AUTHOR: "Questionnaire author",
    Role.ADMINISTRATOR: "Administrator",
}

Open = Callable[..., AppTest]


_SHIPPED = ROOT / "questionnaires"
# Reading the questionnaires takes as long as drawing a page, and what ships is the same in all tests.
_shipped = cache(partial(load_catalogue, _SHIPPED))


def _loaded(folder: Path) -> Catalogue:
    return _shipped() if folder == _SHIPPED else load_catalogue(folder)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return _shipped()


@pytest.fixture(scope="session")
def synthetic_file(migrated_file: Path, catalogue: Catalogue) -> Path:
    """An SQLite file with the synthetic workspace, small enough to be quick; copied for each test that wants it."""
    file = Path(shutil.copy(migrated_file, migrated_file.with_name("synthetic.db")))
    filled = open_store(f"sqlite:///{file}")
    workspace.fill_with_demo(_desk(filled, catalogue), Size(countries=5, domains=2, rounds=3))
    filled.engine.dispose()
    return file


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store, empty unless the test asks for the synthetic workspace, and the application's own caches pointed at it."""
    made = "synthetic_file" if "synthetic" in request.fixturenames else "migrated_file"
    url = f"sqlite:///{shutil.copy(request.getfixturevalue(made), tmp_path / 'workspace.db')}"
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", url)
    monkeypatch.setattr(resources, "load_catalogue", _loaded)
    st.cache_resource.clear()
    st.cache_data.clear()
    opened = open_store(url)
    yield opened
    resources.store().engine.dispose()
    opened.engine.dispose()
    st.cache_resource.clear()


@pytest.fixture
def desk(store: Store, catalogue: Catalogue) -> Desk:
    """Somebody else's desk in the same workspace."""
    return _desk(store, catalogue)


def _desk(store: Store, catalogue: Catalogue) -> Desk:
    return Desk(store, catalogue, Principal("Ana", Role.ADMINISTRATOR), "another-session", datetime.now(UTC))


@pytest.fixture
def synthetic(desk: Desk) -> Desk:
    """A desk in the synthetic workspace."""
    return desk


def half_done(desk: Desk) -> StoredAssessment:
    """France's half-done assessment of the last round."""
    with desk.store.read() as connection:
        found = read_assessments(connection, ["FR"])
    return next(entry for entry in reversed(found) if entry.questionnaire_id == "data-governance")


@pytest.fixture
def open_as(store: Store) -> Open:
    """Opens the application as a role, on a page, with an address' parameters."""

    def opened(role: Role, page: str | None = None, **parameters: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.query_params["role"] = NAMES[role]
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        if page is not None:
            app.switch_page(str(ROOT / "assessment" / "pages" / f"{page}.py")).run()
        return app

    return opened
