"""Moves that were taken on: what is overdue, what was done, and what the answers say of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assessment.analysis.commitments import (
    Commitment,
    CommitmentsFinding,
    Outcome,
    Said,
    Standing,
    commitments_finding,
    commitments_table,
    standing,
)
from assessment.organisation import in_time
from assessment.statements import MoveContent, MoveState
from tests.scoring.shorthand import ID, VERSION, input_of

TODAY = date(2026, 6, 1)
LATE = date(2026, 5, 31)


def said(state: str = "planned", in_round: str = "r1", question: str = "a", **content: Any) -> Said:
    return Said(in_round, "FR", ID, question, MoveContent(state=MoveState(state), **content))


def found(*moves: Said, **answers: Any) -> CommitmentsFinding:
    """What became of the moves; `answers` has France's of each round by the round's id."""
    rounds: dict[str, Any] = {name: {} for name in ("r1", "r2", "r3")}
    given = {f"FR in {name}": answers.get(name, {}) for name in rounds}
    short = {"dimensions": {"direction": {"questions": {"a": 1, "b": 1}}}}
    data = input_of({"questionnaire": short, "rounds": rounds, "answers": given})
    pinned = [
        entry.__class__(entry.id, entry.title, questionnaires={ID: VERSION}) for entry in data.rounds.values()
    ]
    return commitments_finding(moves, data, in_time(pinned), TODAY)


def one(*moves: Said, **answers: Any) -> Commitment:
    (commitment,) = found(*moves, **answers).commitments
    return commitment


def test_a_move_leads_one_level_up_from_the_answer_of_its_round():
    entry = one(said(), r1={"a": 2})
    assert (entry.from_level, entry.wanted, entry.level_now) == (2, 3, 2)
    assert entry.outcome is Outcome.NOT_REACHED
    entry = one(said(), r1={"a": "don't know"}, r2={"a": 2})
    assert (entry.from_level, entry.wanted, entry.level_now) == (1, 2, 2)
    assert entry.outcome is Outcome.REACHED


@pytest.mark.parametrize(
    "answers", [{}, {"r2": {"a": 4}}, {"r1": {"a": "not applicable"}, "r2": {"a": 2}}, {"r1": {"a": 5}}]
)
def test_without_a_level_to_start_from_or_to_reach_nobody_can_tell(answers: Any):
    assert one(said("done"), **answers).outcome is Outcome.UNKNOWN


def test_what_is_said_in_a_later_round_holds_and_is_still_the_same_move():
    entry = one(said("planned", owner="Ana"), said("done", "r3", owner="Ben"), r1={"a": 2}, r3={"a": 3})
    assert (entry.taken_on_in.id, entry.content.state, entry.content.owner) == ("r1", MoveState.DONE, "Ben")
    assert standing(entry) is Standing.REACHED


def test_after_done_or_dropped_the_same_question_is_another_move():
    for end in ("done", "dropped"):
        finding = found(said(end), said("planned", "r2"), r1={"a": 1}, r2={"a": 2})
        begun = {entry.taken_on_in.id: entry.content.state for entry in finding.commitments}
        assert begun == {"r1": MoveState(end), "r2": MoveState.PLANNED}


@pytest.mark.parametrize(
    ("state", "overdue"), [("planned", True), ("under_way", True), ("done", False), ("dropped", False)]
)
def test_only_what_is_open_after_its_day_is_overdue(state: str, overdue: bool):
    assert one(said(state, due_on=LATE)).is_overdue is overdue
    assert not one(said(state, due_on=TODAY)).is_overdue
    assert not one(said(state)).is_overdue


def test_what_is_overdue_comes_first_then_what_is_open_by_its_day():
    finding = found(
        said("done", question="a"), said("planned", question="b", due_on=LATE), r1={"a": 1, "b": 1}
    )
    assert [entry.question.id for entry in finding.commitments] == ["b", "a"]


def test_a_move_on_a_question_that_the_round_does_not_ask_is_passed_over():
    assert not found(said(question="z")).commitments
    assert not found(said(in_round="elsewhere")).commitments


@pytest.mark.parametrize(
    ("moves", "now", "headline"),
    [
        ((), {}, "No move has been taken on yet"),
        ((said(),), {"a": 1}, "None of 1 move taken on is done yet"),
        ((said("done"),), {"a": 2}, "1 of 1 move taken on is done, and the answers show it"),
        ((said("done"), said("done", question="b")), {"a": 2, "b": 1}, "2 of 2 moves taken on are done; the answers show 1 of them"),
        (
            (said("done"), said(question="b", due_on=LATE)), {"a": 1},
            "1 of 2 moves taken on is done; the answers show none of it; 1 overdue",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_done_shown_and_overdue(moves: Any, now: Any, headline: str):
    assert found(*moves, r1={"a": 1, "b": 1}, r2=now).headline == headline


def test_a_round_counts_what_was_taken_on_in_it():
    finding = found(said("done"), said("dropped", "r2", question="b"), r1={"a": 1})
    assert [entry.id for entry in finding.rounds] == ["r1", "r2"]
    assert finding.number("r1", Standing.ONLY_SAID) == 1
    assert finding.number("r2", Standing.DROPPED) == 1
    assert finding.number("r2", Standing.ONLY_SAID) == 0


def test_the_table_leaves_empty_what_is_not_known():
    table = commitments_table(found(said(owner="Ana", note="=1+1")).commitments)
    row = table.iloc[0]
    assert (row["owner"], row["due_on"], row["state"], row["note"]) == ("Ana", "", "planned", "=1+1")
    assert table[["from_level", "wanted_level", "level_now"]].isna().all(axis=None)
