"""What one save costs, in a store with one assessment and in one with ten thousand."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from assessment.access import Principal, Role
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units
from assessment.actions.workspace import start_empty
from assessment.organisation import Unit, organisation_of
from assessment.questionnaire.models import UnitKind
from assessment.store import schema
from assessment.store.assessments import read_assessments
from assessment.store.engine import Store, open_store
from tests.store import small

_SAVES = 200


def saves() -> dict[str, float]:
    """Milliseconds of the median save, by how many assessments the store has; on a file, waiting for the disk."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            f"{assessments:,}": _median_save(Path(folder) / f"{assessments}.db", countries, domains, rounds)
            for assessments, countries, domains, rounds in ((1, 1, 0, 1), (10_560, 60, 15, 11))
        }


def _median_save(file: Path, countries: int, domains: int, rounds: int) -> float:
    store = open_store(f"sqlite:///{file}")
    schema.upgrade(store)
    _fill(store, countries, domains, rounds)
    with store.read() as connection:
        number = read_assessments(connection, ["C0"])[0].id
    leader = small.desk_for(store, small.small_catalogue(), Principal("Leader", Role.COUNTRY_LEADER, "C0"))
    found = [_save(leader, number, version) for version in range(_SAVES)]
    store.engine.dispose()
    return statistics.median(found)


def _save(leader: Desk, number: int, version: int) -> float:
    start = time.perf_counter()
    changes = {"state": "dont_know", "comment": str(version)}
    save_answer(
        leader, number, "shared", changes, expected_version=version, idempotency_key=f"save {version}"
    )
    return (time.perf_counter() - start) * 1e3


def _fill(store: Store, countries: int, domains: int, rounds: int) -> None:
    desk = small.desk_for(store, small.small_catalogue(), small.ADMINISTRATOR)
    start_empty(desk)
    units = [Unit("ACME", "Acme", UnitKind.GROUP)]
    for place in range(countries):
        units.append(Unit(f"C{place}", f"Country {place}", UnitKind.COUNTRY, "ACME"))
        units += [Unit(f"C{place}.d{n}", f"Domain {n}", UnitKind.DOMAIN, f"C{place}") for n in range(domains)]
    add_units(desk, organisation_of(units))
    for place in range(rounds):
        open_round(desk, small.small_round(f"R{place}"))
