"""The reviewer's page: what to look at first, remarks that reopen a question, evidence that was found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.errors import ResponseError
from assessment.responses import AssessmentState
from assessment.statements import StatementKind
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.store.engine import Store
from assessment.store.statements import read_remarks, read_statements, read_verified
from tests.pages.conftest import Open, half_done
from tests.pages.test_answering import answers, said

FIRST = "dgm-exec-sponsor"


def leader(desk: Desk) -> Desk:
    return replace(desk, principal=Principal("Bea", Role.COUNTRY_LEADER, "FR"), session_id="bea")


@pytest.fixture
def sent(synthetic: Desk) -> StoredAssessment:
    """France's assessment, completed with “don't know” and sent."""
    france, bea = half_done(synthetic), leader(synthetic)
    version = synthetic.catalogue.get(france.questionnaire_id, france.version)
    stored = answers(synthetic, france)
    for question in version.questions.values():
        if question.is_asked_of("country") and question.id not in stored:
            save_answer(
                bea, france.id, question.id, {"state": "dont_know"}, expected_version=0,
                idempotency_key=f"rest-{question.id}",
            )  # fmt: skip
    return reviewing.submit(bea, france.id)


@pytest.fixture
def app(sent: StoredAssessment, open_as: Open) -> AppTest:
    opened = open_as(Role.REVIEWER, "review")
    return opened.selectbox(key="queue").set_value(str(sent.id)).run()


def entry(entries, subject: str, kind: str):
    return next(
        found for found in entries if f":{kind}:" in (found.key or "") and f":{subject}:" in found.key
    )


def any_other(app: AppTest, sent: StoredAssessment) -> None:
    app.selectbox(key=f"other-{sent.id}").set_value(FIRST).run()


def test_the_queue_has_those_with_most_to_look_at_first(app: AppTest):
    words = app.selectbox(key="queue").options
    jumps = [int(word.split("·")[1].split()[0]) if "jump" in word else 0 for word in words]
    assert jumps == sorted(jumps, reverse=True)


def test_answers_without_a_level_are_shown_side_by_side(app: AppTest):
    assert "To look at:" in said(app)
    assert "answers without a level" in said(app)
    assert "Fewer than 5 have answered" in said(app)


def card_of(app: AppTest, sent: StoredAssessment) -> str:
    """The question of the first card on the page."""
    key = next(key for found in app.text_input if ":remark:" in (key := found.key or ""))
    return key.split(":")[5]


def test_only_questions_with_a_remark_open_again(app: AppTest, sent: StoredAssessment, synthetic: Desk):
    commented = card_of(app, sent)
    entry(app.text_input, commented, "remark").set_value("Which minutes?").run()
    with synthetic.store.read() as connection:
        assert read_remarks(connection, sent) == {commented: "Which minutes?"}
    app.button(key=f"return-{sent.id}").click().run()
    with synthetic.store.read() as connection:
        returned = next(e for e in read_assessments(connection, ["FR"]) if e.id == sent.id)
    assert (returned.state, returned.comment) == (AssessmentState.RETURNED, "See the remarks on 1 question.")
    stored = answers(synthetic, sent)
    other = next(name for name in stored if name != commented)
    bea = leader(synthetic)
    with pytest.raises(ResponseError, match="commented on"):
        save_answer(
            bea, sent.id, other, {"comment": "x"}, expected_version=stored[other].version, idempotency_key="o"
        )
    save_answer(
        bea, sent.id, commented, {"comment": "Those of May"}, expected_version=stored[commented].version,
        idempotency_key="c",
    )  # fmt: skip


def test_the_unit_sees_the_remark_and_changes_nothing_else(
    app: AppTest, sent: StoredAssessment, open_as: Open
):
    commented = card_of(app, sent)
    entry(app.text_input, commented, "remark").set_value("Which minutes?").run()
    app.button(key=f"return-{sent.id}").click().run()
    unit = open_as(Role.COUNTRY_LEADER, "tasks", country="France (FR)")
    assert "The reviewer commented on 1 question" in said(unit)
    page = open_as(
        Role.COUNTRY_LEADER, "answer", country="France (FR)", assessment=str(sent.id), question=commented
    )
    assert "The reviewer: Which minutes?" in said(page)
    assert not page.radio[0].disabled


def test_an_evidence_that_was_found_counts_from_then_on(app: AppTest, sent: StoredAssessment, store: Store):
    name = card_of(app, sent)
    entry(app.selectbox, name, "verified").set_value("document").run()
    with store.read() as connection:
        assert read_verified(connection, ["FR"])[sent.round_id, "FR", "data-governance", name] == "document"


def test_returning_needs_a_comment_or_a_remark(app: AppTest, sent: StoredAssessment):
    app.button(key=f"return-{sent.id}").click().run()
    assert "a returned assessment needs a comment" in said(app)


def test_a_remark_of_an_earlier_return_reopens_nothing_later(
    app: AppTest, sent: StoredAssessment, synthetic: Desk, store: Store
):
    entry(app.text_input, card_of(app, sent), "remark").set_value("Which minutes?").run()
    app.button(key=f"return-{sent.id}").click().run()
    later = replace(leader(synthetic), at=synthetic.at.replace(year=synthetic.at.year + 1))
    again = reviewing.submit(later, sent.id)
    with store.read() as connection:
        assert read_remarks(connection, again) == {}
        assert read_statements(connection, ["FR"], [StatementKind.REMARK])


def test_after_sending_there_is_a_receipt_and_a_way_on(sent: StoredAssessment, open_as: Open):
    app = open_as(Role.COUNTRY_LEADER, "check", country="France (FR)", assessment=str(sent.id))
    assert len(app.get("download_button")) == 1
