"""Where somebody works, and the checks that actions start with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessment.access import Action, Principal, require
from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.store.assessments import StoredAssessment, read_assessment, unit_of
from assessment.store.engine import Connection, Store
from assessment.store.organisation import is_closed, read_branches, read_organisation
from assessment.store.workspace import Stamp, WorkspaceKind, read_kind, set_kind


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
    """The assessment and the part of the organisation that it is in, when the principal may do `action` to its unit.

    Raises:
        NotAllowed: Otherwise; a missing assessment and a forbidden one are told in the same words.
        ResponseError: It belongs to a round that was closed.
    """
    unit_id = unit_of(connection, assessment_id)
    organisation = read_branches(connection, filter(None, (unit_id, desk.principal.unit_id)))
    assessment = read_assessment(connection, assessment_id, organisation.units)
    require(desk.principal, action, assessment.unit_id if assessment else "", organisation)
    assert assessment is not None, "nobody may act on a unit that doesn't exist"
    if is_closed(connection, assessment.round_id):
        raise ResponseError(t("The round is closed; nothing in it can be changed now."))
    return assessment, organisation


def allow_management(connection: Connection, desk: Desk) -> None:
    require(desk.principal, Action.MANAGE, None, read_organisation(connection))


def now_ones_own(connection: Connection) -> None:
    """A workspace that somebody puts something into is theirs.

    Raises:
        ResponseError: It is the synthetic one, which anybody may throw away: nothing real belongs there.
    """
    kind = read_kind(connection)
    if kind is WorkspaceKind.SYNTHETIC:
        raise ResponseError(
            t("This is the demonstration. Start with an empty workspace first, then add your own.")
        )
    if kind is WorkspaceKind.NEW:
        set_kind(connection, WorkspaceKind.OWN)
