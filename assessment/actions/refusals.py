"""What was refused to somebody who is here: on record, and once for a while only, so that nobody fills the history by trying."""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from assessment.actions.desk import Desk
from assessment.errors import AssessmentError, NotAllowed
from assessment.limits import Limit
from assessment.store.engine import retried
from assessment.store.statements import About
from assessment.store.workspace import DENIED, record

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

#: The same thing tried again, and whatever one person tries; what is beyond goes to the log alone.
OF_TRY, OF_PERSON = Limit(burst=1, every_s=600), Limit(burst=30, every_s=60)
_LONGEST = 60
_INSIDE: ContextVar[bool] = ContextVar("inside another action", default=False)


def watched(action: Callable[Concatenate[Desk, P], R]) -> Callable[Concatenate[Desk, P], R]:
    """The action; that it was refused to somebody is kept after its own transaction was undone."""
    tried = f"{action.__module__.rpartition('.')[2]}: {action.__name__.replace('_', ' ')}"
    signature = inspect.signature(action)

    @wraps(action)
    def act(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if _INSIDE.get():
            # What an action asks of another one is refused once, under the name of what was asked for.
            return action(desk, *args, **kwargs)
        inside = _INSIDE.set(True)
        try:
            return action(desk, *args, **kwargs)
        except NotAllowed:
            note_refused(desk, tried, signature.bind(desk, *args, **kwargs).arguments)
            raise
        finally:
            _INSIDE.reset(inside)

    return act


def note_refused(desk: Desk, tried: str, given: Mapping[str, object]) -> None:
    """Keep who tried what, and on what: of `given` the ids, cut short and on one line, because anybody may have sent them."""
    about, person = {"tried": tried, **_ids(given)}, desk.principal.person
    if OF_TRY.take(json.dumps([person, about])):
        return
    log.warning("refused", extra={"person": person, "role": str(desk.principal.role), **about})
    if OF_PERSON.take(person):
        return
    try:
        _keep(desk, about)
    except AssessmentError as error:
        log.warning("a refusal not recorded", extra={"reason": str(error)})


@retried
def _keep(desk: Desk, about: Mapping[str, str]) -> None:
    with desk.store.write() as connection:
        record(connection, desk.stamp, DENIED, about)


def _ids(given: Mapping[str, object]) -> dict[str, str]:
    found = {name.removesuffix("_id"): value for name, value in given.items() if name.endswith("_id")}
    about = given.get("about")
    if isinstance(about, About):
        found |= {
            "kind": str(about.kind),
            "round": about.round_id,
            "unit": about.unit_id,
            "subject": about.subject_id,
        }
    units = given.get("units")
    if isinstance(units, (list, tuple, set, frozenset)) and units:
        found["unit"] = min(map(str, units))
    return {name: _cleaned(value) for name, value in found.items() if value is not None}


def _cleaned(value: object) -> str:
    # Of what is no id the kind: to write it out may take for ever, or fail.
    is_number = type(value) is int and value.bit_length() <= _LONGEST
    text = str(value) if is_number or isinstance(value, str) else type(value).__name__
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:_LONGEST])
