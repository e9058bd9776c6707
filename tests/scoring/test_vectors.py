"""Vectors that somebody else computed: sources in the reference on scoring methodology, section 6."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import Any

import pandas as pd
import pytest

from tests.scoring.shorthand import scores_of

HUNDRED = {"scale": {"minimum": 0, "maximum": 100}}
SAMM = {"scale": {"minimum": 0, "maximum": 3}, "options": [0, 0.75, 1.5, 3]}
#: OWASP SAMM's answers are worth 0, 1/4, 1/2 and 1 for each of three levels: a mean of 0 to 3 is that sum.
SAMM_OPTION = {0: "0", 0.25: "0.75", 0.5: "1.5", 1: "3"}


def _whole(questionnaire: Mapping[str, Any], answers: Mapping[str, Any]) -> pd.Series:
    table = scores_of({"questionnaire": questionnaire, "answers": {"FR": answers}})
    return table[table["dimension_id"].eq("")].iloc[0]


def test_the_default_rule_on_a_scale_of_0_to_100():
    questionnaire = HUNDRED | {
        "options": [0, 50, 75, 100],
        "dimensions": {"only": {"questions": {"a": 3, "b": 2, "c": 1, "d": 2, "e": 2}}},
    }
    known = {"a": 75, "b": 50, "c": 100, "d": "not applicable"}
    expected = {"coverage": 0.75, "score_low": 53.125, "score_high": 78.125}

    # The vector leaves out what nobody knows; this product counts don't know as 0 and leaves out blanks.
    excluding = questionnaire | {"scoring": {"dont_know": "exclude"}}
    for row in (_whole(excluding, known | {"e": "don't know"}), _whole(questionnaire, known)):
        assert row["score"] == pytest.approx(70 + 5 / 6, rel=1e-12)
        assert row[list(expected)].to_dict() == pytest.approx(expected, rel=1e-12)
    assert _whole(questionnaire, known | {"e": "don't know"})["score"] == pytest.approx(53.125, rel=1e-12)


def _practice(identifier: str) -> dict[str, Any]:
    """A SAMM practice: two streams of three levels, each level the mean of both streams' answers."""
    questions = {f"{identifier}-{stream}{level}": 1 for stream in "ab" for level in (1, 2, 3)}
    return {"questions": questions}


def test_a_samm_practice():
    questionnaire = SAMM | {"dimensions": {"practice": _practice("p")}}
    answers = dict(zip(_practice("p")["questions"], (1, 0.5, 0, 0.5, 0.25, 0), strict=True))
    row = _whole(questionnaire, {question: SAMM_OPTION[share] for question, share in answers.items()})
    assert row["score"] == pytest.approx(1.125, rel=1e-12)


def test_samms_90_answers_in_five_functions_of_three_practices():
    functions = {
        f"function-{f}": {"dimensions": {f"practice-{f}{p}": _practice(f"q-{f}{p}") for p in range(3)}}
        for f in range(5)
    }
    practices = [practice["questions"] for f in functions.values() for practice in f["dimensions"].values()]
    # sammwise's vector: the practices in turn answer all 1, all 0, all 1/4, all 1/2.
    shares = cycle((1, 0, 0.25, 0.5))
    answers = {
        q: SAMM_OPTION[share] for practice, share in zip(practices, shares, strict=False) for q in practice
    }
    table = scores_of({"questionnaire": SAMM | {"dimensions": functions}, "answers": {"FR": answers}})
    score = table.set_index("dimension_id")["score"]
    assert [score[f] for f in functions] == pytest.approx([1.25, 1.5, 1.75, 0.75, 1.25], rel=1e-12)
    assert score[""] == pytest.approx(1.3, rel=1e-12)


@pytest.mark.parametrize(
    ("aggregate", "weights", "expected"),
    [
        ("geometric", (1, 1, 1), 1.817121),
        ("geometric", (1, 1, 2), 2.059767),
        ("harmonic", (2, 1, 1), 1.411765),
        ("mean", (1, 1, 2), 2.25),
        ("minimum", (1, 1, 2), 1),
    ],
)
def test_coinrs_means_of_1_2_and_3(aggregate, weights, expected):
    questionnaire = {
        "scoring": {"aggregate": aggregate},
        "dimensions": {"only": {"questions": dict(zip("abc", weights, strict=True))}},
    }
    assert _whole(questionnaire, {"a": 1, "b": 2, "c": 3})["score"] == pytest.approx(expected, abs=5e-7)


def test_fair_maturity_keeps_what_nobody_knows_in_the_denominator_and_leaves_out_what_does_not_apply():
    def score(met: int, unmet: int, unknown: int, not_applicable: int) -> Any:
        count = met + unmet + unknown + not_applicable
        states = ["1"] * met + ["0"] * unmet + ["don't know"] * unknown + ["not applicable"] * not_applicable
        questions = [f"q{i}" for i in range(count)]
        return _whole(
            {
                "scale": {"minimum": 0, "maximum": 1},
                "options": [0, 1],
                "dimensions": {"only": {"questions": dict.fromkeys(questions, 1)}},
            },
            dict(zip(questions, states, strict=True)),
        )["score"]

    assert score(met=37, unmet=3, unknown=0, not_applicable=1) == pytest.approx(37 / 40, rel=1e-12)
    assert score(met=33, unmet=4, unknown=4, not_applicable=0) == pytest.approx(33 / 41, rel=1e-12)
