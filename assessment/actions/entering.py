"""Coming in and leaving: what a personal link opens, who a browser's cookie stands for, and until when.

These act for nobody yet, so they take a store and a moment instead of a desk. Whoever an identity provider names comes
in by `identities`; what counts after either is a session and its `Visitor`.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assessment.access import Principal
from assessment.errors import AssessmentError, NoLongerHere
from assessment.i18n import t
from assessment.store import browser_sessions as session_store
from assessment.store import invitations as invitation_store
from assessment.store.browser_sessions import LONGEST, BrowserSession
from assessment.store.engine import Connection, Store, retried
from assessment.store.people import Person, find_person
from assessment.store.tokens import hashed
from assessment.store.workspace import ENTERED, LEFT, REFUSED, Stamp, record

log = logging.getLogger(__name__)

#: Where somebody signs out.
LEAVE = "/leave"
_BYTES = 32
_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


class NotInvited(AssessmentError):
    """Nobody comes in by this link; `was_known`: it was one, and was used, revoked, or is over."""

    def __init__(self, *, was_known: bool) -> None:
        self.was_known = was_known
        super().__init__(
            t("This link opens nothing, or nothing any more. Ask your administrator for a new one.")
        )


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that began, with what the browser's cookie is to hold. Not part of what is printed by accident."""

    session: BrowserSession
    secret: str

    def __repr__(self) -> str:
        return f"Entered({self.session.id})"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, and in which browser."""

    person: Person
    session: BrowserSession


def invited(store: Store, secret: str, at: datetime) -> Person:
    """Whose link this is; nothing is used up by asking.

    Raises:
        NotInvited: It is nobody's, or works no more.
    """
    if _FORM.fullmatch(secret) is None:
        raise NotInvited(was_known=False)
    with store.read() as connection:
        invitation = invitation_store.find_invitation(connection, hashed(secret))
        person = find_person(connection, invitation.person_id) if invitation else None
    if invitation is None or person is None or person.erased_at or not invitation.is_open(at):
        raise NotInvited(was_known=invitation is not None)
    return person


def enter(store: Store, secret: str, at: datetime, earlier: str = "") -> Entered:
    """Use a link up and begin a session; the one that the browser had before (`earlier` is its cookie's) ends.

    Raises:
        NotInvited: It is nobody's link, or works no more.
    """
    if _FORM.fullmatch(secret) is None:
        log.warning("entry refused", extra={"reason": "no link"})
        raise NotInvited(was_known=False)
    entered = _entered(store, hashed(secret), at, earlier)
    if not isinstance(entered, Entered):
        log.warning("entry refused", extra={"reason": "used, revoked or over" if entered else "no link"})
        raise NotInvited(was_known=entered)
    return entered


@retried
def _entered(store: Store, digest: str, at: datetime, earlier: str) -> Entered | bool:
    """The session; or whether the link was known, when nobody comes in by it."""
    with store.write() as connection:
        invitation = invitation_store.find_invitation(connection, digest)
        if invitation is None:
            # Not in the history: strangers could fill it.
            return False
        person_id, about = invitation.person_id, {"invitation": invitation.id, "person": invitation.person_id}
        person = find_person(connection, person_id)
        is_here = person is not None and not person.erased_at
        if not (is_here and invitation_store.use_invitation(connection, invitation.id, at)):
            record(connection, entrance_stamp(person_id, at), REFUSED, about)
            return True
        return begin_session(connection, person_id, at, at + LONGEST, {"invitation": invitation.id}, earlier)


def begin_session(
    connection: Connection,
    person_id: str,
    at: datetime,
    ends_at: datetime,
    about: Mapping[str, str],
    earlier: str = "",
) -> Entered:
    """Sign somebody in who has shown who they are; the session that the browser had before ends.

    `about` says in the history by what they came in; `earlier` is what the browser's cookie held.
    """
    _end(connection, earlier, at)
    secret = secrets.token_urlsafe(_BYTES)
    session = BrowserSession(f"b-{secrets.token_hex(8)}", person_id, at, at, ends_at)
    session_store.add_session(connection, session, hashed(secret))
    told = {**about, "person": person_id, "session": session.id}
    record(connection, entrance_stamp(person_id, at), ENTERED, told)
    return Entered(session, secret)


@retried
def leave(store: Store, secret: str, at: datetime) -> None:
    """End the session that a browser's cookie stands for, if there is one."""
    with store.write() as connection:
        _end(connection, secret, at)


def visitor_of(store: Store, secret: str, at: datetime) -> Visitor | None:
    """Who a browser's cookie stands for; None when nobody is signed in by it any more."""
    if _FORM.fullmatch(secret) is None:
        return None
    with store.read() as connection:
        session = session_store.find_session(connection, hashed(secret))
        if session is None or not session.is_open(at):
            return None
        person = find_person(connection, session.person_id)
    return Visitor(person, session) if person is not None and not person.erased_at else None


def require_here(
    connection: Connection, session_id: str, principal: Principal, at: datetime, *, is_writing: bool = False
) -> None:
    """Nothing, as long as the session is open and its person has the role. What is written with it is use of it.

    Raises:
        NoLongerHere: Otherwise.
    """
    session, has_role = session_store.read_acting(connection, session_id, principal)
    if session is None or not session.is_open(at):
        raise NoLongerHere(t("Your session has ended; what you typed is not saved. Sign in again."))
    if not has_role:
        raise NoLongerHere(t("You have this role no more; what you typed is not saved."))
    if is_writing and not session.is_noted(at):
        session_store.note_use(connection, session_id, at)


def note_use(store: Store, session: BrowserSession, at: datetime) -> None:
    """Keep that a session is in use; that this fails is nobody's trouble."""
    if session.is_noted(at):
        return
    try:
        with store.write() as connection:
            session_store.note_use(connection, session.id, at)
    except AssessmentError as error:
        log.warning("use of a session not noted", extra={"session": session.id, "reason": str(error)})


def _end(connection: Connection, secret: str, at: datetime) -> None:
    session = session_store.find_session(connection, hashed(secret)) if secret else None
    if session is not None and session_store.end_session(connection, session.id, at):
        about = {"session": session.id, "person": session.person_id}
        record(connection, entrance_stamp(session.person_id, at), LEFT, about)


def entrance_stamp(person_id: str, at: datetime) -> Stamp:
    """Who comes or goes does it in no role."""
    return Stamp(person_id, "", at, "", origin="entrance")
