"""A process in which many people save answers until it is killed: `python -m tests.soak.writer URL PEOPLE`.

Each line on standard output is an acknowledgement: somebody's change was committed, and the screen would say so.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sys
import threading
import time

from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.errors import EditConflict, StoreError
from assessment.store.answers import StoredAnswer, read_answer
from assessment.store.engine import Store, open_store
from tests.soak.workspace import COUNTRIES, assessments, catalogue, leader
from tests.store import small

#: Every so many changes somebody changes an answer that all change, and so meets others.
_SHARED_EVERY = 5
#: Somebody else's change came in between: which version is stored has to be looked up.
_UNKNOWN = -1


def save_until_killed(desk: Desk, own: tuple[int, str], shared: tuple[int, str], name: str) -> None:
    """Changes one's own answer, and now and then the shared one; says each change once it is committed."""
    versions = {own: 0, shared: 0}
    for number in itertools.count(1):
        target = shared if number % _SHARED_EVERY == 0 else own
        key = f"{name}:{number}"
        versions[target] = _save(desk, target, key, versions[target])
        # One write of less than a page is whole or not there at all.
        os.write(1, (json.dumps([*target, versions[target], key]) + "\n").encode())


def _save(desk: Desk, target: tuple[int, str], key: str, version: int) -> int:
    """The version that the change became; whoever is too late looks again, whoever finds no database waits for it."""
    changes = {"state": "dont_know", "comment": key}
    while True:
        try:
            current = _current(desk, target) if version < 0 else None
            if current is not None and current.answer.comment == key:
                # It was committed, and the acknowledgement was lost.
                return current.version
            version = current.version if current else max(version, 0)
            stored = save_answer(desk, *target, changes, expected_version=version, idempotency_key=key)
            return stored.version
        except EditConflict:
            version = _UNKNOWN
        except StoreError:
            time.sleep(0.01)


def _current(desk: Desk, target: tuple[int, str]) -> StoredAnswer | None:
    with desk.store.read() as connection:
        return read_answer(connection, *target)


def main(url: str, people: str) -> None:
    # A database that is gone for a second is what is tried here, and would be told a thousand times.
    logging.disable()
    store: Store = open_store(url)
    numbers = assessments(store)
    questions = small.COUNTRY_QUESTIONS
    threads = [
        threading.Thread(
            target=save_until_killed,
            args=(
                small.desk_for(store, catalogue(), leader(n % COUNTRIES), session_id=f"s{n}"),
                (numbers[n % COUNTRIES], questions[n // COUNTRIES % (len(questions) - 1)]),
                (numbers[n % COUNTRIES], questions[-1]),
                f"{os.getpid()}-{n}",
            ),
            daemon=True,
        )
        for n in range(int(people))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
