"""The facts that the invented units give of themselves in each round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assessment.demo.assessments import has_spoken
from assessment.demo.group import moment
from assessment.demo.population import END, Population, stage_of
from assessment.demo.story import Story, stories
from assessment.organisation import Organisation, Round, Unit
from assessment.questionnaire.companions import Fact, FactType
from assessment.questionnaire.models import UnitKind
from assessment.statements import FactContent, RecordedStatement, StatementKind

_Value = float | bool | str | None
#: Of ten facts that are asked about, about one stays unknown.
_UNKNOWN = 0.12
#: The share of data under a law, by domain family; others have less.
_REGULATED = {"finance": 0.7, "people": 0.85, "sales": 0.3, "service": 0.4}


@dataclass(frozen=True, slots=True)
class _Situation:
    """A unit at a stage; `luck` is its own number between 0 and 1 for one fact, the same in every round."""

    unit: Unit
    stage: float
    organisation: Organisation
    people: Population
    story: Story
    luck: float = 0.5

    @property
    def domains(self) -> int:
        return len(self.organisation.domains(self.unit.id))

    @property
    def other_countries(self) -> int:
        return len(self.organisation.countries) - 1

    @property
    def live(self) -> int:
        return self.people.live_products(self.unit.id, self.stage)


def facts(
    asked: Sequence[Fact],
    organisation: Organisation,
    rounds: Sequence[Round],
    people: Population,
    rng: np.random.Generator,
) -> Iterator[RecordedStatement]:
    """What each unit says in each round of what its kind is asked; in the open round not by all."""
    told = stories(organisation)
    luck = rng.random((len(people.units), len(asked)))
    known = rng.random((len(rounds), len(people.units), len(asked))) >= _UNKNOWN
    for number, entry in enumerate(rounds):
        stage = stage_of(number, len(rounds))
        for row, unit in enumerate(people.units):
            if has_spoken(unit.id, entry):
                situation = _Situation(unit, stage, organisation, people, told[_country_of(unit)])
                yield from _of_unit(asked, entry, situation, luck[row].tolist(), known[number, row].tolist())


def _of_unit(
    asked: Sequence[Fact], entry: Round, situation: _Situation, luck: Sequence[float], known: Sequence[bool]
) -> Iterator[RecordedStatement]:
    unit = situation.unit
    for column, fact in enumerate(asked):
        is_given = unit.kind in fact.unit_kinds and known[column]
        value = _value(fact, replace(situation, luck=luck[column])) if is_given else None
        if value is not None:
            content, at = FactContent(value=value), moment(entry, 1, 16, column)
            yield RecordedStatement(StatementKind.FACT, entry.id, unit.id, fact.id, content, at)


def _country_of(unit: Unit) -> str:
    return unit.id if unit.kind is UnitKind.COUNTRY else unit.parent_id or ""


def _value(fact: Fact, situation: _Situation) -> _Value:
    if fact.id in _VALUES:
        return _VALUES[fact.id](situation)
    # A fact of an organisation's own catalogue.
    usual: Mapping[FactType, _Value] = {
        FactType.NUMBER: float(int(20 * situation.luck)), FactType.SHARE: round(situation.luck, 2),
        FactType.YES_NO: situation.luck < 0.5, FactType.TEXT: "Synthetic",
    }  # fmt: skip
    return usual[fact.type]


def _producing_teams(situation: _Situation) -> float:
    own = 2 + 6 * situation.luck + situation.live
    return float(int(own * max(situation.domains, 1)))


def _wait(situation: _Situation) -> float:
    """Working days; shorter where domains came to do more themselves."""
    return float(int(12 + 40 * situation.luck - 2 * min(situation.live, 5)))


def _regulated(situation: _Situation) -> float:
    usual = _REGULATED.get(situation.unit.domain_family, 0.2)
    return round(min(max(usual + 0.2 * (situation.luck - 0.5), 0.0), 1.0), 2)


def _legal_driver(situation: _Situation) -> bool | None:
    """What the country's story says; of the domains only those under many rules."""
    if situation.unit.kind is UnitKind.COUNTRY:
        return situation.story.legal_driver
    return bool(situation.story.legal_driver and situation.unit.domain_family in _REGULATED)


def _stale(situation: _Situation) -> float | None:
    """Unknown while nothing is live; what fades does so in the second half of the way."""
    if not situation.live:
        return None
    stale = situation.people.courses[situation.unit.id].stale
    return round(stale * situation.stage / END + 0.05 * situation.luck, 2)


_VALUES: Mapping[str, Callable[[_Situation], _Value]] = {
    "domain-count": lambda s: float(s.domains + int(3 * s.luck)),
    "producing-teams": _producing_teams,
    "countries-shared-with": lambda s: float(int(s.luck * min(s.other_countries, 3 + 2 * s.stage))),
    "central-team-wait": _wait,
    "regulated-data-share": _regulated,
    "live-data-products": lambda s: float(s.live),
    "legal-driver": _legal_driver,
    "stale-product-share": _stale,
}
