"""A workbook that comes back: every change is shown first, and nothing that was answered meanwhile is replaced unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions.answering import save_answer, save_answers
from assessment.actions.desk import Desk
from assessment.errors import EditConflict, NotAllowed
from assessment.exports.workbook import Line, assessment_workbook
from assessment.responses import Answer, AnswerState
from assessment.store.assessments import StoredAssessment
from tests.pages.conftest import Open, half_done
from tests.pages.test_answering import answers, said

OPEN, RATED = "dgm-access-rules", "dgm-vignette-owners"
FOUR = Answer(AnswerState.ANSWERED, "4")


@pytest.fixture
def france(synthetic: Desk) -> StoredAssessment:
    return half_done(synthetic)


def leader(desk: Desk) -> Desk:
    return replace(desk, principal=Principal("Bea", Role.COUNTRY_LEADER, "FR"), session_id="bea")


def workbook(desk: Desk, france: StoredAssessment, names: tuple[str, ...] = (OPEN,), **about: str) -> bytes:
    """A workbook of France in which these questions are answered."""
    version = desk.catalogue.get(france.questionnaire_id, france.version)
    lines = [Line("Section", version.answerable[name], FOUR, 0, None) for name in names]
    whose = {
        "round_id": france.round_id, "unit_id": "FR", "questionnaire_id": france.questionnaire_id,
        "questionnaire_version": france.version, "language": "en",
    }  # fmt: skip
    return assessment_workbook(version, lines, whose | about)


def brought(open_as: Open, france: StoredAssessment, content: bytes) -> AppTest:
    app = open_as(Role.COUNTRY_LEADER, "offline", country="France (FR)", assessment=str(france.id))
    app.file_uploader(key=f"workbook-{france.id}").upload("w.xlsx", content).run()
    return app


def take_over(app: AppTest):
    return next(entry for entry in app.button if entry.label.startswith("Take over"))


def test_a_change_is_shown_then_taken_over_and_says_where_it_came_from(
    open_as: Open, synthetic: Desk, france: StoredAssessment
):
    app = brought(open_as, france, workbook(synthetic, france))
    assert "| Not answered | **4 Managed**" in said(app)
    assert OPEN not in answers(synthetic, france)
    take_over(app).click().run()
    stored = answers(synthetic, france)[OPEN]
    assert (stored.answer, stored.origin) == (FOUR, "workbook")


def test_the_preview_tells_a_situation_from_the_question_of_the_same_words(
    open_as: Open, synthetic: Desk, france: StoredAssessment
):
    preview = said(brought(open_as, france, workbook(synthetic, france, (OPEN, RATED))))
    assert "| Invented situation, “Oskavel Foods has printed" in preview
    assert preview.count("Invented situation, ") == 1


def test_what_was_answered_since_is_only_replaced_when_somebody_says_so(
    open_as: Open, synthetic: Desk, france: StoredAssessment
):
    content = workbook(synthetic, france)
    save_answer(
        leader(synthetic), france.id, OPEN, {"state": "answered", "value": "2"}, expected_version=0,
        idempotency_key="meanwhile",
    )  # fmt: skip
    app = brought(open_as, france, content)
    assert "answered here since" in said(app)
    assert not [entry for entry in app.button if entry.label.startswith("Take over")]
    app.checkbox[0].check().run()
    take_over(app).click().run()
    assert answers(synthetic, france)[OPEN].answer == FOUR


def test_another_assessments_workbook_changes_nothing(
    open_as: Open, synthetic: Desk, france: StoredAssessment
):
    app = brought(open_as, france, workbook(synthetic, france, unit_id="DE"))
    assert "belongs to another assessment" in said(app)
    assert not [entry for entry in app.button if entry.label.startswith("Take over")]


def test_a_broken_file_is_told(open_as: Open, france: StoredAssessment):
    assert "A302" in said(brought(open_as, france, b"no workbook"))


def test_all_or_nothing_and_twice_is_once(synthetic: Desk, france: StoredAssessment):
    bea = leader(synthetic)
    before = answers(synthetic, france)
    known = next(iter(before))
    with pytest.raises(EditConflict):
        save_answers(bea, france.id, [(OPEN, FOUR, 0), (known, FOUR, 99)], origin="workbook")
    assert answers(synthetic, france) == before
    assert save_answers(bea, france.id, [(OPEN, FOUR, 0)], origin="workbook") == 1
    assert save_answers(bea, france.id, [(OPEN, FOUR, 0)], origin="workbook") == 0
    with pytest.raises(NotAllowed):
        save_answers(
            replace(bea, principal=Principal("Eve", Role.COUNTRY_LEADER, "DE")), france.id, [(OPEN, FOUR, 1)],
            origin="workbook",
        )  # fmt: skip
