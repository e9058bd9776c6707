"""The CDAO's first look: who is ready, what holds the group back, and every unit in every dimension."""

import pandas as pd
import streamlit as st

from assessment.access import Action
from assessment.analysis.overview import GroupFinding
from assessment.analysis.portfolio import Cell, Portfolio
from assessment.charts.heatmap import heatmap
from assessment.charts.words import key_words, status_words
from assessment.i18n import count, decimal, t
from assessment.scoring.table import Basis
from assessment.ui.behind import choose_clicked, chosen_cell, draw_behind
from assessment.ui.charting import Picture, show, source_line
from assessment.ui.filters import Filter, Rows, View, basis_words, choose_view, levels_words, rows_words
from assessment.ui.group import group_of, portfolio_of
from assessment.ui.session import Here, here
from assessment.ui.taking_away import offer_files
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette


def page() -> None:
    place = here()
    st.title(t("Overview"), anchor=False)
    if not place.organisation.countries or not place.rounds or not place.may(Action.COMPARE):
        nothing_yet(
            t("There is nothing to compare yet."),
            t("The administrator adds countries and opens a round first."),
        )
        return
    view = choose_view(
        place, Filter.QUESTIONNAIRE, Filter.ROWS, Filter.COUNTRIES, Filter.FAMILY, Filter.BASIS, Filter.LEVELS
    )
    finding = portfolio_of(place, view)
    # The headline stands first and comes second: who is ready takes longer to compute than what is drawn below it.
    top = st.container()
    _portfolio(place, view, finding)
    with top:
        _facts(group_of(place, view, finding))
    draw_behind(place, view, finding)
    offer_files(place, view.round, None, t("Download scores.csv of all units"))


def _facts(finding: GroupFinding) -> None:
    """The headline, and four numbers with what changed since the round before."""
    st.header(plain(finding.headline), anchor=False)
    for place, fact in zip(st.columns(4), finding.facts, strict=True):
        # Grey: a number that rose isn't good in itself, and green asks nobody to do anything.
        place.metric(
            fact.label, fact.value, fact.change or None, delta_color="off", delta_arrow="off", border=True
        )
    if finding.compared:
        st.caption(finding.compared)


def _portfolio(place: Here, view: View, finding: Portfolio) -> None:
    """Draws the portfolio; a click on a cell chooses what is shown behind it."""
    axes = [place.catalogue.get(name, version).axis for name, version in view.pinned.items()]
    levels = {int(level): name for axis in axes for level, name in axis}
    is_by_country = view.rows is Rows.COUNTRIES
    measured = (
        count(finding.measured, "country", "countries")
        if is_by_country
        else count(finding.measured, "domain")
    )
    basis = basis_words(view.basis) if is_by_country else ""
    if view.family and is_by_country and view.basis is Basis.DOMAINS:
        basis = t("mean of the domains of all families")
    source = source_line(place, view, measured, basis, levels_words(supported=view.supported))
    rule = t("The digit is the whole level that the mean has reached.")
    selected = chosen_cell(finding)
    picture = Picture(
        "portfolio",
        finding.headline,
        t(
            "{rows} × dimensions, both by falling mean. The mean at the right is over a row's questionnaires, each counted"
            " once; that of a dimension, in the table, over the rows. What has no score is in no mean.",
            rows=rows_words(place.organisation, view),
        ),
        f"{key_words()}. {source}. {rule}",
        _table(finding),
        lambda titled: heatmap(
            finding, palette(), f"{source}. {rule}", level_names=levels,
            selected=None if titled else selected, titled=titled,
        ),
        [row.unit_id for row in finding.rows],
        finding.numbers,
    )  # fmt: skip
    show(place, view, picture, on_select=lambda: choose_clicked(picture.key), selection_mode="points")


def _table(finding: Portfolio) -> pd.DataFrame:
    def shown(cell: Cell) -> str:
        return decimal(cell.score, 2) if cell.score is not None else status_words(cell.status)

    def mean(value: float | None) -> str:
        return "–" if value is None else decimal(value, 2)

    rows = [[row.label, *(shown(cell) for cell in row.cells), mean(row.mean)] for row in finding.rows]
    rows.append([t("Mean"), *(mean(column.mean) for column in finding.columns), ""])
    return pd.DataFrame(
        rows, columns=[t("Unit"), *(finding.label(column) for column in finding.columns), t("Mean")]
    )


page()
