"""What holds beside the answers: facts about the unit, what it has in common with others, principles it works by."""

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from assessment.i18n import count, t
from assessment.organisation import Round
from assessment.questionnaire.companions import Element, ElementKind, ElementUse, Fact, FactType, Principle
from assessment.questionnaire.models import UnitKind
from assessment.statements import Position, StatementKind
from assessment.store.statements import About, Statement, read_statements
from assessment.ui import stating
from assessment.ui.composing import Fields
from assessment.ui.faults import told
from assessment.ui.said import POSITION_NAMES, USE_NAMES
from assessment.ui.session import Here, here, labelled
from assessment.ui.text import plain
from assessment.ui.widgets import choose_round, nothing_yet

FACTS, ELEMENTS, PRINCIPLES = "facts", "elements", "principles"
KIND_NAMES: Mapping[ElementKind, tuple[str, str]] = {
    ElementKind.TERM: ("Terms", "what a word in a report means"),
    ElementKind.IDENTIFIER: ("Identifiers", "how one thing is known in every system"),
    ElementKind.RULE: ("Rules", "what must hold"),
    ElementKind.COMPONENT: ("Components", "what is built and run"),
    ElementKind.ROLE: ("Roles", "who answers for what"),
}

Told = Mapping[tuple[StatementKind, str], Statement]


def page() -> None:
    place = here()
    st.title(t("Facts and principles"), anchor=False)
    unit, open_rounds = place.unit, [entry for entry in place.rounds if not entry.is_over]
    if unit is None or not open_rounds:
        nothing_yet(t("No round is open."), t("The administrator opens one first."))
        return
    st.caption(plain(labelled(place.organisation, unit.id)))
    entry = choose_round(open_rounds, key="context-round") if len(open_rounds) > 1 else open_rounds[-1]
    with place.store.read() as connection:
        found = read_statements(connection, [unit.id], list(StatementKind), round_id=entry.id)
    stored = {(statement.about.kind, statement.about.subject_id): statement for statement in found}
    _facts(place, entry)
    if unit.kind is UnitKind.COUNTRY:
        _elements(place, entry, stored)
        _principles(place, entry)


def _facts(place: Here, entry: Round) -> None:
    assert place.unit is not None
    asked = [fact for fact in place.catalogue.facts if place.unit.kind in fact.unit_kinds]
    st.header(t("Facts"), anchor=FACTS)
    st.markdown(
        t(
            "{facts}, two minutes, once per round. They never count towards a score; some decide what a verdict can "
            "say. Leave empty what you don't know: it stays unknown.",
            facts=count(len(asked), "fact"),
        )
    )
    for fact in asked:
        _statement(place, entry, StatementKind.FACT, fact.id, lambda *drawn, f=fact: _fact(f, *drawn))


def _elements(place: Here, entry: Round, stored: Told) -> None:
    st.header(t("Common or local"), anchor=ELEMENTS)
    st.markdown(
        t(
            "How {unit} has each of these. A difference is no fault; its reason decides what can become common.",
            unit=plain(place.organisation.label(place.unit.id if place.unit else "")),
        )
    )
    for kind, (title, what) in KIND_NAMES.items():
        of_kind = [element for element in place.catalogue.elements if element.kind is kind]
        if not of_kind:
            continue
        said = sum((StatementKind.ELEMENT, element.id) in stored for element in of_kind)
        words = t(
            "{title}: {what} · {said} of {all} said",
            title=t(title),
            what=t(what),
            said=said,
            all=len(of_kind),
        )
        with st.expander(words, key=f"elements-{kind}"):
            for element in of_kind:
                _statement(
                    place, entry, StatementKind.ELEMENT, element.id,
                    lambda *drawn, e=element: _element(e, *drawn),
                )  # fmt: skip


def _principles(place: Here, entry: Round) -> None:
    st.header(t("Principles"), anchor=PRINCIPLES)
    st.markdown(
        t(
            "Which ways of working you adopt, delay or skip. Skipping one is a choice, with a reason and a day."
        )
    )
    for principle in place.catalogue.principles:
        _statement(
            place, entry, StatementKind.PRINCIPLE, principle.id,
            lambda *drawn, p=principle: _principle(p, *drawn),
        )  # fmt: skip


#: Draws a statement's widgets; gives what they show by field.
Draw = Callable[[stating.Said], Fields]


@st.fragment
def _statement(place: Here, entry: Round, kind: StatementKind, subject: str, draw: Draw) -> None:
    """One statement in a card of its own."""
    assert place.unit is not None
    about = About(kind, entry.id, place.unit.id, subject)
    with told(), st.container(border=True, key=f"card-{kind}-{subject}"):
        said = stating.begin(place, about)
        stating.settle(said, draw(said), place.desk())


def _fact(fact: Fact, said: stating.Said) -> Fields:
    key, known = stating.widget_key(said, "value"), said.content.get("value")
    value: object
    if fact.type is FactType.YES_NO:
        choices = {True: t("Yes"), False: t("No"), None: t("Not known")}
        value = st.radio(
            plain(fact.prompt), list(choices), index=list(choices).index(known), key=key, horizontal=True,
            format_func=choices.__getitem__, help=fact.help and plain(fact.help),
        )  # fmt: skip
        return {"value": value}
    if fact.type is FactType.TEXT:
        value = st.text_input(plain(fact.prompt), known or "", key=key, help=fact.help and plain(fact.help))
        return {"value": value}
    return _number(fact, known, said)


def _number(fact: Fact, known: float | None, said: stating.Said) -> Fields:
    """A number, or a share that is shown and typed as percent."""
    is_share = fact.type is FactType.SHARE
    field = "percent" if is_share else "value"
    shown = None if known is None else round(known * 100, 10) if is_share else float(known)
    key = stating.widget_key(said, field)
    # Not as the widget's `value`: Streamlit lets nobody empty a number that starts with one.
    st.session_state.setdefault(key, shown)
    typed = st.number_input(
        t("{prompt} (percent)", prompt=plain(fact.prompt)) if is_share else plain(fact.prompt),
        min_value=0.0, max_value=100.0 if is_share else None, value=None, step=1.0, format="%g", key=key,
        placeholder=t("Not known"), help=fact.help and plain(fact.help),
    )  # fmt: skip
    return {field: typed}


def _element(element: Element, said: stating.Said) -> Fields:
    st.markdown(f"**{plain(element.title)}**")
    st.caption(plain(element.summary))
    uses, known = [str(use) for use in USE_NAMES], said.content.get("use")
    use = st.radio(
        plain(element.title), uses, index=uses.index(known) if known else None, horizontal=True,
        key=stating.widget_key(said, "use"), label_visibility="collapsed",
        format_func=lambda name: t(USE_NAMES[ElementUse(name)]),
    )  # fmt: skip
    if use in (None, ElementUse.SAME, ElementUse.UNUSED):
        return {"use": use}
    return {
        "use": use,
        "reason": _reason(t("Why is it different? Name the law, the setting or the reason."), said),
    }


def _principle(principle: Principle, said: stating.Said) -> Fields:
    st.markdown(f"**{plain(principle.title)}**")
    st.caption(plain(principle.summary))
    positions, known = [str(position) for position in POSITION_NAMES], said.content.get("position")
    position = st.radio(
        plain(principle.title), positions, index=positions.index(known) if known else None, horizontal=True,
        key=stating.widget_key(said, "position"), label_visibility="collapsed",
        format_func=lambda name: t(POSITION_NAMES[Position(name)]),
    )  # fmt: skip
    if position in (None, Position.ADOPTED):
        return {"position": position}
    st.caption(t("What follows: {consequence}", consequence=plain(principle.if_skipped)))
    reason = _reason(t("Why?"), said)
    stored_day = said.content.get("review_on")
    review_on = st.date_input(
        t("Look at it again on"), value=date.fromisoformat(stored_day) if stored_day else None,
        key=stating.widget_key(said, "review_on"),
    )  # fmt: skip
    return {"position": position, "reason": reason, "review_on": review_on}


def _reason(label: str, said: stating.Said) -> str:
    written = st.text_input(
        label, said.content.get("reason", ""), key=stating.widget_key(said, "reason"), max_chars=4000
    )
    return str(written or "")


page()
