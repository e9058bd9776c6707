"""The overview's sentence and its four numbers."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.gates import StageFinding, StageName, Verdict
from assessment.analysis.overview import (
    GroupFinding,
    Known,
    Stand,
    bottleneck,
    group_finding,
    readiness_of,
    stand,
)
from assessment.analysis.portfolio import portfolio
from tests.analysis.frames import row, table


def stage(unit: str, verdict: Verdict | None, name: StageName = StageName.PILOT) -> StageFinding:
    return StageFinding(unit, name, (), verdict)


def standing(
    ready: tuple[int, int] = (0, 0),
    median: float | None = None,
    short: tuple[int, int] = (0, 0),
    supported: float | None = None,
) -> Stand:
    return Stand(*ready, median, 9 if median else 0, *short, supported, 800 if supported else 0)


NOW = standing((3, 72), 2.9, (49, 213), 0.61)


@pytest.mark.parametrize(
    ("ready", "weakest", "family", "sentence"),
    [
        ((0, 0), None, "", "No domain has answers to judge yet"),
        ((0, 1), None, "", "None of 1 domain is ready for a first pilot"),
        ((1, 72), None, "", "1 of 72 domains is ready for a first pilot"),
        ((2, 12), None, "Sales", "2 of 12 domains in “Sales” are ready for a first pilot"),
        (
            (3, 72), ("Platform", 2.66), "",
            "3 of 72 domains are ready for a first pilot; Platform is the bottleneck (mean of its dimensions 2.7)",
        ),
    ],
)  # fmt: skip
def test_the_headline_says_who_is_ready_and_what_holds_the_group_back(
    ready: tuple[int, int], weakest: tuple[str, float] | None, family: str, sentence: str
) -> None:
    assert GroupFinding(standing(ready), None, weakest, family).headline == sentence


def test_only_domains_with_a_pilot_verdict_are_counted_and_conditions_count_as_ready() -> None:
    stages = [
        stage("FR.sales", Verdict.READY),
        stage("FR.finance", Verdict.WITH_CONDITIONS),
        stage("DE.sales", Verdict.NOT_ENOUGH_EVIDENCE),
        stage("FR", None),
        stage("FR", Verdict.READY, StageName.SCALE),
        stage("ES.sales", Verdict.READY),
    ]
    assert readiness_of(stages, {"FR", "FR.sales", "FR.finance", "DE.sales"}) == {
        "FR.sales": True, "FR.finance": True, "DE.sales": False,
    }  # fmt: skip


def facts(then: Stand, now: Stand = NOW) -> list[tuple[str, str]]:
    return [(fact.value, fact.change) for fact in GroupFinding(NOW, (then, now), None).facts]


def test_facts_are_the_rounds_and_their_changes_those_of_what_both_rounds_know() -> None:
    then, now = standing((2, 60), 2.5, (60, 150), 0.70), standing((3, 60), 2.8, (33, 150), 0.65)
    assert facts(then, now) == [
        ("3 of 72", "+1"), ("2.9", "+0.3"), ("49 of 213", "−27"), ("61 %", "−5 points"),
    ]  # fmt: skip


def test_a_change_that_no_display_shows_is_none() -> None:
    then = standing((3, 72), 2.8999, (49, 213), 0.6101)
    assert {change for _, change in facts(then)} == {"±0", "±0.0", "±0 points"}


def test_without_a_round_before_there_is_no_change_and_no_word_of_one() -> None:
    alone = GroupFinding(NOW, None, None)
    assert {fact.change for fact in alone.facts} == {""}
    assert alone.compared == ""


def test_what_both_rounds_know_nothing_of_is_no_zero_to_compare_with() -> None:
    then, now = standing(median=2.5, supported=0.7), standing(median=2.9, supported=0.61)
    assert [change for _, change in facts(then, now)] == ["", "+0.4", "", "−9 points"]


def test_what_nobody_knows_is_a_dash_and_has_no_change() -> None:
    nothing = standing()
    shown = GroupFinding(nothing, (nothing, nothing), None)
    assert [fact.value for fact in shown.facts] == ["0 of 0", "–", "0 of 0", "–"]
    assert {fact.change for fact in shown.facts} == {""}
    assert (
        shown.compared
        == "This round and the one before know nothing of the same units: no change can be told."
    )


def test_it_is_said_what_changes_are_counted_over() -> None:
    assert GroupFinding(NOW, (NOW, NOW), None).compared == (
        "Small numbers: the change since the round before, counted only over what both rounds know: 72 domains judged,"
        " 9 units with a mean, 213 cells with a score and 800 levels claimed."
    )
    some = standing(median=2.9)
    assert GroupFinding(NOW, (some, some), None).compared.endswith("both rounds know: 9 units with a mean.")


def known(*rows: dict[str, Any], ready: dict[str, bool] | None = None, **carried: bool) -> Known:
    names = {"FR": "France", "DE": "Germany"}
    found = portfolio(table(*rows), names, {"governance": "Governance", "platform": "Platform"})
    return Known(
        found, ready or {}, {("FR", "governance", name): carries for name, carries in carried.items()}
    )


def test_a_unit_or_a_cell_that_only_one_round_has_changes_nothing() -> None:
    then = known(row("a", 3, 4), row("", 3), ready={"FR.sales": False}, one=True)
    joined = [row("a", 1, 4, unit_id="DE"), row("", 1, unit_id="DE"), row("b", 1, 4)]
    now = known(
        row("a", 3, 4), row("", 3), *joined, ready={"FR.sales": False, "DE.sales": True}, one=True, two=False
    )
    finding = group_finding(now, then)
    assert [(fact.value, fact.change) for fact in finding.facts] == [
        ("1 of 2", "±0"), ("2.0", "±0.0"), ("2 of 3", "±0"), ("50 %", "±0 points"),
    ]  # fmt: skip


def test_a_unit_whose_mean_gained_a_questionnaire_is_compared_over_those_that_both_rounds_have() -> None:
    platform: dict[str, Any] = {"questionnaire_id": "platform"}
    then = known(row("a", 3), row("", 3))
    now = known(row("a", 3.5), row("", 3.5), row("c", 1, **platform), row("", 1, **platform))
    assert group_finding(now, then).facts[1].change == "+0.5"


def test_a_cell_that_has_a_target_in_one_round_only_is_not_compared() -> None:
    finding = group_finding(known(row("a", 1, 4)), known(row("a", 1)))
    assert (finding.facts[2].value, finding.facts[2].change) == ("1 of 1", "")


def test_without_an_earlier_round_the_group_stands_alone() -> None:
    assert group_finding(known(row("a", 1, 4)), None).alike is None


def _portfolio(*rows: dict[str, Any]) -> Any:
    return portfolio(table(*rows), {"FR": "France"}, {"governance": "Governance", "platform": "Platform"})


def test_the_bottleneck_is_the_questionnaire_with_the_lowest_mean_over_its_dimensions() -> None:
    platform: dict[str, Any] = {"questionnaire_id": "platform"}
    finding = _portfolio(row("a", 4), row("b", 3), row("c", 3, **platform), row("d", 2, **platform))
    assert bottleneck(finding) == ("Platform", 2.5)


def test_no_bottleneck_is_named_where_none_stands_out_or_there_is_one_questionnaire_only() -> None:
    platform: dict[str, Any] = {"questionnaire_id": "platform"}
    assert bottleneck(_portfolio(row("a", 3), row("c", 3.05, **platform))) is None
    assert bottleneck(_portfolio(row("a", 3))) is None


def test_a_stand_takes_its_numbers_from_what_is_known() -> None:
    one = known(
        row("a", 1, 4), row("b", 3, 4), row("", 2), ready={"FR.x": True, "FR.y": False}, one=True, two=False
    )
    assert stand(one) == Stand(1, 2, 2, 1, 1, 2, 0.5, 2)
