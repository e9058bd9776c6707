"""Change between two rounds: what the same questions did, and what other questions make of it."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.change import ChangeFinding, change_between
from assessment.organisation import Phase, Round, Unit, organisation_of
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.responses import Answer, AnswerRow, AnswerState, answer_table
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput
from tests.questionnaire.builders import dimension, question, questionnaire

OTHER = {"1": "Nobody sails.", "2": "One ship sails.", "3": "A fleet sails."}


def version(number: str, **questions: dict[str, Any]) -> Questionnaire:
    asked = [question(name, **fields) for name, fields in questions.items()]
    return Questionnaire.model_validate(questionnaire(dimension("d", *asked), version=number))


def changed(
    before: tuple[Questionnaire, dict[str, int]],
    after: tuple[Questionnaire, dict[str, int]],
    same_meaning: tuple[str, ...] = (),
) -> ChangeFinding:
    rows = [
        AnswerRow(name, "FR", "example", made.version, asked, Answer(AnswerState.ANSWERED, str(level)))
        for name, (made, given) in (("r1", before), ("r2", after))
        for asked, level in given.items()
    ]
    units = organisation_of([Unit("FR", "France", UnitKind.COUNTRY, None)])
    rounds = {name: Round(name, name, Phase.BEFORE) for name in ("r1", "r2")}
    calls = [Asked("r1", "FR", "example", before[0].version), Asked("r2", "FR", "example", after[0].version)]
    versions = {made.reference: made for made, _ in (before, after)}
    data = ScoringInput(catalogue_of(versions.values()), units, rounds, answer_table(rows), calls)
    found = change_between(data, calls[0], calls[1], same_meaning)
    assert found is not None
    return found


ONE = version("1.0.0", a={}, b={}, c={})


def test_with_one_version_and_all_answers_everything_is_like_for_like() -> None:
    found = changed((ONE, {"a": 1, "b": 2, "c": 1}), (ONE, {"a": 3, "b": 2, "c": 1}))
    assert found.total == pytest.approx(2 / 3)
    assert found.like_for_like == pytest.approx(2 / 3)
    assert found.other == pytest.approx(0)
    assert found.moved == {"a": (1, 3)}


def test_a_rise_that_only_comes_from_other_questions_is_told_apart() -> None:
    two = version("2.0.0", a={}, b={}, easy={"levels": OTHER})
    found = changed((ONE, {"a": 2, "b": 2, "c": 1}), (two, {"a": 2, "b": 2, "easy": 3}))
    assert found.total == pytest.approx(7 / 3 - 5 / 3)
    assert found.like_for_like == 0
    assert found.other == pytest.approx(2 / 3)
    assert found.shared_weight == pytest.approx(2 / 3)


def test_below_60_percent_of_common_weight_there_is_no_comparison() -> None:
    two = version("2.0.0", a={}, b={"levels": OTHER}, other={"levels": OTHER})
    found = changed((ONE, {"a": 1, "b": 1, "c": 1}), (two, {"a": 3, "b": 3, "other": 3}))
    assert found.shared_weight == pytest.approx(1 / 3)
    assert found.like_for_like is None
    assert found.other is None
    assert found.total == pytest.approx(2), "both scores stand; only their difference isn't split"


def test_a_reworded_question_counts_as_the_same_only_when_its_author_says_so() -> None:
    reworded = {"1": "None can be named.", "2": "One is named.", "3": "One acts in time."}
    two = version("2.0.0", a={"levels": reworded}, b={}, c={})
    given = {"a": 1, "b": 1, "c": 1}, {"a": 3, "b": 1, "c": 1}
    assert changed((ONE, given[0]), (two, given[1])).like_for_like == 0
    confirmed = changed((ONE, given[0]), (two, given[1]), ("a",))
    assert confirmed.like_for_like == pytest.approx(2 / 3)
    assert confirmed.shared_weight == 1


def test_a_question_that_one_round_did_not_answer_is_no_change_of_the_same_questions() -> None:
    found = changed((ONE, {"a": 1, "b": 1}), (ONE, {"a": 1, "b": 1, "c": 3}))
    assert found.like_for_like == 0
    assert found.other == pytest.approx(2 / 3)


def test_the_weights_of_the_later_version_judge_both_rounds() -> None:
    two = version("2.0.0", a={"weight": 3}, b={}, c={"weight": 0})
    found = changed((ONE, {"a": 1, "b": 3, "c": 3}), (two, {"a": 2, "b": 3, "c": 3}))
    assert found.like_for_like == pytest.approx(3 / 4)
    assert found.total == pytest.approx((found.like_for_like or 0) + (found.other or 0))


def test_nothing_answered_is_no_change() -> None:
    found = changed((ONE, {}), (ONE, {"a": 3}))
    assert (found.before, found.total, found.like_for_like) == (None, None, None)
