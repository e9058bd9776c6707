"""Who is assessed and when: units and their tree, rounds, targets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from assessment.questionnaire.models import UnitKind

UNIT_COLUMNS = ("unit_id", "name", "kind", "parent_id", "country_iso3", "domain_family")
ROUND_COLUMNS = ("round_id", "title", "phase", "opens_on", "closes_on")
#: What a data package also says of a round.
KEPT_ROUND_COLUMNS = ("closed_at", "rules_version")
#: What a name of a unit or a round never holds, and how long it may be: it stands on one line of screens and charts.
NO_NAME, MAX_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"), 300
TARGET_COLUMNS = ("round_id", "unit_id", "questionnaire_id", "dimension_id", "target")


class Phase(StrEnum):
    """Where the group stands in its adoption when a round is held."""

    BEFORE = "before"
    DURING = "during"


@dataclass(frozen=True, slots=True)
class Unit:
    """Somebody who is assessed; `id` is permanent, all else may change.

    A retired unit keeps its past and is asked no more; `successor_id` is the unit that it was merged into. A file of
    units knows neither, so two units that differ in these only are the same.
    """

    id: str
    name: str
    kind: UnitKind
    parent_id: str | None = None
    country_iso3: str = ""
    domain_family: str = ""
    retired_on: date | None = field(default=None, compare=False)
    successor_id: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Round:
    """A dated campaign; `questionnaires` pins one version of each questionnaire by id, `rules_version` the verdicts'.

    `closes_on` is what people are told; the round is over for them once somebody closed it, at `closed_at`.
    """

    id: str
    title: str
    phase: Phase | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    questionnaires: Mapping[str, str] = field(default_factory=dict)
    closed_at: datetime | None = None
    rules_version: str = ""

    @property
    def name(self) -> str:
        """What people call it: its title, else its id."""
        return self.title or self.id

    @property
    def is_over(self) -> bool:
        """Whether somebody closed it: nothing in it can be changed."""
        return self.closed_at is not None

    @property
    def order(self) -> tuple[date, str]:
        """Sorts rounds in time; those without dates come first, by id."""
        return (self.opens_on or self.closes_on or date.min, self.id)


@dataclass(frozen=True, slots=True)
class Target:
    """The score that a unit wants by a round; `dimension_id` None is the whole questionnaire."""

    round_id: str
    unit_id: str
    questionnaire_id: str
    dimension_id: str | None
    target: float


@dataclass(frozen=True)
class Organisation:
    """The units as a tree, in a stable order: each country is followed by its domains."""

    units: Mapping[str, Unit]

    @cached_property
    def _children(self) -> Mapping[str, tuple[Unit, ...]]:
        children: dict[str, list[Unit]] = {}
        for unit in self.units.values():
            children.setdefault(unit.parent_id or "", []).append(unit)
        return {parent: tuple(units) for parent, units in children.items()}

    def children(self, unit_id: str) -> tuple[Unit, ...]:
        return self._children.get(unit_id, ())

    def domains(self, country_id: str) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.children(country_id) if unit.kind is UnitKind.DOMAIN)

    def of_kind(self, kind: UnitKind) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units.values() if unit.kind is kind)

    @property
    def countries(self) -> tuple[Unit, ...]:
        return self.of_kind(UnitKind.COUNTRY)

    @property
    def root(self) -> Unit | None:
        """The group above all others; None when the organisation has none."""
        return next((unit for unit in self.of_kind(UnitKind.GROUP) if not unit.parent_id), None)

    @property
    def group_name(self) -> str:
        """The name of the root, '' when the organisation has none."""
        return next((unit.name for unit in self.of_kind(UnitKind.GROUP)), "")

    def label(self, unit_id: str) -> str:
        """The name by which people know a unit: a domain with its country."""
        unit = self.units[unit_id]
        parent = self.units.get(unit.parent_id or "")
        in_country = unit.kind is UnitKind.DOMAIN and parent is not None
        return f"{unit.name}, {parent.name}" if in_country and parent else unit.name


def organisation_of(units: Iterable[Unit]) -> Organisation:
    """The organisation that these units make, parents before children, each level by name."""
    known = {unit.id: unit for unit in units}
    children: dict[str, list[Unit]] = {}
    for unit in known.values():
        children.setdefault(unit.parent_id if unit.parent_id in known else "", []).append(unit)
    return Organisation(MappingProxyType({unit.id: unit for unit in _in_tree_order(children, "")}))


def _in_tree_order(children: Mapping[str, list[Unit]], parent: str) -> Iterator[Unit]:
    for unit in sorted(children.get(parent, ()), key=lambda unit: (unit.name.casefold(), unit.id)):
        yield unit
        yield from _in_tree_order(children, unit.id)


def in_time(rounds: Iterable[Round]) -> tuple[Round, ...]:
    """Rounds from the earliest to the latest."""
    return tuple(sorted(rounds, key=lambda entry: entry.order))


def up_to(rounds: Iterable[Round], round_id: str) -> tuple[Round, ...]:
    """The rounds from the earliest to the one of that id; () when there is no such round."""
    ordered = in_time(rounds)
    place = next((number for number, entry in enumerate(ordered) if entry.id == round_id), None)
    return () if place is None else ordered[: place + 1]


def target_for(
    targets: Mapping[tuple[str, str, str, str | None], float],
    unit: Unit,
    round_id: str,
    questionnaire_id: str,
    dimension_id: str | None,
) -> float | None:
    """The unit's target; a domain without one takes its country's. None when neither has one."""
    for unit_id in (unit.id, unit.parent_id if unit.kind is UnitKind.DOMAIN else None):
        value = targets.get((round_id, unit_id, questionnaire_id, dimension_id)) if unit_id else None
        if value is not None:
            return value
    return None


def targets_by_key(targets: Iterable[Target]) -> dict[tuple[str, str, str, str | None], float]:
    """Targets for `target_for`."""
    return {(t.round_id, t.unit_id, t.questionnaire_id, t.dimension_id): t.target for t in targets}
