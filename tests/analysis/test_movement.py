"""Who moved and why: each part of a change belongs to one cause, and the parts add up to it."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.movement import CAUSES, Refusal, gains
from assessment.questionnaire.crosswalks import Crosswalk
from assessment.scoring.table import Basis
from tests.analysis.movement import moved, one, random_rounds, table_of, two_rounds
from tests.laws import tried

choices = st.integers(0, 2**32 - 1).map(Random)
modest = tried(15)
ONE = one(a=1, b=1, c=1)


def parts(row: dict[str, Any]) -> dict[str, float]:
    """The causes that aren't nothing."""
    return {cause: row[cause] for cause in CAUSES if abs(row[cause]) > 1e-12}


def test_other_answers_to_the_same_questions_are_all_of_a_change():
    row = moved((ONE, {"a": 1, "b": 2, "c": 1}), (ONE, {"a": 3, "b": 2, "c": 1}))
    assert parts(row) == {"answers": pytest.approx(2 / 3)}
    assert row["refusal"] == ""
    assert (row["level_then"], row["level_now"]) == (1, 2)


def test_what_one_round_does_not_know_is_no_other_answer():
    for then, now in (("not applicable", 5), (5, "not applicable"), ("don't know", 5), (5, "don't know")):
        row = moved((ONE, {"a": then, "b": 2, "c": 2}), (ONE, {"a": now, "b": 2, "c": 2}))
        assert parts(row) == {"unknowns": pytest.approx(row["change"])}, (then, now)
    row = moved((ONE, {"b": 2, "c": 2}), (ONE, {"a": 5, "b": 2, "c": 2}))
    assert parts(row) == {"unknowns": pytest.approx(1.0)}


def test_questions_that_came_and_went_are_the_versions_doing():
    two = one("2.0.0", a=1, b=1, easy=1)
    row = moved((ONE, {"a": 2, "b": 2, "c": 5}), (two, {"a": 2, "b": 2, "easy": 5}))
    assert row["change"] == 0
    assert parts(row) == {}, "what left and what came cancel each other"
    row = moved((ONE, {"a": 2, "b": 2, "c": 1}), (two, {"a": 2, "b": 2, "easy": 5}))
    assert parts(row) == {"questions": pytest.approx(4 / 3)}
    assert row["versions_differ"]


def test_other_weights_are_told_apart_from_other_answers():
    two = one("2.0.0", a=3, b=1, c=0)
    row = moved((ONE, {"a": 1, "b": 3, "c": 3}), (two, {"a": 2, "b": 3, "c": 3}))
    assert parts(row) == {"weights": pytest.approx(6 / 4 - 7 / 3), "answers": pytest.approx(3 / 4)}


def test_a_reworded_question_is_another_one_unless_the_step_was_a_patch():
    reworded = {"levels": {str(level): f"Gets to {level} at last" for level in range(1, 6)}}
    given = {"a": 1, "b": 1, "c": 1}, {"a": 4, "b": 1, "c": 1}
    major = moved((ONE, given[0]), (one("2.0.0", a=reworded, b=1, c=1), given[1]))
    assert parts(major) == {"questions": pytest.approx(1.0)}
    patch = moved((ONE, given[0]), (one("1.0.1", a=reworded, b=1, c=1), given[1]))
    assert parts(patch) == {"answers": pytest.approx(1.0)}


def test_a_crosswalk_says_which_reworded_question_still_asks_the_same():
    reworded = {"levels": {str(level): f"Gets to {level} at last" for level in range(1, 6)}}
    given = {"a": 1, "b": 1, "c": 1}, {"a": 4, "b": 4, "c": 1}
    later = one("2.0.0", a=reworded, b=reworded, c=1)
    data = two_rounds((ONE, {"FR": given[0]}), (later, {"FR": given[1]}))
    links = [
        {"question": "a", "relation": "clarified", "reason": "Plainer."},
        {"question": "b", "relation": "re-levelled", "reason": "Harder."},
    ]
    step = Crosswalk.model_validate(
        {"questionnaire": "example", "from": "1.0.0", "to": "2.0.0", "all_others": "same", "questions": links}
    )
    with_it = replace(data, catalogue=replace(data.catalogue, crosswalks=(step,)))
    table = table_of(with_it)
    row = dict(table[table["dimension_id"] == ""].iloc[0])
    assert parts(row) == {"answers": pytest.approx(1.5), "questions": pytest.approx(0.5)}


@modest
@given(choices)
def test_a_crosswalk_that_says_what_the_words_say_changes_nothing(random: Random):
    data = random_rounds(random)
    versions = list(data.catalogue.questionnaires.values())
    before, after = versions[0], versions[-1]
    came_and_went = [
        *({"question": name, "relation": "new", "reason": "It came."} for name in after.questions if name not in before.questions),
        *({"question": name, "relation": "retired", "reason": "It went."} for name in before.questions if name not in after.questions),
    ]  # fmt: skip
    step = Crosswalk.model_validate(
        {"questionnaire": before.id, "from": before.version, "to": after.version, "all_others": "same", "questions": came_and_went}
    )  # fmt: skip
    with_it = replace(data, catalogue=replace(data.catalogue, crosswalks=(step,)))
    pd.testing.assert_frame_equal(table_of(with_it), table_of(data))


def test_a_gain_leaves_out_what_another_version_made_of_the_score():
    easier = one("2.0.0", a=1, b=1, c=1, easy=1)
    given = {"a": 1, "b": 2, "c": 3}, {"a": 4, "b": 2, "c": 3, "easy": 5}
    table = table_of(two_rounds((ONE, {"FR": given[0]}), (easier, {"FR": given[1]})))
    assert gains(table, "example", Basis.OWN) == {"FR": pytest.approx(1.0)}
    assert gains(table, "another", Basis.OWN) == {}
    same = table_of(two_rounds((ONE, {"FR": given[0]}), (ONE, {"FR": {"a": 4, "b": 2, "c": 3}})))
    assert gains(same, "example", Basis.OWN) == {"FR": pytest.approx(1.0)}
    refused = table_of(two_rounds((ONE, {"FR": {"a": 1}}), (ONE, {"FR": given[0]})))
    assert gains(refused, "example", Basis.OWN) == {}


def test_below_60_percent_of_common_weight_a_change_is_not_taken_apart():
    row = moved((ONE, {"a": 1}), (ONE, {"a": 3, "b": 3, "c": 3}))
    assert row["refusal"] == Refusal.TOO_LITTLE_IN_COMMON
    assert row["shared"] == pytest.approx(1 / 3)
    assert row["change"] == 2
    assert all(np.isnan(row[cause]) for cause in CAUSES)


@pytest.mark.parametrize(
    ("then", "now", "refusal"),
    [({}, {"a": 3}, Refusal.NO_SCORE_THEN), ({"a": 3}, {}, Refusal.NO_SCORE_NOW)],
)
def test_without_a_score_in_one_round_the_reason_is_given(then: Any, now: Any, refusal: Refusal):
    assert moved((ONE, then), (ONE, now))["refusal"] == refusal


def test_who_was_not_asked_then_says_so_and_who_is_not_asked_now_has_no_row():
    data = two_rounds((ONE, {"DE": {"a": 1}}), (ONE, {"FR": {"a": 1}}), {"FR": [], "DE": []})
    table = table_of(data)
    assert set(table["unit_id"]) == {"FR"}
    assert set(table["refusal"]) == {Refusal.NOT_ASKED_THEN}


def of_country(table: pd.DataFrame) -> dict[str, Any]:
    rows = table[(table["basis"] == Basis.DOMAINS) & (table["dimension_id"] == "")]
    return dict(rows.iloc[0])


ALL_ONES, ALL_FIVES = dict.fromkeys("abc", 1), dict.fromkeys("abc", 5)


def test_a_domain_that_joins_moves_its_countrys_mean_by_membership():
    units = {"FR": ["sales", "finance"]}
    then = {"FR.sales": {"a": 2, "b": 2, "c": 2}}
    now = {"FR.sales": {"a": 3, "b": 3, "c": 3}, "FR.finance": ALL_FIVES}
    row = of_country(table_of(two_rounds((ONE, then), (ONE, now), units)))
    assert row["change"] == 2
    assert parts(row) == {"answers": pytest.approx(1.0), "membership": pytest.approx(1.0)}


def test_a_domain_that_is_not_asked_any_more_leaves_its_countrys_mean():
    units = {"FR": ["sales", "finance"]}
    then = {"FR.sales": ALL_ONES, "FR.finance": ALL_FIVES}
    row = of_country(table_of(two_rounds((ONE, then), (ONE, {"FR.sales": ALL_ONES}), units)))
    assert parts(row) == {"membership": pytest.approx(-2.0)}


def test_a_domain_that_cannot_be_compared_is_a_part_of_its_own():
    units = {"FR": ["a", "b", "c"]}
    then = {"FR.a": ALL_ONES, "FR.b": ALL_ONES, "FR.c": {"a": 1}}
    now = {"FR.a": ALL_ONES, "FR.b": ALL_ONES, "FR.c": {"a": 1, "b": 5, "c": 5}}
    row = of_country(table_of(two_rounds((ONE, then), (ONE, now), units)))
    assert parts(row) == {"undivided": pytest.approx((11 / 3 - 1) / 3)}
    assert row["shared"] == pytest.approx((1 + 1 + 1 / 3) / 3)


def test_without_a_domain_in_both_rounds_there_is_nothing_to_take_apart():
    units = {"FR": ["sales", "finance"]}
    data = two_rounds((ONE, {"FR.sales": ALL_ONES}), (ONE, {"FR.finance": ALL_FIVES}), units)
    assert of_country(table_of(data))["refusal"] == Refusal.NO_DOMAIN_IN_BOTH


@modest
@given(choices)
def test_the_parts_always_add_up_to_the_change(random: Random):
    table = table_of(random_rounds(random))
    split = table[table["refusal"] == ""]
    sums = split[list(CAUSES)].sum(axis=1, skipna=False)
    assert list(sums) == pytest.approx(list(split["change"]), abs=1e-9)
    assert table.loc[table["refusal"] != "", list(CAUSES)].isna().all(axis=None)
    same = split[~split["versions_differ"]]
    assert (same[["questions", "weights"]].abs() < 1e-9).all(axis=None)
    own = split[split["basis"] == Basis.OWN]
    assert (own[["membership", "undivided"]] == 0).all(axis=None)
