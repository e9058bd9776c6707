"""Whether something is known against the pinned versions: pip-audit's answer, read, where it can get one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: In seconds; a network that swallows everything shall not hold up a check.
_PATIENCE_S = 180


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found, a sentence each; or why nothing could be asked; and about which packages nobody knew anything."""

    found: tuple[str, ...] = ()
    skipped: str = ""
    unknown: tuple[str, ...] = ()


def ask(constraints: Path, decided: Mapping[str, Any]) -> Audit:
    """What the advisory database of PyPI says today."""
    command = [
        sys.executable, "-m", "pip_audit", "--requirement", str(constraints), "--no-deps", "--disable-pip",
        "--progress-spinner", "off", "--format", "json",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        return Audit(skipped=f"no answer in {_PATIENCE_S} seconds")
    return read(done.stdout, done.stderr, decided)


def read(out: str, err: str, decided: Mapping[str, Any]) -> Audit:
    """pip-audit's JSON; it has none when it couldn't ask, and a skipped package is one that the index doesn't know."""
    try:
        entries = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = err.strip().splitlines()
        return Audit(skipped=lines[-1][:200] if lines else "pip-audit said nothing")
    unknown = tuple(sorted(entry["name"] for entry in entries if "skip_reason" in entry))
    if len(unknown) == len(entries):
        return Audit(skipped="the index that pip uses here knows no advisories", unknown=unknown)
    return Audit(tuple(_told(entries, decided)), unknown=unknown)


def _told(entries: list[dict[str, Any]], decided: Mapping[str, Any]) -> list[str]:
    return [
        f"{entry['name']} {entry['version']}: {advisory['id']}; mended in {', '.join(advisory['fix_versions']) or 'no version yet'}."
        for entry in entries
        for advisory in entry.get("vulns", ())
        if not {advisory["id"], *advisory.get("aliases", ())} & decided.keys()
    ]
