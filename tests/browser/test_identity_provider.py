"""People come in by an identity provider, as who they are there, and are out when either side says so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import oidc_provider_mock
import pytest
from oidc_provider_mock import User
from oidc_provider_mock import _app as mock
from playwright.sync_api import Page, expect

from assessment.access import Role
from assessment.actions.people import add_person, erase_person
from assessment.store.people import RoleHeld
from tests.browser.conftest import free_port
from tests.browser.house import House, open_house
from tests.browser.journey import card, choose, settled

# The mock of a provider, which runs in this process, uses old names of Authlib's.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

QUESTION = "dgm-access-rules"
#: Who has an account at the provider, and what it says of them.
ANA = User(sub="ana", claims={"name": "Ana Silva", "email": "ana@example.org", "email_verified": True})
BOB = User(sub="bob", claims={"name": "Bob", "email": "bob@example.org", "email_verified": True})
ADA = User(sub="ada", claims={"name": "Ada", "groups": ["mesh-admins"]})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    port, provider = free_port(), free_port()
    environment = {
        "SIGN_IN": "oidc", "ADDRESS": f"http://127.0.0.1:{port}", "OIDC_ISSUER": f"http://localhost:{provider}",
        "OIDC_CLIENT_ID": "mesh", "OIDC_CLIENT_SECRET": "a secret", "GROUPS": '{"mesh-admins": ["administrator"]}',
    }  # fmt: skip
    settings = {f"MESH_READINESS_{name}": value for name, value in environment.items()}
    with (
        oidc_provider_mock.run_server_in_thread(provider, user_claims=[ANA, BOB, ADA]),
        open_house(tmp_path, settings, port) as opened,
    ):
        yield opened


def choose_account(page: Page, name: str) -> None:
    """At the provider."""
    page.get_by_role("button", name=name, exact=True).click()


def picture(page: Page, name: str) -> None:
    """For who wants to look: a picture in the folder that MESH_PICTURES names."""
    if folder := os.environ.get("MESH_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_people_come_in_by_a_provider_until_either_side_ends_it(
    house: House, page: Page, monkeypatch: pytest.MonkeyPatch
):
    ana = add_person(house.desk, "Ana Silva", "ana@example.org", RoleHeld(Role.COUNTRY_LEADER, "FR"))
    wanted = f"{house.server.url}/answer?question={QUESTION}"

    # Whoever opens a page is asked who they are, and is back on that page.
    page.goto(wanted)
    choose_account(page, "ana")
    expect(page.get_by_text("Ana Silva, Country data leader, France")).to_be_visible()
    settled(page)
    choose(page, QUESTION, "3 Defined")
    assert house.saved() == [(QUESTION, ana)]
    (cookie,) = [one for one in page.context.cookies() if "mesh" in one["name"]]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")

    # Signing out here says that the provider is another matter.
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out of this browser").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(page.get_by_role("link", name="Sign out there too")).to_be_visible()
    picture(page, "oidc-left")
    page.get_by_role("link", name="Sign in again").click()

    # Somebody who has an account there, and is nobody here.
    choose_account(page, "bob")
    expect(page.get_by_role("heading", name="You are not known here")).to_be_visible()
    expect(page.get_by_text("bob@example.org")).to_be_visible()
    picture(page, "oidc-unknown")
    page.get_by_role("link", name="Try again").click()

    # Answers that are over, or for another application, let nobody in.
    before = mock.OpenIDCode.get_jwt_config
    with monkeypatch.context() as late:
        late.setattr(mock.OpenIDCode, "get_jwt_config", lambda *given: {**before(*given), "exp": -3600})
        choose_account(page, "ana")
        expect(page.get_by_text("can't be trusted")).to_be_visible()
        picture(page, "oidc-untrusted")
    page.get_by_role("link", name="Try again").click()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(mock.OpenIDCode, "get_audiences", lambda *_: ["payroll"], raising=False)
        choose_account(page, "ana")
        expect(page.get_by_text("can't be trusted")).to_be_visible()
    page.get_by_role("link", name="Try again").click()
    choose_account(page, "ana")
    expect(page.get_by_text("You act as").first).to_be_visible()
    page.goto(wanted)
    expect(card(page, QUESTION).get_by_role("radio", name="3 Defined")).to_be_checked()
    settled(page)

    # Somebody who is erased here is out at the next click, and the provider's word doesn't bring them back.
    add_person(house.desk, "Another", "", RoleHeld(Role.ADMINISTRATOR))
    erase_person(house.desk, ana)
    card(page, QUESTION).get_by_text("4 Managed").click()
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible()
    expect(page.get_by_text("is not saved")).to_be_visible()
    assert house.saved() == [(QUESTION, ana)]
    picture(page, "oidc-ended")
    page.get_by_role("link", name="Sign in").click()
    choose_account(page, "ana")
    expect(page.get_by_role("heading", name="You are not known here")).to_be_visible()
    page.get_by_role("link", name="Try again").click()

    # A group of the provider makes somebody new an administrator, who sees how people come in.
    choose_account(page, "ada")
    expect(page.get_by_text("Ada, Administrator")).to_be_visible()
    page.goto(f"{house.server.url}/people")
    expect(page.get_by_text("People come in by your identity provider")).to_be_visible()
    settled(page)
    page.get_by_text("Give or take a role").click()
    settled(page)
    expect(page.get_by_text("out of the group at your identity provider")).to_be_visible()
    page.get_by_text("Sign somebody out").click()
    expect(page.get_by_role("button", name="Forget the account they sign in with")).to_be_visible()
    settled(page)
    picture(page, "oidc-people")
