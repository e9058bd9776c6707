"""The administrator's page of the history."""

from __future__ import annotations

from datetime import date

from assessment.access import Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
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
