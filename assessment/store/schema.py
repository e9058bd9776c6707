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
    """Run the migrations that are missing, all or none; gives the revisions before and after."""
    with store.write() as connection:
        before = current_revision(connection)
        command.upgrade(_config(connection), "head")
        return before, head_revision()


def require_current(store: Store) -> None:
    """Nothing, when the schema is this program's.

    Raises:
        StoreError: The database is older (says which command mends it) or newer than the program.
    """
    with store.read() as connection:
        found = current_revision(connection)
    if found == head_revision():
        return
    known = {revision.revision for revision in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if found is None or found in known:
        raise StoreError(
            "The database is of an older version. Run 'mesh-readiness db upgrade', then start again."
        )
    raise StoreError(f"The database is of a newer version ('{found}') than this program. Update the program.")


def current_revision(connection: Connection) -> str | None:
    """The revision of the database, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The revision that this program needs."""
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert head is not None, "there is at least one migration"
    return head


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
