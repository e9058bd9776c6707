"""The real command line, on files that a test writes."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.open_data_maturity.convert import Framework, answer_rows, answers_csv, questionnaire_yaml

REPOSITORY = Path(__file__).parents[2]


def write_questionnaire(folder: Path, identifier: str, version: str, content: str) -> None:
    place = folder / identifier / version
    place.mkdir(parents=True)
    (place / "questionnaire.yaml").write_text(content, encoding="utf-8")


def run_score(answers: Path, out: Path, questionnaires: Path, *options: str | Path) -> bytes:
    """scores.csv as `mesh-readiness score` writes it."""
    command = ["score", answers, "--out", out, "--questionnaires", questionnaires, *options]
    # Without the settings of whoever runs the tests.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("MESH_READINESS_")
    }
    done = subprocess.run(
        [sys.executable, "-m", "assessment.cli", *map(str, command)],
        cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return (out / "scores.csv").read_bytes()


def scores_of_frameworks(
    frameworks: Mapping[str, tuple[Framework, bool]], folder: Path
) -> list[dict[str, str]]:
    """The rows of scores.csv for frameworks by questionnaire id; the flag: every item has a score of its own."""
    rows: list[tuple[str, ...]] = []
    for identifier, (framework, score_items) in frameworks.items():
        content = questionnaire_yaml(framework, identifier, score_items=score_items)
        write_questionnaire(folder / "questionnaires", identifier, "1.0.0", content)
        rows += answer_rows(framework, identifier)
    answers = folder / "answers.csv"
    answers.write_text(answers_csv(rows), encoding="utf-8")
    content = run_score(answers, folder / "out", folder / "questionnaires").decode()
    return list(csv.DictReader(content.splitlines()))
