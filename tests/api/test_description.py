"""The API does what its description says: every address, tried by schemathesis with what fits and what doesn't."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from starlette.testclient import TestClient

from assessment.api import routes
from assessment.api.description import PREFIX, document
from assessment.exports.schemas import TABLES
from tests.api.conftest import TOKEN

PATHS = sorted(document()["paths"])
#: A path with what fits its description, and one that has parameters with what doesn't.
TRIED = [
    (path, mode)
    for path in PATHS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or "parameters" in document()["paths"][path]["get"]
]
#: The same requests in every run, so that a red build stays red until it is mended.
SOME = settings(
    max_examples=15, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(autouse=True)
def usual_reader() -> Iterator[None]:
    """Puts back what a library changes for the whole process."""
    limit = csv.field_size_limit()
    yield
    csv.field_size_limit(limit)


@pytest.mark.parametrize(("path", "mode"), TRIED)
def test_an_address_does_what_its_description_says(
    standing: TestClient, path: str, mode: GenerationMode
) -> None:
    operation = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", standing.app)[path]["GET"]

    @SOME
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})

    tried()


def test_every_address_is_described() -> None:
    paths = {route.path for route in routes()}
    assert set(PATHS) == paths - {f"{PREFIX}/{{rest:path}}"}


def test_the_columns_and_their_words_are_those_of_the_data_package() -> None:
    schemas = document()["components"]["schemas"]
    for name, schema in (("scores", "Score"), ("gates", "Gate"), ("verdicts", "Verdict"), ("units", "Unit")):
        described = schemas[schema]["properties"]
        assert list(described) == schemas[schema]["required"] == TABLES[name].columns
        assert {name: entry["description"] for name, entry in described.items()} == {
            field.name: field.description for field in TABLES[name].fields
        }


def test_only_what_may_be_empty_may_be_null() -> None:
    gate = document()["components"]["schemas"]["Gate"]["properties"]
    assert gate["claimed_level"]["type"] == ["integer", "null"]
    assert gate["hard"]["type"] == "boolean"
    score = document()["components"]["schemas"]["Score"]["properties"]
    assert None in score["round_phase"]["enum"]
    assert None not in score["status"]["enum"]


def test_the_description_tells_nothing_of_the_workspace_and_needs_no_token(standing: TestClient) -> None:
    response = standing.get(f"{PREFIX}/openapi.json", headers={"Authorization": ""})
    assert response.status_code == 200
    assert response.json() == document()
    for unit in ("FR.sales", "Germany", TOKEN):
        assert unit not in response.text
