"""How much of what one unit claims its evidence carries, dimension by dimension."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assessment.i18n import decimal, t
from assessment.scoring.table import present

#: Above what adding up leaves over.
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """One dimension: the mean of the claimed levels, and of those that evidence carries."""

    title: str
    claimed: float
    supported: float

    @property
    def uncarried(self) -> float:
        return self.claimed - self.supported


@dataclass(frozen=True, slots=True)
class CarriedFinding:
    """A unit's dimensions that have both, what is carried least first; `whole` is the questionnaire, None without a score."""

    unit_label: str
    questionnaire_title: str
    whole: CarriedRow | None
    rows: tuple[CarriedRow, ...]

    @property
    def headline(self) -> str:
        title, whole = self.questionnaire_title, self.whole
        if whole is None:
            return t("{questionnaire}: no score yet that evidence could carry", questionnaire=title)
        if decimal(whole.supported) == decimal(whole.claimed):
            share = t("all") if whole.uncarried < _NOTHING else t("nearly all")
            return t(
                "{questionnaire}: evidence carries {share} of the {claimed} that {unit} claims",
                questionnaire=title, share=share, claimed=decimal(whole.claimed), unit=self.unit_label,
            )  # fmt: skip
        carries = t(
            "{questionnaire}: evidence carries {supported} of the {claimed} that {unit} claims",
            questionnaire=title, supported=decimal(whole.supported), claimed=decimal(whole.claimed),
            unit=self.unit_label,
        )  # fmt: skip
        if not self.rows:
            return carries
        least = self.rows[0]
        return t(
            "{carries}, least on {dimension} ({supported} of {claimed})",
            carries=carries, dimension=least.title, supported=decimal(least.supported), claimed=decimal(least.claimed),
        )  # fmt: skip


def carried_finding(scores: pd.DataFrame, *, unit_label: str, questionnaire_title: str) -> CarriedFinding:
    """What evidence carries of one unit's claims, from its rows of the score table in one round and questionnaire."""
    rows = {row["dimension_id"]: _row(row) for row in scores.to_dict("records")}
    whole = rows.pop("", None)
    found = sorted((row for row in rows.values() if row), key=lambda row: -row.uncarried)
    return CarriedFinding(unit_label, questionnaire_title, whole, tuple(found))


def _row(row: Mapping[Hashable, Any]) -> CarriedRow | None:
    claimed, supported = present(row["score"]), present(row["supported_score"])
    if claimed is None or supported is None:
        return None
    return CarriedRow(str(row["dimension_title"]), claimed, supported)
