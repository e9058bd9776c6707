"""The gates part of the readiness page: the matrix, and the choices of stage and gates that the blockers share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from assessment.analysis.blockers import Waivers, waiver_words
from assessment.analysis.gate_columns import below_words
from assessment.analysis.gate_matrix import GateMatrix, gate_matrix, matrix_table
from assessment.analysis.gates import Gate, StageName
from assessment.analysis.readiness import RoundFindings
from assessment.charts.gate_matrix import gate_matrix as gate_figure
from assessment.charts.theme import Words
from assessment.charts.words import row_words, state_words
from assessment.i18n import count, t
from assessment.organisation import Organisation
from assessment.questionnaire.verdicts import VerdictRules
from assessment.ui.address import remembered
from assessment.ui.behind_gate import choose_gate_clicked, chosen_gate, draw_behind_gate
from assessment.ui.charting import Picture, show, source_line
from assessment.ui.deciding import waivers_of
from assessment.ui.filters import Rows, View, family_name, rows_words
from assessment.ui.session import Here, today
from assessment.ui.widgets import nothing_yet, palette

_HARD, _ALL = "hard", "all"


def draw_gates(place: Here, view: View, findings: RoundFindings, rules: VerdictRules) -> None:
    """Who is ready, the staircase of gates, and what one of its cells rests on."""
    stage, hard_only = choose_gates(view, rules)
    matrix = gate_matrix(
        findings, rules, stage, row_labels(place.organisation, view), questionnaire_id=view.questionnaire_id,
        hard_only=hard_only, domains=view.domains(place.organisation), family=family_name(place.organisation, view),
    )  # fmt: skip
    if not matrix.rows or not matrix.columns:
        nothing_yet(f"{matrix.headline}.", t("Choose other units, or a questionnaire that has gates, above."))
        return
    waivers = waivers_of(place, view.round.id)
    source = source_line(place, view, _counted(view, matrix), t("supported levels"))
    picture = Picture(
        "gate-matrix",
        matrix.headline,
        _subtitle(place, view, matrix),
        source,
        _table(matrix),
        lambda titled: _figure(place, matrix, waivers, source, titled=titled),
        [row.unit_id for row in matrix.rows],
        matrix_table(matrix),
    )
    show(place, view, picture, on_select=lambda: choose_gate_clicked(picture.key), selection_mode="points")
    draw_behind_gate(place, view, matrix)


def choose_gates(view: View, rules: VerdictRules) -> tuple[StageName, bool]:
    """Asks for the stage and for which gates; later stages are countries' only, and all of their gates are hard."""
    with st.container(horizontal=True):
        stage = _stage(view, rules)
        hard_only = stage is StageName.PILOT and _hard_only()
    return stage, hard_only


def row_labels(organisation: Organisation, view: View) -> dict[str, str]:
    """What the rows are called: without what is the same in all of them."""
    units = view.units(organisation)
    if view.rows is Rows.COUNTRIES:
        return units
    parents = {organisation.units[unit].parent_id for unit in units}
    if len(parents) == 1:
        return {unit: organisation.units[unit].name for unit in units}
    if view.family and len(parents) == len(units):
        return {unit: organisation.units[organisation.units[unit].parent_id or ""].name for unit in units}
    return units


def _stage(view: View, rules: VerdictRules) -> StageName:
    gates = rules.gates
    titles = {StageName.PILOT: gates.pilot.title}
    if view.rows is Rows.COUNTRIES:
        titles |= {StageName.SCALE: gates.scale.title, StageName.SUSTAIN: gates.sustain.title}
    return StageName(_chosen("stage", t("Ready for"), {str(name): title for name, title in titles.items()}))


def _hard_only() -> bool:
    names = {_HARD: t("Hard gates"), _ALL: t("Floors too")}
    return _chosen("gates", t("Gates"), names) == _HARD


def _chosen(name: str, label: str, names: Mapping[str, str]) -> str:
    return str(
        remembered(
            name, list(names), next(iter(names)),
            lambda key: st.radio(label, list(names), format_func=names.__getitem__, horizontal=True, key=key),
        )
    )  # fmt: skip


def _figure(place: Here, matrix: GateMatrix, waivers: Waivers, source: str, *, titled: bool) -> go.Figure:
    words = Words(source, headline=matrix.headline, subtitle=matrix.title) if titled else Words("")
    selected = None if titled else chosen_gate(matrix)
    return gate_figure(
        matrix, palette(), words, row_words, lambda gate, below: _more(place, gate, below, waivers), selected
    )  # fmt: skip


def _subtitle(place: Here, view: View, matrix: GateMatrix) -> str:
    """What rows, cells and the words at the right are; a country's cells are its own, its pilots are its domains'."""
    rows = t(
        "{rows} × gates, by falling number passed; only exceptions are coloured.",
        rows=rows_words(place.organisation, view),
    )
    if matrix.stage is not StageName.PILOT or view.rows is Rows.DOMAINS:
        return t("{rows} At the right: the verdict over all gates", rows=rows)
    cells = t(
        "{rows} A cell is what the country says of itself, or its domains' median where only domains are asked.",
        rows=rows,
    )
    if not matrix.judged:
        return cells
    return t(
        "{cells} Pilots are its domains', whose own answers come first: what blocks is counted over them, and at the right"
        " stands how many are ready.",
        cells=cells,
    )  # fmt: skip


def _more(place: Here, gate: Gate, below: Sequence[Gate], waivers: Waivers) -> str:
    """Whose answer it is, what it claims and carries, how its domains stand, and whether somebody waived it."""
    parts = [t("needs level {level}", level=gate.needed_level)]
    if gate.reading.claimed is not None:
        claimed, supported = gate.reading.claimed, gate.reading.supported
        parts.append(
            t("claimed {claimed}, evidence carries {supported}", claimed=claimed, supported=supported)
        )
    if gate.reading.source_unit_id != gate.unit_id:
        parts.append(t("answered by {unit}", unit=place.organisation.label(gate.reading.source_unit_id)))
    if below:
        parts.append(below_words(below))
    waiver = waivers.get((gate.unit_id, gate.question_id))
    if waiver is not None and gate.is_open and not gate.hard:
        parts.append(waiver_words(waiver, today()))
    return "; ".join(parts)


def _counted(view: View, matrix: GateMatrix) -> str:
    rows = len(matrix.rows)
    shown = count(rows, "country", "countries") if view.rows is Rows.COUNTRIES else count(rows, "domain")
    return t("{shown}, {n} not asked", shown=shown, n=matrix.missing) if matrix.missing else shown


def _table(matrix: GateMatrix) -> pd.DataFrame:
    titles = [column.title for column in matrix.columns]
    rows = [
        [row.label, *(state_words(gate.state) if gate else "" for gate in row.gates), row_words(row)]
        for row in matrix.rows
    ]
    return pd.DataFrame(rows, columns=[t("Unit"), *titles, t("Verdict")])
