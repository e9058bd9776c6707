"""Tokens for programs, as the administrator makes, sees and revokes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from assessment.access import UNIT_KIND_OF, Role
from assessment.actions import tokens as actions
from assessment.actions.tokens import TOKEN_ROLES, MadeToken
from assessment.i18n import count, day, t
from assessment.store.people import read_names
from assessment.store.tokens import Token
from assessment.ui.outcome import attempt, submit, tell
from assessment.ui.session import ROLE_NAMES, Here, labelled, local_time, to_the_minute, today
from assessment.ui.widgets import fold

#: The token that was just made, until the page is drawn once; and how many were, for new fields each time.
_NEW, _MADE = "token-new", "tokens-made"


def tokens(place: Here) -> None:
    """The section with all of it."""
    st.header(t("Tokens for programs"), anchor=False)
    st.markdown(
        t(
            "A spreadsheet or a dashboard reads scores, gates and verdicts with a token, as somebody in its role could."
        )
    )
    found = actions.list_tokens(place.desk())
    if found:
        _table(place, found)
    with fold(t("Make a token"), "fold-token"):
        _make(place)
    left = [token for token in found if token.revoked_at is None]
    if left:
        with fold(t("Revoke a token"), "fold-revoke"):
            _revoke(place, left)
    else:
        # The last one was revoked, and the form with it.
        tell("revoke")


def _table(place: Here, found: Sequence[Token]) -> None:
    now = place.desk().at
    with place.store.read() as connection:
        names = read_names(connection, (token.made_by for token in found))
    rows = [
        [
            token.name, _state(place, token, now), _whose(place, token),
            day(token.ends_on) if token.ends_on else t("no end"), _moment(token.last_used_at),
            names.get(token.made_by, token.made_by), _moment(token.made_at), token.id,
        ]
        for token in found
    ]  # fmt: skip
    columns = [
        t("For what"), t("State"), t("Reads as"), t("Last day"), t("Last used"), t("Made by"), t("Made on"), t("Id"),
    ]  # fmt: skip
    st.markdown(count(len(found), "token"))
    st.dataframe(pd.DataFrame(rows, columns=columns), hide_index=True, width="stretch")


def _state(place: Here, token: Token, now: datetime) -> str:
    if token.revoked_at is not None:
        return t("revoked on {day}", day=day(local_time(token.revoked_at).date()))
    if token.is_over(now):
        return t("over")
    if not actions.may_read(token.principal, place.organisation):
        return t("its unit is gone")
    return t("works")


def _whose(place: Here, token: Token) -> str:
    is_here = token.unit_id is not None and token.unit_id in place.organisation.units
    where = f", {place.organisation.label(token.unit_id or '')}" if is_here else ""
    return t(ROLE_NAMES[token.role]) + where


def _moment(moment: datetime | None) -> str:
    return to_the_minute(moment) if moment else t("never")


def _make(place: Here) -> None:
    role, unit_id = _reads_as(place)
    made = st.session_state.get(_MADE, 0)
    with st.form("make-token"):
        name = st.text_input(
            t("What it is for"),
            placeholder=t("Power BI of the data office"),
            max_chars=200,
            key=f"token-name-{made}",
        )
        ends_on = st.date_input(
            t("Last day, empty for no end"),
            None,
            min_value=today(),
            format="YYYY-MM-DD",
            key=f"token-end-{made}",
        )
        if st.form_submit_button(t("Make it"), type="primary"):
            _keep(name, lambda: actions.make_token(place.desk(), name, role, unit_id, ends_on))
            st.rerun()
    tell("token")
    _show_new()


def _keep(name: str, make: Callable[[], MadeToken]) -> None:
    """Makes the token, and holds it until it is drawn."""

    def act() -> None:
        st.session_state[_NEW] = make().secret

    if attempt("token", act, t("Made: {name}.", name=name.strip())):
        st.session_state[_MADE] = st.session_state.get(_MADE, 0) + 1


def _show_new() -> None:
    """The token that was just made: drawn once, and then forgotten here too."""
    secret: str | None = st.session_state.pop(_NEW, None)
    if secret is None:
        return
    st.code(secret, language=None, wrap_lines=True)
    st.warning(
        t(
            "Copy it now. It is shown until your next click here, and never again: only its fingerprint is kept."
        ),
        icon=":material/key:",
    )


def _reads_as(place: Here) -> tuple[Role, str | None]:
    """A role, and the unit that it is held in; outside of the form, because the second list follows the first."""
    names = {str(role): t(ROLE_NAMES[role]) for role in reversed(TOKEN_ROLES)}
    chosen = st.selectbox(t("Reads as"), list(names), format_func=names.__getitem__, key="token-role")
    role = Role(chosen)
    kind = UNIT_KIND_OF.get(role)
    if kind is None:
        return role, None
    units = [unit.id for unit in place.organisation.of_kind(kind) if not unit.retired_on]
    unit_id = st.selectbox(
        t("For"), units, format_func=lambda name: labelled(place.organisation, name), key=f"token-unit-{kind}"
    )
    return role, unit_id


def _revoke(place: Here, left: Sequence[Token]) -> None:
    st.markdown(t("Its program reads nothing more, at once. A revoked token never works again."))
    by_id = {token.id: token for token in left}

    def named(token_id: str) -> str:
        token = by_id[token_id]
        return f"{token.name} ({_whose(place, token)}, {token.id})"

    token_id = st.selectbox(t("Which token"), list(by_id), format_func=named, key="revoke-which")
    sure = st.checkbox(t("This can't be undone"), key=f"revoke-sure-{token_id}")
    if st.button(t("Revoke it"), disabled=not sure):
        done = t("Revoked: {name}.", name=by_id[token_id].name)
        submit("revoke", lambda: actions.revoke_token(place.desk(), token_id), done)
    tell("revoke")
