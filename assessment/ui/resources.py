"""What a process opens once: settings, the store, the questionnaires; and tables that several pages compute."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from assessment.access import Scope
from assessment.analysis.clauses import FactValues
from assessment.analysis.readiness import RoundFindings, round_findings
from assessment.logs import configure_logging
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue
from assessment.scoring.table import ScoringInput, score_table
from assessment.settings import Settings, load_settings
from assessment.statements import StatementKind
from assessment.store import schema
from assessment.store.engine import Store, open_store
from assessment.store.scoring_input import read_scoring_input
from assessment.store.statements import Statement, read_facts, read_statements


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    loaded = load_settings(os.environ)
    configure_logging(loaded.log_level, loaded.log_format)
    return loaded


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The process's one store; refuses a database of another version."""
    opened = open_store(settings().database_url)
    schema.require_current(opened)
    return opened


@st.cache_resource(show_spinner=False)
def catalogue() -> Catalogue:
    return load_catalogue(settings().questionnaires)


def scoring_input(scope: Scope, revision: tuple[int, ...]) -> ScoringInput:
    """All that the scope may read, as of `revision`; shared by whoever has the same scope."""
    return _scoring_input(scope, revision)


def scores(scope: Scope, revision: tuple[int, ...]) -> pd.DataFrame:
    """The score table of everything that the scope may read, as of `revision`. Treat it as read-only."""
    return _scores(scope, revision)


def findings(scope: Scope, revision: tuple[int, ...], round_id: str) -> RoundFindings | None:
    """What the rules that a round pinned say of it, as far as the scope may read; None without rules."""
    return _findings(scope, revision, round_id)


def statements(scope: Scope, revision: tuple[int, ...], kind: StatementKind) -> tuple[Statement, ...]:
    """What is said of one kind about the units of the scope, in all rounds, as of `revision`."""
    return _statements(scope, revision, kind)


# Scope and revision are the whole key: nobody is ever handed what was read for another scope.
@st.cache_resource(max_entries=32, show_spinner=False)
def _scoring_input(scope: Scope, revision: tuple[int, ...]) -> ScoringInput:  # noqa: ARG001
    with store().read() as connection:
        return read_scoring_input(connection, catalogue(), scope)


@st.cache_resource(max_entries=32, show_spinner=False)
def _scores(scope: Scope, revision: tuple[int, ...]) -> pd.DataFrame:
    return score_table(_scoring_input(scope, revision))


@st.cache_resource(max_entries=32, show_spinner=False)
def _findings(scope: Scope, revision: tuple[int, ...], round_id: str) -> RoundFindings | None:
    data = _scoring_input(scope, revision)
    rules = catalogue().verdicts_of(data.rounds[round_id].rules_version)
    if rules is None:
        return None
    return round_findings(data, round_id, rules, _facts(scope, revision))


@st.cache_resource(max_entries=32, show_spinner=False)
def _facts(scope: Scope, revision: tuple[int, ...]) -> Mapping[str, FactValues]:  # noqa: ARG001
    with store().read() as connection:
        return read_facts(connection, scope.units)


@st.cache_resource(max_entries=32, show_spinner=False)
def _statements(
    scope: Scope,
    revision: tuple[int, ...],  # noqa: ARG001
    kind: StatementKind,
) -> tuple[Statement, ...]:
    with store().read() as connection:
        return read_statements(connection, scope.units, [kind])
