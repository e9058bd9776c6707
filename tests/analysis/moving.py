"""How cases and laws ask for the next moves: questionnaires and answers in the short way of `tests/scoring/shorthand.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from assessment.analysis.moves import Move, next_moves
from assessment.questionnaire.models import Questionnaire
from assessment.responses import ANSWER_COLUMNS
from assessment.scoring.codes import encode
from assessment.scoring.engine import score_nodes
from assessment.scoring.plan import Plan, plan_for
from tests.scoring.shorthand import answer_rows, written_out

ALL = 1_000


def one(**questions: Any) -> dict[str, Any]:
    """A questionnaire with one dimension."""
    return {"dimensions": {"direction": {"questions": questions}}}


def plan_of(short: Mapping[str, Any]) -> Plan:
    plan = plan_for(Questionnaire.model_validate(written_out(short)), "country")
    assert plan is not None
    return plan


def answered(answers: Mapping[str, Any]) -> pd.DataFrame:
    whose = {
        "round_id": "r",
        "unit_id": "FR",
        "questionnaire_id": "example",
        "questionnaire_version": "1.0.0",
    }
    return pd.DataFrame(answer_rows(answers, **whose), columns=list(ANSWER_COLUMNS), dtype=str).fillna("")


def moves(
    short: Mapping[str, Any],
    answers: Mapping[str, Any],
    targets: Mapping[str, float] | None = None,
    limit: int = ALL,
) -> tuple[Move, ...]:
    plan = plan_of(short)
    return next_moves(plan, encode(plan, answered(answers), [("r", "FR")]), targets or {}, limit)


def names(found: tuple[Move, ...]) -> list[str]:
    return [move.question.id for move in found]


def node_scores(short: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str | None, float]:
    """The score of every dimension, and under None that of the whole questionnaire."""
    plan = plan_of(short)
    coded = encode(plan, answered(answers), [("r", "FR")])
    scores = score_nodes(plan, coded.codes, np.full(coded.codes.shape, np.inf)).score[0]
    return dict(zip((node.id for node in plan.nodes), scores, strict=True))
