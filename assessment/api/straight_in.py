"""Whoever opens a page without being signed in is led to who can vouch for them, and back to that page."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assessment.actions.entering import LEAVE
from assessment.actions.identities import SIGN_IN, SIGNED_IN
from assessment.cookies import signed_in_by
from assessment.settings import Settings

#: What isn't a page: the way in and out itself, what programs read, and Streamlit's own.
_NO_PAGE = (
    SIGN_IN,
    SIGNED_IN,
    LEAVE,
    "/api/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/_stcore/",
    "/media/",
)


class StraightIn:
    """ASGI middleware, where a provider or a proxy signs people in.

    A cookie that is worth nothing any more gets through: the page then says that the session has ended, and what became
    of what was typed.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._leads_on(request := Request(scope)):
            to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            response = RedirectResponse(f"{SIGN_IN}?to={quote(to, safe='')}", HTTPStatus.SEE_OTHER)
            response.headers["Cache-Control"] = "no-store"
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _leads_on(self, request: Request) -> bool:
        """Only what a browser opens as a page of its own; it says so where it is asked over HTTPS or on this machine."""
        is_page = request.headers.get("sec-fetch-dest") == "document" and request.method == "GET"
        return (
            is_page
            and not request.url.path.startswith(_NO_PAGE)
            and not signed_in_by(request.cookies, https_only=self._settings.https_only)
        )
