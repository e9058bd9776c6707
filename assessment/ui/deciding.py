"""Decisions on floors on a page: what was decided, deciding that one may stay open, and taking it back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from assessment.access import Action
from assessment.actions.stating import state
from assessment.analysis.blockers import Blocker, Moves, Waiver, Waivers, waiver_words
from assessment.analysis.gates import StageName
from assessment.errors import AssessmentError
from assessment.i18n import day, t
from assessment.organisation import in_time
from assessment.statements import DecisionContent, MoveContent, StatementKind, asked_in
from assessment.store.statements import About, Statement
from assessment.ui import resources
from assessment.ui.filters import View
from assessment.ui.session import Here, local_time, today, who_did
from assessment.ui.text import plain

_REASON_LENGTH = 1000
_TURN = "decisions seen:"


def moves_of(place: Here, view: View) -> Moves:
    """What was last said of each move up to the round, by unit and question: a plan outlives its round."""
    rounds = [entry.id for entry in in_time(place.rounds)]
    until = rounds[: rounds.index(view.round.id) + 1]
    said = resources.statements(place.scope, place.revision, StatementKind.MOVE)
    ordered = sorted(
        (entry for entry in said if entry.about.round_id in until),
        key=lambda entry: until.index(entry.about.round_id),
    )
    return {
        (entry.about.unit_id, asked_in(entry.about.subject_id)[1]): entry.content
        for entry in ordered
        if isinstance(entry.content, MoveContent)
    }


def waivers_of(place: Here, round_id: str) -> Waivers:
    """The waivers of a round, expired ones too, by unit and question; not what was taken back."""
    return {
        key: _waiver(entry, entry.content)
        for key, entry in _decisions(place, round_id).items()
        if isinstance(entry.content, DecisionContent) and entry.content.waived
    }


def _decisions(place: Here, round_id: str) -> Mapping[tuple[str, str], Statement]:
    said = resources.statements(place.scope, place.revision, StatementKind.DECISION)
    return {
        (entry.about.unit_id, asked_in(entry.about.subject_id)[1]): entry
        for entry in said
        if entry.about.round_id == round_id
    }


def _waiver(entry: Statement, content: DecisionContent) -> Waiver:
    questionnaire_id, question_id = asked_in(entry.about.subject_id)
    return Waiver(
        entry.about.unit_id, questionnaire_id, question_id, content.reason, entry.person,
        local_time(entry.at).date(), content.expires_on, entry.version,
    )  # fmt: skip


def draw_decisions(place: Here, view: View, stage: StageName, blocker: Blocker) -> None:
    """What was decided about one gate, and a form for the units that it holds back."""
    if blocker.column.hard or stage is not StageName.PILOT:
        st.caption(t("This gate is hard: nobody can waive it, only its answer can open it."))
        return
    turn = _turn(place, view, blocker)
    for waiver in blocker.waivers:
        _decided(place, view, waiver)
    open_ones = _without_waiver(blocker)
    if view.round.is_over:
        st.caption(t("The round is closed; decisions stand as they were."))
    elif not place.may(Action.DECIDE) or not open_ones:
        return
    else:
        _form(place, view, blocker, open_ones, turn)


def draw_all_decisions(place: Here, view: View, titles: Callable[[str], str]) -> None:
    """Every waiver of the round, also of gates that are met by now; expired ones say so."""
    found = waivers_of(place, view.round.id).values()
    if not found:
        return
    with st.expander(t("All waivers of this round ({n})", n=len(found))):
        rows = [
            {
                t("For"): place.organisation.label(waiver.unit_id),
                t("Floor"): titles(waiver.question_id),
                t("Until"): _until(waiver),
                t("Why"): waiver.reason,
                t("Decided by"): who_did(waiver.person),
                t("Decided"): day(waiver.decided_on),
            }
            for waiver in sorted(found, key=lambda waiver: waiver.expires_on)
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True)


def _until(waiver: Waiver) -> str:
    until = day(waiver.expires_on)
    return t("{day}, expired", day=until) if waiver.is_over(today()) else until


def _turn(place: Here, view: View, blocker: Blocker) -> int:
    """How often something was decided about the gate; tells when somebody else did since this page was drawn.

    It is in the form's key: what was chosen before another's decision is not sent for what the form offers after it.
    """
    question = blocker.column.question_id
    decided = _decisions(place, view.round.id).items()
    now = sum(entry.version for (_, name), entry in decided if name == question)
    key = _TURN + question
    if st.session_state.setdefault(key, now) != now:
        st.info(
            t("Somebody else decided about this gate meanwhile. Look again before you do."),
            icon=":material/sync:",
        )
    st.session_state[key] = now
    return now


def _without_waiver(blocker: Blocker) -> list[str]:
    """The units that are held back and have no waiver that holds."""
    waived = {waiver.unit_id for waiver in blocker.waivers if not waiver.is_over(today())}
    return [unit for unit in blocker.unit_ids if unit not in waived]


def _decided(place: Here, view: View, waiver: Waiver) -> None:
    """One waiver: whose, what was decided by whom and until when, and the way to take it back."""
    row = st.container(
        horizontal=True, vertical_alignment="center", key=f"waived-{waiver.unit_id}-{waiver.question_id}"
    )
    mark = ":material/event_busy:" if waiver.is_over(today()) else ":material/event_available:"
    row.markdown(
        f"{mark} **{plain(place.organisation.label(waiver.unit_id))}**  \n"
        + plain(waiver_words(waiver, today()))
        + " · "
        + t("decided {day}", day=day(waiver.decided_on)),
        width=480,
    )
    if view.round.is_over or not place.may(Action.DECIDE):
        return
    with row.popover(t("Take back"), key=f"back-{waiver.unit_id}-{waiver.question_id}"):
        reason = st.text_input(
            t("Why?"),
            max_chars=_REASON_LENGTH,
            key=f"why-{waiver.unit_id}-{waiver.question_id}-{waiver.version}",
        )
        if st.button(
            t("Take it back"),
            key=f"take-{waiver.unit_id}-{waiver.question_id}-{waiver.version}",
            type="primary",
        ):
            about = _about(view, waiver.unit_id, waiver.questionnaire_id, waiver.question_id)
            _decide(place, about, waiver.version, waived=False, reason=reason, until=waiver.expires_on)


def _form(place: Here, view: View, blocker: Blocker, units: Sequence[str], turn: int) -> None:
    column = blocker.column
    decisions = _decisions(place, view.round.id)
    with st.form(f"waive-{column.question_id}-{turn}", border=True):
        st.markdown(
            t(
                "**Let this floor stay open for a while.** The verdict stays “ready with conditions”; this says who answers for it."
            )
        )
        # Keys of their own: without one, a list that has become shorter would be another list with the first choice.
        named = f"{column.question_id}-{turn}"
        unit = st.selectbox(t("For"), units, format_func=place.organisation.label, key=f"for-{named}")
        reason = st.text_area(t("Why?"), max_chars=_REASON_LENGTH, height="content", key=f"reason-{named}")
        until = st.date_input(t("Until"), None, min_value=today(), key=f"until-{named}")
        if st.form_submit_button(t("Waive it"), type="primary"):
            if not isinstance(until, date):
                st.error(t("Choose the day until which it is waived."), icon=":material/error:")
                return
            before = decisions.get((unit, column.question_id))
            about = _about(view, unit, column.questionnaire_id, column.question_id)
            version = before.version if before else 0
            _decide(place, about, version, waived=True, reason=reason, until=until)


def _about(view: View, unit_id: str, questionnaire_id: str, question_id: str) -> About:
    return About(StatementKind.DECISION, view.round.id, unit_id, f"{questionnaire_id}:{question_id}")


def _decide(place: Here, about: About, version: int, *, waived: bool, reason: str, until: date) -> None:
    """Stores the decision and draws the page anew; says what is in the way instead."""
    if not reason.strip():
        st.error(t("A decision needs its reason."), icon=":material/error:")
        return
    content: dict[str, Any] = {"waived": waived, "reason": reason.strip(), "expires_on": until.isoformat()}
    desk = place.desk()
    once = hashlib.sha256(f"{about}:{version}:{sorted(content.items())}".encode()).hexdigest()[:40]
    try:
        state(desk, about, content, expected_version=version, idempotency_key=f"{desk.session_id}:{once}")
    except AssessmentError as error:
        st.error(t("Not saved. {reason}", reason=plain(str(error))), icon=":material/error:")
    else:
        st.session_state[_TURN + asked_in(about.subject_id)[1]] += 1
        st.rerun()
