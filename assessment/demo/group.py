"""The invented group: its units, and the rounds that it held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from assessment.i18n import day
from assessment.organisation import Organisation, Phase, Round, Unit, organisation_of
from assessment.questionnaire.models import Questionnaire, UnitKind

#: Stands in every round's id, so that each row of each export says what it is.
MARK = "synthetic"
GROUP = Unit("group", "Example Group (synthetic)", UnitKind.GROUP)
#: The country whose half-done assessment is the best one to try answering on.
TRY_FIRST = "FR"

_COUNTRIES = (
    ("FR", "France", "FRA"), ("DE", "Germany", "DEU"), ("ES", "Spain", "ESP"), ("IT", "Italy", "ITA"),
    ("PL", "Poland", "POL"), ("NL", "Netherlands", "NLD"), ("SE", "Sweden", "SWE"), ("GB", "United Kingdom", "GBR"),
    ("US", "United States", "USA"), ("BR", "Brazil", "BRA"), ("IN", "India", "IND"), ("JP", "Japan", "JPN"),
)  # fmt: skip
_FAMILIES = (
    ("sales", "Sales"), ("finance", "Finance"), ("operations", "Operations"), ("people", "People"),
    ("service", "Customer service"), ("supply", "Supply chain"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How large the synthetic workspace is."""

    countries: int = 12
    domains: int = 6
    rounds: int = 3


def organisation(size: Size) -> Organisation:
    units = [GROUP]
    for identifier, name, iso3 in map(_country, range(size.countries)):
        units.append(Unit(identifier, name, UnitKind.COUNTRY, GROUP.id, iso3))
        units += [
            Unit(f"{identifier}.{family}", title, UnitKind.DOMAIN, identifier, iso3, family)
            for family, title in map(_family, range(size.domains))
        ]
    return organisation_of(units)


def _country(number: int) -> tuple[str, str, str]:
    """Its id, name and ISO code."""
    return _COUNTRIES[number] if number < len(_COUNTRIES) else (f"C{number + 1}", f"Country {number + 1}", "")


def _family(number: int) -> tuple[str, str]:
    """The id and title of a domain family."""
    return _FAMILIES[number] if number < len(_FAMILIES) else (f"area-{number + 1}", f"Area {number + 1}")


def rounds(size: Size, today: date, questionnaires: Sequence[Questionnaire]) -> tuple[Round, ...]:
    """Rounds half a year apart, the first before adoption; the last one is open around `today`, those before are closed."""
    return tuple(_round(number, size.rounds, today, questionnaires) for number in range(size.rounds))


def _round(number: int, rounds: int, today: date, questionnaires: Sequence[Questionnaire]) -> Round:
    closes = today + timedelta(days=19 - 182 * (rounds - 1 - number))
    opens = closes - timedelta(days=33)
    phase = Phase.BEFORE if number == 0 else Phase.DURING
    title = f"{day(opens).partition(' ')[2]} ({MARK})"
    pinned = {questionnaire.id: questionnaire.version for questionnaire in questionnaires}
    identifier = f"{closes.year}-Q{(closes.month + 2) // 3}-{MARK}"
    # The last one is open; those before were closed on their last day, in the evening.
    closed_at = None if number == rounds - 1 else datetime.combine(closes, time(18, 0), UTC)
    return Round(identifier, title, phase, opens, closes, pinned, closed_at)


def moment(entry: Round, days: int, hour: int, minutes: int = 0) -> datetime:
    """A time so many days after the round opened; up to 13 days lie in the past of the last round too."""
    assert entry.opens_on is not None
    return datetime.combine(entry.opens_on, time(hour, 0), UTC) + timedelta(days=days, minutes=minutes)
