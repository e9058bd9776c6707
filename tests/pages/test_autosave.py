"""The autosave protocol in sequences that a page test can't play: old pages, interrupted runs, several fields at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assessment.access import Principal, Role, Scope
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.store.answers import StoredAnswer, read_answers
from assessment.ui import autosave
from assessment.ui.track import FIELDS, NOT_APPLICABLE, SHOWN_BEFORE, Slot, Track, normal
from tests.pages.conftest import half_done

QUESTION = "dgm-access-rules"


class Browser:
    """One person's page: widgets with values of their own, drawn from the track as `question.card` draws them."""

    def __init__(self, desk: Desk, session: dict[str, Any], name: str) -> None:
        self.desk = replace(desk, principal=Principal(name, Role.COUNTRY_LEADER, "FR"), session_id=name)
        self.assessment = half_done(desk)
        self.slot = Slot(self.assessment.id, QUESTION, "en", name)
        self.session: dict[str, Any] = {}
        self._shared = session

    def stored(self) -> StoredAnswer | None:
        with self.desk.store.read() as connection:
            return read_answers(connection, self.assessment.id, Scope(own=frozenset({"FR"}))).get(QUESTION)

    def run(self, **edits: Any) -> Track:
        """One run of the page, after the person changed the widgets named in `edits`."""
        self._enter()
        known = self.slot.load() or self.slot.first_track(self.stored())
        for name, value in edits.items():
            self._shared[self.slot.widget_key(name, known)] = value
        found = autosave.begin(self.slot, self.stored(), self.desk.session_id)
        values = {}
        for name in FIELDS:
            key = self.slot.widget_key(name, found)
            self._shared.setdefault(key, found.seed(name))
            values[name] = normal(name, self._shared[key])
        found = autosave.settle(self.slot, found, values, self.desk, can_save=True)
        self._leave()
        return found

    def leave_with(self, **edits: Any) -> tuple[str | None, str, int]:
        """The next page is asked for together with these edits; gives what is stored then."""
        self._enter()
        known = self.slot.load()
        assert known is not None
        for name, value in edits.items():
            self._shared[self.slot.widget_key(name, known)] = value
        autosave.catch_up(self.desk)
        self._leave()
        return answer(self)

    def click(self, button: Any, *arguments: Any) -> None:
        self._enter()
        button(self.slot, *arguments)
        self._leave()

    def shows(self, name: str) -> Any:
        self._enter()
        track = self.slot.load()
        assert track is not None
        value = self._shared.get(self.slot.widget_key(name, track))
        self._leave()
        return value

    def forget(self) -> None:
        """The session is lost, as by a restart; the page keeps what its widgets show."""
        widgets = {key: value for key, value in self.session.items() if key.startswith("answer:")}
        self.session = {**widgets, SHOWN_BEFORE: tuple(widgets)}

    def leave_page(self) -> None:
        """Another page is opened: widgets are gone, the session stays."""
        self.session = {key: value for key, value in self.session.items() if not key.startswith("answer:")}

    def _enter(self) -> None:
        self._shared.clear()
        self._shared.update(self.session)

    def _leave(self) -> None:
        self.session = dict(self._shared)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr("assessment.ui.track.st.session_state", state)
    return state


@pytest.fixture
def ana(synthetic: Desk, session: dict[str, Any]) -> Browser:
    return Browser(synthetic, session, "Ana")


@pytest.fixture
def bruno(synthetic: Desk, session: dict[str, Any]) -> Browser:
    return Browser(synthetic, session, "Bruno")


def answer(browser: Browser) -> tuple[str | None, str, int]:
    stored = browser.stored()
    assert stored is not None
    return stored.answer.value, stored.answer.comment, stored.version


def test_the_first_edit_in_a_new_session_is_stored(ana: Browser):
    ana.run(choice="3")
    ana.forget()
    assert ana.run(choice="4").is_saved
    assert answer(ana)[0] == "4"


def test_what_an_old_page_shows_is_disputed_while_a_new_text_beside_it_is_stored(
    ana: Browser, bruno: Browser
):
    ana.run(choice="4")
    bruno.run(choice="5")
    ana.forget()
    track = ana.run(comment="new words")
    assert track.disputed == {"choice"}
    assert not track.is_saved
    assert answer(ana)[:2] == ("5", "new words")


def test_use_mine_means_what_the_page_shows_now(ana: Browser, bruno: Browser):
    ana.run()
    bruno.run(choice="5")
    assert ana.run(choice="2").disputed == {"choice"}
    ana.run(choice="3")
    ana.click(autosave.keep_mine, lambda: ana.desk)
    assert answer(ana)[0] == "3"
    assert ana.run().is_saved


def test_a_dispute_stays_when_the_page_is_left_and_opened_again(ana: Browser, bruno: Browser):
    ana.run()
    bruno.run(choice="5")
    ana.run(choice="2")
    ana.leave_page()
    track = ana.run()
    assert track.disputed == {"choice"}
    assert ana.shows("choice") == "2"
    assert answer(ana)[0] == "5"


def test_going_back_to_the_old_value_is_no_agreement(ana: Browser, bruno: Browser):
    ana.run(choice="3")
    bruno.run(choice="5")
    ana.run(choice="2")
    track = ana.run(choice="3")
    assert not track.is_saved
    assert track.disputed == {"choice"}
    assert answer(ana)[0] == "5"


def test_choosing_what_is_stored_settles_the_dispute(ana: Browser, bruno: Browser):
    ana.run(choice="3")
    bruno.run(choice="5")
    ana.run(choice="2")
    assert ana.run(choice="5").is_saved
    assert answer(ana) == ("5", "", 2)


def test_two_people_changing_two_fields_disturb_nobody(ana: Browser, bruno: Browser):
    ana.run(choice="3")
    bruno.run(choice="5")
    track = ana.run(comment="why")
    assert track.is_saved
    assert track.disputed == frozenset()
    assert answer(ana)[:2] == ("5", "why")


def test_somebody_elses_change_is_shown_and_said(ana: Browser, bruno: Browser):
    ana.run(choice="3")
    bruno.run(choice="5")
    track = ana.run()
    assert track.changed_by_others
    assert ana.shows("choice") == "5"


def test_spaces_around_a_text_hold_nothing_up(ana: Browser, bruno: Browser):
    ana.run(choice="3")
    ana.run(comment="abc ")
    bruno.run(choice="5")
    track = ana.run()
    assert ana.shows("choice") == "5"
    assert track.is_saved


def test_a_refused_field_does_not_hold_up_another(ana: Browser):
    ana.run(choice="3")
    track = ana.run(evidence_ref="javascript:alert(1)", comment="fine")
    assert set(track.refused) == {"evidence_ref"}
    assert not track.is_saved
    assert answer(ana)[:2] == ("3", "fine")
    ana.leave_page()
    ana.run()
    assert ana.shows("evidence_ref") == "javascript:alert(1)"


def test_an_interrupted_run_stores_once(ana: Browser):
    ana.run()
    before = dict(ana.session)
    ana.run(choice="4")
    # The run was stopped after the commit: the session knows nothing of it, the widget still shows 4.
    ana.session = before | {key: value for key, value in ana.session.items() if key.startswith("answer:")}
    assert ana.run().is_saved
    assert answer(ana) == ("4", "", 1)


def test_an_interrupted_run_never_takes_a_later_answer_for_its_own(ana: Browser, bruno: Browser):
    ana.run()
    before = dict(ana.session)
    ana.run(choice="4")
    bruno.run(choice="5")
    ana.session = before | {key: value for key, value in ana.session.items() if key.startswith("answer:")}
    track = ana.run()
    assert not track.is_saved
    assert answer(ana)[0] == "5"


def test_a_quick_second_click_after_an_interrupted_run_is_no_dispute_with_oneself(ana: Browser):
    ana.run()
    before = dict(ana.session)
    ana.run(choice="2")
    ana.session = before | {key: value for key, value in ana.session.items() if key.startswith("answer:")}
    assert ana.run(choice="4").is_saved
    assert answer(ana) == ("4", "", 2)


def test_keeping_theirs_draws_it(ana: Browser, bruno: Browser):
    ana.run()
    bruno.run(choice="5")
    ana.run(choice="2")
    ana.click(autosave.keep_theirs)
    assert ana.run().is_saved
    assert ana.shows("choice") == "5"


def test_not_applicable_waits_for_its_reason_and_is_stored_with_it(ana: Browser):
    track = ana.run(choice=NOT_APPLICABLE)
    assert not track.is_saved
    assert ana.stored() is None
    assert ana.run(reason="No requests come in.").is_saved
    stored = ana.stored()
    assert stored is not None
    assert (stored.answer.state, stored.answer.reason) == ("not_applicable", "No requests come in.")


def test_a_button_answers_and_the_widgets_show_it(ana: Browser):
    ana.run()
    ana.click(autosave.put, {"choice": NOT_APPLICABLE, "reason": "Nothing is live."}, ana.desk)
    assert ana.run().is_saved
    assert ana.shows("choice") == NOT_APPLICABLE


def test_a_page_of_an_emptied_workspace_is_not_believed(ana: Browser, bruno: Browser):
    ana.run(choice="3")
    known = ana.session[ana.slot.key]
    stale = replace(known, base=replace(known.base, event_id=known.base.event_id - 1))
    ana.session[ana.slot.key] = stale
    bruno.run(choice="1")
    ana.run()
    assert ana.shows("choice") == "1"


def test_a_save_between_reading_and_writing_is_noticed(
    ana: Browser, bruno: Browser, monkeypatch: pytest.MonkeyPatch
):
    ana.run()

    def overtaken(desk: Desk, *arguments: Any, **options: Any) -> StoredAnswer:
        monkeypatch.setattr("assessment.ui.autosave.save_answer", save_answer)
        save_answer(
            replace(bruno.desk, at=datetime.now(UTC)), ana.assessment.id, QUESTION, {"state": "answered", "value": "5"},
            expected_version=0, idempotency_key="overtaking",
        )  # fmt: skip
        return save_answer(desk, *arguments, **options)

    monkeypatch.setattr("assessment.ui.autosave.save_answer", overtaken)
    track = ana.run(choice="2")
    assert track.disputed == {"choice"}
    assert answer(ana)[0] == "5"


# A page that outlived its session --------------------------------------------------------------------------------


def test_an_edit_of_an_old_page_never_overwrites_what_it_has_not_seen(ana: Browser, bruno: Browser):
    ana.run(choice="2")
    bruno.run(choice="5")
    ana.forget()
    track = ana.run(choice="4")
    assert track.disputed == {"choice"}
    assert answer(ana) == ("5", "", 2)


def test_a_reason_still_to_come_makes_no_old_page_overwrite(ana: Browser, bruno: Browser):
    ana.run(choice="2")
    bruno.run(choice="5")
    ana.forget()
    assert ana.run(choice=NOT_APPLICABLE).disputed == {"choice"}
    ana.run(choice=NOT_APPLICABLE, reason="No requests come in.")
    assert answer(ana)[0] == "5"


def test_a_page_that_was_forgotten_twice_is_in_no_dispute_with_itself(ana: Browser):
    for level in "234":
        assert ana.run(choice=level).is_saved
        ana.forget()
    assert answer(ana) == ("4", "", 3)


def test_an_old_page_keeps_the_widgets_that_people_are_in(ana: Browser, bruno: Browser):
    bruno.run(choice="3")
    ana.run(choice="4")
    before = {key for key in ana.session if key.startswith("answer:")}
    ana.forget()
    ana.run(comment="and on")
    assert {key for key in ana.session if key.startswith("answer:")} == before
    assert answer(ana)[:2] == ("4", "and on")


def test_another_field_of_an_old_page_is_stored(ana: Browser, bruno: Browser):
    ana.run()
    bruno.run(choice="5")
    ana.forget()
    assert ana.run(comment="why").is_saved
    assert answer(ana)[:2] == ("5", "why")


# A page that was left before its answer was saved ------------------------------------------------------------------


def test_a_choice_of_a_page_that_is_left_at_once_is_stored(ana: Browser):
    ana.run(choice="2")
    assert ana.leave_with(choice="4") == ("4", "", 2)


def test_what_is_left_is_stored_once_and_no_older_widget_comes_back(ana: Browser, bruno: Browser):
    ana.run(choice="2")
    ana.leave_with(choice="4")
    bruno.run(choice="5")
    assert ana.leave_with() == ("5", "", 3)
    assert ana.run().is_saved
    assert ana.shows("choice") == "5"


def test_a_choice_that_is_left_overwrites_nobody_elses(ana: Browser, bruno: Browser):
    ana.run(choice="2")
    bruno.run(choice="5")
    assert ana.leave_with(choice="4") == ("5", "", 2)
    track = ana.run()
    assert track.disputed == {"choice"}
    assert track.held == {"choice": "4"}
