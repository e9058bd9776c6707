"""What a country's lead sees and what its domains see, for the questions that both answer. Reads claimed levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from assessment.analysis.readings import Known, Reading, Readings
from assessment.questionnaire.verdicts import PerceptionRules


class Perceived(StrEnum):
    """How the lead's view and the domains' compare."""

    ALIKE = "alike"
    AMBER = "amber"
    RED = "red"
    NO_SHARED_VIEW = "no_shared_view"
    TOO_FEW = "too_few"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PerceptionFinding:
    """One question in one country; `gap` is the lead's level minus the domains' median, None when either is missing.

    `deviation` is the domains' average distance from their median, in levels. `is_invisible` says that the lead
    claims governance which too many domains know nothing about.
    """

    unit_id: str
    question_id: str
    lead: int | None
    domains: tuple[int, ...]
    domain_median: float | None
    deviation: float | None
    gap: float | None
    dont_know: int
    asked: int
    perceived: Perceived
    is_invisible: bool

    @property
    def use_domains(self) -> bool:
        """Whether gates should read the domains' figure instead of the lead's."""
        return self.perceived is Perceived.RED and (self.gap or 0) > 0


def perception(country_id: str, readings: Readings, rules: PerceptionRules) -> tuple[PerceptionFinding, ...]:
    """Every question that both are asked, widest gap first; those without a gap follow in the questionnaires' order."""
    shared = [
        name for name, question in readings.questions.items() if {"country", "domain"} <= set(question.units)
    ]
    found = [_finding(country_id, name, readings, rules) for name in shared]
    return tuple(sorted(found, key=lambda entry: -abs(entry.gap) if entry.gap is not None else 1.0))


def average_deviation(levels: Sequence[int]) -> float:
    """The mean distance from the median; 0 for no or one level. Source: O'Neill 2017 (AD_Md)."""
    if not levels:
        return 0.0
    middle = median(levels)
    return sum(abs(level - middle) for level in levels) / len(levels)


def _finding(
    country_id: str, question_id: str, readings: Readings, rules: PerceptionRules
) -> PerceptionFinding:
    lead = readings.own(country_id, question_id)
    domains = readings.of_domains(country_id, question_id)
    levels = tuple(
        reading.claimed for reading in domains if reading.known is Known.LEVEL and reading.claimed is not None
    )
    answering = [reading for reading in domains if reading.known is not Known.UNANSWERED]
    dont_know = sum(reading.known is Known.DONT_KNOW for reading in domains)
    middle = float(median(levels)) if levels else None
    gap = lead.claimed - middle if lead.claimed is not None and middle is not None else None
    deviation = average_deviation(levels) if levels else None
    return PerceptionFinding(
        country_id, question_id, lead.claimed, levels, middle, deviation, gap, dont_know, len(answering),
        _perceived(lead, levels, gap, deviation, rules), _is_invisible(lead, dont_know, len(answering), rules),
    )  # fmt: skip


def _perceived(
    lead: Reading, levels: Sequence[int], gap: float | None, deviation: float | None, rules: PerceptionRules
) -> Perceived:
    if lead.known is not Known.LEVEL or gap is None or deviation is None:
        return Perceived.UNKNOWN
    if len(levels) < rules.minimum_domains:
        return Perceived.TOO_FEW
    if deviation > rules.agreement:
        return Perceived.NO_SHARED_VIEW
    if abs(gap) >= rules.red:
        return Perceived.RED
    return Perceived.AMBER if abs(gap) >= rules.amber else Perceived.ALIKE


def _is_invisible(lead: Reading, dont_know: int, answering: int, rules: PerceptionRules) -> bool:
    claims = lead.known is Known.LEVEL and (lead.claimed or 0) >= rules.lead_claims
    return claims and answering >= rules.minimum_domains and dont_know > rules.dont_know_share * answering
