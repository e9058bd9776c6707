"""Many people answer at once: a load driver that speaks Streamlit's protocol, and counts only what was acknowledged.

Each person has a unit and a session, clicks levels with pauses between, and takes an answer for saved when the card says so.
Afterwards the database is asked for every acknowledged answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from assessment.access import Principal, Role, Scope
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units
from assessment.intake.typed import typed_units
from assessment.intake.units import read_units
from assessment.organisation import Organisation, Round, organisation_of
from assessment.questionnaire.folder import load_catalogue
from assessment.store import schema
from assessment.store.answers import read_answers
from assessment.store.assessments import read_assessments
from assessment.store.engine import Store, open_store
from assessment.store.organisation import read_organisation
from tests.benchmarks.times import figures
from tests.browser.conftest import Server, free_port
from tests.conftest import ROOT

QUESTIONNAIRE, DIMENSION = "data-governance", "direction"
#: Nothing follows by itself then; a run that ends early to begin anew is none of these.
_AT_REST = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
#: No acknowledgement after so long is an error, in seconds.
PATIENCE_S = 15.0
#: Domains of each country of the invented workspace.
DOMAINS = 9


@dataclass
class Card:
    """What a person sees of one question."""

    widget_id: str
    fragment_id: str
    options: tuple[str, ...]
    chosen: str | None = None


@dataclass
class Person:
    """One session, its cards, and what was acknowledged: the chosen label by question."""

    unit_id: str
    label: str
    cards: dict[str, Card] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
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

    async def ask(self, fragment_id: str = "") -> float | None:
        """Runs the page or a fragment of it to the end; gives when the fragment said "Saved", None when it didn't."""
        message = BackMsg(rerun_script=ClientState(query_string=self._person.query, page_name="answer"))
        message.rerun_script.fragment_id = fragment_id
        message.rerun_script.page_script_hash = self._page_hash
        for card in self._person.cards.values():
            state = message.rerun_script.widget_states.widgets.add(id=card.widget_id)
            if card.chosen is not None:
                state.string_value = card.chosen
        await self._socket.send(message.SerializeToString())
        return await asyncio.wait_for(self._until_finished(fragment_id), PATIENCE_S)

    async def _until_finished(self, fragment_id: str) -> float | None:
        """Reads to the end of the run, or of the run that follows at once: what is left would answer the next click."""
        saved_at = None
        while True:
            message = ForwardMsg.FromString(bytes(await self._socket.recv(decode=False)))
            self._note(message)
            if saved_at is None and _says_saved(message) and message.delta.fragment_id == fragment_id:
                saved_at = time.perf_counter()
            if message.WhichOneof("type") == "script_finished" and message.script_finished in _AT_REST:
                return saved_at

    def _note(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "navigation":
            self._page_hash = message.navigation.page_script_hash
        radio = message.delta.new_element.radio
        if radio.id.endswith(":choice"):
            question_id = radio.id.split(":")[2]
            card = self._person.cards.get(question_id)
            self._person.cards[question_id] = Card(
                radio.id, message.delta.fragment_id, tuple(radio.options), card.chosen if card else None
            )


def _says_saved(message: ForwardMsg) -> bool:
    return "Saved " in message.delta.new_element.markdown.body


@dataclass
class Crowd:
    """Everybody comes in a few at a time, and answers only once all are there."""

    port: int
    seconds: float
    think_s: float
    door: asyncio.Semaphore
    all_here: asyncio.Barrier

    async def work(self, person: Person, chance: random.Random) -> None:
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        protocols = [websockets.Subprotocol("streamlit")]
        try:
            async with websockets.connect(address, subprotocols=protocols, max_size=None) as socket:
                conversation = Conversation(socket, person)
                async with self.door:
                    while not person.cards:
                        await conversation.ask()
                await self.all_here.wait()
                stop = time.monotonic() + self.seconds
                while time.monotonic() < stop:
                    await asyncio.sleep(chance.uniform(0, 2 * self.think_s))
                    await _click(conversation, person, chance)
        except Exception as error:
            person.errors.append(repr(error)[:200])
            await self.all_here.abort()


async def _click(conversation: Conversation, person: Person, chance: random.Random) -> None:
    question_id, card = chance.choice(list(person.cards.items()))
    # The first five are levels; another one than before, as a click on the same changes nothing.
    card.chosen = chance.choice([label for label in card.options[:5] if label != card.chosen])
    begun = time.perf_counter()
    saved_at = await conversation.ask(card.fragment_id)
    if saved_at is None:
        person.errors.append(f"{question_id}: not said to be saved")
        return
    person.times_ms.append(1000 * (saved_at - begun))
    person.acknowledged[question_id] = card.chosen


def prepare(store: Store, people: int) -> Organisation:
    """A workspace of one's own with so many domains in an open round, all drafts."""
    schema.upgrade(store)
    desk = Desk(
        store,
        load_catalogue(ROOT / "questionnaires"),
        Principal("Ada", Role.ADMINISTRATOR),
        "crowd",
        datetime.now(UTC),
    )
    workspace.start_empty(desk)
    countries = "\n".join(
        f"C{chr(65 + n // 26)}{chr(65 + n % 26)} Country {n}" for n in range(-(-people // DOMAINS))
    )
    domains = "\n".join(f"Domain {n}" for n in range(DOMAINS))
    add_units(desk, read_units(typed_units("Crowd", countries, domains, organisation_of([])), "crowd"))
    open_round(desk, Round("2026-H2", "Crowd", None, None, None, {QUESTIONNAIRE: "1.0.0"}))
    with store.read() as connection:
        return read_organisation(connection)


def lost(store: Store, everybody: list[Person]) -> int:
    """How many acknowledged answers the database doesn't have."""
    missing = 0
    with store.read() as connection:
        for person in everybody:
            (assessment,) = read_assessments(connection, [person.unit_id])
            stored = read_answers(connection, assessment.id, Scope(own=frozenset({person.unit_id})))
            for question_id, label in person.acknowledged.items():
                found = stored.get(question_id)
                missing += found is None or found.answer.value != label.split()[0]
    return missing


def memory_mb(pid: int) -> float:
    """What the process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def crowd(
    database_url: str = "", people: int = 200, seconds: float = 30, think_s: float = 3.0, seed: int = 1
) -> dict[str, float]:
    """Milliseconds from click to acknowledgement, and what was lost; on a new SQLite file unless an address is given."""
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{folder}/workspace.db"
        store = open_store(url)
        organisation = prepare(store, people)
        units = [unit for unit in organisation.units.values() if unit.domain_family][:people]
        everybody = [Person(unit.id, f"{organisation.label(unit.id)} ({unit.id})") for unit in units]
        server = Server(Path(folder), free_port(), environment={"MESH_READINESS_DATABASE_URL": url})
        server.start()
        try:
            assert server.process is not None
            asyncio.run(_all(everybody[:1], server.port, 4, 1.0, seed))
            alone = memory_mb(server.process.pid)
            asyncio.run(_all(everybody, server.port, seconds, think_s, seed))
            together = memory_mb(server.process.pid)
        finally:
            server.stop()
        missing = lost(store, everybody)
        store.engine.dispose()
    return _figures(everybody, missing, alone, together)


async def _all(everybody: list[Person], port: int, seconds: float, think_s: float, seed: int) -> None:
    for person in everybody:
        person.cards.clear()
        person.times_ms.clear()
    crowd = Crowd(port, seconds, think_s, asyncio.Semaphore(2), asyncio.Barrier(len(everybody)))
    await asyncio.gather(*(crowd.work(person, random.Random(seed + n)) for n, person in enumerate(everybody)))


def _figures(everybody: list[Person], missing: int, alone: float, together: float) -> dict[str, float]:
    errors = [error for person in everybody for error in person.errors]
    for error in sorted(set(errors))[:5]:
        sys.stderr.write(f"{error}\n")
    return {
        "people": len(everybody),
        **figures([ms for person in everybody for ms in person.times_ms]),
        "errors": len(errors),
        "lost": missing,
        "process_mb": together,
        "session_mb": (together - alone) / max(1, len(everybody) - 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--think", type=float, default=3.0, help="seconds between two clicks of one person")
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    sys.stdout.write(
        json.dumps(crowd(options.url, options.people, options.seconds, options.think), indent=2) + "\n"
    )


if __name__ == "__main__":
    main()
