"""Every schema that somebody may have, with data in it, comes up to today's with the same data; then histories only grow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessment.statements import StatementKind
from assessment.store import schema, tables
from assessment.store.engine import Store
from assessment.store.statements import About
from tests.conftest import SmallWorkspace
from tests.postgres import Server
from tests.store import small
from tests.store.journeys import accepted, close, say

#: What a workspace holds at each released revision, as the program of that time would have written it.
_FIRST = (
    "INSERT INTO workspace VALUES ('kind', 'own')",
    "INSERT INTO units (id, name, kind) VALUES ('ACME', 'Acme', 'group')",
    "INSERT INTO units (id, name, kind, parent_id, country_iso3) VALUES ('FR', 'Françe ☃', 'country', 'ACME', 'FRA')",
    "INSERT INTO rounds (id, title, phase, opens_on, closes_on) VALUES ('2026-H1', 'First', 'before', '2026-03-01', '2026-03-31')",
    "INSERT INTO round_questionnaires VALUES ('2026-H1', 'governance', '1.0.0', 'sha256-x')",
    "INSERT INTO targets VALUES ('2026-H1', 'FR', 'governance', '', 3.5)",
    "INSERT INTO assessments (id, round_id, unit_id, questionnaire_id, version, state, state_version, comment)"
    " VALUES (7, '2026-H1', 'FR', 'governance', '1.0.0', 'submitted', 1, '')",
    "INSERT INTO answer_events (id, assessment_id, question_id, version, at, person, role, session_id, origin, before, after,"
    " idempotency_key) VALUES (3, 7, 'shared', 1, '2026-03-02 12:00:00.000000', 'Fay', 'country_leader', 's', 'page', '{}',"
    " '{\"state\": \"dont_know\", \"value\": null, \"reason\": \"\", \"confidence\": null, \"evidence_kind\": \"none\","
    " \"evidence_ref\": \"\", \"comment\": \"\"}', 'k')",
    "INSERT INTO answers (assessment_id, question_id, state, reason, evidence_kind, evidence_ref, comment, version, event_id,"
    " answered_at, answered_by) VALUES (7, 'shared', 'dont_know', '', 'none', '', '', 1, 3, '2026-03-02 12:00:00.000000', 'Fay')",
    "INSERT INTO assessment_events (id, assessment_id, at, person, role, state_before, state_after, comment)"
    " VALUES (2, 7, '2026-03-02 12:00:00.000000', 'Fay', 'country_leader', 'draft', 'submitted', '')",
    "INSERT INTO workspace_events (id, at, person, role, action, detail)"
    " VALUES (1, '2026-03-02 12:00:00.000000', 'Ada', 'administrator', 'started empty', '{}')",
)  # fmt: skip
_SECOND = (
    "UPDATE rounds SET closed_at = '2026-04-01 12:00:00.000000', rules_version = '1.0.0', rules_hash = 'sha256-y'",
    "INSERT INTO units (id, name, kind, parent_id, retired_on, successor_id)"
    " VALUES ('FR.old', 'Old', 'domain', 'FR', '2026-03-05', 'FR')",
    "INSERT INTO people VALUES ('p-1', 'Ada', 'ada@example.org', '2026-03-02 12:00:00.000000', NULL)",
    "INSERT INTO person_roles (person_id, role, unit_id, is_deputy) VALUES ('p-1', 'administrator', '', FALSE)",
    "INSERT INTO statements VALUES ('fact', '2026-H1', 'FR', 'domains', '{\"value\": 3}', 1, '2026-03-02 12:00:00.000000', 'Fay')",
    "INSERT INTO statement_events (id, kind, round_id, unit_id, subject_id, version, at, person, role, session_id, origin, content,"
    " idempotency_key) VALUES (4, 'fact', '2026-H1', 'FR', 'domains', 1, '2026-03-02 12:00:00.000000', 'Fay', 'country_leader',"
    " 's', 'page', '{\"value\": 3}', 'k')",
    "INSERT INTO scorecards (id, assessment_id, revision, at, person, content_hash, rules_version, product_version, answers, scores)"
    " VALUES (5, 7, 1, '2026-04-01 12:00:00.000000', 'Ada', 'sha256-x', '1.0.0', '0.1.0', '{}', '{}')",
)  # fmt: skip
_THIRD = (
    "INSERT INTO api_tokens (id, name, role, unit_id, hash, made_by, made_at, ends_on)"
    " VALUES ('t-1', 'Excel ☃', 'country_leader', 'FR', 'abc', 'Ada', '2026-03-02 12:00:00.000000', '2026-04-01')",
)
_FOURTH = (
    "INSERT INTO invitations (id, person_id, hash, made_by, made_at, ends_at)"
    " VALUES ('i-1', 'p-1', 'abc', 'Ada', '2026-03-02 12:00:00.000000', '2026-03-09 12:00:00.000000')",
    "INSERT INTO browser_sessions (id, person_id, hash, started_at, seen_at, ends_at) VALUES ('b-1', 'p-1', 'def',"
    " '2026-03-02 12:00:00.000000', '2026-03-02 12:00:00.000000', '2026-03-16 12:00:00.000000')",
)
RELEASED: dict[str, tuple[str, ...]] = {
    "0001": _FIRST, "0002": (*_FIRST, *_SECOND), "0003": (*_FIRST, *_SECOND, *_THIRD),
    "0004": (*_FIRST, *_SECOND, *_THIRD, *_FOURTH),
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def unmade(request: pytest.FixtureRequest, tmp_path: Path, opened: Callable[[str], Store]) -> Store:
    """A database in which nothing was made yet."""
    if request.param == "sqlite":
        return opened(f"sqlite:///{tmp_path / 'old.db'}")
    server: Server = request.getfixturevalue("postgres")
    server.drop("old")
    return opened(server.create("old"))


def test_every_released_schema_has_its_data_here() -> None:
    """Whoever adds a migration says here what a workspace holds before it."""
    versions = Path(schema._MIGRATIONS, "versions").glob("[0-9]*.py")
    assert set(RELEASED) | {schema.head_revision()} == {file.name.partition("_")[0] for file in versions}


@pytest.mark.parametrize("revision", RELEASED)
def test_an_older_database_comes_up_with_all_its_data(unmade: Store, revision: str) -> None:
    with unmade.write() as connection:
        command.upgrade(schema._config(connection), revision)
    for statement in RELEASED[revision]:
        with unmade.write() as connection:
            connection.execute(text(statement.replace(":", r"\:")))
    before = small.everything(unmade)
    assert schema.upgrade(unmade) == (revision, schema.head_revision())
    after = small.everything(unmade)
    for table, rows in before.items():
        if table != "alembic_version":
            kept = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else after[table]
            assert kept == rows, table


@pytest.mark.parametrize("table", tables.HISTORIES, ids=str)
def test_no_history_is_ever_changed_or_removed(workspace: SmallWorkspace, table: object) -> None:
    store = workspace.store
    accepted(workspace, "FR", small.FRANCE)
    remark = About(StatementKind.REMARK, small.ROUND, "FR", "governance:shared")
    say(workspace, remark, small.REVIEWER, text="Where?")
    close(workspace)
    before = small.rows_of(store, f"SELECT * FROM {table}")
    assert before, "there is something to protect"
    for statement in (f"UPDATE {table} SET person = 'Nobody'", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="only added to"), store.write() as connection:
            connection.exec_driver_sql(statement)
    assert small.rows_of(store, f"SELECT * FROM {table}") == before
