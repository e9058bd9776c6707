"""Pages, entity tags, forms and parameters: what clients rely on between requests."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assessment.actions.desk import Desk
from assessment.api.negotiation import Form, is_unchanged, wanted_form
from assessment.store.engine import Store
from tests.api.conftest import items, problem, rename_france
from tests.store import small

# Pages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [3, 1000])
@pytest.mark.parametrize("table", ["units", "scores", "gates"])
def test_the_pages_together_are_the_table(standing: TestClient, table: str, limit: int) -> None:
    path = f"{table}?{'unit=FR&' if table != 'units' else ''}limit="
    assert items(standing, f"{path}{limit}") == items(standing, f"{path}200")


def test_a_page_has_two_hundred_rows_unless_told_otherwise(filled: TestClient) -> None:
    assert len(filled.get("/api/v1/scores").json()["items"]) == 200
    assert len(filled.get("/api/v1/scores?limit=3").json()["items"]) == 3


def test_the_next_page_is_named_in_the_body_and_in_the_header(standing: TestClient) -> None:
    first = standing.get("/api/v1/units?limit=8")
    following = first.json()["next"]
    assert first.headers["link"] == f'<{following}>; rel="next"'
    last = standing.get(following)
    assert last.json()["next"] is None
    assert "link" not in last.headers
    assert len(first.json()["items"]) + len(last.json()["items"]) == 10


def test_the_next_page_keeps_round_unit_and_limit(standing: TestClient) -> None:
    latest = items(standing, "rounds")[-1]["round_id"]
    following = standing.get("/api/v1/scores.json?unit=FR&limit=9").json()["next"]
    assert following.startswith(f"/api/v1/scores.json?round={latest}&unit=FR&limit=9&after=9-")


def test_a_page_of_a_list_that_has_changed_is_refused_rather_than_mixed(
    filled: TestClient, administrator: Desk
) -> None:
    following = filled.get("/api/v1/units?limit=4").json()["next"]
    rename_france(administrator)
    assert "Begin again" in problem(filled.get(following), 409)


def test_a_cursor_of_another_list_is_refused(standing: TestClient) -> None:
    cursor = standing.get("/api/v1/units?limit=4").json()["next"].rpartition("=")[2]
    problem(standing.get(f"/api/v1/scores?after={cursor}"), 409)
    beyond = "99-" + cursor.partition("-")[2]
    problem(standing.get(f"/api/v1/units?after={beyond}"), 409)


# Entity tags --------------------------------------------------------------------------------------------

ADDRESSES = ("scores", "scores.csv", "units", "units.csv", "gates?limit=3", "openapi.json")


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_it_already_gets_no_body(filled: TestClient, store: Store, address: str) -> None:
    first = filled.get(f"/api/v1/{address}")
    tag = first.headers["etag"]
    assert tag.startswith('"')
    before = small.everything(store)
    for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = filled.get(f"/api/v1/{address}", headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == first.headers["cache-control"] == "private, no-cache"
        assert again.headers["vary"] == first.headers["vary"] == "Accept, Authorization"
    assert small.everything(store) == before, "nothing left, so nothing is on record"


def test_another_content_has_another_tag(filled: TestClient, administrator: Desk) -> None:
    tags = {address: filled.get(f"/api/v1/{address}").headers["etag"] for address in ADDRESSES}
    assert len(set(tags.values())) == len(tags)
    rename_france(administrator)
    changed = {
        name for name, tag in tags.items()
        if filled.get(f"/api/v1/{name}", headers={"If-None-Match": tag}).status_code == 200
    }  # fmt: skip
    assert changed == set(ADDRESSES) - {"openapi.json"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_gives_the_headers_of_get_and_is_not_on_record(
    filled: TestClient, store: Store, address: str
) -> None:
    before = small.everything(store)
    head = filled.head(f"/api/v1/{address}")
    assert small.everything(store) == before
    get = filled.get(f"/api/v1/{address}")
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


# Forms --------------------------------------------------------------------------------------------------

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, Form.JSON), ("", Form.JSON), ("*/*", Form.JSON), ("application/json", Form.JSON), ("text/csv", Form.CSV),
        ("TEXT/CSV", Form.CSV), ("text/*", Form.CSV), ("application/*", Form.JSON), ("text/csv;charset=utf-8", Form.CSV),
        ("text/csv, application/json;q=0.9", Form.CSV), ("text/csv;q=0.5, application/json", Form.JSON),
        ("text/csv;q=0.5, application/json;q=0.5", Form.JSON), ("application/json;q=0, */*", Form.CSV), (BROWSER, Form.JSON),
        ("text/csv ; q=0.1 , */* ; q=0.01", Form.CSV), ("nonsense, text/csv", Form.CSV),
        ("text/html", None), ("text/csv;q=0", None), ("application/xml, image/*", None), ("application/problem+json", None),
        ("*/*;q=0", None), ("nonsense", None), ("text/csvx", None),
    ],
)  # fmt: skip
def test_the_form_is_the_one_that_is_liked_best(accept: str | None, form: Form | None) -> None:
    assert wanted_form(accept) is form


@given(st.text() | st.from_regex(r"[a-z*]+/[a-z*]+(;q=[0-9.]*)?(, ?[a-z*/]+)*", fullmatch=True))
def test_no_header_is_too_strange_to_be_read(header: str) -> None:
    assert wanted_form(header) in (None, *Form)
    assert is_unchanged(header, '"x"') in (True, False)


def test_a_form_that_is_not_here_is_refused(standing: TestClient) -> None:
    for table in ("units", "scores"):
        refused = standing.get(f"/api/v1/{table}", headers={"Accept": "text/html"})
        assert "application/json, text/csv" in problem(refused, 406)


def test_the_end_of_the_address_is_stronger_than_the_header(standing: TestClient) -> None:
    for ending, accept in (("csv", "application/json"), ("json", "text/csv"), ("csv", "text/html")):
        response = standing.get(f"/api/v1/units.{ending}", headers={"Accept": accept})
        assert ending in response.headers["content-type"]


# Parameters ---------------------------------------------------------------------------------------------


def faults(response: Any) -> dict[str, str]:
    problem(response, 400)
    return {fault["parameter"]: fault["detail"] for fault in response.json()["problems"]}


def test_all_that_is_wrong_with_an_address_is_told_at_once(standing: TestClient) -> None:
    response = standing.get("/api/v1/scores?limit=0&after=x&rounds=a&unit=FR&unit=DE&x=1&x=2")
    found = faults(response)
    assert set(found) == {"limit", "after", "rounds", "unit", "x"}
    assert "1 to 1000" in found["limit"]
    assert "'round'" in found["rounds"], "what was meant is named"
    assert "2 times" in found["unit"]
    assert response.json()["detail"] == "5 parameters can't be used."


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "1.5", "ten", "", "1e2", "٣", " 5", "9" * 50, "007"])
def test_a_limit_is_a_whole_number_from_1_to_1000(standing: TestClient, limit: str) -> None:
    assert set(faults(standing.get("/api/v1/units", params={"limit": limit}))) == {"limit"}


@pytest.mark.parametrize(
    "after", ["", "0", "1", "0-0123456789abcdef", "1-0123456789ABCDEF", "1-0", "\0", "x" * 5000]
)
def test_a_cursor_that_is_none_is_told(standing: TestClient, after: str) -> None:
    assert set(faults(standing.get("/api/v1/units", params={"after": after}))) == {"after"}


def test_what_an_address_does_not_have_is_told(standing: TestClient) -> None:
    assert set(faults(standing.get("/api/v1/units?round=x"))) == {"round"}
    assert set(faults(standing.get("/api/v1/scores.csv?limit=5"))) == {"limit"}, "CSV is whole"
    assert set(faults(standing.get("/api/v1/scores?limit=5", headers={"Accept": "text/csv"}))) == {"limit"}
    assert set(faults(standing.get(f"/api/v1/units?{'x' * 5000}=1"))) == {"x" * 60}


def test_who_may_not_read_is_not_told_about_parameters(client: TestClient) -> None:
    problem(client.get("/api/v1/scores?limit=0"), 401)
