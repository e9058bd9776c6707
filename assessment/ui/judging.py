"""One assessment as its reviewer judges it: each answer beside all that helps, and what the reviewer says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from assessment.access import scope_of
from assessment.actions.answering import CONFIRMED
from assessment.analysis.scrutiny import Look, spread
from assessment.i18n import decimal, t
from assessment.questionnaire.models import Question
from assessment.responses import Answer, EvidenceKind
from assessment.statements import StatementKind
from assessment.store.answer_history import answers_at
from assessment.store.answers import StoredAnswer, answers_of_others
from assessment.store.assessments import sent_at
from assessment.store.statements import About
from assessment.ui import stating
from assessment.ui.assessing import Section, Sitting
from assessment.ui.faults import told
from assessment.ui.question import CONFIDENCE_NAMES, EVIDENCE_NAMES, answer_label
from assessment.ui.session import Here
from assessment.ui.text import linked, plain


class Desktop(NamedTuple):
    """Everything that stands beside the answers of the assessment under review."""

    place: Here
    sitting: Sitting
    #: The answers as they were first sent; empty when this is the first time.
    first_sent: Mapping[str, Answer]
    others: Mapping[str, Sequence[str]]


def lay_out(place: Here, sitting: Sitting) -> Desktop:
    """Reads what the reviewer needs beside the answers."""
    reviewed = sitting.assessment
    kind = place.organisation.units[reviewed.unit_id].kind
    alike = [unit.id for unit in place.organisation.of_kind(kind)]
    scope = scope_of(place.principal, place.organisation)
    with place.store.read() as connection:
        sent = sent_at(connection, reviewed.id)
        first = answers_at(connection, reviewed.id, sent[0], scope) if len(sent) > 1 else {}
        others = answers_of_others(connection, reviewed, scope, alike)
    return Desktop(place, sitting, first, others)


def all_others(desktop: Desktop, striking: Iterable[str]) -> None:
    """The answers without anything striking, section by section."""
    apart = set(striking)
    for section in desktop.sitting.sections:
        _section(desktop, section, [asked for asked in section.questions if asked.id not in apart])


def _section(desktop: Desktop, section: Section, questions: Sequence[Question]) -> None:
    if questions:
        st.markdown(f"**{plain(section.dimension.title)}**")
        # A list and no table: what people wrote is long, and a telephone is narrow.
        st.markdown("\n".join(_lines(desktop, question) for question in questions))


def _lines(desktop: Desktop, question: Question) -> str:
    """One answer as an entry of a list: the question, what was chosen and what backs it, what was written."""
    sitting = desktop.sitting
    stored, last = sitting.stored.get(question.id), sitting.last.get(question.id)
    before = answer_label(sitting.questionnaire, question.id, last) if last else "–"
    said = [t("Last round: {answer}", answer=before)]
    if stored is None:
        lines = [plain(question.prompt), " · ".join([f"**{t('Not answered')}**", *said])]
        return "- " + "  \n  ".join(lines)
    answer = stored.answer
    now = f"**{answer_label(sitting.questionnaire, question.id, answer)}**"
    backing = t("Evidence: {words}", words=_evidence(answer))
    lines = [plain(question.prompt), " · ".join([now, *said, backing, *_how_given(stored)])]
    lines += [*_first_sent(desktop, question.id, answer), *_words(answer)]
    return "- " + "  \n  ".join(lines)


def _how_given(stored: StoredAnswer) -> list[str]:
    """How sure they are, and whether the answer was only confirmed; neither when nothing was said."""
    said = []
    if stored.answer.confidence is not None:
        said.append(t("How sure: {words}", words=t(CONFIDENCE_NAMES[stored.answer.confidence])))
    if stored.origin == CONFIRMED:
        said.append(t("Confirmed unchanged since last round"))
    return said


def _first_sent(desktop: Desktop, question_id: str, answer: Answer) -> list[str]:
    first = desktop.first_sent.get(question_id)
    if first is None or not differs(first, answer):
        return []
    label = answer_label(desktop.sitting.questionnaire, question_id, first)
    return [t("First sent: {answer}, evidence: {words}", answer=label, words=_evidence(first))]


def differs(first: Answer, now: Answer) -> bool:
    """Whether somebody who judges would see another answer: the choice, or what backs it."""
    return (first.state, first.value, first.evidence_kind, first.evidence_ref) != (
        now.state, now.value, now.evidence_kind, now.evidence_ref,
    )  # fmt: skip


def _words(answer: Answer) -> list[str]:
    """What was written beside the choice, each on a line of its own."""
    said = []
    if answer.reason:
        said.append(t("Why it doesn't apply: {words}", words=plain(answer.reason)))
    if answer.comment:
        said.append(t("Comment: {words}", words=plain(answer.comment)))
    return said


def _evidence(answer: Answer) -> str:
    where = f": {linked(answer.evidence_ref)}" if answer.evidence_ref else ""
    return t(EVIDENCE_NAMES[answer.evidence_kind]).split(":")[0] + where


@st.fragment
def card(desktop: Desktop, look: Look) -> None:
    """One answer side by side with all that helps to judge it, and what the reviewer says of it."""
    sitting, question_id = desktop.sitting, look.question_id
    stored = sitting.stored[question_id]
    with told(), st.container(border=True, key=f"look-{question_id}"):
        st.markdown(f"**{plain(sitting.questionnaire.questions[question_id].prompt)}**")
        columns = st.columns(4)
        for column, (title, words) in zip(columns, _side_by_side(desktop, look, stored), strict=True):
            column.caption(title)
            column.markdown(words)
        if words_said := _words(stored.answer):
            st.markdown("  \n".join(words_said))
        left, right = st.columns(2)
        with left:
            _verified(desktop, question_id)
        with right:
            _remark(desktop, question_id)


def _side_by_side(desktop: Desktop, look: Look, stored: StoredAnswer) -> list[tuple[str, str]]:
    questionnaire, name, answer = desktop.sitting.questionnaire, look.question_id, stored.answer
    last = desktop.sitting.last.get(name)
    mark = t("jump without evidence") if look.jumped else t("above its evidence") if look.unbacked else ""
    now = f"**{answer_label(questionnaire, name, answer)}**" + (f" :orange-badge[{mark}]" if mark else "")
    now = "  \n".join([now, *_how_given(stored), *_first_sent(desktop, name, answer)])
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


def _said(desktop: Desktop, kind: StatementKind, question_id: str) -> stating.Said:
    reviewed = desktop.sitting.assessment
    subject = f"{reviewed.questionnaire_id}:{question_id}"
    about = About(kind, reviewed.round_id, reviewed.unit_id, subject)
    return stating.begin(desktop.place, about)


def _verified(desktop: Desktop, question_id: str) -> None:
    said = _said(desktop, StatementKind.VERIFIED, question_id)
    kinds = [None, *(str(kind) for kind in EvidenceKind)]
    kind = st.selectbox(
        t("Evidence that you found"), kinds, index=kinds.index(said.content.get("kind")),
        key=stating.widget_key(said, "kind"),
        format_func=lambda name: t(EVIDENCE_NAMES[EvidenceKind(name)]) if name else t("Not checked"),
    )  # fmt: skip
    stating.settle(said, {"kind": kind}, desktop.place.desk())


def _remark(desktop: Desktop, question_id: str) -> None:
    said = _said(desktop, StatementKind.REMARK, question_id)
    written = st.text_input(
        t("Remark: what should change here"), said.content.get("text", ""),
        key=stating.widget_key(said, "text"), max_chars=4000,
    )  # fmt: skip
    stating.settle(said, {"text": written}, desktop.place.desk())


def any_other(desktop: Desktop, plain_looks: Mapping[str, Look]) -> None:
    """A remark, or the evidence found, on an answer about which nothing was striking."""
    prompts = {name: desktop.sitting.questionnaire.questions[name].prompt for name in plain_looks}
    chosen = st.selectbox(
        t("Say something about another answer"), list(prompts), index=None, format_func=prompts.__getitem__,
        placeholder=t("Choose a question"), key=f"other-{desktop.sitting.assessment.id}",
    )  # fmt: skip
    if chosen is not None:
        card(desktop, plain_looks[chosen])
