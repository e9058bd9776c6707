"""One unit in one sentence: whether it is ready, and how far its widest gap is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assessment.analysis.gaps import GapFinding, of_all, without_gaps
from assessment.analysis.gates import Gate, GateState
from assessment.i18n import decimal, t
from assessment.scoring.levels import LEVEL_TOLERANCE


def in_short(label: str, readiness: str, gaps: Sequence[GapFinding]) -> str:
    """The headline of a unit's result.

    Args:
        label: The unit's name.
        readiness: What is said of its readiness, in a sentence that names it; '' when nothing may be said.
        gaps: Its gaps, one finding a questionnaire.
    """
    gap = _gap(gaps)
    if readiness:
        return t("{readiness}; {gap}", readiness=readiness, gap=gap)
    return t("{unit}: {gap}", unit=label, gap=gap)


def _gap(gaps: Sequence[GapFinding]) -> str:
    """The widest gap over all questionnaires; or why there is none, and of how many dimensions nobody can tell."""
    told = [(row.gap or 0.0, row, finding) for finding in gaps for row in finding.told]
    if not told:
        return without_gaps([row for finding in gaps for row in finding.rows])
    untold = sum(len(finding.untold) for finding in gaps)
    widest, row, finding = max(told, key=lambda entry: entry[0])
    if widest < LEVEL_TOLERANCE:
        return t("its target is reached on {asked}", asked=of_all(len(told), untold))
    of = f" ({finding.questionnaire_title})" if len(gaps) > 1 else ""
    which = t("widest known gap") if untold else t("widest gap")
    if finding.supported:
        which = t("{which} as evidence supports", which=which)
    return t(
        "the {which} is {gap} on {dimension}{of}",
        which=which,
        gap=decimal(widest),
        dimension=row.title,
        of=of,
    )


def gate_counts(gates: Iterable[Gate]) -> Mapping[GateState, int]:
    """How many gates are in each state, those states only that there are."""
    found = Counter(gate.state for gate in gates)
    return {state: found[state] for state in GateState if found[state]}
