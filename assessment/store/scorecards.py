"""Frozen scorecards: what a closed assessment was, by what it was scored, and its scores. Only ever added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from assessment.access import Scope
from assessment.responses import ANSWER_FIELDS
from assessment.store import tables
from assessment.store.assessments import StoredAssessment, readable
from assessment.store.workspace import Stamp

_table = tables.scorecards
#: So many are kept at a time: all of a large round would fill the memory of a small machine.
_AT_A_TIME = 500


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
    rows_of, product = _plain_rows(scores), version("mesh-readiness")
    every = tuple(closed)
    for start in range(0, len(every), _AT_A_TIME):
        batch = every[start : start + _AT_A_TIME]
        answers = _answers(connection, [found.id for found in batch])
        rows = [
            {
                "assessment_id": found.id, "revision": known.get(found.id, 0) + 1, "at": stamp.at, "person": stamp.person,
                "content_hash": hashes[found.questionnaire_id], "rules_version": rules_version, "product_version": product,
                "answers": answers.get(found.id, {}), "scores": rows_of.get((found.unit_id, found.questionnaire_id), []),
            }
            for found in batch
        ]  # fmt: skip
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


def _answers(connection: Connection, assessment_ids: Collection[int]) -> dict[int, dict[str, dict[str, Any]]]:
    """The fields of each answer of these assessments, by number and question, for a closing that has checked access."""
    found: dict[int, dict[str, dict[str, Any]]] = {}
    given = tables.answers
    for row in connection.execute(select(given).where(given.c.assessment_id.in_(assessment_ids))):
        fields = {field: getattr(row, field) for field in ANSWER_FIELDS}
        who = {"answered_at": row.answered_at.isoformat(), "answered_by": row.answered_by}
        found.setdefault(row.assessment_id, {})[row.question_id] = fields | who
    return found


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
