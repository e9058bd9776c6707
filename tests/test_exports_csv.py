"""CSV for machines: these columns, this quoting, exact texts and numbers; what is missing is empty."""

from __future__ import annotations

import csv
import io
import math
import struct
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.exports.csv import moves_csv, scores_csv
from assessment.intake.tables import read_table
from assessment.scoring.table import BLOCKING_UNIT, SCHEMA_VERSION

#: Promised to whoever reads these files: adding a column is a minor change, renaming or moving one a major.
SCORES = (
    "schema_version", "round_id", "round_phase", "unit_id", "unit_name", "unit_kind", "country_iso3",
    "domain_family", "basis", "questionnaire_id", "questionnaire_version", "dimension_id", "parent_dimension_id",
    "dimension_title", "status", "score", "level", "secured_level", "blocking_question_id", "score_low",
    "score_high", "supported_score", "coverage", "questions", "answered", "not_applicable", "dont_know",
    "unanswered", "target", "gap", "assessment_state", "as_of",
)  # fmt: skip
MOVES = (
    "round_id", "unit_id", "question_id", "from_level", "to_level", "gain", "effort", "requires", "owner", "due_on",
    "state",
)  # fmt: skip
WHOLE = {
    "level", "secured_level", "questions", "answered", "not_applicable", "dont_know", "unanswered", "from_level",
    "to_level", "effort",
}  # fmt: skip
REAL = {"score", "score_low", "score_high", "supported_score", "coverage", "target", "gap", "gain"}
TEXTS = [column for column in SCORES if column not in WHOLE | REAL]
ROW: dict[str, Any] = {
    **dict.fromkeys(TEXTS, ""), "schema_version": "1", "round_id": "2026-H1", "round_phase": "before", "unit_id": "FR",
    "unit_name": "France", "unit_kind": "country", "basis": "own", "questionnaire_id": "governance",
    "questionnaire_version": "1.0.0", "dimension_title": "Governance", "status": "scored", "score": 2.5, "level": 2.0,
    "secured_level": 1.0, "blocking_question_id": "shared", "score_low": 2.25, "score_high": 3.0,
    "supported_score": 2.0, "coverage": 1.0, "questions": 4, "answered": 3, "not_applicable": 1, "dont_know": 0,
    "unanswered": 0, "target": 3.5, "gap": 1.0, "assessment_state": "accepted", "as_of": "2026-03-02T12:00:00+00:00",
}  # fmt: skip
HOSTILE = (
    '=HYPERLINK("http://evil.example","click")', "+1", "-1", "@SUM(A1)", "\t=1", "ok\r=1+1", "a,b", 'say "no"', '"',
    '""', "two\nlines", "two\r\nlines", "'", " spaces ", "é漢🙂", "\u202eabc", "NULL", "nan", "None", "1.0", "\ufeffx",
)  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
doubles = st.floats(allow_nan=False, allow_infinity=False)


def frame(*changes: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{**ROW, **change, BLOCKING_UNIT: "not for the file"} for change in changes])


def lines_of(content: bytes) -> list[str]:
    return content.decode().split("\n")


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def test_scores_have_these_columns_in_this_order() -> None:
    assert lines_of(scores_csv(frame({})))[0] == ",".join(f'"{column}"' for column in SCORES)


def test_moves_have_these_columns_in_this_order() -> None:
    written = moves_csv(pd.DataFrame(columns=[*reversed(MOVES), "more"]))
    assert written.decode() == ",".join(f'"{column}"' for column in MOVES) + "\n"


def test_the_schemas_version_is_one() -> None:
    assert SCHEMA_VERSION == "1", "a renamed column is a new version, and a major change"


def test_a_row_is_written_to_the_character() -> None:
    assert lines_of(scores_csv(frame({})))[1] == (
        '"1","2026-H1","before","FR","France","country",,,"own","governance","1.0.0",,,"Governance","scored",'
        '2.5,2,1,"shared",2.25,3.0,2.0,1.0,4,3,1,0,0,3.5,1.0,"accepted","2026-03-02T12:00:00+00:00"'
    )


def test_a_file_ends_with_one_line_feed_and_begins_without_a_mark() -> None:
    for table in (frame({}), frame({}, {}), frame({}).iloc[:0]):
        content = scores_csv(table)
        assert content.endswith(b"\n")
        assert not content.endswith(b"\n\n")
        assert content.startswith(b'"schema_version"')
        assert b"\r" not in content


def test_a_table_without_rows_is_a_header() -> None:
    assert scores_csv(frame({}).iloc[:0]).count(b"\n") == 1


@pytest.mark.parametrize("missing", ["", None, float("nan"), np.nan])
def test_what_is_missing_is_empty_and_unquoted(missing: Any) -> None:
    """A row for each column, in which only that one is missing."""
    complete = lines_of(scores_csv(frame({})))[1].split(",")
    rows = lines_of(scores_csv(frame(*({column: missing} for column in SCORES))))[1:-1]
    for place, row in enumerate(rows):
        assert row.split(",") == [*complete[:place], "", *complete[place + 1 :]]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_quoted_and_kept_exactly(text: str) -> None:
    """This file is for machines: only 'CSV for Excel' may change a text to disarm a formula."""
    written = scores_csv(frame({"unit_name": text, "dimension_title": text}))
    (row,) = read(written)
    assert (row["unit_name"], row["dimension_title"]) == (text, text)
    assert ',"' + text.replace('"', '""') + '",' in written.decode()


def test_every_text_is_quoted_and_no_number_is() -> None:
    (fields,) = [line.split(",") for line in lines_of(scores_csv(frame({})))[1:-1]]
    for column, field in zip(SCORES, fields, strict=True):
        assert field == "" or field.startswith('"') is (column in TEXTS)


@pytest.mark.parametrize("column", sorted(WHOLE & set(SCORES)))
def test_whole_numbers_are_written_without_a_point(column: str) -> None:
    for number in (0, 3.0, np.int64(3), np.float64(12.0)):
        assert read(scores_csv(frame({column: number})))[0][column] == str(int(number))
    assert [row[column] for row in read(scores_csv(frame({column: 3}, {column: math.nan})))] == ["3", ""]


@given(st.lists(doubles, min_size=1, max_size=20))
def test_a_number_reads_back_to_the_same_double(numbers: list[float]) -> None:
    written = read(scores_csv(frame(*({"score": number, "gap": number} for number in numbers))))
    for column in ("score", "gap"):
        found = [float(row[column]) for row in written]
        assert [struct.pack("<d", one) for one in found] == [struct.pack("<d", one) for one in numbers]


@pytest.mark.parametrize(
    "number", [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 2.675, 1e16, 23 / 6]
)
def test_the_numbers_that_trip_others_survive(number: float) -> None:
    found = read(scores_csv(frame({"score": number})))[0]["score"]
    assert struct.pack("<d", float(found)) == struct.pack("<d", number)
    assert found == repr(number), "and no longer than it has to be"


@given(
    st.lists(
        st.fixed_dictionaries({"unit_name": texts, "round_id": texts, "as_of": texts}), min_size=1, max_size=5
    )
)
def test_any_text_reads_back_and_makes_no_second_row(rows: list[dict[str, str]]) -> None:
    found = read(scores_csv(frame(*rows)))
    assert [{column: row[column] for column in rows[0]} for row in found] == rows


@settings(max_examples=20)
@given(
    st.lists(texts.filter(lambda text: "\x00" not in text and text == text.strip()), min_size=1, max_size=5)
)
def test_our_own_reader_takes_what_we_write(names: list[str]) -> None:
    written = scores_csv(frame(*({"unit_name": name} for name in names)))
    table = read_table(written, "scores.csv", SCORES, ())
    assert table.problems == ()
    assert list(table.rows["unit_name"]) == names


def test_the_order_of_rows_and_a_strange_index_do_not_matter() -> None:
    many = frame(*({"unit_id": f"U{number}"} for number in range(5)))
    many.index = pd.Index([7, 7, 1, 0, 3])
    assert [row["unit_id"] for row in read(scores_csv(many))] == [f"U{number}" for number in range(5)]
    shuffled = many[[*reversed(many.columns)]]
    assert scores_csv(shuffled) == scores_csv(many)


def test_writing_changes_nothing_in_the_table() -> None:
    table = frame({}, {"score": math.nan})
    before = table.copy(deep=True)
    scores_csv(table)
    pd.testing.assert_frame_equal(table, before)


def test_a_table_without_a_promised_column_is_no_file() -> None:
    table = frame({})
    for column in SCORES:
        with pytest.raises(KeyError, match=column):
            scores_csv(table.drop(columns=column))


def test_moves_are_written_like_scores() -> None:
    move = {
        "round_id": "2026-H1", "unit_id": "FR", "question_id": "shared", "from_level": 2, "to_level": 3, "gain": 1 / 3,
        "effort": 2, "requires": 'a "b";c', "owner": "", "due_on": "", "state": "",
    }  # fmt: skip
    assert lines_of(moves_csv(pd.DataFrame([move])))[1] == (
        '"2026-H1","FR","shared",2,3,0.3333333333333333,2,"a ""b"";c",,,'
    )
