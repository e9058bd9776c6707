"""Many times → the few figures that are told of them."""

from __future__ import annotations

import math
from collections.abc import Sequence


def figures(times_ms: Sequence[float]) -> dict[str, float]:
    """How many there are, their median, 95th and 99th percentile (nearest rank) and maximum; NaN of none."""
    ordered = sorted(times_ms)
    return {
        "count": len(ordered),
        **{f"p{share}_ms": _percentile(ordered, share) for share in (50, 95, 99)},
        "max_ms": ordered[-1] if ordered else math.nan,
    }


def _percentile(ordered: Sequence[float], share: int) -> float:
    return ordered[math.ceil(share / 100 * len(ordered)) - 1] if ordered else math.nan
