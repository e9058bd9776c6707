"""Rules or owners first, on a page: the countries' paths, with the caveat."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from assessment.analysis.sequence import (
    CAVEAT,
    GOVERNANCE,
    OWNERSHIP,
    SequenceFinding,
    sequence_finding,
    sequence_table,
)
from assessment.charts.sequence import lead_words, sequence
from assessment.i18n import count, decimal, t
from assessment.scoring.table import Basis
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import View
from assessment.ui.over_rounds import rounds_up_to, scores_of
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette


def draw_growth(place: Here, view: View) -> None:
    """The picture with the caveat under it, and who isn't in it."""
    if not {GOVERNANCE, OWNERSHIP} <= set(view.round.questionnaires):
        nothing_yet(
            t("This round doesn't ask both governance and ownership."),
            t("Choose one that does, or ask both."),
        )
        return
    countries = view.countries(place.organisation)
    codes = {unit: place.organisation.units[unit].country_iso3 for unit in countries}
    both = ((GOVERNANCE, Basis.OWN), (OWNERSHIP, Basis.OWN), (OWNERSHIP, Basis.DOMAINS))
    scores = pd.concat([scores_of(place, *which) for which in both], ignore_index=True)
    finding = sequence_finding(scores, rounds_up_to(place, view), countries, codes)
    if not finding.paths:
        nothing_yet(finding.headline + ".", t("A country needs a score in both, in the same round."))
        return
    _picture(place, view, finding)
    st.info(t(CAVEAT), icon=":material/info:")
    if finding.missing:
        told = t("Without both scores in this round: {names}.", names=", ".join(finding.missing))
        st.caption(plain(told))
    if finding.left_out:
        titles = ", ".join(entry.name for entry in finding.left_out)
        st.caption(plain(t("Left out, because they asked another version: {rounds}.", rounds=titles)))


def _picture(place: Here, view: View, finding: SequenceFinding) -> None:
    source = source_line(
        place, view, count(len(finding.paths), "country", "countries"),
        t(
            "governance by countries' own answers, ownership by the mean of their domains (where no domain was asked,"
            " by countries' own)"
        ),
    )  # fmt: skip
    drawn_under = f"{finding.subtitle}. {t(CAVEAT)}"
    picture = Picture(
        "sequence", finding.headline, finding.subtitle, source, _table(finding),
        lambda titled: sequence(
            finding, palette(), words_of(finding.headline, drawn_under, source, titled=titled)
        ),
        [path.unit_id for path in finding.paths], sequence_table(finding),
    )  # fmt: skip
    show(place, view, picture)


def _table(finding: SequenceFinding) -> pd.DataFrame:
    titles = {entry.id: entry.name for entry in finding.rounds}
    rows = [
        [
            path.label, titles[path.stops[0].round_id], decimal(path.stops[0].governance, 2),
            decimal(path.stops[0].ownership, 2), decimal(path.now.governance, 2), decimal(path.now.ownership, 2),
            lead_words(path.lead),
        ]
        for path in finding.paths
    ]  # fmt: skip
    head = [
        t("Country"),
        t("From"),
        t("Governance then"),
        t("Ownership then"),
        t("Governance now"),
        t("Ownership now"),
        t("Ahead"),
    ]
    return pd.DataFrame(rows, columns=head)
