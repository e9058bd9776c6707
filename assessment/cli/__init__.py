"""The command line. Exit status 0: done; 1: the input is at fault, everything listed, nothing written; 2: wrong call."""

from __future__ import annotations

import typer

from assessment.cli.database import db_app
from assessment.cli.importing import import_files
from assessment.cli.people import people_app
from assessment.cli.questionnaires import questionnaires_app
from assessment.cli.score import score
from assessment.cli.tokens import tokens_app
from assessment.cli.workspace import demo, export

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(questionnaires_app, name="questionnaires")
app.add_typer(db_app, name="db")
app.add_typer(tokens_app, name="tokens")
app.add_typer(people_app, name="people")
for command in (score, demo, export):
    app.command()(command)
app.command("import")(import_files)


@app.callback()
def main() -> None:
    """Mesh Readiness: who is ready to own data, what blocks the others, and whether it lasts."""
