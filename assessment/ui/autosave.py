"""The autosave protocol: an edit is a difference between what a widget shows and what is stored, field by field.

Looked for on every run instead of in callbacks, because the first edit after a server restart or a long disconnect
reaches a new session whose callbacks never fire (docs/decisions/autosave.md). What is shown is stored, or held and said
to be not saved: nothing is dropped silently, and nothing that somebody else stored is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from assessment.actions.answering import confirm_answer, save_answer
from assessment.actions.desk import Desk
from assessment.errors import AssessmentError, EditConflict
from assessment.responses import AnswerState
from assessment.store.answer_history import changed_by_others_since, occurred_before
from assessment.store.answers import StoredAnswer
from assessment.ui.track import (
    ANSWER_WIDGET,
    DONT_KNOW,
    FIELDS,
    NOT_APPLICABLE,
    Slot,
    Track,
    Values,
    edit_key,
    event_of,
    normal,
    shown,
)

#: The answer's fields that a widget's field stands for, where it isn't the one of its name.
_COLUMNS = {"choice": ("state", "value")}


def begin(slot: Slot, stored: StoredAnswer | None, session_id: str) -> Track:
    """The track to draw the widgets from, brought up to what is stored now.

    A field that somebody else changed is drawn anew, unless an edit of it is pending here: then it is disputed.
    """
    track = slot.load()
    if track is None:
        track = slot.first_track(stored)
    elif event_of(stored) != event_of(track.base):
        track = rebased(track, stored, {**track.held, **_pending(slot, track)}, session_id)
    return slot.keep(replace(track, language=slot.language))


def rebased(track: Track, stored: StoredAnswer | None, pending: Values, session_id: str) -> Track:
    """The track on top of what is stored now; `pending` has the edits here that aren't stored.

    What this session stored itself is nobody else's change: a run can be stopped between the commit and here.
    """
    old, new = shown(track.base), shown(stored)
    is_own = stored is not None and stored.session_id == session_id
    foreign = set() if is_own else {name for name in FIELDS if old[name] != new[name]}
    held = {name: value for name, value in pending.items() if value != new[name]}
    drawn_from = {**track.drawn_from, **dict.fromkeys(foreign - held.keys(), event_of(stored))}
    return replace(
        track,
        base=stored,
        held=held,
        disputed=frozenset(name for name in held if name in foreign | track.disputed),
        refused={name: reason for name, reason in track.refused.items() if name in held},
        drawn_from=drawn_from,
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
        disputed |= _left_over(slot, track, differing, desk)
    track = replace(track, held=differing, disputed=disputed, refused={}, is_fresh=False)
    if not can_save:
        return slot.keep(replace(track, refused=dict.fromkeys(differing, why_not)))
    return slot.keep(_all_saved(slot, track, desk))


def catch_up(desk: Desk) -> None:
    """Stores what the browser sent for cards that are not on the page that is drawn now.

    Somebody who chooses a level and goes on at once sends both together, and the run that would have saved the answer
    makes room for the next page's.
    """
    widgets = {str(key) for key in st.session_state if str(key).startswith(ANSWER_WIDGET)}
    for number, question_id in sorted({tuple(key.split(":")[1:3]) for key in widgets}):
        slot = Slot(int(number), question_id, "", desk.session_id)
        track = slot.load()
        if track:
            slot = replace(slot, language=track.language)
            pending = _pending(slot, track)
            if pending.items() - track.held.items():
                settle(slot, track, {**track.held, **pending}, desk, can_save=True)


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
        _show(slot, track, {name: shown(track.base)[name] for name in track.disputed})
        slot.keep(replace(track, held=held, disputed=frozenset(), changed_by_others=False))


def keep_mine(slot: Slot, desk: Callable[[], Desk]) -> None:
    """Settle a dispute for what this page shows, as a change of what is stored."""
    track = slot.load()
    if track:
        track = replace(track, disputed=frozenset(), changed_by_others=False)
        slot.keep(_all_saved(slot, track, desk()))


def put(slot: Slot, values: Values, desk: Desk) -> None:
    """Answer by a button instead of the widgets, and let the widgets show it."""
    track = settle(slot, slot.load() or slot.first_track(None), values, desk, can_save=True)
    _show(slot, track, values)


def undo(slot: Slot, desk: Callable[[], Desk]) -> None:
    """Store again what was stored before this session's last change of the answer."""
    track = slot.load()
    if track and track.before:
        before, now = shown(track.before), shown(track.base)
        # Only what that change changed: another field may be on its way in the same moment.
        put(slot, {name: before[name] for name in FIELDS if before[name] != now[name]}, desk())


def confirm(slot: Slot, desk: Callable[[], Desk]) -> None:
    """Give last round's answer anew, and let the widgets show it; a refusal stands on the card."""
    track = slot.load() or slot.first_track(None)
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
        slot.keep(replace(track, unconfirmed=str(error)))
        return
    slot.keep(replace(track, base=stored, held={}, refused={}, unconfirmed="", is_fresh=False))
    _show(slot, track, shown(stored))


def _show(slot: Slot, track: Track, values: Values) -> None:
    """Lets the widgets that are drawn show these; those that aren't begin with what is stored when they are."""
    for name, value in values.items():
        if (key := slot.widget_key(name, track)) in st.session_state:
            st.session_state[key] = value


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
    return replace(track, base=stored, held=held, unconfirmed="", changed_by_others=False, before=before)


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


def _left_over(slot: Slot, track: Track, differing: Values, desk: Desk) -> set[str]:
    """The fields of a page that was drawn by an earlier session where its value may be no edit, or not a knowing one.

    Such a page sends what it showed: a value that stood in this answer before says nothing. And it doesn't know what
    others stored after the event that its widget's key names.
    """
    place = slot.assessment_id, slot.question_id
    with desk.store.read() as connection:
        return {
            name
            for name, value in differing.items()
            if (
                (changes := _changes(name, value, replace(track, held=differing))) is not None
                and occurred_before(connection, *place, changes)
            )
            or changed_by_others_since(
                connection, *place, _COLUMNS.get(name, (name,)), track.drawn_from[name], besides=slot.page
            )
        }


def would_show(slot: Slot, track: Track, name: str) -> Any:
    """What the field's widget would show where it isn't drawn: what the browser says of it, else what it starts with."""
    key = slot.widget_key(name, track)
    return normal(name, st.session_state[key]) if key in st.session_state else track.seed(name)


def _pending(slot: Slot, track: Track) -> dict[str, Any]:
    """The widgets' values that differ from what they were drawn from, by field."""
    base = shown(track.base)
    values = {
        name: normal(name, st.session_state[key])
        for name in FIELDS
        if (key := slot.widget_key(name, track)) in st.session_state
    }
    return {
        name: value for name, value in values.items() if value != base[name] and not _is_blank(name, value)
    }


def _is_blank(name: str, value: Any) -> bool:
    """A radio can't be emptied by a person; where it is empty, it was drawn before there was an answer."""
    return name in ("choice", "confidence") and value is None


def _once(slot: Slot, track: Track, changes: Values, desk: Desk) -> str:
    return edit_key(desk.session_id, slot.key, event_of(track.base), sorted(changes.items()))
