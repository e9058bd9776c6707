"""Words for people: translation of the screens, counts, numbers and dates.

The English sentence is its own key, so that pages read as they look and a missing translation falls back to
English by itself. `assessment/locales/<language>.toml` maps sentences; questionnaires bring their own languages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LOCALES = Path(__file__).parent / "locales"
_language: ContextVar[str] = ContextVar("language", default="en")


def use_language(language: str) -> None:
    """Translate what follows in this thread into `language` (a BCP 47 tag such as 'fr')."""
    _language.set(language)


def language() -> str:
    """The current language, as `use_language` was given it."""
    return _language.get()


def t(sentence: str, /, **values: object) -> str:
    """The sentence in the current language, with `{name}` places filled in.

    >>> t("{done} of {asked} answered", done=4, asked=7)
    '4 of 7 answered'
    """
    return _catalogue(_language.get()).get(sentence, sentence).format(**values)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "country", "countries"), count(3, "question")
    ('1 country', '3 questions')
    """
    return f"{number} {t(one) if number == 1 else t(many or one + 's')}"


def joined(words: Iterable[str]) -> str:
    """Words as a sentence says them.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = [*words] or [""]
    return t("{most} and {last}", most=", ".join(most), last=last) if most else last


def decimal(number: float, places: int = 1) -> str:
    """A number for display, rounded half up on its decimal form (never before display).

    >>> decimal(2.25), decimal(0.815, 2)
    ('2.3', '0.82')
    """
    # repr gives the shortest decimal that reads back to the same double: what a person would round.
    return str(Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def percent(share: float) -> str:
    """A share of 1 as whole percent.

    >>> percent(0.625)
    '63 %'
    """
    # Moved in its decimal form: 0.285 * 100 is 28.499999999999996.
    return f"{Decimal(repr(float(share))).scaleb(2).quantize(Decimal(1), ROUND_HALF_UP)} %"


def day(when: date) -> str:
    """A date that no country misreads.

    >>> day(date(2026, 12, 1))
    '1 Dec 2026'
    """
    return f"{when.day} {t(_MONTHS[when.month - 1])} {when.year}"


def clock(when: datetime) -> str:
    """The time of day, 24 hours."""
    return f"{when:%H:%M}"


@cache
def _catalogue(language: str) -> dict[str, str]:
    file = _LOCALES / f"{language}.toml"
    return dict(tomllib.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}
