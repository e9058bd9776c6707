"""Who answers, reviews and decides: people, their roles, successors, and leaving; and which programs read."""

import pandas as pd
import streamlit as st

from assessment.access import UNIT_KIND_OF, Role
from assessment.actions import people as actions
from assessment.i18n import count, t
from assessment.store.people import Person, RoleHeld, read_people
from assessment.ui import visiting
from assessment.ui.invitations import invitations
from assessment.ui.outcome import attempt, submit, tell
from assessment.ui.session import ROLE_NAMES, Here, here, labelled
from assessment.ui.text import plain
from assessment.ui.tokens import tokens
from assessment.ui.widgets import fold, nothing_yet

#: Counts who was added: new fields for the next, while what was refused stays to be corrected.
_ADDED = "people-added"


def page() -> None:
    place = here()
    st.title(t("People"), anchor=False)
    with place.store.read() as connection:
        everybody = read_people(connection)
    here_now = (person for person in everybody if person.erased_at is None)
    people = sorted(here_now, key=lambda person: person.name.casefold())
    if people:
        st.markdown(count(len(people), "person", "people"))
        _table(place, people)
    else:
        nothing_yet(
            t("Nobody is here yet."), t("Add those who answer for a country or a domain, and reviewers.")
        )
    _missing(place, people)
    _add(place)
    if people:
        with fold(t("Give or take a role"), "fold-roles"):
            _roles(place, people)
        with fold(t("Hand a role over"), "fold-hand"):
            _hand_over(place, people)
        with fold(t("Erase somebody"), "fold-erase"):
            _erase(place, people)
    else:
        # The last one was erased, and the form with them.
        tell("erase")
    invitations(place, people)
    tokens(place)


def _table(place: Here, people: list[Person]) -> None:
    rows = [
        [person.name, person.email, "; ".join(_role(place, held) for held in person.roles)]
        for person in people
    ]
    names = [t("Name"), t("E-mail"), t("Roles")]
    st.dataframe(pd.DataFrame(rows, columns=names), hide_index=True, width="stretch")


def _role(place: Here, held: RoleHeld) -> str:
    words = t(ROLE_NAMES[held.role])
    is_here = held.unit_id is not None and held.unit_id in place.organisation.units
    where = f", {place.organisation.label(held.unit_id or '')}" if is_here else ""
    notes = [note for note, holds in ((t("deputy"), held.is_deputy), (t("by group"), held.by_group)) if holds]
    return words + where + (f" ({', '.join(notes)})" if notes else "")


def _missing(place: Here, people: list[Person]) -> None:
    """Units for which nobody answers: their assessments would wait for nobody."""
    taken = {held.unit_id for person in people for held in person.roles}
    kinds = set(UNIT_KIND_OF.values())
    without = [
        place.organisation.label(unit.id)
        for unit in place.organisation.units.values()
        if unit.kind in kinds and not unit.retired_on and unit.id not in taken
    ]
    if without and people:
        with fold(t("Nobody answers for {units} yet", units=count(len(without), "unit")), "fold-missing"):
            st.markdown(plain(", ".join(without)))


def _add(place: Here) -> None:
    st.header(t("Add somebody"), anchor=False)
    role, unit_id = _choose_role(place, "add")
    added = st.session_state.get(_ADDED, 0)
    with st.form("add-person"):
        name = st.text_input(t("Name"), max_chars=200, key=f"add-name-{added}")
        email = st.text_input(t("E-mail"), max_chars=200, key=f"add-email-{added}")
        is_deputy = st.checkbox(t("As a deputy, who may do the same"), key=f"add-deputy-{added}")
        if st.form_submit_button(t("Add"), type="primary"):
            held = RoleHeld(role, unit_id, is_deputy)
            done = t("Added: {name}.", name=name)
            if attempt("add", lambda: actions.add_person(place.desk(), name, email, held), done):
                st.session_state[_ADDED] = added + 1
            st.rerun()
    tell("add")


def _choose_role(place: Here, key: str) -> tuple[Role, str | None]:
    """A role, and the unit that it is held in; outside of forms, because the second list follows the first."""
    names = {str(role): t(ROLE_NAMES[role]) for role in Role}
    role = Role(st.selectbox(t("Role"), list(names), format_func=names.__getitem__, key=f"role-{key}"))
    kind = UNIT_KIND_OF.get(role)
    if kind is None:
        return role, None
    units = [unit.id for unit in place.organisation.of_kind(kind) if not unit.retired_on]
    unit_id = st.selectbox(
        t("For"), units, format_func=lambda name: labelled(place.organisation, name), key=f"unit-{key}-{kind}"
    )
    return role, unit_id


def _who(people: list[Person], label: str, key: str) -> str:
    names = {
        person.id: f"{person.name} ({person.email})" if person.email else person.name for person in people
    }
    return str(st.selectbox(label, list(names), format_func=names.__getitem__, key=key))


def _roles(place: Here, people: list[Person]) -> None:
    person_id = _who(people, t("Who"), "role-of")
    person = next(person for person in people if person.id == person_id)
    for held in person.roles:
        if held.by_group and visiting.is_asked() and not visiting.is_by_link():
            words = t(
                "{role}: comes back when they sign in, until you take them out of the group at your identity provider.",
                role=plain(_role(place, held)),
            )
            st.caption(words)
        st.button(
            t("Take: {role}", role=plain(_role(place, held))), key=f"take-{held.role}-{held.unit_id}",
            on_click=_take, args=(place, person_id, held),
        )  # fmt: skip
    role, unit_id = _choose_role(place, "give")
    if st.button(t("Give this role")):
        given = RoleHeld(role, unit_id)
        submit("roles", lambda: actions.give_role(place.desk(), person_id, given), t("Given."))
    tell("roles")


def _take(place: Here, person_id: str, held: RoleHeld) -> None:
    """For buttons that are gone with what they did."""
    attempt("roles", lambda: actions.take_role(place.desk(), person_id, held), t("Taken."))


def _hand_over(place: Here, people: list[Person]) -> None:
    person_id = _who(people, t("From"), "hand-from")
    successor = _who([p for p in people if p.id != person_id] or people, t("To"), "hand-to")
    person = next(person for person in people if person.id == person_id)
    roles = {_role(place, held): held for held in person.roles}
    chosen = st.selectbox(t("Which role"), list(roles), key="hand-role") if roles else None
    st.caption(t("What was answered so far keeps the name of who answered it."))
    if st.button(t("Hand it over"), disabled=successor == person_id) and chosen:
        submit(
            "hand",
            lambda: actions.hand_over(place.desk(), person_id, successor, roles[chosen]),
            t("Handed over: {role}.", role=chosen),
        )
    tell("hand")


def _erase(place: Here, people: list[Person]) -> None:
    st.markdown(t("Name, address and roles are removed for good; what was done stays, under a random id."))
    person_id = _who(people, t("Whom"), "erase")
    sure = st.checkbox(t("This can't be undone"), key="erase-sure")
    if st.button(t("Erase"), disabled=not sure):
        submit("erase", lambda: actions.erase_person(place.desk(), person_id), t("Erased."))
    tell("erase")


page()
