"""Tokens that the administrator made: each reads what its role and unit may, until it is revoked or over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions.desk import Desk
from assessment.actions.tokens import list_tokens, make_token, revoke_token
from assessment.errors import StoreError
from assessment.responses import FINISHED
from assessment.store.engine import Store
from tests.api.conftest import TOKEN, As, items, problem
from tests.store import small


def units_of(client: TestClient, table: str) -> set[str]:
    return {row["unit_id"] for row in items(client, table)}


def test_a_leader_reads_the_country_and_what_is_below(as_: As) -> None:
    france = {"FR"} | {row["unit_id"] for row in items(as_(Role.CDAO), "units") if row["parent_id"] == "FR"}
    leader = as_(Role.COUNTRY_LEADER, "FR")
    assert units_of(leader, "units") == units_of(leader, "scores") == units_of(leader, "gates") == france
    assert units_of(leader, "verdicts") <= france


def test_a_domain_owner_reads_the_domain_only(as_: As) -> None:
    owner = as_(Role.DOMAIN_OWNER, "FR.sales")
    for table in ("units", "scores", "gates"):
        assert units_of(owner, table) == {"FR.sales"}


def test_a_leader_reads_the_own_draft_and_nobody_elses(as_: As) -> None:
    rows = [row for row in items(as_(Role.COUNTRY_LEADER, "FR"), "scores") if row["basis"] == "own"]
    drafts = [row for row in rows if row["assessment_state"] not in FINISHED]
    own = [row for row in drafts if row["unit_id"] == "FR"]
    others = [row for row in drafts if row["unit_id"] != "FR"]
    assert any(row["answered"] for row in own)
    assert not any(row["answered"] for row in others)
    assert {row["score"] for row in others} <= {None}


@pytest.mark.parametrize("table", ["scores", "gates", "verdicts", "scores.csv", "gates.csv"])
def test_another_unit_is_not_here_in_the_words_of_one_that_does_not_exist(as_: As, table: str) -> None:
    leader, owner = as_(Role.COUNTRY_LEADER, "FR"), as_(Role.DOMAIN_OWNER, "FR.sales")
    for client, hidden in ((leader, "DE"), (leader, "group"), (owner, "FR"), (owner, "FR.finance")):
        said = {problem(client.get(f"/api/v1/{table}", params={"unit": unit}), 404) for unit in (hidden, "nowhere", "\0")}  # fmt: skip
        assert len(said) == 1


def test_a_unit_is_given_with_what_is_below_it(as_: As) -> None:
    cdao = as_(Role.CDAO)
    assert {unit.partition(".")[0] for unit in units_of(cdao, "scores?unit=FR")} == {"FR"}
    assert len(units_of(cdao, "scores?unit=FR")) > 1
    assert units_of(cdao, "gates?unit=FR.sales") == {"FR.sales"}
    assert units_of(cdao, "scores?unit=group") == units_of(cdao, "scores?unit=") == units_of(cdao, "scores")


def test_a_revoked_token_reads_nothing_more(filled: TestClient, administrator: Desk) -> None:
    made = make_token(administrator, "Excel", Role.CDAO)
    sent = {"Authorization": f"Bearer {made.secret}"}
    assert filled.get("/api/v1/units", headers=sent).status_code == 200
    revoke_token(administrator, made.token.id)
    refused = filled.get("/api/v1/units", headers=sent)
    assert made.secret not in problem(refused, 401)
    assert refused.headers["www-authenticate"] == "Bearer"
    assert filled.get("/api/v1/units").status_code == 200, "the operator's goes on"


def test_a_token_whose_last_day_is_over_reads_nothing_more(filled: TestClient, administrator: Desk) -> None:
    today = datetime.now(UTC)
    yesterday = today - timedelta(days=1)
    for last, status in ((today, 200), (yesterday, 401)):
        desk = replace(administrator, at=yesterday)
        secret = make_token(desk, "Excel", Role.CDAO, ends_on=last.date()).secret
        assert (
            filled.get("/api/v1/rounds", headers={"Authorization": f"Bearer {secret}"}).status_code == status
        )


def test_a_token_of_a_removed_unit_reads_nothing_more(as_: As, store: Store) -> None:
    leader = as_(Role.COUNTRY_LEADER, "FR")
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE units SET kind = 'group' WHERE id = 'FR'")
    problem(leader.get("/api/v1/rounds"), 401)


def test_what_is_wrong_with_a_token_is_not_told(filled: TestClient, administrator: Desk) -> None:
    made = make_token(administrator, "Excel", Role.CDAO)
    revoke_token(administrator, made.token.id)
    unknown = "mrt_" + "A" * 43
    said = {
        problem(filled.get("/api/v1/units", headers={"Authorization": f"Bearer {given}"}), 401)
        for given in (made.secret, unknown, "x", "")
    }
    assert len(said) == 1


def test_made_tokens_work_without_the_operators(
    as_: As, monkeypatch: pytest.MonkeyPatch, filled: TestClient
) -> None:
    cdao = as_(Role.CDAO)
    monkeypatch.delenv("MESH_READINESS_API_TOKEN")
    from assessment.api import opened

    opened.settings.cache_clear()
    assert cdao.get("/api/v1/units").status_code == 200
    problem(filled.get("/api/v1/units", headers={"Authorization": f"Bearer {TOKEN}"}), 401)


def test_the_administrator_sees_when_a_token_was_last_used(as_: As, administrator: Desk) -> None:
    cdao = as_(Role.CDAO)
    assert list_tokens(administrator)[0].last_used_at is None
    cdao.get("/api/v1/units")
    first = list_tokens(administrator)[0].last_used_at
    assert first is not None
    assert datetime.now(UTC) - first < timedelta(minutes=1)
    cdao.get("/api/v1/units")
    assert list_tokens(administrator)[0].last_used_at == first, "once a minute"


def test_a_reading_never_fails_because_its_use_cannot_be_noted(
    as_: As, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cdao = as_(Role.CDAO)

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr("assessment.store.tokens.note_use", full)
    assert cdao.get("/api/v1/units").status_code == 200
    assert "use of a token not noted" in caplog.text


def test_the_history_names_the_token_by_its_id(as_: As, administrator: Desk, store: Store) -> None:
    as_(Role.COUNTRY_LEADER, "FR").get("/api/v1/scores.csv")
    (token,) = list_tokens(administrator)
    *_, kept = small.rows_of(store, "SELECT * FROM workspace_events ORDER BY id")
    assert (kept["action"], kept["person"], kept["role"]) == ("exported", f"api token {token.id}", "country_leader")  # fmt: skip


def test_a_wrong_token_never_reaches_the_database(client: TestClient, database: Path) -> None:
    database.unlink()
    problem(client.get("/api/v1/units", headers={"Authorization": "Bearer mrt_short"}), 401)
    asked = client.get("/api/v1/units", headers={"Authorization": "Bearer mrt_" + "A" * 43})
    assert re.search("db upgrade", problem(asked, 503))
