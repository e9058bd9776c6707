"""A finding is told and fails; that nobody could be asked is told and doesn't."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.dependencies import __main__ as command
from tests.dependencies import advisories
from tests.dependencies.advisories import Audit, read


def answer(*entries: dict[str, Any]) -> str:
    return json.dumps({"dependencies": entries, "fixes": []})


FINE = {"name": "alpha", "version": "1.0", "vulns": []}
BAD = {
    "name": "beta", "version": "2.0",
    "vulns": [
        {"id": "PYSEC-2099-1", "aliases": ["CVE-2099-1"], "fix_versions": ["2.1"], "description": "bad"},
        {"id": "PYSEC-2099-2", "aliases": [], "fix_versions": [], "description": "worse"},
    ],
}  # fmt: skip
NOBODY = {"name": "gamma", "skip_reason": "Dependency not found on PyPI"}


def test_every_advisory_is_told_with_the_version_that_mends_it() -> None:
    audit = read(answer(FINE, BAD, NOBODY), "", {})
    assert audit == Audit(
        (
            "beta 2.0: PYSEC-2099-1; mended in 2.1.",
            "beta 2.0: PYSEC-2099-2; mended in no version yet.",
        ),
        unknown=("gamma",),
    )


def test_an_advisory_that_somebody_decided_on_is_not_told_again() -> None:
    for name in ("PYSEC-2099-1", "CVE-2099-1"):
        (left,) = read(answer(BAD), "", {name: {"reason": "not called"}}).found
        assert "PYSEC-2099-2" in left


@pytest.mark.parametrize(
    ("out", "err", "why"),
    [
        ("", "Traceback\nConnectionError: nobody there", "ConnectionError: nobody there"),
        ("", "", "pip-audit said nothing"),
        ("{}", "odd", "odd"),
        (answer(NOBODY, NOBODY), "", "the index that pip uses here knows no advisories"),
    ],
)
def test_without_an_answer_it_is_said_that_nobody_looked(out: str, err: str, why: str) -> None:
    audit = read(out, err, {})
    assert (audit.found, audit.skipped) == ((), why)


def test_a_network_that_swallows_everything_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", never)
    assert "no answer" in advisories.ask(Path("constraints.txt"), {}).skipped


@pytest.mark.parametrize(
    ("audit", "status", "told"),
    [
        (Audit(), 0, ""),
        (Audit(skipped="no network"), 0, "!!! Nobody looked for advisories against dependencies: no network."),
        (Audit(("beta 2.0: PYSEC-2099-1; mended in 2.1.",)), 1, "PYSEC-2099-1"),
        (Audit(unknown=("gamma",)), 0, "!!! No advisories are known here of: gamma."),
    ],
)  # fmt: skip
def test_the_command_fails_on_a_finding_only_and_says_what_it_did_not_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], audit: Audit, status: int, told: str
) -> None:
    monkeypatch.setattr("sys.argv", ["dependencies"])
    monkeypatch.setattr(advisories, "ask", lambda *_: audit)
    assert command.main() == status
    said = capsys.readouterr().err
    assert told in said
    assert bool(said) is bool(told)
