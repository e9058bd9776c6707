"""Files that browsers send to pages or fetch from them: Streamlit asks for an open page only, and every stranger has one.

Where people sign in, both are for browsers in which somebody is signed in. How much one browser sends has an end everywhere.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus
from math import ceil

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assessment.actions import entering
from assessment.api import opened
from assessment.api.limiting import address_of
from assessment.cookies import signed_in_by
from assessment.errors import AssessmentError
from assessment.i18n import t
from assessment.limits import Limit
from assessment.settings import Settings

log = logging.getLogger(__name__)

#: Streamlit's own addresses, below whatever the server's base path is.
_UPLOAD, _MEDIA = re.compile(r"(?:^|/)_stcore/upload_file/"), re.compile(r"(?:^|/)media/")
#: Of one browser session, or where nobody signs in of one address: files of up to 10 MB stay in memory while the page is open.
SENT = Limit(burst=20, every_s=5)


class FilesOfThoseSignedIn:
    """ASGI middleware: answers for Streamlit what isn't to reach it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if not (_UPLOAD.search(path) or _MEDIA.search(path)):
            await self._app(scope, receive, send)
            return
        refused = await run_in_threadpool(self._refusal, Request(scope), is_sent=bool(_UPLOAD.search(path)))
        await (refused or self._app)(scope, receive, send)

    def _refusal(self, request: Request, *, is_sent: bool) -> Response | None:
        """What is answered in place of the file; None lets it pass."""
        whose = address_of(request)
        if self._settings.sign_in != "none":
            try:
                session = self._session(request)
            except AssessmentError as error:
                return PlainTextResponse(str(error), HTTPStatus.SERVICE_UNAVAILABLE)
            if session is None:
                log.warning("a file of nobody who is signed in", extra={"method": request.method})
                return PlainTextResponse(t("Sign in first."), HTTPStatus.FORBIDDEN)
            whose = session
        wait = SENT.take(whose) if is_sent and request.method == "PUT" else 0
        if wait:
            words = t("Too many files at once. Wait a moment.")
            return PlainTextResponse(words, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(ceil(wait))})
        return None

    def _session(self, request: HTTPConnection) -> str | None:
        secret = signed_in_by(request.cookies, https_only=self._settings.https_only)
        found = entering.visitor_of(opened.checked_store(), secret, datetime.now(UTC)) if secret else None
        return found.session.id if found else None
