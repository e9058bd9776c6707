"""Turning a page: the next section begins at its top.

Going from a page to itself leaves the browser where it was scrolled to, at the button below the last question. A page
without content in between brings it up: there is nothing to be scrolled down in.
"""

from __future__ import annotations

import streamlit as st

_TURNING = "turning the page"
#: Until the browser asks for the page itself; long enough that it has drawn the empty one, in seconds.
_PAUSE_S = 0.05


def turn() -> None:
    """From the next run on, once."""
    st.session_state[_TURNING] = True


def is_turning() -> bool:
    """Whether the page in between is drawn now; the caller draws nothing else then."""
    if not st.session_state.get(_TURNING):
        return False
    _go_on()
    return True


@st.fragment(run_every=_PAUSE_S)
def _go_on() -> None:
    # The first run belongs to the page in between, the second was asked for by the browser.
    if st.session_state.get(_TURNING) == "drawn":
        del st.session_state[_TURNING]
        st.rerun()
    if _TURNING in st.session_state:
        st.session_state[_TURNING] = "drawn"
