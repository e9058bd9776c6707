"""Who moved between two rounds and why: the bars by cause, and the questions behind them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from assessment.analysis.effects import question_effects
from assessment.analysis.headlines import of_questionnaire
from assessment.analysis.movers import (
    Movement,
    MovementFinding,
    cause_words,
    movement_finding,
    movers_table,
    refusal_words,
    signed,
)
from assessment.analysis.readings import Known
from assessment.charts.movement import MOST_UNITS, movement_bars
from assessment.i18n import decimal, t
from assessment.organisation import Round
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.table import Basis
from assessment.ui import resources
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import Rows, View, basis_words, remembered
from assessment.ui.over_rounds import basis_of, movements
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import palette

#: So many questions are named as what moved a unit most.
_MOST_QUESTIONS = 8


def draw_movers(place: Here, view: View, then: Round) -> None:
    """A picture for each questionnaire of who moved, then one unit's questions."""
    table = movements(place, then.id, view.round.id)
    wholes = table[(table["dimension_id"] == "") & (table["basis"] == basis_of(view))]
    labels = view.units(place.organisation)
    findings = {}
    for name, version in view.pinned.items():
        questionnaire = place.catalogue.get(name, version)
        rows = wholes[wholes["questionnaire_id"] == name]
        findings[name] = movement_finding(
            rows, labels, questionnaire.title, then.name, view.round.name,
            are_countries=view.rows is Rows.COUNTRIES,
        )  # fmt: skip
        _picture(place, view, findings[name], name)
    _one_unit(place, view, then, table, findings)


def _picture(place: Here, view: View, finding: MovementFinding, questionnaire_id: str) -> None:
    headline = of_questionnaire(finding.questionnaire_title, finding.headline, alone=len(view.pinned) == 1)
    source = source_line(
        place, replace(view, questionnaire_id=questionnaire_id), basis_words(basis_of(view)),
        t("the parts add up to the change"),
        t("the version changed in between") if finding.versions_differ else "",
    )  # fmt: skip
    show(
        place, view,
        Picture(
            f"moved-{questionnaire_id}", headline, finding.subtitle, source, _table(finding),
            lambda titled: movement_bars(
                finding, palette(), words_of(headline, finding.subtitle, source, titled=titled)
            ),
            [row.unit_id for row in finding.rows], movers_table(finding),
        ),
    )  # fmt: skip
    if len(finding.split) > MOST_UNITS:
        st.caption(
            t("The {n} that moved most of {all}; the table has all.", n=MOST_UNITS, all=len(finding.split))
        )
    refused = [row for row in finding.rows if row.refusal]
    if refused:
        told = ", ".join(
            f"{row.label} ({refusal_words(row.refusal)})" for row in refused[:MOST_UNITS] if row.refusal
        )
        more = t(" and {n} more", n=len(refused) - MOST_UNITS) if len(refused) > MOST_UNITS else ""
        st.caption(plain(t("Not taken apart: {names}{more}.", names=told, more=more)))


def _table(finding: MovementFinding) -> pd.DataFrame:
    causes = finding.causes
    head = [t("Unit"), t("Then"), t("Now"), t("Change"), t("Level")]
    rows = [
        [
            row.label, _level(row.then), _level(row.now), "–" if row.change is None else signed(row.change, 2),
            _levels(row), *(signed(row.parts.get(cause, 0.0), 2) if not row.refusal else "–" for cause in causes),
            refusal_words(row.refusal) if row.refusal else "",
        ]
        for row in finding.rows
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*head, *map(cause_words, causes), t("Why not")])


def _levels(row: Movement) -> str:
    ends = ("–" if level is None else str(level) for level in (row.level_then, row.level_now))
    return " → ".join(ends)


def _level(value: float | None) -> str:
    return "–" if value is None else decimal(value, 2)


def _one_unit(
    place: Here, view: View, then: Round, table: pd.DataFrame, findings: dict[str, MovementFinding]
) -> None:
    """The questions that moved one unit most, in each questionnaire."""
    rows = {row.unit_id: row for finding in findings.values() for row in finding.split}
    if not rows:
        return
    st.subheader(t("Which questions moved a unit"), anchor=False)
    unit_id = remembered(
        "unit", list(rows), next(iter(rows)),
        lambda key: st.selectbox(t("Unit"), list(rows), format_func=lambda unit: rows[unit].label, key=key),
    )  # fmt: skip
    basis = basis_of(view)
    below = [unit.id for unit in place.organisation.domains(unit_id)] if basis is Basis.DOMAINS else [unit_id]
    data = resources.scoring_input(place.scope, place.revision, then.id, view.round.id)
    wanted = table[table["unit_id"].isin(below) & table["questionnaire_id"].isin(list(view.pinned))]
    effects = question_effects(data, wanted, then.id, view.round.id, basis)
    for name, version in view.pinned.items():
        questionnaire = place.catalogue.get(name, version)
        _effects(questionnaire, effects[effects["questionnaire_id"] == name])


def _effects(questionnaire: Questionnaire, effects: pd.DataFrame) -> None:
    st.markdown(f"**{plain(questionnaire.title)}**")
    if effects.empty:
        st.caption(t("No question moved it."))
        return
    st.markdown("\n".join(f"- {line}" for line in effect_lines(questionnaire, effects.head(_MOST_QUESTIONS))))
    if len(effects) > _MOST_QUESTIONS:
        st.caption(t("and {n} more questions with less effect", n=len(effects) - _MOST_QUESTIONS))


def effect_lines(questionnaire: Questionnaire, effects: pd.DataFrame) -> list[str]:
    """What each question brought, as Markdown, with its level then and now where that is one unit's."""
    return [_effect(questionnaire, row) for row in effects.to_dict("records")]


def _effect(questionnaire: Questionnaire, row: Mapping[Hashable, Any]) -> str:
    question = questionnaire.questions[str(row["question_id"])]
    told = f"**{signed(row['effect'], 2)}** {plain(question.name)}"
    if not row["known_then"]:
        return told
    then, now = (_known(str(row[f"known_{when}"]), row[when]) for when in ("then", "now"))
    return f"{told}: {then} → {now}"


def _known(known: str, level: object) -> str:
    return {
        Known.LEVEL: t("level {level}", level=f"{float(str(level)):g}"),
        Known.DONT_KNOW: t("don't know"),
        Known.NOT_APPLICABLE: t("not applicable"),
        Known.UNANSWERED: t("not answered"),
        Known.NOT_ASKED: t("not asked"),
    }[Known(known)]
