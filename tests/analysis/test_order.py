"""Governance first, or both together; `verdict_cases/order.yaml` has the rules as cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.clauses import condition_holds
from assessment.analysis.order import OrderFinding, order_finding
from assessment.questionnaire.verdicts import Clause, Condition
from tests.analysis.judging import Builder, Case, cases_in, directly, facts_of, from_answers, questions, rules

RULES = rules().order
WORDS = {
    "sponsor": "dgm-exec-sponsor", "strategy": "dgm-data-strategy", "decisions": "dgm-decision-rights",
    "owners": "dgm-owner-named", "labels": "dgm-classification", "access": "dgm-access-rules",
    "law": "dgm-regulatory-map", "value": "dgm-use-case-value",
}  # fmt: skip


def order_of(case: Case, build: Builder = directly) -> OrderFinding:
    answers = {question: case.get("levels", {}).get(word, case["usual"]) for word, question in WORDS.items()}
    facts = facts_of({"facts": {"FR": case.get("facts", {})}})
    return order_finding("FR", build({"answers": {"FR": answers}}), RULES, facts)


@pytest.mark.parametrize("build", [directly, from_answers])
@pytest.mark.parametrize("case", cases_in("order.yaml"), ids=lambda case: case["name"])
def test_a_country_gets_the_order_that_its_rule_says(case: Mapping[str, Any], build: Builder) -> None:
    finding = order_of(case, build)
    word = {question: word for word, question in WORDS.items()}
    found = {
        "verdict": finding.verdict.id if finding.verdict else None,
        "missing": sorted(word.get(name, name) for name in finding.missing),
        "open": [word[reading.question_id] for reading in finding.open],
    }
    expect = dict(case["expect"])
    if "missing" in expect:
        expect["missing"] = sorted(expect["missing"])
    assert {name: found[name] for name in expect} == expect
    assert (finding.verdict is None) == bool(finding.missing)


def test_a_domains_legal_driver_is_not_its_countrys() -> None:
    readings = directly({"answers": {"FR": {**dict.fromkeys(WORDS.values(), 3), "dgm-owner-named": 2, "dgm-use-case-value": 1}}})  # fmt: skip
    finding = order_finding("FR", readings, RULES, {("FR.sales", "legal-driver"): True})
    assert (finding.verdict, finding.missing) == (None, ("legal-driver",))


def test_the_order_reads_what_is_claimed_and_says_how_much_of_it_evidence_supports() -> None:
    finding = order_of({"usual": 3, "levels": {"law": "3 with document", "owners": "4 with record"}})
    assert finding.verdict is not None
    assert (finding.verdict.id, finding.supported, finding.prerequisites) == ("start-together", 2, 7)


def test_a_prerequisite_that_nobody_knows_is_neither_open_nor_supported() -> None:
    finding = order_of({"usual": "don't know"})
    assert (finding.open, finding.supported, finding.verdict) == ((), 0, None)


def test_later_are_the_known_questions_that_grow_with_adoption_and_are_below_the_target() -> None:
    case = {
        "units": {"FR": ["a", "b"]},
        "answers": {
            "FR": {
                "dgm-federated-forum": 2, "dgm-shared-terms": 3, "dgm-common-local-register": 1,
                "dgm-policy-automation": 2, "dgm-exec-sponsor": 1, "dgm-use-case-value": "don't know",
            },
            "FR.a": {"dor-contracts": 2, "dor-data-priority": 3}, "FR.b": {"dor-contracts": 5, "dor-data-priority": 4},
        },
    }  # fmt: skip
    found = {
        entry.question_id: entry.claimed for entry in order_finding("FR", directly(case), RULES, {}).later
    }
    assert found == {
        "dgm-federated-forum": 2, "dgm-common-local-register": 1, "dgm-policy-automation": 2, "dor-contracts": 2,
    }  # fmt: skip


def test_of_what_stands_before_adoption_only_the_register_grows_with_it() -> None:
    every = {name: 1 for name, entry in questions().items() if entry.is_asked_of("country")}
    later = order_finding("FR", directly({"answers": {"FR": every}}), RULES, {}).later
    before = [entry.question_id for entry in later if questions()[entry.question_id].phase.value == "before"]
    assert before == ["dgm-common-local-register"]


# Conditions with what is missing ----------------------------------------------------------------------

truths = st.sampled_from([True, False, None])


def told(every: list[bool | None], some: list[bool | None]) -> bool | None:
    """What a condition says whose clauses have these truths."""
    answers = {f"c{place}": truth for place, truth in enumerate([*every, *some])}
    clauses = tuple(Clause(fact=name) for name in answers)
    condition = Condition(all=clauses[: len(every)], any=clauses[len(every) :])
    return condition_holds(condition, lambda clause: answers[clause.fact or ""])


@given(st.lists(truths, max_size=3), st.lists(truths, max_size=3))
def test_a_condition_is_unknown_exactly_where_what_is_missing_decides(
    every: list[bool | None], some: list[bool | None]
) -> None:
    def filled(value: bool) -> bool | None:
        return told(
            [value if truth is None else truth for truth in every],
            [value if truth is None else truth for truth in some],
        )

    if_no, if_yes = filled(False), filled(True)
    assert told(every, some) is (if_yes if if_no == if_yes else None)


@given(st.lists(st.sampled_from([1, 2, 3, 4, 5, "don't know"]), min_size=8, max_size=8), truths)
def test_what_can_be_told_doesnt_change_when_what_was_missing_becomes_known(
    levels: list[Any], law: bool | None
) -> None:
    def case(found: list[Any], driver: bool | None) -> Case:
        facts = {} if driver is None else {"legal-driver": driver}
        return {"usual": 3, "levels": dict(zip(WORDS, found, strict=True)), "facts": facts}

    before = order_of(case(levels, law))
    for level in (1, 3):
        known = [level if entry == "don't know" else entry for entry in levels]
        after = order_of(case(known, bool(level > 1) if law is None else law))
        assert after.verdict is not None
        assert before.verdict in (None, after.verdict)
