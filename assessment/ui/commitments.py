"""Moves on a page: what units took on and what became of it, and what one unit could do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from assessment.analysis.commitments import (
    Commitment,
    CommitmentsFinding,
    commitments_table,
    standing,
)
from assessment.analysis.moves import Move
from assessment.charts.commitments import commitment_bars, standing_words
from assessment.charts.words import move_state_words
from assessment.i18n import count, day, t
from assessment.questionnaire.models import Questionnaire
from assessment.ui.advice import advice_words, advised, commitments_of, move_words, outcome_words
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import View, remembered
from assessment.ui.session import Here, today
from assessment.ui.tables import draw_table
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette

#: So many next moves of one unit in one questionnaire; more is a wish list.
NEXT_MOVES = 5


def draw_moves(place: Here, view: View) -> None:
    """What was taken on, all of it as a list, and the next moves of one unit."""
    labels = _units(place, view)
    finding = commitments_of(place, view, labels)
    if finding.commitments:
        _picture(place, view, finding, labels)
        _list(finding, labels)
    else:
        nothing_yet(f"{finding.headline}.", t("A unit takes one on under “Result”, with an owner and a day."))
    _next(place, view, finding, labels)


def _units(place: Here, view: View) -> dict[str, str]:
    """Countries and their domains; of one family only its domains."""
    countries = {} if view.family else view.countries(place.organisation)
    found = {**countries, **view.domains(place.organisation)}
    return {unit: found[unit] for unit in place.organisation.units if unit in found}


def _picture(place: Here, view: View, finding: CommitmentsFinding, labels: Mapping[str, str]) -> None:
    units = {entry.unit_id for entry in finding.commitments}
    source = source_line(place, view, count(len(units), "unit"), t("by {day}", day=day(today())))
    subtitle = t("Moves by the round in which they were taken on, and what has become of them")
    picture = Picture(
        "moves", finding.headline, subtitle, source, _table(finding.commitments, labels),
        lambda titled: commitment_bars(
            finding, palette(), words_of(finding.headline, subtitle, source, titled=titled)
        ),
        units, commitments_table(finding.commitments),
    )  # fmt: skip
    show(place, view, picture)


def _list(finding: CommitmentsFinding, labels: Mapping[str, str]) -> None:
    st.subheader(t("Who does what until when"), anchor=False)
    draw_table(_table(finding.commitments, labels))


def _table(commitments: Sequence[Commitment], labels: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        [
            labels[entry.unit_id], entry.question.name, _way(entry), _state(entry), entry.content.owner or "–",
            day(entry.content.due_on) if entry.content.due_on else "–", outcome_words(entry),
            entry.taken_on_in.name,
        ]
        for entry in commitments
    ]  # fmt: skip
    head = [
        t("Unit"),
        t("Move"),
        t("Level"),
        t("State"),
        t("Owner"),
        t("Due"),
        t("The answers say"),
        t("Taken on in"),
    ]
    return pd.DataFrame(rows, columns=head)


def _way(entry: Commitment) -> str:
    ends = ("–" if level is None else str(level) for level in (entry.from_level, entry.wanted))
    return " → ".join(ends)


def _state(entry: Commitment) -> str:
    state = move_state_words(entry.content.state).lower()
    if entry.is_overdue and entry.content.due_on:
        return t("overdue since {day} ({state})", day=day(entry.content.due_on), state=state)
    return state


def _next(place: Here, view: View, finding: CommitmentsFinding, labels: Mapping[str, str]) -> None:
    """The next moves of one unit; of all of them the search would take minutes."""
    if not labels:
        return
    st.subheader(t("Next moves of one unit"), anchor=False)
    st.caption(advice_words())
    unit_id = remembered(
        "unit", list(labels), next(iter(labels)),
        lambda key: st.selectbox(t("Unit"), list(labels), format_func=labels.__getitem__, key=key),
    )  # fmt: skip
    taken = {entry.question.id: entry for entry in reversed(finding.commitments) if entry.unit_id == unit_id}
    found = advised(place, view, str(unit_id), NEXT_MOVES)
    for questionnaire, moves in found.items():
        if moves:
            _draw_moves(questionnaire, moves, taken)
    if not any(found.values()):
        nothing_yet(
            t("There is no advice for this unit."),
            t("It needs a score in this round, and a dimension below its target."),
        )


def _draw_moves(questionnaire: Questionnaire, moves: Sequence[Move], taken: Mapping[str, Commitment]) -> None:
    st.markdown(f"**{plain(questionnaire.title)}**")
    for number, move in enumerate(moves, 1):
        about = _taken_words(taken.get(move.question.id))
        st.markdown(f"{number}. {move_words(move, questionnaire.questions, about)}")


def _taken_words(entry: Commitment | None) -> str:
    if entry is None:
        return t("not taken on")
    who = entry.content.owner or t("nobody named")
    due = t("due {day}", day=day(entry.content.due_on)) if entry.content.due_on else t("no day set")
    return t(
        "taken on: {who}, {due}, {state}", who=who, due=due, state=standing_words(standing(entry)).lower()
    )
