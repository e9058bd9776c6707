"""The dense engine against a table with one row a child, summed up parent by parent with pandas."""

from __future__ import annotations

from dataclasses import fields
from random import Random

import numpy as np
import pandas as pd
import pytest

from assessment.questionnaire.models import Questionnaire
from assessment.scoring.engine import NodeScores, node_scores, roll_up, score_nodes
from assessment.scoring.plan import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Plan, plan_for
from assessment.scoring.tree import BLOCK
from tests.scoring import invented
from tests.scoring.shorthand import written_out

QUESTIONNAIRES = 40


def plans(seed: int) -> list[Plan]:
    """Plans of random trees: some with one aggregate all the way, some with several."""
    shorts = [invented.questionnaire(Random(seed * 1000 + number)) for number in range(QUESTIONNAIRES)]
    made = [plan_for(Questionnaire.model_validate(written_out(short)), "domain") for short in shorts]
    return [plan for plan in made if plan is not None]


def codes_for(plan: Plan, assessments: int, seed: int) -> np.ndarray:
    """Every option and every kind of absence."""
    random = np.random.default_rng(seed)
    sizes = [len(question.options) for question in plan.questions]
    codes = random.integers(0, sizes, (assessments, len(sizes))).astype(np.uint8)
    for state in (NOT_APPLICABLE, DONT_KNOW, UNANSWERED):
        codes[random.random(codes.shape) < 0.1] = state
    return codes


def means_in_long_form(plan: Plan, leaves: np.ndarray) -> np.ndarray:
    """Weighted means all the way up; a child without a value has no row."""
    table = pd.DataFrame(leaves).rename_axis("assessment").reset_index()
    rows = table.melt("assessment", var_name="item", value_name="value").dropna()
    for index in reversed(range(len(plan.nodes))):
        node = plan.nodes[index]
        weights = pd.DataFrame({"item": node.children, "weight": node.weights})
        below = rows.merge(weights, on="item")
        below["product"] = below["value"] * below["weight"]
        sums = below.groupby("assessment", as_index=False)[["product", "weight"]].sum()
        sums = sums[sums["weight"] > 0]
        made = {"assessment": sums["assessment"], "item": len(plan.questions) + index}
        rows = pd.concat([rows, pd.DataFrame({**made, "value": sums["product"] / sums["weight"]})])
    result = np.full((len(leaves), len(plan.nodes)), np.nan)
    nodes = rows[rows["item"] >= len(plan.questions)]
    places = nodes["item"].to_numpy(int) - len(plan.questions)
    result[nodes["assessment"].to_numpy(int), places] = nodes["value"]
    return result


def only_means(plan: Plan) -> bool:
    return all(node.aggregate == "mean" for node in plan.nodes)


@pytest.mark.parametrize("seed", range(5))
def test_the_dense_and_the_long_form_agree(seed: int) -> None:
    of_means = [plan for plan in plans(seed) if only_means(plan)]
    assert of_means
    for plan in of_means:
        leaves = np.random.default_rng(seed).uniform(0, 5, (30, len(plan.questions)))
        leaves[np.random.default_rng(seed + 1).random(leaves.shape) < 0.3] = np.nan
        np.testing.assert_allclose(
            roll_up(plan, leaves), means_in_long_form(plan, leaves), rtol=1e-12, atol=1e-12
        )


@pytest.mark.parametrize("seed", range(3))
def test_every_measure_has_the_same_bits_whatever_is_scored_with_it(seed: int) -> None:
    for plan in plans(seed)[:12]:
        codes = codes_for(plan, 40, seed)
        caps = np.random.default_rng(seed).choice([2.0, 3.0, np.inf], codes.shape)
        together = score_nodes(plan, codes, caps)
        for row in range(0, len(codes), 7):
            assert_same_bits(together, score_nodes(plan, codes[row : row + 1], caps[row : row + 1]), row)


def assert_same_bits(together: NodeScores, alone: NodeScores, row: int) -> None:
    for field in fields(NodeScores):
        among, single = getattr(together, field.name)[row], getattr(alone, field.name)[0]
        assert np.array_equal(among, single, equal_nan=field.name not in ("blocker",)), field.name


def test_where_a_block_ends_changes_nothing() -> None:
    plan = plans(7)[0]
    codes = codes_for(plan, BLOCK + 3, 7)
    caps = np.full(codes.shape, np.inf)
    whole = score_nodes(plan, codes, caps)
    for row in (0, BLOCK - 1, BLOCK, BLOCK + 2):
        assert_same_bits(whole, score_nodes(plan, codes[row : row + 1], caps[row : row + 1]), row)
    assert np.array_equal(node_scores(plan, codes), whole.score, equal_nan=True)


def test_no_assessments_have_no_scores() -> None:
    plan = plans(7)[0]
    none = np.zeros((0, len(plan.questions)), dtype=np.uint8)
    assert score_nodes(plan, none, none.astype(float)).score.shape == (0, len(plan.nodes))
