"""Next moves of one unit on a page: what is advised, what it took on, and what became of that over the rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from assessment.access import Action
from assessment.analysis.commitments import (
    Commitment,
    CommitmentsFinding,
    Standing,
    standing,
)
from assessment.analysis.moves import best_first
from assessment.charts.commitments import standing_words
from assessment.charts.words import move_state_words
from assessment.i18n import day, t
from assessment.questionnaire.models import Question
from assessment.statements import MoveContent, MoveState, StatementKind, asked_in
from assessment.store.statements import About, Statement
from assessment.ui import stating
from assessment.ui.advice import (
    advice_words,
    advised,
    commitments_of,
    move_words,
    outcome_words,
    statements_of,
)
from assessment.ui.composing import Fields
from assessment.ui.faults import told
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.unit_result import UnitResult
from assessment.ui.widgets import nothing_yet

#: How many are shown at a glance, and how many of each questionnaire where they are taken on.
_AT_A_GLANCE, _OF_EACH = 3, 3


@dataclass(frozen=True)
class _Card:
    """One move as it is drawn: its question and words; `before` is what an earlier round still had open of it."""

    subject_id: str
    question: Question
    words: str
    before: MoveContent | None = None


def draw_next(place: Here, result: UnitResult) -> None:
    """The best three over all questionnaires."""
    moves = best_first(advised(place, result.view, result.unit_id, _OF_EACH).values(), _AT_A_GLANCE)
    if not moves:
        return
    st.subheader(t("Next moves"), anchor=False)
    st.caption(advice_words())
    questions = _questions(place, result)
    for number, move in enumerate(moves, 1):
        st.markdown(f"{number}. {move_words(move, questions)}")


def draw_moves(place: Here, result: UnitResult) -> None:
    """What the unit took on and what became of it, then what is advised, with a place to take each on."""
    finding = commitments_of(place, result.view, [result.unit_id])
    st.subheader(plain(finding.headline), anchor=False)
    _earlier(result, finding)
    best, others = _cards(place, result, finding)
    if (best or others) and place.may(Action.ANSWER, result.unit_id) and result.view.round.is_over:
        st.info(t("The round is closed; nothing in it can be changed now."), icon=":material/lock:")
    st.subheader(t("Next moves"), anchor=False)
    st.caption(advice_words())
    if not best:
        nothing_yet(
            t("There is no advice for this round."),
            t("Moves need enough answers for a score, and something below its target."),
        )
    _draw_cards(place, result, best)
    if others:
        st.subheader(t("Also taken on"), anchor=False)
        st.caption(t("In this round, or open since an earlier one."))
        _draw_cards(place, result, others)


def _draw_cards(place: Here, result: UnitResult, cards: Sequence[_Card]) -> None:
    """The moves with a place to say what becomes of them, for those who answer for the unit while the round is open."""
    is_said_here = place.may(Action.ANSWER, result.unit_id) and not result.view.round.is_over
    said = _said_now(place, result)
    for card in cards:
        if is_said_here:
            _take_on(place, result, card, said.get(card.subject_id))
        else:
            _as_said(card, said.get(card.subject_id))


def _questions(place: Here, result: UnitResult) -> dict[str, Question]:
    pinned = (place.catalogue.get(*pin) for pin in result.view.round.questionnaires.items())
    return {name: question for version in pinned for name, question in version.questions.items()}


def _said_now(place: Here, result: UnitResult) -> dict[str, Statement]:
    """What was said in the view's round, by subject; read anew, because the page may have just changed it."""
    return {
        found.about.subject_id: found
        for found in statements_of(place, result.view, [result.unit_id])
        if found.about.round_id == result.view.round.id
    }


def _earlier(result: UnitResult, finding: CommitmentsFinding) -> None:
    """What was taken on in earlier rounds, the most urgent first: its state, and whether the answers show it."""
    earlier = [entry for entry in finding.commitments if entry.taken_on_in.id != result.view.round.id]
    if not earlier:
        return
    with st.expander(t("Taken on in earlier rounds ({n})", n=len(earlier)), expanded=True):
        st.markdown("\n".join(_line(entry) for entry in earlier))


def _line(entry: Commitment) -> str:
    levels = "" if entry.wanted is None else f" {entry.from_level} → {entry.wanted}"
    parts = [
        entry.taken_on_in.name,
        standing_words(standing(entry)),
        *_who(entry.content),
    ]
    # Who has reached it has said so already.
    if standing(entry) is not Standing.REACHED:
        parts.append(t("the answers say: {outcome}", outcome=outcome_words(entry)))
    return f"- **{plain(entry.question.prompt)}**{levels}  \n  " + " · ".join(map(plain, parts))


def _who(content: MoveContent) -> list[str]:
    """Owner, day and note, those that there are."""
    due = t("due {day}", day=day(content.due_on)) if content.due_on else ""
    return [part for part in (content.owner, due, content.note) if part]


def _cards(place: Here, result: UnitResult, finding: CommitmentsFinding) -> tuple[list[_Card], list[_Card]]:
    """What is advised; and what else was taken on in this round, or is open since an earlier one."""
    questions = _questions(place, result)
    left = {
        f"{entry.questionnaire_id}:{entry.question.id}": entry.content
        for entry in finding.commitments
        if entry.is_open and entry.taken_on_in.id != result.view.round.id
    }
    best = {
        f"{version.id}:{move.question.id}": move
        for version, moves in advised(place, result.view, result.unit_id, _OF_EACH).items()
        for move in moves
    }
    others = [
        _Card(subject, question, f"**{plain(question.prompt)}**", left.get(subject))
        for subject in dict.fromkeys([*_said_now(place, result), *left])
        if subject not in best and (question := questions.get(asked_in(subject)[1]))
    ]
    return [
        _Card(subject, move.question, move_words(move, questions), left.get(subject))
        for subject, move in best.items()
    ], others


def _as_said(card: _Card, stored: Statement | None) -> None:
    """A move as others see it, or once its round is closed."""
    with st.container(border=True):
        st.markdown(card.words)
        if stored is None or not isinstance(stored.content, MoveContent):
            st.caption(t("Not taken on."))
            return
        state = move_state_words(stored.content.state)
        st.caption(" · ".join(map(plain, [state, *_who(stored.content)])))


@st.fragment
def _take_on(place: Here, result: UnitResult, card: _Card, stored: Statement | None) -> None:
    about = About(StatementKind.MOVE, result.view.round.id, result.unit_id, card.subject_id)
    with told(), st.container(border=True, key=f"card-move-{card.subject_id}"):
        st.markdown(card.words)
        if card.before is not None and stored is None:
            parts = [move_state_words(card.before.state), *_who(card.before)]
            st.caption(t("Open since an earlier round: {parts}", parts=" · ".join(map(plain, parts))))
        offered = {} if card.before is None else card.before.model_dump(mode="json")
        said = stating.begin(place, about, {**offered, "state": None})
        stating.settle(said, _fields(card, said), place.desk())


def _fields(card: _Card, said: stating.Said) -> Fields:
    """What the widgets show, by field; nothing but the state until somebody takes the move on."""
    states = [str(state) for state in MoveState]
    known = said.content.get("state")
    state = st.selectbox(
        t("State of the move: {question}", question=plain(card.question.name)), states,
        index=states.index(known) if known else None, placeholder=t("Not taken on"),
        format_func=lambda name: move_state_words(MoveState(name)), key=stating.widget_key(said, "state"),
    )  # fmt: skip
    if state is None:
        return {"state": None}
    given = said.seed
    with st.container(horizontal=True):
        owner = st.text_input(
            t("Who"), given.get("owner", ""), max_chars=200, key=stating.widget_key(said, "owner"),
            placeholder=t("A name or a role"),
        )  # fmt: skip
        due = st.date_input(
            t("Until"), date.fromisoformat(given["due_on"]) if given.get("due_on") else None,
            key=stating.widget_key(said, "due_on"),
        )  # fmt: skip
    note = st.text_input(
        t("Note"), given.get("note", ""), max_chars=4000, key=stating.widget_key(said, "note")
    )
    return {"state": state, "owner": owner, "due_on": due, "note": note}
