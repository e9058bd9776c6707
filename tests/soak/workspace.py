"""The workspace of the soak: as many countries as it takes that forty people have answers of their own."""

from __future__ import annotations

from assessment.access import Principal, Role
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units
from assessment.actions.workspace import start_empty
from assessment.organisation import Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.store.assessments import read_assessments
from assessment.store.engine import Store
from tests.store import small

COUNTRIES = 14


def catalogue() -> Catalogue:
    return small.small_catalogue()


def leader(number: int) -> Principal:
    return Principal(f"Leader {number}", Role.COUNTRY_LEADER, f"C{number:02}")


def fill(store: Store) -> None:
    """An empty, migrated store becomes a workspace with one open round."""
    desk = small.desk_for(store, catalogue(), small.ADMINISTRATOR)
    start_empty(desk)
    countries = [Unit(f"C{n:02}", f"Country {n:02}", UnitKind.COUNTRY, "ACME") for n in range(COUNTRIES)]
    add_units(desk, organisation_of([Unit("ACME", "Acme", UnitKind.GROUP), *countries]))
    open_round(desk, small.small_round())


def assessments(store: Store) -> list[int]:
    """The numbers of the countries' assessments, in the countries' order."""
    with store.read() as connection:
        found = read_assessments(connection, [leader(n).unit_id or "" for n in range(COUNTRIES)])
    return [entry.id for entry in sorted(found, key=lambda entry: entry.unit_id)]
