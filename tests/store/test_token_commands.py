"""Tokens by command: for who has the machine and no page at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessment.actions.tokens import TOKEN_ROLES
from assessment.cli.tokens import TokenRole
from tests.store.command_line import Run, done, refused


@pytest.fixture
def demonstration(run: Run) -> None:
    """A database with a small synthetic workspace."""
    done(run("db", "upgrade"))
    done(run("demo", "--countries", 2, "--domains", 1, "--rounds", 1))


def test_a_token_is_made_listed_and_revoked(run: Run, demonstration: None) -> None:
    made = run(
        "tokens", "make", "Power BI", "--role", "country_leader", "--unit", "FR", "--until", "2999-12-31"
    )
    secret = made.stdout.strip()
    assert secret.startswith("mrt_")
    assert "can't be shown again" in made.stderr
    listed = done(run("tokens", "list"))
    assert all(
        words in listed for words in ("Power BI", "country_leader FR", "until 2999-12-31", "never used")
    )
    assert secret not in listed
    number = listed.split()[0]
    assert number in done(run("tokens", "revoke", number))
    assert "revoked" in done(run("tokens", "list"))
    refused(run("tokens", "revoke", number), "revoked already")


def test_only_the_token_itself_is_on_standard_output(run: Run, demonstration: None) -> None:
    made = run("tokens", "make", "Excel", "--role", "cdao")
    assert len(made.stdout.splitlines()) == 1


def test_all_that_is_wrong_is_told(run: Run, demonstration: None) -> None:
    made = run("tokens", "make", " ", "--role", "cdao", "--unit", "FR", "--until", "2020-01-01")
    refused(made, "needs a name", "isn't held in a unit", "over already")
    assert run("tokens", "make", "x", "--role", "administrator").exit_code == 2
    assert run("tokens", "make", "x", "--role", "cdao", "--until", "tomorrow").exit_code == 2


def test_without_a_database_the_command_that_makes_it_is_named(run: Run, tmp_path: Path) -> None:
    refused(run("tokens", "list"), "mesh-readiness db upgrade")


def test_the_roles_are_those_that_a_token_may_have() -> None:
    assert {str(role) for role in TokenRole} == {str(role) for role in TOKEN_ROLES}
