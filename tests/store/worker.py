"""A process that saves answers of the small workspace; tests start several, and kill some.

`count URL THREADS TIMES`: each thread adds one to the number in the comment of one answer, so many times.
`save URL THREADS`: each thread changes answers until the process is killed, and tells each save once it is committed.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import threading

from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.errors import EditConflict
from assessment.store.answers import read_answer
from assessment.store.assessments import read_assessments
from assessment.store.engine import Store, open_store
from tests.store import small


def count_up(desk: Desk, assessment_id: int, times: int) -> None:
    """Adds one, so many times; whoever comes too late looks again and tries again."""
    for _ in range(times):
        while True:
            with desk.store.read() as connection:
                current = read_answer(connection, assessment_id, "shared")
            number = int(current.answer.comment) if current else 0
            changes = {"state": "answered", "value": "3", "comment": str(number + 1)}
            try:
                save_answer(
                    desk, assessment_id, "shared", changes,
                    expected_version=current.version if current else 0, idempotency_key=os.urandom(12).hex(),
                )  # fmt: skip
                break
            except EditConflict:
                continue


def save_for_ever(desk: Desk, assessment_id: int, question: str) -> None:
    """Changes one answer again and again; a line on standard output says that a change was committed."""
    for version in itertools.count():
        key = f"{question}:{version}"
        changes = {"state": "dont_know", "comment": key}
        save_answer(desk, assessment_id, question, changes, expected_version=version, idempotency_key=key)
        # One write of less than a page is whole or not there at all.
        os.write(1, (json.dumps([question, version + 1, key]) + "\n").encode())


def assessment_of_france(store: Store) -> int:
    with store.read() as connection:
        return read_assessments(connection, ["FR"])[0].id


def _desk(store: Store, name: str) -> Desk:
    return small.desk_for(store, small.small_catalogue(), small.FRANCE, session_id=name)


def main(job: str, url: str, *numbers: str) -> None:
    store = open_store(url)
    france = assessment_of_france(store)
    amount, *times = map(int, numbers)
    threads = [
        threading.Thread(target=count_up, args=(_desk(store, f"{os.getpid()}-{n}"), france, *times))
        if job == "count"
        else threading.Thread(
            target=save_for_ever, args=(_desk(store, str(n)), france, small.COUNTRY_QUESTIONS[n])
        )
        for n in range(amount)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
