"""A questionnaire of one's own in the pages: questions that depend on answers, and another language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Radio

from assessment.access import Principal, Role, Scope
from assessment.actions import rounds as round_actions
from assessment.actions import units as unit_actions
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.organisation import Phase, Round, Unit, organisation_of
from assessment.questionnaire.folder import load_catalogue, write_lock
from assessment.questionnaire.models import UnitKind
from assessment.store.answers import read_answers
from assessment.store.assessments import read_assessments
from assessment.store.engine import Store
from tests.pages.conftest import ROOT, Open
from tests.questionnaire.builders import as_yaml, dimension, put, question, questionnaire

ANA = Principal("Ana", Role.ADMINISTRATOR)
ORDERED = {"id": "seas", "title": "Seas", "status": "published", "published_on": "2026-01-01"}
FRENCH = {
    "id": "seas",
    "version": "1.0.0",
    "language": "fr",
    "questions": {
        "ship": {"prompt": "Qui tient le bateau ?", "options": {"1": "Personne.", "2": "Une équipe."}}
    },
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue with one questionnaire: who has a ship is asked for its crew, who has a crew for its captain."""
    place = tmp_path / "questionnaires"
    questions = [
        question("ship"),
        question("crew", show_when={"question": "ship", "at_least": 2}),
        question("captain", show_when={"question": "crew", "at_least": 3}),
    ]
    file = put(place, questionnaire(dimension("water", *questions), **ORDERED))
    (file.parent / "lang").mkdir()
    (file.parent / "lang" / "fr.yaml").write_bytes(as_yaml(FRENCH))
    write_lock(place)
    monkeypatch.setenv("MESH_READINESS_QUESTIONNAIRES", str(place))
    yield place
    st.cache_resource.clear()


@pytest.fixture
def sea_desk(folder: Path, store: Store) -> Desk:
    """A workspace with one country and one open round."""
    st.cache_resource.clear()
    return with_one_round(Desk(store, load_catalogue(folder), ANA, "setup", datetime.now(UTC)))


def with_one_round(desk: Desk) -> Desk:
    units = [Unit("ALL", "All", UnitKind.GROUP, None), Unit("NO", "Norway", UnitKind.COUNTRY, "ALL", "NOR")]
    workspace.start_empty(desk)
    unit_actions.add_units(desk, organisation_of(units))
    spring = Round("2026-H1", "Spring", Phase.BEFORE, date(2026, 1, 1), date(2026, 12, 31), {"seas": "1.0.0"})
    round_actions.open_round(desk, spring)
    return desk


@pytest.fixture
def norway(sea_desk: Desk, open_as: Open) -> AppTest:
    app = open_as(Role.COUNTRY_LEADER, "answer", country="Norway (NO)")
    assert not app.exception
    return app


def prompts(app: AppTest) -> list[str]:
    return [entry.label for entry in choices(app)]


def choices(app: AppTest) -> list[Radio[str]]:
    """The questions themselves, without what is asked beside each."""
    return [entry for entry in app.radio if str(entry.key).endswith(":choice")]


def choose(app: AppTest, place: int, level: str) -> AppTest:
    return choices(app)[place].set_value(level).run()


def test_a_question_is_asked_only_when_the_answer_that_it_hangs_on_is_high_enough(norway: AppTest):
    assert prompts(norway) == ["Who is the ship?"]
    choose(norway, 0, "1")
    assert prompts(norway) == ["Who is the ship?"]
    choose(norway, 0, "2")
    assert prompts(norway) == ["Who is the ship?", "Who is the crew?"]
    choose(norway, 1, "3")
    assert prompts(norway) == ["Who is the ship?", "Who is the crew?", "Who is the captain?"]


def test_an_answer_that_hides_others_hides_all_that_hang_on_them_and_deletes_none(
    norway: AppTest, sea_desk: Desk
):
    choose(choose(norway, 0, "2"), 1, "3")
    choose(norway, 0, "1")
    assert prompts(norway) == ["Who is the ship?"]
    with sea_desk.store.read() as connection:
        (assessment,) = read_assessments(connection, ["NO"])
        stored = read_answers(connection, assessment.id, Scope(own=frozenset({"NO"})))
    assert {name: entry.answer.value for name, entry in stored.items()} == {"ship": "1", "crew": "3"}
    choose(norway, 0, "3")
    assert prompts(norway)[1] == "Who is the crew?", "the earlier answer is still there"
    assert choices(norway)[1].value == "3"


def test_questions_can_be_read_in_another_language_and_the_rest_stays(norway: AppTest):
    picker = next(entry for entry in norway.selectbox if entry.label == "Language of the questions")
    assert picker.options == ["English", "Français"]
    picker.set_value("fr").run()
    assert prompts(norway) == ["Qui tient le bateau ?"]
    choose(norway, 0, "2")
    assert prompts(norway) == ["Qui tient le bateau ?", "Who is the crew?"]


def test_the_answer_is_the_same_in_both_languages(norway: AppTest):
    choose(norway, 0, "2")
    next(entry for entry in norway.selectbox if entry.label == "Language of the questions").set_value(
        "fr"
    ).run()
    assert choices(norway)[0].value == "2"


# A round that was closed ---------------------------------------------------------------------------------------


def test_in_a_closed_round_nothing_is_offered_that_would_be_refused(
    norway: AppTest, sea_desk: Desk, open_as: Open
):
    choose(norway, 0, "2")
    round_actions.close_round(sea_desk, "2026-H1")
    norway.run()
    assert not norway.exception
    assert all(entry.disabled for entry in choices(norway))
    tasks = open_as(Role.COUNTRY_LEADER, "tasks", country="Norway (NO)")
    assert [entry.value for entry in tasks.info] == [
        "It was draft when the round was closed; nothing in it can be changed now."
    ]
    assert not [entry for entry in tasks.button if "back" in entry.label]
    assert "closed on" in " ".join(str(entry.value) for entry in tasks.caption)


# A framework's own answers ------------------------------------------------------------------------------------


def test_own_options_are_shown_by_their_words_not_their_ids(
    tmp_path: Path, store: Store, open_as: Open, monkeypatch: pytest.MonkeyPatch
):
    options = [
        {"id": "none", "label": "Nothing is written.", "value": 0},
        {"id": "all", "label": "All of it is.", "value": 1},
    ]
    place = tmp_path / "own"
    put(
        place,
        questionnaire(
            dimension("water", question("log", options=options)),
            **ORDERED,
            scale={"minimum": 0, "maximum": 1},
        ),
    )
    write_lock(place)
    monkeypatch.setenv("MESH_READINESS_QUESTIONNAIRES", str(place))
    st.cache_resource.clear()
    with_one_round(Desk(store, load_catalogue(place), ANA, "setup", datetime.now(UTC)))
    app = open_as(Role.COUNTRY_LEADER, "answer", country="Norway (NO)")
    (asked,) = choices(app)
    assert asked.options == ["Nothing is written.", "All of it is.", "Don't know yet", "Not applicable"]
    asked.set_value("all").run()
    app = app.switch_page(str(ROOT / "assessment" / "pages" / "check.py")).run()
    assert "All of it is." in "\n".join(str(entry.value) for entry in app.markdown)
