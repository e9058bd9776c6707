"""The administrator's page: who is assessed, which rounds are held, and how far they are."""

from collections import Counter
from datetime import date

import pandas as pd
import streamlit as st

from assessment.access import progress_scope
from assessment.actions import rounds as round_actions
from assessment.actions import units as unit_actions
from assessment.errors import AssessmentError
from assessment.i18n import count, day, t
from assessment.intake.units import read_units
from assessment.organisation import UNIT_COLUMNS, Phase, Round
from assessment.questionnaire.models import Status, UnitKind
from assessment.store.assessments import read_assessments
from assessment.ui.session import Here, here, today
from assessment.ui.text import plain
from assessment.ui.widgets import STATE_NAMES

EXAMPLE = (
    ",".join(UNIT_COLUMNS)
    + "\ngroup,Our group,group,,,\nFR,France,country,group,FRA,\nFR.sales,Sales,domain,FR,FRA,sales\n"
)


def page() -> None:
    place = here()
    st.title(t("Workspace"), anchor=False)
    _rounds(place)
    _units(place)
    _new_round(place)


def _rounds(place: Here) -> None:
    st.header(t("Rounds"), anchor=False)
    if not place.rounds:
        st.markdown(t("No round yet. Add units below, then open the first round."))
        return
    with place.store.read() as connection:
        assessments = read_assessments(connection, progress_scope(place.principal, place.organisation))
    for entry in reversed(place.rounds):
        states = Counter(found.state for found in assessments if found.round_id == entry.id)
        dates = " – ".join(day(when) for when in (entry.opens_on, entry.closes_on) if when)
        progress = ", ".join(f"{number} {t(STATE_NAMES[state]).lower()}" for state, number in states.items())
        st.markdown(f"**{plain(entry.title)}** · {dates}  \n{progress}")


def _units(place: Here) -> None:
    st.header(t("Countries and domains"), anchor=False)
    countries, domains = (
        len(place.organisation.of_kind(kind)) for kind in (UnitKind.COUNTRY, UnitKind.DOMAIN)
    )
    both = t(
        "{countries} and {domains}.",
        countries=count(countries, "country", "countries"),
        domains=count(domains, "domain"),
    )
    st.markdown(both)
    if place.organisation.units and st.toggle(t("Show all units")):
        rows = [
            [u.id, u.name, str(u.kind), u.parent_id, u.country_iso3, u.domain_family]
            for u in place.organisation.units.values()
        ]
        st.dataframe(pd.DataFrame(rows, columns=list(UNIT_COLUMNS)), hide_index=True)
    with st.expander(t("Add units from a file"), expanded=not place.organisation.units):
        st.markdown(t("A CSV file with one unit a line: the group, its countries, their domains."))
        st.download_button(t("Download an example"), EXAMPLE, "units.csv", "text/csv")
        file = st.file_uploader(t("units.csv"), type="csv")
        if file is not None:
            _add_units(place, file.name, file.getvalue())


def _add_units(place: Here, name: str, content: bytes) -> None:
    try:
        organisation = read_units(content, name)
        new = [unit for unit in organisation.units if unit not in place.organisation.units]
        st.markdown(
            t(
                "{new} new, {known} known already.",
                new=count(len(new), "unit"),
                known=len(organisation.units) - len(new),
            )
        )
        if new and st.button(t("Add {units}", units=count(len(new), "unit")), type="primary"):
            unit_actions.add_units(place.desk(), organisation)
            st.rerun()
    except AssessmentError as error:
        st.error(
            t("Nothing was added.") + "\n\n" + "\n\n".join(plain(line) for line in str(error).splitlines())
        )


def _new_round(place: Here) -> None:
    st.header(t("Open a round"), anchor=False)
    if not place.organisation.countries:
        st.markdown(t("Add at least one country first."))
        return
    published = [q for q in place.catalogue.questionnaires.values() if q.status is Status.PUBLISHED]
    versions = {q.reference: q for q in published}
    phases = {Phase.BEFORE: t("before adoption"), Phase.DURING: t("during adoption")}
    with st.form("open-round"):
        identifier = st.text_input(t("Short id, for files"), placeholder="2026-H2", max_chars=60)
        title = st.text_input(t("Title"), placeholder=t("Second half of 2026"), max_chars=200)
        phase = st.radio(t("Phase"), list(phases), format_func=lambda p: phases[p], horizontal=True)
        opens, closes = st.columns(2)
        first = opens.date_input(t("Opens on"), today())
        last = closes.date_input(t("Closes on"), date.fromordinal(today().toordinal() + 28))
        chosen = st.multiselect(t("Questionnaires"), list(versions), default=list(versions))
        if st.form_submit_button(t("Open the round"), type="primary"):
            pinned = {versions[reference].id: versions[reference].version for reference in chosen}
            _open_round(
                place,
                Round(identifier.strip(), title.strip() or identifier.strip(), phase, first, last, pinned),
            )


def _open_round(place: Here, entry: Round) -> None:
    try:
        round_actions.open_round(place.desk(), entry)
    except AssessmentError as error:
        st.error(plain(str(error)))
    else:
        st.rerun()


page()
