"""How far units have come, from round to round and to their targets: the slope chart and dumbbells beside one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from assessment.analysis.gaps import GapFinding, gap_finding, gap_table, round_roles
from assessment.analysis.headlines import of_questionnaire
from assessment.analysis.movement import gains
from assessment.analysis.movers import signed
from assessment.analysis.trajectory import (
    Path,
    Trajectories,
    comparable_rounds,
    trajectories,
    trajectory_table,
)
from assessment.charts.dumbbell import dumbbell
from assessment.charts.slope import slope
from assessment.charts.words import status_words
from assessment.i18n import decimal, t
from assessment.organisation import Round
from assessment.ui.address import remembered_some
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import Rows, View, basis_words, levels_words
from assessment.ui.gaps import gaps_shown
from assessment.ui.over_rounds import basis_of, movements, scores_of
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import palette

#: Dumbbells beside one another; more can't be compared.
MOST_CHOSEN = 6


def draw_paths(place: Here, view: View, then: Round | None) -> None:
    """The headline of each questionnaire, its slope chart, and the dimensions of some units."""
    found = {name: _paths(place, view, name, then) for name in view.pinned}
    if len(found) > 1:
        lines = [f"- **{plain(f.questionnaire_title)}**: {plain(f.headline)}" for f in found.values()]
        st.markdown("\n".join(lines))
    for name, finding in found.items():
        _slope(place, view, finding, name)
    _dumbbells(place, view, found)


def _paths(place: Here, view: View, questionnaire_id: str, then: Round | None) -> Trajectories:
    rounds = comparable_rounds(place.catalogue, place.rounds, view.round.id, questionnaire_id)
    return trajectories(
        scores_of(place, questionnaire_id, basis_of(view)), rounds, view.units(place.organisation),
        place.catalogue.get(questionnaire_id, view.pinned[questionnaire_id]),
        then=then, are_countries=view.rows is Rows.COUNTRIES, supported=view.supported,
        bridged=_bridged(place, view, questionnaire_id, then),
    )  # fmt: skip


def _bridged(place: Here, view: View, questionnaire_id: str, then: Round | None) -> Mapping[str, float]:
    """Changes without what a new version made of them; nothing where the version is the same."""
    if then is None or then.questionnaires.get(questionnaire_id) in (None, view.pinned[questionnaire_id]):
        return {}
    return gains(movements(place, then.id, view.round.id), questionnaire_id, basis_of(view))


def _slope(place: Here, view: View, finding: Trajectories, questionnaire_id: str) -> None:
    source = source_line(
        place, replace(view, questionnaire_id=questionnaire_id),
        t("{n} of {all} with a score", n=len(finding.measured), all=finding.number(len(finding.paths))),
        basis_words(basis_of(view)), levels_words(supported=view.supported), _about_targets(finding),
    )  # fmt: skip

    headline = of_questionnaire(finding.questionnaire_title, finding.headline, alone=len(view.pinned) == 1)
    picture = Picture(
        f"paths-{questionnaire_id}", headline, finding.subtitle, source, _table(finding),
        lambda titled: slope(finding, palette(), words_of(headline, finding.subtitle, source, titled=titled)),
        [path.unit_id for path in finding.paths], trajectory_table(finding),
    )  # fmt: skip
    show(place, view, picture)
    silent = [path for path in finding.paths if path.now is None]
    if silent:
        names = ", ".join(f"{path.label} ({status_words(path.status)})" for path in silent)
        st.caption(plain(t("Without a score in this round, so not in the picture: {names}.", names=names)))


def _about_targets(finding: Trajectories) -> str:
    known = any(path.target is not None for path in finding.paths)
    if not known:
        return t("no targets set")
    return t("target: that of the questionnaire, else of its dimensions by their weights")


def _table(finding: Trajectories) -> pd.DataFrame:
    titles = [entry.name for entry in finding.rounds]

    def shown(value: float | None) -> str:
        return "–" if value is None else decimal(value, 2)

    rows = [
        [
            path.label, *map(shown, path.levels), shown(path.target),
            "–" if path.gain is None else signed(path.gain, 2), _standing(path),
        ]
        for path in finding.paths
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[t("Unit"), *titles, t("Target"), t("Gained"), t("Standing")])


def _standing(path: Path) -> str:
    if path.now is None:
        return status_words(path.status)
    if path.has_stalled:
        return t("stalled below target")
    if path.target is None:
        return t("no target")
    return t("below target") if path.is_short else t("on target")


def _dumbbells(place: Here, view: View, found: Mapping[str, Trajectories]) -> None:
    """The dimensions of at most six units, in the questionnaire in which most have stalled."""
    name = max(found, key=lambda key: len(found[key].stalled), default=None)
    finding = found[name] if name else None
    if name is None or finding is None or not finding.measured:
        return
    st.subheader(t("Dimension by dimension: {title}", title=plain(finding.questionnaire_title)), anchor=False)
    labels = {path.unit_id: path.label for path in finding.measured}
    chosen = remembered_some(
        "beside", labels,
        lambda key: st.multiselect(
            t("Units to put beside one another (at most {n})", n=MOST_CHOSEN), list(labels),
            format_func=labels.__getitem__, max_selections=MOST_CHOSEN, key=key,
        ),
        _first_chosen(finding),
    )  # fmt: skip
    columns = st.columns(2)
    for number, unit_id in enumerate(chosen):
        gaps = _gaps(place, view, name, unit_id, labels[unit_id])
        if gaps is not None:
            with columns[number % 2]:
                _dumbbell(place, view, gaps, unit_id, name)


def _first_chosen(finding: Trajectories) -> list[str]:
    """Who stalled and who gained most: the two that a reader asks about first."""
    least = sorted(finding.stalled, key=lambda path: path.gain or 0.0)[:1]
    best = [finding.best] if finding.best else []
    return [path.unit_id for path in (*least, *best) if path.now is not None]


def _gaps(place: Here, view: View, questionnaire_id: str, unit_id: str, label: str) -> GapFinding | None:
    scores = scores_of(place, questionnaire_id, basis_of(view))
    roles = round_roles(place.rounds, view.round.id)
    questionnaire = place.catalogue.get(questionnaire_id, view.pinned[questionnaire_id])
    if roles is None:
        return None
    return gap_finding(
        scores[scores["unit_id"] == unit_id], roles,
        unit_label=label, questionnaire_title=questionnaire.title, scale=questionnaire.axis,
        supported=view.supported and questionnaire.has_levels,
    )  # fmt: skip


def _dumbbell(place: Here, view: View, gaps: GapFinding, unit_id: str, questionnaire_id: str) -> None:
    asked = replace(view, questionnaire_id=questionnaire_id)
    source = source_line(place, asked, basis_words(basis_of(view)), levels_words(supported=gaps.supported))
    picture = Picture(
        f"gaps-{questionnaire_id}-{unit_id}", gaps.headline, gaps.subtitle, source, gaps_shown(gaps),
        lambda titled: dumbbell(gaps, palette(), words_of(gaps.headline, gaps.subtitle, source, titled=titled)),
        [unit_id], gap_table(gaps),
    )  # fmt: skip
    show(place, view, picture)
