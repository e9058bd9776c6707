from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.intake.times import are_usual, as_date, as_moment

MOMENTS = [
    ("2026-11-22", "2026-11-22"),
    ("2026-11-22T14:32:00+00:00", "2026-11-22T14:32:00+00:00"),
    ("2026-11-22T14:32:00", "2026-11-22T14:32:00"),
    ("2026-11-22T14:32:00.123456-05:30", "2026-11-22T14:32:00.123456-05:30"),
    ("2026-11-22 14:32", "2026-11-22T14:32:00"),
    ("2026-11-22t14:32:05z", "2026-11-22T14:32:05+00:00"),
    ("2026-11-22 14:32:05 +0100", "2026-11-22T14:32:05+01:00"),
    ("2026-11-22T14:32:05,5+01", "2026-11-22T14:32:05.500000+01:00"),
]
NOT_MOMENTS = [
    "22/11/2026", "11/22/2026", "2026-02-30", "2026-13-01", "0000-01-01", "2026-11-22T24:00", "2026-11-22T14:60",
    "2026-11-22T14", "20261122", "2026-W47-7", "2026-326", "46348", "now", "2026-11-22T14:32:00+25:00",
    "2026-11-22x14:32", "2026-11-22T", "٢٠٢٦-11-22", "2026-11-22\n14:32",
]  # fmt: skip


@pytest.mark.parametrize(("text", "written"), MOMENTS)
def test_the_usual_ways_to_write_a_time_are_taken(text: str, written: str) -> None:
    assert as_moment(text) == written


@pytest.mark.parametrize("text", NOT_MOMENTS)
def test_what_could_be_read_in_two_ways_or_does_not_exist_is_no_time(text: str) -> None:
    assert as_moment(text) is None


def test_a_date_has_no_time() -> None:
    assert as_date("2026-11-22") == date(2026, 11, 22)
    assert as_date("2026-11-22T00:00") is None


def test_many_texts_are_usual_exactly_where_they_stay_as_they_are() -> None:
    texts = [*(text for text, _ in MOMENTS), *NOT_MOMENTS, "2026-11-22T14:32:00\n"]
    assert are_usual(pd.Series(texts, dtype="str")).tolist() == [as_moment(text) == text for text in texts]


OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(deadline=None)
@given(st.datetimes(timezones=st.none() | OFFSETS))
def test_every_time_that_python_writes_stays_as_it_is(moment: datetime) -> None:
    assert as_moment(moment.isoformat()) == moment.isoformat()
