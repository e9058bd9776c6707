"""Connections and transactions: what SQLite and PostgreSQL need so that a commit means saved."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy import Connection as Connection  # what actions hand from read to read without knowing SQL
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assessment.errors import StoreError

log = logging.getLogger(__name__)

#: SQLite versions from which write-ahead logging no longer has the WAL-reset corruption bug.
_WAL_SAFE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_BUSY_S = 10


@dataclass(frozen=True, slots=True)
class Store:
    """A database; every use of it is one short transaction."""

    engine: Engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look at the data.

        Raises:
            StoreError: The database can't be read.
        """
        with _explained("read"), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One change; it is stored when the block has ended without an error, and not at all otherwise.

        Raises:
            StoreError: The database can't be written; nothing was.
        """
        with (
            _explained("written"),
            self.engine.connect().execution_options(for_writing=True) as connection,
            connection.begin(),
        ):
            yield connection


def open_store(url: str) -> Store:
    """The store at an SQLAlchemy URL; an embedded one's folder is made when it is missing.

    Raises:
        StoreError: The URL names no database that can be used here, or the folder can't be made.
    """
    try:
        return Store(_engine(make_url(url)))
    except (SQLAlchemyError, ImportError, ValueError, OSError) as error:
        # The URL itself may hold a password, so it isn't repeated.
        reason = str(error).splitlines()[0]
        raise StoreError(
            f"The setting 'database_url' names no database that can be used ({reason})."
        ) from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may use write-ahead logging without risking the file.

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 44, 6)), wal_is_safe((3, 51, 2)), wal_is_safe((3, 52, 0))
    (False, True, False, True)
    """
    newest = _WAL_SAFE[0]
    return version >= newest or any(version[:2] == safe[:2] and version >= safe for safe in _WAL_SAFE)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # None hands transactions to SQLAlchemy: Python's own driver would begin them too late, and deferred.
    connection.isolation_level = None
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "DELETE"
    for pragma in (f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another wrote in between, whatever
    # the timeout; an immediate one waits its turn.
    writing = connection.get_execution_options().get("for_writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _explained(verb: str) -> Iterator[None]:
    try:
        yield
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        # Only what a database can suffer; a wrong statement or a broken rule is a bug and must show as one.
        if isinstance(error, (IntegrityError, ProgrammingError, DataError, NotSupportedError)):
            raise
        log.warning("database could not be %s", verb, exc_info=error)
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(
            f"The database can't be {verb} at the moment ({reason}). Nothing was changed."
        ) from error
