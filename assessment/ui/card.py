"""One question as a card: the choice, what backs it, and an honest word on whether it is saved.

What can change on a click is drawn apart from what can't, and what backs an answer only while its box is open: a card's
widgets and words are most of what a click costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from assessment.actions.answering import CONFIRMED
from assessment.actions.desk import Desk
from assessment.i18n import t
from assessment.organisation import Phase
from assessment.questionnaire.models import Question, Questionnaire, QuestionPhase
from assessment.responses import Answer, AnswerState, Confidence, EvidenceKind
from assessment.store.answers import StoredAnswer
from assessment.ui import autosave
from assessment.ui.navigation import REQUESTS
from assessment.ui.question import (
    CONFIDENCE_NAMES,
    EVIDENCE_NAMES,
    FIELD_NAMES,
    answer_label,
    choice_label,
    dont_know_words,
    field_words,
    shortfall,
    undo_words,
)
from assessment.ui.session import when, who_did
from assessment.ui.text import plain
from assessment.ui.track import BACKING, DONT_KNOW, FIELDS, NOT_APPLICABLE, Slot, Track, normal, shown

NOTHING_LIVE = "Nothing is live here yet."
#: The place of "Undo" and of what stands there without it, in px: a button's, so that nothing below moves on a save.
_BUTTON_PX = 40


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all cards of a page."""

    questionnaire: Questionnaire
    assessment_id: int
    phase: Phase | None
    #: Why nothing can be saved; '' when it can.
    closed: str
    desk: Callable[[], Desk]
    #: What the reviewer wrote about the question when it was returned; '' for nothing.
    remark: str = ""
    #: An address of the question alone, to be copied; '' where it has none.
    link: str = ""
    #: What tells its cards from those of other assessments on the same page; '' where there are none.
    apart: str = ""
    #: The parameters of a page where the question can be handed to a domain; None where it can't be.
    hand_on: Mapping[str, str] | None = None


@contextmanager
def frame(setting: Setting, question: Question) -> Iterator[None]:
    """The card and what stays on it whatever is answered; `answer` belongs inside, in a fragment of its own."""
    with st.container(border=True, key=f"card-{question.id}{setting.apart}"):
        st.subheader(plain(question.prompt), anchor=False)
        if question.help:
            # Open to everybody: what counts decides between two levels, and nobody looks for it behind a click.
            st.caption(plain(question.help))
        if setting.remark:
            st.warning(t("The reviewer: {words}", words=plain(setting.remark)), icon=":material/reply:")
        if told := _situation(setting.questionnaire, question):
            st.markdown(t("**The situation:** {told}", told=plain(told)))
        yield
        _ways(question, setting)


def answer(setting: Setting, question: Question, stored: StoredAnswer | None, last: Answer | None) -> Track:
    """Draws what answers the question, saves what changed since the last run, and says so; gives what is known then."""
    questionnaire, closed = setting.questionnaire, setting.closed
    desk = setting.desk()
    slot = Slot(setting.assessment_id, question.id, questionnaire.language, desk.session_id)
    track = autosave.begin(slot, stored, desk.session_id)
    is_about_unit = not _situation(questionnaire, question)
    values = {"choice": _choice(questionnaire, question, slot, track, disabled=bool(closed))}
    if values["choice"] == NOT_APPLICABLE:
        values["reason"] = _reason(slot, track, disabled=bool(closed))
    if is_about_unit and (track.base or values["choice"] is not None):
        honest = st.container()
        values |= _backing(question, slot, track, disabled=bool(closed))
        if words := shortfall(questionnaire, question, values):
            honest.caption(words)
    track = autosave.settle(slot, track, values, desk, can_save=not closed, why_not=closed)
    if is_about_unit:
        _last_round(questionnaire, slot, track, last, setting)
    _status(questionnaire, slot, track, setting)
    _nothing_live(question, slot, track, setting)
    return track


def _ways(question: Question, setting: Setting) -> None:
    """What else can be done with the question; named by it, because a page has many of these."""
    if not setting.link:
        return
    row = st.container(horizontal=True, vertical_alignment="center", key=f"ways-{question.id}{setting.apart}")
    title = plain(question.title or "")
    words = t("Link to “{title}”", title=title) if title else t("Link to this question")
    row.markdown(f":small[[{words}](<{setting.link}>)]", width="content")
    if setting.hand_on is not None:
        row.page_link(
            REQUESTS, label=t("Hand it to a domain"), help=plain(question.prompt),
            query_params=dict(setting.hand_on), width="content",
        )  # fmt: skip


def _situation(questionnaire: Questionnaire, question: Question) -> str:
    """What a vignette tells, for its question to be answered about that; '' for a question about the unit."""
    return next((entry.situation for entry in questionnaire.vignettes if entry.id == question.id), "")


def _choice(
    questionnaire: Questionnaire, question: Question, slot: Slot, track: Track, *, disabled: bool
) -> str | None:
    is_about_unit = question.id not in questionnaire.ratings
    choices = [*question.options_by_id, *((DONT_KNOW, NOT_APPLICABLE) if is_about_unit else ())]
    # Of a framework's own options the label is the choice itself.
    captions = [plain(option.label) if questionnaire.has_levels else "" for option in question.options]
    if is_about_unit:
        captions += _captions_without_level(questionnaire, question)
    seed = track.seed("choice")
    return st.radio(
        plain(question.prompt),
        choices,
        index=choices.index(seed) if seed in choices else None,
        captions=captions,
        format_func=lambda choice: choice_label(questionnaire, question.id, choice),
        key=slot.widget_key("choice", track),
        disabled=disabled,
        # The heading above shows the same words; the group's name for screen readers stays.
        label_visibility="collapsed",
    )


def _captions_without_level(questionnaire: Questionnaire, question: Question) -> list[str]:
    """What "don't know" and "not applicable" mean for this question."""
    if not question.weight:
        return [t("This question describes and is never scored."), t("Needs a reason.")]
    lowest = t(
        "Somebody may know, and you don't. It is {what} until you find out.",
        what=dont_know_words(questionnaire),
    )
    return [lowest, t("Needs a reason; leaves the score.")]


def _reason(slot: Slot, track: Track, *, disabled: bool) -> str:
    written = st.text_input(
        t("Why doesn't it apply? (needed)"),
        value=track.seed("reason"),
        key=slot.widget_key("reason", track),
        disabled=disabled,
    )
    return str(normal("reason", written))


def _backing(question: Question, slot: Slot, track: Track, *, disabled: bool) -> dict[str, Any]:
    """What backs the answer: confidence, evidence, comment; behind a closed box what its widgets would show."""
    key = f"backing:{slot.key}"
    if any(name in track.held for name in BACKING):
        # Whatever isn't stored yet keeps its box open.
        st.session_state[key] = True
    with st.expander(t("Evidence and comment"), key=key, on_change="rerun") as box:
        if not box.open:
            return {name: autosave.would_show(slot, track, name) for name in BACKING}
        if question.evidence:
            st.caption(t("What would show it: {evidence}", evidence=plain(question.evidence)))
        values = _backing_fields(slot, track, disabled=disabled)
    return {name: normal(name, value) for name, value in values.items()}


def _backing_fields(slot: Slot, track: Track, *, disabled: bool) -> dict[str, Any]:
    def key(name: str) -> str:
        return slot.widget_key(name, track)

    confidences, kinds = [str(entry) for entry in Confidence], [str(entry) for entry in EvidenceKind]
    sure = track.seed("confidence")
    return {
        "confidence": st.radio(
            t("How sure are you?"), confidences, index=confidences.index(sure) if sure else None, horizontal=True,
            key=key("confidence"), format_func=lambda entry: t(CONFIDENCE_NAMES[entry]), disabled=disabled,
        ),
        "evidence_kind": st.selectbox(
            t("What backs it?"), kinds, index=kinds.index(track.seed("evidence_kind")),
            key=key("evidence_kind"), format_func=lambda entry: t(EVIDENCE_NAMES[entry]), disabled=disabled,
        ),
        "evidence_ref": st.text_input(
            t("Where is it? A link or a reference"), value=track.seed("evidence_ref"), key=key("evidence_ref"),
            disabled=disabled,
        ),
        "comment": st.text_area(
            t("Comment for the reviewer"), value=track.seed("comment"), key=key("comment"), height=80,
            disabled=disabled,
        ),
    }  # fmt: skip


def _last_round(
    questionnaire: Questionnaire, slot: Slot, track: Track, last: Answer | None, setting: Setting
) -> None:
    """What was said last round, never chosen by itself; one click says that it still holds."""
    if last is None:
        return
    said = answer_label(questionnaire, slot.question_id, last)
    st.caption(t("Last round: {answer}", answer=said))
    if track.base or track.held or setting.closed or last.state is AnswerState.DONT_KNOW:
        return
    st.button(
        t("Unchanged since last round: {answer}", answer=said), key=f"confirm:{slot.key}",
        on_click=autosave.confirm, args=(slot, setting.desk),
        help=t("Gives that answer anew, with its reason, evidence and comment."),
    )  # fmt: skip


def _status(questionnaire: Questionnaire, slot: Slot, track: Track, setting: Setting) -> None:
    """Whether what the card shows is stored. Never "Saved" while anything that it shows isn't."""
    for reason in dict.fromkeys(filter(None, (*track.refused.values(), track.unconfirmed))):
        st.error(t("Not saved. {reason}", reason=plain(reason)), icon=":material/error:")
    if track.refused and not setting.closed:
        st.button(t("Try again"), key=f"retry:{slot.key}")
    if track.disputed:
        _dispute(questionnaire, slot, track, setting)
    elif track.changed_by_others and track.base:
        who, at = plain(who_did(track.base.answered_by)), when(track.base.answered_at)
        st.info(t("Changed by {who}, {at}. This page shows it now.", who=who, at=at), icon=":material/sync:")
    waits_for_reason = track.held.get("choice") == NOT_APPLICABLE
    if waits_for_reason and "choice" not in track.refused and "choice" not in track.disputed:
        st.warning(t("Not saved yet: say why it doesn't apply."), icon=":material/edit:")
    if track.is_saved and track.base:
        _saved(questionnaire, slot, track, setting)
    elif not track.base and not track.held and setting.questionnaire.has_levels:
        st.caption(t("Choose the highest level that is fully true; from 3 on, each includes those below it."))


def _saved(questionnaire: Questionnaire, slot: Slot, track: Track, setting: Setting) -> None:
    assert track.base is not None
    at = when(track.base.answered_at)
    is_confirmed = track.base.origin == CONFIRMED
    words = t("Confirmed unchanged. Saved {time}", time=at) if is_confirmed else t("Saved {time}", time=at)
    st.caption(f":material/cloud_done: {words}")
    if setting.closed:
        return
    with st.container(height=_BUTTON_PX, border=False, key=f"after-{slot.question_id}{setting.apart}"):
        if track.before:
            st.button(
                undo_words(questionnaire, slot.question_id, track.before, track.base), key=f"undo:{slot.key}",
                type="tertiary", icon=":material/undo:", on_click=autosave.undo, args=(slot, setting.desk),
            )  # fmt: skip
        elif slot.question_id in questionnaire.questions:
            st.caption(t("Wrong? Choose another, or “Don't know yet”."))
        else:
            st.caption(t("Wrong? Choose another level."))


def _dispute(questionnaire: Questionnaire, slot: Slot, track: Track, setting: Setting) -> None:
    """Both values of every disputed field, and the choice between them."""
    stored = shown(track.base)
    rows = [
        t(
            "- {field}: this page shows “{mine}”; saved is “{theirs}”",
            field=t(FIELD_NAMES[name]), mine=field_words(questionnaire, slot.question_id, name, track.held[name]),
            theirs=field_words(questionnaire, slot.question_id, name, stored[name]),
        )
        for name in FIELDS
        if name in track.disputed
    ]  # fmt: skip
    who = plain(who_did(track.base.answered_by)) if track.base else ""
    at = when(track.base.answered_at) if track.base else ""
    head = t("Not saved: two answers for one question. The saved one is by {who}, {at}.", who=who, at=at)
    st.warning("\n".join([head, "", *rows]), icon=":material/call_split:")
    keep, use = st.columns(2)
    keep.button(
        t("Keep the saved one"),
        on_click=autosave.keep_theirs,
        args=(slot,),
        key=f"theirs:{slot.key}",
        width="stretch",
    )
    use.button(
        t("Use mine"),
        on_click=autosave.keep_mine,
        args=(slot, setting.desk),
        key=f"mine:{slot.key}",
        width="stretch",
    )


def _nothing_live(question: Question, slot: Slot, track: Track, setting: Setting) -> None:
    """Before adoption, one click says that there is nothing running to ask about."""
    asks_of_running = question.phase is QuestionPhase.DURING and setting.phase is Phase.BEFORE
    if setting.closed or not asks_of_running or track.base:
        return
    st.button(
        t("Not applicable: nothing live yet"), key=f"nothing-live:{slot.key}", on_click=_answer_nothing_live,
        args=(slot, setting.desk),
    )  # fmt: skip


def _answer_nothing_live(slot: Slot, desk: Callable[[], Desk]) -> None:
    autosave.put(slot, {"choice": NOT_APPLICABLE, "reason": t(NOTHING_LIVE)}, desk())
