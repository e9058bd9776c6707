"""What reviewers said of the invented units' answers: the evidence that they found, and remarks on what they returned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

import numpy as np

from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import AssessmentState, EvidenceKind, RecordedAnswer, RecordedAssessment
from assessment.statements import RecordedStatement, RemarkContent, StatementKind, VerifiedContent

_KINDS = tuple(EvidenceKind)
#: Reviewers look behind so many of the answers that rest on more than a document, and find so many to be one.
_LOOKED_AT, _FOUND_LESS = 0.06, 0.25
_REMARKS = (
    "This rose without evidence. Where can the log be seen?",
    "Who took this decision, and when? Please name the minutes.",
)


def reviews(
    catalogue: Catalogue, assessments: Iterable[RecordedAssessment], rng: np.random.Generator
) -> Iterator[RecordedStatement]:
    """What was found in accepted assessments, and what is to change in returned ones."""
    for entry in assessments:
        states = {state: at for state, at, _ in entry.steps}
        if AssessmentState.ACCEPTED in states:
            yield from _verified(entry, states[AssessmentState.ACCEPTED], rng)
        if AssessmentState.RETURNED in states:
            questions = catalogue.get(entry.questionnaire_id, entry.version).questions
            yield from _remarks(entry, questions, states[AssessmentState.RETURNED])


def _verified(
    entry: RecordedAssessment, at: datetime, rng: np.random.Generator
) -> Iterator[RecordedStatement]:
    looked, found = rng.random((2, len(entry.answers)))
    for given, looks, finds in zip(entry.answers, looked.tolist(), found.tolist(), strict=True):
        kind = _KINDS.index(given.answer.evidence_kind)
        if looks < _LOOKED_AT and kind > _KINDS.index(EvidenceKind.DOCUMENT):
            content = VerifiedContent(kind=_KINDS[kind - (finds < _FOUND_LESS)])
            yield _about(StatementKind.VERIFIED, entry, given, content, at - timedelta(hours=2))


def _remarks(
    entry: RecordedAssessment, questions: Collection[str], at: datetime
) -> Iterator[RecordedStatement]:
    """On the highest of what no evidence carries; nobody has evidence for an invented situation."""
    bare = [
        given
        for given in entry.answers
        if given.question_id in questions
        and given.answer.value
        and given.answer.evidence_kind is EvidenceKind.NONE
    ]
    highest = sorted(bare, key=lambda given: given.answer.value or "", reverse=True)
    for given, text in zip(highest, _REMARKS, strict=False):
        yield _about(StatementKind.REMARK, entry, given, RemarkContent(text=text), at - timedelta(hours=1))


def _about(
    kind: StatementKind,
    entry: RecordedAssessment,
    given: RecordedAnswer,
    content: RemarkContent | VerifiedContent,
    at: datetime,
) -> RecordedStatement:
    subject_id = f"{entry.questionnaire_id}:{given.question_id}"
    return RecordedStatement(kind, entry.round_id, entry.unit_id, subject_id, content, at)
