"""What was answered: the states of answers and assessments, and the columns of the answer table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf

import pandas as pd

from assessment.errors import ResponseError
from assessment.links import foreign_scheme
from assessment.questionnaire.models import Question, Questionnaire

#: The longest reason, reference or comment, in characters.
MAX_TEXT = 4_000


class AnswerState(StrEnum):
    """What a stored answer says. A question without an answer is unanswered: a fourth state, never stored."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    DONT_KNOW = "dont_know"


class Confidence(StrEnum):
    ESTIMATE = "estimate"
    SOME_EVIDENCE = "some_evidence"
    SURE = "sure"


class EvidenceKind(StrEnum):
    """What backs an answer, from nothing to somebody else's check."""

    NONE = "none"
    DOCUMENT = "document"
    RECORD = "record"
    INDEPENDENT = "independent"


class AssessmentState(StrEnum):
    """Where an assessment is between its unit and the reviewer."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CLOSED = "closed"


#: States in which the unit itself may change answers.
EDITABLE = frozenset({AssessmentState.DRAFT, AssessmentState.RETURNED})
#: States in which others than the unit may read the answers.
FINISHED = frozenset({AssessmentState.SUBMITTED, AssessmentState.ACCEPTED, AssessmentState.CLOSED})
#: States in which a reviewer has accepted the answers.
REVIEWED = frozenset({AssessmentState.ACCEPTED, AssessmentState.CLOSED})

#: The columns of answers.csv and of every answer table, in their order.
ANSWER_COLUMNS = (
    "round_id", "unit_id", "questionnaire_id", "questionnaire_version", "question_id", "state", "value",
    "reason", "confidence", "evidence_kind", "evidence_ref", "comment", "respondent_id", "answered_at",
)  # fmt: skip
#: Columns that a file may leave out.
OPTIONAL_ANSWER_COLUMNS = ANSWER_COLUMNS[ANSWER_COLUMNS.index("reason") :]


@dataclass(frozen=True, slots=True)
class Answer:
    """One unit's answer to one question.

    `value` is the option's id when `state` is answered, else None. `reason` is mandatory when not applicable.
    """

    state: AnswerState
    value: str | None = None
    reason: str = ""
    confidence: Confidence | None = None
    evidence_kind: EvidenceKind = EvidenceKind.NONE
    evidence_ref: str = ""
    comment: str = ""


def shown_questions(
    questionnaire: Questionnaire, kind: str, values: Mapping[str, float]
) -> tuple[Question, ...]:
    """What is asked of a unit of `kind`, in order, without what branching hides.

    `values` has the value of every answered question by id. A question whose decider isn't asked of this kind is shown.
    """
    asked = {q.id: q for q in questionnaire.questions.values() if q.is_asked_of(kind)}

    def is_shown(question: Question) -> bool:
        while (condition := question.show_when) and condition.question in asked:
            question = asked[condition.question]
            if values.get(question.id, -inf) < condition.at_least:
                return False
        return True

    return tuple(question for question in asked.values() if is_shown(question))


def answered_values(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, float]:
    """The value of every answered question by id."""
    return {
        question_id: questionnaire.questions[question_id].options_by_id[answer.value].value
        for question_id, answer in answers.items()
        if question_id in questionnaire.questions and answer.state is AnswerState.ANSWERED and answer.value
    }


def checked_answer(question: Question, answer: Answer) -> Answer:
    """The answer itself, when the rules allow it: a browser can send anything.

    Raises:
        ResponseError: Says which rule is broken; nothing may be stored.
    """
    if answer.state is AnswerState.ANSWERED and answer.value not in question.options_by_id:
        raise ResponseError("That isn't one of the options of this question. Choose again.")
    if answer.state is not AnswerState.ANSWERED and answer.value is not None:
        raise ResponseError("Only an answered question has a level. Choose again.")
    if answer.state is AnswerState.NOT_APPLICABLE and not answer.reason.strip():
        raise ResponseError(
            "Say why the question doesn't apply: a reason is needed before this can be saved."
        )
    if scheme := foreign_scheme(answer.evidence_ref):
        raise ResponseError(
            f"A link must start with http:// or https://, not {scheme}:. Or write a plain reference."
        )
    for field in ("reason", "evidence_ref", "comment"):
        if len(getattr(answer, field)) > MAX_TEXT:
            raise ResponseError(
                f"A text may have {MAX_TEXT} characters at most. Shorten it, or link to a document."
            )
    return answer


#: The fields of an answer that a person can change.
ANSWER_FIELDS = ("state", "value", "reason", "confidence", "evidence_kind", "evidence_ref", "comment")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer with everything that says whose it is: one line of answers.csv."""

    round_id: str
    unit_id: str
    questionnaire_id: str
    questionnaire_version: str
    question_id: str
    answer: Answer
    respondent_id: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """An answer that was given elsewhere, at its time."""

    question_id: str
    answer: Answer
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class RecordedAssessment:
    """A whole assessment that came about elsewhere; `steps` are its states after draft, with time and comment."""

    round_id: str
    unit_id: str
    questionnaire_id: str
    version: str
    steps: tuple[tuple[AssessmentState, datetime, str], ...]
    answers: tuple[RecordedAnswer, ...]


def moments(texts: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """ISO dates and times as moments that compare across time zones; what has no zone counts as UTC, '' as missing."""
    return pd.to_datetime(texts.replace("", None), format="ISO8601", utc=True)


def answer_table(rows: Iterable[AnswerRow]) -> pd.DataFrame:
    """The rows as a table with `ANSWER_COLUMNS`, all text; '' is missing."""
    records = [
        (
            row.round_id, row.unit_id, row.questionnaire_id, row.questionnaire_version, row.question_id,
            *(str(getattr(row.answer, field) or "") for field in ANSWER_FIELDS),
            row.respondent_id, row.answered_at.isoformat() if row.answered_at else "",
        )
        for row in rows
    ]  # fmt: skip
    return pd.DataFrame(records, columns=list(ANSWER_COLUMNS), dtype=str)
