"""Units typed as lists: the group, its countries, and the domains that each of them has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from assessment import errors
from assessment.errors import IntakeError, Problem
from assessment.exports.csv import units_csv
from assessment.i18n import t
from assessment.intake.findings import shown
from assessment.organisation import MAX_NAME, NO_NAME, UNIT_COLUMNS, Organisation, Unit
from assessment.questionnaire.models import UnitKind

#: A code before a name: "FR France", "DEU Germany".
_CODED = re.compile(r"([A-Z]{2,3})[\s:;,-]+(.+)")
#: An id of a country and a domain, a dot between, stays below the 60 characters that ids may have.
_LONGEST_SLUG = 28


@dataclass(frozen=True, slots=True)
class _Line:
    """A name as it was typed, the id that it gets, and where it stands."""

    number: int
    name: str
    id: str
    where: str


def typed_units(group: str, countries: str, domains: str, known: Organisation) -> bytes:
    """units.csv with what is known and what was typed, a name a line; empty lines are nothing.

    A country's line may begin with its code of two or three capital letters, which becomes its id; else the id is made
    of its name, and a name that is here already is that country. Every country that is still assessed, typed or known,
    gets the domains that it doesn't have.

    Raises:
        IntakeError: With every problem, by the line that was typed.
    """
    root = next((unit.id for unit in known.of_kind(UnitKind.GROUP)), "")
    here = {_folded(unit.name): unit for unit in known.countries}
    typed = [_country(number, line, here) for number, line in _lines(countries)]
    new = [_domain(number, line) for number, line in _lines(domains)]
    problems = [] if root or group.strip() else [errors.TYPED_NO_GROUP.at(t("the name of the group"), 0)]
    problems += [*_among_themselves(typed, t(", or put a code before it")), *_among_themselves(new, "")]
    problems += [*_against_known(typed, known, here)]
    if problems:
        raise IntakeError(problems)
    rows: list[tuple[str, ...]] = [
        (unit.id, unit.name, str(unit.kind), unit.parent_id or "", unit.country_iso3, unit.domain_family)
        for unit in known.units.values()
    ]
    if not root:
        rows.append((root := "group", group.strip(), "group", "", "", ""))
    for line in typed:
        if line.id not in known.units:
            iso3 = line.id if len(line.id) == len("FRA") and line.id.isalpha() else ""
            rows.append((line.id, line.name, "country", root, iso3, ""))
    rows += _domain_rows([line.id for line in typed], new, known)
    return units_csv(pd.DataFrame(rows, columns=list(UNIT_COLUMNS), dtype=str))


def _domain_rows(typed: Iterable[str], new: Iterable[_Line], known: Organisation) -> list[tuple[str, ...]]:
    """The domains that countries lack: neither the id nor the name is there."""
    active = [unit.id for unit in known.countries if not unit.retired_on]
    rows: list[tuple[str, ...]] = []
    for country_id in dict.fromkeys([*active, *(name for name in typed if name not in known.units)]):
        there = {_folded(unit.name) for unit in known.domains(country_id)}
        for line in new:
            unit_id = f"{country_id}.{line.id}"
            if unit_id not in known.units and _folded(line.name) not in there:
                rows.append((unit_id, line.name, "domain", country_id, "", line.id))
    return rows


def slug(name: str) -> str:
    """A name as part of an id.

    >>> slug("Supply chain"), slug("Vertrieb & Öffentlichkeit")
    ('supply-chain', 'vertrieb-offentlichkeit')
    """
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
    return words[:_LONGEST_SLUG].strip("-") or "unit"


def _lines(text: str) -> list[tuple[int, str]]:
    """What stands on each line, with the number of the line."""
    cleaned = [(number, NO_NAME.sub(" ", line).strip()) for number, line in enumerate(text.split("\n"), 1)]
    return [(number, line) for number, line in cleaned if line]


def _country(number: int, line: str, here: Mapping[str, Unit]) -> _Line:
    where = t("line {n} of the countries", n=number)
    if found := _CODED.fullmatch(line):
        return _Line(number, found[2].strip(), found[1], where)
    same = here.get(_folded(line))
    return _Line(number, line, same.id if same else slug(line).upper(), where)


def _domain(number: int, line: str) -> _Line:
    return _Line(number, line, slug(line), t("line {n} of the domains", n=number))


def _among_themselves(lines: Iterable[_Line], code: str) -> Iterable[Problem]:
    """Names that stand twice, and names of one id; `code` is what else helps then."""
    by_name: dict[str, _Line] = {}
    by_id: dict[str, _Line] = {}
    for line in lines:
        name, folded = shown(line.name), _folded(line.name)
        if len(line.name) > MAX_NAME:
            yield errors.TYPED_LONG.at(line.where, 0, size=len(line.name), limit=MAX_NAME)
        elif first := by_name.get(folded):
            yield errors.TYPED_TWICE.at(line.where, 0, name=name, first=first.number)
        elif first := by_id.get(line.id):
            values = {"name": name, "other": shown(first.name), "first": first.number, "id": line.id}
            yield errors.TYPED_ALIKE.at(line.where, 0, **values, code=code)
        by_name.setdefault(folded, line)
        by_id.setdefault(line.id, line)


def _against_known(
    lines: Iterable[_Line], known: Organisation, here: Mapping[str, Unit]
) -> Iterable[Problem]:
    """Countries that can't be new: the id is another's, or the name is there under another id."""
    for line in lines:
        holder, same, name = known.units.get(line.id), here.get(_folded(line.name)), shown(line.name)
        if same is not None and same.id != line.id:
            yield errors.TYPED_KNOWN.at(line.where, 0, name=name, id=same.id)
        elif holder is not None and holder is not same:
            values = {"name": name, "id": line.id, "other": shown(holder.name)}
            yield errors.TYPED_TAKEN.at(line.where, 0, **values)


def _folded(name: str) -> str:
    """Two names are one whatever their case and spaces."""
    return " ".join(name.casefold().split())
