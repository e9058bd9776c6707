"""Answering an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assessment.access import Action
from assessment.actions.desk import Desk, allowed_assessment
from assessment.errors import EditConflict, NotAllowed, ResponseError
from assessment.i18n import t
from assessment.organisation import Organisation
from assessment.questionnaire.models import Question
from assessment.responses import ANSWER_FIELDS, EDITABLE, Answer, AnswerState, checked_answer
from assessment.store import answers as answer_store
from assessment.store.answers import Edit, StoredAnswer
from assessment.store.assessments import StoredAssessment
from assessment.store.engine import retried


@retried
def save_answer(
    desk: Desk,
    assessment_id: int,
    question_id: str,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
    idempotency_key: str,
) -> StoredAnswer:
    """Commit a change of the named fields of one answer; fields that aren't named stay as they are stored.

    Raises:
        NotAllowed: The assessment isn't the principal's to answer, or the question isn't asked there.
        ResponseError: The assessment is not open for answers, or the answer breaks a rule.
        EditConflict: Somebody changed the answer since `expected_version`.
        StoreError: It could not be committed. In every case nothing was written.
    """
    with desk.store.write() as connection:
        assessment, organisation = allowed_assessment(connection, desk, assessment_id, Action.ANSWER)
        if assessment.state not in EDITABLE:
            raise ResponseError(t("This assessment was sent for review; its answers can't be changed now."))
        question = _question(desk, assessment, question_id, organisation)
        current = answer_store.read_answer(connection, assessment_id, question_id)
        is_next = current is not None and current.version == expected_version + 1
        # Only if nothing came after it: somebody else's later change is not this edit's acknowledgement.
        if (
            current
            and is_next
            and answer_store.is_repeated(connection, assessment_id, question_id, idempotency_key)
        ):
            return current
        if (current.version if current else 0) != expected_version:
            raise EditConflict(current)
        answer = checked_answer(question, changed_answer(current.answer if current else None, changes))
        edit = Edit(assessment_id, question_id, answer, idempotency_key)
        return answer_store.save_answer(connection, edit, current, desk.stamp)


def changed_answer(current: Answer | None, changes: Mapping[str, Any]) -> Answer:
    """The answer with the named fields changed, and what no longer belongs to its state removed."""
    fields = answer_store.answer_fields(current) if current else dict.fromkeys(ANSWER_FIELDS)
    if set(changes) - set(ANSWER_FIELDS) or not all(map(_can_be_stored, changes.values())):
        raise ResponseError(t("That isn't a possible answer. Choose again."))
    try:
        answer = answer_store.answer_from({**fields, **changes})
    except ValueError:
        raise ResponseError(t("That isn't a possible answer. Choose again.")) from None
    return replace(
        answer,
        value=answer.value if answer.state is AnswerState.ANSWERED else None,
        reason=answer.reason if answer.state is AnswerState.NOT_APPLICABLE else "",
    )


def _can_be_stored(value: object) -> bool:
    """Whether a field may have the value at all: a browser can send numbers, lists, halves of characters."""
    if not isinstance(value, str):
        return value is None
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _question(
    desk: Desk, assessment: StoredAssessment, question_id: str, organisation: Organisation
) -> Question:
    questionnaire = desk.catalogue.get(assessment.questionnaire_id, assessment.version)
    question = questionnaire.answerable.get(question_id)
    if question is None or not question.is_asked_of(organisation.units[assessment.unit_id].kind):
        raise NotAllowed(t("This question isn't part of the assessment."))
    return question
