"""Who did what and when: the administrator's look at everything that was recorded, and the way to take it along."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from assessment.actions.auditing import History, export_history, history, history_name, people_of_history
from assessment.i18n import count, t
from assessment.store.history import Entry, Kind, Wanted
from assessment.ui.session import Here, here, to_the_minute, today
from assessment.ui.widgets import nothing_yet

#: So many entries are shown; a file has all of them.
_SHOWN = 500
_DAYS = 30
_KINDS = {
    Kind.WORKSPACE: "Workspace, people, exports, coming and going",
    Kind.ASSESSMENT: "Steps of assessments",
    Kind.ANSWER: "Answers",
    Kind.STATEMENT: "Facts, moves, remarks",
}


def page() -> None:
    place = here()
    st.title(t("History"), anchor=False)
    st.markdown(
        t(
            "Everything that was changed, sent, judged, taken along, or refused to somebody who is known here. What answers say isn't in it. "
            "The database lets nobody change or remove any of it, this application included."
        )
    )
    wanted = _wanted(place)
    found = history(place.desk(), wanted, _SHOWN)
    if not found.entries:
        nothing_yet(t("Nothing was recorded in this period."), t("Choose a longer one, or everybody."))
        return
    st.markdown(
        t(
            "{entries}; the newest {shown} are shown.",
            entries=count(found.total, "entry", "entries"),
            shown=len(found.entries),
        )
    )
    st.dataframe(_table(found), hide_index=True, width="stretch")
    _files(place, wanted)


def _wanted(place: Here) -> Wanted:
    """The period, the kinds and the person that are looked at."""
    with st.container(horizontal=True):
        since = st.date_input(t("From"), today() - timedelta(days=_DAYS), key="history-since")
        until = st.date_input(t("To"), today(), key="history-until")
    names = {str(kind): t(words) for kind, words in _KINDS.items()}
    kinds = st.multiselect(
        t("What"),
        list(names),
        format_func=names.__getitem__,
        placeholder=t("Everything"),
        key="history-kinds",
    )
    people = {"": t("Everybody"), **people_of_history(place.desk())}
    person = st.selectbox(t("Who"), list(people), format_func=people.__getitem__, key="history-person")
    return Wanted(_midnight(since), _midnight(until + timedelta(days=1)), frozenset(map(Kind, kinds)), person)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _table(found: History) -> pd.DataFrame:
    rows = [
        (
            to_the_minute(entry.at),
            found.names.get(entry.person, entry.person),
            entry.role,
            entry.action,
            _about(entry),
        )
        for entry in found.entries
    ]
    return pd.DataFrame(rows, columns=[t("When"), t("Who"), t("As"), t("What"), t("About")])


def _about(entry: Entry) -> str:
    return ", ".join(f"{name}: {value}" for name, value in entry.about.items() if value not in (None, "", []))


def _files(place: Here, wanted: Wanted) -> None:
    at = place.desk().at
    words = {False: t("Download the history (CSV)"), True: t("The same for Excel")}
    for column, (for_excel, label) in zip(st.columns(2), words.items(), strict=True):
        column.download_button(
            label, data=partial(_content, place, wanted, for_excel=for_excel), mime="text/csv", width="stretch",
            file_name=history_name(wanted, at, is_synthetic=place.is_synthetic, for_excel=for_excel),
            icon=":material/download:",
        )  # fmt: skip


def _content(place: Here, wanted: Wanted, *, for_excel: bool) -> bytes:
    return export_history(place.desk(), wanted, for_excel=for_excel)[1]


page()
