"""Every rule of the design's section on scores, as cases that somebody who knows the field can read and correct.

`cases/*.yaml` hold them; `shorthand.py` says how questionnaires and answers are written there. `expect` names, by unit
(`FR by its domains` is the country's other basis) and dimension (`whole` is the whole questionnaire), the columns of
scores.csv that a case is about; `23/6` is a fraction, `~` is missing. `rows` names all rows in their order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.yaml_source import read_yaml
from tests.scoring.shorthand import questionnaires_of, scores_of, written_out


def _cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for file in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
        document = read_yaml(file.read_bytes(), file.name)
        assert not document.problems, document.problems
        found += document.data
    return found


def test_every_case_has_questionnaires_that_could_be_loaded():
    for case in _cases():
        for short in questionnaires_of(case):
            # JSON is YAML, and needs no writer that could quote in its own way.
            load_questionnaire(json.dumps(written_out(short)).encode(), case["name"])


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["name"])
def test_a_case_scores_as_its_rule_says(case: Mapping[str, Any]) -> None:
    table = scores_of(case)
    if "rows" in case:
        assert [_row_name(row, case) for _, row in table.iterrows()] == case["rows"]
    for who, nodes in case.get("expect", {}).items():
        for node, columns in nodes.items():
            row = _row(table, who, node)
            found = {column: _plain(row[column]) for column in columns}
            assert found == {column: _wanted(value) for column, value in columns.items()}, f"{who}, {node}"


def _row(table: pd.DataFrame, who: str, node: str) -> pd.Series:
    unit_and_round, by_domains, _ = who.partition(" by its domains")
    unit, _, in_round = unit_and_round.partition(" in ")
    rows = table[
        table["unit_id"].eq(unit)
        & table["basis"].eq("domains" if by_domains else "own")
        & table["dimension_id"].eq("" if node == "whole" else node)
        & table["round_id"].eq(in_round or table["round_id"].iloc[0])
    ]
    assert len(rows) == 1, f"{len(rows)} rows for {who}, {node}"
    return rows.iloc[0]


def _row_name(row: pd.Series, case: Mapping[str, Any]) -> str:
    unit = row["unit_id"] + (" by its domains" if row["basis"] == "domains" else "")
    in_round = f" in {row['round_id']}" if len(case.get("rounds", ())) > 1 else ""
    version = (
        f"{row['questionnaire_id']}@{row['questionnaire_version']}, " if "questionnaires" in case else ""
    )
    return f"{unit}{in_round}: {version}{row['dimension_id'] or 'whole'}"


def _plain(value: Any) -> Any:
    return None if pd.isna(value) or value == "" else value


def _wanted(value: Any) -> Any:
    """What a case expects, comparable with the table's value; exact text, numbers within 1e-12."""
    if isinstance(value, str) and "/" in value:
        value = float(Fraction(value))
    return pytest.approx(value, rel=1e-12, abs=1e-12) if isinstance(value, int | float) else value
