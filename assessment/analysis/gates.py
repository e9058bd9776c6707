"""Gates and verdicts: what a first pilot needs, what a third domain or second country needs, and what lasts.

Gates read supported levels; a level that is only claimed is said to be that. The rules are data
(`verdicts/<version>.yaml`); the verdict's order is design §7's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from assessment.analysis.readings import Known, Reading, Readings
from assessment.i18n import count, t
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.verdicts import Extent, Requirement, VerdictRules


class StageName(StrEnum):
    PILOT = "pilot"
    SCALE = "scale"
    SUSTAIN = "sustain"


class GateState(StrEnum):
    """Whether a gate is passed: on evidence, only on the claim, not at all, or nobody knows."""

    MET = "met"
    CLAIMED = "claimed"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    READY = "ready"
    WITH_CONDITIONS = "ready_with_conditions"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Gate:
    """One needed level of one question about one unit, and what was found."""

    unit_id: str
    stage: StageName
    questionnaire_id: str
    needed_level: int
    hard: bool
    reading: Reading
    state: GateState

    @property
    def question_id(self) -> str:
        return self.reading.question_id

    @property
    def is_open(self) -> bool:
        return self.state not in (GateState.MET, GateState.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class StageFinding:
    """A unit's gates for one stage, and what follows from them; `verdict` is None where only gates are shown."""

    unit_id: str
    stage: StageName
    gates: tuple[Gate, ...]
    verdict: Verdict | None

    @property
    def hard(self) -> tuple[Gate, ...]:
        return tuple(gate for gate in self.gates if gate.hard)

    @property
    def hard_met(self) -> int:
        """Hard gates that evidence carries; a claim doesn't count."""
        return sum(gate.state is GateState.MET for gate in self.hard)

    @property
    def is_ready(self) -> bool:
        """Whether it may begin, with conditions or without."""
        return self.verdict in (Verdict.READY, Verdict.WITH_CONDITIONS)

    @property
    def blockers(self) -> tuple[Gate, ...]:
        """What keeps the unit from the next better verdict, hard gates first."""
        open_ones = [gate for gate in self.gates if gate.is_open]
        return tuple(sorted(open_ones, key=lambda gate: not gate.hard))


def pilot_headline(finding: StageFinding, label: str) -> str:
    """One sentence about a domain's first pilot."""
    hard, met = len(finding.hard), finding.hard_met
    open_hard = sum(gate.hard for gate in finding.blockers)
    floors = len(finding.blockers) - open_hard
    if finding.verdict is Verdict.READY:
        return t("{unit} is ready for a first pilot: all {hard} hard gates are passed", unit=label, hard=hard)
    if finding.verdict is Verdict.WITH_CONDITIONS:
        return t("{unit} is ready with conditions: {floors} open", unit=label, floors=count(floors, "floor"))
    if finding.verdict is Verdict.NOT_ENOUGH_EVIDENCE:
        return t(
            "It can't be told yet whether {unit} is ready: {open} only claimed or unknown, {met} of {hard} met",
            unit=label, open=count(open_hard, "hard gate"), met=met, hard=hard,
        )  # fmt: skip
    failed = sum(gate.hard and gate.state is GateState.NOT_MET for gate in finding.gates)
    if failed:
        missed = count(failed, "hard gate")
        return t("{unit} isn't ready for a pilot yet: {missed} not met", unit=label, missed=missed)
    return t("{unit} isn't ready for a pilot yet: too many floors are open", unit=label)


def country_headline(own: StageFinding, domains: Sequence[StageFinding], label: str) -> str:
    """One sentence about a country: how many of its domains are ready, and its own hard gates."""
    gates = t("{met} of {hard} hard gates of its own are met", met=own.hard_met, hard=len(own.hard))
    if not domains:
        return t("{unit}: {gates}", unit=label, gates=gates)
    ready = sum(entry.is_ready for entry in domains)
    of_all = count(len(domains), "domain")
    return t(
        "{unit}: {ready} of {of_all} ready for a first pilot; {gates}",
        unit=label,
        ready=ready,
        of_all=of_all,
        gates=gates,
    )


def gate_state(reading: Reading, needed: int) -> GateState:
    """What a reading says about a needed level.

    Not applicable counts only once a reviewer has accepted it: else the hardest gate would be passed with a word.
    """
    if reading.is_out:
        return GateState.NOT_APPLICABLE
    if reading.known is not Known.LEVEL or reading.claimed is None or reading.supported is None:
        return GateState.UNKNOWN
    if reading.supported >= needed:
        return GateState.MET
    return GateState.CLAIMED if reading.claimed >= needed else GateState.NOT_MET


def verdict_of(gates: Sequence[Gate], waivable_floors: int) -> Verdict:
    """The first that fits: a hard gate not met, a hard gate not shown, too many floors open, any floor open, ready."""
    hard = {gate.state for gate in gates if gate.hard}
    if GateState.NOT_MET in hard:
        return Verdict.NOT_YET
    if hard & {GateState.UNKNOWN, GateState.CLAIMED}:
        return Verdict.NOT_ENOUGH_EVIDENCE
    open_floors = Counter(gate.questionnaire_id for gate in gates if not gate.hard and gate.is_open)
    if any(found > waivable_floors for found in open_floors.values()):
        return Verdict.NOT_YET
    return Verdict.WITH_CONDITIONS if open_floors else Verdict.READY


def pilot_finding(
    unit_id: str, readings: Readings, rules: VerdictRules, homes: Mapping[str, str]
) -> StageFinding:
    """The gates that stand at the questions; a verdict for domains only, because a pilot is a domain's.

    `homes` has the questionnaire of every question.
    """
    gates = tuple(
        _gate(
            unit_id,
            StageName.PILOT,
            homes[name],
            question.gate.level,
            readings.about(unit_id, name),
            hard=question.gate.hard,
        )
        for name, question in readings.questions.items()
        if question.gate is not None
    )
    is_domain = readings.organisation.units[unit_id].kind is UnitKind.DOMAIN
    verdict = verdict_of(gates, rules.gates.pilot.waivable_floors) if is_domain and gates else None
    return StageFinding(unit_id, StageName.PILOT, gates, verdict)


def stage_finding(
    unit_id: str,
    stage: StageName,
    readings: Readings,
    rules: VerdictRules,
    homes: Mapping[str, str],
    live: Mapping[str, bool],
) -> StageFinding:
    """The requirements of a later stage for one country; every one is hard: nothing of it is waived.

    `live` says which domains have live data products; a domain that isn't in it may have some or none.
    """
    needed = rules.gates.scale if stage is StageName.SCALE else rules.gates.sustain
    gates = tuple(
        _gate(
            unit_id, stage, homes.get(entry.question, ""), entry.at_least,
            _required(unit_id, entry, readings, live), hard=True,
        )
        for entry in needed.requirements
    )  # fmt: skip
    return StageFinding(unit_id, stage, gates, verdict_of(gates, 0))


def _gate(
    unit_id: str, stage: StageName, questionnaire_id: str, needed: int, reading: Reading, *, hard: bool
) -> Gate:
    return Gate(unit_id, stage, questionnaire_id, needed, hard, reading, gate_state(reading, needed))


def _required(unit_id: str, entry: Requirement, readings: Readings, live: Mapping[str, bool]) -> Reading:
    """What a requirement reads: the unit itself, or the domain that decides whether enough of them have the level.

    Domains that a reviewer accepted as not applicable are left out. Of the n others the ⌈share × n⌉-th best decides,
    from met over claimed and unknown to not met; the rest may lag. A domain of which nobody knows whether anything
    is live is unknown.
    """
    if entry.of is Extent.UNIT:
        return readings.about(unit_id, entry.question)
    found = list(readings.of_domains(unit_id, entry.question))
    if entry.of is Extent.LIVE_DOMAINS:
        found = [
            reading
            if live.get(reading.source_unit_id)
            else Reading(entry.question, reading.source_unit_id, Known.UNANSWERED)
            for reading in found
            if live.get(reading.source_unit_id, True)
        ]
    judged = [(gate_state(reading, entry.at_least), reading) for reading in found]
    concerned = [(state, reading) for state, reading in judged if state is not GateState.NOT_APPLICABLE]
    if not concerned:
        return Reading(
            entry.question,
            unit_id,
            Known.NOT_APPLICABLE if found else Known.UNANSWERED,
            is_accepted=bool(found),
        )
    best_first = sorted(concerned, key=lambda pair: (_BEST_FIRST.index(pair[0]), -(pair[1].supported or 0)))
    return best_first[ceil(entry.share * len(concerned) - 1e-9) - 1][1]


_BEST_FIRST = (GateState.MET, GateState.CLAIMED, GateState.UNKNOWN, GateState.NOT_MET)
