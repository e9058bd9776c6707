"""Counts every HTTP response and every open page of the process, Streamlit's own included."""

from __future__ import annotations

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assessment.actions.entering import LEAVE
from assessment.actions.identities import SIGN_IN, SIGNED_IN
from assessment.actions.invitations import ENTRANCE
from assessment.metrics import CONNECTIONS, count_response

#: Parts of the address by how they begin. All others are one: an address may name a person's link or a unit.
_AREAS = {
    "api": "api", "healthz": "health", "readyz": "health", "metrics": "health", "_stcore": "streamlit",
    **{address.strip("/"): "entrance" for address in (ENTRANCE, SIGN_IN, SIGNED_IN, LEAVE)},
}  # fmt: skip


class Counted:
    """ASGI middleware: changes nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with CONNECTIONS.track_inprogress():
                await self._app(scope, receive, send)
            return

        is_answered = False

        async def send_counted(message: Message) -> None:
            nonlocal is_answered
            if message["type"] == "http.response.start":
                is_answered = True
                count_response(area_of(scope["path"]), message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_counted if scope["type"] == "http" else send)
        except Exception:
            if scope["type"] == "http" and not is_answered:
                # What nobody caught is answered further out, past this.
                count_response(area_of(scope["path"]), HTTPStatus.INTERNAL_SERVER_ERROR)
            raise


def area_of(path: str) -> str:
    """Which part of the server an address belongs to.

    >>> area_of("/api/v1/units"), area_of("/enter/a-secret"), area_of("/answer"), area_of("/enterprise")
    ('api', 'entrance', 'page', 'page')
    """
    return _AREAS.get(path.strip("/").partition("/")[0], "page")
