"""What YAML would read in a way that nobody meant: words and numbers in a questionnaire are what was written."""

from __future__ import annotations

import pytest

from assessment import errors
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.yaml_source import read_yaml
from tests.questionnaire.builders import GOOD, as_yaml, assert_refused, load, question, questionnaire, refusal

WORDS = [
    "No", "no", "yes", "Yes", "on", "off", "ON", "y", "n", "True", "TRUE", "False", "Null", "NULL",
    "2026-12-01", "2026-12-01 10:00:00", "12:30:45", "1_000", "0x1F", "0o17", "012", "1e3", ".inf", ".nan", "=", "5 %",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_words_that_yaml_would_turn_into_something_else_stay_text(word: str) -> None:
    document = read_yaml(f"a: {word}\n{word}: b\n".encode(), "f.yaml")
    assert not document.problems
    assert document.data == {"a": word, word: "b"}
    assert next(iter(load(GOOD.replace("1: No", f"1: {word}")).questions["sponsor"].options)).label == word


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-12", -12), ("+5", 5),
        ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("-0.25", -0.25), ("1.0e-7", 1e-7),
        ("999999999999999", 999_999_999_999_999), ("1000000000000000", "1000000000000000"),
    ],
)  # fmt: skip
def test_only_true_false_nothing_and_plain_numbers_are_no_text(word: str, value: object) -> None:
    found = read_yaml(f"a: {word}\nb: '{word}'\n".encode(), "f.yaml").data
    assert found == {"a": value, "b": word}
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize(
    ("word", "reading"), [("5.10", "a number"), ("2026", "a number"), ("true", "true or false")]
)
def test_what_is_not_text_is_refused_for_text_in_the_form_in_which_it_was_written(
    word: str, reading: str
) -> None:
    text = GOOD.replace("Who decides?", word)
    assert_refused(text, 3, errors.TEXT_EXPECTED, key="title", value=word, kind=reading)
    assert load(GOOD.replace("Who decides?", f'"{word}"')).title == word


def test_the_first_of_two_equal_keys_is_named_with_its_line() -> None:
    text = GOOD.replace("title: Direction", "title: Direction\n    title: Another")
    assert_refused(text, 10, errors.YAML_DUPLICATE_KEY, key="title", first=9)


@pytest.mark.parametrize(
    "version", ["1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "1.0.0.0", "1.0.x", "1.0.1٣", "1.0." + "9" * 5_000]
)
def test_a_version_that_is_not_semantic_is_refused(version: str) -> None:
    (problem,) = refusal(as_yaml(questionnaire(version=version)))
    assert (problem.line, problem.code) == (3, errors.VALUE_INVALID.code)


@pytest.mark.parametrize(
    "day", ["2026-13-01", "2026-02-30", "0000-01-01", "2026-1-1", "٢٠٢٦-01-01", "tomorrow"]
)
def test_a_publication_date_that_does_not_exist_is_refused(day: str) -> None:
    (problem,) = refusal(as_yaml(questionnaire(published_on=day)))
    assert problem.code == errors.VALUE_INVALID.code


def test_a_number_beyond_all_numbers_is_refused() -> None:
    text = GOOD.replace("units:", "weight: 1.0e999\n        units:")
    assert_refused(
        text, 13, errors.VALUE_INVALID, key="weight", value="1.0e999", rule="input should be a finite number"
    )


def test_more_options_than_scoring_can_hold_are_refused() -> None:
    def with_options(number: int) -> bytes:
        options = [{"id": f"o{n}", "label": f"Option {n}", "value": n / number} for n in range(number)]
        asked = {"id": "direction", "title": "Direction", "questions": [question(options=options)]}
        return as_yaml(questionnaire(asked, scale={"minimum": 0, "maximum": 1}))

    assert len(load_questionnaire(with_options(253), "f.yaml").questions["sponsor"].options) == 253
    assert [problem.code for problem in refusal(with_options(254))] == [errors.VALUE_INVALID.code]
