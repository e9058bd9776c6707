"""The CDAO's first look: every country in every dimension, and the answers behind each cell."""

from collections.abc import Hashable, Mapping

import pandas as pd
import streamlit as st

from assessment.access import Action
from assessment.actions.exporting import export_scores, file_name
from assessment.analysis.portfolio import Cell, Portfolio, portfolio
from assessment.charts.heatmap import heatmap
from assessment.charts.words import status_words
from assessment.i18n import count, decimal, percent, t
from assessment.organisation import Round
from assessment.questionnaire.models import Questionnaire
from assessment.responses import EvidenceKind
from assessment.scoring.table import Basis
from assessment.ui import resources
from assessment.ui.question import EVIDENCE_NAMES, choice_words
from assessment.ui.session import Here, here
from assessment.ui.text import plain
from assessment.ui.widgets import STATE_NAMES, chart, choose_round, nothing_yet, palette


def page() -> None:
    place = here()
    st.title(t("Overview"), anchor=False)
    countries = {unit.id: unit.name for unit in place.organisation.countries}
    if not countries or not place.rounds or not place.may(Action.COMPARE):
        nothing_yet(
            t("There is nothing to compare yet."),
            t("The administrator adds countries and opens a round first."),
        )
        return
    entry = choose_round(place.rounds)
    basis, supported = _filters()
    scores = resources.scores(place.scope, place.revision)
    rows = scores[(scores["round_id"] == entry.id) & (scores["basis"] == basis)]
    titles = {pin: place.catalogue.get(pin, version).title for pin, version in entry.questionnaires.items()}
    finding = portfolio(rows, countries, titles, supported=supported)
    _facts(finding)
    _heatmap(place, entry, finding, basis, supported=supported)
    _behind(place, entry, finding, basis, supported=supported)
    _download(place, entry)


def _filters() -> tuple[Basis, bool]:
    bases = {Basis.OWN: t("Countries' own answers"), Basis.DOMAINS: t("Mean of their domains")}
    views = {False: t("As claimed"), True: t("As evidence supports")}
    left, right = st.columns(2)
    with left:
        basis = st.radio(
            t("Based on"), [str(b) for b in bases], format_func=lambda b: bases[Basis(b)], horizontal=True,
            key="basis", bind="query-params",
        )  # fmt: skip
    with right:
        view = st.radio(
            t("Levels"), ["claimed", "supported"], format_func=lambda v: views[v == "supported"], horizontal=True,
            key="levels", bind="query-params",
        )  # fmt: skip
    return Basis(basis), view == "supported"


def _facts(finding: Portfolio) -> None:
    measured, median, short = st.columns(3)
    measured.metric(
        t("Countries with a score"), t("{n} of {all}", n=finding.measured, all=len(finding.rows)), border=True
    )
    median.metric(
        t("Median of their means"), "–" if finding.median is None else decimal(finding.median), border=True
    )
    short.metric(
        t("Cells more than one level short"),
        t("{n} of {all}", n=finding.short, all=finding.scored),
        border=True,
    )


def _heatmap(place: Here, entry: Round, finding: Portfolio, basis: Basis, *, supported: bool) -> None:
    """Draws the portfolio; a click on a cell chooses what is shown behind it."""
    axes = [place.catalogue.get(pin, version).axis for pin, version in entry.questionnaires.items()]
    levels = {int(level): name for axis in axes for level, name in axis}
    parts = [
        entry.title,
        ", ".join(f"{pin}@{version}" for pin, version in entry.questionnaires.items()),
        count(finding.measured, "country", "countries"),
        t("own answers") if basis is Basis.OWN else t("mean of the domains"),
        t("as evidence supports") if supported else t("as claimed"),
        t("Synthetic data") if place.is_synthetic else "",
    ]
    rule = t("The digit is the whole level that the mean has reached.")
    source = t("Source: {parts}. {rule}", parts=" · ".join(part for part in parts if part), rule=rule)
    chart(
        heatmap(finding, palette(), "", level_names=levels),
        finding.headline,
        t("Countries × dimensions, by falling mean"),
        "portfolio",
        _table(finding),
        source,
        on_select=_choose_clicked,
        selection_mode="points",
    )


def _choose_clicked() -> None:
    """Points the lists below the chart at the cell that was clicked; letting go of a cell changes nothing."""
    points = st.session_state["portfolio"]["selection"]["points"]
    if points:
        unit, dimension, questionnaire = points[0]["customdata"][:3]
        st.session_state["cell-unit"] = unit
        st.session_state["cell-column"] = f"{questionnaire}/{dimension}"


def _table(finding: Portfolio) -> pd.DataFrame:
    def shown(cell: Cell) -> str:
        return decimal(cell.score, 2) if cell.score is not None else status_words(cell.status)

    rows = [
        [row.label, *(shown(cell) for cell in row.cells), "–" if row.mean is None else decimal(row.mean, 2)]
        for row in finding.rows
    ]
    return pd.DataFrame(
        rows, columns=[t("Country"), *(finding.label(column) for column in finding.columns), t("Mean")]
    )


def _behind(place: Here, entry: Round, finding: Portfolio, basis: Basis, *, supported: bool) -> None:
    """What one cell rests on, its answers or its domains, chosen by a click or, without a mouse, by two lists."""
    st.subheader(t("Behind a cell"), anchor=False)
    rows = {row.unit_id: row for row in finding.rows}
    columns = {f"{column.questionnaire_id}/{column.dimension_id}": column for column in finding.columns}
    if not rows or not columns:
        return
    left, right = st.columns(2)
    unit = left.selectbox(t("Country"), list(rows), format_func=lambda u: rows[u].label, key="cell-unit")
    key = right.selectbox(
        t("Dimension"), list(columns), format_func=lambda c: finding.label(columns[c]), key="cell-column"
    )
    column = columns[key]
    cell = rows[unit].cells[finding.columns.index(column)]
    st.markdown(_sentence(cell, rows[unit].label, finding.label(column)))
    if basis is Basis.OWN:
        _answers(place, entry, cell, column.questionnaire_id)
    else:
        _domains(place, entry, cell, column.questionnaire_id, "supported_score" if supported else "score")


def _sentence(cell: Cell, unit: str, dimension: str) -> str:
    what = f"**{plain(unit)}, {plain(dimension)}**"
    if cell.score is None:
        state = f" ({t(STATE_NAMES[cell.assessment_state]).lower()})" if cell.assessment_state else ""  # type: ignore[index]
        return t("{what}: no score, {why}{state}.", what=what, why=status_words(cell.status), state=state)
    coverage = percent(cell.coverage or 0)
    target = (
        ""
        if cell.target is None
        else t(" Target {target}, gap {gap}.", target=decimal(cell.target), gap=decimal(cell.gap or 0))
    )
    return (
        t(
            "{what}: mean {score}, {coverage} answered.",
            what=what,
            score=decimal(cell.score, 2),
            coverage=coverage,
        )
        + target
    )


def _domains(place: Here, entry: Round, cell: Cell, questionnaire_id: str, measure: str) -> None:
    scores = resources.scores(place.scope, place.revision)
    domains = [unit.id for unit in place.organisation.domains(cell.unit_id)]
    found = scores[
        (scores["round_id"] == entry.id)
        & (scores["questionnaire_id"] == questionnaire_id)
        & (scores["dimension_id"] == cell.dimension_id)
        & scores["unit_id"].isin(domains)
    ]
    rows = [
        {
            t("Domain"): row["unit_name"],
            t("Mean"): status_words(row["status"]) if pd.isna(row[measure]) else decimal(row[measure], 2),
            t("Assessment"): t(STATE_NAMES[row["assessment_state"]]),
        }
        for row in found.to_dict("records")
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _answers(place: Here, entry: Round, cell: Cell, questionnaire_id: str) -> None:
    answers = resources.scoring_input(place.scope, place.revision).answers
    questionnaire = place.catalogue.get(questionnaire_id, entry.questionnaires[questionnaire_id])
    mine = answers[
        (answers["round_id"] == entry.id)
        & (answers["unit_id"] == cell.unit_id)
        & (answers["questionnaire_id"] == questionnaire_id)
    ]
    given = {row["question_id"]: row for row in mine.to_dict("records")}
    below = next(d for d in questionnaire.dimensions if d.id == cell.dimension_id)
    rows = [
        _answer_row(questionnaire, question.prompt, given[question.id])
        for question in below.all_questions()
        if question.id in given
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True)
    else:
        st.caption(t("No answers to show: the assessment isn't sent for review yet."))


def _answer_row(questionnaire: Questionnaire, prompt: str, row: Mapping[Hashable, str]) -> dict[str, str]:
    evidence = t(EVIDENCE_NAMES[EvidenceKind(row["evidence_kind"] or "none")]).split(":")[0]
    return {
        t("Question"): prompt,
        t("Answer"): choice_words(questionnaire, row["question_id"], row["value"] or f"state:{row['state']}"),
        t("Evidence"): evidence,
        t("Reference"): row["evidence_ref"],
        t("Comment"): row["reason"] or row["comment"],
    }


def _download(place: Here, entry: Round) -> None:
    st.subheader(t("Take it with you"), anchor=False)
    st.download_button(
        t("Download scores.csv of all units"),
        data=lambda: export_scores(place.desk(), entry.id).content,
        file_name=file_name(entry.id, None, place.desk().at, is_synthetic=place.is_synthetic),
        mime="text/csv",
        icon=":material/download:",
    )


page()
