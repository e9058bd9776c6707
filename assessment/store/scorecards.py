"""Frozen scorecards: what a closed assessment was, by what it was scored, and its scores. Only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from assessment.access import Scope
from assessment.store import tables
from assessment.store.answers import answer_fields, read_answers
from assessment.store.assessments import StoredAssessment, readable
from assessment.store.workspace import Stamp

_table = tables.scorecards


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One closing of one assessment.

    `answers` has the fields of each answer, when and by whom, by question id; `scores` the unit's rows of scores.csv
    for this questionnaire, with None where a cell is empty.
    """

    assessment_id: int
    revision: int
    at: datetime
    person: str
    content_hash: str
    rules_version: str
    product_version: str
    answers: Mapping[str, Mapping[str, Any]]
    scores: tuple[Mapping[str, Any], ...]


def add_scorecards(
    connection: Connection,
    closed: Iterable[StoredAssessment],
    scores: pd.DataFrame,
    hashes: Mapping[str, str],
    rules_version: str,
    stamp: Stamp,
) -> None:
    """Keep a further revision for each of these assessments; `scores` has the rows of their round."""
    newest = select(_table.c.assessment_id, func.max(_table.c.revision)).group_by(_table.c.assessment_id)
    known = {row[0]: row[1] for row in connection.execute(newest)}
    rows_of = _plain_rows(scores)
    rows = [
        {
            "assessment_id": found.id, "revision": known.get(found.id, 0) + 1, "at": stamp.at, "person": stamp.person,
            "content_hash": hashes[found.questionnaire_id], "rules_version": rules_version,
            "product_version": version("mesh-readiness"), "answers": _answers(connection, found), "scores": rows_of.get((found.unit_id, found.questionnaire_id), []),
        }
        for found in closed
    ]  # fmt: skip
    if rows:
        connection.execute(_table.insert(), rows)


def read_scorecards(connection: Connection, assessment_id: int, scope: Scope) -> tuple[Scorecard, ...]:
    """Every revision of an assessment, oldest first; none when the scope doesn't reach its answers."""
    wanted = (
        select(_table)
        .where(_table.c.assessment_id == assessment_id, _table.c.assessment_id.in_(readable(scope)))
        .order_by(_table.c.revision)
    )
    return tuple(
        Scorecard(
            row.assessment_id, row.revision, row.at, row.person, row.content_hash, row.rules_version, row.product_version,
            row.answers, tuple(row.scores),
        )
        for row in connection.execute(wanted)
    )  # fmt: skip


def _answers(connection: Connection, found: StoredAssessment) -> dict[str, dict[str, Any]]:
    stored = read_answers(connection, found.id, Scope(own=frozenset({found.unit_id})))
    return {
        question: answer_fields(entry.answer)
        | {"answered_at": entry.answered_at.isoformat(), "answered_by": entry.answered_by}
        for question, entry in stored.items()
    }


def _plain_rows(scores: pd.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The rows of each unit and questionnaire, with None for what is missing."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in scores.astype(object).where(scores.notna(), None).to_dict("records"):
        plain = {str(name): _number(value) for name, value in row.items()}
        rows.setdefault((plain["unit_id"], plain["questionnaire_id"]), []).append(plain)
    return rows


def _number(value: Any) -> Any:
    """Numpy's numbers as Python's, which JSON knows."""
    return value.item() if hasattr(value, "item") else value
