"""An assessment's way from its unit to the reviewer and back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from assessment.access import Action, may_judge, scope_of
from assessment.actions.desk import Desk, allowed_assessment
from assessment.actions.refusals import watched
from assessment.errors import ResponseError
from assessment.i18n import count, t
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Question
from assessment.responses import EDITABLE, AssessmentState, answered_values, shown_questions
from assessment.store import answers as answer_store
from assessment.store import assessments as assessment_store
from assessment.store.answers import StoredAnswer
from assessment.store.assessments import StoredAssessment
from assessment.store.engine import Connection, retried
from assessment.store.statements import read_remarks

log = logging.getLogger(__name__)

#: From which states an assessment may come to a state.
_COMES_FROM: Mapping[AssessmentState, frozenset[AssessmentState]] = {
    AssessmentState.SUBMITTED: EDITABLE,
    AssessmentState.DRAFT: frozenset({AssessmentState.SUBMITTED}),
    AssessmentState.ACCEPTED: frozenset({AssessmentState.SUBMITTED}),
    AssessmentState.RETURNED: frozenset({AssessmentState.SUBMITTED}),
}


@watched
@retried
def submit(desk: Desk, assessment_id: int, *, seen: int | None = None) -> StoredAssessment:
    """Send an assessment for review; every shown question needs a state.

    Raises:
        ResponseError: Questions are open, or it was sent already; says how many.
    """
    with desk.store.write() as connection:
        assessment, organisation = allowed_assessment(connection, desk, assessment_id, Action.SUBMIT)
        scope = scope_of(desk.principal, organisation)
        stored = answer_store.read_answers(connection, assessment_id, scope)
        left = open_questions(desk.catalogue, assessment, organisation, stored)
        if left:
            raise ResponseError(
                t("{left} left. Answer them, or say that you don't know.", left=count(len(left), "question"))
            )
        return _move(connection, desk, assessment, AssessmentState.SUBMITTED, seen)


@watched
@retried
def withdraw(desk: Desk, assessment_id: int, *, seen: int | None = None) -> StoredAssessment:
    """Take a submitted assessment back to draft, as long as nobody reviewed it."""
    with desk.store.write() as connection:
        assessment, _ = allowed_assessment(connection, desk, assessment_id, Action.WITHDRAW)
        return _move(connection, desk, assessment, AssessmentState.DRAFT, seen)


@watched
@retried
def accept(desk: Desk, assessment_id: int, *, seen: int | None = None) -> StoredAssessment:
    """Accept a submitted assessment as it is; a reviewer never changes an answer."""
    with desk.store.write() as connection:
        assessment, _ = allowed_assessment(connection, desk, assessment_id, Action.REVIEW)
        require_not_own(connection, desk, assessment)
        return _move(connection, desk, assessment, AssessmentState.ACCEPTED, seen)


@watched
@retried
def return_to_unit(
    desk: Desk, assessment_id: int, comment: str, *, seen: int | None = None
) -> StoredAssessment:
    """Give a submitted assessment back to its unit, with a comment that says what to do.

    Questions with a remark since it was sent are open again then, and only these; without any remark all are.

    Raises:
        ResponseError: There is neither a comment nor a remark.
    """
    with desk.store.write() as connection:
        assessment, _ = allowed_assessment(connection, desk, assessment_id, Action.REVIEW)
        require_not_own(connection, desk, assessment)
        if not comment.strip():
            remarks = read_remarks(connection, assessment)
            if not remarks:
                raise ResponseError(t("Say what should change: a returned assessment needs a comment."))
            comment = t("See the remarks on {questions}.", questions=count(len(remarks), "question"))
        return _move(connection, desk, assessment, AssessmentState.RETURNED, seen, comment.strip())


def require_not_own(connection: Connection, desk: Desk, assessment: StoredAssessment) -> None:
    """Nothing, when somebody else sent the assessment and gave its answers.

    Raises:
        ResponseError: Otherwise; that it exists is no secret to who worked on it.
    """
    if not may_judge(
        desk.principal, assessment_store.worked_on_by(connection, [assessment.id])[assessment.id]
    ):
        raise ResponseError(t("You sent this assessment, or answered in it. Somebody else has to review it."))


def open_questions(
    catalogue: Catalogue,
    assessment: StoredAssessment,
    organisation: Organisation,
    stored: Mapping[str, StoredAnswer],
) -> tuple[Question, ...]:
    """The shown questions that have no state yet, in order."""
    questionnaire = catalogue.get(assessment.questionnaire_id, assessment.version)
    values = answered_values(questionnaire, {key: entry.answer for key, entry in stored.items()})
    shown = shown_questions(questionnaire, organisation.units[assessment.unit_id].kind, values)
    return tuple(question for question in shown if question.id not in stored)


def _move(
    connection: Connection,
    desk: Desk,
    assessment: StoredAssessment,
    state: AssessmentState,
    seen: int | None,
    comment: str = "",
) -> StoredAssessment:
    """Moves the assessment; `seen` is the `state_version` that the person was looking at."""
    if seen is not None and seen != assessment.state_version:
        raise ResponseError(t("This assessment has changed since you opened it. Look at it again first."))
    if assessment.state not in _COMES_FROM[state]:
        raise ResponseError(
            t("That isn't possible any more: the assessment is {state}.", state=assessment.state)
        )
    assessment_store.change_state(connection, assessment, state, desk.stamp, comment)
    log.info("assessment moved", extra={"assessment": assessment.id, "state": str(state)})
    return replace(
        assessment,
        state=state,
        state_version=assessment.state_version + 1,
        changed_at=desk.at,
        comment=comment,
    )
