"""Who is assessed: units are added, renamed, moved, merged and retired. Their ids, and so their past, stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assessment.actions.desk import Desk, allow_management, now_ones_own
from assessment.actions.refusals import watched
from assessment.errors import ResponseError, listed
from assessment.i18n import t
from assessment.organisation import MAX_NAME, NO_NAME, Organisation, Unit
from assessment.questionnaire.models import UnitKind
from assessment.store import organisation as organisation_store
from assessment.store import workspace as workspace_store
from assessment.store.engine import Connection, retried


@watched
@retried
def add_units(desk: Desk, organisation: Organisation) -> int:
    """Add the units that the workspace doesn't have yet; gives how many are new.

    Raises:
        ResponseError: A known unit differs from the stored one; moving and renaming isn't an addition. Or there is a
            group already that would get another beside it.
    """
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        stored = organisation_store.read_organisation(connection)
        if (root := stored.root) and any(
            _is_another_root(unit, root) for unit in organisation.units.values()
        ):
            raise ResponseError(
                t("There is a group already, '{group}'; put countries below it.", group=root.id)
            )
        differing = [
            unit.id for unit in organisation.units.values() if stored.units.get(unit.id, unit) != unit
        ]
        if differing:
            raise ResponseError(t("These units exist and are different: {units}.", units=listed(differing)))
        new = [unit for unit in organisation.units.values() if unit.id not in stored.units]
        organisation_store.add_units(connection, new)
        now_ones_own(connection)
        workspace_store.record(connection, desk.stamp, "units added", {"units": [unit.id for unit in new]})
        return len(new)


def _is_another_root(unit: Unit, root: Unit) -> bool:
    return unit.kind is UnitKind.GROUP and not unit.parent_id and unit.id != root.id


@watched
@retried
def rename_unit(desk: Desk, unit_id: str, name: str) -> Unit:
    """Give a unit another name, in all rounds; the history keeps the earlier one.

    Raises:
        ResponseError: There is no such unit, or no name that one line holds; so for all below.
    """
    new = checked_name(name)
    return _change(desk, unit_id, "unit renamed", lambda unit, _: replace(unit, name=new))


def checked_name(name: str) -> str:
    """A name of a unit or a round, without spaces around it.

    Raises:
        ResponseError: There is none, or it doesn't fit on one line of a screen.
    """
    found = name.strip()
    if not found:
        raise ResponseError(t("This needs a name."))
    if NO_NAME.search(found) or len(found) > MAX_NAME:
        raise ResponseError(t("A name has at most {most} characters and no line breaks.", most=MAX_NAME))
    return found


@watched
@retried
def move_unit(desk: Desk, unit_id: str, parent_id: str) -> Unit:
    """Put a domain below another country; scorecards that were frozen before keep the former one.

    Raises:
        ResponseError: It isn't a domain, or the other isn't a country that is still assessed.
    """

    def moved(unit: Unit, organisation: Organisation) -> Unit:
        parent = organisation.units.get(parent_id)
        if unit.kind is not UnitKind.DOMAIN or parent is None or parent.kind is not UnitKind.COUNTRY:
            raise ResponseError(t("Only a domain can be moved, and only to a country."))
        if parent.retired_on:
            raise ResponseError(t("{unit} is retired; nothing is added to it.", unit=parent.name))
        return replace(unit, parent_id=parent_id, country_iso3=parent.country_iso3)

    return _change(desk, unit_id, "unit moved", moved)


@watched
@retried
def retire_unit(desk: Desk, unit_id: str) -> Unit:
    """Ask a unit no more from the next round on; what it answered stays.

    Raises:
        ResponseError: It is retired already, is the group, or has units below it that aren't retired.
    """
    return _change(desk, unit_id, "unit retired", lambda unit, known: _retired(desk, unit, known))


@watched
@retried
def merge_unit(desk: Desk, unit_id: str, successor_id: str) -> Unit:
    """Retire a unit in favour of another of its kind, which goes on; the answers of both stay their own.

    Raises:
        ResponseError: As for retiring, or the other can't go on: itself, of another kind, retired.
    """

    def merged(unit: Unit, organisation: Organisation) -> Unit:
        other = organisation.units.get(successor_id)
        if other is None or other == unit or other.kind is not unit.kind or other.retired_on:
            raise ResponseError(t("A unit is merged into another of its kind that is still assessed."))
        return replace(_retired(desk, unit, organisation), successor_id=other.id)

    return _change(desk, unit_id, "unit merged", merged)


def _retired(desk: Desk, unit: Unit, organisation: Organisation) -> Unit:
    if unit.retired_on:
        raise ResponseError(t("{unit} is retired already.", unit=unit.name))
    if unit.kind is UnitKind.GROUP:
        raise ResponseError(t("The group itself can't be retired."))
    below = [child.name for child in organisation.children(unit.id) if not child.retired_on]
    if below:
        raise ResponseError(t("Retire, merge or move what is below it first: {units}.", units=listed(below)))
    return replace(unit, retired_on=desk.at.date())


def _change(desk: Desk, unit_id: str, action: str, change: Callable[[Unit, Organisation], Unit]) -> Unit:
    with desk.store.write(alone=True) as connection:
        allow_management(connection, desk)
        organisation = organisation_store.read_organisation(connection)
        before = organisation.units.get(unit_id)
        if before is None:
            raise ResponseError(t("There is no unit '{unit}'.", unit=unit_id))
        after = change(before, organisation)
        now_ones_own(connection)
        organisation_store.change_unit(connection, after)
        _record(connection, desk, action, before, after)
        return after


def _record(connection: Connection, desk: Desk, action: str, before: Unit, after: Unit) -> None:
    fields = ("name", "parent_id", "country_iso3", "retired_on", "successor_id")
    changed = {
        field: [_plain(getattr(before, field)), _plain(getattr(after, field))]
        for field in fields
        if getattr(before, field) != getattr(after, field)
    }
    workspace_store.record(connection, desk.stamp, action, {"unit": before.id, "changed": changed})


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
