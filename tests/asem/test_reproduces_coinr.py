"""ASEM sustainable connectivity, 51 countries × 49 indicators: every aggregate that COINr 1.1.14 computed.

The data stay outside the repository; without them the published runs are skipped and the hand-made one remains.
Source: COINr (R package, MIT), `Aggregate` and `get_eff_weights` on its own ASEM data.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assessment.questionnaire.models import Questionnaire
from assessment.scoring.engine import roll_up
from assessment.scoring.plan import Plan, plan_for
from tests.questionnaire.builders import dimension, question, questionnaire

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "asem"
published = pytest.mark.skipif(not DATA.exists(), reason=f"the published data are not at {DATA}")
#: COINr's codes against ours; ids are lower case here.
Tree = dict[str, Any]
LIMIT = 1e-9


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float("nan") if text in ("NA", "") else float(text)


def table(name: str, columns: list[str]) -> NDArray[np.float64]:
    return np.array([[number(row[column]) for column in columns] for row in rows_of(name)])


def framework(**scoring: Any) -> tuple[Plan, list[str], list[str]]:
    """The tree with its weights as a questionnaire; the indicators and the nodes in the plan's order."""
    entries = [row for row in rows_of("coin_MetaInd.csv") if row["Parent"] not in ("", "NA")]

    def below(parent: str) -> list[dict[str, Any]]:
        return [_node(row) for row in entries if row["Parent"] == parent]

    def _node(row: dict[str, str]) -> dict[str, Any]:
        weight = float(row["Weight"])
        if row["Level"] == "1":
            options = [
                {"id": "low", "label": "Low", "value": 0},
                {"id": "high", "label": "High", "value": 100},
            ]
            return question(row["iCode"].lower(), options=options, weight=weight)
        children = below(row["iCode"])
        kind = "questions" if row["Level"] == "2" else "dimensions"
        made = {"id": row["iCode"].lower(), "title": row["iName"], "weight": weight, kind: children}
        by_level = scoring.get("by_level", {})
        return {**made, **({"aggregate": by_level[row["Level"]]} if row["Level"] in by_level else {})}

    rules = {key: value for key, value in scoring.items() if key != "by_level"}
    data = questionnaire(*below("Index"), scale={"minimum": 0, "maximum": 100}, scoring=rules)
    plan = plan_for(Questionnaire.model_validate(data), "country")
    assert plan is not None
    names = {row["iCode"].lower(): row["iCode"] for row in rows_of("coin_MetaInd.csv")}
    nodes = ["Index", *(names[node.id] for node in plan.nodes if node.id)]
    return plan, [names[entry.id] for entry in plan.questions], nodes


def compared(plan: Plan, leaves: NDArray[np.float64], name: str, nodes: list[str]) -> None:
    wanted, found = table(name, nodes), roll_up(plan, leaves)
    assert found.shape == wanted.shape == (51, 11)
    assert (np.isnan(found) == np.isnan(wanted)).all(), "the same blanks"
    assert np.nanmax(np.abs(found - wanted)) < LIMIT


@published
def test_arithmetic_means_of_every_level() -> None:
    plan, indicators, nodes = framework()
    compared(plan, table("coin_Normalised.csv", indicators), "coin_Aggregated.csv", nodes)


@published
@pytest.mark.parametrize(("aggregate", "name"), [("geometric", "a_gmean"), ("harmonic", "a_hmean")])
def test_geometric_and_harmonic_means_of_every_level(aggregate: str, name: str) -> None:
    plan, indicators, nodes = framework(aggregate=aggregate)
    rescaled = 1 + 0.99 * table("coin_Normalised.csv", indicators)
    compared(plan, rescaled, f"agg_{name}_1_100.csv", nodes)


@published
def test_another_mean_at_the_top_level() -> None:
    """Arithmetic, arithmetic, geometric: from the bottom up."""
    plan, indicators, nodes = framework(aggregate="geometric", by_level={"2": "mean", "3": "mean"})
    rescaled = 1 + 0.99 * table("coin_Normalised.csv", indicators)
    compared(plan, rescaled, "agg_mixed_1_100.csv", nodes)


@published
@pytest.mark.parametrize(("least", "blanks"), [("0", 0), ("0.5", 0), ("0.75", 9), ("0.9", 95), ("1", 95)])
def test_a_node_with_too_few_children_is_blank_and_leaves_its_parent(least: str, blanks: int) -> None:
    plan, indicators, nodes = framework(availability="drop", minimum_availability=float(least))
    leaves = table("raw_normalised_with_NA.csv", indicators)
    assert np.isnan(leaves).sum() == 63
    assert np.isnan(roll_up(plan, leaves)).sum() == blanks
    compared(plan, leaves, f"agg_thresh_{least}.csv", nodes)


@published
def test_effective_weights() -> None:
    plan, indicators, _ = framework()
    wanted = {row["iCode"]: float(row["EffWeight"]) for row in rows_of("coin_effweights.csv")}
    found = dict(zip(indicators, plan.effective_weights[0], strict=True))
    assert max(abs(found[name] - wanted[name]) for name in indicators) < LIMIT


@pytest.mark.parametrize(
    ("least", "first", "whole"),
    [(2 / 3, 3.0, 2.625), (0.67, float("nan"), 2.5), (0.0, 3.0, 2.625), (1.0, float("nan"), float("nan"))],
    ids=["two of three are enough", "two of three are too few", "nothing is asked", "all are asked"],
)
def test_the_rule_by_hand(least: float, first: float, whole: float) -> None:
    """One dimension knows two of its three questions (2 and 4); the three others have 3, 2 and 2.5."""
    known = [dimension(name, question(f"of-{name}")) for name in ("second", "third", "fourth")]
    data = questionnaire(
        dimension("first", question("a"), question("b"), question("c")), *known,
        scoring={"availability": "drop", "minimum_availability": least},
    )  # fmt: skip
    plan = plan_for(Questionnaire.model_validate(data), "country")
    assert plan is not None
    found = roll_up(plan, np.array([[2.0, 4.0, float("nan"), 3.0, 2.0, 2.5]]))[0]
    assert [found[1], found[0]] == pytest.approx([first, whole], nan_ok=True)


def test_what_is_not_applicable_is_not_missing() -> None:
    data = questionnaire(
        dimension("only", question("a"), question("b"), question("c")),
        scoring={"availability": "drop", "minimum_availability": 1},
    )
    plan = plan_for(Questionnaire.model_validate(data), "country")
    assert plan is not None
    leaves = np.array([[2.0, 3.0, float("nan")]])
    assert np.isnan(roll_up(plan, leaves)).all()
    assert roll_up(plan, leaves, np.array([[True, True, False]])).tolist() == [[2.5, 2.5]]
