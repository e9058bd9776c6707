"""What files bring into the workspace: a data package into an empty one, or units, rounds, targets and answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assessment.actions.desk import Desk
from assessment.actions.import_plan import Files
from assessment.actions.importing import bring_in, preview
from assessment.actions.workspace import load_package
from assessment.cli.telling import Questionnaires, operator, read_file, told, waiting
from assessment.errors import ResponseError
from assessment.intake.changes import Changes, Fate


def import_files(
    file: Annotated[
        Path | None,
        typer.Argument(help="answers.csv, or a data package as `export --format zip` writes it."),
    ] = None,
    units: Annotated[Path | None, typer.Option(help="units.csv")] = None,
    rounds: Annotated[Path | None, typer.Option(help="rounds.csv")] = None,
    targets: Annotated[Path | None, typer.Option(help="targets.csv")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also take answers in place of those that were given here.")
    ] = False,
    only_preview: Annotated[
        bool, typer.Option("--preview", help="Say what would change, and write nothing.")
    ] = False,
    questionnaires: Questionnaires = None,
) -> None:
    """Bring files in, all of it or nothing: every addition, change and conflict is told first.

    A data package fills an empty workspace.
    """
    with told() as settings:
        desk = operator(settings, questionnaires)
        if file is not None and file.suffix.lower() == ".zip":
            if units or rounds or targets or only_preview or replace:
                raise ResponseError(
                    "A data package is brought in by itself into an empty workspace: nothing is previewed or replaced."
                )
            _package(desk, file)
            return
        paths = (units, rounds, targets, file)
        files = Files(*(read_file(path) if path else None for path in paths))
        if not files.names:
            raise ResponseError("Name at least one file: answers.csv, --units, --rounds or --targets.")
        if only_preview:
            changes = preview(desk, files, may_replace=replace)
            _say(changes)
            if changes.conflicts:
                raise typer.Exit(1)
            return
        with waiting("Writing …"):
            changes = bring_in(desk, files, may_replace=replace)
        _say(changes)
        typer.echo("Nothing to write." if changes.is_nothing else "Written.")


def _package(desk: Desk, path: Path) -> None:
    file = read_file(path)
    with waiting("Loading …"):
        loaded = load_package(desk, file.content, file.name)
    typer.echo(
        f"{loaded.units} units, {loaded.rounds} rounds, {loaded.assessments} assessments and {loaded.answers} answers loaded."
    )


def _say(changes: Changes) -> None:
    """Every line that isn't here already, then how many there are of each kind."""
    for line in changes.lines:
        if line.fate is not Fate.SAME:
            typer.echo(f"{line.fate:<8}  {line.kind:<6}  {line.what}{'  ' if line.told else ''}{line.told}")
    typer.echo(changes.headline)
