"""Answering, one dimension a page; every answer is saved as it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessment.i18n import count, t
from assessment.questionnaire.models import Question
from assessment.store.answers import newest_event, read_one
from assessment.store.assessments import find_assessment
from assessment.ui import autosave, card, turning
from assessment.ui.asking import can_be_asked
from assessment.ui.assessing import (
    Section,
    Sitting,
    choose_language,
    chosen_assessment,
    no_assessment,
    sit_down,
)
from assessment.ui.faults import told
from assessment.ui.navigation import ANSWER, CHECK, TASKS
from assessment.ui.session import Here, here, page_title
from assessment.ui.showing import FROM, QUESTION, choose_view, find_question, neighbours
from assessment.ui.text import plain
from assessment.ui.widgets import STATE_NAMES

#: How often an open page looks for what others changed, in seconds.
HEARTBEAT_S = 8


@dataclass(frozen=True)
class Table:
    """What the cards of one section are drawn on; as it was when the whole page was drawn."""

    place: Here
    sitting: Sitting
    section: Section
    #: Where the page says how much of the section is done, and where the list of sections names it.
    progress: DeltaGenerator
    here: DeltaGenerator
    #: The questions that have a card.
    shown: tuple[Question, ...]


def page() -> None:
    turning.leave(ANSWER)
    place = here()
    assessment = chosen_assessment(place)
    if assessment is None:
        st.title(t("Answer"), anchor=False)
        no_assessment(place)
        return
    sitting = sit_down(place, assessment)
    wanted = st.query_params.get("dimension")
    number = _chosen_section(sitting)
    section = sitting.parts[number]
    # Every view is a link that leads back to it, also on another device. What is there already isn't set again: the
    # browser's history would have an entry for each.
    address = {"assessment": str(assessment.id), "dimension": section.dimension.id}
    if any(st.query_params.get(name) != value for name, value in address.items()):
        st.query_params.update(address)
    st.set_page_config(page_title=page_title(place, section.dimension.title))
    where = t("section {number} of {sections}", number=number + 1, sections=len(sitting.parts))
    st.caption(f"{plain(sitting.questionnaire.title)} · {where}")
    st.title(plain(section.dimension.title), anchor=False)
    _misled(sitting, wanted)
    _introduction(sitting, section)
    with st.sidebar:
        choose_language(place, sitting.version)
        view = choose_view(sitting)
        find_question(place, sitting)
        listed = _contents(place, sitting, number)
    turning.begin_at_top(ANSWER, f"{assessment.id}, {section.dimension.id}, {view.alone}, {view.singly}")
    shown = view.shown(sitting, section)
    _cards(Table(place, sitting, section, st.empty(), listed, shown))
    _ways_on(place, sitting, number, shown)
    if sitting.is_editable:
        _heartbeat(place, assessment.id, _newest_of_others(place, assessment.id))


def _misled(sitting: Sitting, wanted: str | None) -> None:
    """Says so when the address names a question or a section that isn't asked here."""
    asked = {entry.id for section in sitting.parts for entry in section.questions}
    alone = st.query_params.get(QUESTION)
    if alone is not None and alone not in asked:
        words = t("The address names the question “{named}”, which isn't asked here.", named=plain(alone))
        st.warning(words + " " + t("This is the section where you were, or the first with something open."))
    elif wanted is not None and wanted not in {section.dimension.id for section in sitting.parts}:
        words = t("The address names the section “{named}”, which isn't here.", named=plain(wanted))
        st.warning(words + " " + t("This is the section where you were, or the first with something open."))


def _introduction(sitting: Sitting, section: Section) -> None:
    if section.dimension.summary:
        st.markdown(plain(section.dimension.summary))
    if sitting.questionnaire.summary:
        # Where the words of this questionnaire are explained, such as "important data".
        with st.expander(t("How to choose, and what the words mean")):
            st.markdown(plain(sitting.questionnaire.summary))
    if not sitting.is_editable:
        state = t(STATE_NAMES[sitting.assessment.state])
        st.info(
            t("This assessment is {state}; its answers can be read but not changed.", state=state.lower())
        )


@st.fragment(run_every=HEARTBEAT_S)
def _heartbeat(place: Here, assessment_id: int, seen: int) -> None:
    """Draws the page anew when somebody else changed an answer.

    It also wakes a page that was left open while the server restarted: until something is sent, such a page looks
    alive and isn't.
    """
    with told():
        if _newest_of_others(place, assessment_id) > seen:
            st.rerun()


def _newest_of_others(place: Here, assessment_id: int) -> int:
    with place.store.read() as connection:
        return newest_event(connection, assessment_id, place.scope, besides=place.session_id)


def _chosen_section(sitting: Sitting) -> int:
    """The section that the address names, else where this session was, else the first with something open."""
    ids = [section.dimension.id for section in sitting.parts]
    alone = st.query_params.get(QUESTION)
    for number, section in enumerate(sitting.parts):
        if alone in {question.id for question in section.questions}:
            return number
    remembered = f"section:{sitting.assessment.id}"
    first = sitting.first_open()
    wanted = (
        st.query_params.get("dimension"),
        st.session_state.get(remembered),
        first and first.dimension.id,
    )
    chosen = next((name for name in wanted if name in ids), ids[0])
    # Without this the page would move on under one's hands as soon as the last answer completes a section.
    st.session_state[remembered] = chosen
    return ids.index(chosen)


def _cards(table: Table) -> None:
    setting = _setting(table.place, table.sitting)
    for asked in table.shown:
        one = _for_one(table.place, table.sitting, setting, asked.id)
        with card.frame(one, asked):
            _answer(table, one, asked)
    if not table.shown:
        st.success(t("Everything here is answered."), icon=":material/check_circle:")
        _tell_progress(table)


@st.fragment
def _answer(table: Table, setting: card.Setting, asked: Question) -> None:
    """The answer to one question, apart from the rest of the page: a click waits for nothing else.

    What others may have changed since the page was drawn is read anew.
    """
    try:
        with told():
            _draw_answer(table, setting, asked)
    finally:
        _tell_progress(table)


def _draw_answer(table: Table, setting: card.Setting, asked: Question) -> None:
    sitting, scope = table.sitting, table.place.scope
    with table.place.store.read() as connection:
        found = find_assessment(connection, sitting.assessment.id, scope.own)
        stored = read_one(connection, sitting.assessment.id, asked.id, scope)
    if found != sitting.assessment:
        # Sent, returned or gone meanwhile.
        st.rerun()
    before = sitting.stored.get(asked.id)
    track = card.answer(setting, asked, stored, sitting.last.get(asked.id))
    if track.base != before and asked.id in _deciders(sitting):
        # Other questions are asked or not because of it.
        st.rerun()


def _tell_progress(table: Table) -> None:
    """How far the section is, above the questions and in the list of sections.

    Every card tells it, on every run: a fragment may only write outside of itself where it always does.
    """
    sitting, section = table.sitting, table.section
    # What this session knew of a question without a card may be old.
    tracks = {asked.id: autosave.known(sitting.assessment.id, asked.id) for asked in table.shown}
    stored = {**sitting.stored, **{name: track.base for name, track in tracks.items() if track}}
    done = sum(stored.get(asked.id) is not None for asked in section.questions)
    everything = len(section.questions)
    words = t("{done} of {asked} answered", done=done, asked=count(everything, "question"))
    table.progress.caption(words)
    title = plain(section.dimension.title)
    named = t("{title} (complete)", title=title) if done == everything else title
    table.here.markdown(f":material/arrow_right: **{named}**")


def _deciders(sitting: Sitting) -> set[str]:
    """The questions on whose answers it depends what else is asked."""
    return {asked.show_when.question for asked in sitting.version.questions.values() if asked.show_when}


def _setting(place: Here, sitting: Sitting) -> card.Setting:
    state = t(STATE_NAMES[sitting.assessment.state]).lower()
    closed = (
        ""
        if sitting.is_editable
        else t("This assessment is {state}; its answers can't be changed.", state=state)
    )
    return card.Setting(sitting.questionnaire, sitting.assessment.id, sitting.round.phase, closed, place.desk)


def _ways_on(place: Here, sitting: Sitting, number: int, shown: tuple[Question, ...]) -> None:
    if checking := st.query_params.get(FROM) == "check":
        asked_for = {QUESTION: alone} if (alone := st.query_params.get(QUESTION)) else {}
        _way(place, sitting, CHECK, t("Back to your answers"), asked_for, is_first=True)
    back, onward = st.columns(2)
    earlier, later = neighbours(sitting, number, shown)
    with back:
        if earlier is None:
            _way(place, sitting, TASKS, t("Back to the list"))
        else:
            _way(place, sitting, ANSWER, t("Back"), earlier.address)
    with onward:
        if later is None:
            _way(place, sitting, CHECK, t("Check your answers"), is_first=not checking)
        else:
            following = t("Next: {title}", title=plain(later.title)) if later.title else t("Next question")
            _way(place, sitting, ANSWER, following, later.address, is_first=not checking)


def _for_one(place: Here, sitting: Sitting, setting: card.Setting, question_id: str) -> card.Setting:
    """The setting of one card: of a returned assessment only what the reviewer commented on is open again."""
    remark = sitting.remarks.get(question_id, "")
    closed = setting.closed
    if not closed and not sitting.is_open(question_id):
        closed = t("Only the questions that the reviewer commented on can be changed now.")
    where = place.address(assessment=sitting.assessment.id, **{QUESTION: question_id})
    link = f"{Path(ANSWER).stem}?{urlencode(where)}"
    return replace(
        setting,
        closed=closed,
        remark=remark,
        link=link,
        hand_on=where if can_be_asked(place, sitting, question_id) else None,
    )


def _way(
    place: Here, sitting: Sitting, page: str, label: str, where: Mapping[str, str] = MappingProxyType({}),
    *, is_first: bool = False,
) -> None:  # fmt: skip
    address = place.address(assessment=sitting.assessment.id, **where)
    st.button(
        label, type="primary" if is_first else "secondary", width="stretch", on_click=turning.go,
        args=(page, address),
    )  # fmt: skip


def _contents(place: Here, sitting: Sitting, number: int) -> DeltaGenerator:
    """The sections, in the sidebar: in the page they would push the questions off a phone's screen.

    Buttons, because a link from a page to itself leaves the address, and with it the section, as it was. Gives the place
    of the one that is open, for `_tell_progress`.
    """
    st.markdown(f"**{plain(sitting.questionnaire.title)}**")
    opened = st.empty()
    for position, section in enumerate(sitting.parts):
        if position == number:
            opened = st.empty()
            continue
        icon, words = _how_far(section)
        words = t(words, title=plain(section.dimension.title))
        address = place.address(assessment=sitting.assessment.id, dimension=section.dimension.id)
        st.button(
            words, icon=icon, type="tertiary", key=f"section-{section.dimension.id}", on_click=turning.go,
            args=(ANSWER, address),
        )  # fmt: skip
    return opened


def _how_far(section: Section) -> tuple[str, str]:
    """The sign of a section in the list, and its words."""
    if not section.left:
        return ":material/check_circle:", "{title} (complete)"
    if section.answered:
        return ":material/clock_loader_40:", "{title} (in progress)"
    return ":material/radio_button_unchecked:", "{title}"


page()
