"""What programs read, on both engines: through the addresses, with a token that was made, as far as it reaches."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions import reviewing, serving
from assessment.actions.answering import save_answer
from assessment.actions.tokens import list_tokens, make_token, revoke_token
from assessment.api import opened, reading, routes
from assessment.errors import NotAllowed, ResponseError
from assessment.settings import Settings
from tests.conftest import SmallWorkspace
from tests.store import small


@pytest.fixture
def called(workspace: SmallWorkspace, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The routes on this test's own store."""
    monkeypatch.setattr(opened, "settings", Settings)
    monkeypatch.setattr(opened, "checked_store", lambda: workspace.store)
    monkeypatch.setattr(opened, "catalogue", lambda: workspace.catalogue)
    reading.tables.clear()
    return TestClient(Starlette(routes=routes()))


@pytest.fixture
def sent(workspace: SmallWorkspace) -> SmallWorkspace:
    """France and its sales have answered one question each; only the sales have sent it."""
    for somebody, unit in ((small.SALES, "FR.sales"), (small.FRANCE, "FR")):
        for question in small.DOMAIN_QUESTIONS if unit == "FR.sales" else ("shared",):
            save_answer(
                workspace.desk(somebody), workspace.assessment(unit).id, question, {"state": "dont_know"},
                expected_version=0, idempotency_key=small.new_key(),
            )  # fmt: skip
    reviewing.submit(workspace.desk(small.SALES), workspace.assessment("FR.sales").id)
    return workspace


def test_a_token_reads_as_far_as_its_role_until_it_is_revoked(
    sent: SmallWorkspace, called: TestClient
) -> None:
    desk = sent.desk(small.ADMINISTRATOR)
    made = make_token(desk, "Excel", Role.COUNTRY_LEADER, "FR")
    called.headers["Authorization"] = f"Bearer {made.secret}"
    given = called.get("/api/v1/scores.csv")
    assert given.status_code == 200, given.text
    own = [row for row in csv.DictReader(io.StringIO(given.text)) if row["basis"] == "own" and not row["dimension_id"]]  # fmt: skip
    known = {row["unit_id"]: row["dont_know"] for row in own}
    assert known == {"FR": "1", "FR.sales": "0", "FR.finance": "0"}, "blind until both have sent"
    assert called.get("/api/v1/scores.json?unit=DE").status_code == 404
    tag = {"If-None-Match": given.headers["etag"]}
    assert called.get("/api/v1/scores.csv", headers=tag).status_code == 304
    assert list_tokens(desk)[0].last_used_at is not None
    revoke_token(desk, made.token.id)
    assert called.get("/api/v1/scores.csv").status_code == 401
    exported = small.rows_of(sent.store, "SELECT * FROM workspace_events WHERE action = 'exported'")
    assert [entry["person"] for entry in exported] == [f"api token {made.token.id}"]


def test_a_cdao_reads_of_everybody_what_was_sent(sent: SmallWorkspace) -> None:
    frame = serving.read_scores(sent.desk(small.CDAO), small.ROUND).frame
    own = frame[frame["basis"].eq("own") & frame["dimension_id"].eq("")].set_index("unit_id")["dont_know"]
    assert own[own > 0].index.tolist() == ["FR.sales"]


@pytest.mark.parametrize("read", [serving.read_scores, serving.read_judged])
def test_what_is_not_theirs_or_not_there_is_refused(workspace: SmallWorkspace, read) -> None:
    for unit in ("DE", "ACME", "nowhere"):
        with pytest.raises(NotAllowed):
            read(workspace.desk(small.FRANCE), small.ROUND, unit)
    for somebody in (small.REVIEWER, small.ADMINISTRATOR, small.AUTHOR):
        with pytest.raises(NotAllowed):
            read(workspace.desk(somebody), small.ROUND)
    with pytest.raises(ResponseError, match="no round"):
        read(workspace.desk(small.CDAO), "1999")
