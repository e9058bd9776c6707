"""nginx with deploy/nginx.conf, the file that compose.yaml mounts: only addresses, ports and paths are replaced."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
HOST = "mesh.example.org"


class NoNginx(Exception):
    """This machine has none."""


@dataclass(frozen=True)
class Places:
    """Where everything is on this machine that compose.yaml puts into containers."""

    folder: Path
    https: int
    http: int
    #: The ports of the processes that the file calls app-1 and app-2.
    apps: tuple[int, int]
    certificate: Path
    key: Path

    @property
    def replaced(self) -> Mapping[str, str]:
        """What stands in the file, and what stands there instead."""
        first, second = self.apps
        return {
            # First: what else is put in may be below /tmp, too.
            "/tmp/": f"{self.folder}/",
            "app-1:8501": f"127.0.0.1:{first}", "app-2:8501": f"127.0.0.1:{second}",
            "listen 8443": f"listen 127.0.0.1:{self.https}", "listen 8080": f"listen 127.0.0.1:{self.http}",
            "/run/secrets/tls_certificate": str(self.certificate), "/run/secrets/tls_key": str(self.key),
            "error_log stderr": f"error_log {self.folder / 'error.log'}",
            "/dev/stdout": str(self.folder / "access.log"),
        }  # fmt: skip


def configuration(places: Places) -> str:
    """The file as nginx reads it here."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    for stands, instead in places.replaced.items():
        assert stands in text, f"{CONFIGURATION.name} has no '{stands}' any more"
        text = text.replace(stands, instead)
    return text


def written(places: Places) -> Path:
    """The file where nginx finds it."""
    file = places.folder / "nginx.conf"
    file.write_text(configuration(places), encoding="utf-8")
    return file


def program() -> str:
    """Where nginx is; outside of the usual PATH, too.

    Raises:
        NoNginx: Nowhere.
    """
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NoNginx
    return found


@contextmanager
def running(places: Places) -> Iterator[None]:
    """The proxy, until the block ends."""
    command = [
        program(),
        "-c",
        str(written(places)),
        "-e",
        str(places.folder / "error.log"),
        "-g",
        "daemon off;",
    ]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        _wait_for(places.https, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not come up")
