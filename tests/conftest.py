"""What tests share: a clean environment, a migrated store of one's own, the repository's catalogue, a small workspace."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import event

from assessment import demo
from assessment.access import Principal
from assessment.actions import rounds as round_actions
from assessment.actions import units as unit_actions
from assessment.actions import workspace as workspace_actions
from assessment.actions.desk import Desk
from assessment.cli import telling
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue
from assessment.settings import PREFIX
from assessment.store import schema
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.store.engine import Store, open_store
from tests.chromium import browser as browser  # one for all: a second would not start beside it
from tests.postgres import NoPostgres, Server, server
from tests.store import small
from tests.store.command_line import Run, run_command

ROOT = Path(__file__).resolve().parents[1]
_databases = count(1)

# The first call of pandas or of a migration is slow; a deadline would fail now and then. In CI the examples are the
# same in every run, so that a red build stays red until it is mended.
settings.register_profile("here", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True, print_blob=True)
#: For `make check`: whether a law is broken at once.
settings.register_profile("quick", deadline=None, max_examples=5, derandomize=True)
settings.load_profile(os.environ.get("LAWS") or ("ci" if os.environ.get("CI") else "here"))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """The command line sends the application's log to a standard error that is gone after the test."""
    logger = logging.getLogger("assessment")
    before = [*logger.handlers], logger.level, logger.propagate
    yield
    logger.handlers, logger.level, logger.propagate = before


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The repository's own questionnaires."""
    return load_catalogue(ROOT / "questionnaires")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that the migrations made; copied for each test, because making it takes a while."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"
    store = open_store(f"sqlite:///{file}")
    schema.upgrade(store)
    store.engine.dispose()
    return file


@pytest.fixture
def opened() -> Iterator[Callable[[str], Store]]:
    """Opens stores that are closed after the test; they don't wait for the disk, unlike the product's own."""
    stores: list[Store] = []

    def open_one(url: str) -> Store:
        store = open_store(url)
        if store.is_embedded:
            event.listen(store.engine, "connect", _without_waiting_for_the_disk)
        stores.append(store)
        return store

    yield open_one
    for store in stores:
        store.engine.dispose()


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What concerns the store runs on both engines, except where a test looks into SQLite's file."""
    if "store" in metafunc.fixturenames:
        folder = metafunc.definition.path.parent.name
        is_for_both = folder in ("store", "actions") and "database" not in metafunc.fixturenames
        metafunc.parametrize("store", ["sqlite", "postgresql"] if is_for_both else ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def postgres(small_catalogue: Catalogue, small_organisation: Organisation) -> Iterator[Server]:
    """A server with two databases to copy: `empty`, as the migrations made it, and `workspace`."""
    try:
        # What isn't meant to outlive the tests needn't wait for the disk.
        with server("fsync=off", "max_connections=200") as running:
            made = open_store(running.create("empty"))
            schema.upgrade(made)
            made.engine.dispose()
            made = open_store(running.create("workspace", "empty"))
            open_small_workspace(made, small_catalogue, small_organisation)
            made.engine.dispose()
            yield running
    except NoPostgres:
        pytest.skip("!!! no PostgreSQL: install one, so that `initdb` is on PATH")


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of this test's own PostgreSQL database."""
    running: Server = request.getfixturevalue("postgres")
    name = f"test-{next(_databases)}"
    yield running.create(name, "workspace" if "workspace" in request.fixturenames else "empty")
    running.drop(name)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file of this test's own store: empty, or with the small workspace where the test asks for it."""
    made = "workspace_file" if "workspace" in request.fixturenames else "migrated_file"
    return Path(shutil.copy(request.getfixturevalue(made), tmp_path / "store.db"))


@pytest.fixture
def store(request: pytest.FixtureRequest, opened: Callable[[str], Store]) -> Store:
    if request.param == "postgresql":
        return opened(request.getfixturevalue("url"))
    return opened(f"sqlite:///{request.getfixturevalue('database')}")


@pytest.fixture(scope="session")
def small_catalogue() -> Catalogue:
    return small.small_catalogue()


@pytest.fixture(scope="session")
def small_organisation() -> Organisation:
    return small.small_organisation()


@dataclass(frozen=True)
class SmallWorkspace:
    """The small organisation in the middle of one round of `governance@1.0.0`."""

    store: Store
    catalogue: Catalogue
    organisation: Organisation

    def desk(self, principal: Principal, at: datetime = small.NOON, session_id: str = "a session") -> Desk:
        return small.desk_for(self.store, self.catalogue, principal, at, session_id)

    def assessment(self, unit_id: str, round_id: str = small.ROUND) -> StoredAssessment:
        with self.store.read() as connection:
            return read_assessments(connection, [unit_id], round_id=round_id)[0]


def open_small_workspace(store: Store, catalogue: Catalogue, organisation: Organisation) -> None:
    """Somebody's own workspace, just after its first round was opened."""
    desk = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    workspace_actions.start_empty(desk)
    unit_actions.add_units(desk, organisation)
    round_actions.open_round(desk, small.small_round())


@pytest.fixture(scope="session")
def workspace_file(migrated_file: Path, small_catalogue: Catalogue, small_organisation: Organisation) -> Path:
    """An SQLite file with the small workspace."""
    file = Path(shutil.copy(migrated_file, migrated_file.with_name("workspace.db")))
    store = open_store(f"sqlite:///{file}")
    open_small_workspace(store, small_catalogue, small_organisation)
    store.engine.dispose()
    return file


@pytest.fixture
def workspace(store: Store, small_catalogue: Catalogue, small_organisation: Organisation) -> SmallWorkspace:
    """This test's own copy of the small workspace, in `store`."""
    return SmallWorkspace(store, small_catalogue, small_organisation)


@pytest.fixture(scope="session")
def invented(
    migrated_file: Path, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A synthetic workspace, made once: nothing here changes it but the record of what was exported."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("invented") / "store.db")
    store = open_store(f"sqlite:///{file}")
    workspace_actions.fill_with_demo(
        small.desk_for(store, catalogue, small.ADMINISTRATOR), demo.Size(2, 2, 3)
    )
    yield store
    store.engine.dispose()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: Callable[[str], Store]) -> Run:
    """Runs commands of the command line on a database of this test's own, which nobody has made yet."""
    monkeypatch.setattr(telling, "open_store", opened)
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    monkeypatch.setenv("MESH_READINESS_LOG_LEVEL", "WARNING")
    return run_command
