"""What blocks: which answers hold whom back, who has taken them on, and what was waived until when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assessment.analysis.blockers import (
    Blocker,
    Moves,
    Waiver,
    Waivers,
    blockers,
    blockers_headline,
    waiver_words,
)
from assessment.analysis.gate_columns import most_open
from assessment.analysis.gate_matrix import gate_matrix
from assessment.analysis.gates import GateState, StageName
from assessment.questionnaire.models import UnitKind
from assessment.statements import MoveContent, MoveState
from tests.analysis.judging import Case, rules
from tests.analysis.rounds import findings_of, labels_of

TODAY = date(2026, 12, 1)
LAW, SPONSOR, TERMS = "dgm-regulatory-map", "dgm-exec-sponsor", "dgm-shared-terms"
CASE: Case = {
    "units": {"FR": ["sales", "finance"], "DE": ["sales"]}, "everything": "3 with document",
    "answers": {
        "FR": {LAW: 1}, "FR.sales": {SPONSOR: 5, TERMS: 1}, "FR.finance": {TERMS: "don't know"},
        "DE.sales": {TERMS: 1},
    },
}  # fmt: skip


def found_in(
    case: Case = CASE, moves: Moves | None = None, waivers: Waivers | None = None
) -> tuple[Blocker, ...]:
    findings = findings_of(case)
    labels = labels_of(findings, UnitKind.DOMAIN)
    return blockers(gate_matrix(findings, rules(), StageName.PILOT, labels), moves or {}, waivers or {})


def move(**content: Any) -> MoveContent:
    return MoveContent(**{"owner": "Ana", "due_on": date(2027, 1, 31), **content})


def waiver(unit: str = "FR.sales", until: date = date(2026, 12, 31)) -> Waiver:
    return Waiver(unit, "data-governance", TERMS, "One user", "Cato", date(2026, 11, 20), until, 1)


def test_hard_gates_come_first_and_of_each_kind_the_one_that_holds_most_units_back() -> None:
    assert [blocker.column.question_id for blocker in found_in()] == [LAW, SPONSOR, TERMS]
    assert [blocker.column.opened for blocker in found_in()] == [2, 1, 3]


def test_the_first_blocker_is_the_gate_that_the_matrix_names() -> None:
    findings = findings_of(CASE)
    matrix = gate_matrix(findings, rules(), StageName.PILOT, labels_of(findings, UnitKind.DOMAIN))
    first = blockers(matrix, {}, {})[0].column
    assert first == most_open(matrix.columns)
    assert f"“{first.title}” blocks {first.opened} of {first.asked} domains" in matrix.headline


def test_an_answer_that_several_units_read_stands_once_with_all_of_them() -> None:
    law = found_in()[0]
    assert [(a.reading.source_unit_id, set(a.unit_ids)) for a in law.answers] == [
        ("FR", {"FR.sales", "FR.finance"})
    ]
    assert law.answers[0].reading.claimed == 1


def test_units_are_counted_by_what_their_answer_shows() -> None:
    _, sponsor, terms = found_in()
    assert [terms.units_in(state) for state in (GateState.NOT_MET, GateState.UNKNOWN, GateState.CLAIMED)] == [
        2,
        1,
        0,
    ]
    assert sponsor.units_in(GateState.CLAIMED) == 1


def test_an_owner_is_who_is_at_work_on_the_answer_and_the_next_due_day_is_the_earliest() -> None:
    moves = {
        ("FR", LAW): move(),
        ("FR.sales", TERMS): move(due_on=date(2027, 3, 1)), ("DE.sales", TERMS): move(due_on=date(2027, 2, 1)),
        ("FR.finance", TERMS): move(owner=" "), ("FR.sales", SPONSOR): move(state=MoveState.DROPPED),
    }  # fmt: skip
    law, sponsor, terms = found_in(moves=moves)
    assert (terms.owned, terms.next_due) == (2, date(2027, 2, 1))
    assert (law.owned, law.next_due) == (1, date(2027, 1, 31))
    assert (sponsor.owned, sponsor.next_due) == (0, None)


@pytest.mark.parametrize(
    ("moves", "headline"),
    [
        ({}, "3 gates open: nobody has taken on 5 of the 5 answers behind them"),
        ({("FR", LAW): move()}, "3 gates open: nobody has taken on 4 of the 5 answers behind them"),
        (
            {("FR", LAW): move(due_on=date(2026, 11, 30))},
            "3 gates open: nobody has taken on 4 of the 5 answers behind them, and 1 is overdue",
        ),
        (
            {("FR", LAW): move(due_on=date(2026, 11, 30)), ("FR.sales", TERMS): move(due_on=date(2026, 1, 1))},
            "3 gates open: nobody has taken on 3 of the 5 answers behind them, and 2 are overdue",
        ),
        ({("FR", LAW): move(due_on=TODAY)}, "3 gates open: nobody has taken on 4 of the 5 answers behind them"),
    ],
)  # fmt: skip
def test_the_headline_says_how_much_nobody_has_taken_on_and_what_is_late(moves: Moves, headline: str) -> None:
    assert blockers_headline(found_in(moves=moves), TODAY) == headline


def test_where_nothing_is_open_it_says_so() -> None:
    everything: Case = {"units": {"FR": ["sales"]}, "everything": "3 with document"}
    assert found_in(everything) == ()
    assert blockers_headline((), TODAY) == "Nothing blocks: none of these gates is open"


def test_waivers_stand_at_the_gates_of_the_units_that_are_held_back() -> None:
    waivers = {
        ("FR.sales", TERMS): waiver(),
        ("FR.finance", LAW): waiver("FR.finance"),
        ("IT.x", TERMS): waiver("IT.x"),
    }
    law, _, terms = found_in(waivers=waivers)
    assert [entry.unit_id for entry in terms.waivers] == ["FR.sales"]
    assert [entry.unit_id for entry in law.waivers] == ["FR.finance"]


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2026, 12, 31), "waived until 31 Dec 2026: One user (Cato)"),
        (TODAY, "waived until 1 Dec 2026: One user (Cato)"),
        (date(2026, 11, 30), "the waiver expired on 30 Nov 2026: One user (Cato)"),
    ],
)
def test_a_waiver_says_who_why_and_until_when_and_that_it_has_expired(until: date, words: str) -> None:
    assert waiver_words(waiver(until=until), TODAY) == words
