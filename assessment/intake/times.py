"""Dates and times as files have them: ISO 8601 in its usual forms, and nothing that two people read differently."""

from __future__ import annotations

import re
from datetime import date, datetime

import pandas as pd

from assessment.intake.coded import coded
from assessment.intake.findings import Mask

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_HOUR, _SIXTY = "([01][0-9]|2[0-3])", "[0-5][0-9]"
_DATE = re.compile(_DAY)
_TIME = re.compile(
    f"[T ]{_HOUR}:{_SIXTY}(:{_SIXTY}([.,][0-9]{{1,9}})?)?( ?(Z|[+-]{_HOUR}(:?{_SIXTY})?))?", re.IGNORECASE
)
_USUAL = rf"{_DAY}(T{_HOUR}:{_SIXTY}:{_SIXTY}(\.[0-9]{{1,6}})?([+-]{_HOUR}:{_SIXTY})?)?"
_DAY_LENGTH = len("2026-11-22")


def as_date(text: str) -> date | None:
    """The date that `text` writes as 2026-11-22, else None."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_moment(text: str) -> str | None:
    """A date, or a date with a time, written as `isoformat` does; None when `text` is neither.

    The offset stays as it is, and a time without one stays without.

    >>> as_moment("2026-11-22 14:32Z"), as_moment("2026-11-22"), as_moment("22/11/2026")
    ('2026-11-22T14:32:00+00:00', '2026-11-22', None)
    """
    day, time = text[:_DAY_LENGTH], text[_DAY_LENGTH:]
    if as_date(day) is None or (time and not _TIME.fullmatch(time)):
        return None
    return datetime.fromisoformat(f"{day}T{time[1:].upper().replace(' ', '')}").isoformat() if time else day


def are_usual(texts: pd.Series[str]) -> Mask:
    """Which of many texts are what `as_moment` would leave as they are; fast, as most of a file's are."""
    real_day = coded(texts.str.slice(0, _DAY_LENGTH)).where(as_date)
    return texts.str.fullmatch(_USUAL).to_numpy(dtype=bool) & real_day
