"""Where a unit stands among the others: its own score beside the middle half and the median of theirs.

Of fewer than five others nothing is said, and never a single other's score: nobody is told from these numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment.analysis.gaps import of_all
from assessment.i18n import count, decimal, t
from assessment.scoring.table import ScoreStatus, present

#: The columns of the table beside others, in their order.
PEER_COLUMNS = (
    "questionnaire", "unit", "dimension_id", "dimension", "own", "status", "target", "others", "lower_quartile", "median",
    "upper_quartile",
)  # fmt: skip
#: Of fewer others neither a median nor a spread is shown (ux.md §8).
LEAST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The middle half and the median of `others` scores, to one decimal: as much as a chart shows, and no more."""

    lower: float
    median: float
    upper: float
    others: int


#: By questionnaire and dimension; a pair that isn't there has fewer than five others with a score.
QuartilesOf = Mapping[tuple[str, str], Quartiles]


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One dimension; `own`, `target` and `others` are None where there is none, and `status` says why `own` is."""

    dimension_id: str
    title: str
    own: float | None
    status: ScoreStatus
    target: float | None
    others: Quartiles | None

    @property
    def difference(self) -> float | None:
        """How far the own score is above the others' median, in levels; both as shown, to one decimal."""
        if self.own is None or self.others is None:
            return None
        return round(_shown(self.own) - self.others.median, 1)

    @property
    def is_below(self) -> bool:
        return self.own is not None and self.others is not None and _shown(self.own) < self.others.lower

    @property
    def is_above(self) -> bool:
        return self.own is not None and self.others is not None and _shown(self.own) > self.others.upper


@dataclass(frozen=True, slots=True)
class PeerFinding:
    """A unit's dimensions beside the others', in the questionnaire's order."""

    unit_label: str
    questionnaire_title: str
    questionnaire_reference: str
    scale: tuple[tuple[float, str], ...]
    rows: tuple[PeerRow, ...]

    @property
    def has_others(self) -> bool:
        return any(row.others is not None for row in self.rows)

    @property
    def headline(self) -> str:
        return _headline(self)

    @property
    def subtitle(self) -> str:
        numbers = sorted({row.others.others for row in self.rows if row.others})
        if not numbers:
            return t("{questionnaire}: mean level", questionnaire=self.questionnaire_title)
        others = count(numbers[-1], "other")
        if len(numbers) > 1:
            others = t("{least} to {most} others", least=numbers[0], most=numbers[-1])
        return t(
            "{questionnaire}: mean level beside the middle half and the median of {others}, without names",
            questionnaire=self.questionnaire_title,
            others=others,
        )


def quartiles_of(scores: pd.DataFrame, unit_id: str) -> dict[tuple[str, str], Quartiles]:
    """The quartiles of everybody but `unit_id`, by questionnaire and dimension, where at least five others have a score.

    Args:
        scores: Rows of the score table of one round, one basis, one version of each questionnaire.
        unit_id: Who is compared, and therefore isn't among the others.

    By linear interpolation (Hyndman and Fan's type 7), as everywhere here.
    """
    others = scores[(scores["unit_id"] != unit_id) & scores["score"].notna() & (scores["dimension_id"] != "")]
    grouped = others.groupby(["questionnaire_id", "dimension_id"], sort=False)["score"]
    return {
        (str(questionnaire), str(dimension)): _quartiles(values.tolist())
        for (questionnaire, dimension), values in grouped
        if len(values) >= LEAST_OTHERS
    }


def _quartiles(scores: Sequence[float]) -> Quartiles:
    lower, middle, upper = (_shown(value) for value in np.percentile(scores, [25, 50, 75]))
    return Quartiles(lower, middle, upper, len(scores))


def peer_finding(
    scores: pd.DataFrame,
    quartiles: QuartilesOf,
    *,
    unit_label: str,
    questionnaire_title: str,
    scale: tuple[tuple[float, str], ...],
) -> PeerFinding | None:
    """One unit beside the others in one questionnaire.

    Args:
        scores: Its rows of the score table in one round, on one basis, of one questionnaire version.
        quartiles: The others'.
        unit_label: The unit's name for the headline.
        questionnaire_title: For the subtitle.
        scale: The values and names on the axis, lowest first.

    Returns:
        None when the unit has no rows.
    """
    asked = scores[scores["dimension_id"] != ""]
    if asked.empty:
        return None
    rows = tuple(
        PeerRow(
            row["dimension_id"], row["dimension_title"], present(row["score"]), ScoreStatus(row["status"]),
            present(row["target"]), quartiles.get((row["questionnaire_id"], row["dimension_id"])),
        )
        for row in asked.to_dict("records")
    )  # fmt: skip
    first = asked.iloc[0]
    reference = f"{first['questionnaire_id']}@{first['questionnaire_version']}"
    return PeerFinding(unit_label, questionnaire_title, reference, scale, rows)


def peer_table(finding: PeerFinding) -> pd.DataFrame:
    """A line for each dimension, with `PEER_COLUMNS`; where there are fewer than five others, their columns are empty."""
    lines = [
        (
            finding.questionnaire_reference, finding.unit_label, row.dimension_id, row.title, row.own, str(row.status),
            row.target, *_of_others(row.others),
        )
        for row in finding.rows
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=list(PEER_COLUMNS)).astype({"others": "Int64"})


def _of_others(found: Quartiles | None) -> tuple[object, ...]:
    return (found.others, found.lower, found.median, found.upper) if found else (None, None, None, None)


def _headline(finding: PeerFinding) -> str:
    """One sentence, computed; says what is missing when nothing can be said."""
    unit = finding.unit_label
    if not finding.has_others:
        return t("{unit} can't be placed: fewer than five others have an accepted score", unit=unit)
    placed = [(row.difference, row) for row in finding.rows if row.difference is not None]
    if not placed:
        return t("{unit} has no score yet to put beside the others'", unit=unit)
    unplaced = sum(
        row.difference is None and row.status is not ScoreStatus.NOT_APPLICABLE for row in finding.rows
    )
    asked = count(len(placed), "dimension")
    if unplaced:
        asked = t("{asked} that can be compared", asked=asked)
    below = [(difference, row) for difference, row in placed if row.is_below]
    above = [(difference, row) for difference, row in placed if row.is_above]
    if below:
        worst = min(below, key=lambda entry: entry[0])[1]
        return t(
            "{unit} trails the middle half of the others on {below} of {asked}, most on {dimension}",
            unit=unit, below=len(below), asked=asked, dimension=worst.title,
        )  # fmt: skip
    if above:
        best = max(above, key=lambda entry: entry[0])[1]
        return t(
            "{unit} is ahead of the middle half of the others on {above} of {asked}, most on {dimension}, and trails it nowhere",
            unit=unit, above=len(above), asked=asked, dimension=best.title,
        )  # fmt: skip
    return t(
        "{unit} is within the middle half of the others on {asked}",
        unit=unit, asked=of_all(len(placed), unplaced),
    )  # fmt: skip


def _shown(value: float) -> float:
    """A score as it is displayed."""
    return float(decimal(value))
