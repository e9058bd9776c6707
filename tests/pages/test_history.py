"""The administrator's page of the history."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

from assessment.access import Principal, Role
from assessment.actions import refusals, workspace
from assessment.actions.desk import Desk
from assessment.actions.exporting import export_scores
from assessment.errors import NotAllowed
from tests.pages.conftest import Open


def test_what_was_done_stands_there_with_who_and_when(desk: Desk, open_as: Open):
    workspace.start_empty(desk)
    app = open_as(Role.ADMINISTRATOR, "history")
    shown = app.dataframe[0].value
    assert "started empty" in set(shown.iloc[:, 3])
    assert [getattr(entry, "label", "") for entry in app.get("download_button")] == [
        "Download the history (CSV)",
        "The same for Excel",
    ]
    app.multiselect(key="history-kinds").set_value(["answer"]).run()
    assert not app.dataframe
    assert any("Nothing was recorded" in entry.value for entry in app.info)


def test_another_period_may_have_nothing(desk: Desk, open_as: Open):
    workspace.start_empty(desk)
    app = open_as(Role.ADMINISTRATOR, "history")
    app.date_input(key="history-since").set_value(date(2018, 1, 1))
    app.date_input(key="history-until").set_value(date(2018, 1, 2)).run()
    assert not app.dataframe
    assert not app.exception


def test_what_was_refused_stands_there_in_words(synthetic: Desk, open_as: Open):
    refusals.OF_TRY.forget()
    refusals.OF_PERSON.forget()
    with suppress(NotAllowed):
        export_scores(replace(synthetic, principal=Principal("Eve", Role.AUTHOR)), "2026-Q4", "DE")
    open_as(Role.COUNTRY_LEADER, "answer", country="FR", assessment="123456")
    shown = open_as(Role.ADMINISTRATOR, "history").dataframe[0].value
    refused = shown[shown.iloc[:, 3] == "refused"]
    assert list(refused.iloc[:, 4]) == [
        "tried: an address, assessment: 123456", "tried: exporting: export scores, round: 2026-Q4, unit: DE"
    ]  # fmt: skip
    assert list(refused.iloc[:, 1]) == ["Country data leader, France", "Eve"]
