"""Choices that stand in the address, so that every view is a link, and that hold from page to page.

Not bound by Streamlit: going to another page takes bound parameters out of the address and forgets them. What was
chosen on one page holds on the next; an address that names something else wins.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from assessment.i18n import t
from assessment.ui.text import plain

_HELD, _WRITTEN, _SHOWN, _BEGUN = "view:", "view written:", "view shown:", "view begun:"
_ON = "on"
#: What is usual for one reader isn't for another, or won't be tomorrow.
_ALWAYS_NAMED = ("round", "whose")


def remembered(
    name: str,
    options: Collection[str],
    first: str,
    draw: Callable[[str], Any],
    page: str = "",
    *,
    is_named: bool = False,
) -> Any:
    """One choice of `options` in the address and from page to page, or on one `page` only.

    `draw` draws its widget with the key it is given. The `first` stands in the address only when it `is_named`: where
    another day has another first.
    """
    key = f"{page}:{name}" if page else name
    named = st.query_params.get(name)
    known = named if named in options else None
    st.session_state[key] = _begin(key, named, known, lambda value: value in options, first)
    chosen = draw(key)
    _keep(name, key, chosen, first, is_named=is_named or name in _ALWAYS_NAMED)
    return chosen


def remembered_some(
    name: str, options: Collection[str], draw: Callable[[str], Any], first: Collection[str] = ()
) -> list[str]:
    """Any number of `options`, in the address several times; `first` is the usual choice, without it none."""
    key = str(name)
    named = st.query_params.get_all(key)
    known = [value for value in named if value in options] or None
    st.session_state[key] = _begin(key, named, known, lambda value: set(value) <= set(options), list(first))
    chosen = list(draw(key))
    _keep(key, key, chosen, list(first), is_named=False)
    return chosen


def remembered_switch(name: str, draw: Callable[[str], Any]) -> bool:
    """A switch that is off until somebody turns it on; on, it stands in the address."""
    named = st.query_params.get(name)
    is_named = True if named == _ON else None
    st.session_state[name] = _begin(name, named, is_named, lambda value: isinstance(value, bool), False)
    is_on = bool(draw(name))
    _keep(name, name, _ON if is_on else "", "", is_named=False)
    st.session_state[_SHOWN + name] = is_on
    return is_on


def chosen_some(name: str, options: Collection[str]) -> list[str]:
    """What the address or another page chose of several, where this page doesn't ask; from here on it holds, too."""
    named = [value for value in st.query_params.get_all(name) if value in options]
    if named:
        st.session_state[_HELD + name] = named
    return [value for value in st.session_state.get(_HELD + name) or () if value in options]


def begin_with(name: str, value: str) -> None:
    """Lets what was chosen on another page win over an earlier choice of `name`, once; a later choice holds again."""
    if value and st.session_state.get(_BEGUN + name) != value:
        st.session_state[_BEGUN + name] = value
        st.session_state.pop(_HELD + name, None)


def _begin(key: str, named: Any, known: Any, is_offered: Callable[[Any], bool], first: Any) -> Any:
    """What the widget shows: an edit of it, else what the address newly names, else what was chosen before.

    Only an edit and an address are choices, and hold; what is usual on one page needn't be on the next.
    """
    held = st.session_state.get(_HELD + key)
    shown = st.session_state.get(key)
    if shown is not None and shown != st.session_state.get(_SHOWN + key) and is_offered(shown):
        st.session_state[_HELD + key] = shown
        return shown
    if named and named != st.session_state.get(_WRITTEN + key):
        if known is not None:
            st.session_state[_HELD + key] = known
            return known
        st.warning(t("The address names “{named}”, which isn't here.", named=plain(str(named))))
    return held if held is not None and is_offered(held) else first


def _keep(name: str, key: str, chosen: Any, first: Any, *, is_named: bool) -> None:
    """Writes what is shown into the address; what is usual is left out, unless the address always `is_named` by it."""
    st.session_state[_SHOWN + key] = chosen
    if chosen != first or is_named:
        st.query_params[name] = chosen if isinstance(chosen, list) else [chosen]
        st.session_state[_WRITTEN + key] = chosen
    else:
        st.session_state.pop(_WRITTEN + key, None)
        if name in st.query_params:
            del st.query_params[name]
