"""What a session knows of one answer on a page: what its widgets were drawn from, what they show, and their keys."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from assessment.responses import Answer, AnswerState, EvidenceKind
from assessment.store.answers import StoredAnswer

#: Choices beside a question's options; the colon keeps them apart from any option's id.
DONT_KNOW, NOT_APPLICABLE = "state:dont_know", "state:not_applicable"

#: What a person can change, a widget each; `choice` is state and value together.
FIELDS = ("choice", "reason", "confidence", "evidence_kind", "evidence_ref", "comment")
#: Those of them that back an answer.
BACKING = FIELDS[2:]
#: Begins the keys of these widgets.
ANSWER_WIDGET = "answer:"
#: Begins the keys of the widgets of statements.
STATEMENT_WIDGET = "said:"
#: Where a new session keeps the keys of such widgets, and of statements', that the browser still shows from an earlier one.
SHOWN_BEFORE = "_shown_before"

#: Such a key whole, but for what stands beside them under the same beginning.
_WIDGET = re.compile(rf"({ANSWER_WIDGET}|{STATEMENT_WIDGET}).+:[0-9a-f]{{32}}(:\d+)+:[a-z_]+")
#: The page in such keys, as the session's id that it has.
_PAGE = re.compile(r":([0-9a-f]{32}):")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Track:
    """What this session knows of one answer.

    `base` is the stored answer that the widgets were drawn from. `held` has the values that the widgets show and the
    store hasn't, by field; of these, `disputed` differ from what somebody else stored meanwhile, and `refused` says
    why the others were not taken. `drawn_from` has the event that a field's widget was drawn from, and is in its key:
    another one retires what the widget holds. `is_fresh` until the session has compared once: what a widget sends then
    may be left over from an earlier session.
    """

    base: StoredAnswer | None
    drawn_from: Mapping[str, int]
    held: Values = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    is_fresh: bool = True
    changed_by_others: bool = False
    #: What was stored before this session's last change: where "undo" leads back to.
    before: StoredAnswer | None = None
    #: Why a click on "Unchanged" stored nothing; '' once something was stored.
    unconfirmed: str = ""
    #: The language that the widgets were last drawn in; those in others are gone from the screen.
    language: str = ""

    def seed(self, name: str) -> Any:
        """What the field's widget starts with: what is held here, else what is stored."""
        return self.held[name] if name in self.held else shown(self.base)[name]

    @property
    def is_saved(self) -> bool:
        """Whether everything that the widgets show is stored."""
        return self.base is not None and not self.held


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one answer on one page; `page` is the id of the session that draws it."""

    assessment_id: int
    question_id: str
    language: str
    page: str = ""

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
        return f"{self._widgets}{track.drawn_from[name]}:{name}"

    @property
    def _widgets(self) -> str:
        return f"{ANSWER_WIDGET}{self.assessment_id}:{self.question_id}:{self.language}:{self.page}:"

    def first_track(self, stored: StoredAnswer | None) -> Track:
        """Drawn from what is stored now, but for what the browser shows already: that keeps its key, and its event."""
        kept = [key.removeprefix(self._widgets) for key in shown_before() if key.startswith(self._widgets)]
        events = {name: int(number) for number, name in (rest.split(":") for rest in kept)}
        return Track(stored, {**dict.fromkeys(FIELDS, event_of(stored)), **events})


def shown_before() -> tuple[str, ...]:
    """The keys of the widgets of answers and statements that the browser brought from an earlier session."""
    found: tuple[str, ...] = st.session_state.get(SHOWN_BEFORE, ())
    return found


def page_of(keys: Iterable[str]) -> str | None:
    """The page that widgets with these keys belong to; None without any."""
    return next((found[0] for key in keys if (found := _PAGE.findall(key))), None)


def keep_what_is_shown() -> None:
    """Keep what the widgets of answers and statements show through a run that couldn't draw them.

    Streamlit forgets a widget that isn't drawn, and with it a click that met a database that was away.
    """
    for key in [str(key) for key in st.session_state]:
        if _WIDGET.fullmatch(key):
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


def edit_key(session_id: str, *told: object) -> str:
    """The same for every repeat of one edit: a run can be stopped between the commit and its acknowledgement.

    `told` is what tells the edit from every other: its place, what is stored there, and what it becomes.
    """
    content = json.dumps(told, default=str)
    return f"{session_id}:{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def event_of(stored: StoredAnswer | None) -> int:
    """Tells one state of an answer from every other, also across workspaces; versions begin anew there."""
    return stored.event_id if stored else 0
