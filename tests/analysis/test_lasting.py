"""Will it last, over all domains: the sentence, the order, and the commonest cause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessment.analysis.lasting import LastingFinding, lasting_finding
from assessment.analysis.readings import Known, Reading
from assessment.analysis.sustainability import SustainabilityFinding, band_of
from tests.analysis.judging import rules

RULES = rules().sustainability
NAMES = {"dor-incentives": "Owners' yearly goals"}


def risk(unit: str, index: float | None, **causes: int) -> SustainabilityFinding:
    """A domain with this index; causes are questions with their levels, written with underscores."""
    worst = tuple(
        Reading(name.replace("_", "-"), unit, Known.LEVEL, level, level) for name, level in causes.items()
    )
    band = band_of(index, RULES)
    missing = () if index is not None else ("dor-incentives",)
    return SustainabilityFinding(unit, index, band, band, None, worst, missing, 0, 9)


def lasting(*risks: SustainabilityFinding) -> LastingFinding:
    labels = {entry.unit_id: entry.unit_id.upper() for entry in risks}
    return lasting_finding({entry.unit_id: entry for entry in risks}, RULES, labels, NAMES)


def test_the_riskiest_come_first_and_those_that_nobody_can_tell_last():
    finding = lasting(risk("a", 20), risk("b", None), risk("c", 80), risk("d", 60))
    assert [entry.label for entry in finding.risks] == ["C", "D", "A", "B"]


def test_a_forced_band_stands_above_a_higher_index_of_a_lower_band():
    forced = replace(risk("a", 10), band=RULES.bands[-1], forced=RULES.forced[0])
    assert [entry.label for entry in lasting(risk("b", 50), forced).risks] == ["A", "B"]


@pytest.mark.parametrize(
    ("risks", "headline"),
    [
        ([], "No domain was asked in this round"),
        (
            [risk("a", None), risk("b", None)],
            "Whether it will last can't be told yet for any of 2 domains: answers are missing",
        ),
        ([risk("a", 10), risk("b", 20)], "None of 2 domains is above “low risk”"),
        (
            [risk("a", 10), risk("b", 40, dor_incentives=2)],
            "None of 2 domains is at high risk; 1 at “watch”; the commonest cause is “Owners' yearly goals”",
        ),
        (
            [risk("a", 40, dor_incentives=2, x_y=1), risk("b", 40, x_z=2)],
            "None of 2 domains is at high risk; 2 at “watch”; the commonest cause is “Owners' yearly goals”"
            " (and 2 others as often)",
        ),
        ([risk("a", 80), risk("b", 90)], "2 of 2 domains are at high risk"),
        (
            [risk("a", 80, dor_incentives=1), risk("b", 40, dor_contracts=1), risk("c", None)],
            "1 of 2 domains that can be judged is at high risk; the commonest cause is “Owners' yearly goals”",
        ),
    ],
)
def test_the_sentence_says_what_there_is_to_say(risks: list[SustainabilityFinding], headline: str):
    assert lasting(*risks).headline == headline


def test_only_low_answers_of_the_riskiest_band_are_causes():
    finding = lasting(
        risk("a", 80, dor_incentives=2, dor_contracts=3),
        risk("b", 70, dor_incentives=1),
        risk("c", 40, x_y=1),
    )
    assert finding.commonest_causes == (("dor-incentives", 2),)


def test_the_answers_that_are_missing_are_counted():
    assert lasting(risk("a", None), risk("b", None), risk("c", 5)).missing == (("dor-incentives", 2),)


def test_the_number_of_answers_is_that_of_the_rules():
    assert f"from {len(RULES.answers)} answers of each domain" in lasting(risk("a", 10)).subtitle
    fewer = RULES.model_copy(update={"answers": RULES.answers[:1], "worst": 1})
    found = lasting_finding({"a": risk("a", 10)}, fewer, {"a": "A"}, NAMES)
    assert "from 1 answer of each domain" in found.subtitle


def test_only_domains_that_are_looked_at_count():
    found = {name: risk(name, 80) for name in ("a", "b")}
    assert len(lasting_finding(found, RULES, {"a": "A"}, NAMES).risks) == 1
