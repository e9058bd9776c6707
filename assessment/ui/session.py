"""Who is here: the one place that knows the session's keys and makes a principal of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from assessment import demo
from assessment.access import UNIT_KIND_OF, Action, Principal, Role, Scope, can, scope_of
from assessment.actions.desk import Desk
from assessment.actions.entering import Visitor
from assessment.i18n import clock, day, t
from assessment.organisation import Organisation, Round, Unit
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.store.engine import Store
from assessment.store.people import PERSON, read_names
from assessment.store.workspace import Revision, WorkspaceKind, read_kind, revision
from assessment.ui import resources, visiting
from assessment.ui.text import plain

ROLE_KEY = "role"
UNIT_KEYS = {UnitKind.COUNTRY: "country", UnitKind.DOMAIN: "domain"}
#: A role that was taken, until a page was drawn to its end: the first may only lead on to another.
LOST = "_lost role"
SESSION_KEY, _HERE_KEY = "_session_id", "_here"

ROLE_NAMES: Mapping[Role, str] = {
    Role.COUNTRY_LEADER: "Country data leader",
    Role.DOMAIN_OWNER: "Domain owner",
    Role.REVIEWER: "Reviewer",
    Role.CDAO: "Chief data officer (CDAO)",
    Role.AUTHOR: "Questionnaire author",
    Role.ADMINISTRATOR: "Administrator",
}


@dataclass(frozen=True)
class Here:
    """Everything that a page needs to know about where it is and for whom it is drawn."""

    store: Store
    catalogue: Catalogue
    organisation: Organisation
    rounds: tuple[Round, ...]
    kind: WorkspaceKind
    revision: Revision
    principal: Principal
    session_id: str
    #: Who signed in; None in local use, where nobody does.
    visitor: Visitor | None = None

    @property
    def name(self) -> str:
        """What the person is called on pages; histories name `principal.person`."""
        return self.visitor.person.name if self.visitor else self.principal.person

    @property
    def in_words(self) -> str:
        """As whom the person acts: the role, and where it has one its unit."""
        return _in_words(self.principal.role, self.principal.unit_id, self.organisation)

    @property
    def is_synthetic(self) -> bool:
        return self.kind is WorkspaceKind.SYNTHETIC

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.principal, self.organisation)

    @property
    def unit(self) -> Unit | None:
        """The unit that the principal's role belongs to."""
        return self.organisation.units.get(self.principal.unit_id or "")

    def may(self, action: Action, unit_id: str | None = None) -> bool:
        return can(self.principal, action, unit_id, self.organisation)

    def address(self, **parameters: object) -> dict[str, str]:
        """The parameters of a link that leads on as the same person: a page alone would forget who is here."""
        role, unit = self.principal.role, self.unit
        who = {ROLE_KEY: t(ROLE_NAMES[role])}
        if unit is not None and unit.kind in UNIT_KEYS:
            who[UNIT_KEYS[unit.kind]] = labelled(self.organisation, unit.id)
        return who | {name: str(value) for name, value in parameters.items()}

    def desk(self) -> Desk:
        """Where this person's actions happen, now."""
        return Desk(self.store, self.catalogue, self.principal, self.session_id, datetime.now(UTC))


def arrive(visitor: Visitor | None = None) -> Here | None:
    """Reads the workspace and asks the role switcher who is here. For the main script, once a run.

    Without a visitor this is local use: the switcher offers every role. With one it offers those that the person has;
    None when they have none.
    """
    store = resources.store()
    with store.read() as connection:
        kind, now = read_kind(connection), revision(connection)
    organisation, rounds = resources.organisation(now), resources.rounds(now)
    offered = _everybodys(organisation) if visitor is None else _held(visitor, organisation)
    if not offered:
        return None
    role, unit_id = _switched_to(organisation, offered)
    who = _in_words(role, unit_id, organisation) if visitor is None else visitor.person.id
    principal = Principal(who, role, unit_id)
    if visitor is not None:
        _tell_lost(offered)
        store = visiting.guarded(store, visitor, principal)
    session_id = st.session_state.setdefault(SESSION_KEY, uuid.uuid4().hex)
    here = Here(store, resources.catalogue(), organisation, rounds, kind, now, principal, session_id, visitor)
    st.session_state[_HERE_KEY] = here
    return here


def here() -> Here:
    """What `arrive` found in this run."""
    found: Here = st.session_state[_HERE_KEY]
    return found


#: Roles that somebody may act in, each with its units; a role without units has None alone.
_Offered = Mapping[Role, list[str | None]]


def _everybodys(organisation: Organisation) -> _Offered:
    """Of local use: every role, in every unit that has it."""
    return {role: _units_of(role, organisation) for role in _roles(organisation)}


def _held(visitor: Visitor, organisation: Organisation) -> _Offered:
    """Of somebody who signed in: what they have; a role whose unit was removed is none."""
    held: dict[Role, list[str | None]] = {}
    for principal in visitor.person.principals():
        if principal.unit_id in _units_of(principal.role, organisation):
            held.setdefault(principal.role, []).append(principal.unit_id)
    return held


def _units_of(role: Role, organisation: Organisation) -> list[str | None]:
    kind = UNIT_KIND_OF.get(role)
    return [None] if kind is None else [unit.id for unit in organisation.of_kind(kind)]


def _in_words(role: Role, unit_id: str | None, organisation: Organisation) -> str:
    return t(ROLE_NAMES[role]) + (f", {organisation.label(unit_id)}" if unit_id else "")


def _tell_lost(offered: _Offered) -> None:
    """Says so when the role in which this session was last drawn was taken meanwhile."""
    before: Here | None = st.session_state.get(_HERE_KEY)
    if before is not None and before.principal.unit_id not in offered.get(before.principal.role, ()):
        st.session_state[LOST] = before.in_words
    if LOST in st.session_state:
        lost = plain(st.session_state[LOST])
        st.warning(
            t("You have this role no more: {role}. What you typed there last is not saved.", role=lost)
        )


def _switched_to(organisation: Organisation, offered: _Offered) -> tuple[Role, str | None]:
    """The role and unit that the switcher in the sidebar shows; both live in the address, so a link keeps them."""
    roles = {str(role): t(ROLE_NAMES[role]) for role in offered}
    role = Role(_switch(t("You act as"), ROLE_KEY, roles, next(iter(roles))))
    if role not in UNIT_KIND_OF:
        return role, None
    units = {unit_id: labelled(organisation, unit_id) for unit_id in offered[role] if unit_id}
    first = demo.TRY_FIRST if demo.TRY_FIRST in units else next(iter(units))
    return role, _switch(t("Of"), UNIT_KEYS[UNIT_KIND_OF[role]], units, first)


def _switch(label: str, key: str, options: Mapping[str, str], first: str) -> str:
    """A list in the sidebar whose choice the address names by its words or its id.

    Not bound by Streamlit: going to another page takes bound parameters out of the address, and a reload would then
    make somebody else of the same person.
    """
    named, missed = st.query_params.get(key), f"missed {key}"
    if key not in st.session_state and named is not None:
        wanted = next((option for option, words in options.items() if named in (option, words)), None)
        st.session_state[key] = wanted or first
        if wanted is None:
            # Kept until somebody chooses: the page that an address leads to may be the second that is drawn.
            st.session_state[missed] = named
    elif st.session_state.get(key) not in options:
        # Nothing is chosen yet, or the workspace was emptied meanwhile.
        st.session_state[key] = first
    chosen = st.sidebar.selectbox(
        label, list(options), format_func=options.__getitem__, key=key,
        on_change=st.session_state.pop, args=(missed, None),
    )  # fmt: skip
    st.query_params[key] = options[chosen]
    if missed in st.session_state:
        # Not in the sidebar, which a phone keeps closed.
        words = t(
            "The address names “{named}”, which isn't here; this is {chosen}.",
            named=plain(st.session_state[missed]),
            chosen=plain(options[chosen]),
        )
        st.warning(words)
    return chosen


def _roles(organisation: Organisation) -> list[Role]:
    """The roles that somebody can have here; in an empty workspace the administrator, who begins, comes first."""
    held = [role for role in Role if (kind := UNIT_KIND_OF.get(role)) is None or organisation.of_kind(kind)]
    return held if organisation.countries else sorted(held, key=lambda role: role is not Role.ADMINISTRATOR)


def who_did(person: str) -> str:
    """The name of somebody whom a history names; in local use it names a role, which is its own name."""
    place = here()
    if place.visitor is None or not person.startswith(PERSON):
        return person
    if person == place.visitor.person.id:
        return place.name
    with place.store.read() as connection:
        return read_names(connection, [person]).get(person) or t("somebody who isn't here any more")


def labelled(organisation: Organisation, unit_id: str) -> str:
    """A unit in a list: its name and its permanent id, because two units may bear one name."""
    return f"{organisation.label(unit_id)} ({unit_id})"


def local_time(moment: datetime) -> datetime:
    """The moment in the browser's time zone."""
    try:
        return moment.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return moment.astimezone(UTC)


def when(moment: datetime) -> str:
    """The moment in a few words: the time if it was today, else the day too.

    Only a save of today may read like 'Saved 14:32'.
    """
    local = local_time(moment)
    return clock(local) if local.date() == today() else f"{day(local.date())}, {clock(local)}"


def to_the_minute(moment: datetime) -> str:
    """The moment in full, for what is read elsewhere and later: day, time, and how far it is from UTC."""
    local = local_time(moment)
    return f"{day(local.date())}, {clock(local)} (UTC{local.isoformat()[-6:]})"


def page_title(place: Here, *parts: str) -> str:
    """What the browser's tab says: the page and what it is about, whose it is, and the product."""
    whose = place.organisation.label(place.unit.id) if place.unit else ""
    return " · ".join(filter(None, [*parts, whose, "Mesh Readiness"]))


def today() -> date:
    return local_time(datetime.now(UTC)).date()
