"""Signing in where a proxy in front has done so, and says who it is: `/sign-in` makes a session of its word.

Whether a request came through that proxy is decided by `assessment.proxies`, which takes the proxy's headers away from all
others.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assessment.actions.identities import SIGN_IN, Identity, NotKnown
from assessment.api import opened
from assessment.api.doorway import forgive, let_in_as, must_wait, refused, told
from assessment.i18n import t
from assessment.proxies import ISSUER, names_of


def routes() -> list[Route]:
    """The one."""
    return [Route(SIGN_IN, told(_sign_in), methods=["GET"])]


async def _sign_in(request: Request) -> Response:
    if (wait := must_wait(request)) is not None:
        return wait
    told_by_proxy = names_of(request.headers, opened.settings().proxy_headers)
    if told_by_proxy is None:
        words = t(
            "The proxy in front of this server says of nobody that they signed in. Come by its address; if you did, ask "
            "your administrator whether it passes on who you are."
        )
        return refused(HTTPStatus.FORBIDDEN, t("You are not signed in"), words)
    identity = Identity(
        ISSUER, told_by_proxy.user, told_by_proxy.name, told_by_proxy.email, told_by_proxy.groups
    )
    try:
        to = request.query_params.get("to", "/")
        response = await run_in_threadpool(let_in_as, request, identity, to)
    except NotKnown as error:
        return refused(HTTPStatus.FORBIDDEN, t("You are not known here"), str(error))
    forgive(request)
    return response
