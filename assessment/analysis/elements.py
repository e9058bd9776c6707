"""Every element over all countries: what each said of it, in which round, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from assessment.analysis.common_or_local import Commonality, ElementFinding, element_finding
from assessment.organisation import Round, in_time
from assessment.questionnaire.companions import Element, ElementUse
from assessment.questionnaire.verdicts import ElementRules

#: The columns of the table of elements, in their order.
ELEMENT_COLUMNS = (
    "round_id", "element_id", "element", "kind", "unit_id", "country", "use", "reason", "said_in", "commonality",
    "advice",
)  # fmt: skip
#: Stands where a use would, of a country that has said nothing yet: no use is ever guessed.
NOT_SAID = "not_said"
#: What follows, from what can be built at once to what nobody needs.
ORDER = (
    Commonality.COMMON,
    Commonality.COMMON_WITH_LOCAL_PART,
    Commonality.CONTESTED,
    Commonality.LOCAL,
    Commonality.ONE_COUNTRY,
    Commonality.UNUSED,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a country said of an element in a round, with its reason for a difference."""

    round_id: str
    unit_id: str
    element_id: str
    use: ElementUse
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element: what follows, and what each country said of it; who said nothing isn't in `said`.

    `countries` is how many are looked at.
    """

    element: Element
    said: Mapping[str, Said]
    finding: ElementFinding
    countries: int

    @property
    def is_thin(self) -> bool:
        """Whether fewer than half of the countries have said anything: what follows may turn."""
        return 2 * len(self.said) < self.countries

    def of(self, use: ElementUse) -> tuple[Said, ...]:
        """What the countries said that have it this way."""
        return tuple(entry for entry in self.said.values() if entry.use is use)


def element_rows(
    elements: Sequence[Element],
    said: Iterable[Said],
    rounds: Iterable[Round],
    round_id: str,
    country_ids: Sequence[str],
    rules: ElementRules,
) -> tuple[ElementRow, ...]:
    """Every element as of a round, by what follows and then in the elements' own order.

    How a country has an element holds until it says otherwise: what it said last, in this round or an earlier one,
    counts. What it says in a later round changes nothing here.
    """
    latest = _latest(said, rounds, round_id)
    rows = []
    for element in elements:
        found = {unit: latest[unit, element.id] for unit in country_ids if (unit, element.id) in latest}
        uses = {unit: entry.use for unit, entry in found.items()}
        finding = element_finding(element.id, uses, rules)
        rows.append(ElementRow(element, found, finding, len(country_ids)))
    # What nobody has said anything of comes after what nobody uses.
    return tuple(sorted(rows, key=lambda row: (ORDER.index(row.finding.commonality), not row.said)))


def _latest(said: Iterable[Said], rounds: Iterable[Round], round_id: str) -> dict[tuple[str, str], Said]:
    order = {entry.id: place for place, entry in enumerate(in_time(rounds))}
    counted = [entry for entry in said if order.get(entry.round_id, len(order)) <= order[round_id]]
    return {
        (entry.unit_id, entry.element_id): entry
        for entry in sorted(counted, key=lambda entry: order[entry.round_id])
    }


@dataclass(frozen=True, slots=True)
class Tally:
    """How much was said: of `possible` pairs of an element and a country, and how much of it in earlier rounds."""

    said: int
    possible: int
    carried: int


def tally(rows: Sequence[ElementRow], round_id: str) -> Tally:
    said = [entry for row in rows for entry in row.said.values()]
    earlier = sum(entry.round_id != round_id for entry in said)
    return Tally(len(said), sum(row.countries for row in rows), earlier)


def by_commonality(rows: Sequence[ElementRow]) -> dict[Commonality, list[ElementRow]]:
    """The elements by what follows, in `ORDER`; those that nobody said anything of are in none."""
    return {
        kind: members
        for kind in ORDER
        if (members := [row for row in rows if row.said and row.finding.commonality is kind])
    }


def element_table(rows: Sequence[ElementRow], countries: Mapping[str, str], round_id: str) -> pd.DataFrame:
    """A line for each element and country, with `ELEMENT_COLUMNS`; `countries` has names by id.

    `use` is `not_said` where a country has said nothing, `commonality` `not_said` where nobody has.
    """
    lines = []
    for row in rows:
        element, advice = row.element, row.finding.advice
        commonality = str(row.finding.commonality) if row.said else NOT_SAID
        what_follows = (commonality, advice.title if advice else "")
        for unit, name in countries.items():
            entry = row.said.get(unit)
            said = (str(entry.use), entry.reason, entry.round_id) if entry else (NOT_SAID, "", "")
            lines.append(
                (round_id, element.id, element.title, str(element.kind), unit, name, *said, *what_follows)
            )
    return pd.DataFrame(lines, columns=list(ELEMENT_COLUMNS))
