"""Questions of a country's assessment that its domains are asked to answer: what is asked, of whom, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assessment.access import Role, may_help
from assessment.organisation import Round
from assessment.questionnaire.models import Question, Questionnaire
from assessment.responses import EDITABLE
from assessment.statements import RequestContent, StatementKind, asked_in
from assessment.store.answers import StoredAnswer, read_answers, read_requested
from assessment.store.assessments import StoredAssessment, find_assessment, read_assessments
from assessment.store.statements import Statement, find_statement, read_requests, read_statements
from assessment.ui.assessing import Sitting
from assessment.ui.session import Here

#: So long before a round closes answers are wanted back.
_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Asked:
    """One question that was asked of a domain, and its answer in the country's assessment."""

    statement: Statement
    to_unit: str
    due_on: date | None
    note: str
    assessment: StoredAssessment
    round: Round
    questionnaire: Questionnaire
    question: Question
    stored: StoredAnswer | None

    @property
    def is_open(self) -> bool:
        return self.assessment.state in EDITABLE and not self.round.is_over


def asked_of_me(place: Here) -> list[Asked]:
    """What the principal's domain was asked, in open rounds."""
    if place.principal.role is not Role.DOMAIN_OWNER or place.unit is None:
        return []
    with place.store.read() as connection:
        found = [
            statement
            for statement in read_requests(connection, place.unit.id)
            if may_help(place.principal, place.unit.id, statement.about.unit_id, place.organisation)
        ]
        assessments = read_assessments(connection, {statement.about.unit_id for statement in found})
        asked = _matched(place, found, assessments)
        stored = {
            entry.id: read_requested(
                connection, entry.id, [one.question.id for one in asked if one.assessment.id == entry.id]
            )
            for entry in {one.assessment.id: one.assessment for one in asked}.values()
        }
    return [_with(one, stored[one.assessment.id].get(one.question.id)) for one in asked]


def answer_now(place: Here, one: Asked) -> tuple[bool, StoredAnswer | None]:
    """Whether it is still asked of this domain and its assessment as it was, and its answer then.

    For a part of a page that was drawn when it was asked.
    """
    with place.store.read() as connection:
        told = find_statement(connection, one.statement.about)
        is_asked = told is not None and told.content == one.statement.content
        entry = find_assessment(connection, one.assessment.id, [one.assessment.unit_id]) if is_asked else None
        if entry != one.assessment:
            return False, None
        found = read_requested(connection, entry.id, [one.question.id])
    return True, found.get(one.question.id)


def asked_by_me(place: Here) -> list[Asked]:
    """What the principal's country asked of its domains, in open rounds."""
    if place.principal.role is not Role.COUNTRY_LEADER or place.unit is None:
        return []
    with place.store.read() as connection:
        found = read_statements(connection, [place.unit.id], [StatementKind.REQUEST])
        assessments = read_assessments(connection, [place.unit.id])
        asked = _matched(place, found, assessments)
        stored = {
            number: read_answers(connection, number, place.scope)
            for number in {one.assessment.id for one in asked}
        }
    return [_with(one, stored[one.assessment.id].get(one.question.id)) for one in asked]


def open_domains(place: Here) -> list[str]:
    """The domains that the principal's country can ask."""
    if place.principal.role is not Role.COUNTRY_LEADER or place.unit is None:
        return []
    return [unit.id for unit in place.organisation.domains(place.unit.id) if not unit.retired_on]


def can_be_asked(place: Here, sitting: Sitting, question_id: str) -> bool:
    """Whether the principal can hand this question of the assessment to a domain."""
    is_asked = question_id in sitting.questionnaire.questions and sitting.is_open(question_id)
    return is_asked and bool(open_domains(place))


def until(closes_on: date | None, today: date) -> date | None:
    """By when to ask for an answer: a week before the round closes, later its last day; None when neither is to come."""
    if closes_on is None:
        return None
    days = (closes_on - _AHEAD, closes_on)
    return next((entry for entry in days if entry >= today), None)


def _matched(place: Here, found: Sequence[Statement], assessments: Sequence[StoredAssessment]) -> list[Asked]:
    rounds = {entry.id: entry for entry in place.rounds if not entry.is_over}
    by_key = {(entry.round_id, entry.unit_id, entry.questionnaire_id): entry for entry in assessments}
    asked = []
    for statement in found:
        content, about = statement.content, statement.about
        questionnaire_id, question_id = asked_in(about.subject_id)
        assessment = by_key.get((about.round_id, about.unit_id, questionnaire_id))
        if not isinstance(content, RequestContent) or not content.to_unit or assessment is None:
            continue
        if about.round_id in rounds:
            questionnaire = place.catalogue.get(questionnaire_id, assessment.version)
            asked.append(
                Asked(
                    statement, content.to_unit, content.due_on, content.note, assessment, rounds[about.round_id],
                    questionnaire, questionnaire.questions[question_id], None,
                )
            )  # fmt: skip
    return asked


def _with(one: Asked, stored: StoredAnswer | None) -> Asked:
    return replace(one, stored=stored)
