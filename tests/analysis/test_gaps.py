from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assessment.analysis.gaps import GAP_COLUMNS, GapFinding, RoundRoles, gap_finding, gap_table, round_roles
from assessment.organisation import Phase, Round
from assessment.scoring.table import ScoreStatus
from tests.analysis.frames import row, table

SCALE = tuple((float(level), f"Level {level}") for level in range(1, 6))


def held(identifier: str, phase: Phase | None, month: int) -> Round:
    return Round(identifier, identifier, phase, date(2026, month, 1))


EARLY = held("early", Phase.BEFORE, 1)
BEFORE = held("before", Phase.BEFORE, 2)
FIRST = held("first", Phase.DURING, 3)
SECOND = held("second", Phase.DURING, 4)
NOW = held("now", Phase.DURING, 5)
ALL = (EARLY, BEFORE, FIRST, SECOND, NOW)


# Which rounds are compared ----------------------------------------------------------------------------


def test_before_is_the_last_round_before_adoption_and_during_lies_between_it_and_now() -> None:
    assert round_roles(ALL) == RoundRoles(BEFORE, (FIRST, SECOND), NOW)


def test_the_order_in_which_rounds_are_given_does_not_matter() -> None:
    assert round_roles([SECOND, NOW, EARLY, FIRST, BEFORE]) == round_roles(ALL)


@pytest.mark.parametrize(
    ("rounds", "now", "roles"),
    [
        (ALL, "second", RoundRoles(BEFORE, (FIRST,), SECOND)),
        (ALL, "first", RoundRoles(BEFORE, (), FIRST)),
        (ALL, "before", RoundRoles(EARLY, (), BEFORE)),
        (ALL, "early", RoundRoles(None, (), EARLY)),
        ([FIRST, SECOND, NOW], None, RoundRoles(None, (FIRST, SECOND), NOW)),
        ([EARLY, BEFORE, NOW], None, RoundRoles(BEFORE, (), NOW)),
        ([BEFORE], None, RoundRoles(None, (), BEFORE)),
        (
            [FIRST, held("late", Phase.BEFORE, 4), NOW],
            None,
            RoundRoles(held("late", Phase.BEFORE, 4), (), NOW),
        ),
        ([BEFORE, held("x", None, 3), NOW], None, RoundRoles(BEFORE, (), NOW)),
    ],
)
def test_roles_depend_on_which_round_is_now(rounds: Any, now: str | None, roles: RoundRoles) -> None:
    assert round_roles(rounds, now) == roles


def test_there_are_no_roles_without_rounds_or_in_a_round_that_there_is_not() -> None:
    assert round_roles([]) is None
    assert round_roles(ALL, "another") is None


# The values -------------------------------------------------------------------------------------------


def finding(*rows: dict[str, Any], roles: RoundRoles | None = None) -> GapFinding:
    found = gap_finding(
        table(*rows),
        roles or RoundRoles(BEFORE, (FIRST, SECOND), NOW),
        unit_label="France",
        questionnaire_title="Governance",
        scale=SCALE,
    )
    assert found is not None
    return found


def test_each_dimension_has_its_score_of_every_round() -> None:
    found = finding(
        *(row("", score, round_id=r) for r, score in (("before", 1.5), ("now", 3))),
        row("direction", 1, round_id="before"),
        row("direction", 2, round_id="first"),
        row("direction", 2.5, round_id="second"),
        row("direction", 3, target=4.5),
        row("people", 2, target=2),
    )
    direction, people = found.rows
    assert (direction.title, direction.before, direction.during, direction.now) == (
        "Direction",
        1,
        (2, 2.5),
        3,
    )
    assert (direction.target, direction.gap, direction.is_wide) == (4.5, 1.5, True)
    assert (people.before, people.during, people.now, people.gap) == (None, (None, None), 2, 0)
    assert found.questionnaire_reference == "governance@1.0.0"


def test_a_round_that_was_not_held_leaves_its_place_empty() -> None:
    rows = [row("direction", 1, round_id="before"), row("direction", 3)]
    (only,) = finding(*rows, roles=RoundRoles(None, (), NOW)).rows
    assert (only.before, only.during, only.now) == (None, (), 3)


def test_a_score_that_was_withheld_is_missing_and_says_why() -> None:
    found = finding(
        row("direction", round_id="before", status=ScoreStatus.WITHHELD),
        row("direction", target=4, status=ScoreStatus.WITHHELD),
    )
    (only,) = found.rows
    assert (only.before, only.now, only.gap, only.status) == (None, None, None, ScoreStatus.WITHHELD)


def test_rounds_with_another_version_are_left_out_because_they_do_not_compare() -> None:
    old: dict[str, Any] = {"questionnaire_version": "0.9.0"}
    found = finding(
        row("direction", 1, round_id="before", **old),
        row("direction", 2, round_id="first"),
        row("direction", 5, round_id="second", **old),
        row("direction", 3),
    )
    assert (found.rows[0].before, found.rows[0].during) == (None, (2, None))


def test_gaps_can_be_those_of_what_evidence_carries() -> None:
    rows = table(
        row("direction", 3, round_id="before", supported_score=2.0), row("direction", 4, 4, supported_score=2.5),
        row("people", 4, 4),
    )  # fmt: skip
    roles = RoundRoles(BEFORE, (), NOW)
    found = gap_finding(
        rows, roles, unit_label="France", questionnaire_title="G", scale=SCALE, supported=True
    )
    assert found is not None
    direction, people = found.rows
    assert (direction.before, direction.now, direction.gap) == (2, 2.5, 1.5)
    assert (people.now, people.gap) == (None, None)
    assert found.subtitle == "G: mean level that evidence carries before → during → now, and the target"


def test_a_dimension_that_is_gone_now_is_not_shown() -> None:
    found = finding(row("gone", 1, round_id="before"), row("direction", 3))
    assert [entry.dimension_id for entry in found.rows] == ["direction"]


def test_there_is_no_finding_without_scores_now() -> None:
    rows = table(row("direction", 3, round_id="before"), row("", 3))
    roles = RoundRoles(BEFORE, (), NOW)
    assert gap_finding(rows, roles, unit_label="", questionnaire_title="", scale=SCALE) is None
    assert gap_finding(table(), roles, unit_label="", questionnaire_title="", scale=SCALE) is None


def test_the_widest_gap_comes_first_and_equal_ones_stay_in_the_questionnaires_order() -> None:
    found = finding(
        row("a", 3, target=3), row("b", 3, target=4), row("c"), row("d", 1, target=4), row("e", 2, target=3),
        row("f", 5, target=4),
    )  # fmt: skip
    assert [entry.dimension_id for entry in found.rows] == ["d", "b", "e", "a", "c", "f"]


@pytest.mark.parametrize(
    ("score", "target", "gap", "is_wide"),
    [(3, 4, 1, False), (2.9, 4, 1.1, True), (4, 3, 0, False), (2.9999999999999996, 4, 1, False)],
)
def test_a_gap_is_wide_beyond_one_level_and_never_negative(
    score: float, target: float, gap: float, is_wide: bool
) -> None:
    (only,) = finding(row("direction", score, target=target)).rows
    assert only.gap == pytest.approx(gap)
    assert only.is_wide is is_wide


def test_the_table_has_a_line_for_each_dimension_and_round() -> None:
    found = finding(row("direction", 1, round_id="before"), row("direction", 3, target=4.5), row("people"))
    shown = gap_table(found)
    assert tuple(shown.columns) == GAP_COLUMNS
    mine = shown[shown["dimension_id"] == "direction"]
    assert list(zip(mine["round_id"], mine["role"], strict=True)) == [
        ("before", "before"), ("first", "during"), ("second", "during"), ("now", "now"),
    ]  # fmt: skip
    last = mine.iloc[-1].to_dict()
    assert (last["questionnaire"], last["score"], last["target"], last["gap"], last["status"]) == (
        "governance@1.0.0", 3, 4.5, 1.5, "scored",
    )  # fmt: skip
    assert list(mine["status"]) == ["", "", "", "scored"]
    assert mine["target"].isna().tolist() == [True, True, True, False]


# The headline -----------------------------------------------------------------------------------------


def scored(*scores_and_targets: tuple[float | None, float | None]) -> GapFinding:
    names = ("direction", "people", "access")
    return finding(*(row(name, *pair) for name, pair in zip(names, scores_and_targets, strict=False)))


@pytest.mark.parametrize(
    ("pairs", "headline"),
    [
        (
            [(1.25, 4), (3, 4), (2, 3.5)],
            "France must close 2.8 levels on Direction; 2 of 3 dimensions are more than one level short",
        ),
        (
            [(3, 4), (1, 4), (4, 4)],
            "France must close 3.0 levels on People; 1 of 3 dimensions is more than one level short",
        ),
        (
            [(1, 4)],
            "France must close 3.0 levels on Direction; 1 of 1 dimension is more than one level short",
        ),
        (
            [(1, 4), (None, 4), (5, None)],
            "France must close 3.0 levels on Direction; 1 of 1 dimension is more than one level short, 2 more can't be told",
        ),
        (
            [(3.25, 4), (3, 4)],
            "France is within one level of target on all 2 dimensions; the widest gap is 1.0 on People",
        ),
        (
            [(3.25, 4)],
            "France is within one level of target on 1 dimension; the widest gap is 0.8 on Direction",
        ),
        ([(4, 4), (5, 4), (3, 3)], "France has reached its target on all 3 dimensions"),
        ([(4, 4)], "France has reached its target on 1 dimension"),
        ([(3.9999999999999996, 4)], "France has reached its target on 1 dimension"),
        (
            [(4, 4), (5, 4), (None, 3)],
            "France has reached its target on the 2 of 3 dimensions that can be told",
        ),
        ([(4, 4), (5, None)], "France has reached its target on the 1 of 2 dimensions that can be told"),
        (
            [(3.25, 4), (3, 4), (None, 4)],
            "France is within one level of target on the 2 of 3 dimensions that can be told; the widest known gap is 1.0 on People",
        ),
        ([(4, None), (3, None)], "France has no targets yet"),
        ([(None, 4), (3, None)], "France has no dimension with both a score and a target yet"),
        ([(None, 4), (None, 3)], "France has no scores in this round yet"),
        ([(None, None)], "France has no scores in this round yet"),
    ],
)
def test_the_headline_says_what_the_rows_show(
    pairs: list[tuple[float | None, float | None]], headline: str
) -> None:
    assert scored(*pairs).headline == headline


def test_a_dimension_that_does_not_apply_is_none_that_nobody_can_tell() -> None:
    found = finding(row("direction", 4, target=4), row("people", status=ScoreStatus.NOT_APPLICABLE, target=4))
    assert found.headline == "France has reached its target on 1 dimension"


def test_names_that_look_like_places_for_values_stay_as_they_are() -> None:
    found = finding(row("direction", 1, target=4, dimension_title="{unit} {0}"))
    assert found.headline.startswith("France must close 3.0 levels on {unit} {0};")


def test_the_subtitle_names_the_questionnaire() -> None:
    assert scored((3, 4)).subtitle == "Governance: mean level before → during → now, and the target"
