"""The tables. Migrations make them; a test holds the two together.

`sqlite_autoincrement` where a page may hold a row's number: without it SQLite gives the number of a deleted row out
again, and a page that was left open would take the new row for the old.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept in UTC without a zone, because SQLite has no type that keeps one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value else None


workspace = Table(
    "workspace", metadata,
    Column("key", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)  # fmt: skip

units = Table(
    "units", metadata,
    Column("id", String(60), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("parent_id", ForeignKey("units.id")),
    Column("country_iso3", String(3), nullable=False, server_default=""),
    Column("domain_family", String(60), nullable=False, server_default=""),
    # A retired unit keeps its past and is asked no more; one that was merged names the unit that goes on.
    Column("retired_on", Date),
    Column("successor_id", ForeignKey("units.id")),
)  # fmt: skip

rounds = Table(
    "rounds", metadata,
    Column("id", String(60), primary_key=True),
    Column("title", Text, nullable=False),
    Column("phase", String(10)),
    Column("opens_on", Date),
    Column("closes_on", Date),
    Column("closed_at", UtcTime),
    # The rules for verdicts that count in this round; '' when the catalogue had none.
    Column("rules_version", String(20), nullable=False, server_default=""),
    Column("rules_hash", String(80), nullable=False, server_default=""),
)  # fmt: skip

round_questionnaires = Table(
    "round_questionnaires", metadata,
    Column("round_id", ForeignKey("rounds.id"), primary_key=True),
    Column("questionnaire_id", String(80), primary_key=True),
    Column("version", String(20), nullable=False),
    Column("content_hash", String(80), nullable=False),
)  # fmt: skip

targets = Table(
    "targets", metadata,
    Column("round_id", ForeignKey("rounds.id"), primary_key=True),
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
    Column("questionnaire_id", String(80), primary_key=True),
    # '' is the whole questionnaire: a primary key can't hold a missing value.
    Column("dimension_id", String(80), primary_key=True),
    Column("target", Float, nullable=False),
)  # fmt: skip

assessments = Table(
    "assessments", metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", ForeignKey("rounds.id"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("questionnaire_id", String(80), nullable=False),
    Column("version", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("state_version", Integer, nullable=False, server_default="0"),
    Column("changed_at", UtcTime),
    Column("comment", Text, nullable=False, server_default=""),
    UniqueConstraint("round_id", "unit_id", "questionnaire_id"),
    Index(None, "unit_id"),
    sqlite_autoincrement=True,
)  # fmt: skip

#: Every step of an assessment between its states; never changed, never deleted.
assessment_events = Table(
    "assessment_events", metadata,
    Column("id", Integer, primary_key=True),
    Column("assessment_id", ForeignKey("assessments.id"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("state_before", String(10), nullable=False),
    Column("state_after", String(10), nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)  # fmt: skip

#: Every change of an answer; `answers` is what they come to and can be rebuilt from them.
answer_events = Table(
    "answer_events", metadata,
    Column("id", Integer, primary_key=True),
    Column("assessment_id", ForeignKey("assessments.id"), nullable=False),
    Column("question_id", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("session_id", String(60), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("idempotency_key", String(100), nullable=False, unique=True),
    UniqueConstraint("assessment_id", "question_id", "version"),
    sqlite_autoincrement=True,
)  # fmt: skip

answers = Table(
    "answers", metadata,
    Column("assessment_id", ForeignKey("assessments.id"), primary_key=True),
    Column("question_id", String(80), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("value", String(200)),
    Column("reason", Text, nullable=False),
    Column("confidence", String(20)),
    Column("evidence_kind", String(20), nullable=False),
    Column("evidence_ref", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("event_id", ForeignKey("answer_events.id"), nullable=False),
    Column("answered_at", UtcTime, nullable=False),
    Column("answered_by", String(200), nullable=False),
)  # fmt: skip

#: What was done to the workspace itself, and what left it: units, rounds, targets, exports.
workspace_events = Table(
    "workspace_events", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("action", String(40), nullable=False),
    Column("detail", JSON, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

#: What a closed assessment was: its answers, what it was scored by, and its scores. A revision more for each closing.
scorecards = Table(
    "scorecards", metadata,
    Column("id", Integer, primary_key=True),
    Column("assessment_id", ForeignKey("assessments.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("content_hash", String(80), nullable=False),
    Column("rules_version", String(20), nullable=False),
    Column("product_version", String(20), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("scores", JSON, nullable=False),
    UniqueConstraint("assessment_id", "revision"),
    sqlite_autoincrement=True,
)  # fmt: skip

#: What is said beside the answers: facts, elements, principles, moves, remarks, verified evidence, decisions on gates.
statements = Table(
    "statements", metadata,
    Column("kind", String(20), primary_key=True),
    Column("round_id", ForeignKey("rounds.id"), primary_key=True),
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
    # What it is about: a fact's, an element's, a principle's id, or a question of a questionnaire.
    Column("subject_id", String(170), primary_key=True),
    Column("content", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("person", String(200), nullable=False),
)  # fmt: skip

#: Every change of a statement, as `answer_events` has those of answers.
statement_events = Table(
    "statement_events", metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("round_id", ForeignKey("rounds.id"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("subject_id", String(170), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("session_id", String(60), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("content", JSON, nullable=False),
    Column("idempotency_key", String(100), nullable=False, unique=True),
    UniqueConstraint("kind", "round_id", "unit_id", "subject_id", "version"),
    sqlite_autoincrement=True,
)  # fmt: skip

#: The one place where a person's name stands; every history names the id. Erased: the names are '' and a time says since when.
people = Table(
    "people", metadata,
    Column("id", String(60), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("erased_at", UtcTime),
)  # fmt: skip

#: What a person may be here; `unit_id` is '' for roles that have no unit. Who takes over gets a row of their own.
person_roles = Table(
    "person_roles", metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("role", String(20), primary_key=True),
    # '' for roles without a unit: a primary key can't hold a missing value.
    Column("unit_id", String(60), primary_key=True),
    Column("is_deputy", Boolean, nullable=False),
    # "group": by one of the identity provider, and taken when the person comes in without it. "": by the administrator.
    Column("given_by", String(20), nullable=False, server_default=""),
)  # fmt: skip

# Who comes in by an identity provider, or by a proxy that signed them in.
identities = Table(
    "identities", metadata,
    Column("issuer", String(500), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
)  # fmt: skip

#: Keys of programs to the HTTP API, by the hash of each: what a key opens, and until when. Never removed: its history names its id.
api_tokens = Table(
    "api_tokens", metadata,
    Column("id", String(60), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("unit_id", ForeignKey("units.id")),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made_by", String(200), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    # The last day on which it opens anything; missing: no end is set.
    Column("ends_on", Date),
    Column("revoked_at", UtcTime),
    Column("last_used_at", UtcTime),
)  # fmt: skip

#: Personal links into the application, by the hash of each: one opens a session once. Never removed: the history names its id.
invitations = Table(
    "invitations", metadata,
    Column("id", String(60), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made_by", String(200), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("revoked_at", UtcTime),
)  # fmt: skip

#: Browsers in which somebody is signed in, by the hash of what their cookie holds.
browser_sessions = Table(
    "browser_sessions", metadata,
    Column("id", String(60), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("started_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    # The end that comes whatever happens; one that isn't used ends before.
    Column("ends_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
)  # fmt: skip

#: Where rows are only ever added, once the workspace is somebody's own: triggers hold it.
HISTORIES = (answer_events, assessment_events, statement_events, workspace_events, scorecards)
