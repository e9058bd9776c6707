"""The blockers part of the readiness page: each open gate, whose answers stand behind it, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from assessment.analysis.blockers import Blocker, BlockingAnswer, blockers, blockers_headline
from assessment.analysis.gate_columns import domain_words
from assessment.analysis.gate_matrix import GateMatrix, gate_matrix, gate_title
from assessment.analysis.gates import GateState, StageName
from assessment.analysis.readiness import RoundFindings
from assessment.charts.words import move_state_words, state_words
from assessment.i18n import count, day, joined, t
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.verdicts import VerdictRules
from assessment.ui.address import remembered
from assessment.ui.deciding import draw_all_decisions, draw_decisions, moves_of, waivers_of
from assessment.ui.filters import View, family_name
from assessment.ui.gating import choose_gates
from assessment.ui.session import Here, today
from assessment.ui.text import plain

#: More names than this in one line aren't read.
_MOST_NAMES = 4


def draw_blockers(place: Here, view: View, findings: RoundFindings, rules: VerdictRules) -> None:
    """All open gates in a table, then one of them with the answers behind it."""
    matrix = _matrix(place, view, findings, rules)
    found = blockers(matrix, moves_of(place, view), waivers_of(place, view.round.id))
    st.subheader(plain(blockers_headline(found, today())), anchor=False)
    if found:
        _open_gates(place, view, matrix, found)
    # Also where nothing is open any more: what was decided about gates that are met by now is there.
    draw_all_decisions(place, view, lambda name: gate_title(name, findings, rules))


def _matrix(place: Here, view: View, findings: RoundFindings, rules: VerdictRules) -> GateMatrix:
    """The gates over those whom they hold back: of a pilot domains, later and where there are none countries."""
    stage, hard_only = choose_gates(view, rules)
    countries = view.countries(place.organisation)
    asked = {entry.unit_id for entry in findings.stages}
    domains = {unit: label for unit, label in view.domains(place.organisation).items() if unit in asked}
    return gate_matrix(
        findings, rules, stage, domains if domains and stage is StageName.PILOT else countries,
        questionnaire_id=view.questionnaire_id, hard_only=hard_only, family=family_name(place.organisation, view),
    )  # fmt: skip


def _open_gates(place: Here, view: View, matrix: GateMatrix, found: Sequence[Blocker]) -> None:
    """The table of open gates, and the chosen one."""
    st.caption(
        t(
            "Hard gates come first, and of each kind the one that blocks most; units of which nobody knows stand apart."
            " Whoever took on a move on its question is its owner."
        )
    )
    st.caption(_whom(view, matrix))
    st.dataframe(_table(found), hide_index=True)
    by_key = {blocker.column.key: blocker for blocker in found}
    chosen = by_key[_chosen(by_key)]
    _answers(place, chosen, of_domains=matrix.of_domains)
    draw_decisions(place, view, matrix.stage, chosen)


def _whom(view: View, matrix: GateMatrix) -> str:
    """Whom the gates hold back, and why it is them."""
    if matrix.of_domains:
        told = domain_words(len(matrix.rows), matrix.family)
        return t("Over {domains}: a pilot is a domain's, and its gates read the domain's answers first, then its country's.", domains=told)  # fmt: skip
    told = count(len(matrix.rows), "country", "countries")
    if matrix.stage is StageName.PILOT:
        return t("Over {countries}, by their own answers: none has domains here.", countries=told)
    every = t(" A family narrows pilots only: a later stage asks all domains.") if view.family else ""
    return t(
        "Over {countries}. A gate over several domains names one: the domain whose answer decides it.{every}",
        countries=told, every=every,
    )  # fmt: skip


def _table(found: Sequence[Blocker]) -> pd.DataFrame:
    rows = [
        {
            t("Gate"): blocker.column.title,
            t("Kind"): t("hard gate") if blocker.column.hard else t("floor"),
            t("Needs level"): blocker.column.needed_level,
            t("Blocks"): t("{n} of {all}", n=blocker.column.blocked, all=blocker.column.asked),
            t("Unknown"): blocker.column.unknown,
            t("Not met"): blocker.units_in(GateState.NOT_MET),
            t("Only claimed"): blocker.units_in(GateState.CLAIMED),
            t("Answers with an owner"): t("{n} of {all}", n=blocker.owned, all=len(blocker.answers)),
            t("Next due"): _day(blocker.next_due),
            t("Waived"): sum(not waiver.is_over(today()) for waiver in blocker.waivers) or "",
        }
        for blocker in found
    ]
    return pd.DataFrame(rows).astype(str)


def _chosen(found: dict[str, Blocker]) -> str:
    """The gate to look into, kept in the address."""

    def words(key: str) -> str:
        column = found[key].column
        told = {"gate": column.title, "n": column.blocked}
        if column.unknown:
            return t("{gate} (blocks {n}, unknown in {unknown})", unknown=column.unknown, **told)
        return t("{gate} (blocks {n})", **told)

    return str(
        remembered(
            "gate", list(found), next(iter(found)),
            lambda key: st.selectbox(t("Behind a gate"), list(found), format_func=words, key=key),
        )
    )  # fmt: skip


def _answers(place: Here, blocker: Blocker, *, of_domains: bool) -> None:
    """Whose answers hold whom back, and who is at work on them."""
    column = blocker.column
    units = count(column.asked, "domain") if of_domains else count(column.asked, "country", "countries")
    unknown = t(", unknown in {n}", n=column.unknown) if column.unknown else ""
    st.markdown(
        t(
            "**{gate}** needs level {level}. It blocks {n} of {units}{unknown}; behind that stand {answers}.",
            gate=plain(column.title), level=column.needed_level, n=column.blocked, units=units, unknown=unknown,
            answers=count(len(blocker.answers), "answer"),
        )
    )  # fmt: skip
    # Wide enough for the longest state, which a measure of the first rows misses.
    state = {t("State"): st.column_config.TextColumn(width="medium")}
    rows = pd.DataFrame([_answer_row(place, answer) for answer in blocker.answers])
    st.dataframe(rows.astype(str), hide_index=True, column_config=state)


def _answer_row(place: Here, answer: BlockingAnswer) -> dict[str, object]:
    move, reading = answer.move, answer.reading
    return {
        t("Whose answer"): place.organisation.label(reading.source_unit_id),
        t("State"): state_words(answer.state),
        t("Claimed"): "–" if reading.claimed is None else reading.claimed,
        t("Evidence carries"): "–" if reading.supported is None else reading.supported,
        t("Holds back"): _names(place, answer.unit_ids),
        t("Owner"): move.owner if move and move.owner.strip() else t("nobody yet"),
        t("Move"): move_state_words(move.state).lower() if move else "",
        t("Due"): _due(answer),
    }


def _due(answer: BlockingAnswer) -> str:
    """The promised day, and that it is over when it is."""
    if answer.move is None or answer.move.due_on is None:
        return ""
    return _day(answer.move.due_on) if answer.has_owner else day(answer.move.due_on)


def _day(due: date | None) -> str:
    if due is None:
        return ""
    return t("{day}, overdue", day=day(due)) if due < today() else day(due)


def _names(place: Here, units: Sequence[str]) -> str:
    """Some by name, many by number."""
    if len(units) > _MOST_NAMES:
        is_domain = place.organisation.units[units[0]].kind is UnitKind.DOMAIN
        return count(len(units), "domain") if is_domain else count(len(units), "country", "countries")
    return joined(place.organisation.label(unit) for unit in units)
