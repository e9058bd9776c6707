"""Every table is the same by either form and by either way of asking, and the same as in the data package."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions import serving
from assessment.actions.desk import Desk
from assessment.actions.exporting import export_package, read_snapshot
from assessment.analysis.readiness import round_findings
from assessment.exports import snapshot
from assessment.exports.schemas import TABLES
from assessment.questionnaire.catalogue import Catalogue
from assessment.store.engine import Store
from tests.api.conftest import As, items, rename_france
from tests.store import small

ALL = ("units", "rounds", "questionnaires", "scores", "gates", "verdicts")
OF_ROUND = ("scores", "gates", "verdicts")
KINDS: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "boolean": "true".__eq__}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def typed(row: dict[str, str], table: str) -> dict[str, Any]:
    """A line of a CSV file as its numbers and texts, None where it is empty."""
    kinds = {field.name: KINDS.get(field.type, str) for field in TABLES[table].fields}
    return {name: kinds[name](text) if text else None for name, text in row.items()}


@pytest.fixture
def package(administrator: Desk, catalogue: Catalogue, store: Store) -> dict[str, bytes]:
    """The files of the data package of the latest round, as a CDAO gets it."""
    desk = small.desk_for(store, catalogue, small.CDAO)
    content = export_package(desk, serving.latest_round(desk)).content
    with ZipFile(io.BytesIO(content)) as files:
        return {name: files.read(name) for name in files.namelist()}


@pytest.mark.parametrize("table", OF_ROUND)
def test_a_table_is_what_the_data_package_has_of_the_round(
    filled: TestClient, package: dict[str, bytes], table: str
) -> None:
    lines = package[f"{table}.csv"].splitlines(keepends=True)
    for round_id in [entry["round_id"] for entry in items(filled, "rounds")]:
        given = filled.get(f"/api/v1/{table}.csv?round={round_id}").content.splitlines(keepends=True)
        assert given == [lines[0], *(line for line in lines if f'"{round_id}"'.encode() in line)]
        assert items(filled, f"{table}?round={round_id}") == [typed(row, table) for row in rows(b"".join(given))]  # fmt: skip
        assert len(given) > 1


@pytest.mark.parametrize("table", OF_ROUND)
def test_a_leaders_table_is_what_the_leaders_package_has(
    as_: As, table: str, catalogue: Catalogue, store: Store
) -> None:
    desk = small.desk_for(store, catalogue, small.FRANCE)
    with ZipFile(io.BytesIO(export_package(desk, serving.latest_round(desk)).content)) as files:
        expected = rows(files.read(f"{table}.csv"))
    given = rows(as_(Role.COUNTRY_LEADER, "FR").get(f"/api/v1/{table}.csv").content)
    assert given == [row for row in expected if row["round_id"] == serving.latest_round(desk)]


@pytest.mark.parametrize("table", ALL)
def test_the_end_of_an_address_and_the_header_ask_for_the_same(standing: TestClient, table: str) -> None:
    as_csv = standing.get(f"/api/v1/{table}", headers={"Accept": "text/csv"})
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.content == standing.get(f"/api/v1/{table}.csv").content
    as_json = standing.get(f"/api/v1/{table}.json").json()
    assert as_json["items"] == standing.get(f"/api/v1/{table}").json()["items"]


@pytest.mark.parametrize("table", ALL)
def test_csv_is_whole_and_has_the_columns_of_json(filled: TestClient, table: str) -> None:
    whole, paged = rows(filled.get(f"/api/v1/{table}.csv").content), items(filled, f"{table}?limit=7")
    assert len(whole) == len(paged) > 0
    assert list(whole[0]) == list(paged[0])


def test_the_pinned_versions_of_a_round_are_one_text_in_csv(standing: TestClient) -> None:
    for as_csv, as_json in zip(rows(standing.get("/api/v1/rounds.csv").content), items(standing, "rounds"), strict=True):  # fmt: skip
        pinned = dict(entry.split("@") for entry in as_csv["questionnaires"].split())
        assert pinned == as_json["questionnaires"]


def test_scores_are_given_without_computing_gates(
    filled: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(snapshot, "round_findings")
    assert filled.get("/api/v1/scores").status_code == 200


def test_gates_compute_the_round_that_is_asked_for_only(
    filled: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    original = round_findings

    def counted(data: Any, round_id: str, *rest: Any) -> Any:
        computed.append(round_id)
        return original(data, round_id, *rest)

    monkeypatch.setattr(snapshot, "round_findings", counted)
    latest = items(filled, "rounds")[-1]["round_id"]
    filled.get("/api/v1/gates")
    assert computed == [latest]


def test_a_table_is_made_once_until_something_happens(
    filled: TestClient, administrator: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    original = read_snapshot

    def counted(desk: Desk, round_id: str, *rest: Any, **more: Any) -> Any:
        made.append(round_id)
        return original(desk, round_id, *rest, **more)

    monkeypatch.setattr(serving, "read_snapshot", counted)
    items(filled, "scores?limit=20")
    filled.get("/api/v1/scores.csv")
    assert len(made) == 1
    rename_france(administrator)
    filled.get("/api/v1/scores.csv")
    assert len(made) == 2


@pytest.mark.parametrize("table", OF_ROUND)
def test_every_page_that_leaves_is_on_record_with_its_rows(
    filled: TestClient, store: Store, table: str
) -> None:
    found = items(filled, f"{table}?unit=FR&limit=5")
    kept = [
        json.loads(entry["detail"])
        for entry in small.rows_of(
            store, "SELECT * FROM workspace_events WHERE action = 'exported' ORDER BY id"
        )
    ]
    assert sum(entry["rows"] for entry in kept) == len(found)
    assert [entry.get("after", 0) for entry in kept] == list(range(0, len(found), 5))
    assert {(entry["unit"], entry["file"].partition("_")[0]) for entry in kept} == {("FR", table)}


@pytest.mark.parametrize("table", ["units", "rounds", "questionnaires"])
def test_what_holds_no_numbers_is_not_on_record(filled: TestClient, store: Store, table: str) -> None:
    before = small.everything(store)
    items(filled, table)
    assert small.everything(store) == before


def test_a_round_whose_rules_are_not_here_has_no_gates(filled: TestClient, store: Store) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE rounds SET rules_version = '9.9.9'")
    for table in ("gates", "verdicts"):
        assert items(filled, table) == []
        assert filled.get(f"/api/v1/{table}.csv").text.count("\n") == 1
