"""Tokens of programs: made and revoked by the administrator, shown once, kept as a hash, ended by their day or their unit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from assessment.access import TABLE, Action, Principal, Role
from assessment.actions.desk import Desk
from assessment.actions.tokens import (
    TOKEN_ROLES,
    MadeToken,
    list_tokens,
    make_token,
    note_use,
    opened_by,
    revoke_token,
)
from assessment.actions.units import retire_unit
from assessment.errors import NotAllowed, ResponseError
from assessment.store.copies import back_up, restore
from tests.conftest import SmallWorkspace
from tests.store import small

LATER = small.NOON + timedelta(days=3)


@pytest.fixture
def desk(workspace: SmallWorkspace) -> Desk:
    return workspace.desk(small.ADMINISTRATOR)


@pytest.fixture
def made(desk: Desk) -> MadeToken:
    """A token that reads as France's leader."""
    return make_token(desk, " Power BI ☃ ", Role.COUNTRY_LEADER, "FR", date(2026, 3, 4))


def test_a_token_opens_what_its_role_and_unit_may_read(workspace: SmallWorkspace, made: MadeToken):
    assert opened_by(workspace.store, made.secret, small.NOON) == made.token
    assert made.token.principal == Principal(f"api token {made.token.id}", Role.COUNTRY_LEADER, "FR")
    assert (made.token.name, made.token.made_by, made.token.made_at) == ("Power BI ☃", "Ada", small.NOON)


def test_the_token_itself_is_neither_stored_nor_logged_nor_printed(
    desk: Desk, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG):
        made = make_token(desk, "Excel", Role.CDAO)
    assert made.secret.startswith("mrt_")
    assert len(made.secret) == 47
    for told in (str(small.everything(desk.store)), caplog.text, str(made), repr([made])):
        assert made.secret not in told
        assert made.secret.removeprefix("mrt_") not in told


def test_no_two_tokens_are_alike(desk: Desk):
    made = [make_token(desk, "Excel", Role.CDAO) for _ in range(20)]
    assert len({entry.secret for entry in made}) == len({entry.token.id for entry in made}) == 20


def test_what_is_not_exactly_a_token_opens_nothing(workspace: SmallWorkspace, made: MadeToken):
    secret = made.secret
    digest = small.rows_of(workspace.store, "SELECT hash FROM api_tokens")[0]["hash"]
    swapped = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for given in ("", "mrt_", secret[:-1], secret + "A", swapped, secret.upper(), f" {secret}", digest, f"mrt_{digest}",
                  secret.replace("mrt_", ""), "mrt_" + "ü" * 43, secret + "\n", "mrt_" + "%" * 43):  # fmt: skip
        assert opened_by(workspace.store, given, small.NOON) is None


def test_a_revoked_token_opens_nothing_and_stays_listed(desk: Desk, made: MadeToken):
    revoke_token(replace(desk, at=small.later(5)), made.token.id)
    assert opened_by(desk.store, made.secret, small.later(5)) is None
    assert [entry.revoked_at for entry in list_tokens(desk)] == [small.later(5)]
    with pytest.raises(ResponseError, match="revoked already"):
        revoke_token(desk, made.token.id)


def test_a_token_opens_until_the_end_of_its_last_day(desk: Desk, made: MadeToken):
    last = small.NOON.replace(day=4, hour=23, minute=59, second=59)
    assert opened_by(desk.store, made.secret, last) is not None
    assert opened_by(desk.store, made.secret, last + timedelta(seconds=1)) is None


def test_a_token_of_a_removed_unit_opens_nothing(desk: Desk, made: MadeToken):
    with desk.store.write() as connection:
        connection.exec_driver_sql("UPDATE units SET kind = 'group' WHERE id = 'FR'")
    assert opened_by(desk.store, made.secret, small.NOON) is None


def test_a_token_of_a_retired_unit_goes_on_reading_its_past(desk: Desk):
    made = make_token(desk, "Sales", Role.DOMAIN_OWNER, "FR.sales")
    retire_unit(desk, "FR.sales")
    assert opened_by(desk.store, made.secret, small.NOON) is not None


def test_use_is_noted_once_a_minute_at_most(desk: Desk, made: MadeToken):
    def used() -> object:
        (token,) = list_tokens(desk)
        return token.last_used_at

    times = []
    for seconds in (0, 30, 59, 60, 61):
        token = opened_by(desk.store, made.secret, small.NOON + timedelta(seconds=seconds))
        assert token is not None
        note_use(desk.store, token, small.NOON + timedelta(seconds=seconds))
        times.append(used())
    minute = small.NOON + timedelta(minutes=1)
    assert times == [small.NOON, small.NOON, small.NOON, minute, minute]


def test_two_that_note_the_same_use_write_it_once(desk: Desk, made: MadeToken):
    for seconds in (0, 20):
        note_use(desk.store, made.token, small.NOON + timedelta(seconds=seconds))
    assert list_tokens(desk)[0].last_used_at == small.NOON


def test_making_and_revoking_are_on_record_without_the_token(desk: Desk, made: MadeToken):
    revoke_token(desk, made.token.id)
    events = small.rows_of(
        desk.store, "SELECT * FROM workspace_events WHERE action LIKE 'token%' ORDER BY id"
    )
    assert [(entry["action"], entry["person"]) for entry in events] == [("token made", "Ada"), ("token revoked", "Ada")]  # fmt: skip
    assert all(made.token.id in str(entry["detail"]) for entry in events)
    assert made.secret not in str(events)


def test_the_latest_token_is_listed_first(desk: Desk):
    for minutes, name in enumerate(("first", "second", "third")):
        make_token(replace(desk, at=small.later(minutes)), name, Role.CDAO)
    assert [entry.name for entry in list_tokens(desk)] == ["third", "second", "first"]


def test_the_roles_of_tokens_are_those_that_export():
    assert set(TOKEN_ROLES) == {Role.COUNTRY_LEADER, Role.DOMAIN_OWNER, Role.CDAO}
    assert all(Action.EXPORT in TABLE[role] for role in TOKEN_ROLES)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((" ", Role.CDAO), ["needs a name"]), (("x" * 201, Role.CDAO), ["200"]), (("a\nb", Role.CDAO), ["one line"]),
        (("a\0b", Role.CDAO), ["one line"]), (("x", Role.CDAO, "FR"), ["isn't held in a unit"]),
        (("x", Role.COUNTRY_LEADER), ["held in a country"]), (("x", Role.COUNTRY_LEADER, "FR.sales"), ["held in a country"]),
        (("x", Role.DOMAIN_OWNER, "nowhere"), ["held in a domain"]), (("x", Role.REVIEWER), ["this role"]),
        (("x", Role.ADMINISTRATOR), ["this role"]), (("x", Role.CDAO, None, date(2026, 3, 1)), ["over already"]),
        (("", Role.AUTHOR, "FR", date(2020, 1, 1)), ["needs a name", "this role", "isn't held", "over already"]),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_all_at_once_and_changes_nothing(
    desk: Desk, arguments: tuple[object, ...], words: list[str]
):
    before = small.everything(desk.store)
    with pytest.raises(ResponseError) as caught:
        make_token(desk, *arguments)  # type: ignore[arg-type]
    assert all(word in str(caught.value) for word in words)
    assert len(str(caught.value).splitlines()) == len(words)
    assert small.everything(desk.store) == before


@pytest.mark.parametrize("somebody", [p for p in small.EVERYBODY if p != small.ADMINISTRATOR], ids=str)
def test_only_the_administrator_decides_on_tokens(
    workspace: SmallWorkspace, made: MadeToken, somebody: Principal
):
    theirs = workspace.desk(somebody)
    acts: list[Callable[[], object]] = [
        lambda: make_token(theirs, "mine", Role.CDAO),
        lambda: revoke_token(theirs, made.token.id),
        lambda: list_tokens(theirs),
    ]
    before = small.everything(workspace.store)
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert small.everything(workspace.store) == before


def test_tokens_are_in_a_backup_and_open_the_same_after_a_restore(desk: Desk, made: MadeToken, tmp_path):
    back_up(desk.store, tmp_path / "copy.db")
    revoke_token(desk, made.token.id)
    restore(desk.store, tmp_path / "copy.db", desk.stamp, overwrite=True)
    assert opened_by(desk.store, made.secret, small.NOON) == made.token
