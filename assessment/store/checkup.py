"""Whether a database is whole: its file, its references, and that what is stored is what its history comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from assessment.i18n import t
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.lock import content_hash
from assessment.responses import ANSWER_FIELDS, AssessmentState
from assessment.store import tables
from assessment.store.organisation import pinned_hashes

Key = tuple[Any, ...]


def problems(connection: Connection, catalogue: Catalogue | None = None) -> Iterator[str]:
    """A sentence for everything that isn't as it should be; with a catalogue, also what rounds pinned and isn't there."""
    yield from _file_problems(connection)
    yield from _answer_problems(connection)
    yield from _statement_problems(connection)
    yield from _state_problems(connection)
    yield from _scorecard_problems(connection)
    if catalogue is not None:
        yield from _pin_problems(connection, catalogue)


def _file_problems(connection: Connection) -> Iterator[str]:
    """SQLite can tell of its own file; PostgreSQL's operators have tools of their own."""
    if connection.dialect.name != "sqlite":
        return
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if found != "ok":
            yield t("The file is damaged: {found}.", found=found)
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield t(
            "A row of '{table}' refers to a row of '{other}' that isn't there.", table=row[0], other=row[2]
        )


def _answer_problems(connection: Connection) -> Iterator[str]:
    answers, events = tables.answers, tables.answer_events
    ordered = select(events).order_by(events.c.assessment_id, events.c.question_id, events.c.version)
    last: dict[Key, Row[Any]] = {}
    for event in connection.execute(ordered):
        key = (event.assessment_id, event.question_id)
        before = last.get(key)
        if event.version != (before.version + 1 if before else 1):
            yield t(
                "Answer {key}: version {version} doesn't follow the one before.",
                key=key,
                version=event.version,
            )
        if event.before != (before.after if before else {}):
            yield t(
                "Answer {key}: version {version} doesn't begin where the last ended.",
                key=key,
                version=event.version,
            )
        last[key] = event
    expected = {
        key: {**event.after, "version": event.version, "event_id": event.id, "answered_at": event.at, "answered_by": event.person}
        for key, event in last.items()
    }  # fmt: skip
    names = (*ANSWER_FIELDS, "version", "event_id", "answered_at", "answered_by")
    found = {
        (row.assessment_id, row.question_id): {name: getattr(row, name) for name in names}
        for row in connection.execute(select(answers))
    }
    yield from _differences(t("Answer"), expected, found)


def _statement_problems(connection: Connection) -> Iterator[str]:
    events = tables.statement_events
    key_names = ("kind", "round_id", "unit_id", "subject_id")
    names = ("content", "version", "at", "person")

    def keyed(row: Row[Any]) -> tuple[Key, dict[str, Any]]:
        return tuple(getattr(row, name) for name in key_names), {name: getattr(row, name) for name in names}

    expected: dict[Key, dict[str, Any]] = {}
    for event in connection.execute(select(events).order_by(events.c.version)):
        key, value = keyed(event)
        if event.version != (expected[key]["version"] + 1 if key in expected else 1):
            yield t(
                "Statement {key}: version {version} doesn't follow the one before.",
                key=key,
                version=event.version,
            )
        expected[key] = value
    found = dict(keyed(row) for row in connection.execute(select(tables.statements)))
    yield from _differences(t("Statement"), expected, found)


def _state_problems(connection: Connection) -> Iterator[str]:
    events = tables.assessment_events
    states: dict[int, str] = {}
    for event in connection.execute(select(events).order_by(events.c.id)):
        if event.state_before != states.get(event.assessment_id, AssessmentState.DRAFT):
            yield t("Assessment {id}: a step doesn't begin where the last ended.", id=event.assessment_id)
        states[event.assessment_id] = event.state_after
    for row in connection.execute(select(tables.assessments)):
        if row.state != states.get(row.id, AssessmentState.DRAFT):
            yield t("Assessment {id}: its state isn't what its history comes to.", id=row.id)


def _scorecard_problems(connection: Connection) -> Iterator[str]:
    """A closed assessment is what its last scorecard froze."""
    cards, answers, assessments = tables.scorecards, tables.answers, tables.assessments
    newest = {
        row.assessment_id: row.answers for row in connection.execute(select(cards).order_by(cards.c.revision))
    }
    now: dict[int, dict[str, dict[str, Any]]] = {}
    for row in connection.execute(select(answers)):
        fields = {name: getattr(row, name) for name in ANSWER_FIELDS}
        now.setdefault(row.assessment_id, {})[row.question_id] = fields
    closed = select(assessments.c.id).where(assessments.c.state == str(AssessmentState.CLOSED))
    for number in connection.scalars(closed):
        if number not in newest:
            yield t("Assessment {id}: it is closed and has no scorecard.", id=number)
            continue
        frozen = {
            question: {name: fields[name] for name in ANSWER_FIELDS}
            for question, fields in newest[number].items()
        }
        if frozen != now.get(number, {}):
            yield t("Assessment {id}: its answers aren't those of its scorecard.", id=number)


def _pin_problems(connection: Connection, catalogue: Catalogue) -> Iterator[str]:
    for round_id, identifier, version, digest in pinned_hashes(connection):
        pinned = (
            catalogue.questionnaires.get(f"{identifier}@{version}")
            if identifier
            else catalogue.verdicts_of(version)
        )
        name = f"{identifier or 'verdicts'}@{version}"
        if pinned is None:
            yield t("Round '{round}': {name}, which it pinned, isn't there.", round=round_id, name=name)
        elif content_hash(pinned) != digest:
            yield t("Round '{round}': {name} isn't what it pinned.", round=round_id, name=name)


def _differences(what: str, expected: Mapping[Key, object], found: Mapping[Key, object]) -> Iterator[str]:
    for key in sorted(expected.keys() | found.keys()):
        if key not in expected:
            yield t("{what} {key}: it has no history.", what=what, key=key)
        elif key not in found:
            yield t("{what} {key}: it has a history and isn't stored.", what=what, key=key)
        elif expected[key] != found[key]:
            yield t("{what} {key}: it isn't what its history comes to.", what=what, key=key)
