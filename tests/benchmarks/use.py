"""What using the application costs: one person in a browser, a large group's overview, and many at once on each database."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from tests.benchmarks.clicks import clicks
from tests.benchmarks.crowd import crowd
from tests.benchmarks.portfolio import portfolio
from tests.chromium import executable
from tests.postgres import NoPostgres, server


def use(people: int, seconds: float) -> dict[str, dict[str, Any]]:
    """The figures by part; a part that this machine can't measure is missing, and said to be."""
    parts: dict[str, Callable[[], dict[str, Any] | None]] = {
        "browser": lambda: _in_browser("a person's clicks", clicks),
        "portfolio": lambda: _in_browser("a large group's overview", portfolio),
        "sqlite": lambda: crowd(people=people, seconds=seconds),
        "postgresql": lambda: _crowd_on_postgres(people, seconds),
    }
    found = {}
    for name, part in parts.items():
        # Others at work make every time longer: whoever reads the figures has to know.
        load = os.getloadavg()[0]
        figures = part()
        if figures is not None:
            found[name] = {**figures, "load_before": load}
    return found


def _in_browser(what: str, part: Callable[[], Mapping[str, Any]]) -> dict[str, Any] | None:
    if executable() is None:
        _say_not_measured(f"{what}: no Chromium on this machine")
        return None
    return dict(part())


def _crowd_on_postgres(people: int, seconds: float) -> dict[str, Any] | None:
    try:
        with server() as running:
            return dict(crowd(running.create("crowd"), people, seconds))
    except NoPostgres:
        _say_not_measured("a crowd on PostgreSQL: no server's programs on this machine")
        return None


def _say_not_measured(what: str) -> None:
    sys.stderr.write(f"\n!!! Not measured, {what}.\n\n")
