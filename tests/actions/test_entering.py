"""People come in by personal links: each works once and for a while; a session ends by itself, or when somebody ends it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assessment.access import Principal, Role
from assessment.actions import entering
from assessment.actions.desk import Desk
from assessment.actions.entering import (
    Entered,
    NotInvited,
    Visitor,
    enter,
    invited,
    leave,
    note_use,
    visitor_of,
)
from assessment.actions.invitations import (
    LASTS,
    MadeInvitation,
    end_sessions,
    invite,
    list_open,
    revoke_invitation,
)
from assessment.actions.people import add_person, erase_person, give_role, take_role
from assessment.errors import NoLongerHere, NotAllowed, ResponseError, StoreError
from assessment.store.browser_sessions import LONGEST, UNUSED
from assessment.store.copies import back_up, restore
from assessment.store.engine import Connection
from assessment.store.people import RoleHeld
from assessment.store.workspace import revision
from tests.conftest import SmallWorkspace
from tests.store import small
from tests.store.journeys import LEVEL_3, save

FRANCE = RoleHeld(Role.COUNTRY_LEADER, "FR")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(workspace: SmallWorkspace) -> Desk:
    return workspace.desk(small.ADMINISTRATOR)


@pytest.fixture
def ana(desk: Desk) -> str:
    return add_person(desk, "Ana ☃", "ana@example.org", FRANCE)


@pytest.fixture
def link(desk: Desk, ana: str) -> MadeInvitation:
    return invite(desk, ana)


@pytest.fixture
def entered(desk: Desk, link: MadeInvitation) -> Entered:
    return enter(desk.store, link.secret, small.NOON)


def visitor(desk: Desk, entered: Entered, after: timedelta = timedelta(0)) -> Visitor | None:
    return visitor_of(desk.store, entered.secret, small.NOON + after)


def events(desk: Desk) -> list[tuple[str, str]]:
    """What is on record of coming and going, and by whom."""
    wanted = ("invitation", "entered", "left", "entry", "sessions")
    rows = small.rows_of(desk.store, "SELECT * FROM workspace_events ORDER BY id")
    return [(row["action"], row["person"]) for row in rows if row["action"].startswith(wanted)]


def refused(desk: Desk, secret: str, after: timedelta = timedelta(0)) -> str:
    """The words for who comes by a link that doesn't work; looking and coming are told alike."""
    said = set()
    for way in (invited, enter):
        with pytest.raises(NotInvited) as caught:
            way(desk.store, secret, small.NOON + after)
        said.add(str(caught.value))
    (words,) = said
    return words


def test_a_link_opens_a_session_for_its_person_and_looking_at_it_uses_nothing_up(
    desk: Desk, link: MadeInvitation, ana: str
):
    assert [invited(desk.store, link.secret, small.NOON).id for _ in range(3)] == [ana] * 3
    entered = enter(desk.store, link.secret, small.NOON)
    found = visitor(desk, entered)
    assert found is not None
    assert (found.person.id, found.person.name) == (ana, "Ana ☃")
    assert found.person.principals() == (Principal(ana, Role.COUNTRY_LEADER, "FR"),)
    refused(desk, link.secret)


def test_no_secret_is_stored_logged_or_printed(desk: Desk, ana: str, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        link = invite(desk, ana)
        entered = enter(desk.store, link.secret, small.NOON)
        refused(desk, link.secret)
        refused(desk, "A" * 43)
    told = (str(small.everything(desk.store)), caplog.text, str([link, entered]))
    assert len(link.secret) == len(entered.secret) == 43
    assert link.path == f"/enter/{link.secret}"
    assert not any(secret in words for secret in (link.secret, entered.secret) for words in told)
    assert "entry refused" in caplog.text


def test_whatever_is_wrong_with_a_link_is_told_in_the_same_words(desk: Desk, ana: str):
    used, revoked, replaced = invite(desk, ana), None, None
    enter(desk.store, used.secret, small.NOON)
    revoked = invite(desk, ana)
    revoke_invitation(desk, revoked.invitation.id)
    replaced, late = invite(desk, ana), invite(desk, ana)
    digest = small.rows_of(desk.store, "SELECT hash FROM invitations")[0]["hash"]
    wrong = (
        "",
        "x",
        "A" * 43,
        late.secret + "A",
        late.secret[:-1],
        late.secret + "\n",
        digest,
        "ü" * 43,
        "\0" * 43,
    )
    said = {refused(desk, secret) for secret in (used.secret, revoked.secret, replaced.secret, *wrong)}
    said.add(refused(desk, late.secret, LASTS))
    assert len(said) == 1
    assert invited(desk.store, late.secret, small.NOON + LASTS - timedelta(seconds=1)).id == ana


def test_of_those_who_come_by_one_link_together_one_comes_in(desk: Desk, link: MadeInvitation):
    def tried(_: int) -> bool:
        try:
            enter(desk.store, link.secret, small.NOON)
        except NotInvited as error:
            return not error.was_known
        return True

    with ThreadPoolExecutor(4) as together:
        assert sum(together.map(tried, range(4))) == 1
    assert len(list_open(desk)[1]) == 1


def test_a_session_ends_unused_or_after_two_weeks_at_all(desk: Desk, entered: Entered):
    second = timedelta(seconds=1)
    assert visitor(desk, entered, UNUSED - second)
    assert not visitor(desk, entered, UNUSED)
    used = timedelta(0)
    while used + UNUSED / 2 < LONGEST:
        used += UNUSED / 2
        found = visitor(desk, entered, used)
        assert found is not None
        note_use(desk.store, found.session, small.NOON + used)
    assert visitor(desk, entered, LONGEST - second)
    assert not visitor(desk, entered, LONGEST)


def test_use_is_noted_every_five_minutes_at_most_and_never_in_the_way(
    desk: Desk, entered: Entered, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    for minutes in (1, 4, 5, 6):
        note_use(desk.store, entered.session, small.NOON + minutes * MINUTE)
    assert [session.seen_at for session in list_open(desk)[1]] == [small.NOON + 5 * MINUTE]

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr("assessment.store.browser_sessions.note_use", full)
    note_use(desk.store, entered.session, small.NOON + 60 * MINUTE)
    assert "use of a session not noted" in caplog.text


def test_leaving_ends_the_session_and_again_changes_nothing(desk: Desk, entered: Entered):
    leave(desk.store, entered.secret, small.NOON)
    before = small.everything(desk.store)
    for secret in (entered.secret, "", "nonsense"):
        leave(desk.store, secret, small.NOON)
    assert small.everything(desk.store) == before
    assert visitor(desk, entered) is None


def test_coming_in_again_ends_what_the_browser_had_before(desk: Desk, entered: Entered, ana: str):
    again = enter(desk.store, invite(desk, ana).secret, small.NOON, earlier=entered.secret)
    assert visitor(desk, entered) is None
    assert visitor(desk, again)


def test_the_administrator_signs_somebody_out_everywhere(desk: Desk, entered: Entered, ana: str):
    other = enter(desk.store, invite(desk, ana).secret, small.NOON)
    assert end_sessions(desk, ana) == 2
    assert (visitor(desk, entered), visitor(desk, other)) == (None, None)
    assert end_sessions(desk, ana) == 0


def test_who_is_erased_is_out_and_stays_out(desk: Desk, entered: Entered, ana: str):
    waiting = invite(desk, ana)
    erase_person(desk, ana)
    assert visitor(desk, entered) is None
    refused(desk, waiting.secret)
    assert list_open(desk) == ((), ())
    with pytest.raises(ResponseError, match="no such person"):
        invite(desk, ana)


def test_coming_and_going_is_on_record_and_makes_nothing_be_computed_anew(desk: Desk, ana: str):
    with desk.store.read() as connection:
        before = revision(connection)
    link = invite(desk, ana)
    leave(desk.store, enter(desk.store, link.secret, small.NOON).secret, small.NOON)
    refused(desk, link.secret)
    refused(desk, "A" * 43)
    revoke_invitation(desk, invite(desk, ana).invitation.id)
    end_sessions(desk, ana)
    assert events(desk) == [
        ("invitation made", "Ada"), ("entered", ana), ("left", ana), ("entry refused", ana), ("invitation made", "Ada"),
        ("invitation revoked", "Ada"), ("sessions ended", "Ada"),
    ]  # fmt: skip
    with desk.store.read() as connection:
        assert revision(connection) == before


def test_what_cannot_be_ended_is_told(desk: Desk, link: MadeInvitation, entered: Entered):
    for name in (link.invitation.id, "i-0"):
        with pytest.raises(ResponseError, match="used or revoked already"):
            revoke_invitation(desk, name)
    for act in (invite, end_sessions):
        with pytest.raises(ResponseError, match="no such person"):
            act(desk, "p-0")


def test_only_the_administrator_decides_who_comes_in(
    workspace: SmallWorkspace, ana: str, link: MadeInvitation
):
    before = small.everything(workspace.store)
    for somebody in small.EVERYBODY:
        theirs = workspace.desk(somebody)
        acts: list[Callable[[Desk], object]] = [
            lambda desk: invite(desk, ana),
            lambda desk: revoke_invitation(desk, link.invitation.id),
            lambda desk: end_sessions(desk, ana),
            list_open,
        ]
        for act in acts if somebody != small.ADMINISTRATOR else ():
            with pytest.raises(NotAllowed):
                act(theirs)
    assert small.everything(workspace.store) == before


# What a session may do while it lasts --------------------------------------------------------------------


def as_(
    workspace: SmallWorkspace, entered: Entered, principal: Principal, at: datetime = small.NOON
) -> SmallWorkspace:
    """The workspace as this session may use it in this role."""

    def check(connection: Connection, is_writing: bool) -> None:
        entering.require_here(connection, entered.session.id, principal, at, is_writing=is_writing)

    return replace(workspace, store=workspace.store.guarded(check))


def test_what_is_saved_is_use_of_the_session_and_what_is_read_is_not(
    workspace: SmallWorkspace, desk: Desk, entered: Entered, ana: str
):
    principal, later = Principal(ana, Role.COUNTRY_LEADER, "FR"), small.NOON + UNUSED / 2
    theirs = as_(workspace, entered, principal, later)
    with theirs.store.read():
        pass
    assert [session.seen_at for session in list_open(desk)[1]] == [small.NOON]
    save(theirs, workspace.assessment("FR").id, "shared", principal, **LEVEL_3)
    assert [session.seen_at for session in list_open(desk)[1]] == [later]


def test_nothing_is_read_or_written_once_the_session_has_ended(
    workspace: SmallWorkspace, desk: Desk, entered: Entered, ana: str
):
    principal = Principal(ana, Role.COUNTRY_LEADER, "FR")
    theirs, number = as_(workspace, entered, principal), workspace.assessment("FR").id
    save(theirs, number, "shared", principal, **LEVEL_3)
    end_sessions(desk, ana)
    before = small.everything(workspace.store)
    with pytest.raises(NoLongerHere, match="session has ended; what you typed is not saved"):
        save(theirs, number, "strategy", principal, **LEVEL_3)
    with pytest.raises(NoLongerHere), theirs.store.read():
        pytest.fail("nothing is read")
    assert small.everything(workspace.store) == before


def test_a_role_that_was_taken_saves_nothing_more_and_works_when_it_is_given_again(
    workspace: SmallWorkspace, desk: Desk, entered: Entered, ana: str
):
    principal = Principal(ana, Role.COUNTRY_LEADER, "FR")
    theirs, number = as_(workspace, entered, principal), workspace.assessment("FR").id
    take_role(desk, ana, FRANCE)
    with pytest.raises(NoLongerHere, match="this role no more"):
        save(theirs, number, "shared", principal, **LEVEL_3)
    give_role(desk, ana, FRANCE)
    save(theirs, number, "shared", principal, **LEVEL_3)


def test_a_role_that_the_person_has_not_opens_nothing(workspace: SmallWorkspace, entered: Entered, ana: str):
    for role, unit_id in ((Role.ADMINISTRATOR, None), (Role.COUNTRY_LEADER, "DE"), (Role.CDAO, None)):
        for person in (ana, "Ada"):
            forged = as_(workspace, entered, Principal(person, role, unit_id))
            with pytest.raises(NoLongerHere), forged.store.read():
                pytest.fail("nothing is read")


def test_a_restored_backup_signs_nobody_in(desk: Desk, entered: Entered, ana: str, tmp_path: Path):
    waiting = invite(desk, ana)
    back_up(desk.store, tmp_path / "copy.db")
    restore(desk.store, tmp_path / "copy.db", desk.stamp, overwrite=True)
    assert visitor(desk, entered) is None
    refused(desk, waiting.secret)
