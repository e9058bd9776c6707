"""The administrator's pages: typed units, people, and what is done with rounds; the monitor for everybody who waits."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.actions.people import add_person
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units
from assessment.intake.typed import typed_units
from assessment.intake.units import read_units
from assessment.organisation import Round, organisation_of
from assessment.store.engine import Store
from assessment.store.organisation import read_organisation, read_rounds, read_targets
from assessment.store.people import RoleHeld, read_people
from assessment.ui.monitor import mail_links
from tests.pages.conftest import Open
from tests.pages.test_answering import said


@pytest.fixture
def own(desk: Desk) -> Desk:
    """Somebody's own workspace, empty."""
    workspace.start_empty(desk)
    return desk


@pytest.fixture
def running(own: Desk) -> Desk:
    """Two countries with one domain each, in a round of all three questionnaires."""
    add_units(
        own, read_units(typed_units("Ours", "FR France\nDE Germany", "Sales", organisation_of([])), "typed")
    )
    pinned = {q.id: q.version for q in own.catalogue.questionnaires.values()}
    open_round(own, Round("2027-H1", "First", None, None, None, pinned))
    return own


def rounds(store: Store) -> dict[str, Round]:
    with store.read() as connection:
        return {entry.id: entry for entry in read_rounds(connection)}


def button(app: AppTest, words: str):
    return next(entry for entry in app.button if entry.label.startswith(words))


def test_typed_units_are_shown_before_they_are_added(own: Desk, open_as: Open, store: Store):
    app = open_as(Role.ADMINISTRATOR, "workspace")
    app.text_input[0].set_value("Ours")
    app.text_area[0].set_value("FR France")
    app.text_area[1].set_value("Sales").run()
    assert "3 units new, 0 known already." in said(app)
    with store.read() as connection:
        assert not read_organisation(connection).units
    button(app, "Add 3 units").click().run()
    with store.read() as connection:
        assert list(read_organisation(connection).units) == ["group", "FR", "FR.sales"]


def test_the_way_to_a_first_round_says_what_is_done(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "workspace")
    steps = [entry.value for entry in app.markdown if "**1." in entry.value or "**2." in entry.value]
    assert [step.endswith("(done)") for step in steps] == [True, False]


def test_somebody_is_added_with_a_role_and_units_without_anybody_are_told(
    running: Desk, open_as: Open, store: Store
):
    app = open_as(Role.ADMINISTRATOR, "people")
    app.selectbox(key="role-add").set_value("country_leader").run()
    app.selectbox(key="unit-add-country").set_value("FR").run()
    app.text_input[0].set_value("Ana =1+1")
    app.text_input[1].set_value("ana@example.org")
    button(app, "Add").click().run()
    with store.read() as connection:
        (ana,) = read_people(connection)
    assert (ana.name, ana.roles) == ("Ana =1+1", (RoleHeld(Role.COUNTRY_LEADER, "FR"),))
    assert "Nobody answers for 3 units yet" in [entry.label for entry in app.expander]


def test_a_forbidden_address_is_told_and_nothing_is_lost(running: Desk, open_as: Open, store: Store):
    add_person(running, "Ana", "ana@example.org", RoleHeld(Role.REVIEWER))
    app = open_as(Role.ADMINISTRATOR, "people")
    app.text_input[0].set_value("Another")
    app.text_input[1].set_value("Ana@example.org")
    button(app, "Add").click().run()
    assert "Somebody with this address is here already." in said(app)


def test_the_monitor_counts_every_assessment_once(running: Desk, open_as: Open):
    app = open_as(Role.CDAO, "rounds")
    frame = app.dataframe[0].value
    assert f"**{len(frame)} assessments:** {len(frame)} not started." in said(app)
    assert not [entry for entry in app.expander if entry.label == "Close the round"]


def test_a_leader_sees_the_progress_of_the_own_country_only(running: Desk, open_as: Open):
    frame = open_as(Role.COUNTRY_LEADER, "rounds", country="France (FR)").dataframe[0].value
    assert set(frame["Unit"]) == {"France", "Sales, France"}


def test_a_reminder_goes_to_those_who_answer(running: Desk, open_as: Open):
    add_person(running, "Ana", "ana@example.org", RoleHeld(Role.COUNTRY_LEADER, "FR"))
    app = open_as(Role.ADMINISTRATOR, "rounds")
    assert "1 person for" in said(app)
    assert "Nobody with an address answers for Germany" in said(app)


def test_many_addresses_are_split_into_links_that_mail_programs_take():
    links = mail_links([f"person{number}@example.org" for number in range(200)], "Your assessment")
    assert len(links) > 1
    assert all(len(link) < 2_000 for link in links)
    assert sum(link.count("%40") for link in links) == 200


def test_targets_for_all_are_set_for_the_countries(running: Desk, open_as: Open, store: Store):
    app = open_as(Role.ADMINISTRATOR, "rounds")
    button(app, "Set the target").click().run()
    with store.read() as connection:
        found = read_targets(connection, ["FR", "DE", "FR.sales"])
    assert {entry.unit_id for entry in found} == {"FR", "DE"}
    assert len({entry.dimension_id for entry in found}) == len(found) / 2


def test_closing_says_what_happens_to_unfinished_work_first(running: Desk, open_as: Open, store: Store):
    app = open_as(Role.ADMINISTRATOR, "rounds")
    assert "0 with the reviewer and" in said(app)
    assert app.button(key="close-2027-H1").disabled
    app.checkbox(key="sure-2027-H1").check().run()
    app.button(key="close-2027-H1").click().run()
    assert rounds(store)["2027-H1"].is_over
    app.text_input[0].set_value("Too early")
    button(app, "Open it again").click().run()
    assert not rounds(store)["2027-H1"].is_over


def test_a_unit_added_later_is_let_into_the_round(running: Desk, open_as: Open, store: Store):
    with store.read() as connection:
        known = read_organisation(connection)
    add_units(running, read_units(typed_units("", "IT Italy", "", known), "typed"))
    app = open_as(Role.ADMINISTRATOR, "rounds")
    button(app, "Let them take part").click().run()
    assert "Italy" in set(open_as(Role.CDAO, "rounds").dataframe[0].value["Unit"])


def test_a_renamed_unit_bears_the_name_everywhere(running: Desk, open_as: Open, store: Store):
    app = open_as(Role.ADMINISTRATOR, "workspace")
    chosen = next(entry for entry in app.selectbox if entry.label == "Unit")
    chosen.set_value("FR")
    next(entry for entry in app.text_input if entry.label == "New name").set_value("République")
    button(app, "Rename").click().run()
    with store.read() as connection:
        assert read_organisation(connection).units["FR"].name == "République"
