"""What the pages of an assessment share: which one it is, its answers, how far each dimension is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import streamlit as st

from assessment.organisation import Round
from assessment.questionnaire.models import Dimension, Question, Questionnaire
from assessment.responses import EDITABLE, Answer, answered_values, shown_questions
from assessment.store.answers import StoredAnswer, read_answers
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.ui.session import Here

MINUTES_PER_QUESTION = 1.5


@dataclass(frozen=True)
class Section:
    """One dimension of the assessment with what is asked of this unit."""

    dimension: Dimension
    questions: tuple[Question, ...]
    answered: int

    @property
    def left(self) -> int:
        return len(self.questions) - self.answered

    @property
    def minutes(self) -> int:
        return ceil(self.left * MINUTES_PER_QUESTION)


@dataclass(frozen=True)
class Sitting:
    """One assessment with everything that its pages show."""

    assessment: StoredAssessment
    round: Round
    questionnaire: Questionnaire
    stored: Mapping[str, StoredAnswer]
    last: Mapping[str, Answer]
    sections: tuple[Section, ...]

    @property
    def is_editable(self) -> bool:
        return self.assessment.state in EDITABLE

    @property
    def asked(self) -> int:
        return sum(len(section.questions) for section in self.sections)

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def complete_sections(self) -> int:
        return sum(not section.left for section in self.sections)

    def first_open(self) -> Section | None:
        """Where to go on."""
        return next((section for section in self.sections if section.left), None)


def own_assessments(here: Here) -> tuple[StoredAssessment, ...]:
    """The assessments that the principal answers, latest round first."""
    order = {entry.id: place for place, entry in enumerate(here.rounds)}
    with here.store.read() as connection:
        found = read_assessments(connection, here.scope.own)
    return tuple(sorted(found, key=lambda entry: (-order[entry.round_id], entry.questionnaire_id)))


def chosen_assessment(here: Here) -> StoredAssessment | None:
    """The principal's own assessment that the address names, else the first of the latest round."""
    own = own_assessments(here)
    named = st.query_params.get("assessment", "")
    return next((entry for entry in own if str(entry.id) == named), own[0] if own else None)


def sit_down(here: Here, assessment: StoredAssessment) -> Sitting:
    """The assessment with its answers as stored now, and those of the unit's round before."""
    questionnaire = here.catalogue.get(assessment.questionnaire_id, assessment.version)
    with here.store.read() as connection:
        stored = read_answers(connection, assessment.id, here.scope)
        previous = _previous(here, assessment, read_assessments(connection, [assessment.unit_id]))
        last = read_answers(connection, previous.id, here.scope) if previous else {}
    return Sitting(
        assessment,
        next(entry for entry in here.rounds if entry.id == assessment.round_id),
        questionnaire,
        stored,
        {question: entry.answer for question, entry in last.items() if question in questionnaire.questions},
        _sections(here, assessment, questionnaire, stored),
    )


def _previous(
    here: Here, assessment: StoredAssessment, of_unit: tuple[StoredAssessment, ...]
) -> StoredAssessment | None:
    """The unit's assessment with the same version in the latest earlier round; other versions ask something else."""
    order = {entry.id: place for place, entry in enumerate(here.rounds)}
    earlier = [
        entry
        for entry in of_unit
        if entry.questionnaire_id == assessment.questionnaire_id
        and entry.version == assessment.version
        and order[entry.round_id] < order[assessment.round_id]
    ]
    return max(earlier, key=lambda entry: order[entry.round_id], default=None)


def _sections(
    here: Here, assessment: StoredAssessment, questionnaire: Questionnaire, stored: Mapping[str, StoredAnswer]
) -> tuple[Section, ...]:
    values = answered_values(questionnaire, {key: entry.answer for key, entry in stored.items()})
    shown = {
        q.id for q in shown_questions(questionnaire, here.organisation.units[assessment.unit_id].kind, values)
    }
    sections = []
    for dimension in questionnaire.all_dimensions():
        questions = tuple(question for question in dimension.questions if question.id in shown)
        if questions:
            sections.append(
                Section(dimension, questions, sum(question.id in stored for question in questions))
            )
    return tuple(sections)
