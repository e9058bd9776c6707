"""People who sign in by links, answer through the proxy, and go on when the process that served them is gone."""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from dataclasses import dataclass, field

import websockets
from starlette.datastructures import Headers

from tests.benchmarks.conversation import Conversation, Person
from tests.drill.proxy import HOST

#: Nobody is served again after so long: the drill has failed, in seconds.
GIVEN_UP_S = 60.0
#: Between two tries to connect again, as a browser's page: at first at once, then a little later each time.
_AGAIN_S = (0.0, 0.2, 0.5, 1.0)


@dataclass
class Somebody:
    """A person of the crowd with the cookies of their browser, and when each answer was acknowledged."""

    person: Person
    cookies: dict[str, str]
    #: The first is no answer, but when all were there.
    acknowledged_at: list[float] = field(default_factory=list)
    #: When the page was drawn again after a lost connection.
    back_at: list[float] = field(default_factory=list)
    #: When the connection was lost, in seconds of the monotonic clock.
    cut_off_at: list[float] = field(default_factory=list)
    clicks: int = 0
    #: Clicks of which the page said that they aren't saved.
    refused: int = 0
    #: The values that were acknowledged, by question, in their order.
    said: dict[str, list[str]] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """How many were acknowledged."""
        return len(self.acknowledged_at) - 1

    @property
    def unanswered_clicks(self) -> int:
        """How many clicks were not acknowledged: stored or not, nobody was told."""
        return self.clicks - self.answers

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@dataclass(frozen=True)
class Street:
    """The way to the proxy: its port, and whose certificate is believed."""

    port: int
    trust: ssl.SSLContext

    @property
    def origin(self) -> str:
        return f"https://{HOST}:{self.port}"

    def connect(self, somebody: Somebody) -> websockets.connect:
        return websockets.connect(
            f"wss://{HOST}:{self.port}/_stcore/stream", host="127.0.0.1", port=self.port, ssl=self.trust,
            server_hostname=HOST, origin=websockets.Origin(self.origin), max_size=None,
            subprotocols=[websockets.Subprotocol("streamlit")], additional_headers={"Cookie": somebody.cookie},
        )  # fmt: skip

    async def come_in(self, path: str, person: Person) -> Somebody:
        """Signs in by a link as a browser does: looks at it, and presses the button."""
        somebody = Somebody(person, {})
        for method in ("GET", "POST"):
            status, headers = await self._request(method, path, somebody)
            assert status in (200, 303), f"{method} of the link: {status}"
            for cookie in headers.getlist("set-cookie"):
                name, _, value = cookie.partition(";")[0].partition("=")
                somebody.cookies[name] = value
        assert len(somebody.cookies) == 2, f"who is here, and with which process: {sorted(somebody.cookies)}"
        return somebody

    async def _request(self, method: str, path: str, somebody: Somebody) -> tuple[int, Headers]:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self.trust, server_hostname=HOST
        )
        lines = (
            f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}", f"Origin: {self.origin}",
            "Sec-Fetch-Site: same-origin", f"Cookie: {somebody.cookie}", "Content-Length: 0", "Connection: close", "", "",
        )  # fmt: skip
        writer.write("\r\n".join(lines).encode())
        head = (await reader.read()).partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        writer.close()
        raw = [
            (name.lower().encode(), value.strip().encode())
            for name, _, value in (line.partition(":") for line in head[1:])
        ]
        return int(head[0].split()[1]), Headers(raw=raw)


async def answer(
    somebody: Somebody,
    street: Street,
    think_s: float,
    chance: random.Random,
    all_here: asyncio.Barrier,
    stop: asyncio.Event,
) -> None:
    """Answers until `stop`; whose connection is lost connects again, as the page in a browser does by itself."""
    is_new = True
    while not stop.is_set():
        try:
            await _converse(somebody, street, think_s, chance, all_here if is_new else None, stop)
        except (websockets.ConnectionClosed, websockets.InvalidHandshake, OSError):
            somebody.cut_off_at.append(time.monotonic())
            assert time.monotonic() - somebody.acknowledged_at[-1] < GIVEN_UP_S, "nobody is served any more"
            tries = sum(1 for at in somebody.cut_off_at if at > somebody.acknowledged_at[-1])
            await asyncio.sleep(_AGAIN_S[min(tries, len(_AGAIN_S)) - 1])
        is_new = False


async def _converse(
    somebody: Somebody,
    street: Street,
    think_s: float,
    chance: random.Random,
    all_here: asyncio.Barrier | None,
    stop: asyncio.Event,
) -> None:
    """One connection: the page, with what its widgets showed before, then a click now and then."""
    async with street.connect(somebody) as socket:
        conversation = Conversation(socket, somebody.person)
        await conversation.ask()
        while not somebody.person.cards:
            await conversation.ask()
        if all_here is None:
            somebody.back_at.append(time.monotonic())
        else:
            await all_here.wait()
            somebody.acknowledged_at.append(time.monotonic())
        while not stop.is_set():
            await _think(socket, chance.uniform(0, 2 * think_s))
            await conversation.beat_if_due()
            await _click(conversation, somebody, chance)


async def _think(socket: websockets.ClientConnection, seconds: float) -> None:
    """Waits; a page whose connection is lost meanwhile notices at once, as it does in a browser.

    Raises:
        ConnectionClosed: It is lost.
    """
    try:
        await asyncio.wait_for(socket.wait_closed(), seconds)
    except TimeoutError:
        return
    raise websockets.ConnectionClosedError(None, None)


async def _click(conversation: Conversation, somebody: Somebody, chance: random.Random) -> None:
    person = somebody.person
    question_id, card = chance.choice(list(person.cards.items()))
    # The first five are levels; another one than before, as a click on the same changes nothing.
    card.chosen = chance.choice([label for label in card.options[:5] if label != card.chosen])
    somebody.clicks += 1
    if await conversation.ask(card.fragment_id) is None:
        # What was under way when the connection was lost may be shown beside what is stored, for the person to choose.
        somebody.refused += conversation.was_refused
        return
    somebody.acknowledged_at.append(time.monotonic())
    somebody.said.setdefault(question_id, []).append(card.chosen.split()[0])
