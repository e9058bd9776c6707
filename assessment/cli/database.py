"""The database as a whole: upgrade, backup, restore, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assessment.access import Role
from assessment.cli.telling import Questionnaires, operator, store_of, told
from assessment.i18n import count
from assessment.questionnaire.folder import load_catalogue
from assessment.store import schema
from assessment.store.checkup import problems
from assessment.store.copies import back_up, restore
from assessment.store.grants import grant, statements_for

db_app = typer.Typer(no_args_is_help=True, help="The database.")

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]


@db_app.command("upgrade")
def upgrade_database() -> None:
    """Bring the database's schema up to this program's; makes it when there is none."""
    with told() as settings:
        before, after = schema.upgrade(store_of(settings))
        typer.echo(
            f"Database at revision {after}" + (f" (was {before or 'new'})." if before != after else ".")
        )


@db_app.command("backup")
def back_up_database(file: Path, overwrite: Overwrite = False) -> None:
    """Write everything, history included, to one file, while the app goes on; the file is checked before it appears."""
    with told() as settings:
        store = store_of(settings)
        schema.require_current(store)
        back_up(store, file, overwrite=overwrite)
        typer.echo(f"Backup written to {file} ({file.stat().st_size / 1e6:.1f} MB).")


@db_app.command("restore")
def restore_database(file: Path, overwrite: Overwrite = False, questionnaires: Questionnaires = None) -> None:
    """Make the database what a backup is; stop the app first. Checks the backup before it touches anything."""
    with told() as settings:
        store = store_of(settings)
        schema.upgrade(store)
        restore(
            store, file, operator(settings, questionnaires, Role.ADMINISTRATOR).stamp, overwrite=overwrite
        )
        typer.echo(f"Restored from {file}. Start the app, and look at what is there.")


@db_app.command("grants")
def print_grants(
    role: Annotated[str, typer.Argument(help="The role that the app connects as; it exists already.")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Also say it to the database, as its owner.")
    ] = False,
) -> None:
    """Write the SQL that lets a PostgreSQL role run the app: no change of a history, and no change of the schema."""
    with told() as settings:
        for statement in statements_for(role):
            typer.echo(f"{statement};")
        if apply:
            store = store_of(settings)
            schema.require_current(store)
            grant(store, role)
            typer.echo(f"Granted to {role}.", err=True)


@db_app.command("verify")
def verify_database(questionnaires: Questionnaires = None) -> None:
    """Check that the database is whole: every answer is what its history comes to, and every round has what it pinned."""
    with told() as settings:
        store = store_of(settings)
        schema.require_current(store)
        catalogue = load_catalogue(questionnaires or settings.questionnaires)
        with store.read() as connection:
            found = list(problems(connection, catalogue))
        for problem in found:
            typer.echo(problem, err=True)
        if found:
            typer.echo(f"{count(len(found), 'problem')}.", err=True)
            raise typer.Exit(1)
        typer.echo("The database is whole.")
