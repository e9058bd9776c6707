"""The history, for the administrator: read, and taken along as a file, which is on record itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from assessment.actions.desk import Desk, allow_management
from assessment.actions.exporting import file_name
from assessment.actions.refusals import watched
from assessment.exports.csv import table_csv
from assessment.exports.excel_csv import excel_csv
from assessment.store.engine import retried
from assessment.store.history import Entry, Wanted, count_history, people_in, read_history
from assessment.store.people import read_names
from assessment.store.workspace import EXPORTED, WorkspaceKind, read_kind, record

#: The columns of history.csv, in their order.
HISTORY_COLUMNS = ("at", "person", "name", "role", "kind", "action", "about")
#: So many entries a file holds at most; the period is to be shorter then.
MOST_IN_FILE = 200_000


@dataclass(frozen=True)
class History:
    """The newest entries of those that were wanted, `total` in all; `names` of people by id, of those who have one."""

    entries: tuple[Entry, ...]
    total: int
    names: Mapping[str, str]


@watched
def history(desk: Desk, wanted: Wanted, most: int) -> History:
    """Who did what and when, newest first; what answers say isn't in it.

    Raises:
        NotAllowed: The principal doesn't manage the workspace.
    """
    with desk.store.read() as connection:
        allow_management(connection, desk)
        entries = read_history(connection, wanted, most)
        names = read_names(connection, {entry.person for entry in entries})
        return History(entries, count_history(connection, wanted), names)


@watched
def people_of_history(desk: Desk) -> dict[str, str]:
    """Everybody who is in the history, with the names that there are.

    Raises:
        NotAllowed: As for `history`.
    """
    with desk.store.read() as connection:
        allow_management(connection, desk)
        ids = people_in(connection)
        names = read_names(connection, ids)
    return {person: names.get(person, person) for person in ids}


@watched
def export_history(desk: Desk, wanted: Wanted, *, for_excel: bool = False) -> tuple[str, bytes]:
    """The name and the content of a file with all wanted entries.

    Raises:
        NotAllowed: As for `history`.
    """
    found = history(desk, wanted, MOST_IN_FILE)
    with desk.store.read() as connection:
        is_synthetic = read_kind(connection) is WorkspaceKind.SYNTHETIC
    name = history_name(wanted, desk.at, is_synthetic=is_synthetic, for_excel=for_excel)
    table = history_table(found.entries, found.names)
    _record(desk, name, len(table))
    return name, excel_csv(table) if for_excel else table_csv(table)


def history_name(wanted: Wanted, at: datetime, *, is_synthetic: bool, for_excel: bool) -> str:
    """What a file of the history is called: it names the period."""
    period = f"{wanted.since:%Y-%m-%d}-to-{wanted.until:%Y-%m-%d}"
    subject = "history-for-excel" if for_excel else "history"
    return file_name(period, None, at, is_synthetic=is_synthetic, subject=subject)


def history_table(entries: Iterable[Entry], names: Mapping[str, str]) -> pd.DataFrame:
    """A row for each entry, with `HISTORY_COLUMNS`; `about` is JSON."""
    rows = [
        (
            entry.at.isoformat(), entry.person, names.get(entry.person, ""), entry.role, str(entry.kind), entry.action,
            json.dumps(dict(entry.about), ensure_ascii=False, sort_keys=True),
        )
        for entry in entries
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(HISTORY_COLUMNS), dtype=str)


@retried
def _record(desk: Desk, name: str, rows: int) -> None:
    with desk.store.write() as connection:
        record(connection, desk.stamp, EXPORTED, {"file": name, "rows": rows})
