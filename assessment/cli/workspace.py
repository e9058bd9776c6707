"""What is in the workspace: the demonstration, and exports."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assessment import demo as demonstration
from assessment.access import Role
from assessment.actions import workspace as workspace_actions
from assessment.actions.desk import Desk
from assessment.actions.exporting import export_package, export_scorecard, export_scores
from assessment.cli.telling import Questionnaires, operator, told, waiting, write_all
from assessment.errors import (
    ResponseError,
    listed,
    suggestion,
)
from assessment.exports.documents import Form
from assessment.store.organisation import read_organisation, read_rounds
from assessment.store.workspace import WorkspaceKind, read_kind


class Format(StrEnum):
    CSV = "csv"
    ZIP = "zip"
    PDF = "pdf"
    XLSX = "xlsx"
    PPTX = "pptx"


def demo(
    countries: Annotated[int, typer.Option(min=1, max=60)] = 12,
    domains: Annotated[int, typer.Option(min=0, max=30)] = 6,
    rounds: Annotated[int, typer.Option(min=1, max=12)] = 3,
    seed: Annotated[int, typer.Option(min=0)] = demonstration.DEFAULT_SEED,
    if_new: Annotated[bool, typer.Option("--if-empty", help="Only when nothing was ever put in.")] = False,
    questionnaires: Questionnaires = None,
) -> None:
    """Fill the workspace with the synthetic demonstration; refuses when it holds somebody's own data."""
    with told() as settings:
        desk = operator(settings, questionnaires)
        with desk.store.read() as connection:
            kind = read_kind(connection)
        if if_new and kind is not WorkspaceKind.NEW:
            typer.echo(f"The workspace is in use ({kind}); left as it is.")
            return
        workspace_actions.fill_with_demo(desk, demonstration.Size(countries, domains, rounds), seed)
        typer.echo(f"Synthetic workspace: {countries} countries × {domains} domains × {rounds} rounds.")


def export(
    out: Annotated[Path, typer.Option(help="The file to write.")],
    chosen: Annotated[str, typer.Option("--round", help="A round's id, or 'latest'.")] = "latest",
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            help="csv: its scores. zip: a data package, with the rounds before it. pdf, xlsx, pptx: a unit's scorecard, or the group's board pack.",
        ),
    ] = Format.CSV,
    unit: Annotated[str | None, typer.Option(help="One unit and what is below it; else all.")] = None,
    questionnaires: Questionnaires = None,
) -> None:
    """Write one round, from what was submitted or accepted."""
    with told() as settings:
        desk = operator(settings, questionnaires, Role.CDAO)
        with desk.store.read() as connection:
            organisation, rounds = read_organisation(connection), read_rounds(connection)
        round_id = rounds[-1].id if chosen == "latest" and rounds else chosen
        _require_known("round", round_id, [entry.id for entry in rounds])
        if unit is not None:
            _require_known("unit", unit, list(organisation.units))
        with waiting(f"Making the {form} of {round_id} …"):
            content, told_of = _exported(desk, form, round_id, unit)
        write_all(out.parent, {out.name: content})
        typer.echo(f"{told_of} of {round_id} written to {out}")


def _exported(desk: Desk, form: Format, round_id: str, unit: str | None) -> tuple[bytes, str]:
    """The file, and what it holds in words."""
    if form is Format.CSV:
        exported = export_scores(desk, round_id, unit)
        return exported.content, f"{len(exported.scores)} scores"
    if form is Format.ZIP:
        package = export_package(desk, round_id, unit)
        return package.content, f"{package.rows} scores"
    document = export_scorecard(desk, round_id, unit, Form(form))
    return document.content, f"“{document.headline}”"


def _require_known(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        shown = listed(known) or "none"
        raise ResponseError(f"There is no {what} '{value}'.{suggestion(value, known)} Known: {shown}.")
