"""What if some answers rise: which verdicts follow, and the fewest answers that make most units ready."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.doings import Doing, doing_words
from assessment.analysis.gates import StageName, Verdict
from assessment.analysis.what_if import (
    cheapest_steps,
    nearest,
    raisable,
    raised_stage,
    stages_of,
    steps_headline,
    what_if,
    what_if_headline,
)
from tests.analysis.judging import Case, questions, rules
from tests.analysis.rounds import findings_of

LAW, IDENTITY, SPONSOR, TERMS = "dgm-regulatory-map", "spr-identity", "dgm-exec-sponsor", "dgm-shared-terms"
UNITS = {"FR": ["sales", "finance", "people"], "DE": ["sales"]}


def but(**answers: Mapping[str, object]) -> Case:
    given = {unit.replace("_", "."): own for unit, own in answers.items()}
    return {"units": UNITS, "everything": "3 with document", "answers": given}


def headline(case: Case, unit: str, *raised: str) -> str:
    return what_if_headline(what_if(findings_of(case), rules(), unit, raised), unit, "a first pilot")


def test_two_answers_of_a_country_make_the_domains_ready_that_lack_nothing_else() -> None:
    case = but(FR={LAW: 1, IDENTITY: 2}, FR_sales={SPONSOR: 1})
    assert headline(case, "FR", LAW, IDENTITY) == (
        "If FR raises these 2 to level 3 with evidence, 2 of its 3 domains are ready for a first pilot (now 0)"
    )
    assert headline(case, "FR", LAW) == (
        "If FR raises this one to level 3 with evidence, 0 of its 3 domains are ready for a first pilot (now 0)"
    )
    assert headline(
        but(FR_sales={SPONSOR: 1}, FR_people={TERMS: "1"}, FR_finance={SPONSOR: 1}), "FR"
    ).endswith("1 of its 3 domains is ready for a first pilot (now 1)")
    assert headline(case, "FR").startswith("If FR changes nothing, 0 of its 3 domains")


def test_a_domains_gate_that_reads_the_country_changes_its_sisters_and_nobody_elses() -> None:
    case = but(FR={LAW: 1}, DE={LAW: 1}, FR_people={SPONSOR: 1})
    finding = what_if(findings_of(case), rules(), "FR.sales", [LAW])
    assert [entry.unit_id for entry in finding.before] == ["FR.sales", "FR.finance", "FR.people"]
    assert {old.unit_id: new.verdict for old, new in finding.changed} == {
        "FR.sales": Verdict.READY, "FR.finance": Verdict.READY,
    }  # fmt: skip
    assert what_if_headline(finding, "Sales", "a first pilot") == (
        "If Sales raises this one to level 3 with evidence, it is ready for a first pilot; 1 other domain that reads the"
        " same answers becomes ready"
    )


@pytest.mark.parametrize(
    ("answers", "raised", "words"),
    [
        ({SPONSOR: 1, "dgm-access-rules": 1}, [SPONSOR], "it still isn't ready for a first pilot: 1 hard gate open"),
        ({SPONSOR: 1, TERMS: 1}, [SPONSOR], "it is ready for a first pilot with conditions: 1 floor open"),
        (
            {SPONSOR: 1, TERMS: 1, "dgm-report-duplication": 1, "dgm-data-story": 1}, [SPONSOR],
            "it still isn't ready for a first pilot: too many floors are open",
        ),
        ({SPONSOR: 5, TERMS: 1}, [SPONSOR, TERMS], "to level 2 and 3 with evidence, it is ready for a first pilot"),
    ],
)  # fmt: skip
def test_a_domain_is_told_what_would_still_be_open(
    answers: dict[str, object], raised: list[str], words: str
) -> None:
    assert words in headline(but(FR_sales=answers), "FR.sales", *raised)


def test_nothing_is_promised_of_later_stages_which_hang_on_several_domains() -> None:
    case: Case = {**but(FR={"spr-cross-country-read": 2}), "live": {}}
    findings = findings_of(case)
    assert any(entry.stage is StageName.SCALE and entry.blockers for entry in findings.stages)
    finding = what_if(findings, rules(), "FR", ["spr-cross-country-read"])
    assert finding.raised == ()
    assert {entry.stage for entry in stages_of(findings, "FR")} == {StageName.PILOT}
    assert {entry.stage for entry in (*finding.before, *finding.after)} == {StageName.PILOT}


def test_open_gates_are_offered_hard_ones_first_then_those_that_hold_most_back() -> None:
    case = but(FR={LAW: 1}, FR_sales={SPONSOR: 1, TERMS: 1})
    found = raisable(stages_of(findings_of(case), "FR"))
    assert [(entry.question_id, len(entry.unit_ids), entry.answers) for entry in found] == [
        (LAW, 3, (("FR", LAW),)), (SPONSOR, 1, (("FR.sales", SPONSOR),)), (TERMS, 1, (("FR.sales", TERMS),)),
    ]  # fmt: skip


def test_the_nearest_domain_comes_first_and_what_it_shares_is_raised_once() -> None:
    case = but(FR={LAW: 1}, FR_sales={SPONSOR: 1}, FR_people={SPONSOR: 1, "dgm-access-rules": 1})
    stages = stages_of(findings_of(case), "FR")
    steps = cheapest_steps(stages, rules())
    assert [(step.answers, step.unit_ids, step.ready) for step in steps] == [
        ((("FR", LAW),), ("FR.finance",), 1),
        ((("FR.sales", SPONSOR),), ("FR.sales",), 2),
        ((("FR.people", SPONSOR), ("FR.people", "dgm-access-rules")), ("FR.people",), 3),
    ]
    assert steps_headline(steps, stages, {"FR.finance": "Finance"}) == (
        "1 answer raised, and Finance can begin; 4 until all 3 domains can"
    )


def test_what_nobody_knows_is_answered_and_what_is_claimed_is_backed() -> None:
    case = but(
        FR={LAW: "unanswered"},
        FR_finance={SPONSOR: 1},
        FR_sales={SPONSOR: "don't know", "dgm-access-rules": 5},
    )
    stages = stages_of(findings_of(case), "FR")
    found = {entry.question_id: entry.doings for entry in raisable(stages)}
    assert found == {
        LAW: (Doing.ANSWER,),
        SPONSOR: (Doing.RAISE, Doing.ANSWER),
        "dgm-access-rules": (Doing.SHOW,),
    }
    steps = cheapest_steps(stages, rules())
    assert [(step.unit_ids, step.doings) for step in steps] == [
        (("FR.people",), (Doing.ANSWER,)),
        (("FR.finance",), (Doing.RAISE,)),
        (("FR.sales",), (Doing.ANSWER, Doing.SHOW)),
    ]
    assert steps_headline(steps[:1], stages, {"FR.people": "People"}) == (
        "1 question answered, and People can begin"
    )
    assert doing_words(doing for step in steps for doing in step.doings) == (
        "1 answer raised, 2 questions answered and 1 answer backed with evidence"
    )


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        ([LAW], "If FR answers this one at level 3 with evidence, 1 of"),
        ([LAW, SPONSOR], "If FR raises or answers these 2 to level 3 with evidence, 3 of"),
        ([SPONSOR], "If FR raises this one to level 3 with evidence, 0 of"),
    ],
)
def test_an_unknown_level_is_answered_and_not_raised(raised: list[str], words: str) -> None:
    case = but(FR={LAW: "don't know"}, FR_sales={SPONSOR: 1}, FR_finance={SPONSOR: 2})
    assert headline(case, "FR", *raised).startswith(words)


@pytest.mark.parametrize(
    ("answers", "unit"),
    [
        # Germany's only domain lacks one hard gate, France's two each.
        ({"FR": {LAW: 1, IDENTITY: 2}, "DE_sales": {SPONSOR: 1}}, "DE"),
        ({"FR_sales": {SPONSOR: 1}, "DE": {LAW: 1, IDENTITY: 1}}, "FR"),
        # Of equals the first; a country before its domain.
        ({"FR_sales": {SPONSOR: 1}, "DE_sales": {SPONSOR: 1}}, "FR"),
        # Nothing is left.
        ({}, "FR"),
    ],
)  # fmt: skip
def test_the_nearest_unit_needs_the_fewest_answers_for_its_next_pilot(
    answers: dict[str, dict[str, object]], unit: str
) -> None:
    findings = findings_of(but(**answers))
    assert nearest(findings, rules(), ["FR.sales", "FR", "DE", "DE.sales"]) == unit
    assert nearest(findings, rules(), []) is None


def test_floors_that_may_stay_open_are_left_and_shared_ones_go_first() -> None:
    shared = {"dgm-cost-visibility": 1}
    own = {TERMS: 1, "dgm-report-duplication": 1}
    case = but(FR=shared, FR_sales=own, FR_finance=own)
    steps = cheapest_steps(stages_of(findings_of(case), "FR"), rules())
    assert [(step.answers, set(step.unit_ids)) for step in steps] == [
        ((("FR", "dgm-cost-visibility"),), {"FR.sales", "FR.finance"})
    ]


def test_where_all_are_ready_there_is_no_step() -> None:
    stages = stages_of(findings_of(but()), "FR")
    assert cheapest_steps(stages, rules()) == ()
    assert raisable(stages) == ()
    assert steps_headline((), stages, {}) == "All that can be ready are ready"


# Laws -------------------------------------------------------------------------------------------------

GATED = [name for name, entry in questions().items() if entry.gate and "domain" in entry.units][:8]
COUNTRYS = [name for name, entry in questions().items() if entry.gate and "domain" not in entry.units][:4]
some_low = st.fixed_dictionaries(
    {
        "FR": st.dictionaries(st.sampled_from(COUNTRYS), st.sampled_from([1, 4]), max_size=3),
        "FR.sales": st.dictionaries(st.sampled_from(GATED), st.sampled_from([1, 4]), max_size=5),
        "FR.finance": st.dictionaries(st.sampled_from(GATED), st.sampled_from([1, "don't know"]), max_size=5),
    }
)


@given(some_low)
def test_the_steps_end_with_all_ready_and_each_makes_somebody_ready(answers: dict[str, Any]) -> None:
    stages = stages_of(
        findings_of({"units": UNITS, "everything": "3 with document", "answers": answers}),
        "FR",
    )
    steps = cheapest_steps(stages, rules())
    raised = {answer for step in steps for answer in step.answers}
    assert all(raised_stage(stage, raised, rules()).is_ready for stage in stages)
    assert all(step.unit_ids for step in steps)
    assert sum(len(step.answers) for step in steps) == len(raised)
    counted = [step.ready for step in steps]
    assert counted == sorted(counted)
    assert not steps or counted[-1] == len(stages)


@given(some_low)
def test_no_smaller_set_than_that_of_the_first_step_makes_anybody_ready(answers: dict[str, Any]) -> None:
    case = {"units": UNITS, "everything": "3 with document", "answers": answers}
    stages = stages_of(findings_of(case), "FR")
    left = [stage for stage in stages if not stage.is_ready]
    steps = cheapest_steps(stages, rules())
    if not left:
        assert not steps
        return
    opened = {answer for entry in raisable(left) for answer in entry.answers}
    for smaller in combinations(sorted(opened), len(steps[0].answers) - 1):
        assert not any(raised_stage(stage, smaller, rules()).is_ready for stage in left)


@given(some_low, st.data())
def test_raising_more_never_makes_fewer_ready(answers: dict[str, Any], data: st.DataObject) -> None:
    findings = findings_of({"units": UNITS, "everything": "3 with document", "answers": answers})
    names = [entry.question_id for entry in raisable(stages_of(findings, "FR"))]
    some = set(data.draw(st.lists(st.sampled_from(names), unique=True))) if names else set()
    fewer = what_if(findings, rules(), "FR", some)
    every = what_if(findings, rules(), "FR", names)
    assert fewer.ready_before <= fewer.ready_after <= every.ready_after == len(every.after)
