"""Answering through the page: what is stored, when it says so, and what two people on one answer see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role, Scope
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.errors import StoreError
from assessment.scoring.table import score_table
from assessment.store.answers import StoredAnswer, read_answers
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.store.engine import Store
from assessment.store.scoring_input import read_scoring_input
from tests.pages.conftest import Open, half_done

OPEN = "dgm-access-rules"


@pytest.fixture
def france(synthetic: Desk) -> StoredAssessment:
    return half_done(synthetic)


@pytest.fixture
def app(france: StoredAssessment, open_as: Open) -> AppTest:
    """The leader of France on the page of a dimension where nothing is answered yet."""
    opened = open_as(Role.COUNTRY_LEADER, country="France (FR)")
    opened.query_params["assessment"] = str(france.id)
    opened.query_params["dimension"] = "access-and-law"
    return opened.switch_page(str(_page("answer"))).run()


def _page(name: str) -> str:
    from tests.pages.conftest import ROOT

    return str(ROOT / "assessment" / "pages" / f"{name}.py")


def answers(desk: Desk, assessment: StoredAssessment) -> dict[str, StoredAnswer]:
    with desk.store.read() as connection:
        return read_answers(connection, assessment.id, Scope(own=frozenset({"FR"})))


def widget(entries, question_id: str, field: str):
    """The widget of one field of one question's answer."""
    return next(entry for entry in entries if re.search(f":{question_id}:.*:{field}$", entry.key or ""))


def opened(app: AppTest, assessment: StoredAssessment, question_id: str, *, is_open: bool = True) -> None:
    """Opens, or closes, the box with what backs an answer; its widgets are there only while it is open."""
    app.session_state[f"backing:track:{assessment.id}:{question_id}"] = is_open
    app.run()


def radio(app: AppTest, question_id: str):
    return widget(app.radio, question_id, "choice")


def said(app: AppTest) -> str:
    shown = [*app.caption, *app.warning, *app.error, *app.markdown, *app.info]
    return "\n".join(str(element.value) for element in shown)


def somebody_answers(desk: Desk, assessment: StoredAssessment, value: str, version: int) -> StoredAnswer:
    """A deputy of the leader answers the same question in another session."""
    deputy = replace(desk, principal=Principal("Bruno", Role.COUNTRY_LEADER, "FR"), at=datetime.now(UTC))
    changes = {"state": "answered", "value": value}
    return save_answer(
        deputy, assessment.id, OPEN, changes, expected_version=version, idempotency_key=f"b{value}{version}"
    )


def test_no_answer_is_preselected(app: AppTest):
    assert not app.exception
    assert [entry.value for entry in app.radio] == [None] * 4


def test_a_choice_is_stored_and_said_to_be_saved(app: AppTest, synthetic: Desk, france: StoredAssessment):
    radio(app, OPEN).set_value("3").run()
    stored = answers(synthetic, france)[OPEN]
    assert (stored.answer.value, stored.version) == ("3", 1)
    assert ":material/cloud_done: Saved" in said(app)
    assert "1 of 4 questions answered" in said(app)


def test_completing_a_section_does_not_move_the_page_away(
    synthetic: Desk, france: StoredAssessment, open_as: Open
):
    app = open_as(Role.COUNTRY_LEADER, "answer", country="France (FR)")
    assert app.title[0].value == "Knowing the data"
    radio(app, "dgm-report-duplication").set_value("3").run()
    assert app.title[0].value == "Knowing the data"
    assert "3 of 3 questions answered" in said(app)


def test_running_again_stores_nothing_twice(app: AppTest, synthetic: Desk, france: StoredAssessment):
    radio(app, OPEN).set_value("3").run()
    app.run()
    app.run()
    assert answers(synthetic, france)[OPEN].version == 1


def test_not_applicable_is_stored_only_with_its_reason(
    app: AppTest, synthetic: Desk, france: StoredAssessment
):
    radio(app, OPEN).set_value("state:not_applicable").run()
    assert OPEN not in answers(synthetic, france)
    assert "Not saved yet: say why it doesn't apply." in said(app)
    field = widget(app.text_input, OPEN, "reason")
    field.set_value("No requests come in here.").run()
    assert answers(synthetic, france)[OPEN].answer.reason == "No requests come in here."


def test_evidence_changes_only_its_own_field(app: AppTest, synthetic: Desk, france: StoredAssessment):
    radio(app, OPEN).set_value("4").run()
    opened(app, france, OPEN)
    kind = widget(app.selectbox, OPEN, "evidence_kind")
    kind.set_value("record").run()
    stored = answers(synthetic, france)[OPEN]
    assert (stored.answer.value, stored.answer.evidence_kind, stored.version) == ("4", "record", 2)


def test_what_backs_an_answer_stays_where_its_box_is_closed(
    app: AppTest, synthetic: Desk, france: StoredAssessment
):
    radio(app, OPEN).set_value("4").run()
    opened(app, france, OPEN)
    widget(app.selectbox, OPEN, "evidence_kind").set_value("record").run()
    opened(app, france, OPEN, is_open=False)
    radio(app, OPEN).set_value("3").run()
    stored = answers(synthetic, france)[OPEN]
    assert (stored.answer.value, stored.answer.evidence_kind, stored.version) == ("3", "record", 3)
    opened(app, france, OPEN)
    assert widget(app.selectbox, OPEN, "evidence_kind").value == "record"


def test_what_was_refused_stays_refused_where_its_box_is_closed(
    app: AppTest, synthetic: Desk, france: StoredAssessment
):
    radio(app, OPEN).set_value("4").run()
    opened(app, france, OPEN)
    widget(app.text_input, OPEN, "evidence_ref").set_value("javascript:alert(1)").run()
    opened(app, france, OPEN, is_open=False)
    assert "Not saved." in said(app)
    opened(app, france, OPEN)
    assert widget(app.text_input, OPEN, "evidence_ref").value == "javascript:alert(1)"
    assert answers(synthetic, france)[OPEN].answer.evidence_ref == ""


def test_a_script_link_is_refused_in_words_and_not_stored(
    app: AppTest, synthetic: Desk, france: StoredAssessment
):
    radio(app, OPEN).set_value("4").run()
    opened(app, france, OPEN)
    link = widget(app.text_input, OPEN, "evidence_ref")
    link.set_value("javascript:alert(1)").run()
    assert answers(synthetic, france)[OPEN].answer.evidence_ref == ""
    assert "Not saved." in said(app)


def test_somebody_elses_answer_appears_where_nothing_was_pending(
    app: AppTest, synthetic: Desk, france: StoredAssessment
):
    somebody_answers(synthetic, france, "5", 0)
    app.run()
    assert radio(app, OPEN).value == "5"
    assert answers(synthetic, france)[OPEN].version == 1


def test_two_answers_for_one_question_are_shown_and_neither_is_overwritten(
    app: AppTest, synthetic: Desk, france: StoredAssessment
):
    somebody_answers(synthetic, france, "5", 0)
    radio(app, OPEN).set_value("2").run()
    assert answers(synthetic, france)[OPEN].answer.value == "5"
    assert "two answers for one question" in said(app)
    assert "2 Emerging" in said(app)
    assert "5 Optimising" in said(app)
    assert "Bruno" in said(app)


def test_keeping_the_saved_answer_settles_the_dispute(
    app: AppTest, synthetic: Desk, france: StoredAssessment
):
    somebody_answers(synthetic, france, "5", 0)
    radio(app, OPEN).set_value("2").run()
    _button(app, "Keep the saved one").click().run()
    assert radio(app, OPEN).value == "5"
    assert answers(synthetic, france)[OPEN].version == 1
    assert "two answers" not in said(app)


def test_using_mine_stores_it_as_a_change_of_theirs(app: AppTest, synthetic: Desk, france: StoredAssessment):
    somebody_answers(synthetic, france, "5", 0)
    radio(app, OPEN).set_value("2").run()
    _button(app, "Use mine").click().run()
    stored = answers(synthetic, france)[OPEN]
    assert (stored.answer.value, stored.version) == ("2", 2)
    assert radio(app, OPEN).value == "2"


def test_a_choice_after_a_settled_dispute_is_stored_as_usual(
    app: AppTest, synthetic: Desk, france: StoredAssessment
):
    somebody_answers(synthetic, france, "5", 0)
    radio(app, OPEN).set_value("2").run()
    _button(app, "Keep the saved one").click().run()
    radio(app, OPEN).set_value("3").run()
    assert answers(synthetic, france)[OPEN].answer.value == "3"


def test_answers_sent_for_review_can_be_read_but_not_changed(synthetic: Desk, open_as: Open):
    app = open_as(Role.COUNTRY_LEADER, "answer", country="Poland (PL)")
    assert "can be read but not changed" in said(app)
    assert all(entry.disabled for entry in app.radio)


def _button(app: AppTest, label: str):
    return next(entry for entry in app.button if entry.label == label)


# Invented situations --------------------------------------------------------------------------------------


@pytest.fixture
def situations(france: StoredAssessment, open_as: Open) -> AppTest:
    """The leader of France on the page of the invented situations."""
    opened = open_as(Role.COUNTRY_LEADER, country="France (FR)")
    opened.query_params["assessment"] = str(france.id)
    opened.query_params["dimension"] = "invented-situations"
    return opened.switch_page(str(_page("answer"))).run()


def test_an_invented_situation_is_told_and_offers_levels_only(situations: AppTest):
    assert not situations.exception
    assert situations.title[0].value == "Invented situations"
    assert "Oskavel Foods" in said(situations)
    choices = radio(situations, "dgm-vignette-owners")
    assert (len(choices.options), choices.value) == (5, None), "no 'don't know', nothing preselected"
    assert "Evidence and comment" not in [entry.label for entry in situations.expander]


def test_a_rating_is_saved_and_counts_neither_as_a_question_nor_in_the_score(
    situations: AppTest, synthetic: Desk, france: StoredAssessment
):
    before = scores_of(synthetic)
    radio(situations, "dgm-vignette-owners").set_value("4").run()
    assert "Saved" in said(situations)
    assert answers(synthetic, france)["dgm-vignette-owners"].answer.value == "4"
    assert "Data governance maturity · section 7 of 7" in said(situations)
    assert "1 of 2 questions answered" in said(situations)
    pd.testing.assert_frame_equal(scores_of(synthetic), before)


def scores_of(desk: Desk) -> pd.DataFrame:
    """France's scores without the moment of the latest answer."""
    with desk.store.read() as connection:
        data = read_scoring_input(connection, desk.catalogue, Scope(own=frozenset({"FR"})))
    return score_table(data).drop(columns="as_of")


def test_levels_that_describe_and_do_not_judge_go_without_names(synthetic: Desk, open_as: Open):
    with synthetic.store.read() as connection:
        found = read_assessments(connection, ["FR.sales"])
    assessment = next(e for e in reversed(found) if e.questionnaire_id == "domain-ownership")
    opened = open_as(Role.DOMAIN_OWNER, domain="Sales, France (FR.sales)")
    opened.query_params["assessment"] = str(assessment.id)
    opened.query_params["dimension"] = "mandate"
    app = opened.switch_page(str(_page("answer"))).run()
    assert radio(app, "dor-central-dependency").options[:5] == ["1", "2", "3", "4", "5"]
    assert radio(app, "dor-producer-owner").options[0] == "1 Initial"


def test_an_address_of_another_unit_is_refused_and_no_other_assessment_put_in_its_place(
    france: StoredAssessment, open_as: Open
):
    opened = open_as(Role.COUNTRY_LEADER, country="Spain (ES)")
    opened.query_params["assessment"] = str(france.id)
    app = opened.switch_page(str(_page("answer"))).run()
    assert not app.exception
    assert "isn't here, or is another unit's" in said(app)
    assert len(app.radio) == 0


def test_an_address_leads_on_as_the_same_person(synthetic: Desk, open_as: Open):
    app = open_as(Role.COUNTRY_LEADER, country="Spain (ES)")
    assert app.session_state["_here"].address(assessment=7) == {
        "role": "Country data leader", "country": "Spain (ES)", "assessment": "7",
    }  # fmt: skip


@pytest.mark.parametrize("gone", [("write",), ("read", "write")], ids=["it can't be written", "it is gone"])
def test_an_answer_given_while_the_database_is_away_stays_and_is_saved_once_when_it_is_back(
    app: AppTest,
    synthetic: Desk,
    france: StoredAssessment,
    monkeypatch: pytest.MonkeyPatch,
    gone: tuple[str, ...],
):
    @contextmanager
    def away(*_arguments: object, **_named: object) -> Iterator[None]:
        raise StoreError("The database can't be written at the moment (disk full). Nothing was changed.")
        yield

    with monkeypatch.context() as fault:
        for way in gone:
            fault.setattr(Store, way, away)
        radio(app, OPEN).set_value("3").run()
        assert "Nothing was changed" in said(app)
        assert "Saved" not in said(app)
        # Whoever waits, and looks again, finds it still unsaved.
        app.run()
        assert "Nothing was changed" in said(app)
    assert OPEN not in answers(synthetic, france)
    app.run()
    assert radio(app, OPEN).value == "3"
    stored = answers(synthetic, france)[OPEN]
    assert (stored.answer.value, stored.version) == ("3", 1)
    assert ":material/cloud_done: Saved" in said(app)
