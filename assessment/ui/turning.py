"""Turning a page: the next section begins at its top.

Going from a page to itself leaves the browser where it was scrolled to, at the button below the last question. A page
without content in between brings it up: there is nothing to be scrolled down in.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assessment.ui.navigation import ANSWER

_TURNING = "turning the page"
#: Where a button leads that was clicked: a page and its parameters; None to stay.
_GOING = "going on"
#: Until the browser asks for the page itself; long enough that it has drawn the empty one, in seconds.
_PAUSE_S = 0.05


def go(page: str, parameters: Mapping[str, str]) -> None:
    """For a button's `on_click`: leads on at the beginning of the next run of the whole page.

    A browser sends what was typed and the click that ended the typing together, as something for the card that was
    typed in: then only that card runs, and a button outside of it would have been clicked in vain.
    """
    st.session_state[_GOING] = page, dict(parameters)


def stay() -> None:
    """For another widget's `on_change`, which would have been changed in vain as well: draws the whole page anew."""
    st.session_state[_GOING] = None


def is_going() -> bool:
    """Whether such a widget was used, and the whole page not drawn since."""
    return _GOING in st.session_state


def leave() -> None:
    """Leads on to where a button said; for a page to begin with."""
    going = st.session_state.pop(_GOING, None)
    if going:
        page, parameters = going
        if page == ANSWER:
            turn()
        st.switch_page(page, query_params=parameters)


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
