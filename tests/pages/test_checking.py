"""Checking what was answered, sending it, and taking it back; and what the list of tasks says of each step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.actions.stating import state
from assessment.responses import AssessmentState
from assessment.statements import StatementKind
from assessment.store.assessments import StoredAssessment, read_assessments, sent_by
from assessment.store.statements import About
from assessment.ui.session import to_the_minute
from tests.pages.conftest import Open, half_done
from tests.pages.test_answering import answers, said

COMMENTED = "dgm-exec-sponsor"


def leader(desk: Desk) -> Desk:
    return replace(desk, principal=Principal("Bea", Role.COUNTRY_LEADER, "FR"), session_id="bea")


@pytest.fixture
def whole(synthetic: Desk) -> StoredAssessment:
    """France's assessment with everything answered, one answer with a comment of two lines."""
    france, bea = half_done(synthetic), leader(synthetic)
    version = synthetic.catalogue.get(france.questionnaire_id, france.version)
    stored = answers(synthetic, france)
    for question in [*version.questions.values(), *version.ratings.values()]:
        if question.is_asked_of("country") and question.id not in stored:
            changes = {"state": "answered", "value": "2"}
            save_answer(bea, france.id, question.id, changes, expected_version=0, idempotency_key=question.id)
    save_answer(
        bea, france.id, COMMENTED, {"comment": "First line\n\u202esecond line"},
        expected_version=stored[COMMENTED].version, idempotency_key="comment",
    )  # fmt: skip
    return france


@pytest.fixture
def sent(synthetic: Desk, whole: StoredAssessment) -> StoredAssessment:
    return reviewing.submit(leader(synthetic), whole.id)


@pytest.fixture
def returned(synthetic: Desk, sent: StoredAssessment) -> StoredAssessment:
    """Sent back with a remark on one question."""
    reviewer = replace(synthetic, principal=Principal("Ravi", Role.REVIEWER), at=datetime.now(UTC))
    about = About(StatementKind.REMARK, sent.round_id, "FR", f"{sent.questionnaire_id}:{COMMENTED}")
    state(reviewer, about, {"text": "Which minutes?"}, expected_version=0, idempotency_key="remark")
    return reviewing.return_to_unit(reviewer, sent.id, "")


def check(open_as: Open, assessment: StoredAssessment) -> AppTest:
    return open_as(Role.COUNTRY_LEADER, "check", country="France (FR)", assessment=str(assessment.id))


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def state_of(desk: Desk, assessment: StoredAssessment) -> AssessmentState:
    with desk.store.read() as connection:
        found = read_assessments(connection, ["FR"])
    return next(entry.state for entry in found if entry.id == assessment.id)


def test_a_comment_keeps_its_lines_and_turns_nothing_round(open_as: Open, whole: StoredAssessment):
    assert "First line  \nsecond line" in said(check(open_as, whole))


def test_the_other_assessments_of_the_round_are_offered(open_as: Open, whole: StoredAssessment):
    app = check(open_as, whole)
    offered = app.selectbox(key=f"check-{whole.id}")
    assert "Data governance maturity · Draft" in offered.options
    assert len(offered.options) > 1
    other = next(place for place, words in enumerate(offered.options) if "Data governance" not in words)
    offered.select_index(other).run()
    assert app.query_params["assessment"] != str(whole.id)
    assert not app.exception


@pytest.mark.parametrize("page", ["check", "tasks"])
def test_what_was_sent_is_taken_back_where_it_says_so_and_said_to_be(
    open_as: Open, synthetic: Desk, sent: StoredAssessment, page: str
):
    app = open_as(Role.COUNTRY_LEADER, page, country="France (FR)", assessment=str(sent.id))
    app.button(key=f"withdraw-{sent.id}").click().run()
    assert state_of(synthetic, sent) is AssessmentState.DRAFT
    assert any("Taken back: it is a draft again" in entry.value for entry in app.success)
    app.run()
    assert not any("Taken back" in entry.value for entry in app.success)


def test_only_what_can_be_changed_is_offered_to_be_changed(open_as: Open, returned: StoredAssessment):
    assert links(check(open_as, returned)).count("Change") == 1


def test_a_section_with_a_remark_is_not_called_completed(open_as: Open, returned: StoredAssessment):
    tasks = open_as(Role.COUNTRY_LEADER, "tasks", country="France (FR)")
    assert said(tasks).count("Returned: 1 comment]") == 1


def test_a_whole_assessment_leads_on_to_its_check(open_as: Open, whole: StoredAssessment):
    tasks = open_as(Role.COUNTRY_LEADER, "tasks", country="France (FR)")
    assert "**All of 6 sections complete.**" in said(tasks)
    assert tasks.button(key=f"continue-{whole.id}").label == "Check and send"


def test_every_assessment_leads_to_its_answers_also_unfinished(open_as: Open, synthetic: Desk):
    tasks = open_as(Role.COUNTRY_LEADER, "tasks", country="France (FR)")
    assert "Can't be sent yet" in said(tasks)
    open_ones = [entry for entry in tasks.button if (entry.key or "").startswith("continue-")]
    assert links(tasks).count("See all your answers") == len(open_ones) > 0


def test_who_sent_it_is_known(synthetic: Desk, sent: StoredAssessment, whole: StoredAssessment):
    with synthetic.store.read() as connection:
        assert sent_by(connection, sent.id) == "Bea"
        assert sent_by(connection, -1) == ""


def test_a_receipt_says_the_day_and_how_far_its_time_is_from_utc():
    assert to_the_minute(datetime(2026, 3, 1, 20, 48, tzinfo=UTC)) == "1 Mar 2026, 20:48 (UTC+00:00)"


def test_a_page_is_titled_by_its_section_and_unit(
    open_as: Open, synthetic: Desk, monkeypatch: pytest.MonkeyPatch
):
    titles: list[str] = []
    monkeypatch.setattr(st, "set_page_config", lambda page_title="", **_options: titles.append(page_title))
    open_as(Role.COUNTRY_LEADER, "answer", country="France (FR)", dimension="direction")
    assert titles[-1] == "Direction · France · Mesh Readiness"
    open_as(Role.COUNTRY_LEADER, "check", country="France (FR)", assessment=str(half_done(synthetic).id))
    assert titles[-1] == "Check and send · Data governance maturity · France · Mesh Readiness"
