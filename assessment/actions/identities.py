"""Who somebody is here whom an identity provider, or a proxy, has signed in: one function from identity to session.

Issuer and subject name a person for good. An address only finds the person at the first time, and only when the
provider vouches for it: addresses change hands.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from assessment.actions.desk import Desk, allow_management, now_ones_own
from assessment.actions.entering import Entered, begin_session, entrance_stamp
from assessment.actions.group_roles import GroupRule, roles_given
from assessment.actions.people import ROLE_GIVEN, ROLE_TAKEN, about_role, known
from assessment.actions.refusals import watched
from assessment.errors import AssessmentError, ResponseError
from assessment.i18n import t
from assessment.limits import Limit
from assessment.store import identities as identity_store
from assessment.store import people as people_store
from assessment.store.browser_sessions import end_sessions_of
from assessment.store.engine import Connection, Store, retried
from assessment.store.identities import LONGEST_SUBJECT
from assessment.store.organisation import read_organisation
from assessment.store.people import Person, RoleHeld
from assessment.store.workspace import REFUSED, Stamp, record

log = logging.getLogger(__name__)

#: Where a provider or a proxy is asked who it is (the parameter `to` leads back), and where a provider's answer arrives.
SIGN_IN, SIGNED_IN = "/sign-in", "/signed-in"
#: How long a browser stays signed in whose person a provider vouched for: then it is asked again, and whoever was
#: removed there, or left a group, is out here too. A working day.
VOUCHED = timedelta(hours=12)
#: How often the history keeps that somebody was refused who isn't known here, each and all together; what is beyond goes to
#: the log alone, because whoever has an account at the provider can try.
OF_IDENTITY, OF_ALL = Limit(burst=1, every_s=600), Limit(burst=30, every_s=60)
_LONGEST = 200


class NotKnown(AssessmentError):
    """The provider says who it is, and nobody here is that person."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a provider says of somebody. `email` is '' unless it vouches that the address is theirs."""

    issuer: str
    subject: str
    name: str
    email: str = ""
    groups: frozenset[str] = frozenset()


def enter_as(
    store: Store, identity: Identity, rules: Iterable[GroupRule], at: datetime, earlier: str = ""
) -> Entered:
    """Begin a session for whom the provider names, with the roles that their groups give now.

    A person is found by issuer and subject; at the first time by the address that the administrator wrote down; and
    somebody new whose groups give a role is added. `earlier` is what the browser's cookie held before.

    Raises:
        NotKnown: Nobody here is that person, or the address belongs to somebody who comes in as another subject.
        ResponseError: This is the demonstration, which takes no people.
    """
    entered = _entered(store, identity, tuple(rules), at, earlier)
    if isinstance(entered, Entered):
        return entered
    log.warning("entry refused", extra={"reason": entered, "issuer": identity.issuer})
    if not (OF_IDENTITY.take(f"{identity.issuer} {identity.subject}") or OF_ALL.take()):
        _keep_refused(store, identity.issuer, entered, at)
    raise NotKnown(
        t(
            "You have signed in as {name}, but nobody here is known by that. Ask the administrator of Mesh Readiness to "
            "add you with the address that you sign in with, or to put you into a group that may use it.",
            name=identity.email or identity.name,
        )
    )


def is_person(store: Store, issuer: str, subject: str, person_id: str) -> bool:
    """Whether that subject is this person here."""
    with store.read() as connection:
        return identity_store.find_identity(connection, issuer, subject) == person_id


@watched
def people_with_identity(desk: Desk) -> frozenset[str]:
    """Who has signed in by an identity provider at least once, by id.

    Raises:
        NotAllowed: The principal doesn't manage the workspace.
    """
    with desk.store.read() as connection:
        allow_management(connection, desk)
        return identity_store.people_with_identity(connection)


@watched
@retried
def forget_identity(desk: Desk, person_id: str) -> None:
    """Let somebody come in as another subject of the provider: it made their account anew, and the address is still theirs.

    Whoever came in by the old one is signed out, and has no more what groups gave: it comes back with them.

    Raises:
        ResponseError: There is no such person, or they never signed in by a provider.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        person = known(connection, person_id)
        if not identity_store.forget_identities(connection, person_id):
            raise ResponseError(t("They have not signed in by an identity provider."))
        _take(connection, person, [held for held in person.roles if held.by_group], desk.stamp)
        number = end_sessions_of(connection, person_id, desk.at)
        record(connection, desk.stamp, "identity forgotten", {"person": person_id, "sessions": number})


@retried
def _entered(
    store: Store, identity: Identity, rules: tuple[GroupRule, ...], at: datetime, earlier: str
) -> Entered | str:
    """The session; or why there is none."""
    with store.write(alone=True) as connection:
        given = roles_given(rules, identity.groups, read_organisation(connection))
        person = _person(connection, identity, at, may_be_new=bool(given))
        if isinstance(person, str):
            return person
        _follow_groups(connection, person, given, at)
        return begin_session(connection, person.id, at, at + VOUCHED, {"issuer": identity.issuer}, earlier)


@retried
def _keep_refused(store: Store, issuer: str, reason: str, at: datetime) -> None:
    with store.write() as connection:
        # Without a name: who was refused is no person of this workspace.
        record(connection, entrance_stamp("", at), REFUSED, {"issuer": issuer, "reason": reason})


def _person(connection: Connection, identity: Identity, at: datetime, *, may_be_new: bool) -> Person | str:
    if len(identity.subject) > LONGEST_SUBJECT or "\0" in identity.subject:
        return "no subject that can be kept"
    person_id = identity_store.find_identity(connection, identity.issuer, identity.subject)
    person = people_store.find_person(connection, person_id) if person_id else None
    if person is not None:
        return person
    found = _by_address(connection, identity.email)
    if found is not None and identity_store.has_identity(connection, found.id, identity.issuer):
        return "address of another subject"
    if found is None and not may_be_new:
        return "unknown"
    person = found or _added(connection, identity, at)
    identity_store.add_identity(connection, identity.issuer, identity.subject, person.id)
    return person


def _by_address(connection: Connection, email: str) -> Person | None:
    wanted = _compared(email)
    people = people_store.read_people(connection) if wanted else ()
    return next((person for person in people if _compared(person.email) == wanted), None)


def _compared(address: str) -> str:
    """An address without its capitals. Of one with other letters they stay: `ſ` would become `s`, and so somebody else's."""
    return address.casefold() if address.isascii() else address


def _added(connection: Connection, identity: Identity, at: datetime) -> Person:
    now_ones_own(connection)
    person = Person(
        f"{people_store.PERSON}{secrets.token_hex(8)}",
        (_on_one_line(identity.name) or identity.email or identity.subject)[:_LONGEST],
        identity.email[:_LONGEST],
        None,
        (),
    )
    people_store.add_person(connection, person.id, person.name, person.email, at)
    about = {"person": person.id, "issuer": identity.issuer}
    record(connection, entrance_stamp(person.id, at), "person added", about)
    return person


def _on_one_line(name: str) -> str:
    """A provider's name may hold signs that no name has, and that a database refuses."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


def _follow_groups(connection: Connection, person: Person, given: frozenset[RoleHeld], at: datetime) -> None:
    """What groups give and don't give any more; what the administrator gave stays."""
    stamp = entrance_stamp(person.id, at)
    has = {(held.role, held.unit_id) for held in person.roles}
    wanted = {(held.role, held.unit_id): held for held in given}
    for held in sorted(given, key=str):
        if (held.role, held.unit_id) not in has:
            people_store.add_role(connection, person.id, held)
            record(connection, stamp, ROLE_GIVEN, about_role(person.id, held))
    gone = [held for held in person.roles if held.by_group and (held.role, held.unit_id) not in wanted]
    _take(connection, person, gone, stamp)


def _take(connection: Connection, person: Person, roles: Iterable[RoleHeld], stamp: Stamp) -> None:
    for held in roles:
        people_store.remove_role(connection, person.id, held)
        record(connection, stamp, ROLE_TAKEN, about_role(person.id, held))
