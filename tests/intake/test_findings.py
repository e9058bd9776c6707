from __future__ import annotations

import numpy as np
import pytest

from assessment import errors
from assessment.errors import IntakeError
from assessment.intake import findings
from assessment.intake.findings import Findings, Nearby, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 漢", "plain é 漢"),
        ("a\nb\tc\r\x00\x1b", r"a\nb\tc\r\x00\x1b"),
        ("right-to-left \u202e override", r"right-to-left \u202e override"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
    ],
)
def test_texts_are_shown_short_and_without_what_cannot_be_seen(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_text_of_control_characters_only_stays_short_too() -> None:
    assert len(shown("\x01" * 100_000)) == findings.MAX_SHOWN


def test_another_case_is_the_nearest_miss() -> None:
    near = Nearby(["FR", "FR.sales"])
    assert near("fr") == " Did you mean 'FR'?"
    assert near("FR.sale") == " Did you mean 'FR.sales'?"
    assert near("somewhere") == ""


def test_suggestions_stop_where_they_would_take_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MAX_SUGGESTIONS", 1)
    near = Nearby(["word"])
    assert [near("wrd"), near("wordd"), near("wrd")] == [" Did you mean 'word'?", "", " Did you mean 'word'?"]


def test_the_problems_listed_are_the_first_by_line_and_the_rest_is_counted() -> None:
    found = Findings("t.csv")
    every_row = np.ones(1_500, dtype=bool)
    lines = np.arange(2, 1_502)
    found.add_rows(every_row, lines, errors.CELL_EMPTY, lambda _: {"column": "b"})
    found.add_rows(every_row, lines, errors.CELL_EMPTY, lambda _: {"column": "a"})
    with pytest.raises(IntakeError) as caught:
        found.raise_any()
    *listed, last = caught.value.problems
    assert [problem.line for problem in listed] == [2 + row // 2 for row in range(1_000)]
    assert last == errors.PROBLEMS_UNLISTED.at("t.csv", 0, count=2_000)


def test_nothing_found_is_nothing_refused() -> None:
    Findings("t.csv").raise_any()
