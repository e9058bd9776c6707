"""What is computed ahead is what a page would compute, for whoever may compare all units; small groups need none of it."""

from __future__ import annotations

import pytest

from assessment.access import Role
from assessment.actions.desk import Desk
from assessment.ui import warming
from tests.pages.conftest import Open


def forbid_computing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_named: object) -> None:
        raise AssertionError("this was to be computed ahead")

    for name in ("round_findings", "score_table", "carried_levels"):
        monkeypatch.setattr(f"assessment.ui.resources.{name}", refused)


@pytest.mark.parametrize("page", ["overview", "readiness"])
def test_a_page_finds_what_was_computed_ahead(
    synthetic: Desk, open_as: Open, monkeypatch: pytest.MonkeyPatch, page: str
):
    start = open_as(Role.CDAO, "method")
    monkeypatch.setattr(warming, "LEAST_ASSESSMENTS", 0)
    assert warming.warm(None) == start.session_state["_here"].revision
    forbid_computing(monkeypatch)
    app = open_as(Role.CDAO, page)
    assert not app.exception
    assert not app.error


def test_nothing_is_computed_ahead_for_a_small_group(
    synthetic: Desk, open_as: Open, monkeypatch: pytest.MonkeyPatch
):
    open_as(Role.CDAO, "method")
    forbid_computing(monkeypatch)
    warming.warm(None)


def test_nothing_is_computed_twice_while_nothing_changes(
    synthetic: Desk, open_as: Open, monkeypatch: pytest.MonkeyPatch
):
    open_as(Role.CDAO, "method")
    monkeypatch.setattr(warming, "LEAST_ASSESSMENTS", 0)
    before = warming.warm(None)
    monkeypatch.setattr("assessment.ui.warming._assessments", lambda *_: pytest.fail("it was looked again"))
    assert warming.warm(before) == before
