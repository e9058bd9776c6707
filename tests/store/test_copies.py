"""A backup is whole or not there, a restore is all or nothing, and between the engines nothing gets lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.access import Role
from assessment.actions.workspace import start_empty
from assessment.errors import StoreError
from assessment.store import schema
from assessment.store.checkup import problems
from assessment.store.copies import back_up, restore
from assessment.store.engine import Store
from assessment.store.workspace import Stamp
from tests.conftest import SmallWorkspace
from tests.postgres import Server
from tests.store import small
from tests.store.journeys import accepted, answer_all, close, save

Open = Callable[[str], Store]
OPERATOR = Stamp("operator", str(Role.ADMINISTRATOR), small.later(500), "command-line", "command-line")


@pytest.fixture
def busy(workspace: SmallWorkspace) -> SmallWorkspace:
    """A workspace with something in every state, a frozen scorecard, and texts that aren't plain."""
    accepted(workspace, "FR", small.FRANCE)
    close(workspace)
    with workspace.store.write(alone=True) as connection:
        connection.exec_driver_sql("UPDATE rounds SET closed_at = NULL")
    number = answer_all(workspace, "DE", small.GERMANY)
    save(workspace, number, "shared", small.GERMANY, comment="Größe ☃ \u202e '; DROP TABLE answers; --\r\n")
    return workspace


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, opened: Open) -> Store:
    """Another database, made and never used."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        server.drop("other")
        return opened(server.create("other", "empty"))
    migrated: Path = request.getfixturevalue("migrated_file")
    return opened(f"sqlite:///{shutil.copy(migrated, tmp_path / 'other.db')}")


def without_the_restore(store: Store) -> dict[str, list[dict[str, object]]]:
    rows = small.everything(store)
    rows["workspace_events"] = [row for row in rows["workspace_events"] if row["action"] != "restored"]
    return rows


def test_what_was_backed_up_comes_back_in_either_engine(
    busy: SmallWorkspace, empty: Store, tmp_path: Path
) -> None:
    back_up(busy.store, tmp_path / "backup.db")
    restore(empty, tmp_path / "backup.db", OPERATOR)
    assert without_the_restore(empty) == small.everything(busy.store)
    with empty.read() as connection:
        assert list(problems(connection, busy.catalogue)) == []


def test_work_goes_on_where_it_was_restored(busy: SmallWorkspace, empty: Store, tmp_path: Path) -> None:
    back_up(busy.store, tmp_path / "backup.db")
    restore(empty, tmp_path / "backup.db", OPERATOR)
    there = SmallWorkspace(empty, busy.catalogue, busy.organisation)
    answer_all(there, "FR.sales", small.SALES)
    with empty.read() as connection:
        assert list(problems(connection, busy.catalogue)) == []


def test_a_backup_under_load_has_every_answer_that_was_saved_before(
    workspace: SmallWorkspace, tmp_path: Path
) -> None:
    url = workspace.store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.store.worker", "save", url, "4"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root, text=True) as writer:
        assert writer.stdout is not None
        seen = [writer.stdout.readline() for _ in range(40)]
        file = tmp_path / "backup.db"
        back_up(workspace.store, file)
        writer.kill()
    saved = {(question, version) for question, version, _ in map(json.loads, seen)}
    with sqlite3.connect(file) as connection:
        stored = set(connection.execute("SELECT question_id, version FROM answer_events"))
    connection.close()
    assert len(saved) == 40
    assert saved <= stored


def test_nothing_is_overwritten_unless_that_is_said(
    busy: SmallWorkspace, empty: Store, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    back_up(busy.store, file)
    content = file.read_bytes()
    with pytest.raises(StoreError, match="exists"):
        back_up(busy.store, file)
    assert file.read_bytes() == content
    back_up(busy.store, file, overwrite=True)
    start_empty(small.desk_for(empty, busy.catalogue, small.ADMINISTRATOR))
    before = small.everything(empty)
    with pytest.raises(StoreError, match="in use"):
        restore(empty, file, OPERATOR)
    assert small.everything(empty) == before
    restore(empty, file, OPERATOR, overwrite=True)
    assert without_the_restore(empty) == small.everything(busy.store)


def test_a_restore_leaves_the_backup_as_it_is_and_is_on_record(
    busy: SmallWorkspace, empty: Store, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    back_up(busy.store, file)
    content = file.read_bytes()
    restore(empty, file, OPERATOR)
    assert file.read_bytes() == content
    (row,) = small.rows_of(empty, "SELECT person, detail FROM workspace_events WHERE action = 'restored'")
    assert row == {"person": "operator", "detail": '{"file": "backup.db"}'}


def test_no_half_file_is_left(busy: SmallWorkspace, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError):
        back_up(busy.store, tmp_path / "folder", overwrite=True)
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith((".part", "-journal"))] == []


def _truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:30_000])


def _foreign(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE units (theirs TEXT)")
    connection.close()


def _newer(file: Path) -> None:
    _run(file, "UPDATE alembic_version SET version_num = '9999'")


def _tampered(file: Path) -> None:
    _run(file, "UPDATE answers SET value = '5' WHERE question_id = 'shared'")


def _run(file: Path, statement: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.unlink(), "can't be read"), (lambda file: file.write_bytes(b""), "isn't a backup"),
        (lambda file: file.write_text("round_id,unit_id"), "can't be read"), (_truncated, "malformed|damaged|can't be read"),
        (_foreign, "isn't a backup"), (_newer, "newer version"), (_tampered, "isn't what its history comes to"),
    ],
    ids=["missing", "empty", "text", "truncated", "foreign", "newer", "tampered"],
)  # fmt: skip
def test_a_file_that_is_no_sound_backup_is_refused_and_nothing_is_touched(
    busy: SmallWorkspace, tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    file = tmp_path / "backup.db"
    back_up(busy.store, file)
    spoil(file)
    before = small.everything(busy.store)
    with pytest.raises(StoreError, match=words):
        restore(busy.store, file, OPERATOR, overwrite=True)
    assert small.everything(busy.store) == before


def test_a_backup_of_an_older_program_comes_up_to_today(
    busy: SmallWorkspace, empty: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.db"
    back_up(busy.store, file)
    folder = tmp_path / "migrations"
    shutil.copytree(schema._MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_later.py").write_text(
        f'from alembic import op\nrevision, down_revision = "9999", "{schema.head_revision()}"\n'
        'def upgrade() -> None:\n    op.execute("CREATE TABLE later (id INTEGER PRIMARY KEY)")\n'
    )
    monkeypatch.setattr(schema, "_MIGRATIONS", folder)
    schema.upgrade(empty)
    restore(empty, file, OPERATOR)
    restored, before = without_the_restore(empty), small.everything(busy.store)
    assert {name: rows for name, rows in restored.items() if name not in ("later", "alembic_version")} == {
        name: rows for name, rows in before.items() if name != "alembic_version"
    }
