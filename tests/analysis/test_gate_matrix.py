"""The gate matrix: a staircase of gates and units, and one sentence that says who is ready and what blocks most."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessment.analysis.blockers import blockers
from assessment.analysis.gate_columns import RISK
from assessment.analysis.gate_matrix import (
    MATRIX_COLUMNS,
    GateMatrix,
    gate_matrix,
    gate_title,
    matrix_table,
)
from assessment.analysis.gates import Gate, GateState, StageName, Verdict
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.readings import Known, Reading
from assessment.questionnaire.models import UnitKind
from assessment.statements import MoveContent
from tests.analysis.judging import Case, hard_gates, questions, rules
from tests.analysis.rounds import findings_of, labels_of

READY: dict[str, Any] = {
    "units": {"FR": ["sales", "finance"], "DE": ["sales"]},
    "everything": "3 with document",
}
LAW, SPONSOR, ACCESS = "dgm-regulatory-map", "dgm-exec-sponsor", "dgm-access-rules"


def but(**answers: dict[str, object]) -> Case:
    """All is at level 3 with a document, except these answers, by unit (`FR_sales`) and question."""
    return {**READY, "answers": {unit.replace("_", "."): given for unit, given in answers.items()}}


def matrix_of(
    case: Case, kind: UnitKind = UnitKind.DOMAIN, stage: StageName = StageName.PILOT, **options: Any
) -> GateMatrix:
    findings = findings_of(case)
    return gate_matrix(findings, rules(), stage, labels_of(findings, kind), **options)


def test_gates_stand_by_falling_number_passed_and_so_do_units() -> None:
    matrix = matrix_of(but(FR={LAW: 1}, FR_sales={SPONSOR: 1, "dgm-owner-named": 2}, DE_sales={SPONSOR: 1}))
    passed = [column.passed for column in matrix.columns]
    assert passed == sorted(passed, reverse=True)
    assert {column.question_id for column in matrix.columns[-2:]} == {LAW, SPONSOR}
    assert [row.unit_id for row in matrix.rows] == ["FR.finance", "DE.sales", "FR.sales"]
    assert [row.passed for row in matrix.rows] == sorted((row.passed for row in matrix.rows), reverse=True)


def test_a_column_counts_the_units_that_have_its_gate_open() -> None:
    matrix = matrix_of(but(FR={LAW: 1}, DE_sales={SPONSOR: "don't know"}))
    found = {column.question_id: (column.opened, column.asked) for column in matrix.columns}
    assert found[LAW] == (2, 3)
    assert found[SPONSOR] == (1, 3)
    assert found["dgm-access-rules"] == (0, 3)


def test_all_gates_are_there_or_only_the_hard_ones_or_those_of_one_questionnaire() -> None:
    every = {name for name, entry in questions().items() if entry.gate}
    hard = {name for names in hard_gates().values() for name in names}
    assert {column.question_id for column in matrix_of(READY).columns} == every
    assert {column.question_id for column in matrix_of(READY, hard_only=True).columns} == hard
    only = matrix_of(READY, hard_only=True, questionnaire_id="platform-readiness")
    assert {column.question_id for column in only.columns} == set(hard_gates()["platform-readiness"])


def test_a_countrys_row_says_how_many_of_its_domains_are_ready() -> None:
    matrix = matrix_of(but(FR_sales={SPONSOR: 1}, FR_finance={"dgm-shared-terms": 1}), UnitKind.COUNTRY)
    found = {row.unit_id: (row.ready, row.conditions, row.domains, row.verdict) for row in matrix.rows}
    assert found == {"FR": (1, 1, 2, None), "DE": (1, 0, 1, None)}


def test_of_a_family_only_its_domains_count_and_it_is_named() -> None:
    case = but(FR_sales={SPONSOR: 1}, FR_finance={SPONSOR: "don't know"})
    sales: dict[str, Any] = {"domains": ["FR.sales", "DE.sales"], "family": "Sales"}
    matrix = matrix_of(case, UnitKind.COUNTRY, **sales)
    found = {row.unit_id: (row.ready, row.domains) for row in matrix.rows}
    assert found == {"FR": (0, 1), "DE": (1, 1)}
    assert matrix.headline == (
        "1 of 2 domains in “Sales” is ready for a first pilot; “Top sponsor” blocks 1 of 2 domains"
    )
    assert matrix_of(case, UnitKind.COUNTRY).headline.startswith("1 of 3 domains is ready")


def test_a_countrys_row_keeps_what_it_says_of_itself_beside_the_gates_of_its_domains() -> None:
    matrix = matrix_of(but(FR={SPONSOR: 1}, FR_sales={ACCESS: 1}), UnitKind.COUNTRY)
    france = next(row for row in matrix.rows if row.unit_id == "FR")
    place = {column.question_id: number for number, column in enumerate(matrix.columns)}
    own = {name: france.gates[place[name]] for name in (SPONSOR, ACCESS)}
    assert {name: gate.state for name, gate in own.items() if gate} == {
        SPONSOR: GateState.NOT_MET, ACCESS: GateState.MET,
    }  # fmt: skip
    assert [gate.state for gate in france.below[place[SPONSOR]]] == [GateState.MET, GateState.MET]
    assert [(gate.unit_id, gate.state) for gate in france.below[place[ACCESS]]] == [
        ("FR.finance", GateState.MET), ("FR.sales", GateState.NOT_MET),
    ]  # fmt: skip
    blocked = {column.question_id: (column.blocked, column.asked) for column in matrix.judged}
    assert (blocked[SPONSOR], blocked[ACCESS]) == ((0, 3), (1, 3))


def test_units_of_which_nobody_knows_are_told_apart_from_those_that_are_blocked() -> None:
    matrix = matrix_of(but(FR_sales={SPONSOR: 1}, FR_finance={SPONSOR: 5}, DE_sales={SPONSOR: "don't know"}))
    column = next(entry for entry in matrix.columns if entry.question_id == SPONSOR)
    assert (column.opened, column.blocked, column.unknown) == (3, 2, 1)


@pytest.mark.parametrize(
    ("case", "kind", "options", "headline"),
    [
        (READY, UnitKind.DOMAIN, {}, "3 of 3 domains are ready for a first pilot; none of the gates shown is open"),
        (
            but(FR={LAW: 1}),
            UnitKind.DOMAIN, {},
            "1 of 3 domains is ready for a first pilot; “Map of data laws” blocks 2 of 3 domains",
        ),
        (
            but(FR={LAW: 1}),
            UnitKind.COUNTRY, {},
            "1 of 3 domains is ready for a first pilot; “Map of data laws” blocks 2 of 3 domains",
        ),
        (
            but(FR_sales={"dgm-shared-terms": 1}),
            UnitKind.DOMAIN, {},
            "3 of 3 domains are ready for a first pilot, 1 of them with conditions; “Shared business terms” is open in"
            " 1 of 3 domains",
        ),
        (
            but(FR={LAW: 1, "spr-identity": 2}),
            UnitKind.DOMAIN, {},
            "1 of 3 domains is ready for a first pilot; “Map of data laws” blocks 2 of 3 domains (and 1 other as many)",
        ),
        (
            but(FR={SPONSOR: 1}, DE={SPONSOR: "don't know"}),
            UnitKind.COUNTRY, {},
            "3 of 3 domains are ready for a first pilot; none of the gates shown is open",
        ),
        (
            but(FR_sales={SPONSOR: 1}, FR_finance={SPONSOR: "don't know"}, DE_sales={ACCESS: 2}),
            UnitKind.COUNTRY, {},
            "0 of 3 domains are ready for a first pilot; “Top sponsor” blocks 1 of 3 domains (and 1 other as many),"
            " unknown in 1",
        ),
        (
            but(FR_sales={SPONSOR: "don't know"}),
            UnitKind.COUNTRY, {},
            "2 of 3 domains are ready for a first pilot; “Top sponsor” is unknown in 1 of 3 domains",
        ),
        (
            but(FR_sales={"dgm-shared-terms": 1}, DE_sales={"dgm-shared-terms": "don't know"}),
            UnitKind.DOMAIN, {},
            "3 of 3 domains are ready for a first pilot, 2 of them with conditions; “Shared business terms” is open in"
            " 1 of 3 domains, unknown in 1",
        ),
        (
            {"units": {"FR": []}, "everything": "3 with document"},
            UnitKind.COUNTRY, {},
            "0 of 1 country passed every gate shown; “Capacity to run data” is unknown in 1 of 1 country (and 1 other as many)",
        ),
        ({"units": {"FR": ["sales"]}}, UnitKind.DOMAIN, {}, "Nothing is known of any of these gates yet: no finished assessment answers one"),
        (READY, UnitKind.DOMAIN, {"questionnaire_id": "none"}, "No gate is asked of these units in this round"),
        (READY, UnitKind.GROUP, {}, "No gate is asked of these units in this round"),
        (
            READY, UnitKind.COUNTRY, {"stage": StageName.SUSTAIN},
            "0 of 2 countries are ready for “Lasting without the programme”; “Owners’ yearly goals” blocks 2 of 2 countries"
            " (and 2 others as many)",
        ),
    ],
)  # fmt: skip
def test_the_headline_says_who_is_ready_and_what_blocks_most_or_why_nobody_can_tell(
    case: Case, kind: UnitKind, options: dict[str, Any], headline: str
) -> None:
    assert matrix_of(case, kind, **options).headline == headline


def with_risks(findings: RoundFindings, *states: GateState) -> RoundFindings:
    """The same findings, France's scale stage with a gate more for each of these domains at risk."""
    stages = []
    for stage in findings.stages:
        if stage.stage is StageName.SCALE and stage.unit_id == "FR":
            extra = [
                Gate("FR", StageName.SCALE, "", 2, True, Reading(SPONSOR, f"FR.d{n}", Known.LEVEL, 1, 1), state)
                for n, state in enumerate(states)
            ]  # fmt: skip
            stages.append(replace(stage, gates=(*stage.gates, *extra)))
        else:
            stages.append(stage)
    return replace(findings, stages=tuple(stages))


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ((), GateState.MET), ((GateState.UNKNOWN,), GateState.UNKNOWN),
        ((GateState.UNKNOWN, GateState.NOT_MET), GateState.NOT_MET),
    ],
)  # fmt: skip
def test_the_risk_of_all_domains_is_one_column_with_the_worst(
    states: tuple[GateState, ...], shown: GateState
) -> None:
    findings = with_risks(findings_of(READY), *states)
    matrix = gate_matrix(findings, rules(), StageName.SCALE, labels_of(findings, UnitKind.COUNTRY))
    place = next(n for n, column in enumerate(matrix.columns) if column.question_id == RISK)
    assert len(matrix.columns) == len(rules().gates.scale.requirements) + 1
    france = next(row for row in matrix.rows if row.unit_id == "FR").gates[place]
    assert france is not None
    assert france.state is shown
    assert gate_title(RISK, findings, rules()) == "No domain in “High risk”"


def test_behind_the_risk_stands_the_move_on_the_worst_answer_of_the_domain_at_risk() -> None:
    findings = with_risks(findings_of(READY), GateState.NOT_MET)
    matrix = gate_matrix(findings, rules(), StageName.SCALE, labels_of(findings, UnitKind.COUNTRY))
    moves = {("FR.d0", SPONSOR): MoveContent(owner="Ana")}
    (risk,) = (entry for entry in blockers(matrix, moves, {}) if entry.column.question_id == RISK)
    (answer,) = risk.answers
    assert (answer.reading.source_unit_id, answer.reading.question_id) == ("FR.d0", SPONSOR)
    assert answer.move == moves["FR.d0", SPONSOR]


def test_later_stages_have_a_verdict_for_countries_and_no_row_for_domains() -> None:
    matrix = matrix_of(READY, UnitKind.COUNTRY, StageName.SUSTAIN)
    assert {row.verdict for row in matrix.rows} == {Verdict.NOT_YET}
    assert matrix_of(READY, UnitKind.DOMAIN, StageName.SCALE).rows == ()


def test_units_that_were_not_asked_are_counted() -> None:
    findings = findings_of(READY)
    labels = {**labels_of(findings, UnitKind.COUNTRY), "IT": "Italy"}
    matrix = gate_matrix(findings, rules(), StageName.PILOT, labels)
    assert ([row.unit_id for row in matrix.rows], matrix.missing) == (["DE", "FR"], 1)


def test_the_table_has_every_gate_of_every_row_with_its_levels_and_whose_answer_it_is() -> None:
    matrix = matrix_of(but(FR={LAW: 4}, DE_sales={SPONSOR: "don't know"}), hard_only=True)
    table = matrix_table(matrix)
    assert tuple(table.columns) == MATRIX_COLUMNS
    assert len(table) == 3 * 18
    law = table[(table["unit_id"] == "FR.sales") & (table["question_id"] == LAW)].iloc[0]
    assert (law["source_unit_id"], law["claimed_level"], law["supported_level"], law["state"]) == (
        "FR",
        4,
        2,
        "claimed",
    )
    unknown = table[(table["unit_id"] == "DE.sales") & (table["question_id"] == SPONSOR)].iloc[0]
    assert unknown["state"] == "unknown"
    assert table["claimed_level"].isna().sum() == 1
