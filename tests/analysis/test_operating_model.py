"""The operating model: the first class that fits, what it misses, and what is borderline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pytest

from assessment.analysis.operating_model import (
    OperatingModelFinding,
    classify,
    missing_words,
    operating_model,
)
from tests.analysis.judging import Builder, cases_in, directly, from_answers, hard_gates, rules

#: The letters of the inputs in the rules, the input, the question and the unit that answers it here.
INPUTS = {
    "O": ("producer-owner", "dor-producer-owner", "FR.sales"),
    "R": ("central-dependency", "dor-central-dependency", "FR.sales"),
    "K": ("contracts", "dor-contracts", "FR.sales"),
    "S": ("publish-unaided", "spr-publish-unaided", "FR.sales"),
    "F": ("federated-forum", "dgm-federated-forum", "FR.sales"),
    "A": ("automated-rules", "dgm-policy-automation", "FR"),
}
#: The hard gates of data governance, and who answers for a domain.
GATES = {
    "dgm-exec-sponsor": "FR.sales", "dgm-data-strategy": "FR", "dgm-decision-rights": "FR.sales",
    "dgm-owner-named": "FR.sales", "dgm-classification": "FR.sales", "dgm-access-rules": "FR.sales",
    "dgm-regulatory-map": "FR",
}  # fmt: skip
MIDDLE: Mapping[str, int] = dict.fromkeys("ORKSFAG", 3)


def answers_for(levels: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {"FR": {"spr-policy-enforcement": 1}, "FR.sales": {}}
    for letter, (_, question, unit) in INPUTS.items():
        found[unit][question] = levels[letter]
    for question, unit in GATES.items():
        found[unit][question] = levels["G"]
    return found


def model_of(
    answers: Mapping[str, Mapping[str, Any]], build: Builder = directly, **more: Any
) -> OperatingModelFinding:
    readings = build({"answers": answers, **more})
    return operating_model("FR.sales", readings, rules().operating_model, hard_gates())


def changed(answers: Mapping[str, Any], levels: Mapping[str, Any] = MIDDLE) -> dict[str, dict[str, Any]]:
    """All answers in the middle, but for these."""
    found = answers_for(levels)
    for question, answer in answers.items():
        unit = "FR" if question in found["FR"] else "FR.sales"
        found[unit][question] = answer
    return found


@pytest.mark.parametrize("build", [directly, from_answers])
@pytest.mark.parametrize("case", cases_in("operating_model.yaml"), ids=lambda case: case["name"])
def test_a_domain_is_classified_as_its_rule_says(case: Mapping[str, Any], build: Builder) -> None:
    finding = model_of(answers_for(case["levels"]), build)
    assert finding.chosen is not None
    titled = {entry.title: name for name, entry in rules().operating_model.inputs.items()}
    found: dict[str, Any] = {
        "class": finding.chosen.id,
        "nearest": finding.nearest.id if finding.nearest else None,
        "kept_from": [titled[bound.title] for bound in finding.bounds if not bound.is_met],
        "principles_met": finding.principles_met,
        "borderline": [entry.id for entry in finding.borderline],
    }
    expect = dict(case["expect"])
    if "kept_from" in expect:
        expect["kept_from"], found["kept_from"] = set(expect["kept_from"]), set(found["kept_from"])
    assert {name: found[name] for name in expect} == expect
    assert (finding.missing, finding.inputs, finding.principles) == ((), 7, 4)


def first_that_fits(o: int, r: int, k: int, s: int, f: int, a: int, g: int) -> str:
    """The rules as they are written in words, once more."""
    if min(o, r, s, f) >= 4 and min(k, a) >= 3:
        return "mesh"
    if min(o, r, f) >= 3:
        return "federated"
    if r in (2, 3) and o >= 3 and min(s, f) >= 2:
        return "hub-and-spoke"
    if r >= 4:
        return "decentralised"
    return "centralised-governed" if g >= 3 else "centralised"


def test_every_one_of_the_78125_combinations_has_the_class_that_its_words_say_and_720_are_a_mesh() -> None:
    names = [*(name for name, _, _ in INPUTS.values()), "governance"]
    counted: Counter[str] = Counter()
    of_central_teams = set()
    for levels in product(range(1, 6), repeat=7):
        found = classify(dict(zip(names, levels, strict=True)), rules().operating_model).id
        assert found == first_that_fits(*levels), levels
        counted[found] += 1
        if levels[1] <= 2:
            of_central_teams.add(found)
    assert (counted.total(), counted["mesh"]) == (78_125, 720)
    assert of_central_teams == {"hub-and-spoke", "centralised-governed", "centralised"}


@pytest.mark.parametrize("answer", ["don't know", "unanswered", "not applicable"])
@pytest.mark.parametrize("letter", [*"ORKSF"])
def test_with_an_input_missing_no_class_is_chosen(letter: str, answer: str) -> None:
    name, question, _ = INPUTS[letter]
    finding = model_of(changed({question: answer}))
    assert (finding.chosen, finding.nearest, finding.bounds, finding.borderline) == (None, None, (), ())
    assert finding.missing == (name,)
    assert name not in finding.levels


def test_all_missing_inputs_are_named_in_the_rules_order() -> None:
    finding = model_of({})
    assert finding.missing == tuple(rules().operating_model.inputs)
    assert (dict(finding.levels), finding.principles_met, finding.supported) == ({}, 0, 0)


@pytest.mark.parametrize(("one", "other", "better"), [(4, 2, 4), (2, 4, 4), (1, 1, 1), (5, 4, 5)])
def test_of_the_two_questions_about_automated_rules_the_better_counts(
    one: int, other: int, better: int
) -> None:
    finding = model_of(changed({"dgm-policy-automation": one, "spr-policy-enforcement": other}))
    assert finding.levels["automated-rules"] == better


def test_with_neither_of_the_two_known_the_input_is_missing() -> None:
    finding = model_of(
        changed({"dgm-policy-automation": "don't know", "spr-policy-enforcement": "unanswered"})
    )
    assert finding.missing == ("automated-rules",)


@pytest.mark.parametrize(
    ("levels", "median"),
    [
        ([1, 2, 3, 4, 5, 5, 5], 4),
        ([5, 5, 5, 1, 1, 1, 1], 1),
        ([2, 2, 2, 3, 3, 3, 3], 3),
        ([1, 2, 3, 4, 5, 5, "not applicable"], 3),
    ],
)
def test_governance_is_the_median_of_the_hard_gates_without_what_is_accepted_as_not_applicable(
    levels: list[Any], median: int
) -> None:
    answers = changed(dict(zip(GATES, levels, strict=True)))
    finding = model_of(answers, accepted=["FR", "FR.sales"])
    assert finding.levels["governance"] == median


@pytest.mark.parametrize("answer", ["don't know", "unanswered", "not applicable"])
def test_governance_is_missing_while_nobody_knows_one_of_its_hard_gates(answer: str) -> None:
    finding = model_of(changed({"dgm-classification": answer}))
    assert (finding.missing, finding.chosen) == (("governance",), None)


def test_the_model_reads_what_is_claimed_and_says_how_much_of_it_evidence_supports() -> None:
    finding = model_of(answers_for(dict.fromkeys("ORKSFAG", 4)))
    assert (finding.chosen and finding.chosen.id, finding.supported, finding.inputs) == ("mesh", 0, 7)
    evident = model_of(
        answers_for({**dict.fromkeys("ORKSFA", 4), "O": "4 with record", "G": "3 with document"})
    )
    assert evident.supported == 2


def test_bounds_say_what_was_found_beside_what_is_needed() -> None:
    finding = model_of(answers_for({**MIDDLE, "F": 2}))
    assert finding.nearest is not None
    inputs = rules().operating_model.inputs
    assert [(b.title, b.at_least, b.at_most, b.found, b.is_met) for b in finding.bounds] == [
        (inputs["producer-owner"].title, 3, None, 3, True),
        (inputs["central-dependency"].title, 3, None, 3, True),
        (inputs["federated-forum"].title, 3, None, 2, False),
    ]


def country_model(states: Mapping[str, str], accepted: Sequence[str] = ()) -> OperatingModelFinding:
    """France, all at level 3, with these answers of its domains about promises in writing."""
    answers = {f"FR.{name}": {"dor-contracts": state} for name, state in states.items()}
    readings = directly(
        {"units": {"FR": list(states)}, "everything": 3, "answers": answers, "accepted": [f"FR.{n}" for n in accepted]}
    )  # fmt: skip
    return operating_model("FR", readings, rules().operating_model, hard_gates())


NONE, HALF = dict.fromkeys("abcde", "not applicable"), dict.fromkeys("abc", "don't know")


@pytest.mark.parametrize(
    ("states", "accepted", "why"),
    [
        (
            {**NONE, "f": "unanswered"}, "",
            "of 6 domains, not applicable (not accepted yet) in 5 and no answer sent in 1",
        ),
        ({**NONE, "f": "unanswered"}, "abcde", "of 6 domains, not applicable (accepted) in 5 and no answer sent in 1"),
        ({**HALF, "d": "4"}, "", "of 4 domains, don't know in 3 and a level in 1"),
        ({"a": "not applicable"}, "a", "not applicable (accepted) (asked of FR.a)"),
    ],
)  # fmt: skip
def test_why_an_input_has_no_level_is_said_by_how_many_domains_said_what(
    states: Mapping[str, str], accepted: str, why: str
) -> None:
    finding = country_model(states, list(accepted))
    assert finding.missing == ("contracts",)
    title = rules().operating_model.inputs["contracts"].title
    assert missing_words(finding, rules().operating_model, str) == [f"“{title}”: {why}"]


@pytest.mark.parametrize(
    ("question", "answer", "name", "why"),
    [
        ("dor-contracts", "don't know", "contracts", "don't know"),
        ("dor-contracts", "not applicable", "contracts", "not applicable (not accepted yet)"),
        ("dor-contracts", "unanswered", "contracts", "no answer sent"),
        ("dgm-classification", "don't know", "governance", "of 7 answers, a level in 6 and don't know in 1"),
    ],
)
def test_of_a_domain_it_is_said_what_it_answered(question: str, answer: str, name: str, why: str) -> None:
    finding = model_of(changed({question: answer}))
    title = rules().operating_model.inputs[name].title
    assert missing_words(finding, rules().operating_model, str) == [f"“{title}”: {why}"]


def test_an_answer_that_the_country_owes_is_said_to_be_the_countrys() -> None:
    finding = model_of({**changed({}), "FR": {"dgm-data-strategy": 3, "dgm-regulatory-map": 3}})
    (words,) = missing_words(finding, rules().operating_model, str)
    assert words.endswith("of 2 answers, no answer sent in 2 (asked of FR)")


def test_what_is_known_has_nothing_behind_it() -> None:
    assert dict(model_of(answers_for(MIDDLE)).behind) == {}
