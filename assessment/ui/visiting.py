"""Who is signed in, asked anew on every run; and what a browser shows in which nobody is.

Only where people sign in. Everything that pages read and write goes through a guarded store, so that what a part of a
page or an old page asks for after the session has ended, or the role was taken, is refused as well.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from assessment.access import Principal
from assessment.actions import entering
from assessment.actions.entering import Visitor
from assessment.actions.identities import SIGN_IN, VOUCHED, is_person
from assessment.cookies import signed_in_by
from assessment.i18n import t
from assessment.proxies import ISSUER, names_of
from assessment.store.engine import Connection, Store
from assessment.ui import resources
from assessment.ui.style import apply_style
from assessment.ui.text import plain

#: The person for whom this session was last drawn, by id.
_FOR = "_signed in"
#: 4.8:1 below the white words and against both backgrounds.
_LIKE_A_BUTTON = (
    "display: inline-block; padding: .5rem 1.25rem; border-radius: .5rem; background: #3373C4; color: #FFFFFF; "
    "font-weight: 600; text-decoration: none"
)


def is_asked() -> bool:
    """Whether people sign in here at all."""
    return resources.settings().sign_in != "none"


def is_by_link() -> bool:
    """Whether the administrator lets people in, one by one; else somebody else vouches for them."""
    return resources.settings().sign_in == "links"


def visitor() -> Visitor | None:
    """Who is signed in in this browser now; None when nobody is, or nobody any more."""
    settings, store, at = resources.settings(), resources.store(), datetime.now(UTC)
    secret = signed_in_by(st.context.cookies, https_only=settings.https_only)
    found = entering.visitor_of(store, secret, at)
    if found is None or not _is_vouched_for(found, store):
        return None
    entering.note_use(store, found.session, at)
    if st.session_state.get(_FOR, found.person.id) != found.person.id:
        # A connection that came back with somebody else's cookie: what this session holds isn't theirs.
        st.session_state.clear()
    st.session_state[_FOR] = found.person.id
    return found


def _is_vouched_for(found: Visitor, store: Store) -> bool:
    """Whether who vouches for people here does so for this one.

    A proxy says it with every connection: another person may have come since. And what a link began, before the settings
    were changed, lasts longer than a provider's word does.
    """
    settings = resources.settings()
    if not is_by_link() and found.session.ends_at - found.session.started_at > VOUCHED:
        return False
    if settings.sign_in != "proxy":
        return True
    told = names_of(st.context.headers, settings.proxy_headers)
    return told is not None and is_person(store, ISSUER, told.user, found.person.id)


def guarded(store: Store, found: Visitor, principal: Principal) -> Store:
    """The store, as long as the visitor is here and has the role."""
    session_id = found.session.id

    def check(connection: Connection, is_writing: bool) -> None:
        entering.require_here(connection, session_id, principal, datetime.now(UTC), is_writing=is_writing)

    return store.guarded(check)


def screen(found: Visitor | None) -> Callable[[], None]:
    """Draws what stands in place of every page for somebody who isn't signed in, or has no role."""
    return _not_signed_in if found is None else lambda: _without_role(found)


def sign_out() -> None:
    """The way out, to a page that sends its form itself. Not as Markdown, whose links open another tab and leave this one as it is."""
    st.html(f'<a href="{entering.LEAVE}" style="color: inherit">{t("Sign out")}</a>')


def _not_signed_in() -> None:
    apply_style()
    if _FOR in st.session_state:
        # Nothing of it is kept for whoever comes next.
        st.session_state.clear()
        st.title(t("Your session has ended"), anchor=False)
        st.markdown(
            t(
                "What you typed and was not shown as saved is not saved. All that was saved is here when you come back."
            )
        )
    else:
        st.title(t("You are not signed in"), anchor=False)
    if is_by_link():
        st.markdown(
            t(
                "You come in by a personal link. Open the one that your administrator sent you; it works once. "
                "If you have none, or it was used, ask your administrator for a new one."
            )
        )
    else:
        _offer_sign_in()
    st.caption(t("If you have just come in from another tab of this browser, reload this page."))


def _offer_sign_in() -> None:
    """A link to who vouches for people, and back to this very page. Not as Markdown: as for signing out."""
    path = urlsplit(str(st.context.url or "")).path or "/"
    asked = urlencode(st.query_params.to_dict())
    to = quote(f"{path}?{asked}" if asked else path, safe="")
    st.html(f'<p><a href="{SIGN_IN}?to={to}" style="{_LIKE_A_BUTTON}">{t("Sign in")}</a></p>')


def _without_role(found: Visitor) -> None:
    apply_style()
    st.title(t("You have no role yet"), anchor=False)
    st.markdown(
        t(
            "You are signed in as **{name}**. The administrator gives you a role; then reload this page.",
            name=plain(found.person.name),
        )
    )
    sign_out()
