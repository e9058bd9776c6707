"""What scoring makes of empty, absurd and broken input: a defined result, or a refusal that says where and why.

The rows of docs/scoring.md's "Bad input" in its order. Single broken fields of files are in tests/intake and
tests/questionnaire/bad.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assessment.responses import ANSWER_COLUMNS
from tests.questionnaire.builders import as_yaml, dimension, question, questionnaire, refusal
from tests.scoring.shorthand import scores_of
from tests.store.command_line import Run

TWO = {"dimensions": {"direction": {"questions": {"sponsor": 1, "strategy": 1}}}}


def the_whole(given: Mapping[str, str | int], **scoring: Any) -> pd.Series:
    """The row of the whole questionnaire of a country that gave these answers."""
    table = scores_of({"questionnaire": TWO | {"scoring": scoring}, "answers": {"FR": given}})
    return table[table["dimension_id"] == ""].iloc[0]


def test_nobody_was_asked_so_there_are_no_rows() -> None:
    assert scores_of({"questionnaire": TWO, "answers": {}}).empty


def test_all_not_applicable_has_no_score_and_no_coverage() -> None:
    row = the_whole({"sponsor": "not applicable", "strategy": "not applicable"})
    assert row["status"] == "not_applicable"
    assert row["not_applicable"] == 2
    for column in ("score", "score_low", "score_high", "coverage", "level", "secured_level"):
        assert row[column] != row[column], column


def test_all_unknown_is_withheld_and_may_be_anything() -> None:
    row = the_whole({"sponsor": "don't know", "strategy": "don't know"})
    assert (row["status"], row["coverage"]) == ("withheld", 0)
    assert row["score"] != row["score"]
    assert (row["score_low"], row["score_high"]) == (1, 5)


def test_one_unit_is_enough() -> None:
    assert the_whole({"sponsor": 2, "strategy": 4})["score"] == 3


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), -float("inf"), 1e308])
@pytest.mark.parametrize("where", ["question", "dimension"])
def test_a_weight_that_is_no_share_is_refused_with_its_line(where: str, weight: float) -> None:
    fields = {where: {"weight": weight}}
    made = questionnaire(
        dimension(
            "d", question("a", **fields.get("question", {})), question("b"), **fields.get("dimension", {})
        ),
        dimension("e", question("c")),
    )
    problems = refusal(as_yaml(made))
    assert [problem.code for problem in problems] == ["Q203"]
    assert "'weight'" in str(problems[0])


def test_a_dimension_in_which_everything_weighs_nothing_is_refused() -> None:
    made = questionnaire(dimension("d", question("a", weight=0)), dimension("e", question("b")))
    assert "Q314" in [problem.code for problem in refusal(as_yaml(made))]


USUAL = {"round_id": "r1", "unit_id": "FR", "questionnaire_id": "data-governance", "questionnaire_version": "1.0.0",
         "question_id": "dgm-exec-sponsor", "state": "answered", "value": "3"}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"value": "NaN"}], "A208"),
        ([{"value": "inf"}], "A208"),
        ([{"value": ""}], "A206"),
        ([{}, {"value": "4"}], "A211"),
        ([{"questionnaire_version": "9.0.0"}], "A204"),
        ([{"question_id": "nobody-asks-this"}], "A203"),
        ([{"state": "not_applicable", "value": ""}], "A209"),
    ],
)
def test_broken_answers_are_refused_and_nothing_is_written(
    run: Run, tmp_path: Path, rows: list[dict[str, str]], code: str
) -> None:
    result = run("score", answers_file(tmp_path, rows), "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert f"answers.csv:{len(rows) + 1}: {code}: " in result.output
    assert not (tmp_path / "out").exists()


def test_a_target_that_is_no_number_is_refused(run: Run, tmp_path: Path) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text("round_id,unit_id,questionnaire_id,dimension_id,target\nr1,FR,data-governance,,NaN\n")
    result = run("score", answers_file(tmp_path, [{}]), "--targets", targets, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "targets.csv:2: A212: " in result.output


def test_a_file_with_a_header_and_no_answers_gives_tables_with_headers(run: Run, tmp_path: Path) -> None:
    result = run("score", answers_file(tmp_path, []), "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    for name in ("scores.csv", "moves.csv", "gates.csv", "verdicts.csv"):
        assert len((tmp_path / "out" / name).read_text().splitlines()) == 1, name


def answers_file(folder: Path, rows: list[dict[str, str]]) -> Path:
    lines = [",".join((USUAL | row).get(column, "") for column in ANSWER_COLUMNS) for row in rows]
    file = folder / "answers.csv"
    file.write_text("\n".join([",".join(ANSWER_COLUMNS), *lines]) + "\n")
    return file
