"""C5, the gate matrix: units against gates, from the gate that most have passed to the one that blocks most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from assessment.analysis.gates import Gate, GateState, StageFinding, StageName, Verdict
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.readings import Known, Reading
from assessment.i18n import count, t
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.verdicts import VerdictRules

#: The column of the gate that every domain of a country has to pass together; each gate in it keeps its own question.
RISK = ""
#: The columns of the table of a matrix, in their order.
MATRIX_COLUMNS = (
    "unit_id", "unit", "stage", "verdict", "questionnaire_id", "question_id", "gate", "needed_level", "hard",
    "source_unit_id", "claimed_level", "supported_level", "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GateColumn:
    """One gate; `opened` of the `asked` units have it open. `question_id` is `RISK` for the risk of the domains."""

    question_id: str
    questionnaire_id: str
    title: str
    needed_level: int
    hard: bool
    opened: int
    asked: int

    @property
    def passed(self) -> int:
        return self.asked - self.opened


@dataclass(frozen=True, slots=True)
class GateRow:
    """One unit: its gate in each column (None: not asked of it), its verdict where it has one.

    A country's pilots are its domains': `ready` of its `domains` are, `conditions` of these with conditions. `is_ready`
    says it of the unit's own verdict.
    """

    unit_id: str
    label: str
    gates: tuple[Gate | None, ...]
    verdict: Verdict | None
    ready: int = 0
    conditions: int = 0
    domains: int = 0
    is_ready: bool = False

    @property
    def passed(self) -> int:
        return sum(gate is not None and not gate.is_open for gate in self.gates)


@dataclass(frozen=True, slots=True)
class GateMatrix:
    """Columns by falling number of units that passed them, rows by falling number of gates passed: a staircase.

    `missing` of the units that were looked for weren't asked in the round. `of_domains` says what the rows are.
    """

    of_domains: bool
    stage: StageName
    title: str
    columns: tuple[GateColumn, ...]
    rows: tuple[GateRow, ...]
    missing: int

    @property
    def headline(self) -> str:
        """How many are ready, and the gate that blocks most; or why nobody can tell."""
        if not self.rows or not self.columns:
            return t("No gate is asked of these units in this round")
        states = {gate.state for row in self.rows for gate in row.gates if gate is not None}
        if states == {GateState.UNKNOWN}:
            return t("Nothing is known of any of these gates yet: no finished assessment answers one")
        return t("{ready}; {blocking}", ready=self._ready(), blocking=self._blocking())

    def _ready(self) -> str:
        if self.stage is not StageName.PILOT:
            ready = sum(row.is_ready for row in self.rows)
            return _are(ready, self._units(len(self.rows)), f"“{self.title}”")
        domains = len(self.rows) if self.of_domains else sum(row.domains for row in self.rows)
        if not domains:
            passed = sum(row.passed == len(self.columns) for row in self.rows)
            return t(
                "{passed} of {units} passed every gate shown",
                passed=passed,
                units=self._units(len(self.rows)),
            )
        conditions = sum(row.conditions for row in self.rows)
        told = _are(sum(row.ready for row in self.rows), count(domains, "domain"), t("a first pilot"))
        return t("{told}, {n} of them with conditions", told=told, n=conditions) if conditions else told

    def _blocking(self) -> str:
        worst = most_open(self.columns)
        if worst is None:
            return t("none of the gates shown is open")
        ties = sum(column.opened == worst.opened and column.hard == worst.hard for column in self.columns) - 1
        also = t(" (and {others} as many)", others=count(ties, "other")) if ties else ""
        told = {"gate": worst.title, "n": worst.opened, "units": self._units(worst.asked), "also": also}
        if worst.hard:
            return t("“{gate}” blocks {n} of {units}{also}", **told)
        return t("“{gate}” is open in {n} of {units}{also}", **told)

    def _units(self, number: int) -> str:
        if self.of_domains:
            return count(number, "domain")
        return count(number, "country", "countries")


def most_open(columns: Sequence[GateColumn]) -> GateColumn | None:
    """The gate that blocks most; None when none is open."""
    return max((column for column in columns if column.opened), key=how_blocking, default=None)


def how_blocking(column: GateColumn) -> tuple[bool, int]:
    """Rises with what a gate blocks: any hard one before any floor, because a floor may stay open, then by open units."""
    return column.hard, column.opened


def gate_matrix(
    findings: RoundFindings,
    rules: VerdictRules,
    stage: StageName,
    labels: Mapping[str, str],
    *,
    questionnaire_id: str | None = None,
    hard_only: bool = False,
) -> GateMatrix:
    """The gates of one stage about the units in `labels`; later stages are countries' only.

    Args:
        findings: The findings of the round.
        rules: What they came about by.
        stage: Pilot, scale or sustain.
        labels: The units in the rows and what to call them, by id.
        questionnaire_id: Only the gates of this questionnaire; None is all.
        hard_only: Only the gates that are never waived.
    """
    stages = {
        entry.unit_id: entry
        for entry in findings.stages
        if entry.stage is stage and entry.unit_id in labels and entry.gates
    }
    gates = {unit: _by_column(entry, rules) for unit, entry in stages.items()}
    wanted = {
        name: gate
        for entry in gates.values()
        for name, gate in entry.items()
        if questionnaire_id in (None, gate.questionnaire_id) and (gate.hard or not hard_only)
    }
    columns = _columns(wanted, list(gates.values()), findings, rules)
    rows = _rows(stages, gates, columns, labels, findings)
    units = findings.readings.organisation.units
    of_domains = any(units[unit].kind is UnitKind.DOMAIN for unit in stages)
    return GateMatrix(of_domains, stage, _title(rules, stage), columns, rows, len(labels) - len(stages))


def _by_column(stage: StageFinding, rules: VerdictRules) -> dict[str, Gate]:
    """The gates of a stage by their question, but one, the worst, for all its domains at risk under `RISK`."""
    later = rules.gates.scale if stage.stage is StageName.SCALE else rules.gates.sustain
    if stage.stage is StageName.PILOT or later.no_domain_in_band is None:
        return {gate.question_id: gate for gate in stage.gates}
    own, risks = stage.gates[: len(later.requirements)], stage.gates[len(later.requirements) :]
    worst = next((gate for gate in risks if gate.state is GateState.NOT_MET), risks[0] if risks else None)
    if worst is None:
        nowhere = Reading(RISK, stage.unit_id, Known.NOT_ASKED)
        worst = Gate(stage.unit_id, stage.stage, RISK, 1, True, nowhere, GateState.MET)
    return {**{gate.question_id: gate for gate in own}, RISK: worst}


def _columns(
    wanted: Mapping[str, Gate],
    gates: Sequence[Mapping[str, Gate]],
    findings: RoundFindings,
    rules: VerdictRules,
) -> tuple[GateColumn, ...]:
    columns = []
    for name, example in wanted.items():
        found = [entry[name] for entry in gates if name in entry]
        columns.append(
            GateColumn(
                name, example.questionnaire_id, gate_title(name, findings, rules), example.needed_level,
                example.hard, sum(gate.is_open for gate in found), len(found),
            )
        )  # fmt: skip
    return tuple(sorted(columns, key=lambda column: (-column.passed, not column.hard)))


def _rows(
    stages: Mapping[str, StageFinding],
    gates: Mapping[str, Mapping[str, Gate]],
    columns: Sequence[GateColumn],
    labels: Mapping[str, str],
    findings: RoundFindings,
) -> tuple[GateRow, ...]:
    pilots = {entry.unit_id: entry for entry in findings.stages if entry.stage is StageName.PILOT}
    organisation = findings.readings.organisation
    rows = []
    for unit, entry in stages.items():
        own = tuple(gates[unit].get(column.question_id) for column in columns)
        is_country = organisation.units[unit].kind is UnitKind.COUNTRY
        below = [domain.id for domain in organisation.domains(unit)] if is_country else [unit]
        judged = [pilots[name] for name in below if name in pilots and pilots[name].verdict is not None]
        ready = sum(pilot.is_ready for pilot in judged)
        conditions = sum(pilot.verdict is Verdict.WITH_CONDITIONS for pilot in judged)
        domains = len(judged) if is_country else 0
        rows.append(
            GateRow(unit, labels[unit], own, entry.verdict, ready, conditions, domains, entry.is_ready)
        )
    return tuple(sorted(rows, key=lambda row: (-row.passed, row.label.casefold())))


def gate_title(question_id: str, findings: RoundFindings, rules: VerdictRules) -> str:
    """What a column is called: its question's name; of the risk, the band that no domain may be in."""
    if question_id == RISK:
        forbidden = rules.gates.scale.no_domain_in_band or rules.gates.sustain.no_domain_in_band
        band = next((entry for entry in rules.sustainability.bands if entry.id == forbidden), None)
        return t("No domain in “{band}”", band=band.title if band else "")
    question = findings.readings.questions.get(question_id)
    return question.name if question else question_id


def _title(rules: VerdictRules, stage: StageName) -> str:
    gates = rules.gates
    return {
        StageName.PILOT: gates.pilot.title,
        StageName.SCALE: gates.scale.title,
        StageName.SUSTAIN: gates.sustain.title,
    }[stage]


def _are(ready: int, units: str, what: str) -> str:
    if ready == 1:
        return t("1 of {units} is ready for {what}", units=units, what=what)
    return t("{ready} of {units} are ready for {what}", ready=ready, units=units, what=what)


def matrix_table(matrix: GateMatrix) -> pd.DataFrame:
    """Every gate of every row, with `MATRIX_COLUMNS`; levels are empty where there are none."""
    rows = [
        (
            row.unit_id, row.label, str(matrix.stage), str(row.verdict or ""), column.questionnaire_id,
            column.question_id, column.title, gate.needed_level, gate.hard, gate.reading.source_unit_id,
            gate.reading.claimed, gate.reading.supported, str(gate.state),
        )
        for row in matrix.rows
        for column, gate in zip(matrix.columns, row.gates, strict=True)
        if gate is not None
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(MATRIX_COLUMNS))
    return table.astype({"claimed_level": "Int64", "supported_level": "Int64"})
