"""Findings to draw, small enough to check by eye."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.analysis.gaps import GapFinding, GapRow, RoundRoles
from assessment.analysis.portfolio import Cell, Portfolio, PortfolioColumn, PortfolioRow
from assessment.organisation import Phase, Round
from assessment.scoring.table import ScoreStatus

LEVELS = {1: "Initial", 2: "Emerging", 3: "Defined", 4: "Managed", 5: "Optimising"}
SCALE = tuple((float(level), name) for level, name in LEVELS.items())
BEFORE = Round("r1", "2024-H2", Phase.BEFORE)
DURING = Round("r2", "2025-H1", Phase.DURING)
NOW = Round("r3", "2025-H2", Phase.DURING)
ALL_ROUNDS = RoundRoles(BEFORE, (DURING,), NOW)

#: What a name may be; each must be drawn as it is written here.
HOSTILE = (
    '<a href="javascript:alert(1)">x</a>',
    '<span style="background:url(//evil)">x</span>',
    "<b>R&D</b> &lt;i&gt;",
    "%{x} %{customdata[0]}",
    r"$\href{//evil}{x}$",
    "<extra></extra>",
)


def gap_row(
    identifier: str,
    before: float | None,
    during: Sequence[float | None],
    now: float | None,
    target: float | None,
    *,
    title: str | None = None,
    status: ScoreStatus = ScoreStatus.SCORED,
) -> GapRow:
    gap = None if now is None or target is None else max(0.0, target - now)
    return GapRow(identifier, title or identifier, before, tuple(during), now, target, gap, status)


def gap_finding(
    *rows: GapRow, rounds: RoundRoles = ALL_ROUNDS, scale: tuple[tuple[float, str], ...] = SCALE
) -> GapFinding:
    return GapFinding("Poland", "Data governance", "data-governance@1.0.0", scale, rounds, rows)


def many_gaps(count: int) -> GapFinding:
    """Rows whose titles are as long as real ones."""
    return gap_finding(
        *(
            gap_row(
                f"d{n}", 1.234 + n % 3, [1.5 + n % 3], 1.86 + n % 3, 4.0, title=f"Decisions and roles {n}"
            )
            for n in range(count)
        )
    )


def cell(unit: str, dimension: str, score: float | None = 3.4, **facts: object) -> Cell:
    values: dict[str, object] = {
        "status": ScoreStatus.SCORED,
        "score": score,
        "level": None if score is None else int(score),
        "target": 3.5,
        "gap": None if score is None else max(0.0, 3.5 - score),
        "coverage": 1.0,
        "assessment_state": "submitted",
    }
    return Cell(unit, dimension, **{**values, **facts})  # type: ignore[arg-type]


def missing(unit: str, dimension: str, status: ScoreStatus) -> Cell:
    return cell(unit, dimension, None, status=status, coverage=0.4)


def grid(*lines: Sequence[Cell], questionnaires: Sequence[str] = (), labels: Sequence[str] = ()) -> Portfolio:
    """A portfolio of these rows; `questionnaires` names that of each column."""
    columns = []
    for number, first in enumerate(lines[0] if lines else ()):
        title = questionnaires[number] if questionnaires else "Governance"
        columns.append(PortfolioColumn(first.dimension_id, first.dimension_id, title, 3.0, title.casefold()))
    rows = [
        PortfolioRow(cells[0].unit_id, labels[number] if labels else cells[0].unit_id, 3.25, tuple(cells))
        for number, cells in enumerate(lines)
    ]
    return Portfolio(tuple(columns), tuple(rows))


def large_grid(rows: int, columns: int) -> Portfolio:
    """Ids, names and numbers as long as real ones, in three questionnaires."""
    names = ["data-governance", "domain-ownership", "platform-readiness"]
    dimensions = [f"decision-roles-{column}" for column in range(columns)]
    return grid(
        *(
            [cell(f"C{row:02d}", dimension, 1.37 + (row + n) % 4) for n, dimension in enumerate(dimensions)]
            for row in range(rows)
        ),
        questionnaires=[names[column * 3 // columns] for column in range(columns)],
        labels=[f"United Kingdom {row}" for row in range(rows)],
    )
