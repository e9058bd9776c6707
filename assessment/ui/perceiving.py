"""The perception part of the readiness page: what leads see and what domains see, and governance that nobody sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from assessment.analysis.headlines import perception_headline
from assessment.analysis.perception import PerceptionFinding
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.views_apart import Views, of_one_country, reasons, widest_of_each
from assessment.charts.theme import Words
from assessment.charts.views_apart import perceived_words, views_apart
from assessment.i18n import count, decimal, t
from assessment.questionnaire.verdicts import PerceptionRules, VerdictRules
from assessment.ui.charting import Picture, show, source_line
from assessment.ui.filters import View, remembered
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette

_EVERY = "every"


def draw_perception(place: Here, view: View, findings: RoundFindings, rules: VerdictRules) -> None:
    """The widest gap of each country, or the gaps of one."""
    labels = view.countries(place.organisation)
    asked = {entry.unit_id for entry in findings.stages}
    found = {country: findings.views[country] for country in labels if country in asked}
    if not found:
        nothing_yet(t("There is nothing to compare."), t("No country was asked in this round."))
        return
    country = _country({name: labels[name] for name in found})
    titles = {name: question.name for name, question in findings.readings.questions.items()}
    if country == _EVERY:
        views = widest_of_each(found, labels, titles)
    else:
        views = of_one_country(
            found[country], titles, perception_headline(found[country], labels[country], titles)
        )
        found = {country: found[country]}
    _picture(place, view, views, found, labels, titles)
    _uncompared(found)
    _invisible(views, labels, titles, rules.perception)
    _advice(rules.perception)


def _country(names: Mapping[str, str]) -> str:
    every = {_EVERY: t("All: the widest of each country")} | dict(names)
    return str(
        remembered(
            "lead", list(every), _EVERY,
            lambda key: st.selectbox(t("Country"), list(every), format_func=every.__getitem__, key=key),
        )
    )  # fmt: skip


def _picture(
    place: Here,
    view: View,
    views: Views,
    found: Mapping[str, Sequence[PerceptionFinding]],
    labels: Mapping[str, str],
    titles: Mapping[str, str],
) -> None:
    source = source_line(
        place, view, count(len(found), "country", "countries"), t("own answers"), t("claimed levels")
    )
    if not views.rows:
        nothing_yet(f"{plain(views.headline)}.", t("Both have to answer, and at least three domains."))
        return
    picture = Picture(
        "perception",
        views.headline,
        t("Level of the country's lead and median level of its domains, widest gap first"),
        source,
        _table(found, labels, titles),
        lambda titled: views_apart(
            views, palette(), Words(source, headline=views.headline) if titled else Words("")
        ),
        list(found),
    )  # fmt: skip
    show(place, view, picture)


def _uncompared(found: Mapping[str, Sequence[PerceptionFinding]]) -> None:
    """What has no mark in the picture, and why."""
    told = reasons(view for views in found.values() for view in views)
    if told:
        parts = [
            t("{questions}: {why}", questions=count(number, "question"), why=perceived_words(kind))
            for kind, number in told.items()
        ]
        st.caption(t("Not compared. {parts}", parts="; ".join(parts)))


def _invisible(
    views: Views, labels: Mapping[str, str], titles: Mapping[str, str], rules: PerceptionRules
) -> None:
    """Governance that the lead claims and the domains don't know of."""
    if not views.invisible:
        return
    st.markdown(f"**{plain(rules.invisible.title)}**")
    st.caption(plain(rules.invisible.what_follows))
    lines = [
        t(
            "- {country}, “{question}”: the lead claims level {level}; {n} of {all} domains don't know",
            country=plain(labels[entry.unit_id]), question=plain(titles.get(entry.question_id, entry.question_id)),
            level=entry.lead, n=entry.dont_know, all=entry.asked,
        )
        for entry in views.invisible
    ]  # fmt: skip
    st.markdown("\n".join(lines))


def _advice(rules: PerceptionRules) -> None:
    with st.expander(t("What follows from a gap")):
        st.markdown(plain(rules.why))
        for advice in (rules.higher_lead, rules.higher_domains, rules.no_shared_view):
            st.markdown(f"**{plain(advice.title)}.** {plain(advice.what_follows)}")


def _table(
    found: Mapping[str, Sequence[PerceptionFinding]], labels: Mapping[str, str], titles: Mapping[str, str]
) -> pd.DataFrame:
    rows = [
        {
            t("Country"): labels[country],
            t("Question"): titles.get(entry.question_id, entry.question_id),
            t("Lead"): "–" if entry.lead is None else str(entry.lead),
            t("Median of the domains"): "–" if entry.domain_median is None else decimal(entry.domain_median),
            t("Gap"): "–" if entry.gap is None else decimal(entry.gap),
            t("Compared"): perceived_words(entry.perceived),
            t("Domains with a level"): len(entry.domains),
            t("Domains that don't know"): entry.dont_know,
            t("Unseen"): t("yes") if entry.is_invisible else "",
        }
        for country, views in found.items()
        for entry in views
    ]
    return pd.DataFrame(rows)
