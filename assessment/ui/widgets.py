"""What several pages draw the same way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessment.charts.theme import DARK, LIGHT, Palette
from assessment.i18n import day, t
from assessment.organisation import Phase, Round
from assessment.responses import AssessmentState
from assessment.ui.text import plain

STATE_NAMES = {
    AssessmentState.DRAFT: "Draft",
    AssessmentState.SUBMITTED: "Sent for review",
    AssessmentState.RETURNED: "Returned",
    AssessmentState.ACCEPTED: "Accepted",
    AssessmentState.CLOSED: "Closed",
}


def palette() -> Palette:
    """The chart colours for the theme that the browser shows."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def choose_round(rounds: Sequence[Round], key: str = "round") -> Round:
    """The round that the page is about, the latest first; lives in the address."""
    by_id = {entry.id: entry for entry in reversed(rounds)}
    # Ids, not titles: a bound list puts its words into the address, and a title may change.
    entry = by_id[st.selectbox(t("Round"), list(by_id), key=key, bind="query-params")]
    st.caption(" · ".join(filter(None, [plain(entry.title), phase_name(entry)])))
    return entry


def fold(label: str, key: str, *, expanded: bool = False) -> DeltaGenerator:
    """A box to open; the server knows whether it is, so that nothing that changes around it can close it."""
    return st.expander(label, expanded=expanded, key=key, on_change="rerun")


def phase_name(entry: Round) -> str:
    """Whether the round is held before or during adoption, in words; '' when it doesn't say."""
    names = {Phase.BEFORE: t("before adoption"), Phase.DURING: t("during adoption")}
    return names[entry.phase] if entry.phase else ""


def closing(entry: Round, today: date) -> str:
    """When the round closes, and how long that is."""
    if entry.closed_at is not None:
        return t("closed on {day}", day=day(entry.closed_at.date()))
    if entry.closes_on is None:
        return t("no closing date")
    left = (entry.closes_on - today).days
    if left < 0:
        return t("was to close {day}, still open", day=day(entry.closes_on))
    days = t("today") if left == 0 else t("{n} days left", n=left) if left > 1 else t("1 day left")
    return t("closes {day}, {days}", day=day(entry.closes_on), days=days)


def nothing_yet(what: str, how: str) -> None:
    """Says what is missing and how to get it; a page with nothing to show is no error."""
    st.info(f"{what} {how}", icon=":material/info:")
