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
from assessment.i18n import clock, day, t
from assessment.organisation import Organisation, Round, Unit
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.store.engine import Store
from assessment.store.workspace import Revision, WorkspaceKind, read_kind, revision
from assessment.ui import resources
from assessment.ui.text import plain

ROLE_KEY = "role"
UNIT_KEYS = {UnitKind.COUNTRY: "country", UnitKind.DOMAIN: "domain"}
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


def arrive() -> Here:
    """Reads the workspace and asks the local role switcher who is here. For the main script, once a run."""
    store = resources.store()
    with store.read() as connection:
        kind, now = read_kind(connection), revision(connection)
    organisation, rounds = resources.organisation(now), resources.rounds(now)
    principal = _switched_to(organisation)
    session_id = st.session_state.setdefault(SESSION_KEY, uuid.uuid4().hex)
    here = Here(store, resources.catalogue(), organisation, rounds, kind, now, principal, session_id)
    st.session_state[_HERE_KEY] = here
    return here


def here() -> Here:
    """What `arrive` found in this run."""
    found: Here = st.session_state[_HERE_KEY]
    return found


def _switched_to(organisation: Organisation) -> Principal:
    """The role and unit that the switcher in the sidebar shows; both live in the address, so a link keeps them."""
    roles = {str(role): t(ROLE_NAMES[role]) for role in _roles(organisation)}
    role = Role(_switch(t("You act as"), ROLE_KEY, roles, next(iter(roles))))
    needed = UNIT_KIND_OF.get(role)
    if needed is None:
        return Principal(t(ROLE_NAMES[role]), role)
    units = {unit.id: labelled(organisation, unit.id) for unit in organisation.of_kind(needed)}
    first = demo.TRY_FIRST if demo.TRY_FIRST in units else next(iter(units))
    unit_id = _switch(t("Of"), UNIT_KEYS[needed], units, first)
    return Principal(f"{t(ROLE_NAMES[role])}, {organisation.label(unit_id)}", role, unit_id)


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
