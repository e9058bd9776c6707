"""The proxy of the drill is compose.yaml's own file, and nginx takes it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.drill import proxy
from tests.drill.proxy import CONFIGURATION, NoNginx, Places, configuration, written


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path, 1, 2, (3, 4), tmp_path / "certificate.pem", tmp_path / "key.pem")


def test_only_addresses_ports_and_paths_are_replaced(places: Places) -> None:
    rendered = configuration(places).splitlines()
    original = CONFIGURATION.read_text(encoding="utf-8").splitlines()
    changed = [line for line, before in zip(rendered, original, strict=True) if line != before]
    allowed = (str(places.folder), "server 127.0.0.1:", "listen 127.0.0.1:")
    assert [line for line in changed if not any(part in line for part in allowed)] == []
    assert len(changed) == 14


def test_nginx_takes_it(places: Places) -> None:
    try:
        program = proxy.program()
    except NoNginx:
        pytest.skip("!!! no nginx: `make drill` installs one")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
         "-keyout", str(places.key), "-out", str(places.certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    tried = subprocess.run(
        [program, "-t", "-c", str(written(places)), "-e", str(places.folder / "error.log")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (tried.returncode, "warn" in tried.stderr) == (0, False), tried.stderr
