"""What stands under a chart: its numbers as a table, and as a file only for whoever may export them."""

from __future__ import annotations

import pytest

from assessment.access import Role
from assessment.actions.desk import Desk
from tests.pages.conftest import Open


@pytest.mark.parametrize(("role", "offers_file"), [(Role.CDAO, True), (Role.REVIEWER, False)])
def test_only_who_may_export_gets_a_table_with_a_way_to_a_file(
    synthetic: Desk, open_as: Open, role: Role, offers_file: bool
):
    app = open_as(role, "result", whose="DE")
    app.session_state["gaps-data-governance-more"] = True
    app.run()
    assert not app.exception
    assert app.table, "everybody reads the table"
    assert not app.dataframe, "whose toolbar gives a file that nobody records"
    offered = [
        button for button in app.get("download_button") if "Download these numbers" in str(button.proto.label)
    ]
    assert bool(offered) is offers_file
