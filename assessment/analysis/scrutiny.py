"""What a reviewer looks at first: answers that jumped, or claim more than their evidence carries. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from assessment.questionnaire.models import Question, Questionnaire
from assessment.responses import Answer, AnswerState, EvidenceKind
from assessment.scoring.codes import EVIDENCE_CARRIES

#: From so many levels on, a change within one round is a jump (ux.md §6).
JUMP = 2
#: Below so many other units nothing is said about them.
FEWEST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Look:
    """One answer as a reviewer sees it.

    `change` is now minus last round, in the scale's values; None where either has none. `jumped` is a change of
    `JUMP` or more without evidence for it; `unbacked` claims a higher level than the evidence carries. Both False
    where the scale has no levels.
    """

    question_id: str
    change: float | None
    jumped: bool = False
    unbacked: bool = False
    without_level: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing about it asks for a second look."""
        return not (self.jumped or self.unbacked or self.without_level)


@dataclass(frozen=True, slots=True)
class Others:
    """The middle half of what other units answered; `number` of them gave a level."""

    low: float
    middle: float
    high: float
    number: int


def look_at(
    questionnaire: Questionnaire,
    questions: Iterable[Question],
    answers: Mapping[str, Answer],
    last: Mapping[str, Answer],
) -> tuple[Look, ...]:
    """Every answered question of an assessment, what needs a look first: jumps, then unbacked claims, then no level.

    Unanswered questions are left out; a question without weight is never more than plain.
    """
    looks = [
        _look(questionnaire, question, answers[question.id], last.get(question.id))
        for question in questions
        if question.id in answers
    ]
    return tuple(sorted(looks, key=lambda look: (not look.jumped, not look.unbacked, not look.without_level)))


def spread(values: Sequence[float]) -> Others | None:
    """The middle half of the others' values; None below `FEWEST_OTHERS` of them, who could be told apart."""
    if len(values) < FEWEST_OTHERS:
        return None
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Others(low, median(values), high, len(values))


def _look(questionnaire: Questionnaire, question: Question, answer: Answer, last: Answer | None) -> Look:
    now, before = _value(question, answer), _value(question, last)
    change = now - before if now is not None and before is not None else None
    if not question.weight:
        return Look(question.id, change)
    carries = EVIDENCE_CARRIES[answer.evidence_kind]
    unbacked = questionnaire.has_levels and now is not None and now > carries
    has_none = answer.evidence_kind is EvidenceKind.NONE
    jumped = questionnaire.has_levels and has_none and change is not None and abs(change) >= JUMP
    return Look(question.id, change, jumped, unbacked, answer.state is not AnswerState.ANSWERED)


def _value(question: Question, answer: Answer | None) -> float | None:
    if answer is None or answer.state is not AnswerState.ANSWERED or answer.value is None:
        return None
    option = question.options_by_id.get(answer.value)
    return option.value if option else None
