"""Scores without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assessment.analysis.moves import latest_moves, moves_table
from assessment.cli.telling import Questionnaires, told, write_all
from assessment.errors import (
    TABLE_UNREADABLE,
    IntakeError,
)
from assessment.exports.csv import moves_csv, scores_csv
from assessment.intake.bundle import File, read_bundle
from assessment.questionnaire.folder import load_catalogue
from assessment.scoring.table import score_table

#: How many next moves each assessment gets in moves.csv.
MOVES_IN_FILE = 10


def score(
    answers: Annotated[Path, typer.Argument(help="answers.csv")],
    out: Annotated[Path, typer.Option(help="The folder for scores.csv and moves.csv.")],
    units: Annotated[Path | None, typer.Option(help="units.csv; else every unit is a country.")] = None,
    rounds: Annotated[Path | None, typer.Option(help="rounds.csv; else rounds sort by id.")] = None,
    targets: Annotated[Path | None, typer.Option(help="targets.csv")] = None,
    questionnaires: Questionnaires = None,
) -> None:
    """Score a file of answers."""
    with told() as settings:
        catalogue = load_catalogue(questionnaires or settings.questionnaires)
        files = [_file(path) if path else None for path in (units, rounds, targets)]
        data = read_bundle(catalogue, _file(answers), *files)
        scores, moves = score_table(data), latest_moves(data, MOVES_IN_FILE)
        write_all(out, {"scores.csv": scores_csv(scores), "moves.csv": moves_csv(moves_table(moves))})
        typer.echo(f"{len(scores)} scores and {len(moves)} next moves written to {out}")


def _file(path: Path) -> File:
    try:
        return File(str(path), path.read_bytes())
    except OSError as error:
        raise IntakeError([TABLE_UNREADABLE.at(str(path), 0, reason=error.strerror)]) from None
