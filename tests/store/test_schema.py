"""Migrations make the tables, once; another program's database is refused in words."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, DefaultClause, Table, inspect
from sqlalchemy.exc import ProgrammingError

from assessment.errors import StoreError
from assessment.store import schema, tables
from assessment.store.engine import Store
from tests.store import small

Open = Callable[[str], Store]
LATER_REVISION = """
from alembic import op
revision, down_revision = "9999_later", "{before}"


def upgrade() -> None:
    op.execute("CREATE TABLE later (id INTEGER PRIMARY KEY)")
    op.execute("{more}")
"""


@pytest.fixture
def later_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Turns this program into one with a migration more, which runs a statement of the test's choice."""

    def add_migration(statement: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(schema._MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        file = folder / "versions" / "9999_later.py"
        file.write_text(LATER_REVISION.format(before=schema.head_revision(), more=statement))
        monkeypatch.setattr(schema, "_MIGRATIONS", folder)

    return add_migration


def stamped(database: Path, revision: str) -> None:
    connection = sqlite3.connect(database)
    connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.commit()
    connection.close()


def test_the_migrations_make_exactly_the_tables_that_the_program_declares(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_the_comparison_would_notice_a_missing_table(store: Store) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("DROP TABLE targets")
    with store.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), tables.metadata)
    assert [(entry[0], entry[1].name) for entry in found] == [("add_table", "targets")]


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_keys_missing_values_and_defaults_are_those_of_the_declaration(store: Store, table: Table) -> None:
    """What Alembic's comparison leaves out, or gets wrong: it takes a default of '' for a change."""
    found = inspect(store.engine)
    primary = found.get_pk_constraint(table.name)["constrained_columns"]
    assert primary == [column.name for column in table.primary_key.columns]
    assert {c["name"]: (c["nullable"], _plain(c["default"])) for c in found.get_columns(table.name)} == {
        column.name: (column.nullable, _default(column)) for column in table.columns
    }


def _default(column: Column[object]) -> str | None:
    default = column.server_default
    return str(default.arg) if isinstance(default, DefaultClause) else None


def _plain(default: str | None) -> str | None:
    """A default without what each engine adds: quotes, a type, the counter that PostgreSQL numbers rows by."""
    if default is None or default.startswith("nextval("):
        return None
    return default.partition("::")[0].strip("'")


def test_a_new_database_is_made_with_its_folder(tmp_path: Path, opened: Open) -> None:
    store = opened(f"sqlite:///{tmp_path / 'not' / 'there' / 'yet.db'}")
    assert schema.upgrade(store) == (None, schema.head_revision())
    schema.require_current(store)


def test_upgrading_twice_changes_nothing(workspace: object, store: Store) -> None:
    before = small.everything(store)
    assert schema.upgrade(store) == (schema.head_revision(), schema.head_revision())
    assert small.everything(store) == before


def test_a_new_database_is_refused_with_the_command_that_makes_it(tmp_path: Path, opened: Open) -> None:
    with pytest.raises(StoreError, match="Run 'mesh-readiness db upgrade'"):
        schema.require_current(opened(f"sqlite:///{tmp_path / 'new.db'}"))


def test_an_older_database_is_refused_with_the_command_that_mends_it(
    store: Store, later_program: Callable[[str], None]
) -> None:
    before = schema.head_revision()
    later_program("SELECT 1")
    with pytest.raises(StoreError, match=r"older version\. Run 'mesh-readiness db upgrade'"):
        schema.require_current(store)
    assert schema.upgrade(store) == (before, "9999_later")
    schema.require_current(store)


def test_a_newer_database_is_refused_with_what_to_do(store: Store, database: Path) -> None:
    stamped(database, "9999")
    with pytest.raises(StoreError, match=r"newer version \('9999'\).*Update the program"):
        schema.require_current(store)


def test_upgrading_a_newer_database_is_refused_in_the_same_words(store: Store, database: Path) -> None:
    stamped(database, "9999")
    before = small.everything(store)
    with pytest.raises(StoreError, match=r"newer version \('9999'\).*Update the program"):
        schema.upgrade(store)
    assert small.everything(store) == before


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(
    workspace: object, store: Store, later_program: Callable[[str], None]
) -> None:
    before = small.everything(store)
    later_program("INSERT INTO nowhere VALUES (1)")
    with pytest.raises((StoreError, ProgrammingError), match="nowhere"):
        schema.upgrade(store)
    assert small.everything(store) == before


def test_somebody_elses_tables_are_left_alone(tmp_path: Path, opened: Open) -> None:
    file = tmp_path / "theirs.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE units (theirs TEXT)")
    connection.execute("INSERT INTO units VALUES ('kept')")
    connection.commit()
    connection.close()
    store = opened(f"sqlite:///{file}")
    before = small.everything(store)
    with pytest.raises(StoreError, match="already exists"):
        schema.upgrade(store)
    assert small.everything(store) == before
