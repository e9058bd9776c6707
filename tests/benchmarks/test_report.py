"""The table of `make bench` names every goal, and takes nothing for met that wasn't measured."""

from __future__ import annotations

import math
from typing import Any

from tests.benchmarks.report import GOALS, told, with_ratios
from tests.benchmarks.times import figures

CROWD = {
    "people": 200,
    "every_s": 15.0,
    **figures([40.0, 60.0]),
    "errors": 0,
    "lost": 0,
    "computed_ms_per_answer": 9.0,
    "process_mb": 300.0,
    "session_mb": 0.3,
}
BROWSER = {"click": figures([50.0]), "page": figures([90.0]), "load_before": 0.1}
PORTFOLIO = {
    "first_content_ms": 400.0,
    "matrix_ms": 900.0,
    "cold_ms": 2000.0,
    "filter": figures([90.0]),
    "load_before": 0.1,
}


def measured(**use: dict[str, Any]) -> dict[str, Any]:
    cost = {"ms": 2.0, "extra_mb": 4.0}
    return with_ratios(
        {
            "machine": {"cores": 2}, "answers": 1000, "bandwidth_gb_s": 10.0, "engine": cost, "all_measures": cost,
            "rivals": {"pandas, in order": {"ms": 40.0, "extra_mb": 50.0}}, "growth": {1: 1.0, 10: 9.0},
            "one_unit_ms": 0.5, "draws_s": 0.5, "saves_ms": {"1": 1.0, "10,560": 1.1}, "use": use,
        }
    )  # fmt: skip


def test_every_goal_has_a_line_and_is_met_by_what_is_good_enough():
    crowd = {**CROWD, "load_before": 0.1}
    found = measured(browser=BROWSER, portfolio=PORTFOLIO, sqlite=crowd, postgresql=crowd)
    assert all(found["is_met"].values())
    for name in GOALS:
        assert f"  {name} " in told(found)


def test_a_lost_answer_misses_its_goal():
    found = measured(sqlite={**CROWD, "lost": 1, "load_before": 0.1})
    assert found["is_met"]["crowd_sqlite_lost"] is False
    assert "MISSED" in told(found)


def test_what_was_not_measured_is_neither_met_nor_missed():
    found = measured()
    assert found["is_met"]["crowd_postgresql_p95_ms"] is None
    assert "NOT MEASURED" in told(found)


def test_a_crowd_without_a_single_acknowledgement_misses_its_goals():
    found = measured(sqlite={**CROWD, **figures([]), "load_before": 0.1})
    assert math.isnan(found["results"]["crowd_sqlite_p95_ms"])
    assert found["is_met"]["crowd_sqlite_p95_ms"] is False


def test_percentiles_are_times_that_were_measured():
    assert figures(range(1, 101)) == {"count": 100, "p50_ms": 50, "p95_ms": 95, "p99_ms": 99, "max_ms": 100}
    assert figures([7.0]) == {"count": 1, "p50_ms": 7.0, "p95_ms": 7.0, "p99_ms": 7.0, "max_ms": 7.0}
