"""HTTP beside the pages, in the same process: health, the read-only API, and headers on every response.

Under /api/v1 machines read with a bearer token. Until the administrator can make tokens there is one, the operator's
(`MESH_READINESS_API_TOKEN`); it reads what a CDAO may. Without that setting nobody reads.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assessment.access import Principal, Role, scope_of
from assessment.actions.desk import Desk
from assessment.actions.exporting import export_scores
from assessment.errors import AssessmentError, NotAllowed, ResponseError
from assessment.exports.csv import WHOLE_NUMBERS
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue
from assessment.questionnaire.lock import content_hash
from assessment.scoring.table import SCORE_COLUMNS
from assessment.settings import Settings, load_settings
from assessment.store import schema
from assessment.store.engine import Store, open_store
from assessment.store.organisation import read_organisation, read_rounds

PREFIX = "/api/v1"


@cache
def _settings() -> Settings:
    return load_settings(os.environ)


@cache
def _store() -> Store:
    return open_store(_settings().database_url)


@cache
def _catalogue() -> Catalogue:
    return load_catalogue(_settings().questionnaires)


# Starlette runs plain functions in a thread, so a slow read never holds up the pages.
def healthz(request: Request) -> Response:  # noqa: ARG001
    """Whether the process is alive."""
    return JSONResponse({"status": "ok"})


def readyz(request: Request) -> Response:  # noqa: ARG001
    """Whether it can serve: the questionnaires load, and the database answers with this program's schema."""
    try:
        _catalogue()
        schema.require_current(_store())
    except AssessmentError as error:
        return _problem(503, "Not ready", str(error))
    return JSONResponse({"status": "ready"})


def _units(request: Request, desk: Desk) -> Response:  # noqa: ARG001
    with desk.store.read() as connection:
        organisation = read_organisation(connection)
    scope = scope_of(desk.principal, organisation)
    rows = [
        {
            "unit_id": unit.id, "name": unit.name, "kind": unit.kind, "parent_id": unit.parent_id,
            "country_iso3": unit.country_iso3 or None, "domain_family": unit.domain_family or None,
        }
        for unit in organisation.units.values()
        if unit.id in scope.units
    ]  # fmt: skip
    return JSONResponse({"items": rows})


def _rounds(request: Request, desk: Desk) -> Response:  # noqa: ARG001
    with desk.store.read() as connection:
        rounds = read_rounds(connection)
    rows = [
        {
            "round_id": entry.id, "title": entry.title, "phase": entry.phase,
            "opens_on": entry.opens_on and entry.opens_on.isoformat(),
            "closes_on": entry.closes_on and entry.closes_on.isoformat(),
            "questionnaires": dict(entry.questionnaires),
        }
        for entry in rounds
    ]  # fmt: skip
    return JSONResponse({"items": rows})


def _questionnaires(request: Request, desk: Desk) -> Response:  # noqa: ARG001
    rows = [
        {
            "questionnaire_id": entry.id, "version": entry.version, "title": entry.title, "status": entry.status,
            "questions": len(entry.questions), "content_hash": content_hash(entry),
        }
        for entry in desk.catalogue.questionnaires.values()
    ]  # fmt: skip
    return JSONResponse({"items": rows})


def _scores(request: Request, desk: Desk) -> Response:
    """The scores of one round (`?round=`, else the latest), as JSON, or CSV by `.csv` or `Accept: text/csv`."""
    export = export_scores(desk, request.query_params.get("round") or _latest_round(desk))
    if request.url.path.endswith(".csv") or request.headers.get("accept", "").startswith("text/csv"):
        named = {"Content-Disposition": f'attachment; filename="{export.name}"'}
        return Response(export.content, media_type="text/csv; charset=utf-8", headers=named)
    return JSONResponse({"items": [_item(row) for row in export.scores.to_dict("records")]})


def _item(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """One row as JSON: null is missing, whole numbers are whole."""
    values = {column: row[column] for column in SCORE_COLUMNS}
    missing = {column for column, value in values.items() if value == "" or value != value}
    return {
        column: None if column in missing else int(value) if column in WHOLE_NUMBERS else value
        for column, value in values.items()
    }


def _latest_round(desk: Desk) -> str:
    with desk.store.read() as connection:
        rounds = read_rounds(connection)
    if not rounds:
        raise ResponseError("There is no round yet.")
    return rounds[-1].id


def _guarded(read: Callable[[Request, Desk], Response]) -> Callable[[Request], Response]:
    """The endpoint behind the token, with our errors as problem documents."""

    def endpoint(request: Request) -> Response:
        token = _settings().api_token
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        is_known = token is not None and hmac.compare_digest(
            given.encode(), token.get_secret_value().encode()
        )
        if scheme.lower() != "bearer" or not is_known:
            refused = _problem(
                401, "Not authorised", "Send 'Authorization: Bearer <token>' with a valid token."
            )
            refused.headers["WWW-Authenticate"] = "Bearer"
            return refused
        try:
            principal = Principal("api token", Role.CDAO)
            desk = Desk(_store(), _catalogue(), principal, "api", datetime.now(UTC), origin="api")
            return read(request, desk)
        except (ResponseError, NotAllowed) as error:
            return _problem(404, "Not found", str(error))
        except AssessmentError as error:
            return _problem(503, "Not available", str(error))

    return endpoint


def _nothing_here(request: Request) -> Response:
    return _problem(404, "Not found", f"There is nothing at {request.url.path}.")


def _problem(status: int, title: str, detail: str) -> JSONResponse:
    """An error as RFC 9457 wants it."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


def routes() -> list[Route]:
    """Every route beside the pages."""
    reads = {"units": _units, "rounds": _rounds, "questionnaires": _questionnaires, "scores": _scores}
    guarded = [Route(f"{PREFIX}/{name}", _guarded(read), methods=["GET"]) for name, read in reads.items()]
    csv = Route(f"{PREFIX}/scores.csv", _guarded(_scores), methods=["GET"])
    # Without the last one Streamlit would answer a mistyped address with its own page.
    nothing = Route(f"{PREFIX}/{{rest:path}}", _nothing_here)
    return [Route("/healthz", healthz), Route("/readyz", readyz), *guarded, csv, nothing]
