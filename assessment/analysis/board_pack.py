"""The group's round as it leaves the building: who is ready, where it is short, who moved, what can be common, who does what.

As a scorecard is for one unit: every file that carries the pack is made from this one value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from assessment.analysis.commitments import CommitmentsFinding, Said, commitments_finding
from assessment.analysis.common_or_local import SpreadFinding, levels_of, spread_findings
from assessment.analysis.evidence import carried_levels
from assessment.analysis.gate_matrix import GateMatrix, gate_matrix
from assessment.analysis.gates import StageName
from assessment.analysis.headlines import standard_headline
from assessment.analysis.movement import gains, movement_table
from assessment.analysis.overview import GroupFinding, Known, group_finding, readiness_of
from assessment.analysis.portfolio import Portfolio, portfolio
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.scorecard import Material
from assessment.analysis.sequence import SequenceFinding, sequence_finding
from assessment.analysis.trajectory import Trajectories, comparable_rounds, trajectories
from assessment.organisation import Organisation, Round, up_to
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.verdicts import SpreadRules, VerdictRules
from assessment.scoring.table import Basis, ScoringInput


@dataclass(frozen=True)
class BoardPack:
    """The countries of a group in one round, by their own answers; what can't be computed for want of rules is None.

    `paths` has one finding for each questionnaire of the round, `standards` one for each of its questions. `questions`
    are the names of questions, by id.
    """

    label: str
    round: Round
    questionnaires: tuple[Questionnaire, ...]
    group: GroupFinding
    countries: Portfolio
    gates: GateMatrix | None
    paths: tuple[Trajectories, ...]
    standards: tuple[SpreadFinding, ...]
    sequence: SequenceFinding
    commitments: CommitmentsFinding
    questions: Mapping[str, str]
    names: Mapping[str, str]
    #: Where high and narrow end for `standards`; None without such rules.
    limits: SpreadRules | None = None

    @property
    def headline(self) -> str:
        return self.group.headline

    @property
    def standards_headline(self) -> str:
        return standard_headline(self.standards)


def board_pack(
    material: Material, earlier: RoundFindings | None, said: Iterable[Said], today: date
) -> BoardPack:
    """The pack of a round.

    Args:
        material: The round and those before it, of the whole group.
        earlier: What the rules say of the round before, where it asked the same; None where there is none.
        said: What units said of their moves, in all rounds.
        today: Decides what is overdue.
    """
    data, now = material.data, material.round
    organisation, rounds = data.organisation, up_to(data.rounds.values(), now.id)
    labels = {unit.id: unit.name for unit in organisation.countries}
    rules = data.catalogue.verdicts_of(now.rules_version)
    asked = tuple(data.catalogue.get(*pin) for pin in now.questionnaires.items())
    countries = portfolio(_of(material.scores, now), labels, _titles(asked))
    found = material.findings
    return BoardPack(
        label=organisation.group_name, round=now, questionnaires=asked,
        group=_group(material, earlier, countries, labels), countries=countries,
        gates=gate_matrix(found, rules, StageName.PILOT, labels) if found and rules else None,
        paths=tuple(_paths(material, version, labels, rounds) for version in asked),
        standards=_standards(found, rules),
        sequence=sequence_finding(material.scores, rounds, labels, _codes(organisation)),
        commitments=commitments_finding(said, data, rounds, today),
        questions={name: question.name for version in asked for name, question in version.questions.items()},
        names={name: organisation.label(name) for name in organisation.units},
        limits=rules.common_or_local.levels if rules and rules.common_or_local is not None else None,
    )  # fmt: skip


def round_before(data: ScoringInput, now: Round) -> Round | None:
    """The round before, if it pinned the same versions: other questions make other numbers."""
    earlier = up_to(data.rounds.values(), now.id)[:-1]
    return earlier[-1] if earlier and earlier[-1].questionnaires == now.questionnaires else None


def _of(scores: pd.DataFrame, entry: Round) -> pd.DataFrame:
    return scores[scores["round_id"] == entry.id]


def _titles(asked: Sequence[Questionnaire]) -> dict[str, str]:
    return {version.id: version.title for version in asked}


def _codes(organisation: Organisation) -> dict[str, str]:
    return {unit.id: unit.country_iso3 for unit in organisation.countries}


def _group(
    material: Material, earlier: RoundFindings | None, countries: Portfolio, labels: Mapping[str, str]
) -> GroupFinding:
    """The facts of the round beside those of the round before."""
    data, before = material.data, round_before(material.data, material.round)
    known = _known(data, material.round, countries, material.findings)
    if before is None:
        return group_finding(known, None)
    titles = {entry: data.catalogue.get(entry, version).title for entry, version in before.questionnaires.items()}  # fmt: skip
    then = portfolio(_of(material.scores, before), labels, titles)
    # Verdicts of two rounds compare only by the same rules.
    judged = earlier if before.rules_version == material.round.rules_version else None
    return group_finding(known, _known(data, before, then, judged))


def _known(data: ScoringInput, entry: Round, countries: Portfolio, findings: RoundFindings | None) -> Known:
    carried = carried_levels(data, entry.id, entry.questionnaires, [row.unit_id for row in countries.rows])
    domains = {
        domain.id for unit in data.organisation.countries for domain in data.organisation.domains(unit.id)
    }
    return Known(countries, readiness_of(findings.stages, domains) if findings else {}, carried)


def _paths(
    material: Material, version: Questionnaire, labels: Mapping[str, str], rounds: Sequence[Round]
) -> Trajectories:
    """The countries' ways in one questionnaire since the last round before adoption, else since the first."""
    data, now = material.data, material.round
    kept = comparable_rounds(data.catalogue, rounds, now.id, version.id)
    befores = [entry for entry in kept[:-1] if entry.phase == "before"]
    then = befores[-1] if befores else next(iter(kept[:-1]), None)
    rows = material.scores[
        (material.scores["questionnaire_id"] == version.id) & (material.scores["basis"] == Basis.OWN)
    ]
    return trajectories(rows, kept, labels, version, then=then, bridged=_bridged(material, version, then))


def _bridged(material: Material, version: Questionnaire, then: Round | None) -> Mapping[str, float]:
    """Changes without what a new version made of them; nothing where the version is the same."""
    if then is None or then.questionnaires.get(version.id) in (None, version.version):
        return {}
    table = movement_table(material.data, material.scores, then.id, material.round.id)
    return gains(table, version.id, Basis.OWN)


def _standards(found: RoundFindings | None, rules: VerdictRules | None) -> tuple[SpreadFinding, ...]:
    if found is None or rules is None or rules.common_or_local is None:
        return ()
    # As countries answered: gates read the domains' figure where the two differ much, this doesn't.
    return spread_findings(levels_of(found.readings.as_answered()), rules.common_or_local.levels)
