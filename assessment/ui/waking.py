"""What pages send that Streamlit would drop: after the server forgot them, and when two things are sent at once.

See docs/decisions/0020-a-question-a-fragment.md and docs/decisions/autosave.md.
"""

from __future__ import annotations

import re
from functools import wraps

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

from assessment.ui.session import SESSION_KEY
from assessment.ui.track import ANSWER_WIDGET, SHOWN_BEFORE, STATEMENT_WIDGET, page_of

_ANSWER = rf"{ANSWER_WIDGET}\d{{1,18}}:[^:]+:[^:]+:[0-9a-f]{{32}}:\d{{1,18}}:[a-z_]+"
_STATEMENT = rf"{STATEMENT_WIDGET}[a-z]+:[^:]+:[^:]+:.+:[0-9a-f]{{32}}:\d{{1,18}}:\d{{1,9}}:[a-z_]+"
#: The id of an answer's or a statement's widget as Streamlit makes it from the widget's key; the key is the group.
_STORED = re.compile(rf"\$\$ID-[^-]*-({_ANSWER}|{_STATEMENT})")
#: What a session's last request sent of these, by id; as an attribute of the session.
_UNREAD = "_answers_of_the_last_request"


def take_all_that_pages_send() -> None:
    """Makes sessions take every answer and statement that a browser sends, from a page that they don't know as well."""
    ask = AppSession.request_rerun
    if hasattr(ask, "__wrapped__"):
        return

    @wraps(ask)
    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        if client_state:
            _meet(self, client_state)
            _carry(self, client_state)
            _widen(self, client_state)
        ask(self, client_state)

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]


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


def _widen(session: AppSession, client_state: ClientState) -> None:
    """Draws the whole page where a fragment is asked for that the session doesn't know.

    After a restart of the server the browser still shows the page, and its first click asks a new session for a fragment
    of the old one, often while that session draws the page for the first time. Streamlit drops such a request together
    with the widgets' values in it, without a word: the answer would stand on the screen and nowhere else. What a timer
    asks for may be dropped while something runs: it asks again.
    """
    if client_state.fragment_id and not session.has_fragment(client_state.fragment_id):
        is_busy = session._scriptrunner is not None
        if not (is_busy and client_state.is_auto_rerun):
            client_state.fragment_id = ""
