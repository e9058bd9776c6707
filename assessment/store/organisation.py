"""Units, rounds with their pinned versions, and targets, as stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, literal, select, update

from assessment.organisation import Organisation, Phase, Round, Target, Unit, in_time, organisation_of
from assessment.questionnaire.models import UnitKind
from assessment.store import tables


def read_organisation(connection: Connection) -> Organisation:
    """All units. The one read without a scope: scopes are made from it."""
    rows = connection.execute(select(tables.units)).all()
    return organisation_of(
        Unit(
            row.id,
            row.name,
            UnitKind(row.kind),
            row.parent_id,
            row.country_iso3,
            row.domain_family,
            row.retired_on,
            row.successor_id,
        )
        for row in rows
    )


def read_branches(connection: Connection, unit_ids: Iterable[str]) -> Organisation:
    """These units and what they are below, up to the group: enough to decide on them, however many others there are."""
    return _organisation(connection.execute(_BRANCHES, {"unit_ids": sorted(unit_ids)}))


def _branches() -> Select[Any]:
    units = tables.units
    wanted = units.c.id.in_(bindparam("unit_ids", expanding=True))
    found = select(units).where(wanted).cte("branches", recursive=True)
    return select(found.union(select(units).join(found, units.c.id == found.c.parent_id)))


# Every save asks these; to make them anew each time would take longer than to run them.
_BRANCHES = _branches()
_CLOSED_AT = select(tables.rounds.c.closed_at).where(tables.rounds.c.id == bindparam("round_id"))


def _organisation(rows: Iterable[Row[Any]]) -> Organisation:
    return organisation_of(
        Unit(
            row.id, row.name, UnitKind(row.kind), row.parent_id, row.country_iso3, row.domain_family,
            row.retired_on, row.successor_id,
        )
        for row in rows
    )  # fmt: skip


def add_units(connection: Connection, units: Iterable[Unit]) -> None:
    """Store new units, given parents first."""
    rows = [
        {
            "id": unit.id, "name": unit.name, "kind": str(unit.kind), "parent_id": unit.parent_id,
            "country_iso3": unit.country_iso3, "domain_family": unit.domain_family,
        }
        for unit in units
    ]  # fmt: skip
    if rows:
        connection.execute(tables.units.insert(), rows)


def change_unit(connection: Connection, unit: Unit) -> None:
    """Store what a known unit is from now on; its id stays."""
    connection.execute(
        update(tables.units)
        .where(tables.units.c.id == unit.id)
        .values(
            name=unit.name, parent_id=unit.parent_id, country_iso3=unit.country_iso3,
            domain_family=unit.domain_family, retired_on=unit.retired_on, successor_id=unit.successor_id,
        )
    )  # fmt: skip


def read_rounds(connection: Connection) -> tuple[Round, ...]:
    """All rounds in time; that a round is held is no secret to anybody in the workspace."""
    pinned: dict[str, dict[str, str]] = {}
    for row in connection.execute(select(tables.round_questionnaires)):
        pinned.setdefault(row.round_id, {})[row.questionnaire_id] = row.version
    return in_time(
        Round(
            row.id, row.title, Phase(row.phase) if row.phase else None, row.opens_on, row.closes_on,
            pinned.get(row.id, {}), row.closed_at, row.rules_version,
        )
        for row in connection.execute(select(tables.rounds))
    )  # fmt: skip


def add_round(connection: Connection, entry: Round, hashes: Mapping[str, str], rules_hash: str = "") -> None:
    """Store a new round; `hashes` has the content hash of each pinned questionnaire by id, `rules_hash` the rules'."""
    connection.execute(
        tables.rounds.insert(),
        {
            "id": entry.id, "title": entry.title, "phase": entry.phase, "opens_on": entry.opens_on,
            "closes_on": entry.closes_on, "closed_at": entry.closed_at, "rules_version": entry.rules_version, "rules_hash": rules_hash,
        },
    )  # fmt: skip
    pinned = [
        {
            "round_id": entry.id,
            "questionnaire_id": identifier,
            "version": version,
            "content_hash": hashes[identifier],
        }
        for identifier, version in entry.questionnaires.items()
    ]
    if pinned:
        connection.execute(tables.round_questionnaires.insert(), pinned)


def set_closes_on(connection: Connection, round_id: str, closes_on: date | None) -> None:
    """Change until when people are told that they may answer."""
    connection.execute(
        update(tables.rounds).where(tables.rounds.c.id == round_id).values(closes_on=closes_on)
    )


def is_closed(connection: Connection, round_id: str) -> bool:
    """Whether the round was closed."""
    return connection.scalar(_CLOSED_AT, {"round_id": round_id}) is not None


def set_closed(connection: Connection, round_id: str, at: datetime | None) -> None:
    """Close the round at this time; None opens it again."""
    connection.execute(update(tables.rounds).where(tables.rounds.c.id == round_id).values(closed_at=at))


def pinned_hashes(connection: Connection) -> tuple[tuple[str, str, str, str], ...]:
    """What every round pins, as round, id, version and content hash; the rules for verdicts have the id ''."""
    questionnaires, rounds = tables.round_questionnaires.c, tables.rounds.c
    wanted = select(
        questionnaires.round_id,
        questionnaires.questionnaire_id,
        questionnaires.version,
        questionnaires.content_hash,
    ).union_all(
        select(rounds.id, literal(""), rounds.rules_version, rounds.rules_hash).where(rounds.rules_hash != "")
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in connection.execute(wanted))


def read_targets(connection: Connection, unit_ids: Iterable[str]) -> tuple[Target, ...]:
    """The targets of these units."""
    wanted = frozenset(unit_ids)
    rows = connection.execute(select(tables.targets)).all()
    return tuple(
        Target(row.round_id, row.unit_id, row.questionnaire_id, row.dimension_id or None, row.target)
        for row in rows
        if row.unit_id in wanted
    )


def set_targets(connection: Connection, targets: Iterable[Target]) -> None:
    """Store targets in place of those that the same units have for the same."""
    given = tuple(targets)
    table = tables.targets
    for target in given:
        connection.execute(
            delete(table).where(
                table.c.round_id == target.round_id,
                table.c.unit_id == target.unit_id,
                table.c.questionnaire_id == target.questionnaire_id,
                table.c.dimension_id == (target.dimension_id or ""),
            )
        )
    add_targets(connection, given)


def add_targets(connection: Connection, targets: Iterable[Target]) -> None:
    """Store new targets."""
    rows = [
        {
            "round_id": target.round_id, "unit_id": target.unit_id, "questionnaire_id": target.questionnaire_id,
            "dimension_id": target.dimension_id or "", "target": target.target,
        }
        for target in targets
    ]  # fmt: skip
    if rows:
        connection.execute(tables.targets.insert(), rows)
