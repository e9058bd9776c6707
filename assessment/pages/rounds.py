"""How far each round is, and for the administrator what can be done with it."""

import streamlit as st

from assessment.access import Action
from assessment.analysis.progress import Progress
from assessment.i18n import day, t
from assessment.organisation import Round
from assessment.store.people import read_people
from assessment.ui import filters, monitor, round_forms
from assessment.ui.outcome import tell
from assessment.ui.reminders import remind
from assessment.ui.session import Here, here, today
from assessment.ui.text import plain
from assessment.ui.widgets import closing, fold, nothing_yet


def page() -> None:
    place = here()
    st.title(t("Rounds"), anchor=False)
    manages = place.may(Action.MANAGE)
    if place.rounds:
        _round(place, filters.choose_view(place).round, manages=manages)
    elif not manages:
        nothing_yet(t("No round yet."), t("The administrator opens the first."))
    if manages:
        _new(place)


def _round(place: Here, entry: Round, *, manages: bool) -> None:
    opened = t("opened {day}", day=day(entry.opens_on)) if entry.opens_on else ""
    asked = ", ".join(place.catalogue.get(*pinned).title for pinned in entry.questionnaires.items())
    st.caption(" · ".join(filter(None, [plain(asked), opened, closing(entry, today())])))
    tell(round_forms.whole(entry.id))
    progress = monitor.read_progress(place, entry)
    if not progress:
        nothing_yet(t("No unit takes part in this round."), t("Let units join it below."))
    else:
        monitor.show(place, entry, progress)
    if manages:
        _manage(place, entry, progress)


def _manage(place: Here, entry: Round, progress: tuple[Progress, ...]) -> None:
    if entry.is_over:
        with fold(t("Open it again"), "fold-reopen"):
            round_forms.reopen(place, entry)
        return
    with fold(t("Remind people"), "fold-remind"):
        with place.store.read() as connection:
            people = read_people(connection)
        remind(place, entry, progress, people)
    with fold(t("Targets"), "fold-targets"):
        round_forms.targets(place, entry)
    with fold(t("Change the closing day"), "fold-extend"):
        round_forms.extend(place, entry)
    with fold(t("Let more units take part"), "fold-join"):
        round_forms.join(place, entry, frozenset(found.unit_id for found in progress))
    with fold(t("Close the round"), "fold-close"):
        round_forms.close(place, entry, progress)


def _new(place: Here) -> None:
    st.header(t("Open a round"), anchor="open-a-round")
    if not place.organisation.countries:
        st.markdown(t("Add at least one country first."))
        return
    round_forms.open_a_round(place)


page()
