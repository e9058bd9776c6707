"""`db verify` names whatever isn't as it should be; each kind of damage is done here to a sound database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from assessment.questionnaire.catalogue import catalogue_of
from assessment.statements import StatementKind
from assessment.store.checkup import problems
from assessment.store.engine import Store
from assessment.store.statements import About
from tests.conftest import SmallWorkspace
from tests.store import small
from tests.store.journeys import accepted, answer_all, close, say


@pytest.fixture
def whole(workspace: SmallWorkspace) -> SmallWorkspace:
    accepted(workspace, "FR", small.FRANCE)
    answer_all(workspace, "DE", small.GERMANY)
    say(
        workspace,
        About(StatementKind.REMARK, small.ROUND, "DE", "governance:shared"),
        small.REVIEWER,
        text="Why?",
    )
    close(workspace)
    return workspace


def found(workspace: SmallWorkspace) -> list[str]:
    with workspace.store.read() as connection:
        return list(problems(connection, workspace.catalogue))


def unprotected(store: Store, statement: str) -> None:
    """Runs a statement as somebody could who holds the database itself, past its triggers and references."""
    if store.is_embedded:
        with closing(sqlite3.connect(str(store.engine.url.database))) as file:
            for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                file.execute(f"DROP TRIGGER {name}")
            file.execute(statement)
            file.commit()
        return
    with store.write() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(statement)


def test_a_sound_database_has_nothing_to_tell(whole: SmallWorkspace) -> None:
    assert found(whole) == []


FRANCE = "(SELECT id FROM assessments WHERE unit_id = 'FR')"
DAMAGES = {
    "an answer changed past its history": (
        f"UPDATE answers SET value = '5' WHERE question_id = 'shared' AND assessment_id != {FRANCE}",
        "it isn't what its history comes to",
    ),
    "an answer without a history": (
        f"DELETE FROM answer_events WHERE question_id = 'shared' AND assessment_id != {FRANCE}", "it has no history",
    ),
    "a history without its answer": (
        f"DELETE FROM answers WHERE question_id = 'shared' AND assessment_id != {FRANCE}", "isn't stored",
    ),
    "a version left out": ("UPDATE answer_events SET version = 7 WHERE question_id = 'shared'", "doesn't follow"),
    "a history that doesn't begin at its beginning": (
        """UPDATE answer_events SET before = '{"state": "dont_know"}' WHERE question_id = 'shared'""", "doesn't begin",
    ),
    "a statement changed past its history": ("UPDATE statements SET person = 'Nobody'", "it isn't what its history"),
    "a state that nobody brought about": ("UPDATE assessments SET state = 'submitted' WHERE unit_id = 'DE'", "its state"),
    "a step that doesn't follow": ("UPDATE assessment_events SET state_before = 'returned'", "doesn't begin"),
    "a closed assessment without a scorecard": ("DELETE FROM scorecards", "has no scorecard"),
    "a scorecard that was changed": ("UPDATE scorecards SET answers = '{}'", "aren't those of its scorecard"),
    "a round whose pin was changed": ("UPDATE round_questionnaires SET content_hash = 'x'", "isn't what it pinned"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named(whole: SmallWorkspace, damage: str) -> None:
    statement, words = DAMAGES[damage]
    unprotected(whole.store, statement)
    told = found(whole)
    assert told
    assert any(words in sentence for sentence in told), told


def test_a_questionnaire_that_is_gone_is_named(whole: SmallWorkspace) -> None:
    assert found(replace(whole, catalogue=catalogue_of([]))) == [
        "Round '2026-H1': governance@1.0.0, which it pinned, isn't there."
    ]
