"""A server whose people sign in, on a workspace of their own with a round, and the desk of whoever has its machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from assessment.access import Principal, Role
from assessment.actions.desk import Desk
from assessment.actions.invitations import invite
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units
from assessment.intake.typed import typed_units
from assessment.intake.units import read_units
from assessment.organisation import Round, organisation_of
from assessment.questionnaire.folder import load_catalogue
from assessment.store.engine import open_store
from tests.browser.conftest import ROOT, Server, free_port
from tests.store.small import rows_of


@dataclass
class House:
    server: Server
    desk: Desk

    def link(self, person_id: str) -> str:
        desk = replace(self.desk, at=datetime.now(UTC))
        return self.server.url + invite(desk, person_id).path

    def saved(self) -> list[tuple[str, str]]:
        rows = rows_of(self.desk.store, "SELECT question_id, person FROM answer_events ORDER BY id")
        return [(row["question_id"], row["person"]) for row in rows]


@contextmanager
def open_house(folder: Path, environment: Mapping[str, str], port: int = 0) -> Iterator[House]:
    """The server with these settings, until the block ends; then its log is looked at."""
    server = Server(folder, port or free_port(), environment=dict(environment))
    server.run("db", "upgrade")
    store = open_store(f"sqlite:///{folder / 'workspace.db'}")
    who = Principal("operator", Role.ADMINISTRATOR)
    desk = Desk(store, load_catalogue(ROOT / "questionnaires"), who, "command-line", datetime.now(UTC))
    typed = typed_units("Ours", "FR France\nDE Germany", "Sales", organisation_of([]))
    add_units(desk, read_units(typed, "typed"))
    pinned = {"data-governance": desk.catalogue.versions("data-governance")[-1]}
    open_round(desk, Round("2027-H1", "First", None, None, None, pinned))
    server.start()
    try:
        yield House(server, desk)
    finally:
        server.stop()
        store.engine.dispose()
    assert "Traceback" not in server.log(), server.log()[-4000:]
