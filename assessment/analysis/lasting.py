"""Will it last, over all domains: who is at risk, and what weighs them down most often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from assessment.analysis.readings import Reading
from assessment.analysis.sustainability import SustainabilityFinding
from assessment.i18n import count, t
from assessment.questionnaire.verdicts import Band, SustainabilityRules

#: The columns of the table of risks, in their order.
LASTING_COLUMNS = (
    "unit_id", "unit", "risk_index", "band", "band_with_equal_weights", "by_rule", "worst_question_ids",
    "missing_question_ids", "supported_answers", "answers",
)  # fmt: skip
#: An answer below this level is a cause; one at or above it is only the least good.
_CAUSE_BELOW = 3


@dataclass(frozen=True, slots=True)
class Risk:
    """One domain's risk with its label; `places` counts from 0 for the band of the lowest risk, None when unknown."""

    label: str
    finding: SustainabilityFinding
    place: int | None

    @property
    def causes(self) -> tuple[Reading, ...]:
        """Its worst answers, those only that are low."""
        return tuple(c for c in self.finding.causes if c.claimed is not None and c.claimed < _CAUSE_BELOW)


@dataclass(frozen=True, slots=True)
class LastingFinding:
    """All domains, highest risk first, those of which nobody can tell last.

    `names` are short names of questions; `answers` is how many answers of a domain the index is made of.
    """

    risks: tuple[Risk, ...]
    bands: tuple[Band, ...]
    names: Mapping[str, str]
    answers: int

    @property
    def known(self) -> tuple[Risk, ...]:
        return tuple(risk for risk in self.risks if risk.place is not None)

    @property
    def unknown(self) -> tuple[Risk, ...]:
        return tuple(risk for risk in self.risks if risk.place is None)

    @property
    def worst(self) -> Band:
        return self.bands[-1]

    def in_band(self, place: int) -> tuple[Risk, ...]:
        return tuple(risk for risk in self.risks if risk.place == place)

    @property
    def commonest_causes(self) -> tuple[tuple[str, int], ...]:
        """The low answers among the worst of the riskiest band that anybody is in, by number of domains."""
        riskiest = max((risk.place or 0 for risk in self.known), default=0)
        tally = Counter(cause.question_id for risk in self.in_band(riskiest) for cause in risk.causes)
        return tuple(tally.most_common())

    @property
    def missing(self) -> tuple[tuple[str, int], ...]:
        """The answers that are missing, by number of domains."""
        return tuple(Counter(name for risk in self.unknown for name in risk.finding.missing).most_common())

    @property
    def headline(self) -> str:
        return _headline(self)

    @property
    def subtitle(self) -> str:
        told = t(
            "Index of risk, 0 to 100, from {answers} of each domain, claimed levels; higher is riskier",
            answers=count(self.answers, "answer"),
        )
        if self.unknown:
            told += t("; of {domains} nobody can tell yet", domains=count(len(self.unknown), "domain"))
        return told


def lasting_finding(
    risks: Mapping[str, SustainabilityFinding],
    rules: SustainabilityRules,
    labels: Mapping[str, str],
    names: Mapping[str, str],
) -> LastingFinding:
    """The risks of the domains in `labels`.

    Args:
        risks: The findings of a round, by domain.
        rules: What they were made by.
        labels: The domains to look at with the names to show.
        names: Short names of the questions, by id.
    """
    places = {band.id: place for place, band in enumerate(rules.bands)}
    found = [
        Risk(labels[unit], finding, places[finding.band.id] if finding.band else None)
        for unit, finding in risks.items()
        if unit in labels
    ]
    found.sort(key=_riskiest_first)
    return LastingFinding(tuple(found), rules.bands, names, len(rules.answers))


def lasting_table(finding: LastingFinding) -> pd.DataFrame:
    """A line for each domain, with `LASTING_COLUMNS`; ids of several questions are separated by spaces."""
    return pd.DataFrame(
        [_line(risk.label, risk.finding) for risk in finding.risks], columns=list(LASTING_COLUMNS)
    )


def _line(label: str, found: SustainabilityFinding) -> tuple[object, ...]:
    return (
        found.unit_id, label, found.index, found.band.id if found.band else "",
        found.equal_weights_band.id if found.equal_weights_band else "", bool(found.forced),
        " ".join(cause.question_id for cause in found.causes), " ".join(found.missing), found.supported, found.answers,
    )  # fmt: skip


def _riskiest_first(risk: Risk) -> tuple[bool, int, float, str]:
    index = -1.0 if risk.finding.index is None else risk.finding.index
    return (risk.place is None, -(risk.place or 0), -index, risk.label)


def _headline(finding: LastingFinding) -> str:
    """How many are at high risk and why; the next band when none is; what is missing when nobody can tell."""
    if not finding.risks:
        return t("No domain was asked in this round")
    if not finding.known:
        everyone = count(len(finding.risks), "domain")
        return t(
            "Whether it will last can't be told yet for any of {domains}: answers are missing",
            domains=everyone,
        )
    place = max(risk.place or 0 for risk in finding.known)
    number, band, known = len(finding.in_band(place)), finding.bands[place].title.lower(), _judged(finding)
    if not place:
        return t("None of {domains} is above “{band}”", domains=known, band=band)
    if place < len(finding.bands) - 1:
        return t(
            "None of {domains} is at {worst}; {n} at “{here}”{why}",
            domains=known, worst=finding.worst.title.lower(), n=number, here=band, why=_why(finding),
        )  # fmt: skip
    return t(
        "{n} of {domains} {verb} at {band}{why}",
        n=number, domains=known, verb=t("is") if number == 1 else t("are"), band=band, why=_why(finding),
    )  # fmt: skip


def _judged(finding: LastingFinding) -> str:
    """Of how many domains the sentence speaks: those that can be judged, which may not be all."""
    known = count(len(finding.known), "domain")
    return t("{domains} that can be judged", domains=known) if finding.unknown else known


def _why(finding: LastingFinding) -> str:
    causes = finding.commonest_causes
    if not causes:
        return ""
    name = finding.names.get(causes[0][0], causes[0][0])
    ties = sum(domains == causes[0][1] for _, domains in causes) - 1
    also = t(" (and {others} as often)", others=count(ties, "other")) if ties else ""
    return t("; the commonest cause is “{question}”{also}", question=name, also=also)
