"""The autosave protocol: an edit is a difference between what a widget shows and what was stored when it was drawn.

Looked for on every run instead of in callbacks, because the first edit after a server restart or a long disconnect
reaches a new session whose callbacks never fire (docs/decisions/autosave.md). An edit is shown as saved only after
the commit; it is never dropped silently: stored, or refused in words with the value kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from assessment.actions.answering import changed_answer, save_answer
from assessment.actions.desk import Desk
from assessment.errors import AssessmentError, EditConflict, ResponseError
from assessment.responses import Answer
from assessment.store.answers import StoredAnswer, answer_fields, occurred_before

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two values for one answer: what this page showed (`mine`) and what is stored (`theirs`); a person chooses."""

    mine: Fields
    theirs: StoredAnswer | None


@dataclass(frozen=True, slots=True)
class Track:
    """What this session knows of one answer.

    `base` is the stored answer that the widgets were drawn from. `suffix` goes into the widgets' keys: a new one
    retires what a widget holds. `is_fresh` until the session has compared once: what a widget sends then may be left
    over from an earlier session.
    """

    base: StoredAnswer | None
    suffix: int = 0
    is_fresh: bool = True
    dispute: Dispute | None = None
    failure: str | None = None

    @property
    def answer(self) -> Answer | None:
        return self.base.answer if self.base else None


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one answer in the session."""

    assessment_id: int
    question_id: str

    @property
    def key(self) -> str:
        return f"track:{self.assessment_id}:{self.question_id}"

    def load(self) -> Track | None:
        found: Track | None = st.session_state.get(self.key)
        return found

    def store(self, track: Track) -> Track:
        st.session_state[self.key] = track
        return track

    def widget_key(self, field: str, language: str, track: Track) -> str:
        return f"answer:{self.assessment_id}:{self.question_id}:{language}:{track.suffix}:{field}"


def begin(slot: Slot, stored: StoredAnswer | None, language: str, widget_values: Mapping[str, Any]) -> Track:
    """The track to draw the widgets from.

    When somebody else changed the answer and nothing is pending here, the widgets are drawn anew from it. When
    something is pending, the base stays: saving will find the conflict.

    `widget_values` maps each field's widget to the value that means "unchanged" for the current base.
    """
    track = slot.load()
    if track is None:
        return slot.store(Track(stored))
    if _version(stored) == _version(track.base) or track.dispute:
        return track
    pending = any(
        (key := slot.widget_key(field, language, track)) in st.session_state
        and st.session_state[key] != value
        for field, value in widget_values.items()
    )
    return track if pending else slot.store(renewed(track, stored))


def renewed(track: Track, stored: StoredAnswer | None) -> Track:
    """The track with its widgets drawn anew from what is stored."""
    return Track(stored, stored.event_id if stored else track.suffix + 1, is_fresh=False)


def settle(slot: Slot, track: Track, changes: Fields, desk: Desk) -> Track:
    """Stores `changes`, the fields whose widgets differ from the base; gives the track that is true afterwards."""
    if not changes:
        return slot.store(replace(track, is_fresh=False, failure=None, dispute=None))
    if track.dispute:
        return track
    if track.is_fresh and _was_left_over(slot, changes, desk):
        return slot.store(replace(track, is_fresh=False, dispute=Dispute(changes, track.base)))
    return slot.store(_saved(slot, replace(track, is_fresh=False), changes, desk))


def keep_theirs(slot: Slot) -> None:
    """Settle a dispute for what is stored."""
    track = slot.load()
    if track and track.dispute:
        slot.store(renewed(track, track.dispute.theirs))


def keep_mine(slot: Slot, desk: Desk) -> None:
    """Settle a dispute for what this page showed, as a change of what is stored."""
    track = slot.load()
    if track and track.dispute:
        base = replace(track, base=track.dispute.theirs, dispute=None)
        saved = _saved(slot, base, track.dispute.mine, desk)
        slot.store(saved if saved.dispute or saved.failure else renewed(saved, saved.base))


def _saved(slot: Slot, track: Track, changes: Fields, desk: Desk) -> Track:
    try:
        stored = save_answer(
            desk,
            slot.assessment_id,
            slot.question_id,
            changes,
            expected_version=_version(track.base),
            idempotency_key=_once(slot, track, changes, desk),
        )
    except EditConflict as conflict:
        theirs = conflict.current if isinstance(conflict.current, StoredAnswer) else None
        if theirs and _says(theirs, changes):
            return renewed(track, theirs)
        return replace(track, dispute=Dispute(changes, theirs))
    except AssessmentError as error:
        return replace(track, failure=str(error))
    return replace(track, base=stored, failure=None, dispute=None)


def _once(slot: Slot, track: Track, changes: Fields, desk: Desk) -> str:
    """The same for every repeat of one edit: a run can be stopped between the commit and its acknowledgement."""
    content = json.dumps([slot.key, _version(track.base), sorted(changes.items())], default=str)
    return f"{desk.session_id}:{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def _was_left_over(slot: Slot, changes: Fields, desk: Desk) -> bool:
    with desk.store.read() as connection:
        return occurred_before(connection, slot.assessment_id, slot.question_id, changes)


def _says(stored: StoredAnswer, changes: Fields) -> bool:
    """Whether the stored answer already is what the changes would make it."""
    try:
        return changed_answer(stored.answer, changes) == stored.answer
    except ResponseError:
        return False


def _version(stored: StoredAnswer | None) -> int:
    return stored.version if stored else 0


def described(fields: Fields, base: StoredAnswer | None) -> Fields:
    """All fields of the answer that `fields` would make of `base`."""
    return {**(answer_fields(base.answer) if base else {}), **fields}
