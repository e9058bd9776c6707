"""An identity provider says who somebody is: whom it lets in here, as what, and which of its answers count for nothing."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import oidc_provider_mock
import pytest
from oidc_provider_mock import User
from oidc_provider_mock import _app as mock
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assessment.access import Role
from assessment.actions.desk import Desk
from assessment.actions.entering import visitor_of
from assessment.actions.identities import VOUCHED, forget_identity
from assessment.actions.people import add_person, erase_person, give_role, take_role
from assessment.actions.units import add_units
from assessment.api import doorway, provider
from assessment.api import opened as api_opened
from assessment.api.entrance import entrance_routes
from assessment.errors import ResponseError
from assessment.intake.typed import typed_units
from assessment.intake.units import read_units
from assessment.organisation import organisation_of
from assessment.store.engine import Store
from assessment.store.people import RoleHeld, read_people
from tests.store import small

# The mock of a provider, which runs in this process, uses old names of Authlib's.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ANA = {"name": "Ana Silva", "email": "ana@example.org", "email_verified": True}


def person(subject: str, **claims: object) -> User:
    return User(sub=subject, claims={**ANA, **claims})


@pytest.fixture
def subjects() -> list[User]:
    """Who has an account at the provider; a test may change what is said of them."""
    return [person("ana"), person("another"), person("bob", name="Bob <b>", email="bob@example.org")]


@pytest.fixture
def issuer(subjects: list[User], unused_port: int) -> Iterator[str]:
    """A running provider; what it says of itself is its own."""
    with oidc_provider_mock.run_server_in_thread(unused_port, user_claims=subjects):
        yield f"http://localhost:{unused_port}"


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def door(client: TestClient, issuer: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The way in on this test's own database, as a browser that follows nothing by itself."""
    for name, value in {
        "SIGN_IN": "oidc", "ADDRESS": "http://testserver", "OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": "mesh",
        "OIDC_CLIENT_SECRET": "a secret",
        "GROUPS": '{"leads-{unit}": ["country_leader {unit}"], "offices": ["cdao", "reviewer"]}',
    }.items():  # fmt: skip
        monkeypatch.setenv(f"MESH_READINESS_{name}", value)
    forget()
    with TestClient(Starlette(routes=entrance_routes()), follow_redirects=False) as browser:
        yield browser
    forget()


#: Kept, because a test puts another in its place.
_client = provider._client


def forget() -> None:
    api_opened.settings.cache_clear()
    _client.cache_clear()
    doorway.OF_ADDRESS.forget()
    doorway.OF_ALL.forget()


@pytest.fixture
def desk(door: TestClient, store: Store, catalogue: Any) -> Desk:
    return small.desk_for(store, catalogue, small.ADMINISTRATOR)


@pytest.fixture
def ana(desk: Desk) -> str:
    return add_person(desk, "Ana", "Ana@Example.org", RoleHeld(Role.CDAO))


def asked(door: TestClient, to: str = "/") -> str:
    """Where the provider is asked, for a browser that wanted to go somewhere."""
    response = door.get("/sign-in", params={"to": to})
    assert response.status_code == 302, response.text
    return response.headers["location"]


def answered(address: str, subject: str = "ana") -> str:
    """Where the provider sends somebody back who chose an account there."""
    response = httpx2.post(address, data={"sub": subject})
    assert response.status_code == 302, response.text
    return response.headers["location"]


def came_back(door: TestClient, subject: str = "ana", to: str = "/") -> httpx2.Response:
    return door.get(answered(asked(door, to), subject))


def roles_of(store: Store) -> dict[str, set[str]]:
    with store.read() as connection:
        return {
            one.name: {f"{held.role} {held.unit_id or ''}".strip() for held in one.roles}
            for one in read_people(connection)
        }


def test_somebody_whose_address_stands_here_comes_in_and_is_led_back(
    door: TestClient, ana: str, store: Store
) -> None:
    response = came_back(door, to="/answer?question=dgm-access-rules")
    assert (response.status_code, response.headers["location"]) == (303, "/answer?question=dgm-access-rules")
    assert response.headers["cache-control"] == "no-store"
    visitor = visitor_of(store, door.cookies["mesh-readiness"], datetime.now(UTC))
    assert visitor is not None
    assert visitor.person.id == ana
    assert visitor.session.ends_at - visitor.session.started_at == VOUCHED
    assert "mesh-readiness-way" not in door.cookies


def test_the_provider_is_asked_with_all_that_keeps_answers_apart(door: TestClient, ana: str) -> None:
    said = parse_qs(urlsplit(asked(door)).query)
    assert said["response_type"] == ["code"]
    assert said["code_challenge_method"] == ["S256"]
    assert said["redirect_uri"] == ["http://testserver/signed-in"]
    assert {"state", "nonce", "code_challenge"} <= set(said)
    assert "secret" not in str(said)
    again = parse_qs(urlsplit(asked(door)).query)
    assert said["state"] != again["state"]
    assert said["nonce"] != again["nonce"]


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"]
)
def test_nobody_is_led_elsewhere_afterwards(door: TestClient, ana: str, to: str) -> None:
    assert came_back(door, to=to).headers["location"] == "/"


def test_a_person_is_known_by_the_account_and_not_by_an_address_that_changes_hands(
    door: TestClient, ana: str, store: Store, subjects: list[User], desk: Desk
) -> None:
    assert came_back(door).status_code == 303
    subjects[0].claims["email"] = "ana.costa@example.org"
    assert came_back(door).status_code == 303
    refused = came_back(door, "another")
    assert refused.status_code == 403
    assert "not known" in refused.text
    forget_identity(desk, ana)
    assert came_back(door, "another").status_code == 303
    with pytest.raises(ResponseError):
        forget_identity(desk, add_person(desk, "Nobody", ""))


@pytest.mark.parametrize("verified", [False, None, "false"])
def test_an_address_that_the_provider_does_not_vouch_for_is_nobodys(
    door: TestClient, ana: str, subjects: list[User], verified: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects[0].claims["email_verified"] = verified
    assert came_back(door).status_code == 403
    monkeypatch.setenv("MESH_READINESS_OIDC_EMAIL_IS_VERIFIED", "true")
    forget()
    # The setting speaks for a provider that says nothing, and not against one that says no.
    assert came_back(door).status_code == (303 if verified is None else 403)


@pytest.mark.parametrize(
    ("claims", "more", "email"),
    [
        ({"email": "ceo@example.org"}, {"email": "eve@example.org", "email_verified": True}, ""),
        ({}, {"email": "eve@example.org", "email_verified": True}, "eve@example.org"),
        ({"email": "eve@example.org", "email_verified": True}, {"email_verified": False}, "eve@example.org"),
    ],
)
def test_that_an_address_is_verified_counts_for_the_address_beside_it(
    door: TestClient, claims: dict[str, object], more: dict[str, object], email: str
) -> None:
    class Told:
        async def userinfo(self, **_: object) -> dict[str, object]:
            return {"sub": "eve", **more}

    said = asyncio.run(provider._with_more(Told(), {}, {"iss": "https://id.example", "sub": "eve", **claims}))
    assert provider._told(said).email == email


@pytest.mark.parametrize(
    ("said", "groups"),
    [(None, set()), ("leads", {"leads"}), (["leads", 7, None, ""], {"leads", "7"}), (7, set()), ({"leads": 1}, set())],
)  # fmt: skip
def test_groups_are_a_list_of_names_or_one(said: object, groups: set[str]) -> None:
    assert provider._groups(said) == groups


def test_who_is_not_known_here_is_told_so_and_nothing_is_kept_of_them(
    door: TestClient, ana: str, store: Store
) -> None:
    refused = came_back(door, "bob")
    assert refused.status_code == 403
    assert "bob@example.org" in refused.text
    assert "<b>" not in refused.text
    assert '<a href="/sign-in?other=1&amp;to=%2F">' in refused.text
    assert "mesh-readiness" not in door.cookies
    assert set(roles_of(store)) == {"Ana"}
    kept = small.rows_of(store, "SELECT * FROM workspace_events WHERE action = 'entry refused'")
    assert len(kept) == 1
    assert "bob" not in str(kept).lower()


def test_groups_give_roles_at_each_signing_in_and_take_them(
    door: TestClient, store: Store, subjects: list[User], desk: Desk
) -> None:
    typed = typed_units("Ours", "FR France\nDE Germany", "Sales", organisation_of([]))
    add_units(desk, read_units(typed, "typed"))
    subjects[0].claims["groups"] = ["leads-FR", "leads-XX", "offices", "canteen"]
    assert came_back(door).status_code == 303
    assert roles_of(store) == {"Ana Silva": {"country_leader FR", "cdao", "reviewer"}}
    (ana,) = [one.id for one in people(store)]
    give_role(desk, ana, RoleHeld(Role.AUTHOR))
    # Taken here it comes back, as long as the group has them.
    take_role(desk, ana, RoleHeld(Role.CDAO))
    assert came_back(door).status_code == 303
    assert "cdao" in roles_of(store)["Ana Silva"]
    subjects[0].claims["groups"] = "leads-DE"
    assert came_back(door).status_code == 303
    assert roles_of(store) == {"Ana Silva": {"country_leader DE", "author"}}
    subjects[0].claims["groups"] = []
    assert came_back(door).status_code == 303
    assert roles_of(store) == {"Ana Silva": {"author"}}
    told = small.rows_of(store, "SELECT action FROM workspace_events WHERE action LIKE 'role %' ORDER BY id")
    assert sorted(row["action"] for row in told) == ["role given"] * 6 + ["role taken"] * 5


def people(store: Store) -> Any:
    with store.read() as connection:
        return read_people(connection)


def test_somebody_who_was_erased_is_not_known_any_more(
    door: TestClient, ana: str, store: Store, desk: Desk
) -> None:
    add_person(desk, "Ada", "ada@example.org", RoleHeld(Role.ADMINISTRATOR))
    assert came_back(door).status_code == 303
    earlier = door.cookies["mesh-readiness"]
    erase_person(desk, ana)
    assert visitor_of(store, earlier, datetime.now(UTC)) is None
    assert came_back(door).status_code == 403


def test_a_token_that_is_over_counts_for_nothing(
    door: TestClient, ana: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(monkeypatch, exp=-3600)
    untrusted(came_back(door), door)


def test_a_token_for_another_application_counts_for_nothing(
    door: TestClient, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mock.OpenIDCode, "get_audiences", lambda *_: ["payroll"], raising=False)
    untrusted(came_back(door), door)
    monkeypatch.setattr(mock.OpenIDCode, "get_audiences", lambda *_: ["payroll", "mesh"])
    untrusted(came_back(door), door)


def test_a_token_of_another_issuer_counts_for_nothing(
    door: TestClient, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(monkeypatch, iss="https://elsewhere.example")
    untrusted(came_back(door), door)


def test_a_token_that_another_key_signed_counts_for_nothing(
    door: TestClient, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from authlib import jose

    stranger = jose.JsonWebKey.generate_key("RSA", 2048, {"kid": "stranger"}, is_private=True)
    changed(monkeypatch, key=stranger.as_dict(is_private=True))
    untrusted(came_back(door), door)


@pytest.mark.filterwarnings("ignore:JWS algorithm")
def test_a_token_that_nobody_signed_counts_for_nothing_although_the_provider_lists_such(
    door: TestClient, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(monkeypatch, alg="none")
    asked(door)
    provider._client().server_metadata["id_token_signing_alg_values_supported"] = ["RS256", "none"]
    untrusted(came_back(door), door)


def test_an_answer_counts_once_and_in_the_browser_that_asked(door: TestClient, ana: str) -> None:
    address = answered(asked(door))
    with TestClient(door.app, follow_redirects=False) as another:
        untrusted(another.get(address), another)
    assert door.get(address).status_code == 303
    door.cookies.clear()
    untrusted(door.get(address), door)


def test_who_is_in_already_is_led_on_by_an_answer_that_counts_for_nothing(
    door: TestClient, ana: str, store: Store
) -> None:
    """As when the pages of the day before are opened again all at once: one of them signs in, and the others are late."""
    address = answered(asked(door))
    assert door.get(address).status_code == 303
    before = door.cookies["mesh-readiness"]
    late = door.get(address)
    assert (late.status_code, late.headers["location"]) == (303, "/")
    assert "set-cookie" not in late.headers
    assert door.cookies["mesh-readiness"] == before
    assert visitor_of(store, before, datetime.now(UTC)) is not None


def test_an_answer_to_an_earlier_question_counts_for_nothing(door: TestClient, ana: str) -> None:
    earlier = answered(asked(door))
    asked(door)
    untrusted(door.get(earlier), door)


@pytest.mark.parametrize(
    "query", ["", "?code=x&state=y", "?error=server_error&error_description=%3Cscript%3ECall+0100"]
)
def test_whatever_else_arrives_there_lets_nobody_in_and_is_not_repeated(
    door: TestClient, ana: str, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked(door)
    refused = door.get(f"/signed-in{query}")
    untrusted(refused, door)
    assert "0100" not in refused.text
    assert "server_error" not in refused.text
    assert "entry refused" in caplog.text


def test_who_says_no_at_the_provider_is_told_that(door: TestClient, ana: str) -> None:
    asked(door)
    refused = door.get("/signed-in?error=access_denied&error_description=Call+0100")
    assert refused.status_code == 403
    assert "or you said no there" in refused.text
    assert "0100" not in refused.text
    assert "mesh-readiness" not in door.cookies


def test_a_cookie_that_somebody_bent_is_none(door: TestClient, ana: str) -> None:
    whole = {"redirect_uri": "x", "nonce": "n", "url": "u", "code_verifier": "v"}
    states = [
        "x",
        {},
        {"data": "x"},
        {"data": {"nonce": 3}, "exp": 9e9},
        {"data": whole},
        {"data": whole, "exp": "x"},
    ]
    bent_states = [
        urlsafe_b64encode(json.dumps({"_state_provider_y": state}).encode()).decode() for state in states
    ]
    for bent in (*bent_states, "", "!", "bm8=", "W10=", "bnVsbA=="):
        door.cookies.set("mesh-readiness-way", bent)
        assert door.get("/signed-in?code=x&state=y").status_code == 403


def test_a_provider_that_does_not_answer_is_told_as_what_it_is(
    door: TestClient, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_READINESS_OIDC_ISSUER", "http://127.0.0.1:1")
    forget()
    response = door.get("/sign-in?to=/answer")
    assert response.status_code == 502
    assert '<a href="/sign-in?to=%2Fanswer">Try again</a>' in response.text


def test_another_provider_under_that_address_is_not_believed(
    door: TestClient, ana: str, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_READINESS_OIDC_ISSUER", issuer.replace("localhost", "127.0.0.1"))
    monkeypatch.setattr("assessment.api.provider._client", lambda: Renamed())
    assert door.get("/sign-in").status_code == 503


def test_what_answers_there_and_is_no_provider_is_told_and_holds_up_nobody_who_leaves(
    door: TestClient, ana: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert came_back(door).status_code == 303
    secret = door.cookies["mesh-readiness"]
    monkeypatch.setattr("assessment.api.provider._client", lambda: Bent())
    response = door.get("/sign-in")
    assert response.status_code == 503
    assert "can&#x27;t be read" in response.text
    left = door.post("/leave", headers={"Sec-Fetch-Site": "same-origin"})
    assert "You are signed out" in left.text
    assert "mesh-readiness" not in door.cookies
    assert visitor_of(store, secret, datetime.now(UTC)) is None


class Bent:
    async def load_server_metadata(self) -> dict[str, str]:
        raise ValueError("Expecting value: line 1 column 1 (char 0)")


@pytest.mark.parametrize(
    ("ends", "shown"),
    [("https://id.example/out", "https://id.example/out?client_id=mesh"), ("https://id.example/out?p=1", "https://id.example/out?p=1&amp;client_id=mesh")],
)  # fmt: skip
def test_the_way_out_of_the_provider_may_have_a_query_of_its_own(
    door: TestClient, issuer: str, ends: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Leaving:
        async def load_server_metadata(self) -> dict[str, str]:
            return {"issuer": issuer, "end_session_endpoint": ends}

    monkeypatch.setattr("assessment.api.provider._client", Leaving)
    left = door.post("/leave", headers={"Sec-Fetch-Site": "same-origin"})
    assert f'<a href="{shown}&amp;post_logout_redirect_uri=' in left.text


class Renamed:
    async def load_server_metadata(self) -> dict[str, str]:
        return {"issuer": "https://elsewhere.example"}


def test_who_leaves_may_leave_the_provider_too(door: TestClient, ana: str, issuer: str, store: Store) -> None:
    assert came_back(door).status_code == 303
    secret = door.cookies["mesh-readiness"]
    here = {"Sec-Fetch-Site": "same-origin"}
    left = door.post("/leave", headers=here)
    assert visitor_of(store, secret, datetime.now(UTC)) is None
    assert f'<a href="{issuer}/' in left.text
    assert "post_logout_redirect_uri=http%3A%2F%2Ftestserver" in left.text
    assert '<a href="/sign-in">' in left.text


def test_too_many_answers_that_count_for_nothing_have_to_wait(door: TestClient, ana: str) -> None:
    statuses = [door.get("/signed-in?code=x&state=y").status_code for _ in range(21)]
    assert statuses == [403] * 20 + [429]


def changed(monkeypatch: pytest.MonkeyPatch, **config: object) -> None:
    """The provider makes its tokens otherwise."""
    before: Callable[..., dict[str, object]] = mock.OpenIDCode.get_jwt_config
    monkeypatch.setattr(mock.OpenIDCode, "get_jwt_config", lambda *given: {**before(*given), **config})


def untrusted(response: Any, door: TestClient) -> None:
    assert response.status_code == 403
    assert "can&#x27;t be trusted" in response.text
    assert "<script" not in response.text
    assert "mesh-readiness" not in door.cookies
