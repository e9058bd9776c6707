"""The lists of a file as its author wrote them, before validation: entries with their place, and ids that repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessment import errors
from assessment.errors import Message, Problem
from assessment.questionnaire.yaml_source import Document, Path

Report = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping as the file has it, and where."""

    path: Path
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.data.get("id", "?"))

    def part(self, key: str) -> Any:
        return self.data.get(key)


def entries(parent: Entry, key: str) -> Iterator[Entry]:
    """The mappings of the list at `key`; whatever has another shape is passed over."""
    children = parent.part(key)
    for index, child in enumerate(children if isinstance(children, list) else ()):
        if isinstance(child, dict):
            yield Entry((*parent.path, key, index), child)


def reporter(document: Document, found: list[Problem]) -> Report:
    """Adds a message about a place in `document` to `found`."""

    def report(message: Message, path: Path, **values: object) -> None:
        found.append(message.at(document.source, document.line(path), **values))

    return report


def check_unique(what: str, listing: list[Entry], document: Document, report: Report) -> None:
    """Reports every id that an earlier entry has already."""
    first: dict[str, Path] = {}
    for entry in listing:
        if "id" not in entry.data:
            continue
        if entry.id in first:
            line = document.line((*first[entry.id], "id"))
            report(errors.ID_DUPLICATE, (*entry.path, "id"), what=what, id=entry.id, first=line)
        first.setdefault(entry.id, entry.path)
