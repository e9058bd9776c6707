"""Statements and their history, as answers have theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from assessment.access import Scope
from assessment.errors import StoreError
from assessment.responses import EvidenceKind
from assessment.statements import (
    Content,
    FactContent,
    RemarkContent,
    StatementKind,
    VerifiedContent,
    asked_in,
    content_from,
    plain_content,
)
from assessment.store import tables
from assessment.store.assessments import StoredAssessment, hidden_by_round, sent_at
from assessment.store.workspace import Stamp

_table, _events = tables.statements, tables.statement_events


@dataclass(frozen=True, slots=True)
class About:
    """What a statement is about, and by which it is found."""

    kind: StatementKind
    round_id: str
    unit_id: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as committed; `version` counts its changes."""

    about: About
    content: Content
    version: int
    at: datetime
    person: str


def read_statements(
    connection: Connection,
    units: Iterable[str],
    kinds: Iterable[StatementKind],
    *,
    round_id: str | None = None,
) -> tuple[Statement, ...]:
    """The statements of these kinds about these units, in one round or in all."""
    wanted = select(_table).where(
        _table.c.unit_id.in_(sorted(units)), _table.c.kind.in_(sorted(map(str, kinds)))
    )
    if round_id is not None:
        wanted = wanted.where(_table.c.round_id == round_id)
    ordered = wanted.order_by(_table.c.round_id, _table.c.unit_id, _table.c.kind, _table.c.subject_id)
    return tuple(_stored(row) for row in connection.execute(ordered))


def read_told(connection: Connection, scope: Scope, kinds: Iterable[StatementKind]) -> tuple[Statement, ...]:
    """What the scope may read of these kinds, in all rounds: nothing of units that it waits for."""
    hidden = hidden_by_round(connection, scope)
    found = read_statements(connection, scope.units, kinds)
    return tuple(each for each in found if each.about.unit_id not in hidden.get(each.about.round_id, ()))


def read_told_facts(
    connection: Connection, scope: Scope
) -> dict[str, dict[tuple[str, str], float | bool | str]]:
    """What the scope may read of facts, as `read_facts` gives them."""
    return _facts(read_told(connection, scope, [StatementKind.FACT]))


def read_facts(
    connection: Connection, units: Iterable[str]
) -> dict[str, dict[tuple[str, str], float | bool | str]]:
    """What is known of these units beside their answers: by round, then by unit and fact. Absent is unknown."""
    return _facts(read_statements(connection, units, [StatementKind.FACT]))


def _facts(statements: Iterable[Statement]) -> dict[str, dict[tuple[str, str], float | bool | str]]:
    facts: dict[str, dict[tuple[str, str], float | bool | str]] = {}
    for found in statements:
        assert isinstance(found.content, FactContent)
        if found.content.value is not None:
            known = facts.setdefault(found.about.round_id, {})
            known[found.about.unit_id, found.about.subject_id] = found.content.value
    return facts


def read_verified(
    connection: Connection, units: Iterable[str]
) -> dict[tuple[str, str, str, str], EvidenceKind]:
    """The kinds of evidence that reviewers found, by round, unit, questionnaire and question."""
    verified: dict[tuple[str, str, str, str], EvidenceKind] = {}
    for found in read_statements(connection, units, [StatementKind.VERIFIED]):
        assert isinstance(found.content, VerifiedContent)
        if found.content.kind is not None:
            verified[found.about.round_id, found.about.unit_id, *asked_in(found.about.subject_id)] = (
                found.content.kind
            )
    return verified


def read_remarks(connection: Connection, assessment: StoredAssessment) -> dict[str, str]:
    """The reviewer's words on single questions since the assessment was last sent, by question."""
    sent = sent_at(connection, assessment.id)
    found = read_statements(
        connection, [assessment.unit_id], [StatementKind.REMARK], round_id=assessment.round_id
    )
    remarks: dict[str, str] = {}
    for remark in found:
        questionnaire_id, question_id = asked_in(remark.about.subject_id)
        assert isinstance(remark.content, RemarkContent)
        is_new = bool(sent) and remark.at >= sent[-1]
        if questionnaire_id == assessment.questionnaire_id and is_new and remark.content.text.strip():
            remarks[question_id] = remark.content.text
    return remarks


def read_requests(connection: Connection, asked_unit: str) -> tuple[Statement, ...]:
    """What other units asked this one to answer for them, in all rounds."""
    wanted = select(_table).where(
        _table.c.kind == str(StatementKind.REQUEST), _table.c.content["to_unit"].as_string() == asked_unit
    )
    return tuple(
        _stored(row) for row in connection.execute(wanted.order_by(_table.c.at, _table.c.subject_id))
    )


def read_statement(connection: Connection, about: About) -> Statement | None:
    """One statement, for a write that has checked access already.

    Whoever else would say something about the unit waits until this transaction ends: before anything was said there is
    no row whose version could be compared.
    """
    units = tables.units
    # SQLite has locked the whole database already, and leaves this out; rows may still refer to the unit meanwhile.
    connection.execute(select(units.c.id).where(units.c.id == about.unit_id).with_for_update(key_share=True))
    return find_statement(connection, about)


def see_statement(connection: Connection, about: About, units: Collection[str]) -> Statement | None:
    """One statement, to be seen; None when there is none or its unit isn't among `units`."""
    return find_statement(connection, about) if about.unit_id in units else None


def find_statement(connection: Connection, about: About) -> Statement | None:
    """One statement, for whoever has checked access already."""
    wanted = select(_table).where(*(_table.c[name] == value for name, value in _key(about).items()))
    row = connection.execute(wanted).one_or_none()
    return _stored(row) if row else None


def is_repeated_statement(connection: Connection, about: About, idempotency_key: str) -> bool:
    """Whether this change was committed already."""
    wanted = select(_events.c.id).where(
        _events.c.idempotency_key == idempotency_key,
        *(_events.c[name] == value for name, value in _key(about).items()),
    )
    return connection.scalar(wanted) is not None


def was_said_before(connection: Connection, about: About, content: Mapping[str, Any]) -> bool:
    """Whether the statement ever had this plain content, by its history."""
    wanted = select(_events.c.content).where(
        *(_events.c[name] == value for name, value in _key(about).items())
    )
    return any(earlier == content for earlier in connection.scalars(wanted))


def said_by_others_since(connection: Connection, about: About, version: int, *, besides: str) -> bool:
    """Whether the last change after a version was by another session than `besides`.

    What that session itself changed after others, it changed knowing theirs.
    """
    wanted = (
        select(_events.c.session_id)
        .where(
            *(_events.c[name] == value for name, value in _key(about).items()), _events.c.version > version
        )
        .order_by(_events.c.version.desc())
        .limit(1)
    )
    return (connection.scalar(wanted) or besides) != besides


def save_statement(
    connection: Connection,
    about: About,
    content: Content,
    before: Statement | None,
    idempotency_key: str,
    stamp: Stamp,
) -> Statement:
    """Store one change and its event; `before` is the statement that the change was made from.

    Raises:
        StoreError: The stored statement isn't that one any more.
    """
    version = before.version + 1 if before else 1
    row = {
        **_key(about),
        "content": plain_content(content),
        "version": version,
        "at": stamp.at,
        "person": stamp.person,
    }
    connection.execute(
        insert(_events),
        {
            **row, "role": stamp.role, "session_id": stamp.session_id, "origin": stamp.origin,
            "idempotency_key": idempotency_key,
        },
    )  # fmt: skip
    if before is None:
        connection.execute(insert(_table), row)
    else:
        same = (_table.c[name] == value for name, value in _key(about).items())
        changed = connection.execute(
            update(_table).where(*same, _table.c.version == before.version).values(row)
        )
        if not changed.rowcount:
            raise StoreError("Somebody else changed this just now. Look at it again before you go on.")
    return Statement(about, content, version, stamp.at, stamp.person)


def _key(about: About) -> dict[str, str]:
    return {
        "kind": str(about.kind), "round_id": about.round_id, "unit_id": about.unit_id, "subject_id": about.subject_id,
    }  # fmt: skip


def _stored(row: Row[Any]) -> Statement:
    kind = StatementKind(row.kind)
    about = About(kind, row.round_id, row.unit_id, row.subject_id)
    return Statement(about, content_from(kind, row.content), row.version, row.at, row.person)
