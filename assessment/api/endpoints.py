"""The addresses beside the pages; every fault of one is told as a problem document."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assessment.api import opened
from assessment.api.description import PREFIX, document
from assessment.api.measuring import measured
from assessment.api.negotiation import Form
from assessment.api.problems import Refusal, problem
from assessment.api.reading import reading, unless_unchanged
from assessment.api.resources import RESOURCES
from assessment.errors import AssessmentError, NotAllowed, ResponseError
from assessment.i18n import t
from assessment.logs import log_incident
from assessment.metrics import count_refused_token

log = logging.getLogger(__name__)

_METHODS = "GET, HEAD"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address as an ASGI application.

    No plain function: Starlette answers a method that a function doesn't have with a text of its own.
    """

    answer: Callable[[Request], Response]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # In a thread, so that a slow read never holds up the pages.
        response = await run_in_threadpool(self._answered, Request(scope, receive))
        await response(scope, receive, send)

    def _answered(self, request: Request) -> Response:
        try:
            _require_known_method(request)
            return self.answer(request)
        except Refusal as refusal:
            if refusal.status is HTTPStatus.UNAUTHORIZED:
                count_refused_token()
            return problem(refusal)
        except (ResponseError, NotAllowed) as error:
            return problem(Refusal(HTTPStatus.NOT_FOUND, str(error)))
        except AssessmentError as error:
            return problem(Refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error)))
        except Exception as error:
            return problem(_incident(error))


def _require_known_method(request: Request) -> None:
    if request.method not in _METHODS.split(", "):
        words = t("This address knows {methods} only.", methods=_METHODS)
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, words, headers={"Allow": _METHODS})


def _incident(error: Exception) -> Refusal:
    """A bug: its trace goes to the log under a number, and the number to who asked, as on pages."""
    words = t("It was logged as incident {id}.", id=log_incident(log, error))
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, words)


def _healthz(request: Request) -> Response:  # noqa: ARG001
    """Whether the process is alive."""
    return JSONResponse({"status": "ok"})


def _readyz(request: Request) -> Response:  # noqa: ARG001
    """Whether it can serve: the questionnaires load, and the database answers with this program's schema."""
    opened.require_ready()
    return JSONResponse({"status": "ready"})


def _described(request: Request) -> Response:
    content = json.dumps(document(), ensure_ascii=False).encode()
    return unless_unchanged(request, Response(content, media_type="application/json"))


def _nothing_here(request: Request) -> Response:
    words = t("There is nothing at {address}.", address=request.scope["path"])
    raise Refusal(HTTPStatus.NOT_FOUND, words)


def routes() -> list[Route]:
    """Every route beside the pages."""
    endings: dict[str, Form | None] = {"": None, **{f".{form}": form for form in Form}}
    answers = {
        f"{PREFIX}/{resource.name}{ending}": reading(resource, form)
        for resource in RESOURCES
        for ending, form in endings.items()
    } | {
        "/healthz": _healthz, "/readyz": _readyz, "/metrics": measured, f"{PREFIX}/openapi.json": _described,
        # Without the last one Streamlit would answer a mistyped address with its own page.
        f"{PREFIX}/{{rest:path}}": _nothing_here,
    }  # fmt: skip
    return [Route(path, Endpoint(answer)) for path, answer in answers.items()]
