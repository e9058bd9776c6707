"""Will it last? An index of risk, 0 to 100, from nine answers, half of it their worst three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.analysis.clauses import FactValues, clause_holds, condition_holds
from assessment.analysis.readings import Known, Reading, Readings
from assessment.questionnaire.verdicts import Band, ForcedBand, SustainabilityRules

#: Levels run from 1 to 5: level 5 is no risk, level 1 the whole.
_LOWEST, _HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class SustainabilityFinding:
    """A domain's risk; `index` and `band` are None when an answer is missing, and `missing` names those questions.

    `causes` are the worst answers, heaviest first. `equal_weights_band` is the band with all weights alike: where it
    differs, the band hangs on the weights. `forced` is the rule that set the band whatever the index.
    """

    unit_id: str
    index: float | None
    band: Band | None
    equal_weights_band: Band | None
    forced: ForcedBand | None
    causes: tuple[Reading, ...]
    missing: tuple[str, ...]
    supported: int
    answers: int

    @property
    def hangs_on_weights(self) -> bool:
        return self.forced is None and self.band != self.equal_weights_band


def sustainability(
    unit_id: str, readings: Readings, rules: SustainabilityRules, facts: FactValues
) -> SustainabilityFinding:
    """The risk that what was started fades, from claimed levels.

    An accepted 'not applicable' leaves the index as it would leave a score; any other gap makes the finding unknown,
    unless a forced band needs no more.
    """
    found = [(readings.about(unit_id, entry.question), entry.weight) for entry in rules.answers]
    counted = [(reading, weight) for reading, weight in found if not reading.is_out]
    known = [(reading, weight) for reading, weight in counted if reading.known is Known.LEVEL]
    missing = tuple(reading.question_id for reading, _ in counted if reading.known is not Known.LEVEL)
    forced = next(
        (
            entry
            for entry in rules.forced
            if condition_holds(entry.when, lambda clause: clause_holds(clause, unit_id, readings, facts))
        ),
        None,
    )
    is_known = bool(known) and not missing
    levels, weights = [reading.claimed or 0 for reading, _ in known], [weight for _, weight in known]
    index = risk_index(levels, weights, rules) if is_known else None
    equal = risk_index(levels, [1.0] * len(levels), rules) if is_known else None
    worst_first = sorted(known, key=lambda entry: (entry[0].claimed or 0, -entry[1]))
    return SustainabilityFinding(
        unit_id, index, _forced_band(forced, rules) or band_of(index, rules), band_of(equal, rules), forced,
        tuple(reading for reading, _ in worst_first[: rules.worst]), missing,
        sum(reading.supported == reading.claimed for reading, _ in known), len(rules.answers),
    )  # fmt: skip


def risk_index(levels: Sequence[int], weights: Sequence[float], rules: SustainabilityRules) -> float:
    """100 × (share × weighted mean risk + (1 − share) × mean of the worst), with a level's risk (5 − level) ÷ 4.

    With weights that add up to nothing, the mean counts all alike.
    """
    risks = [(_HIGHEST - level) / (_HIGHEST - _LOWEST) for level in levels]
    total = sum(weights)
    mean = (
        sum(w * r for w, r in zip(weights, risks, strict=True)) / total if total else sum(risks) / len(risks)
    )
    worst = sorted(risks, reverse=True)[: rules.worst]
    return 100 * (rules.mean_share * mean + (1 - rules.mean_share) * sum(worst) / len(worst))


def band_of(index: float | None, rules: SustainabilityRules) -> Band | None:
    """The first band that reaches as far as the index."""
    return None if index is None else next(band for band in rules.bands if index <= band.up_to + 1e-9)


def _forced_band(forced: ForcedBand | None, rules: SustainabilityRules) -> Band | None:
    return next((band for band in rules.bands if forced and band.id == forced.band), None)
