"""The rules applied to whole rounds: what gates.csv and verdicts.csv say, and that one follows from the other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
import pytest

from assessment import demo
from assessment.analysis.gates import GateState, StageName, Verdict
from assessment.analysis.operating_model import operating_model
from assessment.analysis.readiness import (
    GATE_COLUMNS,
    VERDICT_COLUMNS,
    RoundFindings,
    all_findings,
    gate_table,
    round_findings,
    verdict_table,
)
from assessment.analysis.readings import readings_of
from assessment.exports.csv import gates_csv, verdicts_csv
from assessment.organisation import Phase, Round, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.questionnaire.verdicts import VerdictRules
from assessment.responses import Answer, AnswerRow, AnswerState, AssessmentState, EvidenceKind, answer_table
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput
from tests.questionnaire.builders import dimension, question, questionnaire

#: unit, question, level; evidence carries every level.
Given = Iterable[tuple[str, str, int]]


@pytest.fixture(scope="module")
def rules(catalogue: Catalogue) -> VerdictRules:
    found = catalogue.latest_verdicts()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def synthetic(catalogue: Catalogue) -> ScoringInput:
    """The demonstration with five countries of four domains, three rounds."""
    made = demo.workspace(catalogue, date(2026, 11, 22), demo.Size(5, 4, 3))
    rows = [
        AnswerRow(
            a.round_id,
            a.unit_id,
            a.questionnaire_id,
            a.version,
            given.question_id,
            given.answer,
            "",
            given.answered_at,
        )
        for a in made.assessments
        for given in a.answers
    ]
    asked = [
        Asked(a.round_id, a.unit_id, a.questionnaire_id, a.version, a.steps[-1][0] if a.steps else None)
        for a in made.assessments
    ]
    rounds = {entry.id: entry for entry in made.rounds}
    return ScoringInput(catalogue, made.organisation, rounds, answer_table(rows), asked, made.targets)


@pytest.fixture(scope="module")
def findings(synthetic: ScoringInput, rules: VerdictRules) -> tuple[RoundFindings, ...]:
    return all_findings(synthetic, rules)


def workspace(catalogue: Catalogue, given: Given, rounds: int = 1, domains: int = 4) -> ScoringInput:
    """One country with domains that gave the same answers in each round, all accepted."""
    units = [
        Unit("ALL", "All", UnitKind.GROUP, None), Unit("NO", "Norway", UnitKind.COUNTRY, "ALL", "NOR"),
        *(Unit(f"NO.d{n}", f"Domain {n}", UnitKind.DOMAIN, "NO", "NOR", f"d{n}") for n in range(domains)),
    ]  # fmt: skip
    held = [Round(f"r{n}", f"Round {n}", Phase.DURING, date(2026, 1 + n, 1), None) for n in range(rounds)]
    home = {name: q for q in catalogue.latest_published() for name in q.questions}
    rows = [
        AnswerRow(
            entry.id, unit, home[question].id, home[question].version, question,
            Answer(AnswerState.ANSWERED, str(level), evidence_kind=EvidenceKind.INDEPENDENT),
        )
        for entry in held
        for unit, question, level in given
    ]  # fmt: skip
    asked = [
        Asked(entry.id, unit.id, questionnaire.id, questionnaire.version, AssessmentState.ACCEPTED)
        for entry in held
        for unit in units[1:]
        for questionnaire in catalogue.latest_published()
    ]
    return ScoringInput(
        catalogue, organisation_of(units), {entry.id: entry for entry in held}, answer_table(rows), asked
    )


def everything(catalogue: Catalogue, level: int, domains: int = 4) -> list[tuple[str, str, int]]:
    units = [("NO", "country"), *((f"NO.d{n}", "domain") for n in range(domains))]
    return [
        (unit, question.id, level)
        for unit, kind in units
        for questionnaire in catalogue.latest_published()
        for question in questionnaire.questions.values()
        if question.is_asked_of(kind)
    ]


def verdicts(data: ScoringInput, rules: VerdictRules, round_id: str = "r0") -> dict[tuple[str, str], str]:
    table = verdict_table([round_findings(data, round_id, rules, LIVE)])
    return {(row["unit_id"], row["stage"]): row["verdict"] for row in table.to_dict("records")}


LIVE = {f"r{n}": {(f"NO.d{place}", "live-data-products"): 2.0 for place in range(4)} for n in range(3)}


def test_a_fact_said_before_anything_is_answered_makes_a_risk_and_breaks_nothing(
    catalogue: Catalogue, rules: VerdictRules
) -> None:
    data = workspace(catalogue, [])
    facts = {"r0": {("NO.d0", "stale-product-share"): 0.4}}
    found = round_findings(data, "r0", rules, facts)
    assert found.risks["NO.d0"].band is not None
    scale = next(stage for stage in found.stages if stage.stage is StageName.SCALE)
    risky = [gate for gate in scale.gates if gate.reading.source_unit_id == "NO.d0" and not gate.question_id]
    assert [(gate.state, gate.reading.claimed) for gate in risky] == [(GateState.NOT_MET, None)]


def test_the_files_have_the_columns_that_others_rely_on(findings: tuple[RoundFindings, ...]) -> None:
    gates, found = gates_csv(gate_table(findings)).decode(), verdicts_csv(verdict_table(findings)).decode()
    assert gates.splitlines()[0] == ",".join(f'"{name}"' for name in GATE_COLUMNS)
    assert found.splitlines()[0] == ",".join(f'"{name}"' for name in VERDICT_COLUMNS)
    assert '"data-governance","dgm-exec-sponsor",3,true,' in gates
    assert "<NA>" not in gates
    assert ".0," not in gates, "levels are whole numbers"


def test_every_verdict_follows_from_the_gates_beside_it(findings: tuple[RoundFindings, ...]) -> None:
    """The rule of design §7 once more, on nothing but the rows of the files."""
    gates, found = gate_table(findings), verdict_table(findings)
    assert len(found)
    for row in found.to_dict("records"):
        mine = gates[
            (gates["round_id"] == row["round_id"])
            & (gates["unit_id"] == row["unit_id"])
            & (gates["stage"] == row["stage"])
        ]
        assert row["verdict"] == said_by(mine, waivable=2 if row["stage"] == "pilot" else 0)
        assert row["hard_gates"] == mine["hard"].sum()
        assert row["hard_met"] == (mine["hard"] & (mine["state"] == "met")).sum()


def said_by(gates: pd.DataFrame, waivable: int) -> str:
    hard, floors = gates[gates["hard"]], gates[~gates["hard"].astype(bool)]
    if (hard["state"] == "not_met").any():
        return "not_yet"
    if hard["state"].isin(["unknown", "claimed"]).any():
        return "not_enough_evidence"
    unmet = floors[~floors["state"].isin(["met", "not_applicable"])]
    if (unmet.groupby("questionnaire_id").size() > waivable).any():
        return "not_yet"
    return "ready_with_conditions" if len(unmet) else "ready"


def test_pilot_verdicts_are_domains_and_later_ones_countries(findings: tuple[RoundFindings, ...]) -> None:
    table = verdict_table(findings)
    assert set(table[table["stage"] == "pilot"]["unit_id"].str.contains(".", regex=False)) == {True}
    assert set(table[table["stage"] != "pilot"]["unit_id"].str.contains(".", regex=False)) == {False}
    countries = {gate for gate in gate_table(findings)["unit_id"] if "." not in gate}
    assert countries == {"BR", "DE", "ES", "FR", "IN"} or len(countries) == 5, (
        "countries show their own gates"
    )


def test_a_country_that_has_everything_is_ready_for_all_stages_once_it_lasted_two_rounds(
    catalogue: Catalogue, rules: VerdictRules
) -> None:
    data = workspace(catalogue, everything(catalogue, 5), rounds=2)
    first, second = verdicts(data, rules, "r0"), verdicts(data, rules, "r1")
    assert {verdict for (_, stage), verdict in first.items() if stage == "pilot"} == {Verdict.READY}
    assert first["NO", "scale"] == Verdict.READY
    assert first["NO", "sustain"] == Verdict.NOT_ENOUGH_EVIDENCE, "one round doesn't show that it lasts"
    assert second["NO", "sustain"] == Verdict.READY


def test_a_domain_at_high_risk_keeps_its_country_from_scaling(
    catalogue: Catalogue, rules: VerdictRules
) -> None:
    risky = {"dor-data-priority": 1, "dor-demand-surge": 1, "dor-value-pipeline": 1, "dor-beyond-mvp": 1}
    given = [
        (unit, name, risky.get(name, level) if unit == "NO.d2" else level)
        for unit, name, level in everything(catalogue, 4)
    ]
    found = round_findings(workspace(catalogue, given), "r0", rules, LIVE)
    assert found.risks["NO.d2"].band is not None
    assert found.risks["NO.d2"].band.id == "high"
    (scale,) = [s for s in found.stages if s.stage is StageName.SCALE]
    assert scale.verdict is Verdict.NOT_YET
    assert [gate.reading.source_unit_id for gate in scale.blockers] == ["NO.d2"]


def test_where_lead_and_domains_differ_by_two_levels_the_gates_of_the_country_read_the_domains(
    catalogue: Catalogue, rules: VerdictRules
) -> None:
    given = [
        (unit, name, 5 if unit == "NO" and name == "dgm-classification" else 2)
        for unit, name, _ in everything(catalogue, 2)
    ]
    found = round_findings(workspace(catalogue, given), "r0", rules)
    pilot = next(s for s in found.stages if s.unit_id == "NO" and s.stage is StageName.PILOT)
    gate = next(gate for gate in pilot.gates if gate.question_id == "dgm-classification")
    assert (gate.reading.claimed, gate.state) == (2, GateState.NOT_MET)


def test_without_facts_nobody_can_tell_what_is_live(catalogue: Catalogue, rules: VerdictRules) -> None:
    found = round_findings(workspace(catalogue, everything(catalogue, 5)), "r0", rules)
    (scale,) = [s for s in found.stages if s.stage is StageName.SCALE]
    open_ones = {gate.question_id: gate.state for gate in scale.blockers}
    assert open_ones == {"dor-contracts": GateState.UNKNOWN}


def test_a_round_without_answers_has_unknown_gates_and_no_ready_unit(
    catalogue: Catalogue, rules: VerdictRules
) -> None:
    found = round_findings(workspace(catalogue, []), "r0", rules)
    states = {gate.state for stage in found.stages for gate in stage.gates}
    assert states == {GateState.UNKNOWN}
    assert {stage.verdict for stage in found.stages} == {None, Verdict.NOT_ENOUGH_EVIDENCE}


def test_two_versions_in_one_round_are_read_each_by_its_own_options(catalogue: Catalogue) -> None:
    old = Questionnaire.model_validate(
        questionnaire(dimension("d", question("q", levels={"1": "None.", "2": "One.", "3": "Two."})))
    )
    fewer = [{"level": 1, "name": "Low"}, {"level": 2, "name": "High"}]
    new = Questionnaire.model_validate(
        questionnaire(
            dimension("d", question("q", levels={"1": "None.", "2": "Some."})), scale=fewer, version="2.0.0"
        )
    )
    units = [Unit("FR", "France", UnitKind.COUNTRY, None), Unit("DE", "Germany", UnitKind.COUNTRY, None)]
    rows = [
        AnswerRow("r0", "FR", "example", "1.0.0", "q", Answer(AnswerState.ANSWERED, "3")),
        AnswerRow("r0", "DE", "example", "2.0.0", "q", Answer(AnswerState.ANSWERED, "2")),
    ]
    asked = [Asked("r0", "FR", "example", "1.0.0"), Asked("r0", "DE", "example", "2.0.0")]
    rounds = {"r0": Round("r0", "Round", Phase.BEFORE)}
    data = ScoringInput(catalogue_of([old, new]), organisation_of(units), rounds, answer_table(rows), asked)
    readings = readings_of(data, "r0")
    assert [readings.about(unit, "q").claimed for unit in ("FR", "DE")] == [3, 2]


def test_the_better_of_two_is_unknown_while_the_unknown_one_could_be_it(
    catalogue: Catalogue, rules: VerdictRules
) -> None:
    def automated(known: int) -> int | None:
        given = [("NO", "dgm-policy-automation", known)]
        readings = readings_of(workspace(catalogue, given), "r0")
        return operating_model("NO.d0", readings, rules.operating_model, {}).levels.get("automated-rules")

    assert automated(4) is None
    assert automated(5) == 5, "nothing is better"
