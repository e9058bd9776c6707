"""Whole copies: a backup is one SQLite file, whatever the engine; a restore puts all of it into either.

So a backup also moves a workspace from SQLite to PostgreSQL, or back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from assessment.errors import StoreError, listed
from assessment.store import schema, tables
from assessment.store.browser_sessions import end_all_sessions
from assessment.store.checkup import problems
from assessment.store.engine import Store, open_store
from assessment.store.invitations import revoke_all_invitations
from assessment.store.workspace import Stamp, WorkspaceKind, read_kind, record, remove_all

_BATCH = 1000
#: How many problems of a file are told; a damaged one may have as many as rows.
_TOLD = 5


def back_up(store: Store, file: Path, *, overwrite: bool = False) -> None:
    """Write a consistent copy of everything to `file`, while others go on working; it appears whole or not at all.

    Raises:
        StoreError: The file exists and isn't to be overwritten, can't be written, or the copy isn't sound.
    """
    if file.exists() and not overwrite:
        raise StoreError(f"{file} exists. Choose another name, or allow it to be overwritten.")
    with _beside(file) as part:
        (_copy_file if store.is_embedded else _copy_rows)(store, part)
        _require_sound(part)
        part.replace(file)


def restore(store: Store, file: Path, stamp: Stamp, *, overwrite: bool = False) -> None:
    """Make the store, whose schema is today's, what the backup is; the backup itself isn't touched. All or nothing.

    Raises:
        StoreError: It isn't a sound backup, is of a newer program, or the store is in use and isn't to be overwritten.
    """
    with (
        TemporaryDirectory() as folder,
        _upgraded(file, Path(folder) / "copy.db") as source,
        source.read() as original,
        store.write(alone=True) as connection,
    ):
        if read_kind(connection) is not WorkspaceKind.NEW and not overwrite:
            raise StoreError("The database is in use. Back it up, then allow it to be overwritten.")
        _replace_all(original, connection)
        # What was ended since the backup was made would be open again.
        end_all_sessions(connection, stamp.at)
        revoke_all_invitations(connection, stamp.at)
        record(connection, stamp, "restored", {"file": file.name})


def _copy_file(store: Store, part: Path) -> None:
    with store.read() as connection, closing(sqlite3.connect(part)) as target:
        driver: Any = connection.connection.driver_connection
        driver.backup(target)


def _copy_rows(store: Store, part: Path) -> None:
    target = open_store(f"sqlite:///{part}")
    try:
        schema.upgrade(target)
        with store.read() as original, target.write() as connection:
            _replace_all(original, connection)
    finally:
        target.engine.dispose()


def _require_sound(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    try:
        with store.read() as connection:
            found = [f"no table {name}" for name in _missing_tables(connection)] or list(
                islice(problems(connection), _TOLD)
            )
    finally:
        store.engine.dispose()
    if found:
        raise StoreError(f"{file.name} isn't a sound copy: {listed(found)}.")


def _missing_tables(connection: Connection) -> list[str]:
    known = {
        row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    return sorted(set(tables.metadata.tables) - known)


@contextmanager
def _upgraded(file: Path, copy: Path) -> Iterator[Store]:
    """A sound copy of the backup, with today's schema."""
    try:
        with (
            closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.Error as error:
        raise StoreError(f"{file} can't be read as a backup ({error}).") from error
    store = open_store(f"sqlite:///{copy}")
    try:
        with store.read() as connection:
            if schema.current_revision(connection) is None:
                raise StoreError(f"{file} isn't a backup of this product.")
        schema.upgrade(store)
        _require_sound(copy)
        yield store
    finally:
        store.engine.dispose()


def _replace_all(original: Connection, connection: Connection) -> None:
    # The kind first: histories may be emptied only in a workspace that isn't somebody's own.
    connection.execute(tables.workspace.delete())
    for table in reversed(tables.metadata.sorted_tables):
        remove_all(connection, table)
    for table in tables.metadata.sorted_tables:
        _copy_table(original, connection, table)
    _go_on_counting(connection)


def _copy_table(original: Connection, connection: Connection, table: Table) -> None:
    # A unit refers to units that may come later: first all of them, then their tree.
    later = ("parent_id", "successor_id") if table is tables.units else ()
    rows = original.execution_options(yield_per=_BATCH).execute(select(table)).mappings()
    for batch in rows.partitions(_BATCH):
        plain = [{**row, **dict.fromkeys(later)} for row in batch]
        connection.execute(insert(table), plain)
    if later:
        for row in original.execute(select(table)).mappings():
            referred = {name: row[name] for name in later}
            connection.execute(update(table).where(table.c.id == row["id"]).values(referred))


def _go_on_counting(connection: Connection) -> None:
    """PostgreSQL numbers rows by counters that know nothing of rows that came with their numbers."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables.metadata.sorted_tables:
        if ("id" in table.c and table.c.id.autoincrement is True) or table.dialect_kwargs.get(
            "sqlite_autoincrement"
        ):
            newest = connection.scalar(select(func.max(table.c.id)))
            counter = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(counter, newest or 1, newest is not None)))


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        yield part
    except OSError as error:
        raise StoreError(f"{file} can't be written ({error.strerror}).") from error
    except sqlite3.Error as error:
        raise StoreError(f"{file} can't be written ({error}).") from error
    finally:
        for left in (part, part.with_name(f"{part.name}-journal")):
            with suppress(OSError):
                left.unlink()
