"""The example of the documentation runs as it stands, against a server that listens."""

from __future__ import annotations

import contextlib
import io
import re
import socket
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from assessment.access import Role
from tests.api.conftest import As, items
from tests.conftest import ROOT

EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "http.md").read_text(), re.DOTALL)


@pytest.fixture
def listening(filled: TestClient) -> Iterator[str]:
    """The address of the routes on a port of their own."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        server = uvicorn.Server(uvicorn.Config(filled.app, log_level="error", lifespan="off", ws="none"))
        thread = Thread(target=server.run, args=([taken],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/api/v1"
        server.should_exit = True
        thread.join()


def test_the_example_with_pandas_runs(
    listening: str, filled: TestClient, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = EXAMPLES
    token = as_(Role.CDAO).headers["Authorization"].removeprefix("Bearer ")
    monkeypatch.setenv("MESH_API", listening)
    monkeypatch.setenv("MESH_TOKEN", token)
    said = io.StringIO()
    found: dict[str, Any] = {}
    with contextlib.redirect_stdout(said):
        exec(compile(example, "docs/http.md", "exec"), found)
    assert "France" in said.getvalue()
    assert "pilot" in said.getvalue()
    assert len(found["every_round"]) > len(found["scores"])
    exact = [row["score"] for row in items(filled, "scores?unit=FR")]
    assert found["scores"]["score"].replace({float("nan"): None}).tolist() == exact
