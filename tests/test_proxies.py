"""What proxies say is believed of those that the settings name, and of nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from assessment.proxies import SECRET_HEADER, Named, TrustedProxies, names_of
from assessment.settings import Settings

SECRET = "a secret of thirty-two characters"
FROM_PROXY = {
    SECRET_HEADER: SECRET, "X-Forwarded-User": "ana", "X-Forwarded-Email": "ana@example.org",
    "X-Forwarded-Groups": "leads, offices,,", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9",
}  # fmt: skip
ANA = {"user": "ana", "name": "ana@example.org", "email": "ana@example.org", "groups": ["leads", "offices"]}


def seen(connection: HTTPConnection, prefix: str) -> dict[str, Any]:
    """What is left of it for the application."""
    named = names_of(connection.headers, prefix)
    who = None if named is None else {
        "user": named.user, "name": named.name, "email": named.email, "groups": sorted(named.groups),
    }  # fmt: skip
    return {
        "who": who, "scheme": connection.url.scheme, "from": connection.client and connection.client.host,
        "secret": SECRET_HEADER.lower() in connection.headers,
    }  # fmt: skip


def behind(peer: str, **settings: Any) -> TestClient:
    """An application that is called from an address."""
    given = Settings.model_validate({"sign_in": "proxy", "proxy_secret": SECRET, **settings})

    def answer(request: Request) -> JSONResponse:
        return JSONResponse(seen(request, given.proxy_headers))

    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_json(seen(socket, given.proxy_headers))
        await socket.close()

    routes = [Route("/", answer), WebSocketRoute("/ws", talk)]
    app = Starlette(routes=routes, middleware=[Middleware(TrustedProxies, settings=given)])
    return TestClient(app, client=(peer, 50_000))


def both(client: TestClient, headers: dict[str, str]) -> dict[str, Any]:
    """What a page and a websocket see, which is the same."""
    page = client.get("/", headers=headers).json()
    with client.websocket_connect("/ws", headers=headers) as socket:
        talk = socket.receive_json()
    assert talk == {**page, "scheme": {"http": "ws", "https": "wss"}[page["scheme"]]}
    found: dict[str, Any] = page
    return found


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_proxy_on_this_machine_says_who_it_is_and_from_where(peer: str) -> None:
    assert both(behind(peer), FROM_PROXY) == {
        "who": ANA, "scheme": "https", "from": "203.0.113.9", "secret": False,
    }  # fmt: skip


def test_a_network_of_proxies_can_be_named() -> None:
    client = behind("10.1.2.3", proxies="10.1.0.0/16, fd00::/8")
    assert both(client, FROM_PROXY)["who"] == ANA
    assert both(behind("127.0.0.1", proxies="10.1.0.0/16"), FROM_PROXY)["who"] is None


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "testclient", ""])
def test_from_anywhere_else_nothing_is_believed(peer: str) -> None:
    found = both(behind(peer), FROM_PROXY)
    assert found == {"who": None, "scheme": "http", "from": peer, "secret": False}


@pytest.mark.parametrize("shown", [None, "", SECRET[:-1], SECRET + "x", SECRET.upper()])
def test_without_the_secret_a_neighbour_on_this_machine_is_nobody(shown: str | None) -> None:
    headers = dict(FROM_PROXY)
    if shown is None:
        del headers[SECRET_HEADER]
    else:
        headers[SECRET_HEADER] = shown
    assert both(behind("127.0.0.1"), headers)["who"] is None


def test_where_nobody_is_signed_in_by_a_proxy_its_word_is_taken_away() -> None:
    for sign_in in ("none", "links", "oidc"):
        found = both(behind("127.0.0.1", sign_in=sign_in), FROM_PROXY)
        assert (found["who"], found["scheme"]) == (None, "https")


def test_headers_can_have_another_beginning() -> None:
    said = {
        SECRET_HEADER: SECRET,
        "Remote-User": "ana",
        "Remote-Name": "Ana Silva",
        "X-Forwarded-User": "eve",
    }
    found = both(behind("127.0.0.1", proxy_headers="Remote"), said)
    assert found["who"] == {"user": "ana", "name": "Ana Silva", "email": "", "groups": []}


def test_a_name_without_a_user_names_nobody() -> None:
    assert names_of({"X-Forwarded-Email": "ana@example.org"}, "X-Forwarded") is None
    assert names_of({"X-Forwarded-User": "  "}, "X-Forwarded") is None
    assert names_of({"X-Forwarded-User": "ana"}, "X-Forwarded") == Named("ana", "ana", "", frozenset())


@pytest.mark.parametrize("name", ["X-Forwarded-User", "x-forwarded-groups"])
def test_a_word_that_a_proxy_added_to_the_browsers_own_names_nobody(name: str) -> None:
    headers = [(name, "eve"), *FROM_PROXY.items()]
    assert behind("127.0.0.1").get("/", headers=headers).json()["who"] is None


def test_what_a_proxy_writes_is_utf_8_and_what_isnt_stays_readable() -> None:
    said = {**FROM_PROXY, "X-Forwarded-Name": "José Ñandú"}
    headers = [(name.encode(), value.encode()) for name, value in said.items()]
    named = behind("127.0.0.1").get("/", headers=headers).json()["who"]
    assert named["name"] == "José Ñandú"
    assert names_of({"X-Forwarded-User": "jos\xe9"}, "X-Forwarded") == Named("josé", "josé", "", frozenset())


def test_two_secrets_are_none() -> None:
    client = behind("127.0.0.1")
    headers = [*FROM_PROXY.items(), (SECRET_HEADER, SECRET)]
    assert client.get("/", headers=headers).json()["who"] is None
