"""The gaps of one unit on a page: the dumbbell, the same as a profile on request, and how sure it all is."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from assessment.analysis.gaps import GapFinding, GapRow, gap_table
from assessment.analysis.headlines import of_questionnaire
from assessment.charts.dumbbell import dumbbell
from assessment.charts.radar import LEAST_AXES, radar, radar_headline, radar_subtitle
from assessment.charts.words import status_words
from assessment.i18n import decimal, percent, t
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.table import ScoreStatus
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import basis_words, levels_words
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.unit_result import UnitResult, of_one
from assessment.ui.widgets import STATE_NAMES, nothing_yet, palette


def draw_gaps(place: Here, result: UnitResult) -> None:
    """Every questionnaire's gaps; says why where there is nothing to draw."""
    for finding in result.gaps:
        identifier, _, version = finding.questionnaire_reference.partition("@")
        questionnaire = place.catalogue.get(identifier, version)
        rows = result.rows_of(identifier)
        whole = rows[rows["dimension_id"] == ""].iloc[0]
        if whole["status"] == ScoreStatus.NOT_ANSWERED:
            state = whole["assessment_state"]
            why = t("It is still a draft.") if state in ("draft", "returned") else t("Nothing was answered.")
            nothing_yet(t("No answers to show for this round."), why)
        source = _source(place, result, questionnaire, whole)
        _dumbbell(place, result, questionnaire, finding, source)
        _radar(place, result, questionnaire, finding, source)
        _facts(place, questionnaire, whole)


def _source(place: Here, result: UnitResult, questionnaire: Questionnaire, whole: pd.Series) -> str:
    state = t(STATE_NAMES[whole["assessment_state"]]).lower() if whole["assessment_state"] else ""
    basis = basis_words(result.view.basis)
    levels = levels_words(supported=result.view.supported and questionnaire.has_levels)
    line = source_line(place, of_one(result.view, questionnaire), basis, state, levels)
    return t("{source}. Means, not rounded levels.", source=line)


def _dumbbell(
    place: Here, result: UnitResult, questionnaire: Questionnaire, finding: GapFinding, source: str
) -> None:
    headline = of_questionnaire(questionnaire.title, finding.headline, alone=len(result.gaps) == 1)
    picture = Picture(
        f"gaps-{questionnaire.id}", headline, finding.subtitle, source, gaps_shown(finding),
        lambda titled: dumbbell(
            finding, palette(), words_of(headline, finding.subtitle, source, titled=titled)
        ),
        [result.unit_id], gap_table(finding),
    )  # fmt: skip
    show(place, result.view, picture)


def _radar(
    place: Here, result: UnitResult, questionnaire: Questionnaire, finding: GapFinding, source: str
) -> None:
    """Only on request: the area grows with the square of the values, and misleads."""
    has_shape = sum(row.now is not None for row in finding.rows) >= LEAST_AXES
    if not has_shape or not st.toggle(
        t("Draw {questionnaire} as a profile too", questionnaire=plain(questionnaire.title)),
        key=f"profile-{questionnaire.id}",
    ):
        return
    order = [dimension.id for dimension in questionnaire.all_dimensions()]
    in_order = replace(
        finding, rows=tuple(sorted(finding.rows, key=lambda row: order.index(row.dimension_id)))
    )
    headline = of_questionnaire(questionnaire.title, radar_headline(finding), alone=len(result.gaps) == 1)
    subtitle = radar_subtitle(finding)
    picture = Picture(
        f"radar-{questionnaire.id}", headline, subtitle, source, gaps_shown(in_order),
        lambda titled: radar(finding, order, palette(), words_of(headline, subtitle, source, titled=titled)),
        [result.unit_id], gap_table(in_order),
    )  # fmt: skip
    show(place, result.view, picture)


def gaps_shown(finding: GapFinding) -> pd.DataFrame:
    """The dimensions as people read them, a column for each round."""
    roles = finding.rounds
    head = [*([roles.before] if roles.before else []), *roles.during, roles.now]

    def cells(row: GapRow) -> list[str]:
        earlier = [*([row.before] if roles.before else []), *row.during]
        now = status_words(row.status) if row.now is None else decimal(row.now, 2)
        return [row.title, *map(_cell, earlier), now, _cell(row.target), _cell(row.gap)]

    names = [t("Dimension"), *(entry.name for entry in head), t("Target"), t("Gap")]
    return pd.DataFrame([cells(row) for row in finding.rows], columns=names)


def _cell(value: float | None) -> str:
    return "–" if value is None else decimal(value, 2)


def _facts(place: Here, questionnaire: Questionnaire, whole: pd.Series) -> None:
    """The level that everything has reached, the question that holds it back, and how sure all this is."""
    lines = []
    if pd.notna(whole["secured_level"]):
        level = int(whole["secured_level"])
        name = plain(questionnaire.level_name(level))
        lines.append(
            t("**Secured level {level} ({name})**: every question has reached it.", level=level, name=name)
        )
        blocker = questionnaire.questions.get(whole["blocking_question_id"])
        if blocker:
            lines.append(
                t("**What blocks level {level}**: {prompt}", level=level + 1, prompt=plain(blocker.prompt))
                + _blocking_unit(place, whole)
            )
    elif whole["status"] in (ScoreStatus.SCORED, ScoreStatus.PROVISIONAL):
        lines.append(t("**No secured level yet**: some questions have no answer."))
    if pd.notna(whole["coverage"]) and pd.notna(whole["score"]):
        lines.append(_how_sure(whole))
    st.markdown("\n\n".join(lines))


def _how_sure(whole: pd.Series) -> str:
    """How much is known, and how much of it evidence supports."""
    known = t("**How sure**: everything that applies is answered.")
    if whole["score_low"] != whole["score_high"]:
        known = t(
            "**How sure**: {share} of the weight is answered; with the unknowns at their worst and at their best the "
            "mean lies between {low} and {high}.",
            share=percent(whole["coverage"]), low=decimal(whole["score_low"]), high=decimal(whole["score_high"]),
        )  # fmt: skip
    if pd.isna(whole["supported_score"]):
        return known
    supported, claimed = decimal(whole["supported_score"], 2), decimal(whole["score"], 2)
    evidence = t("Evidence supports {supported} of {claimed}.", supported=supported, claimed=claimed)
    return f"{known} {evidence}"


def _blocking_unit(place: Here, whole: pd.Series) -> str:
    unit = place.organisation.units.get(whole["blocking_unit_id"])
    return f" ({plain(unit.name)})" if unit and unit.id != whole["unit_id"] else ""
