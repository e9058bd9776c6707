"""What can be common to all countries, and what stays local: by what countries say of elements, and by their levels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from assessment.analysis.readings import Known, Readings
from assessment.questionnaire.companions import ElementUse
from assessment.questionnaire.verdicts import Advice, ElementRules, SpreadRules

#: How near to a limit, in levels, one country more or less could put a question on its other side.
BORDERLINE = 0.1
#: With fewer countries nothing is compared: what one has alone is neither common nor contested.
LEAST_COUNTRIES = 2
#: The columns of the table of questions, in their order.
SPREAD_COLUMNS = (
    "questionnaire_id", "question_id", "question", "median", "spread", "countries", "supported", "quadrant",
    "borderline", "advice",
)  # fmt: skip


#: By question and country: the claimed level, and whether evidence carries all of it.
Levels = Mapping[str, Mapping[str, tuple[int, bool]]]


class Commonality(StrEnum):
    COMMON = "common"
    COMMON_WITH_LOCAL_PART = "common_with_local_part"
    LOCAL = "local"
    CONTESTED = "contested"
    ONE_COUNTRY = "one_country"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class ElementFinding:
    """What follows for one element from what countries say; `advice` is None when nobody or one country alone uses it."""

    element_id: str
    uses: Mapping[str, ElementUse]
    commonality: Commonality
    advice: Advice | None


class Quadrant(StrEnum):
    """How high the middle country is, and how far countries lie apart."""

    HIGH_NARROW = "high_narrow"
    HIGH_WIDE = "high_wide"
    LOW_NARROW = "low_narrow"
    LOW_WIDE = "low_wide"


@dataclass(frozen=True, slots=True)
class SpreadFinding:
    """One question over countries: the median claimed level, the distance between its quartiles, and what follows.

    `median`, `spread` and `quadrant` are None with fewer than two countries that have a level. `is_borderline` says
    that one of the two lies at a limit; `supported` is how many of the levels evidence carries in full.
    """

    question_id: str
    levels: Mapping[str, int]
    median: float | None
    spread: float | None
    advice: Advice | None
    quadrant: Quadrant | None = None
    is_borderline: bool = False
    supported: int = 0


def element_finding(element_id: str, uses: Mapping[str, ElementUse], rules: ElementRules) -> ElementFinding:
    """The rule for one element; countries that don't use it have no say.

    All by law leaves it local, be it one country alone; else what one country alone uses can't be compared. Any other
    difference by law splits it into a common core and a local part. Else it is common when enough have it the same or
    with a setting, and contested otherwise.
    """
    said = [use for use in uses.values() if use is not ElementUse.UNUSED]
    by_law = said.count(ElementUse.LAW)
    alike = said.count(ElementUse.SAME) + said.count(ElementUse.SETTING)
    if not said:
        return ElementFinding(element_id, uses, Commonality.UNUSED, None)
    if by_law == len(said):
        return ElementFinding(element_id, uses, Commonality.LOCAL, rules.local)
    if len(said) < LEAST_COUNTRIES:
        return ElementFinding(element_id, uses, Commonality.ONE_COUNTRY, None)
    if by_law:
        return ElementFinding(
            element_id, uses, Commonality.COMMON_WITH_LOCAL_PART, rules.common_with_local_part
        )
    if alike >= rules.common_share * len(said) - 1e-9:
        return ElementFinding(element_id, uses, Commonality.COMMON, rules.common)
    return ElementFinding(element_id, uses, Commonality.CONTESTED, rules.contested)


def levels_of(readings: Readings) -> Levels:
    """What every country is at in every question, in the questionnaires' order; who has no level isn't there."""
    countries = [unit.id for unit in readings.organisation.countries]
    return {name: _of_countries(name, readings, countries) for name in readings.questions}


def _of_countries(
    question_id: str, readings: Readings, countries: Sequence[str]
) -> Mapping[str, tuple[int, bool]]:
    read = {unit_id: readings.about(unit_id, question_id) for unit_id in countries}
    return {
        unit_id: (reading.claimed, reading.supported == reading.claimed)
        for unit_id, reading in read.items()
        if reading.known is Known.LEVEL and reading.claimed is not None
    }


def spread_findings(
    levels: Levels, rules: SpreadRules, country_ids: Collection[str] | None = None
) -> tuple[SpreadFinding, ...]:
    """Every question over these countries (None: all), in the order of `levels`."""
    return tuple(_spread(name, found, rules, country_ids) for name, found in levels.items())


def _spread(
    question_id: str,
    known: Mapping[str, tuple[int, bool]],
    rules: SpreadRules,
    country_ids: Collection[str] | None,
) -> SpreadFinding:
    found = {unit: level for unit, level in known.items() if country_ids is None or unit in country_ids}
    levels = {unit_id: claimed for unit_id, (claimed, _) in found.items()}
    supported = sum(is_supported for _, is_supported in found.values())
    if len(levels) < LEAST_COUNTRIES:
        return SpreadFinding(question_id, levels, None, None, None, supported=supported)
    middle, spread = median_and_spread(list(levels.values()))
    quadrant = _quadrant(middle, spread, rules)
    at_limit = min(abs(middle - rules.high_from), abs(spread - rules.narrow_up_to)) <= BORDERLINE + 1e-9
    return SpreadFinding(
        question_id, levels, middle, spread, advice_of(quadrant, rules), quadrant, at_limit, supported
    )


def _quadrant(middle: float, spread: float, rules: SpreadRules) -> Quadrant:
    if middle >= rules.high_from:
        return Quadrant.HIGH_NARROW if spread <= rules.narrow_up_to else Quadrant.HIGH_WIDE
    return Quadrant.LOW_NARROW if spread <= rules.narrow_up_to else Quadrant.LOW_WIDE


def advice_of(quadrant: Quadrant, rules: SpreadRules) -> Advice:
    """What follows in a quadrant."""
    return {
        Quadrant.HIGH_NARROW: rules.high_narrow, Quadrant.HIGH_WIDE: rules.high_wide,
        Quadrant.LOW_NARROW: rules.low_narrow, Quadrant.LOW_WIDE: rules.low_wide,
    }[quadrant]  # fmt: skip


def by_quadrant(findings: Iterable[SpreadFinding]) -> dict[Quadrant, list[SpreadFinding]]:
    """The questions that can be compared, by quadrant: the furthest from its limits first."""
    found: dict[Quadrant, list[SpreadFinding]] = {quadrant: [] for quadrant in Quadrant}
    for finding in findings:
        if finding.quadrant is not None:
            found[finding.quadrant].append(finding)
    for quadrant, members in found.items():
        members.sort(key=lambda finding: _distinctness(finding, quadrant))
    return found


def _distinctness(finding: SpreadFinding, quadrant: Quadrant) -> tuple[bool, float, float]:
    """Borderline ones last; the highest first where countries are high, the lowest where they are low."""
    is_high = quadrant in (Quadrant.HIGH_NARROW, Quadrant.HIGH_WIDE)
    is_narrow = quadrant in (Quadrant.HIGH_NARROW, Quadrant.LOW_NARROW)
    middle, spread = finding.median or 0.0, finding.spread or 0.0
    return finding.is_borderline, -middle if is_high else middle, spread if is_narrow else -spread


@dataclass(frozen=True, slots=True)
class SpreadTally:
    """How many questions can be compared, how many of them are borderline, and how many can't be.

    `supported` of all `levels` evidence carries in full. `fewest` and `most` are how many countries have a level, over
    the questions that can be compared; 0 without any.
    """

    compared: int
    borderline: int
    unknown: int
    supported: int
    levels: int
    fewest: int = 0
    most: int = 0


def spread_tally(findings: Sequence[SpreadFinding]) -> SpreadTally:
    compared = [finding for finding in findings if finding.quadrant is not None]
    return SpreadTally(
        len(compared),
        sum(finding.is_borderline for finding in compared),
        len(findings) - len(compared),
        sum(finding.supported for finding in findings),
        sum(len(finding.levels) for finding in findings),
        min((len(finding.levels) for finding in compared), default=0),
        max((len(finding.levels) for finding in compared), default=0),
    )


def spread_table(
    findings: Iterable[SpreadFinding], questionnaires: Mapping[str, str], names: Mapping[str, str]
) -> pd.DataFrame:
    """A line for each question, with `SPREAD_COLUMNS`; `questionnaires` has ids by question, `names` what it is called.

    Where fewer than two countries have a level, median, spread, quadrant and advice are empty.
    """
    lines = [
        (
            questionnaires[finding.question_id], finding.question_id, names[finding.question_id],
            finding.median, finding.spread, len(finding.levels), finding.supported,
            str(finding.quadrant or ""), finding.is_borderline, finding.advice.title if finding.advice else "",
        )
        for finding in findings
    ]  # fmt: skip
    table = pd.DataFrame(lines, columns=list(SPREAD_COLUMNS))
    return table.astype({"median": float, "spread": float})


def median_and_spread(levels: Sequence[int]) -> tuple[float, float]:
    """The median and the distance between the quartiles, by linear interpolation (Hyndman and Fan's type 7).

    >>> median_and_spread([1, 2, 3, 4, 5])
    (3.0, 2.0)
    """
    ordered = sorted(levels)
    low, middle, high = (_quantile(ordered, share) for share in (0.25, 0.5, 0.75))
    return middle, high - low


def _quantile(ordered: Sequence[int], share: float) -> float:
    # By hand: numpy takes thirty times as long for the few levels of one question.
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
