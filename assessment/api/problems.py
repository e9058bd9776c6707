"""Errors as RFC 9457 wants them: `application/problem+json`, never a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter of the address."""

    parameter: str
    detail: str


@dataclass(eq=False)
class Refusal(Exception):
    """A request that gets a problem instead of what it asked for; `faults` are all that its parameters have."""

    status: HTTPStatus
    detail: str
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


#: What a status is called in a problem.
TITLES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "Parameters can't be used",
    HTTPStatus.UNAUTHORIZED: "Not authorised",
    HTTPStatus.NOT_FOUND: "Not found",
    HTTPStatus.METHOD_NOT_ALLOWED: "Nothing is written here",
    HTTPStatus.NOT_ACCEPTABLE: "No such form",
    HTTPStatus.CONFLICT: "The list has changed",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not available",
}


def problem(refusal: Refusal) -> JSONResponse:
    """The document that says it."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": TITLES[refusal.status], "status": int(refusal.status), "detail": refusal.detail,
    }  # fmt: skip
    if refusal.faults:
        body["problems"] = [
            {"parameter": fault.parameter, "detail": fault.detail} for fault in refusal.faults
        ]
    headers = {"Cache-Control": "no-store", **refusal.headers}
    return JSONResponse(body, refusal.status, headers, MEDIA_TYPE)
