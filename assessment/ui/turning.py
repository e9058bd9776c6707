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
#: Where a button leads that was clicked: a page and its parameters.
_GOING = "going on"
#: The padding goes too, for a screen that is lower than it.
_FOLDED = "max-height: 0; padding-block: 0; overflow: hidden"
#: Long enough for one picture on the screen, which is all that it takes; in ms.
_FOLDED_MS = 20
#: Until the rest of the page is drawn; in ms.
_RESTS_MS = 500


def go(page: str, parameters: Mapping[str, str]) -> None:
    """For a button's `on_click`: leads on at the beginning of the run that follows."""
    st.session_state[_GOING] = page, dict(parameters)


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
    turns = _turns(page, shows)
    rule = f"@keyframes turn-{turns} {{from, to {{{_FOLDED}}}}}"
    whole = f'[data-testid="stMainBlockContainer"] {{animation: turn-{turns} {_FOLDED_MS}ms}}'
    st.html(f"<style>{rule} {whole if turns else ''}</style>")


def begin_at(page: str, container: str | None) -> None:
    """For the end of a page: it starts with this container (by its key) in the middle when it was asked for anew.

    For a moment the page can rest nowhere else.
    """
    if container is None:
        return
    turns = _turns(page, container)
    rule = f"@keyframes rest-{turns} {{from, to {{scroll-snap-type: y mandatory}}}}"
    whole = f'[data-testid="stMain"] {{animation: rest-{turns} {_RESTS_MS}ms}}'
    st.html(f"<style>{rule} {whole} .st-key-{container} {{scroll-snap-align: center}}</style>")


def _turns(page: str, shows: str) -> int:
    """How often a page has shown something else than before."""
    shown = st.session_state.setdefault(_SHOWN, {})
    turns: int = st.session_state.get(_TURNS, 0) + (shown.get(page, shows) != shows)
    shown[page], st.session_state[_TURNS] = shows, turns
    return turns
