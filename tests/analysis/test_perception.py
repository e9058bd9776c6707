"""What the lead sees and what the domains see; `verdict_cases/perception.yaml` has the rules as cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.perception import (
    Perceived,
    PerceptionFinding,
    average_deviation,
    perception,
)
from tests.analysis.judging import Builder, cases_in, directly, from_answers, questions, rules

RULES = rules().perception
QUESTION = "dgm-owner-named"


def perceived(lead: Any, domains: Sequence[Any], build: Builder = directly) -> PerceptionFinding:
    names = [f"d{place:02}" for place in range(len(domains))]
    answers = {f"FR.{name}": {QUESTION: said} for name, said in zip(names, domains, strict=True)}
    readings = build({"units": {"FR": names}, "answers": {"FR": {QUESTION: lead}, **answers}})
    return next(entry for entry in perception("FR", readings, RULES) if entry.question_id == QUESTION)


@pytest.mark.parametrize("build", [directly, from_answers])
@pytest.mark.parametrize("case", cases_in("perception.yaml"), ids=lambda case: case["name"])
def test_views_compare_as_the_rule_says(case: Mapping[str, Any], build: Builder) -> None:
    finding = perceived(case["lead"], case["domains"], build)
    found = {
        "perceived": finding.perceived,
        "gap": finding.gap,
        "median": finding.domain_median,
        "deviation": finding.deviation,
        "dont_know": finding.dont_know,
        "asked": finding.asked,
        "invisible": finding.is_invisible,
        "use_domains": finding.use_domains,
    }
    expect = case["expect"]
    assert {name: found[name] for name in expect} == expect


def test_only_questions_that_both_are_asked_are_compared() -> None:
    found = {entry.question_id for entry in perception("FR", directly({}), RULES)}
    assert found == {name for name, entry in questions().items() if set(entry.units) == {"country", "domain"}}


def test_the_widest_gap_comes_first_whichever_side_sees_more_and_the_rest_in_the_questionnaires_order() -> (
    None
):
    shared = ["dgm-exec-sponsor", "dgm-decision-rights", "dgm-owner-named"]
    case = {
        "units": {"FR": ["a", "b", "c"]},
        "answers": {
            "FR": dict(zip(shared, (3, 4, 1), strict=True)),
            **{f"FR.{name}": dict.fromkeys(shared, 3) for name in "abc"},
        },
    }
    found = perception("FR", directly(case), RULES)
    assert [(entry.question_id, entry.gap) for entry in found[:3]] == [
        ("dgm-owner-named", -2), ("dgm-decision-rights", 1), ("dgm-exec-sponsor", 0),
    ]  # fmt: skip
    names = [entry.question_id for entry in found[3:]]
    assert names == [name for name in questions() if name in names]
    assert {entry.gap for entry in found[3:]} == {None}


def test_views_are_what_is_claimed_whatever_evidence_carries() -> None:
    assert perceived("5 with independent", [3, "3 with record", 3]) == perceived(5, [3, 3, 3])


def test_where_gates_use_the_domains_the_country_reads_their_lower_median() -> None:
    case = {
        "units": {"FR": ["a", "b", "c"]},
        "answers": {"FR": {QUESTION: 5}, **{f"FR.{name}": {QUESTION: 2} for name in "abc"}},
    }
    readings = directly(case)
    places = [("FR", entry.question_id) for entry in perception("FR", readings, RULES) if entry.use_domains]
    assert places == [("FR", QUESTION)]
    assert readings.overruled(places).about("FR", QUESTION).claimed == 2


@pytest.mark.parametrize(
    ("levels", "deviation"), [([], 0), ([4], 0), ([1, 5], 2), ([2, 3, 4], 2 / 3), ([1, 1, 1, 5], 1)]
)
def test_the_average_deviation_is_the_mean_distance_from_the_median(
    levels: list[int], deviation: float
) -> None:
    assert average_deviation(levels) == pytest.approx(deviation)


# Laws -------------------------------------------------------------------------------------------------

views = st.sampled_from([1, 2, 3, 4, 5, "don't know", "unanswered", "not applicable"])
SIDES = [Perceived.ALIKE, Perceived.AMBER, Perceived.RED]


@given(views, st.lists(views, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_domains_does_not_matter(lead: Any, domains: list[Any], random: Any) -> None:
    one, other = perceived(lead, domains), perceived(lead, random.sample(domains, len(domains)))
    assert sorted(one.domains) == sorted(other.domains)
    assert (one.perceived, one.gap, one.is_invisible, one.dont_know, one.asked) == (
        other.perceived, other.gap, other.is_invisible, other.dont_know, other.asked,
    )  # fmt: skip
    assert one.deviation == (None if other.deviation is None else pytest.approx(other.deviation))


@given(st.integers(1, 5), st.lists(st.integers(1, 5), min_size=3, max_size=6))
def test_seen_from_the_other_end_of_the_scale_views_differ_as_much(lead: int, domains: list[int]) -> None:
    one, other = perceived(lead, domains), perceived(6 - lead, [6 - level for level in domains])
    assert one.gap is not None
    assert other.gap == -one.gap
    assert one.perceived is other.perceived
    assert not (one.use_domains and other.use_domains)


@given(st.integers(1, 4), st.lists(st.integers(1, 5), min_size=3, max_size=6))
def test_a_lead_who_claims_more_above_the_domains_is_never_closer_to_them(
    lead: int, domains: list[int]
) -> None:
    one, other = perceived(lead, domains), perceived(lead + 1, domains)
    assert one.gap is not None
    if one.perceived in SIDES and one.gap >= 0:
        assert SIDES.index(other.perceived) >= SIDES.index(one.perceived)
        assert other.use_domains >= one.use_domains
