"""Every response tells the browser to load nothing from elsewhere, and Streamlit still starts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.starlette.starlette_routes import ROUTE_METRICS

from assessment.headers import SecurityHeaders, security_headers

PAGE = files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")


class Scripts(HTMLParser):
    """Every script of a page as a browser finds them: what it says, or where it lies."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.sources: list[str] = []
        self.events: list[str] = []
        self._within = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.events += [name for name in given if name.startswith("on")]
        if tag == "script" and "src" in given:
            self.sources.append(given["src"] or "")
        elif tag == "script":
            self._within = True
            self.inline.append("")

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.inline[-1] += data


def policy() -> dict[str, list[str]]:
    directives = security_headers()["Content-Security-Policy"].split("; ")
    return {name: values for name, *values in map(str.split, directives)}


async def _hello(request: Request) -> Response:
    return PlainTextResponse("hello", headers={"Referrer-Policy": "same-origin"})


async def _page(request: Request) -> Response:
    return Response(PAGE, media_type="text/html")


async def _stream(request: Request) -> Response:
    return StreamingResponse(iter([b"a", b"b"]))


async def _crash(request: Request) -> Response:
    raise KeyError("a bug")


async def _echo(socket: WebSocket) -> None:
    await socket.accept(subprotocol="streamlit", headers=[(b"x-own", b"kept")])
    await socket.send_text(await socket.receive_text())
    await socket.send_bytes(await socket.receive_bytes())
    await socket.close(code=4001, reason="done")


@pytest.fixture
def client() -> TestClient:
    routes = [
        Route(f"/{ROUTE_METRICS}", _hello), Route(f"/base/{ROUTE_METRICS}", _hello), Route("/hello", _hello), Route("/page", _page), Route("/stream", _stream), Route("/crash", _crash),
        WebSocketRoute("/socket", _echo),
    ]  # fmt: skip
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("path", "status"), [("/hello", 200), ("/page", 200), ("/stream", 200), ("/nothing", 404)]
)
def test_every_response_has_every_header(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    expected = security_headers() | ({"Referrer-Policy": "same-origin"} if path == "/hello" else {})
    assert {name: response.headers[name] for name in expected} == expected


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_what_streamlit_counts_is_nobodys_to_read(client: TestClient, method: str) -> None:
    """It asks nobody who they are; ours, /metrics, does."""
    path = f"/{ROUTE_METRICS.strip('/')}"
    for address in (
        path,
        f"{path}?families=active_sessions",
        f"{path}/",
        f"/base{path}",
        "/%5Fstcore/metrics",
    ):
        response = client.request(method, address)
        assert (response.status_code, response.text in ("", "Not Found")) == (404, True), address
        assert response.headers["x-content-type-options"] == "nosniff"


def test_the_body_is_left_alone(client: TestClient) -> None:
    assert client.get("/hello").text == "hello"
    assert client.get("/stream").text == "ab"
    assert client.get("/page").text == PAGE


def test_a_header_that_the_application_set_itself_stays(client: TestClient) -> None:
    assert client.get("/hello").headers.get_list("referrer-policy") == ["same-origin"]


def test_a_websocket_passes_through_unchanged(client: TestClient) -> None:
    with client.websocket_connect("/socket", subprotocols=["streamlit"]) as socket:
        assert socket.accepted_subprotocol == "streamlit"
        headers: Any = socket.extra_headers
        assert headers == [(b"x-own", b"kept")]
        socket.send_text("text")
        assert socket.receive_text() == "text"
        socket.send_bytes(b"\x00\xff")
        assert socket.receive_bytes() == b"\x00\xff"
        assert socket.receive() == {"type": "websocket.close", "code": 4001, "reason": "done"}


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "http://testserver:81", "http://testserver.elsewhere.example", "null", "",
     "http://elsewhere.example/testserver", "http://testserver@elsewhere.example", "testserver", "http://[", "http://[::1"],
)  # fmt: skip
def test_a_page_elsewhere_opens_no_websocket_and_streamlit_isnt_even_asked(
    client: TestClient, origin: str
) -> None:
    """It would ask the internet for its own address at each try, twice a second long, while nobody else is served."""
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("/socket", headers={"Origin": origin}),
    ):
        pytest.fail("not reached")
    assert refused.value.code == 1008


@pytest.mark.parametrize("origin", ["http://testserver", "https://TESTSERVER"])
def test_a_page_of_this_server_opens_its_websocket(client: TestClient, origin: str) -> None:
    with client.websocket_connect("/socket", headers={"Origin": origin}) as socket:
        socket.send_text("text")
        assert socket.receive_text() == "text"
        socket.send_bytes(b"")


def test_starting_and_stopping_the_application_passes_through() -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        seen.append("started")
        yield
        seen.append("stopped")

    app = Starlette(lifespan=lifespan, middleware=[Middleware(SecurityHeaders)])
    with TestClient(app):
        assert seen == ["started"]
    assert seen == ["started", "stopped"]


def test_the_policy_lets_the_installed_streamlits_own_inline_scripts_run() -> None:
    scripts = Scripts(PAGE)
    assert scripts.inline, "or the hash is needed no more"
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in scripts.inline
    ]
    assert policy()["script-src"] == ["'self'", *hashes]


def test_the_installed_streamlit_needs_nothing_that_the_policy_forbids() -> None:
    scripts = Scripts(PAGE)
    assert all(source.startswith(("./", "/")) and not source.startswith("//") for source in scripts.sources)
    assert scripts.events == []


def test_no_script_but_those_may_run() -> None:
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:", "http:"} & set(
        policy()["script-src"]
    )
    for name in ("default-src", "script-src"):
        assert policy()[name][0] == "'self'"


def test_nothing_is_fetched_from_another_host() -> None:
    """A picture in somebody's comment would tell its server who reads it, and when."""
    allowed = {"'self'", "'unsafe-inline'", "data:", "blob:", "ws:", "wss:", "'none'"}
    for name, values in policy().items():
        assert {value for value in values if not value.startswith("'sha256-")} <= allowed, name
    assert "ws:" not in policy()["img-src"]


def test_nobody_frames_the_application_and_nothing_moves_its_base() -> None:
    assert policy()["frame-ancestors"] == ["'none'"]
    assert policy()["base-uri"] == ["'none'"]
    assert policy()["object-src"] == ["'none'"]
    assert security_headers()["X-Content-Type-Options"] == "nosniff"
    assert security_headers()["Referrer-Policy"] == "no-referrer"
