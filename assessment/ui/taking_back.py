"""Taking an assessment back from the reviewer, wherever a page says that it can be."""

from __future__ import annotations

import streamlit as st

from assessment.actions import reviewing
from assessment.errors import AssessmentError
from assessment.i18n import t
from assessment.store.assessments import StoredAssessment
from assessment.ui.session import Here
from assessment.ui.text import plain

_TAKEN_BACK = "taken back"


def offer(place: Here, assessment: StoredAssessment) -> None:
    """The button; the page is drawn anew once the assessment is a draft again."""
    possible = t("Possible until a reviewer has accepted or returned it.")
    if not st.button(t("Take it back"), help=possible, key=f"withdraw-{assessment.id}"):
        return
    try:
        reviewing.withdraw(place.desk(), assessment.id, seen=assessment.state_version)
    except AssessmentError as error:
        st.error(plain(str(error)))
    else:
        st.session_state[_TAKEN_BACK] = assessment.id
        st.rerun()


def confirm(assessment: StoredAssessment) -> None:
    """Says once that it was taken back."""
    if st.session_state.get(_TAKEN_BACK) != assessment.id:
        return
    del st.session_state[_TAKEN_BACK]
    st.success(
        t(
            "Taken back: it is a draft again, and no reviewer sees it. Change what you want, then send it anew."
        ),
        icon=":material/undo:",
    )
