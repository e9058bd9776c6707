"""`make drill`: one of two processes is killed while twenty people answer through nginx; they go on with the other.

Everything is real: two processes of the application, PostgreSQL as the application's own role, deploy/nginx.conf with TLS and
sticky sessions, people who signed in by links. Prints a table; ends with status 1 when an acknowledged answer isn't in the
database, or stands in its history twice, or a click was dropped without a word, or the database isn't whole.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from assessment.access import Principal, Role
from assessment.actions.desk import Desk
from assessment.actions.invitations import invite
from assessment.actions.people import add_person
from assessment.questionnaire.folder import load_catalogue
from assessment.store.checkup import problems
from assessment.store.engine import Store, open_store
from assessment.store.grants import grant
from assessment.store.people import RoleHeld
from tests.benchmarks.conversation import Person
from tests.benchmarks.crowd import prepare
from tests.browser.conftest import Server, free_port
from tests.conftest import ROOT
from tests.drill import proxy
from tests.drill.people import Somebody, Street, answer
from tests.drill.proxy import HOST, Places
from tests.postgres import server
from tests.store.small import rows_of

_ROLE = "mesh_app"
#: An answer's history says the same twice in a row: a change that was stored twice, since each click chooses another level.
_DOUBLED = """
SELECT count(*) AS n FROM answer_events WHERE before ->> 'value' = after ->> 'value' AND before ->> 'state' = after ->> 'state'
"""

_HISTORY = """
SELECT question_id, after ->> 'value' AS value FROM answer_events
WHERE assessment_id = (SELECT id FROM assessments WHERE unit_id = :unit) ORDER BY answer_events.id
"""


@dataclass(frozen=True)
class Drill:
    """What is running, and for how long people answer before and after the kill, in seconds."""

    store: Store
    apps: tuple[Server, Server]
    street: Street
    before_s: float
    after_s: float
    think_s: float
    seed: int

    async def run(self, links: Sequence[tuple[str, Person]]) -> tuple[list[Somebody], float]:
        """The people after all is done, and when the kill was, in seconds of the monotonic clock."""
        everybody = [await self.street.come_in(path, person) for path, person in links]
        all_here, stop = asyncio.Barrier(len(everybody) + 1), asyncio.Event()
        at_work = [
            asyncio.create_task(answer(one, self.street, self.think_s, random.Random(self.seed + n), all_here, stop))
            for n, one in enumerate(everybody)
        ]  # fmt: skip
        ended = asyncio.gather(*at_work)
        await _first_of(ended, all_here.wait())
        await asyncio.wait({ended}, timeout=self.before_s)
        killed_at = time.monotonic()
        self.apps[0].stop()
        await asyncio.wait({ended}, timeout=self.after_s)
        stop.set()
        await ended
        return everybody, killed_at


async def _first_of(ended: asyncio.Future[list[None]], all_here: Awaitable[int]) -> None:
    """Until all are there, or somebody has failed."""
    waiting: asyncio.Future[Any] = asyncio.ensure_future(all_here)
    either: list[asyncio.Future[Any]] = [ended, waiting]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=20)
    arguments.add_argument("--before", type=float, default=20, help="seconds until the kill")
    arguments.add_argument("--after", type=float, default=20, help="seconds from the kill on")
    arguments.add_argument("--think", type=float, default=2, help="seconds between two clicks of one person")
    arguments.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    given = arguments.parse_args()
    _say(f"seed {given.seed}, {given.people} people, a click every {given.think:g} s each")
    with tempfile.TemporaryDirectory(prefix="drill-") as name, server("max_connections=100") as database:
        folder = Path(name)
        # nginx' workers are somebody else when root starts it.
        folder.chmod(0o755)
        url = database.create("drill")
        store = open_store(url)
        links = _invited(store, given.people)
        app_url = make_url(url).set(username=_ROLE).render_as_string(hide_password=False)
        with _processes(folder, app_url) as apps, _proxy(folder, apps) as street:
            drill = Drill(store, apps, street, given.before, given.after, given.think, given.seed)
            everybody, killed_at = asyncio.run(drill.run(links))
        status = judged(store, everybody, killed_at)
        store.engine.dispose()
    return status


def _invited(store: Store, people: int) -> list[tuple[str, Person]]:
    """A workspace with an open round, and each domain's owner with a link; the application's role may use it."""
    organisation = prepare(store, people)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {_ROLE} LOGIN")
    grant(store, _ROLE)
    desk = Desk(
        store,
        load_catalogue(ROOT / "questionnaires"),
        Principal("Ada", Role.ADMINISTRATOR),
        "drill",
        datetime.now(UTC),
    )
    domains = [unit for unit in organisation.units.values() if unit.domain_family][:people]
    return [
        (
            invite(desk, add_person(desk, f"Owner {n}", f"owner-{n}@example.org", RoleHeld(Role.DOMAIN_OWNER, unit.id))).path,
            Person(unit.id, f"{organisation.label(unit.id)} ({unit.id})"),
        )
        for n, unit in enumerate(domains)
    ]  # fmt: skip


@contextmanager
def _processes(folder: Path, url: str) -> Iterator[tuple[Server, Server]]:
    environment = {
        "MESH_READINESS_DATABASE_URL": url, "MESH_READINESS_SIGN_IN": "links", "MESH_READINESS_HTTPS_ONLY": "true",
        "STREAMLIT_SERVER_ALLOWED_HOSTS": HOST,
    }  # fmt: skip
    places = [folder / name for name in ("app-1", "app-2")]
    for place in places:
        place.mkdir()
    first, second = (Server(place, free_port(), environment=environment) for place in places)
    try:
        first.start()
        second.start()
        yield first, second
    finally:
        first.stop()
        second.stop()
        for app in (first, second):
            if "Traceback" in app.log():
                _say(app.log()[-4000:])


@contextmanager
def _proxy(folder: Path, apps: tuple[Server, Server]) -> Iterator[Street]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    first, second = (app.port for app in apps)
    places = Places(folder, free_port(), free_port(), (first, second), certificate, key)
    with proxy.running(places):
        yield Street(places.https, ssl.create_default_context(cafile=certificate))


def judged(store: Store, everybody: Sequence[Somebody], killed_at: float) -> int:
    """Prints what it came to; gives the exit status."""
    cut_off = [one for one in everybody if one.cut_off_at]
    if not 0 < len(cut_off) < len(everybody):
        _say("Everybody was with one of the two processes: nothing was tried. Once more, with another seed.")
        return 1
    lost = sum(_lost(store, one) for one in everybody)
    # Each click that wasn't acknowledged was under way when the connection was lost, or the page said that it isn't saved.
    silent = sum(one.unanswered_clicks - one.refused - len(one.cut_off_at) for one in everybody)
    (doubled,) = (row["n"] for row in rows_of(store, _DOUBLED))
    with store.read() as connection:
        broken = list(problems(connection, load_catalogue(ROOT / "questionnaires")))
    for line in (*table(everybody, cut_off, killed_at), *broken[:5]):
        _say(line)
    _say(f"lost {lost}, doubled {doubled}, dropped without a word {max(0, silent)}, problems {len(broken)}")
    return int(bool(lost or doubled or broken) or silent > 0)


def _lost(store: Store, somebody: Somebody) -> int:
    """How many acknowledged answers of a person aren't in the history, in the order in which they were acknowledged."""
    rows = rows_of(store, _HISTORY, unit=somebody.person.unit_id)
    stored: dict[str, list[str]] = {}
    for row in rows:
        stored.setdefault(row["question_id"], []).append(row["value"])
    return sum(missing(said, stored.get(question_id, [])) for question_id, said in somebody.said.items())


def missing(said: Sequence[str], stored: Sequence[str]) -> int:
    """How many of `said` are not in `stored`, in this order; who chooses what is stored already changes nothing.

    >>> missing("132", "1432"), missing("122", "12"), missing("132", "12"), missing("13", "31"), missing("1", "")
    (0, 0, 1, 1, 1)
    """
    at, lost = 0, 0
    for value in said:
        if at and stored[at - 1] == value:
            continue
        found = next((n for n in range(at, len(stored)) if stored[n] == value), None)
        at, lost = (at, lost + 1) if found is None else (found + 1, lost)
    return lost


def table(everybody: Sequence[Somebody], cut_off: Sequence[Somebody], killed_at: float) -> Iterator[str]:
    """Those whose process was killed beside those whose wasn't; times are in seconds from the kill."""
    others = [one for one in everybody if one not in cut_off]
    yield f"{'':46}{'killed process':>16}{'other process':>16}{'together':>12}"
    for words, of in (
        ("people", lambda one: int(one is not None)),
        (
            "answers acknowledged before the kill",
            lambda one: sum(at <= killed_at for at in one.acknowledged_at) - 1,
        ),
        ("answers acknowledged after it", lambda one: sum(at > killed_at for at in one.acknowledged_at)),
        ("clicks that the page said are not saved", lambda one: one.refused),
        ("clicks under way when the process was killed", lambda one: one.unanswered_clicks - one.refused),
    ):
        numbers = (sum(map(of, group)) for group in (cut_off, others, everybody))
        yield f"{words:46}" + "".join(f"{n:>{width}}" for n, width in zip(numbers, (16, 16, 12), strict=True))
    waits = [_longest(group, killed_at) for group in (cut_off, others, everybody)]
    yield f"{'longest until the page is there again, s':46}{max(one.back_at[0] for one in cut_off) - killed_at:>16.1f}"
    yield f"{'longest until the next acknowledged answer, s':46}{waits[0]:>16.1f}{waits[1]:>16.1f}{waits[2]:>12.1f}"


def _longest(group: Sequence[Somebody], killed_at: float) -> float:
    """From the kill to the next acknowledged answer, the time for thinking included."""
    never = float("inf")
    return (
        max(min((at for at in one.acknowledged_at if at > killed_at), default=never) for one in group)
        - killed_at
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
