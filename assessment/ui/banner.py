"""What stands above every page: who signed in or that nobody did, who one acts as, and that the data is invented."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from assessment.access import Principal, Role
from assessment.actions import workspace
from assessment.i18n import t
from assessment.ui.session import ROLE_KEY, Here
from assessment.ui.style import apply_style
from assessment.ui.text import plain
from assessment.ui.visiting import sign_out


def show(here: Here) -> None:
    """One line above the page."""
    apply_style()
    parts = [f":orange-badge[{t('Synthetic data')}]"] if here.is_synthetic else []
    if here.visitor is None:
        parts.append(f":blue-badge[{t('Local, no sign-in')}]")
        st.markdown(f"{' '.join(parts)} {t('You act as')} **{plain(here.name)}**")
        return
    row = st.container(horizontal=True, vertical_alignment="center", key="signed-in")
    # The role too: on a phone the sidebar with the switcher is closed.
    row.markdown(" ".join([*parts, f"**{plain(here.name)}**, {plain(here.in_words)}"]), width="content")
    with row:
        sign_out()


def offer_empty_workspace(here: Here) -> None:
    """The way out of the demonstration, below everything else in the sidebar."""
    if here.is_synthetic and here.visitor is None:
        st.sidebar.divider()
        st.sidebar.caption(t("This is an invented group. Nothing here is anybody's real data."))
        st.sidebar.button(
            t("Start with an empty workspace"), on_click=_start_empty, args=(here,), key="start-empty"
        )


def _start_empty(here: Here) -> None:
    # Locally whoever sits here may switch to any role, so one click may do what the administrator may.
    desk = here.desk()
    administrator = Principal(here.principal.person, Role.ADMINISTRATOR)
    workspace.start_empty(replace(desk, principal=administrator))
    st.session_state[ROLE_KEY] = str(Role.ADMINISTRATOR)
