"""Where people sign in: who sees what, as whom, and what happens when that ends in the middle."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assessment.access import Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.actions.entering import enter, leave
from assessment.actions.group_roles import group_rules
from assessment.actions.identities import Identity, enter_as
from assessment.actions.invitations import end_sessions, invite, list_open
from assessment.actions.people import add_person, erase_person, give_role, take_role
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units
from assessment.errors import NoLongerHere
from assessment.intake.typed import typed_units
from assessment.intake.units import read_units
from assessment.organisation import Round, organisation_of
from assessment.proxies import ISSUER
from assessment.questionnaire.catalogue import Catalogue
from assessment.store.engine import Store, open_store
from assessment.store.identities import add_identity
from assessment.store.people import RoleHeld
from tests.pages.conftest import MAIN, ROOT, Open
from tests.pages.test_answering import said
from tests.store import small

LEADER = RoleHeld(Role.COUNTRY_LEADER, "FR")
REVIEWER = RoleHeld(Role.REVIEWER)


@dataclass
class Browser:
    """A browser with one cookie, and the application in it."""

    desk: Desk
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, person_id: str) -> None:
        link = invite(self.desk, person_id)
        entered = enter(self.desk.store, link.secret, datetime.now(UTC))
        self.cookies["mesh-readiness"] = entered.secret

    def open(self, page: str | None = None, **parameters: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        if page is not None:
            app.switch_page(str(ROOT / "assessment" / "pages" / f"{page}.py")).run()
        return app


@pytest.fixture(scope="session")
def round_file(migrated_file: Path, catalogue: Catalogue) -> Path:
    """An SQLite file with somebody's own workspace: two countries in a round; copied for each test."""
    file = Path(shutil.copy(migrated_file, migrated_file.with_name("round.db")))
    store = open_store(f"sqlite:///{file}")
    desk = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    workspace.start_empty(desk)
    typed = typed_units("Ours", "FR France\nDE Germany", "Sales", organisation_of([]))
    add_units(desk, read_units(typed, "typed"))
    pinned = {q.id: q.version for q in catalogue.questionnaires.values()}
    open_round(desk, Round("2027-H1", "First", None, None, None, pinned))
    store.engine.dispose()
    return file


@pytest.fixture
def browser(round_file: Path, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A workspace where people sign in; nobody has yet."""
    # Nobody has opened it yet.
    shutil.copy(round_file, str(store.engine.url.database))
    monkeypatch.setenv("MESH_READINESS_SIGN_IN", "links")
    made = Browser(desk)
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: made.cookies))
    return made


@pytest.fixture
def ana(browser: Browser) -> str:
    return add_person(browser.desk, "Ana", "ana@example.org", LEADER, REVIEWER)


def titles(app: AppTest) -> list[str]:
    assert not app.exception
    return [entry.value for entry in app.title]


def switcher(app: AppTest) -> dict[str, list[str]]:
    """What the lists in the sidebar offer."""
    return {entry.label: list(entry.options) for entry in app.sidebar.selectbox}


def is_empty(app: AppTest) -> bool:
    """Whether nothing of the workspace is drawn."""
    drawn = (app.sidebar.selectbox, app.dataframe, app.radio, app.button, app.selectbox)
    return not any(map(len, drawn)) and not any(
        word in said(app) for word in ("France", "Germany", "Sales", "First")
    )


def answers(store: Store) -> list[dict[str, object]]:
    return small.rows_of(store, "SELECT question_id, person FROM answer_events ORDER BY id")


@pytest.mark.parametrize("cookie", [None, "A" * 43, "ü" * 43])
def test_who_is_not_signed_in_sees_nothing(browser: Browser, ana: str, cookie: str | None):
    if cookie is not None:
        browser.cookies["mesh-readiness"] = cookie
    app = browser.open(role="Administrator")
    assert titles(app) == ["You are not signed in"]
    assert "ask your administrator for a new one" in said(app)
    assert is_empty(app)


@pytest.mark.parametrize("page", ["overview", "people"])
def test_no_page_is_drawn_for_who_is_not_signed_in_any_more(browser: Browser, page: str):
    roles = [RoleHeld(role) for role in (Role.CDAO, Role.REVIEWER, Role.ADMINISTRATOR)]
    eva = add_person(browser.desk, "Eva", "", *roles)
    browser.sign_in(eva)
    app = browser.open(page, role="cdao" if page == "overview" else "administrator")
    assert not is_empty(app)
    end_sessions(browser.desk, eva)
    app.run()
    assert titles(app) == ["Your session has ended"]
    assert is_empty(app)


def test_who_has_no_role_sees_nothing(browser: Browser):
    nil = add_person(browser.desk, "Nil *", "")
    browser.sign_in(nil)
    app = browser.open(role="Administrator")
    assert titles(app) == ["You have no role yet"]
    assert is_empty(app)
    assert "**Nil \\***" in said(app)
    give_role(browser.desk, nil, REVIEWER)
    app.run()
    assert switcher(app)["You act as"] == ["Reviewer"]


def test_only_ones_own_roles_and_units_are_offered(browser: Browser, ana: str):
    browser.sign_in(ana)
    app = browser.open()
    assert switcher(app) == {"You act as": ["Country data leader", "Reviewer"], "Of": ["France (FR)"]}
    assert "**Ana**, Country data leader, France" in said(app)
    assert "Local, no sign-in" not in said(app)


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        ({"role": "Administrator"}, "Administrator"), ({"role": "country_leader", "country": "DE"}, "DE"),
    ],
)  # fmt: skip
def test_a_forged_role_or_unit_in_the_address_is_refused(
    browser: Browser, ana: str, forged: dict[str, str], words: str
):
    browser.sign_in(ana)
    app = browser.open(**forged)
    assert any(words in entry.value and "isn't here" in entry.value for entry in app.warning)
    assert "**Ana**, Country data leader, France" in said(app)
    assert switcher(app)["Of"] == ["France (FR)"]


def test_the_history_names_the_person_by_id(browser: Browser, ana: str, store: Store):
    browser.sign_in(ana)
    app = browser.open("answer")
    app.radio[0].set_value(_choice(app)).run()
    assert [row["person"] for row in answers(store)] == [ana]


def _choice(app: AppTest) -> object:
    """The first thing that can be chosen in the first question."""
    question = next(iter(app.radio))
    return question.options[1]


@pytest.mark.parametrize("how", ["left", "erased"])
def test_once_the_session_is_over_the_next_click_saves_nothing_and_says_so(
    browser: Browser, ana: str, store: Store, how: str
):
    browser.sign_in(ana)
    app = browser.open("answer")
    choice = _choice(app)
    if how == "left":
        leave(store, browser.cookies["mesh-readiness"], datetime.now(UTC))
    else:
        erase_person(browser.desk, ana)
    app.radio[0].set_value(choice).run()
    assert titles(app) == ["Your session has ended"]
    assert "is not saved" in said(app)
    assert is_empty(app)
    assert answers(store) == []
    app.run()
    assert titles(app) == ["You are not signed in"]


def test_a_role_that_was_taken_is_gone_with_the_next_click(browser: Browser, ana: str, store: Store):
    browser.sign_in(ana)
    app = browser.open("answer")
    choice = _choice(app)
    take_role(browser.desk, ana, LEADER)
    app.radio[0].set_value(choice).run()
    assert any("no more: Country data leader, France" in entry.value for entry in app.warning)
    assert switcher(app) == {"You act as": ["Reviewer"]}
    assert answers(store) == []


def test_what_an_old_page_asks_for_is_refused(browser: Browser, ana: str):
    """A part of a page, a callback and a file that is made on a click go on with what they were drawn with."""
    browser.sign_in(ana)
    app = browser.open("answer")
    place = app.session_state["_here"]
    with place.store.read():
        pass
    end_sessions(browser.desk, ana)
    for store in (place.store, place.desk().store):
        with pytest.raises(NoLongerHere, match="Your session has ended"), store.read():
            pytest.fail("nothing is read")
        with pytest.raises(NoLongerHere), store.write():
            pytest.fail("nothing is written")


def test_nothing_of_one_person_is_left_for_the_next(browser: Browser, ana: str):
    browser.sign_in(ana)
    app = browser.open("answer")
    app.session_state["left over"] = "of Ana"
    bob = add_person(browser.desk, "Bob", "", RoleHeld(Role.COUNTRY_LEADER, "DE"))
    browser.sign_in(bob)
    app.run()
    assert "left over" not in app.session_state
    assert "**Bob**, Country data leader, Germany" in said(app)


def test_nobody_may_throw_the_workspace_away_by_a_click_in_the_sidebar(
    browser: Browser, ana: str, store: Store
):
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE workspace SET value = 'synthetic' WHERE key = 'kind'")
    browser.sign_in(ana)
    app = browser.open()
    assert "Synthetic data" in said(app)
    assert not [entry for entry in app.button if entry.key == "start-empty"]


# The administrator ---------------------------------------------------------------------------------------


@pytest.fixture
def people(browser: Browser, ana: str) -> AppTest:
    """The People page of the administrator, who signed in."""
    browser.sign_in(add_person(browser.desk, "Ada", "ada@example.org", RoleHeld(Role.ADMINISTRATOR)))
    return browser.open("people")


def test_a_link_is_shown_once_and_works(people: AppTest, store: Store, ana: str, desk: Desk):
    people.selectbox(key="invite-whom").set_value(ana)
    people.button(key="invite").click().run()
    (code,) = [entry.value for entry in people.code]
    assert any("Copy it now" in entry.value and "7 days" in entry.value for entry in people.warning)
    assert enter(store, code.rpartition("/")[2], datetime.now(UTC)).session.person_id == ana
    people.run()
    assert not people.code


def test_links_and_sessions_are_seen_and_ended(people: AppTest, browser: Browser, ana: str, desk: Desk):
    browser_of_ana = Browser(desk)
    browser_of_ana.sign_in(ana)
    invite(desk, ana)
    people.run()
    table = next(entry.value for entry in people.dataframe if "Signed in" in entry.value)
    row = table[table["Name"] == "Ana"].iloc[0]
    assert (row["Signed in"], row["Link that waits"][:5]) == ("1 browser", "until")
    people.selectbox(key="end-whose").set_value(ana).run()
    people.button(key="end-sessions").click().run()
    assert [entry.value for entry in people.success] == ["Signed out: Ana."]
    next(entry for entry in people.button if entry.label.startswith("Revoke the link")).click().run()
    links, sessions = list_open(desk)
    assert links == ()
    assert ana not in {session.person_id for session in sessions}


def test_a_button_of_an_old_page_does_nothing_once_the_session_has_ended(
    people: AppTest, ana: str, desk: Desk
):
    """Its callback runs before the page asks who is here."""
    invite(desk, ana)
    people.selectbox(key="end-whose").set_value(ana).run()
    revoke = next(entry for entry in people.button if entry.label.startswith("Revoke the link"))
    links, sessions = list_open(desk)
    end_sessions(desk, sessions[0].person_id)
    revoke.click().run()
    assert titles(people) == ["Your session has ended"]
    assert list_open(desk)[0] == links


def test_in_local_use_the_page_says_what_links_need(desk: Desk, open_as: Open):
    app = open_as(Role.ADMINISTRATOR, "people")
    assert "MESH_READINESS_SIGN_IN" in said(app)
    assert not [entry for entry in app.button if entry.key == "invite"]


# Every part of a page that is drawn by itself -------------------------------------------------------------


def _fragments() -> Iterator[tuple[str, ast.FunctionDef]]:
    for file in (ROOT / "assessment").glob("[up][ia]*/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                "fragment" in ast.unparse(d) for d in node.decorator_list
            ):
                yield f"{Path(file).name}:{node.name}", node


@pytest.mark.parametrize(
    ("name", "function"), list(_fragments()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_part_that_is_drawn_by_itself_tells_that_the_session_has_ended(
    name: str, function: ast.FunctionDef
):
    calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    assert "told" in calls, f"{name} has no `with told()`"


@pytest.fixture
def proxied(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the proxy says with every connection, in the place of links."""
    said: dict[str, str] = {}
    monkeypatch.setenv("MESH_READINESS_SIGN_IN", "proxy")
    monkeypatch.setenv("MESH_READINESS_PROXY_SECRET", "a secret of thirty-two characters")
    monkeypatch.setattr(type(st.context), "headers", property(lambda _: said))
    return said


def test_behind_a_proxy_a_cookie_counts_for_whom_the_proxy_names_alone(
    browser: Browser, ana: str, proxied: dict[str, str]
) -> None:
    identity = Identity(ISSUER, "ana", "Ana", "ana@example.org")
    browser.cookies["mesh-readiness"] = enter_as(browser.desk.store, identity, (), datetime.now(UTC)).secret
    for user, is_in in (("ana", True), ("bob", False)):
        proxied["X-Forwarded-User"] = user
        assert is_empty(browser.open()) is not is_in
    proxied.clear()
    app = browser.open()
    assert is_empty(app)
    assert titles(app) == ["You are not signed in"]
    assert any(entry.proto.body.count("/sign-in?to=") for entry in app.get("html"))


def test_what_a_link_began_ends_when_a_provider_vouches_for_people(
    browser: Browser, ana: str, proxied: dict[str, str]
) -> None:
    browser.sign_in(ana)
    proxied["X-Forwarded-User"] = "ana"
    with browser.desk.store.write() as connection:
        add_identity(connection, ISSUER, "ana", ana)
    assert titles(browser.open()) == ["You are not signed in"]


def test_the_administrator_sees_who_has_come_in_by_a_provider_and_what_their_groups_gave(
    browser: Browser, proxied: dict[str, str]
) -> None:
    ada = Identity(ISSUER, "ada", "Ada", groups=frozenset({"admins"}))
    rules = group_rules({"admins": ["administrator"]})
    add_person(browser.desk, "Bob", "bob@example.org", REVIEWER)
    browser.cookies["mesh-readiness"] = enter_as(browser.desk.store, ada, rules, datetime.now(UTC)).secret
    proxied["X-Forwarded-User"] = "ada"
    app = browser.open("people")
    assert not app.exception
    tables = [frame.value for frame in app.dataframe]
    ways = next(table for table in tables if "Identity provider" in table)
    assert ways.set_index("Name")["Identity provider"].to_dict() == {"Ada": "known", "Bob": "not yet"}
    assert "Administrator (by group)" in str(tables[0])
    assert "invite" not in [button.key for button in app.button]
