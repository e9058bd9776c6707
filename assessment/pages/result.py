"""One unit's result: whether it is ready, how far to target, beside whom it stands, what to do next, what else is known."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from assessment.access import Action
from assessment.analysis.in_short import in_short
from assessment.i18n import count, joined, t
from assessment.scoring.table import Basis
from assessment.ui.address import begin_with, chosen_some, remembered
from assessment.ui.filters import Filter, View, choose_part, choose_view
from assessment.ui.gaps import draw_gaps
from assessment.ui.moves import draw_moves, draw_next
from assessment.ui.other_findings import draw_other_findings
from assessment.ui.peers import draw_peers
from assessment.ui.readiness import draw_readiness, readiness_headline
from assessment.ui.session import Here, here, labelled
from assessment.ui.taking_away import offer_files
from assessment.ui.text import plain
from assessment.ui.unit_result import UnitResult, result_of, scores_up_to
from assessment.ui.widgets import nothing_yet

PARTS = {"gaps": "Gates and gaps", "peers": "Beside others", "moves": "Moves", "more": "More findings"}


def page() -> None:
    place = here()
    st.title(t("Result"), anchor=False)
    units = [unit for unit in place.organisation.units if place.may(Action.SEE_RESULT, unit)]
    assessed = [unit for unit in units if place.organisation.units[unit].kind != "group"]
    if not assessed or not place.rounds:
        nothing_yet(
            t("There is nothing to show yet."), t("The administrator adds units and opens a round first.")
        )
        return
    unit_id = _whose(place, assessed)
    view = choose_view(place, Filter.QUESTIONNAIRE, Filter.LEVELS)
    result = result_of(place, replace(view, basis=_basis(place, view, unit_id)), unit_id)
    _headline(place, result)
    part = choose_part("result", {name: t(words) for name, words in PARTS.items()}, t("Show"))
    _DRAWN[part](place, result)
    _download(place, view, unit_id)


def _whose(place: Here, assessed: Sequence[str]) -> str:
    """The unit that the page is about; an address may name it by its id or by the words of the list."""
    words = {unit: labelled(place.organisation, unit) for unit in assessed}
    first = _first(place, assessed)
    begin_with(Filter.WHOSE, first)
    ids = {label: unit for unit, label in words.items()}
    named = st.query_params.get(Filter.WHOSE)
    if named in ids:
        st.query_params[Filter.WHOSE] = ids[named]
    return str(
        remembered(
            Filter.WHOSE, assessed, first or assessed[0],
            lambda key: st.selectbox(t("Whose"), assessed, format_func=words.__getitem__, key=key),
        )
    )  # fmt: skip


def _first(place: Here, assessed: Sequence[str]) -> str:
    """The country that another place looks at, if it is one alone; else ''."""
    countries = chosen_some(Filter.COUNTRIES, [unit.id for unit in place.organisation.countries])
    return countries[0] if len(countries) == 1 and countries[0] in assessed else ""


def _basis(place: Here, view: View, unit_id: str) -> Basis:
    """Whose answers to look at; only asked where a country has domains with answers."""
    scores = scores_up_to(place, view, unit_id)
    if not (scores["basis"] == Basis.DOMAINS).any():
        return Basis.OWN
    names = {str(Basis.OWN): t("The country's own answers"), str(Basis.DOMAINS): t("The mean of its domains")}
    # Radios, because the pressed part of a segmented control has too little contrast in the dark.
    return Basis(
        remembered(
            Filter.BASIS, list(names), str(Basis.OWN),
            lambda key: st.radio(t("Based on"), list(names), format_func=names.__getitem__, horizontal=True, key=key),
        )
    )  # fmt: skip


def _headline(place: Here, result: UnitResult) -> None:
    readiness = readiness_headline(place, result.findings, result.unit_id, result.hidden)
    st.header(plain(in_short(result.label, readiness, result.gaps)), anchor=False)
    if result.hidden:
        names = joined(plain(place.organisation.units[unit].name) for unit in result.hidden)
        st.caption(
            t(
                "Not shown to you yet, and not counted here: the answers of {domains}. A draft is its own unit's, and a "
                "lead and its domains see each other's answers once both have sent them.",
                domains=names,
            )
        )


def _gates_and_gaps(place: Here, result: UnitResult) -> None:
    if result.findings is not None:
        draw_readiness(place, result.findings, result.unit_id)
    draw_gaps(place, result)
    draw_next(place, result)


def _download(place: Here, view: View, unit_id: str) -> None:
    if not place.may(Action.EXPORT, unit_id):
        return
    below = len(place.organisation.children(unit_id))
    domains = t(" with {domains}", domains=count(below, "domain")) if below else ""
    offer_files(place, view.round, unit_id, t("Download scores.csv{domains}", domains=domains))


_DRAWN: dict[str, Callable[[Here, UnitResult], None]] = {
    "gaps": _gates_and_gaps,
    "peers": draw_peers,
    "moves": draw_moves,
    "more": draw_other_findings,
}

page()
