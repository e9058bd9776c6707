"""Who may do what here: people are added, given roles, relieved of them, and forgotten when they ask for it."""

from __future__ import annotations

import re
import secrets

from assessment.access import UNIT_KIND_OF, Role
from assessment.actions.desk import Desk, allow_management, now_ones_own
from assessment.actions.refusals import watched
from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.organisation import Organisation
from assessment.store import people as people_store
from assessment.store import workspace as workspace_store
from assessment.store.browser_sessions import end_sessions_of
from assessment.store.engine import Connection, retried
from assessment.store.identities import forget_identities
from assessment.store.invitations import revoke_invitations_of
from assessment.store.organisation import read_organisation
from assessment.store.people import Person, RoleHeld

#: What the history calls it.
ROLE_GIVEN, ROLE_TAKEN = "role given", "role taken"
_LONGEST_NAME = 200
#: One @ with something on both sides: whether mail arrives only a mail can tell.
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


@watched
@retried
def add_person(desk: Desk, name: str, email: str, *roles: RoleHeld) -> str:
    """Add somebody with roles; gives the id, which is random and is all that histories will name.

    Raises:
        ResponseError: There is no name, it is too long, the address is none or is known already, or a role has no fitting unit.
    """
    name, email = name.strip(), email.strip()
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        now_ones_own(connection)
        if not name or len(name) > _LONGEST_NAME or len(email) > _LONGEST_NAME or "\0" in name + email:
            raise ResponseError(t("A person needs a name; name and address have 200 characters at most."))
        if email and not _ADDRESS.fullmatch(email):
            raise ResponseError(
                t(
                    "E-mail: “{email}” is no address; it needs one @ and no spaces, like ana@example.org. "
                    "Correct it, or leave it empty.",
                    email=email,
                )
            )
        taken = {person.email.casefold() for person in people_store.read_people(connection)}
        if email and email.casefold() in taken:
            raise ResponseError(t("Somebody with this address is here already."))
        person_id = f"{people_store.PERSON}{secrets.token_hex(8)}"
        people_store.add_person(connection, person_id, name, email, desk.at)
        for held in roles:
            _give(connection, desk, person_id, held)
        workspace_store.record(connection, desk.stamp, "person added", {"person": person_id})
        return person_id


@watched
@retried
def give_role(desk: Desk, person_id: str, held: RoleHeld) -> None:
    """Give somebody a role, as deputy or not; more than one may hold it.

    Raises:
        ResponseError: There is no such person, or the role has no fitting unit.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        known(connection, person_id)
        _give(connection, desk, person_id, held)


@watched
@retried
def take_role(desk: Desk, person_id: str, held: RoleHeld) -> None:
    """Relieve somebody of a role; what they did stays theirs. One that a group gives comes back when they sign in again.

    Raises:
        ResponseError: They don't hold it, or they are the last administrator.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        _take(connection, desk, known(connection, person_id), held)


@watched
@retried
def hand_over(desk: Desk, person_id: str, successor_id: str, held: RoleHeld) -> None:
    """Give a role to a successor at the moment that it is taken: the work goes on, each answer keeps who gave it.

    Raises:
        ResponseError: As for giving and taking.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        known(connection, successor_id)
        leaving = known(connection, person_id)
        _give(connection, desk, successor_id, held)
        _take(connection, desk, leaving, held)


@watched
@retried
def erase_person(desk: Desk, person_id: str) -> None:
    """Forget somebody's name, address and roles, for good; the history keeps what was done, under an id that names nobody.

    They are signed out everywhere, no link lets them in, and who they were at an identity provider is forgotten.

    Names that others wrote into comments aren't found by this, and backups keep what they have.

    Raises:
        ResponseError: There is no such person, or they are the last administrator.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        _keep_an_administrator(connection, known(connection, person_id))
        people_store.erase_names(connection, person_id, desk.at)
        forget_identities(connection, person_id)
        end_sessions_of(connection, person_id, desk.at)
        revoke_invitations_of(connection, person_id, desk.at)
        workspace_store.record(connection, desk.stamp, "person erased", {"person": person_id})


def _give(connection: Connection, desk: Desk, person_id: str, held: RoleHeld) -> None:
    _require_unit(held, read_organisation(connection))
    people_store.add_role(connection, person_id, held)
    workspace_store.record(connection, desk.stamp, ROLE_GIVEN, about_role(person_id, held))


def _take(connection: Connection, desk: Desk, person: Person, held: RoleHeld) -> None:
    if held.role is Role.ADMINISTRATOR:
        _keep_an_administrator(connection, person)
    if not people_store.remove_role(connection, person.id, held):
        raise ResponseError(t("They don't have this role."))
    workspace_store.record(connection, desk.stamp, ROLE_TAKEN, about_role(person.id, held))


def _require_unit(held: RoleHeld, organisation: Organisation) -> None:
    kind = UNIT_KIND_OF.get(held.role)
    unit = organisation.units.get(held.unit_id or "")
    if kind is None and held.unit_id is not None:
        raise ResponseError(t("This role isn't held in a unit."))
    if kind is not None and (unit is None or unit.kind is not kind):
        raise ResponseError(t("This role is held in a {kind}; choose one.", kind=kind))


def _keep_an_administrator(connection: Connection, person: Person) -> None:
    """Nobody could add people any more."""
    others = [other for other in people_store.read_people(connection) if other.id != person.id]

    def administers(somebody: Person) -> bool:
        return any(held.role is Role.ADMINISTRATOR for held in somebody.roles)

    if administers(person) and not any(map(administers, others)):
        raise ResponseError(t("They are the last administrator. Give somebody else the role first."))


def known(connection: Connection, person_id: str) -> Person:
    """Somebody who is here.

    Raises:
        ResponseError: There is no such person, or they were erased.
    """
    person = people_store.find_person(connection, person_id)
    if person is None or person.erased_at:
        raise ResponseError(t("There is no such person."))
    return person


def about_role(person_id: str, held: RoleHeld) -> dict[str, object]:
    """A role that was given or taken, as the history names it."""
    found: dict[str, object] = {
        "person": person_id, "role": str(held.role), "unit": held.unit_id, "deputy": held.is_deputy,
    }  # fmt: skip
    return {**found, "by": "group"} if held.by_group else found
