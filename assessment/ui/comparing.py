"""What is compared over countries, computed once and kept: elements, levels and spreads, ranges of ranks.

Keyed as everything in `assessment.ui.resources` is: by the scope, by what the numbers depend on, and by what was chosen.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from assessment.access import Scope
from assessment.analysis.common_or_local import Levels, SpreadFinding, levels_of, spread_findings
from assessment.analysis.elements import ElementRow, Said, element_rows
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.tiers import TierFinding, tier_finding
from assessment.questionnaire.verdicts import CommonOrLocalRules
from assessment.scoring.table import Basis
from assessment.statements import ElementContent, StatementKind
from assessment.store.workspace import Revision
from assessment.ui import resources

#: Begins the draws behind ranges of ranks: the same picture has to come out every time.
SEED = 20


def rules(revision: Revision, round_id: str) -> CommonOrLocalRules | None:
    """The rules of the round; None where there are none."""
    entry = next(entry for entry in resources.rounds(revision) if entry.id == round_id)
    found = resources.catalogue().verdicts_of(entry.rules_version)
    return found.common_or_local if found else None


def elements(
    scope: Scope, revision: Revision, round_id: str, country_ids: tuple[str, ...]
) -> tuple[ElementRow, ...]:
    """What these countries have said of every element by a round; nothing without rules."""
    return _elements(scope, revision._replace(answers=0, states=0), round_id, country_ids)


def spreads(
    scope: Scope, revision: Revision, round_id: str, country_ids: tuple[str, ...]
) -> tuple[SpreadFinding, ...]:
    """How far these countries lie apart on every question of a round; nothing without rules."""
    found, known = resources.findings(scope, revision, round_id), rules(revision, round_id)
    if found is None or known is None:
        return ()
    levels = _levels(scope, resources.as_of(scope, revision, round_id), round_id, found)
    return spread_findings(levels, known.levels, frozenset(country_ids))


def tiers(
    scope: Scope, revision: Revision, round_id: str, questionnaire_id: str, basis: Basis
) -> TierFinding:
    """Between which places the countries of a round may stand."""
    as_of = resources.as_of(scope, revision, round_id)
    return _tiers(scope, as_of, round_id, questionnaire_id, basis, revision)


@st.cache_resource(max_entries=32, **resources.BY_SCOPE)
def _elements(
    scope: Scope, revision: Revision, round_id: str, country_ids: tuple[str, ...]
) -> tuple[ElementRow, ...]:
    known = rules(revision, round_id)
    if known is None:
        return ()
    said = [
        Said(
            entry.about.round_id, entry.about.unit_id, entry.about.subject_id, entry.content.use,
            entry.content.reason,
        )
        for entry in resources.statements(scope, revision, StatementKind.ELEMENT)
        if isinstance(entry.content, ElementContent)
    ]  # fmt: skip
    listed = resources.catalogue().elements
    return element_rows(listed, said, resources.rounds(revision), round_id, country_ids, known.elements)


@st.cache_resource(max_entries=32, **resources.BY_SCOPE)
def _levels(
    scope: Scope,  # noqa: ARG001
    as_of: Revision,  # noqa: ARG001
    round_id: str,  # noqa: ARG001
    _found: RoundFindings,
) -> Levels:
    # As countries answered: gates read the domains' figure where the two differ much, this doesn't.
    return levels_of(_found.readings.as_answered())


@st.cache_resource(max_entries=32, **resources.BY_SCOPE)
def _tiers(
    scope: Scope,
    as_of: Revision,  # noqa: ARG001
    round_id: str,
    questionnaire_id: str,
    basis: Basis,
    _revision: Revision,
) -> TierFinding:
    data = resources.scoring_input(scope, _revision, round_id)
    version = data.rounds[round_id].questionnaires[questionnaire_id]
    questionnaire = resources.catalogue().get(questionnaire_id, version)
    scores = resources.scores(scope, _revision, round_id)
    return tier_finding(data, scores, questionnaire, round_id, basis, np.random.default_rng(SEED))
