"""The routes beside the pages, called in the process on a database of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions import identities, refusals
from assessment.actions.desk import Desk
from assessment.actions.tokens import make_token
from assessment.actions.workspace import fill_with_demo
from assessment.api import limiting, reading, routes
from assessment.api import opened as api_opened
from assessment.demo import Size
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue
from assessment.store.engine import Store, open_store
from assessment.store.workspace import record
from tests.store import small

#: The operator's, of the settings.
TOKEN = "a-token-of-thirty-two-characters!"

As = Callable[..., TestClient]


def forget() -> None:
    """What the process opened once is opened anew, as after a restart."""
    if api_opened.store.cache_info().currsize:
        api_opened.store().engine.dispose()
    for remembered in (api_opened.settings, api_opened.store, api_opened.checked_store, api_opened.catalogue):
        remembered.cache_clear()
    reading.tables.clear()


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    """How often something was asked is the process's memory."""
    limiting.forget()
    for limit in (refusals.OF_TRY, refusals.OF_PERSON, identities.OF_IDENTITY, identities.OF_ALL):
        limit.forget()


# Reading the questionnaires takes longer than most of these tests, and they are the same in all.
_loaded = cache(load_catalogue)


@pytest.fixture
def client(
    database: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[[str], Store]
) -> Iterator[TestClient]:
    """Calls the routes on this test's own database, with the operator's token set and none sent."""
    forget()
    monkeypatch.setattr(api_opened, "open_store", opened)
    monkeypatch.setattr(api_opened, "load_catalogue", _loaded)
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("MESH_READINESS_API_TOKEN", TOKEN)
    with TestClient(Starlette(routes=routes())) as called:
        yield called
    forget()


@pytest.fixture(scope="session")
def demonstration(migrated_file: Path, catalogue: Catalogue) -> Path:
    """An SQLite file with a small synthetic workspace; copied for each test."""
    file = Path(shutil.copy(migrated_file, migrated_file.with_name("api.db")))
    store = open_store(f"sqlite:///{file}")
    fill_with_demo(small.desk_for(store, catalogue, small.ADMINISTRATOR), Size(3, 2, 2))
    store.engine.dispose()
    return file


@pytest.fixture
def filled(client: TestClient, demonstration: Path, database: Path) -> TestClient:
    """Reads the synthetic workspace with the operator's token."""
    shutil.copy(demonstration, database)
    client.headers["Authorization"] = f"Bearer {TOKEN}"
    return client


@pytest.fixture(scope="session")
def standing_file(demonstration: Path) -> Path:
    """A copy of the synthetic workspace that stands for the whole session."""
    return Path(shutil.copy(demonstration, demonstration.with_name("standing.db")))


@pytest.fixture
def standing(standing_file: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """As `filled`, for tests that only read: what one of them made the process remember, the next one finds."""
    url = f"sqlite:///{standing_file}"
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", url)
    monkeypatch.setenv("MESH_READINESS_API_TOKEN", TOKEN)
    monkeypatch.setattr(api_opened, "load_catalogue", _loaded)
    if not api_opened.settings.cache_info().currsize or api_opened.settings().database_url != url:
        forget()
    return TestClient(Starlette(routes=routes()), headers={"Authorization": f"Bearer {TOKEN}"})


@pytest.fixture
def administrator(filled: TestClient, store: Store, catalogue: Catalogue) -> Desk:
    """The desk of the administrator in the synthetic workspace."""
    return small.desk_for(store, catalogue, small.ADMINISTRATOR)


@pytest.fixture
def as_(filled: TestClient, administrator: Desk) -> As:
    """Reads the synthetic workspace with a token that was made for a role and a unit."""

    def reader(role: Role, unit_id: str | None = None) -> TestClient:
        secret = make_token(administrator, "a test", role, unit_id).secret
        return TestClient(filled.app, headers={"Authorization": f"Bearer {secret}"})

    return reader


def rename_france(desk: Desk) -> None:
    """What only somebody's own workspace allows, so past the actions: a change that is on record."""
    with desk.store.write() as connection:
        connection.exec_driver_sql("UPDATE units SET name = 'La France' WHERE id = 'FR'")
        record(connection, desk.stamp, "unit renamed", {})


def items(client: TestClient, path: str) -> list[dict[str, Any]]:
    """All rows of a table, page after page."""
    found: list[dict[str, Any]] = []
    address: str | None = f"/api/v1/{path}"
    while address:
        response = client.get(address)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/json"
        body = response.json()
        assert set(body) == {"items", "next"}
        found += body["items"]
        address = body["next"]
    return found


def problem(response: Any, status: int) -> str:
    """The words of a problem document."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) - {"problems"} == {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert "Traceback" not in response.text
    return str(body["detail"])
