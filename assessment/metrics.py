"""What a process counts of its own work, for operators: numbers without names, answers or units.

Each process counts for itself, from its start; who reads several adds them up. Counted where an outcome passes whatever
page, program or command asked for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector

from assessment.errors import AssessmentError, EditConflict, NoLongerHere, NotAllowed, StoreError

#: Of this product only: what other libraries count in the same process isn't ours to tell.
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

#: One answer; several at once, from a workbook; a fact, an element, a move, a remark.
SAVED = ("answer", "answers", "statement")
Saved = Literal["answer", "answers", "statement"]
_OUTCOMES = ("acknowledged", "conflict", "refused", "failed")
#: In seconds. 0.15 and 0.5 are the goals for one save among two hundred people.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)

_SAVES = Counter(
    "mesh_readiness_saves",
    "Saves by what became of them: conflict is somebody else's newer answer, refused is a rule, failed is ours.",
    ("what", "outcome"), registry=REGISTRY,
)  # fmt: skip
_SAVE_SECONDS = Histogram(
    "mesh_readiness_save_seconds",
    "How long a save took until it was committed; of those that were acknowledged.",
    ("what",), registry=REGISTRY, buckets=_BUCKETS,
)  # fmt: skip
_REFUSALS = Counter(
    "mesh_readiness_refusals",
    "Access refused: not_allowed in the role, no_longer_here after the session or the role ended, token of a program.",
    ("kind",), registry=REGISTRY,
)  # fmt: skip
_IMPORTS = Counter(
    "mesh_readiness_imports",
    "Files brought in by what became of them; refused also counts those that were only looked at.",
    ("outcome",), registry=REGISTRY,
)  # fmt: skip
_EXPORTS = Counter(
    "mesh_readiness_exports", "Exports that were recorded, by where they were asked for.", ("origin",),
    registry=REGISTRY,
)  # fmt: skip
_INCIDENTS = Counter("mesh_readiness_incidents", "Faults of the program, each in the log.", registry=REGISTRY)
_RESPONSES = Counter(
    "mesh_readiness_http_responses", "HTTP responses by the part of the address and the status.",
    ("area", "status"), registry=REGISTRY,
)  # fmt: skip
CONNECTIONS = Gauge(
    "mesh_readiness_connections", "Open pages: websockets of this process.", registry=REGISTRY
)
READY = Gauge("mesh_readiness_ready", "1: what /readyz asks is so, else 0.", registry=REGISTRY)
SIGNED_IN = Gauge(
    "mesh_readiness_browser_sessions",
    "Browsers in which somebody is signed in, of all processes; NaN while the database can't say.",
    registry=REGISTRY,
)
BUILD = Info(
    "mesh_readiness_build", "Which program this is, and the schema that it needs.", registry=REGISTRY
)

# A series that is missing until the first fault looks like one that nobody counts.
for _what in SAVED:
    _SAVE_SECONDS.labels(_what)
    for _outcome in _OUTCOMES:
        _SAVES.labels(_what, _outcome)
for _kind in ("not_allowed", "no_longer_here", "token"):
    _REFUSALS.labels(_kind)
for _outcome in ("written", "refused", "failed"):
    _IMPORTS.labels(_outcome)
for _origin in ("page", "api"):
    _EXPORTS.labels(_origin)


@contextmanager
def saving(what: Saved) -> Iterator[None]:
    """Counts one save by how the block ends, and the time of one that is acknowledged."""
    begun = time.perf_counter()
    try:
        yield
    except Exception as error:
        _SAVES.labels(what, "conflict" if isinstance(error, EditConflict) else _fault(error)).inc()
        raise
    _SAVES.labels(what, "acknowledged").inc()
    _SAVE_SECONDS.labels(what).observe(time.perf_counter() - begun)


@contextmanager
def bringing_in(*, is_preview: bool = False) -> Iterator[None]:
    """Counts one import by how the block ends; a look writes nothing, so only its refusal counts."""
    try:
        yield
    except Exception as error:
        _IMPORTS.labels(_fault(error)).inc()
        raise
    if not is_preview:
        _IMPORTS.labels("written").inc()


@contextmanager
def counting_refusals() -> Iterator[None]:
    """Counts access that is refused within the block."""
    try:
        yield
    except NotAllowed:
        _REFUSALS.labels("not_allowed").inc()
        raise
    except NoLongerHere:
        _REFUSALS.labels("no_longer_here").inc()
        raise


def count_refused_token() -> None:
    """A program came with a token that opens nothing, or with none."""
    _REFUSALS.labels("token").inc()


def count_export(origin: str) -> None:
    """Something left the building, and it is on record."""
    _EXPORTS.labels(origin).inc()


def count_incident() -> None:
    """A fault of the program was logged under a number."""
    _INCIDENTS.inc()


def count_response(area: str, status: int) -> None:
    """A response went out."""
    _RESPONSES.labels(area, str(status)).inc()


def _fault(error: Exception) -> str:
    """Whether a rule refused it, or we couldn't do it."""
    return "refused" if isinstance(error, AssessmentError) and not isinstance(error, StoreError) else "failed"
