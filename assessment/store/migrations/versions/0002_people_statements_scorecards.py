"""Statements beside the answers, people, frozen scorecards, closed rounds, retired units; histories that only grow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_HISTORIES = ("answer_events", "assessment_events", "statement_events", "workspace_events", "scorecards")
# The demonstration and a workspace that nobody has begun may be thrown away; what is somebody's own may not.
_IS_OWN = "EXISTS (SELECT 1 FROM workspace WHERE key = 'kind' AND value = 'own')"


def upgrade() -> None:
    op.add_column("rounds", sa.Column("closed_at", sa.DateTime(), nullable=True))
    op.add_column("rounds", sa.Column("rules_version", sa.String(20), server_default="", nullable=False))
    op.add_column("rounds", sa.Column("rules_hash", sa.String(80), server_default="", nullable=False))
    op.add_column("units", sa.Column("retired_on", sa.Date(), nullable=True))
    # In one statement, because SQLite can't add the reference later without making the table anew.
    op.execute(
        "ALTER TABLE units ADD COLUMN successor_id VARCHAR(60)"
        " CONSTRAINT fk_units_successor_id REFERENCES units (id)"
    )
    _add_scorecards()
    _add_statements()
    _add_people()
    _let_histories_only_grow()


def _add_scorecards() -> None:
    op.create_table(
        "scorecards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("content_hash", sa.String(80), nullable=False),
        sa.Column("rules_version", sa.String(20), nullable=False),
        sa.Column("product_version", sa.String(20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_scorecards_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
        sa.UniqueConstraint("assessment_id", "revision", name=op.f("uq_scorecards_assessment_id_revision")),
        sqlite_autoincrement=True,
    )


def _add_statements() -> None:
    op.create_table(
        "statements",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("round_id", sa.String(60), nullable=False),
        sa.Column("unit_id", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.String(170), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_statements_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_statements_unit_id")),
        sa.PrimaryKeyConstraint("kind", "round_id", "unit_id", "subject_id", name=op.f("pk_statements")),
    )
    op.create_table(
        "statement_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("round_id", sa.String(60), nullable=False),
        sa.Column("unit_id", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.String(170), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("session_id", sa.String(60), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("idempotency_key", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_statement_events_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_statement_events_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_events")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_statement_events_idempotency_key")),
        sa.UniqueConstraint(
            "kind", "round_id", "unit_id", "subject_id", "version",
            name=op.f("uq_statement_events_kind_round_id_unit_id_subject_id_version"),
        ),
        sqlite_autoincrement=True,
    )  # fmt: skip


def _add_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", sa.String(60), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("unit_id", sa.String(60), nullable=False),
        sa.Column("is_deputy", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_roles_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", "unit_id", name=op.f("pk_person_roles")),
    )


def _let_histories_only_grow() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        for name, only in (
            ("never_changed", ""),
            ("never_removed", f"IF NOT {_IS_OWN} THEN RETURN OLD; END IF;"),
        ):
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {only}"
                " RAISE EXCEPTION 'history is only added to' USING ERRCODE = 'integrity_constraint_violation';"
                " END $$"
            )
    for table in _HISTORIES:
        for name, when, only in (("changed", "UPDATE", ""), ("removed", "DELETE", f"WHEN {_IS_OWN}")):
            if is_sqlite:
                does = f"{only} BEGIN SELECT RAISE(ABORT, 'history is only added to'); END"
            else:
                does = f"FOR EACH ROW EXECUTE FUNCTION never_{name}()"
            op.execute(f"CREATE TRIGGER {table}_never_{name} BEFORE {when} ON {table} {does}")
