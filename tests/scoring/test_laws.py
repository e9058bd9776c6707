"""What must hold of scores whatever the questionnaire and the answers are."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import tried
from tests.scoring import invented
from tests.scoring.naive import MEASURES, STATES
from tests.scoring.shorthand import scores_of

NUMBERS = [*MEASURES, "coverage", "level", "secured_level"]
COUNTS = ["questions", *STATES]
#: A seed names an example. A smaller seed would be no simpler example, so Hypothesis does not look for one.
choices = st.integers(0, 2**32 - 1).map(Random)
modest = tried(25)


def _scores(short: Mapping[str, Any], answers: Mapping[str, Any]) -> pd.DataFrame:
    """One country's scores, by dimension."""
    table = scores_of({"questionnaire": short, "answers": {"FR": answers}})
    return table.set_index("dimension_id")


def _assert_same(
    found: pd.DataFrame, wanted: pd.DataFrame, columns: Iterable[str] = (*NUMBERS, *COUNTS)
) -> None:
    """The same status and numbers, but for the last digits, in rows of the same names in any order."""
    found = found.loc[list(wanted.index)]
    assert list(found["status"]) == list(wanted["status"])
    for column in columns:
        assert [*map(float, found[column])] == pytest.approx(
            [*map(float, wanted[column])], rel=1e-12, nan_ok=True
        )


def _simple(random: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A questionnaire without branching that withholds nothing, and answers."""
    short = invented.questionnaire(random, branching=False, kinds=False)
    short["scoring"]["minimum_coverage"] = 0
    return short, invented.answers(random, short, respondents=False)


def _dimensions(dimensions: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for fields in dimensions.values():
        yield fields
        yield from _dimensions(fields.get("dimensions", {}))


@modest
@given(choices)
def test_raising_one_answer_never_lowers_a_score(random):
    short, answers = _simple(random)
    values = [str(value) for value in invented.values_of(short)]
    for question, answer in random.sample(list(answers.items()), len(answers)):
        value, _, evidence = answer.partition(" with ")
        if value in values[:-1]:
            higher = values[values.index(value) + 1] + (f" with {evidence}" if evidence else "")
            before, after = _scores(short, answers), _scores(short, answers | {question: higher})
            for column in (*MEASURES, "level", "secured_level"):
                change = (after[column] - before[column]).astype(float)
                assert not (change < -1e-12).any(), (question, column)
                assert list(after[column].isna()) == list(before[column].isna())
            return


@modest
@given(choices)
def test_a_score_lies_in_its_range_and_what_evidence_supports_is_not_above_it(random):
    table = scores_of(invented.case(random, count=2))
    known = table[table["score"].notna()]
    assert (known["score_low"] <= known["score"] + 1e-12).all()
    assert (known["score"] <= known["score_high"] + 1e-12).all()
    assert not (known["supported_score"] > known["score"] + 1e-12).any()
    applicable = table[table["coverage"].notna()]
    assert applicable["coverage"].between(0, 1 + 1e-12).all()
    assert list(applicable["score_low"].isna()) == list(applicable["score_high"].isna())


@modest
@given(choices)
def test_where_all_is_answered_the_range_is_the_score(random):
    short, _ = _simple(random)
    answers = {name: random.choice(invented.values_of(short)) for name in invented.questions_of(short)}
    scores = _scores(short, answers)
    scored = scores[scores["status"].ne("not_applicable")]
    assert set(scored["status"]) == {"scored"}
    for column in ("score_low", "score_high"):
        assert list(scored[column]) == pytest.approx(list(scored["score"]), rel=1e-12)


@modest
@given(choices)
def test_a_score_lies_between_the_lowest_and_the_highest_answer(random):
    short, _ = _simple(random)
    values = invented.values_of(short)
    answers = {name: random.choice(values) for name in invented.questions_of(short) if random.randrange(4)}
    short["scoring"]["unanswered"] = "exclude"
    scores = _scores(short, answers)["score"].dropna()
    assert scores.between(
        min(answers.values(), default=0) - 1e-12, max(answers.values(), default=0) + 1e-12
    ).all()


@modest
@given(choices, st.sampled_from((0.1, 3, 8)))
def test_scaling_the_weights_of_a_dimensions_questions_changes_nothing(random, factor):
    short, answers = _simple(random)
    scaled = copy.deepcopy(short)
    for dimension in _dimensions(scaled["dimensions"]):
        for question in dimension.get("questions", {}).values():
            question["weight"] *= factor
        for child in dimension.get("dimensions", {}).values():
            child["weight"] *= factor
    _assert_same(_scores(scaled, answers), _scores(short, answers))


@modest
@given(choices)
def test_the_order_of_questions_and_dimensions_changes_nothing(random):
    short = invented.questionnaire(random, kinds=False)
    answers = invented.answers(random, short)

    def shuffled(children: Mapping[str, Any]) -> dict[str, Any]:
        parts = {name: dict(fields) for name, fields in random.sample(list(children.items()), len(children))}
        for fields in parts.values():
            fields |= {key: shuffled(fields[key]) for key in ("dimensions", "questions") if key in fields}
        return parts

    other = short | {"dimensions": shuffled(short["dimensions"])}
    _assert_same(_scores(other, answers), _scores(short, answers))


@modest
@given(choices)
def test_the_order_of_units_rounds_and_answers_changes_nothing(random):
    short = invented.questionnaire(random)
    case = {"questionnaire": short, "rounds": {"one": {}, "two": {}}, "units": invented.UNITS}
    given_answers = {
        f"{unit} in {name}": invented.answers(random, short)
        for unit in invented.UNIT_IDS
        for name in case["rounds"]
    }
    shuffled = {
        who: dict(random.sample(list(answers.items()), len(answers)))
        for who, answers in random.sample(list(given_answers.items()), len(given_answers))
    }
    # The first round is the one that an answer without a round belongs to; here each names its own.
    other = case | {"rounds": {"two": {}, "one": {}}, "answers": shuffled}
    pd.testing.assert_frame_equal(scores_of(other), scores_of(case | {"answers": given_answers}))


@modest
@given(choices)
def test_the_answers_of_others_change_nothing(random):
    case = invented.case(random, count=1)
    together = scores_of(case)
    alone = scores_of(case | {"answers": {"DE": case["answers"]["DE"]}})
    mine = together[together["unit_id"].eq("DE") & together["basis"].eq("own")].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, mine, check_dtype=False)


@modest
@given(choices)
def test_a_question_that_is_not_applicable_behaves_as_if_absent(random):
    short, answers = _simple(random)
    for dimension in _dimensions(short["dimensions"]):
        if len(dimension.get("questions", ())) > 1:
            name, question = next(iter(dimension["questions"].items()))
            with_it = _scores(short, answers | {name: "not applicable"})
            del dimension["questions"][name]
            without = _scores(short, {other: answer for other, answer in answers.items() if other != name})
            _assert_same(with_it, without, [*NUMBERS, "answered", "dont_know", "unanswered"])
            more = (with_it["questions"] - without["questions"])[without.index]
            assert set(more) <= {0, math.ceil(min(question["weight"], 1))}
            return


@modest
@given(choices)
def test_a_node_with_one_child_equals_its_child(random):
    short, answers = _simple(random)
    wrapped = {
        f"around-{name}": {
            "weight": fields["weight"],
            "aggregate": random.choice(("mean", "minimum") if min(invented.values_of(short)) < 0 else invented.AGGREGATES),
            "dimensions": {name: fields | {"weight": 7}},
        }
        for name, fields in short["dimensions"].items()
    }  # fmt: skip
    scores = _scores(short | {"dimensions": wrapped}, answers)
    blockers = dict(scores["blocking_question_id"])
    for name in short["dimensions"]:
        _assert_same(scores.loc[[f"around-{name}"]].rename({f"around-{name}": name}), scores.loc[[name]])
        assert blockers[f"around-{name}"] == blockers[name]
    _assert_same(scores.loc[[""]], _scores(short, answers).loc[[""]])
