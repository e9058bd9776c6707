"""Measured costs → goals met or missed, as a table. Ratios count; times belong to the machine named above them."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.costs import RUNS

#: Design §9: at least the first, at most the others.
GOALS = {
    "times_faster_than_pandas": 15.0,
    "extra_mb": 100.0,
    "one_unit_ms": 1.0,
    "draws_s": 1.0,
    "growth": 10.0,
    # None is wanted; a fifth is what the disk's own moods come to.
    "growth_of_a_save": 1.2,
}


def with_ratios(found: dict[str, Any]) -> dict[str, Any]:
    """What the goals are about. The best pandas is the one on rows that happen to be in order."""
    pandas = [cost["ms"] for name, cost in found["rivals"].items() if name.startswith("pandas")]
    growth, saves = list(found["growth"].values()), list(found["saves_ms"].values())
    results = {
        "times_faster_than_pandas": min(pandas) / found["engine"]["ms"],
        "extra_mb": found["engine"]["extra_mb"],
        "one_unit_ms": found["one_unit_ms"],
        "draws_s": found["draws_s"],
        "growth": growth[-1] / growth[0],
        "growth_of_a_save": saves[-1] / saves[0],
    }
    return {
        **found,
        "results": results,
        "goals": GOALS,
        "is_met": {name: _is_met(name, results) for name in GOALS},
    }


def _is_met(name: str, results: dict[str, float]) -> bool:
    is_least = name == "times_faster_than_pandas"
    return results[name] >= GOALS[name] if is_least else results[name] <= GOALS[name]


def told(found: dict[str, Any]) -> str:
    """The table."""
    whole = found["answers"] * 8 / found["bandwidth_gb_s"] / 1e6
    lines = [
        f"{found['answers']:,} answers on {found['machine']['cores']} cores; best of {RUNS} runs.",
        f"Memory gives {found['bandwidth_gb_s']:.1f} GB/s to one thread: reading the answers once as numbers of 8 bytes"
        f" takes {whole:.1f} ms, as codes of one byte {whole / 8:.1f} ms.",
        "",
        f"{'the scores of all dimensions, from codes':44}{'ms':>9}{'extra MB':>10}{'ours is':>12}",
    ]
    ours = found["engine"]["ms"]
    costs = {"this engine": found["engine"], **found["rivals"]}
    lines += [
        f"  {name:42}{cost['ms']:>9.1f}{cost['extra_mb']:>10.0f}{cost['ms'] / ours:>10.1f} ×"
        for name, cost in costs.items()
    ]
    everything = found["all_measures"]
    lines += [
        f"{'all measures (results included in MB)':44}{everything['ms']:>9.1f}{everything['extra_mb']:>10.0f}",
        *(f"{f'a save among {n} assessments, median':44}{ms:>9.1f}" for n, ms in found["saves_ms"].items()),
        "",
        f"{'goal':34}{'wanted':>12}{'found':>10}",
    ]
    for name, value in found["results"].items():
        wanted = f"{'≥' if name == 'times_faster_than_pandas' else '≤'} {GOALS[name]:g}"
        lines.append(
            f"  {name:32}{wanted:>12}{value:>10.2f}   {'met' if found['is_met'][name] else 'MISSED'}"
        )
    return "\n".join(lines)
