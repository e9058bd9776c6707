"""Answering, one dimension a page; every answer is saved as it is given."""

import streamlit as st

from assessment.i18n import count, t
from assessment.store.answers import newest_event
from assessment.ui import question
from assessment.ui.assessing import (
    Section,
    Sitting,
    choose_language,
    chosen_assessment,
    no_assessment,
    sit_down,
)
from assessment.ui.navigation import ANSWER, CHECK, TASKS
from assessment.ui.session import Here, here
from assessment.ui.text import plain
from assessment.ui.widgets import STATE_NAMES

#: How often an open page looks for what others changed, in seconds.
HEARTBEAT_S = 8


def page() -> None:
    place = here()
    assessment = chosen_assessment(place)
    if assessment is None:
        st.title(t("Answer"), anchor=False)
        no_assessment(place)
        return
    sitting = sit_down(place, assessment)
    number = _chosen_section(sitting)
    section = sitting.parts[number]
    where = st.empty()
    st.title(plain(section.dimension.title), anchor=False)
    if section.dimension.summary:
        st.markdown(plain(section.dimension.summary))
    if sitting.questionnaire.summary:
        # Where the words of this questionnaire are explained, such as "important data".
        with st.expander(t("How to choose, and what the words mean")):
            st.markdown(plain(sitting.questionnaire.summary))
    if not sitting.is_editable:
        state = t(STATE_NAMES[assessment.state])
        st.info(
            t("This assessment is {state}; its answers can be read but not changed.", state=state.lower())
        )
    answered = _cards(place, sitting, section)
    where.caption(
        t(
            "{title} · section {number} of {sections} · {done} of {asked} answered",
            title=plain(sitting.questionnaire.title), number=number + 1, sections=len(sitting.parts), done=answered,
            asked=count(len(section.questions), "question"),
        )
    )  # fmt: skip
    _ways_on(place, sitting, number)
    _contents(place, sitting, number, answered)
    if sitting.is_editable:
        _heartbeat(place, assessment.id, _newest(place, assessment.id))


@st.fragment(run_every=HEARTBEAT_S)
def _heartbeat(place: Here, assessment_id: int, seen: int) -> None:
    """Draws the page anew when somebody else changed an answer.

    It also wakes a page that was left open while the server restarted: until something is sent, such a page looks
    alive and isn't.
    """
    if _newest(place, assessment_id) != seen:
        st.rerun()


def _newest(place: Here, assessment_id: int) -> int:
    with place.store.read() as connection:
        return newest_event(connection, assessment_id, place.scope)


def _chosen_section(sitting: Sitting) -> int:
    """The section that the address names, else where this session was, else the first with something open."""
    ids = [section.dimension.id for section in sitting.parts]
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


def _cards(place: Here, sitting: Sitting, section: Section) -> int:
    """Draws the questions; gives how many of them have an answer now."""
    state = t(STATE_NAMES[sitting.assessment.state]).lower()
    closed = (
        ""
        if sitting.is_editable
        else t("This assessment is {state}; its answers can't be changed.", state=state)
    )
    setting = question.Setting(
        sitting.questionnaire, sitting.assessment.id, sitting.round.phase, closed, place.desk
    )
    tracks = {
        asked.id: question.card(setting, asked, sitting.stored.get(asked.id), sitting.last.get(asked.id))
        for asked in section.questions
    }
    deciders = {asked.show_when.question for asked in sitting.version.questions.values() if asked.show_when}
    if any(tracks[name].base != sitting.stored.get(name) for name in deciders & tracks.keys()):
        # Saved just now, and other questions are asked or not because of it.
        st.rerun()
    return sum(track.base is not None for track in tracks.values())


def _ways_on(place: Here, sitting: Sitting, number: int) -> None:
    back, onward = st.columns(2)
    name = sitting.assessment.id
    if number == 0:
        if back.button(t("Back to the list"), width="stretch"):
            st.switch_page(TASKS, query_params=place.address())
    elif back.button(t("Back"), width="stretch"):
        st.switch_page(
            ANSWER,
            query_params=place.address(assessment=name, dimension=sitting.parts[number - 1].dimension.id),
        )
    if number + 1 < len(sitting.parts):
        following = sitting.parts[number + 1].dimension
        if onward.button(t("Next: {title}", title=plain(following.title)), type="primary", width="stretch"):
            st.switch_page(ANSWER, query_params=place.address(assessment=name, dimension=following.id))
    elif onward.button(t("Check your answers"), type="primary", width="stretch"):
        st.switch_page(CHECK, query_params=place.address(assessment=name))


def _contents(place: Here, sitting: Sitting, number: int, answered: int) -> None:
    """The other sections, in the sidebar: in the page they would push the questions off a phone's screen.

    Buttons, because a link from a page to itself leaves the address, and with it the section, as it was.
    """
    with st.sidebar:
        choose_language(place, sitting.version)
        st.markdown(f"**{plain(sitting.questionnaire.title)}**")
        for position, section in enumerate(sitting.parts):
            # What was saved just now is not in the sitting, which was read before.
            given = answered if position == number else section.answered
            is_complete = given == len(section.questions)
            done = ":material/check_circle:" if is_complete else ":material/radio_button_unchecked:"
            label = f"{plain(section.dimension.title)} ({given}/{len(section.questions)})"
            icon = ":material/arrow_right:" if position == number else done
            if st.button(label, icon=icon, type="tertiary", key=f"section-{section.dimension.id}"):
                address = place.address(assessment=sitting.assessment.id, dimension=section.dimension.id)
                st.switch_page(ANSWER, query_params=address)


page()
