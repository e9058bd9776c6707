"""What PostgreSQL is told: one look for a read, a writer's turn, a commit that waits, and a second try after a collision."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import InternalError

from assessment.errors import StoreError
from assessment.store import engine, tables
from assessment.store.engine import Collision, Store, retried
from tests.conftest import SmallWorkspace
from tests.postgres import server
from tests.store import small, worker
from tests.store.worker import count_up

Open = Callable[[str], Store]


@pytest.fixture
def server_store(url: str, opened: Open) -> Store:
    return opened(url)


def add_unit(store: Store, identifier: str) -> None:
    with store.write() as connection:
        connection.execute(insert(tables.units), {"id": identifier, "name": "", "kind": "country"})


def test_a_commit_waits_for_the_disk_whatever_the_server_prefers(url: str, opened: Open) -> None:
    first = opened(url)
    with first.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    with opened(url).read() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_isolation_is_chosen_here_whatever_the_server_prefers(url: str, opened: Open) -> None:
    first = opened(url)
    with first.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
        connection.exec_driver_sql(
            f"ALTER DATABASE \"{name}\" SET default_transaction_isolation = 'serializable'"
        )
    store = opened(url)
    with store.read() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
    with store.write() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"


def test_nobody_waits_for_ever_for_a_lock(
    server_store: Store, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(engine._POSTGRES_SETTINGS, "lock_timeout", "50ms")
    other = opened(server_store.engine.url.render_as_string(hide_password=False))
    with (
        server_store.write(alone=True),
        pytest.raises(StoreError, match="lock timeout"),
        other.write(),
    ):
        pytest.fail("not reached")
    add_unit(other, "FR")


def test_the_driver_is_the_one_that_was_tested_whatever_the_url_names(url: str, opened: Open) -> None:
    assert opened(url.replace("postgresql+psycopg", "postgresql")).engine.driver == "psycopg"


def test_a_read_is_one_look_at_the_data_and_writes_nothing(server_store: Store) -> None:
    with server_store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM units").scalar() == 0
        add_unit(server_store, "FR")
        assert connection.exec_driver_sql("SELECT count(*) FROM units").scalar() == 0
    with pytest.raises((StoreError, InternalError), match="read-only"), server_store.read() as connection:
        connection.execute(insert(tables.units), {"id": "DE", "name": "", "kind": "country"})


def test_who_changes_the_workspace_is_alone_and_savers_are_not(server_store: Store) -> None:
    """A round must not be opened for units that somebody is just adding."""
    order: list[str] = []

    def alone() -> None:
        with server_store.write(alone=True):
            order.append("alone")

    waiting = threading.Thread(target=alone)
    with server_store.write(), server_store.write():
        waiting.start()
        waiting.join(timeout=0.2)
        assert waiting.is_alive(), "it waits until both have ended"
        order.append("savers")
    waiting.join()
    assert order == ["savers", "alone"]


def test_a_deadlock_is_a_collision_and_leaves_nothing(server_store: Store) -> None:
    for unit in ("FR", "DE"):
        add_unit(server_store, unit)
    both, collided = threading.Barrier(2), []

    def rename(first: str, second: str) -> None:
        rename_one = text("UPDATE units SET name = :name WHERE id = :unit")
        try:
            with server_store.write() as connection:
                connection.execute(rename_one, {"name": first, "unit": first})
                both.wait()
                connection.execute(rename_one, {"name": first, "unit": second})
        except Collision:
            collided.append(first)

    threads = [threading.Thread(target=rename, args=pair) for pair in (("FR", "DE"), ("DE", "FR"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (undone,) = collided
    names = {row["name"] for row in small.rows_of(server_store, "SELECT name FROM units")}
    assert names == {"FR", "DE"} - {undone}


def test_after_a_collision_the_action_is_tried_again_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "_PAUSES_S", (0.0, 0.0))
    tries: list[int] = []

    @retried
    def collides(times: int) -> str:
        tries.append(times)
        if len(tries) <= times:
            raise Collision("in the way")
        return "done"

    assert (collides(2), len(tries)) == ("done", 3)
    tries.clear()
    with pytest.raises(Collision):
        collides(9)
    assert len(tries) == 3


def test_another_error_is_not_tried_again() -> None:
    tries: list[int] = []

    @retried
    def fails() -> None:
        tries.append(1)
        raise StoreError("gone")

    with pytest.raises(StoreError, match="gone"):
        fails()
    assert tries == [1]


def test_first_answers_to_one_question_at_one_moment_lose_nothing(
    server_store: Store, workspace: SmallWorkspace
) -> None:
    """Before anything is stored there is no row whose version could be compared."""
    with server_store.write() as connection:
        for statement in ("DELETE FROM answers", "DELETE FROM answer_events"):
            connection.exec_driver_sql(statement)
    desks = [
        small.desk_for(server_store, workspace.catalogue, small.FRANCE, session_id=str(n)) for n in range(6)
    ]
    france = worker.assessment_of_france(server_store)
    threads = [threading.Thread(target=count_up, args=(desk, france, 5)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (row,) = small.rows_of(server_store, "SELECT comment, version FROM answers")
    assert row == {"comment": "30", "version": 30}


def test_a_server_that_is_killed_is_told_in_words_and_found_again(opened: Open) -> None:
    with server() as running:
        store = opened(running.create("gone"))
        engine_url = store.engine.url
        with store.write() as connection:
            connection.exec_driver_sql("CREATE TABLE kept (n INTEGER)")
        running.kill()
        with pytest.raises(StoreError, match="can't be written"), store.write() as connection:
            connection.exec_driver_sql("INSERT INTO kept VALUES (1)")
        running.start()
        with store.write() as connection:
            connection.exec_driver_sql("INSERT INTO kept VALUES (2)")
        assert small.rows_of(store, "SELECT n FROM kept") == [{"n": 2}]
        assert store.engine.url == engine_url
        store.engine.dispose()


def test_another_database_is_refused_by_name(opened: Open) -> None:
    with pytest.raises(StoreError, match="neither SQLite nor PostgreSQL"):
        opened("mysql://somewhere/data")
