"""A real server and a real Chromium; each test has a workspace of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[2]


# A busy machine is no fault of the page; what never comes still fails.
expect.set_options(timeout=30_000)


@dataclass
class Server:
    """`streamlit run app.py` on a database and a port that outlive a restart."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    script: str = "app.py"
    #: What it answers once it serves pages.
    ready: str = "readyz"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> None:
        """One command of the command line on this server's database."""
        subprocess.run(
            [sys.executable, "-m", "assessment.cli", *arguments], cwd=ROOT, env=self._env(), check=True
        )

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", self.script, f"--server.port={self.port}"]
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, env=self._env(), stdout=log, stderr=log)
        log.close()
        self._wait_until_ready()

    def stop(self) -> None:
        """Ends the server at once, as a crash would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def _env(self) -> dict[str, str]:
        url = f"sqlite:///{self.folder / 'workspace.db'}"
        return {
            **os.environ,
            "MESH_READINESS_DATABASE_URL": url,
            "MESH_READINESS_LOG_LEVEL": "WARNING",
            **self.environment,
        }

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, f"the server ended:\n{self.log()}"
            try:
                with urllib.request.urlopen(f"{self.url}/{self.ready}", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                # Waiting for a process of our own to listen; there is nothing to subscribe to.
                time.sleep(0.1)
        pytest.fail(f"the server did not come up:\n{self.log()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a synthetic workspace, made once by the product's own commands and copied for each test."""
    made = Server(tmp_path_factory.mktemp("demonstration"), 0)
    made.run("db", "upgrade")
    made.run("demo")
    return made.folder / "workspace.db"


@pytest.fixture
def server(tmp_path: Path, demonstration: Path) -> Iterator[Server]:
    """A running server with the synthetic workspace."""
    shutil.copy(demonstration, tmp_path / demonstration.name)
    made = Server(tmp_path, free_port())
    made.start()
    yield made
    made.stop()
    # What a person might not have noticed: a fault was logged behind a page that looked well.
    assert "Traceback" not in made.log(), made.log()[-4000:]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, timezone_id="Europe/Paris")
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


@pytest.fixture(autouse=True)
def _marked(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("browser"), "browser tests carry the marker"
