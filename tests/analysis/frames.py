"""Rows of the score table, as far as the findings read them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from assessment.scoring.table import ScoreStatus


def row(
    dimension: str, score: float | None = None, target: float | None = None, **fields: Any
) -> dict[str, Any]:
    """One unit's row for a dimension ('' is the whole questionnaire), scored unless it says otherwise."""
    found: dict[str, Any] = {
        "round_id": "now", "unit_id": "FR", "basis": "own", "questionnaire_id": "governance", "questionnaire_version": "1.0.0",
        "dimension_id": dimension, "parent_dimension_id": "", "dimension_title": dimension.capitalize(),
        "status": ScoreStatus.NOT_ANSWERED if score is None else ScoreStatus.SCORED,
        "score": np.nan if score is None else score,
        "level": np.nan if score is None else float(np.floor(score)),
        "supported_score": np.nan, "coverage": 0.0 if score is None else 1.0,
        "target": np.nan if target is None else target, "assessment_state": "accepted",
    }  # fmt: skip
    found |= fields
    found["gap"] = (
        max(found["target"] - found["score"], 0.0) if found["target"] == found["target"] else np.nan
    )
    if found["score"] != found["score"]:
        found["gap"] = np.nan
    return found


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(row("")))
