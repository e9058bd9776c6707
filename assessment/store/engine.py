"""Connections and transactions: what SQLite and PostgreSQL need so that a commit means saved."""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from threading import Lock
from typing import Any, ParamSpec, TypeVar

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

from assessment.errors import NOT_HERE, NotAllowed, StoreError
from assessment.metrics import counting_refusals

log = logging.getLogger(__name__)

#: SQLite versions from which write-ahead logging no longer has the WAL-reset corruption bug.
_WAL_SAFE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_BUSY_S = 10
#: What a PostgreSQL connection is told. A commit waits for the disk whatever the server's default; nobody waits for
#: ever, nor holds others up who left in the middle.
_POSTGRES_SETTINGS = {
    "synchronous_commit": "on", "lock_timeout": f"{_BUSY_S}s", "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}  # fmt: skip
#: What a statement was given is answers, addresses, hashes: an error that goes to the log says the statement without them.
_OF_BOTH: dict[str, Any] = {"hide_parameters": True}
_POSTGRES_POOL = {"pool_size": 10, "max_overflow": 10, "pool_timeout": _BUSY_S}
#: The number of the advisory lock that writers share, and that a writer who must be alone has for itself.
_TURN = 7_101_801
#: Two transactions got in each other's way, and one was undone: serialisation failure, deadlock.
_COLLISIONS = frozenset({"40001", "40P01"})
#: PostgreSQL refuses to look for a number that no row can have, or for a text with NUL in it; SQLite finds nothing.
_IN_NO_ROW = frozenset({"22003", "22021", None})
#: The database's rights don't permit it.
_NOT_GRANTED = "42501"
#: How long to wait before each new try, at most.
_PAUSES_S = (0.02, 0.05, 0.1, 0.2, 0.4)

P = ParamSpec("P")
R = TypeVar("R")


class Collision(StoreError):
    """The database undid this transaction in favour of another; the same thing tried again may succeed."""


def retried(action: Callable[P, R]) -> Callable[P, R]:
    """The action, tried again when its one transaction was undone in favour of another's.

    For functions whose whole effect is one transaction: what was undone left nothing behind.
    """

    @wraps(action)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for pause in _PAUSES_S:
            try:
                return action(*args, **kwargs)
            except Collision:
                time.sleep(random.uniform(pause / 2, pause))  # noqa: S311  (not a secret)
        return action(*args, **kwargs)

    return tried


@dataclass(frozen=True, slots=True)
class Store:
    """A database; every use of it is one short transaction."""

    engine: Engine
    _queue: Lock = field(default_factory=Lock, compare=False, repr=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look at the data.

        Raises:
            StoreError: The database can't be read.
        """
        with (
            counting_refusals(),
            _explained("read"),
            self.engine.connect().execution_options(**self._reading) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Connection]:
        """One change; it is stored when the block has ended without an error, and not at all otherwise.

        `alone`: nobody else writes meanwhile; for changes of the workspace itself, which others build on.

        Raises:
            StoreError: The database can't be written; nothing was, unless the message says that this isn't known.
        """
        with (
            counting_refusals(),
            _explained("written"),
            self._in_turn(),
            self.engine.connect().execution_options(**self._writing) as connection,
            connection.begin(),
        ):
            if not self.is_embedded:
                lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
                connection.exec_driver_sql(f"SELECT {lock}({_TURN})")
            yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One writer of this process after the other, where SQLite lets only one write anyway.

        SQLite has those who wait look again after ever longer pauses; here the next one goes on at once.
        """
        if not self.is_embedded:
            yield
        elif self._queue.acquire(timeout=_BUSY_S):
            try:
                yield
            finally:
                self._queue.release()
        else:
            raise StoreError(
                f"The database can't be written at the moment (others were writing for {_BUSY_S} seconds). "
                "Nothing was changed."
            )

    def guarded(self, check: Callable[[Connection, bool], None]) -> GuardedStore:
        """The same database, in which nothing is read or written unless `check` lets it."""
        return GuardedStore(self.engine, self._queue, check=check)

    @property
    def is_embedded(self) -> bool:
        """Whether it is SQLite's file, in which every writer is alone."""
        return self.engine.dialect.name == "sqlite"

    @property
    def _reading(self) -> dict[str, Any]:
        # PostgreSQL would by default let every statement see what was committed before it, not before the first.
        return {} if self.is_embedded else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    @property
    def _writing(self) -> dict[str, Any]:
        # Whoever waited for a row's lock must see what its last owner stored, whatever the server's default is.
        return {"for_writing": True} if self.is_embedded else {"isolation_level": "READ COMMITTED"}


@dataclass(frozen=True, slots=True)
class GuardedStore(Store):
    """A store in which every transaction begins with `check`, which raises when there is to be none.

    In the same transaction, so that what it finds is true until the end; it is told whether that one writes.
    """

    check: Callable[[Connection, bool], None] = field(kw_only=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with Store.read(self) as connection:
            self.check(connection, False)
            yield connection

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Connection]:
        with Store.write(self, alone=alone) as connection:
            self.check(connection, True)
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
    if url.get_backend_name() == "postgresql":
        return _postgres(url)
    if url.get_backend_name() != "sqlite":
        raise ValueError("it is neither SQLite nor PostgreSQL")
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_S}, **_OF_BOTH)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args={"connect_timeout": _BUSY_S},
        **_POSTGRES_POOL, **_OF_BOTH,
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        for name, value in _POSTGRES_SETTINGS.items():
            cursor.execute(f"SET SESSION {name} = '{value}'")
    connection.commit()


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
        if isinstance(error, DataError) and _sqlstate(error) in _IN_NO_ROW:
            raise NotAllowed(NOT_HERE) from error
        if _sqlstate(error) == _NOT_GRANTED:
            raise StoreError(
                "The database permits this to its owner only, not to the role that the program has there. Nothing was "
                "changed. Whoever operates the server can do it as the owner, with a command."
            ) from error
        # Only what a database can suffer; a wrong statement or a broken rule is a bug and must show as one.
        if isinstance(error, (IntegrityError, ProgrammingError, DataError, NotSupportedError)):
            raise
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        # While a server is away this happens at every click: a line each time, and its cause for who asks for details.
        log.warning("database could not be %s", verb, extra={"reason": reason})
        log.debug("the cause", exc_info=error)
        kind = Collision if _sqlstate(error) in _COLLISIONS else StoreError
        # A connection that broke during a commit leaves open whether it was heard.
        is_unknown = verb == "written" and getattr(error, "connection_invalidated", False)
        outcome = "Whether this change was stored isn't known yet." if is_unknown else "Nothing was changed."
        raise kind(f"The database can't be {verb} at the moment ({reason}). {outcome}") from error


def _sqlstate(error: Exception) -> str | None:
    """The standard's code for what went wrong; SQLite has none."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)
