"""What a process counts, and for whom: outcomes by kind, for the operator, and nothing about anybody."""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from assessment.access import Role
from assessment.api import opened as api_opened
from assessment.api.counting import Counted
from assessment.logs import log_incident
from assessment.questionnaire.catalogue import Catalogue
from assessment.store import schema
from tests.api.conftest import TOKEN, As, forget, items, problem
from tests.counts import grown, now

OPENMETRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}


def samples(client: TestClient) -> dict[str, list[Sample]]:
    """Everything that the address gives, by the name of the family, read as a monitoring does."""
    response = client.get("/metrics", headers=OPENMETRICS)
    assert response.status_code == 200, response.text
    families: Any = text_string_to_metric_families  # untyped
    return {family.name: family.samples for family in families(response.text)}


# Who may look -------------------------------------------------------------------------------------------


def test_only_the_operators_own_token_opens_it(client: TestClient, as_: As) -> None:
    made = as_(Role.CDAO)
    assert made.get("/api/v1/rounds").status_code == 200
    problem(made.get("/metrics"), 401)
    for sent in ("", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN):
        response = client.get("/metrics", headers={"Authorization": sent})
        assert "mesh_readiness" not in problem(response, 401)
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    problem(client.post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}), 405)


def test_the_monitorings_token_opens_it_and_nothing_else(
    filled: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "another-token-of-32-characters-!!"
    monkeypatch.setenv("MESH_READINESS_METRICS_TOKEN", token)
    api_opened.settings.cache_clear()
    shown = {"Authorization": f"Bearer {token}"}
    assert filled.get("/metrics", headers=shown).status_code == 200
    problem(filled.get("/api/v1/scores", headers=shown), 401)


def test_nobody_looks_when_no_token_is_set(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MESH_READINESS_API_TOKEN")
    for sent in ("", "Bearer ", "Bearer None", f"Bearer {TOKEN}"):
        forget()
        problem(client.get("/metrics", headers={"Authorization": sent}), 401)


def test_a_refused_token_is_counted(client: TestClient) -> None:
    def three_tries() -> None:
        for path in ("/metrics", "/api/v1/units", "/api/v1/scores.csv"):
            client.get(path)

    assert grown("refusals_total", {"kind": "token"}, three_tries) == 3


# What it says -------------------------------------------------------------------------------------------


def test_it_says_which_program_it_is_and_that_it_is_ready(filled: TestClient) -> None:
    found = samples(filled)
    (build,) = found["mesh_readiness_build"]
    assert build.labels == {
        "version": version("mesh-readiness"),
        "schema": schema.head_revision(),
    }
    assert [sample.value for sample in found["mesh_readiness_ready"]] == [1]
    assert [sample.value for sample in found["mesh_readiness_browser_sessions"]] == [0]
    assert filled.get("/metrics").headers["content-type"].startswith("text/plain")


def test_while_the_database_is_away_it_still_answers_and_says_so(filled: TestClient, database: Path) -> None:
    hidden = database.rename(database.with_suffix(".away"))
    forget()
    found = samples(filled)
    assert [sample.value for sample in found["mesh_readiness_ready"]] == [0]
    (signed_in,) = found["mesh_readiness_browser_sessions"]
    assert signed_in.value != signed_in.value
    forget()
    database.unlink(missing_ok=True)
    hidden.replace(database)
    assert [sample.value for sample in samples(filled)["mesh_readiness_ready"]] == [1]


def test_no_label_names_a_person_a_unit_a_round_or_a_question(
    filled: TestClient, catalogue: Catalogue
) -> None:
    rows = [*items(filled, "units"), *items(filled, "rounds")]
    names = {str(row[key]) for row in rows for key in ("unit_id", "round_id", "name", "title") if key in row}
    names |= {question for entry in catalogue.questionnaires.values() for question in entry.questions}
    labels = {
        (name, value)
        for family in samples(filled).values()
        for sample in family
        for name, value in sample.labels.items()
    }
    assert not names & {value for _, value in labels}
    assert {name for name, _ in labels} <= {
        "what", "outcome", "kind", "origin", "area", "status", "le", "version", "schema",
    }  # fmt: skip


# Faults ------------------------------------------------------------------------------------------------


def test_an_incident_is_counted_and_logged_under_the_number_that_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[str] = []
    logger = logging.getLogger("tests.incident")
    assert grown("incidents_total", {}, lambda: told.append(log_incident(logger, KeyError("a bug")))) == 1
    assert f"incident {told[0]}" in caplog.text
    assert "a bug" in caplog.text


def test_a_fault_behind_an_address_is_an_incident(
    filled: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_opened, "require_ready", lambda: 1 / 0)
    assert grown("incidents_total", {}, lambda: problem(filled.get("/readyz"), 500)) == 1


# Everything that goes by --------------------------------------------------------------------------------


async def _page(request: Request) -> Response:
    return PlainTextResponse("here", status_code=int(request.query_params.get("status", 200)))


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(str(now("connections")))
    await socket.receive_text()


@pytest.fixture
def passing() -> TestClient:
    routes = [WebSocketRoute("/_stcore/stream", _socket), Route("/{rest:path}", _page)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Counted)]))


@pytest.mark.parametrize(
    ("path", "area"),
    [("/enter/secret-of-a-link", "entrance"), ("/leave", "entrance"), ("/sign-in", "entrance"), ("/signed-in", "entrance"), ("/sign-inside", "page"),
     ("/api/v1/units", "api"),
     ("/healthz", "health"), ("/_stcore/health", "streamlit"), ("/answer", "page"), ("/", "page")],
)  # fmt: skip
def test_responses_are_counted_by_part_of_the_address_and_status(
    passing: TestClient, path: str, area: str
) -> None:
    passing.get(path, params={"status": 429})
    assert grown(
        "http_responses_total", {"area": area, "status": "429"},
        lambda: passing.get(path, params={"status": 429}),
    ) == 1  # fmt: skip


async def _crash(request: Request) -> Response:
    raise RuntimeError(request.url.path)


def test_what_nobody_caught_is_counted_as_the_500_that_it_becomes() -> None:
    app = Starlette(routes=[Route("/{rest:path}", _crash)], middleware=[Middleware(Counted)])
    crashing = TestClient(app, raise_server_exceptions=False)

    def once() -> None:
        assert crashing.get("/answer").status_code == 500

    once()
    assert grown("http_responses_total", {"area": "page", "status": "500"}, once) == 1


def test_an_open_page_is_counted_as_long_as_it_is_open(passing: TestClient) -> None:
    before = now("connections")
    with passing.websocket_connect("/_stcore/stream") as socket:
        assert float(socket.receive_text()) == before + 1
        socket.send_text("done")
    assert now("connections") == before
