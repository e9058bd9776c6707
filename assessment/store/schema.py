"""The version of the database's schema: bring it up to date, or refuse to work with another."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from assessment.errors import StoreError
from assessment.store.engine import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> tuple[str | None, str]:
    """Run the migrations that are missing, all or none; gives the revisions before and after.

    Raises:
        StoreError: The database is newer than the program, or can't be written.
    """
    with store.write(alone=True) as connection:
        before = current_revision(connection)
        _refuse_newer(before)
        command.upgrade(_config(connection), "head")
        return before, head_revision()


def require_current(store: Store) -> None:
    """Nothing, when the schema is this program's.

    Raises:
        StoreError: The database is older (says which command mends it) or newer than the program.
    """
    with store.read() as connection:
        found = current_revision(connection)
    _refuse_newer(found)
    if found != head_revision():
        raise StoreError(
            "The database is of an older version. Run 'mesh-readiness db upgrade', then start again."
        )


def current_revision(connection: Connection) -> str | None:
    """The revision of the database, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The revision that this program needs."""
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert head is not None, "there is at least one migration"
    return head


def _refuse_newer(revision: str | None) -> None:
    known = {known.revision for known in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"The database is of a newer version ('{revision}') than this program. Update the program."
        )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
