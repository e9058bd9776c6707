"""What leaves the building: read as far as the person may see, checked, recorded, handed over as bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd

from assessment import demo
from assessment.access import Action, can, require, scope_of
from assessment.actions.comparing import quartiles_from, read_others
from assessment.actions.desk import Desk
from assessment.actions.refusals import watched
from assessment.analysis.commitments import Said
from assessment.errors import ResponseError
from assessment.exports.csv import scores_csv, table_csv
from assessment.exports.documents import Form, headline_of, written
from assessment.exports.package import package_zip, spreadsheet_zip
from assessment.exports.snapshot import Snapshot
from assessment.i18n import t
from assessment.metrics import counting_refusals
from assessment.organisation import Organisation, Round, up_to
from assessment.questionnaire.models import UnitKind
from assessment.scoring.table import of_units
from assessment.statements import MoveContent, StatementKind, asked_in
from assessment.store.assessments import hidden_by_round
from assessment.store.engine import retried
from assessment.store.organisation import read_organisation, read_rounds
from assessment.store.scoring_input import read_scoring_input
from assessment.store.statements import Statement, read_told, read_told_facts
from assessment.store.workspace import EXPORTED, WorkspaceKind, read_kind, record

#: How the names begin of tables for a spreadsheet, of a data package, of a scorecard and of a board pack.
EXCEL_TABLES, DATA_PACKAGE = "tables-for-excel", "data-package"
SCORECARD, BOARD_PACK = "scorecard", "board-pack"


@dataclass(frozen=True, slots=True)
class Export:
    """Scores to hand over; the file's name says round, whose, the day, and whether it is synthetic."""

    name: str
    scores: pd.DataFrame

    @property
    def content(self) -> bytes:
        return scores_csv(self.scores)


@watched
def export_scores(desk: Desk, round_id: str, unit_id: str | None = None) -> Export:
    """scores.csv of one round: of one unit and what is below it, or of every unit that the person may export.

    Raises:
        NotAllowed: The unit isn't theirs to export.
        ResponseError: There is no such round.
    """
    snapshot = read_snapshot(desk, round_id, unit_id, earlier=0)
    scores = snapshot.scores
    name = file_name(round_id, unit_id, desk.at, is_synthetic=snapshot.is_synthetic)
    detail = {"file": name, "round": round_id, "unit": unit_id, "rows": len(scores)}
    _record(desk, detail)
    return Export(name, scores)


@watched
def export_table(desk: Desk, name: str, table: pd.DataFrame, units: Iterable[str]) -> bytes:
    """A table that a page shows, as CSV; `units` are those whose numbers it holds, none of the workspace as a whole.

    Raises:
        NotAllowed: One of the units, or the workspace, isn't the person's to export.
    """
    with desk.store.read() as connection:
        organisation = read_organisation(connection)
        wanted: Collection[str | None] = tuple(units) or (None,)
        for unit in wanted:
            require(desk.principal, Action.EXPORT, unit, organisation)
    _record(desk, {"file": name, "rows": len(table)})
    return table_csv(table)


@dataclass(frozen=True, slots=True)
class Package:
    """A data package to hand over; see `exports.package`."""

    name: str
    content: bytes
    rows: int


@watched
def export_package(desk: Desk, round_id: str, unit_id: str | None = None) -> Package:
    """One round and all before it, as a data package, of one unit and what is below it or of all that one may export.

    Raises:
        NotAllowed: The unit isn't theirs to export.
        ResponseError: There is no such round.
    """
    return _zipped(desk, round_id, unit_id, DATA_PACKAGE, package_zip)


@watched
def export_tables_for_excel(desk: Desk, round_id: str, unit_id: str | None = None) -> Package:
    """The tables of a data package as CSV for Excel, in one zip.

    Raises:
        NotAllowed, ResponseError: As for `export_package`.
    """
    return _zipped(desk, round_id, unit_id, EXCEL_TABLES, spreadsheet_zip)


def _zipped(
    desk: Desk, round_id: str, unit_id: str | None, subject: str, made: Callable[[Snapshot], bytes]
) -> Package:
    snapshot = read_snapshot(desk, round_id, unit_id)
    name = file_name(
        round_id, unit_id, desk.at, is_synthetic=snapshot.is_synthetic, subject=subject, ending="zip"
    )
    package = Package(name, made(snapshot), len(snapshot.scores))
    _record(desk, {"file": name, "round": round_id, "unit": unit_id, "rows": package.rows})
    return package


@dataclass(frozen=True, slots=True)
class Document:
    """A scorecard or a board pack to hand over; its headline is what it says first."""

    name: str
    content: bytes
    headline: str


@watched
def export_scorecard(desk: Desk, round_id: str, unit_id: str | None, form: Form) -> Document:
    """The scorecard of a country or a domain in one round, or the board pack of the group, in one of its forms.

    Raises:
        NotAllowed: The unit, or the group, isn't theirs to export.
        ResponseError: There is no such round.
    """
    snapshot = read_snapshot(desk, round_id, unit_id, with_others=True)
    if snapshot.is_of_group:
        with counting_refusals():
            require(desk.principal, Action.COMPARE, None, snapshot.data.organisation)
    else:
        # A unit's gates rest on its country and the domains there, on nobody else.
        branch = _branch(snapshot.data.organisation, snapshot.asked_for)
        snapshot = replace(snapshot, data=of_units(snapshot.data, branch))
    name = document_name(
        round_id, unit_id, desk.at, form, is_synthetic=snapshot.is_synthetic, is_of_group=snapshot.is_of_group
    )
    document = Document(name, written(snapshot, form), headline_of(snapshot))
    _record(desk, {"file": name, "round": round_id, "unit": unit_id})
    return document


def _branch(organisation: Organisation, unit_id: str) -> frozenset[str]:
    """A unit's country and the domains in it."""
    unit = organisation.units[unit_id]
    country = unit.id if unit.kind is UnitKind.COUNTRY else unit.parent_id or unit.id
    return frozenset({unit.id, country, *(domain.id for domain in organisation.domains(country))})


def document_name(
    round_id: str, unit_id: str | None, at: datetime, form: Form, *, is_synthetic: bool, is_of_group: bool
) -> str:
    """What the file of a scorecard or of a board pack is called."""
    subject = BOARD_PACK if is_of_group else SCORECARD
    return file_name(round_id, unit_id, at, is_synthetic=is_synthetic, subject=subject, ending=str(form))


@watched
def read_snapshot(
    desk: Desk,
    round_id: str,
    unit_id: str | None = None,
    *,
    earlier: int | None = None,
    with_others: bool = False,
) -> Snapshot:
    """All that an export of one round is made from, as of one moment.

    `earlier`: with so many rounds before it, else all. `with_others`: with how those stand whom a country or a domain is
    compared with.

    Raises:
        NotAllowed: The unit isn't theirs to export.
        ResponseError: There is no such round.
    """
    with desk.store.read() as connection:
        organisation = read_organisation(connection)
        units = _exported_units(desk, organisation, unit_id)
        scope = scope_of(desk.principal, organisation)
        up_to = _up_to(read_rounds(connection), round_id)
        wanted = up_to if earlier is None else up_to[-1 - earlier :]
        data = read_scoring_input(connection, desk.catalogue, scope, wanted)
        facts = read_told_facts(connection, scope)
        moves = read_told(connection, scope, [StatementKind.MOVE])
        hidden = hidden_by_round(connection, scope)
        others = None
        if with_others and unit_id and organisation.units[unit_id].kind is not UnitKind.GROUP:
            others = read_others(connection, desk, organisation, unit_id, round_id)
        is_synthetic = read_kind(connection) is WorkspaceKind.SYNTHETIC
    return Snapshot(
        data, round_id, frozenset(units), unit_id or "", facts, tuple(_said(moves)), desk.at,
        is_synthetic, scope.units, hidden,
        # Scored when nothing waits for this look any more.
        quartiles_from(others, unit_id or "") if others else {},
    )  # fmt: skip


def _said(moves: Iterable[Statement]) -> Iterator[Said]:
    """What units say of their moves."""
    for found in moves:
        about, content = found.about, found.content
        if isinstance(content, MoveContent):
            yield Said(about.round_id, about.unit_id, *asked_in(about.subject_id), content)


def _up_to(rounds: Iterable[Round], round_id: str) -> list[str]:
    found = [entry.id for entry in up_to(rounds, round_id)]
    if not found:
        raise ResponseError(t("There is no round '{round}'.", round=round_id))
    return found


@retried
def _record(desk: Desk, detail: dict[str, Any]) -> None:
    # Scoring is done: a save that waits for this waits for one row only.
    with desk.store.write() as connection:
        record(connection, desk.stamp, EXPORTED, detail)


def _exported_units(desk: Desk, organisation: Organisation, unit_id: str | None) -> set[str]:
    wanted = organisation.units if unit_id is None else _with_all_below(organisation, unit_id)
    units = {unit for unit in wanted if can(desk.principal, Action.EXPORT, unit, organisation)}
    if unit_id is not None or not units:
        require(desk.principal, Action.EXPORT, unit_id, organisation)
    return units


def _with_all_below(organisation: Organisation, unit_id: str) -> Iterator[str]:
    yield unit_id
    for child in organisation.children(unit_id):
        yield from _with_all_below(organisation, child.id)


def file_name(
    round_id: str,
    unit_id: str | None,
    at: datetime,
    *,
    is_synthetic: bool,
    subject: str = "scores",
    ending: str = "csv",
) -> str:
    """What a file is called once it is handed over: what, round, whose, the day, and whether it is synthetic."""
    mark = f"_{demo.MARK}" if is_synthetic and demo.MARK not in round_id else ""
    safe = [re.sub(r"[^A-Za-z0-9.-]+", "-", part) for part in (subject, round_id, unit_id or "all-units")]
    return f"{'_'.join(safe)}_{at:%Y-%m-%d}{mark}.{ending}"
