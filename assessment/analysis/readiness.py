"""Every unit's gates and verdicts in one round, with all that they rest on: the rules applied to the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from assessment.analysis.clauses import FactValues
from assessment.analysis.gates import (
    Gate,
    GateState,
    StageFinding,
    StageName,
    pilot_finding,
    stage_finding,
    verdict_of,
)
from assessment.analysis.perception import PerceptionFinding, perception
from assessment.analysis.readings import Known, Reading, Readings, readings_of
from assessment.analysis.sustainability import SustainabilityFinding, sustainability
from assessment.organisation import Round, Unit, in_time
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.verdicts import VerdictRules
from assessment.scoring.table import ScoringInput

#: The columns of gates.csv and verdicts.csv, in their order.
GATE_COLUMNS = (
    "round_id", "unit_id", "stage", "questionnaire_id", "question_id", "needed_level", "hard", "source_unit_id",
    "claimed_level", "supported_level", "state",
)  # fmt: skip
VERDICT_COLUMNS = (
    "round_id",
    "unit_id",
    "stage",
    "verdict",
    "hard_gates",
    "hard_met",
    "blocking_question_ids",
)
#: The fact that says whether a domain has anything live.
LIVE_FACT = "live-data-products"
#: From the worst on: what a gate is over several rounds is the worst that it was in one of them.
_WORST_FIRST = (
    GateState.NOT_MET, GateState.UNKNOWN, GateState.CLAIMED, GateState.MET, GateState.NOT_APPLICABLE,
)  # fmt: skip


@dataclass(frozen=True)
class RoundFindings:
    """What the rules say in one round: stages by unit in the organisation's order, risk by domain, views by country."""

    round_id: str
    readings: Readings
    stages: tuple[StageFinding, ...]
    risks: Mapping[str, SustainabilityFinding]
    views: Mapping[str, tuple[PerceptionFinding, ...]]


def round_findings(
    data: ScoringInput, round_id: str, rules: VerdictRules, facts: Mapping[str, FactValues] | None = None
) -> RoundFindings:
    """Gates and verdicts of every unit that was asked anything in the round.

    Args:
        data: Answers and what they belong to; other rounds are read where a rule asks for several in a row.
        round_id: The round.
        rules: The version of the rules.
        facts: What is known of units beside their answers, by round; what is absent is unknown.
    """
    known = facts or {}
    findings = _findings(data, round_id, rules, known.get(round_id, {}))
    lasting = _over_rounds(data, round_id, rules, known, findings)
    return replace(findings, stages=tuple(lasting))


def _findings(
    data: ScoringInput, round_id: str, rules: VerdictRules, facts: FactValues, only: UnitKind | None = None
) -> RoundFindings:
    """One round by itself; `only` limits the stages to one kind of unit."""
    plain = readings_of(data, round_id)
    countries = [unit.id for unit in data.organisation.countries]
    views = {country: perception(country, plain, rules.perception) for country in countries}
    readings = plain.overruled(
        (country, view.question_id) for country, found in views.items() for view in found if view.use_domains
    )
    asked = {entry.unit_id for entry in data.asked if entry.round_id == round_id}
    units = [unit for unit in data.organisation.units.values() if unit.id in asked]
    risks = {
        unit.id: sustainability(unit.id, readings, rules.sustainability, facts)
        for unit in units
        if unit.kind is UnitKind.DOMAIN
    }
    homes = _homes(data, round_id)
    live = {unit: bool(value) for (unit, fact), value in facts.items() if fact == LIVE_FACT}
    stages = [
        stage
        for unit in units
        if only in (None, unit.kind)
        for stage in _stages(unit, readings, rules, homes, live, risks)
    ]
    return RoundFindings(round_id, readings, tuple(stages), risks, views)


def _homes(data: ScoringInput, round_id: str) -> dict[str, str]:
    """The questionnaire of every question that is asked in the round."""
    asked = {(entry.questionnaire_id, entry.version) for entry in data.asked if entry.round_id == round_id}
    return {name: pin for pin, version in asked for name in data.catalogue.get(pin, version).questions}


def _stages(
    unit: Unit,
    readings: Readings,
    rules: VerdictRules,
    homes: Mapping[str, str],
    live: Mapping[str, bool],
    risks: Mapping[str, SustainabilityFinding],
) -> list[StageFinding]:
    pilot = pilot_finding(unit.id, readings, rules, homes)
    if unit.kind is not UnitKind.COUNTRY:
        return [pilot]
    scale = stage_finding(unit.id, StageName.SCALE, readings, rules, homes, live)
    sustain = stage_finding(unit.id, StageName.SUSTAIN, readings, rules, homes, live)
    domains = [risks[entry.id] for entry in readings.organisation.domains(unit.id) if entry.id in risks]
    return [
        pilot,
        _with_risk(scale, rules.gates.scale.no_domain_in_band, domains),
        _with_risk(sustain, rules.gates.sustain.no_domain_in_band, domains),
    ]


def _with_risk(
    stage: StageFinding, forbidden: str | None, domains: Sequence[SustainabilityFinding]
) -> StageFinding:
    """The stage with a gate more for every domain that is in the forbidden band, or of which nobody can tell."""
    if forbidden is None:
        return stage
    extra = []
    for risk in domains:
        if risk.band is None or risk.band.id == forbidden:
            state = GateState.UNKNOWN if risk.band is None else GateState.NOT_MET
            extra += _risk_gates(stage, risk, state)
    gates = (*stage.gates, *extra)
    return replace(stage, gates=gates, verdict=verdict_of(gates, 0))


def _risk_gates(stage: StageFinding, risk: SustainabilityFinding, state: GateState) -> list[Gate]:
    """One gate for a domain: at its worst answer, or at one that is missing where nobody can tell.

    A fact alone can make a risk high before anything was answered: then there is no answer to name.
    """
    nothing = Reading("", risk.unit_id, Known.UNANSWERED)
    if state is GateState.UNKNOWN:
        missing = replace(nothing, question_id=risk.missing[0]) if risk.missing else nothing
        return [Gate(stage.unit_id, stage.stage, "", 1, True, missing, state)]
    worst = risk.causes[0] if risk.causes else nothing
    return [Gate(stage.unit_id, stage.stage, "", (worst.claimed or 0) + 1, True, worst, state)]


def _over_rounds(
    data: ScoringInput,
    round_id: str,
    rules: VerdictRules,
    facts: Mapping[str, FactValues],
    now: RoundFindings,
) -> list[StageFinding]:
    """The stages of now, those that must last taken as the worst of so many rounds in a row."""
    needed = rules.gates.sustain.rounds_in_a_row
    earlier = earlier_rounds(data.rounds.values(), rules, round_id)
    before = [
        _findings(data, other, rules, facts.get(other, {}), only=UnitKind.COUNTRY).stages for other in earlier
    ]
    by_key = [{(stage.unit_id, stage.stage): stage for stage in stages} for stages in before]
    lasting = []
    for stage in now.stages:
        if stage.stage is StageName.SUSTAIN:
            past = [found.get((stage.unit_id, stage.stage)) for found in by_key]
            lasting.append(_lasting(stage, past, needed - 1))
        else:
            lasting.append(stage)
    return lasting


def earlier_rounds(rounds: Iterable[Round], rules: VerdictRules, round_id: str) -> list[str]:
    """The rounds before this one that its verdicts read too, the latest first."""
    order = [entry.id for entry in in_time(rounds)]
    return order[: order.index(round_id)][::-1][: rules.gates.sustain.rounds_in_a_row - 1]


def _lasting(stage: StageFinding, past: Sequence[StageFinding | None], needed: int) -> StageFinding:
    """A stage over several rounds; what wasn't asked in one of them can't be told."""
    gates = []
    for place, gate in enumerate(stage.gates):
        states = [
            gate.state,
            *(entry.gates[place].state for entry in past if entry and place < len(entry.gates)),
        ]
        if len(states) <= needed:
            states.append(GateState.UNKNOWN)
        gates.append(replace(gate, state=min(states, key=_WORST_FIRST.index)))
    return replace(stage, gates=tuple(gates), verdict=verdict_of(gates, 0))


def all_findings(data: ScoringInput, rules: VerdictRules) -> tuple[RoundFindings, ...]:
    """The findings of every round in which something was asked, in time."""
    asked = {entry.round_id for entry in data.asked}
    return tuple(
        round_findings(data, entry.id, rules) for entry in in_time(data.rounds.values()) if entry.id in asked
    )


def gate_table(findings: Iterable[RoundFindings]) -> pd.DataFrame:
    """Every gate of every round, unit and stage, with `GATE_COLUMNS`; levels are empty where there are none."""
    rows = [
        (
            entry.round_id, stage.unit_id, str(stage.stage), gate.questionnaire_id, gate.question_id,
            gate.needed_level, gate.hard, gate.reading.source_unit_id, gate.reading.claimed,
            gate.reading.supported, str(gate.state),
        )
        for entry in findings
        for stage in entry.stages
        for gate in stage.gates
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(GATE_COLUMNS))
    return table.astype({"claimed_level": "Int64", "supported_level": "Int64"})


def verdict_table(findings: Iterable[RoundFindings]) -> pd.DataFrame:
    """The verdict of every round, unit and stage that has one, with `VERDICT_COLUMNS`; blockers are joined by spaces."""
    rows = [
        (
            entry.round_id, stage.unit_id, str(stage.stage), str(stage.verdict), len(stage.hard), stage.hard_met,
            " ".join(dict.fromkeys(gate.question_id for gate in stage.blockers)),
        )
        for entry in findings
        for stage in entry.stages
        if stage.verdict is not None
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(VERDICT_COLUMNS))
