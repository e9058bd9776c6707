"""The administrator's first page: what to do next, and who is assessed."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from assessment import demo
from assessment.access import UNIT_KIND_OF
from assessment.actions import units as actions
from assessment.actions.workspace import bring_demo_back, load_package
from assessment.errors import AssessmentError
from assessment.i18n import count, t
from assessment.intake.typed import typed_units
from assessment.intake.units import namesakes, read_units
from assessment.organisation import UNIT_COLUMNS, Organisation, Unit
from assessment.questionnaire.models import UnitKind
from assessment.store.people import Person, read_people
from assessment.store.workspace import WorkspaceKind, is_empty
from assessment.ui.bringing_in import draw_import
from assessment.ui.navigation import PEOPLE, ROUNDS
from assessment.ui.outcome import attempt, submit, tell
from assessment.ui.session import Here, here
from assessment.ui.text import plain
from assessment.ui.widgets import fold

EXAMPLE = (
    ",".join(UNIT_COLUMNS)
    + "\ngroup,Our group,group,,,\nFR,France,country,group,FRA,\nFR.sales,Sales,domain,FR,FRA,sales\n"
)
#: Counts what was added by typing: empty fields for what comes next.
_TYPED = "units-typed"
#: Where it is said what became of a data package, and how large one may be.
_PACKAGE, _MOST_MB = "package", 100
#: Of the many units of a file with names that are here already, so many are told.
_MOST_NAMESAKES = 10


def page() -> None:
    place = here()
    st.title(t("Workspace"), anchor=False)
    with place.store.read() as connection:
        people, nothing_is_in = read_people(connection), is_empty(connection)
    tell("demonstration")
    tell(_PACKAGE)
    if nothing_is_in:
        _demonstration(place)
        _package(place)
    _path(place, people)
    _units(place)


def _demonstration(place: Here) -> None:
    """The way back from an empty workspace, until something is put in."""
    if place.kind is WorkspaceKind.OWN:
        words, label = t("The demonstration is gone."), t("Bring the demonstration back")
    else:
        words, label = t("Nothing is here yet."), t("Fill in the demonstration")
    st.info(
        words + " " + t("An invented group can be looked at as long as you have put nothing in."),
        icon=":material/info:",
    )
    if st.button(label, key="bring-demo-back"):
        with st.spinner(t("Inventing a group …")):
            submit(
                "demonstration",
                lambda: bring_demo_back(place.desk(), demo.Size()),
                t("The demonstration is here again."),
            )


def _package(place: Here) -> None:
    """The way in for what was taken away as a data package, until something is put in."""
    with fold(t("Load a data package"), "fold-package"):
        st.markdown(
            t("What “Download the data package” made, here or elsewhere. All of it is loaded, or nothing.")
        )
        file = st.file_uploader(t("The package"), type="zip", key="package", max_upload_size=_MOST_MB)
        if file is not None and st.button(t("Load it"), key="load-package", type="primary"):
            with st.spinner(t("Loading …")):
                submit(
                    _PACKAGE,
                    lambda: load_package(place.desk(), file.getvalue(), file.name),
                    t("The package is loaded."),
                )


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
        _table(place.organisation, list(place.organisation.units.values()))
    with fold(t("Type them"), "fold-type", expanded=not countries):
        _type_units(place)
    with fold(t("Add units from a file"), "fold-file"):
        st.markdown(t("A CSV file with one unit a line: the group, its countries, their domains."))
        st.download_button(t("Download an example"), EXAMPLE, "units.csv", "text/csv")
        file = st.file_uploader(t("units.csv"), type="csv")
        if file is not None:
            _preview(place, "file", lambda: read_units(file.getvalue(), file.name))
        tell("file")
    with fold(t("Bring in units, rounds, targets and answers"), "fold-import"):
        draw_import(place)
    if countries:
        with fold(t("Rename or retire a unit"), "fold-change"):
            _change_unit(place)


def _table(organisation: Organisation, units: Sequence[Unit]) -> None:
    kinds = {UnitKind.GROUP: t("group"), UnitKind.COUNTRY: t("country"), UnitKind.DOMAIN: t("domain")}
    rows = [
        [
            unit.name, kinds[unit.kind], organisation.units[unit.parent_id].name if unit.parent_id else "", unit.id,
            unit.country_iso3, unit.domain_family,
        ]
        for unit in units
    ]  # fmt: skip
    names = [t("Name"), t("Kind"), t("Part of"), t("Id"), t("Country code"), t("Domain family")]
    st.dataframe(pd.DataFrame(rows, columns=names), hide_index=True, width="stretch")


def _type_units(place: Here) -> None:
    typed = st.session_state.get(_TYPED, 0)
    group = place.organisation.group_name
    if not group:
        group = st.text_input(t("Name of the group"), placeholder=t("Our group"), max_chars=200)
    countries = st.text_area(
        t("Countries, one a line, with a code before if you like"),
        placeholder="FR France\nDE Germany", key=f"type-countries-{typed}",
    )  # fmt: skip
    domains = st.text_area(
        t("Domains that each country has, one a line"),
        placeholder="Sales\nSupply chain", key=f"type-domains-{typed}",
    )  # fmt: skip
    if countries.strip() or domains.strip():
        _preview(
            place,
            "typed",
            lambda: read_units(
                typed_units(group, countries, domains, place.organisation), t("what you typed")
            ),
        )
    tell("typed")


def _preview(place: Here, where: str, read: Callable[[], Organisation]) -> None:
    """What would be added, before anything is; `where` names the form."""
    try:
        organisation = read()
    except AssessmentError as error:
        lines = "\n\n".join(plain(line) for line in str(error).splitlines())
        st.error(t("Nothing was added.") + "\n\n" + lines, icon=":material/error:")
        return
    new = [unit for unit in organisation.units.values() if unit.id not in place.organisation.units]
    known = len(organisation.units) - len(new)
    st.markdown(t("{new} new, {known} known already.", new=count(len(new), "unit"), known=known))
    if not new:
        return
    st.markdown(t("These would be added:"))
    _table(organisation, new)
    _warn_of_namesakes(organisation, place.organisation)
    st.button(
        t("Add {units}", units=count(len(new), "unit")), type="primary", key=f"add: {where}",
        on_click=_add, args=(place, where, organisation, len(new)),
    )  # fmt: skip


def _warn_of_namesakes(organisation: Organisation, known: Organisation) -> None:
    found = namesakes(organisation, known)
    if not found:
        return
    lines = [
        t(
            "“{name}” ({id}) has the name of {other}. Is it another one?",
            name=plain(unit.name), id=plain(unit.id), other=plain(other.id),
        )
        for unit, other in found[:_MOST_NAMESAKES]
    ]  # fmt: skip
    if len(found) > _MOST_NAMESAKES:
        lines.append(t("{n} more have a name that is here already.", n=len(found) - _MOST_NAMESAKES))
    st.warning("\n\n".join(lines), icon=":material/warning:")


def _add(place: Here, where: str, organisation: Organisation, number: int) -> None:
    done = t("Added: {units}.", units=count(number, "unit"))
    if attempt(where, lambda: actions.add_units(place.desk(), organisation), done) and where == "typed":
        st.session_state[_TYPED] = st.session_state.get(_TYPED, 0) + 1


def _change_unit(place: Here) -> None:
    active = [unit for unit in place.organisation.units.values() if unit.parent_id and not unit.retired_on]
    with st.form("change-unit"):
        names = {unit.id: f"{place.organisation.label(unit.id)} ({unit.id})" for unit in active}
        unit_id = st.selectbox(t("Unit"), list(names), format_func=names.__getitem__)
        name = st.text_input(t("New name"), max_chars=200)
        rename, retire = st.columns(2)
        if rename.form_submit_button(t("Rename"), width="stretch"):
            done = t("Renamed: {name}.", name=name.strip())
            submit("change-unit", lambda: actions.rename_unit(place.desk(), unit_id, name), done)
        retired = t("It keeps its past and is asked no more.")
        if retire.form_submit_button(t("Retire"), width="stretch", help=retired):
            done = t("Retired: {unit}.", unit=names[unit_id])
            submit("change-unit", lambda: actions.retire_unit(place.desk(), unit_id), done)
    tell("change-unit")


page()
