"""What scoring and saving cost here, and what others take for the same scores.

Each engine runs in a process of its own, so that the memory of one isn't counted for another.
"""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from assessment.analysis.standing import rank_ranges
from assessment.scoring.engine import node_scores, score_nodes
from tests.benchmarks.rivals import RIVALS
from tests.benchmarks.saves import saves
from tests.benchmarks.work import Work, invented

RUNS = 5
_STATUS = Path("/proc/self/status")


def timed(job: Callable[[], object], runs: int = RUNS) -> float:
    """Milliseconds of the best of some runs: the others had company."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        found.append((time.perf_counter() - start) * 1e3)
    return min(found)


def in_own_process(job: Callable[..., dict[str, float]], *arguments: Any) -> dict[str, float]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(job, *arguments).result()


def _cost(job: Callable[[], object]) -> dict[str, float]:
    before = _memory_mb("VmRSS")
    _forget_peak()
    job()
    return {"extra_mb": _memory_mb("VmHWM") - before, "ms": timed(job)}


def _memory_mb(which: str) -> float:
    """What this process holds now (VmRSS) or has held at most (VmHWM); NaN where the system doesn't say."""
    if not _STATUS.exists():
        return math.nan
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(which))
    return int(line.split()[1]) / 2**10


def _forget_peak() -> None:
    """Making the work took more memory than doing it: its peak may not hide the job's."""
    if _STATUS.exists():
        Path("/proc/self/clear_refs").write_text("5")


def engine_cost(assessments: int) -> dict[str, float]:
    """The score of every node, from codes."""
    work = invented(assessments)
    node_scores(work.plan, work.codes[:1])
    return _cost(lambda: node_scores(work.plan, work.codes))


def all_measures_cost(assessments: int) -> dict[str, float]:
    """Also bounds, supported score, coverage, secured level with its blocker and all counts."""
    work = invented(assessments)
    score_nodes(work.plan, work.codes[:1], work.caps[:1])
    return _cost(lambda: score_nodes(work.plan, work.codes, work.caps))


def rival_cost(name: str, assessments: int, is_shuffled: bool) -> dict[str, float]:
    """One of the others on rows in order, or in no order."""
    work = invented(assessments)
    answers = work.as_long_table()
    if is_shuffled:
        answers = answers.sample(frac=1, random_state=1).reset_index(drop=True)
    facts, rival = work.question_facts(), RIVALS[name]
    rival(answers.head(100), facts, assessments)
    return _cost(lambda: rival(answers, facts, assessments))


def one_unit_ms(work: Work) -> float:
    """All measures of one assessment again, after one answer."""
    return timed(lambda: score_nodes(work.plan, work.codes[:1], work.caps[:1]), runs=500)


def draws_s(work: Work) -> float:
    """Rank ranges of 200 units from 1,000 weight draws."""
    scores = score_nodes(work.plan, work.codes[:200], work.caps[:200])
    names = [f"unit-{number}" for number in range(200)]
    weights, bounds = work.plan.nodes[0].weights, (scores.low[:, 0], scores.high[:, 0])
    return (
        timed(lambda: rank_ranges(names, scores.score[:, 1:], weights, bounds, np.random.default_rng(0)))
        / 1e3
    )


def bandwidth_gb_s() -> float:
    """What the machine's memory gives one thread that adds up 256 MB."""
    block = np.ones(2**25)
    return block.nbytes / timed(block.sum) / 1e6


def measured(assessments: int) -> dict[str, Any]:
    """Everything, by name."""
    small = invented(1000)
    sizes = [assessments // 10, assessments // 3, assessments]
    return {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "numpy": np.__version__},
        "answers": assessments * len(small.plan.questions),
        "bandwidth_gb_s": bandwidth_gb_s(),
        "engine": in_own_process(engine_cost, assessments),
        "all_measures": in_own_process(all_measures_cost, assessments),
        "rivals": {
            f"{name}, {order}": in_own_process(rival_cost, name, assessments, order == "shuffled")
            for name in RIVALS
            for order in ("in order", "shuffled")
        },
        "growth": {size: in_own_process(all_measures_cost, size)["ms"] for size in sizes},
        "one_unit_ms": one_unit_ms(small),
        "draws_s": draws_s(small),
        "saves_ms": saves(),
    }
