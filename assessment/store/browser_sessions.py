"""Browsers in which somebody is signed in, by the hash of what their cookie holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, func, insert, select, update

from assessment.access import Principal
from assessment.store import tables

_sessions, _roles = tables.browser_sessions, tables.person_roles

#: How long a browser stays signed in that nobody uses: a working day with its breaks, and not the night.
UNUSED = timedelta(hours=12)
#: How long at most, however much it is used: a stolen cookie is worth nothing after two weeks.
LONGEST = timedelta(days=14)
#: How often at most it is noted that it is used: reading shall not be writing all the time.
_NOTED_EVERY = timedelta(minutes=5)


_ACTING = select(
    _sessions,
    exists()
    .where(
        _roles.c.person_id == _sessions.c.person_id,
        _roles.c.role == bindparam("role"),
        _roles.c.unit_id == bindparam("unit"),
    )
    .label("has_role"),
).where(_sessions.c.id == bindparam("session"), _sessions.c.person_id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """What is known of a signed-in browser; what its cookie holds isn't kept."""

    id: str
    person_id: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is still signed in there."""
        return self.ended_at is None and at < self.ends_at and at - self.seen_at < UNUSED

    def is_noted(self, at: datetime) -> bool:
        """Whether it was noted lately enough that it is in use."""
        return at - self.seen_at < _NOTED_EVERY


def add_session(connection: Connection, session: BrowserSession, digest: str) -> None:
    """Store a new one by its hash."""
    row = {
        "id": session.id, "person_id": session.person_id, "hash": digest, "started_at": session.started_at,
        "seen_at": session.seen_at, "ends_at": session.ends_at,
    }  # fmt: skip
    connection.execute(insert(_sessions), row)


def find_session(connection: Connection, digest: str) -> BrowserSession | None:
    """The one with this hash, open or not."""
    return _one(connection, _sessions.c.hash == digest)


def read_acting(
    connection: Connection, session_id: str, principal: Principal
) -> tuple[BrowserSession | None, bool]:
    """The one with this id in which the principal's person signed in, open or not; and whether they have the role now.

    Asked in every transaction, so in one statement that is made once.
    """
    named = {
        "session": session_id, "person": principal.person, "role": str(principal.role), "unit": principal.unit_id or "",
    }  # fmt: skip
    row = connection.execute(_ACTING, named).one_or_none()
    return (_session(row), row.has_role) if row is not None else (None, False)


def read_open_sessions(connection: Connection, at: datetime) -> tuple[BrowserSession, ...]:
    """Where somebody is signed in, the last used first; for the administrator."""
    rows = connection.execute(
        select(_sessions).where(*_open(at)).order_by(_sessions.c.seen_at.desc(), _sessions.c.id)
    )
    return tuple(map(_session, rows))


def count_open_sessions(connection: Connection, at: datetime) -> int:
    """In how many browsers somebody is signed in, and not who."""
    return connection.scalar(select(func.count()).select_from(_sessions).where(*_open(at))) or 0


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return _sessions.c.ended_at.is_(None), _sessions.c.ends_at > at, _sessions.c.seen_at > at - UNUSED


def note_use(connection: Connection, session_id: str, at: datetime) -> None:
    """Keep that it is used, unless somebody noted it lately."""
    long_ago = _sessions.c.seen_at <= at - _NOTED_EVERY
    connection.execute(update(_sessions).where(_sessions.c.id == session_id, long_ago).values(seen_at=at))


def end_session(connection: Connection, session_id: str, at: datetime) -> bool:
    """Sign one browser out; gives whether somebody was signed in there."""
    return bool(_end(connection, at, _sessions.c.id == session_id))


def end_sessions_of(connection: Connection, person_id: str, at: datetime) -> int:
    """Sign a person out everywhere; gives in how many browsers."""
    return _end(connection, at, _sessions.c.person_id == person_id)


def end_all_sessions(connection: Connection, at: datetime) -> None:
    """Sign everybody out."""
    connection.execute(update(_sessions).where(_sessions.c.ended_at.is_(None)).values(ended_at=at))


def _end(connection: Connection, at: datetime, which: ColumnElement[bool]) -> int:
    ended = connection.execute(
        update(_sessions).where(which, _sessions.c.ended_at.is_(None)).values(ended_at=at)
    )
    return ended.rowcount


def _one(connection: Connection, which: ColumnElement[bool]) -> BrowserSession | None:
    row = connection.execute(select(_sessions).where(which)).one_or_none()
    return _session(row) if row is not None else None


def _session(row: Row[tuple[object, ...]]) -> BrowserSession:
    return BrowserSession(row.id, row.person_id, row.started_at, row.seen_at, row.ends_at, row.ended_at)
