"""The CDAO's first look: every country in every dimension, and the answers behind each cell."""

import pandas as pd
import streamlit as st

from assessment.access import Action
from assessment.actions.exporting import export_scores
from assessment.analysis.portfolio import Cell, Portfolio, portfolio
from assessment.charts.heatmap import heatmap
from assessment.charts.words import status_words
from assessment.i18n import count, decimal, percent, t
from assessment.organisation import Round
from assessment.responses import EvidenceKind
from assessment.scoring.table import Basis
from assessment.ui import resources
from assessment.ui.question import EVIDENCE_NAMES, choice_label
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
    selected = _heatmap(place, entry, finding, basis, supported=supported)
    _behind(place, entry, finding, selected)
    _download(place, entry)


def _filters() -> tuple[Basis, bool]:
    bases = {Basis.OWN: t("Countries' own answers"), Basis.DOMAINS: t("Mean of their domains")}
    views = {False: t("As claimed"), True: t("As evidence supports")}
    left, right = st.columns(2)
    with left:
        basis = st.segmented_control(
            t("Based on"), [str(b) for b in bases], default=str(Basis.OWN), format_func=lambda b: bases[Basis(b)],
            key="basis", required=True, bind="query-params",
        )  # fmt: skip
    with right:
        view = st.segmented_control(
            t("Levels"), ["claimed", "supported"], default="claimed", format_func=lambda v: views[v == "supported"],
            key="levels", required=True, bind="query-params",
        )  # fmt: skip
    return Basis(basis or Basis.OWN), view == "supported"


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


def _heatmap(
    place: Here, entry: Round, finding: Portfolio, basis: Basis, *, supported: bool
) -> tuple[str, str] | None:
    """Draws the portfolio; gives the unit and dimension of the cell that was clicked."""
    names = {
        level: name
        for pin, version in entry.questionnaires.items()
        for level, name in place.catalogue.get(pin, version).axis
    }
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
    levels = {int(level): name for level, name in names.items()}
    figure = heatmap(finding, palette(), source, level_names=levels)
    event = chart(
        figure, finding.headline, t("Countries × dimensions, by falling mean"), "portfolio", _table(finding),
        on_select="rerun", selection_mode="points",
    )  # fmt: skip
    return _clicked(event)


def _clicked(event: object) -> tuple[str, str] | None:
    points = event["selection"]["points"] if event else []  # type: ignore[index]
    data = points[0].get("customdata") if points else None
    return (str(data[0]), str(data[1])) if data else None


def _table(finding: Portfolio) -> pd.DataFrame:
    def shown(cell: Cell) -> str:
        return decimal(cell.score, 2) if cell.score is not None else status_words(cell.status)

    rows = [
        [row.label, *(shown(cell) for cell in row.cells), "–" if row.mean is None else decimal(row.mean, 2)]
        for row in finding.rows
    ]
    return pd.DataFrame(
        rows, columns=[t("Country"), *(column.title for column in finding.columns), t("Mean")]
    )


def _behind(place: Here, entry: Round, finding: Portfolio, selected: tuple[str, str] | None) -> None:
    """The answers behind one cell, by a click or, without a mouse, by two lists."""
    st.subheader(t("Behind a cell"), anchor=False)
    if selected and st.session_state.get("_clicked") != selected:
        st.session_state["_clicked"] = selected
        st.session_state["cell-unit"], st.session_state["cell-dimension"] = selected
    labels = {row.unit_id: row.label for row in finding.rows}
    titles = {column.dimension_id: column.title for column in finding.columns}
    if not labels or not titles:
        return
    left, right = st.columns(2)
    unit = left.selectbox(t("Country"), list(labels), format_func=lambda u: labels[u], key="cell-unit")
    dimension = right.selectbox(
        t("Dimension"), list(titles), format_func=lambda d: titles[d], key="cell-dimension"
    )
    cells = {(cell.unit_id, cell.dimension_id): cell for row in finding.rows for cell in row.cells}
    cell = cells.get((unit, dimension))
    if cell is None:
        return
    st.markdown(_sentence(cell, labels[unit], titles[dimension]))
    _answers(place, entry, cell)


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


def _answers(place: Here, entry: Round, cell: Cell) -> None:
    answers = resources.scoring_input(place.scope, place.revision).answers
    rows = []
    for pin, version in entry.questionnaires.items():
        questionnaire = place.catalogue.get(pin, version)
        questions = [
            q
            for q in questionnaire.questions.values()
            if questionnaire.dimension_of[q.id].id == cell.dimension_id
        ]
        mine = answers[
            (answers["round_id"] == entry.id)
            & (answers["unit_id"] == cell.unit_id)
            & (answers["questionnaire_id"] == pin)
        ].set_index("question_id")
        for question in questions:
            if question.id not in mine.index:
                continue
            row = mine.loc[question.id]
            choice = row["value"] or f"state:{row['state']}"
            rows.append(
                {
                    t("Question"): question.prompt,
                    t("Answer"): choice_label(questionnaire, choice).replace("\\", ""),
                    t("Evidence"): t(EVIDENCE_NAMES[EvidenceKind(row["evidence_kind"] or "none")]).split(":")[
                        0
                    ],
                    t("Reference"): row["evidence_ref"],
                    t("Comment"): row["reason"] or row["comment"],
                }
            )
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True)
    else:
        st.caption(t("No answers to show: the assessment isn't sent for review yet."))


def _download(place: Here, entry: Round) -> None:
    st.subheader(t("Take it with you"), anchor=False)
    st.download_button(
        t("Download scores.csv of all units"),
        data=lambda: export_scores(place.desk(), entry.id).content,
        file_name=f"scores_{entry.id}_all-units.csv",
        mime="text/csv",
        icon=":material/download:",
    )


page()
