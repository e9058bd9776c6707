"""How far a round is: who has not started, who is under way, whose answers are thin, what is stuck or late. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assessment.responses import EDITABLE, AssessmentState

#: Above this share of "don't know" among what was answered, an assessment is thin (ux.md §6).
THIN = 0.2
#: After so many days with the reviewer an assessment is stuck.
PATIENCE_DAYS = 7


class Where(StrEnum):
    """Where an assessment is, as somebody who waits for it sees it; one word each, the most urgent first."""

    OVERDUE = "overdue"
    NOT_STARTED = "not_started"
    RETURNED = "returned"
    UNDER_WAY = "under_way"
    STUCK = "stuck"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Progress:
    """One assessment of a round; counts are of questions about the unit, without invented situations."""

    assessment_id: int
    unit_id: str
    questionnaire_id: str
    state: AssessmentState
    changed_at: datetime | None
    asked: int
    answered: int
    dont_know: int
    latest: datetime | None

    @property
    def is_thin(self) -> bool:
        """Whether so much is unknown that its score says little."""
        return self.answered > 0 and self.dont_know > THIN * self.answered

    def where(self, today: date, closes_on: date | None) -> Where:
        """Where it is on a day; a draft is overdue after the day that the round was to close."""
        if self.state in EDITABLE and closes_on is not None and today > closes_on:
            return Where.OVERDUE
        if self.state is AssessmentState.RETURNED:
            return Where.RETURNED
        if self.state is AssessmentState.DRAFT:
            return Where.UNDER_WAY if self.answered else Where.NOT_STARTED
        if self.state is AssessmentState.SUBMITTED:
            waited = (today - self.changed_at.date()).days if self.changed_at else 0
            return Where.STUCK if waited > PATIENCE_DAYS else Where.SUBMITTED
        return Where.ACCEPTED


def tally(entries: Iterable[Progress], today: date, closes_on: date | None) -> dict[Where, int]:
    """How many are where, in the order of `Where`, without those that are nowhere."""
    counted = Counter(entry.where(today, closes_on) for entry in entries)
    return {where: counted[where] for where in Where if counted[where]}
