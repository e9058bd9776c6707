"""The answer table → codes and evidence caps, by vectorised look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from assessment.responses import AnswerState, EvidenceKind
from assessment.scoring.aggregates import Array
from assessment.scoring.plan import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes, Plan

#: The highest level that a kind of evidence carries (design §6).
EVIDENCE_CARRIES: Final = {
    EvidenceKind.NONE: 2.0,
    EvidenceKind.DOCUMENT: 3.0,
    EvidenceKind.RECORD: 4.0,
    EvidenceKind.INDEPENDENT: 5.0,
}
_STATE_CODES = {AnswerState.NOT_APPLICABLE: NOT_APPLICABLE, AnswerState.DONT_KNOW: DONT_KNOW}

#: An assessment within one plan: (round id, unit id).
RowKey = tuple[str, str]


@dataclass(frozen=True)
class Coded:
    """Answers as arrays, rows in the order of the keys asked for."""

    codes: Codes
    caps: Array


def agreed_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """One row per unit and question, where several people may have answered.

    The row without a respondent is the agreed answer and wins; one respondent's counts; several without an
    agreement leave the question unanswered.
    """
    if answers.empty or not answers["respondent_id"].any():
        return answers
    key = ["round_id", "unit_id", "questionnaire_id", "questionnaire_version", "question_id"]
    agreed = answers["respondent_id"] == ""
    has_agreement = agreed.groupby([answers[column] for column in key]).transform("any")
    voices = answers.groupby(key)["respondent_id"].transform("size")
    return answers[agreed | (~has_agreement & (voices == 1))]


def answers_to(answers: pd.DataFrame, questionnaire_id: str, version: str) -> pd.DataFrame:
    """The rows that answer one questionnaire version; others ask something else under the same ids."""
    of_version = (answers["questionnaire_id"] == questionnaire_id) & (
        answers["questionnaire_version"] == version
    )
    return answers[of_version]


def encode(plan: Plan, answers: pd.DataFrame, keys: Sequence[RowKey]) -> Coded:
    """Codes and caps of the assessments in `keys`.

    Args:
        plan: Whose questions are the columns.
        answers: Agreed answers to this questionnaire version, with `ANSWER_COLUMNS`, checked already; rows of other
            units, rounds or questions are passed over.
        keys: The assessments, in the order of the result's rows.
    """
    codes = np.full((len(keys), len(plan.questions)), UNANSWERED, dtype=np.uint8)
    caps = np.full(codes.shape, np.inf)
    rows = _positions(answers["round_id"] + "\x1f" + answers["unit_id"], [f"{r}\x1f{u}" for r, u in keys])
    columns = _positions(answers["question_id"], list(plan.column))
    mine = (rows >= 0) & (columns >= 0)
    rows, columns, taken = rows[mine], columns[mine], answers[mine]
    codes[rows, columns] = _answer_codes(plan, taken)
    if plan.has_levels:
        caps[rows, columns] = taken["evidence_kind"].replace("", EvidenceKind.NONE).map(EVIDENCE_CARRIES)
    return Coded(codes, caps)


def _positions(values: pd.Series[str], known: list[str]) -> np.ndarray:
    return pd.Index(known).get_indexer(pd.Index(values))


def _answer_codes(plan: Plan, answers: pd.DataFrame) -> np.ndarray:
    options = {
        f"{question.id}\x1f{option.id}": code
        for question in plan.questions
        for code, option in enumerate(question.options)
    }
    chosen = (answers["question_id"] + "\x1f" + answers["value"]).map(options)
    return answers["state"].map(_STATE_CODES).fillna(chosen).fillna(UNANSWERED).to_numpy(dtype=np.uint8)
