"""How many of the levels that units claim their evidence carries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from assessment.analysis.hidden import hidden_answers
from assessment.questionnaire.models import Questionnaire
from assessment.responses import AnswerState
from assessment.scoring.codes import EVIDENCE_CARRIES, agreed_answers, answers_to
from assessment.scoring.table import ScoringInput

#: Of each claimed level, by unit, questionnaire and question, whether its evidence carries it.
Carried = Mapping[tuple[str, str, str], bool]


def carried_levels(
    data: ScoringInput, round_id: str, pinned: Mapping[str, str], unit_ids: Collection[str]
) -> Carried:
    """Of each level that these units claim in a round, whether its evidence carries it.

    Scales without levels are left out, and so are answers to questions that branching hides.
    """
    answers = agreed_answers(data.answers)
    given = answers[(answers["round_id"] == round_id) & answers["unit_id"].isin(list(unit_ids))]
    versions = [data.catalogue.get(name, version) for name, version in pinned.items()]
    # By all answers: what hides a question may be unknown or not applicable.
    hidden = [index for version in versions for index in hidden_answers(given, version, data.organisation)]
    shown = given.drop(index=hidden)
    mine = shown[shown["state"] == str(AnswerState.ANSWERED)]
    return {
        key: carries for version in versions if version.has_levels for key, carries in _carried(mine, version)
    }


def supported_share(carried: Carried) -> float | None:
    """The share, 0 to 1, of claimed levels that evidence carries; None where no level is claimed.

    Every level counts alike, whatever its question weighs.
    """
    return sum(carried.values()) / len(carried) if carried else None


def _carried(answers: pd.DataFrame, version: Questionnaire) -> Iterator[tuple[tuple[str, str, str], bool]]:
    """Of each claimed level, whether its evidence carries it."""
    given = answers_to(answers, version.id, version.version)
    levels = {
        (question.id, option.id): option.value
        for question in version.questions.values()
        for option in question.options
    }
    columns = (given[name].tolist() for name in ("unit_id", "question_id", "value", "evidence_kind"))
    for unit, question, value, kind in zip(*columns, strict=True):
        level = levels.get((question, value))
        if level is not None:
            yield (unit, version.id, question), _CARRIES[kind or "none"] >= level


_CARRIES = {str(kind): float(level) for kind, level in EVIDENCE_CARRIES.items()}
