"""The floors that were waived in the invented group until a day, so that a pilot could begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from assessment.demo.gates import GateAnswer, GateAnswers
from assessment.demo.group import moment
from assessment.organisation import Phase, Round, Unit
from assessment.statements import DecisionContent, RecordedStatement, StatementKind, asked_in

_REASONS = (
    "The pilot has one user, who has agreed to do without it until then.",
    "The central team does it by hand until the domain can.",
    "Comes with the next release of the platform; the date is set.",
    "The head of the domain answers for it until then.",
)
#: So many floors of one questionnaire are waived at most.
_MOST = 2


def decisions(
    units: Sequence[Unit], rounds: Sequence[Round], answers: GateAnswers
) -> Iterator[RecordedStatement]:
    """During adoption, the open floors of each unit that claims all its hard gates; those of earlier rounds have run out."""
    for entry in rounds:
        if entry.phase is not Phase.DURING:
            continue
        for row, unit in enumerate(units):
            given = answers.get((entry.id, unit.id), ())
            for place, floor in enumerate(_waived(given)):
                content = _content(entry, row + place)
                yield RecordedStatement(
                    StatementKind.DECISION, entry.id, unit.id, floor.subject_id, content, moment(entry, 13, 9, place)
                )  # fmt: skip


def _waived(given: Sequence[GateAnswer]) -> Iterator[GateAnswer]:
    may_begin = bool(given) and all(
        answer.is_sent and (answer.is_claimed or not answer.gate.hard) for answer in given
    )
    waived: Counter[str] = Counter()
    for answer in given if may_begin else ():
        questionnaire_id, _ = asked_in(answer.subject_id)
        if not answer.gate.hard and not answer.is_met and waived[questionnaire_id] < _MOST:
            waived[questionnaire_id] += 1
            yield answer


def _content(entry: Round, place: int) -> DecisionContent:
    assert entry.closes_on is not None
    expires_on = entry.closes_on + timedelta(days=60 + 30 * (place % 3))
    return DecisionContent(waived=True, reason=_REASONS[place % len(_REASONS)], expires_on=expires_on)
