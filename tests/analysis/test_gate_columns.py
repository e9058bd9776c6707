"""One gate over many units: what blocks is told apart from what nobody knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessment.analysis.gate_columns import RISK, GateColumn, below_words, blocking_words, is_tie, most_open
from assessment.analysis.gates import Gate, GateState, StageName
from assessment.analysis.readings import Known, Reading


def column(opened: int, unknown: int = 0, *, hard: bool = True, name: str = "q") -> GateColumn:
    return GateColumn(name, "data", "Gate", 3, hard, opened, 12, unknown)


def gates(*states: GateState, hard: bool = True) -> list[Gate]:
    nothing = Reading("q", "FR.sales", Known.UNANSWERED)
    return [Gate("FR.sales", StageName.PILOT, "data", 3, hard, nothing, state) for state in states]


@pytest.mark.parametrize(
    ("found", "ties", "words"),
    [
        (column(5), 0, "“Gate” blocks 5 of 12 domains"),
        (column(5, 2), 1, "“Gate” blocks 3 of 12 domains (and 1 other as many), unknown in 2"),
        (column(2, 2), 0, "“Gate” is unknown in 2 of 12 domains"),
        (column(5, 1, hard=False), 0, "“Gate” is open in 4 of 12 domains, unknown in 1"),
    ],
)
def test_what_a_gate_blocks_is_said_apart_from_what_nobody_knows(
    found: GateColumn, ties: int, words: str
) -> None:
    assert blocking_words(found, "12 domains", ties) == words


def test_the_gate_that_blocks_most_is_hard_and_known_to_block() -> None:
    many_unknown, few_blocked, floor = column(9, 8), column(2), column(12, hard=False)
    assert most_open([many_unknown, few_blocked, floor]) == few_blocked
    assert most_open([column(0)]) is None


def test_gates_tie_in_what_they_block_or_where_nothing_is_known_in_that() -> None:
    assert is_tie(column(5, 2), column(3))
    assert not is_tie(column(5), column(3))
    assert is_tie(column(2, 2), column(2, 2))
    assert not is_tie(column(1, 1), column(2, 2))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], ""),
        (gates(GateState.MET, GateState.NOT_MET, GateState.CLAIMED), "blocks 2 of its 3 domains"),
        (gates(GateState.UNKNOWN, GateState.NOT_MET), "blocks 1 of its 2 domains, unknown in 1"),
        (gates(GateState.NOT_MET, hard=False), "open in 1 of its 1 domain"),
    ],
)
def test_a_country_is_told_how_many_of_its_domains_a_gate_holds_back(found: list[Gate], words: str) -> None:
    assert below_words(found) == words


def test_every_gate_has_a_name_in_the_address() -> None:
    assert (column(0).key, replace(column(0), question_id=RISK).key) == ("q", "risk")
