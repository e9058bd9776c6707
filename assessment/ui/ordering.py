"""The order part of the readiness page: governance first, or both together, country by country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from assessment.analysis.order import OrderFinding
from assessment.analysis.orders import CountryOrder, Orders, orders
from assessment.analysis.readiness import RoundFindings
from assessment.charts.order_matrix import order_matrix, reached_words
from assessment.charts.theme import Words
from assessment.i18n import count, joined, t
from assessment.questionnaire.verdicts import VerdictRules
from assessment.ui import resources
from assessment.ui.charting import Picture, show, source_line
from assessment.ui.filters import View
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette


def draw_orders(place: Here, view: View, findings: RoundFindings, rules: VerdictRules) -> None:
    """Each verdict with its countries and what follows, then the prerequisites that decided."""
    labels = view.countries(place.organisation)
    found = resources.orders(place.scope, place.revision, view.round.id)
    finding = orders(found, rules.order, labels)
    if not finding.countries:
        nothing_yet(f"{finding.headline}.", t("Choose other countries or another round above."))
        return
    titles = {name: question.name for name, question in findings.readings.questions.items()}
    source = source_line(
        place,
        view,
        count(len(finding.countries), "country", "countries"),
        t("claimed levels"),
        _shown(finding),
    )
    picture = Picture(
        "orders",
        finding.headline,
        t("Countries × prerequisites, in the order of what fits them; at the right, prerequisites reached"),
        source,
        _table(finding, labels, titles),
        lambda titled: order_matrix(
            finding, labels, titles, palette(), Words(source, headline=finding.headline) if titled else Words("")
        ),
        list(labels),
    )  # fmt: skip
    show(place, view, picture)
    _verdicts(finding, labels, titles)
    st.caption(t(rules.order.why))


def _shown(finding: Orders) -> str:
    """How many of the prerequisites read rest on evidence that carries them."""
    carried = sum(entry.finding.supported for _, entry in finding.countries)
    read = sum(entry.finding.prerequisites for _, entry in finding.countries)
    return t("evidence carries {n} of {all} prerequisites", n=carried, all=read)


def _verdicts(finding: Orders, labels: Mapping[str, str], titles: Mapping[str, str]) -> None:
    """What follows, once for all countries that it fits; with what each of them still has open."""
    by_country = dict(finding.countries)
    for verdict, countries in finding.verdicts:
        title = verdict.title if verdict else t("It can't be told yet")
        st.markdown(f"**{plain(title)}** · {count(len(countries), 'country', 'countries')}")
        if verdict is not None:
            st.caption(plain(verdict.what_follows))
        lines = [
            f"- {plain(labels[country])}: {_open_words(by_country[country].finding, titles)}"
            for country in countries
        ]
        st.markdown("\n".join(lines))


def _open_words(finding: OrderFinding, titles: Mapping[str, str]) -> str:
    if finding.verdict is None:
        return t("nobody knows {names}", names=_names(finding.missing, titles))
    if not finding.open:
        return t("no prerequisite is open")
    return t("open: {names}", names=_names([reading.question_id for reading in finding.open], titles))


def _names(question_ids: Sequence[str], titles: Mapping[str, str]) -> str:
    return joined(plain(titles.get(name, name)) for name in question_ids)


def _table(finding: Orders, labels: Mapping[str, str], titles: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        [labels[country], _title(entry), *_cells(entry), entry.finding.supported, len(entry.finding.later)]
        for country, entry in finding.countries
    ]
    questions = [titles.get(name, name) for name in finding.question_ids]
    grows = t("Below the level for a third domain")
    return pd.DataFrame(rows, columns=[t("Country"), t("Order"), *questions, t("Carried by evidence"), grows])


def _cells(entry: CountryOrder) -> list[str]:
    pairs = zip(entry.prerequisites, entry.levels, strict=True)
    return [
        reached_words(state)
        if level is None
        else t("{level}, {words}", level=level, words=reached_words(state))
        for state, level in pairs
    ]


def _title(entry: CountryOrder) -> str:
    return entry.finding.verdict.title if entry.finding.verdict else t("can't be told yet")
