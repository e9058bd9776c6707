"""Answering an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assessment.access import Action, Role, may_help
from assessment.actions.desk import Desk, allowed_assessment
from assessment.actions.refusals import watched
from assessment.errors import NOT_HERE, EditConflict, NotAllowed, ResponseError
from assessment.i18n import t
from assessment.metrics import saving
from assessment.organisation import Organisation
from assessment.questionnaire.models import Question
from assessment.responses import ANSWER_FIELDS, EDITABLE, Answer, AnswerState, AssessmentState, checked_answer
from assessment.statements import RequestContent, StatementKind
from assessment.store import answers as answer_store
from assessment.store.answers import Edit, StoredAnswer
from assessment.store.assessments import (
    StoredAssessment,
    preceding,
    read_assessment,
    read_assessments,
    unit_of,
)
from assessment.store.engine import Connection, retried
from assessment.store.organisation import is_closed, read_branches, read_rounds
from assessment.store.statements import About, find_statement, read_remarks

#: The origin of an answer that was last round's, given anew.
CONFIRMED = "confirmed"


@saving("answer")
@watched
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
        _, question = _open_question(connection, desk, assessment_id, question_id)
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


@saving("answer")
@watched
@retried
def confirm_answer(desk: Desk, assessment_id: int, question_id: str, *, idempotency_key: str) -> StoredAnswer:
    """Give the answer of the unit's last round anew, with its reason and evidence; its history says `confirmed`.

    Raises:
        NotAllowed: As for `save_answer`.
        ResponseError: The assessment is not open for answers, or last round has no level or reason to confirm.
        EditConflict: The question was answered meanwhile. In every case nothing was written.
    """
    with desk.store.write() as connection:
        assessment, question = _open_question(connection, desk, assessment_id, question_id)
        current = answer_store.read_answer(connection, assessment_id, question_id)
        if current and answer_store.is_repeated(connection, assessment_id, question_id, idempotency_key):
            return current
        if current:
            raise EditConflict(current)
        of_unit = read_assessments(connection, [assessment.unit_id])
        before = preceding(assessment, of_unit, read_rounds(connection))
        last = answer_store.read_answer(connection, before.id, question_id) if before else None
        if last is None or last.answer.state is AnswerState.DONT_KNOW:
            raise ResponseError(t("Nothing was known about this in the last round. Choose an answer."))
        edit = Edit(assessment_id, question_id, checked_answer(question, last.answer), idempotency_key)
        return answer_store.save_answer(connection, edit, None, replace(desk.stamp, origin=CONFIRMED))


@saving("answers")
@watched
@retried
def save_answers(
    desk: Desk, assessment_id: int, changes: Sequence[tuple[str, Answer, int]], *, origin: str
) -> int:
    """Commit several whole answers together, each with the version that was seen of it; gives how many changed.

    An answer that is stored already is left as it is, so the same file twice changes nothing the second time.

    Raises:
        NotAllowed, ResponseError: As for `save_answer`.
        EditConflict: One of them was changed since. In every case nothing was written.
    """
    with desk.store.write() as connection:
        changed = 0
        for question_id, answer, seen in changes:
            _, question = _open_question(connection, desk, assessment_id, question_id)
            current = answer_store.read_answer(connection, assessment_id, question_id)
            if current and current.answer == answer:
                continue
            if (current.version if current else 0) != seen:
                raise EditConflict(current)
            # Unlike any other's: an answer has each of its versions once, and many units answer the same question.
            key = f"{origin}:{assessment_id}:{seen + 1}:{question_id}"[:100]
            edit = Edit(assessment_id, question_id, checked_answer(question, answer), key)
            answer_store.save_answer(connection, edit, current, replace(desk.stamp, origin=origin))
            changed += 1
        return changed


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


def _open_question(
    connection: Connection, desk: Desk, assessment_id: int, question_id: str
) -> tuple[StoredAssessment, Question]:
    """The assessment and one of its questions, when the principal may answer it now."""
    assessment, organisation = _answerable(connection, desk, assessment_id, question_id)
    if assessment.state not in EDITABLE:
        raise ResponseError(t("This assessment was sent for review; its answers can't be changed now."))
    questionnaire = desk.catalogue.get(assessment.questionnaire_id, assessment.version)
    question = questionnaire.answerable.get(question_id)
    if question is None or not question.is_asked_of(organisation.units[assessment.unit_id].kind):
        raise NotAllowed(t("This question isn't part of the assessment."))
    if assessment.state is AssessmentState.RETURNED:
        remarks = read_remarks(connection, assessment)
        is_there = answer_store.read_answer(connection, assessment_id, question_id) is not None
        if remarks and question_id not in remarks and is_there:
            raise ResponseError(t("Only the questions that the reviewer commented on can be changed now."))
    return assessment, question


def _answerable(
    connection: Connection, desk: Desk, assessment_id: int, question_id: str
) -> tuple[StoredAssessment, Organisation]:
    """The assessment, when the question is the principal's to answer: one's own unit's, or asked of one's own domain."""
    if desk.principal.role is not Role.DOMAIN_OWNER:
        return allowed_assessment(connection, desk, assessment_id, Action.ANSWER)
    unit_id = unit_of(connection, assessment_id)
    if unit_id is None or unit_id == desk.principal.unit_id:
        return allowed_assessment(connection, desk, assessment_id, Action.ANSWER)
    organisation = read_branches(connection, [unit_id, desk.principal.unit_id or ""])
    assessment = read_assessment(connection, assessment_id, [unit_id])
    asked = assessment and find_statement(
        connection,
        About(
            StatementKind.REQUEST, assessment.round_id, unit_id,
            f"{assessment.questionnaire_id}:{question_id}",
        ),
    )  # fmt: skip
    asked_unit = asked.content.to_unit if asked and isinstance(asked.content, RequestContent) else None
    if assessment is None or not may_help(desk.principal, asked_unit, unit_id, organisation):
        raise NotAllowed(NOT_HERE)
    if is_closed(connection, assessment.round_id):
        raise ResponseError(t("The round is closed; nothing in it can be changed now."))
    return assessment, organisation
