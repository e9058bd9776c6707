"""The reviewer's queue: what was sent, and what in it asks for a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.access import Action
from assessment.analysis.scrutiny import Look, look_at
from assessment.i18n import count, day, joined, t
from assessment.responses import AssessmentState
from assessment.store.answers import read_answers_of
from assessment.store.assessments import StoredAssessment, preceding, read_assessments
from assessment.ui.session import Here, local_time


@dataclass(frozen=True)
class Waiting:
    """One assessment in the queue, and its answers as a reviewer looks at them."""

    assessment: StoredAssessment
    looks: tuple[Look, ...]

    @property
    def jumps(self) -> int:
        return sum(look.jumped for look in self.looks)

    @property
    def unbacked(self) -> int:
        return sum(look.unbacked for look in self.looks)

    @property
    def without_level(self) -> int:
        return sum(look.without_level for look in self.looks)

    @property
    def is_plain(self) -> bool:
        return all(look.is_plain for look in self.looks)


def read_queue(place: Here) -> list[Waiting]:
    """What the principal may review now: most jumps without evidence first, then unbacked claims, then the longest wait."""
    over = {entry.id for entry in place.rounds if entry.is_over}
    with place.store.read() as connection:
        every = read_assessments(connection, place.scope.units)
        waiting = [
            entry
            for entry in every
            if entry.state is AssessmentState.SUBMITTED
            and entry.round_id not in over
            and place.may(Action.REVIEW, entry.unit_id)
        ]
        before = {entry.id: preceding(entry, _of_unit(every, entry), place.rounds) for entry in waiting}
        ids = {entry.id for entry in (*waiting, *filter(None, before.values()))}
        answers = read_answers_of(connection, ids, place.scope)
    queue = []
    for entry in waiting:
        questionnaire = place.catalogue.get(entry.questionnaire_id, entry.version)
        last = before[entry.id]
        looks = look_at(
            questionnaire,
            questionnaire.questions.values(),
            answers[entry.id],
            answers[last.id] if last else {},
        )
        queue.append(Waiting(entry, looks))
    return sorted(queue, key=lambda w: (-w.jumps, -w.unbacked, str(w.assessment.changed_at), w.assessment.id))


def _of_unit(every: Sequence[StoredAssessment], entry: StoredAssessment) -> list[StoredAssessment]:
    return [other for other in every if other.unit_id == entry.unit_id]


def label(place: Here, waiting: Waiting) -> str:
    """Whose it is, since when it waits, and what asks for a look."""
    entry = waiting.assessment
    sent = day(local_time(entry.changed_at).date()) if entry.changed_at else ""
    return t(
        "{unit}, {questionnaire}: sent {day} · {what}",
        unit=place.organisation.label(entry.unit_id),
        questionnaire=place.catalogue.get(entry.questionnaire_id, entry.version).title,
        day=sent,
        what=summary(waiting),
    )


def summary(waiting: Waiting) -> str:
    """What asks for a look, in words."""
    said = [
        count(number, one, many)
        for number, one, many in (
            (waiting.jumps, "jump without evidence", "jumps without evidence"),
            (waiting.unbacked, "claim above its evidence", "claims above their evidence"),
            (waiting.without_level, "answer without a level", "answers without a level"),
        )
        if number
    ]
    return joined(said) if said else t("nothing unusual")
