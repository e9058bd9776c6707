"""Who may come in: personal links, made and ended by the administrator, and the browsers in which people are signed in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from assessment.actions.desk import Desk, allow_management
from assessment.actions.people import known
from assessment.actions.refusals import watched
from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.store import browser_sessions as session_store
from assessment.store import invitations as invitation_store
from assessment.store.browser_sessions import BrowserSession
from assessment.store.engine import retried
from assessment.store.invitations import Invitation
from assessment.store.tokens import hashed
from assessment.store.workspace import ENDED, INVITED, UNINVITED, record

#: How long a link waits for its person. Mail may lie over a week's absence; a forgotten link is an open door.
LASTS = timedelta(days=7)
#: Where links lead; the secret stands behind it.
ENTRANCE = "/enter/"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class MadeInvitation:
    """A new link with its secret, which is nowhere else: it is shown once. Not part of what is printed by accident."""

    invitation: Invitation
    secret: str

    @property
    def path(self) -> str:
        """The link without the server's address."""
        return ENTRANCE + self.secret

    def __repr__(self) -> str:
        return f"MadeInvitation({self.invitation.id})"


@watched
@retried
def invite(desk: Desk, person_id: str) -> MadeInvitation:
    """Make a link by which a person comes in, once; an earlier one that they didn't use ends.

    Raises:
        ResponseError: There is no such person.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        known(connection, person_id)
        invitation_store.revoke_invitations_of(connection, person_id, desk.at)
        secret = secrets.token_urlsafe(_BYTES)
        name = f"i-{secrets.token_hex(8)}"
        invitation = Invitation(name, person_id, desk.principal.person, desk.at, desk.at + LASTS)
        invitation_store.add_invitation(connection, invitation, hashed(secret))
        record(connection, desk.stamp, INVITED, {"invitation": name, "person": person_id})
        return MadeInvitation(invitation, secret)


@watched
@retried
def revoke_invitation(desk: Desk, invitation_id: str) -> None:
    """End a link that wasn't used.

    Raises:
        ResponseError: There is no such link, or it was used or revoked already.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        if not invitation_store.revoke_invitation(connection, invitation_id, desk.at):
            raise ResponseError(t("There is no such link, or it was used or revoked already."))
        record(connection, desk.stamp, UNINVITED, {"invitation": invitation_id})


@watched
@retried
def end_sessions(desk: Desk, person_id: str) -> int:
    """Sign a person out everywhere, at once; gives in how many browsers.

    Raises:
        ResponseError: There is no such person.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        known(connection, person_id)
        number = session_store.end_sessions_of(connection, person_id, desk.at)
        record(connection, desk.stamp, ENDED, {"person": person_id, "sessions": number})
        return number


@watched
def list_open(desk: Desk) -> tuple[tuple[Invitation, ...], tuple[BrowserSession, ...]]:
    """The links that wait to be used, and where people are signed in; the latest first."""
    with desk.store.read() as connection:
        allow_management(connection, desk)
        return (
            invitation_store.read_open_invitations(connection, desk.at),
            session_store.read_open_sessions(connection, desk.at),
        )
