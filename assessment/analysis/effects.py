"""Which questions moved a unit: a change between two rounds, question by question."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assessment.analysis.matched import Cause, Matched, matched
from assessment.analysis.readings import Known
from assessment.organisation import Organisation
from assessment.scoring.plan import DONT_KNOW, NOT_APPLICABLE, Codes
from assessment.scoring.table import Basis, ScoringInput

_KNOWN = {NOT_APPLICABLE: Known.NOT_APPLICABLE, DONT_KNOW: Known.DONT_KNOW}
#: The columns of `question_effects`.
EFFECT_COLUMNS = (
    "unit_id", "questionnaire_id", "question_id", "cause", "known_then", "known_now", "then", "now", "effect",
)  # fmt: skip


def question_effects(
    data: ScoringInput, table: pd.DataFrame, then_id: str, now_id: str, basis: Basis = Basis.OWN
) -> pd.DataFrame:
    """By how much each question moved the whole score of each unit in `table`, with `EFFECT_COLUMNS`.

    Args:
        data: The answers.
        table: Rows of the movement table; its own rows of the units, or on the domains' basis of their domains.
        then_id: The earlier round.
        now_id: The later round.
        basis: On the domains' basis the mean over the domains of each country; `then`, `now` and what was known are
            empty there.

    Returns:
        Largest effect first within each unit; effects of one cause add up to that cause's part, except for questions that
        the later version asks no more.
    """
    wholes = table[(table["basis"] == Basis.OWN) & (table["dimension_id"] == "") & (table["refusal"] == "")]
    parts = [_effects(both) for both in matched(data, wholes, then_id, now_id)]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(EFFECT_COLUMNS))
    if basis is Basis.DOMAINS:
        found = _of_countries(found, table, data.organisation)
    found = found[found["effect"].abs() > 1e-12]
    order = found["effect"].abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _effects(both: Matched) -> pd.DataFrame:
    units, asked = both.later.shape
    effect, reached = np.zeros((units, asked)), both.earlier
    for _, values in both.steps:
        effect += _one_by_one(both, reached, values)
        reached = values
    causes = np.where(both.told, Cause.ANSWERS, np.where(both.common, Cause.UNKNOWNS, Cause.QUESTIONS))
    known_then = np.where(both.common, _known(both.codes_then), Known.NOT_ASKED)
    columns: dict[str, np.ndarray] = {
        "unit_id": np.repeat(np.array(both.units, dtype=object), asked),
        "question_id": np.tile(np.array([q.id for q in both.plan.questions], dtype=object), units),
        "cause": causes.reshape(-1),
        "known_then": known_then.reshape(-1),
        "known_now": _known(both.codes_now).reshape(-1),
        "then": np.where(known_then == Known.LEVEL, both.earlier, np.nan).reshape(-1),
        "now": np.where(_known(both.codes_now) == Known.LEVEL, both.later, np.nan).reshape(-1),
        "effect": effect.reshape(-1),
    }
    frame = pd.DataFrame({**columns, "questionnaire_id": both.plan.questionnaire.id})
    return frame[list(EFFECT_COLUMNS)]


def _one_by_one(both: Matched, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Units × questions: what the score gains when the questions change from `start` to `end` one after the other."""
    units, asked = start.shape
    done = np.tri(asked + 1, asked, -1, dtype=bool)
    trials = np.where(done, end[:, None, :], start[:, None, :]).reshape(-1, asked)
    applicable = np.repeat(both.codes_now, asked + 1, axis=0) != NOT_APPLICABLE
    scores = both.scores(trials, applicable)[:, 0].reshape(units, asked + 1)
    gained: np.ndarray = np.nan_to_num(np.diff(scores, axis=1))
    return gained


def _known(codes: Codes) -> np.ndarray:
    states = np.full(codes.shape, str(Known.UNANSWERED), dtype=object)
    states[codes < NOT_APPLICABLE] = str(Known.LEVEL)
    for code, known in _KNOWN.items():
        states[codes == code] = str(known)
    return states


def _of_countries(effects: pd.DataFrame, table: pd.DataFrame, organisation: Organisation) -> pd.DataFrame:
    """The mean effect over the domains that have a score in both rounds."""
    parents = {unit.id: unit.parent_id or "" for unit in organisation.units.values()}
    wholes = table[(table["basis"] == Basis.OWN) & (table["dimension_id"] == "") & table["change"].notna()]
    sizes = wholes.groupby([wholes["unit_id"].map(parents), "questionnaire_id"]).size()
    stayed = sizes.rename_axis(["unit_id", "questionnaire_id"]).rename("stayed").reset_index()
    mine = effects.assign(unit_id=effects["unit_id"].map(parents))
    keys = ["unit_id", "questionnaire_id", "question_id"]
    summed = mine.groupby(keys, sort=False)["effect"].sum().reset_index().merge(stayed, on=keys[:2])
    summed["effect"] = summed["effect"] / summed["stayed"]
    summed[["cause", "known_then", "known_now"]] = ""
    summed[["then", "now"]] = np.nan
    return summed[list(EFFECT_COLUMNS)]
