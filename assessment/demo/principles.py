"""Which principles the invented countries adopt, skip or delay, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from assessment.demo.assessments import has_spoken
from assessment.demo.group import moment
from assessment.demo.population import Population, gain, stage_of
from assessment.organisation import Organisation, Round
from assessment.questionnaire.companions import Principle
from assessment.statements import Position, PrincipleContent, RecordedStatement, StatementKind

_DELAYED = (
    "After the change of the finance system, which takes the same people.",
    "First with two domains; the others follow once these can tell what it costs.",
    "Waits for the next budget: nobody has time set aside for it this year.",
    "The works council has asked for a trial before it holds for everybody.",
    "The platform doesn't offer it yet; we begin when it does.",
)
_SKIPPED = (
    "Too small a country: two people would hold all the roles.",
    "The central team serves us within a week; we see no reason to change that.",
    "Tried two years ago and given up, because nobody was free to do it.",
    "Our regulator wants one named officer for all of it.",
)
#: From this level on a country has usually adopted what it is good at.
_ADOPTS_FROM = 2.3


def principles(
    known: Sequence[Principle],
    organisation: Organisation,
    rounds: Sequence[Round],
    people: Population,
    rng: np.random.Generator,
) -> Iterator[RecordedStatement]:
    """What each country says in each round; the better it is, the more it has adopted."""
    countries = organisation.countries
    leaning = rng.normal(0, 0.5, (len(countries), len(known)))
    for number, entry in enumerate(rounds):
        stage = stage_of(number, len(rounds))
        for row, country in enumerate(countries):
            if not has_spoken(country.id, entry):
                continue
            course = people.courses[country.id]
            level = course.start + gain(course, stage)
            for column, principle in enumerate(known):
                content = _content(float(level + leaning[row, column]), row + column, entry)
                yield RecordedStatement(
                    StatementKind.PRINCIPLE, entry.id, country.id, principle.id, content, moment(entry, 3, 10, column)
                )  # fmt: skip


def _content(level: float, place: int, entry: Round) -> PrincipleContent:
    if level >= _ADOPTS_FROM:
        return PrincipleContent(position=Position.ADOPTED)
    assert entry.closes_on is not None
    if level >= _ADOPTS_FROM - 0.5:
        soon = entry.closes_on + timedelta(days=90 + 30 * (place % 4))
        reason = _DELAYED[place % len(_DELAYED)]
        return PrincipleContent(position=Position.DELAYED, reason=reason, review_on=soon)
    # Some who skip leave open when they look at it again.
    later = entry.closes_on + timedelta(days=365) if place % 3 else None
    reason = _SKIPPED[place % len(_SKIPPED)]
    return PrincipleContent(position=Position.SKIPPED, reason=reason, review_on=later)
