"""The way between a page and its server, as networks are: it stalls, falls silent, and is cut."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass
class Line:
    """Every connection of a page goes through it; make it before the page is opened."""

    page: Page
    is_silent: bool = False
    is_stalled: bool = False
    waiting: list[str | bytes] = field(default_factory=list)
    #: The server's sessions that the page had.
    sessions: set[str] = field(default_factory=set)
    ends: tuple[WebSocketRoute, WebSocketRoute] | None = None

    def __post_init__(self) -> None:
        self.page.route_web_socket("**/_stcore/stream", self._join)

    def cut(self) -> None:
        """The page hears that the connection is gone, and gets a new one that works; what was underway is lost."""
        self.is_silent = self.is_stalled = False
        near, far = self._ends
        near.close()
        far.close()

    def go_on(self, held_back: int) -> None:
        """What a stalled line held back arrives together: at least so many messages."""
        # Nothing is asked: what the page has sent before is here once it has answered.
        self.page.evaluate("0")
        assert len(self.waiting) >= held_back, "they were not sent while the line was stalled"
        self.is_stalled = False
        while self.waiting:
            self._ends[1].send(self.waiting.pop(0))

    @property
    def _ends(self) -> tuple[WebSocketRoute, WebSocketRoute]:
        assert self.ends is not None, "nothing is connected yet"
        return self.ends

    def _join(self, near: WebSocketRoute) -> None:
        self.ends = near, near.connect_to_server()
        self.ends[0].on_message(self._to_server)
        self.ends[1].on_message(self._to_page)

    def _to_server(self, message: str | bytes) -> None:
        if self.is_stalled:
            self.waiting.append(message)
        elif not self.is_silent:
            self._ends[1].send(message)

    def _to_page(self, message: str | bytes) -> None:
        if not self.is_silent:
            self._note(message)
            self._ends[0].send(message)

    def _note(self, message: str | bytes) -> None:
        told = ForwardMsg.FromString(message) if isinstance(message, bytes) else ForwardMsg()
        if told.HasField("new_session"):
            self.sessions.add(told.new_session.initialize.session_id)
