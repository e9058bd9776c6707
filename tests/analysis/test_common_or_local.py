"""What can be common and what stays local; `verdict_cases/common_or_local.yaml` has the rules for elements as cases."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from statistics import median, quantiles
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.common_or_local import (
    SPREAD_COLUMNS,
    Commonality,
    ElementFinding,
    Quadrant,
    SpreadFinding,
    SpreadTally,
    advice_of,
    by_quadrant,
    element_finding,
    levels_of,
    median_and_spread,
    spread_findings,
    spread_table,
    spread_tally,
)
from assessment.questionnaire.companions import ElementUse
from assessment.questionnaire.verdicts import Advice
from tests.analysis.judging import Builder, cases_in, directly, from_answers, questions, rules

ELEMENTS = rules().common_or_local.elements
LEVELS = rules().common_or_local.levels
OF_COUNTRIES = "dgm-regulatory-map"
OF_DOMAINS = "dor-contracts"


def element(uses: list[str]) -> ElementFinding:
    said = {f"C{place:02}": ElementUse(use) for place, use in enumerate(uses)}
    return element_finding("customer-id", said, ELEMENTS)


@pytest.mark.parametrize("case", cases_in("common_or_local.yaml"), ids=lambda case: case["name"])
def test_an_element_is_common_or_local_as_its_rule_says(case: Mapping[str, Any]) -> None:
    finding = element(case["uses"])
    assert finding.commonality == case["expect"]
    assert len(finding.uses) == len(case["uses"])
    advice = {
        "common": ELEMENTS.common, "common_with_local_part": ELEMENTS.common_with_local_part,
        "local": ELEMENTS.local, "contested": ELEMENTS.contested,
        "unused": None, "one_country": None,
    }  # fmt: skip
    assert finding.advice == advice[case["expect"]]


def spread(
    levels: list[Any], build: Builder = directly, question: str = OF_COUNTRIES, within: str = ""
) -> SpreadFinding:
    """What follows for a question with an answer of each country, or of its domain `within`."""
    countries = [f"C{place:02}" for place in range(len(levels))]
    units = [f"{country}.{within}" if within else country for country in countries]
    readings = build(
        {
            "units": {country: [within] if within else [] for country in countries},
            "answers": {unit: {question: level} for unit, level in zip(units, levels, strict=True)},
        }
    )
    return next(
        entry for entry in spread_findings(levels_of(readings), LEVELS) if entry.question_id == question
    )


@pytest.mark.parametrize("build", [directly, from_answers])
@pytest.mark.parametrize(
    ("levels", "middle", "distance", "advice"),
    [
        ([3, 3, 3], 3, 0, LEVELS.high_narrow),
        ([3, 4], 3.5, 0.5, LEVELS.high_narrow),
        ([2, 3, 4], 3, 1, LEVELS.high_narrow),
        ([1, 3, 4], 3, 1.5, LEVELS.high_wide),
        ([1, 2, 3, 4, 5], 3, 2, LEVELS.high_wide),
        ([2, 3], 2.5, 0.5, LEVELS.low_narrow),
        ([1, 2, 3], 2, 1, LEVELS.low_narrow),
        ([1, 2, 5], 2, 2, LEVELS.low_wide),
        ([1, 4], 2.5, 1.5, LEVELS.low_wide),
    ],
)
def test_levels_over_countries_fall_into_a_quadrant(
    levels: list[int], middle: float, distance: float, advice: Advice, build: Builder
) -> None:
    found = spread(levels, build)
    assert (found.median, found.spread, found.advice) == (middle, distance, advice)
    assert list(found.levels.values()) == levels


@pytest.mark.parametrize("build", [directly, from_answers])
@pytest.mark.parametrize(
    ("levels", "quadrant", "is_borderline"),
    [
        ([4, 4, 4], Quadrant.HIGH_NARROW, False),
        ([3, 3, 3], Quadrant.HIGH_NARROW, True),
        ([3, 4, 5], Quadrant.HIGH_NARROW, True),
        ([1, 4, 5], Quadrant.HIGH_WIDE, False),
        ([2, 2], Quadrant.LOW_NARROW, False),
        ([1, 2, 5], Quadrant.LOW_WIDE, False),
    ],
)
def test_a_question_at_a_limit_is_borderline(
    levels: list[int], quadrant: Quadrant, is_borderline: bool, build: Builder
) -> None:
    found = spread(levels, build)
    assert (found.quadrant, found.is_borderline) == (quadrant, is_borderline)
    assert found.advice == advice_of(quadrant, LEVELS)


def test_how_many_levels_evidence_carries_in_full_is_counted() -> None:
    assert spread(["4 with record", "4 with document", 2]).supported == 2


def test_only_the_countries_that_are_looked_at_count() -> None:
    case = {
        "units": {"FR": [], "DE": [], "ES": []},
        "answers": {unit: {OF_COUNTRIES: level} for unit, level in (("FR", 2), ("DE", 3), ("ES", 5))},
    }
    found = spread_findings(levels_of(directly(case)), LEVELS, {"FR", "ES", "nobody"})
    levels = next(entry.levels for entry in found if entry.question_id == OF_COUNTRIES)
    assert dict(levels) == {"FR": 2, "ES": 5}


@pytest.mark.parametrize(
    "levels", [[], [5], [5, "don't know"], [5, "not applicable", "unanswered"], ["don't know", "don't know"]]
)
def test_with_fewer_than_two_countries_that_have_a_level_nothing_follows(levels: list[Any]) -> None:
    found = spread(levels)
    assert (found.median, found.spread, found.advice) == (None, None, None)
    assert list(found.levels.values()) == [level for level in levels if level == 5]


def test_countries_that_do_not_know_are_left_out() -> None:
    found = spread([2, "don't know", 3, "unanswered"])
    assert dict(found.levels) == {"C00": 2, "C02": 3}
    assert found.median == 2.5


def test_a_country_speaks_by_its_domains_where_only_they_are_asked() -> None:
    assert dict(spread([2, 4], question=OF_DOMAINS, within="sales").levels) == {"C00": 2, "C01": 4}


def test_levels_are_what_is_claimed() -> None:
    assert spread(["5 with independent", 5]).median == 5


def test_every_question_is_looked_at_in_the_questionnaires_order() -> None:
    found = [entry.question_id for entry in spread_findings(levels_of(directly({})), LEVELS)]
    assert found == list(questions())


def placed(
    name: str, middle: float | None, distance: float | None, *, at_limit: bool = False
) -> SpreadFinding:
    if middle is None or distance is None:
        return SpreadFinding(name, {"FR": 2}, None, None, None, supported=1)
    quadrant = Quadrant.HIGH_NARROW if middle >= 3 else Quadrant.LOW_WIDE
    advice = advice_of(quadrant, LEVELS)
    return SpreadFinding(name, {"FR": 2, "DE": 4}, middle, distance, advice, quadrant, at_limit, 1)


FOUND = (
    placed("a", 3.5, 0.5), placed("b", 4, 1, at_limit=True), placed("c", 4, 0.5), placed("d", 1, 2),
    placed("e", 1, 3), placed("f", None, None),
)  # fmt: skip


def test_in_a_quadrant_the_clearest_come_first_and_borderline_ones_last() -> None:
    found = {
        quadrant: [entry.question_id for entry in members] for quadrant, members in by_quadrant(FOUND).items()
    }
    assert found == {
        Quadrant.HIGH_NARROW: ["c", "a", "b"], Quadrant.HIGH_WIDE: [], Quadrant.LOW_NARROW: [],
        Quadrant.LOW_WIDE: ["e", "d"],
    }  # fmt: skip


def test_what_cannot_be_compared_is_counted_too() -> None:
    assert spread_tally(FOUND) == SpreadTally(
        compared=5, borderline=1, unknown=1, supported=6, levels=11, fewest=2, most=2
    )


def test_the_table_leaves_empty_what_nobody_can_tell() -> None:
    names = {entry.question_id: entry.question_id.upper() for entry in FOUND}
    table = spread_table(FOUND, dict.fromkeys(names, "governance"), names)
    assert tuple(table.columns) == SPREAD_COLUMNS
    first, last = table.iloc[0].to_dict(), table.iloc[-1].to_dict()
    assert (first["median"], first["quadrant"], first["borderline"]) == (3.5, "high_narrow", False)
    assert (last["question"], last["countries"], last["quadrant"], last["advice"]) == ("F", 1, "", "")
    assert isnan(last["median"])


# Laws -------------------------------------------------------------------------------------------------

uses = st.lists(st.sampled_from([use.value for use in ElementUse]), max_size=12)


@given(uses, st.randoms(use_true_random=False))
def test_the_order_of_countries_and_those_who_do_not_use_it_do_not_matter(
    said: list[str], random: Any
) -> None:
    shuffled = random.sample([*said, "unused", "unused"], len(said) + 2)
    assert element(said).commonality is element(shuffled).commonality


@given(uses)
def test_same_and_with_a_setting_are_one_and_the_same_to_the_rule(said: list[str]) -> None:
    as_settings = ["setting" if use == "same" else use for use in said]
    assert element(said).commonality is element(as_settings).commonality


@given(uses, st.data())
def test_one_country_less_that_differs_by_choice_never_makes_it_less_common(
    said: list[str], data: st.DataObject
) -> None:
    places = [place for place, use in enumerate(said) if use == "choice"]
    if places and element(said).commonality is Commonality.COMMON:
        place = data.draw(st.sampled_from(places))
        assert element([*said[:place], "same", *said[place + 1 :]]).commonality is Commonality.COMMON


@given(st.lists(st.integers(1, 5), min_size=2, max_size=20))
def test_median_and_quartiles_agree_with_another_implementation(levels: list[int]) -> None:
    low, _, high = quantiles(levels, n=4, method="inclusive")
    assert median_and_spread(levels) == pytest.approx((median(levels), high - low))
