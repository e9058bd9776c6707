"""What stands above every page: that nobody signed in, who one acts as, and that the data is invented."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from assessment.access import Principal, Role
from assessment.actions import workspace
from assessment.i18n import t
from assessment.ui.session import ROLE_KEY, Here
from assessment.ui.style import apply_style
from assessment.ui.text import plain


def show(here: Here) -> None:
    """One line above the page."""
    parts = [f":blue-badge[{t('Local, no sign-in')}]"]
    if here.is_synthetic:
        parts.insert(0, f":orange-badge[{t('Synthetic data')}]")
    apply_style()
    st.markdown(f"{' '.join(parts)} {t('You act as')} **{plain(here.principal.person)}**")


def offer_empty_workspace(here: Here) -> None:
    """The way out of the demonstration, below everything else in the sidebar."""
    if here.is_synthetic:
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
