"""Programs that work are never held up; those that try tokens out are, and nobody else with them."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions.auditing import history
from assessment.actions.desk import Desk
from assessment.api import limiting
from assessment.limits import Limit
from assessment.store.history import Kind, Wanted
from tests.api.conftest import TOKEN, As, problem
from tests.store import small

GUESS = {"Authorization": "Bearer mrt_" + "A" * 43}


class Still:
    """A clock that stands, so that nothing comes back meanwhile."""

    def __call__(self) -> float:
        return 0.0


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, burst in (("OF_TOKEN", 5), ("FAILING", 3), ("FAILING_OF_ALL", 6)):
        monkeypatch.setattr(limiting, name, Limit(burst, 2.5, Still()))


def test_a_token_that_asks_too_often_waits_and_no_other_does(as_: As) -> None:
    hasty, patient = as_(Role.CDAO), as_(Role.COUNTRY_LEADER, "FR")
    for _ in range(5):
        assert hasty.get("/api/v1/rounds").status_code == 200
    refused = hasty.get("/api/v1/rounds")
    assert "Too many requests with this token" in problem(refused, 429)
    assert refused.headers["retry-after"] == "3"
    assert patient.get("/api/v1/rounds").status_code == 200


def test_the_operators_token_has_a_pace_too(filled: TestClient) -> None:
    assert [filled.get("/api/v1/rounds").status_code for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize("sent", [GUESS, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}, {}])
def test_tries_without_a_valid_token_are_held_up(client: TestClient, sent: dict[str, str]) -> None:
    assert [client.get("/api/v1/rounds", headers=sent).status_code for _ in range(5)] == [401] * 3 + [429] * 2
    refused = client.get("/api/v1/rounds", headers=sent)
    assert "without a valid token" in problem(refused, 429)
    assert int(refused.headers["retry-after"]) >= 1


def test_a_token_that_was_valid_lately_is_not_held_up_by_others_at_the_same_address(as_: As) -> None:
    reader = as_(Role.CDAO)
    assert reader.get("/api/v1/rounds").status_code == 200
    for _ in range(5):
        reader.get("/api/v1/rounds", headers=GUESS)
    assert reader.get("/api/v1/rounds", headers=GUESS).status_code == 429
    assert reader.get("/api/v1/rounds").status_code == 200


def test_what_succeeds_is_no_try_that_failed(as_: As) -> None:
    for _ in range(4):
        # Each a token of its own, which nobody has used before.
        assert as_(Role.CDAO).get("/api/v1/rounds").status_code == 200


def test_all_addresses_together_have_an_end(client: TestClient) -> None:
    for number in range(8):
        elsewhere = TestClient(client.app, client=(f"192.0.2.{number}", 1))
        assert elsewhere.get("/api/v1/rounds").status_code == (401 if number < 6 else 429)


def test_an_address_of_ipv6_is_a_whole_network(client: TestClient) -> None:
    found = [
        TestClient(client.app, client=(f"2001:db8::{n}", 1)).get("/api/v1/rounds").status_code
        for n in range(4)
    ]
    assert found == [401, 401, 401, 429]


def test_addresses_of_ipv4_are_told_apart_on_a_socket_for_both(client: TestClient) -> None:
    found = [
        TestClient(client.app, client=(f"::ffff:192.0.2.{n}", 1)).get("/api/v1/rounds").status_code
        for n in range(4)
    ]
    assert found == [401] * 4


def test_health_and_the_description_are_always_told(client: TestClient) -> None:
    for path in ("/healthz", "/readyz", "/api/v1/openapi.json"):
        assert {client.get(path).status_code for _ in range(10)} == {200}


def test_a_unit_out_of_reach_is_on_record_and_a_stranger_is_in_the_log_only(
    as_: As, administrator: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    reader = as_(Role.DOMAIN_OWNER, "FR.sales")
    for unit in ("FR", "FR", "XX"):
        assert reader.get(f"/api/v1/scores?unit={unit}").status_code == 404
    reader.get("/api/v1/scores", headers=GUESS)
    ever = Wanted(small.later(-(10**6)), small.later(10**7), frozenset({Kind.WORKSPACE}))
    entries = history(administrator, ever, 100).entries
    refused = [entry for entry in entries if entry.action == "refused"]
    assert [entry.about["unit"] for entry in refused] == ["XX", "FR"]
    assert {(entry.person[:9], entry.role) for entry in refused} == {("api token", "domain_owner")}
    assert "no valid token" in [record.message for record in caplog.records]
    assert not any(secret in caplog.text for secret in (GUESS["Authorization"][7:], TOKEN))
