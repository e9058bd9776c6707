"""Who reads: the operator's token of the settings, or one that the administrator made."""

from __future__ import annotations

import hmac
import logging
from datetime import datetime
from http import HTTPStatus

from pydantic import SecretStr
from starlette.requests import Request

from assessment.access import Principal, Role
from assessment.actions.tokens import is_token, opened_by
from assessment.api import opened
from assessment.api.limiting import KNOWN, forgive, require_pace, require_patience
from assessment.api.problems import Refusal
from assessment.i18n import t
from assessment.store.tokens import Token, hashed

log = logging.getLogger(__name__)

#: What the operator's token reads as.
_OPERATOR = Principal("api token", Role.CDAO)


def reader_of(request: Request, at: datetime) -> tuple[Principal, Token | None]:
    """As whom the request reads, and by which token that was made.

    Raises:
        Refusal: Its token opens nothing, in the same words whatever the reason is; or it asks too often.
    """
    given = _given(request)
    found = _reader(request, given, at)
    if found is None:
        raise _refused(request, given)
    principal, token = found
    require_pace(token.id if token else principal.person)
    return found


def require_monitoring(request: Request) -> None:
    """Nothing, when the request has the token of the monitoring, or the operator's; no database is asked.

    Raises:
        Refusal: It has none, or another; or it asks too often.
    """
    given = _given(request)
    if not (_is(given, opened.settings().metrics_token) or _is_operators(given)):
        raise _refused(request, given)


def _given(request: Request) -> str:
    """The token that the request shows; '' without one."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given if scheme.lower() == "bearer" else ""


def _refused(request: Request, given: str) -> Refusal:
    """That it opens nothing, counted and logged.

    Raises:
        Refusal: There were too many such requests from there.
    """
    if not is_token(given):
        # What is one was counted before the database was asked.
        require_patience(request)
    log.warning("no valid token", extra={"path": request.scope["path"]})
    words = t("Send 'Authorization: Bearer <token>' with a valid token.")
    return Refusal(HTTPStatus.UNAUTHORIZED, words, headers={"WWW-Authenticate": "Bearer"})


def _reader(request: Request, given: str, at: datetime) -> tuple[Principal, Token | None] | None:
    """As whom the token reads; None when it opens nothing."""
    if _is_operators(given):
        return _OPERATOR, None
    # The database isn't asked about what can't be a token.
    if not is_token(given):
        return None
    digest = hashed(given)
    is_known = digest in KNOWN
    if not is_known:
        require_patience(request)
    token = opened_by(opened.checked_store(), given, at)
    if token is None:
        return None
    if not is_known:
        forgive(request)
        KNOWN.add(digest)
    return token.principal, token


def _is_operators(given: str) -> bool:
    return _is(given, opened.settings().api_token)


def _is(given: str, known: SecretStr | None) -> bool:
    return known is not None and hmac.compare_digest(given.encode(), known.get_secret_value().encode())
