"""The synthetic workspace: an invented group whose countries answer three rounds. Deterministic; nobody's real data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from assessment.i18n import day
from assessment.organisation import Organisation, Phase, Round, Target, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Question, Questionnaire, QuestionPhase, UnitKind
from assessment.responses import (
    Answer,
    AnswerState,
    AssessmentState,
    Confidence,
    EvidenceKind,
    RecordedAnswer,
    RecordedAssessment,
)

#: Stands in every round's id, so that each row of each export says what it is.
MARK = "synthetic"
GROUP = Unit("group", "Example Group (synthetic)", UnitKind.GROUP)
DEFAULT_SEED = 20_261_201
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
_NOT_LIVE = "Nothing is live here yet."
_REFERENCES = {
    EvidenceKind.NONE: "",
    EvidenceKind.DOCUMENT: "Working paper, section 2",
    EvidenceKind.RECORD: "Log of the last quarter",
    EvidenceKind.INDEPENDENT: "Internal audit, finding list",
}


@dataclass(frozen=True, slots=True)
class DemoWorkspace:
    organisation: Organisation
    rounds: tuple[Round, ...]
    targets: tuple[Target, ...]
    assessments: tuple[RecordedAssessment, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How large the synthetic workspace is."""

    countries: int = 12
    domains: int = 6
    rounds: int = 3


def workspace(
    catalogue: Catalogue, today: date, size: Size = Size(), seed: int = DEFAULT_SEED
) -> DemoWorkspace:
    """The synthetic workspace; the same arguments give the same workspace.

    The last round is open around `today` and has assessments in every state; France's is half done. The rounds
    before are closed. The first round is before adoption, all later ones during.
    """
    organisation = _organisation(size)
    questionnaires = catalogue.latest_published()
    rounds = tuple(_round(number, size.rounds, today, questionnaires) for number in range(size.rounds))
    people = _Population(organisation, questionnaires, np.random.default_rng(seed))
    targets = tuple(_targets(organisation, rounds, questionnaires, people))
    assessments = tuple(_assessments(organisation, rounds, questionnaires, people))
    return DemoWorkspace(organisation, rounds, targets, assessments)


def _organisation(size: Size) -> Organisation:
    countries = [
        _COUNTRIES[n] if n < len(_COUNTRIES) else _invented_country(n) for n in range(size.countries)
    ]
    families = [
        _FAMILIES[n] if n < len(_FAMILIES) else (f"area-{n + 1}", f"Area {n + 1}")
        for n in range(size.domains)
    ]
    units = [GROUP]
    for identifier, name, iso3 in countries:
        units.append(Unit(identifier, name, UnitKind.COUNTRY, GROUP.id, iso3))
        units += [
            Unit(f"{identifier}.{family}", title, UnitKind.DOMAIN, identifier, iso3, family)
            for family, title in families
        ]
    return organisation_of(units)


def _invented_country(number: int) -> tuple[str, str, str]:
    return f"C{number + 1}", f"Country {number + 1}", ""


def _round(number: int, rounds: int, today: date, questionnaires: tuple[Questionnaire, ...]) -> Round:
    """Rounds half a year apart; the last one closes in 19 days."""
    closes = today + timedelta(days=19 - 182 * (rounds - 1 - number))
    opens = closes - timedelta(days=33)
    phase = Phase.BEFORE if number == 0 else Phase.DURING
    title = f"{day(opens).partition(' ')[2]} ({MARK})"
    pinned = {questionnaire.id: questionnaire.version for questionnaire in questionnaires}
    identifier = f"{closes.year}-Q{(closes.month + 2) // 3}-{MARK}"
    # The last one is open; those before were closed on their last day, in the evening.
    closed_at = None if number == rounds - 1 else datetime.combine(closes, time(18, 0), UTC)
    return Round(identifier, title, phase, opens, closes, pinned, closed_at)


class _Population:
    """What is true of the invented units: where each starts, how fast it moves, which dimensions come hard."""

    def __init__(
        self, organisation: Organisation, questionnaires: tuple[Questionnaire, ...], rng: np.random.Generator
    ) -> None:
        self.rng = rng
        units = list(organisation.units)
        self._start = dict(zip(units, rng.normal(2.35, 0.45, len(units)), strict=True))
        self._pace = dict(zip(units, rng.gamma(2.2, 0.17, len(units)), strict=True))
        for country in organisation.countries:
            for domain in organisation.domains(country.id):
                # A domain resembles its country more than a stranger.
                self._start[domain.id] = 0.6 * self._start[country.id] + 0.4 * self._start[domain.id] - 0.1
                self._pace[domain.id] = 0.5 * (self._pace[country.id] + self._pace[domain.id])
        dimensions = [d.id for q in questionnaires for d in q.all_dimensions()]
        self._ease: Mapping[str, float] = dict(
            zip(dimensions, rng.normal(0, 0.35, len(dimensions)), strict=True)
        )

        # Drawn apart, so that how strictly people judge changes nothing of what is true.
        judging = rng.spawn(1)[0].normal(0, 0.7, len(units))
        self._lenience = dict(zip(units, judging, strict=True))

    def rating(self, unit_id: str, meant: int, levels: int) -> int:
        """The level that a unit gives an invented situation that means level `meant` of 1 to `levels`."""
        return int(np.clip(meant + round(self._lenience[unit_id]), 1, levels))

    def ability(self, unit_id: str, dimension_id: str, number: int) -> float:
        return float(self._start[unit_id] + self._pace[unit_id] * number + self._ease[dimension_id])


def _targets(
    organisation: Organisation,
    rounds: tuple[Round, ...],
    questionnaires: tuple[Questionnaire, ...],
    people: _Population,
) -> Iterator[Target]:
    """Each country's targets for each round: half a level up from where it starts, at least 3."""
    for country in organisation.countries:
        for questionnaire in questionnaires:
            for dimension in questionnaire.dimensions:
                wanted = people.ability(country.id, dimension.id, 0) + 1.2 + people.rng.normal(0, 0.2)
                value = float(np.clip(round(wanted * 2) / 2, 3.0, 4.5))
                for entry in rounds:
                    yield Target(entry.id, country.id, questionnaire.id, dimension.id, value)


def _assessments(
    organisation: Organisation,
    rounds: tuple[Round, ...],
    questionnaires: tuple[Questionnaire, ...],
    people: _Population,
) -> Iterator[RecordedAssessment]:
    for number, entry in enumerate(rounds):
        is_last = number == len(rounds) - 1
        for place, unit in enumerate(
            unit for unit in organisation.units.values() if unit.kind is not UnitKind.GROUP
        ):
            for questionnaire in questionnaires:
                if not any(q.is_asked_of(unit.kind) for q in questionnaire.questions.values()):
                    continue
                share, states = _progress(unit, place) if is_last else (1.0, _CLOSED)
                answers = tuple(_answers(questionnaire, unit, entry, number, share, people))
                steps = _steps(states, entry)
                yield RecordedAssessment(
                    entry.id, unit.id, questionnaire.id, questionnaire.version, steps, answers
                )


_SUBMITTED = ((AssessmentState.SUBMITTED, ""),)
_ACCEPTED = (*_SUBMITTED, (AssessmentState.ACCEPTED, ""))
_CLOSED = (*_ACCEPTED, (AssessmentState.CLOSED, ""))
_RETURNED = (
    *_SUBMITTED,
    (AssessmentState.RETURNED, "Two levels rose by two without evidence. Please add it, or choose again."),
)
_Progress = tuple[float, tuple[tuple[AssessmentState, str], ...]]


def _progress(unit: Unit, place: int) -> _Progress:
    """How far a unit is in the open round: the share of questions answered, and its steps."""
    exceptions: Mapping[str, _Progress] = {
        TRY_FIRST: (0.6, ()), "ES": (0.0, ()), "IT": (1.0, _RETURNED), "FR.sales": (0.5, ()), "FR.finance": (1.0, _ACCEPTED),
    }  # fmt: skip
    if unit.id in exceptions:
        return exceptions[unit.id]
    usual: tuple[_Progress, ...] = (
        (1.0, _ACCEPTED), (1.0, _SUBMITTED), (1.0, _ACCEPTED), (1.0, _ACCEPTED), (1.0, _SUBMITTED), (0.7, ()), (1.0, _ACCEPTED),
    )  # fmt: skip
    if unit.kind is UnitKind.COUNTRY:
        return usual[place % 2]
    return usual[(place * 3) % len(usual)]


def _steps(
    states: tuple[tuple[AssessmentState, str], ...], entry: Round
) -> tuple[tuple[AssessmentState, datetime, str], ...]:
    assert entry.opens_on is not None
    first = datetime.combine(entry.opens_on, time(15, 0), UTC) + timedelta(days=9)
    return tuple(
        (state, first + timedelta(days=2 * step), comment) for step, (state, comment) in enumerate(states)
    )


def _answers(
    questionnaire: Questionnaire, unit: Unit, entry: Round, number: int, share: float, people: _Population
) -> Iterator[RecordedAnswer]:
    questions = [q for q in questionnaire.questions.values() if q.is_asked_of(unit.kind)]
    assert entry.opens_on is not None
    start = datetime.combine(entry.opens_on, time(9, 0), UTC) + timedelta(days=1)
    for place, question in enumerate(questions[: round(share * len(questions))]):
        dimension = questionnaire.dimension_of[question.id]
        ability = people.ability(unit.id, dimension.id, number)
        answer = _answer(question, ability, entry.phase is Phase.BEFORE, people.rng)
        yield RecordedAnswer(
            question.id, answer, start + timedelta(hours=5 * (place // 6), minutes=3 * place)
        )
    if share == 1.0:
        for name, rating in _ratings(questionnaire, unit, people):
            yield RecordedAnswer(name, rating, start + timedelta(hours=30))


def _ratings(questionnaire: Questionnaire, unit: Unit, people: _Population) -> Iterator[tuple[str, Answer]]:
    """What the unit thinks of each invented situation."""
    for vignette in questionnaire.vignettes:
        rated = questionnaire.ratings[vignette.id]
        if rated.is_asked_of(unit.kind):
            level = people.rating(unit.id, vignette.level, len(rated.options))
            yield vignette.id, Answer(AnswerState.ANSWERED, str(level))


def _answer(question: Question, ability: float, before: bool, rng: np.random.Generator) -> Answer:
    chance = rng.random()
    if question.phase is QuestionPhase.DURING and before and chance < 0.7:
        return Answer(AnswerState.NOT_APPLICABLE, reason=_NOT_LIVE)
    if chance > 0.96:
        return Answer(AnswerState.DONT_KNOW)
    place = int(np.clip(round(ability - 1 + rng.normal(0, 0.6)), 0, len(question.options) - 1))
    kinds = list(EvidenceKind)
    # Most people have evidence for about what they claim; some have less.
    kind = kinds[int(np.clip(place - 1 - (rng.random() < 0.35), 0, len(kinds) - 1))]
    confidence = list(Confidence)[int(rng.integers(0, 3))]
    return Answer(AnswerState.ANSWERED, question.options[place].id, "", confidence, kind, _REFERENCES[kind])
