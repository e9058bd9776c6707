"""The target of a whole questionnaire: the unit's own, else what the targets of its dimensions come to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assessment.questionnaire.models import Questionnaire
from assessment.scoring.aggregates import AGGREGATES


def whole_targets(now: pd.DataFrame, questionnaire: Questionnaire) -> dict[str, float]:
    """The target of each unit's whole score: its own, else that of its dimensions brought together as their scores are.

    `now` are rows of the score table of one questionnaire, round and basis; a unit of which a dimension has no target
    has none.
    """
    wholes = now[now["dimension_id"] == ""].set_index("unit_id")["target"].dropna()
    weights = {dimension.id: dimension.weight for dimension in questionnaire.dimensions}
    tops = now[now["dimension_id"].isin(list(weights))]
    wanted = tops.pivot_table(index="unit_id", columns="dimension_id", values="target", dropna=False)
    asked = tops.assign(asked=1.0).pivot_table(index="unit_id", columns="dimension_id", values="asked")
    asked = asked.reindex(index=wanted.index, columns=wanted.columns)
    complete = wanted[(wanted.notna() | asked.isna()).all(axis=1) & wanted.notna().any(axis=1)]
    if complete.empty:
        return {str(unit): float(value) for unit, value in wholes.items()}
    values = complete.to_numpy(float).T
    known = ~np.isnan(values)
    aggregate = AGGREGATES[questionnaire.scoring.aggregate]
    found = aggregate(
        np.where(known, values, 0.0),
        known.astype(float),
        np.array([weights[str(name)] for name in complete.columns]),
    )
    together = dict(zip(complete.index, found, strict=True))
    return {
        unit: float(value) for unit, value in {**together, **wholes.to_dict()}.items() if not np.isnan(value)
    }
