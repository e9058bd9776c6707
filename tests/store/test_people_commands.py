"""People by command: how the first administrator comes in."""

from __future__ import annotations

import pytest

from tests.store.command_line import Run, done, refused

ADA = ("people", "invite", "--name", "Ada", "--email", "ada@example.org", "--role", "administrator")


@pytest.fixture
def new(run: Run) -> Run:
    """Commands on a new, empty database."""
    done(run("db", "upgrade"))
    return run


def test_the_first_administrator_gets_a_link_once(new: Run) -> None:
    made = new(*ADA)
    (path,) = made.stdout.splitlines()
    assert made.exit_code == 0
    assert path.startswith("/enter/")
    assert len(path) == len("/enter/") + 43
    assert "works once, until" in made.stderr
    assert "MESH_READINESS_SIGN_IN=links" in made.stderr
    listed = done(new("people", "list"))
    assert all(
        words in listed for words in ("Ada", "ada@example.org", "administrator", "0 signed in", "link waits")
    )
    assert path not in listed


def test_somebody_who_is_here_gets_another_link_by_the_address(
    new: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_READINESS_SIGN_IN", "links")
    first = new(*ADA).stdout
    again = new("people", "invite", "--email", "ADA@example.org")
    assert again.stdout != first
    assert "SIGN_IN" not in again.stderr
    assert len(done(new("people", "list")).splitlines()) == 1


def test_what_is_missing_is_told_and_nobody_is_added_to_the_demonstration(new: Run) -> None:
    refused(new("people", "invite", "--email", "ada@example.org"), "--name and --role")
    refused(new(*ADA[:-1], "country_leader"), "held in a country")
    assert new(*ADA[:-1], "king").exit_code == 2
    assert done(new("people", "list")) == ""
    done(new("demo", "--countries", 1, "--domains", 1, "--rounds", 1))
    refused(new(*ADA), "This is the demonstration")
    assert new(*ADA, "--start-empty").stdout.startswith("/enter/")
    refused(new(*ADA, "--start-empty"), "holds your own data; it isn't replaced")


def test_who_comes_in_by_a_provider_is_added_without_a_link(new: Run) -> None:
    person_id = done(new("people", "add", *ADA[2:])).strip()
    assert person_id.startswith("p-")
    listed = done(new("people", "list"))
    assert person_id in listed
    assert "link waits" not in listed
    refused(new("people", "add", *ADA[2:]), "is here already")
    done(new("people", "add", *ADA[2:], "--help"))
