"""What must hold of the next moves whatever was asked, answered and wanted."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.moves import Move
from assessment.questionnaire.models import Questionnaire
from tests.analysis.moving import ALL, moves, names, node_scores
from tests.laws import tried
from tests.scoring import invented
from tests.scoring.shorthand import written_out

Case = tuple[dict[str, Any], dict[str, Any], dict[str, float]]
modest = tried(50)


def case(random: Random, requires: bool = True, branching: bool = True) -> Case:
    """A questionnaire of any shape with efforts and prerequisites, answers to it, and targets or none."""
    short = invented.questionnaire(
        random, "example", scales=[invented.LEVELS], branching=branching, kinds=False
    )
    short["scoring"]["minimum_coverage"] = 0
    questions = invented.questions_of(short)
    for place, name in enumerate(questions):
        questions[name]["effort"] = random.randint(1, 3)
        earlier = random.sample(list(questions)[:place], min(place, random.randrange(3)))
        questions[name]["requires"] = earlier if requires else []
    answers = invented.answers(random, short, respondents=False)
    dimensions = [entry.id for entry in Questionnaire.model_validate(written_out(short)).all_dimensions()]
    targets = {name: random.choice((2, 2.5, 3, 4, 5)) for name in dimensions if random.randrange(2)}
    return short, answers, targets if random.randrange(2) else {}


cases = st.integers(0, 2**32 - 1).map(Random).map(case)
simple_cases = st.integers(0, 2**32 - 1).map(Random).map(lambda random: case(random, False, False))


def level_of(answers: dict[str, Any], question: str) -> int | None:
    """The level that an answer stands for; None when it has none."""
    text = str(answers.get(question, "not applicable"))
    return {"not applicable": None, "don't know": 1}[text] if text[0] in "nd" else int(text[0])


def after(answers: dict[str, Any], made: tuple[Move, ...]) -> dict[str, Any]:
    return {**answers, **{move.question.id: move.to_level for move in made}}


def around(short: dict[str, Any]) -> dict[str, set[str]]:
    """The dimensions that each question is in, however deep."""
    found: dict[str, set[str]] = {}
    for dimension in Questionnaire.model_validate(written_out(short)).all_dimensions():
        for question in dimension.all_questions():
            found.setdefault(question.id, set()).add(dimension.id)
    return found


def is_wanted(dimensions: set[str], scores: dict[str | None, float], targets: dict[str, float]) -> bool:
    """Whether a dimension around the question is below its target; without targets everything is wanted."""
    return not targets or any(scores[name] < targets.get(name, 0) for name in dimensions)


def whole(short: dict[str, Any], answers: dict[str, Any]) -> float:
    return node_scores(short, answers)[None]


@modest
@given(cases)
def test_each_question_moves_once_by_one_level_from_its_own(case: Case) -> None:
    short, answers, targets = case
    found = moves(short, answers, targets)
    assert len(set(names(found))) == len(found)
    for move in found:
        assert move.from_level == level_of(answers, move.question.id)
        assert move.to_level == move.from_level + 1 <= 5
        assert move.effort == move.question.effort
        assert move.goal == f"Reaches {move.to_level}"


@modest
@given(simple_cases)
def test_gains_add_up_to_the_change_of_the_score(case: Case) -> None:
    short, answers, targets = case
    found = moves(short, answers, targets)
    for number in range(1, len(found) + 1):
        change = whole(short, after(answers, found[:number])) - whole(short, answers)
        assert sum(move.gain for move in found[:number]) == pytest.approx(change, abs=1e-9)


@modest
@given(cases)
def test_no_question_runs_ahead_of_what_it_requires(case: Case) -> None:
    short, answers, targets = case
    found = moves(short, answers, targets)
    hidden = hidden_questions(short, answers)
    for number, move in enumerate(found):
        reached = after(answers, found[:number])
        for required in set(move.question.requires) - hidden:
            level = level_of(reached, required)
            assert level is None or level >= move.from_level, (move.question.id, required)
        assert set(move.requires) <= set(move.question.requires) & set(names(found[:number]))


@modest
@given(cases)
def test_hidden_and_unanswered_questions_never_move(case: Case) -> None:
    short, answers, targets = case
    moved = set(names(moves(short, answers, targets)))
    assert moved <= {name for name in answers if level_of(answers, name) is not None}
    assert not moved & hidden_questions(short, answers)


@modest
@given(simple_cases)
def test_without_prerequisites_only_questions_in_a_dimension_below_its_target_move(case: Case) -> None:
    short, answers, targets = case
    dimensions = around(short)
    found = moves(short, answers, targets)
    for number, move in enumerate(found):
        scores = node_scores(short, after(answers, found[:number]))
        assert is_wanted(dimensions[move.question.id], scores, targets)


@modest
@given(simple_cases)
def test_without_prerequisites_no_other_move_would_gain_more_for_its_effort(case: Case) -> None:
    short, answers, targets = case
    before = node_scores(short, answers)
    found = moves(short, answers, targets)
    gains = {0.0}
    for name, dimensions in around(short).items():
        level = level_of(answers, name)
        if level is not None and level < 5 and is_wanted(dimensions, before, targets):
            gain = whole(short, {**answers, name: level + 1}) - before[None]
            gains.add(gain / invented.questions_of(short)[name]["effort"])
    best = found[0].gain / found[0].effort if found else 0.0
    assert best == pytest.approx(max(gains), abs=1e-9)


@modest
@given(cases, st.integers(0, 5))
def test_fewer_moves_are_the_first_of_more(case: Case, limit: int) -> None:
    short, answers, targets = case
    assert moves(short, answers, targets, limit) == moves(short, answers, targets, ALL)[:limit]


def hidden_questions(short: dict[str, Any], answers: dict[str, Any]) -> set[str]:
    """What branching hides: every question whose decider is hidden, or below what it takes."""
    questions = invented.questions_of(short)

    def is_hidden(name: str) -> bool:
        condition = questions[name].get("show_when")
        if condition is None:
            return False
        text = str(answers.get(condition["question"], "not applicable"))
        is_low = text[0] in "nd" or int(text[0]) < condition["at_least"]
        return is_low or is_hidden(condition["question"])

    return {name for name in questions if is_hidden(name)}
