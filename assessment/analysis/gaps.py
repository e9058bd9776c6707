"""How far a unit has come and has to go, dimension by dimension: before → during → now → target."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assessment.i18n import count, decimal, t
from assessment.organisation import Phase, Round, in_time
from assessment.scoring.levels import LEVEL_TOLERANCE
from assessment.scoring.table import ScoreStatus, present

#: The columns of the table of gaps, in their order.
GAP_COLUMNS = (
    "questionnaire", "unit", "dimension_id", "dimension", "round_id", "role", "score", "target", "gap", "status",
)  # fmt: skip
#: A gap wider than this many levels is worth a leader's attention (ux.md §4).
WIDE_GAP = 1.0


@dataclass(frozen=True, slots=True)
class RoundRoles:
    """Which rounds a before-and-after view compares; `before` is None when no round was held before adoption."""

    before: Round | None
    during: tuple[Round, ...]
    now: Round


@dataclass(frozen=True, slots=True)
class GapRow:
    """One dimension; values are scores on the questionnaire's scale, None where there is none.

    `status` is that of the score now and says why `now` may be missing. `during` has one value for each round
    between before and now. `gap` is target − now, never below 0.
    """

    dimension_id: str
    title: str
    before: float | None
    during: tuple[float | None, ...]
    now: float | None
    target: float | None
    gap: float | None
    status: ScoreStatus

    @property
    def is_wide(self) -> bool:
        return self.gap is not None and self.gap > WIDE_GAP + LEVEL_TOLERANCE


@dataclass(frozen=True, slots=True)
class GapFinding:
    """A unit's dimensions, widest gap first; those without a gap follow in the questionnaire's order.

    `supported` says that levels are those that evidence carries, not the claimed ones.
    """

    unit_label: str
    questionnaire_title: str
    questionnaire_reference: str
    scale: tuple[tuple[float, str], ...]
    rounds: RoundRoles
    rows: tuple[GapRow, ...]
    supported: bool = False

    @property
    def told(self) -> tuple[GapRow, ...]:
        """The rows with a gap, the widest first: what a sentence about targets can speak of."""
        return tuple(row for row in self.rows if row.gap is not None)

    @property
    def untold(self) -> tuple[GapRow, ...]:
        """The rows that apply and have no gap: a score or a target is missing."""
        return tuple(
            row for row in self.rows if row.gap is None and row.status is not ScoreStatus.NOT_APPLICABLE
        )

    @property
    def headline(self) -> str:
        return _headline(self)

    @property
    def subtitle(self) -> str:
        level = t("mean level that evidence carries") if self.supported else t("mean level")
        return t(
            "{questionnaire}: {level} before → during → now, and the target",
            questionnaire=self.questionnaire_title, level=level,
        )  # fmt: skip


def round_roles(rounds: Sequence[Round], now_id: str | None = None) -> RoundRoles | None:
    """The roles of `rounds`: before is the last `before` round, now the one named (else the latest).

    Rounds after `now` are left out. None when there is no round.
    """
    ordered = in_time(rounds)
    if now_id is not None:
        places = [place for place, entry in enumerate(ordered) if entry.id == now_id]
        ordered = ordered[: places[0] + 1] if places else ()
    if not ordered:
        return None
    *earlier, now = ordered
    befores = [entry for entry in earlier if entry.phase is Phase.BEFORE]
    before = befores[-1] if befores else None
    during = [
        entry
        for entry in earlier
        if entry.phase is Phase.DURING and (before is None or entry.order > before.order)
    ]
    return RoundRoles(before, tuple(during), now)


def gap_finding(
    scores: pd.DataFrame,
    roles: RoundRoles,
    *,
    unit_label: str,
    questionnaire_title: str,
    scale: tuple[tuple[float, str], ...],
    supported: bool = False,
) -> GapFinding | None:
    """The gaps of one unit on one basis.

    Args:
        scores: Rows of the score table of one unit, one basis and one questionnaire, several rounds. Rounds with
            another version than the one now are left out: their scores don't compare as they are.
        roles: Which rounds are before, during and now.
        unit_label: The unit's name for the headline.
        questionnaire_title: For the subtitle.
        scale: The values and names on the axis, lowest first.
        supported: The level that evidence carries instead of the claimed one.

    Returns:
        None when the unit has no rows in the round now.
    """
    current = scores[(scores["round_id"] == roles.now.id) & (scores["dimension_id"] != "")]
    if current.empty:
        return None
    first = current.iloc[0]
    version, measure = first["questionnaire_version"], "supported_score" if supported else "score"
    same = scores[scores["questionnaire_version"] == version]
    levels = {
        str(round_id): rows.set_index("dimension_id")[measure] for round_id, rows in same.groupby("round_id")
    }
    rows = [_gap_row(row, roles, levels, measure) for row in current.to_dict("records")]
    rows.sort(key=lambda row: -1.0 if row.gap is None else -row.gap - 1)
    reference = f"{first['questionnaire_id']}@{version}"
    return GapFinding(unit_label, questionnaire_title, reference, scale, roles, tuple(rows), supported)


def _gap_row(
    row: Mapping[Hashable, Any], roles: RoundRoles, levels: Mapping[str, pd.Series[float]], measure: str
) -> GapRow:
    """One dimension; `levels` has every dimension's by round."""
    dimension_id = str(row["dimension_id"])

    def level(entry: Round | None) -> float | None:
        column = levels.get(entry.id) if entry else None
        return None if column is None else present(column.get(dimension_id))

    now, target = present(row[measure]), present(row["target"])
    gap = None if now is None or target is None else max(0.0, target - now)
    return GapRow(
        dimension_id, str(row["dimension_title"]), level(roles.before), tuple(map(level, roles.during)), now, target,
        gap, ScoreStatus(row["status"]),
    )  # fmt: skip


def gap_table(finding: GapFinding) -> pd.DataFrame:
    """A line for each dimension and round, with `GAP_COLUMNS`; target, gap and status stand in the line of the round now."""
    lines = [
        (finding.questionnaire_reference, finding.unit_label, row.dimension_id, row.title, *line)
        for row in finding.rows
        for line in _rounds_of(row, finding.rounds)
    ]
    return pd.DataFrame(lines, columns=list(GAP_COLUMNS))


def _rounds_of(row: GapRow, roles: RoundRoles) -> Iterator[tuple[object, ...]]:
    nothing = (None, None, "")
    if roles.before:
        yield (roles.before.id, "before", row.before, *nothing)
    for entry, level in zip(roles.during, row.during, strict=True):
        yield (entry.id, "during", level, *nothing)
    yield (roles.now.id, "now", row.now, row.target, row.gap, str(row.status))


def of_all(told: int, untold: int) -> str:
    """Of how many dimensions a sentence speaks; those of which nobody can tell are never among "all".

    >>> of_all(1, 0), of_all(6, 0), of_all(2, 4)
    ('1 dimension', 'all 6 dimensions', 'the 2 of 6 dimensions that can be told')
    """
    asked = count(told + untold, "dimension")
    if untold:
        return t("the {told} of {asked} that can be told", told=told, asked=asked)
    return t("all {asked}", asked=asked) if told > 1 else asked


def without_gaps(rows: Sequence[GapRow]) -> str:
    """Why none of these rows has a gap."""
    if all(row.now is None for row in rows):
        return t("no scores in this round yet")
    if all(row.target is None for row in rows):
        return t("no targets yet")
    return t("no dimension with both a score and a target yet")


def _headline(finding: GapFinding) -> str:
    """One sentence, computed; says what is missing when nothing can be said, and of how many nobody can tell."""
    unit, told, untold = finding.unit_label, finding.told, len(finding.untold)
    if not told:
        return t("{unit} has {why}", unit=unit, why=without_gaps(finding.rows))
    widest, on_all = told[0], of_all(len(told), untold)
    if not widest.gap or widest.gap < LEVEL_TOLERANCE:
        return t("{unit} has reached its target on {asked}", unit=unit, asked=on_all)
    if not widest.is_wide:
        known = t("widest known gap") if untold else t("widest gap")
        return t(
            "{unit} is within one level of target on {asked}; the {gap_words} is {gap} on {dimension}",
            unit=unit, asked=on_all, gap_words=known, gap=decimal(widest.gap), dimension=widest.title,
        )  # fmt: skip
    return _must_close(unit, told, untold)


def _must_close(unit: str, told: Sequence[GapRow], untold: int) -> str:
    widest, wide = told[0], sum(row.is_wide for row in told)
    short = t(
        "{unit} must close {gap} levels on {dimension}; {wide} of {asked} {verb} more than one level short",
        unit=unit, gap=decimal(widest.gap or 0.0), dimension=widest.title, wide=wide,
        asked=count(len(told), "dimension"), verb=t("is") if wide == 1 else t("are"),
    )  # fmt: skip
    return t("{short}, {n} more can't be told", short=short, n=untold) if untold else short
