"""People, and the links by which they come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from assessment.access import Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.actions.invitations import ENTRANCE, invite, list_open
from assessment.actions.people import add_person
from assessment.cli.telling import operator, told
from assessment.errors import ResponseError
from assessment.store.people import Person, RoleHeld, read_people

Unit = Annotated[str | None, typer.Option(help="The unit of a leader or an owner.")]
StartEmpty = Annotated[
    bool, typer.Option("--start-empty", help="Throw the synthetic demonstration away first.")
]

people_app = typer.Typer(no_args_is_help=True, help="People, and the links by which they come in.")


@people_app.command("list")
def list_people() -> None:
    """Who is here: in which roles, in how many browsers signed in, and whether a link waits for them."""
    with told() as settings:
        desk = operator(settings, None)
        links, sessions = list_open(desk)
        for person in _people(desk):
            roles = ", ".join(f"{held.role} {held.unit_id or ''}".strip() for held in person.roles)
            browsers = sum(session.person_id == person.id for session in sessions)
            waits = "link waits" if any(link.person_id == person.id for link in links) else ""
            typer.echo(
                f"{person.id}  {browsers} signed in  {waits:10}  {roles or 'no role':30} {person.name} {person.email}".rstrip()
            )


@people_app.command("invite")
def invite_person(
    email: Annotated[str, typer.Option(help="Of somebody who is here: a new link for them.")],
    name: Annotated[str, typer.Option(help="Of somebody new.")] = "",
    role: Annotated[Role | None, typer.Option(help="What somebody new may be here.")] = None,
    unit: Unit = None,
    start_empty: StartEmpty = False,
) -> None:
    """Make a personal link and write its path to standard output, once: it isn't kept. Adds whoever isn't here yet."""
    with told() as settings:
        desk = operator(settings, None)
        if start_empty:
            workspace.start_empty(desk)
        person_id = _known(_people(desk), email) or _added(desk, name, email, role, unit)
        made = invite(desk, person_id)
        typer.echo(made.path)
        typer.echo(
            f"Put the server's address in front of {ENTRANCE}… and pass it on to {email}. It works once, until "
            f"{made.invitation.ends_at:%Y-%m-%d %H:%M} UTC.",
            err=True,
        )
        if settings.sign_in != "links":
            typer.echo("Links work once the app runs with MESH_READINESS_SIGN_IN=links.", err=True)


@people_app.command("add")
def add_somebody(
    email: Annotated[str, typer.Option(help="The address that they sign in with.")],
    name: Annotated[str, typer.Option(help="What they are called.")],
    role: Annotated[Role, typer.Option(help="What they may be here.")],
    unit: Unit = None,
    start_empty: StartEmpty = False,
) -> None:
    """Add somebody who comes in by the identity provider or the proxy: the first administrator, for instance."""
    with told() as settings:
        desk = operator(settings, None)
        if start_empty:
            workspace.start_empty(desk)
        typer.echo(_added(desk, name, email, role, unit))


def _added(desk: Desk, name: str, email: str, role: Role | None, unit: str | None) -> str:
    if not name or role is None:
        raise ResponseError(
            f"Nobody here has the address '{email}'. For somebody new give --name and --role too."
        )
    return add_person(desk, name, email, RoleHeld(role, unit))


def _known(people: Sequence[Person], email: str) -> str | None:
    wanted = email.strip().casefold()
    return next((person.id for person in people if wanted and person.email.casefold() == wanted), None)


def _people(desk: Desk) -> list[Person]:
    with desk.store.read() as connection:
        return [person for person in read_people(connection) if not person.erased_at]
