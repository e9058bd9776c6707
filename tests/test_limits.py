"""How often something may be tried, by a clock of the test's own."""

from __future__ import annotations

import pytest

from assessment import limits
from assessment.limits import Limit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_some_tries_at_once_and_then_one_after_the_other() -> None:
    clock = Clock()
    limit = Limit(3, 2.0, clock)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 2.0]
    clock.now = 1.0
    assert limit.take("a") == 1.0, "asking doesn't make it longer"
    clock.now = 2.0
    assert [limit.take("a") for _ in range(2)] == [0, 2.0]
    clock.now = 1000.0
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 2.0], "no more than the burst is saved up"


def test_each_key_has_its_own() -> None:
    limit = Limit(1, 60.0, Clock())
    assert limit.take("a") == limit.take("b") == 0
    assert limit.take("a") == 60.0


def test_what_is_given_back_did_not_count() -> None:
    limit = Limit(1, 60.0, Clock())
    for _ in range(5):
        assert limit.take() == 0
        limit.give_back()
    limit.give_back()
    assert [limit.take(), limit.take()] == [0, 60.0]


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_REMEMBERED", 3)
    limit = Limit(1, 60.0, Clock())
    for key in "abcd":
        limit.take(key)
    assert len(limit._left) == 3
    assert limit.take("d") == 60.0
    limit.forget()
    assert limit.take("d") == 0
