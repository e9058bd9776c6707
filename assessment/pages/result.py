"""One unit's result: what stands out, how far to target, what holds it back, what to do next."""

import pandas as pd
import streamlit as st

from assessment.access import Action
from assessment.actions.exporting import export_scores, file_name
from assessment.analysis.gaps import GapFinding, GapRow, gap_finding, round_roles
from assessment.analysis.moves import moves_of
from assessment.charts.dumbbell import dumbbell
from assessment.charts.words import status_words
from assessment.i18n import count, decimal, percent, t
from assessment.organisation import Round
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.asked import Asked
from assessment.scoring.table import Basis, ScoreStatus
from assessment.ui import resources
from assessment.ui.readiness import draw_readiness
from assessment.ui.session import Here, here, labelled
from assessment.ui.text import plain
from assessment.ui.widgets import STATE_NAMES, chart, choose_round, nothing_yet, palette

NEXT_MOVES = 5


def page() -> None:
    place = here()
    st.title(t("Result"), anchor=False)
    units = [unit for unit in place.organisation.units if place.may(Action.SEE_RESULT, unit)]
    assessed = [unit for unit in units if place.organisation.units[unit].kind != "group"]
    if not assessed or not place.rounds:
        nothing_yet(
            t("There is nothing to show yet."), t("The administrator adds units and opens a round first.")
        )
        return
    who, when = st.columns(2)
    with who:
        unit_id = st.selectbox(
            t("Whose"),
            assessed,
            format_func=lambda unit: labelled(place.organisation, unit),
            key="whose",
            bind="query-params",
        )
    with when:
        entry = choose_round(place.rounds)
    scores = resources.scores(place.scope, place.revision)
    mine = scores[(scores["unit_id"] == unit_id) & scores["round_id"].isin([r.id for r in place.rounds])]
    findings = resources.findings(place.scope, place.revision, entry.id)
    if findings is not None:
        draw_readiness(place, findings, unit_id)
    basis = _basis(mine)
    for identifier in entry.questionnaires:
        rows = mine[(mine["questionnaire_id"] == identifier) & (mine["basis"] == basis)]
        _questionnaire(place, entry, unit_id, rows, basis)
    _download(place, entry, unit_id)


def _basis(scores: pd.DataFrame) -> Basis:
    """Whose answers to look at; only asked where a country has domains."""
    if not (scores["basis"] == Basis.DOMAINS).any():
        return Basis.OWN
    names = {Basis.OWN: t("The country's own answers"), Basis.DOMAINS: t("The mean of its domains")}
    # Radios, because the pressed part of a segmented control has too little contrast in the dark.
    return st.radio(
        t("Based on"), list(names), format_func=lambda basis: names[basis], horizontal=True, key="basis"
    )


def _questionnaire(place: Here, entry: Round, unit_id: str, rows: pd.DataFrame, basis: Basis) -> None:
    now = rows[rows["round_id"] == entry.id]
    roles = round_roles(place.rounds, entry.id)
    if now.empty or roles is None:
        return
    whole = now[now["dimension_id"] == ""].iloc[0]
    questionnaire = place.catalogue.get(whole["questionnaire_id"], whole["questionnaire_version"])
    finding = gap_finding(
        rows, roles,
        unit_label=place.organisation.label(unit_id), questionnaire_title=questionnaire.title, scale=questionnaire.axis,
    )  # fmt: skip
    if finding is None:
        return
    if whole["status"] == ScoreStatus.NOT_ANSWERED:
        state = whole["assessment_state"]
        why = t("It is still a draft.") if state in ("draft", "returned") else t("Nothing was answered.")
        nothing_yet(t("No answers to show for this round."), why)
    _gaps(finding, entry, basis, whole, synthetic=place.is_synthetic)
    _facts(questionnaire, whole)
    _moves(place, questionnaire, entry, unit_id, basis)


def _gaps(finding: GapFinding, entry: Round, basis: Basis, whole: pd.Series, *, synthetic: bool) -> None:
    about = t("own answers") if basis is Basis.OWN else t("mean of the domains")
    state = t(STATE_NAMES[whole["assessment_state"]]).lower() if whole["assessment_state"] else ""
    parts = [
        entry.title,
        finding.questionnaire_reference,
        about,
        state,
        t("Synthetic data") if synthetic else "",
    ]
    source = t(
        "Source: {parts}. Means, not rounded levels.", parts=" · ".join(part for part in parts if part)
    )
    key = f"gaps-{finding.questionnaire_reference}"
    chart(dumbbell(finding, palette(), ""), finding.headline, finding.subtitle, key, _table(finding), source)


def _table(finding: GapFinding) -> pd.DataFrame:
    roles = finding.rounds
    columns = [*([roles.before] if roles.before else []), *roles.during, roles.now]

    def cells(row: GapRow) -> list[str]:
        values = [*([row.before] if roles.before else []), *row.during]
        now = decimal(row.now, 2) if row.now is not None else status_words(row.status)
        rest = [row.target, row.gap]
        return [*(_cell(value) for value in values), now, *(_cell(value) for value in rest)]

    names = [t("Dimension"), *(entry.title for entry in columns), t("Target"), t("Gap")]
    return pd.DataFrame([[row.title, *cells(row)] for row in finding.rows], columns=names)


def _cell(value: float | None) -> str:
    return "–" if value is None else decimal(value, 2)


def _facts(questionnaire: Questionnaire, whole: pd.Series) -> None:
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
                + _blocking_unit(whole)
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


def _blocking_unit(whole: pd.Series) -> str:
    unit = here().organisation.units.get(whole["blocking_unit_id"])
    return f" ({plain(unit.name)})" if unit and unit.id != whole["unit_id"] else ""


def _moves(place: Here, questionnaire: Questionnaire, entry: Round, unit_id: str, basis: Basis) -> None:
    if basis is not Basis.OWN:
        return
    data = resources.scoring_input(place.scope, place.revision)
    asked = Asked(entry.id, unit_id, questionnaire.id, questionnaire.version)
    moves = moves_of(data, asked, NEXT_MOVES)
    if not moves:
        return
    st.subheader(t("Next moves"), anchor=False)
    st.caption(t("What lifts the score most for its effort, prerequisites first. Advice, not a verdict."))
    efforts = {1: t("small"), 2: t("medium"), 3: t("large")}
    for number, move in enumerate(moves, 1):
        first = [plain(questionnaire.questions[other].prompt) for other in move.requires]
        after = t(" First: {questions}", questions=" · ".join(first)) if first else ""
        st.markdown(
            f"{number}. **{plain(move.question.prompt)}** {move.from_level} → {move.to_level}: {plain(move.goal)}  \n"
            + t(
                ":small[{dimension} · +{gain} on the score · {effort} effort.{after}]",
                dimension=plain(move.dimension_title), gain=decimal(move.gain, 2),
                effort=efforts[move.effort], after=after,
            )
        )  # fmt: skip


def _download(place: Here, entry: Round, unit_id: str) -> None:
    if not place.may(Action.EXPORT, unit_id):
        return
    below = len(place.organisation.children(unit_id))
    st.subheader(t("Take it with you"), anchor=False)
    domains = t(" with {domains}", domains=count(below, "domain")) if below else ""
    st.download_button(
        t("Download scores.csv{domains}", domains=domains),
        data=lambda: export_scores(place.desk(), entry.id, unit_id).content,
        file_name=file_name(entry.id, unit_id, place.desk().at, is_synthetic=place.is_synthetic),
        mime="text/csv",
        icon=":material/download:",
    )


page()
