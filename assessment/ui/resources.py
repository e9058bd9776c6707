"""What a process opens once: settings, the store, the questionnaires; and tables that several pages compute."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from assessment.access import Scope
from assessment.analysis.clauses import FactValues
from assessment.analysis.evidence import Carried, carried_levels
from assessment.analysis.operating_model import OperatingModelFinding
from assessment.analysis.operating_models import operating_models as operating_models_of
from assessment.analysis.orders import CountryOrder, country_orders
from assessment.analysis.readiness import RoundFindings, earlier_rounds, round_findings
from assessment.logs import configure_logging
from assessment.organisation import Organisation, Round
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue
from assessment.questionnaire.verdicts import VerdictRules
from assessment.scoring.table import ScoringInput, score_table, together
from assessment.settings import Settings, load_settings
from assessment.statements import StatementKind
from assessment.store import schema
from assessment.store.engine import Store, open_store
from assessment.store.organisation import read_organisation, read_rounds
from assessment.store.scoring_input import read_scoring_input
from assessment.store.statements import Statement, read_told, read_told_facts
from assessment.store.workspace import Revision


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    loaded = load_settings(os.environ)
    configure_logging(loaded.log_level, loaded.log_format)
    return loaded


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The one store of all pages in this process; refuses a database of another version."""
    opened = open_store(settings().database_url)
    schema.require_current(opened)
    return opened


@st.cache_resource(show_spinner=False)
def catalogue() -> Catalogue:
    return load_catalogue(settings().questionnaires)


def rounds(revision: Revision) -> tuple[Round, ...]:
    """All rounds in time."""
    return _frame(revision.workspace)[1]


def organisation(revision: Revision) -> Organisation:
    return _frame(revision.workspace)[0]


def scoring_input(scope: Scope, revision: Revision, *round_ids: str) -> ScoringInput:
    """What the scope may read of these rounds (of all where none is named), as of `revision`. Treat it as read-only."""
    parts = [_round_input(scope, *key) for key in _keys(scope, revision, round_ids)]
    return parts[0] if len(parts) == 1 else _together(scope, tuple(parts), revision, round_ids)


def scores(scope: Scope, revision: Revision, *round_ids: str) -> pd.DataFrame:
    """The score table of these rounds (of all where none is named), as far as the scope reaches. Treat it as read-only."""
    parts = [_round_scores(scope, *key) for key in _keys(scope, revision, round_ids)]
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _keys(scope: Scope, revision: Revision, round_ids: Collection[str]) -> list[tuple[Revision, str]]:
    """Each of these rounds with what its numbers depend on; in a workspace without rounds, none by name."""
    wanted = [entry for entry in rounds(revision) if not round_ids or entry.id in round_ids]
    return [(_as_of(scope, entry, revision), entry.id) for entry in wanted] or [(revision, "")]


def findings(scope: Scope, revision: Revision, round_id: str) -> RoundFindings | None:
    """What the rules that a round pinned say of it, as far as the scope may read; None without rules."""
    known = {entry.id: entry for entry in rounds(revision)}
    rules = catalogue().verdicts_of(known[round_id].rules_version)
    if rules is None:
        return None
    read = (*earlier_rounds(known.values(), rules, round_id), round_id)
    as_of = tuple(_as_of(scope, known[name], revision) for name in read)
    return _findings(scope, as_of, read, revision)


def orders(scope: Scope, revision: Revision, round_id: str) -> Mapping[str, CountryOrder]:
    """Which order fits each country that was asked in a round, by its id; nothing without rules."""
    found, rules = findings(scope, revision, round_id), _rules(revision, round_id)
    if found is None or rules is None:
        return {}
    facts = _facts(scope, _said(scope, revision)).get(round_id, {})
    return _orders(scope, _round_key(scope, revision, round_id), found, rules, facts)


def operating_models(scope: Scope, revision: Revision, round_id: str) -> Mapping[str, OperatingModelFinding]:
    """How each unit that was asked in a round works, by its id; nothing without rules."""
    found, rules = findings(scope, revision, round_id), _rules(revision, round_id)
    if found is None or rules is None:
        return {}
    return _operating_models(scope, _round_key(scope, revision, round_id), found, rules)


def _rules(revision: Revision, round_id: str) -> VerdictRules | None:
    entry = next(known for known in rounds(revision) if known.id == round_id)
    return catalogue().verdicts_of(entry.rules_version)


def _round_key(scope: Scope, revision: Revision, round_id: str) -> tuple[Revision, str]:
    return _keys(scope, revision, [round_id])[0]


def carried(
    scope: Scope, revision: Revision, round_id: str, unit_ids: Collection[str], pinned: Collection[str]
) -> Carried:
    """Of each level that these units claim in these questionnaires in a round, whether its evidence carries it."""
    found = _carried(scope, _round_key(scope, revision, round_id))
    return {
        (unit, questionnaire, question): carries
        for unit in unit_ids
        for (questionnaire, question), carries in found.get(unit, {}).items()
        if questionnaire in pinned
    }


def statements(scope: Scope, revision: Revision, kind: StatementKind) -> tuple[Statement, ...]:
    """What is said of one kind about the units of the scope, in all rounds, as of `revision`."""
    return _statements(scope, _said(scope, revision), kind)


def as_of(scope: Scope, revision: Revision, round_id: str) -> Revision:
    """What of the revision the numbers of a round depend on: a key for what others compute from them and keep."""
    return _as_of(scope, next(entry for entry in rounds(revision) if entry.id == round_id), revision)


def _as_of(scope: Scope, entry: Round, revision: Revision) -> Revision:
    """What of the revision a round's numbers depend on: what can't change them is left out, so that a cache outlives it.

    Whatever opens a closed round again is on the workspace's record. Of drafts only their own unit reads anything.
    """
    if entry.is_over:
        return Revision(0, 0, 0, revision.workspace)
    return revision if scope.own else revision._replace(answers=0)


def _said(scope: Scope, revision: Revision) -> Revision:
    """What of the revision statements depend on: also on what was sent, for who may read them only then."""
    return revision._replace(answers=0, states=revision.states if scope.blind_until else 0)


@lru_cache(maxsize=1024)
def _fingerprint(scope: Scope) -> str:
    """Tells a scope from every other; Streamlit would go through a thousand units each time that it is asked."""
    told = json.dumps([sorted(scope.own), sorted(scope.others), scope.blind_until])
    return hashlib.sha256(told.encode()).hexdigest()


#: For caches with a scope in their key.
BY_SCOPE: Mapping[str, Any] = {"show_spinner": False, "hash_funcs": {Scope: _fingerprint}}


# Scope and revision are the whole key: nobody is ever handed what was read for another scope. A key counts only what
# the numbers depend on; what isn't hashed (`_revision`, `_parts`) is only where to find them.
@st.cache_resource(max_entries=4, show_spinner=False)
def _frame(workspace: int) -> tuple[Organisation, tuple[Round, ...]]:  # noqa: ARG001
    with store().read() as connection:
        return read_organisation(connection), read_rounds(connection)


@st.cache_resource(max_entries=128, **BY_SCOPE)
def _round_input(scope: Scope, as_of: Revision, round_id: str) -> ScoringInput:  # noqa: ARG001
    with store().read() as connection:
        return read_scoring_input(connection, catalogue(), scope, [round_id])


@st.cache_resource(max_entries=128, **BY_SCOPE)
def _round_scores(scope: Scope, as_of: Revision, round_id: str) -> pd.DataFrame:
    return score_table(_round_input(scope, as_of, round_id))


@st.cache_resource(max_entries=8, **BY_SCOPE)
def _together(
    scope: Scope,  # noqa: ARG001
    _parts: tuple[ScoringInput, ...],
    revision: Revision,  # noqa: ARG001
    round_ids: tuple[str, ...],  # noqa: ARG001
) -> ScoringInput:
    return together(_parts)


@st.cache_resource(max_entries=64, **BY_SCOPE)
def _findings(
    scope: Scope,
    as_of: tuple[Revision, ...],  # noqa: ARG001
    read: tuple[str, ...],
    _revision: Revision,
) -> RoundFindings:
    data = scoring_input(scope, _revision, *read)
    rules = catalogue().verdicts_of(data.rounds[read[-1]].rules_version)
    assert rules is not None
    return round_findings(data, read[-1], rules, _facts(scope, _said(scope, _revision)))


@st.cache_resource(max_entries=64, **BY_SCOPE)
def _carried(scope: Scope, key: tuple[Revision, str]) -> Mapping[str, Mapping[tuple[str, str], bool]]:
    """By unit, then by questionnaire and question: who looks at some units needn't go through all."""
    data = _round_input(scope, *key)
    pinned = data.rounds[key[1]].questionnaires if key[1] else {}
    found: dict[str, dict[tuple[str, str], bool]] = {}
    for (unit, *question), carries in carried_levels(data, key[1], pinned, scope.units).items():
        found.setdefault(unit, {})[question[0], question[1]] = carries
    return found


@st.cache_resource(max_entries=32, **BY_SCOPE)
def _orders(
    scope: Scope,  # noqa: ARG001
    key: tuple[Revision, str],  # noqa: ARG001
    _found: RoundFindings,
    _rules: VerdictRules,
    _facts: FactValues,
) -> Mapping[str, CountryOrder]:
    asked = {stage.unit_id for stage in _found.stages}
    countries = [unit.id for unit in _found.readings.organisation.countries if unit.id in asked]
    return country_orders(_found.readings, _rules.order, _facts, countries)


@st.cache_resource(max_entries=32, **BY_SCOPE)
def _operating_models(
    scope: Scope,  # noqa: ARG001
    key: tuple[Revision, str],  # noqa: ARG001
    _found: RoundFindings,
    _rules: VerdictRules,
) -> Mapping[str, OperatingModelFinding]:
    return operating_models_of(_found, _rules.operating_model)


@st.cache_resource(max_entries=32, **BY_SCOPE)
def _facts(scope: Scope, revision: Revision) -> Mapping[str, FactValues]:  # noqa: ARG001
    with store().read() as connection:
        return read_told_facts(connection, scope)


@st.cache_resource(max_entries=32, **BY_SCOPE)
def _statements(
    scope: Scope,
    revision: Revision,  # noqa: ARG001
    kind: StatementKind,
) -> tuple[Statement, ...]:
    with store().read() as connection:
        return read_told(connection, scope, [kind])
