"""Who may read without a person: tokens for programs, made and revoked by the administrator, and what one opens."""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from assessment.access import TABLE, UNIT_KIND_OF, Action, Principal, Role, can
from assessment.actions.desk import Desk, allow_management
from assessment.actions.refusals import watched
from assessment.errors import AssessmentError, ResponseError
from assessment.i18n import t
from assessment.organisation import Organisation
from assessment.store import tokens as token_store
from assessment.store import workspace as workspace_store
from assessment.store.engine import Store, retried
from assessment.store.organisation import read_branches, read_organisation
from assessment.store.tokens import Token, hashed

log = logging.getLogger(__name__)

#: What a token begins with, so that people and scanners of secrets know one when they see it.
PREFIX = "mrt_"
#: The roles that a token may have: those that may take numbers away.
TOKEN_ROLES = tuple(role for role in Role if Action.EXPORT in TABLE[role])
_LONGEST_NAME = 200
_BYTES = 32
_FORM = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token with its secret, which is nowhere else: it is shown once. Not part of what is printed by accident."""

    token: Token
    secret: str

    def __repr__(self) -> str:
        return f"MadeToken({self.token.id})"


@watched
@retried
def make_token(
    desk: Desk, name: str, role: Role, unit_id: str | None = None, ends_on: date | None = None
) -> MadeToken:
    """Make a token that reads what `role` may, for `unit_id` where the role has one.

    Raises:
        ResponseError: It has no name, a role that exports nothing, no fitting unit, or an end that is over. All that is
            wrong is told at once.
    """
    name = name.strip()
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        wrong = _faults(name, role, unit_id, ends_on, desk.at.date(), read_organisation(connection))
        if wrong:
            raise ResponseError("\n".join(wrong))
        secret = PREFIX + secrets.token_urlsafe(_BYTES)
        made_by = desk.principal.person
        token = Token(f"t-{secrets.token_hex(8)}", name, role, unit_id, made_by, desk.at, ends_on)
        token_store.add_token(connection, token, hashed(secret))
        workspace_store.record(connection, desk.stamp, "token made", _detail(token))
        return MadeToken(token, secret)


@watched
@retried
def revoke_token(desk: Desk, token_id: str) -> None:
    """End a token at once and for good.

    Raises:
        ResponseError: There is no such token, or it was revoked already.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        if not token_store.revoke_token(connection, token_id, desk.at):
            raise ResponseError(t("There is no such token, or it was revoked already."))
        workspace_store.record(connection, desk.stamp, "token revoked", {"token": token_id})


@watched
def list_tokens(desk: Desk) -> tuple[Token, ...]:
    """All tokens that were ever made, the latest first."""
    with desk.store.read() as connection:
        allow_management(connection, desk)
        return token_store.read_tokens(connection)


def is_token(text: str) -> bool:
    """Whether it has the form of a token at all."""
    return _FORM.fullmatch(text) is not None


def opened_by(store: Store, secret: str, at: datetime) -> Token | None:
    """The token that this is, as long as it opens anything: not revoked, not over, and its unit is still here."""
    if not is_token(secret):
        return None
    with store.read() as connection:
        token = token_store.find_token(connection, hashed(secret))
        if token is None or token.is_over(at):
            return None
        organisation = read_branches(connection, filter(None, [token.unit_id]))
    return token if may_read(token.principal, organisation) else None


def may_read(principal: Principal, organisation: Organisation) -> bool:
    """Whether anything can be taken away in this role: a unit that was removed ends its tokens."""
    return can(principal, Action.EXPORT, principal.unit_id, organisation)


def note_use(store: Store, token: Token, at: datetime) -> None:
    """Keep when the token was last used, to the minute; that this fails is nobody's trouble."""
    if token.is_noted(at):
        return
    try:
        with store.write() as connection:
            token_store.note_use(connection, token.id, at)
    except AssessmentError as error:
        log.warning("use of a token not noted", extra={"token": token.id, "reason": str(error)})


def _faults(
    name: str, role: Role, unit_id: str | None, ends_on: date | None, today: date, organisation: Organisation
) -> list[str]:
    kind, unit = UNIT_KIND_OF.get(role), organisation.units.get(unit_id or "")
    checks = (
        (not name or len(name) > _LONGEST_NAME or not name.isprintable(),
         t("A token needs a name on one line, of 200 characters at most: what it is for.")),
        (role not in TOKEN_ROLES, t("A token can't have this role: it takes no numbers away.")),
        (kind is None and unit_id is not None, t("This role isn't held in a unit.")),
        (kind is not None and (unit is None or unit.kind is not kind),
         t("This role is held in a {kind}; choose one.", kind=kind)),
        (ends_on is not None and ends_on < today, t("The last day is over already.")),
    )  # fmt: skip
    return [words for is_wrong, words in checks if is_wrong]


def _detail(token: Token) -> dict[str, str | None]:
    ends_on = token.ends_on.isoformat() if token.ends_on else None
    return {"token": token.id, "name": token.name, "role": str(token.role), "unit": token.unit_id, "ends_on": ends_on}  # fmt: skip
