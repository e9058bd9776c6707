"""The autosave protocol: an edit is a difference between what a widget shows and what is stored, field by field.

Looked for on every run instead of in callbacks, because the first edit after a server restart or a long disconnect
reaches a new session whose callbacks never fire (docs/decisions/autosave.md). What is shown is stored, or held and said
to be not saved: nothing is dropped silently, and nothing that somebody else stored is overwritten unseen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from assessment.actions.answering import confirm_answer, save_answer
from assessment.actions.desk import Desk
from assessment.errors import AssessmentError, EditConflict
from assessment.responses import Answer, AnswerState, EvidenceKind
from assessment.store.answers import StoredAnswer, occurred_before

#: Choices beside a question's options; the colon keeps them apart from any option's id.
DONT_KNOW, NOT_APPLICABLE = "state:dont_know", "state:not_applicable"

#: What a person can change, a widget each; `choice` is state and value together.
FIELDS = ("choice", "reason", "confidence", "evidence_kind", "evidence_ref", "comment")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Track:
    """What this session knows of one answer.

    `base` is the stored answer that the widgets were drawn from. `held` has the values that the widgets show and the
    store hasn't, by field; of these, `disputed` differ from what somebody else stored meanwhile, and `refused` says
    why the others were not taken. `suffixes` go into the widgets' keys: a new one retires what a widget holds.
    `is_fresh` until the session has compared once: what a widget sends then may be left over from an earlier session.
    """

    base: StoredAnswer | None
    held: Values = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    suffixes: Mapping[str, int] = field(default_factory=dict)
    is_fresh: bool = True
    changed_by_others: bool = False
    #: What was stored before this session's last change: where "undo" leads back to.
    before: StoredAnswer | None = None

    def seed(self, name: str) -> Any:
        """What the field's widget starts with: what is held here, else what is stored."""
        return self.held[name] if name in self.held else shown(self.base)[name]

    @property
    def is_saved(self) -> bool:
        """Whether everything that the widgets show is stored."""
        return self.base is not None and not self.held


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one answer in the session."""

    assessment_id: int
    question_id: str
    language: str

    @property
    def key(self) -> str:
        return f"track:{self.assessment_id}:{self.question_id}"

    def load(self) -> Track | None:
        found: Track | None = st.session_state.get(self.key)
        return found

    def keep(self, track: Track) -> Track:
        st.session_state[self.key] = track
        return track

    def widget_key(self, name: str, track: Track) -> str:
        suffix = track.suffixes.get(name, 0)
        return f"answer:{self.assessment_id}:{self.question_id}:{self.language}:{suffix}:{name}"


def keep_what_is_shown() -> None:
    """Keep what answers' widgets show through a run that couldn't draw them.

    Streamlit forgets a widget that isn't drawn, and with it a click that met a database that was away.
    """
    for key in [str(key) for key in st.session_state]:
        if key.startswith("answer:") and key.rpartition(":")[2] in FIELDS:
            st.session_state[key] = st.session_state[key]


def choice_of(answer: Answer | None) -> str | None:
    """The radio's choice for an answer; None when there is none."""
    if answer is None:
        return None
    special = {AnswerState.DONT_KNOW: DONT_KNOW, AnswerState.NOT_APPLICABLE: NOT_APPLICABLE}
    return special.get(answer.state, answer.value)


def shown(stored: StoredAnswer | None) -> dict[str, Any]:
    """What the widgets show when they show exactly what is stored."""
    if stored is None:
        empty = {"choice": None, "confidence": None, "evidence_kind": str(EvidenceKind.NONE)}
        return {**dict.fromkeys(FIELDS, ""), **empty}
    answer = stored.answer
    return {
        "choice": choice_of(answer),
        "reason": answer.reason,
        "confidence": None if answer.confidence is None else str(answer.confidence),
        "evidence_kind": str(answer.evidence_kind),
        "evidence_ref": answer.evidence_ref,
        "comment": answer.comment,
    }


def normal(name: str, value: Any) -> Any:
    """A widget's value as it would be stored; spaces around a text are no edit."""
    if name in ("reason", "evidence_ref", "comment"):
        return str(value or "").strip()
    return None if value is None else str(value)


def begin(slot: Slot, stored: StoredAnswer | None, session_id: str) -> Track:
    """The track to draw the widgets from, brought up to what is stored now.

    A field that somebody else changed is drawn anew, unless an edit of it is pending here: then it is disputed.
    """
    track = slot.load()
    if track is None:
        return slot.keep(Track(stored))
    if _event(stored) == _event(track.base):
        return track
    pending = {name: value for name in FIELDS if (value := _pending(slot, track, name)) is not _NOTHING}
    return slot.keep(rebased(track, stored, {**track.held, **pending}, session_id))


def rebased(track: Track, stored: StoredAnswer | None, pending: Values, session_id: str) -> Track:
    """The track on top of what is stored now; `pending` has the edits here that aren't stored.

    What this session stored itself is nobody else's change: a run can be stopped between the commit and here.
    """
    old, new = shown(track.base), shown(stored)
    is_own = stored is not None and stored.session_id == session_id
    foreign = set() if is_own else {name for name in FIELDS if old[name] != new[name]}
    held = {name: value for name, value in pending.items() if value != new[name]}
    suffixes = dict(track.suffixes)
    for name in foreign - held.keys():
        suffixes[name] = _event(stored)
    return replace(
        track,
        base=stored,
        held=held,
        disputed=frozenset(name for name in held if name in foreign | track.disputed),
        refused={name: reason for name, reason in track.refused.items() if name in held},
        suffixes=suffixes,
        is_fresh=False,
        changed_by_others=bool(foreign) or track.changed_by_others,
        # Undoing would now take somebody else's change back.
        before=None if foreign else track.before,
    )


def settle(
    slot: Slot, track: Track, values: Values, desk: Desk, *, can_save: bool, why_not: str = ""
) -> Track:
    """Stores what `values`, the widgets' by field, have that the store hasn't; gives the track that is true then.

    Fields are stored one by one, so that one that is refused holds up no other. With `can_save` off nothing is
    stored, and every difference is refused with `why_not`.
    """
    base = shown(track.base)
    differing = {
        name: value for name, value in values.items() if value != base[name] and not _is_blank(name, value)
    }
    disputed = track.disputed & differing.keys()
    if track.is_fresh:
        disputed |= _left_over(slot, differing, desk)
    track = replace(track, held=differing, disputed=disputed, refused={}, is_fresh=False)
    if not can_save:
        return slot.keep(replace(track, refused=dict.fromkeys(differing, why_not)))
    return slot.keep(_all_saved(slot, track, desk))


def known(assessment_id: int, question_id: str) -> Track | None:
    """What this session knows of an answer; None when it hasn't drawn the question yet."""
    return Slot(assessment_id, question_id, "").load()


def held_questions(assessment_id: int) -> list[str]:
    """The questions of an assessment of which this session holds something that isn't stored."""
    prefix = f"track:{assessment_id}:"
    return [
        str(key).removeprefix(prefix)
        for key, track in st.session_state.items()
        if str(key).startswith(prefix) and isinstance(track, Track) and track.held
    ]


def keep_theirs(slot: Slot) -> None:
    """Settle a dispute for what is stored."""
    track = slot.load()
    if track:
        held = {name: value for name, value in track.held.items() if name not in track.disputed}
        for name in track.disputed:
            st.session_state[slot.widget_key(name, track)] = shown(track.base)[name]
        slot.keep(replace(track, held=held, disputed=frozenset(), changed_by_others=False))


def keep_mine(slot: Slot, desk: Callable[[], Desk]) -> None:
    """Settle a dispute for what this page shows, as a change of what is stored."""
    track = slot.load()
    if track:
        track = replace(track, disputed=frozenset(), changed_by_others=False)
        slot.keep(_all_saved(slot, track, desk()))


def put(slot: Slot, values: Values, desk: Desk) -> None:
    """Answer by a button instead of the widgets, and let the widgets show it."""
    track = settle(slot, slot.load() or Track(None), values, desk, can_save=True)
    for name, value in values.items():
        st.session_state[slot.widget_key(name, track)] = value


def undo(slot: Slot, desk: Callable[[], Desk]) -> None:
    """Store again what was stored before this session's last change of the answer."""
    track = slot.load()
    if track and track.before:
        put(slot, shown(track.before), desk())


def confirm(slot: Slot, desk: Callable[[], Desk]) -> None:
    """Give last round's answer anew, and let the widgets show it; a refusal stands on the card."""
    track = slot.load() or Track(None)
    here = desk()
    try:
        stored = confirm_answer(
            here, slot.assessment_id, slot.question_id,
            idempotency_key=_once(slot, track, {"confirmed": True}, here),
        )  # fmt: skip
    except EditConflict:
        # The next run reads what somebody else answered, and says so.
        return
    except AssessmentError as error:
        slot.keep(replace(track, refused={"choice": str(error)}))
        return
    slot.keep(replace(track, base=stored, held={}, refused={}, is_fresh=False))
    for name, value in shown(stored).items():
        st.session_state[slot.widget_key(name, track)] = value


def _all_saved(slot: Slot, track: Track, desk: Desk) -> Track:
    """The track after trying to store everything that is held and not disputed."""
    for name in FIELDS:
        if name in track.held and name not in track.disputed:
            track = _saved(slot, track, name, desk)
    return track


def _saved(slot: Slot, track: Track, name: str, desk: Desk, *, again: bool = True) -> Track:
    """The track after trying to store one held field; somebody else's change of another field is no obstacle."""
    value = track.held[name]
    changes = _changes(name, value, track)
    if changes is None:
        return track
    try:
        stored = save_answer(
            desk,
            slot.assessment_id,
            slot.question_id,
            changes,
            expected_version=track.base.version if track.base else 0,
            idempotency_key=_once(slot, track, changes, desk),
        )
    except EditConflict as conflict:
        theirs = conflict.current if isinstance(conflict.current, StoredAnswer) else None
        moved = rebased(track, theirs, track.held, desk.session_id)
        retry = again and name in moved.held and name not in moved.disputed
        return _saved(slot, moved, name, desk, again=False) if retry else moved
    except AssessmentError as error:
        return replace(track, refused={**track.refused, name: str(error)})
    settled = shown(stored)
    held = {other: kept for other, kept in track.held.items() if kept != settled[other]}
    before = track.base or track.before
    return replace(track, base=stored, held=held, changed_by_others=False, before=before)


def _changes(name: str, value: Any, track: Track) -> dict[str, Any] | None:
    """The answer's fields that a widget's field stands for; None while it can't be stored yet."""
    if name == "choice":
        states = {DONT_KNOW: AnswerState.DONT_KNOW, NOT_APPLICABLE: AnswerState.NOT_APPLICABLE}
        state = states.get(value, AnswerState.ANSWERED)
        changes = {"state": str(state), "value": value if state is AnswerState.ANSWERED else None}
        if state is AnswerState.NOT_APPLICABLE:
            reason = track.held.get("reason", shown(track.base)["reason"])
            return {**changes, "reason": reason} if reason else None
        return changes
    if name == "reason" and track.seed("choice") != NOT_APPLICABLE:
        return None
    return {name: value}


def _left_over(slot: Slot, differing: Values, desk: Desk) -> set[str]:
    """The fields whose value stood in this answer before: an old page sends what it showed, and that is no edit."""
    if not differing:
        return set()
    with desk.store.read() as connection:
        return {
            name
            for name, value in differing.items()
            if (changes := _changes(name, value, Track(None, held=differing))) is not None
            and occurred_before(connection, slot.assessment_id, slot.question_id, changes)
        }


class _Nothing:
    """No pending edit; None is a value that a widget can have."""


_NOTHING = _Nothing()


def _pending(slot: Slot, track: Track, name: str) -> Any:
    """The widget's value when it differs from what it was drawn from, else `_NOTHING`."""
    key = slot.widget_key(name, track)
    if key not in st.session_state:
        return _NOTHING
    value = normal(name, st.session_state[key])
    return _NOTHING if value == shown(track.base)[name] or _is_blank(name, value) else value


def _is_blank(name: str, value: Any) -> bool:
    """A radio can't be emptied by a person; where it is empty, it was drawn before there was an answer."""
    return name in ("choice", "confidence") and value is None


def _once(slot: Slot, track: Track, changes: Values, desk: Desk) -> str:
    """The same for every repeat of one edit: a run can be stopped between the commit and its acknowledgement."""
    content = json.dumps([slot.key, _event(track.base), sorted(changes.items())], default=str)
    return f"{desk.session_id}:{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def _event(stored: StoredAnswer | None) -> int:
    """Tells one state of an answer from every other, also across workspaces; versions begin anew there."""
    return stored.event_id if stored else 0
