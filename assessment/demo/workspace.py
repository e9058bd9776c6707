"""The synthetic workspace as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from assessment.demo import group
from assessment.demo.assessments import assessments
from assessment.demo.decisions import decisions
from assessment.demo.elements import elements
from assessment.demo.facts import facts
from assessment.demo.gates import gate_answers
from assessment.demo.group import Size
from assessment.demo.moves import moves
from assessment.demo.population import Population
from assessment.demo.principles import principles
from assessment.demo.reviews import reviews
from assessment.organisation import Organisation, Round, Target
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Questionnaire
from assessment.responses import RecordedAssessment
from assessment.statements import RecordedStatement

DEFAULT_SEED = 20_261_201
_USUAL = Size()


@dataclass(frozen=True, slots=True)
class DemoWorkspace:
    organisation: Organisation
    rounds: tuple[Round, ...]
    targets: tuple[Target, ...]
    assessments: tuple[RecordedAssessment, ...]
    statements: tuple[RecordedStatement, ...]


def workspace(
    catalogue: Catalogue, today: date, size: Size = _USUAL, seed: int = DEFAULT_SEED
) -> DemoWorkspace:
    """The synthetic workspace; the same arguments give the same workspace.

    The last round is open around `today` and has assessments in every state; France's is half done. The rounds
    before are closed. The first round is before adoption, all later ones during.
    """
    questionnaires = catalogue.latest_published()
    organisation, rounds = group.organisation(size), group.rounds(size, today, questionnaires)
    # One generator for each noun, so that what is said more of one changes nothing of the others.
    people_rng, target_rng, answer_rng, statement_rng = np.random.default_rng(seed).spawn(4)
    people = Population(organisation, questionnaires, people_rng)
    given = tuple(assessments(rounds, questionnaires, people, answer_rng))
    targets = tuple(_targets(organisation, rounds, questionnaires, people, target_rng))
    said = tuple(_statements(catalogue, organisation, rounds, given, people, statement_rng))
    return DemoWorkspace(organisation, rounds, targets, given, said)


def _statements(
    catalogue: Catalogue,
    organisation: Organisation,
    rounds: Sequence[Round],
    given: Sequence[RecordedAssessment],
    people: Population,
    rng: np.random.Generator,
) -> Iterator[RecordedStatement]:
    """What stands beside the answers, a kind after the other."""
    of_facts, of_elements, of_principles, of_moves, of_reviews = rng.spawn(5)
    answers = gate_answers(catalogue, given)
    yield from facts(catalogue.facts, organisation, rounds, people, of_facts)
    yield from elements(catalogue.elements, organisation, rounds, of_elements)
    yield from principles(catalogue.principles, organisation, rounds, people, of_principles)
    yield from moves(people.units, rounds, answers, of_moves)
    yield from decisions(people.units, rounds, answers)
    yield from reviews(catalogue, given, of_reviews)


def _targets(
    organisation: Organisation,
    rounds: Sequence[Round],
    questionnaires: Sequence[Questionnaire],
    people: Population,
    rng: np.random.Generator,
) -> Iterator[Target]:
    """Each country's targets for each round: half a level up from where it starts, at least 3."""
    for country in organisation.countries:
        for questionnaire in questionnaires:
            for dimension in questionnaire.dimensions:
                wanted = people.wanted(country.id, questionnaire.id, dimension) + 1.2 + rng.normal(0, 0.2)
                value = float(np.clip(round(wanted * 2) / 2, 3.0, 4.5))
                for entry in rounds:
                    yield Target(entry.id, country.id, questionnaire.id, dimension.id, value)
