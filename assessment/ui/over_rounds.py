"""What comparing rounds on a page needs: the round to compare with, one questionnaire's scores of all rounds, the movements."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from assessment.access import Scope
from assessment.analysis.movement import movement_table
from assessment.i18n import t
from assessment.organisation import Phase, Round, up_to
from assessment.scoring.table import Basis
from assessment.store.workspace import Revision
from assessment.ui import resources
from assessment.ui.filters import Rows, View, remembered
from assessment.ui.session import Here
from assessment.ui.widgets import nothing_yet

#: The columns that paths and gaps read: a whole score table of 900 domains in six rounds is a lot to copy.
_READ = [
    "round_id", "unit_id", "basis", "questionnaire_id", "questionnaire_version", "dimension_id", "parent_dimension_id",
    "dimension_title", "status", "score", "supported_score", "target", "gap",
]  # fmt: skip


def choose_then(place: Here, view: View) -> Round | None:
    """The earlier round to compare with, usually the last before adoption; None in the first round."""
    earlier = {entry.id: entry for entry in rounds_up_to(place, view)[:-1]}
    if not earlier:
        nothing_yet(t("This is the first round."), t("What changed can be shown from the second round on."))
        return None
    befores = [name for name, entry in earlier.items() if entry.phase is Phase.BEFORE]
    chosen = remembered(
        "since", list(earlier), befores[-1] if befores else next(iter(earlier)),
        lambda key: st.selectbox(
            t("Compared with"), list(earlier), format_func=lambda name: earlier[name].name, key=key
        ),
    )  # fmt: skip
    return earlier[chosen]


def rounds_up_to(place: Here, view: View) -> tuple[Round, ...]:
    """All rounds in time, the view's last."""
    return up_to(place.rounds, view.round.id)


def basis_of(view: View) -> Basis:
    """Domains have their own answers only."""
    return view.basis if view.rows is Rows.COUNTRIES else Basis.OWN


def scores_of(place: Here, questionnaire_id: str, basis: Basis) -> pd.DataFrame:
    """The score table of one questionnaire and basis in all rounds, as far as paths and gaps read it. Read-only."""
    return _scores_of(place.scope, place.revision, questionnaire_id, str(basis))


def movements(place: Here, then_id: str, now_id: str) -> pd.DataFrame:
    """The movement table of two rounds, as far as the person may read. Treat it as read-only."""
    return _movements(place.scope, place.revision, then_id, now_id)


@st.cache_resource(max_entries=12, **resources.BY_SCOPE)
def _scores_of(scope: Scope, revision: Revision, questionnaire_id: str, basis: str) -> pd.DataFrame:
    parts = []
    for entry in resources.rounds(revision):
        scores = resources.scores(scope, revision, entry.id)
        mine = scores["questionnaire_id"].eq(questionnaire_id) & scores["basis"].eq(basis)
        parts.append(scores.loc[mine, _READ])
    return pd.concat(parts, ignore_index=True)


@st.cache_resource(max_entries=12, **resources.BY_SCOPE)
def _movements(scope: Scope, revision: Revision, then_id: str, now_id: str) -> pd.DataFrame:
    data = resources.scoring_input(scope, revision, then_id, now_id)
    return movement_table(data, resources.scores(scope, revision, then_id, now_id), then_id, now_id)
