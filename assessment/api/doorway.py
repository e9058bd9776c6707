"""What every way in shares: the cookie, from where a request comes, how often one may try, and how faults are told."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from math import ceil

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assessment.actions.entering import Entered, visitor_of
from assessment.actions.group_roles import group_rules
from assessment.actions.identities import Identity, enter_as
from assessment.api import entrance_page, opened
from assessment.api.limiting import address_of
from assessment.cookies import cookie_name, signed_in_by
from assessment.errors import AssessmentError
from assessment.headers import is_own_origin
from assessment.i18n import t
from assessment.limits import Limit
from assessment.logs import log_incident

log = logging.getLogger(__name__)

#: What fails counts; what lets somebody in doesn't. Nobody guesses 32 random bytes: these keep the database's time for
#: those who work. From one address, where a whole office may sit, and from all together.
OF_ADDRESS, OF_ALL = Limit(burst=20, every_s=3), Limit(burst=200, every_s=0.1)

#: The secret in the address is for nobody else: not for caches, and not for the next page. The origin is told, because
#: without it a form of ours couldn't be told from one that another page sends.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin"}

#: No address of ours is longer, and a longer one wouldn't fit into the cookie that keeps it on the way to a provider.
_LONGEST_WAY = 1000

Answer = Callable[[Request], Awaitable[Response]]


def must_wait(request: Request) -> Response | None:
    """Uses a try up; the refusal, when there is none left from there."""
    wait = OF_ADDRESS.take(address_of(request)) or OF_ALL.take()
    if not wait:
        return None
    words = t("Too many tries from here. Wait a moment, then try again.")
    headers = {"Retry-After": str(ceil(wait))}
    return refused(HTTPStatus.TOO_MANY_REQUESTS, t("Not now"), words, headers)


def forgive(request: Request) -> None:
    """This try let somebody in, or cost nothing: it doesn't count."""
    OF_ADDRESS.give_back(address_of(request))
    OF_ALL.give_back()


def let_in(request: Request, entered: Entered, to: str = "/") -> Response:
    """Leads on into the application, with the cookie that stands for the session."""
    response = RedirectResponse(to, HTTPStatus.SEE_OTHER, HEADERS)
    secure = is_secure(request)
    left = entered.session.ends_at - entered.session.started_at
    response.set_cookie(
        cookie_name(is_secure=secure), entered.secret, max_age=int(left.total_seconds()), path="/",
        secure=secure, httponly=True, samesite="lax",
    )  # fmt: skip
    return response


def let_in_as(request: Request, identity: Identity, to: str) -> Response:
    """The same for whom a provider or a proxy vouches for, with the roles that their groups give; leads on to `to` if that is here.

    Raises:
        NotKnown: Nobody here is that person.
    """
    rules = group_rules(opened.settings().groups)
    entered = enter_as(opened.checked_store(), identity, rules, datetime.now(UTC), earlier=cookie_of(request))
    return let_in(request, entered, way_back(to))


def cookie_of(request: Request) -> str:
    """What the browser shows of an earlier session; '' without one."""
    return signed_in_by(request.cookies, https_only=opened.settings().https_only)


def is_in(request: Request) -> bool:
    """Whether somebody is signed in in this browser."""
    return visitor_of(opened.checked_store(), cookie_of(request), datetime.now(UTC)) is not None


def is_secure(request: Request) -> bool:
    """Whether cookies are to travel by HTTPS only. A trusted proxy says so in `X-Forwarded-Proto`."""
    return opened.settings().https_only or request.url.scheme == "https"


def is_from_here(request: Request) -> bool:
    """Whether a page of this server sent the form; a page elsewhere shall sign nobody in or out.

    Browsers tell the site over HTTPS and on this machine, and the origin always; who tells neither is no browser.
    """
    site = request.headers.get("sec-fetch-site")
    return site == "same-origin" if site is not None else is_own_origin(request.headers)


def way_back(wanted: str) -> str:
    """Where somebody wanted to go in this application; its start for anything that could lead elsewhere."""
    # Browsers take a backslash for a slash, and pass over tabs and line breaks.
    is_here = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if is_here and wanted.isprintable() and len(wanted) <= _LONGEST_WAY else "/"


def html(page: str, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Response:
    """One of the small pages; no cache keeps it."""
    return HTMLResponse(page, status, {**HEADERS, **(headers or {})})


def refused(
    status: HTTPStatus, title: str, words: str, headers: Mapping[str, str] | None = None, retry: str = ""
) -> Response:
    """Why there is no way in; `retry` is where another try begins."""
    return html(entrance_page.refused(title, words, retry), status, headers)


def told(answer: Answer) -> Answer:
    """The endpoint, with its faults told as a page."""

    @wraps(answer)
    async def telling(request: Request) -> Response:
        try:
            return await answer(request)
        except AssessmentError as error:
            return refused(HTTPStatus.SERVICE_UNAVAILABLE, t("Not available"), str(error))
        except Exception as error:
            words = t("It was logged as incident {id}.", id=log_incident(log, error))
            return refused(HTTPStatus.INTERNAL_SERVER_ERROR, t("Something went wrong here"), words)

    return telling
