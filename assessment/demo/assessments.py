"""The assessments of the invented units: how far each is in each round, and what it answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache

import numpy as np

from assessment.demo.group import TRY_FIRST, moment
from assessment.demo.population import Population, stage_of
from assessment.organisation import Round, Unit
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

_NOT_LIVE = Answer(AnswerState.NOT_APPLICABLE, reason="Nothing is live here yet.")
_DONT_KNOW = Answer(AnswerState.DONT_KNOW)
_KINDS, _CONFIDENCES = tuple(EvidenceKind), tuple(Confidence)
_REFERENCES = {
    EvidenceKind.NONE: "",
    EvidenceKind.DOCUMENT: "Working paper, section 2",
    EvidenceKind.RECORD: "Log of the last quarter",
    EvidenceKind.INDEPENDENT: "Internal audit, finding list",
}
#: The share of units without a live product that say so, instead of choosing a level for what would run it.
_SAYS_NOT_LIVE = 0.85
#: How much of a level an answer differs from one round to the next without a reason.
_FLICKER = 0.15

_NOT_BEGUN = "ES"
_SUBMITTED = ((AssessmentState.SUBMITTED, ""),)
_ACCEPTED = (*_SUBMITTED, (AssessmentState.ACCEPTED, ""))
_CLOSED = (*_ACCEPTED, (AssessmentState.CLOSED, ""))
_RETURNED = (
    *_SUBMITTED,
    (AssessmentState.RETURNED, "Two levels rose by two without evidence. Please add it, or choose again."),
)
#: Units that are still at their answers in the open round, and have said nothing beside them.
_SILENT = frozenset({TRY_FIRST, _NOT_BEGUN})
_Progress = tuple[float, tuple[tuple[AssessmentState, str], ...]]


def assessments(
    rounds: Sequence[Round],
    questionnaires: Sequence[Questionnaire],
    people: Population,
    rng: np.random.Generator,
) -> Iterator[RecordedAssessment]:
    """One for each round, unit and questionnaire that asks it something."""
    for number, entry in enumerate(rounds):
        is_last = number == len(rounds) - 1
        stage = stage_of(number, len(rounds))
        for place, unit in enumerate(people.units):
            share, states = _progress(unit, place) if is_last else (1.0, _CLOSED)
            for questionnaire in questionnaires:
                if people.asked[questionnaire.id, unit.kind]:
                    answers = tuple(_answers(questionnaire, unit, entry, stage, share, people, rng))
                    yield RecordedAssessment(
                        entry.id, unit.id, questionnaire.id, questionnaire.version, _steps(states, entry), answers
                    )  # fmt: skip


def has_spoken(unit_id: str, entry: Round) -> bool:
    """Whether a unit has said in a round what stands beside its answers: facts, elements, principles."""
    return entry.is_over or unit_id not in _SILENT


def _progress(unit: Unit, place: int) -> _Progress:
    """How far a unit is in the open round: the share of questions answered, and its steps."""
    exceptions: Mapping[str, _Progress] = {
        TRY_FIRST: (0.6, ()), _NOT_BEGUN: (0.0, ()), "IT": (1.0, _RETURNED), "FR.sales": (0.5, ()), "FR.finance": (1.0, _ACCEPTED),
    }  # fmt: skip
    if unit.id in exceptions:
        return exceptions[unit.id]
    usual: tuple[_Progress, ...] = (
        (1.0, _ACCEPTED), (1.0, _SUBMITTED), (1.0, _ACCEPTED), (1.0, _ACCEPTED), (1.0, _SUBMITTED), (0.7, ()), (1.0, _ACCEPTED),
    )  # fmt: skip
    if unit.kind is UnitKind.COUNTRY:
        return usual[place % 2]
    # Shifted every seven units, so that it isn't the same domain family that is late in each country.
    return usual[(place * 3 + place // len(usual)) % len(usual)]


def _steps(
    states: tuple[tuple[AssessmentState, str], ...], entry: Round
) -> tuple[tuple[AssessmentState, datetime, str], ...]:
    return tuple(
        (state, moment(entry, 9 + 2 * step, 15), comment) for step, (state, comment) in enumerate(states)
    )


def _answers(
    questionnaire: Questionnaire,
    unit: Unit,
    entry: Round,
    stage: float,
    share: float,
    people: Population,
    rng: np.random.Generator,
) -> Iterator[RecordedAnswer]:
    asked = people.asked[questionnaire.id, unit.kind]
    given = _given(questionnaire, unit, asked, stage, people, rng)
    for place, answer in enumerate(given[: round(share * len(asked))]):
        at = moment(entry, 1, 9, 300 * (place // 6) + 3 * place)
        yield RecordedAnswer(asked[place].id, answer, at)
    if share == 1.0:
        for name, rating in _ratings(questionnaire, unit, people):
            yield RecordedAnswer(name, rating, moment(entry, 2, 15))


def _given(
    questionnaire: Questionnaire,
    unit: Unit,
    asked: Sequence[Question],
    stage: float,
    people: Population,
    rng: np.random.Generator,
) -> list[Answer]:
    """The unit's answer to each question; all are drawn, whatever of them is given."""
    course = people.courses[unit.id]
    levels = people.levels(unit.id, questionnaire.id, stage) + rng.normal(0, _FLICKER, len(asked))
    known, live, behind, sure = rng.random((4, len(asked)))
    is_unknown = known < course.blind.get(questionnaire.id, course.dont_know)
    is_idle = (live < _SAYS_NOT_LIVE) & (people.live_products(unit.id, stage) == 0)
    return [
        _NOT_LIVE if idle and question.phase is QuestionPhase.DURING
        else _DONT_KNOW if unknown
        else _answered(question, level, late < course.lag, confident)
        for question, level, idle, unknown, late, confident in zip(
            asked, levels.tolist(), is_idle.tolist(), is_unknown.tolist(), behind.tolist(), sure.tolist(), strict=True
        )
    ]  # fmt: skip


def _answered(question: Question, level: float, is_behind: bool, sure: float) -> Answer:
    """The option nearest to a level; most people have evidence for about what they claim, some have less."""
    place = min(max(round(level - 1), 0), len(question.options) - 1)
    kind = min(max(place - 1 - is_behind, 0), len(_KINDS) - 1)
    confidence = min(max(round(kind / 2 + sure * 1.6 - 0.6), 0), len(_CONFIDENCES) - 1)
    return _answer(question.options[place].id, _KINDS[kind], _CONFIDENCES[confidence])


@cache
def _answer(value: str, kind: EvidenceKind, confidence: Confidence) -> Answer:
    """Made once for all who say the same."""
    return Answer(AnswerState.ANSWERED, value, "", confidence, kind, _REFERENCES[kind])


def _ratings(questionnaire: Questionnaire, unit: Unit, people: Population) -> Iterator[tuple[str, Answer]]:
    """What the unit thinks of each invented situation."""
    for vignette in questionnaire.vignettes:
        rated = questionnaire.ratings[vignette.id]
        if rated.is_asked_of(unit.kind):
            level = people.rating(unit.id, vignette.level, len(rated.options))
            yield vignette.id, Answer(AnswerState.ANSWERED, str(level))
