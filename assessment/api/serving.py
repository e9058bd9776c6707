"""A table as it goes over the wire, and the last ones made: the pages of one reading are cut from one table."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import pandas as pd

from assessment.actions.desk import Desk
from assessment.api.resources import Resource
from assessment.exports.csv import table_csv
from assessment.exports.schemas import TABLES, Field
from assessment.store.workspace import Revision, revision

#: So many cells are kept in all: of sixty countries with fifteen domains, the three tables of one round.
_KEPT = 2_000_000
_READ_AS: dict[str, Callable[[Any], Any]] = {"integer": int, "number": float, "boolean": bool, "object": dict}


@dataclass(frozen=True)
class Served:
    """All rows of a table, as both forms give them."""

    frame: pd.DataFrame
    fields: Sequence[Field]
    is_synthetic: bool = False

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """Each row as JSON: null is missing, whole numbers are whole, and others read back to the same double."""
        names = [field.name for field in self.fields]
        columns = [_values(self.frame[field.name], field.type) for field in self.fields]
        return tuple(_json(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True))

    @cached_property
    def csv(self) -> bytes:
        """The file of the same name, byte by byte."""
        texts = {
            field.name: list(map(_pinned, self.frame[field.name]))
            for field in self.fields
            if field.type == "object"
        }
        return table_csv(self.frame[[field.name for field in self.fields]].assign(**texts))

    @cached_property
    def mark(self) -> str:
        """Tells this content from any other: a cursor belongs to the list that it was given for."""
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(row.encode())
        return digest.hexdigest()[:16]


def _pinned(versions: Mapping[str, str]) -> str:
    """Versions by id as one text."""
    return " ".join(f"{name}@{version}" for name, version in sorted(versions.items()))


def _values(column: pd.Series[Any], kind: str) -> Iterator[Any]:
    read = _READ_AS.get(kind, str)
    return (None if _is_missing(value) else read(value) for value in column.tolist())


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value == "" or value != value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Tables:
    """The last tables that were made in this process, for whom, and as of the workspace's latest revision."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Served] = OrderedDict()
        self._as_of: Revision | None = None
        self._lock = Lock()

    def serve(self, desk: Desk, resource: Resource, round_id: str, unit_id: str | None) -> Served:
        """The table, made anew when anything has happened since.

        Raises:
            NotAllowed, ResponseError: As the resource's own reading.
        """
        with desk.store.read() as connection:
            # Before the table: one that is newer than its revision is made anew the next time, and never the reverse.
            now = revision(connection)
        whose = (desk.principal.role, desk.principal.unit_id, round_id, unit_id)
        # One makes it, and who asks for the next page meanwhile waits instead of making it too.
        with self._lock:
            if now != self._as_of:
                self.clear()
                self._as_of = now
            if (resource.name, *whose) not in self._kept:
                self._make(desk, resource, round_id, unit_id)
            self._kept.move_to_end((resource.name, *whose))
            return self._kept[resource.name, *whose]

    def _make(self, desk: Desk, resource: Resource, round_id: str, unit_id: str | None) -> None:
        whose = (desk.principal.role, desk.principal.unit_id, round_id, unit_id)
        for name, made in resource.read(desk, round_id, unit_id).items():
            fields = resource.table.fields if name == resource.name else TABLES[name].fields
            self._kept[name, *whose] = Served(made.frame, fields, made.is_synthetic)
        self._kept.move_to_end((resource.name, *whose))
        while len(self._kept) > 1 and sum(served.frame.size for served in self._kept.values()) > _KEPT:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()
