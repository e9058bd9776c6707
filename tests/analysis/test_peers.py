from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.peers import (
    PEER_COLUMNS,
    PeerFinding,
    PeerRow,
    Quartiles,
    peer_finding,
    peer_table,
    quartiles_of,
)
from assessment.scoring.table import ScoreStatus
from tests.analysis.frames import row, table

SCALE = tuple((float(level), f"Level {level}") for level in range(1, 6))
OTHERS = Quartiles(2.0, 2.5, 3.0, 6)


def scored(*scores: float | None, dimension: str = "direction") -> list[dict[str, Any]]:
    return [row(dimension, score, unit_id=f"U{place}") for place, score in enumerate(scores)]


def finding(*rows: PeerRow) -> PeerFinding:
    return PeerFinding("France", "Governance", "governance@1.0.0", SCALE, rows)


def placed(title: str, own: float | None, others: Quartiles | None = OTHERS) -> PeerRow:
    status = ScoreStatus.NOT_ANSWERED if own is None else ScoreStatus.SCORED
    return PeerRow(title, title, own, status, None, others)


def test_quartiles_are_interpolated_and_rounded_to_what_a_chart_shows():
    found = quartiles_of(table(*scored(1.0, 2.0, 3.0, 4.0, 5.0, 4.94)), "FR")
    assert found == {("governance", "direction"): Quartiles(2.3, 3.5, 4.7, 6)}


@pytest.mark.parametrize(("scores", "is_told"), [((1, 2, 3, 4), False), ((1, 2, 3, 4, 5), True)])
def test_of_fewer_than_five_others_nothing_is_told(scores: tuple[float, ...], is_told: bool):
    assert bool(quartiles_of(table(*scored(*scores)), "FR")) is is_told


def test_neither_the_unit_itself_nor_anybody_without_a_score_counts_among_the_others():
    rows = [*scored(1, 2, 3, 4), row("direction", 5, unit_id="FR"), row("direction", None, unit_id="X")]
    assert quartiles_of(table(*rows), "FR") == {}


def test_each_dimension_counts_its_own_others_and_the_whole_questionnaire_is_none():
    rows = [
        *scored(1, 2, 3, 4, 5),
        *scored(2, 2, 2, 2, dimension="care"),
        *scored(1, 1, 1, 1, 1, dimension=""),
    ]
    assert set(quartiles_of(table(*rows), "FR")) == {("governance", "direction")}


def test_no_scores_at_all_are_no_error():
    assert quartiles_of(table(), "FR") == {}


def test_own_and_others_are_compared_as_they_are_shown():
    assert not placed("a", 1.96).is_below
    assert placed("a", 1.94).is_below
    assert not placed("a", 3.04).is_above
    assert placed("a", 3.06).is_above
    assert placed("a", 2.26).difference == -0.2
    assert placed("a", None).difference is None
    assert placed("a", 2.0, None).difference is None


@pytest.mark.parametrize(
    ("rows", "headline"),
    [
        ([placed("a", 2.0, None)], "France can't be placed: fewer than five others have an accepted score"),
        ([placed("a", None)], "France has no score yet to put beside the others'"),
        (
            [placed("a", 1.5), placed("b", 1.0), placed("c", 2.5)],
            "France trails the middle half of the others on 2 of 3 dimensions, most on b",
        ),
        (
            [placed("a", 3.5), placed("b", 4.0), placed("c", 2.5)],
            "France is ahead of the middle half of the others on 2 of 3 dimensions, most on b, and trails it nowhere",
        ),
        (
            [placed("a", 2.5), placed("b", 2.5)],
            "France is within the middle half of the others on all 2 dimensions",
        ),
        ([placed("a", 2.5)], "France is within the middle half of the others on 1 dimension"),
        (
            [placed("a", 2.5), placed("b", None)],
            "France is within the middle half of the others on the 1 of 2 dimensions that can be told",
        ),
        (
            [placed("a", 1.5), placed("b", 2.5), placed("c", None)],
            "France trails the middle half of the others on 1 of 2 dimensions that can be compared, most on a",
        ),
    ],
)
def test_the_headline_is_computed(rows: list[PeerRow], headline: str):
    assert finding(*rows).headline == headline


def test_the_table_leaves_the_others_empty_where_they_are_too_few():
    shown = peer_table(finding(placed("a", 2.26), placed("b", None, None)))
    assert tuple(shown.columns) == PEER_COLUMNS
    first, second = shown.iloc[0].to_dict(), shown.iloc[1].to_dict()
    assert (first["own"], first["others"], first["lower_quartile"], first["median"]) == (2.26, 6, 2.0, 2.5)
    assert shown.iloc[1][["own", "others", "lower_quartile", "median", "upper_quartile"]].isna().all()
    assert second["dimension_id"] == "b"


def test_the_subtitle_says_how_many_others_there_are():
    assert "of 6 others, without names" in finding(placed("a", 2.0)).subtitle
    several = finding(placed("a", 2.0), placed("b", 2.0, Quartiles(1.0, 2.0, 3.0, 9)))
    assert "of 6 to 9 others" in several.subtitle


def test_a_finding_has_the_units_rows_in_the_questionnaires_order():
    rows = table(row("", 2.0), row("b", 1.0, 3.0), row("a", None))
    found = peer_finding(
        rows,
        {("governance", "b"): OTHERS},
        unit_label="France",
        questionnaire_title="Governance",
        scale=SCALE,
    )
    assert found is not None
    assert found.rows == (
        PeerRow("b", "B", 1.0, ScoreStatus.SCORED, 3.0, OTHERS),
        PeerRow("a", "A", None, ScoreStatus.NOT_ANSWERED, None, None),
    )
    assert found.questionnaire_reference == "governance@1.0.0"


def test_a_unit_that_was_asked_nothing_has_no_finding():
    assert peer_finding(table(), {}, unit_label="France", questionnaire_title="G", scale=SCALE) is None
