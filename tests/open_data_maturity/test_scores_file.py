"""scores.csv as the design promises it: its columns, exact text in quotes, empty for missing, exact numbers."""

from __future__ import annotations

import csv
import io
import re

import pytest

from assessment.intake.bundle import File, read_bundle
from assessment.questionnaire.folder import load_catalogue
from assessment.scoring.table import score_table
from tests.open_data_maturity.running import run_score, write_questionnaire

#: Copied from the design; not from the code.
COLUMNS = """
schema_version, round_id, round_phase, unit_id, unit_name, unit_kind, country_iso3, domain_family, basis,
questionnaire_id, questionnaire_version, dimension_id, parent_dimension_id, dimension_title, status, score, level,
secured_level, blocking_question_id, score_low, score_high, supported_score, coverage, questions, answered,
not_applicable, dont_know, unanswered, target, gap, assessment_state, as_of
""".replace("\n", " ").strip().split(", ")  # fmt: skip
NUMBERS = {
    "score", "level", "secured_level", "score_low", "score_high", "supported_score", "coverage", "questions",
    "answered", "not_applicable", "dont_know", "unanswered", "target", "gap",
}  # fmt: skip

QUESTIONNAIRE = """
id: small
version: 1.0.0
title: "Comma, \\"quotes\\" and accents: é"
scale: [{level: 1, name: One}, {level: 2, name: Two}, {level: 3, name: Three}]
dimensions:
  - id: direction
    title: "=1+1"
    questions:
      - {id: sponsor, prompt: "Who?", units: [country, domain], weight: 3, levels: {1: a, 2: b, 3: c}}
      - {id: strategy, prompt: "What?", units: [country, domain], weight: 0.7, levels: {1: a, 2: b, 3: c}}
      - {id: budget, prompt: "How much?", units: [country, domain], weight: 0.3, levels: {1: a, 2: b, 3: c}}
  - id: law
    title: Law
    questions:
      - {id: privacy, prompt: "Which?", units: [country], levels: {1: a, 2: b, 3: c}}
"""
UNITS = """unit_id,name,kind,parent_id,country_iso3,domain_family
G,Group,group,,,
NA,"=HYPERLINK(""x"")",country,G,NAM,
NA.sales,"Sales, “é” and ""more"" data",domain,NA,,sales
NA.finance,Finance,domain,NA,,finance
DE,-5,country,G,DEU,
"""
ROUNDS = """round_id,title,phase,opens_on,closes_on
r1,First,before,2026-01-01,2026-02-28
r2,Second,during,2026-07-01,
"""
TARGETS = """round_id,unit_id,questionnaire_id,dimension_id,target
r1,NA,small,direction,2.9
r1,NA,small,,2.1
"""
ANSWERS = """round_id,unit_id,questionnaire_id,questionnaire_version,question_id,state,value,reason,answered_at
r1,NA,small,1.0.0,sponsor,answered,3,,2026-01-05T10:00:00+00:00
r1,NA,small,1.0.0,strategy,answered,2,,
r1,NA,small,1.0.0,budget,dont_know,,,2026-01-04T10:00:00+00:00
r1,NA,small,1.0.0,privacy,not_applicable,,There is no law.,
r1,NA.sales,small,1.0.0,sponsor,answered,2,,
r1,NA.sales,small,1.0.0,strategy,answered,1,,
r1,NA.sales,small,1.0.0,budget,answered,3,,
r1,NA.finance,small,1.0.0,sponsor,answered,1,,
r1,NA.finance,small,1.0.0,strategy,answered,3,,
r1,NA.finance,small,1.0.0,budget,answered,3,,
r2,DE,small,1.0.0,sponsor,answered,2,,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    write_questionnaire(folder / "questionnaires", "small", "1.0.0", QUESTIONNAIRE)
    for name, content in (("answers", ANSWERS), ("units", UNITS), ("rounds", ROUNDS), ("targets", TARGETS)):
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def written(folder) -> str:
    """scores.csv with everything that the command line takes."""
    options = [
        part for name in ("units", "rounds", "targets") for part in (f"--{name}", folder / f"{name}.csv")
    ]
    return run_score(folder / "answers.csv", folder / "out", folder / "questionnaires", *options).decode(
        "utf-8"
    )


@pytest.fixture(scope="module")
def rows(written) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written)))


def _row(rows: list[dict[str, str]], round_id: str, unit: str, basis: str, dimension: str) -> dict[str, str]:
    key = (round_id, unit, basis, dimension)
    found = [
        row for row in rows if key == (row["round_id"], row["unit_id"], row["basis"], row["dimension_id"])
    ]
    assert len(found) == 1
    return found[0]


def test_scores_csv_has_the_designs_columns_in_their_order(written):
    assert next(csv.reader(io.StringIO(written))) == COLUMNS


def test_every_text_field_is_quoted_and_every_missing_one_is_empty(written):
    for line in written.splitlines()[1:]:
        fields = re.findall(r'("(?:[^"]|"")*"|[^,]*)(?:,|$)', line)[: len(COLUMNS)]
        for column, field in zip(COLUMNS, fields, strict=True):
            form = r"-?[0-9][0-9.e+-]*|" if column in NUMBERS else r'"(?:[^"]|"")+"|'
            assert re.fullmatch(form, field), (column, field)


def test_text_is_exact_even_where_a_spreadsheet_would_take_it_for_a_formula(rows):
    row = _row(rows, "r1", "NA", "own", "direction")
    assert row["unit_name"] == '=HYPERLINK("x")'
    assert row["dimension_title"] == "=1+1"
    assert _row(rows, "r1", "NA.sales", "own", "")["unit_name"] == 'Sales, “é” and "more" data'
    assert _row(rows, "r1", "NA", "own", "")["dimension_title"] == 'Comma, "quotes" and accents: é'
    assert _row(rows, "r2", "DE", "own", "")["unit_name"] == "-5"


def test_missing_is_empty_and_the_status_says_why(rows):
    law = _row(rows, "r1", "NA", "own", "law")
    assert (law["status"], law["score"], law["coverage"], law["target"], law["gap"]) == (
        "not_applicable",
        *[""] * 4,
    )
    silent = _row(rows, "r1", "DE", "own", "direction")
    assert (silent["status"], silent["score"], silent["secured_level"], silent["level"]) == (
        "not_answered",
        *[""] * 3,
    )
    withheld = _row(rows, "r2", "DE", "own", "")
    assert (withheld["status"], withheld["score"], withheld["level"]) == ("withheld", "", "")


def test_numbers_read_back_to_the_same_double(folder, rows):
    catalogue = load_catalogue(folder / "questionnaires")
    files = [
        File(name, (folder / f"{name}.csv").read_bytes())
        for name in ("answers", "units", "rounds", "targets")
    ]
    table = score_table(read_bundle(catalogue, *files))
    assert len(table) == len(rows)
    for column in NUMBERS:
        found = [float(row[column]) if row[column] else None for row in rows]
        assert found == [None if value != value else value for value in table[column].astype(float)]
    # One of them needs all of a double's digits, so that a shortened number would show.
    assert any(len(row["score"]) > 15 for row in rows)


def test_a_row_says_whose_it_is_in_which_round_and_as_of_when(rows):
    row = _row(rows, "r1", "NA.sales", "own", "direction")
    expected = {
        "round_phase": "before", "unit_kind": "domain", "country_iso3": "", "domain_family": "sales",
        "questionnaire_id": "small", "questionnaire_version": "1.0.0", "parent_dimension_id": "",
        "target": "2.9", "as_of": "2026-02-28", "assessment_state": "",
    }  # fmt: skip
    assert {column: row[column] for column in expected} == expected
    country = _row(rows, "r1", "NA", "own", "")
    assert (country["country_iso3"], country["unit_kind"], country["as_of"]) == (
        "NAM", "country", "2026-01-05T10:00:00+00:00",
    )  # fmt: skip
    assert (country["target"], country["gap"]) == ("2.1", "0.0")
    assert _row(rows, "r2", "DE", "own", "")["as_of"] == ""


def test_the_order_of_the_answers_in_the_file_changes_nothing(folder, written):
    header, *lines = ANSWERS.splitlines()
    backwards = folder / "backwards.csv"
    backwards.write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8")
    options = [
        part for name in ("units", "rounds", "targets") for part in (f"--{name}", folder / f"{name}.csv")
    ]
    again = run_score(backwards, folder / "again", folder / "questionnaires", *options)
    assert again.decode("utf-8") == written


def test_without_units_and_rounds_every_unit_is_a_country_named_by_its_id_and_rounds_sort_by_id(
    folder, tmp_path
):
    header, *lines = ANSWERS.splitlines()
    answers = tmp_path / "answers.csv"
    countries = [line for line in lines if "NA." not in line]
    answers.write_text("\n".join([header, *reversed(countries)]) + "\n", encoding="utf-8")
    content = run_score(answers, tmp_path / "out", folder / "questionnaires").decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [(row["round_id"], row["unit_id"], row["dimension_id"]) for row in rows] == [
        ("r1", "NA", ""), ("r1", "NA", "direction"), ("r1", "NA", "law"),
        ("r2", "DE", ""), ("r2", "DE", "direction"), ("r2", "DE", "law"),
    ]  # fmt: skip
    assert {(row["unit_name"], row["unit_kind"], row["round_phase"], row["basis"]) for row in rows} == {
        ("NA", "country", "", "own"), ("DE", "country", "", "own"),
    }  # fmt: skip
