"""One person of a crowd, and what is said between that person's page and the server in Streamlit's protocol."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

#: The section that everybody fills in.
DIMENSION = "direction"
#: Nothing follows by itself then; a run that ends early to begin anew is none of these.
_AT_REST = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
#: No acknowledgement after so long is an error, in seconds.
PATIENCE_S = 15.0


@dataclass
class Card:
    """What a person sees of one question."""

    widget_id: str
    fragment_id: str
    options: tuple[str, ...]
    chosen: str | None = None


@dataclass
class Person:
    """One session, its cards, and what was acknowledged: the chosen label by question.

    `unsure` has what was chosen since and not acknowledged in time: it may be stored or not.
    """

    unit_id: str
    label: str
    cards: dict[str, Card] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, set[str]] = field(default_factory=dict)
    times_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def query(self) -> str:
        who = {"role": "Domain owner", "domain": self.label, "dimension": DIMENSION}
        return urlencode(who)


class Conversation:
    """One websocket: requests go out, messages come in until the script has finished."""

    def __init__(self, socket: websockets.ClientConnection, person: Person) -> None:
        self._socket, self._person = socket, person
        #: The page as the server knows it; a browser sends it with every request.
        self._page_hash = ""
        #: What the page asks for by itself, and how often, in seconds.
        self._heartbeat, self._every_s = "", math.inf
        self._beaten = time.monotonic()
        #: Whether the last request's page said that something isn't saved.
        self.was_refused = False

    async def ask(self, fragment_id: str = "", *, is_auto_rerun: bool = False) -> float | None:
        """Runs the page or a fragment of it to the end; gives when the fragment said "Saved", None when it didn't."""
        message = BackMsg(rerun_script=ClientState(query_string=self._person.query, page_name="answer"))
        message.rerun_script.fragment_id = fragment_id
        message.rerun_script.is_auto_rerun = is_auto_rerun
        message.rerun_script.page_script_hash = self._page_hash
        for card in self._person.cards.values():
            state = message.rerun_script.widget_states.widgets.add(id=card.widget_id)
            if card.chosen is not None:
                state.string_value = card.chosen
        await self._socket.send(message.SerializeToString())
        return await asyncio.wait_for(self._until_finished(fragment_id), PATIENCE_S)

    async def beat_if_due(self) -> None:
        if time.monotonic() - self._beaten >= self._every_s:
            self._beaten = time.monotonic()
            await self.ask(self._heartbeat, is_auto_rerun=True)

    async def _until_finished(self, fragment_id: str) -> float | None:
        """Reads to the end of the run, or of the run that follows at once: what is left would answer the next click."""
        saved_at, self.was_refused = None, False
        while True:
            message = ForwardMsg.FromString(bytes(await self._socket.recv(decode=False)))
            self._note(message)
            if saved_at is None and _says_saved(message) and message.delta.fragment_id == fragment_id:
                saved_at = time.perf_counter()
            self.was_refused |= message.delta.new_element.alert.body.startswith("Not saved")
            if message.WhichOneof("type") == "script_finished" and message.script_finished in _AT_REST:
                return saved_at

    def _note(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "navigation":
            self._page_hash = message.navigation.page_script_hash
        if message.WhichOneof("type") == "auto_rerun":
            self._heartbeat, self._every_s = message.auto_rerun.fragment_id, message.auto_rerun.interval
        radio = message.delta.new_element.radio
        if radio.id.endswith(":choice"):
            question_id = radio.id.split(":")[2]
            card = self._person.cards.get(question_id)
            self._person.cards[question_id] = Card(
                radio.id, message.delta.fragment_id, tuple(radio.options), card.chosen if card else None
            )


def _says_saved(message: ForwardMsg) -> bool:
    return "Saved " in message.delta.new_element.markdown.body
