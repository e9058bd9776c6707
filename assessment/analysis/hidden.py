"""Which answers stand to questions that branching hides by now: they are stored still, and claim nothing."""

from __future__ import annotations

import pandas as pd

from assessment.organisation import Organisation
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.codes import answers_to, encode
from assessment.scoring.leaves import hide_unmet
from assessment.scoring.plan import NOT_APPLICABLE, plan_for


def hidden_answers(answers: pd.DataFrame, version: Questionnaire, organisation: Organisation) -> pd.Index:
    """The labels of those rows whose question isn't shown, by what else was answered in the same assessment.

    `answers` are agreed answers with `ANSWER_COLUMNS`; rows of other versions, and of units that aren't in the
    organisation, are none of them.
    """
    mine = answers_to(answers, version.id, version.version)
    if mine.empty or not any(question.show_when for question in version.questions.values()):
        return mine.index[:0]
    kinds = mine["unit_id"].map({unit.id: str(unit.kind) for unit in organisation.units.values()})
    parts = [_hidden(rows, version, str(kind)) for kind, rows in mine.groupby(kinds)]
    return mine.index[:0].append(parts)


def _hidden(rows: pd.DataFrame, version: Questionnaire, kind: str) -> pd.Index:
    """Those of one kind of unit."""
    plan = plan_for(version, kind)
    if plan is None or not plan.conditions:
        return rows.index[:0]
    keys = list(dict.fromkeys(zip(rows["round_id"], rows["unit_id"], strict=True)))
    shown = hide_unmet(plan, encode(plan, rows, keys).codes) != NOT_APPLICABLE
    place = {key: number for number, key in enumerate(keys)}
    is_hidden = [
        question in plan.column and not shown[place[entry, unit], plan.column[question]]
        for entry, unit, question in zip(rows["round_id"], rows["unit_id"], rows["question_id"], strict=True)
    ]
    return rows.index[is_hidden]
