"""How often something may be tried: a token bucket for each key, in this process's memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

#: So many keys are remembered; whoever tries from more is stopped by a limit over all of them.
_REMEMBERED = 10_000


class Limit:
    """`burst` tries at once, then one more every `every_s` seconds; each key by itself."""

    def __init__(self, burst: int, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._every_s, self._clock = burst, every_s, clock
        # What is left of each key, and when that was so; the one that was used last at the end.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str = "") -> float:
        """Uses one try up and gives 0; or, when there is none, how many seconds it takes until there is."""
        with self._lock:
            left = self._now(key)
            if left < 1:
                return (1 - left) * self._every_s
            self._keep(key, left - 1)
            return 0.0

    def give_back(self, key: str = "") -> None:
        """Undoes a `take`: this try shall not count."""
        with self._lock:
            self._keep(key, min(self._burst, self._now(key) + 1))

    def forget(self) -> None:
        """Nobody has tried anything yet."""
        with self._lock:
            self._left.clear()

    def _now(self, key: str) -> float:
        left, at = self._left.get(key, (float(self._burst), self._clock()))
        return min(float(self._burst), left + (self._clock() - at) / self._every_s)

    def _keep(self, key: str, left: float) -> None:
        self._left[key] = (left, self._clock())
        self._left.move_to_end(key)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
