"""Who did what and when, from all four histories together, newest first; what an answer says is in none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, select

from assessment.store import tables


class Kind(StrEnum):
    """What something was done to."""

    WORKSPACE = "workspace"
    ASSESSMENT = "assessment"
    ANSWER = "answer"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done; `about` names what it was done to, `person` is an id or, in local use, a role in words."""

    at: datetime
    person: str
    role: str
    kind: Kind
    action: str
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: from a moment on and before another, of some kinds (none: all), by one person ('': by anybody)."""

    since: datetime
    until: datetime
    kinds: frozenset[Kind] = frozenset()
    person: str = ""

    def has(self, kind: Kind) -> bool:
        return not self.kinds or kind in self.kinds


def read_history(connection: Connection, wanted: Wanted, most: int) -> tuple[Entry, ...]:
    """The newest entries, at most so many."""
    found = [entry for kind in Kind if wanted.has(kind) for entry in _read(connection, kind, wanted, most)]
    return tuple(sorted(found, key=lambda entry: entry.at, reverse=True)[:most])


def count_history(connection: Connection, wanted: Wanted) -> int:
    """How many entries there are."""
    counts = [
        select(func.count()).select_from(_narrowed(select(table.c.id), table, wanted).subquery())
        for kind, table in _TABLES.items()
        if wanted.has(kind)
    ]
    return sum(int(connection.scalar(each) or 0) for each in counts)


def people_in(connection: Connection) -> tuple[str, ...]:
    """Everybody who is in a history, by what histories call them."""
    found: set[str] = set()
    for table in _TABLES.values():
        found.update(connection.scalars(select(table.c.person).distinct()))
    return tuple(sorted(found))


_TABLES: Mapping[Kind, Table] = {
    Kind.WORKSPACE: tables.workspace_events,
    Kind.ASSESSMENT: tables.assessment_events,
    Kind.ANSWER: tables.answer_events,
    Kind.STATEMENT: tables.statement_events,
}


def _read(connection: Connection, kind: Kind, wanted: Wanted, most: int) -> Iterator[Entry]:
    table = _TABLES[kind]
    asked = (
        _narrowed(_columns(kind), table, wanted).order_by(table.c.at.desc(), table.c.id.desc()).limit(most)
    )
    for row in connection.execute(asked):
        action, about = _TOLD[kind](row)
        yield Entry(row.at, row.person, row.role, kind, action, about)


def _narrowed(asked: Select[Any], table: Table, wanted: Wanted) -> Select[Any]:
    narrowed = asked.where(table.c.at >= wanted.since, table.c.at < wanted.until)
    return narrowed.where(table.c.person == wanted.person) if wanted.person else narrowed


def _columns(kind: Kind) -> Select[Any]:
    """What is read of a history. Of answers and statements never the content: an administrator may not read it."""
    table = _TABLES[kind]
    common = (table.c.at, table.c.person, table.c.role)
    if kind is Kind.WORKSPACE:
        return select(*common, table.c.action, table.c.detail)
    if kind is Kind.STATEMENT:
        said = ("kind", "round_id", "unit_id", "subject_id", "version", "origin")
        return select(*common, *(table.c[name] for name in said))
    step, answer = ["state_before", "state_after"], ["question_id", "version", "origin"]
    names = step if kind is Kind.ASSESSMENT else answer
    place = (tables.assessments.c[name] for name in ("round_id", "unit_id", "questionnaire_id"))
    joined = table.join(tables.assessments, table.c.assessment_id == tables.assessments.c.id)
    return select(*common, *(table.c[name] for name in names), *place).select_from(joined)


def _of_workspace(row: Row[Any]) -> tuple[str, dict[str, Any]]:
    return row.action, dict(row.detail)


def _of_assessment(row: Row[Any]) -> tuple[str, dict[str, Any]]:
    return f"{row.state_before} → {row.state_after}", _place(row)


def _of_answer(row: Row[Any]) -> tuple[str, dict[str, Any]]:
    action = "answered" if row.version == 1 else "answer changed"
    return action, {**_place(row), "question": row.question_id, "version": row.version, "from": row.origin}


def _of_statement(row: Row[Any]) -> tuple[str, dict[str, Any]]:
    about = {"round": row.round_id, "unit": row.unit_id, "subject": row.subject_id}
    return f"{row.kind} said", {**about, "version": row.version, "from": row.origin}


def _place(row: Row[Any]) -> dict[str, Any]:
    return {"round": row.round_id, "unit": row.unit_id, "questionnaire": row.questionnaire_id}


_TOLD = {
    Kind.WORKSPACE: _of_workspace, Kind.ASSESSMENT: _of_assessment, Kind.ANSWER: _of_answer,
    Kind.STATEMENT: _of_statement,
}  # fmt: skip
