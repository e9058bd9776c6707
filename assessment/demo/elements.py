"""What the invented countries say of each element: the same, or different, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assessment.demo.assessments import has_spoken
from assessment.demo.element_reasons import REASONS, USUAL, Usual
from assessment.demo.group import moment
from assessment.demo.population import END, stage_of
from assessment.organisation import Organisation, Round
from assessment.questionnaire.companions import Element, ElementUse
from assessment.statements import ElementContent, RecordedStatement, StatementKind

#: How much of what is a choice at the first round is settled by the last.
_SETTLED = 0.25


def elements(
    known: Sequence[Element], organisation: Organisation, rounds: Sequence[Round], rng: np.random.Generator
) -> Iterator[RecordedStatement]:
    """What each country says in each round; with the rounds a few choices become the same with a setting."""
    countries = organisation.countries
    luck = rng.random((len(countries), len(known)))
    for number, entry in enumerate(rounds):
        early = 1 - stage_of(number, len(rounds)) / END
        for row, country in enumerate(countries):
            if not has_spoken(country.id, entry):
                continue
            for column, element in enumerate(known):
                use = _use(USUAL.get(element.id, Usual()), float(luck[row, column]), early)
                content = ElementContent(use=use, reason=_reason(element.id, use, row))
                yield RecordedStatement(
                    StatementKind.ELEMENT, entry.id, country.id, element.id, content, moment(entry, 2, 10, column)
                )  # fmt: skip


def _use(usual: Usual, luck: float, early: float) -> ElementUse:
    """The use in whose share of 0 to 1 a country's luck falls; shares by law never change."""
    settled = _SETTLED * early * (usual.same + usual.setting)
    shares = (
        (ElementUse.LAW, usual.law), (ElementUse.UNUSED, usual.unused), (ElementUse.CHOICE, usual.choice + settled),
        (ElementUse.SETTING, usual.setting),
    )  # fmt: skip
    reached = 0.0
    for use, share in shares:
        reached += share
        if luck < reached:
            return use
    return ElementUse.SAME


def _reason(element_id: str, use: ElementUse, place: int) -> str:
    """Why a country differs, each with its own words as far as they go; '' where nothing differs."""
    if use in (ElementUse.SAME, ElementUse.UNUSED):
        return ""
    reasons = (*REASONS.get(element_id, {}).get(use, ()), *REASONS[""][use])
    return reasons[place % len(reasons)]
