"""What one cell of the overview rests on: its answers and how they stood each time they were sent, or its domains."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd
import streamlit as st

from assessment.analysis.portfolio import Cell, Portfolio, PortfolioColumn
from assessment.charts.words import status_words
from assessment.i18n import day, decimal, percent, t
from assessment.questionnaire.models import Question, Questionnaire, UnitKind
from assessment.responses import EvidenceKind
from assessment.scoring.table import Basis
from assessment.store.answer_history import answers_at
from assessment.store.assessments import read_assessments, sent_at
from assessment.ui import resources
from assessment.ui.address import remembered
from assessment.ui.filters import View
from assessment.ui.question import EVIDENCE_NAMES, answer_label, choice_words
from assessment.ui.session import Here, local_time
from assessment.ui.text import plain
from assessment.ui.widgets import STATE_NAMES

#: The keys of the two lists that say which cell, and their names in the address.
UNIT, COLUMN = "unit", "dimension"


def chosen_cell(finding: Portfolio) -> tuple[str, str, str] | None:
    """The cell that was clicked, chosen or named by the address, as unit, dimension and questionnaire."""
    unit = st.session_state.get(UNIT) or st.query_params.get(UNIT)
    column = str(st.session_state.get(COLUMN) or st.query_params.get(COLUMN) or "")
    questionnaire, _, dimension = column.partition("/")
    known = any(row.unit_id == unit for row in finding.rows)
    return (str(unit), dimension, questionnaire) if known and dimension else None


def choose_clicked(key: str) -> None:
    """Points the lists below the chart at the cell that was clicked; letting go of a cell changes nothing."""
    points = st.session_state[key]["selection"]["points"]
    if points:
        unit, dimension, questionnaire = points[0]["customdata"][:3]
        st.session_state[UNIT] = unit
        st.session_state[COLUMN] = f"{questionnaire}/{dimension}"


def draw_behind(place: Here, view: View, finding: Portfolio) -> None:
    """The cell chosen by a click or, without a mouse, by two lists; first the sentence, then what it rests on."""
    rows = {row.unit_id: row for row in finding.rows}
    columns = {f"{column.questionnaire_id}/{column.dimension_id}": column for column in finding.columns}
    if not rows or not columns:
        return
    st.subheader(t("Behind a cell"), anchor=False)
    left, right = st.columns(2)
    with left:
        unit_id = choose_one(UNIT, t("Unit"), {name: row.label for name, row in rows.items()})
    with right:
        titles = {key: finding.label(column) for key, column in columns.items()}
        column = columns[choose_one(COLUMN, t("Dimension"), titles)]
    cell = rows[unit_id].cells[finding.columns.index(column)]
    st.markdown(_sentence(cell, rows[unit_id].label, finding.label(column)))
    is_country = place.organisation.units[unit_id].kind is UnitKind.COUNTRY
    if view.basis is Basis.DOMAINS and is_country:
        _domains(place, view, cell, column.questionnaire_id)
    else:
        _answers(place, view, cell, column)


def choose_one(name: str, label: str, words: Mapping[str, str], first: str = "") -> str:
    """A list that says one half of which cell; the first of `words` where no other is the usual choice."""
    return str(
        remembered(
            name, list(words), first or next(iter(words)),
            lambda key: st.selectbox(label, list(words), format_func=words.__getitem__, key=key),
        )
    )  # fmt: skip


def _sentence(cell: Cell, unit: str, dimension: str) -> str:
    what = f"**{plain(unit)}, {plain(dimension)}**"
    if cell.score is None:
        state = f" ({t(STATE_NAMES[cell.assessment_state]).lower()})" if cell.assessment_state else ""  # type: ignore[index]
        return t("{what}: no score, {why}{state}.", what=what, why=status_words(cell.status), state=state)
    mean = t(
        "{what}: mean {score}, {coverage} answered.",
        what=what, score=decimal(cell.score, 2), coverage=percent(cell.coverage or 0),
    )  # fmt: skip
    if cell.target is None:
        return mean
    target = t("Target {target}, gap {gap}.", target=decimal(cell.target), gap=decimal(cell.gap or 0))
    return f"{mean} {target}"


def _domains(place: Here, view: View, cell: Cell, questionnaire_id: str) -> None:
    scores = resources.scores(place.scope, place.revision, view.round.id)
    domains = [unit.id for unit in place.organisation.domains(cell.unit_id)]
    found = scores[
        (scores["questionnaire_id"] == questionnaire_id)
        & (scores["dimension_id"] == cell.dimension_id)
        & scores["unit_id"].isin(domains)
    ]
    measure = "supported_score" if view.supported else "score"
    rows = [
        {
            t("Domain"): row["unit_name"],
            t("Mean"): status_words(row["status"]) if pd.isna(row[measure]) else decimal(row[measure], 2),
            t("Assessment"): t(STATE_NAMES[row["assessment_state"]]),
        }
        for row in found.to_dict("records")
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _answers(place: Here, view: View, cell: Cell, column: PortfolioColumn) -> None:
    questionnaire = place.catalogue.get(column.questionnaire_id, view.pinned[column.questionnaire_id])
    answers = resources.scoring_input(place.scope, place.revision, view.round.id).answers
    mine = answers[
        (answers["unit_id"] == cell.unit_id) & (answers["questionnaire_id"] == column.questionnaire_id)
    ]
    given = {row["question_id"]: row for row in mine.to_dict("records")}
    below = next(d for d in questionnaire.dimensions if d.id == cell.dimension_id)
    asked = [question for question in below.all_questions() if question.id in given]
    if not asked:
        st.caption(t("No answers to show: the assessment isn't sent for review yet."))
        return
    rows = [
        {t("Question"): question.prompt, **answer_row(questionnaire, given[question.id])}
        for question in asked
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
    draw_history(place, cell.unit_id, questionnaire, asked)


def draw_history(place: Here, unit_id: str, questionnaire: Questionnaire, asked: list[Question]) -> None:
    """How one unit's answers stood each time they were sent, on request."""
    box = st.expander(t("How these answers stood each time they were sent"), key="history", on_change="rerun")
    if box.open:
        box.dataframe(_history(place, unit_id, questionnaire, asked), hide_index=True)


def answer_row(questionnaire: Questionnaire, row: Mapping[Hashable, str]) -> dict[str, str]:
    """One answer of the answers' table as people read it."""
    evidence = t(EVIDENCE_NAMES[EvidenceKind(row["evidence_kind"] or "none")]).split(":")[0]
    return {
        t("Answer"): choice_words(questionnaire, row["question_id"], row["value"] or f"state:{row['state']}"),
        t("Evidence"): evidence,
        t("Reference"): row["evidence_ref"],
        t("Comment"): row["reason"] or row["comment"],
    }


def _history(place: Here, unit_id: str, questionnaire: Questionnaire, asked: list[Question]) -> pd.DataFrame:
    """The answers of all rounds as they were sent; what a draft held in between is nobody else's business."""
    titles = {entry.id: entry.title for entry in place.rounds}
    rows: list[dict[str, str]] = []
    with place.store.read() as connection:
        for found in read_assessments(connection, [unit_id]):
            if found.questionnaire_id != questionnaire.id:
                continue
            for moment in sent_at(connection, found.id):
                then = answers_at(connection, found.id, moment, place.scope)
                rows += [
                    {
                        t("Question"): question.name,
                        t("Round"): titles[found.round_id],
                        t("Sent"): day(local_time(moment).date()),
                        t("Answer"): answer_label(questionnaire, question.id, then.get(question.id)),
                    }
                    for question in asked
                ]
    order = {question.name: number for number, question in enumerate(asked)}
    # By question, then in time: what changed stands one below the other.
    rows.sort(key=lambda row: order[row[t("Question")]])
    return pd.DataFrame(rows)
