"""One unit beside the others on a page: their quartiles and how many they are, never who they are."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from assessment.actions.comparing import Accepted, Group, Others, others_of
from assessment.analysis.headlines import of_questionnaire
from assessment.analysis.peers import PeerFinding, PeerRow, peer_finding, peer_table
from assessment.charts.peers import peers
from assessment.charts.words import status_words
from assessment.i18n import decimal, t
from assessment.organisation import Round
from assessment.questionnaire.models import Questionnaire
from assessment.store.workspace import Revision
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import basis_words, levels_words
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.unit_result import UnitResult, asked_of, of_one
from assessment.ui.widgets import nothing_yet, palette


def draw_peers(place: Here, result: UnitResult) -> None:
    """Every questionnaire of the view; where there are fewer than five others, that and why."""
    others = _others(place, result)
    if others.group is Group.NOBODY:
        nothing_yet(
            t("This unit has nobody to stand beside."),
            t("The administrator gives the same domain in other countries the same family."),
        )
        return
    findings = {version: _finding(result, version, others) for version in asked_of(place, result)}
    shown = {version: found for version, found in findings.items() if found is not None and found.has_others}
    if not shown:
        nothing_yet(
            t("Fewer than five others have an accepted score in this round, so nothing of theirs is shown."),
            t("A score counts once a reviewer has accepted it; an earlier round may have more."),
        )
    for version, finding in shown.items():
        _draw(place, result, version, finding, alone=len(findings) == 1)
    for version, found in findings.items() if shown else ():
        if found is not None and version not in shown:
            st.caption(f"{plain(version.title)}: {plain(found.headline)}")
    st.caption(_who(place, result, others.group))


def _finding(result: UnitResult, questionnaire: Questionnaire, others: Others) -> PeerFinding | None:
    return peer_finding(
        result.rows_of(questionnaire.id), others.quartiles, unit_label=result.label,
        questionnaire_title=questionnaire.title, scale=questionnaire.axis,
    )  # fmt: skip


def _who(place: Here, result: UnitResult, group: Group) -> str:
    """Who the others are, as far as anybody is told."""
    whom = t("All other countries")
    if group is Group.TWINS:
        name = plain(place.organisation.units[result.unit_id].name)
        whom = t("The same domain, {name}, in other countries", name=name)
    return t(
        "{whom}, as far as a reviewer has accepted them; always all of them, whatever is chosen here. Their figures are "
        "rounded to one decimal, and none is given of fewer than five.",
        whom=whom,
    )


def _draw(
    place: Here, result: UnitResult, questionnaire: Questionnaire, finding: PeerFinding, *, alone: bool
) -> None:
    basis = basis_words(result.view.basis)
    line = source_line(
        place, of_one(result.view, questionnaire), t("accepted assessments"), basis, levels_words(supported=False)
    )  # fmt: skip
    source = t("{source}. Means, not rounded levels.", source=line)
    headline = of_questionnaire(questionnaire.title, finding.headline, alone=alone)
    picture = Picture(
        f"peers-{questionnaire.id}", headline, finding.subtitle, source, _table(finding),
        lambda titled: peers(
            finding, palette(), words_of(headline, finding.subtitle, source, titled=titled)
        ),
        [result.unit_id], peer_table(finding),
    )  # fmt: skip
    show(place, result.view, picture)


def _table(finding: PeerFinding) -> pd.DataFrame:
    def cells(row: PeerRow) -> list[str]:
        found = row.others
        figures = (found.lower, found.median, found.upper) if found else (None, None, None)
        own = status_words(row.status) if row.own is None else decimal(row.own, 2)
        number = str(found.others) if found else t("fewer than five")
        return [row.title, own, *(_cell(value) for value in figures), _cell(row.target), number]

    names = [
        t("Dimension"), t("Own"), t("A quarter of the others is below"), t("Median of the others"),
        t("A quarter of the others is above"), t("Target"), t("Others"),
    ]  # fmt: skip
    return pd.DataFrame([cells(row) for row in finding.rows], columns=names)


def _cell(value: float | None) -> str:
    return "–" if value is None else decimal(value)


def _others(place: Here, result: UnitResult) -> Others:
    entry = result.view.round
    as_of = _as_of(entry, place.revision)

    def remembered(read: Accepted) -> Accepted:
        return lambda units, round_id: _accepted(units, round_id, as_of, read)

    return others_of(place.desk(), result.unit_id, entry.id, result.view.basis, remembered)


def _as_of(entry: Round, revision: Revision) -> Revision:
    """What of the revision accepted scores depend on: while an assessment is accepted, its answers stay as they are."""
    states = 0 if entry.is_over else revision.states
    return Revision(0, states, 0, revision.workspace)


# The one table that is remembered past all scopes: nobody gets it but `others_of`, which asks first who wants to know.
@st.cache_resource(max_entries=32, show_spinner=False)
def _accepted(units: tuple[str, ...], round_id: str, as_of: Revision, _read: Accepted) -> pd.DataFrame:  # noqa: ARG001
    return _read(units, round_id)
