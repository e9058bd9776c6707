"""The administrator's first page: what to do next, and who is assessed."""

import pandas as pd
import streamlit as st

from assessment.access import UNIT_KIND_OF
from assessment.actions import units as actions
from assessment.errors import AssessmentError
from assessment.i18n import count, t
from assessment.intake.typed import typed_units
from assessment.intake.units import read_units
from assessment.organisation import UNIT_COLUMNS, Organisation
from assessment.questionnaire.models import UnitKind
from assessment.store.people import Person, read_people
from assessment.ui.navigation import PEOPLE, ROUNDS
from assessment.ui.session import Here, here
from assessment.ui.text import plain

EXAMPLE = (
    ",".join(UNIT_COLUMNS)
    + "\ngroup,Our group,group,,,\nFR,France,country,group,FRA,\nFR.sales,Sales,domain,FR,FRA,sales\n"
)


def page() -> None:
    place = here()
    st.title(t("Workspace"), anchor=False)
    with place.store.read() as connection:
        people = read_people(connection)
    _path(place, people)
    _units(place)


def _path(place: Here, people: tuple[Person, ...]) -> None:
    """The way from nothing to a round that runs; every step says whether it is done."""
    countries = place.organisation.countries
    answering = [p for p in people if any(held.role in UNIT_KIND_OF for held in p.roles)]
    st.header(t("The way to a first round"), anchor=False)
    _step(
        t("1. Say which countries and domains there are"), t("below, on this page"), is_done=bool(countries)
    )
    _step(t("2. Add the people who answer and review"), t("names, addresses, roles"), is_done=bool(answering))
    st.page_link(PEOPLE, label=t("People"), icon=":material/group:", query_params=place.address())
    _step(
        t("3. Open a round and set its targets"),
        t("phase, dates, questionnaires"),
        is_done=bool(place.rounds),
    )
    st.page_link(ROUNDS, label=t("Rounds"), icon=":material/event:", query_params=place.address())


def _step(title: str, what: str, *, is_done: bool) -> None:
    icon = ":material/check_circle:" if is_done else ":material/radio_button_unchecked:"
    state = t("done") if is_done else t("to do")
    st.markdown(f"{icon} **{title}** – {what} ({state})")


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
        _table(list(place.organisation.units.values()))
    with st.expander(t("Type them"), expanded=not countries):
        _type_units(place)
    with st.expander(t("Add units from a file")):
        st.markdown(t("A CSV file with one unit a line: the group, its countries, their domains."))
        st.download_button(t("Download an example"), EXAMPLE, "units.csv", "text/csv")
        file = st.file_uploader(t("units.csv"), type="csv")
        if file is not None:
            _preview(place, file.name, file.getvalue())
    if countries:
        with st.expander(t("Rename or retire a unit")):
            _change_unit(place)


def _table(units: list[object]) -> None:
    columns = ["id", "name", "kind", "parent_id", "country_iso3", "domain_family"]
    rows = [[str(getattr(unit, column) or "") for column in columns] for unit in units]
    st.dataframe(pd.DataFrame(rows, columns=list(UNIT_COLUMNS)), hide_index=True)


def _type_units(place: Here) -> None:
    group = place.organisation.group_name
    if not group:
        group = st.text_input(t("Name of the group"), placeholder=t("Our group"), max_chars=200)
    countries = st.text_area(
        t("Countries, one a line, with a code before if you like"), placeholder="FR France\nDE Germany"
    )
    domains = st.text_area(t("Domains that each country has, one a line"), placeholder="Sales\nSupply chain")
    if countries.strip() or domains.strip():
        _preview(place, t("what you typed"), typed_units(group, countries, domains, place.organisation))


def _preview(place: Here, source: str, content: bytes) -> None:
    """What would be added, before anything is."""
    try:
        organisation = read_units(content, source)
    except AssessmentError as error:
        _refused(error)
        return
    new = [unit for unit in organisation.units.values() if unit.id not in place.organisation.units]
    known = len(organisation.units) - len(new)
    st.markdown(t("{new} new, {known} known already.", new=count(len(new), "unit"), known=known))
    if not new:
        return
    _table(list(new))
    st.button(
        t("Add {units}", units=count(len(new), "unit")), type="primary", key=f"add: {source}",
        on_click=_add, args=(place, organisation),
    )  # fmt: skip


def _add(place: Here, organisation: Organisation) -> None:
    try:
        actions.add_units(place.desk(), organisation)
    except AssessmentError as error:
        _refused(error)


def _refused(error: AssessmentError) -> None:
    lines = "\n\n".join(plain(line) for line in str(error).splitlines())
    st.error(t("Nothing was added.") + "\n\n" + lines, icon=":material/error:")


def _change_unit(place: Here) -> None:
    active = [unit for unit in place.organisation.units.values() if unit.parent_id and not unit.retired_on]
    with st.form("change-unit"):
        names = {unit.id: f"{place.organisation.label(unit.id)} ({unit.id})" for unit in active}
        unit_id = st.selectbox(t("Unit"), list(names), format_func=names.__getitem__)
        name = st.text_input(t("New name"), max_chars=200)
        rename, retire = st.columns(2)
        try:
            if rename.form_submit_button(t("Rename"), width="stretch"):
                actions.rename_unit(place.desk(), unit_id, name)
                st.rerun()
            retired = t("It keeps its past and is asked no more.")
            if retire.form_submit_button(t("Retire"), width="stretch", help=retired):
                actions.retire_unit(place.desk(), unit_id)
                st.rerun()
        except AssessmentError as error:
            st.error(plain(str(error)), icon=":material/error:")


page()
