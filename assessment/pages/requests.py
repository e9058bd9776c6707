"""Questions handed to a domain: the country's leader asks and sees how far it is, the domain's owner answers."""

import hashlib
from datetime import date

import streamlit as st

from assessment.access import Role
from assessment.actions.stating import state
from assessment.errors import AssessmentError
from assessment.i18n import count, day, t
from assessment.statements import StatementKind
from assessment.store.statements import About, find_statement
from assessment.ui import card
from assessment.ui.asking import Asked, answer_now, asked_by_me, asked_of_me, open_domains, until
from assessment.ui.assessing import Section, Sitting, own_assessments, sit_down
from assessment.ui.faults import told
from assessment.ui.session import Here, here, today
from assessment.ui.showing import QUESTION
from assessment.ui.text import plain
from assessment.ui.widgets import STATE_NAMES, nothing_yet


def page() -> None:
    place = here()
    st.title(t("Questions handed on"), anchor=False)
    if place.principal.role is Role.DOMAIN_OWNER:
        _of_me(place)
    else:
        _by_me(place)


def _of_me(place: Here) -> None:
    asked = asked_of_me(place)
    if not asked:
        nothing_yet(t("Nobody asked you anything."), t("Your country's leader can hand questions to you."))
        return
    left = sum(one.stored is None for one in asked)
    country = plain(place.organisation.label(asked[0].assessment.unit_id))
    st.markdown(
        t(
            "{country} asks you {questions}; {left} without an answer. What you answer here stands in the country's "
            "assessment, under your name; your own assessment is apart.",
            country=country, questions=count(len(asked), "question"), left=left,
        )
    )  # fmt: skip
    is_of_several = len({one.round.id for one in asked}) > 1
    for one in asked:
        due = t("Until {day}.", day=day(one.due_on)) if one.due_on else ""
        named = f"{plain(one.round.title)}." if is_of_several else ""
        if words := " ".join(filter(None, [named, due, plain(one.note)])):
            st.caption(words)
        setting = _setting(place, one)
        with card.frame(setting, one.question):
            _answer(place, setting, one)


def _setting(place: Here, one: Asked) -> card.Setting:
    state_name = t(STATE_NAMES[one.assessment.state]).lower()
    closed = (
        ""
        if one.is_open
        else t("This assessment is {state}; its answers can't be changed.", state=state_name)
    )
    apart = f"-{one.assessment.id}"
    return card.Setting(
        one.questionnaire, one.assessment.id, one.round.phase, closed, place.desk, apart=apart
    )


@st.fragment
def _answer(place: Here, setting: card.Setting, one: Asked) -> None:
    with told():
        is_asked, stored = answer_now(place, one)
        if not is_asked:
            # Taken back, sent or returned meanwhile.
            st.rerun()
        card.answer(setting, one.question, stored, None)


def _by_me(place: Here) -> None:
    asked = asked_by_me(place)
    if asked:
        answered = sum(one.stored is not None for one in asked)
        st.markdown(t("{done} of {asked} answered", done=answered, asked=count(len(asked), "question")))
    is_of_several = len({one.round.id for one in asked}) > 1
    for one in asked:
        row = st.container(
            horizontal=True,
            vertical_alignment="center",
            key=f"asked-{one.round.id}-{one.statement.about.subject_id}",
        )
        row.markdown(plain(one.question.prompt), width=300)
        due = t(", until {day}", day=day(one.due_on)) if one.due_on else ""
        row.caption(plain(place.organisation.label(one.to_unit)) + due, width=150)
        if is_of_several:
            row.caption(plain(one.round.title), width=120)
        row.markdown(t("Answered") if one.stored else t("Waiting"), width=80)
        row.button(
            t("Take back"), key=f"back-{one.statement.about.round_id}-{one.statement.about.subject_id}",
            help=plain(one.question.prompt), on_click=_take_back, args=(place, one),
        )  # fmt: skip
    if not asked:
        nothing_yet(
            t("You handed nothing on."), t("Choose questions below; answering them stays possible for you.")
        )
    _ask(place)


def _ask(place: Here) -> None:
    st.header(t("Hand questions to a domain"), anchor=False)
    sittings = {
        entry.id: sitting
        for entry in own_assessments(place)
        if (sitting := sit_down(place, entry)).is_editable
    }
    if not open_domains(place) or not sittings:
        st.markdown(t("This needs a domain in your country, and an assessment that isn't sent yet."))
        return
    ids, named = list(sittings), st.query_params.get("assessment", "")
    chosen = st.selectbox(
        t("Assessment"), ids, index=ids.index(int(named)) if named in map(str, ids) else 0,
        format_func=lambda name: _title(sittings[name]), key="ask-assessment",
    )  # fmt: skip
    sitting = sittings[chosen]
    section = st.selectbox(
        t("Section"), sitting.sections, index=_first_section(sitting), key=f"ask-section-{chosen}",
        format_func=lambda part: part.dimension.title,
    )  # fmt: skip
    _form(place, sitting, section)


def _first_section(sitting: Sitting) -> int:
    """The section of the question that the address names, else the first with something open."""
    named = st.query_params.get(QUESTION)
    of_named = (
        place
        for place, part in enumerate(sitting.sections)
        if named in {asked.id for asked in part.questions}
    )
    of_open = (place for place, part in enumerate(sitting.sections) if part.left)
    return next(of_named, next(of_open, 0))


def _form(place: Here, sitting: Sitting, section: Section) -> None:
    """What is asked, of whom, until when; without a choice only what has no answer and wasn't asked before."""
    prompts = {asked.id: asked.prompt for asked in section.questions}
    asked_before = {
        one.question.id for one in asked_by_me(place) if one.assessment.id == sitting.assessment.id
    }
    unanswered = [name for name in prompts if name not in sitting.stored and name not in asked_before]
    named = st.query_params.get(QUESTION)
    with st.form(f"ask-{sitting.assessment.id}-{section.dimension.id}"):
        names = st.multiselect(
            t("Questions (empty: {questions} that nobody answered and nobody was asked)", questions=count(len(unanswered), "question")),
            list(prompts), [named] if named in prompts else None, format_func=prompts.__getitem__,
        )  # fmt: skip
        to_unit = st.selectbox(t("Of"), open_domains(place), format_func=place.organisation.label)
        due_on = st.date_input(t("Until"), until(sitting.round.closes_on, today()))
        note = st.text_input(t("A word with it"), max_chars=1000)
        if st.form_submit_button(t("Hand them on"), type="primary"):
            due = due_on if isinstance(due_on, date) else None
            if names or unanswered:
                _hand_on(place, sitting, names or unanswered, to_unit, due, note.strip())
            else:
                st.error(t("Everything here is answered or asked already: choose the questions to hand on."))


def _title(sitting: Sitting) -> str:
    return f"{sitting.questionnaire.title}, {sitting.round.title}"


def _hand_on(
    place: Here, sitting: Sitting, question_ids: list[str], to_unit: str, due_on: date | None, note: str
) -> None:
    try:
        for name in question_ids:
            entry = sitting.assessment
            about = About(
                StatementKind.REQUEST, entry.round_id, entry.unit_id, f"{entry.questionnaire_id}:{name}"
            )
            _say(place, about, _version(place, about), to_unit, due_on, note)
    except AssessmentError as error:
        st.error(plain(str(error)), icon=":material/error:")
    else:
        st.rerun()


def _version(place: Here, about: About) -> int:
    """How often this was asked or taken back before."""
    with place.store.read() as connection:
        found = find_statement(connection, about)
    return found.version if found else 0


def _take_back(place: Here, one: Asked) -> None:
    try:
        _say(place, one.statement.about, one.statement.version, None, None, "")
    except AssessmentError as error:
        st.error(plain(str(error)), icon=":material/error:")


def _say(
    place: Here, about: About, version: int, to_unit: str | None, due_on: date | None, note: str
) -> None:
    content = {"to_unit": to_unit, "due_on": due_on.isoformat() if due_on else None, "note": note}
    desk = place.desk()
    told_once = hashlib.sha256(f"{about}:{version}:{content}".encode()).hexdigest()[:40]
    state(desk, about, content, expected_version=version, idempotency_key=f"{desk.session_id}:{told_once}")


page()
