"""What the parts of one unit's result have in common: its scores and gaps, the round's findings, what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from assessment.access import hidden_units
from assessment.analysis.gaps import GapFinding, gap_finding, round_roles
from assessment.analysis.readiness import RoundFindings
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.table import ScoringInput, of_units, together
from assessment.ui import resources
from assessment.ui.filters import View
from assessment.ui.over_rounds import rounds_up_to
from assessment.ui.session import Here


@dataclass(frozen=True)
class UnitResult:
    """One unit in a view; `scores` are its rows on the view's basis in all rounds up to the view's.

    `gaps` has one finding for each questionnaire that the unit is asked; `findings` is None without rules. `hidden`
    are its domains whose answers its lead may not see yet.
    """

    unit_id: str
    label: str
    view: View
    scores: pd.DataFrame
    gaps: tuple[GapFinding, ...]
    findings: RoundFindings | None
    hidden: tuple[str, ...]

    @property
    def now(self) -> pd.DataFrame:
        return self.scores[self.scores["round_id"] == self.view.round.id]

    def rows_of(self, questionnaire_id: str) -> pd.DataFrame:
        """Its rows of one questionnaire in the view's round."""
        return self.now[self.now["questionnaire_id"] == questionnaire_id]


def result_of(place: Here, view: View, unit_id: str) -> UnitResult:
    """The unit's result as far as this reader may see it."""
    scores = scores_up_to(place, view, unit_id)
    mine = scores[scores["basis"] == view.basis]
    return UnitResult(
        unit_id, place.organisation.label(unit_id), view, mine, tuple(_gaps(place, view, unit_id, mine)),
        resources.findings(place.scope, place.revision, view.round.id), _hidden(place, view, unit_id),
    )  # fmt: skip


def scores_up_to(place: Here, view: View, unit_id: str) -> pd.DataFrame:
    """The unit's rows of the score table, of every basis, in the rounds up to the view's."""
    tables = (resources.scores(place.scope, place.revision, entry.id) for entry in rounds_up_to(place, view))
    return pd.concat([table[table["unit_id"] == unit_id] for table in tables], ignore_index=True)


def input_of(place: Here, unit_id: str, *round_ids: str) -> ScoringInput:
    """The unit's own answers in these rounds, as far as this reader may see them."""
    parts = (resources.scoring_input(place.scope, place.revision, round_id) for round_id in round_ids)
    return together([of_units(part, [unit_id]) for part in parts])


def asked_of(place: Here, result: UnitResult) -> Iterator[Questionnaire]:
    """The questionnaires of the view that the unit is asked in its round."""
    asked = set(result.now["questionnaire_id"])
    for name, version in result.view.pinned.items():
        if name in asked:
            yield place.catalogue.get(name, version)


def of_one(view: View, questionnaire: Questionnaire) -> View:
    """The same view of one questionnaire only."""
    return replace(view, questionnaire_id=questionnaire.id)


def _gaps(place: Here, view: View, unit_id: str, scores: pd.DataFrame) -> Iterator[GapFinding]:
    roles = round_roles(place.rounds, view.round.id)
    assert roles is not None, "a view is of a round"
    for name, version in view.pinned.items():
        questionnaire = place.catalogue.get(name, version)
        finding = gap_finding(
            scores[scores["questionnaire_id"] == name], roles, unit_label=place.organisation.label(unit_id),
            questionnaire_title=questionnaire.title, scale=questionnaire.axis,
            supported=view.supported and questionnaire.has_levels,
        )  # fmt: skip
        if finding is not None:
            yield finding


def _hidden(place: Here, view: View, unit_id: str) -> tuple[str, ...]:
    """The domains that this reader would see, were it not for drafts and for who has to send first.

    For the group a draft is no secret: nothing was sent, and so it counts as not ready.
    """
    below = {entry.id for entry in place.organisation.domains(unit_id)}
    if place.scope.blind_until is None or not below:
        return ()
    asked = resources.scoring_input(place.scope, place.revision, view.round.id).asked
    return tuple(sorted(hidden_units(place.scope, asked) & below))
