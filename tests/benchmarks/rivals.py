"""The same scores by other means: a group-by over one row an answer, children to parents.

Each takes `Work.as_long_table()` and `Work.question_facts()` and gives (scores of assessments × dimensions, scores of the
assessments), NaN where nothing is known. All start from codes, as the engine does. An assessment of which nothing is
known has no rows, so that the last ones could be missing: the caller says how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from assessment.scoring.aggregates import Array

Rival = Callable[[pd.DataFrame, pd.DataFrame, int], tuple[Array, Array]]

#: Level by code, for the five options of every question.
LEVELS = np.arange(1.0, 6.0)


def by_pandas(answers: pd.DataFrame, facts: pd.DataFrame, assessments: int) -> tuple[Array, Array]:
    """One whole number as the key and two columns to sum: the fastest of the forms that were tried."""
    question = answers["question"].to_numpy()
    weight = facts["weight"].to_numpy()[question]
    dimensions = int(facts["dimension"].max()) + 1
    key = answers["assessment"].to_numpy() * dimensions + facts["dimension"].to_numpy()[question]
    sums = _summed(key, weight * LEVELS[answers["code"].to_numpy()], weight)
    own = facts.groupby("dimension")["dimension_weight"].first().to_numpy()
    upper = own[sums.index.to_numpy() % dimensions]
    score = (sums["value"] / sums["weight"]).to_numpy()
    whole = _summed(sums.index.to_numpy() // dimensions, score * upper, upper)
    return (
        _filled(sums.index, score, assessments * dimensions).reshape(assessments, dimensions),
        _filled(whole.index, (whole["value"] / whole["weight"]).to_numpy(), assessments),
    )


def by_polars(answers: pd.DataFrame, facts: pd.DataFrame, assessments: int) -> tuple[Array, Array]:
    import polars as pl

    looked_up = pl.from_pandas(facts)
    rows = pl.DataFrame({name: answers[name].to_numpy() for name in answers}).with_columns(
        looked_up["weight"].gather(answers["question"].to_numpy()).alias("weight"),
        looked_up["dimension"].gather(answers["question"].to_numpy()).alias("dimension"),
        (pl.col("code").cast(pl.Float64) + 1).alias("level"),
    )
    scores = rows.group_by("assessment", "dimension").agg(
        ((pl.col("weight") * pl.col("level")).sum() / pl.col("weight").sum()).alias("score")
    )
    own = looked_up.group_by("dimension").agg(pl.col("dimension_weight").first())
    whole = (
        scores.join(own, on="dimension")
        .group_by("assessment")
        .agg(
            ((pl.col("dimension_weight") * pl.col("score")).sum() / pl.col("dimension_weight").sum()).alias(
                "score"
            )
        )
    )
    return _in_place(scores.to_dict(), whole.to_dict(), int(facts["dimension"].max()) + 1, assessments)


def by_duckdb(answers: pd.DataFrame, facts: pd.DataFrame, assessments: int) -> tuple[Array, Array]:
    import duckdb

    with duckdb.connect() as database:
        database.register("answers", answers)
        database.register("facts", facts.reset_index(names="question"))
        database.execute(
            "CREATE TEMP TABLE scores AS SELECT assessment, dimension, any_value(dimension_weight) AS upper,"
            " sum(weight * (code + 1)) / sum(weight) AS score"
            " FROM answers JOIN facts USING (question) GROUP BY assessment, dimension"
        )
        scores = database.execute("SELECT assessment, dimension, score FROM scores").fetchnumpy()
        whole = database.execute(
            "SELECT assessment, sum(upper * score) / sum(upper) AS score FROM scores GROUP BY assessment"
        ).fetchnumpy()
    return _in_place(scores, whole, int(facts["dimension"].max()) + 1, assessments)


RIVALS: Mapping[str, Rival] = {"pandas": by_pandas, "polars": by_polars, "duckdb": by_duckdb}


def _summed(key: np.ndarray, value: Array, weight: Array) -> pd.DataFrame:
    return pd.DataFrame({"value": value, "weight": weight}).groupby(key, sort=False).sum()


def _filled(places: pd.Index, values: Array, size: int) -> Array:
    result = np.full(size, np.nan)
    result[places.to_numpy()] = values
    return result


def _in_place(
    scores: Mapping[str, Any], whole: Mapping[str, Any], dimensions: int, assessments: int
) -> tuple[Array, Array]:
    of_dimensions, of_all = np.full((assessments, dimensions), np.nan), np.full(assessments, np.nan)
    of_dimensions[np.asarray(scores["assessment"]), np.asarray(scores["dimension"])] = scores["score"]
    of_all[np.asarray(whole["assessment"])] = whole["score"]
    return of_dimensions, of_all
