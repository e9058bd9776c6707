"""Tokens of programs that read over HTTP."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from assessment.access import Role
from assessment.actions import tokens as actions
from assessment.cli.telling import operator, told
from assessment.store.tokens import Token

tokens_app = typer.Typer(no_args_is_help=True, help="Tokens of programs that read over HTTP.")


class TokenRole(StrEnum):
    """The roles that a token may have."""

    COUNTRY_LEADER = Role.COUNTRY_LEADER
    DOMAIN_OWNER = Role.DOMAIN_OWNER
    CDAO = Role.CDAO


@tokens_app.command("list")
def list_tokens() -> None:
    """All tokens that were ever made, the latest first; none of them itself, which nobody has but its program."""
    with told() as settings:
        desk = operator(settings, None)
        for token in actions.list_tokens(desk):
            whose = f"{token.role} {token.unit_id or ''}".strip()
            used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never used"
            typer.echo(f"{token.id}  {_state(token, desk.at):21} {whose:30} {used:17} {token.name}")


@tokens_app.command("make")
def make_token(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    role: Annotated[TokenRole, typer.Option(help="As whom it reads.")],
    unit: Annotated[str | None, typer.Option(help="The unit of a leader or an owner.")] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its last day; else it has no end.")
    ] = None,
) -> None:
    """Make a token and write it to standard output, once: it isn't kept."""
    with told() as settings:
        ends_on = until.date() if until else None
        made = actions.make_token(operator(settings, None), name, Role(role), unit, ends_on)
        typer.echo(made.secret)
        typer.echo(f"Token {made.token.id}. Keep it now: it can't be shown again.", err=True)


@tokens_app.command("revoke")
def revoke_token(token: Annotated[str, typer.Argument(help="Its id, as `tokens list` has it.")]) -> None:
    """End a token, at once and for good."""
    with told() as settings:
        actions.revoke_token(operator(settings, None), token)
        typer.echo(f"Revoked: {token}.")


def _state(token: Token, at: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.ends_on is None:
        return "no end"
    return ("over since " if token.is_over(at) else "until ") + token.ends_on.isoformat()
