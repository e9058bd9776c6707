"""Longer ways through the small workspace: an assessment answered, sent, accepted; a round closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.access import Principal
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.rounds import Closing, close_round
from assessment.actions.stating import state
from assessment.store.answers import read_answer
from assessment.store.statements import About, Statement
from tests.conftest import SmallWorkspace
from tests.store import small

LEVEL_3: Mapping[str, Any] = {"state": "answered", "value": "3", "evidence_kind": "document"}


def answer_all(workspace: SmallWorkspace, unit: str, somebody: Principal, **answer: Any) -> int:
    """Every question has the answer; gives the assessment's number."""
    number = workspace.assessment(unit).id
    asked = small.COUNTRY_QUESTIONS if "." not in unit else small.DOMAIN_QUESTIONS
    for question in asked:
        change = dict(answer or LEVEL_3)
        if question == "tool":
            change["value"] = "one"
        save(workspace, number, question, somebody, **change)
    return number


def save(workspace: SmallWorkspace, number: int, question: str, somebody: Principal, **change: Any) -> None:
    with workspace.store.read() as connection:
        before = read_answer(connection, number, question)
    save_answer(
        workspace.desk(somebody), number, question, change,
        expected_version=before.version if before else 0, idempotency_key=small.new_key(),
    )  # fmt: skip


def accepted(workspace: SmallWorkspace, unit: str, somebody: Principal) -> int:
    """Answered, sent and accepted."""
    number = answer_all(workspace, unit, somebody)
    reviewing.submit(workspace.desk(somebody), number)
    reviewing.accept(workspace.desk(small.REVIEWER), number)
    return number


def close(workspace: SmallWorkspace, minutes: int = 60) -> Closing:
    return close_round(workspace.desk(small.ADMINISTRATOR, small.later(minutes)), small.ROUND)


def say(
    workspace: SmallWorkspace, about: About, somebody: Principal, version: int = 0, **content: Any
) -> Statement:
    return state(
        workspace.desk(somebody), about, content, expected_version=version, idempotency_key=small.new_key()
    )
