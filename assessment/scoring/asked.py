"""Which assessments have rows in the score table: what was asked of whom, answered or not."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from assessment.organisation import Organisation
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.numbering import version_key
from assessment.responses import AssessmentState


class Asked(NamedTuple):
    """One unit's assessment in one round, answered or not."""

    round_id: str
    unit_id: str
    questionnaire_id: str
    version: str
    state: AssessmentState | None = None


def asked_by_answers(answers: pd.DataFrame, organisation: Organisation | None) -> list[Asked]:
    """What a file of answers shows to have been asked.

    Without an organisation: of whoever answered something. With one, every country and domain was asked in each
    round what anybody answered there; a unit that answered no version gets the newest.
    """
    columns = ["round_id", "unit_id", "questionnaire_id", "questionnaire_version"]
    answered = [Asked(*key) for key in answers[columns].drop_duplicates().itertuples(index=False)]
    if organisation is None:
        return answered
    newest: dict[tuple[str, str], str] = {}
    for entry in answered:
        key = (entry.round_id, entry.questionnaire_id)
        newest[key] = max(newest.get(key, entry.version), entry.version, key=version_key)
    present = {entry[:3] for entry in answered}
    silent = [
        Asked(round_id, unit.id, questionnaire_id, version)
        for (round_id, questionnaire_id), version in newest.items()
        for unit in organisation.units.values()
        if unit.kind is not UnitKind.GROUP and (round_id, unit.id, questionnaire_id) not in present
    ]
    return answered + silent
