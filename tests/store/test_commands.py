"""The commands that need a database: making it, filling it with the demonstration, exporting from it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.store.command_line import Run, done, files_in, refused, table


def rows_of(file: Path, statement: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@pytest.fixture
def demonstration(run: Run, tmp_path: Path) -> Path:
    """A database with a small synthetic workspace."""
    done(run("db", "upgrade"))
    done(run("demo", "--countries", 2, "--domains", 1, "--rounds", 2))
    return tmp_path / "cli.db"


def test_a_database_is_made_and_then_left_as_it_is(run: Run, tmp_path: Path) -> None:
    assert "(was new)" in done(run("db", "upgrade"))
    before = (tmp_path / "cli.db").read_bytes()
    assert "(was" not in done(run("db", "upgrade"))
    assert (tmp_path / "cli.db").read_bytes() == before


@pytest.mark.parametrize("command", [["demo"], ["export", "--out", "scores.csv"]], ids=lambda words: words[0])
def test_without_a_database_the_command_that_makes_it_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(*command), "mesh-readiness db upgrade")
    assert not (tmp_path / "scores.csv").exists()


def test_a_newer_database_is_refused_by_every_command(run: Run, demonstration: Path, tmp_path: Path) -> None:
    connection = sqlite3.connect(demonstration)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    for command in (["db", "upgrade"], ["demo"], ["export", "--out", tmp_path / "scores.csv"]):
        refused(run(*command), "newer version ('9999')")


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////dev/null/store.db", "no-such://host/name"])
def test_a_database_that_cannot_be_opened_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", url)
    refused(run("db", "upgrade"), "database")


def test_a_setting_that_does_not_exist_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESH_READINESS_DATABASE", "x")
    refused(run("db", "upgrade"), "S102", "MESH_READINESS_DATABASE_URL")


def test_the_demonstration_fills_a_new_workspace_once(run: Run, demonstration: Path) -> None:
    assert {row[0] for row in rows_of(demonstration, "SELECT id FROM units")} == {
        "group",
        "FR",
        "FR.sales",
        "DE",
        "DE.sales",
    }
    before = rows_of(demonstration, "SELECT * FROM answer_events")
    assert "left as it is" in done(run("demo", "--if-empty"))
    assert rows_of(demonstration, "SELECT * FROM answer_events") == before


def test_the_demonstration_is_never_filled_over_somebodys_own(run: Run, demonstration: Path) -> None:
    connection = sqlite3.connect(demonstration)
    connection.execute("UPDATE workspace SET value = 'own' WHERE key = 'kind'")
    connection.commit()
    connection.close()
    before = rows_of(demonstration, "SELECT * FROM answers")
    assert "left as it is" in done(run("demo", "--if-empty"))
    refused(run("demo"), "your own data")
    assert rows_of(demonstration, "SELECT * FROM answers") == before


def test_scores_are_exported_to_the_file_that_was_named(
    run: Run, demonstration: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "file.csv"
    rounds = [row[0] for row in rows_of(demonstration, "SELECT id FROM rounds ORDER BY opens_on")]
    said = done(run("export", "--round", "latest", "--format", "csv", "--out", out))
    assert {row["round_id"] for row in table(out)} == {rounds[-1]}
    assert files_in(tmp_path / "new") == {"file.csv"}
    assert f"{len(table(out))} scores of {rounds[-1]}" in said
    done(run("export", "--round", rounds[0], "--unit", "FR", "--out", out))
    assert {(row["round_id"], row["unit_id"]) for row in table(out)} == {
        (rounds[0], "FR"),
        (rounds[0], "FR.sales"),
    }


def test_a_data_package_moves_a_workspace_to_another_database(
    run: Run, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, scores, again = tmp_path / "package.zip", tmp_path / "scores.csv", tmp_path / "again.csv"
    done(run("export", "--format", "zip", "--out", package))
    done(run("export", "--out", scores))
    refused(run("import", package), "empty workspace")
    monkeypatch.setenv("MESH_READINESS_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    done(run("db", "upgrade"))
    refused(run("import", scores), "A107")
    refused(run("import", tmp_path / "nowhere.zip"), "nowhere.zip")
    refused(run("import", package, "--replace"), "nothing is previewed or replaced")
    assert "5 units, 2 rounds" in done(run("import", package))
    done(run("export", "--out", again))
    assert again.read_bytes() == scores.read_bytes()
    assert rows_of(tmp_path / "other.db", "SELECT value FROM workspace WHERE key = 'kind'") == [
        ("synthetic",)
    ]


UNITS = "unit_id,name,kind,parent_id,country_iso3,domain_family\nG,Ours,group,,,\nFR,France,country,G,FRA,\n"
ROUNDS = "round_id,title,phase,opens_on,closes_on\n2025-H1,Last year,before,2025-03-01,2025-03-31\n"
ANSWER = "round_id,unit_id,questionnaire_id,questionnaire_version,question_id,state,value,comment\n"
ANSWER += '2025-H1,FR,data-governance,1.0.0,dgm-usage-insight,{state},{value},"=1+1, ""quoted"""\n'


def test_a_year_comes_in_from_files_after_a_preview(run: Run, tmp_path: Path) -> None:
    units, rounds, answers = (tmp_path / name for name in ("units.csv", "rounds.csv", "answers.csv"))
    units.write_text(UNITS)
    rounds.write_text(ROUNDS)
    answers.write_text(ANSWER.format(state="answered", value=3))
    done(run("db", "upgrade"))
    command = ("import", answers, "--units", units, "--rounds", rounds)
    told = done(run(*command, "--preview"))
    assert "added     round   2025-H1" in told
    assert "2 units: 2 new; 1 round: 1 new; 1 answer: 1 new" in told
    assert rows_of(tmp_path / "cli.db", "SELECT * FROM units") == []
    assert done(run(*command)).endswith("Written.\n")
    assert rows_of(tmp_path / "cli.db", "SELECT value, comment FROM answers") == [("3", '=1+1, "quoted"')]
    assert done(run(*command)).endswith("Nothing to write.\n")
    answers.write_text(ANSWER.format(state="answered", value=4))
    refused(run(*command), "Nothing was written", "It is answered otherwise here")
    assert run(*command, "--preview").exit_code == 1
    assert "changed   answer" in done(run(*command, "--replace"))
    assert rows_of(tmp_path / "cli.db", "SELECT value FROM answers") == [("4",)]


def test_an_import_without_a_file_or_of_two_kinds_is_refused(run: Run, tmp_path: Path) -> None:
    done(run("db", "upgrade"))
    refused(run("import"), "Name at least one file")
    refused(run("import", tmp_path / "p.zip", "--units", tmp_path / "u.csv"), "by itself")


@pytest.mark.parametrize("form", ["pdf", "xlsx", "pptx"])
def test_a_scorecard_is_written_in_each_form(
    run: Run, demonstration: Path, tmp_path: Path, form: str
) -> None:
    out = tmp_path / "new" / f"card.{form}"
    assert "France" in done(run("export", "--unit", "FR", "--format", form, "--out", out))
    assert files_in(tmp_path / "new") == {f"card.{form}"}
    assert out.read_bytes()[:4] in (b"%PDF", b"PK\x03\x04")


def test_an_unknown_round_or_unit_is_refused_with_the_nearest(
    run: Run, demonstration: Path, tmp_path: Path
) -> None:
    out, (known,) = tmp_path / "scores.csv", rows_of(demonstration, "SELECT max(id) FROM rounds")[0]
    for wrong in (known.replace("synthetic", "sinthetic"), "2001", "", "../../x", "' OR 1=1 --"):
        refused(run("export", "--round", wrong, "--out", out), f"There is no round '{wrong}'", known)
    refused(run("export", "--unit", "FR.sale", "--out", out), "There is no unit 'FR.sale'", "'FR.sales'")
    assert not out.exists()
    assert rows_of(demonstration, "SELECT * FROM workspace_events WHERE action = 'exported'") == []


def test_an_empty_workspace_has_no_latest_round(run: Run, tmp_path: Path) -> None:
    done(run("db", "upgrade"))
    refused(run("export", "--out", tmp_path / "scores.csv"), "no round")
    assert not (tmp_path / "scores.csv").exists()


@pytest.mark.parametrize("where", ["", ".", "..", "file/scores.csv"])
def test_an_export_to_no_file_is_refused(
    run: Run, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    before = files_in(tmp_path)
    refused(run("export", "--out", where), "can't be written")
    assert files_in(tmp_path) == before
