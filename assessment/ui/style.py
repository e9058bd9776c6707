"""What Streamlit's settings can't say of how pages look and what they offer."""

from __future__ import annotations

import streamlit as st

_RULES = (
    # A table's own file is recorded by nobody, may run a name as a formula, and holds only what is shown; searching and
    # a larger view stay in the toolbar.
    '[data-testid="stElementToolbar"] button[aria-label="Download as CSV"] {display: none}',
    # Day, month and year of a date are targets of their own: at least 24 px each way (WCAG 2.2, 2.5.8).
    '[data-testid="stDateInput"] [role="spinbutton"]'
    " {display: inline-block; min-width: 24px; min-height: 24px; line-height: 24px; text-align: center}",
)


def apply_style() -> None:
    """For the beginning of every page."""
    st.html(f"<style>{' '.join(_RULES)}</style>")
