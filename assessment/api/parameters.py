"""The parameters of addresses: what each means, and everything that is wrong with those of a request, at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.datastructures import QueryParams

from assessment.api.problems import Fault, Refusal
from assessment.errors import suggestion
from assessment.i18n import count, t

MOST, USUAL = 1000, 200
_CURSOR = r"[1-9][0-9]{0,8}-[0-9a-f]{16}"
#: So much of an unknown parameter's name is repeated.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of them: what it means, and a JSON Schema of its values."""

    description: str
    schema: Mapping[str, Any]
    example: object = None


PARAMETERS: Mapping[str, Parameter] = {
    "round": Parameter("The id of a round; the latest where it is left out or empty.", {"type": "string"}),
    "unit": Parameter(
        "The id of a unit: it and what is below it; all that the token may read where it is left out or empty.",
        {"type": "string"},
    ),
    "limit": Parameter(
        "How many rows a page has at most.",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    ),
    "after": Parameter(
        "Where a page begins. Only ever as `next` of the page before has it.",
        {"type": "string", "pattern": f"^{_CURSOR}$"},
    ),
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in one list: how many rows lie before it, and a mark of the list's content."""

    offset: int
    mark: str

    def __str__(self) -> str:
        return f"{self.offset}-{self.mark}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for; None is not said."""

    round_id: str | None
    unit_id: str | None
    limit: int
    after: Cursor | None


def wanted(query: QueryParams, known: Collection[str]) -> Wanted:
    """What the parameters say; `known` are those that this address has.

    Raises:
        Refusal: One of them is unknown, stands twice, or has a value that can't be used. All of it is told.
    """
    faults = [fault for name in query for fault in _faults(name, query.getlist(name), known)]
    if faults:
        words = t("{parameters} can't be used.", parameters=count(len(faults), "parameter"))
        raise Refusal(HTTPStatus.BAD_REQUEST, words, faults)
    after = query.get("after")
    offset, _, mark = (after or "").partition("-")
    return Wanted(
        query.get("round") or None,
        query.get("unit") or None,
        int(query.get("limit", USUAL)),
        Cursor(int(offset), mark) if after else None,
    )


def _faults(name: str, values: list[str], known: Collection[str]) -> Iterator[Fault]:
    shown = name[:_SHOWN]
    if name not in known:
        names = ", ".join(sorted(known)) or t("none")
        words = t("There is no such parameter here.") + suggestion(shown, known)
        yield Fault(shown, words + " " + t("Known: {names}.", names=names))
    elif len(values) > 1:
        yield Fault(name, t("It stands here {n} times; give it once.", n=len(values)))
    elif name == "limit" and not (re.fullmatch("[1-9][0-9]{0,3}", values[0]) and int(values[0]) <= MOST):
        yield Fault(name, t("A whole number from 1 to {most}.", most=MOST))
    elif name == "after" and not re.fullmatch(_CURSOR, values[0]):
        yield Fault(name, t("Take it from `next` of the page before, as it stands there."))
