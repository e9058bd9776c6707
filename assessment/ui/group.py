"""The group in one round, as far as a view reaches: its portfolio and the facts beside it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from assessment.access import Scope
from assessment.analysis.overview import GroupFinding, Known, group_finding, readiness_of
from assessment.analysis.portfolio import Portfolio, portfolio
from assessment.organisation import Round
from assessment.scoring.table import Basis
from assessment.store.workspace import Revision
from assessment.ui import resources
from assessment.ui.filters import Rows, View, family_name
from assessment.ui.session import Here


def portfolio_of(place: Here, view: View) -> Portfolio:
    """The view's units in each dimension; domains have their own answers only. Kept: a filter often leads back."""
    as_of = resources.as_of(place.scope, place.revision, view.round.id)
    chosen = (view.questionnaire_id, view.rows, view.country_ids, view.family, view.basis, view.supported)
    return _portfolio(place.scope, as_of, view.round.id, chosen, place, view)


@st.cache_resource(max_entries=64, **resources.BY_SCOPE)
def _portfolio(
    scope: Scope,
    as_of: Revision,  # noqa: ARG001
    round_id: str,
    chosen: tuple[object, ...],  # noqa: ARG001
    _place: Here,
    _view: View,
) -> Portfolio:
    scores = resources.scores(scope, _place.revision, round_id)
    basis = _view.basis if _view.rows is Rows.COUNTRIES else Basis.OWN
    titles = {name: _place.catalogue.get(name, version).title for name, version in _view.pinned.items()}
    units = _view.units(_place.organisation)
    return portfolio(scores, units, titles, basis=basis, supported=_view.supported)


def group_of(place: Here, view: View, finding: Portfolio) -> GroupFinding:
    """The facts of the view's round beside those of the round before, where that one asked the same."""
    earlier = _round_before(place, view)
    before = None
    if earlier is not None:
        then = replace(view, round=earlier)
        before = _known(place, then, portfolio_of(place, then))
        if not _judges_alike(earlier, view.round):
            before = replace(before, ready={})
    return group_finding(_known(place, view, finding), before, family_name(place.organisation, view))


def _judges_alike(earlier: Round, later: Round) -> bool:
    """Whether verdicts of both rounds compare: they read all questionnaires, whichever is looked at."""
    return (earlier.rules_version, earlier.questionnaires) == (later.rules_version, later.questionnaires)


def _known(place: Here, view: View, finding: Portfolio) -> Known:
    is_by_domains = view.rows is Rows.COUNTRIES and view.basis is Basis.DOMAINS
    # A country's mean is over all of its domains, whichever family is looked at.
    behind = replace(view, family="").domains(place.organisation)
    units = behind if is_by_domains else [row.unit_id for row in finding.rows]
    carried = resources.carried(place.scope, place.revision, view.round.id, units, view.pinned)
    found = resources.findings(place.scope, place.revision, view.round.id)
    ready = readiness_of(found.stages, view.domains(place.organisation)) if found else {}
    return Known(finding, ready, carried)


def _round_before(place: Here, view: View) -> Round | None:
    """The round before, if it pinned the same versions: other questions make other numbers."""
    order = [entry.id for entry in place.rounds]
    position = order.index(view.round.id)
    if not position:
        return None
    earlier = place.rounds[position - 1]
    same = all(earlier.questionnaires.get(name) == version for name, version in view.pinned.items())
    return earlier if same else None
