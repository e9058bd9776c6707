"""The reviewer's queue: what was sent, beside last round, to accept or to return."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from assessment.access import scope_of
from assessment.actions import reviewing
from assessment.analysis.scrutiny import Look, spread
from assessment.errors import AssessmentError
from assessment.i18n import count, decimal, t
from assessment.organisation import Organisation
from assessment.questionnaire.models import Question
from assessment.responses import Answer, EvidenceKind
from assessment.statements import StatementKind
from assessment.store.answers import answers_at, answers_of_others
from assessment.store.assessments import StoredAssessment, sent_at
from assessment.store.statements import About, Statement, read_statements
from assessment.ui import stating
from assessment.ui.assessing import Section, Sitting, sit_down
from assessment.ui.faults import told
from assessment.ui.question import EVIDENCE_NAMES, answer_label
from assessment.ui.queue import Waiting, label, read_queue, summary
from assessment.ui.session import Here, here
from assessment.ui.text import linked, plain
from assessment.ui.widgets import nothing_yet

#: Where the outcome of a decision waits for the next run to say it.
TOLD = "review-told"


class Told(NamedTuple):
    done: bool
    words: str


class Desktop(NamedTuple):
    """Everything that stands beside the answers of the assessment under review."""

    place: Here
    sitting: Sitting
    #: The answers as they were first sent; empty when this is the first time.
    first_sent: Mapping[str, Answer]
    others: Mapping[str, Sequence[str]]
    said: Mapping[tuple[StatementKind, str], Statement]


def page() -> None:
    place = here()
    st.title(t("Review"), anchor=False)
    if told := st.session_state.pop(TOLD, None):
        (st.success if told.done else st.error)(plain(told.words))
    queue = read_queue(place)
    if not queue:
        nothing_yet(t("Nothing waits for you."), t("Assessments appear here once they are sent for review."))
        return
    st.markdown(t("**{n} waiting**, those with most to look at first.", n=count(len(queue), "assessment")))
    _offer_plain(place, [waiting for waiting in queue if waiting.is_plain])
    by_id = {str(waiting.assessment.id): waiting for waiting in queue}
    # Nothing is chosen by itself: what one decides on must be what one opened.
    chosen = st.selectbox(
        t("Assessment"),
        list(by_id),
        index=None,
        placeholder=t("Choose an assessment"),
        format_func=lambda key: label(place, by_id[key]),
        key="queue",
        bind="query-params",
    )
    if chosen is not None:
        _review(place, by_id[chosen])


def _review(place: Here, waiting: Waiting) -> None:
    sitting = sit_down(place, waiting.assessment)
    whose = plain(place.organisation.label(sitting.assessment.unit_id))
    st.header(f"{whose}: {plain(sitting.questionnaire.title)}", anchor=False)
    desktop = _desktop(place, sitting)
    striking = [look for look in waiting.looks if not look.is_plain]
    if striking:
        st.markdown(t("**To look at:** {what}.", what=summary(waiting)))
    for look in striking:
        _card(desktop, look)
    st.subheader(t("All other answers") if striking else t("All answers"), anchor=False)
    striking_ids = {look.question_id for look in striking}
    for section in sitting.sections:
        _section(desktop, section, [q for q in section.questions if q.id not in striking_ids])
    _any_other(desktop, {look.question_id: look for look in waiting.looks if look.is_plain})
    _decide(place, sitting)


def _desktop(place: Here, sitting: Sitting) -> Desktop:
    reviewed = sitting.assessment
    kind = place.organisation.units[reviewed.unit_id].kind
    alike = [unit.id for unit in place.organisation.of_kind(kind)]
    scope = scope_of(place.principal, place.organisation)
    with place.store.read() as connection:
        sent = sent_at(connection, reviewed.id)
        first = answers_at(connection, reviewed.id, sent[0], scope) if len(sent) > 1 else {}
        others = answers_of_others(connection, reviewed, scope, alike)
        found = read_statements(
            connection, [reviewed.unit_id], [StatementKind.REMARK, StatementKind.VERIFIED],
            round_id=reviewed.round_id,
        )  # fmt: skip
    said = {(statement.about.kind, statement.about.subject_id): statement for statement in found}
    return Desktop(place, sitting, first, others, said)


def _section(desktop: Desktop, section: Section, questions: Sequence[Question]) -> None:
    if not questions:
        return
    st.markdown(f"**{plain(section.dimension.title)}**")
    header = f"| {t('Question')} | {t('Answer')} | {t('Last round')} | {t('Evidence')} |\n|---|---|---|---|\n"
    st.markdown(header + "\n".join(_row(desktop.sitting, question.id) for question in questions))


def _row(sitting: Sitting, question_id: str) -> str:
    questionnaire = sitting.questionnaire
    stored, last = sitting.stored.get(question_id), sitting.last.get(question_id)
    before = answer_label(questionnaire, question_id, last) if last else "–"
    prompt = plain(questionnaire.questions[question_id].prompt)
    if stored is None:
        return f"| {prompt} | {t('Not answered')} | {before} | |"
    now = f"**{answer_label(questionnaire, question_id, stored.answer)}** {_words(stored.answer)}"
    return f"| {prompt} | {now} | {before} | {_evidence(stored.answer)} |"


def _words(answer: Answer) -> str:
    return " ".join(plain(text) for text in (answer.reason, answer.comment) if text)


def _evidence(answer: Answer) -> str:
    where = f": {linked(answer.evidence_ref)}" if answer.evidence_ref else ""
    return t(EVIDENCE_NAMES[answer.evidence_kind]).split(":")[0] + where


@st.fragment
def _card(desktop: Desktop, look: Look) -> None:
    """One answer side by side with all that helps to judge it, and what the reviewer says of it."""
    sitting, question_id = desktop.sitting, look.question_id
    answer = sitting.stored[question_id].answer
    with told(), st.container(border=True, key=f"look-{question_id}"):
        st.markdown(f"**{plain(sitting.questionnaire.questions[question_id].prompt)}**")
        columns = st.columns(4)
        for column, (title, words) in zip(columns, _side_by_side(desktop, look, answer), strict=True):
            column.caption(title)
            column.markdown(words)
        if said := _words(answer):
            st.markdown(said)
        left, right = st.columns(2)
        with left:
            _verified(desktop, question_id)
        with right:
            _remark(desktop, question_id)


def _side_by_side(desktop: Desktop, look: Look, answer: Answer) -> list[tuple[str, str]]:
    questionnaire, name = desktop.sitting.questionnaire, look.question_id
    last, first = desktop.sitting.last.get(name), desktop.first_sent.get(name)
    mark = t("jump without evidence") if look.jumped else t("above its evidence") if look.unbacked else ""
    now = f"**{answer_label(questionnaire, name, answer)}**" + (f" :orange-badge[{mark}]" if mark else "")
    if first is not None and first != answer:
        now += "  \n" + t("First sent: {answer}", answer=answer_label(questionnaire, name, first))
    before = answer_label(questionnaire, name, last) if last else "–"
    return [
        (t("Answer"), now), (t("Last round"), before), (t("Evidence"), _evidence(answer)),
        (t("Other units"), _others(desktop, name)),
    ]  # fmt: skip


def _others(desktop: Desktop, question_id: str) -> str:
    question = desktop.sitting.questionnaire.questions[question_id]
    chosen = [question.options_by_id[name].value for name in desktop.others.get(question_id, ())]
    found = spread(chosen)
    if found is None:
        return t("Fewer than 5 have answered")
    return t(
        "Middle half {low} to {high}, median {middle} (n = {n})",
        low=decimal(found.low), high=decimal(found.high), middle=decimal(found.middle), n=found.number,
    )  # fmt: skip


def _about(desktop: Desktop, kind: StatementKind, question_id: str) -> tuple[About, stating.Said]:
    reviewed = desktop.sitting.assessment
    subject = f"{reviewed.questionnaire_id}:{question_id}"
    about = About(kind, reviewed.round_id, reviewed.unit_id, subject)
    return about, stating.begin(about, desktop.said.get((kind, subject)))


def _verified(desktop: Desktop, question_id: str) -> None:
    about, said = _about(desktop, StatementKind.VERIFIED, question_id)
    kinds = [None, *(str(kind) for kind in EvidenceKind)]
    kind = st.selectbox(
        t("Evidence that you found"), kinds, index=kinds.index(said.content.get("kind")),
        key=stating.widget_key(about, said, "kind"),
        format_func=lambda name: t(EVIDENCE_NAMES[EvidenceKind(name)]) if name else t("Not checked"),
    )  # fmt: skip
    content = {"kind": kind} if kind is not None or said.version else None
    stating.settle(about, said, content, desktop.place.desk())


def _remark(desktop: Desktop, question_id: str) -> None:
    about, said = _about(desktop, StatementKind.REMARK, question_id)
    text = st.text_input(
        t("Remark: what should change here"), said.content.get("text", ""),
        key=stating.widget_key(about, said, "text"), max_chars=4000,
    )  # fmt: skip
    written = str(text or "").strip()
    stating.settle(about, said, {"text": written} if written or said.version else None, desktop.place.desk())


def _any_other(desktop: Desktop, plain_looks: Mapping[str, Look]) -> None:
    """A remark, or the evidence found, on an answer about which nothing was striking."""
    prompts = {name: desktop.sitting.questionnaire.questions[name].prompt for name in plain_looks}
    chosen = st.selectbox(
        t("Say something about another answer"), list(prompts), index=None, format_func=prompts.__getitem__,
        placeholder=t("Choose a question"), key=f"other-{desktop.sitting.assessment.id}",
    )  # fmt: skip
    if chosen is not None:
        _card(desktop, plain_looks[chosen])


def _offer_plain(place: Here, unremarkable: Sequence[Waiting]) -> None:
    """One click for everything in which nothing asks for a look; each is accepted as it stands here."""
    if not unremarkable:
        return
    with st.expander(t("{n} with nothing unusual", n=count(len(unremarkable), "assessment"))):
        st.markdown(
            t("No jump, no claim above its evidence, no “don't know” or “not applicable” in any of them.")
        )
        for waiting in unremarkable:
            st.markdown(f"- {plain(label(place, waiting))}")
        st.button(
            t("Accept these {n}", n=count(len(unremarkable), "assessment")), key="accept-plain",
            on_click=_accept_all, args=(place, [waiting.assessment for waiting in unremarkable]),
        )  # fmt: skip


def _accept_all(place: Here, reviewed: Sequence[StoredAssessment]) -> None:
    accepted, refused = 0, []
    for entry in reviewed:
        try:
            reviewing.accept(place.desk(), entry.id, seen=entry.state_version)
            accepted += 1
        except AssessmentError as error:
            refused.append(f"{_whose(place.organisation, entry)}: {error}")
    words = t("Accepted: {n}.", n=count(accepted, "assessment"))
    st.session_state[TOLD] = Told(not refused, " ".join([words, *refused]))


def _whose(organisation: Organisation, entry: StoredAssessment) -> str:
    return f"{organisation.label(entry.unit_id)}, {entry.questionnaire_id}"


def _decide(place: Here, sitting: Sitting) -> None:
    st.header(t("Your decision"), anchor=False)
    reviewed = sitting.assessment
    whose = f"{place.organisation.label(reviewed.unit_id)}, {sitting.questionnaire.title}"
    comment = f"comment-{reviewed.id}"
    st.markdown(
        t(
            "Accepting says that the answers hold. Returning opens the questions with a remark again, or all if none has."
        )
    )
    st.text_area(t("What should change? (needed to return it, unless a question has a remark)"), key=comment)
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
