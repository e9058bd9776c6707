"""What the invented units answered where a gate stands: moves and decisions follow from that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Gate, Question
from assessment.responses import Answer, AnswerState, RecordedAssessment
from assessment.scoring.codes import EVIDENCE_CARRIES


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """An answer to a question with a gate; the levels are None where the answer has none.

    `subject_id` is that of a statement about the question. `is_sent` says that the assessment was submitted.
    """

    subject_id: str
    question: Question
    gate: Gate
    claimed: float | None
    supported: float | None
    is_sent: bool

    @property
    def is_claimed(self) -> bool:
        return self.claimed is not None and self.claimed >= self.gate.level

    @property
    def is_met(self) -> bool:
        return self.supported is not None and self.supported >= self.gate.level


#: By round and unit, in the order of the questionnaires.
GateAnswers = Mapping[tuple[str, str], tuple[GateAnswer, ...]]


def gate_answers(catalogue: Catalogue, assessments: Iterable[RecordedAssessment]) -> GateAnswers:
    """Without what was accepted as not applicable."""
    found: dict[tuple[str, str], tuple[GateAnswer, ...]] = {}
    for entry in assessments:
        key = entry.round_id, entry.unit_id
        found[key] = (*found.get(key, ()), *_of(catalogue, entry))
    return found


def _of(catalogue: Catalogue, entry: RecordedAssessment) -> Iterable[GateAnswer]:
    questions = catalogue.get(entry.questionnaire_id, entry.version).questions
    for given in entry.answers:
        question = questions.get(given.question_id)
        if question is None or question.gate is None or given.answer.state is AnswerState.NOT_APPLICABLE:
            continue
        claimed, supported = _levels(question, given.answer)
        subject_id = f"{entry.questionnaire_id}:{question.id}"
        yield GateAnswer(subject_id, question, question.gate, claimed, supported, bool(entry.steps))


def _levels(question: Question, answer: Answer) -> tuple[float | None, float | None]:
    if answer.value is None:
        return None, None
    claimed = question.options_by_id[answer.value].value
    return claimed, min(claimed, EVIDENCE_CARRIES[answer.evidence_kind])
