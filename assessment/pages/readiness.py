"""Where the CDAO decides who may begin: gates and what blocks them, what if, order, operating model, perception."""

import streamlit as st

from assessment.access import Action
from assessment.i18n import t
from assessment.ui import resources
from assessment.ui.blocking import draw_blockers
from assessment.ui.filters import Filter, choose_part, choose_view
from assessment.ui.gating import draw_gates
from assessment.ui.operating import draw_operating_models
from assessment.ui.ordering import draw_orders
from assessment.ui.perceiving import draw_perception
from assessment.ui.raising import draw_what_if
from assessment.ui.session import here
from assessment.ui.widgets import nothing_yet

#: What each part can be narrowed by, beside the round.
_FILTERS = {
    "gates": (Filter.QUESTIONNAIRE, Filter.ROWS, Filter.COUNTRIES, Filter.FAMILY),
    # Whom gates block follows from the stage: no rows to choose.
    "blockers": (Filter.QUESTIONNAIRE, Filter.COUNTRIES, Filter.FAMILY),
    "what-if": (),
    "order": (Filter.COUNTRIES,),
    "operating-model": (Filter.ROWS, Filter.COUNTRIES, Filter.FAMILY),
    "perception": (Filter.COUNTRIES,),
}


def page() -> None:
    place = here()
    st.title(t("Readiness"), anchor=False)
    if not place.organisation.countries or not place.rounds or not place.may(Action.COMPARE):
        nothing_yet(
            t("Nobody can be ready yet."), t("The administrator adds countries and opens a round first.")
        )
        return
    part = choose_part("readiness", _parts(), t("Look at"))
    view = choose_view(place, *_FILTERS[part])
    findings = resources.findings(place.scope, place.revision, view.round.id)
    rules = place.catalogue.verdicts_of(view.round.rules_version)
    if findings is None or rules is None:
        nothing_yet(t("This round has no rules for verdicts."), t("A round pins them when it is opened."))
        return
    if part == "gates":
        draw_gates(place, view, findings, rules)
    elif part == "blockers":
        draw_blockers(place, view, findings, rules)
    elif part == "what-if":
        draw_what_if(place, findings, rules)
    elif part == "order":
        draw_orders(place, view, findings, rules)
    elif part == "operating-model":
        draw_operating_models(place, view, rules)
    else:
        draw_perception(place, view, findings, rules)


def _parts() -> dict[str, str]:
    return {
        "gates": t("Gates"),
        "blockers": t("Blockers and decisions"),
        "what-if": t("What if"),
        "order": t("Order"),
        "operating-model": t("Operating model"),
        "perception": t("Lead and domains"),
    }


page()
