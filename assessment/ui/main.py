"""The Streamlit script: who is it, which pages, and what stands on every one of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from assessment.access import Action, may_ever
from assessment.actions.entering import Visitor
from assessment.i18n import t
from assessment.ui import autosave, banner, navigation, session, showing, stating, visiting
from assessment.ui.faults import told


@dataclass(frozen=True, slots=True)
class _Place:
    """A page in the navigation, and the action that gives a role a use for it (None: everybody has one)."""

    file: str
    title: str
    icon: str
    action: Action | None
    #: Whether many columns are compared there; elsewhere lines keep a readable length.
    is_wide: bool = False
    #: Whether it stands in the navigation; else links lead there.
    is_listed: bool = True


_ICON = Path(__file__).parent / "icon.png"

#: In the order of the navigation; a role arrives at the first that it has a use for.
_PLACES = (
    _Place(navigation.TASKS, "Assessment", "checklist", Action.ANSWER),
    _Place(navigation.ANSWER, "Answer", "edit_note", Action.ANSWER),
    _Place(navigation.REQUESTS, "Handed on", "forward_to_inbox", Action.ANSWER),
    _Place(navigation.CONTEXT, "Facts and principles", "public", Action.ANSWER),
    _Place(navigation.OFFLINE, "Without the app", "file_save", Action.ANSWER, is_listed=False),
    _Place(navigation.CHECK, "Check and send", "fact_check", Action.ANSWER),
    _Place(navigation.OVERVIEW, "Overview", "grid_on", Action.COMPARE, is_wide=True),
    _Place(navigation.READINESS, "Readiness", "rule", Action.COMPARE, is_wide=True),
    _Place(navigation.PROGRESS, "Progress", "trending_up", Action.COMPARE, is_wide=True),
    _Place(navigation.COMMON, "Common or local", "join_inner", Action.COMPARE, is_wide=True),
    _Place(navigation.REVIEW, "Review", "rate_review", Action.REVIEW, is_wide=True),
    _Place(navigation.RESULT, "Result", "insights", Action.SEE_RESULT),
    _Place(navigation.WORKSPACE, "Workspace", "settings", Action.MANAGE),
    _Place(navigation.PEOPLE, "People", "group", Action.MANAGE),
    _Place(navigation.HISTORY, "History", "history", Action.MANAGE, is_wide=True),
    _Place(navigation.ROUNDS, "Rounds", "event", Action.SEE_PROGRESS, is_wide=True),
    _Place(navigation.QUESTIONNAIRES, "Questionnaires", "quiz", Action.SEE_QUESTIONNAIRES),
    _Place(navigation.METHOD, "Method", "functions", None),
)


def _pages(here: session.Here) -> list[StreamlitPage]:
    """The pages that the role has a use for; few enough to need no headings between them."""
    places = [place for place in _PLACES if place.action is None or may_ever(here.principal, place.action)]
    st.session_state[navigation.FIRST] = places[0].file
    start = st.Page(navigation.START, title=t("Start"), default=True, visibility="hidden")
    return [start, *map(_page, places)]


def _page(place: _Place) -> StreamlitPage:
    return st.Page(
        place.file,
        title=t(place.title),
        icon=f":material/{place.icon}:",
        url_path=Path(place.file).stem,
        visibility="visible" if place.is_listed else "hidden",
    )


def _run() -> None:
    # A file of our own, and before the navigation: an icon by name would be fetched from another host.
    st.set_page_config(page_icon=str(_ICON))
    visitor = visiting.visitor() if visiting.is_asked() else None
    here = session.arrive(visitor) if visitor or not visiting.is_asked() else None
    if here is None:
        _nobody(visitor)
        return
    autosave.catch_up(here.desk())
    stating.catch_up(here.desk())
    page = st.navigation(_pages(here))
    showing.begin_visit(page.url_path)
    whose = here.organisation.label(here.unit.id) if here.unit else ""
    title = " · ".join(filter(None, [page.title, whose, "Mesh Readiness"]))
    st.set_page_config(page_title=title, layout=_layout(page))
    banner.show(here)
    page.run()
    st.session_state.pop(session.LOST, None)
    stating.tell_refused()
    banner.offer_empty_workspace(here)


def _nobody(visitor: Visitor | None) -> None:
    """One screen under every page's address; without the addresses Streamlit would say that there is no such page."""
    screen = visiting.screen(visitor)
    start = st.Page(screen, title="Mesh Readiness", url_path="start", default=True)
    others = [
        st.Page(screen, title="Mesh Readiness", url_path=Path(place.file).stem, visibility="hidden")
        for place in _PLACES
    ]
    st.navigation([start, *others], position="hidden").run()


def _layout(page: StreamlitPage) -> Literal["centered", "wide"]:
    return "wide" if any(place.is_wide and t(place.title) == page.title for place in _PLACES) else "centered"


with told():
    _run()
