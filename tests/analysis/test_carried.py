from __future__ import annotations

import pytest

from assessment.analysis.carried import CarriedFinding, carried_finding
from tests.analysis.frames import row, table


def finding(*rows: tuple[str, float | None, float | None]) -> CarriedFinding:
    """From rows of (dimension, claimed, supported)."""
    made = (
        row(name, claimed) if supported is None else row(name, claimed, supported_score=supported)
        for name, claimed, supported in rows
    )
    return carried_finding(table(*made), unit_label="France", questionnaire_title="Governance")


@pytest.mark.parametrize(
    ("rows", "headline"),
    [
        (
            [("", 3.4, 2.1), ("a", 3.0, 2.5), ("b", 4.0, 2.0)],
            "Governance: evidence carries 2.1 of the 3.4 that France claims, least on B (2.0 of 4.0)",
        ),
        ([("", 3.4, 3.4), ("a", 3.4, 3.4)], "Governance: evidence carries all of the 3.4 that France claims"),
        ([("", 2.94, 2.86)], "Governance: evidence carries nearly all of the 2.9 that France claims"),
        ([("", 3.4, 2.1)], "Governance: evidence carries 2.1 of the 3.4 that France claims"),
        ([("", None, None)], "Governance: no score yet that evidence could carry"),
        ([("", 3.4, None)], "Governance: no score yet that evidence could carry"),
        ([], "Governance: no score yet that evidence could carry"),
    ],
)
def test_the_headline_says_how_much_is_carried_and_where_least(
    rows: list[tuple[str, float | None, float | None]], headline: str
):
    assert finding(*rows).headline == headline


def test_what_is_carried_least_comes_first_and_what_has_no_score_is_left_out():
    found = finding(("", 3.0, 2.0), ("a", 3.0, 3.0), ("b", None, None), ("c", 3.0, 1.0))
    assert [entry.title for entry in found.rows] == ["C", "A"]
