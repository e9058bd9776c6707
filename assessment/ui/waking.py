"""What pages send that Streamlit would drop: after the server forgot them, and when two things are sent at once.

See docs/decisions/0020-a-question-a-fragment.md and docs/decisions/autosave.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import wraps

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession

from assessment.ui.session import SESSION_KEY
from assessment.ui.track import ANSWER_WIDGET, SHOWN_BEFORE, STATEMENT_WIDGET, page_of

_ANSWER = rf"{ANSWER_WIDGET}\d{{1,18}}:[^:]+:[^:]+:[0-9a-f]{{32}}:\d{{1,18}}:[a-z_]+"
_STATEMENT = rf"{STATEMENT_WIDGET}[a-z]+:[^:]+:[^:]+:.+:[0-9a-f]{{32}}:\d{{1,18}}:\d{{1,9}}:[a-z_]+"
#: The id of an answer's or a statement's widget as Streamlit makes it from the widget's key; the key is the group.
_STORED = re.compile(rf"\$\$ID-[^-]*-({_ANSWER}|{_STATEMENT})")
#: What a session's last request sent of these, by id; as an attribute of the session.
_UNREAD = "_edits_of_the_last_request"
#: What it sent of all widgets, by id; as an attribute of the session.
_SENT = "_widgets_of_the_last_request"
#: The last page that a session's browser asked for; as an attribute of the session.
_ASKED = "_page_that_was_asked_for"


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as Streamlit knows it, its parameters, and the page from which it was asked for."""

    script_hash: str
    query: str
    asked_from: str


def take_all_that_pages_send() -> None:
    """Makes sessions take every answer and statement that a browser sends, from a page that they don't know as well."""
    ask = AppSession.request_rerun
    if hasattr(ask, "__wrapped__"):
        return

    @wraps(ask)
    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        if client_state:
            if _is_left(self, client_state):
                if client_state.is_auto_rerun:
                    return
                _follow(self, client_state)
            _meet(self, client_state)
            _carry(self, client_state)
            if _brings_more(self, client_state) or not _can_be_drawn_alone(self, client_state):
                client_state.fragment_id = ""
        ask(self, client_state)

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]


def _is_left(session: AppSession, client_state: ClientState) -> bool:
    """Whether a part of a page sends this that was left meanwhile."""
    if not client_state.fragment_id:
        here = session._client_state.page_script_hash
        asked = _Page(client_state.page_script_hash, client_state.query_string, here)
        setattr(session, _ASKED, asked)
        return False
    now, sender = _now(session).script_hash, client_state.page_script_hash
    # A session that drew nothing yet goes on with whatever page it is asked for.
    return bool(now) and bool(sender) and sender != now


def _now(session: AppSession) -> _Page:
    """The page that was gone to last, by the browser or by the script."""
    drawn = session._client_state
    asked: _Page | None = getattr(session, _ASKED, None)
    # Until a script tells the session that it draws another page, the session still names the one before.
    is_on_its_way = session._scriptrunner is not None and drawn.page_script_hash == (
        asked and asked.asked_from
    )
    if asked and (is_on_its_way or drawn.page_script_hash == asked.script_hash):
        return asked
    return _Page(drawn.page_script_hash, drawn.query_string, "")


def _follow(session: AppSession, client_state: ClientState) -> None:
    """Brings what a page sends after it was left to the page that was gone to.

    A text is sent when its field is left: by a click on a link, after the link was followed. Streamlit would look for the
    field's fragment on the other page, and drop the text with it.
    """
    now = _now(session)
    client_state.fragment_id = client_state.page_name = ""
    client_state.page_script_hash, client_state.query_string = now.script_hash, now.query


def _meet(session: AppSession, client_state: ClientState) -> None:
    """Tells a new session whose page it goes on with: that of a session which the server forgot.

    It is the same page to the person before it, so it stays the same in the history: what it stored, it knows.
    """
    if hasattr(session, _UNREAD):
        return
    keys = tuple(
        found[1] for state in client_state.widget_states.widgets if (found := _STORED.fullmatch(state.id))
    )
    # As a script's own values; set from outside of a script, `session_state[...]` would log a warning each time.
    brought = session.session_state._new_session_state
    brought[SHOWN_BEFORE] = keys
    if page := page_of(keys):
        brought[SESSION_KEY] = page


def _carry(session: AppSession, client_state: ClientState) -> None:
    """Adds what the request before said of answers and statements, when that wasn't read to the end.

    Somebody who chooses a level and goes to another page at once sends both together. The first run is stopped then, and
    the second request no longer names the widgets of the page that was left.
    """
    widgets = client_state.widget_states.widgets
    if session._scriptrunner is not None:
        named = {state.id for state in widgets}
        unread = getattr(session, _UNREAD, {})
        widgets.extend(state for name, state in unread.items() if name not in named)
    setattr(session, _UNREAD, {state.id: state for state in widgets if _STORED.fullmatch(state.id)})


def _can_be_drawn_alone(session: AppSession, client_state: ClientState) -> bool:
    """Whether the fragment that is asked for is known; the whole page is drawn where it isn't.

    After a restart of the server the browser still shows the page, and its first click asks a new session for a fragment
    of the old one, often while that session draws the page for the first time. Streamlit drops such a request together
    with the widgets' values in it, without a word: the answer would stand on the screen and nowhere else. What a timer
    asks for may be dropped while something runs: it asks again.
    """
    is_busy = session._scriptrunner is not None
    return session.has_fragment(client_state.fragment_id) or (is_busy and client_state.is_auto_rerun)


def _brings_more(session: AppSession, client_state: ClientState) -> bool:
    """Whether a fragment's request also says what somebody did outside of it, which the whole page must answer.

    A text is sent when its field is left. A click that ends the typing goes with it, as something for the fragment that
    was typed in: only that would be drawn, and the button or the list outside of it have been used in vain.
    """
    if client_state.is_auto_rerun:
        # Nobody did anything; and a whole page now could stop one that answers a click.
        return False
    sent = {state.id: state for state in client_state.widget_states.widgets}
    before: dict[str, WidgetState] = getattr(session, _SENT, {})
    setattr(session, _SENT, sent)
    if not client_state.fragment_id:
        return False
    # What is sent for the first time is only what the widget showed when it was drawn, unless it is a click.
    changed = [
        name for name, state in sent.items() if state.trigger_value or before.get(name, state) != state
    ]
    known = session.session_state._new_widget_state.widget_metadata
    return any(known[name].fragment_id != client_state.fragment_id for name in changed if name in known)
