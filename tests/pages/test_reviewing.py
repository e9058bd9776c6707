"""The reviewer's page: what to look at first, remarks that reopen a question, evidence that was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions import reviewing
from assessment.actions.answering import CONFIRMED, save_answer
from assessment.actions.desk import Desk
from assessment.errors import ResponseError
from assessment.i18n import count
from assessment.responses import AssessmentState
from assessment.statements import StatementKind
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.store.engine import Store
from assessment.store.statements import read_remarks, read_statements, read_verified
from assessment.ui import queue
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
    return open_as(Role.REVIEWER, "review", assessment=str(sent.id))


def entry(entries, subject: str, kind: str):
    return next(
        found for found in entries if f":{kind}:" in (found.key or "") and f":{subject}:" in found.key
    )


def any_other(app: AppTest, sent: StoredAssessment) -> None:
    app.selectbox(key=f"other-{sent.id}").set_value(FIRST).run()


def rows(app: AppTest) -> list[str]:
    """What the list says of each assessment, in order."""
    return [entry.value for entry in app.caption if entry.value.startswith("sent ")]


def jumps(row: str) -> int:
    return next((int(part.split()[0]) for part in row.split(" · ") if "jump" in part), 0)


def links(app: AppTest) -> list[str]:
    """Where the rows of the list lead."""
    found = [parse_qs(link.proto.query_string) for link in app.get("page_link")]
    return [parameters["assessment"][0] for parameters in found if "assessment" in parameters]


def level_3_everywhere(desk: Desk, assessment: StoredAssessment) -> None:
    """The leader of France gives level 3 with a document everywhere: nothing to look at."""
    version = desk.catalogue.get(assessment.questionnaire_id, assessment.version)
    stored = answers(desk, assessment)
    fields = {
        "state": "answered", "value": "3", "reason": "", "evidence_kind": "document", "evidence_ref": "Minutes",
    }  # fmt: skip
    for question in version.questions.values():
        if question.is_asked_of("country"):
            seen = stored[question.id].version if question.id in stored else 0
            save_answer(
                leader(desk), assessment.id, question.id, fields, expected_version=seen,
                idempotency_key=f"plain-{question.id}",
            )  # fmt: skip


def test_the_queue_has_those_with_most_to_look_at_first(sent: StoredAssessment, open_as: Open):
    app = open_as(Role.REVIEWER, "review")
    counted = [jumps(row) for row in rows(app)]
    assert counted == sorted(counted, reverse=True)
    assert counted[0] > 0
    assert all("since last round" in row for row in rows(app))


def test_a_row_leads_to_its_assessment_by_number(sent: StoredAssessment, open_as: Open):
    app = open_as(Role.REVIEWER, "review")
    assert len(links(app)) == len(set(links(app))) == len(rows(app))
    assert str(sent.id) in links(app)


def test_a_long_queue_comes_in_pages_and_can_be_narrowed(
    sent: StoredAssessment, open_as: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queue, "PER_PAGE", 1_000)
    every = links(open_as(Role.REVIEWER, "review"))
    monkeypatch.setattr(queue, "PER_PAGE", 2)
    app = open_as(Role.REVIEWER, "review")
    assert links(app) == every[:2]
    app.session_state[f"queue-page-of-{ceil(len(every) / 2)}"] = 2
    assert links(app.run()) == every[2:4]
    app = open_as(Role.REVIEWER, "review")
    app.selectbox(key="queue-country").set_value("FR").run()
    assert str(sent.id) in links(app)
    assert len(links(app)) < len(every)


def test_an_address_that_waits_for_nobody_says_so_and_shows_the_list(sent: StoredAssessment, open_as: Open):
    app = open_as(Role.REVIEWER, "review", assessment="999999")
    assert "doesn't wait for a review" in app.warning[0].value
    assert rows(app)


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
    drawn = [entry.key or entry.type for entry in app.main if entry.type in ("text_area", "error", "button")]
    assert drawn[-4:] == [f"comment-{sent.id}", "error", f"accept-{sent.id}", f"return-{sent.id}"]
    assert "a returned assessment needs a comment" in app.error[0].value


def test_a_decision_leads_back_to_the_list_and_is_said_there(app: AppTest, sent: StoredAssessment):
    app.button(key=f"accept-{sent.id}").click().run()
    assert app.title[0].value == "Review"
    assert [entry.value for entry in app.success] == ["Accepted: France, Data governance maturity."]
    assert str(sent.id) not in links(app)


def test_the_reviewer_sees_how_sure_they_are_and_what_was_only_confirmed(
    sent: StoredAssessment, synthetic: Desk, open_as: Open
):
    bea = replace(leader(synthetic), origin=CONFIRMED)
    reviewing.withdraw(bea, sent.id)
    stored = answers(synthetic, sent)[FIRST]
    given = {"state": "answered", "value": "2", "confidence": "estimate", "comment": "As *ever*"}
    save_answer(bea, sent.id, FIRST, given, expected_version=stored.version, idempotency_key="again")
    reviewing.submit(bea, sent.id)
    words = said(open_as(Role.REVIEWER, "review", assessment=str(sent.id)))
    assert "How sure: Estimate" in words
    assert "Confirmed unchanged since last round" in words
    assert "  \n  Comment: As \\*ever\\*" in words


def test_what_was_first_sent_stands_beside_what_was_accepted(
    app: AppTest, sent: StoredAssessment, synthetic: Desk, open_as: Open
):
    reviewer = replace(synthetic, principal=Principal("Rea", Role.REVIEWER))
    reviewing.return_to_unit(reviewer, sent.id, "Higher, I think")
    later = replace(leader(synthetic), at=synthetic.at + timedelta(hours=1))
    stored = answers(synthetic, sent)[FIRST]
    given = {"state": "answered", "value": "5", "evidence_kind": "independent"}
    save_answer(later, sent.id, FIRST, given, expected_version=stored.version, idempotency_key="higher")
    reviewing.submit(later, sent.id)
    words = said(open_as(Role.REVIEWER, "review", assessment=str(sent.id)))
    assert words.count("First sent: ") == 1
    reviewing.accept(reviewer, sent.id)
    accepted = open_as(Role.REVIEWER, "review", part="accepted")
    assert str(sent.id) in links(accepted)
    assert any("1 answer changed after it was first sent" in entry.value for entry in accepted.caption)
    looked_at = open_as(Role.REVIEWER, "review", assessment=str(sent.id))
    assert said(looked_at).count("First sent: ") == 1
    assert not [entry for entry in looked_at.button if "Accept" in entry.label]


def test_what_has_nothing_unusual_is_accepted_at_once(synthetic: Desk, open_as: Open, store: Store):
    france = half_done(synthetic)
    level_3_everywhere(synthetic, france)
    reviewing.submit(leader(synthetic), france.id)
    app = open_as(Role.REVIEWER, "review")
    (label,) = [entry.label for entry in app.expander if entry.label.endswith("with nothing unusual")]
    listed = [entry.value for entry in app.markdown if entry.value.startswith("- ")]
    assert "- France, Data governance maturity" in listed
    assert count(len(listed), "assessment") in label
    app.button(key="accept-plain").click().run()
    assert [entry.value for entry in app.success] == [f"Accepted: {count(len(listed), 'assessment')}."]
    assert str(france.id) not in links(app)
    with store.read() as connection:
        (found,) = [entry for entry in read_assessments(connection, ["FR"]) if entry.id == france.id]
    assert found.state is AssessmentState.ACCEPTED


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


def test_ones_own_assessment_is_only_to_read(synthetic: Desk, sent: StoredAssessment, open_as: Open):
    # In local use the reviewer's person is the role in words.
    self_sent = replace(leader(synthetic), principal=Principal("Reviewer", Role.COUNTRY_LEADER, "FR"))
    reviewing.withdraw(self_sent, sent.id)
    reviewing.submit(self_sent, sent.id)
    app = open_as(Role.REVIEWER, "review", assessment=str(sent.id))
    assert any("Somebody else has to review it" in text.value for text in app.markdown)
    assert not [button for button in app.button if button.label in ("Accept", "Return with comment")]
    assert not app.exception
