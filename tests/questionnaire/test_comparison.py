"""What became of every question between two versions, and the step that it demands.

The questionnaire below is changed at one place at a time. `old` isn't core and `kept` is; both have words enough that
one changed word tells nothing about where a question came from.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.questionnaire.comparison import Change, Comparison, Step, compare
from assessment.questionnaire.differences import Difference, differences
from assessment.questionnaire.lint import lint_ids
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.numbering import version_key
from tests.questionnaire.builders import dimension, question, questionnaire

Data = dict[str, Any]
Edit = Callable[[Data], object]

VIGNETTE = {"id": "ana", "question": "old", "level": 2, "situation": "Ana keeps a list."}
OLD = question(
    "old",
    prompt="Who keeps the list of data sets?",
    help="Ask the data office.",
    evidence="The list",
    weight=2,
)
KEPT = question("kept", prompt="How fast are faults mended?", core=True)


def start() -> Data:
    return copy.deepcopy(
        questionnaire(
            dimension("first", OLD, summary="On lists."), dimension("second", KEPT),
            summary="On lists and faults.", vignettes=[VIGNETTE],
        )
    )  # fmt: skip


def old(data: Data) -> Data:
    found: Data = data["dimensions"][0]["questions"][0]
    return found


def kept(data: Data) -> Data:
    found: Data = data["dimensions"][1]["questions"][0]
    return found


def version(data: Data, number: str = "2.0.0") -> Questionnaire:
    return Questionnaire.model_validate({**data, "version": number})


def after(edit: Edit, number: str = "2.0.0", *same_meaning: str) -> Comparison:
    """The first version against one in which `edit` changed something."""
    data = start()
    edit(data)
    return compare(version(start(), "1.0.0"), version(data, number), same_meaning)


def became(comparison: Comparison) -> dict[str, Change]:
    return {entry.question_id: entry.change for entry in comparison.questions}


def put(name: str, value: Any, where: Callable[[Data], Data] = old) -> Edit:
    return lambda data: where(data).update({name: value})


# One change to one question --------------------------------------------------------------------------------

LEVELS = OLD["levels"]
#: What an author does to a question, what it is taken for, and the step when the question isn't core, and when it is.
EDITS: dict[str, tuple[Edit, Change, Step, Step]] = {
    "nothing": (lambda _: None, Change.UNCHANGED, Step.NONE, Step.NONE),
    "capitals": (put("prompt", "WHO keeps the list of Data Sets?"), Change.WORDING, Step.PATCH, Step.PATCH),
    "commas": (put("prompt", "Who keeps the list, of data sets …?"), Change.WORDING, Step.PATCH, Step.PATCH),
    "other quotes": (put("help", "“Ask” the data-office!"), Change.WORDING, Step.PATCH, Step.PATCH),
    "a full stop in an option": (
        put("levels", {**LEVELS, "2": "One is named"}), Change.WORDING, Step.PATCH, Step.PATCH,
    ),
    "other evidence": (put("evidence", "A photo of it"), Change.WORDING, Step.PATCH, Step.PATCH),
    "no evidence": (put("evidence", None), Change.WORDING, Step.PATCH, Step.PATCH),
    "a title": (put("title", "The list"), Change.WORDING, Step.PATCH, Step.PATCH),
    "where it comes from": (put("maps_to", ["DCAM DC1"]), Change.WORDING, Step.PATCH, Step.PATCH),
    "a word in the prompt": (
        put("prompt", "Who reads the list of data sets?"), Change.MEANING, Step.MINOR, Step.MAJOR,
    ),
    "a word in the help": (put("help", "Ask the post office."), Change.MEANING, Step.MINOR, Step.MAJOR),
    "no help": (put("help", None), Change.MEANING, Step.MINOR, Step.MAJOR),
    "a word in an option": (
        put("levels", {**LEVELS, "2": "Two are named."}), Change.MEANING, Step.MINOR, Step.MAJOR,
    ),
    "a number": (put("help", "Ask the data office 1.5 times."), Change.MEANING, Step.MINOR, Step.MAJOR),
    "another weight": (put("weight", 3), Change.STRUCTURE, Step.MAJOR, Step.MAJOR),
    "other units": (put("units", ["country", "domain"]), Change.STRUCTURE, Step.MAJOR, Step.MAJOR),
    "a gate": (put("gate", {"level": 2}), Change.STRUCTURE, Step.MAJOR, Step.MAJOR),
    "another phase": (put("phase", "before"), Change.STRUCTURE, Step.MAJOR, Step.MAJOR),
    "more effort": (put("effort", 3), Change.STRUCTURE, Step.MAJOR, Step.MAJOR),
    "a requirement": (put("requires", ["kept"]), Change.STRUCTURE, Step.MAJOR, Step.MAJOR),
    "a condition": (
        put("show_when", {"question": "kept", "at_least": 2}), Change.STRUCTURE, Step.MAJOR, Step.MAJOR,
    ),
    "another word and another weight": (
        lambda data: old(data).update(prompt="Who reads the list?", weight=3),
        Change.STRUCTURE, Step.MAJOR, Step.MAJOR,
    ),
    "a word and a comma": (
        lambda data: old(data).update(prompt="Who reads the list of data sets?", help="Ask, the data office."),
        Change.MEANING, Step.MINOR, Step.MAJOR,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "change", "bump", "_core"), EDITS.values(), ids=list(EDITS))
def test_a_change_is_called_by_its_name_and_demands_its_step(
    edit: Edit, change: Change, bump: Step, _core: Step
) -> None:
    comparison = after(edit)
    assert became(comparison) == {"old": change, "kept": Change.UNCHANGED}
    assert comparison.frame == ()
    assert comparison.demands is bump
    assert comparison.count(change) == (2 if change is Change.UNCHANGED else 1)


@pytest.mark.parametrize(("edit", "change", "_other", "bump"), EDITS.values(), ids=list(EDITS))
def test_the_same_change_to_a_core_question_demands_as_much_or_more(
    edit: Edit, change: Change, _other: Step, bump: Step
) -> None:
    before, data = start(), start()
    old(before)["core"] = old(data)["core"] = True
    edit(data)
    comparison = compare(version(before, "1.0.0"), version(data))
    assert became(comparison)["old"] is change
    assert comparison.demands is bump


def test_a_question_that_was_core_or_becomes_it_counts_as_core() -> None:
    comparison = after(lambda data: (old(data).update(core=True), kept(data).update(core=False)))
    assert [(entry.question_id, entry.change, entry.core) for entry in comparison.questions] == [
        ("old", Change.STRUCTURE, True), ("kept", Change.STRUCTURE, True),
    ]  # fmt: skip
    assert comparison.demands is Step.MAJOR


def test_a_question_that_moves_to_another_dimension_changes_its_structure() -> None:
    def move(data: Data) -> None:
        data["dimensions"][1]["questions"].append(data["dimensions"][0]["questions"].pop())
        data["dimensions"][0]["questions"] = [question("filler", prompt="Why?")]

    comparison = after(move)
    assert became(comparison)["old"] is Change.STRUCTURE
    (entry,) = [entry for entry in comparison.questions if entry.question_id == "old"]
    assert entry.details == (Difference(("dimension",), "first", "second"),)
    assert comparison.demands is Step.MAJOR


def test_what_changed_is_told_with_its_place_and_both_values() -> None:
    (entry, _) = after(put("levels", {**LEVELS, "2": "Two are named."})).questions
    assert entry.details == (Difference(("options", "2", "label"), "One is named.", "Two are named."),)
    assert str(entry.details[0]) == "options › 2 › label: was 'One is named.', is 'Two are named.'"


# Options ------------------------------------------------------------------------------------------------------

YES, NO, PARTLY = (
    {"id": name, "label": label, "value": value}
    for name, label, value in (("yes", "It is.", 1), ("no", "It isn't.", 0), ("partly", "Half of it.", 0.5))
)


def with_options(number: str, *options: Data) -> Questionnaire:
    data = questionnaire(
        dimension("first", question("own", options=[dict(option) for option in options])),
        scale={"minimum": 0, "maximum": 1},
    )
    return version(data, number)


@pytest.mark.parametrize(
    "options",
    [
        (YES, NO, PARTLY),
        (YES,),
        (NO, YES),
        ({**YES, "value": 0.75}, NO),
        ({**YES, "id": "ja"}, NO),
        ({**YES, "value": 0.75, "label": "It is so."}, NO),
    ],
    ids=["one more", "one less", "another order", "another value", "another id", "value and words"],
)
def test_what_options_there_are_in_which_order_and_worth_what_is_the_scale(options: tuple[Data, ...]) -> None:
    comparison = compare(with_options("1.0.0", YES, NO), with_options("1.1.0", *options), ["own"])
    assert became(comparison) == {"own": Change.SCALE}
    assert comparison.demands is Step.MAJOR


def test_a_relabelled_option_is_a_meaning_and_no_scale() -> None:
    comparison = compare(
        with_options("1.0.0", YES, NO), with_options("1.1.0", {**YES, "label": "It was once."}, NO)
    )
    assert became(comparison) == {"own": Change.MEANING}


# The author's word ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["a word in the prompt", "a word in the help", "no help", "a word in an option"]
)
def test_words_that_the_author_confirms_are_wording(name: str) -> None:
    comparison = after(EDITS[name][0], "1.0.1", "old")
    assert became(comparison)["old"] is Change.WORDING
    assert comparison.demands is Step.PATCH
    assert comparison.is_honest


def test_a_confirmed_core_question_is_a_patch_too() -> None:
    comparison = after(put("prompt", "How quickly are faults mended?", kept), "1.0.1", "kept")
    assert became(comparison)["kept"] is Change.WORDING
    assert comparison.is_honest


def test_confirming_one_question_says_nothing_about_another() -> None:
    comparison = after(put("prompt", "How slow is the mending?", kept), "1.0.1", "old")
    assert became(comparison) == {"old": Change.UNCHANGED, "kept": Change.MEANING}
    assert not comparison.is_honest


@pytest.mark.parametrize("name", ["another weight", "other units", "another word and another weight"])
def test_what_is_no_wording_cannot_be_confirmed_away(name: str) -> None:
    assert after(EDITS[name][0], "1.0.1", "old").demands is Step.MAJOR


# Questions that come and go ---------------------------------------------------------------------------------------

STEWARD = question(
    "steward", prompt="What happens at night?", levels={"1": "Sleep.", "2": "Guard.", "3": "Alarm."}
)


def add(*questions: Data) -> Edit:
    return lambda data: data["dimensions"][0]["questions"].extend(questions)


def replace_old(*questions: Data) -> Edit:
    def edit(data: Data) -> None:
        data["dimensions"][0]["questions"] = list(questions)
        data["vignettes"] = []

    return edit


def changes(comparison: Comparison) -> dict[str, tuple[Change, tuple[str, ...]]]:
    return {
        entry.question_id: (entry.change, entry.others)
        for entry in comparison.questions
        if entry.change is not Change.UNCHANGED
    }


@pytest.mark.parametrize(("core", "bump"), [(False, Step.MINOR), (True, Step.MAJOR)])
def test_a_new_question_is_minor_unless_it_is_core(core: bool, bump: Step) -> None:
    comparison = after(add({**STEWARD, "core": core}))
    assert changes(comparison) == {"steward": (Change.NEW, ())}
    assert comparison.demands is bump


@pytest.mark.parametrize(("core", "bump"), [(False, Step.MINOR), (True, Step.MAJOR)])
def test_a_retired_question_is_minor_unless_it_was_core(core: bool, bump: Step) -> None:
    before, data = start(), start()
    before["dimensions"][0]["questions"].append({**STEWARD, "core": core})
    comparison = compare(version(before, "1.0.0"), version(data))
    assert changes(comparison) == {"steward": (Change.RETIRED, ())}
    assert comparison.demands is bump


def test_an_exchanged_question_is_one_retired_and_one_new() -> None:
    comparison = after(replace_old(STEWARD))
    assert changes(comparison) == {"old": (Change.RETIRED, ()), "steward": (Change.NEW, ())}


def test_a_renamed_question_names_the_other_id_on_both_sides() -> None:
    comparison = after(replace_old({**OLD, "id": "renamed"}))
    assert changes(comparison) == {"old": (Change.RETIRED, ("renamed",)), "renamed": (Change.NEW, ("old",))}


HALVES = (
    question("written", prompt="Who keeps the list of data sets in writing?", levels=LEVELS),
    question("shown", prompt="Who shows the list of data sets?", levels=LEVELS),
)


def test_a_question_that_lives_on_in_two_was_split_and_that_is_major() -> None:
    comparison = after(replace_old(*HALVES))
    assert changes(comparison) == {
        "old": (Change.SPLIT, ("written", "shown")),
        "written": (Change.NEW, ("old",)),
        "shown": (Change.NEW, ("old",)),
    }
    assert comparison.demands is Step.MAJOR


def test_two_questions_that_live_on_in_one_were_merged_and_that_is_major() -> None:
    before, data = start(), start()
    before["dimensions"][0]["questions"].extend(HALVES)
    data["dimensions"][0]["questions"].append({**HALVES[0], "id": "both"})
    comparison = compare(version(before, "1.0.0"), version(data))
    assert changes(comparison) == {
        "both": (Change.MERGED, ("written", "shown")),
        "written": (Change.RETIRED, ("both",)),
        "shown": (Change.RETIRED, ("both",)),
    }
    assert comparison.demands is Step.MAJOR


def test_a_question_that_stays_is_no_parent_of_a_new_one() -> None:
    assert changes(after(add(*HALVES))) == {"written": (Change.NEW, ()), "shown": (Change.NEW, ())}


@pytest.mark.parametrize(("prompt", "others"), [("Red big new tin", ("heir",)), ("Red big new tin hat", ())])
def test_three_words_of_ten_in_common_are_enough_to_come_from_a_question(
    prompt: str, others: tuple[str, ...]
) -> None:
    """Besides the prompt, each has three words in its options; 'red', 'cat' and 'dog' are in both."""
    levels = {"1": "Cat", "2": "Dog", "3": "Cow"}
    before, data = start(), start()
    replace_old(question("parent", prompt="Red old box", levels=levels))(before)
    replace_old(question("heir", prompt=prompt, levels={**levels, "3": "Owl"}))(data)
    assert changes(compare(version(before, "1.0.0"), version(data)))["parent"] == (Change.RETIRED, others)


# What stands around the questions -----------------------------------------------------------------------------------

FRAMES: dict[str, tuple[Edit, Step]] = {
    "the title": (lambda data: data.update(title="Another"), Step.PATCH),
    "the summary": (lambda data: data.update(summary="On faults."), Step.PATCH),
    "no summary": (lambda data: data.update(summary=None), Step.PATCH),
    "the title of a dimension": (lambda data: data["dimensions"][0].update(title="Another"), Step.PATCH),
    "the summary of a dimension": (lambda data: data["dimensions"][1].update(summary="On faults."), Step.PATCH),
    "the name of a level": (lambda data: data["scale"][0].update(name="Beginning"), Step.PATCH),
    "the words of a vignette": (
        lambda data: data["vignettes"][0].update(situation="Ana lost the list."), Step.MINOR,
    ),
    "the level of a vignette": (lambda data: data["vignettes"][0].update(level=3), Step.MINOR),
    "a vignette more": (lambda data: data["vignettes"].append({**VIGNETTE, "id": "ben"}), Step.MINOR),
    "a vignette less": (lambda data: data.update(vignettes=[]), Step.MINOR),
    "the weight of a dimension": (lambda data: data["dimensions"][0].update(weight=2), Step.MAJOR),
    "the rule of a dimension": (lambda data: data["dimensions"][0].update(aggregate="minimum"), Step.MAJOR),
    "the order of dimensions": (lambda data: data["dimensions"].reverse(), Step.MAJOR),
    "the rule of all": (lambda data: data.update(scoring={"aggregate": "geometric"}), Step.MAJOR),
    "the coverage": (lambda data: data.update(scoring={"minimum_coverage": 0.5}), Step.MAJOR),
    "what not knowing counts": (lambda data: data.update(scoring={"dont_know": "exclude"}), Step.MAJOR),
    "the language": (lambda data: data.update(language="fr"), Step.MAJOR),
    "a level more": (lambda data: data["scale"].append({"level": 4, "name": "Best"}), Step.MAJOR),
    "a range for levels": (lambda data: data.update(scale={"minimum": 1, "maximum": 3}), Step.MAJOR),
    "the id": (lambda data: data.update(id="another"), Step.MAJOR),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "bump"), FRAMES.values(), ids=list(FRAMES))
def test_a_change_around_the_questions_leaves_them_and_demands_its_step(edit: Edit, bump: Step) -> None:
    comparison = after(edit)
    assert set(became(comparison).values()) == {Change.UNCHANGED}
    assert len(comparison.frame) >= 1
    assert comparison.demands is bump


def test_the_state_and_the_date_of_a_version_are_no_change() -> None:
    comparison = after(lambda data: data.update(status="retired", published_on="2026-12-01"), "1.0.0")
    assert comparison.frame == ()
    assert comparison.demands is Step.NONE


@pytest.mark.parametrize("name", ["third", "title", "name"])
def test_a_new_dimension_is_major_whatever_it_is_called(name: str) -> None:
    comparison = after(lambda data: data["dimensions"].append(dimension(name, STEWARD)))
    assert changes(comparison) == {"steward": (Change.NEW, ())}
    assert comparison.demands is Step.MAJOR


def test_dimensions_that_are_gathered_below_another_are_major() -> None:
    comparison = after(
        lambda data: data.update(dimensions=[{"id": "all", "title": "All", "dimensions": data["dimensions"]}])
    )
    assert set(became(comparison).values()) == {Change.UNCHANGED}
    assert comparison.demands is Step.MAJOR


def test_the_gravest_of_all_changes_decides() -> None:
    title, _ = FRAMES["the title"]
    meaning, weight = EDITS["a word in the prompt"][0], EDITS["another weight"][0]
    assert after(lambda data: (title(data), meaning(data))).demands is Step.MINOR
    assert after(lambda data: (title(data), meaning(data), weight(data))).demands is Step.MAJOR


# Steps ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "step"),
    [
        ("1.2.3", Step.NONE), ("1.2.2", Step.NONE), ("1.1.9", Step.NONE), ("0.9.9", Step.NONE),
        ("1.2.4", Step.PATCH), ("1.2.10", Step.PATCH), ("1.3.0", Step.MINOR), ("1.10.0", Step.MINOR),
        ("1.3.4", Step.MINOR), ("2.0.0", Step.MAJOR), ("10.0.0", Step.MAJOR), ("2.3.4", Step.MAJOR),
    ],
)  # fmt: skip
def test_the_step_is_the_first_number_that_rises(number: str, step: Step) -> None:
    assert compare(version(start(), "1.2.3"), version(start(), number)).step is step


@pytest.mark.parametrize("number", ["0.9.0", "1.0.0", "1.0.1", "1.1.0", "2.0.0"])
@pytest.mark.parametrize("name", ["nothing", "capitals", "a word in the prompt", "another weight"])
def test_a_step_is_honest_when_it_is_as_large_as_the_changes_or_larger(name: str, number: str) -> None:
    edit, _, demanded, _ = EDITS[name]
    large_enough = {
        Step.NONE: {"0.9.0", "1.0.0", "1.0.1", "1.1.0", "2.0.0"},
        Step.PATCH: {"1.0.1", "1.1.0", "2.0.0"},
        Step.MINOR: {"1.1.0", "2.0.0"},
        Step.MAJOR: {"2.0.0"},
    }
    assert after(edit, number).is_honest is (number in large_enough[demanded])


# The proof case -----------------------------------------------------------------------------------------------

COUNTS = ("No", "Yes, for some", "Yes, for half or more", "Yes, for all")


def samm(number: str, reworded: int) -> Questionnaire:
    """Built like OWASP SAMM: 12 questions of four answers; 2.2.0 kept all ids and values and reworded answers."""
    questions = []
    for place in range(12):
        what = "of the applications" if place < reworded else "of your teams"
        options = [
            {"id": f"option-{value}", "label": f"{label} {what if value else ''}", "value": value / 3}
            for value, label in enumerate(COUNTS)
        ]
        questions.append(question(f"stream-{place}", prompt=f"Do you do practice {place}?", options=options))
    data = questionnaire(dimension("practices", *questions), id="samm", scale={"minimum": 0, "maximum": 1})
    return version(data, number)


def test_answers_reworded_behind_the_same_ids_and_values_are_all_found() -> None:
    before, later = samm("2.1.0", 0), samm("2.2.0", 9)
    assert list(before.questions) == list(later.questions)
    for name, entry in before.questions.items():
        assert [(option.id, option.value) for option in entry.options] == [
            (option.id, option.value) for option in later.questions[name].options
        ]
        assert entry.prompt == later.questions[name].prompt
    assert lint_ids(later, [before], later.reference) == [], "ids alone tell nothing"

    comparison = compare(before, later)
    reworded = [f"stream-{place}" for place in range(9)]
    assert [name for name, change in became(comparison).items() if change is Change.MEANING] == reworded
    assert comparison.count(Change.UNCHANGED) == 3
    assert comparison.demands is Step.MINOR
    assert {detail.path[-1] for entry in comparison.questions for detail in entry.details} == {"label"}


def test_a_patch_with_reworded_answers_is_refused_until_each_is_confirmed() -> None:
    before, later = samm("2.1.0", 0), samm("2.1.1", 9)
    reworded = [f"stream-{place}" for place in range(9)]
    assert not compare(before, later).is_honest
    assert not compare(before, later, reworded[:-1]).is_honest
    assert compare(before, later, reworded).is_honest


# Laws -----------------------------------------------------------------------------------------------------------

#: These take away what others change.
TAKING = {"a vignette less", "a range for levels"}
edits = st.lists(
    st.sampled_from(
        [edit for edit, *_ in EDITS.values()]
        + [edit for name, (edit, _) in FRAMES.items() if name not in TAKING]
        + [add(STEWARD), add(*HALVES)]
    ),
    max_size=4,
    unique_by=id,
)
numbers = st.tuples(*[st.integers(0, 12)] * 3).map(lambda parts: ".".join(map(str, parts)))


def edited(chosen: list[Edit], number: str = "1.0.0") -> Questionnaire:
    data = start()
    for edit in chosen:
        edit(data)
    return version(data, number)


@given(edits, st.lists(st.sampled_from(["old", "kept", "nobody"])))
def test_a_version_compared_with_itself_is_unchanged_and_demands_nothing(
    chosen: list[Edit], same_meaning: list[str]
) -> None:
    one = edited(chosen)
    comparison = compare(one, one, same_meaning)
    assert set(became(comparison)) == set(one.questions)
    assert set(became(comparison).values()) == {Change.UNCHANGED}
    assert comparison.frame == ()
    assert (comparison.demands, comparison.step) == (Step.NONE, Step.NONE)
    assert comparison.is_honest


@given(edits, edits)
def test_every_question_of_both_versions_is_told_once(one: list[Edit], other: list[Edit]) -> None:
    before, later = edited(one), edited(other)
    told = [entry.question_id for entry in compare(before, later).questions]
    assert len(told) == len(set(told))
    assert set(told) == set(before.questions) | set(later.questions)


@given(edits, edits)
def test_what_is_unchanged_one_way_is_so_the_other_way(one: list[Edit], other: list[Edit]) -> None:
    before, later = edited(one), edited(other)
    there, back = became(compare(before, later)), became(compare(later, before))
    common = set(before.questions) & set(later.questions)
    assert {name: there[name] for name in common} == {name: back[name] for name in common}
    assert compare(before, later).demands == compare(later, before).demands


@given(edits, edits, st.sets(st.sampled_from(["old", "kept"])))
def test_a_confirmation_never_makes_a_step_larger(
    one: list[Edit], other: list[Edit], confirmed: set[str]
) -> None:
    before, later = edited(one), edited(other)
    assert compare(before, later, confirmed).demands <= compare(before, later).demands


@given(edits, edits)
def test_a_major_step_is_always_enough_and_no_step_only_for_nothing(
    one: list[Edit], other: list[Edit]
) -> None:
    before = edited(one)
    assert compare(before, edited(other, "2.0.0")).is_honest
    standing = compare(before, edited(other))
    assert standing.is_honest is (standing.demands is Step.NONE)


@given(numbers, numbers)
def test_a_step_is_made_only_upwards(one: str, other: str) -> None:
    step = compare(version(start(), one), version(start(), other)).step
    assert (step is not Step.NONE) is (version_key(other) > version_key(one))


# Differences ----------------------------------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from("ab"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert list(differences(value, copy.deepcopy(value))) == []


@pytest.mark.parametrize(
    ("before", "later", "told"),
    [
        (1, 2, "all of it: was 1, is 2"),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, "a › b: was 'x', is 'y'"),
        ({"a": 1}, {}, "a: was 1, is absent"),
        ([{"id": "one", "v": 1}], [{"id": "one", "v": 2}], "one › v: was 1, is 2"),
        ([{"id": "one"}], [{"id": "one"}, {"id": "two"}], "two: was absent, is an entry 'two'"),
        (
            [{"id": "one"}, {"id": "two"}],
            [{"id": "two"}, {"id": "one"}],
            "order: was 'one, two', is 'two, one'",
        ),
        (["p", "q"], ["p", "r"], "2: was 'q', is 'r'"),
    ],
)
def test_a_difference_names_the_place_and_both_values(before: Any, later: Any, told: str) -> None:
    assert [str(entry) for entry in differences(before, later)] == [told]


def test_a_long_text_is_shown_by_its_beginning() -> None:
    (entry,) = differences("a" * 500, "b")
    assert len(str(entry)) < 150
    assert "…" in str(entry)


def test_a_long_text_is_shown_from_shortly_before_the_first_difference() -> None:
    same = "word " * 40
    assert str(Difference(("help",), f"{same}old end", f"{same}new end")) == (
        f"help: was '…{'word ' * 5}old end', is '…{'word ' * 5}new end'"
    )


some_words = st.lists(st.sampled_from(["data", "owner", "a", "table"]), max_size=60).map(" ".join)


@given(some_words, some_words)
def test_two_texts_that_differ_are_never_shown_as_the_same(one: str, other: str) -> None:
    shown_before, _, shown_after = str(Difference(("help",), one, other)).partition(", is ")
    assert (shown_before == f"help: was {shown_after}") is (one == other)


# Found by a reader of the code ---------------------------------------------------------------------------------


def versions_of(before: list[str], later: list[str]) -> Comparison:
    """Two versions that hold these questions in this order."""
    made = [
        version(
            questionnaire(
                dimension("all", *(question(name, prompt=f"Who mends {name * 9}?") for name in names))
            ),
            number,
        )
        for names, number in ((before, "1.0.0"), (later, "2.0.0"))
    ]
    return compare(made[0], made[1])


@pytest.mark.parametrize(
    ("before", "later", "listed"),
    [("ab", "bca", "bca"), (["a", "gone", "b"], "ab", ["a", "b", "gone"])],
    ids=["moved", "retired"],
)
def test_questions_are_listed_as_in_the_later_version_and_retired_ones_last(
    before: list[str], later: list[str], listed: list[str]
) -> None:
    found = versions_of(list(before), list(later))
    assert [entry.question_id for entry in found.questions] == list(listed)


def test_questions_that_change_places_are_a_major_change_of_the_frame() -> None:
    found = versions_of(["a", "b"], ["b", "a"])
    assert found.frame == (Difference(("questions", "order"), "a, b", "b, a"),)
    assert found.demands is Step.MAJOR


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("5–10 days", "510 days"), ("1,5 days", "15 days"), ("1, 2", "12"), ("2 5", "25"), ("-5 °C", "5 °C"),
        ("not able", "notable"), ("80%", "80"), ("≥ 3", "3"), ("5.10", "510"),
    ],
)  # fmt: skip
def test_a_number_or_a_word_that_punctuation_changes_is_another_meaning(was: str, becomes: str) -> None:
    data = start()
    old(data)["help"] = was
    later = copy.deepcopy(data)
    old(later)["help"] = becomes
    found = compare(version(data, "1.0.0"), version(later))
    assert became(found)["old"] is Change.MEANING


@pytest.mark.parametrize("name", ["label", "help", "prompt"])
def test_a_new_option_changes_the_scale_whatever_its_id_is(name: str) -> None:
    own = [{"id": "no", "label": "No", "value": 1}, {"id": "yes", "label": "Yes", "value": 3}]
    made = [
        version(questionnaire(dimension("all", question("a", options=options))), number)
        for options, number in ((own, "1.0.0"), ([*own, {"id": name, "label": "Some", "value": 2}], "2.0.0"))
    ]
    assert became(compare(made[0], made[1]))["a"] is Change.SCALE


@pytest.mark.parametrize("name", ["summary", "title", "name"])
def test_a_new_dimension_is_major_whatever_its_id_is(name: str) -> None:
    def added(data: Data) -> None:
        data["dimensions"].append(dimension(name, question("new")))

    assert after(added).demands is Step.MAJOR


def test_where_two_texts_without_spaces_differ_is_shown() -> None:
    shown = str(Difference(("prompt",), "字" * 100 + "甲", "字" * 100 + "乙"))
    assert "甲" in shown
    assert "乙" in shown
