"""How charts say the state of a score, of a gate or of a move; the one place, so that no two places say it differently."""

from __future__ import annotations

from assessment.analysis.gaps import GapRow
from assessment.analysis.gate_matrix import GateRow
from assessment.analysis.gates import GateState, Verdict
from assessment.i18n import decimal, t
from assessment.scoring.table import ScoreStatus
from assessment.statements import MoveState

#: More than one level below target: a shape, so that nobody depends on a colour, and one that every font draws large.
SHORT_MARK = "▼"

#: What stands where a score would.
GLYPHS = {
    ScoreStatus.NOT_APPLICABLE: "n/a",
    ScoreStatus.NOT_ANSWERED: "–",
    ScoreStatus.WITHHELD: "?",
}

#: A sign for each state of a gate, so that no colour is needed to tell them apart.
GATE_SIGNS = {
    GateState.MET: "✓",
    GateState.CLAIMED: "◐",
    GateState.NOT_MET: "✕",
    GateState.UNKNOWN: "?",
    GateState.NOT_APPLICABLE: "–",
}


def key_of_cells() -> tuple[str, ...]:
    """What each glyph in a cell of scores means."""
    short = f"{SHORT_MARK} {t('more than one level below target')}"
    return (short, *(f"{glyph} {status_words(status)}" for status, glyph in GLYPHS.items()))


def key_words() -> str:
    """What the glyphs in cells of scores mean, in one line."""
    return " · ".join(key_of_cells())


def state_words(state: GateState) -> str:
    """The state of a gate with its sign, as the matrix of gates draws it."""
    return f"{GATE_SIGNS[state]} {gate_words(state)}"


def gate_words(state: GateState) -> str:
    """Whether a gate is passed, and if not, why.

    >>> gate_words(GateState.NOT_MET)
    'not met'
    """
    return {
        GateState.MET: t("met"),
        GateState.CLAIMED: t("claimed, evidence doesn't carry it"),
        GateState.NOT_MET: t("not met"),
        GateState.UNKNOWN: t("unknown"),
        GateState.NOT_APPLICABLE: t("not applicable, accepted"),
    }[state]


def verdict_words(verdict: Verdict) -> str:
    """What the rules say of a unit.

    >>> verdict_words(Verdict.NOT_YET)
    'Not yet'
    """
    return {
        Verdict.READY: t("Ready"),
        Verdict.WITH_CONDITIONS: t("Ready with conditions"),
        Verdict.NOT_ENOUGH_EVIDENCE: t("Not enough evidence"),
        Verdict.NOT_YET: t("Not yet"),
    }[verdict]


def row_words(row: GateRow) -> str:
    """What a row of gates comes to: a verdict, or how many of a country's domains are ready."""
    if row.verdict is not None:
        return verdict_words(row.verdict)
    return t("{n} of {all}", n=row.ready, all=row.domains) if row.domains else "–"


def to_target_words(row: GapRow) -> str:
    """What is left to do, or why nobody knows."""
    if row.now is None:
        return status_words(row.status)
    if row.gap is None:
        return t("no target")
    if not row.gap:
        return t("on target")
    shown = decimal(row.gap)
    return t("gap {gap}", gap=shown if float(shown) else f"<{decimal(0.1)}")


def move_state_words(state: MoveState) -> str:
    """What a unit says of a move that it took on.

    >>> move_state_words(MoveState.UNDER_WAY)
    'Under way'
    """
    return {
        MoveState.PLANNED: t("Planned"),
        MoveState.UNDER_WAY: t("Under way"),
        MoveState.DONE: t("Done"),
        MoveState.DROPPED: t("Dropped"),
    }[state]


def status_words(status: ScoreStatus) -> str:
    """Whether there is a score, and if not, why.

    >>> status_words(ScoreStatus.WITHHELD)
    'withheld: too little known'
    """
    return {
        ScoreStatus.SCORED: t("scored"),
        ScoreStatus.PROVISIONAL: t("provisional"),
        ScoreStatus.WITHHELD: t("withheld: too little known"),
        ScoreStatus.NOT_APPLICABLE: t("not applicable"),
        ScoreStatus.NOT_ANSWERED: t("not answered"),
    }[status]
