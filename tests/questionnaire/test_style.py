"""The authors' page on style, taken at its word: its bad examples have their finding, its good ones don't.

An example is a fenced block, ```yaml bad or ```yaml good; it is laid over the one ```yaml base block of the page and
checked as that questionnaire's next version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from assessment import errors
from assessment.errors import Message, Problem
from assessment.questionnaire.lint import lint, lint_ids
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.models import Question, Questionnaire
from assessment.questionnaire.yaml_source import read_yaml
from tests.conftest import ROOT
from tests.questionnaire.builders import as_yaml

PAGE = (ROOT / "docs" / "questionnaire-style.md").read_text(encoding="utf-8")
CODES = sorted(
    value.code
    for value in vars(errors).values()
    if isinstance(value, Message) and value.code.startswith("Q5")
)
QUESTION_KEYS = (set(Question.model_fields) | {"levels"}) - {"id"}


@dataclass(frozen=True)
class Example:
    code: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"


def blocks(text: str) -> list[tuple[str, str]]:
    """Kind and content of every fenced block of YAML."""
    return re.findall(r"^```yaml (\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def sections() -> dict[str, str]:
    """The part of the page below each heading that begins with a code."""
    parts = re.split(r"^## (Q\d{3})\b", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


BASE = next(text for kind, text in blocks(PAGE) if kind == "base")
EXAMPLES = [Example(code, *block) for code, text in sections().items() for block in blocks(text)]
BAD = [example for example in EXAMPLES if example.kind == "bad"]
GOOD = [example for example in EXAMPLES if example.kind == "good"]


def parsed(text: str) -> Any:
    document = read_yaml(text.encode(), "docs/questionnaire-style.md")
    assert not document.problems
    return document.data


def laid_over(text: str) -> Questionnaire:
    """The page's questionnaire in its next version, with what the example changes."""
    data = {**parsed(BASE), "version": "2.0.0"}
    questions = data["dimensions"][0]["questions"]
    changes = parsed(text)
    if isinstance(changes, list):
        questions.extend(changes)
        changes = {}
    if {"levels", "options"} & set(changes):
        del questions[0]["levels"]
    questions[0].update({key: value for key, value in changes.items() if key in QUESTION_KEYS})
    data.update({key: value for key, value in changes.items() if key not in QUESTION_KEYS})
    return load_questionnaire(as_yaml(data), "example.yaml")


def findings(text: str) -> list[Problem]:
    """What is found in an example by itself, and beside the version before it."""
    base, example = load_questionnaire(BASE.encode(), "base.yaml"), laid_over(text)
    return lint(example, "example.yaml") + lint_ids(example, [base], "example.yaml")


def test_the_questionnaire_that_all_examples_start_from_has_no_findings() -> None:
    assert lint(load_questionnaire(BASE.encode(), "base.yaml"), "base.yaml") == []
    assert findings("{}") == []


@pytest.mark.parametrize("example", BAD, ids=str)
def test_a_bad_example_has_the_finding_of_its_section_and_no_other(example: Example) -> None:
    assert {problem.code for problem in findings(example.text)} == {example.code}


@pytest.mark.parametrize("example", GOOD, ids=str)
def test_a_good_example_has_no_finding_at_all(example: Example) -> None:
    assert findings(example.text) == []


def test_every_finding_has_a_section_with_a_bad_and_a_good_example_in_order() -> None:
    assert list(sections()) == CODES
    assert [example.code for example in BAD] == CODES
    assert [example.code for example in GOOD] == CODES


def test_no_block_of_yaml_on_the_page_goes_unchecked() -> None:
    assert len(re.findall(r"^```\S", PAGE, re.MULTILINE)) == 1 + len(EXAMPLES)
    assert {example.kind for example in EXAMPLES} == {"bad", "good"}


@pytest.mark.parametrize("command", ["check", "lock", "diff A B", "schema"])
def test_the_page_says_how_it_is_run(command: str) -> None:
    assert f"`mesh-readiness questionnaires {command}`" in PAGE


def test_a_finding_names_its_file_and_no_line() -> None:
    (problem,) = findings(next(example.text for example in BAD if example.code == errors.LINT_VAGUE.code))
    assert problem == errors.LINT_VAGUE.at("example.yaml", 0, id="own-named", what="help", word="regularly")
    assert str(problem).startswith("example.yaml: Q503: 'own-named'")


# What the examples leave open -----------------------------------------------------------------------------


def found(text: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.text) for problem in findings(text)]


@pytest.mark.parametrize(
    ("text", "message", "values"),
    [
        (
            "levels: {1: No., 2: Often., 3: Always.}",
            errors.LINT_VAGUE, {"id": "own-named", "what": "option 2", "word": "often"},
        ),
        (
            "prompt: How many data sets have a suitable owner?",
            errors.LINT_VAGUE, {"id": "own-named", "what": "prompt", "word": "suitable"},
        ),
        ("title: Holistic owners", errors.LINT_JARGON, {"id": "own-named", "what": "title", "word": "holistic"}),
        ("title: Owners of data sets, by names", errors.LINT_TITLE_LONG, {"id": "own-named", "found": 29, "limit": 28}),
        (
            "title: MEANING of words",
            errors.LINT_TITLE_SHARED, {"id": "own-words", "title": "Meaning of words", "other": "own-named"},
        ),
        (
            "levels: {1: No data set has an owner., 2: A holistic owner is named., 3: It has a named deputy too.}",
            errors.LINT_JARGON, {"id": "own-named", "what": "option 2", "word": "holistic"},
        ),
        (
            f"levels: {{1: No data set has an owner., 2: Half have one., 3: All {'of them ' * 15}have a name.}}",
            errors.LINT_TOO_LONG, {"id": "own-named", "what": "option 3", "found": 34, "limit": 30},
        ),
        (
            "core: false\nweight: 3",
            errors.LINT_CORE_SHARE, {"found": "25%", "least": "60%"},
        ),
        ("vignettes: []", errors.LINT_VIGNETTES, {"id": "data-ownership", "found": 0, "questions": 0}),
    ],
)  # fmt: skip
def test_a_finding_names_the_question_the_place_and_the_word(
    text: str, message: Message, values: dict[str, Any]
) -> None:
    assert message.at("example.yaml", 0, **values) in findings(text)


@pytest.mark.parametrize(
    ("text", "limit", "code"),
    [
        ("prompt: Who {}?", 20, errors.LINT_TOO_LONG.code),
        ("levels: {{1: Nobody., 2: Some., 3: All {}.}}", 30, errors.LINT_TOO_LONG.code),
        ("help: Ask {}.", 32, errors.LINT_SENTENCE.code),
    ],
    ids=["prompt", "option", "sentence"],
)
def test_a_text_as_long_as_the_limit_is_short_enough_and_one_word_more_is_not(
    text: str, limit: int, code: str
) -> None:
    assert code not in dict(found(text.format(" ".join(["it"] * (limit - 1)))))
    assert code in dict(found(text.format(" ".join(["it"] * limit))))


def test_a_title_as_long_as_the_limit_fits_and_none_at_all_is_no_finding() -> None:
    assert found(f"title: {'x' * 28}") == []
    assert found("title: null") == []


def test_an_effort_at_the_limit_is_easy_enough_and_one_long_word_more_is_not() -> None:
    """50 words in five sentences, prompt, help and options, 20 of them long: 50 / 5 + 100 * 20 / 50."""
    options = "levels: {1: Nobody it., 2: Somebody it., 3: Everybody does it here and there too.}"

    def codes(long: int) -> set[str]:
        prompt = " ".join(["purpose"] * long + ["it"] * (38 - long))
        return set(dict(found(f"prompt: {prompt}?\nhelp: Ask.\n{options}")))

    assert errors.LINT_HARD_TO_READ.code not in codes(20 - 2)
    assert errors.LINT_HARD_TO_READ.code in codes(21 - 2)


@pytest.mark.parametrize(("weight", "expected"), [(2, []), (2.1, [errors.LINT_CORE_SHARE.code])])
def test_a_core_share_of_exactly_the_least_is_enough(weight: float, expected: list[str]) -> None:
    """Core questions weigh 2 and 1; a third that isn't core makes them 60 % of the whole, or a little less."""
    data, third = parsed(BASE), parsed(GOOD[CODES.index(errors.LINT_TEXT_MISSING.code)].text)
    questions = data["dimensions"][0]["questions"]
    questions[0]["weight"] = 2
    questions.append({**third[0], "weight": weight})
    problems = lint(load_questionnaire(as_yaml(data), "f.yaml"), "f.yaml")
    assert [problem.code for problem in problems] == expected


def test_questions_that_are_not_scored_need_no_core_and_no_ends_of_the_scale() -> None:
    options = (
        "options: [{id: a, label: One is named., value: 2}, {id: b, label: Two have said yes., value: 2}]"
    )
    assert found(f"weight: 0\ncore: false\n{options}") == []


def test_two_vignettes_on_one_question_are_too_few() -> None:
    base = parsed(BASE)["vignettes"]
    base[1]["question"] = base[0]["question"]
    assert [code for code, _ in found(yaml.safe_dump({"vignettes": base}))] == [errors.LINT_VIGNETTES.code]


def test_a_scale_without_levels_needs_no_vignettes() -> None:
    data = {**parsed(BASE), "scale": {"minimum": 0, "maximum": 1}, "vignettes": []}
    for question in data["dimensions"][0]["questions"]:
        labels = question.pop("levels")
        question["options"] = [
            {"id": level, "label": label, "value": (int(level) - 1) / 2} for level, label in labels.items()
        ]
    assert lint(load_questionnaire(as_yaml(data), "f.yaml"), "f.yaml") == []


def test_options_that_fall_from_first_to_last_are_in_order_too() -> None:
    falling = next(example.text for example in GOOD if example.code == errors.LINT_VALUES_JUMP.code)
    head, *options = falling.strip().split("\n")
    assert found("\n".join([head, *reversed(options)])) == []


@pytest.mark.parametrize(
    ("best", "worst", "is_found"),
    [
        ("No owner is missing.", "One owner is named.", True),
        ("No owner is missing.", "No owner is named.", False),
        ("Nobody waits.", "Everybody waits.", True),
        ("An owner is named.", "No owner is named.", False),
    ],
)
def test_only_a_best_option_alone_in_its_negation_looks_reversed(
    best: str, worst: str, is_found: bool
) -> None:
    text = f"levels: {{1: {worst}, 2: Half of the data sets have one., 3: {best}}}"
    assert (errors.LINT_REVERSED.code in dict(found(text))) is is_found


def test_findings_come_in_the_order_of_the_questions() -> None:
    base = parsed(BASE)
    for question in base["dimensions"][0]["questions"]:
        question["evidence"] = None
        question["help"] = "Asked sometimes."
    texts = [problem.text for problem in lint(Questionnaire.model_validate(base), "f.yaml")]
    assert [text.split("'")[1] for text in texts] == ["own-named"] * 2 + ["own-words"] * 2


# Ids --------------------------------------------------------------------------------------------------------


def test_a_reworded_question_keeps_its_id_and_a_replaced_one_does_not() -> None:
    assert found("prompt: What share of your data sets has a named owner?") == []
    replaced = next(example.text for example in BAD if example.code == errors.LINT_ID_REUSED.code)
    assert findings(replaced) == [
        errors.LINT_ID_REUSED.at("example.yaml", 0, id="own-named", other="data-ownership@1.0.0")
    ]


def test_an_id_is_missed_across_a_version_that_does_not_have_it() -> None:
    """Retired in 2.0.0 and back in 3.0.0 with another meaning: no two neighbours show it."""
    replaced = next(example.text for example in BAD if example.code == errors.LINT_ID_REUSED.code)
    first, third = load_questionnaire(BASE.encode(), "base.yaml"), laid_over(replaced)
    without = first.model_dump(mode="json") | {"version": "1.5.0", "vignettes": []}
    del without["dimensions"][0]["questions"][0]
    second = Questionnaire.model_validate(without)
    assert [problem.code for problem in lint_ids(third, [first, second], third.reference)] == [
        errors.LINT_ID_REUSED.code
    ]


def test_every_shared_id_is_named_with_the_other_questionnaire() -> None:
    assert findings("id: data-costs") == [
        errors.LINT_ID_SHARED.at("example.yaml", 0, id=name, other="data-ownership@1.0.0")
        for name in ("own-named", "own-words")
    ]


# Options --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "third", "alike"),
    [
        ("One team mends it.", "One team soon mends it.", True),
        ("One team mends it.", "One team soon mends all.", False),
        ("One team mends it.", "It is the team that mends one.", True),
    ],
    ids=["three words of four", "three words of five", "all words"],
)
def test_options_are_alike_from_three_common_words_of_four_on(second: str, third: str, alike: bool) -> None:
    is_found = errors.LINT_ALIKE.at("example.yaml", 0, id="own-named", one="2", other="3") in findings(
        f"levels: {{1: Nobody., 2: {second}, 3: {third}}}"
    )
    assert is_found is alike


def test_options_worth_the_same_may_stand_beside_each_other_on_a_rising_ladder() -> None:
    labels = {"none": 1, "paper": 2, "screen": 2, "both": 3}
    options = [{"id": name, "label": f"Found on {name}.", "value": value} for name, value in labels.items()]
    assert errors.LINT_VALUES_JUMP.code not in dict(found(yaml.safe_dump({"options": options})))


def test_two_options_at_both_ends_of_the_scale_are_enough() -> None:
    options = [
        {"id": "no", "label": "Nobody does.", "value": 1}, {"id": "yes", "label": "A team.", "value": 3},
    ]  # fmt: skip
    assert found(yaml.safe_dump({"options": options})) == []


@pytest.mark.parametrize(("prompt", "is_found"), [("Cat new tin", False), ("Cat new tin hat", True)])
def test_an_id_is_reused_when_less_than_one_word_of_four_is_the_same(prompt: str, is_found: bool) -> None:
    """Two words, 'cat' and 'dog', are in both, of eight in all or of nine."""

    def asked(version: str, text: str, option: str) -> Questionnaire:
        data = parsed(BASE) | {"version": version}
        data["dimensions"][0]["questions"][0] |= {
            "prompt": text,
            "levels": {"1": "Dog", "2": option, "3": "Dog"},
        }
        return Questionnaire.model_validate(data)

    before, later = asked("1.0.0", "Cat old box", "Owl"), asked("2.0.0", prompt, "Bee")
    assert bool(lint_ids(later, [before], later.reference)) is is_found


@pytest.mark.parametrize(
    ("values", "jumps"),
    [((1, 2, 3), False), ((3, 2, 2, 1), False), ((3, 3, 1), False), ((1, 3, 2), True), ((3, 1, 2), True)],
    ids=str,
)
def test_a_list_of_options_may_fall_or_rest_and_not_turn_round(values: tuple[int, ...], jumps: bool) -> None:
    words = ["paper", "stone", "glass", "wood"]
    options = [
        {"id": word, "label": f"Found on {word}.", "value": value}
        for word, value in zip(words, values, strict=False)
    ]
    assert (errors.LINT_VALUES_JUMP.code in dict(found(yaml.safe_dump({"options": options})))) is jumps


def test_rules_about_words_know_english_only() -> None:
    text = yaml.safe_dump(
        {"language": "de", "prompt": "Wer prüft regular and/or optimal Berechtigungsvergaben?"}
    )
    codes = {problem.code for problem in findings(text)}
    assert not codes & {errors.LINT_VAGUE.code, errors.LINT_HARD_TO_READ.code, errors.LINT_ASKS_TWICE.code}
