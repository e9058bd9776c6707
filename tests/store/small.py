"""A small catalogue and a small organisation, whole in one look, and short ways to act in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import event, inspect, text

from assessment.access import Principal, Role
from assessment.actions.desk import Desk
from assessment.organisation import Organisation, Phase, Round, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.store.engine import Store
from assessment.store.workspace import DENIED

ROUND = "2026-H1"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEVELS = {str(level): f"Descriptor {level}" for level in range(1, 6)}
SCALE = [{"level": level, "name": f"Level {level}"} for level in range(1, 6)]
#: The questions of `governance` that a country, and that a domain, is asked; `detail` only after `shared` is 4.
COUNTRY_QUESTIONS = ("shared", "detail", "strategy", "tool")
DOMAIN_QUESTIONS = ("shared", "detail", "owner", "tool")

FRANCE = Principal("Fay", Role.COUNTRY_LEADER, "FR")
GERMANY = Principal("Gerd", Role.COUNTRY_LEADER, "DE")
SALES = Principal("Sam", Role.DOMAIN_OWNER, "FR.sales")
FINANCE = Principal("Flo", Role.DOMAIN_OWNER, "FR.finance")
REVIEWER = Principal("Rita", Role.REVIEWER)
CDAO = Principal("Cato", Role.CDAO)
AUTHOR = Principal("Ann", Role.AUTHOR)
ADMINISTRATOR = Principal("Ada", Role.ADMINISTRATOR)
EVERYBODY = (FRANCE, GERMANY, SALES, FINANCE, REVIEWER, CDAO, AUTHOR, ADMINISTRATOR)

_keys = count(1)


def small_organisation() -> Organisation:
    """A group with two countries: France has two domains, Germany one."""
    domains = [("FR", "sales"), ("FR", "finance"), ("DE", "sales")]
    return organisation_of(
        [
            Unit("ACME", "Acme", UnitKind.GROUP),
            Unit("FR", "France", UnitKind.COUNTRY, "ACME", "FRA"),
            Unit("DE", "Germany", UnitKind.COUNTRY, "ACME", "DEU"),
            *(Unit(f"{c}.{family}", family.title(), UnitKind.DOMAIN, c, "", family) for c, family in domains),
        ]
    )


def _question(identifier: str, units: list[str], **more: Any) -> dict[str, Any]:
    answers = {} if "options" in more else {"levels": LEVELS}
    return {"id": identifier, "prompt": f"How is {identifier}?", "units": units, **answers, **more}


def governance(version: str = "1.0.0", status: str = "published") -> Questionnaire:
    """Asks countries and domains, partly the same, one question only of some, one with options of its own.

    Three questions are floors, `strategy` is a hard gate.
    """
    both = ["country", "domain"]
    tools = [
        {"id": name, "label": f"Uses {name}", "value": value} for name, value in (("none", 1), ("one", 5))
    ]
    questions = [
        _question("shared", both, gate={"level": 2}),
        _question("detail", both, gate={"level": 2}, show_when={"question": "shared", "at_least": 4}),
        _question("strategy", ["country"], gate={"level": 3, "hard": True}),
        _question("owner", ["domain"], gate={"level": 2}),
        _question("tool", both, options=tools),
    ]
    return _questionnaire("governance", version, status, questions)


def _questionnaire(
    identifier: str, version: str, status: str, questions: list[dict[str, Any]]
) -> Questionnaire:
    dimension = {"id": "direction", "title": "Direction", "questions": questions}
    return Questionnaire.model_validate(
        {
            "id": identifier, "version": version, "title": identifier.title(), "status": status, "scale": SCALE,
            "dimensions": [dimension],
        }
    )  # fmt: skip


def small_catalogue() -> Catalogue:
    """One questionnaire in three states, one that only domains are asked, and one of a single question for both."""
    states = [("0.9.0", "retired"), ("1.0.0", "published"), ("2.0.0", "draft")]
    only_domains = _questionnaire("ownership", "1.0.0", "published", [_question("edge", ["domain"])])
    both = _questionnaire("platform", "1.0.0", "published", [_question("path", ["country", "domain"])])
    return catalogue_of([*(governance(*state) for state in states), only_domains, both])


def small_round(identifier: str = ROUND, **pinned: str) -> Round:
    return Round(
        identifier, f"Round {identifier}", Phase.BEFORE, date(2026, 3, 1), date(2026, 3, 31),
        pinned or {"governance": "1.0.0"},
    )  # fmt: skip


def new_key() -> str:
    """An idempotency key that nobody used."""
    return f"key-{next(_keys)}"


def desk_for(
    store: Store,
    catalogue: Catalogue,
    principal: Principal,
    at: datetime = NOON,
    session_id: str = "a session",
) -> Desk:
    return Desk(store, catalogue, principal, session_id, at)


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def rows_of(store: Store, statement: str, **values: Any) -> list[dict[str, Any]]:
    """What the database itself holds, past all the code under test but the connection."""
    with store.engine.connect() as connection:
        rows = connection.execute(text(statement), values).mappings()
        return [{name: _as_in_sqlite(value) for name, value in row.items()} for row in rows]


def _as_in_sqlite(value: object) -> object:
    """The plain value that SQLite keeps for what PostgreSQL has types for."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, to see that nothing was written but that it was refused."""
    names = inspect(store.engine).get_table_names()
    found = {name: sorted(rows_of(store, f'SELECT * FROM "{name}"'), key=str) for name in names}
    if "workspace_events" in found:
        found["workspace_events"] = [row for row in found["workspace_events"] if row["action"] != DENIED]
    return found


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The SQL that reaches the database meanwhile, in its order."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
