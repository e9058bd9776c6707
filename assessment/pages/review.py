"""The reviewer's queue: what was sent, beside last round, to accept or to return."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from assessment.access import Action
from assessment.actions import reviewing
from assessment.errors import AssessmentError
from assessment.i18n import count, day, t
from assessment.responses import AssessmentState
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.ui.assessing import Section, Sitting, sit_down
from assessment.ui.question import EVIDENCE_NAMES, answer_label
from assessment.ui.session import Here, here, local_time
from assessment.ui.text import linked, plain
from assessment.ui.widgets import nothing_yet

#: Where the outcome of a decision waits for the next run to say it.
TOLD = "review-told"


class Told(NamedTuple):
    done: bool
    words: str


def page() -> None:
    place = here()
    st.title(t("Review"), anchor=False)
    if told := st.session_state.pop(TOLD, None):
        (st.success if told.done else st.error)(plain(told.words))
    queue = _queue(place)
    if not queue:
        nothing_yet(t("Nothing waits for you."), t("Assessments appear here once they are sent for review."))
        return
    st.markdown(t("**{n} waiting**, the longest first.", n=count(len(queue), "assessment")))
    by_id = {str(entry.id): entry for entry in queue}
    # Nothing is chosen by itself: what one decides on must be what one opened.
    chosen = st.selectbox(
        t("Assessment"),
        list(by_id),
        index=None,
        placeholder=t("Choose an assessment"),
        format_func=lambda key: _label(place, by_id[key]),
        key="queue",
        bind="query-params",
    )
    if chosen is None:
        return
    sitting = sit_down(place, by_id[chosen])
    whose = plain(place.organisation.label(sitting.assessment.unit_id))
    st.header(f"{whose}: {plain(sitting.questionnaire.title)}", anchor=False)
    for section in sitting.sections:
        _section(sitting, section)
    _decide(place, sitting)


def _queue(place: Here) -> list[StoredAssessment]:
    with place.store.read() as connection:
        found = read_assessments(connection, place.scope.units)
    over = {entry.id for entry in place.rounds if entry.is_over}
    waiting = [
        entry
        for entry in found
        if entry.state is AssessmentState.SUBMITTED
        and entry.round_id not in over
        and place.may(Action.REVIEW, entry.unit_id)
    ]
    return sorted(waiting, key=lambda entry: (str(entry.changed_at), entry.id))


def _label(place: Here, entry: StoredAssessment) -> str:
    sent = day(local_time(entry.changed_at).date()) if entry.changed_at else ""
    return t(
        "{unit}, {questionnaire}: sent {day}",
        unit=place.organisation.label(entry.unit_id),
        questionnaire=place.catalogue.get(entry.questionnaire_id, entry.version).title,
        day=sent,
    )


def _section(sitting: Sitting, section: Section) -> None:
    st.subheader(plain(section.dimension.title), anchor=False)
    header = f"| {t('Question')} | {t('Answer')} | {t('Last round')} | {t('Evidence')} |\n|---|---|---|---|\n"
    st.markdown(header + "\n".join(_row(sitting, question.id) for question in section.questions))


def _row(sitting: Sitting, question_id: str) -> str:
    questionnaire = sitting.questionnaire
    stored, last = sitting.stored.get(question_id), sitting.last.get(question_id)
    before = answer_label(questionnaire, question_id, last) if last else "–"
    if stored is None:
        return f"| {plain(questionnaire.questions[question_id].prompt)} | {t('Not answered')} | {before} | |"
    answer = stored.answer
    said = " ".join(plain(text) for text in (answer.reason, answer.comment) if text)
    evidence = t(EVIDENCE_NAMES[answer.evidence_kind]).split(":")[0]
    where = f": {linked(answer.evidence_ref)}" if answer.evidence_ref else ""
    now = f"**{answer_label(questionnaire, question_id, answer)}** {said}"
    return f"| {plain(questionnaire.questions[question_id].prompt)} | {now} | {before} | {evidence}{where} |"


def _decide(place: Here, sitting: Sitting) -> None:
    st.header(t("Your decision"), anchor=False)
    reviewed = sitting.assessment
    whose = f"{place.organisation.label(reviewed.unit_id)}, {sitting.questionnaire.title}"
    comment = f"comment-{reviewed.id}"
    st.text_area(t("What should change? (needed to return it)"), key=comment)
    accept, give_back = st.columns(2)
    # Callbacks with the assessment that was drawn: by the next run the queue may have moved on.
    accept.button(
        t("Accept"), type="primary", width="stretch", key=f"accept-{reviewed.id}", on_click=_accept,
        args=(place, reviewed, whose),
    )  # fmt: skip
    give_back.button(
        t("Return with comment"), width="stretch", key=f"return-{reviewed.id}", on_click=_return,
        args=(place, reviewed, whose, comment),
    )  # fmt: skip


def _accept(place: Here, reviewed: StoredAssessment, whose: str) -> None:
    desk = place.desk()
    _do(
        lambda: reviewing.accept(desk, reviewed.id, seen=reviewed.state_version),
        t("Accepted: {whose}.", whose=whose),
    )


def _return(place: Here, reviewed: StoredAssessment, whose: str, comment: str) -> None:
    desk, words = place.desk(), str(st.session_state.get(comment, ""))
    _do(
        lambda: reviewing.return_to_unit(desk, reviewed.id, words, seen=reviewed.state_version),
        t("Returned: {whose}.", whose=whose),
    )


def _do(decision: Callable[[], object], done: str) -> None:
    try:
        decision()
    except AssessmentError as error:
        st.session_state[TOLD] = Told(done=False, words=str(error))
    else:
        st.session_state[TOLD] = Told(done=True, words=done)


page()
