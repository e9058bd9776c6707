"""Finding one's way through an assessment: one question alone, only what is open, a search, and back from a check."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Role
from assessment.actions.answering import CONFIRMED
from assessment.actions.desk import Desk
from assessment.errors import StoreError
from assessment.responses import AnswerState
from assessment.store.assessments import StoredAssessment
from tests.pages.conftest import Open, half_done
from tests.pages.test_answering import _page, answers, radio, said

OPEN = "dgm-access-rules"


@pytest.fixture
def france(synthetic: Desk) -> StoredAssessment:
    return half_done(synthetic)


def at(open_as: Open, france: StoredAssessment, **where: str) -> AppTest:
    return open_as(Role.COUNTRY_LEADER, "answer", country="France (FR)", assessment=str(france.id), **where)


def asked(app: AppTest) -> list[str]:
    """The ids of the questions on the page."""
    return [key.split(":")[2] for entry in app.radio if (key := entry.key or "").endswith(":choice")]


def button(app: AppTest, words: str):
    return next(entry for entry in app.button if entry.label.startswith(words))


def test_an_address_with_a_question_shows_that_one(open_as: Open, france: StoredAssessment):
    app = at(open_as, france, question=OPEN)
    assert asked(app) == [OPEN]
    assert app.query_params["dimension"] == "access-and-law"


def test_one_at_a_time_starts_with_the_first_unanswered_question(open_as: Open, france: StoredAssessment):
    app = at(open_as, france, dimension="access-and-law")
    app.toggle(key="toggle: one question at a time").set_value(True).run()
    assert len(asked(app)) == 1
    first = asked(app)[0]
    button(app, "Next question").click().run()
    assert app.query_params["question"] != first


def test_only_unanswered_hides_what_is_answered(open_as: Open, france: StoredAssessment, synthetic: Desk):
    done = answers(synthetic, france)
    app = at(open_as, france, dimension="direction")
    assert set(asked(app)) <= set(done)
    app.toggle(key="toggle: only unanswered").set_value(True).run()
    assert asked(app) == []
    assert "Everything here is answered." in [entry.value for entry in app.success]


def test_a_toggle_takes_effect_on_a_page_of_one_question(open_as: Open, france: StoredAssessment):
    app = at(open_as, france, question=OPEN)
    app.toggle(key="toggle: only unanswered").set_value(True).run()
    assert "question" not in app.query_params
    assert len(asked(app)) > 1
    app.query_params["question"] = OPEN
    app.toggle(key="toggle: one question at a time").set_value(True).run()
    assert len(asked(app)) == 1
    app.query_params["question"] = OPEN
    app.toggle(key="toggle: one question at a time").set_value(False).run()
    assert len(asked(app)) > 1


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"question": "nonsense"}, "the question “nonsense”, which isn't asked here"),
        ({"dimension": "nowhere"}, "the section “nowhere”, which isn't here"),
    ],
)
def test_an_address_of_nothing_that_is_asked_is_said_to_be_one(
    open_as: Open, france: StoredAssessment, where: dict[str, str], words: str
):
    app = at(open_as, france, **where)
    assert any(words in entry.value for entry in app.main.warning)
    assert asked(app)


def test_an_address_of_no_unit_here_says_so_until_somebody_chooses(open_as: Open, synthetic: Desk):
    app = open_as(Role.COUNTRY_LEADER, "answer", country="Nowhere")
    assert any("names “Nowhere”, which isn't here; this is" in entry.value for entry in app.main.warning)
    app.sidebar.selectbox(key="country").set_value("ES").run()
    assert not any("Nowhere" in entry.value for entry in app.main.warning)


def test_the_list_of_sections_tells_begun_ones_from_those_not_started(
    open_as: Open, france: StoredAssessment
):
    app = at(open_as, france, dimension="direction")
    icons = {
        entry.label: entry.icon for entry in app.sidebar.button if (entry.key or "").startswith("section-")
    }
    assert icons["Knowing the data (in progress)"] == ":material/clock_loader_40:"
    assert icons["Access and law"] == ":material/radio_button_unchecked:"
    assert opened_section(app) == ":material/arrow_right: **Direction (complete)**"


def test_the_list_says_at_once_that_a_section_is_complete(open_as: Open, france: StoredAssessment):
    app = at(open_as, france, dimension="knowing-the-data")
    assert opened_section(app) == ":material/arrow_right: **Knowing the data**"
    for question in [entry for entry in app.radio if ":choice" in (entry.key or "")]:
        if question.value is None:
            question.set_value("2").run()
    assert opened_section(app) == ":material/arrow_right: **Knowing the data (complete)**"


def opened_section(app: AppTest) -> str:
    """How the list of sections names the one that is open."""
    return next(entry.value for entry in app.sidebar.markdown if "arrow_right" in entry.value)


def test_a_search_leads_to_the_question_in_its_section(open_as: Open, france: StoredAssessment):
    app = at(open_as, france, dimension="direction")
    app.text_input(key="find-question").set_value("access rules dgm").run()
    found = [entry for entry in app.button if (entry.key or "").startswith("found-")]
    assert [entry.key for entry in found] == [f"found-{OPEN}"]
    app.text_input(key="find-question").set_value("nobody wrote this").run()
    assert "No question has these words." in [entry.value for entry in app.caption]


def test_a_check_leads_to_a_question_and_back(open_as: Open, france: StoredAssessment):
    app = at(open_as, france, question=OPEN, **{"from": "check"})
    assert any(entry.label == "Back to your answers" for entry in app.button)


def test_unchanged_gives_last_rounds_answer_anew_and_says_so(
    open_as: Open, france: StoredAssessment, synthetic: Desk
):
    app = at(open_as, france, question=OPEN)
    assert OPEN not in answers(synthetic, france)
    button(app, "Unchanged since last round").click().run()
    stored = answers(synthetic, france)[OPEN]
    assert (stored.origin, stored.version) == (CONFIRMED, 1)
    assert stored.answer.state is not AnswerState.DONT_KNOW
    assert radio(app, OPEN).value == stored.answer.value
    assert "Confirmed unchanged. Saved" in said(app)


def test_undo_goes_back_to_what_was_stored_before(open_as: Open, france: StoredAssessment, synthetic: Desk):
    app = at(open_as, france, question=OPEN)
    radio(app, OPEN).set_value("2").run()
    assert not [entry for entry in app.button if entry.label.startswith("Undo")]
    radio(app, OPEN).set_value("4").run()
    button(app, "Undo: back to 2").click().run()
    assert answers(synthetic, france)[OPEN].answer.value == "2"
    assert radio(app, OPEN).value == "2"
    assert answers(synthetic, france)[OPEN].version == 3


@pytest.mark.parametrize("toggle", ["only unanswered", "one question at a time"])
def test_a_card_stays_while_somebody_works_on_it(
    open_as: Open, france: StoredAssessment, synthetic: Desk, toggle: str
):
    app = at(open_as, france, dimension="access-and-law")
    app.toggle(key=f"toggle: {toggle}").set_value(True).run()
    (first, *_) = asked(app)
    radio(app, first).set_value("2").run()
    # As a page does that hears of somebody else's answer.
    app.run()
    assert first in asked(app)
    app.switch_page(_page("tasks")).run()
    app.query_params["dimension"] = "access-and-law"
    app.switch_page(_page("answer")).run()
    assert first not in asked(app)


def test_unchanged_that_could_not_be_stored_says_so(
    open_as: Open, france: StoredAssessment, synthetic: Desk, monkeypatch: pytest.MonkeyPatch
):
    app = at(open_as, france, question=OPEN)

    def refused(*_arguments: object, **_named: object) -> None:
        raise StoreError("The database can't be written at the moment (disk full). Nothing was changed.")

    with monkeypatch.context() as fault:
        fault.setattr("assessment.ui.autosave.confirm_answer", refused)
        button(app, "Unchanged since last round").click().run()
    assert "Nothing was changed" in said(app)
    assert OPEN not in answers(synthetic, france)
    button(app, "Unchanged since last round").click().run()
    assert "Nothing was changed" not in said(app)
    assert OPEN in answers(synthetic, france)
