"""The workspace as a whole: filled with the demonstration, or begun anew."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

from assessment import demo
from assessment.actions.desk import Desk, allow_management
from assessment.actions.refusals import watched
from assessment.actions.rounds import freeze, pin_round
from assessment.errors import ResponseError
from assessment.i18n import t
from assessment.intake.package import Package, read_package
from assessment.metrics import bringing_in
from assessment.responses import AssessmentState
from assessment.store import assessments as assessment_store
from assessment.store import bulk as bulk_store
from assessment.store import organisation as organisation_store
from assessment.store import workspace as workspace_store
from assessment.store.engine import Connection, retried
from assessment.store.workspace import WorkspaceKind

log = logging.getLogger(__name__)


@watched
@retried
def fill_with_demo(desk: Desk, size: demo.Size, seed: int = demo.DEFAULT_SEED) -> None:
    """Fill a new workspace with the synthetic demonstration.

    Raises:
        ResponseError: The workspace is somebody's own.
    """
    _allow(desk)
    made = demo.workspace(desk.catalogue, desk.at.date(), size, seed)
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        _clear_unless_own(connection)
        _fill(connection, desk, made, seed)


@watched
@retried
def bring_demo_back(desk: Desk, size: demo.Size, seed: int = demo.DEFAULT_SEED) -> None:
    """Undo starting empty: fill in the demonstration again, as long as nobody has put anything in.

    Raises:
        ResponseError: Something was put in.
    """
    _allow(desk)
    made = demo.workspace(desk.catalogue, desk.at.date(), size, seed)
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        if not workspace_store.is_empty(connection):
            raise ResponseError(t("This workspace isn't empty any more; what is in it isn't replaced."))
        _fill(connection, desk, made, seed)


def _allow(desk: Desk) -> None:
    """Before the work that precedes the transaction: nobody else shall make the server read a file, or learn what is in it."""
    with desk.store.read() as connection:
        allow_management(connection, desk)


def _fill(connection: Connection, desk: Desk, made: demo.DemoWorkspace, seed: int) -> None:
    _put_in(connection, desk, made)
    workspace_store.set_kind(connection, WorkspaceKind.SYNTHETIC)
    workspace_store.record(
        connection,
        desk.stamp,
        "demonstration filled",
        {"seed": seed, "units": len(made.organisation.units)},
    )
    log.info("demonstration filled", extra={"units": len(made.organisation.units)})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a data package brought."""

    units: int
    rounds: int
    assessments: int
    answers: int


@bringing_in()
@watched
@retried
def load_package(desk: Desk, content: bytes, source: str) -> Loaded:
    """Fill an empty workspace with what a data package holds; all of it or nothing.

    Raises:
        IntakeError: It isn't a package as it was exported, or asks what the catalogue hasn't: every problem.
        ResponseError: Something is in the workspace already, or a round pinned rules that aren't here.
    """
    _allow(desk)
    package = read_package(content, source, desk.catalogue, desk.at)
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        if not workspace_store.is_empty(connection):
            raise ResponseError(
                t("A package is loaded into an empty workspace; what is in this one isn't replaced.")
            )
        _put_in(connection, desk, package)
        kind = WorkspaceKind.SYNTHETIC if package.is_synthetic else WorkspaceKind.OWN
        workspace_store.set_kind(connection, kind)
        answers = sum(len(entry.answers) for entry in package.assessments)
        loaded = Loaded(
            len(package.organisation.units), len(package.rounds), len(package.assessments), answers
        )
        workspace_store.record(connection, desk.stamp, "package loaded", {"file": source, **asdict(loaded)})
        return loaded


def _put_in(connection: Connection, desk: Desk, made: demo.DemoWorkspace | Package) -> None:
    """A whole workspace into an empty one; of rounds that are over, what was closed is frozen."""
    organisation_store.add_units(connection, made.organisation.units.values())
    for entry in made.rounds:
        pin_round(connection, desk.catalogue, entry)
    organisation_store.add_targets(connection, made.targets)
    bulk_store.add_recorded(connection, made.assessments, desk.stamp)
    # Before anything is frozen: the evidence that reviewers found is part of the scores.
    bulk_store.add_statements(connection, made.statements, desk.stamp)
    for entry in made.rounds:
        if entry.is_over:
            known = assessment_store.read_assessments(connection, made.organisation.units, round_id=entry.id)
            closed = [found for found in known if found.state is AssessmentState.CLOSED]
            freeze(connection, desk, entry, closed)


@watched
@retried
def start_empty(desk: Desk) -> None:
    """Throw the synthetic demonstration away and start with an empty workspace of one's own.

    Raises:
        ResponseError: The workspace is somebody's own already: that is never thrown away.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        _clear_unless_own(connection)
        workspace_store.set_kind(connection, WorkspaceKind.OWN)
        workspace_store.record(connection, desk.stamp, "started empty", {})


def _clear_unless_own(connection: Connection) -> None:
    if workspace_store.read_kind(connection) is WorkspaceKind.OWN:
        raise ResponseError(t("This workspace holds your own data; it isn't replaced."))
    workspace_store.clear(connection)
