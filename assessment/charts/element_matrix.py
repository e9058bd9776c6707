"""The matrix of elements × countries: how each country has each element, and what follows for the element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from assessment.analysis.common_or_local import Commonality
from assessment.analysis.elements import NOT_SAID, ElementRow, Said
from assessment.charts.matrix import Grid, Line, State, matrix
from assessment.charts.theme import LEVEL_FILLS, LEVEL_INKS, Palette, Words
from assessment.charts.words import GLYPHS
from assessment.i18n import t
from assessment.questionnaire.companions import ElementUse
from assessment.scoring.table import ScoreStatus

#: How a country can have an element: its glyph and its words.
USES: Mapping[ElementUse, tuple[str, str]] = {
    ElementUse.SAME: ("=", "the same everywhere"),
    ElementUse.SETTING: ("≈", "the same, with a setting"),
    ElementUse.LAW: ("§", "different by law"),
    ElementUse.CHOICE: ("≠", "different by choice"),
    ElementUse.UNUSED: ("○", "not used"),
}
#: What follows, as short as the room beside a row; the rules have the sentence.
SHORT_ADVICE: Mapping[Commonality, str] = {
    Commonality.COMMON: "common",
    Commonality.COMMON_WITH_LOCAL_PART: "core+local",
    Commonality.LOCAL: "local",
    Commonality.CONTESTED: "forum",
    Commonality.ONE_COUNTRY: "one only",
    Commonality.UNUSED: "unused",
}

# Narrow, because on a phone the cells of a dozen countries need the width.
_LABEL_COLUMNS = 18


def element_matrix(
    rows: Sequence[ElementRow],
    countries: Mapping[str, str],
    rounds: Mapping[str, str],
    round_id: str,
    palette: Palette,
    words: Words,
) -> go.Figure:
    """Every element in a row, in the order of `rows`.

    Args:
        rows: What was said and what follows.
        countries: The names of the columns by id.
        rounds: The titles of rounds by id: what was said in another than `round_id` says in which.
        round_id: The round that is looked at.
        palette: The colours of light or dark.
        words: What is said around the chart.
    """
    lines = [_line(row, countries, rounds, round_id) for row in rows]
    return matrix(
        Grid(tuple(countries.values()), tuple(lines), _states(palette), _LABEL_COLUMNS), palette, words
    )


def _line(row: ElementRow, countries: Mapping[str, str], rounds: Mapping[str, str], round_id: str) -> Line:
    found = [row.said.get(unit) for unit in countries]
    return Line(
        row.element.title,
        tuple(str(entry.use) if entry else NOT_SAID for entry in found),
        note=advice_words(row),
        is_noted=row.finding.commonality is Commonality.CONTESTED,
        hover=tuple(_more(entry, rounds, round_id) if entry else "" for entry in found),
        keys=tuple((row.element.id, unit) for unit in countries),
    )


def advice_words(row: ElementRow) -> str:
    """What follows, in two or three words; a question mark where fewer than half of the countries said anything."""
    if not row.said:
        return t("not said")
    short = t(SHORT_ADVICE[row.finding.commonality])
    return t("{advice}?", advice=short) if row.is_thin else short


def _more(entry: Said, rounds: Mapping[str, str], round_id: str) -> str:
    """The reason for a difference, and in which round it was said if not in this one."""
    earlier = t("(said in {round})", round=rounds[entry.round_id]) if entry.round_id != round_id else ""
    return " ".join(filter(None, [entry.reason, earlier]))


def _states(palette: Palette) -> dict[str, State]:
    """The more common the darker; a choice has the colour of attention, because it waits for a decision."""
    fills = {
        ElementUse.SAME: (LEVEL_FILLS[4], LEVEL_INKS[4]),
        ElementUse.SETTING: (LEVEL_FILLS[2], LEVEL_INKS[2]),
        ElementUse.LAW: (LEVEL_FILLS[1], LEVEL_INKS[1]),
        # The same in light and dark, as levels are.
        ElementUse.CHOICE: ("#C2410C", "#FFFFFF"),
        ElementUse.UNUSED: (palette.missing, palette.muted),
    }
    states = {str(use): State(glyph, t(words), *fills[use]) for use, (glyph, words) in USES.items()}
    nothing = State(
        GLYPHS[ScoreStatus.NOT_ANSWERED], t("nothing said yet"), palette.background, palette.muted
    )
    return {**states, NOT_SAID: nothing}
