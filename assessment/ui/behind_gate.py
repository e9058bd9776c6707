"""What one cell of the gate matrix rests on: whose answers the gate reads, and how a country's domains stand at it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from assessment.analysis.gate_columns import GateColumn, below_words, most_open
from assessment.analysis.gate_matrix import GateMatrix
from assessment.analysis.gates import Gate
from assessment.charts.words import state_words
from assessment.i18n import t
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.ui import resources
from assessment.ui.behind import UNIT, answer_row, choose_one, draw_history
from assessment.ui.filters import View
from assessment.ui.session import Here
from assessment.ui.text import plain

#: The key of the list that says which gate, and its name in the address: as of the blockers.
GATE = "gate"


def chosen_gate(matrix: GateMatrix) -> tuple[str, str] | None:
    """The cell that was clicked, chosen or named by the address, as unit and gate."""
    unit = st.session_state.get(UNIT) or st.query_params.get(UNIT)
    gate = st.session_state.get(GATE) or st.query_params.get(GATE)
    is_known = any(row.unit_id == unit for row in matrix.rows) and any(
        column.key == gate for column in matrix.columns
    )
    return (str(unit), str(gate)) if is_known else None


def choose_gate_clicked(key: str) -> None:
    """Points the lists below the chart at the cell that was clicked; letting go of a cell changes nothing."""
    points = st.session_state[key]["selection"]["points"]
    if points:
        st.session_state[UNIT], st.session_state[GATE] = points[0]["customdata"][:2]


def draw_behind_gate(place: Here, view: View, matrix: GateMatrix) -> None:
    """The cell chosen by a click or, without a mouse, by two lists; first the sentence, then the answers behind it."""
    rows = {row.unit_id: row for row in matrix.rows}
    columns = {column.key: column for column in matrix.columns}
    worst = most_open(matrix.judged or matrix.columns) or matrix.columns[0]
    st.subheader(t("Behind a cell"), anchor=False)
    left, right = st.columns(2)
    with left:
        row = rows[choose_one(UNIT, t("Unit"), {name: row.label for name, row in rows.items()})]
    with right:
        titles = {key: column.title for key, column in columns.items()}
        column = columns[choose_one(GATE, t("Gate"), titles, worst.key)]
    at = matrix.columns.index(column)
    gate, below = row.gates[at], row.below[at] if row.below else ()
    if gate is None:
        st.caption(t("{unit} isn't asked for this gate.", unit=plain(row.label)))
        return
    st.markdown(_sentence(place, gate, below, row.label, column))
    _answers(place, view, gate, below)


def _sentence(place: Here, gate: Gate, below: Sequence[Gate], unit: str, column: GateColumn) -> str:
    """What the gate needs, what was found, and whom it holds back."""
    told = t(
        "**{unit}, {gate}**: {state}. It needs level {level}{found}.",
        unit=plain(unit), gate=plain(column.title), state=state_words(gate.state), level=gate.needed_level,
        found=_found(place, gate),
    )  # fmt: skip
    blocks = below_words(below)
    return t("{told} For pilots: {blocks}.", told=told, blocks=blocks) if blocks else told


def _found(place: Here, gate: Gate) -> str:
    reading = gate.reading
    if reading.claimed is None:
        return ""
    found = t(
        "; claimed is {claimed}, evidence carries {supported}",
        claimed=reading.claimed,
        supported=reading.supported,
    )
    if reading.source_unit_id == gate.unit_id:
        return found
    whose = plain(place.organisation.label(reading.source_unit_id))
    return t("{found}, by {unit}", found=found, unit=whose)


def _answers(place: Here, view: View, gate: Gate, below: Sequence[Gate]) -> None:
    """Everybody whose answer the gate reads, of a country also its domains that are asked the same."""
    questionnaire = _home(place, view, gate.question_id)
    if questionnaire is None:
        st.caption(
            t("No answer stands behind this: it follows from what is known of the domain beside its answers.")
        )
        return
    question = questionnaire.questions[gate.question_id]
    answers = resources.scoring_input(place.scope, place.revision, view.round.id).answers
    mine = answers[answers["question_id"] == question.id]
    given = {row["unit_id"]: row for row in mine.to_dict("records")}
    states = {gate.reading.source_unit_id: gate.state} | {entry.unit_id: entry.state for entry in below}
    rows = [
        {
            t("Whose answer"): place.organisation.label(unit),
            t("Gate"): state_words(states[unit]) if unit in states else "",
            **(answer_row(questionnaire, given[unit]) if unit in given else {t("Answer"): t("nothing sent yet")}),
        }
        for unit in _whose(place, gate)
        if question.is_asked_of(place.organisation.units[unit].kind)
    ]  # fmt: skip
    st.markdown(plain(question.prompt))
    # Wide enough for the longest state, which a measure of the first rows misses.
    wide = {t("Gate"): st.column_config.TextColumn(width="medium")}
    st.dataframe(pd.DataFrame(rows).fillna(""), hide_index=True, column_config=wide)
    draw_history(place, gate.reading.source_unit_id, questionnaire, [question])


def _whose(place: Here, gate: Gate) -> list[str]:
    """The unit whose answer it is; of a country also its domains, whose median it may be."""
    source = gate.reading.source_unit_id
    if place.organisation.units[source].kind is not UnitKind.COUNTRY or source != gate.unit_id:
        return [source]
    return [source, *(domain.id for domain in place.organisation.domains(source))]


def _home(place: Here, view: View, question_id: str) -> Questionnaire | None:
    """The questionnaire of the round that asks a question."""
    asked = (place.catalogue.get(name, version) for name, version in view.round.questionnaires.items())
    return next((entry for entry in asked if question_id in entry.questions), None)
