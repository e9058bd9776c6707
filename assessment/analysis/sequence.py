"""Rules or owners first: the order in which governance and ownership grew in each country.

It describes an order and no cause: a few rounds can't show that one brings the other about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from assessment.i18n import count, joined, t
from assessment.organisation import Round
from assessment.scoring.levels import LEVEL_TOLERANCE
from assessment.scoring.table import Basis

#: The questionnaires whose scores are the two axes.
GOVERNANCE, OWNERSHIP = "data-governance", "domain-ownership"
#: The columns of the table of stops, in their order.
SEQUENCE_COLUMNS = ("unit_id", "unit", "round_id", "governance", "ownership")
#: One runs ahead of the other by more than this many levels (ux.md §4).
AHEAD = 0.4
#: Both are in place from this level on.
IN_PLACE = 3.0


class Lead(StrEnum):
    """Which of the two is ahead now."""

    RULES = "rules"
    OWNERS = "owners"
    IN_STEP = "in_step"


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a country stood in one round; both values are mean levels."""

    round_id: str
    governance: float
    ownership: float


@dataclass(frozen=True, slots=True)
class CountryPath:
    """A country's stops in time; the last is in the round now."""

    unit_id: str
    label: str
    code: str
    stops: tuple[Stop, ...]

    @property
    def now(self) -> Stop:
        return self.stops[-1]

    @property
    def lead(self) -> Lead:
        ahead = self.now.governance - self.now.ownership
        if abs(ahead) <= AHEAD + LEVEL_TOLERANCE:
            return Lead.IN_STEP
        return Lead.RULES if ahead > 0 else Lead.OWNERS

    @property
    def has_both(self) -> bool:
        return min(self.now.governance, self.now.ownership) >= IN_PLACE - LEVEL_TOLERANCE


@dataclass(frozen=True, slots=True)
class SequenceFinding:
    """The paths of all countries that have both scores now; `missing` are the names of the others.

    `left_out` are the rounds that asked another version of one of the two: their scores don't compare as they are.
    """

    rounds: tuple[Round, ...]
    paths: tuple[CountryPath, ...]
    missing: tuple[str, ...]
    left_out: tuple[Round, ...]

    def led(self, lead: Lead) -> int:
        return sum(path.lead is lead for path in self.paths)

    @property
    def headline(self) -> str:
        return _headline(self)

    @property
    def subtitle(self) -> str:
        titles = [entry.name for entry in self.rounds]
        way = t(
            "Mean levels, a path per country: ring {first}, arrow {last}", first=titles[0], last=titles[-1]
        )
        return way if len(titles) > 1 else t("Mean levels per country in {round}", round=titles[0])


CAVEAT = (
    "This describes the order in which the two grew, not what caused what: so few rounds can't show that rules bring "
    "owners about, or owners rules."
)


def sequence_finding(
    scores: pd.DataFrame, rounds: Sequence[Round], countries: Mapping[str, str], codes: Mapping[str, str]
) -> SequenceFinding:
    """The order of growth of the countries, each by its own governance and its domains' ownership.

    A country whose domains were asked in none of the rounds shown counts by its own answers on ownership too: one
    basis for all its stops, or a path would jump where nothing grew.

    Args:
        scores: The score table.
        rounds: The rounds up to the one now, in time.
        countries: The names of the countries, by id.
        codes: Their short names for the chart, by id.
    """
    now = rounds[-1]
    kept = [
        entry
        for entry in rounds
        if all(_version(entry, q) == _version(now, q) for q in (GOVERNANCE, OWNERSHIP))
    ]
    wholes = scores[(scores["dimension_id"] == "") & scores["unit_id"].isin(list(countries))]
    rules = _levels(wholes, GOVERNANCE, Basis.OWN)
    owners = _ownership(wholes[wholes["round_id"].isin([entry.id for entry in kept])])
    paths = []
    for unit_id, label in countries.items():
        keys = [(unit_id, entry.id) for entry in kept]
        stops = [Stop(key[1], rules[key], owners[key]) for key in keys if key in rules and key in owners]
        if stops and stops[-1].round_id == now.id:
            paths.append(CountryPath(unit_id, label, codes.get(unit_id) or unit_id, tuple(stops)))
    found = {path.unit_id for path in paths}
    missing = tuple(label for unit, label in countries.items() if unit not in found)
    other = tuple(entry for entry in rounds if entry not in kept)
    return SequenceFinding(tuple(kept), tuple(paths), missing, other)


def sequence_table(finding: SequenceFinding) -> pd.DataFrame:
    """A line for each stop of a country, with `SEQUENCE_COLUMNS`."""
    lines = [
        (path.unit_id, path.label, stop.round_id, stop.governance, stop.ownership)
        for path in finding.paths
        for stop in path.stops
    ]
    return pd.DataFrame(lines, columns=list(SEQUENCE_COLUMNS))


def _version(entry: Round, questionnaire_id: str) -> str | None:
    return entry.questionnaires.get(questionnaire_id)


def _ownership(shown: pd.DataFrame) -> dict[tuple[str, str], float]:
    """The levels of ownership by unit and round, all of a unit on one basis; `shown` are the rounds that are shown."""
    of_domains = shown["questionnaire_id"].eq(OWNERSHIP) & shown["basis"].eq(Basis.DOMAINS)
    with_domains = shown["unit_id"].isin(shown.loc[of_domains, "unit_id"])
    return {
        **_levels(shown[with_domains], OWNERSHIP, Basis.DOMAINS),
        **_levels(shown[~with_domains], OWNERSHIP, Basis.OWN),
    }


def _levels(wholes: pd.DataFrame, questionnaire_id: str, basis: Basis) -> dict[tuple[str, str], float]:
    """The scores that there are, by unit and round."""
    mine = wholes[(wholes["questionnaire_id"] == questionnaire_id) & (wholes["basis"] == basis)]
    known = mine.dropna(subset="score")
    return dict(zip(zip(known["unit_id"], known["round_id"], strict=True), known["score"], strict=True))


def _headline(finding: SequenceFinding) -> str:
    """Which runs ahead, and how many have both in place."""
    everyone = len(finding.paths)
    if not everyone:
        return t("No country has scores for both governance and ownership in this round yet")
    both = sum(path.has_both for path in finding.paths)
    reached = t("none has both at level {level}", level=int(IN_PLACE)) if not both else t(
        "{n} {verb} both at level {level}", n=both, verb=t("has") if both == 1 else t("have"), level=int(IN_PLACE)
    )  # fmt: skip
    return t("{leading}; {both}", leading=_leading(finding), both=reached)


def _leading(finding: SequenceFinding) -> str:
    """What most countries do; all of it where several are as common."""
    leads = {lead: finding.led(lead) for lead in Lead}
    most, countries = max(leads.values()), count(len(finding.paths), "country", "countries")
    first = [lead for lead in Lead if leads[lead] == most]
    if len(first) > 1:
        ways = {
            Lead.RULES: t("rules ahead"),
            Lead.OWNERS: t("owners ahead"),
            Lead.IN_STEP: t("both in step"),
        }
        told = joined(ways[lead] for lead in first)
        return t("A tie: {ways} in {n} of {countries} each", ways=told, n=most, countries=countries)
    words = {
        Lead.RULES: t("Rules run ahead of owners"),
        Lead.OWNERS: t("Owners run ahead of rules"),
        Lead.IN_STEP: t("Rules and owners go in step"),
    }[first[0]]
    return t("{words} in {n} of {countries}", words=words, n=most, countries=countries)
