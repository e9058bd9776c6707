"""The overview's sentence and its four numbers."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.gates import StageFinding, StageName, Verdict
from assessment.analysis.overview import GroupFinding, Stand, Tally, bottleneck, stand, tally
from assessment.analysis.portfolio import portfolio
from tests.analysis.frames import row, table


def stage(unit: str, verdict: Verdict | None, name: StageName = StageName.PILOT) -> StageFinding:
    return StageFinding(unit, name, (), verdict)


NOW = Stand(Tally(3, 72), 2.9, 49, 213, 0.61)


@pytest.mark.parametrize(
    ("ready", "weakest", "sentence"),
    [
        (Tally(0, 0), None, "No domain has answers to judge yet"),
        (Tally(0, 1), None, "None of 1 domain is ready for a first pilot"),
        (Tally(1, 72), None, "1 of 72 domains is ready for a first pilot"),
        (
            Tally(3, 72), ("Platform", 2.66),
            "3 of 72 domains are ready for a first pilot; Platform is the bottleneck (mean of its dimensions 2.7)",
        ),
    ],
)  # fmt: skip
def test_the_headline_says_who_is_ready_and_what_holds_the_group_back(
    ready: Tally, weakest: tuple[str, float] | None, sentence: str
) -> None:
    now = Stand(ready, None, 0, 0, None)
    assert GroupFinding(now, None, weakest).headline == sentence


def test_only_domains_with_a_pilot_verdict_are_counted_and_conditions_count_as_ready() -> None:
    stages = [
        stage("FR.sales", Verdict.READY),
        stage("FR.finance", Verdict.WITH_CONDITIONS),
        stage("DE.sales", Verdict.NOT_ENOUGH_EVIDENCE),
        stage("FR", None),
        stage("FR", Verdict.READY, StageName.SCALE),
        stage("ES.sales", Verdict.READY),
    ]
    assert tally(stages, {"FR", "FR.sales", "FR.finance", "DE.sales"}) == Tally(2, 3)


def test_facts_carry_the_change_since_the_round_before() -> None:
    before = Stand(Tally(2, 72), 2.5, 80, 213, 0.70)
    assert [(fact.value, fact.change) for fact in GroupFinding(NOW, before, None).facts] == [
        ("3 of 72", "+1"), ("2.9", "+0.4"), ("49 of 213", "−31"), ("61 %", "−9 points"),
    ]  # fmt: skip


def test_a_change_that_no_display_shows_is_none() -> None:
    before = Stand(Tally(3, 72), 2.8999, 49, 213, 0.6101)
    assert {fact.change for fact in GroupFinding(NOW, before, None).facts} == {"±0", "±0.0", "±0 points"}


def test_without_a_round_before_there_is_no_change() -> None:
    assert {fact.change for fact in GroupFinding(NOW, None, None).facts} == {""}


def test_a_round_before_without_verdicts_or_scores_is_no_zero_to_compare_with() -> None:
    before = Stand(Tally(0, 0), 2.5, 0, 0, 0.7)
    assert [fact.change for fact in GroupFinding(NOW, before, None).facts] == ["", "+0.4", "", "−9 points"]


def test_what_nobody_knows_is_a_dash_and_has_no_change() -> None:
    nothing = Stand(Tally(0, 0), None, 0, 0, None)
    facts = GroupFinding(nothing, NOW, None).facts
    assert [(fact.value, fact.change) for fact in facts][1] == ("–", "")
    assert [(fact.value, fact.change) for fact in facts][3] == ("–", "")


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


def test_a_stand_takes_its_numbers_from_the_portfolio() -> None:
    finding = _portfolio(row("a", 1, 4), row("b", 3, 4), row("", 2))
    assert stand(finding, Tally(1, 2), 0.5) == Stand(Tally(1, 2), 2, 1, 2, 0.5)
