"""The way in and out for people: `/enter/<secret>` and `/leave`, beside the pages; and `/sign-in` where a provider asks.

A look uses nothing up, because mail programs and scanners look at links before people do; a button does.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from importlib import import_module
from types import ModuleType

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assessment.actions import entering
from assessment.actions.entering import NotInvited
from assessment.actions.invitations import ENTRANCE
from assessment.api import entrance_page, opened, proxied
from assessment.api.doorway import (
    cookie_of,
    forgive,
    html,
    is_from_here,
    let_in,
    must_wait,
    refused,
    told,
)
from assessment.cookies import cookie_name
from assessment.errors import EXTRA_MISSING, SettingsError
from assessment.i18n import t
from assessment.store.browser_sessions import LONGEST, UNUSED


def entrance_routes() -> list[Route]:
    """The ways in and out that the settings ask for; none in local use.

    Raises:
        SettingsError: A provider is to be asked, and what speaks with one isn't installed.
    """
    way = opened.settings().sign_in
    if way == "none":
        return []
    ways_in = {
        "links": lambda: [Route(f"{ENTRANCE}{{secret}}", told(_enter), methods=["GET", "POST"])],
        "oidc": lambda: _provider().routes(),
        "proxy": proxied.routes,
    }
    return [*ways_in[way](), Route(entering.LEAVE, told(_leave), methods=["GET", "POST"])]


def _provider() -> ModuleType:
    """Imported by those alone who need it: it comes with an extra."""
    try:
        return import_module("assessment.api.provider")
    except ModuleNotFoundError as error:
        raise SettingsError([EXTRA_MISSING.at("environment", 0, extra="sso", name=error.name)]) from None


async def _enter(request: Request) -> Response:
    return await run_in_threadpool(_entered, request)


def _entered(request: Request) -> Response:
    if request.method == "POST" and not is_from_here(request):
        return _from_elsewhere()
    if (wait := must_wait(request)) is not None:
        return wait
    secret, at = request.path_params["secret"], datetime.now(UTC)
    try:
        response = _let_in(request, secret, at) if request.method == "POST" else _welcome(secret, at)
    except NotInvited as error:
        status = HTTPStatus.GONE if error.was_known else HTTPStatus.NOT_FOUND
        return refused(status, t("This link doesn't work"), str(error))
    forgive(request)
    return response


def _welcome(secret: str, at: datetime) -> Response:
    person = entering.invited(opened.checked_store(), secret, at)
    hours, days = UNUSED // timedelta(hours=1), LONGEST // timedelta(days=1)
    return html(entrance_page.come_in(person.name, days, hours))


def _let_in(request: Request, secret: str, at: datetime) -> Response:
    return let_in(request, entering.enter(opened.checked_store(), secret, at, earlier=cookie_of(request)))


async def _leave(request: Request) -> Response:
    by_link = opened.settings().sign_in == "links"
    if request.method != "POST":
        return html(entrance_page.go_out(by_link=by_link))
    if not is_from_here(request):
        return _from_elsewhere()
    await run_in_threadpool(entering.leave, opened.checked_store(), cookie_of(request), datetime.now(UTC))
    response = html(entrance_page.gone(await _elsewhere_too(), by_link=by_link))
    for is_secure in (True, False):
        response.delete_cookie(
            cookie_name(is_secure=is_secure), path="/", secure=is_secure, httponly=True, samesite="lax"
        )
    return response


async def _elsewhere_too() -> str:
    """Where the session at the provider or the proxy ends; '' where nothing is known of it."""
    settings = opened.settings()
    if settings.sign_out_address:
        return settings.sign_out_address
    return str(await _provider().sign_out_address()) if settings.sign_in == "oidc" else ""


def _from_elsewhere() -> Response:
    words = t("This was sent from another page. Open the link itself, and use the button there.")
    return refused(HTTPStatus.FORBIDDEN, t("Not from here"), words)
