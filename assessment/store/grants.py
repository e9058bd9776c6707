"""What the role may do on PostgreSQL that the application connects as: made of the tables, so that none is forgotten.

The triggers refuse to change a history to everybody; with these rights the server refuses it to the application before
any trigger is asked, and with it every change of the schema.
"""

from __future__ import annotations

from collections.abc import Iterator

from assessment.errors import StoreError
from assessment.store import tables
from assessment.store.engine import Store

_REVISION = "alembic_version"


def statements_for(role: str) -> Iterator[str]:
    """SQL that takes from the role all that it had here, and gives it what the application needs; may be said again."""
    who = '"' + role.replace('"', '""') + '"'
    histories = [table.name for table in tables.HISTORIES]
    others = [table.name for table in tables.metadata.sorted_tables if table.name not in histories]
    everything = sorted([*histories, *others, _REVISION])
    counters = sorted(
        f"{table.name}_id_seq" for table in tables.metadata.sorted_tables if _is_counted(table.name)
    )
    yield f"REVOKE ALL ON {', '.join(everything)} FROM {who}"
    yield f"GRANT SELECT ON {_REVISION} TO {who}"
    yield f"GRANT SELECT, INSERT ON {', '.join(sorted(histories))} TO {who}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(sorted(others))} TO {who}"
    yield f"GRANT USAGE ON SEQUENCE {', '.join(counters)} TO {who}"


def grant(store: Store, role: str) -> None:
    """Say it to the database, as its owner.

    Raises:
        StoreError: It is SQLite's file, which has no roles; or there is no such role.
    """
    if store.is_embedded:
        raise StoreError("SQLite has no roles: who can write the file can write everything in it.")
    with store.write(alone=True) as connection:
        known = connection.exec_driver_sql("SELECT rolname FROM pg_roles").scalars().all()
        if role not in known:
            raise StoreError(f"The database server has no role '{role}'. Make it first: CREATE ROLE … LOGIN.")
        for statement in statements_for(role):
            connection.exec_driver_sql(statement)


def _is_counted(name: str) -> bool:
    """Whether the database numbers the table's rows itself."""
    (*_, last) = keys = tables.metadata.tables[name].primary_key.columns
    return (
        len(keys) == 1
        and last.name == "id"
        and last.autoincrement in (True, "auto")
        and last.type.python_type is int
    )
