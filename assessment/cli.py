"""The command line. Exit status 0: done; 1: the input is at fault, everything listed, nothing written; 2: wrong call."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from errno import EISDIR
from pathlib import Path
from typing import Annotated

import typer

from assessment import demo as demonstration
from assessment.access import Principal, Role
from assessment.actions import workspace as workspace_actions
from assessment.actions.desk import Desk
from assessment.actions.exporting import export_scores
from assessment.analysis.moves import latest_moves, moves_table
from assessment.errors import (
    TABLE_UNREADABLE,
    AssessmentError,
    IntakeError,
    ResponseError,
    listed,
    suggestion,
)
from assessment.exports.csv import moves_csv, scores_csv
from assessment.intake.bundle import File, read_bundle
from assessment.logs import configure_logging
from assessment.questionnaire.catalogue import content_hash, load_catalogue, write_lock
from assessment.scoring.table import score_table
from assessment.settings import Settings, load_settings
from assessment.store import schema
from assessment.store.engine import Store, open_store
from assessment.store.organisation import read_organisation, read_rounds
from assessment.store.workspace import WorkspaceKind, read_kind

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
questionnaires_app = typer.Typer(no_args_is_help=True, help="What is asked, and whether it can be trusted.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(questionnaires_app, name="questionnaires")
app.add_typer(db_app, name="db")

#: How many next moves each assessment gets in moves.csv.
MOVES_IN_FILE = 10

Questionnaires = Annotated[
    Path | None, typer.Option(help="The folder of questionnaires; else the setting's.")
]


class Format(StrEnum):
    CSV = "csv"


@app.callback()
def main() -> None:
    """Mesh Readiness: who is ready to own data, what blocks the others, and whether it lasts."""


@contextmanager
def _told() -> Iterator[Settings]:
    """Settings for one command; an error of ours ends it with status 1 and its own words."""
    try:
        settings = load_settings(os.environ)
        configure_logging(settings.log_level, settings.log_format)
        yield settings
    except AssessmentError as error:
        typer.echo(str(error), err=True)
        found = len(getattr(error, "problems", ()))
        if found > 1:
            typer.echo(f"{found} problems; nothing was written.", err=True)
        raise typer.Exit(1) from None


# Scores without a database ------------------------------------------------------------------------------


@app.command()
def score(
    answers: Annotated[Path, typer.Argument(help="answers.csv")],
    out: Annotated[Path, typer.Option(help="The folder for scores.csv and moves.csv.")],
    units: Annotated[Path | None, typer.Option(help="units.csv; else every unit is a country.")] = None,
    rounds: Annotated[Path | None, typer.Option(help="rounds.csv; else rounds sort by id.")] = None,
    targets: Annotated[Path | None, typer.Option(help="targets.csv")] = None,
    questionnaires: Questionnaires = None,
) -> None:
    """Score a file of answers."""
    with _told() as settings:
        catalogue = load_catalogue(questionnaires or settings.questionnaires)
        files = [_file(path) if path else None for path in (units, rounds, targets)]
        data = read_bundle(catalogue, _file(answers), *files)
        scores, moves = score_table(data), latest_moves(data, MOVES_IN_FILE)
        _write_all(out, {"scores.csv": scores_csv(scores), "moves.csv": moves_csv(moves_table(moves))})
        typer.echo(f"{len(scores)} scores and {len(moves)} next moves written to {out}")


def _file(path: Path) -> File:
    try:
        return File(str(path), path.read_bytes())
    except OSError as error:
        raise IntakeError([TABLE_UNREADABLE.at(str(path), 0, reason=error.strerror)]) from None


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """All files or, as far as a disk allows, none: each is written beside its place and then moved there."""
    parts = {name: folder / f".{name}.part" for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in files:
            if (folder / name).is_dir():
                raise IsADirectoryError(EISDIR, f"'{name}' is a folder there")
        for name, content in files.items():
            parts[name].write_bytes(content)
        for name, part in parts.items():
            part.replace(folder / name)
    except OSError as error:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()
        raise ResponseError(f"{folder}: can't be written: {error.strerror}.") from None


# Questionnaires -----------------------------------------------------------------------------------------


@questionnaires_app.command("list")
def list_questionnaires(questionnaires: Questionnaires = None) -> None:
    """Every version, its state, how many questions it has, and the head of its content hash."""
    with _told() as settings:
        for entry in load_catalogue(questionnaires or settings.questionnaires).questionnaires.values():
            facts = f"{entry.status:10} {len(entry.questions):4} questions  {content_hash(entry)[:19]}"
            typer.echo(f"{entry.reference:40} {facts}  {entry.title}")


@questionnaires_app.command("check")
def check_questionnaires(questionnaires: Questionnaires = None) -> None:
    """Load everything as strictly as the application does, and compare published versions with the lock."""
    with _told() as settings:
        found = load_catalogue(questionnaires or settings.questionnaires).questionnaires
        typer.echo(f"{len(found)} questionnaire version{'s' * (len(found) != 1)}: no problems.")


@questionnaires_app.command("lock")
def lock_questionnaires(questionnaires: Questionnaires = None) -> None:
    """Lock the published versions that aren't locked yet; a locked version can't be locked anew."""
    with _told() as settings:
        new = write_lock(questionnaires or settings.questionnaires)
        typer.echo("\n".join(f"locked {reference}" for reference in new) or "Nothing new to lock.")


# The database -------------------------------------------------------------------------------------------


@db_app.command("upgrade")
def upgrade_database() -> None:
    """Bring the database's schema up to this program's; makes it when there is none."""
    with _told() as settings:
        before, after = schema.upgrade(open_store(settings.database_url))
        typer.echo(
            f"Database at revision {after}" + (f" (was {before or 'new'})." if before != after else ".")
        )


@app.command()
def demo(
    countries: Annotated[int, typer.Option(min=1, max=60)] = 12,
    domains: Annotated[int, typer.Option(min=0, max=30)] = 6,
    rounds: Annotated[int, typer.Option(min=1, max=12)] = 3,
    seed: Annotated[int, typer.Option(min=0)] = demonstration.DEFAULT_SEED,
    if_new: Annotated[bool, typer.Option("--if-empty", help="Only when nothing was ever put in.")] = False,
    questionnaires: Questionnaires = None,
) -> None:
    """Fill the workspace with the synthetic demonstration; refuses when it holds somebody's own data."""
    with _told() as settings:
        desk = _operator(settings, questionnaires)
        with desk.store.read() as connection:
            kind = read_kind(connection)
        if if_new and kind is not WorkspaceKind.NEW:
            typer.echo(f"The workspace is in use ({kind}); left as it is.")
            return
        workspace_actions.fill_with_demo(desk, demonstration.Size(countries, domains, rounds), seed)
        typer.echo(f"Synthetic workspace: {countries} countries × {domains} domains × {rounds} rounds.")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The file to write.")],
    chosen: Annotated[str, typer.Option("--round", help="A round's id, or 'latest'.")] = "latest",
    form: Annotated[Format, typer.Option("--format")] = Format.CSV,  # noqa: ARG001  (one format so far)
    unit: Annotated[str | None, typer.Option(help="One unit and what is below it; else all.")] = None,
    questionnaires: Questionnaires = None,
) -> None:
    """Write the scores of one round, from what was submitted or accepted."""
    with _told() as settings:
        desk = _operator(settings, questionnaires, Role.CDAO)
        with desk.store.read() as connection:
            organisation, rounds = read_organisation(connection), read_rounds(connection)
        round_id = rounds[-1].id if chosen == "latest" and rounds else chosen
        _require_known("round", round_id, [entry.id for entry in rounds])
        if unit is not None:
            _require_known("unit", unit, list(organisation.units))
        exported = export_scores(desk, round_id, unit)
        _write_all(out.parent, {out.name: exported.content})
        typer.echo(f"{len(exported.scores)} scores of {round_id} written to {out}")


def _require_known(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        shown = listed(known) or "none"
        raise ResponseError(f"There is no {what} '{value}'.{suggestion(value, known)} Known: {shown}.")


def _operator(settings: Settings, questionnaires: Path | None, role: Role = Role.ADMINISTRATOR) -> Desk:
    """The desk of whoever runs the command: they hold the database, so they may act in any role."""
    store: Store = open_store(settings.database_url)
    schema.require_current(store)
    catalogue = load_catalogue(questionnaires or settings.questionnaires)
    return Desk(
        store,
        catalogue,
        Principal("operator", role),
        "command-line",
        datetime.now(UTC),
        origin="command-line",
    )


if __name__ == "__main__":
    app()
