"""One sentence per finding: what stands out, that nothing does, or why nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessment.analysis.common_or_local import ElementFinding, Quadrant, SpreadFinding, element_finding
from assessment.analysis.headlines import (
    change_headline,
    elements_headline,
    of_questionnaire,
    operating_model_headline,
    order_headline,
    perception_headline,
    standard_headline,
    sustainability_headline,
)
from assessment.analysis.matched import Cause
from assessment.analysis.movement import Refusal
from assessment.analysis.movers import Movement
from assessment.analysis.operating_model import OperatingModelFinding, bounds_of, classify
from assessment.analysis.order import OrderFinding
from assessment.analysis.perception import Perceived, PerceptionFinding
from assessment.analysis.sustainability import SustainabilityFinding
from assessment.questionnaire.companions import ElementUse
from tests.analysis.judging import reading, rules

RULES = rules()
MODELS = RULES.operating_model
BANDS = {band.id: band for band in RULES.sustainability.bands}


def model(levels: dict[str, int] | None, borderline: tuple[str, ...] = ()) -> OperatingModelFinding:
    if levels is None:
        return OperatingModelFinding("u", {}, ("a", "b"), None, None, (), (), 0, 5, 0, 7)
    chosen = classify(levels, MODELS)
    place = MODELS.classes.index(chosen)
    nearest = MODELS.classes[place - 1] if place else None
    near = tuple(entry for entry in MODELS.classes if entry.id in borderline)
    bounds = tuple(bounds_of(nearest, levels, MODELS)) if nearest else ()
    return OperatingModelFinding("u", levels, (), chosen, nearest, bounds, near, 0, 5, 0, 7)


def all_at(level: int) -> dict[str, int]:
    return dict.fromkeys(MODELS.inputs, level)


def test_the_operating_model_names_what_the_next_class_needs_first() -> None:
    found = operating_model_headline(model(all_at(5) | {"automated-rules": 1}), "Sales")
    assert found.startswith("Sales works as “Domains own, with a strong centre”; for “Domains own and run,")
    assert found.endswith("it misses “Machines check shared rules” (level 1, needs at least 3)")


def test_the_operating_model_counts_the_other_conditions_that_are_missed() -> None:
    found = operating_model_headline(model(all_at(5) | {"automated-rules": 1, "contracts": 1}), "Sales")
    assert "needs at least " in found
    assert found.endswith(" and 1 other condition")


def test_the_first_class_misses_nothing() -> None:
    title = MODELS.classes[0].title
    assert operating_model_headline(model(all_at(5)), "Sales") == f"Sales works as “{title}”"


def test_a_borderline_says_what_one_level_would_make() -> None:
    found = operating_model_headline(model(all_at(5), ("federated",)), "Sales")
    assert found.endswith("one level in one answer away from “Domains own, with a strong centre”")


def test_an_operating_model_with_missing_inputs_says_how_many() -> None:
    assert operating_model_headline(model(None), "Sales") == (
        "The operating model of Sales can't be told: 2 inputs have no level"
    )


def lasting(**changes: Any) -> SustainabilityFinding:
    watch = BANDS["watch"]
    usual = SustainabilityFinding("u", 40.0, watch, watch, None, (), (), 0, 9)
    return replace(usual, **changes)


CAUSE = reading("u", "dor-lifecycle", "1")


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        (lasting(causes=(CAUSE,)), "Sales: Watch; the weakest is “Old products end” at level 1"),
        (lasting(), "Sales: Watch; no answer is below level 3"),
        (
            lasting(equal_weights_band=BANDS["high"]),
            "Sales: Watch; with all answers weighing the same it would be “High risk”",
        ),
        (
            lasting(band=None, index=None, equal_weights_band=None, missing=("a",)),
            "Whether it will last can't be told yet for Sales: 1 answer missing",
        ),
        (
            lasting(band=None, index=None, equal_weights_band=None),
            "Whether it will last can't be told for Sales: none of the answers applies",
        ),
        (
            lasting(band=BANDS["high"], forced=RULES.sustainability.forced[1]),
            "Sales: High risk, whatever the other answers: More than three in ten live products had no update, no"
            " acting owner and no user for 180 days",
        ),
    ],
)
def test_sustainability_names_the_risk_and_its_worst_cause(
    finding: SustainabilityFinding, sentence: str
) -> None:
    assert sustainability_headline(finding, "Sales", {"dor-lifecycle": "Old products end"}) == sentence


def element(*uses: ElementUse) -> ElementFinding:
    return element_finding(
        "e", {str(place): use for place, use in enumerate(uses)}, RULES.common_or_local.elements
    )


COMMON = element(ElementUse.SAME, ElementUse.SAME)
CONTESTED = element(ElementUse.CHOICE, ElementUse.CHOICE)
LOCAL = element(ElementUse.LAW)


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ([], "No country has said yet which elements it uses"),
        ([element(ElementUse.UNUSED)], "No country has said yet which elements it uses"),
        ([COMMON], "1 element in use: common"),
        ([COMMON, COMMON], "2 elements in use: common"),
        (
            [COMMON, CONTESTED, CONTESTED, LOCAL],
            "Of 4 elements in use 1 common, 1 local by law and 2 contested",
        ),
        ([element(ElementUse.SAME)], "1 element in use: used by one country alone"),
    ],
)
def test_elements_are_counted_by_what_follows(findings: list[ElementFinding], sentence: str) -> None:
    assert elements_headline(findings) == sentence


def placed(*quadrants: Quadrant | None) -> list[SpreadFinding]:
    return [SpreadFinding("q", {"FR": 3, "DE": 3}, 3.0, 1.0, None, quadrant) for quadrant in quadrants]


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ([], "Fewer than two countries have a level on any question: nothing can be compared yet"),
        (placed(None), "Fewer than two countries have a level on any question: nothing can be compared yet"),
        (
            placed(Quadrant.HIGH_NARROW, Quadrant.HIGH_NARROW, None),
            "Standardise 2 of 2 questions now (levels of 2 countries)",
        ),
        (
            placed(Quadrant.HIGH_NARROW, Quadrant.LOW_WIDE, Quadrant.LOW_NARROW, Quadrant.LOW_NARROW),
            "Standardise 1 of 4 questions now; act in the centre on 2 and help where it is low on 1 (levels of 2 countries)",
        ),
        (
            placed(Quadrant.HIGH_WIDE),
            "Of 1 question none can become the standard yet; let leaders coach on 1 (levels of 2 countries)",
        ),
    ],
)
def test_what_can_become_the_standard_comes_first(findings: list[SpreadFinding], sentence: str) -> None:
    assert standard_headline(findings) == sentence


def test_what_lies_at_a_limit_is_no_standard_now() -> None:
    found = placed(Quadrant.HIGH_NARROW, Quadrant.HIGH_NARROW, Quadrant.LOW_WIDE)
    unsure = [replace(entry, is_borderline=True) for entry in (found[0], found[2])]
    assert standard_headline([unsure[0], found[1], unsure[1]]) == (
        "Standardise 1 of 3 questions now, 1 more is borderline; help where it is low on 1 (levels of 2 countries)"
    )
    assert standard_headline(unsure[:1]) == (
        "1 of 1 question may become the standard, each borderline (levels of 2 countries)"
    )


def test_the_sentence_says_of_how_many_countries_levels_are() -> None:
    two, one = placed(Quadrant.HIGH_NARROW, Quadrant.HIGH_NARROW), placed(None)
    many = replace(two[0], levels=dict.fromkeys("abcdefghijkl", 4))
    assert standard_headline([many, two[1], *one]).endswith("(levels of 2 to 12 countries)")


def seen(perceived: Perceived, gap: float | None = 0.0, *, is_invisible: bool = False) -> PerceptionFinding:
    return PerceptionFinding("FR", "q", 3, (3,), 3.0, 0.0, gap, 0, 3, perceived, is_invisible)


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ([], "France: the lead's view can't be compared with the domains' yet"),
        ([seen(Perceived.TOO_FEW)], "France: the lead's view can't be compared with the domains' yet"),
        ([seen(Perceived.ALIKE)], "France: lead and domains agree on 1 shared question"),
        (
            [seen(Perceived.ALIKE), seen(Perceived.RED, 2.0), seen(Perceived.AMBER, -1.0)],
            "France: lead and domains differ on 2 of 3 shared questions, most on “Owners”, which the lead puts 2.0"
            " levels higher",
        ),
        (
            [seen(Perceived.AMBER, -1.0, is_invisible=True)],
            "France: lead and domains differ on 1 of 1 shared question, most on “Owners”, which the lead puts 1.0"
            " levels lower; 1 question of claimed governance unknown to its domains",
        ),
    ],
)
def test_perception_names_the_widest_gap_and_its_direction(
    findings: list[PerceptionFinding], sentence: str
) -> None:
    assert perception_headline(findings, "France", {"q": "Owners"}) == sentence


WAIT = RULES.order.verdicts[0]
OPEN = reading("FR", "dgm-owner-named", "1")


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        (OrderFinding("FR", WAIT, (), (OPEN,), (), 0, 6), "France: Wait; 1 of 6 prerequisites open"),
        (OrderFinding("FR", WAIT, (), (), (), 0, 6), "France: Wait"),
        (
            OrderFinding("FR", None, ("a", "b"), (), (), 0, 6),
            "Which order fits France can't be told yet: 2 answers missing",
        ),
    ],
)
def test_the_order_says_what_fits_and_how_much_is_open(finding: OrderFinding, sentence: str) -> None:
    assert order_headline(finding, "France") == sentence


def change(total: float | None, answers: float | None, refusal: Refusal | None = None) -> Movement:
    now = None if total is None else 2.0 + total
    parts = {} if answers is None else {Cause.ANSWERS: answers, Cause.WEIGHTS: (total or 0.0) - answers}
    return Movement("FR", "France", "example", 2.0, now, 2, 2, parts, 0.8, refusal)


@pytest.mark.parametrize(
    ("movement", "sentence"),
    [
        (change(0.5, 0.5), "France rose by 0.5 on the questions that both rounds answered"),
        (change(0.0, 0.0), "France hasn't changed on the questions that both rounds answered"),
        (
            change(1.0, -0.4),
            "France fell by 0.4 on the questions that both rounds answered;"
            " other questions, weights or blanks raise its score by 1.4",
        ),
        (
            change(0.0, 0.3),
            "France rose by 0.3 on the questions that both rounds answered;"
            " other questions, weights or blanks lower its score by 0.3",
        ),
        (
            change(1.0, None, Refusal.TOO_LITTLE_IN_COMMON),
            "France: its change can't be told: less than 60 % of the weight was counted in both rounds",
        ),
        (
            change(None, None, Refusal.NO_SCORE_NOW),
            "France: its change can't be told: no score in this round",
        ),
    ],
)
def test_a_change_tells_apart_what_came_from_other_questions(movement: Movement, sentence: str) -> None:
    assert change_headline(movement) == sentence


def test_a_headline_names_its_questionnaire_where_it_does_not_stand_alone() -> None:
    assert of_questionnaire("Governance", "Nobody gained", alone=True) == "Nobody gained"
    assert of_questionnaire("Governance", "Nobody gained", alone=False) == "Governance: Nobody gained"
