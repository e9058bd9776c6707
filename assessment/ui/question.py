"""One question as a card: the choice, what backs it, and an honest word on whether it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from assessment.actions.desk import Desk
from assessment.i18n import t
from assessment.organisation import Phase
from assessment.questionnaire.models import Question, Questionnaire, QuestionPhase
from assessment.responses import Answer, AnswerState, Confidence, EvidenceKind
from assessment.store.answers import StoredAnswer
from assessment.ui import autosave
from assessment.ui.autosave import Slot, Track
from assessment.ui.session import when
from assessment.ui.text import plain

#: Choices beside a question's options; the colon keeps them apart from any option's id.
DONT_KNOW, NOT_APPLICABLE = "state:dont_know", "state:not_applicable"
NOTHING_LIVE = "Nothing is live here yet."

CONFIDENCE_NAMES = {
    Confidence.ESTIMATE: "Estimate",
    Confidence.SOME_EVIDENCE: "Some evidence",
    Confidence.SURE: "Sure",
}
EVIDENCE_NAMES = {
    EvidenceKind.NONE: "None: carries level 2",
    EvidenceKind.DOCUMENT: "A document: carries level 3",
    EvidenceKind.RECORD: "A record of running it: carries level 4",
    EvidenceKind.INDEPENDENT: "Somebody else's check: carries level 5",
}


def choice_of(answer: Answer | None) -> str | None:
    """The radio's choice for an answer; None when there is none."""
    if answer is None:
        return None
    special = {AnswerState.DONT_KNOW: DONT_KNOW, AnswerState.NOT_APPLICABLE: NOT_APPLICABLE}
    return special.get(answer.state, answer.value)


def choice_label(questionnaire: Questionnaire, choice: str) -> str:
    """The words on the radio: a level with its name, or an option's own label."""
    if choice == DONT_KNOW:
        return t("Don't know yet")
    if choice == NOT_APPLICABLE:
        return t("Not applicable")
    if questionnaire.has_levels and choice.isdecimal():
        return f"{choice} {plain(questionnaire.level_name(int(choice)))}"
    return plain(choice)


def answer_label(questionnaire: Questionnaire, answer: Answer | None) -> str:
    """An answer in a few words, for tables and comparisons."""
    choice = choice_of(answer)
    return choice_label(questionnaire, choice) if choice else t("Not answered")


def card(
    questionnaire: Questionnaire,
    question: Question,
    stored: StoredAnswer | None,
    last: Answer | None,
    desk: Desk,
    assessment_id: int,
    *,
    editable: bool,
    phase: Phase | None,
) -> Track:
    """Draws the question, saves what changed since the last run, and says so; gives what is stored now."""
    slot = Slot(assessment_id, question.id)
    language = questionnaire.language
    known = slot.load()
    track = autosave.begin(slot, stored, language, _unchanged(known.answer if known else None))
    with st.container(border=True, key=f"card-{question.id}"):
        st.subheader(plain(question.prompt), anchor=question.id)
        choice = _choice(questionnaire, question, slot, track, language, editable)
        changes = _choice_changes(choice, slot, track, language, editable)
        if track.answer or changes:
            changes |= _backing_changes(question, slot, track, language, editable)
        needs_reason = choice == NOT_APPLICABLE and not changes.get("reason", _reason(track)).strip()
        if editable:
            track = autosave.settle(slot, track, {} if needs_reason else changes, desk)
        _last_round(questionnaire, last)
        _status(questionnaire, slot, track, desk, needs_reason=needs_reason)
        _nothing_live(question, slot, track, desk, editable=editable, phase=phase)
        _why(question)
    return track


def _unchanged(answer: Answer | None) -> Mapping[str, Any]:
    """The value of each widget that means that nobody touched it."""
    return {
        "choice": choice_of(answer),
        "reason": answer.reason if answer else "",
        "confidence": answer.confidence if answer else None,
        "evidence_kind": answer.evidence_kind if answer else EvidenceKind.NONE,
        "evidence_ref": answer.evidence_ref if answer else "",
        "comment": answer.comment if answer else "",
    }


def _choice(
    questionnaire: Questionnaire, question: Question, slot: Slot, track: Track, language: str, editable: bool
) -> str | None:
    choices = [*question.options_by_id, DONT_KNOW, NOT_APPLICABLE]
    captions = [plain(option.label) for option in question.options] if questionnaire.has_levels else None
    if captions is not None:
        lowest = t("Counts as the lowest level until somebody finds out.")
        captions += [lowest, t("Needs a reason; leaves the score.")]
    base = choice_of(track.answer)
    return st.radio(
        plain(question.prompt),
        choices,
        index=choices.index(base) if base in choices else None,
        captions=captions,
        format_func=lambda choice: choice_label(questionnaire, choice),
        key=slot.widget_key("choice", language, track),
        disabled=not editable,
        # The heading above shows the same words; the group's name for screen readers stays.
        label_visibility="collapsed",
    )


def _choice_changes(
    choice: str | None, slot: Slot, track: Track, language: str, editable: bool
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if choice is not None and choice != choice_of(track.answer):
        states = {DONT_KNOW: AnswerState.DONT_KNOW, NOT_APPLICABLE: AnswerState.NOT_APPLICABLE}
        state = states.get(choice, AnswerState.ANSWERED)
        changes = {"state": str(state), "value": choice if state is AnswerState.ANSWERED else None}
    if choice == NOT_APPLICABLE:
        reason = st.text_input(
            t("Why doesn't it apply? (needed)"),
            value=_reason(track),
            key=slot.widget_key("reason", language, track),
            disabled=not editable,
        )
        if reason.strip() != _reason(track):
            changes["reason"] = reason.strip()
    return changes


def _reason(track: Track) -> str:
    return track.answer.reason if track.answer else ""


def _backing_changes(
    question: Question, slot: Slot, track: Track, language: str, editable: bool
) -> dict[str, Any]:
    """What backs the answer: confidence, evidence, comment; the fields that differ from what is stored."""
    base = _unchanged(track.answer)

    def key(field: str) -> str:
        return slot.widget_key(field, language, track)

    with st.expander(t("Evidence and comment"), expanded=False):
        if question.evidence:
            st.caption(t("What would show it: {evidence}", evidence=plain(question.evidence)))
        shown: dict[str, Any] = {
            "confidence": st.radio(
                t("How sure are you?"), list(Confidence), key=key("confidence"), horizontal=True,
                index=None if base["confidence"] is None else list(Confidence).index(base["confidence"]),
                format_func=lambda value: t(CONFIDENCE_NAMES[value]), disabled=not editable,
            ),
            "evidence_kind": st.selectbox(
                t("What backs it?"), list(EvidenceKind), index=list(EvidenceKind).index(base["evidence_kind"]),
                key=key("evidence_kind"), format_func=lambda value: t(EVIDENCE_NAMES[value]), disabled=not editable,
            ),
            "evidence_ref": st.text_input(
                t("Where is it? A link or a reference"), value=base["evidence_ref"], key=key("evidence_ref"),
                disabled=not editable,
            ).strip(),
            "comment": st.text_area(
                t("Comment for the reviewer"), value=base["comment"], key=key("comment"), height=80,
                disabled=not editable,
            ).strip(),
        }  # fmt: skip
    return {
        field: None if value is None else str(value) for field, value in shown.items() if value != base[field]
    }


def _last_round(questionnaire: Questionnaire, last: Answer | None) -> None:
    if last is not None:
        st.caption(t("Last round: {answer}", answer=answer_label(questionnaire, last)))


def _status(
    questionnaire: Questionnaire, slot: Slot, track: Track, desk: Desk, *, needs_reason: bool
) -> None:
    """Whether what the card shows is stored; exactly one of five things is true."""
    if track.dispute:
        _dispute(questionnaire, slot, track, desk)
    elif track.failure:
        st.error(t("Not saved. {reason}", reason=plain(track.failure)), icon=":material/error:")
        st.button(t("Try again"), key=f"retry:{slot.key}")
    elif needs_reason:
        st.warning(t("Not saved yet: say why it doesn't apply."), icon=":material/edit:")
    elif track.base:
        st.caption(f":material/cloud_done: {t('Saved {time}', time=when(track.base.answered_at))}")
    else:
        st.caption(t("Choose the highest level where every sentence up to it is true."))


def _dispute(questionnaire: Questionnaire, slot: Slot, track: Track, desk: Desk) -> None:
    assert track.dispute is not None
    theirs = track.dispute.theirs
    mine = autosave.described(track.dispute.mine, track.base)
    shown = {"answered": mine.get("value"), "dont_know": DONT_KNOW, "not_applicable": NOT_APPLICABLE}
    choice = shown.get(str(mine.get("state")))
    yours = choice_label(questionnaire, choice) if choice else t("a change")
    saved = answer_label(questionnaire, theirs.answer if theirs else None)
    who = plain(theirs.answered_by) if theirs else ""
    at = when(theirs.answered_at) if theirs else ""
    st.warning(
        t(
            "Not saved: two answers for one question. This page shows “{yours}”; saved is “{saved}” by {who} at {when}.",
            yours=yours, saved=saved, who=who, when=at,
        ),
        icon=":material/call_split:",
    )  # fmt: skip
    keep, use = st.columns(2)
    keep.button(
        t("Keep the saved one"),
        on_click=autosave.keep_theirs,
        args=(slot,),
        key=f"theirs:{slot.key}",
        width="stretch",
    )
    use.button(
        t("Use mine"), on_click=autosave.keep_mine, args=(slot, desk), key=f"mine:{slot.key}", width="stretch"
    )


def _nothing_live(
    question: Question, slot: Slot, track: Track, desk: Desk, *, editable: bool, phase: Phase | None
) -> None:
    """Before adoption, one click says that there is nothing running to ask about."""
    if not editable or phase is not Phase.BEFORE or question.phase is not QuestionPhase.DURING or track.base:
        return
    st.button(
        t("Not applicable: nothing live yet"), key=f"nothing-live:{slot.key}", on_click=_answer_nothing_live,
        args=(slot, desk),
    )  # fmt: skip


def _answer_nothing_live(slot: Slot, desk: Desk) -> None:
    track = slot.load() or Track(None)
    state = {"state": str(AnswerState.NOT_APPLICABLE), "value": None, "reason": t(NOTHING_LIVE)}
    saved = autosave.settle(slot, Track(track.base, track.suffix, is_fresh=False), state, desk)
    if saved.base and not saved.failure and not saved.dispute:
        slot.store(autosave.renewed(saved, saved.base))


def _why(question: Question) -> None:
    if question.help:
        with st.expander(t("Why we ask, and who could know")):
            st.markdown(plain(question.help))
