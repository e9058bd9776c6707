"""Elements over countries on a page: the matrix, what follows, and what each country said of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from assessment.analysis.common_or_local import Commonality
from assessment.analysis.elements import ElementRow, Said, by_commonality, element_table, tally
from assessment.analysis.headlines import elements_headline
from assessment.charts.element_matrix import USES, advice_words, element_matrix
from assessment.i18n import count, t
from assessment.questionnaire.companions import ElementKind
from assessment.ui import comparing
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import View, remembered
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette

#: The chosen element: its widget's key and its name in the address.
ELEMENT = "element"
_KINDS: Mapping[ElementKind, str] = {
    ElementKind.TERM: "term",
    ElementKind.IDENTIFIER: "identifier",
    ElementKind.RULE: "rule",
    ElementKind.COMPONENT: "component",
    ElementKind.ROLE: "role",
}


def draw_elements(place: Here, view: View) -> None:
    """The matrix and what follows; then one element, chosen by a click on a cell or by its list."""
    countries = view.countries(place.organisation)
    rows = comparing.elements(place.scope, place.revision, view.round.id, tuple(countries))
    if not any(row.said for row in rows):
        st.subheader(plain(elements_headline([row.finding for row in rows])), anchor=False)
        nothing_yet(
            t("Nothing was said of elements in this round or before it."),
            t("Country data leaders say it on their page “Facts and principles”, in two minutes a kind."),
        )
        return
    show(
        place,
        view,
        _picture(place, view, rows, countries),
        on_select=_choose_clicked,
        selection_mode="points",
    )
    _what_follows(rows)
    _one(place, view, rows, countries)


def _picture(place: Here, view: View, rows: Sequence[ElementRow], countries: Mapping[str, str]) -> Picture:
    rounds = {entry.id: entry.title for entry in place.rounds}
    headline = elements_headline([row.finding for row in rows])
    subtitle, source = _subtitle(view, rows, countries), source_line(place, view, t("as countries say"))
    return Picture(
        "elements", headline, subtitle, source, _table(rows, countries),
        lambda titled: element_matrix(
            rows, countries, rounds, view.round.id, palette(),
            words_of(headline, subtitle, source, titled=titled),
        ),
        list(countries), element_table(rows, countries, view.round.id),
    )  # fmt: skip


def _subtitle(view: View, rows: Sequence[ElementRow], countries: Mapping[str, str]) -> str:
    """What is drawn, how much was said, and from which rounds."""
    said = tally(rows, view.round.id)
    parts = [
        t(
            "{elements} × {countries}, by what follows; {said} of {possible} are said.",
            elements=count(len(rows), "element"), countries=count(len(countries), "country", "countries"),
            said=said.said, possible=said.possible,
        ),
        t(
            "What a country said last holds until it says otherwise: {n} are from earlier rounds.",
            n=said.carried,
        ),
    ]  # fmt: skip
    if any(row.is_thin and row.said for row in rows):
        parts.append(t("A question mark: fewer than half of the countries have said anything."))
    return " ".join(parts)


def _table(rows: Sequence[ElementRow], countries: Mapping[str, str]) -> pd.DataFrame:
    lines = []
    for row in rows:
        said = [_use_words(row.said.get(unit)) for unit in countries]
        lines.append([row.element.title, t(_KINDS[row.element.kind]), advice_words(row), *said])
    # Set afterwards, because two countries may bear one name.
    table = pd.DataFrame(lines)
    table.columns = pd.Index([t("Element"), t("Kind"), t("What follows"), *countries.values()])
    return table


def _use_words(entry: Said | None) -> str:
    return t(USES[entry.use][1]) if entry else t("nothing said yet")


def _choose_clicked() -> None:
    """Points the list below at the element that was clicked; letting go changes nothing."""
    points = st.session_state["elements"]["selection"]["points"]
    if points:
        st.session_state[ELEMENT] = points[0]["customdata"][0]


def _what_follows(rows: Sequence[ElementRow]) -> None:
    """Each group with its advice in full and its elements."""
    st.subheader(t("What follows"), anchor=False)
    lines = []
    for members in by_commonality(rows).values():
        advice, names = members[0].finding.advice, ", ".join(plain(row.element.title) for row in members)
        title, what = (advice.title, advice.what_follows) if advice else _without_advice(members[0])
        lines.append(f"- **{plain(title)}** ({len(members)}): {plain(what)}  \n  :small[{names}]")
    silent = [plain(row.element.title) for row in rows if not row.said]
    if silent:
        lines.append(
            f"- **{t('Nobody has said anything yet')}** ({len(silent)})  \n  :small[{', '.join(silent)}]"
        )
    st.markdown("\n".join(lines))


def _without_advice(row: ElementRow) -> tuple[str, str]:
    if row.finding.commonality is Commonality.ONE_COUNTRY:
        return t("Used by one country alone"), t(
            "Nothing to compare yet: it takes two countries that use it."
        )
    return t("Not used anywhere"), t("Nothing to build.")


def _one(place: Here, view: View, rows: Sequence[ElementRow], countries: Mapping[str, str]) -> None:
    """What every country says of one element, with the reason for each difference."""
    st.subheader(t("What countries say of one element"), anchor=False)
    by_id = {row.element.id: row for row in rows}
    chosen = remembered(
        ELEMENT, list(by_id), next(iter(by_id)),
        lambda key: st.selectbox(
            t("Element"), list(by_id), format_func=lambda name: by_id[name].element.title, key=key
        ),
    )  # fmt: skip
    row = by_id[str(chosen)]
    st.caption(plain(row.element.summary))
    if row.finding.advice:
        st.markdown(f"**{plain(row.finding.advice.title)}**: {plain(row.finding.advice.what_follows)}")
    rounds = {entry.id: entry.title for entry in place.rounds}
    lines: list[str] = []
    for use, (glyph, words) in USES.items():
        said = row.of(use)
        told = [_statement(entry, countries, rounds, view) for entry in said]
        if any(entry.reason.strip() for entry in said):
            lines += [f"- {glyph} **{t(words)}** ({len(said)})", *(f"    - {one}" for one in told)]
        elif said:
            lines.append(f"- {glyph} **{t(words)}** ({len(said)}): {', '.join(told)}")
    silent = [plain(name) for unit, name in countries.items() if unit not in row.said]
    if silent:
        lines.append(f"- – **{t('nothing said yet')}** ({len(silent)}): {', '.join(silent)}")
    st.markdown("\n".join(lines))


def _statement(entry: Said, countries: Mapping[str, str], rounds: Mapping[str, str], view: View) -> str:
    """A country with its reason, and with the round in which it said so where it was another."""
    reason = f": {plain(entry.reason)}" if entry.reason.strip() else ""
    earlier = (
        t(" (said in {round})", round=plain(rounds[entry.round_id]))
        if entry.round_id != view.round.id
        else ""
    )
    return f"{plain(countries[entry.unit_id])}{reason}{earlier}"
