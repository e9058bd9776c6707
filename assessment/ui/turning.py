"""Turning a page: the next section begins at its top.

Going from a page to itself leaves the browser where it was scrolled to, at the button below the last question. A rule of
style folds the page for a moment, which brings it up: there is nothing to be scrolled down in. A rule that is already
there doesn't begin again, so each turn has one of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

#: How often a page has been turned, and what each page showed last.
_TURNS, _SHOWN = "pages turned", "shown last"
#: Where a button leads that was clicked: a page and its parameters; None to stay.
_GOING = "going on"
#: The padding goes too, for a screen that is lower than it.
_FOLDED = "max-height: 0; padding-block: 0; overflow: hidden"
#: Long enough for one picture on the screen, which is all that it takes; in ms.
_FOLDED_MS = 20


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


def leave(itself: str) -> None:
    """Leads on to where a button said; for the page `itself` to begin with, before it reads its address."""
    going = st.session_state.pop(_GOING, None)
    if going and going[0] == itself:
        # Nothing is drawn twice.
        st.query_params.from_dict(going[1])
    elif going:
        st.switch_page(going[0], query_params=going[1])


def begin_at_top(page: str, shows: str) -> None:
    """For the beginning of a page that goes to itself: it starts at its top when it `shows` something else than before."""
    shown = st.session_state.setdefault(_SHOWN, {})
    turns = st.session_state.get(_TURNS, 0) + (shown.get(page, shows) != shows)
    shown[page], st.session_state[_TURNS] = shows, turns
    rule = f"@keyframes turn-{turns} {{from, to {{{_FOLDED}}}}}"
    whole = f'[data-testid="stMainBlockContainer"] {{animation: turn-{turns} {_FOLDED_MS}ms}}'
    st.html(f"<style>{rule} {whole if turns else ''}</style>")
