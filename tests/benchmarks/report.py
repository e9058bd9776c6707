"""Measured costs → goals met or missed, as a table. Ratios count; times belong to the machine named above them."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.costs import RUNS

#: Of these at least the goal is wanted, of all others at most.
AT_LEAST = {"times_faster_than_pandas"}
#: How a crowd's goals are called, and what is wanted of each.
_CROWD_GOALS = {
    "p95_ms": 150.0,
    "p99_ms": 500.0,
    "errors": 0.0,
    "lost": 0.0,
    "session_mb": 0.5,
    "process_mb": 400.0,
}
DATABASES = ("sqlite", "postgresql")
#: Where the results of one person alone are found: part, figure, and which of its percentiles.
_ALONE = {
    "click_p95_ms": ("browser", "click", "p95_ms"),
    "page_change_p95_ms": ("browser", "page", "p95_ms"),
    "portfolio_first_content_ms": ("portfolio", "first_content_ms", ""),
    "portfolio_filter_p95_ms": ("portfolio", "filter", "p95_ms"),
}
#: Design §9.
GOALS = {
    "times_faster_than_pandas": 15.0,
    "extra_mb": 100.0,
    "one_unit_ms": 1.0,
    "draws_s": 1.0,
    "growth": 10.0,
    # None is wanted; a fifth is what the disk's own moods come to.
    "growth_of_a_save": 1.2,
    "click_p95_ms": 100.0,
    "page_change_p95_ms": 300.0,
    "portfolio_first_content_ms": 1000.0,
    "portfolio_filter_p95_ms": 300.0,
    **{f"crowd_{name}_{figure}": goal for name in DATABASES for figure, goal in _CROWD_GOALS.items()},
}


def with_ratios(found: dict[str, Any]) -> dict[str, Any]:
    """What the goals are about; what wasn't measured is missing. The best pandas is the one on rows that happen to be in order."""
    pandas = [cost["ms"] for name, cost in found["rivals"].items() if name.startswith("pandas")]
    growth, saves = list(found["growth"].values()), list(found["saves_ms"].values())
    results = {
        "times_faster_than_pandas": min(pandas) / found["engine"]["ms"],
        "extra_mb": found["engine"]["extra_mb"],
        "one_unit_ms": found["one_unit_ms"],
        "draws_s": found["draws_s"],
        "growth": growth[-1] / growth[0],
        "growth_of_a_save": saves[-1] / saves[0],
        **_used(found["use"]),
    }
    return {
        **found,
        "results": results,
        "goals": GOALS,
        "is_met": {name: _is_met(name, results) for name in GOALS},
    }


def _used(use: dict[str, Any]) -> dict[str, float]:
    """The results of the parts of `use.use` that were measured."""
    alone = {
        name: use[part][figure][key] if key else use[part][figure]
        for name, (part, figure, key) in _ALONE.items()
        if part in use
    }
    together = {
        f"crowd_{name}_{figure}": float(use[name][figure])
        for name in DATABASES
        if name in use
        for figure in _CROWD_GOALS
    }
    return {**alone, **together}


def _is_met(name: str, results: dict[str, float]) -> bool | None:
    """None where nothing was measured; what couldn't be counted (NaN) is missed."""
    if name not in results:
        return None
    return results[name] >= GOALS[name] if name in AT_LEAST else results[name] <= GOALS[name]


def told(found: dict[str, Any]) -> str:
    """The table."""
    return "\n".join([*_scoring_lines(found), "", *_use_lines(found["use"]), "", *_goal_lines(found)])


def _scoring_lines(found: dict[str, Any]) -> list[str]:
    whole = found["answers"] * 8 / found["bandwidth_gb_s"] / 1e6
    ours, everything = found["engine"]["ms"], found["all_measures"]
    costs = {"this engine": found["engine"], **found["rivals"]}
    return [
        f"{found['answers']:,} answers on {found['machine']['cores']} cores; best of {RUNS} runs.",
        f"Memory gives {found['bandwidth_gb_s']:.1f} GB/s to one thread: reading the answers once as numbers of 8 bytes"
        f" takes {whole:.1f} ms, as codes of one byte {whole / 8:.1f} ms.",
        "",
        f"{'the scores of all dimensions, from codes':44}{'ms':>9}{'extra MB':>10}{'ours is':>12}",
        *(
            f"  {name:42}{cost['ms']:>9.1f}{cost['extra_mb']:>10.0f}{cost['ms'] / ours:>10.1f} ×"
            for name, cost in costs.items()
        ),
        f"{'all measures (results included in MB)':44}{everything['ms']:>9.1f}{everything['extra_mb']:>10.0f}",
        *(f"{f'a save among {n} assessments, median':44}{ms:>9.1f}" for n, ms in found["saves_ms"].items()),
    ]


def _use_lines(use: dict[str, Any]) -> list[str]:
    """Each kind of waiting, with how busy the machine was with other things before it was measured."""
    browser, overview = use.get("browser", {}), use.get("portfolio", {})
    rows = {
        "a click, until the card says it is saved": (browser.get("click"), browser),
        "the same on a page of bare widgets": (browser.get("bare_click"), browser),
        "from one section to the next": (browser.get("page"), browser),
        "a filter of a large group's overview": (overview.get("filter"), overview),
        **{
            f"among {use[name]['people']}, a click each {use[name]['every_s']:g} s, {name}": (use[name],) * 2
            for name in DATABASES
            if name in use
        },
    }
    arrived = {
        "to its headline": "first_content_ms",
        "to its matrix": "matrix_ms",
        "the same after a start": "cold_ms",
    }
    return [
        f"{'milliseconds that people wait':44}{'count':>9}{'median':>10}{'95 %':>12}{'99 %':>10}{'load':>10}",
        *(
            f"  {label:42}{times['count']:>9}{times['p50_ms']:>10.0f}{times['p95_ms']:>12.0f}{times['p99_ms']:>10.0f}"
            f"{part['load_before']:>10.1f}"
            for label, (times, part) in rows.items()
            if times
        ),
        *(
            f"  {f'a large group, {words}':51}{overview[name]:>10.0f}"
            for words, name in arrived.items()
            if name in overview
        ),
        *(
            f"  {f'what the server computes for it, {name}':51}{use[name]['computed_ms_per_answer']:>10.0f}"
            for name in DATABASES
            if name in use
        ),
    ]


def _goal_lines(found: dict[str, Any]) -> list[str]:
    lines = [f"{'goal':34}{'wanted':>12}{'found':>10}"]
    for name, goal in GOALS.items():
        wanted = f"{'≥' if name in AT_LEAST else '≤'} {goal:g}"
        value, is_met = found["results"].get(name), found["is_met"][name]
        said = {True: "met", False: "MISSED", None: "NOT MEASURED"}[is_met]
        lines.append(f"  {name:32}{wanted:>12}{'' if value is None else f'{value:.2f}':>10}   {said}")
    return lines
