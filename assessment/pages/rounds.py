"""How far each round is, and for the administrator what can be done with it."""

import streamlit as st

from assessment.access import Action
from assessment.i18n import day, t
from assessment.organisation import Round
from assessment.store.people import read_people
from assessment.ui import monitor, round_forms
from assessment.ui.session import Here, here, today
from assessment.ui.text import plain
from assessment.ui.widgets import choose_round, closing, nothing_yet


def page() -> None:
    place = here()
    st.title(t("Rounds"), anchor=False)
    round_forms.tell_done()
    manages = place.may(Action.MANAGE)
    if place.rounds:
        _round(place, choose_round(place.rounds, key="of-round"), manages=manages)
    elif not manages:
        nothing_yet(t("No round yet."), t("The administrator opens the first."))
    if manages:
        _new(place)


def _round(place: Here, entry: Round, *, manages: bool) -> None:
    opened = t("opened {day}", day=day(entry.opens_on)) if entry.opens_on else ""
    asked = ", ".join(place.catalogue.get(*pinned).title for pinned in entry.questionnaires.items())
    st.caption(" · ".join(filter(None, [plain(asked), opened, closing(entry, today())])))
    progress = monitor.read_progress(place, entry)
    if not progress:
        nothing_yet(t("No unit takes part in this round."), t("Let units join it below."))
    else:
        monitor.show(place, entry, progress)
    if not manages:
        return
    if entry.is_over:
        with st.expander(t("Open it again")):
            round_forms.reopen(place, entry)
        return
    with st.expander(t("Remind people")):
        with place.store.read() as connection:
            people = read_people(connection)
        monitor.remind(place, entry, progress, people)
    with st.expander(t("Targets")):
        round_forms.targets(place, entry)
    with st.expander(t("Change the closing day")):
        round_forms.extend(place, entry)
    with st.expander(t("Let more units take part")):
        round_forms.join(place, entry, frozenset(found.unit_id for found in progress))
    with st.expander(t("Close the round")):
        round_forms.close(place, entry, progress)


def _new(place: Here) -> None:
    st.header(t("Open a round"), anchor="open-a-round")
    if not place.organisation.countries:
        st.markdown(t("Add at least one country first."))
        return
    round_forms.open_a_round(place)


page()
