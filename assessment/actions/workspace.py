"""Setting up the workspace, and what leaves it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence

from assessment import demo
from assessment.access import Action, require
from assessment.actions.desk import Desk
from assessment.errors import ResponseError, listed
from assessment.i18n import t
from assessment.organisation import Organisation, Round, Target
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Questionnaire, Status
from assessment.store import assessments as assessment_store
from assessment.store import bulk as bulk_store
from assessment.store import organisation as organisation_store
from assessment.store import workspace as workspace_store
from assessment.store.engine import Connection, retried
from assessment.store.workspace import WorkspaceKind

log = logging.getLogger(__name__)

_ROUND_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


@retried
def fill_with_demo(desk: Desk, size: demo.Size, seed: int = demo.DEFAULT_SEED) -> None:
    """Fill a new workspace with the synthetic demonstration.

    Raises:
        ResponseError: The workspace is somebody's own.
    """
    made = demo.workspace(desk.catalogue, desk.at.date(), size, seed)
    with desk.store.write(alone=True) as connection:
        _allow_management(connection, desk)
        _clear_unless_own(connection)
        organisation_store.add_units(connection, made.organisation.units.values())
        for entry in made.rounds:
            organisation_store.add_round(connection, entry, _hashes(desk.catalogue, entry))
        organisation_store.add_targets(connection, made.targets)
        bulk_store.add_recorded(connection, made.assessments, desk.stamp)
        workspace_store.set_kind(connection, WorkspaceKind.SYNTHETIC)
        workspace_store.record(
            connection,
            desk.stamp,
            "demonstration filled",
            {"seed": seed, "units": len(made.organisation.units)},
        )
    log.info("demonstration filled", extra={"units": len(made.organisation.units)})


@retried
def start_empty(desk: Desk) -> None:
    """Throw the synthetic demonstration away and start with an empty workspace of one's own.

    Raises:
        ResponseError: The workspace is somebody's own already: that is never thrown away.
    """
    with desk.store.write(alone=True) as connection:
        _allow_management(connection, desk)
        _clear_unless_own(connection)
        workspace_store.set_kind(connection, WorkspaceKind.OWN)
        workspace_store.record(connection, desk.stamp, "started empty", {})


@retried
def add_units(desk: Desk, organisation: Organisation) -> int:
    """Add the units that the workspace doesn't have yet; gives how many are new.

    Raises:
        ResponseError: A known unit differs from the stored one; moving and renaming isn't an addition.
    """
    with desk.store.write(alone=True) as connection:
        _allow_management(connection, desk)
        stored = organisation_store.read_organisation(connection)
        differing = [
            unit.id for unit in organisation.units.values() if stored.units.get(unit.id, unit) != unit
        ]
        if differing:
            raise ResponseError(t("These units exist and are different: {units}.", units=listed(differing)))
        new = [unit for unit in organisation.units.values() if unit.id not in stored.units]
        organisation_store.add_units(connection, new)
        _now_ones_own(connection)
        workspace_store.record(connection, desk.stamp, "units added", {"units": [unit.id for unit in new]})
        return len(new)


@retried
def open_round(desk: Desk, entry: Round, targets: Sequence[Target] = ()) -> int:
    """Open a round: one draft assessment for every unit that its questionnaires ask; gives how many.

    Raises:
        ResponseError: The round exists, has no id, ends before it begins, pins nothing, or pins a version that
            isn't published.
    """
    with desk.store.write(alone=True) as connection:
        _allow_management(connection, desk)
        organisation = organisation_store.read_organisation(connection)
        questionnaires = [desk.catalogue.get(*pinned) for pinned in entry.questionnaires.items()]
        _check_round(entry, questionnaires, organisation_store.read_rounds(connection))
        organisation_store.add_round(connection, entry, _hashes(desk.catalogue, entry))
        organisation_store.add_targets(connection, targets)
        asked = [
            (entry.id, unit.id, questionnaire.id, questionnaire.version)
            for unit in organisation.units.values()
            for questionnaire in questionnaires
            if any(question.is_asked_of(unit.kind) for question in questionnaire.questions.values())
        ]
        assessment_store.add_assessments(connection, asked)
        _now_ones_own(connection)
        workspace_store.record(
            connection, desk.stamp, "round opened", {"round": entry.id, "assessments": len(asked)}
        )
        return len(asked)


def _check_round(entry: Round, questionnaires: list[Questionnaire], existing: Iterable[Round]) -> None:
    if not _ROUND_ID.fullmatch(entry.id):
        raise ResponseError(t("A round's id has letters, digits, '.', '_' and '-' only, like 2026-H2."))
    if entry.opens_on and entry.closes_on and entry.closes_on < entry.opens_on:
        raise ResponseError(t("The round would close before it opens. Change one of the dates."))
    if any(entry.id == other.id for other in existing):
        raise ResponseError(t("There is a round '{round}' already. Choose another id.", round=entry.id))
    if not questionnaires:
        raise ResponseError(t("A round needs at least one questionnaire."))
    drafts = [
        questionnaire.reference
        for questionnaire in questionnaires
        if questionnaire.status is not Status.PUBLISHED
    ]
    if drafts:
        raise ResponseError(t("Rounds pin published versions; {versions} isn't.", versions=listed(drafts)))


def _hashes(catalogue: Catalogue, entry: Round) -> dict[str, str]:
    return {pin: content_hash(catalogue.get(pin, version)) for pin, version in entry.questionnaires.items()}


def _allow_management(connection: Connection, desk: Desk) -> None:
    require(desk.principal, Action.MANAGE, None, organisation_store.read_organisation(connection))


def _now_ones_own(connection: Connection) -> None:
    """A workspace that somebody puts something into is theirs.

    Raises:
        ResponseError: It is the synthetic one, which anybody may throw away: nothing real belongs there.
    """
    kind = workspace_store.read_kind(connection)
    if kind is WorkspaceKind.SYNTHETIC:
        raise ResponseError(
            t("This is the demonstration. Start with an empty workspace first, then add your own.")
        )
    if kind is WorkspaceKind.NEW:
        workspace_store.set_kind(connection, WorkspaceKind.OWN)


def _clear_unless_own(connection: Connection) -> None:
    if workspace_store.read_kind(connection) is WorkspaceKind.OWN:
        raise ResponseError(t("This workspace holds your own data; it isn't replaced."))
    workspace_store.clear(connection)
