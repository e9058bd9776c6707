"""What changed, and whether it will last: paths and gaps, who moved and why, risk, order of growth, moves."""

from collections.abc import Callable

import streamlit as st

from assessment.access import Action
from assessment.i18n import t
from assessment.ui.commitments import draw_moves
from assessment.ui.filters import Filter, choose_part, choose_view
from assessment.ui.growth import draw_growth
from assessment.ui.lasting import draw_lasting
from assessment.ui.moved import draw_movers
from assessment.ui.over_rounds import choose_then
from assessment.ui.paths import draw_paths
from assessment.ui.session import Here, here
from assessment.ui.widgets import nothing_yet


def page() -> None:
    place = here()
    st.title(t("Progress"), anchor=False)
    if not place.organisation.countries or not place.rounds or not place.may(Action.COMPARE):
        nothing_yet(
            t("There is no progress to show yet."),
            t("The administrator adds countries and opens a round first."),
        )
        return
    parts = {
        "change": t("Change"),
        "moved": t("Who moved and why"),
        "lasting": t("Will it last?"),
        "order": t("Rules or owners first"),
        "moves": t("Moves"),
    }
    _DRAW[choose_part("progress", parts, t("What to look at"))](place)


def _change(place: Here) -> None:
    view = choose_view(
        place, Filter.QUESTIONNAIRE, Filter.ROWS, Filter.COUNTRIES, Filter.FAMILY, Filter.BASIS, Filter.LEVELS
    )
    draw_paths(place, view, choose_then(place, view))


def _moved(place: Here) -> None:
    view = choose_view(
        place, Filter.QUESTIONNAIRE, Filter.ROWS, Filter.COUNTRIES, Filter.FAMILY, Filter.BASIS
    )
    then = choose_then(place, view)
    if then is not None:
        draw_movers(place, view, then)


def _lasting(place: Here) -> None:
    draw_lasting(place, choose_view(place, Filter.COUNTRIES, Filter.FAMILY))


def _order(place: Here) -> None:
    draw_growth(place, choose_view(place, Filter.COUNTRIES))


def _moves(place: Here) -> None:
    draw_moves(place, choose_view(place, Filter.QUESTIONNAIRE, Filter.COUNTRIES, Filter.FAMILY))


_DRAW: dict[str, Callable[[Here], None]] = {
    "change": _change,
    "moved": _moved,
    "lasting": _lasting,
    "order": _order,
    "moves": _moves,
}

page()
