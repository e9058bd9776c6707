"""Alembic's entry: runs the migrations on the connection that `store.schema` hands over."""

from __future__ import annotations

from alembic import context

from assessment.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can't alter columns in place; Alembic copies the table instead.
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
