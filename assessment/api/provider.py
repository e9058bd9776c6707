"""Signing in by an identity provider that speaks OpenID Connect: `/sign-in` leads there, `/signed-in` comes back.

Authlib does the protocol (authorization code, PKCE, state, nonce, the token's signature and claims). What it remembers
between the two requests is in a cookie of ten minutes, so that any replica may answer the second one.
"""

from __future__ import annotations

import json
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessment.actions.identities import SIGN_IN, SIGNED_IN, Identity, NotKnown
from assessment.api import opened
from assessment.api.doorway import (
    HEADERS,
    forgive,
    is_in,
    is_secure,
    let_in_as,
    must_wait,
    refused,
    told,
    way_back,
)
from assessment.cookies import on_its_way
from assessment.errors import AssessmentError
from assessment.i18n import t

log = logging.getLogger(__name__)

#: How long somebody may take at the provider, in seconds: a second factor included.
_ON_THE_WAY = 600
#: How much the clocks of both may differ, in seconds.
_LEEWAY = 60


_ALGORITHMS = "id_token_signing_alg_values_supported"


class NotVouched(AssessmentError):
    """What came back from the provider proves nothing."""


def routes() -> list[Route]:
    """There and back."""
    return [
        Route(SIGN_IN, told(_sign_in), methods=["GET"]),
        Route(SIGNED_IN, told(_signed_in), methods=["GET"]),
    ]


async def sign_out_address() -> str:
    """Where the provider ends its own session; '' when it has no such place, or doesn't answer."""
    settings = opened.settings()
    with suppress(httpx2.HTTPError, NotVouched):
        ends = (await _metadata()).get("end_session_endpoint")
        named = urlencode(
            {"client_id": settings.oidc_client_id, "post_logout_redirect_uri": settings.address}
        )
        return f"{ends}{'&' if '?' in ends else '?'}{named}" if ends else ""
    return ""


async def _sign_in(request: Request) -> Response:
    if (wait := must_wait(request)) is not None:
        return wait
    kept = {"to": way_back(request.query_params.get("to", "/"))}
    try:
        await _metadata()
        # Whoever was refused may be somebody else there.
        asked = {"prompt": "select_account"} if "other" in request.query_params else {}
        response: Response = await _client().authorize_redirect(_with(request, kept), _redirect(), **asked)
    except httpx2.HTTPError as error:
        return _unreachable(error, kept)
    forgive(request)
    _keep(request, response, kept)
    return response


async def _signed_in(request: Request) -> Response:
    if (wait := must_wait(request)) is not None:
        return wait
    kept = _kept(request)
    try:
        identity = await _identity(_with(request, kept))
        response = await run_in_threadpool(let_in_as, request, identity, str(kept.get("to", "/")))
    except httpx2.HTTPError as error:
        return _unreachable(error, kept)
    except NotVouched as error:
        if await run_in_threadpool(is_in, request):
            # Another tab was quicker, or somebody went back a page: nothing to refuse, and no new session.
            forgive(request)
            return RedirectResponse(way_back(str(kept.get("to", "/"))), HTTPStatus.SEE_OTHER, HEADERS)
        return refused(HTTPStatus.FORBIDDEN, t("You are not signed in"), str(error), retry=_again(kept))
    except NotKnown as error:
        other = _again(kept, other="1")
        return refused(HTTPStatus.FORBIDDEN, t("You are not known here"), str(error), retry=other)
    forgive(request)
    response.delete_cookie(
        _cookie(request), path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )
    return response


def _again(kept: Mapping[str, Any], **more: str) -> str:
    """Where another try begins that leads to the same page."""
    return f"{SIGN_IN}?{urlencode({**more, 'to': way_back(str(kept.get('to', '/')))})}"


async def _identity(request: Request) -> Identity:
    """Whom the provider vouches for.

    Raises:
        NotVouched: The answer is none to a question of this browser, or its token isn't meant for us, is over, or isn't
            signed by the provider.
    """
    settings, client = opened.settings(), _client()
    await _metadata()
    wanted = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
    }
    try:
        token = await client.authorize_access_token(request, claims_options=wanted, leeway=_LEEWAY)
        claims: dict[str, Any] = dict(token.get("userinfo") or {})
        if not claims:
            raise NotVouched(_words(t("it sent no ID token")))
        return _told(await _with_more(client, token, claims))
    except (OAuthError, JoseError, ValueError) as error:
        # Not on the page: whoever makes somebody open an address of ours writes the words of `error_description`.
        log.warning("entry refused", extra={"reason": f"{type(error).__name__}: {error}"[:300]})
        if isinstance(error, OAuthError) and error.error == "access_denied":
            raise NotVouched(t("The identity provider didn't let you in, or you said no there.")) from None
        raise NotVouched(_words(t("it doesn't fit what was asked"))) from None


async def _with_more(client: Any, token: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    """The claims, and what many providers tell only when they are asked once more; of the same person alone."""
    metadata = await _metadata()
    has_all = "email" in claims and opened.settings().oidc_groups_claim in claims
    if has_all or not metadata.get("userinfo_endpoint"):
        return dict(claims)
    more = dict(await client.userinfo(token=token))
    if more.get("sub") != claims.get("sub"):
        raise NotVouched(_words(t("it speaks of two people")))
    if "email" in claims:
        # That it was verified is said of the address beside it, which may be another.
        more.pop("email_verified", None)
    return {**more, **claims}


def _told(claims: Mapping[str, Any]) -> Identity:
    settings = opened.settings()
    email = str(claims.get("email") or "")
    if email and not _is_verified(claims):
        log.info("the provider doesn't vouch for the address", extra={"issuer": settings.oidc_issuer})
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        name=str(claims.get("name") or claims.get("preferred_username") or email or claims["sub"]),
        email=email if _is_verified(claims) else "",
        groups=_groups(claims.get(settings.oidc_groups_claim)),
    )


def _is_verified(claims: Mapping[str, Any]) -> bool:
    """Whether the provider vouches for the address; one that nobody vouches for could be anybody's."""
    said = claims.get("email_verified")
    # Some say "true" as text. The setting is for those that say nothing: who says no means it.
    return opened.settings().oidc_email_is_verified if said is None else str(said).lower() == "true"


def _groups(said: object) -> frozenset[str]:
    """A list of names, or one name; anything else names no group."""
    names = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return frozenset(str(name) for name in names if name)


async def _metadata() -> Mapping[str, Any]:
    """What the provider says of itself, read once.

    Raises:
        NotVouched: Another one answers under its address, or something that is no provider.
    """
    try:
        found: dict[str, Any] = await _client().load_server_metadata()
    except ValueError as error:
        log.error("no provider's configuration", extra={"reason": f"{type(error).__name__}: {error}"[:300]})
        raise NotVouched(_words(t("what it says of itself can't be read"))) from None
    if found.get("issuer") != opened.settings().oidc_issuer:
        log.error("another issuer", extra={"issuer": str(found.get("issuer"))[:300]})
        raise NotVouched(_words(t("it isn't the one that this server was told to ask")))
    # Some list "none", too: a token that nobody signed. What the library takes is what stands here.
    found[_ALGORITHMS] = [one for one in found.get(_ALGORITHMS) or () if one != "none"]
    return found


@cache
def _client() -> Any:
    settings = opened.settings()
    issuer, secret = settings.oidc_issuer, settings.oidc_client_secret
    assert issuer is not None, "the settings were checked"
    assert secret is not None, "the settings were checked"
    return OAuth().register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value(),
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": settings.oidc_scopes, "code_challenge_method": "S256"},
    )


def _redirect() -> str:
    return f"{(opened.settings().address or '').rstrip('/')}{SIGNED_IN}"


def _with(request: Request, kept: dict[str, Any]) -> Request:
    """The request as Authlib wants it: what it remembers goes into `kept`, and not where Streamlit keeps its own."""
    return Request({**request.scope, "session": kept})


def _cookie(request: Request) -> str:
    return on_its_way(is_secure=is_secure(request))


def _keep(request: Request, response: Response, kept: Mapping[str, Any]) -> None:
    value = urlsafe_b64encode(json.dumps(kept).encode()).decode()
    response.set_cookie(
        _cookie(request), value, max_age=_ON_THE_WAY, path="/", secure=is_secure(request), httponly=True,
        samesite="lax",
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"


def _kept(request: Request) -> dict[str, Any]:
    """What this browser took along; nothing, when it has another one's answer, or was too long on the way."""
    with suppress(ValueError):
        found = json.loads(urlsafe_b64decode(request.cookies.get(_cookie(request), "")))
        entries = found.items() if isinstance(found, dict) else ()
        return {name: value for name, value in entries if name == "to" or _is_state(value)}
    return {}


def _is_state(value: object) -> bool:
    """Whether it is what Authlib remembers: a browser may send anything, and what isn't is no answer to a question of ours."""
    data = value.get("data") if isinstance(value, dict) else None
    is_whole = isinstance(data, dict) and all(isinstance(one, str) for one in data.values())
    return is_whole and isinstance(value, dict) and isinstance(value.get("exp"), int | float)


def _words(reason: str) -> str:
    return t(
        "The identity provider's answer can't be trusted: {reason}. Nothing was changed. Try again; if it stays so, ask "
        "your administrator.",
        reason=reason,
    )


def _unreachable(error: Exception, kept: Mapping[str, Any]) -> Response:
    log.error("identity provider not reached", extra={"reason": f"{type(error).__name__}: {error}"[:300]})
    words = t("The identity provider doesn't answer. What was saved is safe. Try again in a moment.")
    return refused(HTTPStatus.BAD_GATEWAY, t("Not available"), words, retry=_again(kept))
