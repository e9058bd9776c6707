"""Ranks only as ranges: what drawn weights, unknowns and other methods leave of an order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assessment.analysis.standing import (
    MethodSwitch,
    RankRange,
    method_switches,
    places_of,
    rank_ranges,
    ranks_of,
)
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.plan import DONT_KNOW, NOT_APPLICABLE, Codes, Plan, plan_for
from tests.questionnaire.builders import dimension, question, questionnaire

NAMES = ["a", "b", "c"]


def ranges(scores: Any, weights: Any = (1, 1), bounds: Any = None, seed: int = 7) -> dict[str, RankRange]:
    values = np.array(scores, dtype=float)
    shares = np.array(weights, dtype=float)
    known = np.where(np.isnan(values), 0, shares)
    whole = np.nansum(values * shares, axis=1) / known.sum(axis=1)
    lows, highs = (np.array(entry, dtype=float) for entry in bounds or (whole, whole))
    names = NAMES[: len(values)]
    found = rank_ranges(names, values, shares, (lows, highs), np.random.default_rng(seed))
    return {entry.unit_id: entry for entry in found}


def test_units_that_are_better_in_every_dimension_keep_their_rank() -> None:
    found = ranges([[5, 5], [3, 3], [1, 1]])
    assert [(entry.rank, entry.best, entry.worst) for entry in found.values()] == [
        (1, 1, 1),
        (2, 2, 2),
        (3, 3, 3),
    ]


def test_units_that_trade_dimensions_share_their_ranks_as_a_range() -> None:
    found = ranges([[4, 2], [2, 4], [1, 1]])
    assert found["a"].rank == found["b"].rank == 1, "a tie is a tie"
    assert (found["a"].by_weights, found["b"].by_weights) == ((1, 2), (1, 2))
    assert found["a"].overlaps(found["b"])
    assert not found["a"].overlaps(found["c"])


def test_the_core_of_a_range_lies_within_it() -> None:
    scores = np.random.default_rng(5).uniform(2, 4, (3, 2))
    for entry in ranges(scores).values():
        assert entry.by_weights[0] <= entry.core[0] <= entry.core[1] <= entry.by_weights[1]


def test_units_that_always_tie_hold_every_place_that_they_share() -> None:
    found = ranges([[3, 3], [3, 3], [1, 1]])
    assert [found[name].rank for name in NAMES] == [1, 1, 3], "they share the better rank"
    assert [(found[name].best, found[name].worst) for name in NAMES] == [(1, 2), (1, 2), (3, 3)]


def test_a_unit_by_its_members_has_their_mean() -> None:
    rows = np.array([[4.0, 4.0], [2.0, 2.0], [2.5, 2.5], [float("nan"), 5.0]])
    members = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=float)
    whole = np.array([3.0, 3.75])
    found = rank_ranges(["a", "b"], rows, np.ones(2), (whole, whole), np.random.default_rng(7), members)
    assert {entry.unit_id: (entry.score, entry.rank) for entry in found} == {"a": (3.0, 2), "b": (3.75, 1)}


def test_what_is_unknown_opens_the_range_both_ways() -> None:
    found = ranges([[3, 3], [2.5, 2.5], [1, 1]], bounds=([2, 2.5, 1], [4, 2.5, 1]))
    assert found["a"].by_unknowns == (1, 2)
    assert found["b"].by_unknowns == (1, 2)
    assert found["c"].by_unknowns == (3, 3)


def test_a_dimension_without_a_score_leaves_the_units_mean() -> None:
    found = ranges([[4, float("nan")], [3, 3.5], [1, 1]])
    assert [entry.rank for entry in found.values()] == [1, 2, 3]
    assert found["a"].score == 4


def test_nobody_has_no_ranks_and_one_unit_is_first() -> None:
    assert (
        rank_ranges([], np.empty((0, 2)), np.ones(2), (np.empty(0), np.empty(0)), np.random.default_rng(1))
        == ()
    )
    assert ranges([[2, 3]])["a"].worst == 1


def test_the_same_seed_gives_the_same_ranges() -> None:
    scores = np.random.default_rng(0).uniform(1, 5, (3, 2))
    assert ranges(scores, seed=3) == ranges(scores, seed=3)


@given(arrays(float, (3, 4), elements=st.floats(1, 5)), arrays(float, 4, elements=st.floats(0.1, 5)))
def test_a_rank_lies_in_its_own_range_and_scaling_weights_changes_nothing(scores: Any, weights: Any) -> None:
    found = ranges(scores, weights)
    for entry in found.values():
        assert 1 <= entry.best <= entry.rank <= entry.worst <= 3
    assert {name: entry.rank for name, entry in ranges(scores, weights * 4).items()} == {
        name: entry.rank for name, entry in found.items()
    }


@given(arrays(float, (1, 6), elements=st.floats(1, 5)))
def test_ranks_are_competition_ranks(scores: Any) -> None:
    row = scores[0]
    assert ranks_of(scores)[0].tolist() == [1 + sum(other > mine + 1e-9 for other in row) for mine in row]


@given(arrays(float, (2, 6), elements=st.sampled_from([1.0, 2.0, 2.5, 5.0])))
def test_scores_that_are_equal_share_their_places(scores: Any) -> None:
    first, last = places_of(scores)
    for row, best, worst in zip(scores, first, last, strict=True):
        assert best.tolist() == [1 + sum(other > mine for other in row) for mine in row]
        assert worst.tolist() == [sum(other >= mine for other in row) for mine in row]


# Other methods ---------------------------------------------------------------------------------------------


def plan(**fields: Any) -> Plan:
    data = questionnaire(
        dimension("first", question("a"), question("b"), weight=3),
        dimension("second", question("c")),
        **fields,
    )
    made = plan_for(Questionnaire.model_validate(data), "country")
    assert made is not None
    return made


def switches(codes: Any, **fields: Any) -> dict[str, MethodSwitch]:
    given_codes: Codes = np.array(codes, dtype=np.uint8)
    return {entry.method: entry for entry in method_switches(plan(**fields), given_codes)}


def test_every_switch_is_compared_with_the_products_own_method() -> None:
    found = switches([[2, 2, 0], [0, 0, 2], [1, 1, 1]])
    assert set(found) == {"dont_know", "geometric", "equal_weights", "without:first", "without:second"}
    assert found["dont_know"] == MethodSwitch("dont_know", 0.0, 0, 3)
    assert found["without:first"].largest_shift == 2, (
        "who is first by the first dimension is last by the second"
    )


def test_the_rule_for_dont_know_moves_whoever_did_not_know() -> None:
    found = switches([[2, DONT_KNOW, 2], [1, 1, 1]])
    assert found["dont_know"].units == 2
    assert found["dont_know"].largest_shift == 0
    moved = switches([[2, DONT_KNOW, 0], [1, 1, 1]])["dont_know"]
    assert (moved.largest_shift, moved.mean_shift) == (1, 1.0)


def test_members_are_compared_as_the_units_that_they_make() -> None:
    codes: Codes = np.array([[2, 2, 0], [0, 0, 2], [1, 1, 1]], dtype=np.uint8)
    members = np.array([[1, 0], [1, 0], [0, 1]], dtype=float)
    found = {entry.method: entry for entry in method_switches(plan(), codes, members)}
    assert {entry.units for entry in found.values()} == {2}


def test_units_without_a_score_are_left_out_of_the_comparison() -> None:
    found = switches([[2, 2, NOT_APPLICABLE], [0, 0, 2]])
    assert found["without:first"].units == 1
    assert found["without:second"].units == 2


def test_a_geometric_mean_is_not_tried_below_zero() -> None:
    options = [{"id": "no", "label": "No", "value": -1}, {"id": "yes", "label": "Yes", "value": 1}]
    data = questionnaire(dimension("d", question("a", options=options)), scale={"minimum": -1, "maximum": 1})
    made = plan_for(Questionnaire.model_validate(data), "country")
    assert made is not None
    found = [entry.method for entry in method_switches(made, np.array([[0], [1]], dtype=np.uint8))]
    assert found == ["dont_know", "equal_weights"]


@pytest.mark.parametrize("units", [0, 1])
def test_few_units_are_no_fault(units: int) -> None:
    found = method_switches(plan(), np.zeros((units, 3), dtype=np.uint8))
    assert {entry.largest_shift for entry in found} == {0}
