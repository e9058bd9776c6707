from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from assessment.errors import ResponseError
from assessment.questionnaire.models import Questionnaire
from assessment.responses import (
    ANSWER_COLUMNS,
    MAX_TEXT,
    OPTIONAL_ANSWER_COLUMNS,
    Answer,
    AnswerRow,
    AnswerState,
    Confidence,
    EvidenceKind,
    answer_table,
    answered_values,
    checked_answer,
    moments,
    shown_questions,
)

LEVELS = {str(level): f"Reaches {level}" for level in range(1, 6)}


def questionnaire(**questions: dict[str, Any]) -> Questionnaire:
    """Questions by name; asked of countries and domains unless they say otherwise."""
    return Questionnaire.model_validate(
        {
            "id": "example",
            "version": "1.0.0",
            "title": "An example",
            "scale": [{"level": level, "name": f"Level {level}"} for level in range(1, 6)],
            "dimensions": [
                {
                    "id": "all",
                    "title": "All",
                    "questions": [
                        {
                            "id": name,
                            "prompt": "How?",
                            "units": ["country", "domain"],
                            "levels": LEVELS,
                            **fields,
                        }
                        for name, fields in questions.items()
                    ],
                }
            ],
        }
    )


def when(question: str, at_least: float) -> dict[str, Any]:
    return {"show_when": {"question": question, "at_least": at_least}}


CHAIN = questionnaire(c=when("b", 3), a={}, b=when("a", 2), d={})


def shown(asked: Questionnaire, kind: str, **values: float) -> list[str]:
    return [question.id for question in shown_questions(asked, kind, values)]


# What is asked ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "questions"),
    [
        ({}, ["a", "d"]),
        ({"a": 1}, ["a", "d"]),
        ({"a": 2}, ["a", "b", "d"]),
        ({"a": 2, "b": 2}, ["a", "b", "d"]),
        ({"a": 2, "b": 3}, ["c", "a", "b", "d"]),
        ({"a": 1, "b": 5}, ["a", "d"]),
        ({"b": 5, "d": 5}, ["a", "d"]),
    ],
)
def test_a_question_is_shown_while_every_decider_up_the_chain_is_shown_and_high_enough(
    values: dict[str, float], questions: list[str]
) -> None:
    assert shown(CHAIN, "country", **values) == questions


def test_only_questions_for_that_kind_of_unit_are_shown() -> None:
    asked = questionnaire(a={"units": ["country"]}, b={"units": ["domain"]}, c={})
    assert shown(asked, "country") == ["a", "c"]
    assert shown(asked, "domain") == ["b", "c"]
    assert shown(asked, "group") == []


def test_a_question_whose_decider_is_not_asked_of_this_unit_is_shown() -> None:
    asked = questionnaire(a={"units": ["country"]}, b=when("a", 3), c=when("b", 2))
    assert shown(asked, "domain") == ["b"]
    assert shown(asked, "domain", b=2) == ["b", "c"]
    assert shown(asked, "country") == ["a"]


def test_a_chain_of_any_length_is_followed_to_its_start() -> None:
    length = 1_100
    links = {f"q{n}": when(f"q{n - 1}", 2) if n else {} for n in range(length)}
    asked = questionnaire(**links)
    high = {f"q{n}": 5.0 for n in range(length)}
    assert len(shown_questions(asked, "country", {**high, "q0": 1})) == 1
    assert len(shown_questions(asked, "country", {**high, f"q{length - 2}": 1})) == length - 1


def test_only_answered_questions_of_this_version_have_values() -> None:
    answers = {
        "a": Answer(AnswerState.ANSWERED, "4"),
        "b": Answer(AnswerState.DONT_KNOW),
        "c": Answer(AnswerState.NOT_APPLICABLE, reason="none"),
        "gone": Answer(AnswerState.ANSWERED, "5"),
    }
    assert answered_values(CHAIN, answers) == {"a": 4.0}


# What may be stored -------------------------------------------------------------------------------------

QUESTION = CHAIN.questions["a"]
GOOD = [
    Answer(AnswerState.ANSWERED, "1"),
    Answer(
        AnswerState.ANSWERED, "5", "why", Confidence.SURE, EvidenceKind.RECORD, "https://example.org/a", "so"
    ),
    Answer(AnswerState.NOT_APPLICABLE, reason="There is none."),
    Answer(AnswerState.DONT_KNOW),
    Answer(AnswerState.ANSWERED, "3", comment="x" * MAX_TEXT, evidence_ref="page 3: minutes"),
]
BAD = [
    ("one of the options", Answer(AnswerState.ANSWERED, "6")),
    ("one of the options", Answer(AnswerState.ANSWERED, "3.0")),
    ("one of the options", Answer(AnswerState.ANSWERED, " 3")),
    ("one of the options", Answer(AnswerState.ANSWERED)),
    ("one of the options", Answer(AnswerState.ANSWERED, "")),
    ("Only an answered question", Answer(AnswerState.DONT_KNOW, "3")),
    ("Only an answered question", Answer(AnswerState.NOT_APPLICABLE, "3", "none")),
    ("a reason is needed", Answer(AnswerState.NOT_APPLICABLE)),
    ("a reason is needed", Answer(AnswerState.NOT_APPLICABLE, reason=" \n\t ")),
    (f"{MAX_TEXT} characters", Answer(AnswerState.ANSWERED, "3", comment="x" * (MAX_TEXT + 1))),
    (f"{MAX_TEXT} characters", Answer(AnswerState.NOT_APPLICABLE, reason="x" * (MAX_TEXT + 1))),
    (f"{MAX_TEXT} characters", Answer(AnswerState.DONT_KNOW, evidence_ref="x" * (MAX_TEXT + 1))),
]


@pytest.mark.parametrize("answer", GOOD)
def test_an_answer_within_the_rules_comes_back_as_it_is(answer: Answer) -> None:
    assert checked_answer(QUESTION, answer) is answer


@pytest.mark.parametrize(("rule", "answer"), BAD)
def test_an_answer_against_a_rule_is_refused_with_it(rule: str, answer: Answer) -> None:
    with pytest.raises(ResponseError, match=rule):
        checked_answer(QUESTION, answer)


# Links --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reference",
    [
        "https://example.org/minutes", "HTTP://EXAMPLE.ORG", "  https://example.org", "//example.org/a",
        "", "page 3: minutes", "ISO: 27001", "ISO27001:2022", "Minutes of 3 May, 12:30", "12:30 meeting", r"C:\minutes.docx",
        "see https://example.org", "see javascript: the good parts", ": nothing",
    ],
)  # fmt: skip
def test_web_links_and_plain_references_are_taken(reference: str) -> None:
    answer = Answer(AnswerState.ANSWERED, "3", evidence_ref=reference)
    assert checked_answer(QUESTION, answer) is answer


@pytest.mark.parametrize(
    ("reference", "scheme"),
    [
        ("javascript:alert(1)", "javascript"), ("javascript: alert(1)", "javascript"),
        ("java\nscript:alert(1)", "javascript"), ("\x01\tjavascript:alert(1)", "javascript"),
        ("vbscript:x", "vbscript"), ("data:text/html;base64,xx", "data"), ("file:///etc/passwd", "file"),
        ("mailto:a@example.org", "mailto"), ("ms-word:ofe|u|https://example.org", "ms-word"),
    ],
)  # fmt: skip
def test_a_link_that_is_not_of_the_web_is_refused_with_its_scheme_however_it_is_written(
    reference: str, scheme: str
) -> None:
    with pytest.raises(ResponseError, match=f"not {scheme}:"):
        checked_answer(QUESTION, Answer(AnswerState.ANSWERED, "3", evidence_ref=reference))


# The table ----------------------------------------------------------------------------------------------


def test_the_answer_table_has_one_line_of_text_for_each_answer() -> None:
    answer = Answer(AnswerState.ANSWERED, "4", "", Confidence.SURE, EvidenceKind.DOCUMENT, "doc 7", "good")
    at = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)
    unknown = Answer(AnswerState.DONT_KNOW)
    table = answer_table(
        [
            AnswerRow("r1", "FR", "example", "1.0.0", "a", answer, "ann", at),
            AnswerRow("r1", "DE", "example", "1.0.0", "a", unknown),
        ]
    )
    assert tuple(table.columns) == ANSWER_COLUMNS
    assert table.to_numpy().tolist() == [
        ["r1", "FR", "example", "1.0.0", "a", "answered", "4", "", "sure", "document", "doc 7", "good", "ann",
         "2026-11-22T14:32:00+00:00"],
        ["r1", "DE", "example", "1.0.0", "a", "dont_know", "", "", "", "none", "", "", "", ""],
    ]  # fmt: skip


def test_moments_compare_across_time_zones() -> None:
    texts = pd.Series(["2026-03-01T00:30:00+02:00", "2026-02-28T23:00:00", "2026-03-01", ""], dtype="str")
    found = moments(texts)
    assert ["" if missing else at.isoformat() for at, missing in zip(found, found.isna(), strict=True)] == [
        "2026-02-28T22:30:00+00:00", "2026-02-28T23:00:00+00:00", "2026-03-01T00:00:00+00:00", "",
    ]  # fmt: skip


def test_a_table_of_no_answers_has_its_columns() -> None:
    table = answer_table([])
    assert tuple(table.columns) == ANSWER_COLUMNS
    assert table.empty


def test_the_optional_columns_are_all_from_the_reason_on() -> None:
    assert OPTIONAL_ANSWER_COLUMNS[0] == "reason"
    assert (*ANSWER_COLUMNS[:7], *OPTIONAL_ANSWER_COLUMNS) == ANSWER_COLUMNS
