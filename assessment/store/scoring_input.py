"""Everything that scores depend on, read in one look and no further than a scope reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from sqlalchemy import Connection

from assessment.access import Scope
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import REVIEWED, EvidenceKind
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput
from assessment.store.answers import accepted_frame, answer_frame
from assessment.store.assessments import read_assessments
from assessment.store.organisation import read_organisation, read_rounds, read_targets
from assessment.store.statements import read_verified


def read_scoring_input(
    connection: Connection, catalogue: Catalogue, scope: Scope, round_ids: Iterable[str] | None = None
) -> ScoringInput:
    """The input for `score_table` for the units in `scope`, in the named rounds or in all.

    Assessments whose answers the scope may not read yet are there with their state and without answers.
    """
    rounds = {entry.id: entry for entry in read_rounds(connection)}
    wanted = set(rounds if round_ids is None else round_ids)
    asked = [
        Asked(entry.round_id, entry.unit_id, entry.questionnaire_id, entry.version, entry.state)
        for entry in read_assessments(connection, scope.units, round_ids=wanted)
    ]
    organisation = read_organisation(connection)
    reached = scope.units | {parent for unit in scope.units if (parent := organisation.units[unit].parent_id)}
    return ScoringInput(
        catalogue,
        organisation,
        rounds,
        _as_verified(
            answer_frame(connection, scope, round_ids=wanted), read_verified(connection, scope.units)
        ),
        asked,
        read_targets(connection, reached),
    )


def read_accepted(
    connection: Connection,
    catalogue: Catalogue,
    organisation: Organisation,
    units: Iterable[str],
    round_id: str,
) -> ScoringInput:
    """What a reviewer has accepted of these units in one round, past every scope, without targets.

    Only for figures that no unit can be told from: who reads them may not see these units' answers or scores.
    """
    members = frozenset(units)
    asked = [
        Asked(entry.round_id, entry.unit_id, entry.questionnaire_id, entry.version, entry.state)
        for entry in read_assessments(connection, members, round_id=round_id)
        if entry.state in REVIEWED
    ]
    rounds = {entry.id: entry for entry in read_rounds(connection)}
    return ScoringInput(catalogue, organisation, rounds, accepted_frame(connection, members, round_id), asked)


def _as_verified(
    answers: pd.DataFrame, verified: Mapping[tuple[str, str, str, str], EvidenceKind]
) -> pd.DataFrame:
    """The answers with the kind of evidence that a reviewer found, where one looked; a level isn't touched."""
    if not verified or answers.empty:
        return answers
    keys = zip(
        answers["round_id"],
        answers["unit_id"],
        answers["questionnaire_id"],
        answers["question_id"],
        strict=True,
    )
    kinds = [
        str(verified.get(key, claimed)) for key, claimed in zip(keys, answers["evidence_kind"], strict=True)
    ]
    return answers.assign(evidence_kind=kinds)
