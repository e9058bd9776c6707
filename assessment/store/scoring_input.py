"""Everything that scores depend on, read in one look and no further than a scope reaches."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from assessment.access import Scope
from assessment.questionnaire.catalogue import Catalogue
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput
from assessment.store.answers import answer_frame
from assessment.store.assessments import read_assessments
from assessment.store.organisation import read_organisation, read_rounds, read_targets


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
        for entry in read_assessments(connection, scope.units)
        if entry.round_id in wanted
    ]
    organisation = read_organisation(connection)
    reached = scope.units | {parent for unit in scope.units if (parent := organisation.units[unit].parent_id)}
    return ScoringInput(
        catalogue,
        organisation,
        rounds,
        answer_frame(connection, scope, round_ids=wanted),
        asked,
        read_targets(connection, reached),
    )
