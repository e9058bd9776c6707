"""Units typed as lists: the group, its countries, and the domains that each of them has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from assessment.exports.csv import units_csv
from assessment.organisation import UNIT_COLUMNS, Organisation
from assessment.questionnaire.models import UnitKind

#: A code before a name: "FR France", "DEU Germany".
_CODED = re.compile(r"([A-Z]{2,3})[\s:;,-]+(.+)")


def typed_units(group: str, countries: str, domains: str, known: Organisation) -> bytes:
    """units.csv with what is known and what was typed, a name a line; empty lines are nothing.

    A country's line may begin with its code of two or three capital letters, which becomes its id; else the id is made
    of its name. Every country, typed or known, gets the domains that it doesn't have.
    """
    rows = [
        (unit.id, unit.name, str(unit.kind), unit.parent_id or "", unit.country_iso3, unit.domain_family)
        for unit in known.units.values()
    ]
    root = next((unit.id for unit in known.of_kind(UnitKind.GROUP)), "")
    if not root:
        root = "group"
        rows.append((root, group.strip(), "group", "", "", ""))
    for line in _lines(countries):
        country_id, name = _coded(line)
        iso3 = country_id if len(country_id) == len("FRA") else ""
        rows.append((country_id, name, "country", root, iso3, ""))
    ids = {row[0] for row in rows}
    for country_id in [row[0] for row in rows if row[2] == UnitKind.COUNTRY]:
        for name in _lines(domains):
            family = slug(name)
            if f"{country_id}.{family}" not in ids:
                rows.append((f"{country_id}.{family}", name, "domain", country_id, "", family))
    return units_csv(pd.DataFrame(rows, columns=list(UNIT_COLUMNS), dtype=str))


def slug(name: str) -> str:
    """A name as part of an id.

    >>> slug("Supply chain"), slug("Vertrieb & Öffentlichkeit")
    ('supply-chain', 'vertrieb-offentlichkeit')
    """
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-") or "unit"


def _lines(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _coded(line: str) -> tuple[str, str]:
    found = _CODED.fullmatch(line)
    return (found[1], found[2].strip()) if found else (slug(line).upper(), line)
