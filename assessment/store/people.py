"""People, and what they may be here. Their names stand here only: every history names the id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, true, update

from assessment.access import Principal, Role
from assessment.store import tables

#: What the id of a person begins with.
PERSON = "p-"
#: Who gave a role that a group of the identity provider gives.
_GROUP = "group"
_people, _roles = tables.people, tables.person_roles


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role, and the unit in which it is held; None for roles without one. A deputy may do the same.

    `by_group`: a group of the identity provider gives it, and its leaving takes it.
    """

    role: Role
    unit_id: str | None = None
    is_deputy: bool = False
    by_group: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by the id that histories name; `name` and `email` are '' once they were erased."""

    id: str
    name: str
    email: str
    erased_at: datetime | None
    roles: tuple[RoleHeld, ...]

    def principals(self) -> tuple[Principal, ...]:
        """As whom the person may act, one for each role."""
        return tuple(Principal(self.id, held.role, held.unit_id) for held in self.roles)


def read_people(connection: Connection) -> tuple[Person, ...]:
    """Everybody, by id; for the administrator."""
    return _read(connection, true(), true())


def find_person(connection: Connection, person_id: str) -> Person | None:
    """One of them, erased or not."""
    return next(iter(_read(connection, _people.c.id == person_id, _roles.c.person_id == person_id)), None)


def _read(
    connection: Connection, of_people: ColumnElement[bool], of_roles: ColumnElement[bool]
) -> tuple[Person, ...]:
    held: dict[str, list[RoleHeld]] = {}
    for row in connection.execute(select(_roles).where(of_roles).order_by(_roles.c.role, _roles.c.unit_id)):
        held.setdefault(row.person_id, []).append(
            RoleHeld(Role(row.role), row.unit_id or None, row.is_deputy, row.given_by == _GROUP)
        )
    rows = connection.execute(select(_people).where(of_people).order_by(_people.c.id))
    return tuple(
        Person(row.id, row.name, row.email, row.erased_at, tuple(held.get(row.id, ()))) for row in rows
    )


def read_names(connection: Connection, person_ids: Iterable[str]) -> dict[str, str]:
    """The names of those who have one, by id: to show who did what."""
    wanted = select(_people.c.id, _people.c.name).where(
        _people.c.id.in_(sorted(set(person_ids))), _people.c.name != ""
    )
    return {row[0]: row[1] for row in connection.execute(wanted)}


def add_person(connection: Connection, person_id: str, name: str, email: str, at: datetime) -> None:
    """Store somebody new."""
    connection.execute(insert(_people), {"id": person_id, "name": name, "email": email, "added_at": at})


def add_role(connection: Connection, person_id: str, held: RoleHeld) -> None:
    """Give a role; somebody who was the deputy and now isn't, or the reverse, has it anew."""
    remove_role(connection, person_id, held)
    row = {
        "person_id": person_id, "role": str(held.role), "unit_id": held.unit_id or "", "is_deputy": held.is_deputy,
        "given_by": _GROUP if held.by_group else "",
    }  # fmt: skip
    connection.execute(insert(_roles), row)


def remove_role(connection: Connection, person_id: str, held: RoleHeld) -> bool:
    """Take a role; gives whether it was held."""
    gone = connection.execute(
        delete(_roles).where(
            _roles.c.person_id == person_id,
            _roles.c.role == str(held.role),
            _roles.c.unit_id == (held.unit_id or ""),
        )
    )
    return bool(gone.rowcount)


def erase_names(connection: Connection, person_id: str, at: datetime) -> None:
    """Forget who it was: name, address and roles. What was done stays under the id."""
    connection.execute(delete(_roles).where(_roles.c.person_id == person_id))
    connection.execute(
        update(_people).where(_people.c.id == person_id).values(name="", email="", erased_at=at)
    )
