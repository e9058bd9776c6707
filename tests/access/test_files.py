"""No file and no address gives anybody a word of a unit that isn't theirs to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions import auditing, exporting
from assessment.actions.desk import Desk
from assessment.actions.tokens import TOKEN_ROLES, make_token
from assessment.api import opened as api_opened
from assessment.api import reading, routes
from assessment.errors import NotAllowed
from assessment.exports.documents import Form
from assessment.questionnaire.catalogue import Catalogue
from assessment.store.engine import Store, open_store
from assessment.store.history import Wanted
from tests.access import canaries, expected
from tests.access.canaries import OPEN, readable, words_in
from tests.access.expected import UNITS, allowed
from tests.access.test_operations import WHO
from tests.store import small

ROUNDS = (canaries.CLOSED, OPEN)
EVER = Wanted(small.later(-(10**6)), small.later(10**6))
#: Every way to take something along by hand: what is written of a unit, or of all that one may export.
FILES: dict[str, Any] = {
    "export_scores": lambda desk, unit: exporting.export_scores(desk, OPEN, unit).content,
    "export_package": lambda desk, unit: exporting.export_package(desk, OPEN, unit).content,
    "export_tables_for_excel": lambda desk, unit: exporting.export_tables_for_excel(desk, OPEN, unit).content,
    **{
        f"export_scorecard {form}": lambda desk, unit, form=form: exporting.export_scorecard(
            desk, OPEN, unit, form
        ).content
        for form in Form
    },
    "export_history": lambda desk, _: auditing.export_history(desk, EVER)[1],
}  # fmt: skip
#: The page gives it a table that it has read already, so what is in it is the page's.
_OF_PAGES = {"export_table"}


@pytest.fixture(scope="module")
def told(told_file: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{told_file}")
    yield store
    store.engine.dispose()


def test_every_file_is_tried_here():
    made = {name for module in (exporting, auditing) for name in vars(module) if name.startswith("export_")}
    assert {name.split()[0] for name in FILES} | _OF_PAGES == made


@pytest.mark.parametrize("role", Role)
def test_no_file_has_a_word_that_its_reader_may_not_read(told: Store, catalogue: Catalogue, role: Role):
    desk, found = small.desk_for(told, catalogue, WHO[role]), set[str]()
    # Who reaches all units gets the same of one as of the next. The later round's files have the earlier one in them.
    units = (None, *UNITS) if role in expected.HOME else (None, "FR", "DE.sales")
    for name, unit in product(FILES, units):
        with suppress(NotAllowed):
            words = words_in(FILES[name](desk, unit))
            assert words <= readable(role), (name, unit)
            found |= words
    if allowed(role, "export", expected.HOME.get(role)):
        assert found, "the words are where this looks"
    else:
        assert not found


# Addresses -----------------------------------------------------------------------------------------

ADDRESSES = {path: (token, rows) for path, token, rows in expected.rows("## Addresses for programs")}


@pytest.fixture(scope="module")
def called(told_file: Path) -> Iterator[TestClient]:
    patch = pytest.MonkeyPatch()
    patch.setenv("MESH_READINESS_DATABASE_URL", f"sqlite:///{told_file}")
    _forget()
    # Now, because each test begins without settings from outside.
    api_opened.checked_store()
    with TestClient(Starlette(routes=routes())) as client:
        yield client
    _forget()
    patch.undo()


def _forget() -> None:
    if api_opened.store.cache_info().currsize:
        api_opened.store().engine.dispose()
    for remembered in (api_opened.settings, api_opened.store, api_opened.checked_store, api_opened.catalogue):
        remembered.cache_clear()
    reading.tables.clear()


def paths() -> set[str]:
    """Every address beside the pages, without the forms that a table has."""
    known = {route.path for route in routes()}
    return {
        re.sub(r"\.(json|csv)$", "", path) if "openapi" not in path else path
        for path in known
        if "{" not in path
    }


def test_every_address_is_on_the_page():
    assert set(ADDRESSES) == paths()


def test_without_a_token_only_those_answer_that_the_page_says(called: TestClient):
    for path, (without, _) in ADDRESSES.items():
        assert (called.get(path).status_code == 401) is (without == "–"), path
        assert (
            called.get(path, headers={"Authorization": "Bearer mrt_guess"}).status_code != 200
            or without == "yes"
        )


def test_a_token_has_a_role_that_exports(catalogue: Catalogue):
    assert set(TOKEN_ROLES) == {role for role in Role if expected.reaches()[role, "export"] != "–"}


@pytest.mark.parametrize("role", TOKEN_ROLES)
def test_a_token_reads_rows_of_its_units_only(
    called: TestClient, told: Store, catalogue: Catalogue, role: Role
):
    desk = small.desk_for(told, catalogue, small.ADMINISTRATOR)
    headers = {"Authorization": f"Bearer {_token(desk, role)}"}
    within = {unit for unit in UNITS if allowed(role, "export", unit)}
    absent = called.get("/api/v1/scores?unit=XX", headers=headers)
    seen: set[str] = set()
    for path, (_, rows) in ADDRESSES.items():
        if rows != "of units in reach":
            continue
        of_round = path != "/api/v1/units"
        asked = product(ROUNDS, ("", *UNITS)) if of_round else [("", "")]
        for round_id, unit in asked:
            query = f"?round={round_id}" + (f"&unit={unit}" if unit else "") if of_round else ""
            response = called.get(f"{path}.json{query}", headers=headers)
            if unit and unit not in within:
                assert response.status_code == 404
                assert response.json() == absent.json(), "as what doesn't exist"
                continue
            assert response.status_code == 200, (path, round_id, unit, response.text)
            found = {row["unit_id"] for row in response.json()["items"]}
            assert found <= within, (path, round_id, unit)
            for content in (response.content, called.get(f"{path}.csv{query}", headers=headers).content):
                assert words_in(content) <= readable(role)
            seen |= found
    assert seen == within


def _token(desk: Desk, role: Role) -> str:
    return make_token(desk, f"a {role}", role, expected.HOME.get(role)).secret
