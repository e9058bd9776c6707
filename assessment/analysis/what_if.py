"""What if: the pilot verdicts that follow when some answers rise to what their gates need, and the fewest that do most.

Of pilots only. A gate of a later stage may hang on several domains and names the one that decides it; when that one
rises, the next decides, so one answer promises nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assessment.analysis.doings import Doing, doing_of, doing_words
from assessment.analysis.gates import Gate, GateState, StageFinding, StageName, Verdict, verdict_of
from assessment.analysis.readiness import RoundFindings
from assessment.i18n import count, joined, t
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.verdicts import VerdictRules

#: An answer by the unit that gave it and its question: what somebody can raise.
Answer = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Raisable:
    """An open gate of the unit, and all answers that would have to rise for it; `unit_ids` are held back by it.

    `doings` says what each of these answers needs.
    """

    question_id: str
    needed_level: int
    hard: bool
    answers: tuple[Answer, ...]
    unit_ids: tuple[str, ...]
    doings: tuple[Doing, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a change would do: the stages that read one of the raised answers, and the unit's own, before and after."""

    unit_id: str
    is_country: bool
    raised: tuple[Raisable, ...]
    before: tuple[StageFinding, ...]
    after: tuple[StageFinding, ...]

    @property
    def ready_before(self) -> int:
        return sum(entry.is_ready for entry in self.before)

    @property
    def ready_after(self) -> int:
        return sum(entry.is_ready for entry in self.after)

    @property
    def changed(self) -> tuple[tuple[StageFinding, StageFinding], ...]:
        """The stages whose verdict becomes another."""
        pairs = zip(self.before, self.after, strict=True)
        return tuple((old, new) for old, new in pairs if old.verdict is not new.verdict)


@dataclass(frozen=True, slots=True)
class Step:
    """The next answers to raise, what each needs, who becomes ready by them, and how many are ready then."""

    answers: tuple[Answer, ...]
    doings: tuple[Doing, ...]
    unit_ids: tuple[str, ...]
    ready: int


def stages_of(findings: RoundFindings, unit_id: str) -> tuple[StageFinding, ...]:
    """The stages that tell whether a unit is ready for a pilot: its own, or those of a country's domains."""
    unit = findings.readings.organisation.units[unit_id]
    wanted = {unit_id}
    if unit.kind is UnitKind.COUNTRY:
        wanted = {domain.id for domain in findings.readings.organisation.domains(unit_id)}
    return tuple(
        entry
        for entry in findings.stages
        if entry.unit_id in wanted and entry.stage is StageName.PILOT and entry.verdict is not None
    )


def raisable(stages: Iterable[StageFinding]) -> tuple[Raisable, ...]:
    """The open gates of some stages, hard ones first, then those that hold most units back."""
    opened: dict[str, list[Gate]] = {}
    for stage in stages:
        for gate in stage.blockers:
            opened.setdefault(gate.question_id, []).append(gate)
    found = [
        Raisable(
            name,
            max(gate.needed_level for gate in gates),
            any(gate.hard for gate in gates),
            tuple(dict.fromkeys(map(_answer, gates))),
            tuple(dict.fromkeys(gate.unit_id for gate in gates)),
            tuple({_answer(gate): doing_of(gate) for gate in gates}.values()),
        )
        for name, gates in opened.items()
    ]
    return tuple(sorted(found, key=lambda entry: (not entry.hard, -len(entry.unit_ids))))


def what_if(
    findings: RoundFindings,
    rules: VerdictRules,
    unit_id: str,
    question_ids: Collection[str],
) -> WhatIf:
    """The verdicts when the answers behind these open gates of a unit rise to what the gates need, with evidence.

    A domain's gate may read its country's answer; then the other domains that read it change too.
    """
    own = stages_of(findings, unit_id)
    raised = tuple(entry for entry in raisable(own) if entry.question_id in question_ids)
    answers = {answer for entry in raised for answer in entry.answers}
    touched = [
        entry
        for entry in _sisters(findings, unit_id)
        if any(gate.is_open and _answer(gate) in answers for gate in entry.gates)
    ]
    before = (*own, *touched)
    after = tuple(raised_stage(entry, answers, rules) for entry in before)
    is_country = findings.readings.organisation.units[unit_id].kind is UnitKind.COUNTRY
    return WhatIf(unit_id, is_country, raised, before, after)


def _sisters(findings: RoundFindings, unit_id: str) -> tuple[StageFinding, ...]:
    """The stages of the other domains in a domain's country: nobody else reads its answers or its country's."""
    unit = findings.readings.organisation.units[unit_id]
    if unit.kind is not UnitKind.DOMAIN or unit.parent_id is None:
        return ()
    found = stages_of(findings, unit.parent_id)
    return tuple(entry for entry in found if entry.unit_id != unit_id)


def raised_stage(stage: StageFinding, answers: Collection[Answer], rules: VerdictRules) -> StageFinding:
    """The stage with every gate met that reads one of the answers."""
    gates = tuple(
        replace(gate, state=GateState.MET) if gate.is_open and _answer(gate) in answers else gate
        for gate in stage.gates
    )
    return replace(stage, gates=gates, verdict=verdict_of(gates, rules.gates.pilot.waivable_floors))


def cheapest_steps(stages: Sequence[StageFinding], rules: VerdictRules) -> tuple[Step, ...]:
    """Which answers to raise first so that most are ready soonest; greedy.

    At each step the unit that needs the fewest more answers; so a smaller set for all of them may exist. Of the floors of
    a questionnaire those that may stay open are left, and those that most others need too are raised first.
    """
    ready = sum(entry.is_ready for entry in stages)
    left = [entry for entry in stages if not entry.is_ready]
    raised: set[Answer] = set()
    steps: list[Step] = []
    doings = {_answer(gate): doing_of(gate) for entry in left for gate in entry.blockers}
    while left:
        wanted = Counter(_answer(gate) for entry in left for gate in entry.blockers)
        needed = min((_needed(entry, raised, wanted, rules) for entry in left), key=len)
        raised |= set(needed)
        now = [entry for entry in left if raised_stage(entry, raised, rules).is_ready]
        left = [entry for entry in left if entry not in now]
        ready += len(now)
        units = tuple(entry.unit_id for entry in now)
        steps.append(Step(tuple(needed), tuple(doings[answer] for answer in needed), units, ready))
    return tuple(steps)


def steps_headline(steps: Sequence[Step], stages: Sequence[StageFinding], labels: Mapping[str, str]) -> str:
    """What is nearest, and how far all are; `labels` names units."""
    if not steps:
        return t("All that can be ready are ready")
    first = steps[0]
    nearest = joined(labels.get(unit, unit) for unit in first.unit_ids)
    told = t("{done}, and {nearest} can begin", done=doing_words(first.doings), nearest=nearest)
    if len(steps) == 1:
        return told
    answers = sum(len(step.answers) for step in steps)
    return t("{told}; {n} until all {all} can", told=told, n=answers, all=count(len(stages), "domain"))


def nearest(findings: RoundFindings, rules: VerdictRules, unit_ids: Iterable[str]) -> str | None:
    """Of these units the one for whose next pilot the fewest answers are needed, a country before its domain.

    Where nothing is left for any of them, the first country; None without units.
    """
    organisation = findings.readings.organisation
    needed = {
        entry.unit_id: len(_needed(entry, (), Counter(), rules))
        for entry in findings.stages
        if entry.stage is StageName.PILOT and entry.verdict is not None and not entry.is_ready
    }

    def distance(unit: str) -> tuple[bool, int, bool]:
        is_domain = organisation.units[unit].kind is UnitKind.DOMAIN
        below = [unit] if is_domain else [domain.id for domain in organisation.domains(unit)]
        left = min((needed[name] for name in below if name in needed), default=None)
        return left is None, left or 0, is_domain

    return min(unit_ids, key=distance, default=None)


def _needed(
    stage: StageFinding, raised: Collection[Answer], wanted: Mapping[Answer, int], rules: VerdictRules
) -> list[Answer]:
    """The answers that still have to rise until the stage is ready."""
    opened = [gate for gate in stage.blockers if _answer(gate) not in raised]
    needed = [_answer(gate) for gate in opened if gate.hard]
    floors: dict[str, list[Gate]] = {}
    for gate in opened:
        if not gate.hard:
            floors.setdefault(gate.questionnaire_id, []).append(gate)
    for gates in floors.values():
        many = len(gates) - rules.gates.pilot.waivable_floors
        first = sorted(gates, key=lambda gate: -wanted[_answer(gate)])
        needed += [_answer(gate) for gate in first[: max(many, 0)]]
    return list(dict.fromkeys(needed))


def what_if_headline(finding: WhatIf, label: str, title: str) -> str:
    """What would follow, in one sentence; `title` names what the unit would be ready for."""
    raises = _raises(finding, label)
    if finding.is_country:
        return _domains(finding, raises, title)
    own = finding.after[0] if finding.after else None
    if own is None:
        return t("No verdict depends on {unit} in this round", unit=label)
    others = sum(new.unit_id != finding.unit_id and new.is_ready for _, new in finding.changed)
    told = t("{raises}, {verdict}", raises=raises, verdict=_verdict(own, title))
    if not others:
        return told
    if others == 1:
        return t("{told}; 1 other domain that reads the same answers becomes ready", told=told)
    return t("{told}; {n} other domains that read the same answers become ready", told=told, n=others)


def _domains(finding: WhatIf, raises: str, title: str) -> str:
    """How many of a country's domains are ready then, and how many are now."""
    told = {"raises": raises, "title": title, "now": finding.ready_before, "ready": finding.ready_after}
    domains = count(len(finding.before), "domain")
    if finding.ready_after == 1:
        return t("{raises}, 1 of its {domains} is ready for {title} (now {now})", domains=domains, **told)
    return t("{raises}, {ready} of its {domains} are ready for {title} (now {now})", domains=domains, **told)


def _raises(finding: WhatIf, label: str) -> str:
    if not finding.raised:
        return t("If {unit} changes nothing", unit=label)
    levels = joined(map(str, sorted({entry.needed_level for entry in finding.raised})))
    gates = t("this one") if len(finding.raised) == 1 else t("these {n}", n=len(finding.raised))
    doings = {doing for entry in finding.raised for doing in entry.doings}
    told = {"unit": label, "gates": gates, "levels": levels}
    if doings == {Doing.ANSWER}:
        return t("If {unit} answers {gates} at level {levels} with evidence", **told)
    if Doing.ANSWER in doings:
        return t("If {unit} raises or answers {gates} to level {levels} with evidence", **told)
    return t("If {unit} raises {gates} to level {levels} with evidence", **told)


def _verdict(stage: StageFinding, title: str) -> str:
    hard = sum(gate.hard for gate in stage.blockers)
    if stage.verdict is Verdict.READY:
        return t("it is ready for {title}", title=title)
    if stage.verdict is Verdict.WITH_CONDITIONS:
        floors = count(len(stage.blockers), "floor")
        return t("it is ready for {title} with conditions: {floors} open", title=title, floors=floors)
    if hard:
        return t(
            "it still isn't ready for {title}: {gates} open", title=title, gates=count(hard, "hard gate")
        )
    return t("it still isn't ready for {title}: too many floors are open", title=title)


def _answer(gate: Gate) -> Answer:
    return gate.reading.source_unit_id, gate.question_id
