"""The command line without a database: what it writes, what it says, and the exit status that scripts rely on."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer

from assessment import cli
from assessment.analysis.moves import MOVE_COLUMNS
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import ANSWER_COLUMNS
from assessment.scoring.table import SCORE_COLUMNS
from tests.conftest import ROOT
from tests.store.command_line import Run, done, files_in, refused, table

UNITS = """unit_id,name,kind,parent_id,country_iso3,domain_family
ACME,Acme,group,,,
FR,France,country,ACME,FRA,
FR.sales,Sales,domain,FR,,sales
"""
ROUNDS = """round_id,title,phase,opens_on,closes_on
2026-H1,First half,before,2026-03-01,2026-03-31
"""


@pytest.fixture
def answers(catalogue: Catalogue, tmp_path: Path) -> Path:
    """A file in which FR and FR.sales answer all that they are asked by one questionnaire."""
    questionnaire = catalogue.get("data-governance", "1.0.0")
    rows = [
        {"round_id": "2026-H1", "unit_id": unit, "questionnaire_id": questionnaire.id,
         "questionnaire_version": questionnaire.version, "question_id": question.id, "state": "answered",
         "value": question.options[place % 5].id, "answered_at": "2026-03-05T09:00:00+00:00"}
        for unit, kind in (("FR", "country"), ("FR.sales", "domain"))
        for place, question in enumerate(questionnaire.questions.values())
        if question.is_asked_of(kind)
    ]  # fmt: skip
    return written(tmp_path / "answers.csv", ANSWER_COLUMNS, rows)


def written(file: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns)
    writer.writeheader()
    writer.writerows(rows)
    file.write_bytes(buffer.getvalue().encode())
    return file


@pytest.fixture
def bundle(answers: Path, tmp_path: Path) -> list[object]:
    """The arguments of a complete scoring job."""
    (tmp_path / "units.csv").write_text(UNITS)
    (tmp_path / "rounds.csv").write_text(ROUNDS)
    return ["score", answers, "--units", tmp_path / "units.csv", "--rounds", tmp_path / "rounds.csv"]


# Scores without a database ------------------------------------------------------------------------------


def test_answers_are_scored_into_a_new_folder(run: Run, bundle: list[object], tmp_path: Path) -> None:
    out = tmp_path / "not" / "there" / "yet"
    said = done(run(*bundle, "--out", out))
    assert files_in(out) == {"scores.csv", "moves.csv", "gates.csv", "verdicts.csv"}
    scores, moves = table(out / "scores.csv"), table(out / "moves.csv")
    assert tuple(scores[0]) == SCORE_COLUMNS
    assert tuple(moves[0]) == MOVE_COLUMNS
    assert {(row["unit_id"], row["basis"]) for row in scores} == {
        ("FR", "own"),
        ("FR", "domains"),
        ("FR.sales", "own"),
    }
    assert {row["status"] for row in scores} == {"scored"}
    assert f"{len(scores)} scores, {len(moves)} next moves, 3 verdicts" in said
    assert not (tmp_path / "cli.db").exists(), "scoring a file needs no database"


def test_answers_alone_are_enough(run: Run, catalogue: Catalogue, answers: Path, tmp_path: Path) -> None:
    only = [row for row in table(answers) if row["unit_id"] == "FR"]
    done(run("score", written(answers, ANSWER_COLUMNS, only), "--out", tmp_path / "out"))
    assert {row["unit_id"] for row in table(tmp_path / "out" / "scores.csv")} == {"FR"}


def test_scoring_again_replaces_both_files_with_the_same_bytes(
    run: Run, bundle: list[object], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done(run(*bundle, "--out", out))
    first = {name: (out / name).read_bytes() for name in files_in(out)}
    (out / "mine.txt").write_text("stays")
    done(run(*bundle, "--out", out))
    assert {name: (out / name).read_bytes() for name in files_in(out)} == {**first, "mine.txt": b"stays"}


def test_refused_answers_are_all_listed_and_nothing_is_written(
    run: Run, bundle: list[object], answers: Path, tmp_path: Path
) -> None:
    rows = table(answers)
    rows[0]["value"], rows[3]["state"], rows[5]["question_id"] = "9", "maybe", "dgm-exec-sponser"
    written(answers, ANSWER_COLUMNS, rows)
    before = files_in(tmp_path)
    said = refused(run(*bundle, "--out", tmp_path / "out"), ":2: ", ":5: ", ":7: ", "dgm-exec-sponsor")
    assert "3 problems; nothing was written." in said
    assert files_in(tmp_path) == before
    assert not (tmp_path / "out").exists()


def test_the_problems_of_all_files_are_told_together(run: Run, bundle: list[object], tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(UNITS + "IT,Italy,planet,ACME,ITA,\n")
    (tmp_path / "rounds.csv").write_text(ROUNDS.replace("2026-03-31", "31.3.2026"))
    refused(run(*bundle, "--out", tmp_path / "out"), "units.csv:5:", "planet", "rounds.csv:2:", "31.3.2026")


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read_is_named(run: Run, tmp_path: Path, name: str) -> None:
    refused(run("score", tmp_path / name, "--out", tmp_path / "out"), str(tmp_path / name), "A101")
    assert not (tmp_path / "out").exists()


# A place that can't be written --------------------------------------------------------------------------


def in_the_way(tmp_path: Path) -> dict[str, Path]:
    """Folders that can't be written, also by somebody whom no permission stops."""
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "taken" / "moves.csv").mkdir(parents=True)
    (tmp_path / "half" / ".scores.csv.part").mkdir(parents=True)
    return {
        "a file": tmp_path / "file",
        "below a file": tmp_path / "file" / "deeper",
        "a name that is too long": tmp_path / ("x" * 300),
        "a folder where a file should be": tmp_path / "taken",
        "a folder where the half written file should be": tmp_path / "half",
    }


OBSTACLES = (
    "a file", "below a file", "a name that is too long", "a folder where a file should be",
    "a folder where the half written file should be",
)  # fmt: skip


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_a_folder_that_cannot_be_written_is_told_and_left_as_it_was(
    run: Run, bundle: list[object], tmp_path: Path, obstacle: str
) -> None:
    out = in_the_way(tmp_path)[obstacle]
    before = files_in(tmp_path)
    said = refused(run(*bundle, "--out", out), "can't be written")
    assert str(out)[-40:] in said
    assert files_in(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_permission_is_told(run: Run, bundle: list[object], tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    refused(run(*bundle, "--out", tmp_path / "locked"), "Permission denied")


# Questionnaires -----------------------------------------------------------------------------------------


def test_questionnaires_are_listed_with_state_size_and_hash(run: Run, catalogue: Catalogue) -> None:
    lines = done(run("questionnaires", "list")).splitlines()
    assert len(lines) == len(catalogue.questionnaires)
    for line, entry in zip(lines, catalogue.questionnaires.values(), strict=True):
        assert line.startswith(entry.reference)
        assert f"{len(entry.questions)} questions  sha256:" in line


def test_the_repositorys_own_questionnaires_are_checked_and_locked(run: Run) -> None:
    assert "no problems" in done(run("questionnaires", "check"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the questionnaires that a test may change."""
    return Path(shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires"))


def test_a_locked_version_that_changed_is_refused_everywhere(
    run: Run, folder: Path, answers: Path, tmp_path: Path
) -> None:
    file = folder / "data-governance" / "1.0.0" / "questionnaire.yaml"
    file.write_text(file.read_text().replace("weight: 3", "weight: 2", 1))
    lock = (folder / "LOCK").read_bytes()
    for command in (
        ["questionnaires", "check"], ["questionnaires", "list"], ["questionnaires", "lock"],
        ["score", answers, "--out", tmp_path / "out"],
    ):  # fmt: skip
        refused(run(*command, "--questionnaires", folder), "Q404", "data-governance@1.0.0")
    assert (folder / "LOCK").read_bytes() == lock
    assert not (tmp_path / "out").exists()


def test_locking_adds_what_is_new_and_only_that(run: Run, folder: Path) -> None:
    assert "Nothing new to lock" in done(run("questionnaires", "lock", "--questionnaires", folder))
    lock = (folder / "LOCK").read_text()
    (folder / "LOCK").write_text("\n".join(lock.splitlines()[1:]))
    reference = lock.split(" ")[0]
    assert done(run("questionnaires", "lock", "--questionnaires", folder)) == f"locked {reference}\n"
    assert (folder / "LOCK").read_text() == lock


def test_a_folder_without_questionnaires_is_told(run: Run, tmp_path: Path) -> None:
    for command in ("list", "check", "lock"):
        refused(run("questionnaires", command, "--questionnaires", tmp_path / "nothing"), "Q407")


# How it is called ---------------------------------------------------------------------------------------


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that call it."""
    group = group or typer.main.get_command(cli.app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"], ["score"], ["score", "answers.csv"], ["export"], ["export", "--out", "x.csv", "--format", "docx"],
        ["demo", "--countries", "0"], ["demo", "--countries", "many"], ["demo", "--rounds", "13"], ["demo", "--seed", "-1"],
        ["questionnaires", "nothing"], ["db", "downgrade"], ["db", "upgrade", "more"], ["--nothing"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_call_ends_with_status_two_and_writes_nothing(
    run: Run, tmp_path: Path, words: list[str]
) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert files_in(tmp_path) == set()


def test_a_shell_sees_the_same_status(tmp_path: Path) -> None:
    """The runner above shares our process; a script doesn't."""
    environment = {
        "PATH": os.environ["PATH"],
        "MESH_READINESS_DATABASE_URL": f"sqlite:///{tmp_path / 'cli.db'}",
    }

    def status(*words: str) -> tuple[int, bytes, bytes]:
        result = subprocess.run(
            [sys.executable, "-m", "assessment.cli", *words], cwd=ROOT, env=environment, capture_output=True
        )
        return result.returncode, result.stdout, result.stderr

    assert status("questionnaires", "check")[::2] == (0, b"")
    code, out, error = status("export", "--out", str(tmp_path / "scores.csv"))
    assert (code, out) == (1, b"")
    assert error.endswith(b"then start again.\n")


@pytest.mark.parametrize("words", [words for words, _ in commands()], ids=" ".join)
def test_every_command_says_what_it_does(run: Run, words: tuple[str, ...]) -> None:
    assert "Usage:" in done(run(*words, "--help"))
    command = dict(commands())[words]
    assert command.help
    unexplained = [
        p.name for p in command.params if isinstance(p, click.Option) and not p.help and not p.show_default
    ]
    assert set(unexplained) <= {"help"}


@pytest.mark.parametrize("words", [words for words, _ in commands()], ids=" ".join)
def test_every_command_is_named_in_the_documents(words: tuple[str, ...]) -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in documents)
    assert re.search(rf"mesh-readiness {' '.join(words)}\b", text), (
        "add it to the README or the operators' guide"
    )
