"""Statements on a page: what a widget shows is stored as soon as it is whole, or held and said to be not saved.

As `autosave` does it for answers, an edit is a difference between what is shown and what is stored, looked for on
every run; a statement is stored as a whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from assessment.actions.desk import Desk
from assessment.actions.stating import state
from assessment.errors import AssessmentError
from assessment.i18n import t
from assessment.statements import plain_content
from assessment.store.statements import About, Statement, find_statement, was_said_before
from assessment.ui.session import when
from assessment.ui.text import plain


@dataclass(frozen=True, slots=True)
class Said:
    """What this session knows of one statement.

    `drawn` goes into the widgets' keys: a new number retires what they hold. `is_fresh` until the session has compared
    once: what a widget sends then may be left over from an earlier session. `replaced` when somebody else's change was
    drawn in the place of what stood here.
    """

    version: int
    content: Mapping[str, Any]
    drawn: int = 0
    is_fresh: bool = True
    replaced: bool = False


def _key(about: About) -> str:
    return f"said:{about.kind}:{about.round_id}:{about.unit_id}:{about.subject_id}"


def begin(about: About, stored: Statement | None) -> Said:
    """What to draw the widgets from: what is stored now, and drawn anew when somebody else changed it."""
    version, content = (stored.version, plain_content(stored.content)) if stored else (0, {})
    known: Said | None = st.session_state.get(_key(about))
    if known is None:
        known = Said(version, content)
    elif known.version < version:
        known = Said(version, content, known.drawn + 1, is_fresh=False, replaced=True)
    st.session_state[_key(about)] = known
    return known


def widget_key(about: About, said: Said, field: str) -> str:
    return f"{_key(about)}:{said.drawn}:{field}"


def settle(
    about: About, said: Said, content: Mapping[str, Any] | None, desk: Desk, missing: str = ""
) -> None:
    """Stores `content` when it differs from what is stored, and says what is true then.

    `content` None is not whole yet; `missing` says what it lacks, '' when nothing was begun.
    """
    if said.replaced:
        st.info(
            t("Somebody else changed this. The page shows it now; your own change was not saved."),
            icon=":material/sync:",
        )
    if content is None:
        if missing:
            st.warning(t("Not saved yet: {missing}", missing=missing), icon=":material/edit:")
    elif content == said.content:
        if said.version:
            st.caption(f":material/cloud_done: {t('Saved')}")
    elif said.is_fresh and said.version and _is_left_over(about, content, desk):
        st.session_state[_key(about)] = replace(said, drawn=said.drawn + 1, is_fresh=False, replaced=True)
        st.rerun()
    else:
        _store(about, said, content, desk)
        return
    st.session_state[_key(about)] = replace(
        said, is_fresh=False, replaced=said.replaced and content == said.content
    )


def _store(about: About, said: Said, content: Mapping[str, Any], desk: Desk) -> None:
    key = _once(about, said, content, desk)
    try:
        stored = state(desk, about, content, expected_version=said.version, idempotency_key=key)
    except AssessmentError as error:
        with desk.store.read() as connection:
            current = find_statement(connection, about)
        if current and current.version > said.version:
            # Drawn anew with what is stored, and with a word that it is somebody else's.
            begin(about, current)
            st.rerun()
        st.error(t("Not saved. {reason}", reason=plain(str(error))), icon=":material/error:")
        return
    kept = plain_content(stored.content)
    st.session_state[_key(about)] = Said(stored.version, kept, said.drawn, is_fresh=False)
    st.caption(f":material/cloud_done: {t('Saved {time}', time=when(stored.at))}")


def _is_left_over(about: About, content: Mapping[str, Any], desk: Desk) -> bool:
    """Whether an old page sends what once stood here, which is no edit."""
    with desk.store.read() as connection:
        return was_said_before(connection, about, content)


def _once(about: About, said: Said, content: Mapping[str, Any], desk: Desk) -> str:
    """The same for every repeat of one edit."""
    told = json.dumps([_key(about), said.version, sorted(content.items())], default=str)
    return f"{desk.session_id}:{hashlib.sha256(told.encode()).hexdigest()[:40]}"
