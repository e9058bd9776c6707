"""What SQLite is told, so that a commit means saved and two who write wait for each other."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from assessment.store import engine, tables
from assessment.store.engine import Store, open_store, wal_is_safe
from tests.store import small


@pytest.fixture
def durable(database: Path) -> Iterator[Store]:
    """A store just as the product opens it."""
    store = open_store(f"sqlite:///{database}")
    yield store
    store.engine.dispose()


def pragma(store: Store, name: str) -> object:
    with store.read() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def add_unit(store: Store, identifier: str, parent: str | None = None) -> None:
    with store.write() as connection:
        connection.execute(
            insert(tables.units), {"id": identifier, "name": "", "kind": "country", "parent_id": parent}
        )


def units(store: Store) -> list[str]:
    return [row["id"] for row in small.rows_of(store, "SELECT id FROM units ORDER BY id")]


def test_a_commit_waits_for_the_disk(durable: Store) -> None:
    assert pragma(durable, "synchronous") == 2, "2 is FULL: a power cut loses nothing that was acknowledged"


def test_every_connection_is_set_up_alike(durable: Store) -> None:
    connections = [durable.engine.connect() for _ in range(4)]
    try:
        for connection in connections:
            told = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("synchronous", "foreign_keys")
            ]
            assert told == [2, 1]
    finally:
        for connection in connections:
            connection.close()


def test_a_reference_to_nothing_is_refused(durable: Store) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        add_unit(durable, "FR", parent="nowhere")
    assert units(durable) == []


def test_a_unit_with_something_below_it_is_not_removed(durable: Store) -> None:
    add_unit(durable, "FR")
    add_unit(durable, "FR.sales", parent="FR")
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), durable.write() as connection:
        connection.exec_driver_sql("DELETE FROM units WHERE id = 'FR'")
    assert units(durable) == ["FR", "FR.sales"]


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 7, 0), False), ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 44, 7), True),
        ((3, 45, 0), False), ((3, 49, 9), False), ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 0), False),
        ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_write_ahead_logging_needs_a_version_without_the_reset_bug(
    version: tuple[int, ...], safe: bool
) -> None:
    assert wal_is_safe(version) is safe


@pytest.mark.parametrize(("version", "journal"), [((3, 40, 1), "delete"), ((3, 51, 3), "wal")])
def test_the_journal_is_chosen_by_the_version(
    database: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], journal: str
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    store = open_store(f"sqlite:///{database}")
    assert pragma(store, "journal_mode") == journal
    add_unit(store, "FR")
    assert units(store) == ["FR"]
    store.engine.dispose()


def test_a_file_in_write_ahead_mode_is_brought_back_on_an_unsafe_version(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    newer = open_store(f"sqlite:///{database}")
    add_unit(newer, "FR")
    newer.engine.dispose()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    older = open_store(f"sqlite:///{database}")
    assert pragma(older, "journal_mode") == "delete"
    assert units(older) == ["FR"]
    older.engine.dispose()


def test_a_write_takes_the_lock_at_once_and_a_read_takes_none(
    database: Path, durable: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proven by a second connection that does not wait."""
    impatient = sqlite3.connect(database, timeout=0, isolation_level=None)
    with durable.read() as connection:
        connection.exec_driver_sql("SELECT * FROM units").all()
        impatient.execute("BEGIN IMMEDIATE")
        impatient.execute("ROLLBACK")
    with (
        durable.write(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        impatient.execute("BEGIN IMMEDIATE")
    impatient.close()


def test_who_reads_and_then_writes_never_meets_a_change_in_between(database: Path, durable: Store) -> None:
    """A deferred transaction would fail here, or overwrite: the second waits until the first has committed."""
    add_unit(durable, "0")
    other = open_store(f"sqlite:///{database}")
    seen: list[int] = []

    def read_then_write(store: Store, wait: Callable[[], object]) -> None:
        with store.write() as connection:
            found = connection.exec_driver_sql("SELECT max(CAST(id AS INTEGER)) FROM units").scalar_one()
            seen.append(found)
            wait()
            connection.execute(insert(tables.units), {"id": str(found + 1), "name": "", "kind": "country"})

    second = threading.Thread(target=lambda: read_then_write(other, lambda: None))

    def let_the_other_try() -> None:
        second.start()
        second.join(timeout=0.2)
        assert second.is_alive(), "the second waits for the lock"

    read_then_write(durable, let_the_other_try)
    second.join()
    assert seen == [0, 1]
    assert units(durable) == ["0", "1", "2"]
    other.engine.dispose()


def test_a_read_is_one_look_at_the_data(database: Path, durable: Store) -> None:
    other = open_store(f"sqlite:///{database}")
    monkey = threading.Thread(target=lambda: add_unit(other, "FR"))
    with durable.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM units").scalar() == 0
        monkey.start()
        monkey.join(timeout=0.2)
        assert connection.exec_driver_sql("SELECT count(*) FROM units").scalar() == 0
    monkey.join()
    assert units(durable) == ["FR"]
    other.engine.dispose()


def test_a_block_that_fails_is_undone_whole(durable: Store) -> None:
    def fail() -> None:
        with durable.write() as connection:
            connection.execute(insert(tables.units), {"id": "FR", "name": "", "kind": "country"})
            connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
            raise KeyError("a bug")

    before = small.everything(durable)
    with pytest.raises(KeyError, match="a bug"):
        fail()
    assert small.everything(durable) == before


def test_a_failed_block_gives_the_lock_back(durable: Store) -> None:
    for _ in range(30):
        with pytest.raises(IntegrityError):
            add_unit(durable, "FR", parent="nowhere")
    add_unit(durable, "FR")
    assert units(durable) == ["FR"]


def test_the_wait_for_a_lock_is_ten_seconds(durable: Store) -> None:
    assert engine._BUSY_S == 10
    assert pragma(durable, "busy_timeout") == 10_000
