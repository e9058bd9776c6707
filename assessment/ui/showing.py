"""Which questions of a section are on the page: all, one alone, those without an answer; and the way to any other."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from assessment.i18n import t
from assessment.questionnaire.models import Question
from assessment.ui import turning
from assessment.ui.assessing import Section, Sitting
from assessment.ui.navigation import ANSWER
from assessment.ui.session import Here
from assessment.ui.text import plain

#: Parameters of an address: the one question that it is about, and the page that its reader came from.
QUESTION, FROM = "question", "from"
_SINGLY, _ONLY_OPEN = "one question at a time", "only unanswered"
#: The page that was drawn last, and the view with the questions that were drawn in it.
_PAGE, _DRAWN = "page drawn last", "questions drawn"
#: So many matches of a search are shown.
_MOST = 8


@dataclass(frozen=True)
class View:
    """What a person chose to see."""

    alone: str | None
    singly: bool
    only_open: bool

    def shown(self, sitting: Sitting, section: Section) -> tuple[Question, ...]:
        """The questions of the section to draw.

        What was drawn once stays until its reader looks at something else: an answer of one's own or of somebody else's
        takes no card away while one works on it.
        """
        named = tuple(question for question in section.questions if question.id == self.alone)
        if named:
            return named
        drawn = _drawn_before((sitting.assessment.id, section.dimension.id, self))
        is_open = [question for question in section.questions if question.id not in sitting.stored]
        shown = section.questions
        if self.only_open:
            shown = tuple(question for question in shown if question in is_open or question.id in drawn)
        if self.singly and shown:
            kept = (question for question in shown if question.id in drawn)
            shown = (next(kept, None) or next(iter(is_open), None) or shown[0],)
        drawn |= {question.id for question in shown}
        return shown


def begin_visit(page: str) -> None:
    """Forgets what was drawn when another page was seen since."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state.pop(_DRAWN, None)


def _drawn_before(view: object) -> set[str]:
    """The questions that this view drew since its reader came to it; to be added to."""
    known, drawn = st.session_state.get(_DRAWN, (None, set()))
    if known != view:
        drawn = set()
    st.session_state[_DRAWN] = view, drawn
    found: set[str] = drawn
    return found


@dataclass(frozen=True)
class Neighbour:
    """Where "Back" or "Next" leads; `title` is '' within a section."""

    title: str
    address: dict[str, str]


def choose_view(sitting: Sitting) -> View:
    """Asks in the sidebar; the choices hold for all sections, and an address with a question shows that one.

    Until one of them is changed: then that is what is wanted, and the address gives the question up.
    """
    singly = _switch(t("One question at a time"), _SINGLY)
    only_open = _switch(t("Only unanswered"), _ONLY_OPEN) if sitting.is_editable else False
    return View(st.query_params.get(QUESTION), singly, only_open)


def _switch(label: str, key: str) -> bool:
    """A toggle that other pages don't forget."""
    chosen = st.toggle(
        label, value=bool(st.session_state.get(key)), key=f"toggle: {key}", on_change=_forget_question
    )
    st.session_state[key] = chosen
    return chosen


def _forget_question() -> None:
    st.query_params.pop(QUESTION, None)


def neighbours(
    sitting: Sitting, number: int, shown: tuple[Question, ...]
) -> tuple[Neighbour | None, Neighbour | None]:
    """What comes before and after what is shown: the next question where one stands alone, else the next section."""
    section = sitting.parts[number]
    ids = [question.id for question in section.questions]
    earlier, later = number - 1, number + 1
    back = _section(sitting.parts[earlier]) if earlier >= 0 else None
    onward = _section(sitting.parts[later]) if later < len(sitting.parts) else None
    if len(shown) == 1 and len(ids) > 1 and (QUESTION in st.query_params or st.session_state.get(_SINGLY)):
        place, here = ids.index(shown[0].id), {"dimension": section.dimension.id}
        back = Neighbour("", {**here, QUESTION: ids[place - 1]}) if place else back
        onward = Neighbour("", {**here, QUESTION: ids[place + 1]}) if place + 1 < len(ids) else onward
    return back, onward


def _section(section: Section) -> Neighbour:
    return Neighbour(section.dimension.title, {"dimension": section.dimension.id})


def find_question(place: Here, sitting: Sitting) -> None:
    """A search over the questions of the whole assessment, by any of their words."""
    words = (
        st.text_input(t("Find a question"), key="find-question", placeholder=t("A word of it"))
        .casefold()
        .split()
    )
    if not words:
        return
    found = [
        (section.dimension, question)
        for section in sitting.parts
        for question in section.questions
        if all(word in f"{question.prompt} {question.help or ''} {question.id}".casefold() for word in words)
    ]
    if not found:
        st.caption(t("No question has these words."))
    for dimension, question in found[:_MOST]:
        where = plain(dimension.title)
        mark = where if question.id in sitting.stored else t("{section}, not answered", section=where)
        wanted = {"dimension": dimension.id, QUESTION: question.id}
        address = place.address(assessment=sitting.assessment.id, **wanted)
        st.button(
            f"{plain(question.prompt)} ({mark})", type="tertiary", key=f"found-{question.id}",
            on_click=turning.go, args=(ANSWER, address),
        )  # fmt: skip
    if len(found) > _MOST:
        st.caption(t("{n} more; add a word.", n=len(found) - _MOST))
