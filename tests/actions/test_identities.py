"""Whom a provider vouches for becomes one person here, whatever happens at once, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assessment.access import Role
from assessment.actions import identities
from assessment.actions.desk import Desk
from assessment.actions.entering import Entered, visitor_of
from assessment.actions.group_roles import group_rules
from assessment.actions.identities import (
    VOUCHED,
    Identity,
    NotKnown,
    enter_as,
    forget_identity,
    is_person,
    people_with_identity,
)
from assessment.actions.people import add_person, give_role
from assessment.errors import NotAllowed, ResponseError
from assessment.limits import Limit
from assessment.store.people import RoleHeld, find_person, read_people
from assessment.store.workspace import revision
from tests.conftest import SmallWorkspace
from tests.store import small

RULES = group_rules({"lead-{unit}": ["country_leader {unit}"], "office": ["cdao"]})
ANA = Identity("https://id.example", "ana", "Ana ☃", "ana@example.org")


@pytest.fixture
def desk(workspace: SmallWorkspace) -> Desk:
    return workspace.desk(small.ADMINISTRATOR)


def enter(desk: Desk, identity: Identity, earlier: str = "") -> Entered:
    return enter_as(desk.store, identity, RULES, desk.at, earlier)


def test_the_session_is_of_the_person_and_lasts_a_working_day(desk: Desk) -> None:
    ana = add_person(desk, "Ana", "ANA@example.org", RoleHeld(Role.CDAO))
    entered = enter(desk, ANA)
    visitor = visitor_of(desk.store, entered.secret, desk.at)
    assert visitor is not None
    assert visitor.person.id == ana
    assert visitor.session.ends_at == desk.at + VOUCHED
    assert visitor_of(desk.store, entered.secret, desk.at + VOUCHED) is None
    assert is_person(desk.store, ANA.issuer, ANA.subject, ana)
    assert not is_person(desk.store, "https://other.example", ANA.subject, ana)
    assert people_with_identity(desk) == {ana}


def test_a_browser_that_comes_in_again_has_one_session(desk: Desk) -> None:
    add_person(desk, "Ana", "ana@example.org", RoleHeld(Role.CDAO))
    first = enter(desk, ANA)
    second = enter(desk, ANA, earlier=first.secret)
    assert visitor_of(desk.store, first.secret, desk.at) is None
    assert visitor_of(desk.store, second.secret, desk.at) is not None


def test_two_at_once_are_one_person(desk: Desk) -> None:
    somebody = replace(ANA, groups=frozenset({"office"}))
    with ThreadPoolExecutor(4) as pool:
        entered = list(pool.map(lambda _: enter(desk, somebody), range(4)))
    assert len({one.session.person_id for one in entered}) == 1
    with desk.store.read() as connection:
        (person,) = [one for one in read_people(connection) if one.name == ANA.name]
    assert person.roles == (RoleHeld(Role.CDAO, by_group=True),)


def test_who_gives_no_address_is_not_found_by_an_empty_one(desk: Desk) -> None:
    add_person(desk, "Without an address", "", RoleHeld(Role.CDAO))
    with pytest.raises(NotKnown, match="Ana"):
        enter(desk, replace(ANA, email=""))


@pytest.mark.parametrize(
    "email", ["mi\u017fs.k@example.org", "miss.\u212a@example.org", "mi\u00df.k@example.org"]
)
def test_an_address_whose_letters_only_look_alike_is_somebody_elses(desk: Desk, email: str) -> None:
    add_person(desk, "Kay", "miss.k@example.org", RoleHeld(Role.CDAO))
    assert email.casefold() == "miss.k@example.org"
    with pytest.raises(NotKnown):
        enter(desk, replace(ANA, email=email))
    enter(desk, replace(ANA, email="Miss.K@example.org"))


def test_a_stranger_who_goes_on_trying_does_not_fill_the_history(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities, "OF_IDENTITY", Limit(1, 600, lambda: 0.0))
    monkeypatch.setattr(identities, "OF_ALL", Limit(3, 60, lambda: 0.0))

    def refused(number: int) -> int:
        with pytest.raises(NotKnown):
            enter(desk, replace(ANA, subject=f"stranger {number}"))
        return len(
            small.rows_of(desk.store, "SELECT id FROM workspace_events WHERE action = 'entry refused'")
        )

    assert [refused(number) for number in (1, 1, 2, 3, 4)] == [1, 1, 2, 3, 3]


def test_the_same_subject_of_another_issuer_is_somebody_else(desk: Desk) -> None:
    add_person(desk, "Ana", "ana@example.org", RoleHeld(Role.CDAO))
    enter(desk, ANA)
    with pytest.raises(NotKnown):
        enter(desk, Identity("https://other.example", "ana", "Ana"))


def test_what_the_administrator_gave_stays_when_a_group_gives_it_too_and_goes(desk: Desk) -> None:
    ana = add_person(desk, "Ana", "ana@example.org", RoleHeld(Role.CDAO))
    for groups in ({"office", "lead-FR"}, set()):
        enter(desk, replace(ANA, groups=frozenset(groups)))
    assert roles(desk, ana) == {RoleHeld(Role.CDAO)}
    enter(desk, replace(ANA, groups=frozenset({"lead-FR"})))
    assert roles(desk, ana) == {RoleHeld(Role.CDAO), RoleHeld(Role.COUNTRY_LEADER, "FR", by_group=True)}
    give_role(desk, ana, RoleHeld(Role.COUNTRY_LEADER, "FR", is_deputy=True))
    enter(desk, ANA)
    assert RoleHeld(Role.COUNTRY_LEADER, "FR", is_deputy=True) in roles(desk, ana)


def roles(desk: Desk, person_id: str) -> set[RoleHeld]:
    with desk.store.read() as connection:
        person = find_person(connection, person_id)
    assert person is not None
    return set(person.roles)


def test_coming_in_again_with_the_same_groups_makes_nothing_be_computed_anew(desk: Desk) -> None:
    somebody = replace(ANA, groups=frozenset({"office"}))
    enter(desk, somebody)
    with desk.store.read() as connection:
        before = revision(connection)
    enter(desk, somebody)
    with desk.store.read() as connection:
        assert revision(connection) == before


def test_a_subject_that_can_not_be_kept_is_nobody(desk: Desk) -> None:
    for subject in ("s" * 256, "a\0b"):
        with pytest.raises(NotKnown):
            enter(desk, replace(ANA, subject=subject, groups=frozenset({"office"})))
    enter(desk, replace(ANA, subject="s" * 255, groups=frozenset({"office"})))


def test_long_names_are_cut_and_everything_in_them_is_text(desk: Desk) -> None:
    somebody = Identity("https://id.example", "x", "N" * 5_000, groups=frozenset({"office"}))
    person_id = enter(desk, somebody).session.person_id
    with desk.store.read() as connection:
        person = find_person(connection, person_id)
    assert person is not None
    assert person.name == "N" * 200


@pytest.mark.parametrize(
    ("said", "name"),
    [("Ana\0\nSilva\u2028 ", "Ana Silva"), ("\ud800", "eve@example.org"), (" \t", "eve@example.org")],
)
def test_signs_that_no_name_has_keep_nobody_out(desk: Desk, said: str, name: str) -> None:
    somebody = Identity("https://id.example", "eve", said, "eve@example.org", frozenset({"office"}))
    person_id = enter(desk, somebody).session.person_id
    with desk.store.read() as connection:
        person = find_person(connection, person_id)
    assert person is not None
    assert person.name == name


def test_only_who_manages_sees_and_forgets_accounts(desk: Desk, workspace: SmallWorkspace) -> None:
    ana = add_person(desk, "Ana", "ana@example.org", RoleHeld(Role.CDAO))
    entered = enter(desk, ANA)
    for refused in (people_with_identity, lambda other: forget_identity(other, ana)):
        with pytest.raises(NotAllowed):
            refused(workspace.desk(small.CDAO))
    assert visitor_of(desk.store, entered.secret, desk.at) is not None
    forget_identity(desk, ana)
    assert visitor_of(desk.store, entered.secret, desk.at) is None
    with pytest.raises(ResponseError, match="not signed in"):
        forget_identity(desk, ana)
    assert enter(desk, replace(ANA, subject="anew")).session.person_id == ana
