"""One unit's round as it leaves the building: one sentence, four numbers, gaps, others, gates and next moves.

What a page shows of a unit piece by piece, put together for a sheet of paper. Every file that carries a scorecard is
made from this one value, so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from assessment.analysis.evidence import carried_levels, supported_share
from assessment.analysis.gaps import GapFinding, gap_finding, round_roles
from assessment.analysis.gates import Gate, StageFinding, StageName, Verdict, country_headline, pilot_headline
from assessment.analysis.in_short import in_short
from assessment.analysis.moves import Move, best_first, moves_of_each
from assessment.analysis.peers import PeerFinding, QuartilesOf, peer_finding
from assessment.analysis.portfolio import Portfolio, portfolio
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.unseen import is_a_guess, unseen_gates
from assessment.organisation import Round
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.scoring.table import Basis, ScoringInput, of_units, present
from assessment.statements import MoveContent

#: So many next moves a scorecard has room for.
MOST_MOVES = 3
#: Of each questionnaire so many are looked at for them.
_OF_EACH = 3

#: What was said of a move, by unit and question, in the round of the scorecard.
TakenOn = Mapping[tuple[str, str], MoveContent]


@dataclass(frozen=True, slots=True)
class NextMove:
    """A move that is advised, and what the unit said of it; None when nobody took it on."""

    move: Move
    questionnaire_title: str
    taken_on: MoveContent | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The four numbers of a unit; None where nothing is known.

    `mean` is over its questionnaires, each counted once, of `questionnaires` with a score; `mean_then` the same over the
    same versions in the round before adoption. `short` of `told` dimensions are more than one level below target.
    `supported` is the share, 0 to 1, of claimed levels that evidence carries.
    """

    mean: float | None
    mean_then: float | None
    questionnaires: int
    short: int
    told: int
    supported: float | None
    levels: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One unit in one round, on its own answers.

    `readiness` is the sentence about a first pilot, '' where it would be a guess; `pilot` its gates that the reader may
    see, None where none is asked; `unseen` are how many more read answers which they may not see. `domains` are the pilot
    findings of a country's domains as far as the reader may see them; `hidden` are the names of those whose answers they may not see yet. `matrix` has the unit and what is below it in every dimension.
    """

    unit_id: str
    label: str
    kind: UnitKind
    round: Round
    questionnaires: tuple[Questionnaire, ...]
    readiness: str
    numbers: Numbers
    gaps: tuple[GapFinding, ...]
    peers: tuple[PeerFinding, ...]
    pilot: StageFinding | None
    verdict: Verdict | None
    domains: tuple[StageFinding, ...]
    moves: tuple[NextMove, ...]
    matrix: Portfolio
    hidden: tuple[str, ...] = ()
    unseen: int = 0
    #: The names of questions, by id; those of gates too.
    questions: Mapping[str, str] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """Whether the unit is ready, and how far its widest gap is."""
        return in_short(self.label, self.readiness, self.gaps)

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates of a first pilot: open ones first, hard before floors."""
        gates = self.pilot.gates if self.pilot else ()
        return tuple(sorted(gates, key=lambda gate: (not gate.is_open, not gate.hard)))

    @property
    def ready_domains(self) -> int:
        return sum(stage.is_ready for stage in self.domains)


@dataclass(frozen=True)
class Material:
    """What a scorecard is made from: one round and those before it, as far as its reader may see.

    `readable` are the units whose answers the reader may see, `hidden` those of them that they may not see yet.
    """

    data: ScoringInput
    scores: pd.DataFrame
    round: Round
    findings: RoundFindings | None
    taken_on: TakenOn
    readable: Collection[str]
    hidden: Collection[str] = ()

    def of(self, unit_id: str) -> pd.DataFrame:
        """The unit's own rows of the score table, in all rounds."""
        return self.scores[(self.scores["unit_id"] == unit_id) & (self.scores["basis"] == Basis.OWN)]

    def asked(self, unit_id: str) -> tuple[Questionnaire, ...]:
        """What the unit is asked in the round, in the round's order."""
        rows = self.of(unit_id)
        asked = set(rows[rows["round_id"] == self.round.id]["questionnaire_id"])
        pinned = self.round.questionnaires.items()
        return tuple(self.data.catalogue.get(name, version) for name, version in pinned if name in asked)


def scorecard(material: Material, unit_id: str, others: QuartilesOf | None = None) -> Scorecard:
    """The scorecard of a unit; `others` are the quartiles that it may be put beside."""
    organisation = material.data.organisation
    unit, label = organisation.units[unit_id], organisation.label(unit_id)
    asked, gaps = material.asked(unit_id), _gaps(material, unit_id)
    pilot, domains = _pilot(material, unit_id), _domains(material, unit_id)
    is_told = pilot is not None and (
        unit.kind is UnitKind.COUNTRY or not is_a_guess(pilot, material.readable)
    )
    below = [entry.id for entry in organisation.domains(unit_id)]
    unseen = unseen_gates(pilot, material.readable) if pilot else ()
    return Scorecard(
        unit_id=unit_id, label=label, kind=unit.kind, round=material.round, questionnaires=asked,
        readiness=_readiness(pilot, domains, label, unit.kind) if pilot and is_told else "",
        numbers=_numbers(material, unit_id, gaps, asked), gaps=gaps,
        peers=_peers(material, unit_id, asked, others or {}), pilot=_without(pilot, unseen),
        verdict=pilot.verdict if pilot and is_told else None,
        domains=domains, moves=_moves(material, unit_id),
        matrix=_matrix(material, unit_id, asked),
        hidden=tuple(organisation.units[name].name for name in [unit_id, *below] if name in material.hidden),
        unseen=len(unseen), questions=_names(material),
    )  # fmt: skip


def _names(material: Material) -> Mapping[str, str]:
    found = material.findings.readings.questions if material.findings else {}
    return {name: question.name for name, question in found.items()}


def _gaps(material: Material, unit_id: str) -> tuple[GapFinding, ...]:
    roles = round_roles(tuple(material.data.rounds.values()), material.round.id)
    assert roles is not None, "a scorecard is of a round"
    rows = material.of(unit_id)
    found = (
        gap_finding(
            rows[rows["questionnaire_id"] == version.id], roles, unit_label=material.data.organisation.label(unit_id),
            questionnaire_title=version.title, scale=version.axis,
        )
        for version in material.asked(unit_id)
    )  # fmt: skip
    return tuple(finding for finding in found if finding is not None)


def _peers(
    material: Material, unit_id: str, asked: Iterable[Questionnaire], others: QuartilesOf
) -> tuple[PeerFinding, ...]:
    rows = material.of(unit_id)
    now = rows[rows["round_id"] == material.round.id]
    found = (
        peer_finding(
            now[now["questionnaire_id"] == version.id], others,
            unit_label=material.data.organisation.label(unit_id), questionnaire_title=version.title, scale=version.axis,
        )
        for version in asked
    )  # fmt: skip
    return tuple(finding for finding in found if finding is not None)


def _matrix(material: Material, unit_id: str, asked: Iterable[Questionnaire]) -> Portfolio:
    organisation = material.data.organisation
    units = [organisation.units[unit_id], *organisation.domains(unit_id)]
    now = material.scores[material.scores["round_id"] == material.round.id]
    return portfolio(now, {unit.id: unit.name for unit in units}, {entry.id: entry.title for entry in asked})


def _stages(material: Material, unit_ids: Collection[str]) -> list[StageFinding]:
    stages = material.findings.stages if material.findings else ()
    return [entry for entry in stages if entry.unit_id in unit_ids]


def _pilot(material: Material, unit_id: str) -> StageFinding | None:
    pilots = (entry for entry in _stages(material, [unit_id]) if entry.stage is StageName.PILOT)
    return next((entry for entry in pilots if entry.gates), None)


def _without(pilot: StageFinding | None, unseen: Collection[Gate]) -> StageFinding | None:
    """The gates in sight: one that is unknown to its reader alone would be told as unknown to everybody."""
    return replace(pilot, gates=tuple(gate for gate in pilot.gates if gate not in unseen)) if pilot else None


def _domains(material: Material, unit_id: str) -> tuple[StageFinding, ...]:
    """The pilots of a country's domains; none while one of them is hidden: it would be counted as not ready."""
    below = {entry.id for entry in material.data.organisation.domains(unit_id)}
    if below & set(material.hidden):
        return ()
    return tuple(entry for entry in _stages(material, below) if entry.stage is StageName.PILOT)


def _readiness(pilot: StageFinding, domains: Sequence[StageFinding], label: str, kind: UnitKind) -> str:
    return (
        country_headline(pilot, domains, label) if kind is UnitKind.COUNTRY else pilot_headline(pilot, label)
    )


def _numbers(
    material: Material, unit_id: str, gaps: Sequence[GapFinding], asked: Sequence[Questionnaire]
) -> Numbers:
    told = [row for finding in gaps for row in finding.told]
    pinned = {version.id: version.version for version in asked}
    carried = carried_levels(material.data, material.round.id, pinned, [unit_id])
    roles = round_roles(tuple(material.data.rounds.values()), material.round.id)
    before = roles.before if roles else None
    now = _wholes(material, unit_id, material.round)
    then = _wholes(material, unit_id, before) if before else {}
    is_alike = bool(now) and now.keys() == then.keys()
    return Numbers(
        _mean(now), _mean(then) if is_alike else None, len(now), sum(row.is_wide for row in told), len(told),
        supported_share(carried), len(carried),
    )  # fmt: skip


def _wholes(material: Material, unit_id: str, entry: Round) -> dict[tuple[str, str], float]:
    """The score of each questionnaire as a whole that has one in the round, by questionnaire and version."""
    rows = material.of(unit_id)
    wholes = rows[(rows["round_id"] == entry.id) & (rows["dimension_id"] == "")]
    columns = (wholes[name].tolist() for name in ("questionnaire_id", "questionnaire_version", "score"))
    return {
        (name, version): score
        for name, version, value in zip(*columns, strict=True)
        if (score := present(value)) is not None
    }


def _mean(wholes: Mapping[tuple[str, str], float]) -> float | None:
    return sum(wholes.values()) / len(wholes) if wholes else None


def _moves(material: Material, unit_id: str) -> tuple[NextMove, ...]:
    data = of_units(material.data, [unit_id])
    asked = [entry for entry in data.asked if entry.round_id == material.round.id]
    lists = moves_of_each(data, asked, _OF_EACH)
    titles = {
        move.question.id: data.catalogue.get(entry.questionnaire_id, entry.version).title
        for entry, moves in zip(asked, lists, strict=True)
        for move in moves
    }
    return tuple(
        NextMove(move, titles[move.question.id], material.taken_on.get((unit_id, move.question.id)))
        for move in best_first(lists, MOST_MOVES)
    )
