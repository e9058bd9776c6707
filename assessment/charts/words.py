"""How charts say the state of a score; the one place, so that a legend and a cell never differ."""

from __future__ import annotations

from assessment.i18n import t
from assessment.scoring.table import ScoreStatus

#: More than one level below target: a shape, so that nobody depends on a colour, and one that every font draws large.
SHORT_MARK = "▼"

#: What stands where a score would.
GLYPHS = {
    ScoreStatus.NOT_APPLICABLE: "n/a",
    ScoreStatus.NOT_ANSWERED: "–",
    ScoreStatus.WITHHELD: "?",
}


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
