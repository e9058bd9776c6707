"""Why a score is what it is: the parts add up to it, and what is left out says why."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.questionnaire.models import Aggregate
from assessment.scoring.aggregates import AGGREGATES
from assessment.scoring.asked import Asked
from assessment.scoring.explain import Counted, Explanation, Part, contributions_of, explain
from assessment.scoring.table import ScoringInput
from tests.scoring import invented
from tests.scoring.shorthand import ROUND, input_of, scores_of

CASE: dict[str, Any] = {
    "questionnaire": {
        "dimensions": {
            "direction": {"questions": {"a": 3, "b": 2, "c": 1, "d": 2, "e": 2, "f": 0}},
            "roles": {
                "weight": 3,
                "questions": {"g": 1, "h": {"weight": 1, "show_when": {"question": "g", "at_least": 4}}},
            },
        }
    },
    "answers": {"FR": {"a": 4, "b": 3, "c": 5, "d": "not applicable", "e": "don't know", "f": 5, "g": 2}},
}


def why(case: dict[str, Any], dimension_id: str | None = None, unit: str = "FR") -> Explanation:
    found = explain(input_of(case), Asked(ROUND, unit, "example", "1.0.0"), dimension_id)
    assert found is not None
    return found


def part(explanation: Explanation, name: str) -> Part:
    return next(entry for entry in explanation.parts if entry.id == name)


def test_the_example_of_the_design_is_explained_answer_by_answer() -> None:
    found = why(CASE, "direction")
    assert found.score == pytest.approx(3.125)
    assert found.coverage == pytest.approx(0.75)
    assert [(entry.id, entry.weight, entry.value, entry.counted) for entry in found.parts] == [
        ("a", 3, 4, Counted.YES), ("b", 2, 3, Counted.YES), ("c", 1, 5, Counted.YES),
        ("d", 2, None, Counted.NOT_APPLICABLE), ("e", 2, 1, Counted.AS_LOWEST), ("f", 0, 5, Counted.NO_WEIGHT),
    ]  # fmt: skip
    assert [entry.share for entry in found.parts] == [0.375, 0.25, 0.125, 0, 0.25, 0]
    assert [entry.contribution for entry in found.parts] == [1.5, 0.75, 0.625, 0, 0.25, 0]
    assert [entry.id for entry in found.left_out] == ["d", "f"]


def test_the_whole_is_explained_by_its_dimensions_and_these_by_their_questions() -> None:
    whole = why(CASE)
    assert [(entry.id, entry.is_question) for entry in whole.parts] == [
        ("direction", False),
        ("roles", False),
    ]
    assert whole.score == pytest.approx((3.125 + 3 * 2) / 4)
    below = part(whole, "roles").below
    assert below is not None
    assert part(below, "h").counted is Counted.HIDDEN, (
        "branching hides it; nobody said that it isn't applicable"
    )
    assert below.score == 2


def test_what_the_rules_leave_out_is_told_from_what_they_count_as_lowest() -> None:
    rules = {"dont_know": "exclude", "unanswered": "minimum"}
    case = {
        **CASE,
        "questionnaire": {**CASE["questionnaire"], "scoring": rules},
        "answers": {"FR": {"a": 4, "b": "don't know"}},
    }
    found = why(case, "direction")
    assert part(found, "b").counted is Counted.DONT_KNOW
    assert part(found, "c").counted is Counted.AS_LOWEST


def test_a_dimension_without_an_answer_has_no_score_and_says_so() -> None:
    whole = why({**CASE, "answers": {"FR": {"a": 4}}})
    assert part(whole, "roles").counted is Counted.NO_SCORE
    assert part(whole, "roles").contribution == 0
    assert whole.score == 4


def test_what_is_not_asked_is_not_explained() -> None:
    assert explain(input_of(CASE), Asked(ROUND, "FR", "example", "1.0.0"), "nowhere") is None


def nodes_of(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for entry in explanation.parts:
        if entry.below is not None:
            yield from nodes_of(entry.below)


@pytest.mark.parametrize("seed", range(3))
def test_on_random_questionnaires_the_parts_add_up_to_every_score_of_the_table(seed: int) -> None:
    case = invented.case(Random(seed), count=30)
    data, table = input_of(case), scores_of(case)
    own = table[(table["basis"] == "own") & table["score"].notna()]
    shown = {
        (row["unit_id"], row["questionnaire_id"], row["dimension_id"]): row["score"]
        for row in own.to_dict("records")
    }
    seen = sum(checked(data, asked, shown) for asked in data.asked)
    assert seen == len(shown), "every score of the table is explained"


def checked(data: ScoringInput, asked: Asked, shown: dict[tuple[Any, ...], Any]) -> int:
    """Checks every node of one assessment; gives how many of the table's scores it met."""
    explanation = explain(data, asked)
    if explanation is None:
        return 0
    met = 0
    for node in nodes_of(explanation):
        key = (asked.unit_id, asked.questionnaire_id, node.dimension_id or "")
        if node.score is not None:
            assert sum(entry.contribution for entry in node.parts) == pytest.approx(node.score, abs=1e-9)
            assert sum(entry.share for entry in node.parts) == pytest.approx(1)
        if key in shown:
            assert node.score == pytest.approx(shown[key], abs=1e-12)
            met += 1
    return met


weights = st.lists(st.floats(0.01, 100), min_size=1, max_size=8)


@given(weights, st.data(), st.sampled_from(list(Aggregate)))
def test_contributions_add_up_whatever_the_aggregate(
    given_weights: list[float], data: st.DataObject, aggregate: Aggregate
) -> None:
    size = len(given_weights)
    values = np.array(data.draw(st.lists(st.floats(0.1, 100), min_size=size, max_size=size)))
    shares, contributions = contributions_of(values, np.array(given_weights), aggregate)
    whole = AGGREGATES[aggregate](values[:, None], np.ones((size, 1)), np.array(given_weights))[0]
    assert contributions.sum() == pytest.approx(whole, rel=1e-9)
    assert shares.sum() == pytest.approx(1)
    assert (contributions >= 0).all()
