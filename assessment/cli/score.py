"""Scores without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assessment.analysis.moves import latest_moves, moves_table
from assessment.analysis.readiness import all_findings, gate_table, verdict_table
from assessment.cli.telling import Questionnaires, read_file, told, write_all
from assessment.errors import listed
from assessment.exports.csv import gates_csv, moves_csv, scores_csv, verdicts_csv
from assessment.exports.snapshot import MOVES_IN_FILE
from assessment.intake.bundle import read_bundle
from assessment.questionnaire.folder import load_catalogue
from assessment.scoring.table import score_table


def score(
    answers: Annotated[Path, typer.Argument(help="answers.csv")],
    out: Annotated[
        Path, typer.Option(help="The folder for scores.csv, moves.csv, gates.csv and verdicts.csv.")
    ],
    units: Annotated[Path | None, typer.Option(help="units.csv; else every unit is a country.")] = None,
    rounds: Annotated[Path | None, typer.Option(help="rounds.csv; else rounds sort by id.")] = None,
    targets: Annotated[Path | None, typer.Option(help="targets.csv")] = None,
    questionnaires: Questionnaires = None,
) -> None:
    """Score a file of answers."""
    with told() as settings:
        catalogue = load_catalogue(questionnaires or settings.questionnaires)
        files = [read_file(path) if path else None for path in (units, rounds, targets)]
        data = read_bundle(catalogue, read_file(answers), *files)
        scores, moves = score_table(data), latest_moves(data, MOVES_IN_FILE)
        made = {"scores.csv": scores_csv(scores), "moves.csv": moves_csv(moves_table(moves))}
        found = [f"{len(scores)} scores", f"{len(moves)} next moves"]
        if (rules := catalogue.latest_verdicts()) is not None:
            findings = all_findings(data, rules)
            verdicts = verdict_table(findings)
            made |= {"gates.csv": gates_csv(gate_table(findings)), "verdicts.csv": verdicts_csv(verdicts)}
            found.append(f"{len(verdicts)} verdicts")
        write_all(out, made)
        typer.echo(f"{listed(found)} written to {out}")
