"""The administrator brings files in: what they would change stands on the page before anything is written."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from assessment.access import Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.store.engine import Store
from assessment.store.organisation import read_organisation, read_rounds
from tests.pages.conftest import Open

UNITS = b"unit_id,name,kind,parent_id,country_iso3,domain_family\nG,Ours,group,,,\nFR,France,country,G,FRA,\n"
ROUNDS = b"round_id,title,phase,opens_on,closes_on\n2025-H1,Last year,before,2025-03-01,2025-03-31\n"


def opened(desk: Desk, open_as: Open) -> AppTest:
    workspace.start_empty(desk)
    return open_as(Role.ADMINISTRATOR, "workspace")


def bring(app: AppTest, *files: tuple[str, bytes], field: str = "files-0") -> AppTest:
    return (
        app.file_uploader(key=field).set_value([(name, content, "text/csv") for name, content in files]).run()
    )


def test_files_are_written_together_after_they_were_shown(desk: Desk, open_as: Open, store: Store):
    app = bring(opened(desk, open_as), ("units.csv", UNITS), ("rounds.csv", ROUNDS))
    assert any("2 units: 2 new; 1 round: 1 new" in entry.value for entry in app.markdown)
    assert list(app.dataframe[-1].value.iloc[:, 2]) == ["G", "FR", "2025-H1"]
    with store.read() as connection:
        assert not read_rounds(connection), "nothing is written yet"
    app.button(key="files-write").click().run()
    assert [entry.value for entry in app.success] == ["All of it is written."]
    with store.read() as connection:
        assert [entry.id for entry in read_rounds(connection)] == ["2025-H1"]
        assert "FR" in read_organisation(connection).units


def test_what_is_here_already_offers_nothing_to_write(desk: Desk, open_as: Open):
    app = bring(opened(desk, open_as), ("units.csv", UNITS))
    app.button(key="files-write").click().run()
    bring(app, ("units.csv", UNITS), field="files-1")
    assert [entry.value for entry in app.success] == ["All of this is here already."]
    assert "files-write" not in {entry.key for entry in app.button}


def test_a_file_at_fault_says_why_and_writes_nothing(desk: Desk, open_as: Open, store: Store):
    app = bring(
        opened(desk, open_as), ("units.csv", UNITS + b"ES,Spain,kingdom,G,ESP,\n"), ("other.csv", b"a,b\n")
    )
    assert "Nothing was written" in app.error[0].value
    assert "other.csv" in app.error[0].value
    bring(app, ("units.csv", UNITS + b"ES,Spain,kingdom,G,ESP,\n"))
    assert "kingdom" in app.error[0].value
    assert "files-write" not in {entry.key for entry in app.button}
    with store.read() as connection:
        assert not read_organisation(connection).units


def test_conflicts_hold_everything_up(desk: Desk, open_as: Open):
    app = bring(opened(desk, open_as), ("units.csv", UNITS))
    app.button(key="files-write").click().run()
    bring(app, ("units.csv", UNITS.replace(b"FRA", b"DEU")), field="files-1")
    assert "Conflicts keep all of it" in app.warning[0].value
    assert "files-write" not in {entry.key for entry in app.button}
