"""The prerequisites of each country as a matrix, the countries in the order of what fits them."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from assessment.analysis.gates import GateState
from assessment.analysis.orders import CountryOrder, Orders, Reached
from assessment.charts.gate_matrix import gate_states
from assessment.charts.matrix import Grid, Line, State, matrix
from assessment.charts.theme import Palette, Words
from assessment.i18n import t

_LABEL_COLUMNS = 16
#: The look of a gate in the same state.
_LOOKS = {
    Reached.BELOW: GateState.NOT_MET,
    Reached.UNKNOWN: GateState.UNKNOWN,
    Reached.REACHED: GateState.MET,
}


def reached_words(state: Reached) -> str:
    """Whether a prerequisite is there, on the country's claim.

    >>> reached_words(Reached.BELOW)
    'below the level needed'
    """
    return {
        Reached.REACHED: t("reached, as claimed"),
        Reached.BELOW: t("below the level needed"),
        Reached.UNKNOWN: t("unknown"),
    }[state]


def order_matrix(
    finding: Orders, labels: Mapping[str, str], titles: Mapping[str, str], palette: Palette, words: Words
) -> go.Figure:
    """Every country in a row, every prerequisite in a column; at the right how many are reached."""
    looks = gate_states(palette)
    states = {
        str(reached): State(looks[look].glyph, reached_words(reached), looks[look].fill, looks[look].ink)
        for reached, look in _LOOKS.items()
    }
    columns = tuple(titles.get(name, name) for name in finding.question_ids)
    lines = tuple(_line(labels[country], entry) for country, entry in finding.countries)
    return matrix(Grid(columns, lines, states, _LABEL_COLUMNS), palette, words)


def _line(label: str, entry: CountryOrder) -> Line:
    return Line(
        label,
        tuple(str(state) for state in entry.prerequisites),
        note=t("{n} of {all}", n=entry.prerequisites.count(Reached.REACHED), all=len(entry.prerequisites)),
        is_noted=entry.opened > 0,
        hover=tuple(_more(level) for level in entry.levels),
    )


def _more(level: int | None) -> str:
    return t("level {level} claimed", level=level) if level is not None else ""
