"""People come, hand over and are forgotten; what they did stays, under an id that names nobody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from assessment.access import Principal, Role
from assessment.actions.desk import Desk
from assessment.actions.people import add_person, erase_person, give_role, hand_over, take_role
from assessment.errors import NotAllowed, ResponseError
from assessment.store.answers import read_answer
from assessment.store.checkup import problems
from assessment.store.people import Person, RoleHeld, read_names, read_people
from tests.conftest import SmallWorkspace
from tests.store import small
from tests.store.journeys import LEVEL_3, save

FRANCE = RoleHeld(Role.COUNTRY_LEADER, "FR")
DEPUTY = RoleHeld(Role.COUNTRY_LEADER, "FR", is_deputy=True)
ADMINISTRATOR = RoleHeld(Role.ADMINISTRATOR)


@pytest.fixture
def desk(workspace: SmallWorkspace) -> Desk:
    return workspace.desk(small.ADMINISTRATOR)


def people(workspace: SmallWorkspace) -> dict[str, Person]:
    with workspace.store.read() as connection:
        return {person.id: person for person in read_people(connection)}


def test_somebody_is_added_with_roles_and_may_act_in_each(workspace: SmallWorkspace, desk: Desk) -> None:
    added = add_person(desk, " Zoé ☃ ", "zoe@example.org", FRANCE, ADMINISTRATOR)
    person = people(workspace)[added]
    assert (person.name, person.email) == ("Zoé ☃", "zoe@example.org")
    assert set(person.principals()) == {
        Principal(person.id, Role.COUNTRY_LEADER, "FR"), Principal(person.id, Role.ADMINISTRATOR),
    }  # fmt: skip


def test_the_successor_inherits_the_work_and_not_the_name(workspace: SmallWorkspace, desk: Desk) -> None:
    first = add_person(desk, "First", "first@example.org", FRANCE)
    second = add_person(desk, "Second", "second@example.org")
    number = workspace.assessment("FR").id
    save(workspace, number, "shared", people(workspace)[first].principals()[0], **LEVEL_3)
    hand_over(desk, first, second, FRANCE)
    now = people(workspace)
    assert (now[first].roles, now[second].roles) == ((), (FRANCE,))
    save(workspace, number, "strategy", now[second].principals()[0], **LEVEL_3)
    with workspace.store.read() as connection:
        by = [read_answer(connection, number, question) for question in ("shared", "strategy")]
    assert [answer.answered_by for answer in by if answer] == [first, second]


def test_a_deputy_holds_the_same_role_beside(workspace: SmallWorkspace, desk: Desk) -> None:
    leader = add_person(desk, "Leader", "", FRANCE)
    deputy = add_person(desk, "Deputy", "", DEPUTY)
    assert people(workspace)[leader].roles == (FRANCE,)
    assert people(workspace)[deputy].roles == (DEPUTY,)
    give_role(desk, deputy, FRANCE)
    assert people(workspace)[deputy].roles == (FRANCE,)


def test_who_is_forgotten_leaves_what_was_done_and_no_name(workspace: SmallWorkspace, desk: Desk) -> None:
    person = add_person(desk, "Greta Geheim", "greta@example.org", FRANCE)
    number = workspace.assessment("FR").id
    save(workspace, number, "shared", people(workspace)[person].principals()[0], **LEVEL_3)
    erase_person(desk, person)
    assert "Geheim" not in str(small.everything(workspace.store))
    assert "greta@" not in str(small.everything(workspace.store))
    forgotten = people(workspace)[person]
    assert (forgotten.name, forgotten.roles, forgotten.erased_at) == ("", (), small.NOON)
    with workspace.store.read() as connection:
        kept = read_answer(connection, number, "shared")
        assert kept is not None
        assert kept.answered_by == person
        assert read_names(connection, [person]) == {}
        assert list(problems(connection, workspace.catalogue)) == []
    acts: list[Callable[[], object]] = [
        lambda: erase_person(desk, person),
        lambda: give_role(desk, person, FRANCE),
    ]
    for act in acts:
        with pytest.raises(ResponseError, match="no such person"):
            act()


def test_names_are_looked_up_by_id(workspace: SmallWorkspace, desk: Desk) -> None:
    person = add_person(desk, "Zoé", "")
    with workspace.store.read() as connection:
        assert read_names(connection, [person, "Fay", ""]) == {person: "Zoé"}


def add_with(email: str, desk: Desk, _: str) -> str:
    return add_person(desk, "Other", email)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda desk, _: add_person(desk, " ", "x@example.org"), "needs a name"),
        (lambda desk, _: add_person(desk, "x" * 201, ""), "200"), (lambda desk, _: add_person(desk, "a\0b", ""), "needs a name"),
        (lambda desk, _: add_person(desk, "Other", "ADA@example.org"), "already"),
        *((partial(add_with, email), "no address") for email in ("notanaddress", "a@", "@b", "a@b@c", "a b@c", "a@b, c@d")),
        (lambda desk, _: add_person(desk, "Other", "", RoleHeld(Role.COUNTRY_LEADER)), "held in a country"),
        (lambda desk, _: add_person(desk, "Other", "", RoleHeld(Role.DOMAIN_OWNER, "FR")), "held in a domain"),
        (lambda desk, _: add_person(desk, "Other", "", RoleHeld(Role.CDAO, "FR")), "isn't held in a unit"),
        (lambda desk, ada: give_role(desk, ada, RoleHeld(Role.COUNTRY_LEADER, "XX")), "held in a country"),
        (lambda desk, ada: take_role(desk, ada, FRANCE), "don't have"),
        (lambda desk, ada: take_role(desk, ada, ADMINISTRATOR), "last administrator"),
        (lambda desk, ada: erase_person(desk, ada), "last administrator"),
        (lambda desk, ada: hand_over(desk, ada, "nobody", ADMINISTRATOR), "no such person"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    workspace: SmallWorkspace, desk: Desk, act: Callable[[Desk, str], object], words: str
) -> None:
    ada = add_person(desk, "Ada", "ada@example.org", ADMINISTRATOR)
    before = small.everything(workspace.store)
    with pytest.raises(ResponseError, match=words):
        act(desk, ada)
    assert small.everything(workspace.store) == before


def test_the_last_administrator_may_hand_over(workspace: SmallWorkspace, desk: Desk) -> None:
    ada, bea = add_person(desk, "Ada", "", ADMINISTRATOR), add_person(desk, "Bea", "")
    hand_over(desk, ada, bea, ADMINISTRATOR)
    assert (people(workspace)[ada].roles, people(workspace)[bea].roles) == ((), (ADMINISTRATOR,))


@pytest.mark.parametrize("somebody", [p for p in small.EVERYBODY if p != small.ADMINISTRATOR], ids=str)
def test_only_the_administrator_decides_on_people(
    workspace: SmallWorkspace, desk: Desk, somebody: Principal
) -> None:
    ada = add_person(desk, "Ada", "")
    theirs = workspace.desk(somebody)
    acts: list[Callable[[], object]] = [
        lambda: add_person(theirs, "Mine", ""),
        lambda: give_role(theirs, ada, ADMINISTRATOR),
        lambda: take_role(theirs, ada, ADMINISTRATOR),
        lambda: hand_over(theirs, ada, ada, ADMINISTRATOR),
        lambda: erase_person(theirs, ada),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
