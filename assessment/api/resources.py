"""What can be read under /api/v1: each table with its columns, its parameters, and who makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from assessment.access import scope_of
from assessment.actions.desk import Desk
from assessment.actions.serving import RoundTable, read_round_table
from assessment.api.negotiation import Form
from assessment.exports.schemas import TABLES, Field, Table
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Status
from assessment.store.organisation import read_organisation, read_rounds


@dataclass(frozen=True, slots=True)
class Resource:
    """One of them. `of_round`: it is about one round, its rows are numbers of units, and reading it is on record."""

    name: str
    summary: str
    table: Table
    read: Callable[[Desk, str, str | None], RoundTable]
    of_round: bool = False

    def parameters_of(self, *forms: Form) -> tuple[str, ...]:
        """What chooses its rows in these forms; CSV is whole."""
        paging = ("limit", "after") if Form.JSON in forms else ()
        return (*(("round", "unit") if self.of_round else ()), *paging)


def _units(desk: Desk, _round_id: str, _unit_id: str | None) -> RoundTable:
    with desk.store.read() as connection:
        organisation = read_organisation(connection)
    scope = scope_of(desk.principal, organisation)
    return _table(
        TABLES["units"],
        (
            (unit.id, unit.name, str(unit.kind), unit.parent_id, unit.country_iso3, unit.domain_family)
            for unit in organisation.units.values()
            if unit.id in scope.units
        ),
    )


def _rounds(desk: Desk, _round_id: str, _unit_id: str | None) -> RoundTable:
    with desk.store.read() as connection:
        rounds = read_rounds(connection)
    return _table(
        _ROUNDS,
        (
            (
                entry.id, entry.title, entry.phase and str(entry.phase), entry.opens_on and entry.opens_on.isoformat(),
                entry.closes_on and entry.closes_on.isoformat(), entry.closed_at and entry.closed_at.isoformat(),
                entry.rules_version, dict(entry.questionnaires),
            )
            for entry in rounds
        ),
    )  # fmt: skip


def _questionnaires(desk: Desk, _round_id: str, _unit_id: str | None) -> RoundTable:
    known = desk.catalogue.questionnaires.values()
    return _table(
        _QUESTIONNAIRES,
        (
            (
                entry.id,
                entry.version,
                entry.title,
                str(entry.status),
                len(entry.questions),
                content_hash(entry),
            )
            for entry in known
        ),
    )


def _table(table: Table, rows: Iterable[tuple[object, ...]]) -> RoundTable:
    return RoundTable(pd.DataFrame(list(rows), columns=table.columns, dtype=object), is_synthetic=False)


def _of_round(name: str, summary: str) -> Resource:
    def read(desk: Desk, round_id: str, unit_id: str | None) -> RoundTable:
        return read_round_table(desk, name, round_id, unit_id)

    return Resource(name, summary, TABLES[name], read, of_round=True)


def _column(name: str, kind: str, description: str, *among: str) -> Field:
    return Field(name, kind, description, {"required": True} | ({"enum": list(among)} if among else {}))


_PINNED = _column(
    "questionnaires",
    "object",
    "The version of each questionnaire that it asks, by id; in CSV id@version, with spaces between.",
)
_ROUNDS = Table("a round, in time", (*TABLES["rounds"].fields, _PINNED), ("round_id",), {})
_QUESTIONNAIRES = Table(
    "a version of a questionnaire that the program knows, asked or not",
    (
        _column("questionnaire_id", "string", "The questionnaire."),
        _column("version", "string", "Its version."),
        _column("title", "string", "What people call it."),
        _column("status", "string", "Whether rounds may ask it.", *(str(status) for status in Status)),
        _column("questions", "integer", "How many questions it has."),
        _column("content_hash", "string", "Of all that it says; a published version never changes."),
    ),
    ("questionnaire_id", "version"),
    {},
)
RESOURCES: tuple[Resource, ...] = (
    Resource("units", "The units that the token may read", TABLES["units"], _units),
    Resource("rounds", "All rounds", _ROUNDS, _rounds),
    Resource("questionnaires", "All versions of all questionnaires", _QUESTIONNAIRES, _questionnaires),
    _of_round("scores", "The scores of one round"),
    _of_round("gates", "The gates of one round, by the rules that it pinned"),
    _of_round("verdicts", "The verdicts of one round, by the rules that it pinned"),
)
