"""The next moves of whole assessments: whose, of which round, towards which target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from assessment.analysis.moves import MOVE_COLUMNS, latest_moves, moves_of, moves_table
from assessment.organisation import Round, Target, Unit, organisation_of
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.responses import ANSWER_COLUMNS
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput
from tests.analysis.moving import one
from tests.scoring.shorthand import answer_rows, written_out

UNITS = (
    Unit("FR", "France", UnitKind.COUNTRY),
    Unit("FR.sales", "Sales", UnitKind.DOMAIN, "FR"),
    Unit("DE", "Germany", UnitKind.COUNTRY),
)
ROUNDS = {
    "first": Round("first", "First", opens_on=date(2026, 1, 1)),
    "second": Round("second", "Second", opens_on=date(2026, 6, 1)),
}
SHORT = one(a=3, b=1)
COUNTRIES_ONLY = one(c={"weight": 1, "units": ["country"]})


def data(
    *assessments: tuple[str, str, Mapping[str, Any]], targets: tuple[Target, ...] = (), **more: Any
) -> ScoringInput:
    """Assessments as round, unit and answers, of the questionnaire `example@1.0.0` unless `more` names others."""
    questionnaires = [
        Questionnaire.model_validate(written_out(short)) for short in more.get("shorts", [SHORT])
    ]
    rows: list[dict[str, str]] = []
    asked = []
    for in_round, unit, answers in assessments:
        for entry in questionnaires:
            asked.append(Asked(in_round, unit, entry.id, entry.version))
            whose = {"questionnaire_id": entry.id, "questionnaire_version": entry.version}
            rows += answer_rows(answers, round_id=in_round, unit_id=unit, **whose)
    table = pd.DataFrame(rows, columns=list(ANSWER_COLUMNS), dtype=str).fillna("")
    return ScoringInput(catalogue_of(questionnaires), organisation_of(UNITS), ROUNDS, table, asked, targets)


def told(entries: list[tuple[str, str, Any]]) -> list[tuple[str, str, str, int]]:
    return [(in_round, unit, move.question.id, move.to_level) for in_round, unit, move in entries]


def test_moves_start_from_the_answers_of_that_unit_in_that_round() -> None:
    found = data(
        ("first", "FR", {"a": 1, "b": 1}),
        ("second", "FR", {"a": 4, "b": 2}),
        ("second", "DE", {"a": 5, "b": 5}),
    )
    assert [[(m.question.id, m.to_level) for m in moves_of(found, asked, 5)] for asked in found.asked] == [
        [("a", 2), ("b", 2)], [("a", 5), ("b", 3)], [],
    ]  # fmt: skip


def test_the_agreed_answer_counts_where_several_people_answered() -> None:
    found = data(("first", "FR", {"a": {"ann": 1, "ben": 5, "agreed": 3}, "b": {"ann": 1, "ben": 2}}))
    assert [(m.question.id, m.to_level) for m in moves_of(found, found.asked[0], 5)] == [("a", 4)]


def test_a_domain_moves_towards_its_countrys_target() -> None:
    wanted = (
        Target("first", "FR", "example", "direction", 2.5),
        Target("second", "FR", "example", "direction", 5.0),
    )
    found = data(
        ("first", "FR.sales", {"a": 3, "b": 3}), ("second", "FR.sales", {"a": 3, "b": 3}), targets=wanted
    )
    assert [len(moves_of(found, asked, 5)) for asked in found.asked] == [0, 2]


def test_a_target_of_another_questionnaire_or_of_the_whole_does_not_count() -> None:
    wanted = (Target("first", "FR", "another", "direction", 1.0), Target("first", "FR", "example", None, 1.0))
    found = data(("first", "FR", {"a": 3, "b": 3}), targets=wanted)
    assert len(moves_of(found, found.asked[0], 5)) == 2


def test_there_are_no_moves_where_nothing_is_asked_or_answered() -> None:
    found = data(("first", "FR.sales", {}), ("first", "DE", {}), shorts=[COUNTRIES_ONLY])
    assert [moves_of(found, asked, 5) for asked in found.asked] == [(), ()]


def test_the_latest_moves_are_those_of_the_last_round_in_the_organisations_order() -> None:
    answers = {"a": 1, "b": 1}
    found = data(
        ("second", "DE", answers),
        ("first", "FR", answers),
        ("second", "FR.sales", answers),
        ("second", "FR", answers),
    )
    assert told(latest_moves(found, 1)) == [
        ("second", "FR", "a", 2), ("second", "FR.sales", "a", 2), ("second", "DE", "a", 2),
    ]  # fmt: skip


def test_the_moves_of_several_questionnaires_stand_by_their_id() -> None:
    shorts = [{**one(z=1), "id": "z-last"}, {**one(a=1), "id": "a-first"}]
    found = data(("first", "FR", {"z": 1, "a": 1}), shorts=shorts)
    assert [entry[2] for entry in told(latest_moves(found, 5))] == ["a", "z"]


def test_without_assessments_there_are_no_moves() -> None:
    assert latest_moves(data(), 5) == []


def test_the_table_has_a_line_for_every_move_and_leaves_owner_date_and_state_open() -> None:
    base = {"weight": 1, "effort": 1}
    found = data(
        ("first", "FR", {"base": 2, "a": 3}), shorts=[one(base=base, a={"weight": 9, "requires": ["base"]})]
    )
    table = moves_table(latest_moves(found, 5))
    assert tuple(table.columns) == MOVE_COLUMNS
    rows = table.drop(columns="gain").to_numpy().tolist()
    assert rows == [
        ["first", "FR", "base", 2, 3, 1, "", "", "", ""],
        ["first", "FR", "a", 3, 4, 2, "base", "", "", ""],
    ]
    assert tuple(moves_table([]).columns) == MOVE_COLUMNS
