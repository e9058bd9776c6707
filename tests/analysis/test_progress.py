"""Where an assessment is, as somebody who waits for it sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assessment.analysis.progress import PATIENCE_DAYS, Progress, Where, tally
from assessment.responses import AssessmentState

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DRAFT = Progress(1, "FR", "data-governance", AssessmentState.DRAFT, None, 23, 0, 0, None)


@pytest.mark.parametrize(
    ("found", "closes_on", "where"),
    [
        (DRAFT, None, Where.NOT_STARTED),
        (DRAFT, TODAY, Where.NOT_STARTED),
        (DRAFT, TODAY - timedelta(days=1), Where.OVERDUE),
        (replace(DRAFT, answered=1), None, Where.UNDER_WAY),
        (replace(DRAFT, state=AssessmentState.RETURNED), None, Where.RETURNED),
        (replace(DRAFT, state=AssessmentState.RETURNED), TODAY - timedelta(days=1), Where.OVERDUE),
        (replace(DRAFT, state=AssessmentState.SUBMITTED, changed_at=NOW), None, Where.SUBMITTED),
        (
            replace(DRAFT, state=AssessmentState.SUBMITTED, changed_at=NOW - timedelta(days=PATIENCE_DAYS + 1)),
            None, Where.STUCK,
        ),
        (replace(DRAFT, state=AssessmentState.SUBMITTED), TODAY - timedelta(days=1), Where.SUBMITTED),
        (replace(DRAFT, state=AssessmentState.ACCEPTED), None, Where.ACCEPTED),
        (replace(DRAFT, state=AssessmentState.CLOSED), None, Where.ACCEPTED),
    ],
)  # fmt: skip
def test_where_it_is(found: Progress, closes_on: date | None, where: Where):
    assert found.where(TODAY, closes_on) is where


def test_more_than_a_fifth_unknown_is_thin_and_nothing_answered_is_not():
    assert not DRAFT.is_thin
    assert not replace(DRAFT, answered=10, dont_know=2).is_thin
    assert replace(DRAFT, answered=10, dont_know=3).is_thin


def test_the_tally_has_the_most_urgent_first_and_leaves_out_what_is_nowhere():
    found = [DRAFT, replace(DRAFT, state=AssessmentState.ACCEPTED), replace(DRAFT, answered=2)]
    assert list(tally(found, TODAY, None).items()) == [
        (Where.NOT_STARTED, 1), (Where.UNDER_WAY, 1), (Where.ACCEPTED, 1),
    ]  # fmt: skip
