"""Gates and verdicts; `verdict_cases/gates.yaml` has the rules as cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.gates import (
    Gate,
    GateState,
    StageFinding,
    StageName,
    Verdict,
    gate_state,
    pilot_finding,
    stage_finding,
    verdict_of,
)
from assessment.analysis.readings import Readings
from tests.analysis.judging import (
    Builder,
    Case,
    cases_in,
    directly,
    from_answers,
    hard_gates,
    homes,
    questions,
    reading,
    rules,
)

#: From the worst to the best, as the rules go through them.
BETTER = [Verdict.NOT_YET, Verdict.NOT_ENOUGH_EVIDENCE, Verdict.WITH_CONDITIONS, Verdict.READY]


def finding_of(case: Case, build: Builder = directly) -> StageFinding:
    readings = build(case)
    if case["stage"] == "pilot":
        return pilot_finding(case["unit"], readings, rules(), homes())
    return stage_finding(
        case["unit"], StageName(case["stage"]), readings, rules(), homes(), case.get("live", {})
    )


@pytest.mark.parametrize("build", [directly, from_answers])
@pytest.mark.parametrize("case", cases_in("gates.yaml"), ids=lambda case: case["name"])
def test_a_case_is_judged_as_its_rule_says(case: Mapping[str, Any], build: Builder) -> None:
    finding = finding_of(case, build)
    by_question = {gate.question_id: gate for gate in finding.gates}
    expect = case["expect"]
    found = {
        "verdict": finding.verdict,
        "hard_met": finding.hard_met,
        "gates": {name: by_question[name].state for name in expect.get("gates", {})},
        "sources": {name: by_question[name].reading.source_unit_id for name in expect.get("sources", {})},
        "blockers": [gate.question_id for gate in finding.blockers],
    }
    assert {name: found[name] for name in expect} == expect


def test_the_eighteen_hard_gates_need_level_3_and_the_floors_level_2() -> None:
    gates = finding_of({"unit": "FR.sales", "stage": "pilot"}).gates
    assert sum(gate.hard for gate in gates) == sum(map(len, hard_gates().values())) == 18
    assert {(gate.hard, gate.needed_level) for gate in gates} == {(True, 3), (False, 2)}
    assert {gate.question_id: gate.questionnaire_id for gate in gates}.items() <= homes().items()


def test_a_pilot_without_any_gate_has_no_verdict() -> None:
    some = directly({})
    without = {name: entry for name, entry in questions().items() if entry.gate is None}
    finding = pilot_finding("FR.sales", Readings(some.organisation, without, {}), rules(), homes())
    assert (finding.gates, finding.verdict) == ((), None)


def test_a_later_stage_asks_what_the_rules_name_in_their_order() -> None:
    for stage, needed in ((StageName.SCALE, rules().gates.scale), (StageName.SUSTAIN, rules().gates.sustain)):
        finding = finding_of({"unit": "FR", "stage": stage})
        found = [(gate.question_id, gate.needed_level, gate.hard) for gate in finding.gates]
        assert found == [(entry.question, entry.at_least, True) for entry in needed.requirements]
        assert finding.hard == finding.gates
        assert finding.verdict is Verdict.NOT_ENOUGH_EVIDENCE


def test_hard_gates_come_first_among_the_blockers() -> None:
    case = {
        "unit": "FR.sales", "stage": "pilot", "everything": "3 with document",
        "answers": {"FR.sales": {"dgm-use-case-value": 1, "dgm-classification": 1}},
    }  # fmt: skip
    assert [gate.question_id for gate in finding_of(case).blockers] == [
        "dgm-classification",
        "dgm-use-case-value",
    ]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("5 with independent", GateState.MET),
        ("3 with document", GateState.MET),
        ("5 with document", GateState.MET),
        ("3", GateState.CLAIMED),
        ("5 with none", GateState.CLAIMED),
        ("2", GateState.NOT_MET),
        ("2 with independent", GateState.NOT_MET),
        ("don't know", GateState.UNKNOWN),
        ("unanswered", GateState.UNKNOWN),
        ("not applicable", GateState.UNKNOWN),
    ],
)
def test_a_gate_at_level_3_says_what_the_answer_shows(answer: str, state: GateState) -> None:
    assert gate_state(reading("FR", "a", answer), 3) is state


@pytest.mark.parametrize("answer", ["5", "2", "don't know", "unanswered"])
def test_acceptance_changes_nothing_but_not_applicable(answer: str) -> None:
    accepted = reading("FR", "a", answer, is_accepted=True)
    assert gate_state(accepted, 3) is gate_state(reading("FR", "a", answer), 3)
    assert gate_state(reading("FR", "a", "not applicable", is_accepted=True), 3) is GateState.NOT_APPLICABLE


# Laws -------------------------------------------------------------------------------------------------


def gate(
    answer: str, *, hard: bool, questionnaire: str = "one", needed: int = 3, is_accepted: bool = False
) -> Gate:
    found = reading("FR.sales", "a", answer, is_accepted=is_accepted)
    return Gate("FR.sales", StageName.PILOT, questionnaire, needed, hard, found, gate_state(found, needed))


def with_answer(old: Gate, answer: str) -> Gate:
    found = reading("FR.sales", "a", answer, is_accepted=old.reading.is_accepted)
    return replace(old, reading=found, state=gate_state(found, old.needed_level))


levels = st.integers(1, 5)
evidence = st.sampled_from(["none", "document", "record", "independent"])
absent = st.sampled_from(["don't know", "unanswered", "not applicable"])
written = st.one_of(absent, st.builds("{} with {}".format, levels, evidence))
gates = st.builds(
    gate, written, hard=st.booleans(), questionnaire=st.sampled_from(["one", "two"]), needed=st.integers(2, 3),
    is_accepted=st.booleans(),
)  # fmt: skip
some_gates = st.lists(gates, min_size=1, max_size=10)


@given(some_gates, st.integers(0, 3), st.data())
def test_raising_one_level_never_worsens_a_verdict(
    some: list[Gate], waivable: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(some) - 1))
    low, high = sorted(data.draw(st.tuples(levels, levels)))
    kind = data.draw(evidence)
    before, after = (
        verdict_of(
            [*some[:place], with_answer(some[place], f"{n} with {kind}"), *some[place + 1 :]], waivable
        )
        for n in (low, high)
    )
    assert BETTER.index(before) <= BETTER.index(after)


@given(some_gates, st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_gates_does_not_matter_to_the_verdict(
    some: list[Gate], waivable: int, random: Any
) -> None:
    shuffled = random.sample(some, len(some))
    assert verdict_of(some, waivable) is verdict_of(shuffled, waivable)


@given(some_gates, st.integers(0, 3))
def test_a_verdict_of_ready_leaves_nothing_open_and_more_waivers_never_hurt(
    some: list[Gate], waivable: int
) -> None:
    verdict = verdict_of(some, waivable)
    finding = StageFinding("FR.sales", StageName.PILOT, tuple(some), verdict)
    assert (verdict is Verdict.READY) == (not finding.blockers)
    assert finding.hard_met == sum(entry.hard and entry.state is GateState.MET for entry in some)
    assert BETTER.index(verdict) <= BETTER.index(verdict_of(some, waivable + 1))


@given(st.lists(levels, min_size=1, max_size=12))
def test_four_in_five_is_counted_as_anybody_would(found: list[int]) -> None:
    names = [f"d{place:02}" for place in range(len(found))]
    case: dict[str, Any] = {
        "unit": "FR", "stage": "scale", "units": {"FR": names},
        "answers": {
            f"FR.{name}": {"dor-producer-owner": f"{level} with independent"}
            for name, level in zip(names, found, strict=True)
        },
    }  # fmt: skip
    state = {entry.question_id: entry.state for entry in finding_of(case).gates}["dor-producer-owner"]
    enough = 10 * sum(level >= 3 for level in found) >= 8 * len(found)
    assert state is (GateState.MET if enough else GateState.NOT_MET)
