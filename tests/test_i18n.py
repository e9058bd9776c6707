from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import i18n
from assessment.i18n import clock, count, day, decimal, joined, percent, t, use_language


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A French catalogue with a few sentences."""
    (tmp_path / "fr.toml").write_text(
        """"{done} of {asked} answered" = "{done} réponses sur {asked}"
"country" = "pays"
"countries" = "pays"
"question" = "question"
"Dec" = "déc."
"{most} and {last}" = "{most} et {last}"
""",
        encoding="utf-8",
    )
    monkeypatch.setattr(i18n, "_LOCALES", tmp_path)
    i18n._catalogue.cache_clear()
    use_language("fr")
    yield
    use_language("en")
    i18n._catalogue.cache_clear()


def test_english_is_its_own_key() -> None:
    assert t("{done} of {asked} answered", done=4, asked=7) == "4 of 7 answered"


@pytest.mark.usefixtures("french")
def test_a_sentence_that_is_translated_is_shown_translated() -> None:
    assert t("{done} of {asked} answered", done=4, asked=7) == "4 réponses sur 7"
    assert joined(["a", "b", "c"]) == "a, b et c"
    assert day(date(2026, 12, 1)) == "1 déc. 2026"


@pytest.mark.usefixtures("french")
def test_a_sentence_without_a_translation_falls_back_to_english() -> None:
    assert t("Nobody translated {this}", this="that") == "Nobody translated that"
    assert count(2, "question") == "2 questions"


def test_a_language_without_a_catalogue_falls_back_to_english() -> None:
    use_language("tlh")
    assert t("{n} left", n=1) == "1 left"
    use_language("en")


@pytest.mark.usefixtures("french")
def test_the_language_of_one_person_is_not_that_of_another() -> None:
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(joined(["a", "b"])))
    thread.start()
    thread.join()
    assert (seen, joined(["a", "b"])) == (["a and b"], "a et b")


def test_braces_in_what_people_wrote_stay_as_they_are() -> None:
    assert (
        t("{unit} is here", unit="{done} {0} {unit.__class__} %s") == "{done} {0} {unit.__class__} %s is here"
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 countries"),
        (1, "1 country"),
        (2, "2 countries"),
        (-1, "-1 countries"),
        (1_000, "1000 countries"),
    ],
)
def test_a_count_has_its_plural(number: int, words: str) -> None:
    assert count(number, "country", "countries") == words


@pytest.mark.usefixtures("french")
def test_a_count_is_translated_in_both_numbers() -> None:
    assert (count(1, "country", "countries"), count(3, "country", "countries")) == ("1 pays", "3 pays")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["{x}", "{y}"], "{x} and {y}"),
    ],
)
def test_words_are_joined_as_a_sentence_says_them(words: list[str], sentence: str) -> None:
    assert joined(word for word in words) == sentence


@pytest.mark.parametrize(
    ("number", "places", "shown"),
    [
        (0.815, 2, "0.82"), (2.675, 2, "2.68"), (1.005, 2, "1.01"), (2.25, 1, "2.3"), (2.35, 1, "2.4"),
        (-2.25, 1, "-2.3"), (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (3.125, 2, "3.13"), (2, 1, "2.0"),
        (2.9999999999999996, 1, "3.0"), (1e-9, 1, "0.0"), (23 / 6, 3, "3.833"), (12_345.65, 1, "12345.7"),
    ],
)  # fmt: skip
def test_numbers_are_rounded_half_up_as_a_person_would(number: float, places: int, shown: str) -> None:
    assert decimal(number, places) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.285, "29 %"), (0.145, "15 %"), (0.575, "58 %"), (0.625, "63 %"), (0, "0 %"), (1, "100 %"), (1 / 3, "33 %"),
     (0.6667, "67 %"), (0.994, "99 %"), (0.005, "1 %"), (1e-7, "0 %")],
)  # fmt: skip
def test_a_share_is_rounded_half_up_on_what_was_written(share: float, shown: str) -> None:
    assert percent(share) == shown


@given(st.integers(0, 10_000), st.integers(0, 3))
@settings(deadline=None)
def test_a_number_is_shown_as_its_decimal_form_rounds(thousandths: int, places: int) -> None:
    exact = Decimal(thousandths) / 1000
    wanted = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert decimal(thousandths / 1000, places) == str(wanted)
    assert percent(thousandths / 1000) == f"{(exact * 100).quantize(Decimal(1), ROUND_HALF_UP)} %"


def test_a_day_and_a_time_can_be_read_in_every_country() -> None:
    assert [day(date(2026, month, 3)) for month in (2, 12)] == ["3 Feb 2026", "3 Dec 2026"]
    assert clock(datetime(2026, 12, 1, 9, 5, 59)) == "09:05"  # noqa: DTZ001
