"""Many statements stored at once: each as if somebody had said it, changes one after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from assessment.actions.stating import state
from assessment.statements import MoveContent, MoveState, RecordedStatement, StatementKind
from assessment.store.bulk import add_statements
from assessment.store.checkup import problems
from assessment.store.statements import About, read_statements
from assessment.store.workspace import Stamp
from tests.conftest import SmallWorkspace
from tests.store import small

STAMP = Stamp("Ada", "administrator", small.NOON, "import", origin="file")
#: A subject as long as the column takes it.
SUBJECT = "governance:" + "x" * 150
PLANNED = RecordedStatement(
    StatementKind.MOVE, small.ROUND, "FR", SUBJECT, MoveContent(owner="Noor"), small.later(1)
)
DONE = replace(PLANNED, content=MoveContent(state=MoveState.DONE, owner="Noor"), at=small.later(9))
OTHER = replace(PLANNED, unit_id="DE", subject_id="governance:shared")


def add(workspace: SmallWorkspace, *recorded: RecordedStatement) -> None:
    with workspace.store.write() as connection:
        add_statements(connection, recorded, STAMP)


def test_what_was_said_last_holds_and_every_change_stays_in_the_history(workspace: SmallWorkspace) -> None:
    add(workspace, PLANNED, OTHER, DONE)
    with workspace.store.read() as connection:
        found = read_statements(connection, ["FR", "DE"], [StatementKind.MOVE])
        assert list(problems(connection)) == []
    assert [(entry.about.unit_id, entry.version, entry.content, entry.at) for entry in found] == [
        ("DE", 1, OTHER.content, small.later(1)),
        ("FR", 2, DONE.content, small.later(9)),
    ]
    events = small.rows_of(workspace.store, "SELECT * FROM statement_events ORDER BY id")
    assert [(event["unit_id"], event["version"]) for event in events] == [("FR", 1), ("DE", 1), ("FR", 2)]
    assert {(event["person"], event["origin"]) for event in events} == {("Ada", "file")}


def test_it_can_be_changed_as_any_other(workspace: SmallWorkspace) -> None:
    add(workspace, OTHER)
    about = About(StatementKind.MOVE, small.ROUND, "DE", OTHER.subject_id)
    changed = state(
        workspace.desk(small.GERMANY), about, {"state": "dropped"}, expected_version=1, idempotency_key="new"
    )
    assert changed.version == 2


def test_nothing_is_stored_over_what_was_said(workspace: SmallWorkspace) -> None:
    add(workspace, PLANNED)
    before = small.everything(workspace.store)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        add(workspace, OTHER, DONE)
    assert small.everything(workspace.store) == before


def test_nothing_at_all_is_fine(workspace: SmallWorkspace) -> None:
    before = small.everything(workspace.store)
    add(workspace)
    assert small.everything(workspace.store) == before
