"""The way in and out for people: `/enter/<secret>` and `/leave`, beside the pages.

A look uses nothing up, because mail programs and scanners look at links before people do; a button does.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import wraps
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from assessment.actions import entering
from assessment.actions.entering import Entered, NotInvited
from assessment.actions.invitations import ENTRANCE
from assessment.api import entrance_page, opened
from assessment.cookies import cookie_name, signed_in_by
from assessment.errors import AssessmentError
from assessment.i18n import t
from assessment.limits import Limit
from assessment.store.browser_sessions import LONGEST, UNUSED

log = logging.getLogger(__name__)

#: What fails counts; what lets somebody in doesn't. Nobody guesses 32 random bytes: these keep the database's time for
#: those who work. From one address, where a whole office may sit, and from all together.
OF_ADDRESS, OF_ALL = Limit(burst=20, every_s=3), Limit(burst=200, every_s=0.1)

Answer = Callable[[Request], Response]


def entrance_routes() -> list[Route]:
    """Both, for a server whose people come in by links."""
    return [
        Route(f"{ENTRANCE}{{secret}}", _told(_enter), methods=["GET", "POST"]),
        Route("/leave", _told(_leave), methods=["GET", "POST"]),
    ]


def _enter(request: Request) -> Response:
    if request.method == "POST" and not _is_from_here(request):
        return _from_elsewhere()
    address = _address(request)
    wait = OF_ADDRESS.take(address) or OF_ALL.take()
    if wait:
        return _too_often(wait)
    secret, at = request.path_params["secret"], datetime.now(UTC)
    try:
        response = _let_in(request, secret, at) if request.method == "POST" else _welcome(secret, at)
    except NotInvited as error:
        status = HTTPStatus.GONE if error.was_known else HTTPStatus.NOT_FOUND
        return _refused(status, t("This link doesn't work"), str(error))
    OF_ADDRESS.give_back(address)
    OF_ALL.give_back()
    return response


def _welcome(secret: str, at: datetime) -> Response:
    person = entering.invited(opened.checked_store(), secret, at)
    hours, days = UNUSED // timedelta(hours=1), LONGEST // timedelta(days=1)
    return _html(entrance_page.come_in(person.name, days, hours))


def _let_in(request: Request, secret: str, at: datetime) -> Response:
    entered = entering.enter(opened.checked_store(), secret, at, earlier=_cookie(request))
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER, _HEADERS)
    _sign_in(request, response, entered)
    return response


def _sign_in(request: Request, response: Response, entered: Entered) -> None:
    is_secure = _is_secure(request)
    response.set_cookie(
        cookie_name(is_secure=is_secure), entered.secret, max_age=LONGEST // timedelta(seconds=1), path="/",
        secure=is_secure, httponly=True, samesite="lax",
    )  # fmt: skip


def _leave(request: Request) -> Response:
    if request.method != "POST":
        return _html(entrance_page.go_out())
    if not _is_from_here(request):
        return _from_elsewhere()
    entering.leave(opened.checked_store(), _cookie(request), datetime.now(UTC))
    response = _html(entrance_page.gone())
    for is_secure in (True, False):
        response.delete_cookie(
            cookie_name(is_secure=is_secure), path="/", secure=is_secure, httponly=True, samesite="lax"
        )
    return response


def _cookie(request: Request) -> str:
    return signed_in_by(request.cookies, https_only=opened.settings().https_only)


def _is_secure(request: Request) -> bool:
    """Whether the cookie is to travel by HTTPS only. A proxy on this machine says so in `X-Forwarded-Proto`."""
    return opened.settings().https_only or request.url.scheme == "https"


def _is_from_here(request: Request) -> bool:
    """Whether a page of this server sent the form; a page elsewhere shall sign nobody in or out.

    Browsers tell the site over HTTPS and on this machine, and the origin always; who tells neither is no browser.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def _address(request: Request) -> str:
    """Where a request comes from; of IPv6 the network, because who has one address there has a whole network of them."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((int(address), 64), strict=False)) if isinstance(address, IPv6Address) else host


def _too_often(wait: float) -> Response:
    words = t("Too many tries from here. Wait a moment, then use the link again.")
    headers = {"Retry-After": str(ceil(wait))}
    return _refused(HTTPStatus.TOO_MANY_REQUESTS, t("Not now"), words, headers)


def _from_elsewhere() -> Response:
    words = t("This was sent from another page. Open the link itself, and use the button there.")
    return _refused(HTTPStatus.FORBIDDEN, t("Not from here"), words)


def _told(answer: Answer) -> Answer:
    """The endpoint, with its faults told as a page."""

    @wraps(answer)
    def told(request: Request) -> Response:
        try:
            return answer(request)
        except AssessmentError as error:
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE, t("Not available"), str(error))
        except Exception as error:
            incident = uuid.uuid4().hex[:8]
            log.error("incident %s", incident, exc_info=error)
            words = t("It was logged as incident {id}.", id=incident)
            return _refused(HTTPStatus.INTERNAL_SERVER_ERROR, t("Something went wrong here"), words)

    return told


#: The secret in the address is for nobody else: not for caches, and not for the next page. The origin is told, because
#: without it a form of ours couldn't be told from one that another page sends.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin"}


def _html(
    page: str, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    return HTMLResponse(page, status, {**_HEADERS, **(headers or {})})


def _refused(
    status: HTTPStatus, title: str, words: str, headers: Mapping[str, str] | None = None
) -> Response:
    return _html(entrance_page.refused(title, words), status, headers)
