"""The application's own role on PostgreSQL: it runs with it, and neither a history nor the schema can be changed by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError

from assessment.access import Role
from assessment.actions.people import add_person
from assessment.actions.rounds import open_round
from assessment.actions.tokens import make_token
from assessment.actions.units import add_units
from assessment.actions.workspace import fill_with_demo, start_empty
from assessment.demo import Size
from assessment.errors import StoreError
from assessment.questionnaire.catalogue import Catalogue
from assessment.statements import StatementKind
from assessment.store import schema, tables
from assessment.store.checkup import problems
from assessment.store.copies import back_up
from assessment.store.engine import Store
from assessment.store.grants import grant, statements_for
from assessment.store.people import RoleHeld
from assessment.store.statements import About
from tests.conftest import SmallWorkspace
from tests.postgres import Server
from tests.store import journeys, small
from tests.store.command_line import Run, done

Open = Callable[[str], Store]
HISTORIES = [table.name for table in tables.HISTORIES]
_roles = count(1)


@pytest.fixture
def role(postgres: Server, opened: Open) -> str:
    """A new login of the server, with nothing granted."""
    name = f"Mesh app {next(_roles)}"
    server = opened(postgres.url("postgres"))
    with server.engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{name}" LOGIN')
    return name


@pytest.fixture
def as_app(url: str, role: str, opened: Open) -> Store:
    """This test's database, as the application's role opens it after the owner's `db grants`."""
    grant(opened(url), role)
    return opened(make_url(url).set(username=role).render_as_string(hide_password=False))


def test_the_application_runs_with_it(as_app: Store, small_catalogue: Catalogue, tmp_path: Path) -> None:
    """From an empty workspace to a closed round, with people, tokens, statements, a backup and a check."""
    schema.require_current(as_app)
    desk = small.desk_for(as_app, small_catalogue, small.ADMINISTRATOR)
    start_empty(desk)
    add_units(desk, small.small_organisation())
    open_round(desk, small.small_round())
    add_person(desk, "Ada", "ada@example.org", RoleHeld(Role.CDAO))
    make_token(desk, "Excel", Role.CDAO)
    workspace = SmallWorkspace(as_app, small_catalogue, small.small_organisation())
    journeys.answer_all(workspace, "FR.sales", small.SALES)
    remark = About(StatementKind.REMARK, small.ROUND, "FR", "governance:shared")
    journeys.accepted(workspace, "FR", small.FRANCE)
    journeys.say(workspace, remark, small.REVIEWER, text="Where?")
    journeys.close(workspace)
    back_up(as_app, tmp_path / "backup.db")
    with as_app.read() as connection:
        assert list(problems(connection, small_catalogue)) == []


def test_the_server_refuses_every_change_of_a_history_and_of_the_schema(as_app: Store) -> None:
    attempts = [
        *(f"UPDATE {name} SET id = id" for name in HISTORIES),
        *(f"DELETE FROM {name}" for name in HISTORIES),
        *(f"TRUNCATE {name} CASCADE" for name in [*HISTORIES, "answers", "units"]),
        *(f"ALTER TABLE {name} DISABLE TRIGGER ALL" for name in HISTORIES),
        *(f"DROP TABLE {name} CASCADE" for name in [*HISTORIES, "answers"]),
        "CREATE TABLE own (n INTEGER)", "DROP FUNCTION never_changed CASCADE",
        "UPDATE alembic_version SET version_num = '0001'", "SET session_replication_role = 'replica'",
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(ProgrammingError) as told, as_app.engine.begin() as connection:
            connection.exec_driver_sql(attempt)
        assert getattr(told.value.orig, "sqlstate", "") == "42501", attempt


def test_what_only_the_owner_may_is_told_in_words(
    as_app: Store, url: str, opened: Open, catalogue: Catalogue
) -> None:
    owner = small.desk_for(opened(url), catalogue, small.ADMINISTRATOR)
    fill_with_demo(owner, Size(1, 1, 1))
    with pytest.raises(StoreError, match="owner only"):
        start_empty(replace(owner, store=as_app))
    start_empty(owner)


def test_granting_again_takes_back_what_was_granted_beside_it(
    as_app: Store, url: str, role: str, opened: Open
) -> None:
    owner = opened(url)
    with owner.engine.begin() as connection:
        connection.exec_driver_sql(f'GRANT ALL ON answer_events TO "{role}"')
    grant(owner, role)
    with pytest.raises(ProgrammingError), as_app.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM answer_events")


def test_every_table_is_granted_once(role: str) -> None:
    _, *granted = statements_for(role)
    names = [
        name.strip()
        for one in granted[:-1]
        for name in one.partition(" ON ")[2].partition(" TO ")[0].split(",")
    ]
    assert sorted(names) == sorted([*tables.metadata.tables, "alembic_version"])


def test_the_command_writes_the_sql_and_says_it_to_the_database_when_asked(
    run: Run, url: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = done(run("db", "grants", role))
    assert printed.splitlines() == [f"{one};" for one in statements_for(role)]
    assert f'TO "{role}"' in printed
    refused_on_file = run("db", "grants", role, "--apply")
    assert refused_on_file.exit_code == 1
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", url)
    applied = run("db", "grants", role, "--apply")
    assert (applied.exit_code, applied.stdout) == (0, printed)
    unknown = run("db", "grants", "nobody", "--apply")
    assert (unknown.exit_code, "CREATE ROLE" in unknown.stderr) == (1, True)
