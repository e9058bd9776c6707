"""What a message says beside its place: which thing is meant, what was near, where the other one stands."""

from __future__ import annotations

from typing import Any

import pytest

from assessment import errors
from assessment.errors import Problem
from assessment.questionnaire.loading import load_questionnaire
from tests.questionnaire.builders import LEVELS, as_yaml, dimension, question, questionnaire, refusal

RANGE = {"minimum": 0, "maximum": 1}
OPTIONS = [{"id": "no", "label": "Nobody", "value": 0}, {"id": "yes", "label": "Somebody", "value": 1}]
QUESTION_KEYS = "id, title, prompt, help, evidence, units, weight, core, phase, gate, effort, requires, maps_to, show_when, options, levels"


def only(*questions: dict[str, Any], **fields: Any) -> Problem:
    """The one problem of a questionnaire with these questions."""
    (problem,) = refusal(as_yaml(questionnaire(dimension("direction", *questions), **fields)))
    return problem


def text(message: errors.Message, **values: object) -> str:
    return message.at("", 0, **values).text


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("wieght", " Did you mean 'weight'?"),
        ("option", " Did you mean 'options'?"),
        ("level", " Did you mean 'levels'?"),
        ("colour", ""),
    ],
)
def test_an_unknown_key_is_told_with_what_may_stand_there_and_the_nearest(given: str, near: str) -> None:
    wanted = text(errors.KEY_UNKNOWN, key=given, suggestion=near, allowed=QUESTION_KEYS)
    keys: dict[str, Any] = {given: 1}
    assert only(question(**keys)).text == wanted


def test_an_unknown_reference_is_told_with_the_nearest_question() -> None:
    found = only(question("sponsor"), question("owner", requires=["sponser"]))
    near = " Did you mean 'sponsor'?"
    assert found.text == text(
        errors.REFERENCE_UNKNOWN, key="requires", id="owner", target="sponser", suggestion=near
    )


def test_an_unknown_word_is_told_with_those_to_choose_from() -> None:
    found = only(question(phase="befor"))
    near = " Did you mean 'before'?"
    assert found.text == text(
        errors.CHOICE_UNKNOWN, key="phase", value="befor", allowed="before, during, both", suggestion=near
    )


def test_a_choice_of_two_words_is_told_as_a_list() -> None:
    found = only(question(units=["team"]))
    assert found.text == text(
        errors.CHOICE_UNKNOWN, key="units", value="team", allowed="country, domain", suggestion=""
    )


def test_an_unknown_key_in_a_part_of_a_question_is_told_with_the_keys_of_that_part() -> None:
    found = only(question(gate={"level": 2, "soft": True}))
    assert found.text == text(errors.KEY_UNKNOWN, key="soft", suggestion="", allowed="level, hard")


def test_a_value_too_long_for_a_message_is_cut() -> None:
    found = only(question(weight="x" * 79))
    wanted = f"'{'x' * 76}…"
    assert found.text == text(
        errors.VALUE_INVALID, key="weight", value=wanted, rule="input should be a valid number"
    )


def test_a_missing_key_is_named() -> None:
    asked = question()
    del asked["prompt"]
    assert only(asked).text == text(errors.KEY_MISSING, key="prompt")


def test_a_second_id_is_told_with_the_line_of_the_first() -> None:
    content = b"""\
id: example
version: 1.0.0
title: An example
scale: {minimum: 0, maximum: 1}
dimensions:
  - id: direction
    title: Direction
    questions:
      - id: sponsor
        prompt: Who?
        units: [country]
        options:
          - {id: "no", label: Nobody, value: 0}
          - {id: "yes", label: Somebody, value: 0.5}
          - {id: "no", label: Everybody, value: 1}
      - {id: sponsor, prompt: "Who else?", units: [country], options: [{id: a, label: A, value: 0}, {id: b, label: B, value: 1}]}
"""
    assert refusal(content) == (
        errors.ID_DUPLICATE.at("f.yaml", 15, what="option of 'sponsor'", id="no", first=13),
        errors.ID_DUPLICATE.at("f.yaml", 16, what="question", id="sponsor", first=9),
    )


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (
            {"levels": LEVELS, "options": [{"id": n, "label": LEVELS[n], "value": int(n)} for n in LEVELS]},
            "both",
        ),
        ({}, "neither"),
    ],
)
def test_a_question_without_or_with_two_kinds_of_choice_is_told_which(
    fields: dict[str, Any], found: str
) -> None:
    asked = {"id": "sponsor", "prompt": "Who?", "units": ["country"], **fields}
    assert only(asked).text == text(errors.OPTIONS_OR_LEVELS, id="sponsor", found=found)


def test_levels_that_differ_from_the_scale_are_told_with_it() -> None:
    found = only(question(levels={"1": "a", "4": "b"}))
    assert found.text == text(errors.LEVELS_DIFFER, id="sponsor", found="1, 4", scale="1, 2, 3")
    assert only(question(gate={"level": 4})).text == text(
        errors.GATE_OUT_OF_SCALE, id="sponsor", level=4, scale="1, 2, 3"
    )


def test_a_circle_is_told_in_the_direction_in_which_questions_name_one_another() -> None:
    names = ("a", "b", "c")
    found = only(*(question(name, requires=[names[(place + 1) % 3]]) for place, name in enumerate(names)))
    circle = found.text.split(": ")[1].split(". ")[0]
    assert circle in ("a → b → c → a", "b → c → a → b", "c → a → b → c")
    assert found.text == text(errors.REFERENCE_CYCLE, key="requires", circle=circle)


def test_an_option_out_of_scale_is_told_with_the_ends_of_it() -> None:
    found = only(question(options=[*OPTIONS, {"id": "all", "label": "All", "value": 1.5}]), scale=RANGE)
    assert found.text == text(
        errors.OPTION_OUT_OF_SCALE, option="all", id="sponsor", value=1.5, low=0.0, high=1.0
    )


@pytest.mark.parametrize("aggregate", ["geometric", "harmonic"])
def test_only_values_below_zero_are_too_low_for_an_aggregate(aggregate: str) -> None:
    below = {"minimum": -1, "maximum": 1}
    found = only(question(options=OPTIONS), scale=below, scoring={"aggregate": aggregate})
    assert found.text == text(errors.AGGREGATE_NEEDS_POSITIVE, aggregate=aggregate, low=-1.0)
    for scale, other in ((RANGE, aggregate), (below, "mean"), (below, "minimum")):
        fields = {"scale": scale, "scoring": {"aggregate": other}}
        load_questionnaire(
            as_yaml(questionnaire(dimension("d", question(options=OPTIONS)), **fields)), "f.yaml"
        )


@pytest.mark.parametrize(
    ("fields", "key", "value", "rule"),
    [
        ({"effort": 4}, "effort", "4", "input should be less than or equal to 3"),
        ({"weight": "3"}, "weight", "'3'", "input should be a valid number"),
        ({"core": "yes"}, "core", "'yes'", "write true or false"),
        ({"units": []}, "units", "[]", "the list needs 1 or more entries"),
        ({"prompt": None}, "prompt", "null", "it must be a text"),
        ({"prompt": ["a"]}, "prompt", "['a']", "it must be a text"),
        ({"id": "A b"}, "id", "'A b'", "an id is lower-case words joined by hyphens, like exec-sponsor"),
        ({"levels": {"1": "a", "2": "b", "3": None}}, "3", "null", "it must be a text"),
        ({"gate": {"level": "2"}}, "level", "'2'", "input should be a valid integer"),
        (
            {"show_when": {"question": "other", "at_least": "2"}},
            "at_least",
            "'2'",
            "input should be a valid number",
        ),
    ],
)
def test_an_impossible_value_is_told_as_it_was_written_with_its_rule(
    fields: dict[str, Any], key: str, value: str, rule: str
) -> None:
    assert only(question("other"), question(**fields)).text == text(
        errors.VALUE_INVALID, key=key, value=value, rule=rule
    )
