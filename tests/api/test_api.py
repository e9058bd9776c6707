"""HTTP beside the pages: nothing without a token, no more than its role sees with it, and faults in plain words."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assessment import api
from assessment.actions.exporting import export_scores
from assessment.api import reading
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.lock import content_hash
from assessment.scoring.table import SCORE_COLUMNS
from assessment.store.engine import Store
from tests.api.conftest import TOKEN, forget, items, problem
from tests.conftest import ROOT
from tests.store import small

TABLES = ("units", "rounds", "questionnaires", "scores", "gates", "verdicts")
READS = tuple(f"{name}{ending}" for name in TABLES for ending in ("", ".json", ".csv"))
WHOLE = {"level", "secured_level", "questions", "answered", "not_applicable", "dont_know", "unanswered"}
REAL = {"score", "score_low", "score_high", "supported_score", "coverage", "target", "gap"}


# Health -------------------------------------------------------------------------------------------------


def test_health_needs_no_token(client: TestClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").json()) == (200, {"status": "ok"})
    assert (client.get("/readyz").status_code, client.get("/readyz").json()) == (200, {"status": "ready"})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///{folder}/none.db", "mesh-readiness db upgrade"),
        ("sqlite:///{folder}/newer.db", "newer version"),
        ("sqlite:///{folder}/text.db", "not a database"),
        ("sqlite:////dev/null/store.db", "database"),
        ("nonsense", "database_url"),
        ("postgresql+psycopg://user:secret@127.0.0.1:1/none", ""),
    ],
    ids=["none", "newer", "no database", "no folder", "no address", "nobody there"],
)  # fmt: skip
def test_it_is_not_ready_with_a_bad_database_but_alive(
    client: TestClient, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    (tmp_path / "text.db").write_text("no database" * 99)
    newer = sqlite3.connect(tmp_path / "newer.db")
    newer.execute("CREATE TABLE alembic_version (version_num TEXT)")
    newer.execute("INSERT INTO alembic_version VALUES ('9999')")
    newer.commit()
    newer.close()
    forget()
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", url.format(folder=tmp_path))
    said = problem(client.get("/readyz"), 503)
    assert words in said
    assert "secret" not in said
    assert client.get("/healthz").status_code == 200
    problem(client.get("/api/v1/units", headers={"Authorization": f"Bearer {TOKEN}"}), 503)


def test_it_is_not_ready_without_questionnaires(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_READINESS_QUESTIONNAIRES", str(tmp_path))
    assert "Q407" in problem(client.get("/readyz"), 503)
    assert "Q407" in problem(client.get("/api/v1/units", headers={"Authorization": f"Bearer {TOKEN}"}), 503)


def test_it_becomes_ready_when_the_fault_is_over(client: TestClient, database: Path) -> None:
    hidden = database.rename(database.with_suffix(".away"))
    problem(client.get("/readyz"), 503)
    hidden.replace(database)
    forget()
    assert client.get("/readyz").status_code == 200


# The token ----------------------------------------------------------------------------------------------


WRONG = (
    "", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x",
    f"Bearer {TOKEN.upper()}", f"Bearer  {TOKEN}", f"Bearer {TOKEN} {TOKEN}", "Bearer \xff\xfe",
)  # fmt: skip


@pytest.mark.parametrize("path", READS)
def test_nobody_reads_without_the_token(client: TestClient, path: str) -> None:
    problem(client.get(f"/api/v1/{path}"), 401)
    for sent in WRONG:
        response = client.get(f"/api/v1/{path}", headers=[(b"authorization", sent.encode("latin-1"))])
        assert TOKEN not in problem(response, 401)
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", READS)
def test_nobody_reads_when_no_token_is_configured(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.delenv("MESH_READINESS_API_TOKEN")
    for sent in ("", "Bearer ", "Bearer None", f"Bearer {TOKEN}"):
        forget()
        problem(client.get(f"/api/v1/{path}", headers={"Authorization": sent}), 401)


def test_the_scheme_may_be_written_as_any_client_does(filled: TestClient) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert filled.get("/api/v1/rounds", headers={"Authorization": f"{scheme} {TOKEN}"}).status_code == 200


def test_a_token_in_the_address_is_no_token(client: TestClient) -> None:
    problem(client.get(f"/api/v1/units?token={TOKEN}&access_token={TOKEN}"), 401)


# What it gives ------------------------------------------------------------------------------------------


def test_units_rounds_and_questionnaires_are_listed(filled: TestClient, catalogue: Catalogue) -> None:
    units = {unit["unit_id"]: unit for unit in items(filled, "units")}
    assert len(units) == 1 + 3 * 3
    assert units["FR.sales"] == {
        "unit_id": "FR.sales", "name": "Sales", "kind": "domain", "parent_id": "FR", "country_iso3": "FRA",
        "domain_family": "sales",
    }  # fmt: skip
    assert units["group"]["parent_id"] is units["group"]["country_iso3"] is None
    first, second = items(filled, "rounds")
    assert (first["phase"], second["phase"]) == ("before", "during")
    assert first["opens_on"] < first["closes_on"] < second["opens_on"]
    assert first["questionnaires"] == {q.id: q.version for q in catalogue.latest_published()}
    known = {
        (q.id, q.version, str(q.status), len(q.questions), content_hash(q))
        for q in catalogue.questionnaires.values()
    }
    fields = ("questionnaire_id", "version", "status", "questions", "content_hash")
    assert {tuple(entry[name] for name in fields) for entry in items(filled, "questionnaires")} == known


def read(row: dict[str, str]) -> dict[str, Any]:
    """A line of scores.csv as its numbers and texts, None where it is empty."""
    kinds = dict.fromkeys(WHOLE, int) | dict.fromkeys(REAL, float)
    return {column: kinds.get(column, str)(text) if text else None for column, text in row.items()}


def test_scores_are_the_same_as_json_as_csv_and_as_an_export(
    filled: TestClient, store: Store, catalogue: Catalogue
) -> None:
    for round_id in [entry["round_id"] for entry in items(filled, "rounds")]:
        exported = export_scores(small.desk_for(store, catalogue, small.CDAO), round_id).content
        by_suffix = filled.get(f"/api/v1/scores.csv?round={round_id}")
        by_accept = filled.get(f"/api/v1/scores?round={round_id}", headers={"Accept": "text/csv"})
        assert by_suffix.content == by_accept.content == exported
        rows = list(csv.DictReader(io.StringIO(exported.decode(), newline="")))
        found = items(filled, f"scores?round={round_id}")
        assert found == [read(row) for row in rows]
        assert tuple(found[0]) == SCORE_COLUMNS
        assert {type(row[column]) for row in found for column in WHOLE} <= {int, type(None)}


def test_without_a_round_the_latest_is_meant(filled: TestClient) -> None:
    latest = items(filled, "rounds")[-1]["round_id"]
    for path in ("scores", "scores?round="):
        assert {row["round_id"] for row in items(filled, path)} == {latest}


def test_no_score_of_an_unfinished_assessment_is_given(filled: TestClient) -> None:
    latest = [row for row in items(filled, "scores") if row["basis"] == "own"]
    drafts = [row for row in latest if row["assessment_state"] in ("draft", "returned")]
    assert {row["unit_id"] for row in drafts} >= {"FR", "ES"}
    assert {(row["status"], row["score"], row["answered"]) for row in drafts} == {("not_answered", None, 0)}
    assert {row["status"] for row in latest} > {"not_answered"}


def test_a_csv_is_a_download_with_a_safe_name(filled: TestClient) -> None:
    response = filled.get("/api/v1/scores.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="scores_[A-Za-z0-9.-]+_all-units_\d{4}-\d\d-\d\d\.csv"',
        response.headers["content-disposition"],
    )


def test_reading_scores_is_on_record(filled: TestClient, store: Store) -> None:
    filled.get("/api/v1/scores.csv")
    *_, kept = small.rows_of(store, "SELECT * FROM workspace_events ORDER BY id")
    assert (kept["action"], kept["person"], kept["role"]) == ("exported", "api token", "cdao")
    assert json.loads(kept["detail"])["rows"] > 0


# What it refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["scores", "scores.csv"])
def test_an_unknown_round_is_not_found(filled: TestClient, path: str) -> None:
    for hostile in (
        "nothing",
        "../../etc/passwd",
        "' OR 1=1 --",
        "%00",
        "x" * 5000,
        "a%0d%0aSet-Cookie:%20x=1",
    ):
        response = filled.get(f"/api/v1/{path}?round={hostile}")
        assert "no round" in problem(response, 404)
        assert "set-cookie" not in response.headers


def test_without_a_round_there_are_no_scores(client: TestClient) -> None:
    response = client.get("/api/v1/scores", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "no round" in problem(response, 404)


def test_nothing_can_be_written(filled: TestClient, store: Store) -> None:
    before = small.everything(store)
    for path in ("/healthz", "/readyz", "/api/v1/openapi.json", *(f"/api/v1/{name}" for name in READS)):
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"):
            refused = filled.request(method, path)
            assert "GET, HEAD" in problem(refused, 405)
            assert refused.headers["allow"] == "GET, HEAD"
    assert small.everything(store) == before


def test_a_fault_of_the_program_is_a_number_and_no_trace(
    filled: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr(reading.tables, "serve", broken)
    response = filled.get("/api/v1/scores")
    said = problem(response, 500)
    assert "secret" not in response.text
    (logged,) = [entry for entry in caplog.records if entry.levelname == "ERROR"]
    assert logged.getMessage().removeprefix("incident ") in said
    assert logged.exc_info is not None


def test_an_error_is_kept_by_nobody(filled: TestClient) -> None:
    for path in ("nothing", "scores?round=x", "scores?limit=0"):
        assert filled.get(f"/api/v1/{path}").headers["cache-control"] == "no-store"


def test_a_mistyped_address_is_not_found(filled: TestClient) -> None:
    for path in ("answers", "scores/", "scores.xlsx", "scores.json.csv", "units/FR", "", "%2e%2e/settings"):
        assert filled.get(f"/api/v1/{path}").status_code == 404


def test_every_route_is_one_that_these_tests_know() -> None:
    paths = {route.path for route in api.routes()}
    others = {"/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/api/v1/{rest:path}"}
    assert paths == others | {f"/api/v1/{name}" for name in READS}
    assert (ROOT / "docs" / "http.md").exists()
