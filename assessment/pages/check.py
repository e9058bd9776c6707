"""Everything that was answered, to be checked before it is sent, and the sending itself."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessment.actions import reviewing
from assessment.errors import AssessmentError
from assessment.exports.receipt import receipt
from assessment.i18n import count, t
from assessment.questionnaire.models import Question
from assessment.responses import EDITABLE, AssessmentState
from assessment.store.assessments import StoredAssessment, sent_by
from assessment.ui import taking_back, turning
from assessment.ui.assessing import (
    Section,
    Sitting,
    chosen_assessment,
    no_assessment,
    own_assessments,
    sit_down,
)
from assessment.ui.autosave import held_questions
from assessment.ui.navigation import ANSWER, CHECK, RESULT
from assessment.ui.question import EVIDENCE_NAMES, answer_label, dont_know_words
from assessment.ui.session import Here, here, page_title, to_the_minute
from assessment.ui.showing import FROM, QUESTION
from assessment.ui.text import in_lines, plain
from assessment.ui.widgets import STATE_NAMES


def page() -> None:
    place = here()
    assessment = chosen_assessment(place)
    st.title(t("Check your answers"), anchor=False)
    if assessment is None:
        no_assessment(place)
        return
    _choose_assessment(place, assessment)
    sitting = sit_down(place, assessment)
    st.set_page_config(page_title=page_title(place, t("Check and send"), sitting.questionnaire.title))
    st.caption(f"{plain(sitting.questionnaire.title)} · {plain(sitting.round.title)}")
    for section in sitting.parts:
        _section(place, sitting, section)
    st.header(t("Send for review"), anchor=False)
    _sending(place, sitting)
    # Whoever changed an answer comes back to it.
    changed = st.query_params.get(QUESTION)
    asked = {question.id for section in sitting.parts for question in section.questions}
    turning.begin_at(CHECK, f"row-{changed}" if changed in asked else None)


def _choose_assessment(place: Here, chosen: StoredAssessment) -> None:
    """The unit's assessments of the same round, where there are several; the choice is in the address."""
    of_round = {entry.id: entry for entry in own_assessments(place) if entry.round_id == chosen.round_id}
    if len(of_round) < 2:
        return

    def words(number: int) -> str:
        entry = of_round[number]
        title = place.catalogue.get(entry.questionnaire_id, entry.version).title
        return f"{title} · {t(STATE_NAMES[entry.state])}"

    picked = st.selectbox(
        t("Assessment"), list(of_round), index=list(of_round).index(chosen.id), format_func=words,
        key=f"check-{chosen.id}",
    )  # fmt: skip
    if picked != chosen.id:
        st.query_params["assessment"] = str(picked)
        st.rerun()


def _section(place: Here, sitting: Sitting, section: Section) -> None:
    st.subheader(plain(section.dimension.title), anchor=section.dimension.id)
    for question in section.questions:
        stored, last = sitting.stored.get(question.id), sitting.last.get(question.id)
        label = (
            answer_label(sitting.questionnaire, question.id, stored.answer) if stored else t("Not answered")
        )
        reason = f" ({plain(stored.answer.reason)})" if stored and stored.answer.reason else ""
        row = st.container(horizontal=True, vertical_alignment="center", key=f"row-{question.id}")
        row.markdown(plain(question.prompt), width=290)
        row.markdown(f"**{label}**{reason}", width=150)
        before = answer_label(sitting.questionnaire, question.id, last) if last else "–"
        backed = t(EVIDENCE_NAMES[stored.answer.evidence_kind]).split(":")[0] if stored else "–"
        row.caption(
            t("Last round: {answer}. Evidence: {kind}", answer=before, kind=backed.lower()), width=140
        )
        if sitting.is_open(question.id):
            _change(row, place, sitting, section, question)
        if stored and stored.answer.comment:
            st.caption(in_lines(stored.answer.comment))


def _change(row: DeltaGenerator, place: Here, sitting: Sitting, section: Section, question: Question) -> None:
    """A way to the question alone, whose name says which one: twenty links called "Change" say nothing."""
    words = t("Change") if question.id in sitting.stored else t("Answer")
    address = {"dimension": section.dimension.id, QUESTION: question.id, FROM: "check"}
    row.page_link(
        ANSWER, label=words, help=plain(question.prompt), width=70,
        query_params=place.address(assessment=sitting.assessment.id, **address),
    )  # fmt: skip


def _sending(place: Here, sitting: Sitting) -> None:
    taking_back.confirm(sitting.assessment)
    if not sitting.is_editable:
        _sent(place, sitting)
        return
    left = sitting.asked - sitting.answered
    if left:
        st.markdown(
            t("Can't be sent yet: {left} left. “Don't know yet” is an answer.", left=count(left, "question"))
        )
    unsaved = _unsaved(sitting)
    for question_id in unsaved:
        prompt = plain(sitting.questionnaire.answerable[question_id].prompt)
        st.warning(t("Not saved yet: {prompt} Open its section and settle it first.", prompt=prompt))
    shown = [question.id for section in sitting.sections for question in section.questions if question.weight]
    unknown = sum(
        name in sitting.stored and sitting.stored[name].answer.state == "dont_know" for name in shown
    )
    if unknown:
        st.markdown(
            t(
                "{unknown} answered “don't know yet”: {what}.",
                unknown=count(unknown, "question"),
                what=dont_know_words(sitting.questionnaire),
            )
        )
    st.markdown(
        t("After this a reviewer sees the answers, and you can't change them unless you take them back.")
    )
    answers = count(sitting.answered, "answer")
    if st.button(
        t("Send {answers} to the reviewer", answers=answers), type="primary", disabled=bool(left or unsaved)
    ):
        _submit(place, sitting.assessment)


def _sent(place: Here, sitting: Sitting) -> None:
    """What has become of it, and what can be done now."""
    state = sitting.assessment.state
    st.success(
        t("This assessment is {state}.", state=t(STATE_NAMES[state]).lower()),
        icon=":material/check_circle:",
    )
    if sitting.round.is_over:
        st.markdown(t("The round is closed; nothing in it can be changed now."))
    elif state is AssessmentState.SUBMITTED:
        st.markdown(t("A reviewer accepts it or returns it with a comment. Until then you can take it back."))
        taking_back.offer(place, sitting.assessment)
        _after_sending(place, sitting)
    st.page_link(RESULT, label=t("See the result"), icon=":material/insights:", query_params=place.address())


def _unsaved(sitting: Sitting) -> list[str]:
    """The questions that hold sending up; what isn't asked any more, or is closed again, can't be settled."""
    asked = {question.id for section in sitting.parts for question in section.questions}
    held = held_questions(sitting.assessment.id)
    return [name for name in held if name in asked and sitting.is_open(name)]


def _after_sending(place: Here, sitting: Sitting) -> None:
    """A receipt to keep, and the way to what is next."""
    entry = sitting.assessment
    st.download_button(
        t("Download a receipt"), lambda: _receipt(place, sitting), on_click="ignore", mime="text/html",
        file_name=f"receipt_{entry.round_id}_{entry.unit_id}_{entry.questionnaire_id}.html",
    )  # fmt: skip
    following = next(
        (
            other
            for other in own_assessments(place)
            if other.round_id == entry.round_id and other.state in EDITABLE and not sitting.round.is_over
        ),
        None,
    )
    if following is not None:
        title = place.catalogue.get(following.questionnaire_id, following.version).title
        st.page_link(
            ANSWER, label=t("Go on with {title}", title=plain(title)), icon=":material/edit_note:",
            query_params=place.address(assessment=following.id),
        )  # fmt: skip


def _receipt(place: Here, sitting: Sitting) -> bytes:
    entry = sitting.assessment
    with place.store.read() as connection:
        sender = sent_by(connection, entry.id)
    about = {
        t("Unit"): place.organisation.label(entry.unit_id),
        t("Round"): sitting.round.title,
        t("Questionnaire"): sitting.version.reference,
        t("Sent"): to_the_minute(entry.changed_at) if entry.changed_at else "",
        t("Sent by"): sender,
        t("Answers"): str(sitting.answered),
    }
    sections = [(section.dimension, section.questions) for section in sitting.parts]
    answers = {name: stored.answer for name, stored in sitting.stored.items()}
    mark = t("Synthetic data") if place.is_synthetic else ""
    return receipt(sitting.questionnaire, sections, answers, about, mark=mark)


def _submit(place: Here, assessment: StoredAssessment) -> None:
    try:
        reviewing.submit(place.desk(), assessment.id, seen=assessment.state_version)
    except AssessmentError as error:
        st.error(plain(str(error)))
    else:
        st.rerun()


page()
