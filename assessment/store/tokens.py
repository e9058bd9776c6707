"""Tokens of programs. Only a token's hash is kept: who reads the database, or a backup, can't read as that program."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Row, insert, or_, select, update

from assessment.access import Principal, Role
from assessment.store import tables

_tokens = tables.api_tokens

#: How often at most it is noted that a token was used: reading shall not be writing all the time.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; `ends_on` is its last day, None when it has no end. The token itself isn't kept."""

    id: str
    name: str
    role: Role
    unit_id: str | None
    made_by: str
    made_at: datetime
    ends_on: date | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    @property
    def principal(self) -> Principal:
        """As whom its program reads; histories name the token's id."""
        return Principal(f"api token {self.id}", self.role, self.unit_id)

    def is_over(self, at: datetime) -> bool:
        """Whether it was revoked, or its last day (in UTC) has passed."""
        return self.revoked_at is not None or (self.ends_on is not None and at.date() > self.ends_on)

    def is_noted(self, at: datetime) -> bool:
        """Whether it was noted lately enough that it is in use."""
        return self.last_used_at is not None and at - self.last_used_at < _NOTED_EVERY


def hashed(token: str) -> str:
    """What is kept of a token.

    A token is 32 random bytes, so nobody can try them all, as one tries passwords: one plain SHA-256 is enough, and
    the slow hash that a password needs would cost every single reading. Found by its hash: how long the search takes
    tells something of the hash at most, from which nobody gets to a token.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def add_token(connection: Connection, token: Token, digest: str) -> None:
    """Store a new token by its hash."""
    row = {
        "id": token.id, "name": token.name, "role": str(token.role), "unit_id": token.unit_id, "hash": digest,
        "made_by": token.made_by, "made_at": token.made_at, "ends_on": token.ends_on,
    }  # fmt: skip
    connection.execute(insert(_tokens), row)


def read_tokens(connection: Connection) -> tuple[Token, ...]:
    """All that were ever made, the latest first; for the administrator."""
    rows = connection.execute(select(_tokens).order_by(_tokens.c.made_at.desc(), _tokens.c.id))
    return tuple(map(_token, rows))


def find_token(connection: Connection, digest: str) -> Token | None:
    """The token with this hash, whether it still opens anything or not."""
    row = connection.execute(select(_tokens).where(_tokens.c.hash == digest)).one_or_none()
    return _token(row) if row is not None else None


def revoke_token(connection: Connection, token_id: str, at: datetime) -> bool:
    """End a token for good; gives whether there was one to end."""
    ended = connection.execute(
        update(_tokens).where(_tokens.c.id == token_id, _tokens.c.revoked_at.is_(None)).values(revoked_at=at)
    )
    return bool(ended.rowcount)


def note_use(connection: Connection, token_id: str, at: datetime) -> None:
    """Keep that the token was used, unless somebody noted it within the last minute."""
    used = _tokens.c.last_used_at
    long_ago = or_(used.is_(None), used <= at - _NOTED_EVERY)
    connection.execute(update(_tokens).where(_tokens.c.id == token_id, long_ago).values(last_used_at=at))


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(
        row.id, row.name, Role(row.role), row.unit_id, row.made_by, row.made_at, row.ends_on, row.revoked_at,
        row.last_used_at,
    )  # fmt: skip
