"""C5, the gate matrix: units against gates, from the gate that most have passed to the one that blocks most.

A pilot is a domain's, and its gates read the domain's own answers first. So a country's row shows what the country says
of itself, and what a gate blocks is counted over its domains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from assessment.analysis.gate_columns import RISK, GateColumn, blocking_words, domain_words, is_tie, most_open
from assessment.analysis.gates import Gate, GateState, StageFinding, StageName, Verdict
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.readings import Known, Reading
from assessment.i18n import count, t
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.verdicts import VerdictRules

#: The columns of the table of a matrix, in their order.
MATRIX_COLUMNS = (
    "unit_id", "unit", "stage", "verdict", "questionnaire_id", "question_id", "gate", "needed_level", "hard",
    "source_unit_id", "claimed_level", "supported_level", "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GateRow:
    """One unit: its gate in each column (None: not asked of it), its verdict where it has one.

    A country's pilots are its domains': of those looked at, `domains` have a verdict, `ready` of them are ready and
    `conditions` of these with conditions; `below` has their gates in each column. `is_ready` says it of the unit's own
    verdict.
    """

    unit_id: str
    label: str
    gates: tuple[Gate | None, ...]
    verdict: Verdict | None
    ready: int = 0
    conditions: int = 0
    domains: int = 0
    is_ready: bool = False
    below: tuple[tuple[Gate, ...], ...] = ()

    @property
    def passed(self) -> int:
        return sum(gate is not None and not gate.is_open for gate in self.gates)


@dataclass(frozen=True, slots=True)
class GateMatrix:
    """Columns by falling number of units that passed them, rows by falling number of gates passed: a staircase.

    `missing` of the units that were looked for weren't asked in the round. `of_domains` says what the rows are. `judged`
    are the same gates over the domains of the countries in the rows, where the verdicts are theirs; else empty. `family`
    names the one domain family that is looked at.
    """

    of_domains: bool
    stage: StageName
    title: str
    columns: tuple[GateColumn, ...]
    rows: tuple[GateRow, ...]
    missing: int
    judged: tuple[GateColumn, ...] = ()
    family: str = ""

    @property
    def headline(self) -> str:
        """How many are ready, and the gate that blocks most; or why nobody can tell."""
        if not self.rows or not self.columns:
            return t("No gate is asked of these units in this round")
        if all(column.unknown == column.asked for column in self._blocking_over):
            return t("Nothing is known of any of these gates yet: no finished assessment answers one")
        return t("{ready}; {blocking}", ready=self._ready(), blocking=self._blocking())

    @property
    def _blocking_over(self) -> tuple[GateColumn, ...]:
        """The gates over whom they hold back."""
        return self.judged or self.columns

    def _ready(self) -> str:
        if self.stage is not StageName.PILOT:
            ready = sum(row.is_ready for row in self.rows)
            return _are(ready, count(len(self.rows), "country", "countries"), f"“{self.title}”")
        domains = len(self.rows) if self.of_domains else sum(row.domains for row in self.rows)
        if not domains:
            passed = sum(row.passed == len(self.columns) for row in self.rows)
            units = count(len(self.rows), "country", "countries")
            return t("{passed} of {units} passed every gate shown", passed=passed, units=units)
        conditions = sum(row.conditions for row in self.rows)
        told = _are(
            sum(row.ready for row in self.rows), domain_words(domains, self.family), t("a first pilot")
        )
        return t("{told}, {n} of them with conditions", told=told, n=conditions) if conditions else told

    def _blocking(self) -> str:
        worst = most_open(self._blocking_over)
        if worst is None:
            return t("none of the gates shown is open")
        is_of_domains = self.of_domains or bool(self.judged)
        units = count(worst.asked, "domain") if is_of_domains else count(worst.asked, "country", "countries")
        ties = sum(is_tie(column, worst) for column in self._blocking_over) - 1
        return blocking_words(worst, units, ties)


def gate_matrix(
    findings: RoundFindings,
    rules: VerdictRules,
    stage: StageName,
    labels: Mapping[str, str],
    *,
    questionnaire_id: str | None = None,
    hard_only: bool = False,
    domains: Collection[str] | None = None,
    family: str = "",
) -> GateMatrix:
    """The gates of one stage about the units in `labels`; later stages are countries' only.

    Args:
        findings: The findings of the round.
        rules: What they came about by.
        stage: Pilot, scale or sustain.
        labels: The units in the rows and what to call them, by id.
        questionnaire_id: Only the gates of this questionnaire; None is all.
        hard_only: Only the gates that are never waived.
        domains: The domains that count for the countries in the rows; None are all of theirs.
        family: The name of the one domain family that these belong to.
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
    pilots = _pilots(stages, findings, domains)
    rows = [_row(entry, gates[unit], columns, labels[unit], pilots[unit]) for unit, entry in stages.items()]
    rows.sort(key=lambda row: (-row.passed, row.label.casefold()))
    units = findings.readings.organisation.units
    of_domains = any(units[unit].kind is UnitKind.DOMAIN for unit in stages)
    judged: tuple[GateColumn, ...] = ()
    if stage is StageName.PILOT and not of_domains and any(pilots.values()):
        below = [_by_column(pilot, rules) for found in pilots.values() for pilot in found]
        judged = _columns(wanted, below, findings, rules)
    return GateMatrix(
        of_domains, stage, _title(rules, stage), columns, tuple(rows), len(labels) - len(stages), judged, family
    )  # fmt: skip


def _pilots(
    units: Collection[str], findings: RoundFindings, domains: Collection[str] | None
) -> dict[str, list[StageFinding]]:
    """Of each unit in the rows the pilot verdicts that count there: a domain's own, of a country those looked at."""
    organisation = findings.readings.organisation
    verdicts = {
        entry.unit_id: entry
        for entry in findings.stages
        if entry.stage is StageName.PILOT and entry.verdict is not None
    }
    below = {
        unit: [unit]
        if organisation.units[unit].kind is UnitKind.DOMAIN
        else [domain.id for domain in organisation.domains(unit) if domains is None or domain.id in domains]
        for unit in units
    }
    return {unit: [verdicts[name] for name in names if name in verdicts] for unit, names in below.items()}


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
        # One pass: there may be 50,000 gates.
        states = Counter(gate.state for gate in found)
        opened = len(found) - states[GateState.MET] - states[GateState.NOT_APPLICABLE]
        columns.append(
            GateColumn(
                name, example.questionnaire_id, gate_title(name, findings, rules), example.needed_level,
                example.hard, opened, len(found), states[GateState.UNKNOWN],
            )
        )  # fmt: skip
    return tuple(sorted(columns, key=lambda column: (-column.passed, not column.hard)))


def _row(
    entry: StageFinding,
    gates: Mapping[str, Gate],
    columns: Sequence[GateColumn],
    label: str,
    pilots: Sequence[StageFinding],
) -> GateRow:
    """One unit with its gates in the columns' order, and what the pilot verdicts that count there come to."""
    of_domain = bool(pilots) and pilots[0].unit_id == entry.unit_id
    has_below = entry.stage is StageName.PILOT and not of_domain
    by_question = [{gate.question_id: gate for gate in pilot.gates} for pilot in pilots if has_below]
    below = tuple(
        tuple(found[column.question_id] for found in by_question if column.question_id in found)
        for column in columns
        if by_question
    )
    return GateRow(
        entry.unit_id, label, tuple(gates.get(column.question_id) for column in columns), entry.verdict,
        sum(pilot.is_ready for pilot in pilots),
        sum(pilot.verdict is Verdict.WITH_CONDITIONS for pilot in pilots),
        0 if of_domain else len(pilots), entry.is_ready, below,
    )  # fmt: skip


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
