"""Which person somebody is whom an identity provider names: by issuer and subject, never by an address that may change."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from assessment.store import tables

#: OpenID Connect allows no longer one.
LONGEST_SUBJECT = 255
_identities = tables.identities


def find_identity(connection: Connection, issuer: str, subject: str) -> str | None:
    """The person's id; None for somebody who was never here."""
    person = connection.scalar(
        select(_identities.c.person_id).where(
            _identities.c.issuer == issuer, _identities.c.subject == subject
        )
    )
    return None if person is None else str(person)


def has_identity(connection: Connection, person_id: str, issuer: str) -> bool:
    """Whether the person comes in by this issuer already."""
    wanted = select(_identities.c.subject).where(
        _identities.c.person_id == person_id, _identities.c.issuer == issuer
    )
    return connection.scalar(wanted.limit(1)) is not None


def people_with_identity(connection: Connection) -> frozenset[str]:
    """Who has signed in by an identity provider at least once, by id."""
    return frozenset(connection.scalars(select(_identities.c.person_id)))


def add_identity(connection: Connection, issuer: str, subject: str, person_id: str) -> None:
    """Keep who it is."""
    connection.execute(insert(_identities), {"issuer": issuer, "subject": subject, "person_id": person_id})


def forget_identities(connection: Connection, person_id: str) -> int:
    """Let go of how a person signed in; gives by how many ways."""
    return int(connection.execute(delete(_identities).where(_identities.c.person_id == person_id)).rowcount)
