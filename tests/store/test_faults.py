"""A database that fails: plain words, nothing written, and it works again when the fault is over."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from assessment.access import Principal, scope_of
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.actions.exporting import export_scores
from assessment.actions.people import add_person
from assessment.actions.rounds import close_round, open_round
from assessment.actions.stating import state
from assessment.actions.units import add_units, rename_unit
from assessment.errors import StoreError
from assessment.organisation import Unit, organisation_of
from assessment.questionnaire.models import UnitKind
from assessment.statements import StatementKind
from assessment.store import engine, schema
from assessment.store.answers import StoredAnswer, read_answers
from assessment.store.engine import Store
from assessment.store.statements import About
from tests.conftest import SmallWorkspace
from tests.store import small

Open = Callable[[str], Store]
NOTHING = "Nothing was changed"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_BUSY_S", 0.05)


@pytest.fixture
def given(workspace: SmallWorkspace) -> SmallWorkspace:
    """France has answered everything, Germany has sent it, too."""
    for leader in (small.FRANCE, small.GERMANY):
        for question in small.COUNTRY_QUESTIONS:
            save(workspace, workspace.store, leader, question, 0)
    reviewing.submit(workspace.desk(small.GERMANY), workspace.assessment("DE").id)
    return workspace


def save(
    workspace: SmallWorkspace, store: Store, leader: Principal, question: str, version: int
) -> StoredAnswer:
    unit = leader.unit_id or ""
    return save_answer(
        Desk(store, workspace.catalogue, leader, "a session", small.NOON), workspace.assessment(unit).id, question,
        {"state": "dont_know"}, expected_version=version, idempotency_key=small.new_key(),
    )  # fmt: skip


def acts(workspace: SmallWorkspace, store: Store) -> dict[str, Callable[[], object]]:
    """Every way of writing that the rules would allow now, on another store of the same file."""
    france, germany, reviewer, cdao, administrator = (
        Desk(store, workspace.catalogue, somebody, "other", small.NOON)
        for somebody in (small.FRANCE, small.GERMANY, small.REVIEWER, small.CDAO, small.ADMINISTRATOR)
    )
    fr, de = workspace.assessment("FR").id, workspace.assessment("DE").id
    remark = About(StatementKind.REMARK, small.ROUND, "FR", "governance:shared")
    more = organisation_of([Unit("IT", "Italy", UnitKind.COUNTRY)])
    return {
        "save": lambda: save(workspace, store, small.FRANCE, "shared", 1),
        "submit": lambda: reviewing.submit(france, fr),
        "withdraw": lambda: reviewing.withdraw(germany, de),
        "accept": lambda: reviewing.accept(reviewer, de),
        "return": lambda: reviewing.return_to_unit(reviewer, de, "More"),
        "export": lambda: export_scores(cdao, small.ROUND),
        "add units": lambda: add_units(administrator, more),
        "open a round": lambda: open_round(administrator, small.small_round("2027")),
        "rename a unit": lambda: rename_unit(administrator, "FR", "France bis"),
        "add a person": lambda: add_person(administrator, "Zoé", f"{small.new_key()}@example.org"),
        "remark": lambda: state(
            reviewer, remark, {"text": "Why?"}, expected_version=0, idempotency_key=small.new_key()
        ),
        "close a round": lambda: close_round(administrator, small.ROUND),
        "upgrade": lambda: schema.upgrade(store),
    }


@contextmanager
def lock(database: Path, kind: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute(f"BEGIN {kind}")
        yield other
        other.execute("ROLLBACK")


def refused(act: Callable[[], object], reason: str) -> None:
    """Checks that the act fails in one line of plain words that name the reason."""
    with pytest.raises(StoreError, match=NOTHING) as error:
        act()
    assert reason in str(error.value)
    assert "\n" not in str(error.value)
    assert "SELECT" not in str(error.value)
    assert "INSERT" not in str(error.value)
    assert "sqlalche.me" not in str(error.value)


ACTS = (
    "save", "submit", "withdraw", "accept", "return", "export", "add units", "open a round", "rename a unit",
    "add a person", "remark", "close a round",
)  # fmt: skip


def test_all_ways_of_writing_are_tried_and_would_work_without_a_fault(given: SmallWorkspace) -> None:
    assert tuple(acts(given, given.store)) == (*ACTS, "upgrade")
    for name in (
        *(act for act in ACTS if act not in ("accept", "return", "close a round")),
        "close a round",
        "upgrade",
    ):
        acts(given, given.store)[name]()


@pytest.mark.parametrize("act", ACTS)
def test_a_database_that_is_locked_for_too_long_refuses_and_recovers(
    given: SmallWorkspace, database: Path, opened: Open, act: str
) -> None:
    other = opened(f"sqlite:///{database}")
    before = small.everything(given.store)
    with lock(database, "IMMEDIATE"):
        refused(acts(given, other)[act], "locked")
    assert small.everything(given.store) == before
    acts(given, other)[act]()


def test_a_lock_that_keeps_readers_out_too_is_told(
    given: SmallWorkspace, database: Path, opened: Open
) -> None:
    other = opened(f"sqlite:///{database}")
    with lock(database, "EXCLUSIVE"), pytest.raises(StoreError, match=r"can't be read.*locked"), other.read():
        pytest.fail("not reached")
    schema.require_current(other)


def test_a_commit_that_a_reader_holds_up_is_no_save(
    given: SmallWorkspace, database: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without write-ahead logging a commit needs the file for itself."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    other = opened(f"sqlite:///{database}")
    before = small.everything(given.store)
    with lock(database, "DEFERRED") as reader:
        reader.execute("SELECT * FROM answers").fetchone()
        refused(acts(given, other)["save"], "locked")
    assert small.everything(given.store) == before
    acts(given, other)["save"]()
    assert small.everything(given.store) != before


@pytest.mark.parametrize("act", ACTS)
def test_a_database_that_can_only_be_read_refuses_writing(
    given: SmallWorkspace, database: Path, opened: Open, act: str
) -> None:
    other = opened(f"sqlite:///file:{database}?mode=ro&uri=true")
    before = small.everything(given.store)
    refused(acts(given, other)[act], "readonly")
    assert small.everything(given.store) == before
    with other.read() as connection:
        scope = scope_of(small.FRANCE, given.organisation)
        found = read_answers(connection, given.assessment("FR").id, scope)
    assert set(found) == set(small.COUNTRY_QUESTIONS)


def test_a_full_disk_refuses_and_the_answer_is_saved_once_when_there_is_room(
    given: SmallWorkspace, database: Path, opened: Open
) -> None:
    """SQLite's own limit of pages: a write that needs more of them meets the error of a full disk."""
    other = opened(f"sqlite:///{database}")
    before, key = small.everything(given.store), small.new_key()

    def full(connection: Any, _record: object) -> None:
        # As many as there are: less isn't taken.
        connection.execute("PRAGMA max_page_count = 1")

    def save_much() -> StoredAnswer:
        return save_answer(
            Desk(other, given.catalogue, small.FRANCE, "other", small.NOON), given.assessment("FR").id, "shared",
            {"comment": "x" * 4_000}, expected_version=1, idempotency_key=key,
        )  # fmt: skip

    event.listen(other.engine, "connect", full)
    refused(save_much, "full")
    assert small.everything(given.store) == before
    event.remove(other.engine, "connect", full)
    other.engine.dispose()
    assert save_much() == save_much()
    assert (
        len(small.rows_of(given.store, f"SELECT id FROM answer_events WHERE idempotency_key = '{key}'")) == 1
    )


def test_a_database_named_by_an_address_makes_no_folder_of_that_name(
    database: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    schema.require_current(opened(f"sqlite:///file:{database}?mode=ro&uri=true"))
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("act", ACTS)
def test_a_database_that_is_gone_refuses(
    given: SmallWorkspace, database: Path, opened: Open, act: str
) -> None:
    """Deleted under an open connection: SQLite would go on writing into the void."""
    other = opened(f"sqlite:///{database}")
    schema.require_current(other)
    before = database.read_bytes()
    database.rename(database.with_suffix(".away"))
    with pytest.raises(StoreError):
        acts(given, other)[act]()
    assert not database.exists() or not database.stat().st_size
    assert database.with_suffix(".away").read_bytes() == before


def test_a_database_that_was_replaced_by_an_empty_file_is_refused(
    given: SmallWorkspace, database: Path, opened: Open
) -> None:
    other = opened(f"sqlite:///{database}")
    ways = acts(given, other)
    database.unlink()
    database.touch()
    for name in ACTS:
        with pytest.raises(StoreError, match="no such table"):
            ways[name]()
    with pytest.raises(StoreError, match="mesh-readiness db upgrade"):
        schema.require_current(other)
    assert database.read_bytes() == b""


def test_a_folder_that_is_gone_is_told(tmp_path: Path, opened: Open) -> None:
    store = opened(f"sqlite:///{tmp_path / 'folder' / 'store.db'}")
    (tmp_path / "folder").rmdir()
    for use in (store.read, store.write):
        with pytest.raises(StoreError, match="unable to open database file"), use():
            pytest.fail("not reached")


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 2000])
def test_a_file_that_is_no_database_is_told_and_left_alone(
    tmp_path: Path, opened: Open, content: bytes
) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(content)
    store = opened(f"sqlite:///{file}")
    for act in (lambda: schema.upgrade(store), lambda: schema.require_current(store)):
        with pytest.raises(StoreError, match="The database can't be"):
            act()
    assert file.read_bytes() == content


@pytest.mark.parametrize(
    "url",
    [
        "", "nonsense", "sqlite", "://", "no-such-database://host/name", "sqlite+nothing:///file.db",
        "postgresql+psycopg://user:secret@host:port/name",
    ],
)  # fmt: skip
def test_an_address_that_names_no_database_is_told_without_its_password(url: str) -> None:
    with pytest.raises(StoreError) as error:
        engine.open_store(url)
    assert "secret" not in str(error.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        engine.open_store(f"sqlite:///{tmp_path / 'file' / 'store.db'}")
