"""A page that outlived its server, and the first click on it (docs/decisions/0020-a-question-a-fragment.md)."""

from __future__ import annotations

from functools import wraps

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession


def run_whole_pages_for_unknown_fragments() -> None:
    """Makes a session that is asked for a fragment which it doesn't know draw the whole page.

    After a restart of the server the browser still shows the page, and its first click asks a new session for a fragment
    of the old one, often while that session draws the page for the first time. Streamlit drops such a request together
    with the widgets' values in it, without a word: the answer would stand on the screen and nowhere else. What a timer
    asks for may be dropped while something runs: it asks again.
    """
    ask = AppSession.request_rerun
    if hasattr(ask, "__wrapped__"):
        return

    @wraps(ask)
    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        if client_state and client_state.fragment_id and not self.has_fragment(client_state.fragment_id):
            is_busy = self._scriptrunner is not None
            if not (is_busy and client_state.is_auto_rerun):
                client_state.fragment_id = ""
        ask(self, client_state)

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]
