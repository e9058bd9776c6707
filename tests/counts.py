"""What the process counts of its own work, before and after something is done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from assessment.errors import AssessmentError
from assessment.metrics import REGISTRY

Change = Callable[[], object]


def now(name: str, **labels: str) -> float:
    """What is counted so far in this process."""
    found = REGISTRY.get_sample_value(f"mesh_readiness_{name}", labels)
    assert found is not None, f"nobody counts {name} {labels}"
    return found


def grown(name: str, labels: dict[str, str], change: Change) -> float:
    """By how much a number grows when something is done, whether it is refused or not."""
    before = now(name, **labels)
    with suppress(AssessmentError):
        change()
    return now(name, **labels) - before
