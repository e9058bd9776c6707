"""Codes → what each question brings into a score: its option's value, a rule's stand-in, or nothing.

Rows are assessments in the public functions, as in `Codes`; `columnwise` has questions as rows, as `tree` wants them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.questionnaire.models import Missing
from assessment.scoring.aggregates import Array
from assessment.scoring.plan import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes, Plan
from assessment.scoring.tree import Values

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class States:
    """Questions × assessments: which state each question is in, and the value of what is answered (else 0)."""

    value: Array
    answered: Flags
    not_applicable: Flags
    dont_know: Flags
    unanswered: Flags

    @property
    def unknown(self) -> Flags:
        return self.dont_know | self.unanswered


def hide_unmet(plan: Plan, codes: Codes) -> Codes:
    """The codes with every question that branching hides made not applicable."""
    if not plan.conditions:
        return codes
    hidden = codes.copy()
    for column, decider, least in plan.conditions:
        given = hidden[:, decider]
        is_met = (given < NOT_APPLICABLE) & (plan.value_of_code[decider][given] >= least)
        # An unanswered decider hides too: nobody is asked what may not concern them.
        hidden[~is_met, column] = NOT_APPLICABLE
    return hidden


def leaf_values(plan: Plan, codes: Codes) -> Array:
    """Each answered question's value; NaN for every other state."""
    values = plan.value_of_code[np.arange(len(plan.questions)), codes]
    return np.where(codes < NOT_APPLICABLE, values, np.nan)


def counted_values(plan: Plan, codes: Codes) -> Array:
    """What each question brings into the score by the questionnaire's rules; NaN for what is left out.

    `codes` are those that branching has been applied to.
    """
    return counted(plan, columnwise(plan, codes)).as_missing().T


def columnwise(plan: Plan, codes: Codes) -> States:
    """The states of a block of assessments, branching applied."""
    by_question = np.ascontiguousarray(codes.T)
    answered = by_question < NOT_APPLICABLE
    return States(
        _values_of(plan, by_question),
        answered,
        by_question == NOT_APPLICABLE,
        by_question == DONT_KNOW,
        by_question == UNANSWERED,
    )


def counted(plan: Plan, states: States) -> Values:
    """What goes into the score: answers, and the scale's minimum where the rules put it."""
    rules = plan.questionnaire.scoring
    lowest = np.zeros_like(states.answered)
    for rule, flags in ((rules.dont_know, states.dont_know), (rules.unanswered, states.unanswered)):
        if rule is Missing.MINIMUM:
            lowest |= flags
    value = states.value
    if plan.minimum and lowest.any():
        value = np.where(lowest, plan.minimum, value)
    return Values(value, (states.answered | lowest).astype(float))


def _values_of(plan: Plan, codes: NDArray[np.uint8]) -> Array:
    """Questions × assessments: each answered option's value, 0 for every other state."""
    values = np.empty(codes.shape)
    for row, look_up in enumerate(plan.value_of_code):
        np.take(look_up, codes[row], out=values[row], mode="clip")
    return values
