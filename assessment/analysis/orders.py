"""Governance first, or both together: the order that fits each country, beside the prerequisites that decide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessment.analysis.clauses import FactValues, clause_holds
from assessment.analysis.order import OrderFinding, order_finding
from assessment.analysis.readings import Readings
from assessment.i18n import count, joined, t
from assessment.questionnaire.verdicts import OrderRules, OrderVerdict


class Reached(StrEnum):
    """Whether a country has the level that a prerequisite names, on its claim."""

    REACHED = "reached"
    BELOW = "below"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CountryOrder:
    """One country: its verdict, each prerequisite in the rules' order, and the level claimed for it (None: unknown)."""

    finding: OrderFinding
    prerequisites: tuple[Reached, ...]
    levels: tuple[int | None, ...]

    @property
    def opened(self) -> int:
        """How many prerequisites are below; an unknown one is neither open nor reached."""
        return self.prerequisites.count(Reached.BELOW)


@dataclass(frozen=True, slots=True)
class Orders:
    """All countries with their labels, in the order of the rules' verdicts, those without one last."""

    question_ids: tuple[str, ...]
    verdicts: tuple[tuple[OrderVerdict | None, tuple[str, ...]], ...]
    countries: tuple[tuple[str, CountryOrder], ...]

    @property
    def headline(self) -> str:
        """Which order fits most countries; or why nobody can tell."""
        if not self.countries:
            return t("No country was asked in this round")
        told = {entry.id: (entry, len(names)) for entry, names in self.verdicts if entry is not None}
        unknown = len(self.countries) - sum(number for _, number in told.values())
        if not told:
            return t("Which order fits can't be told yet for any of {n}", n=_countries(len(self.countries)))
        most = max(number for _, number in told.values())
        titles = joined(f"“{entry.title}”" for entry, number in told.values() if number == most)
        each = t(" each") if titles.count("”") > 1 else ""
        rest = t("; of {n} it can't be told yet", n=unknown) if unknown else ""
        all_of_them = len(self.countries)
        if most == all_of_them:
            return t("{titles} fits all of {n}", titles=titles, n=_countries(all_of_them))
        return t(
            "{titles}: {n} of {all}{each}{rest}",
            titles=titles,
            n=most,
            all=_countries(all_of_them),
            each=each,
            rest=rest,
        )


def country_orders(
    readings: Readings, rules: OrderRules, facts: FactValues, country_ids: Iterable[str]
) -> dict[str, CountryOrder]:
    """The order that fits each of these countries, by id."""
    return {country: _of(country, readings, rules, facts) for country in country_ids}


def orders(found: Mapping[str, CountryOrder], rules: OrderRules, labels: Mapping[str, str]) -> Orders:
    """The countries in `labels` that were asked, sorted as the rules list their verdicts."""
    place = {entry.id: number for number, entry in enumerate(rules.verdicts)}
    shown = sorted(
        ((country, found[country]) for country in labels if country in found),
        key=lambda pair: (_place(pair[1], place), pair[1].opened, labels[pair[0]].casefold()),
    )
    by_verdict: dict[int, list[str]] = {}
    for country, entry in shown:
        by_verdict.setdefault(_place(entry, place), []).append(country)
    listed = {**dict(enumerate(rules.verdicts)), len(place): None}
    return Orders(
        tuple(clause.question or "" for clause in rules.prerequisites),
        tuple((listed[number], tuple(countries)) for number, countries in by_verdict.items()),
        tuple(shown),
    )


def _of(country: str, readings: Readings, rules: OrderRules, facts: FactValues) -> CountryOrder:
    holds = [clause_holds(clause, country, readings, facts) for clause in rules.prerequisites]
    states = {True: Reached.REACHED, False: Reached.BELOW, None: Reached.UNKNOWN}
    return CountryOrder(
        order_finding(country, readings, rules, facts),
        tuple(states[answer] for answer in holds),
        tuple(readings.about(country, clause.question or "").claimed for clause in rules.prerequisites),
    )


def _place(entry: CountryOrder, place: Mapping[str, int]) -> int:
    verdict = entry.finding.verdict
    return len(place) if verdict is None else place[verdict.id]


def _countries(number: int) -> str:
    return count(number, "country", "countries")
