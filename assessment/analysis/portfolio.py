"""Every country (or domain) against every dimension: the CDAO's first look."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from assessment.analysis.gaps import WIDE_GAP
from assessment.i18n import count, decimal, t
from assessment.scoring.levels import LEVEL_TOLERANCE
from assessment.scoring.table import Basis, ScoreStatus, present

#: The columns of `Portfolio.numbers`, named as in scores.csv.
CELL_COLUMNS = (
    "unit_id", "unit_name", "questionnaire_id", "dimension_id", "dimension_title", "status", "score", "level",
    "target", "gap", "coverage", "assessment_state", "unit_mean", "dimension_mean",
)  # fmt: skip
#: What is read of the score table.
_READ = (
    "unit_id", "questionnaire_id", "dimension_id", "dimension_title", "status", "score", "level", "supported_score",
    "target", "gap", "coverage", "assessment_state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit in one dimension.

    `score` is None unless `status` is scored or provisional. `level` is the whole level reached. `is_short` marks a
    score more than one level below its target.
    """

    unit_id: str
    dimension_id: str
    status: ScoreStatus
    score: float | None
    level: int | None
    target: float | None
    gap: float | None
    coverage: float | None
    assessment_state: str

    @property
    def is_short(self) -> bool:
        return self.gap is not None and self.gap > WIDE_GAP + LEVEL_TOLERANCE


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One unit; `mean` is over the scores of its questionnaires, `wholes`, each counted once; None without any.

    What is withheld has no score and isn't in it.
    """

    unit_id: str
    label: str
    mean: float | None
    cells: tuple[Cell, ...]
    wholes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PortfolioColumn:
    """One dimension; `mean` is over the units that have a score in it."""

    dimension_id: str
    title: str
    questionnaire_title: str
    mean: float | None
    questionnaire_id: str = ""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Rows and columns by falling mean, those without one last; `cells` of a row follow `columns`."""

    columns: tuple[PortfolioColumn, ...]
    rows: tuple[PortfolioRow, ...]

    @property
    def scored(self) -> int:
        """How many cells have a score."""
        return sum(cell.score is not None for row in self.rows for cell in row.cells)

    @property
    def short(self) -> int:
        """How many cells are more than one level below target."""
        return sum(cell.is_short for row in self.rows for cell in row.cells)

    @property
    def median(self) -> float | None:
        """The middle of the units' means; None without any."""
        means = [row.mean for row in self.rows if row.mean is not None]
        return float(np.median(means)) if means else None

    @property
    def measured(self) -> int:
        """How many units have a score of their own."""
        return sum(row.mean is not None for row in self.rows)

    def label(self, column: PortfolioColumn) -> str:
        """A column's title; with its questionnaire's where several columns have the same."""
        alike = sum(other.title == column.title for other in self.columns)
        return f"{column.title} ({column.questionnaire_title})" if alike > 1 else column.title

    @property
    def headline(self) -> str:
        return _headline(self)

    @property
    def numbers(self) -> pd.DataFrame:
        """One row a cell, nothing rounded; what is missing is None, and `status` says why."""
        rows = [
            (
                row.unit_id, row.label, column.questionnaire_id, cell.dimension_id, column.title, str(cell.status),
                cell.score, cell.level, cell.target, cell.gap, cell.coverage, cell.assessment_state, row.mean, column.mean,
            )
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def portfolio(
    scores: pd.DataFrame,
    labels: Mapping[str, str],
    questionnaire_titles: Mapping[str, str],
    *,
    basis: Basis = Basis.OWN,
    supported: bool = False,
) -> Portfolio:
    """The portfolio of one round.

    Args:
        scores: The score table of one round; only dimensions at the top of each questionnaire and whole questionnaires
            are read.
        labels: The name of each unit by id; units without a label are left out.
        questionnaire_titles: The title of each questionnaire by id; those without a title are left out.
        basis: Whose answers the rows rest on.
        supported: Show what evidence supports instead of what was claimed.
    """
    rows = _top_rows(scores, labels, questionnaire_titles, basis)
    if supported:
        rows = _supported(rows)
    dimensions = rows[rows["dimension_id"] != ""]
    whole = rows[rows["dimension_id"] == ""]
    columns = _columns(dimensions, questionnaire_titles)
    # Dimension ids are unique within a questionnaire only: several have "common-and-local".
    key = ["unit_id", "questionnaire_id", "dimension_id"]
    cells = {tuple(row[name] for name in key): _cell(row) for row in dimensions.to_dict("records")}
    wholes = _wholes(whole)
    table = [
        PortfolioRow(
            unit,
            labels[unit],
            _mean(wholes.get(unit, {})),
            tuple(
                cells.get((unit, column.questionnaire_id, column.dimension_id))
                or _not_asked(unit, column.dimension_id)
                for column in columns
            ),
            wholes.get(unit, {}),
        )
        for unit in dict.fromkeys(rows["unit_id"])
    ]
    table.sort(key=lambda row: -(row.mean if row.mean is not None else -np.inf))
    return Portfolio(tuple(columns), tuple(table))


def _top_rows(
    scores: pd.DataFrame, units: Collection[str], questionnaires: Collection[str], basis: Basis
) -> pd.DataFrame:
    """The rows of whole questionnaires and of dimensions at their top, with `_READ`."""
    wanted = (
        (scores["parent_dimension_id"] == "")
        & (scores["basis"] == basis)
        & scores["questionnaire_id"].isin(list(questionnaires))
        & scores["unit_id"].isin(list(units))
    )
    # Only what is read: of a large group, taking rows of all columns takes longer than everything else here.
    return scores.loc[wanted, list(_READ)]


def alike(now: Portfolio, then: Portfolio) -> tuple[Portfolio, Portfolio]:
    """Both with only what both have: cells with a score in each (and a target in both or in none), and wholes.

    So a difference between them is a change, and never a unit or a questionnaire that came or went.
    """
    later, earlier = _scored(now), _scored(then)
    both = later.keys() & earlier.keys()
    same = {key for key in both if (later[key].gap is None) == (earlier[key].gap is None)}
    wholes = _whole_keys(now) & _whole_keys(then)
    return _only(now, same, wholes), _only(then, same, wholes)


def _scored(finding: Portfolio) -> dict[tuple[str, str, str], Cell]:
    """The cells with a score, by unit, questionnaire and dimension."""
    return {
        (row.unit_id, column.questionnaire_id, column.dimension_id): cell
        for row in finding.rows
        for column, cell in zip(finding.columns, row.cells, strict=True)
        if cell.score is not None
    }


def _whole_keys(finding: Portfolio) -> set[tuple[str, str]]:
    return {(row.unit_id, name) for row in finding.rows for name in row.wholes}


def _only(
    finding: Portfolio, cells: Collection[tuple[str, str, str]], wholes: Collection[tuple[str, str]]
) -> Portfolio:
    """The portfolio without the scores of all other cells and questionnaires."""
    rows = []
    for row in finding.rows:
        kept = {name: score for name, score in row.wholes.items() if (row.unit_id, name) in wholes}
        shown = tuple(
            cell
            if (row.unit_id, column.questionnaire_id, column.dimension_id) in cells
            else _not_asked(row.unit_id, column.dimension_id)
            for column, cell in zip(finding.columns, row.cells, strict=True)
        )
        rows.append(replace(row, mean=_mean(kept), cells=shown, wholes=kept))
    return replace(finding, rows=tuple(rows))


def _wholes(whole: pd.DataFrame) -> dict[str, dict[str, float]]:
    """The score of each questionnaire as a whole, by unit."""
    found: dict[str, dict[str, float]] = {}
    known = whole[whole["score"].notna()]
    columns = (known[name].tolist() for name in ("unit_id", "questionnaire_id", "score"))
    for unit, questionnaire, score in zip(*columns, strict=True):
        found.setdefault(unit, {})[questionnaire] = float(score)
    return found


def _mean(wholes: Mapping[str, float]) -> float | None:
    return sum(wholes.values()) / len(wholes) if wholes else None


def _supported(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows, with the supported score where the claimed one stood."""
    score = rows["supported_score"].astype(float)
    return rows.assign(
        score=score,
        level=np.floor(score + LEVEL_TOLERANCE),
        gap=(rows["target"].astype(float) - score).clip(lower=0),
    )


def _columns(dimensions: pd.DataFrame, titles: Mapping[str, str]) -> list[PortfolioColumn]:
    """One column a dimension, by questionnaire as they come and by falling mean within it."""
    columns = [
        PortfolioColumn(
            str(dimension),
            rows["dimension_title"].iloc[0],
            titles[str(identifier)],
            present(rows["score"].mean()),
            str(identifier),
        )
        for (identifier, dimension), rows in dimensions.groupby(
            ["questionnaire_id", "dimension_id"], sort=False
        )
    ]
    order = list(dict.fromkeys(column.questionnaire_title for column in columns))
    columns.sort(
        key=lambda column: (
            order.index(column.questionnaire_title),
            -(column.mean if column.mean is not None else -np.inf),
        )
    )
    return columns


def _cell(row: Mapping[Hashable, Any]) -> Cell:
    level = present(row["level"])
    return Cell(
        unit_id=row["unit_id"],
        dimension_id=row["dimension_id"],
        status=ScoreStatus(row["status"]),
        score=present(row["score"]),
        level=None if level is None else int(level),
        target=present(row["target"]),
        gap=present(row["gap"]),
        coverage=present(row["coverage"]),
        assessment_state=row["assessment_state"],
    )


def _not_asked(unit_id: str, dimension_id: str) -> Cell:
    return Cell(unit_id, dimension_id, ScoreStatus.NOT_APPLICABLE, None, None, None, None, None, "")


def _headline(finding: Portfolio) -> str:
    measured = [column for column in finding.columns if column.mean is not None]
    if not finding.scored or not measured:
        return t("No scores to show in this round yet")
    weakest = min(measured, key=lambda column: column.mean or 0.0)
    strongest = max(measured, key=lambda column: column.mean or 0.0)
    cells = count(finding.scored, "cell")
    verb = t("is") if finding.short == 1 else t("are")
    if (strongest.mean or 0) - (weakest.mean or 0) < 0.1:
        return t(
            "No dimension stands out (means {low} to {high}); {short} of {cells} {verb} more than one level below target",
            low=decimal(weakest.mean or 0), high=decimal(strongest.mean or 0),
            short=finding.short, cells=cells, verb=verb,
        )  # fmt: skip
    return t(
        "{dimension} is the weakest dimension (mean {mean}); {short} of {cells} {verb} more than one level below target",
        dimension=finding.label(weakest), mean=decimal(weakest.mean or 0), short=finding.short, cells=cells, verb=verb,
    )  # fmt: skip
