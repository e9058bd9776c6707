"""The proxy of the drill is compose.yaml's own file; nginx takes it and does with it what the guide says.

In front of two small servers that tell who they are. Without nginx most of this is skipped, loudly; `make drill` installs one.
"""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import pytest

from tests.browser.conftest import free_port
from tests.drill import proxy
from tests.drill.proxy import CONFIGURATION, HOST, NoNginx, Places, configuration

SECRET = "a-secret-of-a-link"


class Told(BaseHTTPRequestHandler):
    """Answers with the port that it was asked at and the headers that it was sent."""

    def do_GET(self) -> None:
        body = json.dumps({"port": self.connection.getsockname()[1], **dict(self.headers)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def serving(port: int) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", port), Told)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def end(server: ThreadingHTTPServer) -> None:
    server.shutdown()
    server.server_close()


@dataclass
class Front:
    """The running proxy, and the two servers behind it."""

    places: Places
    client: httpx2.Client
    behind: list[ThreadingHTTPServer]

    def ask(
        self,
        path: str = "/",
        cookie: str = "",
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx2.Response:
        """What the proxy answers a browser with this `mesh_route`; content is posted."""
        sent = {"Host": f"{HOST}:{self.places.https}", **(headers or {})}
        if cookie:
            sent["Cookie"] = f"mesh_route={cookie}"
        self.client.cookies.clear()
        return self.client.request(
            "POST" if content else "GET", f"https://127.0.0.1:{self.places.https}{path}", headers=sent, content=content,
            extensions={"sni_hostname": HOST},
        )  # fmt: skip

    def port(self, cookie: str) -> int:
        return int(self.ask(cookie=cookie).json()["port"])


def places(folder: Path) -> Places:
    first, second, https, http = (free_port() for _ in range(4))
    return Places(folder, https, http, (first, second), folder / "certificate.pem", folder / "key.pem")


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    # Not one of pytest's own, which are root's alone: nginx' workers are somebody else when root starts it.
    with TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield from _front(folder)


def _front(folder: Path) -> Iterator[Front]:
    where = places(folder)
    try:
        proxy.program()
    except NoNginx:
        pytest.skip("!!! no nginx: `make drill` installs one")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", where.key, "-out", where.certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    trust = ssl.create_default_context(cafile=where.certificate)
    with proxy.running(where), httpx2.Client(verify=trust, trust_env=False) as client:
        made = Front(where, client, [serving(port) for port in where.apps])
        yield made
        for server in made.behind:
            end(server)


def test_only_addresses_ports_and_paths_are_replaced(tmp_path: Path) -> None:
    rendered = configuration(places(tmp_path)).splitlines()
    original = CONFIGURATION.read_text(encoding="utf-8").splitlines()
    changed = [line for line, before in zip(rendered, original, strict=True) if line != before]
    allowed = (str(tmp_path), "server 127.0.0.1:", "listen 127.0.0.1:")
    assert [line for line in changed if not any(part in line for part in allowed)] == []
    assert len(changed) == 14


def test_nginx_has_nothing_to_say_about_it(front: Front) -> None:
    file = front.places.folder / "nginx.conf"
    command = [proxy.program(), "-t", "-q", "-c", str(file), "-e", str(front.places.folder / "tried.log")]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (tried.returncode, tried.stderr) == (0, "")


def test_a_browser_is_dealt_a_process_once_and_stays_with_it(front: Front) -> None:
    dealt = [front.ask().headers["set-cookie"] for _ in range(40)]
    assert all(cookie.endswith("; Path=/; Secure; HttpOnly; SameSite=Lax") for cookie in dealt)
    routes = [cookie.partition(";")[0].partition("=")[2] for cookie in dealt]
    assert len(set(routes)) == 40
    ports = {route: {front.port(route) for _ in range(3)} for route in routes}
    assert {len(found) for found in ports.values()} == {1}
    assert set(Counter(min(found) for found in ports.values())) == set(front.places.apps)
    assert "set-cookie" not in front.ask(cookie=routes[0]).headers


@pytest.mark.parametrize("cookie", ["../../etc", "x" * 32, "%0d%0aSet-Cookie:x"])
def test_a_cookie_that_nobody_dealt_is_dealt_anew(front: Front, cookie: str) -> None:
    assert front.ask(cookie=cookie).headers["set-cookie"].startswith("mesh_route=")


def test_when_a_process_is_gone_its_browsers_go_on_with_the_other(front: Front) -> None:
    routes = [f"{n:032x}" for n in range(20)]
    at_first = {route: front.port(route) for route in routes}
    gone = front.places.apps[0]
    end(front.behind[0])
    assert {front.port(route) for route in routes} == {front.places.apps[1]}
    front.behind[0] = serving(gone)
    assert gone in at_first.values()


def test_the_program_is_told_who_asks_and_how_and_a_browser_cannot_lie_about_it(front: Front) -> None:
    said = front.ask(headers={"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http"}).json()
    assert (said["X-Forwarded-For"], said["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
    assert said["Host"] == f"{HOST}:{front.places.https}"


def test_the_operators_addresses_are_not_passed_on(front: Front) -> None:
    assert [front.ask(path).status_code for path in ("/metrics", "/readyz", "/healthz")] == [404, 404, 200]


def test_a_file_is_taken_up_to_what_streamlit_takes(front: Front) -> None:
    assert front.ask(content=b"x" * 10_500_000).status_code == 200
    assert front.ask(content=b"x" * 12_000_000).status_code == 413


def test_plain_http_is_sent_to_tls_and_is_not_to_be_tried_again(front: Front) -> None:
    plain = httpx2.get(
        f"http://127.0.0.1:{front.places.http}/answer?a=1", headers={"Host": HOST}, trust_env=False
    )
    assert (plain.status_code, plain.headers["location"]) == (308, f"https://{HOST}/answer?a=1")
    assert front.ask().headers["strict-transport-security"] == "max-age=31536000"
    assert front.ask().headers["server"] == "nginx"


def test_the_log_lets_nobody_in(front: Front) -> None:
    front.ask(f"/enter/{SECRET}")
    front.ask("/answer?unit=a-unit", cookie="c0ffee")
    # nginx writes a line when it is done, which is a moment after the answer: the last answer's line comes last.
    logged = ""
    while "GET /last " not in logged:
        front.ask("/last")
        logged = (front.places.folder / "access.log").read_text()
    assert "GET /answer 200" in logged
    for hidden in (SECRET, "a-unit", "c0ffee"):
        assert hidden not in logged
