from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.moves import best_first
from tests.analysis.moving import moves, names, one

# The order --------------------------------------------------------------------------------------------


def test_the_move_with_the_largest_gain_for_its_effort_comes_first() -> None:
    short = one(
        light={"weight": 1, "effort": 1}, heavy={"weight": 3, "effort": 2}, hard={"weight": 4, "effort": 3},
    )  # fmt: skip
    found = moves(short, {"light": 2, "heavy": 2, "hard": 2})
    assert names(found) == ["heavy", "hard", "light"]
    assert [(m.from_level, m.to_level, m.effort) for m in found] == [(2, 3, 2), (2, 3, 3), (2, 3, 1)]
    assert [m.gain for m in found] == pytest.approx([3 / 8, 4 / 8, 1 / 8])


def test_equal_moves_come_in_the_questionnaires_order() -> None:
    assert names(moves(one(b=1, a=1, c=1), {"a": 2, "b": 2, "c": 2})) == ["b", "a", "c"]


def test_a_move_says_what_it_leads_to_and_where() -> None:
    (move,) = moves(one(a=1), {"a": 3})
    assert (move.goal, move.dimension_title, move.requires) == ("Reaches 4", "About direction", ())


def test_what_nobody_knows_moves_from_the_lowest_level() -> None:
    found = moves(one(a=1, b=1, c=1), {"a": "don't know", "b": 5, "c": 5})
    assert [(m.from_level, m.to_level) for m in found] == [(1, 2)]
    assert found[0].gain == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "answers", [{}, {"a": "not applicable", "b": "not applicable"}, {"a": 5, "b": 5}, {"a": "don't know"}]
)
def test_there_is_no_move_where_nothing_is_known_or_nothing_is_left(answers: dict[str, Any]) -> None:
    assert moves(one(a=1, b=1), answers) == ()


def test_questions_that_are_unanswered_hidden_not_applicable_or_unscored_do_not_move() -> None:
    short = one(
        a=5,
        blank=1,
        absent=1,
        unscored=0,
        decider=1,
        hidden={"show_when": {"question": "decider", "at_least": 3}},
    )
    given_ = {"a": 2, "absent": "not applicable", "unscored": 1, "decider": 2, "hidden": 1}
    assert names(moves(short, given_)) == ["a", "decider"]


def test_no_more_moves_are_given_than_asked_for() -> None:
    short = one(a=1, b=2, c=3)
    every = moves(short, {"a": 1, "b": 1, "c": 1})
    for limit in range(4):
        assert moves(short, {"a": 1, "b": 1, "c": 1}, limit=limit) == every[:limit]


def test_a_scale_of_values_has_no_moves() -> None:
    short = {"scale": {"minimum": 0, "maximum": 1}, "options": [0, 1], **one(a=1)}
    assert moves(short, {"a": 0}) == ()


# Prerequisites ----------------------------------------------------------------------------------------


def requiring(*names_: str, **fields: Any) -> dict[str, Any]:
    return {"weight": 1, "requires": list(names_), **fields}


def test_a_prerequisite_that_lags_is_lifted_first_and_named() -> None:
    short = one(base={"weight": 0.001, "effort": 1}, top=requiring("base", weight=9, effort=1))
    found = moves(short, {"base": 2, "top": 3})
    assert [(m.question.id, m.from_level, m.requires) for m in found] == [
        ("base", 2, ()),
        ("top", 3, ("base",)),
    ]


def test_a_prerequisite_that_has_kept_up_is_no_part_of_the_move() -> None:
    found = moves(one(base=1, top=requiring("base", weight=9)), {"base": 3, "top": 3})
    assert [(m.question.id, m.requires) for m in found] == [("top", ()), ("base", ())]


def test_prerequisites_of_prerequisites_come_first_of_all() -> None:
    short = one(c=requiring("b", weight=100), b=requiring("a"), a=1)
    found = moves(short, {"a": 1, "b": 2, "c": 3})
    assert names(found) == ["a", "b", "c"]
    assert [m.requires for m in found] == [(), ("a",), ("b",)]


def test_a_prerequisite_that_had_kept_up_and_moves_later_for_another_is_not_named() -> None:
    short = one(
        a={"weight": 0.1},
        b=requiring("a", weight=0.1),
        c=requiring("b", weight=0.1),
        top=requiring("c", "b", weight=99),
    )
    found = moves(short, {"a": 1, "b": 2, "c": 2, "top": 3})
    assert [(m.question.id, m.requires) for m in found][:4] == [
        ("c", ()), ("a", ()), ("b", ("a",)), ("top", ("c", "b")),
    ]  # fmt: skip


def test_the_effort_of_the_prerequisites_counts() -> None:
    short = one(
        base={"weight": 0, "effort": 3},
        top=requiring("base", weight=3, effort=1),
        other={"weight": 1, "effort": 1},
    )
    assert names(moves(short, {"base": 1, "top": 2, "other": 2})) == ["other", "base", "top"]


def test_a_question_waits_while_its_prerequisite_lags_by_more_than_one_move() -> None:
    assert names(moves(one(base=1, top=requiring("base", weight=9)), {"base": 1, "top": 3})) == ["base"]


def test_a_question_waits_while_the_prerequisite_of_its_prerequisite_lags_too_far() -> None:
    short = one(c=requiring("b", weight=9), b=requiring("a"), a=1)
    assert names(moves(short, {"a": 1, "b": 3, "c": 4})) == ["a"]


@pytest.mark.parametrize("answer", ["not applicable", None])
def test_a_prerequisite_that_this_unit_cannot_lift_holds_nothing_back(answer: str | None) -> None:
    given_ = {"top": 3} | ({"base": answer} if answer else {})
    assert names(moves(one(base=0.1, top=requiring("base")), given_)) == ["top"]


def test_even_a_circle_of_prerequisites_comes_to_an_end() -> None:
    short = one(a=requiring("b"), b=requiring("c"), c=requiring("a"))
    assert sorted(names(moves(short, {"a": 2, "b": 2, "c": 2}))) == ["a", "b", "c"]
    assert set(names(moves(short, {"a": 3, "b": 2, "c": 2}))) == {"a", "b", "c"}


def test_a_question_never_falls_where_its_own_options_end_below_the_scale() -> None:
    own = [{"id": str(value), "label": f"Is {value}", "value": value} for value in (1, 2, 3)]
    short = one(base={"weight": 1, "options": own}, top=requiring("base", weight=9), other=1)
    found = moves(short, {"base": 3, "top": 4, "other": 4})
    assert names(found) == ["other"]


def test_an_option_between_two_levels_is_a_step_too() -> None:
    own = [
        {"id": name, "label": name, "value": value}
        for name, value in (("low", 1), ("half", 2.5), ("high", 5))
    ]
    (move,) = moves(one(a={"weight": 1, "options": own}), {"a": "low"})
    assert (move.goal, move.gain) == ("half", 1.5)


# Targets ----------------------------------------------------------------------------------------------

TWO = {"dimensions": {"direction": {"questions": {"a": 1, "b": 1}}, "people": {"questions": {"c": 1}}}}


@pytest.mark.parametrize(
    ("targets", "wanted"),
    [
        ({}, ["c", "a", "b"]),
        ({"direction": 5, "people": 5}, ["c", "a", "b"]),
        ({"direction": 5}, ["a", "b"]),
        ({"direction": 2, "people": 5}, ["c"]),
        ({"direction": 2.5}, ["a"]),
        ({"direction": 2.25, "people": 2.0}, ["a"]),
        ({"direction": 1, "people": 2}, []),
        ({"elsewhere": 5}, []),
    ],
)
def test_only_dimensions_below_their_target_move_and_stop_when_they_reach_it(
    targets: dict[str, float], wanted: list[str]
) -> None:
    assert names(moves(TWO, {"a": 2, "b": 2, "c": 2}, targets)) == wanted


def test_a_target_on_a_dimension_wants_every_question_below_it_however_deep() -> None:
    short = {"dimensions": {"outer": {"dimensions": TWO["dimensions"]}, "rest": {"questions": {"d": 9}}}}
    given_ = {"a": 2, "b": 2, "c": 2, "d": 2}
    assert names(moves(short, given_, {"outer": 5})) == ["c", "a", "b"]
    assert names(moves(short, given_, {"outer": 2})) == []
    assert names(moves(short, given_, {"people": 5})) == ["c"]


def test_without_enough_answers_for_a_score_there_is_no_advice() -> None:
    assert moves(one(a=1, b=1, c=1), {"a": 2}) == ()
    assert len(moves(one(a=1, b=1, c=1), {"a": 2, "b": 2})) == 2


def test_where_only_what_nobody_knows_was_said_and_does_not_count_there_is_no_advice() -> None:
    short = {"scoring": {"dont_know": "exclude", "minimum_coverage": 0}, **one(a=1)}
    assert moves(short, {"a": "don't know"}) == ()


def test_of_several_questionnaires_the_best_gain_for_its_effort_comes_first_and_each_keeps_its_order() -> (
    None
):
    small = moves(one(a=1, b={"requires": ["a"]}), {"a": 1, "b": 1}, limit=2)
    large = moves(one(c=1), {"c": 1}, limit=2)
    together = best_first([small, large], 3)
    assert names(together)[0] == "c"
    assert [move for move in together if move in small] == list(small)
    assert best_first([small, large], 1) == (large[0],)
    assert best_first([(), ()], 3) == ()
