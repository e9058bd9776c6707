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
    assert bool(app.dataframe) is offers_file
    assert bool(app.table) is not offers_file
