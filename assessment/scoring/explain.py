"""Why a score is what it is: every part with its answer, weight and contribution, and what was left out and why.

The contributions of the parts add up to the score, whatever the aggregate: each mean is a weighted arithmetic mean of
its parts with weights that depend on their values.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assessment.questionnaire.models import Aggregate
from assessment.scoring.aggregates import Array
from assessment.scoring.asked import Asked
from assessment.scoring.codes import agreed_answers, answers_to, encode
from assessment.scoring.engine import NodeScores, score_nodes
from assessment.scoring.leaves import counted_values, hide_unmet
from assessment.scoring.plan import DONT_KNOW, NOT_APPLICABLE, UNANSWERED, Codes, Plan, plan_for
from assessment.scoring.table import ScoringInput


class Counted(StrEnum):
    """Whether a part is in the score, and if not, why."""

    YES = "yes"
    AS_LOWEST = "as_lowest"
    NOT_APPLICABLE = "not_applicable"
    HIDDEN = "hidden"
    DONT_KNOW = "dont_know"
    UNANSWERED = "unanswered"
    NO_WEIGHT = "no_weight"
    NO_SCORE = "no_score"


@dataclass(frozen=True, slots=True)
class Part:
    """One question or dimension of a node.

    `value` is its level or score on the questionnaire's scale, as it was counted; None where there is none. `share` is
    its part of the weight that counts, `contribution` its part of the score; both are 0 when it is left out.
    """

    id: str
    title: str
    is_question: bool
    weight: float
    counted: Counted
    value: float | None
    share: float
    contribution: float
    below: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A node's score (None: it has none), its rule and its parts in the questionnaire's order.

    `dimension_id` is None for the whole questionnaire. Below `minimum_coverage` the score is shown nowhere else; here
    it says what would be shown.
    """

    dimension_id: str | None
    aggregate: Aggregate
    score: float | None
    coverage: float | None
    minimum_coverage: float
    parts: tuple[Part, ...]

    @property
    def left_out(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.counted not in (Counted.YES, Counted.AS_LOWEST))


def explain(data: ScoringInput, asked: Asked, dimension_id: str | None = None) -> Explanation | None:
    """Why one assessment's dimension, or the whole of it, has its score.

    None when the unit is asked nothing there.
    """
    unit = data.organisation.units[asked.unit_id]
    plan = plan_for(data.catalogue.get(asked.questionnaire_id, asked.version), unit.kind)
    if plan is None:
        return None
    place = next((index for index, node in enumerate(plan.nodes) if node.id == dimension_id), None)
    if place is None:
        return None
    mine = answers_to(agreed_answers(data.answers), asked.questionnaire_id, asked.version)
    codes = encode(plan, mine, [(asked.round_id, asked.unit_id)]).codes
    return _Explainer(plan, codes).node(place)


class _Explainer:
    """One assessment's answers beside the scores that they make."""

    def __init__(self, plan: Plan, codes: Codes) -> None:
        self._plan = plan
        self._given = codes[0]
        self._shown = hide_unmet(plan, codes)[0]
        self._values = counted_values(plan, self._shown[None, :])[0]
        self._scores: NodeScores = score_nodes(plan, codes, np.full(codes.shape, np.inf))

    def node(self, index: int) -> Explanation:
        node = self._plan.nodes[index]
        score, coverage = self._scores.score[0, index], self._scores.coverage[0, index]
        values = np.array([self._value(child) for child in node.children])
        shares, contributions = contributions_of(values, node.weights, node.aggregate)
        if np.isnan(score):
            # Too little of it is known, by the rule about availability.
            shares, contributions = np.zeros_like(shares), np.zeros_like(contributions)
        parts = [
            self._part(child, *numbers)
            for child, *numbers in zip(
                node.children, node.weights, values, shares, contributions, strict=True
            )
        ]
        least = self._plan.questionnaire.scoring.minimum_coverage
        return Explanation(node.id, node.aggregate, _present(score), _present(coverage), least, tuple(parts))

    def _part(self, child: int, weight: float, value: float, share: float, contribution: float) -> Part:
        if child < len(self._plan.questions):
            question = self._plan.questions[child]
            return Part(
                question.id, question.prompt, True, float(weight), self._question(child, weight), _present(value),
                float(share), float(contribution),
            )  # fmt: skip
        below = self.node(child - len(self._plan.questions))
        dimension = self._plan.nodes[child - len(self._plan.questions)].dimension
        assert dimension is not None, "only the root is no dimension, and it is nobody's child"
        counted = (
            Counted.NO_SCORE if below.score is None else Counted.NO_WEIGHT if weight == 0 else Counted.YES
        )
        return Part(
            dimension.id, dimension.title, False, float(weight), counted, _present(value), float(share),
            float(contribution), below,
        )  # fmt: skip

    def _question(self, column: int, weight: float) -> Counted:
        code, given = int(self._shown[column]), int(self._given[column])
        is_lowest = not np.isnan(self._value(column))
        if code == NOT_APPLICABLE:
            return Counted.NOT_APPLICABLE if given == NOT_APPLICABLE else Counted.HIDDEN
        if weight == 0:
            return Counted.NO_WEIGHT
        if code in (DONT_KNOW, UNANSWERED) and is_lowest:
            return Counted.AS_LOWEST
        return {DONT_KNOW: Counted.DONT_KNOW, UNANSWERED: Counted.UNANSWERED}.get(code, Counted.YES)

    def _value(self, child: int) -> float:
        """What a child brings into its node: a question's value by the rules, a node's score; NaN for nothing."""
        asked = len(self._plan.questions)
        if child >= asked:
            return float(self._scores.score[0, child - asked])
        return float(self._values[child])


def contributions_of(values: Array, weights: Array, aggregate: Aggregate) -> tuple[Array, Array]:
    """Each part's share of the counted weight, and its part of the aggregate; the second add up to the aggregate.

    A harmonic mean is the arithmetic one with weights w/v; a geometric one with weights w/L(v, G), where L is the
    logarithmic mean of a value and the geometric mean G (then Σ w ln(v/G) = 0 becomes Σ w (v − G)/L = 0); a minimum is
    its first lowest part. Parts without a value or weight get 0, and so do all of a mean that a 0 makes 0.
    """
    counted = np.where(np.isnan(values), 0.0, weights)
    total = counted.sum()
    if total == 0:
        return np.zeros_like(counted), np.zeros_like(counted)
    shares = counted / total
    known = np.where(counted > 0, values, 1.0)
    if aggregate is Aggregate.MINIMUM:
        chosen = np.zeros_like(shares)
        chosen[np.where(counted > 0, values, np.inf).argmin()] = 1.0
        return shares, chosen * np.nan_to_num(values)
    if aggregate is not Aggregate.MEAN and (known == 0).any():
        return shares, np.zeros_like(shares)
    pull = shares
    if aggregate is Aggregate.HARMONIC:
        pull = shares / known
    if aggregate is Aggregate.GEOMETRIC:
        pull = shares / _logarithmic_mean(known, float(np.exp((shares * np.log(known)).sum())))
    return shares, pull / pull.sum() * np.nan_to_num(np.where(counted > 0, values, 0.0))


def _logarithmic_mean(values: Array, other: float) -> Array:
    """(v − g) / (ln v − ln g), and v where both are (nearly) the same."""
    is_same = np.isclose(values, other, rtol=1e-9, atol=0)
    logs = np.where(is_same, 1.0, np.log(values) - np.log(other))
    return np.where(is_same, values, (values - other) / logs)


def _present(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
