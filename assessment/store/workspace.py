"""The workspace as a whole: whether it is the synthetic demonstration, its history, its revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, exists, func, select, true, update

from assessment.metrics import count_export
from assessment.store import tables

#: The action of an export in the workspace's history.
EXPORTED = "exported"
#: Those of people who come and go, and of the links by which they come.
INVITED, UNINVITED = "invitation made", "invitation revoked"
ENTERED, LEFT, REFUSED, ENDED = "entered", "left", "entry refused", "sessions ended"
#: What somebody who is here wasn't allowed.
DENIED = "refused"
#: What changed nothing that a page computes from: who came in, and what left the building.
_CHANGED_NOTHING = (EXPORTED, INVITED, UNINVITED, ENTERED, LEFT, REFUSED, ENDED, DENIED)


class WorkspaceKind(StrEnum):
    """`new`: nothing in it and nobody has chosen yet."""

    NEW = "new"
    SYNTHETIC = "synthetic"
    OWN = "own"


class Revision(NamedTuple):
    """How much has happened so far, by what it happened to: a number that only grows for each."""

    answers: int
    states: int
    statements: int
    workspace: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who does something, in which role, when, and from where."""

    person: str
    role: str
    at: datetime
    session_id: str
    origin: str = "page"


def read_kind(connection: Connection) -> WorkspaceKind:
    value = connection.scalar(select(tables.workspace.c.value).where(tables.workspace.c.key == "kind"))
    return WorkspaceKind(value) if value else WorkspaceKind.NEW


def set_kind(connection: Connection, kind: WorkspaceKind) -> None:
    changed = connection.execute(
        update(tables.workspace).where(tables.workspace.c.key == "kind").values(value=str(kind))
    )
    if not changed.rowcount:
        connection.execute(tables.workspace.insert(), {"key": "kind", "value": str(kind)})


def clear(connection: Connection) -> None:
    """Remove everything, history included. Only ever for the synthetic workspace: `actions` sees to that.

    What was done to the workspace itself stays on record, and with it a `revision` that never comes again.
    """
    for table in reversed(tables.metadata.sorted_tables):
        if table is not tables.workspace_events:
            remove_all(connection, table)


def is_empty(connection: Connection) -> bool:
    """Whether nothing was put in: no unit, no person, no round, and so nothing that hangs on them."""
    tables_to_fill = (tables.units, tables.people, tables.rounds)
    return not any(connection.scalar(select(exists(select(table)))) for table in tables_to_fill)


def remove_all(connection: Connection, table: Table) -> None:
    """Empty one table, when nothing refers to its rows any more."""
    if not connection.scalar(select(exists(select(table)))):
        # On PostgreSQL the program's role may not remove from histories, and needn't where there are none.
        return
    if table is tables.units:
        # A unit's parent and successor are units; let go of the tree before the rows.
        connection.execute(update(table).values(parent_id=None, successor_id=None))
    connection.execute(table.delete())


def revision(connection: Connection) -> Revision:
    """A value that changes with every change of answers, states or the workspace; caches key on it."""
    tables_and_what_counts = (
        (tables.answer_events, true()),
        (tables.assessment_events, true()),
        (tables.statement_events, true()),
        (tables.workspace_events, tables.workspace_events.c.action.not_in(_CHANGED_NOTHING)),
    )
    newest = [
        select(func.coalesce(func.max(table.c.id), 0)).where(counts).scalar_subquery()
        for table, counts in tables_and_what_counts
    ]
    return Revision(*(int(value) for value in connection.execute(select(*newest)).one()))


def record(connection: Connection, stamp: Stamp, action: str, detail: Mapping[str, Any]) -> None:
    """Note what was done to the workspace, or what left it."""
    connection.execute(
        tables.workspace_events.insert(),
        {
            "at": stamp.at,
            "person": stamp.person,
            "role": stamp.role,
            "action": action,
            "detail": dict(detail),
        },
    )
    if action == EXPORTED:
        count_export(stamp.origin)
