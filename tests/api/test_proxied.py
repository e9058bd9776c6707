"""Where a proxy signs people in: its word makes a session, and whoever opens a page is led there first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions.desk import Desk
from assessment.actions.entering import visitor_of
from assessment.actions.people import add_person
from assessment.api import doorway
from assessment.api import opened as api_opened
from assessment.api.entrance import entrance_routes
from assessment.api.straight_in import StraightIn
from assessment.proxies import SECRET_HEADER, TrustedProxies
from assessment.store.engine import Store
from assessment.store.people import RoleHeld
from tests.store import small

SECRET = "a secret of thirty-two characters"
ANA = {SECRET_HEADER: SECRET, "X-Forwarded-User": "ana", "X-Forwarded-Email": "ana@example.org"}
PAGE = {"Sec-Fetch-Dest": "document"}


@pytest.fixture
def door(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The application behind a proxy on this machine, with one page; a browser that follows nothing by itself."""
    for name, value in {
        "SIGN_IN": "proxy", "PROXY_SECRET": SECRET, "SIGN_OUT_ADDRESS": "https://proxy.example/oauth2/sign_out",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"MESH_READINESS_{name}", value)
    forget()
    settings = api_opened.settings()
    page = Route("/{rest:path}", lambda _: PlainTextResponse("a page"))
    middleware = [Middleware(TrustedProxies, settings=settings), Middleware(StraightIn, settings=settings)]
    app = Starlette(routes=[*entrance_routes(), page], middleware=middleware)
    with TestClient(app, follow_redirects=False, client=("127.0.0.1", 50_000)) as browser:
        yield browser
    forget()


def forget() -> None:
    api_opened.settings.cache_clear()
    doorway.OF_ADDRESS.forget()
    doorway.OF_ALL.forget()


@pytest.fixture
def ana(door: TestClient, store: Store, catalogue: Any) -> str:
    desk: Desk = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    return add_person(desk, "Ana", "ana@example.org", RoleHeld(Role.CDAO))


def test_whom_the_proxy_names_comes_in_and_is_led_back(door: TestClient, ana: str, store: Store) -> None:
    led = door.get("/overview?role=cdao", headers={**ANA, **PAGE})
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?to=%2Foverview%3Frole%3Dcdao")
    entered = door.get(led.headers["location"], headers=ANA)
    assert (entered.status_code, entered.headers["location"]) == (303, "/overview?role=cdao")
    visitor = visitor_of(store, door.cookies["mesh-readiness"], datetime.now(UTC))
    assert visitor is not None
    assert visitor.person.id == ana
    assert door.get("/overview?role=cdao", headers={**ANA, **PAGE}).text == "a page"


@pytest.mark.parametrize("missing", ["X-Forwarded-User", SECRET_HEADER])
def test_who_does_not_come_through_the_proxy_gets_a_reason_and_no_session(
    door: TestClient, ana: str, missing: str
) -> None:
    refused = door.get("/sign-in", headers={name: value for name, value in ANA.items() if name != missing})
    assert refused.status_code == 403
    assert "says of nobody" in refused.text
    assert "mesh-readiness" not in door.cookies


def test_whom_nobody_here_knows_is_told_so(door: TestClient, ana: str) -> None:
    refused = door.get("/sign-in", headers={**ANA, "X-Forwarded-User": "bob", "X-Forwarded-Email": ""})
    assert refused.status_code == 403
    assert "signed in as bob" in refused.text


def test_the_proxys_own_way_out_is_shown_to_who_leaves(door: TestClient, ana: str) -> None:
    door.get("/sign-in", headers=ANA)
    left = door.post("/leave", headers={"Sec-Fetch-Site": "same-origin"})
    assert '<a href="https://proxy.example/oauth2/sign_out">' in left.text


@pytest.mark.parametrize("path", ["/leave", "/healthz", "/api/v1/scores", "/_stcore/health", "/media/x"])
def test_what_is_no_page_is_left_alone(door: TestClient, path: str) -> None:
    assert door.get(path, headers=PAGE).status_code != 303


def test_only_what_a_browser_opens_as_a_page_is_led_on(door: TestClient) -> None:
    assert door.get("/overview").text == "a page"
    assert door.get("/overview", headers={"Sec-Fetch-Dest": "script"}).text == "a page"
    assert door.post("/overview", headers=PAGE).status_code == 405
    door.cookies.set("mesh-readiness", "of a session that is over")
    assert door.get("/overview", headers=PAGE).text == "a page"
