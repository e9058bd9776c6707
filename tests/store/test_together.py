"""Several who write at once, and processes that die while they write: no acknowledged answer is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from assessment.actions.answering import save_answer
from assessment.store.answers import StoredAnswer, read_answer
from assessment.store.engine import Store, open_store
from tests.conftest import ROOT, SmallWorkspace
from tests.store import small, worker
from tests.store.test_history import EVENTS, current_rows, folded

#: How many saves are acknowledged before each kill; the first dies about where its first commit is.
KILLED_AFTER = (1, 3, 40, 100)


def start(*arguments: object) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.store.worker", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)


def counted(store: Store) -> StoredAnswer:
    with store.read() as connection:
        found = read_answer(connection, worker.assessment_of_france(store), "shared")
    assert found is not None
    return found


def assert_whole(store: Store) -> None:
    """The file is sound, and what is stored is what the history comes to."""
    if store.is_embedded:
        assert small.rows_of(store, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert small.rows_of(store, "PRAGMA foreign_key_check") == []
    assert folded(small.rows_of(store, EVENTS)) == current_rows(store)


def test_two_threads_that_change_the_same_answer_lose_nothing(workspace: SmallWorkspace) -> None:
    france = workspace.assessment("FR").id
    failures: list[BaseException] = []

    def count(name: str) -> None:
        try:
            worker.count_up(workspace.desk(small.FRANCE, session_id=name), france, 200)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=count, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (counted(workspace.store).answer.comment, counted(workspace.store).version) == ("400", 400)
    assert len(small.rows_of(workspace.store, EVENTS)) == 400
    assert_whole(workspace.store)


def test_two_processes_of_five_threads_lose_nothing(workspace: SmallWorkspace, database: Path) -> None:
    processes = [start("count", f"sqlite:///{database}", 5, 20) for _ in range(2)]
    assert [process.communicate()[0] for process in processes] == [b"", b""]
    assert [process.returncode for process in processes] == [0, 0]
    assert (counted(workspace.store).answer.comment, counted(workspace.store).version) == ("200", 200)
    events = small.rows_of(workspace.store, EVENTS)
    sessions = {event["session_id"] for event in events}
    assert len(sessions) == 10, "all threads of both processes wrote"
    assert [json.loads(event["after"])["comment"] for event in events] == [str(n) for n in range(1, 201)]
    assert_whole(workspace.store)


def test_a_process_killed_while_saving_loses_no_acknowledged_answer(
    workspace: SmallWorkspace, database: Path, tmp_path: Path
) -> None:
    files = [Path(shutil.copy(database, tmp_path / f"killed-{number}.db")) for number in KILLED_AFTER]
    processes = [start("save", f"sqlite:///{file}", 4) for file in files]
    for file, process, number in zip(files, processes, KILLED_AFTER, strict=True):
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(number)]
        process.send_signal(signal.SIGKILL)
        lines += process.communicate()[0].splitlines()
        assert process.returncode == -signal.SIGKILL
        check_survivor(file, workspace, [json.loads(line) for line in lines])


def check_survivor(file: Path, workspace: SmallWorkspace, acknowledged: list[tuple[str, int, str]]) -> None:
    store = open_store(f"sqlite:///{file}")
    assert_whole(store)
    events = small.rows_of(store, EVENTS)
    found = {(event["question_id"], event["version"], event["idempotency_key"]) for event in events}
    assert set(map(tuple, acknowledged)) <= found
    for (_, question), row in current_rows(store).items():
        # The acknowledgement of the newest may be lost; who then repeats the save changes nothing.
        with store.read() as connection:
            newest = read_answer(connection, worker.assessment_of_france(store), question)
        desk = small.desk_for(store, workspace.catalogue, small.FRANCE, at=small.later(60))
        fields = {"state": "dont_know", "comment": row["fields"]["comment"]}
        again = save_answer(
            desk, worker.assessment_of_france(store), question, fields,
            expected_version=row["version"] - 1, idempotency_key=row["fields"]["comment"],
        )  # fmt: skip
        assert again == newest
    assert small.rows_of(store, EVENTS) == events
    store.engine.dispose()


def test_a_process_that_fails_would_be_noticed(tmp_path: Path) -> None:
    process = start("count", f"sqlite:///{tmp_path / 'empty.db'}", 1, 1)
    process.communicate()
    assert process.returncode == 1
