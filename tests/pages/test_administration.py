"""The administrator's pages: typed units, people, and what is done with rounds; the monitor for everybody who waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from assessment import demo
from assessment.access import Principal, Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.actions.exporting import export_package
from assessment.actions.people import add_person
from assessment.actions.rounds import extend_round, open_round
from assessment.actions.tokens import make_token
from assessment.actions.units import add_units
from assessment.intake.typed import typed_units
from assessment.intake.units import read_units
from assessment.organisation import Round, Target, organisation_of
from assessment.questionnaire.catalogue import Catalogue
from assessment.store.engine import Store
from assessment.store.organisation import read_organisation, read_rounds, read_targets
from assessment.store.people import RoleHeld, read_people
from assessment.ui.reminders import home, mail_groups, mail_link
from assessment.ui.round_forms import target_table
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


def test_a_package_is_loaded_into_an_empty_workspace(open_as: Open, desk: Desk, store: Store):
    workspace.fill_with_demo(desk, demo.Size(1, 1, 1))
    (last,) = rounds(store)
    package = export_package(replace(desk, principal=Principal("Cato", Role.CDAO)), last).content
    workspace.start_empty(desk)
    app = open_as(Role.ADMINISTRATOR, "workspace")
    app.file_uploader(key="package").upload("broken.zip", b"no zip").run()
    app.button(key="load-package").click().run()
    assert "this isn't a data package" in app.error[0].value
    app.file_uploader(key="package").upload("package.zip", package).run()
    app.button(key="load-package").click().run()
    assert [entry.value for entry in app.success] == ["The package is loaded."]
    assert last in rounds(store)


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
    assert list(app.dataframe[0].value["Name"]) == ["Ours", "France", "Sales"]
    with store.read() as connection:
        assert not read_organisation(connection).units
    button(app, "Add 3 units").click().run()
    with store.read() as connection:
        assert list(read_organisation(connection).units) == ["group", "FR", "FR.sales"]


def test_typed_names_that_stand_twice_are_told_once_by_their_line(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "workspace")
    app.text_area[1].set_value("Finance\nLegal\nfinance").run()
    (error,) = app.error
    assert error.value.count("line 3 of the domains") == 1
    assert "typed:" not in error.value


def test_after_typing_the_lists_are_empty_and_it_is_said_what_was_added(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "workspace")
    app.text_area[1].set_value("Finance").run()
    button(app, "Add 2 units").click().run()
    assert [entry.value for entry in app.success] == ["Added: 2 units."]
    assert [entry.value for entry in app.text_area] == ["", ""]


def test_the_demonstration_comes_back_as_long_as_nothing_was_put_in(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO)
    app.sidebar.button(key="start-empty").click().run()
    app.button(key="bring-demo-back").click().run()
    assert [entry.value for entry in app.success] == ["The demonstration is here again."]
    assert any("Synthetic data" in text.value for text in app.markdown)


def test_a_workspace_with_something_in_it_offers_no_demonstration(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "workspace")
    assert not [entry for entry in app.button if entry.key == "bring-demo-back"]


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
    assert [entry.value for entry in app.error] == ["Somebody with this address is here already."]
    assert [entry.value for entry in app.text_input[:2]] == ["Another", "Ana@example.org"]
    assert [entry.type for entry in app.main if entry.type in ("button", "error")][:2] == ["button", "error"]


def test_the_monitor_counts_every_assessment_once(running: Desk, open_as: Open):
    app = open_as(Role.CDAO, "rounds")
    frame = app.dataframe[0].value
    assert f"**{len(frame)} assessments:** {len(frame)} not started." in said(app)
    assert list(frame.columns)[-1] == "Since"
    assert not [entry for entry in app.expander if entry.label == "Close the round"]


def test_a_leader_sees_the_progress_of_the_own_country_only(running: Desk, open_as: Open):
    frame = open_as(Role.COUNTRY_LEADER, "rounds", country="France (FR)").dataframe[0].value
    assert set(frame["Unit"]) == {"France", "Sales, France"}


def mails(app: AppTest) -> dict[str, str]:
    """The links to a mail program, read as a person reads the mail: by what stands on them."""
    return {
        link.proto.label: unquote(link.proto.url)
        for link in app.get("link_button")
        if link.proto.url.startswith("mailto:")
    }


def test_a_reminder_says_what_is_open_and_until_when(running: Desk, open_as: Open):
    add_person(running, "Ana", "ana@example.org", RoleHeld(Role.COUNTRY_LEADER, "FR"))
    add_person(running, "Bo", "", RoleHeld(Role.COUNTRY_LEADER, "DE"))
    extend_round(running, "2027-H1", date(2100, 5, 3))
    app = open_as(Role.ADMINISTRATOR, "rounds")
    assert "2 people answer for them, 1 with an address." in said(app)
    assert "Nobody with an address answers for Germany" in "".join(entry.value for entry in app.warning)
    ((label, mail),) = mails(app).items()
    assert label == "Write to 1 person of France"
    assert mail.startswith("mailto:?bcc=ana@example.org&subject=First: your assessment&body=")
    assert "France in “First”" in mail
    assert "- Data governance maturity: not started, 23 of 23 questions left" in mail
    assert mail.endswith("\r\n\r\nThe round closes on 3 May 2100.")


def test_of_several_units_everybody_gets_one_mail_or_each_unit_its_own(running: Desk, open_as: Open):
    add_person(running, "Ana", "ana@example.org", RoleHeld(Role.COUNTRY_LEADER, "FR"))
    add_person(running, "Bo", "bo@example.org", RoleHeld(Role.COUNTRY_LEADER, "DE"))
    app = open_as(Role.ADMINISTRATOR, "rounds")
    ((label, mail),) = mails(app).items()
    assert label == "Write to 2 people"
    assert "France" not in mail, "nobody is told how far others are"
    app.selectbox(key="remind-2027-H1").set_value("DE").run()
    assert "Germany in “First”" in mails(app)["Write to 1 person of Germany"]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://data.example.org/rounds?role=x", "https://data.example.org/"),
        ("https://data.example.org:8443/mesh/rounds", "https://data.example.org:8443/mesh/"),
        ("http://127.0.0.1:8501/rounds", ""), ("http://localhost:8501/rounds", ""), ("http://[::1]:8501/rounds", ""),
        (None, ""), ("", ""),
    ],
)  # fmt: skip
def test_an_address_that_leads_others_nowhere_is_left_out(address: str | None, told: str):
    assert home(address) == told


def test_many_addresses_are_split_into_links_that_mail_programs_take():
    addresses = [f"person{number}@example.org" for number in range(200)]
    groups = mail_groups(addresses, 400)
    assert len(groups) > 1
    assert [address for group in groups for address in group] == addresses
    assert all(len(mail_link(group, "s" * 180, "b" * 180)) < 2_000 for group in groups)


def test_the_rounds_are_named_by_their_titles(running: Desk, open_as: Open):
    app = open_as(Role.CDAO, "rounds")
    assert app.selectbox(key="round").options == ["First"]


def test_what_went_wrong_is_said_at_the_form_that_was_used(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "rounds")
    next(entry for entry in app.text_input if entry.label == "Short id, for files").set_value("2027-H1")
    button(app, "Open the round").click().run()
    assert len(app.error) == 1
    assert [entry.type for entry in app.main if entry.type in ("button", "error", "header")][-3:] == [
        "header", "button", "error",
    ]  # fmt: skip


def test_a_box_stays_open_when_something_is_done_in_it(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "rounds")
    app.session_state["fold-targets"] = True
    app.session_state["fold-extend"] = True
    app.run()
    button(app, "Set the target").click().run()
    assert app.session_state["fold-targets"]
    assert app.session_state["fold-extend"]


def test_targets_that_are_set_are_shown_where_they_are_set(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "rounds")
    assert "No target is set for this questionnaire yet." in said(app)
    button(app, "Set the target").click().run()
    shown = next(entry.value for entry in app.dataframe if entry.value.index.name == "Unit")
    assert list(shown.index) == ["France", "Germany"]
    assert shown.shape == (2, 6)
    assert (shown == 3.5).all().all() or shown.stack().nunique() == 1


def test_a_target_of_one_unit_leaves_the_others_empty(running: Desk, catalogue: Catalogue):
    version = next(q for q in catalogue.questionnaires.values() if q.id == "data-governance")
    first, second, *_ = [dimension.id for dimension in version.all_dimensions()]
    with running.store.read() as connection:
        organisation = read_organisation(connection)
    table = target_table(
        organisation,
        version,
        [Target("r", "FR.sales", version.id, second, 4.0), Target("r", "DE", version.id, first, 3.0)],
    )
    assert list(table.index) == ["Sales, France", "Germany"]
    assert table.isna().sum().sum() == 2


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


def make_on_page(app: AppTest, name: str) -> None:
    """Types a name into the form of tokens, and makes one."""
    field = next(entry for entry in app.text_input if str(entry.key).startswith("token-name"))
    field.set_value(name)
    button(app, "Make it").click().run()


def test_a_token_is_shown_once_and_listed_by_what_it_is_for(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "people")
    app.selectbox(key="token-role").set_value("country_leader").run()
    app.selectbox(key="token-unit-country").set_value("DE").run()
    make_on_page(app, "Power BI *of* Berlin")
    (code,) = app.code
    assert code.value.startswith("mrt_")
    assert "never again" in "".join(entry.value for entry in app.warning)
    assert [entry.value for entry in app.success] == [r"Made: Power BI \*of\* Berlin."]
    (listed,) = app.dataframe[0].value.to_dict("records")
    assert (listed["For what"], listed["Reads as"], listed["State"]) == ("Power BI *of* Berlin", "Country data leader, Germany", "works")  # fmt: skip
    assert (listed["Last used"], listed["Last day"]) == ("never", "no end")
    app.run()
    assert not app.code
    assert "token-new" not in app.session_state


def test_a_token_without_a_name_is_refused_at_its_form(running: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "people")
    make_on_page(app, " ")
    assert "needs a name" in app.error[0].value
    assert not app.code


def test_a_token_is_revoked_by_who_is_sure(running: Desk, open_as: Open):
    make_token(running, "Excel", Role.CDAO)
    app = open_as(Role.ADMINISTRATOR, "people")
    assert button(app, "Revoke it").disabled
    next(entry for entry in app.checkbox if str(entry.key).startswith("revoke-sure")).check().run()
    button(app, "Revoke it").click().run()
    assert [entry.value for entry in app.success] == ["Revoked: Excel."]
    assert app.dataframe[0].value["State"][0].startswith("revoked on ")
    assert not [entry for entry in app.selectbox if entry.key == "revoke-which"]
