"""What was refused to somebody who is here is on record; nobody fills the history by trying, and nothing else is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from assessment.actions import refusals, reviewing
from assessment.actions.answering import save_answer
from assessment.actions.auditing import history
from assessment.actions.exporting import export_scores
from assessment.actions.people import erase_person
from assessment.errors import NotAllowed, ResponseError, StoreError
from assessment.store.history import Kind, Wanted
from assessment.store.workspace import revision
from tests.conftest import SmallWorkspace
from tests.store import small

EVER = Wanted(small.later(-10), small.later(10**5), frozenset({Kind.WORKSPACE}))


@pytest.fixture(autouse=True)
def _nobody_tried_anything() -> None:
    for limit in (refusals.OF_TRY, refusals.OF_PERSON):
        limit.forget()


def refused(workspace: SmallWorkspace) -> list[dict[str, Any]]:
    """The refusals that the administrator reads, the oldest first."""
    entries = history(workspace.desk(small.ADMINISTRATOR), EVER, 1000).entries
    return [dict(entry.about) for entry in reversed(entries) if entry.action == "refused"]


def tried(act: Callable[..., object], *given: Any, **more: Any) -> None:
    with pytest.raises(NotAllowed):
        act(*given, **more)


def test_who_tried_what_on_what_is_told(workspace: SmallWorkspace):
    number = workspace.assessment("DE").id
    tried(reviewing.submit, workspace.desk(small.FRANCE, small.later(5)), number)
    tried(export_scores, workspace.desk(small.SALES), small.ROUND, "FR")
    assert refused(workspace) == [
        {"tried": "exporting: export scores", "round": small.ROUND, "unit": "FR"},
        {"tried": "reviewing: submit", "assessment": str(number)},
    ]
    entry = history(workspace.desk(small.ADMINISTRATOR), EVER, 1).entries[0]
    assert (entry.person, entry.role, entry.at) == (small.FRANCE.person, "country_leader", small.later(5))


def test_what_was_to_be_written_is_in_none_of_it(workspace: SmallWorkspace):
    changes = {"state": "dont_know", "comment": "our worst secret"}
    tried(
        save_answer, workspace.desk(small.GERMANY), workspace.assessment("FR").id, "shared", changes,
        expected_version=0, idempotency_key="secret key",
    )  # fmt: skip
    assert "secret" not in json.dumps(refused(workspace))


def test_only_access_counts_and_no_other_rule(workspace: SmallWorkspace):
    with pytest.raises(ResponseError):
        reviewing.submit(workspace.desk(small.FRANCE), workspace.assessment("FR").id)
    assert refused(workspace) == []


def test_the_same_try_is_kept_once_and_many_tries_of_one_person_are_cut_short(workspace: SmallWorkspace):
    for _ in range(5):
        tried(reviewing.accept, workspace.desk(small.FRANCE), 1)
    assert len(refused(workspace)) == 1
    for number in range(100):
        tried(reviewing.accept, workspace.desk(small.FRANCE), 10_000 + number)
    assert len(refused(workspace)) == 30
    tried(reviewing.accept, workspace.desk(small.GERMANY), 1)
    assert len(refused(workspace)) == 31, "another person's tries count for themselves"


def test_whatever_is_sent_is_kept_short_on_one_line_and_as_text(workspace: SmallWorkspace):
    for unit in ("DE\r\nERROR forged", "\ud800" + "x" * 10**6, "\u202eDE", 10**5000, None, b"DE", ["DE"]):
        tried(erase_person, workspace.desk(small.FRANCE), unit)
    kept = [about.get("person", "") for about in refused(workspace)]
    assert len(kept) == 7
    assert all(len(text) <= 60 and text.isprintable() for text in kept)
    assert kept[0] == "DE\ufffd\ufffdERROR forged"


def test_a_refusal_changes_nothing_that_pages_compute_from(workspace: SmallWorkspace):
    with workspace.store.read() as connection:
        before = revision(connection)
    tried(reviewing.accept, workspace.desk(small.FRANCE), 1)
    with workspace.store.read() as connection:
        assert revision(connection) == before
    assert refused(workspace)


def test_that_it_cant_be_kept_changes_nothing_for_who_tried(
    workspace: SmallWorkspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> None:
        raise StoreError("gone")

    monkeypatch.setattr(refusals, "record", broken)
    tried(reviewing.accept, workspace.desk(small.FRANCE), 1)
    assert [record.message for record in caplog.records] == ["refused", "a refusal not recorded"]
