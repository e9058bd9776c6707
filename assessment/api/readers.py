"""Who reads: the operator's token of the settings, or one that the administrator made."""

from __future__ import annotations

import hmac
from datetime import datetime
from http import HTTPStatus

from starlette.requests import Request

from assessment.access import Principal, Role
from assessment.actions.tokens import is_token, opened_by
from assessment.api import opened
from assessment.api.problems import Refusal
from assessment.i18n import t
from assessment.store.tokens import Token

#: What the operator's token reads as.
_OPERATOR = Principal("api token", Role.CDAO)


def reader_of(request: Request, at: datetime) -> tuple[Principal, Token | None]:
    """As whom the request reads, and by which token that was made.

    Raises:
        Refusal: Its token opens nothing; in the same words whatever the reason is.
    """
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        if _is_operators(given):
            return _OPERATOR, None
        # The database isn't asked about what can't be a token.
        token = opened_by(opened.checked_store(), given, at) if is_token(given) else None
        if token is not None:
            return token.principal, token
    words = t("Send 'Authorization: Bearer <token>' with a valid token.")
    raise Refusal(HTTPStatus.UNAUTHORIZED, words, headers={"WWW-Authenticate": "Bearer"})


def _is_operators(given: str) -> bool:
    known = opened.settings().api_token
    return known is not None and hmac.compare_digest(given.encode(), known.get_secret_value().encode())
