"""What is true of the invented units: the level of each question at each stage of the way, and what is live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assessment.demo.story import Course, courses
from assessment.organisation import Organisation, Unit
from assessment.questionnaire.models import Dimension, Question, Questionnaire, UnitKind

Levels = NDArray[np.float64]

#: Where the way ends; its middle is 1, where the second half of each course begins.
END = 2.0


def stage_of(number: int, rounds: int) -> float:
    """How far the way has gone in a round, from 0 to `END`, whatever the number of rounds."""
    return END * number / (rounds - 1) if rounds > 1 else 0.0


class Population:
    """Drawn once: which dimensions and questions come hard to all, and in what each unit differs from its course."""

    def __init__(
        self, organisation: Organisation, questionnaires: Sequence[Questionnaire], rng: np.random.Generator
    ) -> None:
        self.courses = courses(organisation)
        self._organisation = organisation
        self._ease = {
            (q.id, dimension.id): float(rng.normal(0, 0.3))
            for q in questionnaires
            for dimension in q.all_dimensions()
        }
        difficulty = {name: float(rng.normal(0, 0.4)) for q in questionnaires for name in q.questions}
        #: The questions that each questionnaire asks of each kind of unit, in order.
        self.asked = {
            (q.id, kind): tuple(question for question in q.questions.values() if question.is_asked_of(kind))
            for q in questionnaires
            for kind in (UnitKind.COUNTRY, UnitKind.DOMAIN)
        }
        usual = {
            (q.id, kind): self._usual(q, kind, difficulty)
            for q in questionnaires
            for kind in (UnitKind.COUNTRY, UnitKind.DOMAIN)
        }
        self._start: dict[tuple[str, str], Levels] = {}
        self._turns: dict[tuple[str, str], Levels] = {}
        for unit in self.units:
            self._draw(unit, questionnaires, usual, rng)
        # Drawn apart, so that how strictly people judge changes nothing of what is true.
        judging = rng.spawn(1)[0].normal(0, 0.7, len(self.courses))
        self._lenience = dict(zip(self.courses, judging, strict=True))

    @property
    def units(self) -> tuple[Unit, ...]:
        """Who is assessed, in the organisation's order."""
        return tuple(unit for unit in self._organisation.units.values() if unit.id in self.courses)

    def _usual(self, questionnaire: Questionnaire, kind: UnitKind, difficulty: Mapping[str, float]) -> Levels:
        asked = self.asked[questionnaire.id, kind]
        ease = [
            self._ease[questionnaire.id, questionnaire.dimension_of[question.id].id] for question in asked
        ]
        levels: Levels = np.array(ease) + np.array([difficulty[question.id] for question in asked])
        return levels

    def _draw(
        self,
        unit: Unit,
        questionnaires: Sequence[Questionnaire],
        usual: Mapping[tuple[str, UnitKind], Levels],
        rng: np.random.Generator,
    ) -> None:
        course = self.courses[unit.id]
        own = rng.normal(0, course.spread / 3)
        for questionnaire in questionnaires:
            asked = self.asked[questionnaire.id, unit.kind]
            apart = rng.normal(0, course.spread, len(asked))
            lifts = _lifts(asked, questionnaire.id, course.lifts) + course.gates * _are_gates(asked)
            # What everybody finds hard matters less to those who lie close together.
            common = usual[questionnaire.id, unit.kind] * min(1.0, course.spread / 0.4)
            drawn = np.where(_are_told(asked, course), 0.0, common + apart + own)
            self._start[unit.id, questionnaire.id] = course.start + drawn + lifts
            self._turns[unit.id, questionnaire.id] = _lifts(asked, questionnaire.id, course.turns)

    def levels(self, unit_id: str, questionnaire_id: str, stage: float) -> Levels:
        """What is true of each question that the unit is asked, in levels and between them; may leave the scale."""
        key = unit_id, questionnaire_id
        late: Levels = self._turns[key] * max(stage - 1, 0.0)
        return self._start[key] + gain(self.courses[unit_id], stage) + late

    def wanted(self, unit_id: str, questionnaire_id: str, dimension: Dimension) -> float:
        """What a unit could hope for in a dimension when it began."""
        course = self.courses[unit_id]
        return (
            course.start
            + course.lifts.get(questionnaire_id, 0.0)
            + self._ease[questionnaire_id, dimension.id]
        )

    def rating(self, unit_id: str, meant: int, levels: int) -> int:
        """The level that a unit gives an invented situation that means level `meant` of 1 to `levels`."""
        return int(np.clip(meant + round(self._lenience[unit_id]), 1, levels))

    def live_products(self, unit_id: str, stage: float) -> int:
        """How many data products are live: of a country those of its domains, or one of its own where it has none."""
        below = self._organisation.domains(unit_id)
        if below:
            return sum(self.live_products(domain.id, stage) for domain in below)
        return int(self.courses[unit_id].products * stage + 1e-9)


def gain(course: Course, stage: float) -> float:
    """The levels gained since the first round."""
    return course.first * min(stage, 1.0) + course.then * max(stage - 1, 0.0)


def _lifts(asked: Sequence[Question], questionnaire_id: str, lifts: Mapping[str, float]) -> Levels:
    everywhere = lifts.get(questionnaire_id, 0.0)
    return np.array([everywhere + lifts.get(question.id, 0.0) for question in asked])


def _are_told(asked: Sequence[Question], course: Course) -> NDArray[np.bool_]:
    """Which questions the story names: nothing of these is left to chance."""
    return np.array([question.id in course.lifts or question.id in course.turns for question in asked])


def _are_gates(asked: Sequence[Question]) -> Levels:
    return np.array([float(question.gate is not None and question.gate.hard) for question in asked])
