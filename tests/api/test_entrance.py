"""The way in and out for people: who gets a cookie, what kind of one, and who gets none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions import invitations
from assessment.actions.desk import Desk
from assessment.actions.entering import visitor_of
from assessment.actions.invitations import MadeInvitation, end_sessions, invite
from assessment.actions.people import add_person
from assessment.api import doorway, entrance
from assessment.api import opened as api_opened
from assessment.cookies import signed_in_by
from assessment.headers import SecurityHeaders, security_headers
from assessment.limits import Limit
from assessment.store.engine import Store
from assessment.store.people import RoleHeld
from tests.store import small

HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


@pytest.fixture
def door(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The entrance on this test's own database, as a browser that follows nothing by itself."""
    monkeypatch.setenv("MESH_READINESS_SIGN_IN", "links")
    api_opened.settings.cache_clear()
    doorway.OF_ADDRESS.forget()
    doorway.OF_ALL.forget()
    app = Starlette(routes=entrance.entrance_routes(), middleware=[Middleware(SecurityHeaders)])
    with TestClient(app, follow_redirects=False) as browser:
        yield browser
    doorway.OF_ADDRESS.forget()
    doorway.OF_ALL.forget()


@pytest.fixture
def desk(door: TestClient, store: Store, catalogue: Any) -> Desk:
    return Desk(store, catalogue, small.ADMINISTRATOR, "a session", datetime.now(UTC))


@pytest.fixture
def ana(desk: Desk) -> str:
    return add_person(desk, "Ana <script>alert(1)</script>", "ana@example.org", RoleHeld(Role.CDAO))


@pytest.fixture
def link(desk: Desk, ana: str) -> MadeInvitation:
    return invite(desk, ana)


def cookie_of(response: Any) -> tuple[str, Any]:
    ((name, morsel),) = SimpleCookie(response.headers["set-cookie"]).items()
    return name, morsel


def test_a_look_shows_who_is_meant_and_uses_nothing_up(door: TestClient, link: MadeInvitation) -> None:
    for _ in range(3):
        seen = door.get(link.path)
        assert (seen.status_code, seen.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "Ana &lt;script&gt;alert(1)&lt;/script&gt;" in seen.text
        assert "<script" not in seen.text
        assert "set-cookie" not in seen.headers
        assert seen.headers["cache-control"] == "no-store"
        assert seen.headers["content-security-policy"] == security_headers()["Content-Security-Policy"]
    assert door.head(link.path).status_code == 200
    assert door.post(link.path, headers=HERE).status_code == 303


def test_the_button_gives_a_cookie_that_no_script_and_no_other_site_gets(
    door: TestClient, link: MadeInvitation, store: Store, ana: str
) -> None:
    entered = door.post(link.path, headers=HERE)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    name, morsel = cookie_of(entered)
    assert name == "mesh-readiness"
    assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"], morsel["secure"]) == (True, "lax", "/", "", "")  # fmt: skip
    assert int(morsel["max-age"]) == 14 * 24 * 3600
    found = visitor_of(store, morsel.value, datetime.now(UTC))
    assert found is not None
    assert found.person.id == ana
    assert link.secret not in str(entered.headers)


@pytest.mark.parametrize("how", ["https", "setting"])
def test_over_https_the_cookie_is_of_this_host_alone(
    door: TestClient, link: MadeInvitation, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "setting":
        monkeypatch.setenv("MESH_READINESS_HTTPS_ONLY", "true")
        api_opened.settings.cache_clear()
    base = "https://testserver" if how == "https" else "http://testserver"
    name, morsel = cookie_of(door.post(base + link.path, headers={"Sec-Fetch-Site": "same-origin"}))
    assert name == "__Host-mesh-readiness"
    assert (morsel["secure"], morsel["path"], morsel["domain"]) == (True, "/", "")


def test_a_cookie_that_could_have_come_by_plain_http_is_not_read_where_https_is_a_must() -> None:
    plain, of_host = {"mesh-readiness": "a"}, {"__Host-mesh-readiness": "b"}
    assert (signed_in_by(plain, https_only=True), signed_in_by(plain, https_only=False)) == ("", "a")
    assert {signed_in_by(plain | of_host, https_only=only) for only in (True, False)} == {"b"}
    assert signed_in_by({}, https_only=False) == ""


def test_wrong_used_and_ended_links_are_told_alike(
    door: TestClient, desk: Desk, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = invite(desk, ana)
    door.post(used.path, headers=HERE)
    replaced = invite(desk, ana)
    revoked = invite(desk, ana)
    invitations.revoke_invitation(desk, revoked.invitation.id)
    monkeypatch.setattr(invitations, "LASTS", timedelta(0))
    over = invite(desk, ana)
    texts = set()
    for path, status in [
        *((entry.path, 410) for entry in (used, replaced, revoked, over)),
        ("/enter/" + "A" * 43, 404), ("/enter/x", 404), ("/enter/%00%FF", 404), ("/enter/" + "A" * 5000, 404),
    ]:  # fmt: skip
        for response in (door.get(path), door.post(path, headers=HERE)):
            assert response.status_code == status, path
            assert "set-cookie" not in response.headers
            texts.add(response.text)
    assert len(texts) == 1
    assert "Ana" not in texts.pop()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "none"}, {"Origin": "null"}, {"Origin": "http://elsewhere"},
        {"Origin": "http://testserver.elsewhere"}, {"Origin": "http://testserver:81"}, {"Origin": ""},
        {"Origin": "http://["},
    ],
    ids=str,
)  # fmt: skip
def test_a_form_of_another_page_signs_nobody_in_or_out(
    door: TestClient, link: MadeInvitation, headers: dict[str, str], store: Store
) -> None:
    refused = door.post(link.path, headers=headers)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers
    _, morsel = cookie_of(door.post(link.path, headers={"Origin": "http://testserver"}))
    assert door.post("/leave", headers=headers).status_code == 403
    assert visitor_of(store, morsel.value, datetime.now(UTC))


def test_leaving_ends_the_session_and_takes_the_cookie(
    door: TestClient, link: MadeInvitation, store: Store
) -> None:
    secret = cookie_of(door.post(link.path, headers=HERE))[1].value
    assert door.get("/leave").status_code == 200
    assert visitor_of(store, secret, datetime.now(UTC)), "a look signs nobody out"
    left = door.post("/leave", headers=HERE)
    assert "You are signed out" in left.text
    assert visitor_of(store, secret, datetime.now(UTC)) is None
    assert "mesh-readiness" not in door.cookies
    assert door.post("/leave", headers=HERE).status_code == 200


def test_a_browser_that_comes_in_again_has_one_session(
    door: TestClient, desk: Desk, ana: str, store: Store
) -> None:
    first, second = (cookie_of(door.post(invite(desk, ana).path, headers=HERE))[1].value for _ in range(2))
    assert visitor_of(store, first, datetime.now(UTC)) is None
    assert visitor_of(store, second, datetime.now(UTC))
    assert end_sessions(desk, ana) == 1


def test_who_tries_too_often_waits_and_who_comes_in_does_not_count(
    door: TestClient, desk: Desk, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorway, "OF_ADDRESS", Limit(3, 7.5, lambda: 0.0))
    for _ in range(4):
        made = invite(desk, ana)
        assert (door.get(made.path).status_code, door.post(made.path, headers=HERE).status_code) == (200, 303)
    assert [door.get("/enter/x").status_code for _ in range(4)] == [404, 404, 404, 429]
    right = invite(desk, ana)
    stopped = door.post(right.path, headers=HERE)
    assert (stopped.status_code, stopped.headers["retry-after"]) == (429, "8")
    assert "set-cookie" not in stopped.headers
    other = TestClient(door.app, client=("2001:db8::1", 1), follow_redirects=False)
    assert other.get(right.path).status_code == 200, "another address may"


def test_a_whole_ipv6_network_counts_as_one_and_all_together_have_a_limit(
    door: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tried(address: str) -> int:
        return int(TestClient(door.app, client=(address, 1)).get("/enter/x").status_code)

    monkeypatch.setattr(doorway, "OF_ADDRESS", Limit(1, 60, lambda: 0.0))
    assert [tried(f"2001:db8::{number}") for number in (1, 2)] == [404, 429]
    monkeypatch.setattr(doorway, "OF_ALL", Limit(2, 60, lambda: 0.0))
    assert [tried(f"192.0.2.{number}") for number in (1, 2, 3)] == [404, 404, 429]


def test_a_database_that_is_away_and_a_bug_are_told_without_a_trace(
    door: TestClient, link: MadeInvitation, database: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("assessment.actions.entering.invited", broken)
    failed = door.get(link.path)
    assert failed.status_code == 500
    assert "secret of ours" not in failed.text
    assert "logged as incident" in failed.text
    assert link.secret not in caplog.text
    database.unlink()
    api_opened.checked_store.cache_clear()
    assert door.post(link.path, headers=HERE).status_code == 503


def test_other_methods_do_nothing(door: TestClient, link: MadeInvitation) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert door.request(method, link.path).status_code == 405
    assert door.get(link.path).status_code == 200
