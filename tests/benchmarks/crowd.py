"""Many people answer at once: a load driver that speaks Streamlit's protocol, and counts only what was acknowledged.

Each person has a unit and a session, clicks levels with pauses between, and takes an answer for saved when the card says so;
meanwhile the page asks by itself for what others changed, as it does in a browser.
Afterwards the database is asked for every acknowledged answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import websockets

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
from tests.benchmarks.conversation import Conversation, Person
from tests.benchmarks.times import figures
from tests.browser.conftest import Server, free_port
from tests.conftest import ROOT

QUESTIONNAIRE = "data-governance"
#: Between two answers of one person, in seconds, on the average: six times as fast as a question is expected to take.
THINK_S = 15.0
#: Domains of each country of the invented workspace.
DOMAINS = 9


@dataclass
class Crowd:
    """Everybody comes in a few at a time, and answers only once all are there."""

    server: Server
    seconds: float
    think_s: float
    door: asyncio.Semaphore
    all_here: asyncio.Barrier
    #: What the server had computed when all were there, in seconds.
    computed_s: float = 0.0

    async def work(self, person: Person, chance: random.Random) -> None:
        address = f"ws://127.0.0.1:{self.server.port}/_stcore/stream"
        protocols = [websockets.Subprotocol("streamlit")]
        try:
            async with websockets.connect(address, subprotocols=protocols, max_size=None) as socket:
                conversation = Conversation(socket, person)
                async with self.door:
                    while not person.cards:
                        await conversation.ask()
                if await self.all_here.wait() == 0:
                    self.computed_s = computed_s(self.server)
                stop = time.monotonic() + self.seconds
                while time.monotonic() < stop:
                    await asyncio.sleep(chance.uniform(0, 2 * self.think_s))
                    await conversation.beat_if_due()
                    await _click(conversation, person, chance)
        except Exception as error:
            person.errors.append(repr(error)[:200])
            await self.all_here.abort()


async def _click(conversation: Conversation, person: Person, chance: random.Random) -> None:
    question_id, card = chance.choice(list(person.cards.items()))
    # The first five are levels; another one than before, as a click on the same changes nothing.
    card.chosen = chance.choice([label for label in card.options[:5] if label != card.chosen])
    person.unsure.setdefault(question_id, set()).add(card.chosen)
    begun = time.perf_counter()
    saved_at = await conversation.ask(card.fragment_id)
    if saved_at is None:
        person.errors.append(f"{question_id}: not said to be saved")
        return
    person.times_ms.append(1000 * (saved_at - begun))
    person.acknowledged[question_id] = card.chosen
    del person.unsure[question_id]


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
                possible = {label, *person.unsure.get(question_id, ())}
                missing += found is None or found.answer.value not in {one.split()[0] for one in possible}
    return missing


def memory_mb(server: Server) -> float:
    """What the server's process holds in memory."""
    return int(_told("status", server).split("VmRSS:")[1].split()[0]) / 1024


def computed_s(server: Server) -> float:
    """For how long the server's process has computed; unlike times, others at work on the machine hardly change it."""
    fields = _told("stat", server).rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(file: str, server: Server) -> str:
    assert server.process is not None
    return Path(f"/proc/{server.process.pid}/{file}").read_text(encoding="ascii")


def crowd(
    database_url: str = "", people: int = 200, seconds: float = 60, think_s: float = THINK_S, seed: int = 1
) -> dict[str, float]:
    """Milliseconds from click to acknowledgement, and what was lost; on a new SQLite file unless an address is given."""
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{folder}/workspace.db"
        store = open_store(url)
        everybody = _invited(prepare(store, people), people)
        server = Server(Path(folder), free_port(), environment={"MESH_READINESS_DATABASE_URL": url})
        server.start()
        try:
            asyncio.run(_all(everybody[:1], server, 4, 1.0, seed))
            alone = memory_mb(server)
            computed = asyncio.run(_all(everybody, server, seconds, think_s, seed))
            together = memory_mb(server)
        finally:
            server.stop()
        missing = lost(store, everybody)
        store.engine.dispose()
    return {
        "every_s": think_s, **_counted(everybody, computed), "lost": missing, "process_mb": together,
        "session_mb": (together - alone) / max(1, people - 1),
    }  # fmt: skip


def _invited(organisation: Organisation, people: int) -> list[Person]:
    units = [unit for unit in organisation.units.values() if unit.domain_family][:people]
    return [Person(unit.id, f"{organisation.label(unit.id)} ({unit.id})") for unit in units]


async def _all(everybody: list[Person], server: Server, seconds: float, think_s: float, seed: int) -> float:
    """For how long the server computed from when all were there, in seconds."""
    for person in everybody:
        person.cards.clear()
        person.times_ms.clear()
    crowd = Crowd(server, seconds, think_s, asyncio.Semaphore(2), asyncio.Barrier(len(everybody)))
    await asyncio.gather(*(crowd.work(person, random.Random(seed + n)) for n, person in enumerate(everybody)))
    return computed_s(server) - crowd.computed_s


def _counted(everybody: list[Person], computed: float) -> dict[str, float]:
    times = [ms for person in everybody for ms in person.times_ms]
    errors = [error for person in everybody for error in person.errors]
    for error in sorted(set(errors))[:5]:
        sys.stderr.write(f"{error}\n")
    return {
        "people": len(everybody),
        **figures(times),
        "computed_ms_per_answer": 1000 * computed / max(1, len(times)),
        "errors": len(errors),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--think", type=float, default=THINK_S, help="seconds between two clicks of one person"
    )
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    sys.stdout.write(
        json.dumps(crowd(options.url, options.people, options.seconds, options.think), indent=2) + "\n"
    )


if __name__ == "__main__":
    main()
