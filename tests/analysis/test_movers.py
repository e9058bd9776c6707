"""Who moved, in a sentence and a row each, and by which questions."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given

from assessment.analysis.effects import question_effects
from assessment.analysis.matched import Cause
from assessment.analysis.movement import Refusal
from assessment.analysis.movers import Movement, MovementFinding, movement_finding, signed
from assessment.analysis.readings import Known
from assessment.scoring.table import Basis
from tests.analysis.movement import NOW, THEN, one, random_rounds, table_of, two_rounds
from tests.analysis.test_movement import choices, modest

ONE = one(a=1, b=1, c=1)
UNITS: dict[str, list[str]] = {"FR": [], "DE": [], "ES": []}


def all_at(level: int | str) -> dict[str, Any]:
    return dict.fromkeys("abc", level)


def found(then: dict[str, Any], now: dict[str, Any], later: Any = ONE) -> MovementFinding:
    """The movements of three countries, each given as its answers."""
    table = table_of(two_rounds((ONE, then), (later, now), UNITS))
    wholes = table[table["dimension_id"] == ""]
    labels = {"FR": "France", "DE": "Germany", "ES": "Spain"}
    return movement_finding(wholes, labels, "Governance", "2025", "2026", are_countries=True)


def test_the_sentence_says_how_many_rose_and_fell_and_mostly_why():
    finding = found(
        {"FR": all_at(1), "DE": all_at(3), "ES": {"a": 1, "b": 3, "c": 3}},
        {"FR": all_at(3), "DE": all_at(2), "ES": {"a": "not applicable", "b": 3, "c": 3}},
    )
    assert finding.headline == (
        "Of 3 countries, 2 reached a higher level and 1 fell to a lower level since 2025,"
        " 2 of them mostly by other answers"
    )
    assert [row.label for row in finding.rows] == ["France", "Germany", "Spain"], (
        "whole levels first, then the change"
    )
    assert [row.main_cause for row in finding.rows] == [Cause.ANSWERS, Cause.ANSWERS, Cause.UNKNOWNS]
    assert finding.causes == (Cause.ANSWERS, Cause.UNKNOWNS)


def test_a_small_step_over_a_border_is_a_higher_level_and_not_a_whole_one():
    finding = found({"FR": {"a": 2, "b": 3, "c": 3}}, {"FR": all_at(3)})
    assert finding.rows[0].change == pytest.approx(1 / 3)
    assert finding.headline == "Of 1 country, 1 reached a higher level since 2025, mostly by other answers"


@pytest.mark.parametrize(("then", "main"), [(2.0, Cause.QUESTIONS), (2.5, Cause.ANSWERS), (2.2, None)])
def test_what_pulled_the_other_way_is_never_the_main_cause(then: float, main: Cause | None):
    now, parts = 2.2, {Cause.ANSWERS: -0.5, Cause.QUESTIONS: 0.4}
    row = Movement("FR", "France", "governance", then, now, 2, 2, parts, 1.0, None)
    assert row.main_cause is main


def test_without_a_change_of_level_the_one_that_moved_most_is_named():
    finding = found({"FR": all_at(2), "DE": all_at(2)}, {"FR": {"a": 3, "b": 2, "c": 2}, "DE": all_at(2)})
    assert finding.headline == "None of 2 countries has changed level since 2025; France moved most (+0.3)"
    finding = found({"FR": all_at(2)}, {"FR": all_at(2)})
    assert finding.headline == "None of 1 country has moved since 2025"


def test_when_nobody_can_be_compared_the_commonest_reason_is_given():
    finding = found({"FR": {}, "DE": {"a": 1}}, {"FR": all_at(2), "DE": all_at(2), "ES": all_at(2)})
    assert {row.refusal for row in finding.rows} == {
        Refusal.NO_SCORE_THEN, Refusal.TOO_LITTLE_IN_COMMON, Refusal.NOT_ASKED_THEN
    }  # fmt: skip
    assert finding.headline == "None of 3 countries can be compared: not asked in the earlier round"
    assert all(not row.parts for row in finding.rows)
    assert found({}, {}).headline == "Nobody was asked this in 2026"


def test_a_question_says_what_it_was_and_by_how_much_it_moved_the_score():
    data = two_rounds(
        (ONE, {"FR": {"a": 1, "b": "don't know", "c": 3}}), (ONE, {"FR": {"a": 4, "b": 3, "c": 3}})
    )
    effects = question_effects(data, table_of(data), THEN, NOW)
    rows = effects[["question_id", "cause", "known_then", "known_now"]].to_numpy().tolist()
    assert rows == [
        ["a", Cause.ANSWERS, Known.LEVEL, Known.LEVEL],
        ["b", Cause.UNKNOWNS, Known.DONT_KNOW, Known.LEVEL],
    ]
    assert list(effects["effect"]) == pytest.approx([1.0, 2 / 3])
    assert effects["then"].isna().tolist() == [False, True]


def test_of_a_country_by_its_domains_a_question_has_the_mean_effect():
    then = {"FR.a": all_at(1), "FR.b": all_at(1)}
    now = {"FR.a": {"a": 4, "b": 1, "c": 1}, "FR.b": all_at(1)}
    data = two_rounds((ONE, then), (ONE, now), {"FR": ["a", "b"]})
    effects = question_effects(data, table_of(data), THEN, NOW, Basis.DOMAINS)
    assert effects[["unit_id", "question_id"]].to_numpy().tolist() == [["FR", "a"]]
    assert list(effects["effect"]) == pytest.approx([0.5])


@modest
@given(choices)
def test_the_effects_of_questions_add_up_to_the_causes_they_belong_to(random: Random):
    data = random_rounds(random)
    table = table_of(data)
    sums = (
        question_effects(data, table, THEN, NOW)
        .groupby(["unit_id", "questionnaire_id", "cause"])["effect"]
        .sum()
    )
    split = table[(table["refusal"] == "") & (table["basis"] == Basis.OWN) & (table["dimension_id"] == "")]
    for row in split.to_dict("records"):
        for cause in (Cause.ANSWERS, Cause.UNKNOWNS):
            key = (row["unit_id"], row["questionnaire_id"], str(cause))
            assert sums.get(key, 0.0) == pytest.approx(row[cause], abs=1e-9)


@pytest.mark.parametrize(
    ("change", "shown"), [(0.25, "+0.3"), (-0.25, "−0.3"), (0.04, "0.0"), (-0.04, "0.0")]
)
def test_a_change_has_a_sign_unless_it_shows_as_nothing(change: float, shown: str):
    assert signed(change) == shown
