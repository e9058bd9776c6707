"""What can be read under /api/v1: each table with its columns, its parameters, and who makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from assessment.access import scope_of
from assessment.actions.desk import Desk
from assessment.actions.serving import RoundTable, read_judged, read_scores
from assessment.api.negotiation import Form
from assessment.exports.schemas import TABLES, Field, Table
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Status
from assessment.store.organisation import read_organisation, read_rounds


@dataclass(frozen=True, slots=True)
class Resource:
    """One of them. `of_round`: it is about one round, its rows are numbers of units, and reading it is on record.

    `read` gives the table, and by their names others that come of the same reading.
    """

    name: str
    summary: str
    table: Table
    read: Callable[[Desk, str, str | None], Mapping[str, RoundTable]]
    of_round: bool = False

    def parameters_of(self, *forms: Form) -> tuple[str, ...]:
        """What chooses its rows in these forms; CSV is whole."""
        paging = ("limit", "after") if Form.JSON in forms else ()
        return (*(("round", "unit") if self.of_round else ()), *paging)


def _units(desk: Desk, _round_id: str, _unit_id: str | None) -> Mapping[str, RoundTable]:
    with desk.store.read() as connection:
        organisation = read_organisation(connection)
    scope = scope_of(desk.principal, organisation)
    return _table(
        "units",
        TABLES["units"],
        (
            (unit.id, unit.name, str(unit.kind), unit.parent_id, unit.country_iso3, unit.domain_family)
            for unit in organisation.units.values()
            if unit.id in scope.units
        ),
    )


def _rounds(desk: Desk, _round_id: str, _unit_id: str | None) -> Mapping[str, RoundTable]:
    with desk.store.read() as connection:
        rounds = read_rounds(connection)
    return _table(
        "rounds", _ROUNDS,
        (
            (
                entry.id, entry.title, entry.phase and str(entry.phase), entry.opens_on and entry.opens_on.isoformat(),
                entry.closes_on and entry.closes_on.isoformat(), entry.closed_at and entry.closed_at.isoformat(),
                entry.rules_version, dict(entry.questionnaires),
            )
            for entry in rounds
        ),
    )  # fmt: skip


def _questionnaires(desk: Desk, _round_id: str, _unit_id: str | None) -> Mapping[str, RoundTable]:
    known = desk.catalogue.questionnaires.values()
    return _table(
        "questionnaires",
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


def _table(name: str, table: Table, rows: Iterable[tuple[object, ...]]) -> Mapping[str, RoundTable]:
    frame = pd.DataFrame(list(rows), columns=table.columns, dtype=object)
    return {name: RoundTable(frame, is_synthetic=False)}


def _scores(desk: Desk, round_id: str, unit_id: str | None) -> Mapping[str, RoundTable]:
    return {"scores": read_scores(desk, round_id, unit_id)}


def _judged(desk: Desk, round_id: str, unit_id: str | None) -> Mapping[str, RoundTable]:
    gates, verdicts = read_judged(desk, round_id, unit_id)
    return {"gates": gates, "verdicts": verdicts}


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
_BY_RULES = "of one round, by the rules that it pinned"
RESOURCES: tuple[Resource, ...] = (
    Resource("units", "The units that the token may read", TABLES["units"], _units),
    Resource("rounds", "All rounds", _ROUNDS, _rounds),
    Resource("questionnaires", "All versions of all questionnaires", _QUESTIONNAIRES, _questionnaires),
    Resource("scores", "The scores of one round", TABLES["scores"], _scores, of_round=True),
    Resource("gates", f"The gates {_BY_RULES}", TABLES["gates"], _judged, of_round=True),
    Resource("verdicts", f"The verdicts {_BY_RULES}", TABLES["verdicts"], _judged, of_round=True),
)
