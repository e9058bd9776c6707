"""Statements on a page: what a widget shows is stored as soon as it is whole, or held and said to be not saved.

As `autosave` does it for answers, an edit is a difference between what is shown and what is stored, looked for on
every run; a statement is stored as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import streamlit as st

from assessment.actions.desk import Desk
from assessment.actions.stating import state
from assessment.errors import AssessmentError
from assessment.i18n import t
from assessment.statements import plain_content
from assessment.store.statements import (
    About,
    Statement,
    find_statement,
    said_by_others_since,
    see_statement,
    was_said_before,
)
from assessment.ui.composing import Fields, composed
from assessment.ui.session import Here, when
from assessment.ui.text import plain
from assessment.ui.track import STATEMENT_WIDGET, edit_key, shown_before

#: The statements that the run now drew, and what could not be stored before it, by statement.
_DRAWN, _REFUSED = "statements drawn", "statements refused"


@dataclass(frozen=True, slots=True)
class Said:
    """What this session knows of one statement.

    `version` and `at` tell what is stored from every other, also across workspaces: versions begin anew there. `page` is the
    session that drew the widgets first, `drawn_from` the version that they were drawn from, `turn` how often
    they were drawn anew from one version; all three are in their keys, so another one retires what they hold. `is_fresh`
    until the session has compared once: what a widget sends then may be left over from an earlier session. `replaced`
    says why what stood here gave way to what is stored; '' when it didn't. `offered` is what the widgets show of a
    statement that nobody made yet.
    """

    about: About
    version: int
    at: datetime | None
    content: Mapping[str, Any]
    page: str
    drawn_from: int
    turn: int = 0
    is_fresh: bool = True
    replaced: str = ""
    offered: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seed(self) -> Mapping[str, Any]:
        """What the widgets start with, by field."""
        return self.content or self.offered

    @property
    def widgets(self) -> str:
        """Begins the keys of its widgets."""
        return f"{_key(self.about)}:{self.page}:{self.drawn_from}:{self.turn}:"


def begin(place: Here, about: About, offered: Fields = MappingProxyType({})) -> Said:
    """What to draw the widgets from: what is stored now, else `offered`; drawn anew when somebody else changed it.

    Read here, because a fragment's page may be old.
    """
    known: Said | None = st.session_state.get(_key(about))
    with place.store.read() as connection:
        stored = see_statement(connection, about, place.scope.units)
        if known is None:
            known = replace(_first(place, about, stored), offered=offered)
        elif (known.version, known.at) != _state_of(stored):
            is_own = (
                stored is not None
                and known.version < stored.version
                and not said_by_others_since(connection, about, known.version, besides=known.page)
            )
            known = _as_stored(known, stored) if is_own and stored else _anew(known, stored)
    st.session_state.setdefault(_DRAWN, set()).add(_key(about))
    return _keep(known)


def _anew(known: Said, stored: Statement | None) -> Said:
    """Drawn from what somebody else stored; what the widgets hold is retired."""
    version, at = _state_of(stored)
    return replace(
        known, version=version, at=at, content=_content(stored), drawn_from=version, turn=known.turn + 1,
        is_fresh=False, replaced=_by_others(),
    )  # fmt: skip


def _first(place: Here, about: About, stored: Statement | None) -> Said:
    """Drawn from what is stored now, but for what the browser shows already: that keeps its key, and what it was told."""
    version, at = _state_of(stored)
    first = Said(about, version, at, _content(stored), place.session_id, version)
    before = f"{_key(about)}:{first.page}:"
    for key in shown_before():
        if key.startswith(before):
            drawn_from, turn, _ = key.removeprefix(before).split(":")
            return replace(first, drawn_from=int(drawn_from), turn=int(turn))
    return first


def _state_of(stored: Statement | None) -> tuple[int, datetime | None]:
    return (stored.version, stored.at) if stored else (0, None)


def _content(stored: Statement | None) -> Mapping[str, Any]:
    return plain_content(stored.content) if stored else {}


def widget_key(said: Said, name: str) -> str:
    return said.widgets + name


def settle(said: Said, fields: Fields, desk: Desk) -> None:
    """Stores what the widgets' `fields` say together when it differs from what is stored, and says what is true then."""
    if said.replaced:
        st.info(said.replaced, icon=":material/sync:")
    content, missing = composed(said.about.kind, fields, was_said=bool(said.version))
    if content is None:
        if missing:
            st.warning(t("Not saved yet: {missing}", missing=missing), icon=":material/edit:")
    elif content == said.content:
        if said.version:
            st.caption(f":material/cloud_done: {t('Saved')}")
    elif said.is_fresh and (why := _left_over(said, content, desk)):
        _keep(replace(said, drawn_from=said.version, turn=said.turn + 1, is_fresh=False, replaced=why))
        st.rerun()
    else:
        _store(said, content, desk)
        return
    _keep(replace(said, is_fresh=False, replaced=said.replaced if content == said.content else ""))


def _keep(said: Said) -> Said:
    st.session_state[_key(said.about)] = said
    return said


def catch_up(desk: Desk) -> None:
    """Stores what the browser sent for statements that are not on the page that is drawn now, as answers are."""
    st.session_state[_DRAWN], st.session_state[_REFUSED] = set(), {}
    keys = [str(key) for key in st.session_state if str(key).startswith(STATEMENT_WIDGET)]
    for said in [known for key in keys if isinstance(known := st.session_state[key], Said)]:
        fields = {
            key.removeprefix(said.widgets): st.session_state[key]
            for key in keys
            if key.startswith(said.widgets)
        }
        if fields and not said.is_fresh:
            _catch_up(said, fields, desk)


def _catch_up(said: Said, fields: Fields, desk: Desk) -> None:
    # A field whose widget isn't there says what is stored.
    content, _ = composed(said.about.kind, {**said.seed, **fields}, was_said=bool(said.version))
    if content is None or content == said.content:
        return
    try:
        _keep(_as_stored(said, _stated(said, content, desk)))
    except AssessmentError as error:
        st.session_state[_REFUSED][_key(said.about)] = str(error)


def is_refused() -> bool:
    """Whether something that the browser sent for a statement could not be stored."""
    return bool(st.session_state.get(_REFUSED))


def tell_refused() -> None:
    """What `catch_up` could not store and no statement of the page that is drawn says itself; for the end of a page."""
    drawn = st.session_state.get(_DRAWN, ())
    for key, reason in st.session_state.get(_REFUSED, {}).items():
        if key not in drawn:
            st.error(t("Not saved. {reason}", reason=plain(reason)), icon=":material/error:")


def _store(said: Said, content: Mapping[str, Any], desk: Desk) -> None:
    try:
        stored = _stated(said, content, desk)
    except AssessmentError as error:
        _keep(replace(said, is_fresh=False))
        with desk.store.read() as connection:
            current = find_statement(connection, said.about)
        if _state_of(current) != (said.version, said.at):
            # The next run draws what is stored, with a word that it is somebody else's.
            st.rerun()
        st.error(t("Not saved. {reason}", reason=plain(str(error))), icon=":material/error:")
        return
    _keep(_as_stored(said, stored))
    st.caption(f":material/cloud_done: {t('Saved {time}', time=when(stored.at))}")


def _stated(said: Said, content: Mapping[str, Any], desk: Desk) -> Statement:
    key = edit_key(desk.session_id, _key(said.about), said.version, said.at, sorted(content.items()))
    return state(desk, said.about, content, expected_version=said.version, idempotency_key=key)


def _as_stored(said: Said, stored: Statement) -> Said:
    content = plain_content(stored.content)
    return replace(said, version=stored.version, at=stored.at, content=content, is_fresh=False, replaced="")


def _left_over(said: Said, content: Mapping[str, Any], desk: Desk) -> str:
    """Why what an old page sends is not stored: it may be no edit, or not a knowing one; '' when it is both."""
    with desk.store.read() as connection:
        if said_by_others_since(connection, said.about, said.drawn_from, besides=said.page):
            return _by_others()
        if was_said_before(connection, said.about, content):
            return t(
                "This page was out of touch; it shows what is saved. If you meant to change it, choose again."
            )
    return ""


def _by_others() -> str:
    return t("Somebody else changed this. The page shows it now; your own change was not saved.")


def _key(about: About) -> str:
    return f"{STATEMENT_WIDGET}{about.kind}:{about.round_id}:{about.unit_id}:{about.subject_id}"
