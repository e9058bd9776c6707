"""Streamlit's addresses for files, which ask for an open page alone, are for those who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assessment.actions.desk import Desk
from assessment.actions.entering import enter, leave
from assessment.actions.invitations import invite
from assessment.actions.people import add_person, erase_person
from assessment.api import opened as api_opened
from assessment.api import uploads
from assessment.api.uploads import FilesOfThoseSignedIn
from assessment.cookies import cookie_name
from assessment.limits import Limit
from assessment.settings import Settings
from assessment.store.engine import Store
from tests.conftest import SmallWorkspace
from tests.store import small

UPLOAD, MEDIA = "/_stcore/upload_file/a-session/a-file", "/media/0123456789.csv"


async def _reached(request: Request) -> Response:
    return PlainTextResponse("reached")


@dataclass
class House:
    """The middleware before an application that answers everything, and somebody who is signed in there."""

    client: TestClient
    secret: str
    store: Store
    desk: Desk
    person: str

    def put(self, path: str = UPLOAD, secret: str | None = None) -> int:
        cookie = f"{cookie_name(is_secure=False)}={secret}" if secret is not None else ""
        return self.client.put(path, headers={"Cookie": cookie} if cookie else {}).status_code


@pytest.fixture
def house(client: TestClient, workspace: SmallWorkspace) -> Callable[[str], House]:
    def opened(sign_in: str) -> House:
        uploads.SENT.forget()
        desk = replace(workspace.desk(small.ADMINISTRATOR), at=datetime.now(UTC))
        person = add_person(desk, "Ana", "")
        entered = enter(workspace.store, invite(desk, person).secret, desk.at)
        settings = api_opened.settings().model_copy(update={"sign_in": sign_in})
        app = Starlette(
            routes=[Route("/{path:path}", _reached, methods=["GET", "PUT", "DELETE"])],
            middleware=[Middleware(FilesOfThoseSignedIn, settings=settings)],
        )
        return House(TestClient(app), entered.secret, workspace.store, desk, person)

    return opened


@pytest.mark.parametrize("path", [UPLOAD, MEDIA, f"/base{UPLOAD}", f"/base/of/it{MEDIA}"])
@pytest.mark.parametrize("sign_in", ["links", "oidc", "proxy"])
def test_files_are_for_browsers_in_which_somebody_is_signed_in(
    house: Callable[[str], House], sign_in: str, path: str
) -> None:
    here = house(sign_in)
    assert here.put(path, here.secret) == 200
    for stranger in (None, "", "A" * 43, here.secret[:-1], "x" * 10_000):
        assert here.put(path, stranger) == 403


def test_reading_and_removing_are_asked_for_the_same(house: Callable[[str], House]) -> None:
    here = house("links")
    assert here.client.get(MEDIA).status_code == here.client.delete(UPLOAD).status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/_stcore/health", "/static/media.js", "/mediator/x", "/enter/a"]
)
def test_everything_else_passes(house: Callable[[str], House], path: str) -> None:
    assert house("links").client.get(path).text == "reached"


def test_who_left_or_was_forgotten_sends_nothing_more(house: Callable[[str], House]) -> None:
    here = house("links")
    leave(here.store, here.secret, datetime.now(UTC))
    assert here.put(secret=here.secret) == 403
    again = enter(here.store, invite(here.desk, here.person).secret, datetime.now(UTC) + timedelta(seconds=1))
    assert here.put(secret=again.secret) == 200
    erase_person(here.desk, here.person)
    assert here.put(secret=again.secret) == 403


def test_in_local_use_nobody_is_asked(house: Callable[[str], House]) -> None:
    here = house("none")
    assert here.put() == here.client.get(MEDIA).status_code == 200


@pytest.mark.parametrize("sign_in", ["none", "links"])
def test_nobody_fills_the_memory_with_files(
    house: Callable[[str], House], sign_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = house(sign_in)
    monkeypatch.setattr(uploads, "SENT", Limit(2, 5, lambda: 0.0))
    assert [here.put(secret=here.secret) for _ in range(3)] == [200, 200, 429]
    assert here.client.get("/").status_code == 200


def test_the_application_is_behind_it() -> None:
    from tests.conftest import ROOT

    assert "Middleware(FilesOfThoseSignedIn, settings=settings)" in (ROOT / "app.py").read_text()
    assert set(Settings.model_fields["sign_in"].annotation.__args__) == {"none", "links", "oidc", "proxy"}  # type: ignore[union-attr]
