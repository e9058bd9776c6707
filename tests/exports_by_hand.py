"""A scorecard and a board pack made by hand, of as many countries as wanted: files are tested without scoring anything."""

from __future__ import annotations

from datetime import date
from functools import cache

from assessment.analysis.board_pack import BoardPack
from assessment.analysis.commitments import Commitment, CommitmentsFinding
from assessment.analysis.common_or_local import SpreadFinding, spread_findings
from assessment.analysis.gate_columns import GateColumn
from assessment.analysis.gate_matrix import GateMatrix, GateRow
from assessment.analysis.gates import Gate, GateState, StageFinding, StageName, Verdict
from assessment.analysis.moves import Move
from assessment.analysis.overview import GroupFinding, Stand
from assessment.analysis.peers import PeerFinding, PeerRow, Quartiles
from assessment.analysis.portfolio import Cell, Portfolio, PortfolioColumn, PortfolioRow
from assessment.analysis.readings import Known, Reading
from assessment.analysis.scorecard import NextMove, Numbers, Scorecard
from assessment.analysis.sequence import CountryPath, SequenceFinding, Stop
from assessment.analysis.trajectory import Path, Trajectories
from assessment.questionnaire.folder import load_catalogue
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.questionnaire.verdicts import SpreadRules
from assessment.scoring.table import ScoreStatus
from assessment.statements import MoveContent, MoveState
from tests.charts.findings import BEFORE, DURING, NOW, SCALE, gap_finding, gap_row
from tests.conftest import ROOT

_STATES = (GateState.NOT_MET, GateState.CLAIMED, GateState.MET, GateState.UNKNOWN)


@cache
def asked() -> tuple[Questionnaire, ...]:
    return load_catalogue(ROOT / "questionnaires").latest_published()


def scorecard(name: str = "Poland", gates: int = 20) -> Scorecard:
    """A country with two dimensions below target and one without a score, its gates and two moves."""
    version = asked()[0]
    first, second = list(version.questions.values())[:2]
    found = gap_finding(
        gap_row("direction", 1.5, [2.0], 2.5, 4.0, title="Direction"),
        gap_row("quality", 2.0, [None], 3.0, 3.5, title="Quality"),
        gap_row("sharing", None, [None], None, 3.0, title="Sharing", status=ScoreStatus.WITHHELD),
    )
    others = Quartiles(2.6, 3.0, 3.4, 7)
    peers = PeerFinding(
        name, found.questionnaire_title, found.questionnaire_reference, SCALE,
        tuple(PeerRow(row.dimension_id, row.title, row.now, row.status, row.target, others) for row in found.rows),
    )  # fmt: skip
    taken_on = MoveContent(state=MoveState.UNDER_WAY, owner="Ana", due_on=date(2027, 2, 1))
    return Scorecard(
        unit_id="PL", label=name, kind=UnitKind.COUNTRY, round=NOW, questionnaires=(version,),
        readiness=f"{name}: 1 of 2 domains ready", numbers=Numbers(2.75, 1.75, 1, 1, 2, 0.5, 10),
        gaps=(gap_finding(*found.rows),), peers=(peers,),
        pilot=StageFinding("PL", StageName.PILOT, tuple(gate(f"q{n}", _STATES[n % 4], hard=n % 2 == 0) for n in range(gates)), None),
        verdict=None, domains=(StageFinding("PL.a", StageName.PILOT, (), Verdict.READY), StageFinding("PL.b", StageName.PILOT, (), Verdict.NOT_YET)),
        moves=(
            NextMove(Move(first, "Direction", 2, 3, 0.2, 1, ()), version.title, taken_on),
            NextMove(Move(second, "Direction", 1, 2, 0.1, 3, ()), version.title, None),
        ),
        matrix=Portfolio((), ()), questions={f"q{n}": f"Gate number {n}" for n in range(gates)},
    )  # fmt: skip


def gate(question_id: str, state: GateState, *, hard: bool = True) -> Gate:
    levels = {GateState.MET: (3, 3), GateState.CLAIMED: (3, 2), GateState.NOT_MET: (2, 2)}.get(state)
    known = Known.LEVEL if levels else Known.UNANSWERED
    reading = Reading(question_id, "PL", known, *(levels or (None, None)))
    return Gate("PL", StageName.PILOT, "data-governance", 3, hard, reading, state)


def board_pack(names: tuple[str, ...], dimensions: int = 6) -> BoardPack:
    """A pack of countries with these names: three questionnaires of so many dimensions, twelve gates, a move each."""
    versions = asked()[:3]
    units = {f"C{n}": name for n, name in enumerate(names)}
    questions = {key: question.name for version in versions for key, question in version.questions.items()}
    stand = Stand(len(units), 3 * len(units), 2.8, len(units), 4, 40, 0.6, 90)
    limits = load_catalogue(ROOT / "questionnaires").latest_verdicts()
    assert limits is not None
    assert limits.common_or_local is not None
    return BoardPack(
        label="The group", round=NOW, questionnaires=versions, group=GroupFinding(stand, (stand, stand), None),
        countries=_portfolio(units, versions, dimensions), gates=_matrix(units),
        paths=tuple(_paths(units, version) for version in versions),
        standards=_standards(units, questions, limits.common_or_local.levels),
        sequence=SequenceFinding(
            (BEFORE, NOW),
            tuple(CountryPath(key, name, key, (Stop("r1", 1.0, 1.5), Stop("r3", 2 + n % 20 / 10, 3.5 - n % 9 / 10))) for n, (key, name) in enumerate(units.items())),
            ("Atlantis",), (),
        ),
        commitments=CommitmentsFinding(tuple(_commitment(key, versions[0], n) for n, key in enumerate(units))),
        questions=questions, names=units, limits=limits.common_or_local.levels,
    )  # fmt: skip


def _portfolio(units: dict[str, str], versions: tuple[Questionnaire, ...], dimensions: int) -> Portfolio:
    columns = tuple(
        PortfolioColumn(f"d{n}", f"Dimension {n}", version.title, 2.5, version.id)
        for version in versions
        for n in range(dimensions)
    )
    rows = tuple(
        PortfolioRow(key, name, 4 - number / 100, tuple(_cell(key, number + place) for place, _ in enumerate(columns)))
        for number, (key, name) in enumerate(units.items())
    )  # fmt: skip
    return Portfolio(columns, rows)


def _cell(unit_id: str, number: int) -> Cell:
    if number % 7 == 6:
        return Cell(unit_id, "d", ScoreStatus.NOT_ANSWERED, None, None, 3.0, None, 0.0, "draft")
    level = 1 + number % 5
    gap = max(0.0, 4.0 - level)
    return Cell(unit_id, "d", ScoreStatus.SCORED, float(level), level, 4.0, gap, 1.0, "accepted")


def _matrix(units: dict[str, str]) -> GateMatrix:
    columns = tuple(
        GateColumn(f"q{n}", "data-governance", f"Gate number {n}", 3, n < 9, 1, len(units)) for n in range(12)
    )
    rows = tuple(
        GateRow(
            key, name, tuple(gate(column.question_id, _STATES[(n + place) % 4], hard=column.hard) for place, column in enumerate(columns)),
            None, ready=n % 4, conditions=min(n % 4, 1), domains=3,
        )
        for n, (key, name) in enumerate(units.items())
    )  # fmt: skip
    return GateMatrix(False, StageName.PILOT, "Pilot", columns, rows, 0, columns)


def _paths(units: dict[str, str], version: Questionnaire) -> Trajectories:
    paths = tuple(
        Path(
            key,
            name,
            (1.5, 2.0, 2.0 + n % 10 / 10),
            ("1.0.0",) * 3,
            3.5,
            0.5 + n % 10 / 10,
            ScoreStatus.SCORED,
        )
        for n, (key, name) in enumerate(units.items())
    )
    return Trajectories(version.title, SCALE, (BEFORE, DURING, NOW), BEFORE, paths, True)


def _standards(
    units: dict[str, str], questions: dict[str, str], limits: SpreadRules
) -> tuple[SpreadFinding, ...]:
    levels = {
        question: {key: (1 + (n + place) % 5, True) for n, key in enumerate(units)}
        for place, question in enumerate(questions)
    }
    return spread_findings(levels, limits)


def _commitment(unit_id: str, version: Questionnaire, number: int) -> Commitment:
    question = list(version.questions.values())[number % 10]
    content = MoveContent(state=MoveState.PLANNED, owner=f"Owner {number}", due_on=date(2026, 1, 1))
    return Commitment(NOW, unit_id, version.id, question, content, 2, 3, 2, True)
