"""What can be common to all countries, and what stays local: by what countries say of elements, and by their levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assessment.analysis.readings import Known, Readings
from assessment.questionnaire.companions import ElementUse
from assessment.questionnaire.verdicts import Advice, ElementRules, SpreadRules


class Commonality(StrEnum):
    COMMON = "common"
    COMMON_WITH_LOCAL_PART = "common_with_local_part"
    LOCAL = "local"
    CONTESTED = "contested"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class ElementFinding:
    """What follows for one element from what countries say; `advice` is None when nobody uses it."""

    element_id: str
    uses: Mapping[str, ElementUse]
    commonality: Commonality
    advice: Advice | None


@dataclass(frozen=True, slots=True)
class SpreadFinding:
    """One question over countries: the median claimed level, the distance between its quartiles, and what follows.

    `median` and `spread` are None with fewer than two countries that have a level.
    """

    question_id: str
    levels: Mapping[str, int]
    median: float | None
    spread: float | None
    advice: Advice | None


def element_finding(element_id: str, uses: Mapping[str, ElementUse], rules: ElementRules) -> ElementFinding:
    """The rule for one element; countries that don't use it have no say.

    Any difference by law splits it into a common core and a local part, all by law leaves it local. Else it is
    common when enough have it the same or with a setting, and contested otherwise.
    """
    said = [use for use in uses.values() if use is not ElementUse.UNUSED]
    by_law = said.count(ElementUse.LAW)
    alike = said.count(ElementUse.SAME) + said.count(ElementUse.SETTING)
    if not said:
        return ElementFinding(element_id, uses, Commonality.UNUSED, None)
    if by_law == len(said):
        return ElementFinding(element_id, uses, Commonality.LOCAL, rules.local)
    if by_law:
        return ElementFinding(
            element_id, uses, Commonality.COMMON_WITH_LOCAL_PART, rules.common_with_local_part
        )
    if alike >= rules.common_share * len(said) - 1e-9:
        return ElementFinding(element_id, uses, Commonality.COMMON, rules.common)
    return ElementFinding(element_id, uses, Commonality.CONTESTED, rules.contested)


def spread_findings(readings: Readings, rules: SpreadRules) -> tuple[SpreadFinding, ...]:
    """Every question over all countries, in the questionnaires' order."""
    return tuple(_spread(name, readings, rules) for name in readings.questions)


def _spread(question_id: str, readings: Readings, rules: SpreadRules) -> SpreadFinding:
    found = {unit.id: readings.about(unit.id, question_id) for unit in readings.organisation.countries}
    levels = {
        unit_id: reading.claimed
        for unit_id, reading in found.items()
        if reading.known is Known.LEVEL and reading.claimed is not None
    }
    if len(levels) < 2:
        return SpreadFinding(question_id, levels, None, None, None)
    middle, spread = median_and_spread(list(levels.values()))
    is_high, is_narrow = middle >= rules.high_from, spread <= rules.narrow_up_to
    advice = {
        (True, True): rules.high_narrow, (True, False): rules.high_wide,
        (False, True): rules.low_narrow, (False, False): rules.low_wide,
    }[is_high, is_narrow]  # fmt: skip
    return SpreadFinding(question_id, levels, middle, spread, advice)


def median_and_spread(levels: Sequence[int]) -> tuple[float, float]:
    """The median and the distance between the quartiles, by linear interpolation (Hyndman and Fan's type 7).

    >>> median_and_spread([1, 2, 3, 4, 5])
    (3.0, 2.0)
    """
    low, middle, high = (float(value) for value in np.percentile(levels, [25, 50, 75]))
    return middle, high - low
