"""What became of an action, said beside the form or button that asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from assessment.errors import AssessmentError
from assessment.ui.text import plain


class _Outcome(NamedTuple):
    done: bool
    words: str


def attempt(where: str, action: Callable[[], object], done: str, *, then: str | None = None) -> bool:
    """Acts, and keeps what to say of it until `tell` draws that place; gives whether it was done.

    `then` is where success is said when the form itself is gone by then.
    """
    # What an earlier attempt came to is no news any more.
    st.session_state.pop(_key(where), None)
    try:
        action()
    except AssessmentError as error:
        leave(where, str(error), done=False)
        return False
    leave(then or where, done)
    return True


def submit(where: str, action: Callable[[], object], done: str, *, then: str | None = None) -> None:
    """`attempt` in the middle of a page: what was drawn above may have changed, so the page is drawn anew."""
    attempt(where, action, done, then=then)
    st.rerun()


def leave(where: str, words: str, *, done: bool = True) -> None:
    """Something to say at `where` when it is drawn next."""
    st.session_state[_key(where)] = _Outcome(done, words)


def tell(where: str) -> None:
    """Says once what became of the last action here."""
    told: _Outcome | None = st.session_state.pop(_key(where), None)
    if told is None:
        return
    # What was refused is often several problems, a line each.
    words = "\n\n".join(map(plain, told.words.splitlines()))
    if told.done:
        st.success(words, icon=":material/check_circle:")
    else:
        st.error(words, icon=":material/error:")


def _key(where: str) -> str:
    return f"outcome:{where}"
