"""The risk that what was started fades; `verdict_cases/sustainability.yaml` has the rules as cases."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.sustainability import (
    SustainabilityFinding,
    band_of,
    risk_index,
    sustainability,
)
from tests.analysis.judging import Builder, Case, cases_in, directly, facts_of, from_answers, questions, rules

RULES = rules().sustainability
NAMES = [entry.question for entry in RULES.answers]
WEIGHTS = [entry.weight for entry in RULES.answers]


def risk_of(case: Case, build: Builder = directly) -> SustainabilityFinding:
    """The risk of `FR.sales`, with each answer from whoever is asked."""
    answers: dict[str, dict[str, Any]] = {"FR": {}, "FR.sales": {}}
    for name in NAMES:
        unit = "FR.sales" if questions()[name].is_asked_of("domain") else "FR"
        answers[unit][name] = case.get("levels", {}).get(name, case["usual"])
    return sustainability("FR.sales", build({**case, "answers": answers}), RULES, facts_of(case))


@pytest.mark.parametrize("build", [directly, from_answers])
@pytest.mark.parametrize("case", cases_in("sustainability.yaml"), ids=lambda case: case["name"])
def test_a_case_has_the_risk_that_its_rule_says(case: Mapping[str, Any], build: Builder) -> None:
    finding = risk_of(case, build)
    found: dict[str, Any] = {
        "index": finding.index if finding.index is None else pytest.approx(finding.index),
        "band": finding.band and finding.band.id,
        "equal": finding.equal_weights_band and finding.equal_weights_band.id,
        "forced": finding.forced is not None,
        "missing": list(finding.missing),
        "causes": [reading.question_id for reading in finding.causes],
    }
    expect = case["expect"]
    assert {name: found[name] for name in expect} == expect


def test_the_nine_answers_come_from_the_domain_and_where_it_is_not_asked_from_its_country() -> None:
    finding = risk_of({"usual": 5, "levels": {"dor-lasting-commitment": 1, "spr-funding-model": 2}})
    sources = [(reading.question_id, reading.source_unit_id) for reading in finding.causes[:2]]
    assert sources == [("dor-lasting-commitment", "FR"), ("spr-funding-model", "FR")]


def test_causes_are_the_three_worst_answers_the_heavier_first_among_equals() -> None:
    finding = risk_of(
        {"usual": 5, "levels": {"dor-demand-surge": 2, "dor-beyond-mvp": 2, "spr-funding-model": 1}}
    )
    assert [(reading.question_id, reading.claimed) for reading in finding.causes] == [
        ("spr-funding-model", 1), ("dor-beyond-mvp", 2), ("dor-demand-surge", 2),
    ]  # fmt: skip


def test_the_risk_reads_what_is_claimed_and_says_how_much_of_it_evidence_supports() -> None:
    finding = risk_of({"usual": 4, "levels": {"dor-incentives": "4 with record", "dor-data-priority": 2}})
    assert (finding.supported, finding.answers) == (2, 9)
    assert risk_of({"usual": "4 with record"}).index == risk_of({"usual": 4}).index == pytest.approx(25)


def test_a_band_hangs_on_the_weights_where_equal_ones_give_another() -> None:
    light = risk_of(
        {
            "usual": 5,
            "levels": {
                "dor-demand-surge": 1,
                "dor-value-pipeline": 2,
                "dor-incentives": 4,
                "dor-data-priority": 4,
                "dor-protected-capacity": 4,
                "dor-beyond-mvp": 4,
                "dor-lasting-commitment": 3,
            },
        }
    )
    # mean: 9.5 ÷ 23, or all alike 3.25 ÷ 9; worst three: ¾
    assert light.index == pytest.approx(53.80434782608695)
    assert (light.band and light.band.id, light.equal_weights_band and light.equal_weights_band.id) == (
        "watch", "high",
    )  # fmt: skip
    assert light.hangs_on_weights
    assert not risk_of({"usual": 3}).hangs_on_weights


def test_what_is_forced_does_not_hang_on_the_weights() -> None:
    finding = risk_of({"usual": 5, "levels": {"dor-beyond-mvp": 2, "dor-protected-capacity": 2}})
    assert finding.band != finding.equal_weights_band
    assert not finding.hangs_on_weights


@pytest.mark.parametrize(
    ("index", "band"),
    [(0, "low"), (30, "low"), (30.01, "watch"), (31, "watch"), (55, "watch"), (55.01, "high"), (100, "high")],
)
def test_a_band_reaches_up_to_and_including_its_edge(index: float, band: str) -> None:
    found = band_of(index, RULES)
    assert found is not None
    assert found.id == band


def test_without_an_index_there_is_no_band() -> None:
    assert band_of(None, RULES) is None


def test_answers_that_weigh_nothing_together_count_all_alike() -> None:
    assert risk_index([1, 5], [0, 0], RULES) == pytest.approx(50)


def test_with_every_answer_accepted_as_not_applicable_there_is_nothing_to_judge() -> None:
    finding = risk_of({"usual": "not applicable", "accepted": ["FR", "FR.sales"]})
    assert (finding.index, finding.band, finding.missing, finding.causes) == (None, None, (), ())


# Laws -------------------------------------------------------------------------------------------------

nine = st.lists(st.integers(1, 5), min_size=9, max_size=9)


def index_in_fractions(levels: list[int], weights: list[Fraction]) -> Fraction:
    risks = [Fraction(5 - level, 4) for level in levels]
    mean = sum((w * r for w, r in zip(weights, risks, strict=True)), Fraction()) / sum(weights)
    return 50 * mean + 50 * sum(sorted(risks)[-3:], Fraction()) / 3


@given(nine)
def test_the_index_is_half_the_weighted_mean_and_half_the_worst_three(levels: list[int]) -> None:
    finding = risk_of({"usual": 5, "levels": dict(zip(NAMES, levels, strict=True))})
    index = index_in_fractions(levels, [Fraction(weight) for weight in WEIGHTS])
    equal = index_in_fractions(levels, [Fraction(1)] * 9)
    assert finding.index == pytest.approx(float(index))
    assert finding.equal_weights_band is not None
    assert finding.equal_weights_band.id == ("low" if equal <= 30 else "watch" if equal <= 55 else "high")
    assert finding.band is not None
    if finding.forced is None:
        assert finding.band.id == ("low" if index <= 30 else "watch" if index <= 55 else "high")


@given(nine, st.integers(0, 8))
def test_raising_a_level_never_raises_the_risk(levels: list[int], place: int) -> None:
    raised = [*levels[:place], min(levels[place] + 1, 5), *levels[place + 1 :]]
    before, after = (
        risk_of({"usual": 5, "levels": dict(zip(NAMES, found, strict=True))}) for found in (levels, raised)
    )
    assert before.index is not None
    assert after.index is not None
    assert 0 <= after.index <= before.index + 1e-9 <= 100 + 1e-9
    assert before.band is not None
    assert after.band is not None
    assert RULES.bands.index(after.band) <= RULES.bands.index(before.band)
