"""Moves on a page: what units took on and what became of it, and what one unit could do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from assessment.analysis.commitments import (
    Commitment,
    CommitmentsFinding,
    Outcome,
    Said,
    commitments_finding,
    commitments_table,
    standing,
)
from assessment.analysis.moves import Move, moves_of
from assessment.charts.commitments import commitment_bars, standing_words
from assessment.charts.theme import Words
from assessment.i18n import count, day, decimal, t
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.asked import Asked
from assessment.statements import MoveContent, MoveState, StatementKind, asked_in
from assessment.ui import resources
from assessment.ui.charting import Picture, show, source_line
from assessment.ui.filters import View, remembered
from assessment.ui.over_rounds import rounds_up_to
from assessment.ui.session import Here, today
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette

#: So many next moves of one unit in one questionnaire; more is a wish list.
NEXT_MOVES = 5
STATE_WORDS: Mapping[MoveState, str] = {
    MoveState.PLANNED: "planned",
    MoveState.UNDER_WAY: "under way",
    MoveState.DONE: "done",
    MoveState.DROPPED: "dropped",
}


def draw_moves(place: Here, view: View) -> None:
    """What was taken on, all of it as a list, and the next moves of one unit."""
    labels = _units(place, view)
    finding = _taken_on(place, view, labels)
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


def _taken_on(place: Here, view: View, labels: Mapping[str, str]) -> CommitmentsFinding:
    said = [
        Said(found.about.round_id, found.about.unit_id, *asked_in(found.about.subject_id), found.content)
        for found in resources.statements(place.scope, place.revision, StatementKind.MOVE)
        if found.about.unit_id in labels and isinstance(found.content, MoveContent)
    ]
    mine = [entry for entry in said if entry.questionnaire_id in view.pinned]
    if not mine:
        return CommitmentsFinding(())
    rounds = rounds_up_to(place, view)
    data = resources.scoring_input(place.scope, place.revision, *(entry.id for entry in rounds))
    return commitments_finding(mine, data, rounds, today())


def _picture(place: Here, view: View, finding: CommitmentsFinding, labels: Mapping[str, str]) -> None:
    units = {entry.unit_id for entry in finding.commitments}
    source = source_line(place, view, count(len(units), "unit"), t("by {day}", day=day(today())))
    subtitle = t("Moves by the round in which they were taken on, and what has become of them")

    def draw(titled: bool) -> go.Figure:
        words = Words(source, headline=finding.headline, subtitle=subtitle) if titled else Words("")
        return commitment_bars(finding, palette(), words)

    table = _table(finding.commitments, labels)
    data = commitments_table(finding.commitments)
    show(place, view, Picture("moves", finding.headline, subtitle, source, table, draw, units, data))


def _list(finding: CommitmentsFinding, labels: Mapping[str, str]) -> None:
    st.subheader(t("Who does what until when"), anchor=False)
    wide = {t("State"): st.column_config.TextColumn(width="large")}
    st.dataframe(_table(finding.commitments, labels), hide_index=True, column_config=wide)


def _table(commitments: Sequence[Commitment], labels: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        [
            labels[entry.unit_id], entry.question.name, _way(entry), _state(entry), entry.content.owner or "–",
            day(entry.content.due_on) if entry.content.due_on else "–", _answers_say(entry),
            entry.taken_on_in.title or entry.taken_on_in.id,
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
    state = t(STATE_WORDS[entry.content.state])
    if entry.is_overdue and entry.content.due_on:
        return t("overdue since {day} ({state})", day=day(entry.content.due_on), state=state)
    return state


def _answers_say(entry: Commitment) -> str:
    if entry.outcome is Outcome.UNKNOWN:
        return t("nothing: a level is missing")
    if entry.outcome is Outcome.REACHED:
        return t("reached, level {level}", level=entry.level_now)
    return t("not reached, level {level}", level=entry.level_now)


def _next(place: Here, view: View, finding: CommitmentsFinding, labels: Mapping[str, str]) -> None:
    """The next moves of one unit; of all of them the search would take minutes."""
    if not labels:
        return
    st.subheader(t("Next moves of one unit"), anchor=False)
    st.caption(t("What lifts the score most for its effort, prerequisites first. Advice, not a verdict."))
    unit_id = remembered(
        "unit", list(labels), next(iter(labels)),
        lambda key: st.selectbox(t("Unit"), list(labels), format_func=labels.__getitem__, key=key),
    )  # fmt: skip
    taken = {entry.question.id: entry for entry in reversed(finding.commitments) if entry.unit_id == unit_id}
    found = False
    for name, version in view.pinned.items():
        moves = _moves(place, view.round.id, unit_id, name, version)
        if moves:
            found = True
            _draw_moves(place.catalogue.get(name, version), moves, taken)
    if not found:
        nothing_yet(
            t("There is no advice for this unit."),
            t("It needs a score in this round, and a dimension below its target."),
        )


def _moves(place: Here, round_id: str, unit_id: str, questionnaire_id: str, version: str) -> tuple[Move, ...]:
    data = resources.scoring_input(place.scope, place.revision, round_id)
    return moves_of(data, Asked(round_id, unit_id, questionnaire_id, version), NEXT_MOVES)


def _draw_moves(questionnaire: Questionnaire, moves: Sequence[Move], taken: Mapping[str, Commitment]) -> None:
    efforts = {1: t("small effort"), 2: t("medium effort"), 3: t("large effort")}
    st.markdown(f"**{plain(questionnaire.title)}**")
    lines = []
    for number, move in enumerate(moves, 1):
        first = [questionnaire.questions[other].name for other in move.requires]
        facts = [
            move.dimension_title, t("+{gain} on the score", gain=decimal(move.gain, 2)), efforts[move.effort],
            t("after: {questions}", questions=", ".join(first)) if first else "",
            _taken_words(taken.get(move.question.id)),
        ]  # fmt: skip
        told = " · ".join(plain(fact) for fact in facts if fact)
        lines.append(
            f"{number}. **{plain(move.question.name)}** {move.from_level} → {move.to_level}: {plain(move.goal)}  \n"
            f"   :small[{told}]"
        )
    st.markdown("\n".join(lines))


def _taken_words(entry: Commitment | None) -> str:
    if entry is None:
        return t("not taken on")
    who = entry.content.owner or t("nobody named")
    due = t("due {day}", day=day(entry.content.due_on)) if entry.content.due_on else t("no day set")
    return t(
        "taken on: {who}, {due}, {state}", who=who, due=due, state=standing_words(standing(entry)).lower()
    )
