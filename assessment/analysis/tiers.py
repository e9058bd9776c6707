"""Which countries stand reliably in the upper or in the lower half: tiers, never places; and what other methods would do.

Countries are compared within one questionnaire version, and only those that have a score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from assessment.analysis.standing import (
    MethodSwitch,
    RankRange,
    by_other_methods,
    method_switches,
    rank_ranges,
)
from assessment.i18n import count, decimal, t
from assessment.questionnaire.models import Aggregate, Missing, Questionnaire, UnitKind
from assessment.scoring.aggregates import Array
from assessment.scoring.codes import agreed_answers, answers_to, encode
from assessment.scoring.engine import node_scores
from assessment.scoring.plan import Codes, Plan, plan_for
from assessment.scoring.table import Basis, ScoringInput

#: With fewer countries, places and halves say nothing that their scores don't.
LEAST_COUNTRIES = 5
#: The columns of the table of tiers, in their order; `alike` counts the countries that one can't be told apart from.
TIER_COLUMNS = (
    "unit_id", "country", "score", "rank", "best", "worst", "core_best", "core_worst", "tier", "alike",
)  # fmt: skip


class Tier(StrEnum):
    """In which half of the countries the whole range of a country's ranks lies."""

    UPPER = "upper"
    NEITHER = "neither"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class TierFinding:
    """The rank ranges of one questionnaire version, best rank first, and how far other methods move ranks.

    Both are empty where `why_none` says why; `unscored` are the countries that were asked and have no score.
    """

    questionnaire: Questionnaire
    ranges: tuple[RankRange, ...]
    switches: tuple[MethodSwitch, ...]
    unscored: tuple[str, ...]
    why_none: str = ""

    @property
    def tiers(self) -> Mapping[str, Tier]:
        """The tier of every country that has a range."""
        return {entry.unit_id: tier_of(entry, len(self.ranges)) for entry in self.ranges}

    @property
    def headline(self) -> str:
        return self.why_none or _headline(list(self.tiers.values()), self.questionnaire.title)

    @property
    def robustness(self) -> str:
        """How far the order hangs on the method, in one sentence; '' without ranks."""
        return _robustness(self.switches, self.questionnaire)


def tier_of(entry: RankRange, countries: int) -> Tier:
    """The half that holds the whole range; of an odd number the one in the middle is in neither."""
    middle = (countries + 1) / 2
    if entry.worst < middle:
        return Tier.UPPER
    return Tier.LOWER if entry.best > middle else Tier.NEITHER


def alike(entry: RankRange, ranges: tuple[RankRange, ...]) -> int:
    """From how many others a country can't be told apart."""
    return sum(entry.overlaps(other) for other in ranges if other is not entry)


def tier_table(finding: TierFinding, labels: Mapping[str, str]) -> pd.DataFrame:
    """A line for each country that has a range, with `TIER_COLUMNS`; `labels` has names by id."""
    lines = [
        (
            entry.unit_id, labels[entry.unit_id], entry.score, entry.rank, entry.best, entry.worst, *entry.core,
            str(finding.tiers[entry.unit_id]), alike(entry, finding.ranges),
        )
        for entry in finding.ranges
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=list(TIER_COLUMNS))


def tier_finding(
    data: ScoringInput,
    scores: pd.DataFrame,
    questionnaire: Questionnaire,
    round_id: str,
    basis: Basis,
    rng: np.random.Generator,
) -> TierFinding:
    """The tiers of all countries in one round.

    Args:
        data: The answers of the round, as far as whoever asks may read.
        scores: Their score table.
        questionnaire: The version that was asked.
        round_id: The round.
        basis: Whether a country's score is its own or the mean of its domains.
        rng: Draws the weights.
    """
    whole = _whole_rows(scores, questionnaire, round_id)
    asked = whole[(whole["unit_kind"] == UnitKind.COUNTRY) & (whole["basis"] == basis)]
    scored = asked[asked["score"].notna()]
    unscored = tuple(asked["unit_id"][asked["score"].isna()])
    plan = plan_for(questionnaire, UnitKind.COUNTRY if basis is Basis.OWN else UnitKind.DOMAIN)
    if len(scored) < LEAST_COUNTRIES or plan is None:
        few = t(
            "No ranks: {scored} of {all} have a score, and {least} are needed",
            scored=len(scored), all=count(len(asked), "country", "countries"), least=LEAST_COUNTRIES,
        )  # fmt: skip
        return TierFinding(questionnaire, (), (), unscored, few)
    if plan.nodes[0].aggregate is not Aggregate.MEAN:
        other = t("No ranks: the score isn't a mean of dimensions, so that no weights can be tried")
        return TierFinding(questionnaire, (), (), unscored, other)
    countries = list(scored["unit_id"])
    rows, members = _rows_of(data, whole, countries, basis)
    answers = answers_to(agreed_answers(data.answers), questionnaire.id, questionnaire.version)
    codes = encode(plan, answers, [(round_id, unit) for unit in rows]).codes
    bounds = scored["score_low"].to_numpy(float), scored["score_high"].to_numpy(float)
    others = by_other_methods(plan, codes, members)
    ranges = _ranges(plan, codes, countries, bounds, members, others, rng)
    return TierFinding(questionnaire, ranges, method_switches(plan, codes, members, others), unscored)


def _whole_rows(scores: pd.DataFrame, questionnaire: Questionnaire, round_id: str) -> pd.DataFrame:
    is_of = (scores["questionnaire_id"] == questionnaire.id) & (
        scores["questionnaire_version"] == questionnaire.version
    )
    return scores[is_of & (scores["round_id"] == round_id) & (scores["dimension_id"] == "")]


def _rows_of(
    data: ScoringInput, whole: pd.DataFrame, countries: list[str], basis: Basis
) -> tuple[list[str], Array | None]:
    """The units whose answers make the countries' scores, and which of them belong to which country."""
    if basis is Basis.OWN:
        return countries, None
    place = {country: number for number, country in enumerate(countries)}
    domains = whole[(whole["unit_kind"] == UnitKind.DOMAIN) & whole["score"].notna()]["unit_id"]
    parents = {unit: data.organisation.units[unit].parent_id or "" for unit in domains}
    rows = [unit for unit, parent in parents.items() if parent in place]
    members = np.zeros((len(rows), len(countries)))
    members[range(len(rows)), [place[parents[unit]] for unit in rows]] = 1.0
    return rows, members


def _ranges(
    plan: Plan,
    codes: Codes,
    countries: list[str],
    bounds: tuple[Array, Array],
    members: Array | None,
    others: Mapping[str, Array],
    rng: np.random.Generator,
) -> tuple[RankRange, ...]:
    root = plan.nodes[0]
    # Of the nodes, not of the score table: a dimension whose number is withheld counts in the whole all the same.
    top = [child - len(plan.questions) for child in root.children]
    dimensions = node_scores(plan, codes)[:, top]
    return rank_ranges(countries, dimensions, root.weights, bounds, rng, members, others.values())


def _headline(tiers: list[Tier], title: str) -> str:
    upper, lower = tiers.count(Tier.UPPER), tiers.count(Tier.LOWER)
    countries = count(len(tiers), "country", "countries")
    if not upper and not lower:
        return t(
            "Read tiers, not places: none of {countries} is reliably in either half in “{questionnaire}”",
            countries=countries, questionnaire=title,
        )  # fmt: skip
    return t(
        "Read tiers, not places: of {countries} {upper} reliably top-half, {lower} reliably bottom-half in “{questionnaire}”",
        countries=countries, upper=upper, lower=lower, questionnaire=title,
    )  # fmt: skip


def switch_name(switch: MethodSwitch, questionnaire: Questionnaire) -> str:
    """What is done otherwise, as the beginning of a sentence."""
    kind, _, left_out = switch.method.partition(":")
    if kind == "without":
        titles = {dimension.id: dimension.title for dimension in questionnaire.dimensions}
        return t("Without “{dimension}”", dimension=titles.get(left_out, left_out))
    if kind == "dont_know":
        is_lowest = questionnaire.scoring.dont_know is Missing.MINIMUM
        return (
            t("With “don't know” left out")
            if is_lowest
            else t("With “don't know” counting as the lowest level")
        )
    return {
        "geometric": t("With the geometric mean instead"),
        "equal_weights": t("With all dimensions weighing the same"),
    }[kind]


def switch_words(switch: MethodSwitch) -> str:
    """How far ranks move then.

    >>> switch_words(MethodSwitch("geometric", 0.25, 2, 12))
    'ranks move by 0.3 on average, 2 at most'
    """
    if switch.units < 2:
        return t("fewer than two countries would have a score")
    if not switch.largest_shift:
        return t("no rank moves")
    return t(
        "ranks move by {mean} on average, {most} at most",
        mean=decimal(switch.mean_shift), most=switch.largest_shift,
    )  # fmt: skip


def _robustness(switches: tuple[MethodSwitch, ...], questionnaire: Questionnaire) -> str:
    compared = [switch for switch in switches if switch.units > 1]
    if not compared:
        return ""
    most = max(compared, key=lambda switch: (switch.mean_shift, switch.largest_shift))
    if not most.largest_shift:
        return t("Ranks hang on no choice of method: none of {n} others moves one", n=len(compared))
    return t(
        "{method}: {moves}; none of {n} other methods moves them more",
        method=switch_name(most, questionnaire), moves=switch_words(most), n=len(compared) - 1,
    )  # fmt: skip
