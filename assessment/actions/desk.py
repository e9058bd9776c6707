"""Where somebody works, and the check that every action on an assessment starts with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessment.access import Action, Principal, require
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.store.assessments import StoredAssessment, read_assessment
from assessment.store.engine import Connection, Store
from assessment.store.organisation import read_organisation
from assessment.store.workspace import Stamp


@dataclass(frozen=True, slots=True)
class Desk:
    """On which store, with which questionnaires, as whom, at what time, from where."""

    store: Store
    catalogue: Catalogue
    principal: Principal
    session_id: str
    at: datetime
    origin: str = "page"

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.principal.person, str(self.principal.role), self.at, self.session_id, self.origin)


def allowed_assessment(
    connection: Connection, desk: Desk, assessment_id: int, action: Action
) -> tuple[StoredAssessment, Organisation]:
    """The assessment and the organisation, when the principal may do `action` to its unit.

    Raises:
        NotAllowed: Otherwise; a missing assessment and a forbidden one are told in the same words.
    """
    organisation = read_organisation(connection)
    assessment = read_assessment(connection, assessment_id, organisation.units)
    require(desk.principal, action, assessment.unit_id if assessment else "", organisation)
    assert assessment is not None, "nobody may act on a unit that doesn't exist"
    return assessment, organisation
