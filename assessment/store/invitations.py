"""Personal links into the application. Only a link's hash is kept: who reads the database can't come in by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from assessment.store import tables

_invitations = tables.invitations


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is known of a link; the link itself isn't kept."""

    id: str
    person_id: str
    made_by: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether somebody can still come in by it: it works once."""
        return self.used_at is None and self.revoked_at is None and at < self.ends_at


def add_invitation(connection: Connection, invitation: Invitation, digest: str) -> None:
    """Store a new link by its hash."""
    row = {
        "id": invitation.id, "person_id": invitation.person_id, "hash": digest, "made_by": invitation.made_by,
        "made_at": invitation.made_at, "ends_at": invitation.ends_at,
    }  # fmt: skip
    connection.execute(insert(_invitations), row)


def find_invitation(connection: Connection, digest: str) -> Invitation | None:
    """The link with this hash, whether one can still come in by it or not."""
    row = connection.execute(select(_invitations).where(_invitations.c.hash == digest)).one_or_none()
    return _invitation(row) if row is not None else None


def read_open_invitations(connection: Connection, at: datetime) -> tuple[Invitation, ...]:
    """Those by which somebody can still come in, the latest first; for the administrator."""
    rows = connection.execute(
        select(_invitations)
        .where(*_unused(), _invitations.c.ends_at > at)
        .order_by(_invitations.c.made_at.desc(), _invitations.c.id)
    )
    return tuple(map(_invitation, rows))


def use_invitation(connection: Connection, invitation_id: str, at: datetime) -> bool:
    """Use a link up; gives whether it was open: of two who come at the same time, one does."""
    used = connection.execute(
        update(_invitations)
        .where(_invitations.c.id == invitation_id, *_unused(), _invitations.c.ends_at > at)
        .values(used_at=at)
    )
    return bool(used.rowcount)


def revoke_invitation(connection: Connection, invitation_id: str, at: datetime) -> bool:
    """End a link that nobody has used; gives whether there was one."""
    return _revoke(connection, at, _invitations.c.id == invitation_id)


def revoke_invitations_of(connection: Connection, person_id: str, at: datetime) -> bool:
    """End all links of a person that nobody has used; gives whether there were any."""
    return _revoke(connection, at, _invitations.c.person_id == person_id)


def revoke_all_invitations(connection: Connection, at: datetime) -> None:
    """End every link that nobody has used."""
    connection.execute(update(_invitations).where(*_unused()).values(revoked_at=at))


def _revoke(connection: Connection, at: datetime, which: ColumnElement[bool]) -> bool:
    ended = connection.execute(update(_invitations).where(which, *_unused()).values(revoked_at=at))
    return bool(ended.rowcount)


def _unused() -> tuple[ColumnElement[bool], ...]:
    return (_invitations.c.used_at.is_(None), _invitations.c.revoked_at.is_(None))


def _invitation(row: Row[tuple[object, ...]]) -> Invitation:
    return Invitation(
        row.id, row.person_id, row.made_by, row.made_at, row.ends_at, row.used_at, row.revoked_at
    )
