"""Outcomes are counted where they pass, whoever asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from assessment.actions.answering import save_answer, save_answers
from assessment.actions.exporting import export_scores, export_table
from assessment.actions.import_plan import Files
from assessment.actions.importing import bring_in, preview
from assessment.actions.stating import state
from assessment.errors import NoLongerHere, StoreError
from assessment.intake.bundle import File
from assessment.responses import Answer, AnswerState
from assessment.statements import StatementKind
from assessment.store.statements import About
from tests.conftest import SmallWorkspace
from tests.counts import Change, grown
from tests.store import small


@pytest.fixture
def save(workspace: SmallWorkspace) -> Callable[..., Change]:
    """Saves of one answer of France, by the version that was seen."""
    france, desk = workspace.assessment("FR").id, workspace.desk(small.FRANCE)
    changes = {"state": "answered", "value": "3"}

    def one(seen: int, question: str = "shared") -> Change:
        key = small.new_key()
        return lambda: save_answer(
            desk, france, question, changes, expected_version=seen, idempotency_key=key
        )

    return one


def test_saves_are_counted_by_what_became_of_them(
    save: Callable[..., Change], monkeypatch: pytest.MonkeyPatch
) -> None:
    def saves(outcome: str, change: Change) -> float:
        return grown("saves_total", {"what": "answer", "outcome": outcome}, change)

    assert saves("acknowledged", save(0)) == 1
    assert saves("conflict", save(0)) == 1
    assert saves("refused", save(1, "no such question")) == 1
    monkeypatch.setattr("assessment.actions.answering.answer_store.save_answer", _broken)
    assert saves("failed", save(1)) == 1


def test_the_time_of_a_save_is_kept_when_it_is_acknowledged_only(save: Callable[..., Change]) -> None:
    assert grown("save_seconds_count", {"what": "answer"}, save(0)) == 1
    assert grown("save_seconds_count", {"what": "answer"}, save(0)) == 0


def _broken(*_: object) -> None:
    raise StoreError("The disk is full.")


def test_workbooks_and_statements_are_saves_of_their_own(workspace: SmallWorkspace) -> None:
    desk, france = workspace.desk(small.FRANCE), workspace.assessment("FR").id
    given = [(small.COUNTRY_QUESTIONS[0], Answer(AnswerState.DONT_KNOW), 0)]
    acknowledged = {"outcome": "acknowledged"}
    assert grown(
        "saves_total", {"what": "answers"} | acknowledged,
        lambda: save_answers(desk, france, given, origin="workbook"),
    ) == 1  # fmt: skip
    about = About(StatementKind.ELEMENT, small.ROUND, "FR", "no-such-element")
    assert grown(
        "saves_total", {"what": "statement", "outcome": "refused"},
        lambda: state(desk, about, {"status": "exists"}, expected_version=0, idempotency_key="e"),
    ) == 1  # fmt: skip


def test_refused_access_is_counted_wherever_it_is_decided(workspace: SmallWorkspace) -> None:
    owner, refused = workspace.desk(small.SALES), {"kind": "not_allowed"}
    files = Files(File("units.csv", b"unit_id,name,kind\n"), None, None, None)
    for change in (
        lambda: export_scores(owner, small.ROUND, "DE"),
        lambda: export_table(owner, "t.csv", pd.DataFrame(), ["DE"]),
        lambda: preview(owner, files),
    ):
        assert grown("refusals_total", refused, change) == 1

    def gone(*_: object) -> None:
        raise NoLongerHere("gone")

    guarded = replace(owner, store=owner.store.guarded(gone))
    looked = lambda: export_scores(guarded, small.ROUND, "FR.sales")  # noqa: E731
    assert grown("refusals_total", {"kind": "no_longer_here"}, looked) == 1


def test_imports_and_exports_are_counted(workspace: SmallWorkspace) -> None:
    desk = workspace.desk(small.ADMINISTRATOR)
    bad = Files(File("units.csv", b"unit_id,name\nFR,France\n"), None, None, None)
    good = Files(
        File("units.csv", b"unit_id,name,kind,parent_id\nACME,Acme,group,\nXX,New,country,ACME\n"),
        None,
        None,
        None,
    )
    assert grown("imports_total", {"outcome": "refused"}, lambda: preview(desk, bad)) == 1
    assert grown("imports_total", {"outcome": "written"}, lambda: preview(desk, good)) == 0
    assert grown("imports_total", {"outcome": "written"}, lambda: bring_in(desk, good)) == 1
    exported = workspace.desk(small.CDAO)
    assert grown("exports_total", {"origin": "page"}, lambda: export_scores(exported, small.ROUND)) == 1
