"""The way of a request for a table: who reads, what they want, the rows, and what is on record of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from assessment.actions.desk import Desk
from assessment.actions.exporting import file_name
from assessment.actions.serving import latest_round, record_reading
from assessment.actions.tokens import note_use
from assessment.api import opened
from assessment.api.negotiation import MEDIA_TYPES, Form, is_unchanged, wanted_form
from assessment.api.parameters import Cursor, Wanted, wanted
from assessment.api.problems import Refusal
from assessment.api.readers import reader_of
from assessment.api.resources import Resource
from assessment.api.serving import Served, Tables
from assessment.i18n import t

#: What a token reads is for its program alone, and is asked for anew each time; a proxy keeps nothing.
_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
tables = Tables()


def reading(resource: Resource, ending: Form | None) -> Callable[[Request], Response]:
    """Answers requests for a table; `ending` is the form that the address ends in, if it says one."""

    def answer(request: Request) -> Response:
        at = datetime.now(UTC)
        principal, token = reader_of(request, at)
        desk = Desk(opened.checked_store(), opened.catalogue(), principal, "api", at, origin="api")
        response = _answer(_reading(request, desk, resource, ending))
        if token is not None:
            # Once the answer is on its way: it waits for no write.
            response.background = BackgroundTask(note_use, desk.store, token, at)
        return response

    return answer


@dataclass(frozen=True, slots=True)
class _Reading:
    """One request, and the table that it reads."""

    request: Request
    desk: Desk
    resource: Resource
    form: Form
    asked: Wanted
    served: Served

    @property
    def first(self) -> int:
        """How many rows come before those that are asked for."""
        return self.asked.after.offset if self.asked.after else 0

    @property
    def file(self) -> str:
        """What a file of it is called."""
        if not self.resource.of_round:
            return f"{self.resource.name}.{self.form}"
        return file_name(
            self.asked.round_id or "", self.asked.unit_id, self.desk.at, is_synthetic=self.served.is_synthetic,
            subject=self.resource.name, ending=str(self.form),
        )  # fmt: skip


def _reading(request: Request, desk: Desk, resource: Resource, ending: Form | None) -> _Reading:
    form = ending or wanted_form(request.headers.get("accept"))
    if form is None:
        offered = ", ".join(MEDIA_TYPES.values())
        raise Refusal(HTTPStatus.NOT_ACCEPTABLE, t("It is here as {forms}.", forms=offered))
    asked = wanted(request.query_params, resource.parameters_of(form))
    if resource.of_round and asked.round_id is None:
        asked = replace(asked, round_id=latest_round(desk))
    served = tables.serve(desk, resource, asked.round_id or "", asked.unit_id)
    return _Reading(request, desk, resource, form, asked, served)


def _answer(read: _Reading) -> Response:
    response, rows = _file(read) if read.form is Form.CSV else _page(read)
    answered = unless_unchanged(read.request, response)
    # Only what leaves is on record; nothing does with a HEAD or a 304. Who knows an entity tag was given its content
    # before, on record, and a program that asks every minute would bury in the history what matters there.
    leaves = answered is response and read.request.method == "GET"
    if read.resource.of_round and leaves:
        record_reading(read.desk, read.file, read.asked.round_id or "", read.asked.unit_id, rows, read.first)
    return answered


def _file(read: _Reading) -> tuple[Response, int]:
    """The whole table as CSV, and how many rows it has."""
    named = {"Content-Disposition": f'attachment; filename="{read.file}"'}
    response = Response(read.served.csv, media_type="text/csv; charset=utf-8", headers=named)
    return response, len(read.served.frame)


def _page(read: _Reading) -> tuple[Response, int]:
    """The rows from the cursor on as JSON, and how many they are."""
    rows, after = read.served.rows, read.asked.after
    if after and (after.mark != read.served.mark or after.offset >= len(rows)):
        words = t("The list that this page was part of has changed. Begin again without 'after'.")
        raise Refusal(HTTPStatus.CONFLICT, words)
    page = rows[read.first : read.first + read.asked.limit]
    last = read.first + len(page)
    more = _next(read, Cursor(last, read.served.mark)) if last < len(rows) else None
    body = '{"items":[' + ",".join(page) + '],"next":' + json.dumps(more) + "}"
    headers = {"Link": f'<{more}>; rel="next"'} if more else {}
    return Response(body, media_type=MEDIA_TYPES[Form.JSON], headers=headers), len(page)


def _next(read: _Reading, cursor: Cursor) -> str:
    """The address of the next page: it names the round, so that one which opens meanwhile changes nothing."""
    asked = read.asked
    said = {"round": asked.round_id, "unit": asked.unit_id, "limit": asked.limit, "after": cursor}
    query = urlencode({name: str(value) for name, value in said.items() if value is not None})
    # Not of the request's whole URL, which is made of headers that anybody may have sent.
    return f"{read.request.scope['path']}?{query}"


def unless_unchanged(request: Request, response: Response) -> Response:
    """The response with its entity tag; 304 without a body to who has it already."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"ETag": tag, **_HEADERS}
    response.headers.update(headers)
    if is_unchanged(request.headers.get("if-none-match"), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return response
