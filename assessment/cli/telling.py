"""What every command does alike: settings, what it says when the input is at fault, files written whole."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from errno import EISDIR
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assessment.access import Principal, Role
from assessment.actions.desk import Desk
from assessment.errors import TABLE_UNREADABLE, AssessmentError, IntakeError, ResponseError
from assessment.intake.bundle import File
from assessment.logs import configure_logging
from assessment.questionnaire.folder import load_catalogue
from assessment.settings import Settings, load_settings
from assessment.store import schema
from assessment.store.engine import Store, open_store

Questionnaires = Annotated[
    Path | None, typer.Option(help="The folder of questionnaires; else the setting's.")
]


@contextmanager
def told() -> Iterator[Settings]:
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


def read_file(path: Path) -> File:
    """A file that somebody named.

    Raises:
        IntakeError: It can't be read.
    """
    try:
        return File(str(path), path.read_bytes())
    except OSError as error:
        raise IntakeError([TABLE_UNREADABLE.at(str(path), 0, reason=error.strerror)]) from None


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """Says on a terminal what is being worked on, and nothing in a pipe."""
    with Console(stderr=True).status(words):
        yield


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
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


def store_of(settings: Settings) -> Store:
    """The database that the settings name."""
    return open_store(settings.database_url)


def operator(settings: Settings, questionnaires: Path | None, role: Role = Role.ADMINISTRATOR) -> Desk:
    """The desk of whoever runs the command: they hold the database, so they may act in any role."""
    store = store_of(settings)
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
