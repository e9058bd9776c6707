"""CSV for Excel: opens with its letters and columns right, and nothing in it is run."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.exports.excel_csv import excel_csv

STARTERS = "=+-@＝＋－＠"
UNSEEN = " \u00a0\u200b\ufeff\t\r\n\x00"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
hostile = st.builds("".join, st.tuples(st.text(UNSEEN, max_size=3), st.sampled_from(STARTERS), texts))


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def one(value: Any) -> str:
    return rows_of(excel_csv(pd.DataFrame({"name": [value]})))[1][0]


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","click")', "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "\x00x", " =1",
        "\u00a0=1", "\ufeff=1", "\u200b@x", "＝1+1", "＋1", "－1", "＠x",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert one(text).startswith("'")
    assert is_only_disarmed(one(text), text)


def is_only_disarmed(written: str, text: str) -> bool:
    """Whether nothing but apostrophes was added, and no part runs wherever a spreadsheet splits it."""
    parts = re.split("[;\t\r\n]", written)
    runs = any(part.lstrip(UNSEEN + "\u200c").startswith(tuple(STARTERS)) for part in parts)
    return not runs and written.replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["foo;=1+1", "a\n=1", "a; \u200b@x", "one\r\n+1;-2"])
def test_where_other_languages_split_a_text_nothing_runs_either(text: str) -> None:
    assert is_only_disarmed(one(text), text)
    assert one(text) != text


@pytest.mark.parametrize("text", ["Ana", "a=b", "1-2", "it's", "'quoted", "ana@example.org", "é漢🙂", "–"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert one(text) == text


@given(hostile)
def test_no_text_is_left_that_a_spreadsheet_would_run(text: str) -> None:
    assert one(text).startswith("'")
    assert is_only_disarmed(one(text), text)


@given(st.lists(st.tuples(texts | hostile, texts | hostile), min_size=1, max_size=5))
def test_a_text_never_makes_another_row_or_column(pairs: list[tuple[str, str]]) -> None:
    content = excel_csv(pd.DataFrame(pairs, columns=["one", "=two"]))
    found = rows_of(content)
    assert found[0] == ["one", "'=two"]
    assert len(found) == len(pairs) + 1
    for row, pair in zip(found[1:], pairs, strict=True):
        assert all(is_only_disarmed(written, text) for written, text in zip(row, pair, strict=True))


def test_it_begins_with_a_mark_and_its_lines_end_as_excel_writes_them() -> None:
    assert (
        excel_csv(pd.DataFrame({"name": ["Ana"], "left": [23]}))
        == b'\xef\xbb\xbf"name","left"\r\n"Ana",23\r\n'
    )


@pytest.mark.parametrize(("number", "written"), [(23, "23"), (-1, "-1"), (2.5, "2.5"), (np.int64(7), "7")])
def test_numbers_stay_numbers(number: float, written: str) -> None:
    assert one(number) == written


def test_whole_numbers_stay_whole_beside_missing_and_broken_ones() -> None:
    table = pd.DataFrame([["a", 23, 0.5], ["b", 4, None]], columns=["name", "left", "share"])
    assert rows_of(excel_csv(table))[1:] == [["a", "23", "0.5"], ["b", "4", ""]]
    levels = pd.DataFrame({"level": [2.0, None], "score": [2.0, None]})
    assert rows_of(excel_csv(levels))[1:] == [["2", "2.0"], ["", ""]], "as in the exact file"
