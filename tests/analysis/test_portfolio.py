from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.portfolio import Portfolio, portfolio
from assessment.scoring.table import ScoreStatus
from tests.analysis.frames import row, table
from tests.scoring.shorthand import scores_of

LABELS = {"FR": "France", "DE": "Germany", "ES": "Spain"}
TITLES = {"governance": "Governance", "platform": "Platform"}


def shown(*rows: dict[str, Any], **options: Any) -> Portfolio:
    return portfolio(table(*rows), LABELS, TITLES, **options)


def scores(finding: Portfolio) -> dict[str, list[float | None]]:
    return {row.unit_id: [cell.score for cell in row.cells] for row in finding.rows}


def units(**means: float | None) -> list[dict[str, Any]]:
    return [row("", mean, unit_id=unit) for unit, mean in means.items()]


# Order ------------------------------------------------------------------------------------------------


def test_units_stand_by_falling_mean_and_those_without_one_last() -> None:
    finding = shown(*units(FR=2, DE=None, ES=3.5))
    assert [(entry.label, entry.mean) for entry in finding.rows] == [
        ("Spain", 3.5),
        ("France", 2),
        ("Germany", None),
    ]


def test_units_of_the_same_mean_stay_in_the_organisations_order() -> None:
    assert [entry.unit_id for entry in shown(*units(ES=3, FR=3, DE=3)).rows] == ["ES", "FR", "DE"]


def test_dimensions_stand_by_questionnaire_and_by_falling_mean_within_it() -> None:
    finding = shown(
        row("tools", 1, questionnaire_id="platform"),
        row("people", 2),
        row("direction", 4),
        row("access"),
        row("skills", 5, questionnaire_id="platform"),
    )
    found = [(column.questionnaire_title, column.title, column.mean) for column in finding.columns]
    assert found == [
        ("Platform", "Skills", 5), ("Platform", "Tools", 1),
        ("Governance", "Direction", 4), ("Governance", "People", 2), ("Governance", "Access", None),
    ]  # fmt: skip


def test_a_row_has_a_cell_for_every_column_in_its_order() -> None:
    finding = shown(
        row("people", 2),
        row("direction", 4),
        row("direction", 5, unit_id="DE"),
        row("people", 1, unit_id="DE"),
    )
    assert [column.dimension_id for column in finding.columns] == ["direction", "people"]
    assert scores(finding) == {"FR": [4, 2], "DE": [5, 1]}


def test_dimensions_of_the_same_name_in_two_questionnaires_keep_their_own_scores() -> None:
    finding = shown(
        row("common-and-local", 2, target=4),
        row("common-and-local", 5, target=4, questionnaire_id="platform"),
        row("common-and-local", 3, unit_id="DE", questionnaire_id="platform"),
    )
    assert [column.questionnaire_title for column in finding.columns] == ["Governance", "Platform"]
    assert scores(finding) == {"FR": [2, 5], "DE": [None, 3]}
    assert finding.short == 1


def test_the_mean_of_a_unit_is_that_of_its_whole_questionnaires_which_have_one() -> None:
    finding = shown(
        row("", 2), row("", 4, questionnaire_id="platform"), row("", 3, unit_id="DE"),
        row("", unit_id="DE", questionnaire_id="platform"),
    )  # fmt: skip
    assert {entry.unit_id: entry.mean for entry in finding.rows} == {"FR": 3, "DE": 3}
    assert (finding.median, finding.measured) == (3, 2)


# What is shown ----------------------------------------------------------------------------------------


def test_units_without_a_label_and_dimensions_below_the_top_are_left_out() -> None:
    finding = shown(
        row("direction", 3),
        row("inner", 5, parent_dimension_id="direction"),
        row("direction", 1, unit_id="XX"),
    )
    assert scores(finding) == {"FR": [3]}
    assert finding.columns[0].mean == 3


def test_a_cell_says_all_that_its_row_says() -> None:
    finding = shown(
        row(
            "direction",
            2.75,
            target=4,
            status=ScoreStatus.PROVISIONAL,
            coverage=0.7,
            assessment_state="draft",
        )
    )
    (cell,) = finding.rows[0].cells
    assert (cell.status, cell.score, cell.level, cell.target) == (ScoreStatus.PROVISIONAL, 2.75, 2, 4)
    assert (cell.gap, cell.coverage, cell.assessment_state) == (1.25, 0.7, "draft")


@pytest.mark.parametrize(
    "status", [ScoreStatus.WITHHELD, ScoreStatus.NOT_ANSWERED, ScoreStatus.NOT_APPLICABLE]
)
def test_a_cell_without_a_score_says_why(status: ScoreStatus) -> None:
    finding = shown(row("direction", target=4, status=status))
    (cell,) = finding.rows[0].cells
    assert (cell.status, cell.score, cell.level, cell.gap, cell.is_short) == (status, None, None, None, False)
    assert finding.scored == 0


def test_what_was_not_asked_of_a_unit_is_not_applicable_to_it() -> None:
    finding = shown(row("direction", 3), row("people", 3, unit_id="DE"))
    statuses = [[str(cell.status) for cell in entry.cells] for entry in finding.rows]
    assert statuses == [["scored", "not_applicable"], ["not_applicable", "scored"]]


@pytest.mark.parametrize(
    ("score", "target", "is_short"),
    [
        (3, 4, False),
        (2.9, 4, True),
        (3, None, False),
        (5, 4, False),
        (2.9999999999999996, 4, False),
        (None, 4, False),
    ],
)
def test_a_cell_is_short_when_it_is_more_than_one_level_below_its_target(
    score: float | None, target: float | None, is_short: bool
) -> None:
    finding = shown(row("direction", score, target=target))
    assert finding.rows[0].cells[0].is_short is is_short
    assert finding.short == is_short


# What evidence supports -------------------------------------------------------------------------------


def test_the_supported_view_shows_what_evidence_carries_and_its_gap() -> None:
    rows = [row("direction", 4, target=4, supported_score=2.5), row("", 4, supported_score=2.5)]
    claimed, supported = shown(*rows), shown(*rows, supported=True)
    assert (claimed.rows[0].mean, claimed.short) == (4, 0)
    (cell,) = supported.rows[0].cells
    assert (cell.score, cell.level, cell.gap, cell.is_short) == (2.5, 2, 1.5, True)
    assert (supported.rows[0].mean, supported.columns[0].mean) == (2.5, 2.5)


def test_the_supported_view_shows_nothing_where_nothing_is_supported() -> None:
    rows = [row("direction", status=ScoreStatus.WITHHELD, target=4), row("people", 0.5, target=4)]
    finding = shown(*rows, supported=True)
    assert [cell.score for cell in finding.rows[0].cells] == [None, None]
    assert finding.rows[0].mean is None


def test_the_supported_view_of_three_threes_with_odd_weights_is_level_3() -> None:
    finding = shown(row("direction", 4, supported_score=2.9999999999999996, target=4), supported=True)
    (cell,) = finding.rows[0].cells
    assert (cell.level, cell.is_short) == (3, False)


# The headline -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "headline"),
    [
        (
            [row("direction", 2, target=4), row("people", 3, target=5), row("access", 4)],
            "Direction is the weakest dimension (mean 2.0); 2 of 3 cells are more than one level below target",
        ),
        (
            [row("direction", 2, target=4), row("people", 3)],
            "Direction is the weakest dimension (mean 2.0); 1 of 2 cells is more than one level below target",
        ),
        (
            [row("direction", 2), row("people", 3), row("access")],
            "Direction is the weakest dimension (mean 2.0); 0 of 2 cells are more than one level below target",
        ),
        (
            [row("direction", 3), row("people", 3.05)],
            "No dimension stands out (means 3.0 to 3.1); 0 of 2 cells are more than one level below target",
        ),
        (
            [row("direction", 2, target=4)],
            "No dimension stands out (means 2.0 to 2.0); 1 of 1 cell is more than one level below target",
        ),
        ([row("direction"), row("", 3)], "No scores to show in this round yet"),
        ([], "No scores to show in this round yet"),
    ],
)
def test_the_headline_says_what_the_cells_show(rows: list[dict[str, Any]], headline: str) -> None:
    assert shown(*rows).headline == headline


def test_an_empty_portfolio_has_nothing() -> None:
    finding = shown()
    assert (finding.columns, finding.rows, finding.scored, finding.short) == ((), (), 0, 0)
    assert (finding.median, finding.measured) == (None, 0)


def test_the_median_is_that_of_the_units_which_have_a_mean() -> None:
    assert shown(*units(FR=1, DE=5, ES=None)).median == 3
    assert shown(*units(FR=None)).median is None


def test_the_engines_own_table_is_read_as_it_comes() -> None:
    short = {"dimensions": {"direction": {"questions": {"a": 1}}, "people": {"questions": {"b": 1}}}}
    scored = scores_of(
        {"questionnaire": short, "units": {"FR": [], "DE": []}, "answers": {"FR": {"a": 4}, "DE": {}}}
    )
    finding = portfolio(scored, LABELS, {"example": "Example"})
    found = {entry.unit_id: [str(cell.status) for cell in entry.cells] for entry in finding.rows}
    assert found == {"FR": ["scored", "not_answered"], "DE": ["not_answered", "not_answered"]}
    assert [column.dimension_id for column in finding.columns] == ["direction", "people"]


def test_the_numbers_hold_the_means_of_rows_and_of_columns() -> None:
    platform: dict[str, Any] = {"questionnaire_id": "platform"}
    rows = [
        row("a", 4),
        row("", 4),
        row("c", 2, **platform),
        row("", 2, **platform),
        row("a", 2, unit_id="DE"),
    ]
    names = {"FR": "France", "DE": "Germany"}
    numbers = portfolio(table(*rows), names, {"governance": "Governance", "platform": "Platform"}).numbers
    france = numbers[(numbers["unit_id"] == "FR") & (numbers["dimension_id"] == "a")].iloc[0]
    assert (france["score"], france["unit_mean"], france["dimension_mean"]) == (4, 3, 3)
    assert numbers[numbers["unit_id"] == "DE"]["unit_mean"].isna().all()
