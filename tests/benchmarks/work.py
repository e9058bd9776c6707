"""The work that is timed: invented answers of any number of domains to a questionnaire of 90 questions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment.questionnaire.models import Questionnaire
from assessment.scoring.aggregates import Array
from assessment.scoring.plan import UNANSWERED, Codes, Plan, plan_for

DIMENSIONS, QUESTIONS_EACH = 9, 10
SHARE_MISSING = 0.08
#: 200 units of 20 domains in 12 rounds (design §9); with 90 questions 4.32 million answers.
ASSESSMENTS = 200 * 20 * 12


@dataclass(frozen=True)
class Work:
    """Assessments × questions as the engine takes them; `caps` as if each answer had a document."""

    plan: Plan
    codes: Codes
    caps: Array

    def as_long_table(self) -> pd.DataFrame:
        """One row an answer with the same codes, whole numbers throughout: what the others find easiest."""
        rows, columns = np.nonzero(self.codes != UNANSWERED)
        return pd.DataFrame(
            {
                "assessment": rows.astype(np.int32),
                "question": columns.astype(np.int32),
                "code": self.codes[rows, columns],
            }
        )

    def question_facts(self) -> pd.DataFrame:
        """Weight, dimension and the dimension's weight of each question, for the others to look up."""
        place = np.repeat(np.arange(DIMENSIONS, dtype=np.int32), QUESTIONS_EACH)
        root = self.plan.nodes[0].weights
        weights = np.concatenate([node.weights for node in self.plan.nodes[1:]])
        return pd.DataFrame({"weight": weights, "dimension": place, "dimension_weight": root[place]})


def invented(assessments: int) -> Work:
    """The same answers for the same number, whatever the machine."""
    random = np.random.default_rng(20261124)
    plan = plan_for(_questionnaire(random), "domain")
    assert plan is not None
    codes = random.integers(0, 5, (assessments, len(plan.questions))).astype(np.uint8)
    codes[random.random(codes.shape) < SHARE_MISSING] = UNANSWERED
    return Work(plan, codes, np.full(codes.shape, 3.0))


def _questionnaire(random: np.random.Generator) -> Questionnaire:
    """Nine dimensions of ten questions, all with weights of their own."""
    levels = [{"level": level, "name": f"Level {level}"} for level in range(1, 6)]
    return Questionnaire.model_validate(
        {
            "id": "bench",
            "version": "1.0.0",
            "title": "For timing",
            "status": "draft",
            "scale": {"levels": levels},
            "dimensions": [_dimension(random, number) for number in range(DIMENSIONS)],
        }
    )


def _dimension(random: np.random.Generator, number: int) -> dict[str, object]:
    return {
        "id": f"d{number}",
        "title": f"Dimension {number}",
        "weight": float(random.integers(1, 4)),
        "questions": [_question(random, number, place) for place in range(QUESTIONS_EACH)],
    }


def _question(random: np.random.Generator, number: int, place: int) -> dict[str, object]:
    return {
        "id": f"d{number}-q{place}",
        "prompt": f"Question {place} of dimension {number}?",
        "weight": float(random.integers(1, 4)),
        "units": ["domain"],
        "options": [{"id": str(level), "label": f"Level {level}", "value": level} for level in range(1, 6)],
    }
