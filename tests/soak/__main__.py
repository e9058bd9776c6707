"""`make soak`: forty people save while a process or a database server is killed; every acknowledged answer must be there.

Prints a line for every ten runs and a table at the end; ends with status 1 when anything was lost or isn't whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assessment.store import schema
from assessment.store.checkup import problems
from assessment.store.engine import Store, open_store
from tests.postgres import Server, server
from tests.soak.workspace import catalogue, fill
from tests.store.small import rows_of

PEOPLE = 40
_ROOT = Path(__file__).parents[2]


@dataclass
class Tally:
    """What the runs of one kind came to."""

    name: str
    runs: int = 0
    acknowledged: int = 0
    lost: int = 0
    unheard: int = 0
    problems: list[str] = field(default_factory=list)
    slowest_opening_s: float = 0.0


@dataclass
class Writer:
    """A process of forty people, and what it has acknowledged so far."""

    process: subprocess.Popen[bytes]
    acknowledged: list[tuple[int, str, int, str]] = field(default_factory=list)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith(b"\n"):
                self.acknowledged.append(tuple(json.loads(line)))


@contextmanager
def writing(url: str) -> Iterator[Writer]:
    command = [sys.executable, "-m", "tests.soak.writer", url, str(PEOPLE)]
    writer = Writer(subprocess.Popen(command, stdout=subprocess.PIPE, cwd=_ROOT))
    reader = threading.Thread(target=writer.read)
    reader.start()
    try:
        yield writer
    finally:
        writer.kill()
        reader.join()


def wait_for(writer: Writer, more: int) -> None:
    """Until so many more changes are acknowledged."""
    goal = len(writer.acknowledged) + more
    while len(writer.acknowledged) < goal:
        assert writer.process.poll() is None, "the writers have ended by themselves"
        time.sleep(0.002)


def check(store: Store, acknowledged: list[tuple[int, str, int, str]], tally: Tally) -> None:
    """Every acknowledged change is in the history as it was acknowledged, and the database is whole."""
    started = time.perf_counter()
    with store.read() as connection:
        schema.current_revision(connection)
    tally.slowest_opening_s = max(tally.slowest_opening_s, time.perf_counter() - started)
    events = rows_of(store, "SELECT assessment_id, question_id, version, idempotency_key FROM answer_events")
    stored = {tuple(event.values()) for event in events}
    told = set(map(tuple, acknowledged))
    tally.runs += 1
    tally.acknowledged += len(told)
    tally.lost += len(told - stored)
    tally.unheard += len(stored - told)
    with store.read() as connection:
        tally.problems += problems(connection, catalogue())


def sqlite_runs(runs: int, rng: random.Random) -> Tally:
    """The process is killed at a random moment; each run has a file of its own."""
    tally = Tally("SQLite, process killed")
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        store = open_store(f"sqlite:///{template}")
        schema.upgrade(store)
        fill(store)
        store.engine.dispose()
        for run in range(runs):
            file = Path(shutil.copy(template, Path(folder) / f"{run}.db"))
            with writing(f"sqlite:///{file}") as writer:
                wait_for(writer, rng.randrange(1, 400))
                time.sleep(rng.uniform(0, 0.02))
            store = open_store(f"sqlite:///{file}")
            check(store, writer.acknowledged, tally)
            store.engine.dispose()
            file.unlink()
            tell(tally, runs)
    return tally


def postgres_runs(runs: int, rng: random.Random) -> Iterator[Tally]:
    """In turn the process, and the server under its feet: the people go on when it is back, and are then killed too."""
    with server("max_connections=200") as running:
        template = open_store(running.create("template"))
        schema.upgrade(template)
        fill(template)
        template.engine.dispose()
        kills: list[tuple[Tally, Callable[[Server, Writer, random.Random], None]]] = [
            (Tally("PostgreSQL, process killed"), _let_be),
            (Tally("PostgreSQL, server killed"), _kill_server),
        ]
        for run in range(runs):
            tally, kill = kills[run % 2]
            url = running.create(f"run-{run}", "template")
            with writing(url) as writer:
                wait_for(writer, rng.randrange(1, 400))
                time.sleep(rng.uniform(0, 0.02))
                kill(running, writer, rng)
            store = open_store(url)
            check(store, writer.acknowledged, tally)
            store.engine.dispose()
            running.drop(f"run-{run}")
            tell(tally, runs // 2)
        yield from (tally for tally, _ in kills)


def _let_be(_running: Server, _writer: Writer, _rng: random.Random) -> None:
    """The process is killed in any case, on leaving."""


def _kill_server(running: Server, writer: Writer, rng: random.Random) -> None:
    running.kill()
    time.sleep(rng.uniform(0, 0.2))
    running.start("max_connections=200")
    wait_for(writer, rng.randrange(1, 400))


def tell(tally: Tally, runs: int) -> None:
    if tally.runs % 10 == 0 or tally.runs == runs:
        say(f"{tally.name}: {tally.runs} of {runs}, {tally.acknowledged} acknowledged, {tally.lost} lost")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def table(tallies: list[Tally]) -> Iterator[str]:
    """What all runs came to, and the first problems of each kind."""
    names = ("runs", "acknowledged", "lost", "unheard", "problems", "opened in, s")
    yield f"{'':28}" + "".join(f"{name:>14}" for name in names)
    for tally in tallies:
        numbers = (tally.runs, tally.acknowledged, tally.lost, tally.unheard, len(tally.problems))
        yield f"{tally.name:28}" + "".join(f"{n:>14}" for n in numbers) + f"{tally.slowest_opening_s:>14.2f}"
        yield from tally.problems[:5]
    yield "unheard: committed, and killed before it could be said. Repeating such a save changes nothing."


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sqlite", type=int, default=100, help="runs on SQLite")
    arguments.add_argument("--postgres", type=int, default=50, help="runs on PostgreSQL")
    arguments.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    given = arguments.parse_args()
    say(f"seed {given.seed}, {PEOPLE} people")
    rng = random.Random(given.seed)
    tallies = [sqlite_runs(given.sqlite, rng), *postgres_runs(given.postgres, rng)]
    say("\n" + "\n".join(table(tallies)))
    return int(any(tally.lost or tally.problems for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
