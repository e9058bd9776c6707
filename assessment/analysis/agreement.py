"""How far the respondents of one unit agree: the spread of every question, and one figure for each dimension.

Shown and never scored: the agreed answer, which has no respondent, decides the score and isn't a voice here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median, variance

import numpy as np
import pandas as pd

from assessment.i18n import count, t
from assessment.questionnaire.models import Question, Questionnaire
from assessment.responses import AnswerState
from assessment.scoring.codes import answers_to

#: Respondents are divided from this many steps between options on; on a level scale a step is a level.
DIVIDED_FROM = 2
#: From these values of alpha on, conclusions are safe, or tentative. Source: Krippendorff 2004.
GOOD_FROM, TENTATIVE_FROM = 0.8, 0.667


class Unmeasured(StrEnum):
    """Why there is no figure: what is needed is two voices, or two questions, as alpha of one is 0 whatever is said."""

    NEEDS_TWO = "needs_two"
    NEEDS_TWO_QUESTIONS = "needs_two_questions"
    NO_VARIATION = "no_variation"


class Strength(StrEnum):
    GOOD = "good"
    TENTATIVE = "tentative"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """One question; `levels` has one entry per voice, lowest first, and doesn't say whose.

    A voice is a respondent who gave a level; `dont_know` and `not_applicable` count the others who answered. `lowest`,
    `median` and `highest` are None without a voice. `spread`, highest − lowest, and `r_wg` (`within_group_agreement`)
    are None with fewer than two, and `reason` says so.
    """

    question_id: str
    prompt: str
    levels: tuple[float, ...]
    voices: int
    lowest: float | None
    median: float | None
    highest: float | None
    spread: float | None
    r_wg: float | None
    is_divided: bool
    reason: Unmeasured | None
    dont_know: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class DimensionAgreement:
    """One dimension, or the whole questionnaire (`dimension_id` None); `shared` counts questions with two voices or more.

    `alpha` is `ordinal_alpha` over these; when it is None, `reason` says why.
    """

    dimension_id: str | None
    title: str
    shared: int
    alpha: float | None
    reason: Unmeasured | None

    @property
    def strength(self) -> Strength | None:
        if self.alpha is None:
            return None
        if round(self.alpha, 9) >= GOOD_FROM:
            return Strength.GOOD
        return Strength.TENTATIVE if round(self.alpha, 9) >= TENTATIVE_FROM else Strength.WEAK


@dataclass(frozen=True, slots=True)
class AgreementFinding:
    """A unit's questions, widest spread first; those with fewer than two voices follow in the questionnaire's order.

    `respondents` counts who answered anything that the unit is asked, "don't know" included. `dimensions` are those
    with something asked of the unit, parents before children.
    """

    unit_label: str
    questionnaire_reference: str
    respondents: int
    questions: tuple[QuestionAgreement, ...]
    whole: DimensionAgreement
    dimensions: tuple[DimensionAgreement, ...]

    @property
    def headline(self) -> str:
        """One sentence, computed; says what is missing when nothing can be said."""
        unit, shared = self.unit_label, self.whole.shared
        who = count(self.respondents, "respondent") if self.respondents else t("no respondents")
        if self.respondents < 2:
            return t("{unit} has {who}; agreement needs two", unit=unit, who=who)
        if not shared:
            return t("{unit}: no question has a level from two of {who}", unit=unit, who=who)
        asked = t("{questions} that several answered", questions=count(shared, "question"))
        divided, widest = sum(entry.is_divided for entry in self.questions), self.questions[0]
        if not divided:
            on_all = t("all {asked}", asked=asked) if shared > 1 else asked
            return t("{unit}: respondents are at most one level apart on {asked}", unit=unit, asked=on_all)
        return t(
            "{unit}: respondents are divided on {divided} of {asked}; the widest range is {low} to {high}, on “{question}”",
            unit=unit, divided=divided, asked=asked, question=widest.prompt,
            low=f"{widest.lowest:.12g}", high=f"{widest.highest:.12g}",
        )  # fmt: skip


def agreement(
    answers: pd.DataFrame, questionnaire: Questionnaire, kind: str, *, unit_label: str
) -> AgreementFinding:
    """The agreement of one unit's respondents in one round.

    Args:
        answers: Rows of one unit and one round with `ANSWER_COLUMNS`, at most one per respondent and question. Agreed
            answers, other versions and questions that aren't asked of `kind` are passed over.
        questionnaire: The version that was answered.
        kind: The unit's kind, 'country' or 'domain'.
        unit_label: The unit's name for the headline.
    """
    asked = {q.id: q for q in questionnaire.questions.values() if q.is_asked_of(kind)}
    rows = answers_to(answers, questionnaire.id, questionnaire.version)
    rows = rows[(rows["respondent_id"] != "") & rows["question_id"].isin(list(asked))]
    found = {name: _question(question, rows[rows["question_id"] == name]) for name, question in asked.items()}
    return AgreementFinding(
        unit_label, questionnaire.reference, rows["respondent_id"].nunique(),
        # Divided ones lead: on a scale of values, one step may be worth more than two of another question.
        tuple(sorted(found.values(), key=lambda e: (not e.is_divided, 1 if e.spread is None else -e.spread))),
        _measured(None, questionnaire.title, found, asked.values()),
        tuple(
            _measured(entry.id, entry.title, found, entry.all_questions())
            for entry in questionnaire.all_dimensions()
            if any(question.id in asked for question in entry.all_questions())
        ),
    )  # fmt: skip


def within_group_agreement(places: Sequence[int], options: int) -> float | None:
    """r_wg: 1 − variance (by n − 1) ÷ the variance of answers spread evenly over all options.

    `places` has the place of each voice's choice among the `options`, one apart. 1 when all chose the same, 0 when they
    differ as evenly spread answers do, below 0 when more: it isn't cut there. None with fewer than two voices or options.
    Source: James, Demaree & Wolf 1984.

    >>> round(within_group_agreement([1, 1, 5, 5], options=5), 2)
    -1.67
    """
    if len(places) < 2 or options < 2:
        return None
    return 1 - float(variance(places)) / ((options**2 - 1) / 12)


def ordinal_alpha(ratings: Iterable[Sequence[float]]) -> float | None:
    """Krippendorff's alpha for ordered levels: 1 − observed ÷ expected disagreement.

    Two levels differ by how many of all given levels lie from one to the other, those at either end by half, squared.
    `ratings` has for each question the levels given, in any order and number; fewer than two are passed over. 1 when
    all agree, 0 when they differ as if by chance (always so for a single question), below 0 when more than that. None
    when nothing is left, or all levels are the same: then no disagreement is expected.
    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    shared = [list(levels) for levels in ratings if len(levels) >= 2]
    values = sorted({level for levels in shared for level in levels})
    if len(values) < 2:
        return None
    counts = np.array([[levels.count(value) for value in values] for levels in shared], dtype=float)
    totals = counts.sum(axis=0)
    middles = totals.cumsum() - totals / 2
    differences = (middles[:, None] - middles) ** 2
    # Pairs of voices within each question; a voice beside itself differs by 0 and needs no leaving out.
    pairs = (counts / (counts.sum(axis=1, keepdims=True) - 1)).T @ counts
    by_chance = np.outer(totals, totals) / (totals.sum() - 1)
    return float(1 - (pairs * differences).sum() / (by_chance * differences).sum())


def _question(question: Question, rows: pd.DataFrame) -> QuestionAgreement:
    value = {option.id: option.value for option in question.options}
    chosen = rows.loc[rows["state"] == AnswerState.ANSWERED, "value"]
    levels = sorted(value[option] for option in chosen if option in value)
    different = sorted(set(value.values()))
    places = [different.index(level) for level in levels]
    lowest, middle, highest = (levels[0], median(levels), levels[-1]) if levels else (None, None, None)
    is_shared = len(levels) >= 2
    return QuestionAgreement(
        question.id, question.prompt, tuple(levels), len(levels), lowest, middle, highest,
        spread=levels[-1] - levels[0] if is_shared else None,
        r_wg=within_group_agreement(places, len(different)),
        is_divided=is_shared and places[-1] - places[0] >= DIVIDED_FROM,
        reason=None if is_shared else Unmeasured.NEEDS_TWO,
        dont_know=int((rows["state"] == AnswerState.DONT_KNOW).sum()),
        not_applicable=int((rows["state"] == AnswerState.NOT_APPLICABLE).sum()),
    )  # fmt: skip


def _measured(
    dimension_id: str | None, title: str, found: Mapping[str, QuestionAgreement], members: Iterable[Question]
) -> DimensionAgreement:
    own = [found[question.id].levels for question in members if question.id in found]
    shared = [levels for levels in own if len(levels) >= 2]
    alpha, reason = ordinal_alpha(shared), None
    if alpha is None:
        reason = Unmeasured.NO_VARIATION if shared else Unmeasured.NEEDS_TWO
    elif len(shared) < 2:
        alpha, reason = None, Unmeasured.NEEDS_TWO_QUESTIONS
    return DimensionAgreement(dimension_id, title, len(shared), alpha, reason)
