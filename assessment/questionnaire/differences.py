"""What differs between two values of the same form, leaf by leaf, in words that name the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: How much of a text a message shows.
SHOWN = 90
#: How much of what is the same stands before the first difference in a long text.
LEAD = 25


@dataclass(frozen=True, slots=True)
class Difference:
    """One place with another value than before; None where there was, or is, nothing.

    `path` names keys, and entries of lists by their id: ('dimensions', 'direction', 'title').
    """

    path: tuple[str, ...]
    before: Any
    after: Any

    def __str__(self) -> str:
        place = " › ".join(self.path) or "all of it"
        start = _first_difference(self.before, self.after)
        return f"{place}: was {_shown(self.before, start)}, is {_shown(self.after, start)}"


def differences(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Every leaf that differs, of two values made of mappings, lists and scalars.

    Entries of a list are compared by their `id`, or by their place when they have none. Entries that only changed
    places count as one difference, of the order.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from differences(before.get(key), after.get(key), (*path, str(key)))
    elif _is_list(before) and _is_list(after):
        yield from _of_lists(_named(before), _named(after), path)
    elif before != after:
        yield Difference(path, before, after)


def _of_lists(before: dict[str, Any], after: dict[str, Any], path: tuple[str, ...]) -> Iterator[Difference]:
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        yield Difference((*path, "order"), ", ".join(kept_before), ", ".join(kept_after))
    for name in dict.fromkeys([*before, *after]):
        yield from differences(before.get(name), after.get(name), (*path, name))


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _named(values: Any) -> dict[str, Any]:
    """The entries of a list by id, and by their number from 1 where they have none."""
    return {
        str(value["id"]) if isinstance(value, Mapping) and "id" in value else str(number): value
        for number, value in enumerate(values, 1)
    }


def _first_difference(before: Any, after: Any) -> int:
    """Where two long texts begin to differ, a few words earlier; 0 when they can be shown from the start."""
    if not (isinstance(before, str) and isinstance(after, str)) or max(len(before), len(after)) <= SHOWN:
        return 0
    pairs = enumerate(zip(before, after, strict=False))
    same = next((place for place, (one, other) in pairs if one != other), min(len(before), len(after)))
    blank = before.rfind(" ", 0, max(same - LEAD, 0))
    return blank + 1 if same - blank <= SHOWN else max(same - LEAD, 0)


def _shown(value: Any, start: int) -> str:
    if value is None:
        return "absent"
    if isinstance(value, Mapping):
        return f"an entry '{value['id']}'" if "id" in value else f"an entry with {', '.join(value)}"
    text = f"'{'…' if start else ''}{value[start:]}'" if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
