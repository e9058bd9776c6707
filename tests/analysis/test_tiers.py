"""Tiers of countries: only of those with a score, only from five on, and by the same rule whatever their order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assessment.analysis.standing import MethodSwitch, RankRange
from assessment.analysis.tiers import (
    TIER_COLUMNS,
    Tier,
    TierFinding,
    alike,
    switch_name,
    switch_words,
    tier_finding,
    tier_of,
    tier_table,
)
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.table import Basis, score_table
from tests.scoring.shorthand import ROUND, input_of, written_out

SHORT: dict[str, Any] = {
    "dimensions": {
        "rules": {"questions": {"rule": 1, "register": 1}, "weight": 2},
        "people": {"questions": {"owner": 1}},
    }
}


def finding(
    levels: dict[str, Any], basis: Basis = Basis.OWN, units: Any = None, **fields: Any
) -> TierFinding:
    """The tiers of countries that answer every question with the same level, unless theirs is a mapping."""
    short = {**SHORT, **fields}
    answers = {
        unit: level if isinstance(level, dict) else dict.fromkeys(["rule", "register", "owner"], level)
        for unit, level in levels.items()
    }
    case = {"questionnaire": short, "units": units or {unit: [] for unit in levels}, "answers": answers}
    data = input_of(case)
    questionnaire = data.catalogue.get("example", "1.0.0")
    return tier_finding(data, score_table(data), questionnaire, ROUND, basis, np.random.default_rng(1))


FIVE = {"A": 5, "B": 4, "C": 3, "D": 2, "E": 1}


def test_of_countries_that_are_clearly_apart_all_but_the_middle_one_have_a_half() -> None:
    found = finding(FIVE)
    assert found.tiers == {
        "A": Tier.UPPER, "B": Tier.UPPER, "C": Tier.NEITHER, "D": Tier.LOWER, "E": Tier.LOWER,
    }  # fmt: skip
    assert found.headline == (
        "Read tiers, not places: of 5 countries 2 reliably top-half, 2 reliably bottom-half in “An example”"
    )


def test_countries_that_all_tie_are_in_no_half() -> None:
    found = finding(dict.fromkeys("ABCDEF", 3))
    assert set(found.tiers.values()) == {Tier.NEITHER}
    assert (
        found.headline
        == "Read tiers, not places: none of 6 countries is reliably in either half in “An example”"
    )
    assert [alike(entry, found.ranges) for entry in found.ranges] == [5] * 6


def test_an_unknown_answer_can_cost_the_half() -> None:
    unsure = {"rule": 5, "register": "don't know", "owner": 5}
    found = finding({"A": 5, "B": unsure, "C": 2, "D": 2, "E": 1})
    assert found.tiers["B"] is Tier.UPPER
    assert finding({"A": 5, "B": unsure, "C": 4, "D": 2, "E": 1}).tiers["B"] is Tier.NEITHER


def test_a_place_that_another_method_gives_is_in_the_range() -> None:
    lopsided = {"rule": 4, "register": 4, "owner": 1}
    found = finding({"A": 5, "B": lopsided, "C": 2, "D": 2, "E": 1})
    ranges = {entry.unit_id: entry for entry in found.ranges}
    assert ranges["B"].rank == 2
    assert ranges["B"].by_methods == (2, 5), "without rules it is last, beside E"
    assert (ranges["B"].best, ranges["B"].worst) == (2, 5)
    assert found.tiers["B"] is Tier.NEITHER


def test_whoever_has_no_score_has_no_rank_and_is_named() -> None:
    found = finding({**FIVE, "F": None, "G": {"rule": 5}})
    assert found.unscored == ("F", "G")
    assert len(found.ranges) == 5


@pytest.mark.parametrize("scored", range(5))
def test_with_fewer_than_five_scores_it_says_why_there_is_none(scored: int) -> None:
    levels = {name: level if place < scored else None for place, (name, level) in enumerate(FIVE.items())}
    found = finding(levels)
    assert (found.ranges, found.switches, found.robustness) == ((), (), "")
    assert found.headline == f"No ranks: {scored} of 5 countries have a score, and 5 are needed"


def test_a_score_that_is_no_mean_has_no_weights_to_try() -> None:
    found = finding(FIVE, scoring={"aggregate": "minimum"})
    assert not found.ranges
    assert "isn't a mean" in found.headline


def test_by_their_domains_countries_stand_where_the_mean_of_their_domains_stands() -> None:
    units = {unit: ["x", "y"] for unit in FIVE}
    levels: dict[str, Any] = dict.fromkeys(FIVE)
    levels |= {f"{unit}.{name}": level for unit, level in FIVE.items() for name in ("x", "y")}
    found = finding(levels, Basis.DOMAINS, units)
    assert [entry.unit_id for entry in found.ranges] == list(FIVE)
    assert [entry.score for entry in found.ranges] == [5, 4, 3, 2, 1]
    assert not finding(levels, Basis.OWN, units).ranges


def test_a_withheld_domain_has_no_part_in_its_countrys_place() -> None:
    units = {unit: ["x", "y"] for unit in FIVE}
    levels: dict[str, Any] = dict.fromkeys(FIVE)
    levels |= {f"{unit}.x": level for unit, level in FIVE.items()} | {
        f"{unit}.y": {"rule": 1} for unit in FIVE
    }
    assert [entry.score for entry in finding(levels, Basis.DOMAINS, units).ranges] == [5, 4, 3, 2, 1]


def test_places_are_of_the_published_scores_even_where_a_dimension_is_withheld() -> None:
    # Its only question is unknown: the dimension's number is withheld, and counts as the lowest level all the same.
    thin = {"rule": 5, "register": 5, "owner": "don't know"}
    found = finding({"A": thin, "B": 4, "C": 3, "D": 2, "E": 1}, scoring={"minimum_coverage": 0.6})
    scores = {entry.unit_id: entry.score for entry in found.ranges}
    assert scores["A"] == pytest.approx((2 * 5 + 1) / 3)
    assert scores["B"] == 4


def test_the_table_gives_no_rank_without_its_range() -> None:
    table = tier_table(finding(FIVE), {unit: unit.lower() for unit in FIVE})
    assert tuple(table.columns) == TIER_COLUMNS
    assert table.iloc[0].to_dict() == {
        "unit_id": "A", "country": "a", "score": 5.0, "rank": 1, "best": 1, "worst": 1, "core_best": 1,
        "core_worst": 1, "tier": "upper", "alike": 0,
    }  # fmt: skip


def places(unit: str, best: int, worst: int) -> RankRange:
    return RankRange(unit, 3.0, best, (best, worst), (best, worst), (best, worst), (best, worst))


@pytest.mark.parametrize(
    ("best", "worst", "countries", "tier"),
    [
        (1, 6, 12, Tier.UPPER),
        (1, 7, 12, Tier.NEITHER),
        (7, 12, 12, Tier.LOWER),
        (6, 12, 12, Tier.NEITHER),
        (1, 2, 5, Tier.UPPER),
        (3, 3, 5, Tier.NEITHER),
        (4, 5, 5, Tier.LOWER),
    ],
)
def test_a_tier_holds_the_whole_range(best: int, worst: int, countries: int, tier: Tier) -> None:
    assert tier_of(places("A", best, worst), countries) is tier


EXAMPLE = Questionnaire.model_validate(written_out(SHORT))


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("geometric", "With the geometric mean instead"),
        ("equal_weights", "With all dimensions weighing the same"),
        ("dont_know", "With “don't know” left out"),
        ("without:rules", "Without “About rules”"),
    ],
)
def test_every_method_has_plain_words(method: str, words: str) -> None:
    assert switch_name(MethodSwitch(method, 0.0, 0, 5), EXAMPLE) == words


def test_the_other_rule_for_dont_know_is_named_by_what_it_would_be() -> None:
    other = Questionnaire.model_validate(written_out({**SHORT, "scoring": {"dont_know": "exclude"}}))
    name = switch_name(MethodSwitch("dont_know", 0.0, 0, 5), other)
    assert name == "With “don't know” counting as the lowest level"


def test_every_method_that_is_tried_has_a_name() -> None:
    found = finding(FIVE)
    assert len(found.switches) == 5
    assert len({switch_name(switch, found.questionnaire) for switch in found.switches}) == 5


@pytest.mark.parametrize(
    ("switch", "words"),
    [
        (MethodSwitch("geometric", 0.34, 2, 12), "ranks move by 0.3 on average, 2 at most"),
        (MethodSwitch("geometric", 0.0, 0, 12), "no rank moves"),
        (MethodSwitch("geometric", 0.0, 0, 1), "fewer than two countries would have a score"),
    ],
)
def test_how_far_ranks_move_is_said_in_words(switch: MethodSwitch, words: str) -> None:
    assert switch_words(switch) == words


def test_the_method_that_moves_most_is_named_or_none_does() -> None:
    assert finding(FIVE).robustness == "Ranks hang on no choice of method: none of 5 others moves one"
    rules_first = {"rule": 5, "register": 5, "owner": 1}
    mixed = finding({"A": rules_first, "B": 3, "C": 4, "D": 2, "E": 1})
    assert mixed.robustness.startswith("Without “About rules”: ranks move by ")
    assert mixed.robustness.endswith(" at most; none of 4 other methods moves them more")
