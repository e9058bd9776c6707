"""Ranges of ranks on request, and how far they hang on the method: for whoever compares countries, and off by default."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from assessment.access import Action
from assessment.analysis.standing import DRAWS
from assessment.analysis.tiers import TierFinding, alike, switch_name, switch_words, tier_table
from assessment.charts.rank_ranges import TIER_WORDS, places_words, rank_chart
from assessment.i18n import count, decimal, t
from assessment.ui import comparing
from assessment.ui.address import remembered_switch
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import Filter, View, basis_words, choose_view
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette


def draw_standing(place: Here) -> None:
    """Nothing for whoever doesn't compare; else why there are no ranks here, and a switch that shows their ranges."""
    if not place.may(Action.COMPARE):
        return
    st.header(t("Standing and robustness"), anchor=False)
    st.markdown(
        t(
            "No page ranks countries. A place is the last that answers can carry: a few of them, or a little more weight "
            "here and less there, move it. What can be told is which countries stay in the upper or in the lower half "
            "whatever is tried, and how much the order hangs on the method."
        )
    )
    # Off until somebody asks; a link to them is sent by somebody who did.
    if not remembered_switch("standing", lambda key: st.toggle(t("Show ranges of ranks"), key=key)):
        return
    if not place.organisation.countries or not place.rounds:
        nothing_yet(
            t("There is nothing to compare yet."),
            t("The administrator adds countries and opens a round first."),
        )
        return
    chosen = choose_view(place, Filter.QUESTIONNAIRE, Filter.BASIS)
    for questionnaire_id in chosen.pinned:
        view = replace(chosen, questionnaire_id=questionnaire_id)
        finding = comparing.tiers(place.scope, place.revision, view.round.id, questionnaire_id, view.basis)
        _questionnaire(place, view, finding)


def _questionnaire(place: Here, view: View, finding: TierFinding) -> None:
    """One questionnaire: its ranges, who has none, and what other methods would do."""
    if not finding.ranges:
        why = t(
            "{questionnaire}: {why}.",
            questionnaire=plain(finding.questionnaire.title),
            why=plain(finding.headline),
        )
        nothing_yet(why, t("Ranges show as soon as enough countries have one."))
        return
    show(place, view, _picture(place, view, finding))
    if finding.unscored:
        names = ", ".join(plain(place.organisation.label(unit)) for unit in finding.unscored)
        st.caption(t("Without a score, and so without a range: {names}.", names=names))
    _robustness(finding)


def _picture(place: Here, view: View, finding: TierFinding) -> Picture:
    labels = {entry.unit_id: place.organisation.label(entry.unit_id) for entry in finding.ranges}
    subtitle = t(
        "Dark, the middle 50 % of ranks under other weights of the dimensions; light, the middle 90 %, what unknown "
        "answers leave open, and every place that another method gives; ring, the rank of the score. A range such as 1–1: "
        "nothing that was tried moves it. A plausible range, no confidence interval.",
    )
    source = source_line(
        place, view, count(len(finding.ranges), "country", "countries"), basis_words(view.basis), t("as claimed"),
        t("{draws} draws, seed {seed}", draws=DRAWS, seed=comparing.SEED),
    )  # fmt: skip
    return Picture(
        f"standing-{finding.questionnaire.id}", finding.headline, subtitle, source, _table(finding, labels),
        lambda titled: rank_chart(
            finding.ranges, finding.tiers, labels, palette(),
            words_of(finding.headline, subtitle, source, titled=titled),
        ),
        list(labels), tier_table(finding, labels),
    )  # fmt: skip


def _table(finding: TierFinding, labels: dict[str, str]) -> pd.DataFrame:
    rows = [
        {
            t("Country"): labels[entry.unit_id],
            t("Range of ranks"): places_words(entry.best, entry.worst),
            t("Half"): t(TIER_WORDS[finding.tiers[entry.unit_id]]),
            t("Can't be told apart from"): count(alike(entry, finding.ranges), "other"),
            t("Score"): decimal(entry.score, 2),
        }
        for entry in finding.ranges
    ]
    return pd.DataFrame(rows)


def _robustness(finding: TierFinding) -> None:
    """The switches of method, each in a sentence: a table of them would be wider than a phone."""
    st.markdown(f"**{plain(finding.robustness)}**")
    lines = [
        f"- {plain(switch_name(switch, finding.questionnaire))}: {switch_words(switch)}"
        for switch in finding.switches
    ]
    with st.expander(t("Every other method that was tried"), key=f"methods-{finding.questionnaire.id}"):
        st.markdown("\n".join(lines))
