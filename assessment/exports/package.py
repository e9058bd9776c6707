"""The data package: every table as CSV, what each column means, and a page that says what is in it and what isn't."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pandas as pd

from assessment.exports.csv import table_csv
from assessment.exports.excel_csv import excel_csv
from assessment.exports.schemas import TABLES, Field, Table
from assessment.exports.snapshot import Snapshot
from assessment.exports.tables import package_tables
from assessment.i18n import t

#: The file that describes all others.
DESCRIPTION = "datapackage.json"
#: Zip files carry times; one that is always the same makes the same numbers the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_README = """# {title}

{count} tables of one moment, {at}. {reach} {invented}
Each `.csv` is UTF-8 with a comma between columns and a point in numbers; an empty cell is a missing value, and a column
beside it says why. `datapackage.json` says of every column what it means, in the form of Data Package 1.0, with the
SHA-256 of every file.

**Don't open the files in a spreadsheet by a double click**: texts are exact, and one that begins with `=` would be run.
Import them as text, or take "All tables as CSV for Excel".

| file | a row is | rows |
|---|---|---|
{rows}

## What is not in it

- Answers that a unit hasn't sent, or took back: its assessment is in `assessments.csv`, and `not_answered` in `scores.csv`.
- Who answered, who reviewed, what reviewers wrote, and the history of answers. Where a reviewer found another kind of
  evidence than was claimed, the one that was found stands in `answers.csv`, because it is the one that counts.
- Which elements are common, which principles are adopted, and which gates were waived.
- Which units are retired or merged into another: loaded again, all of them are asked in the next round.
- Rounds after {round}.

Loaded into an empty workspace that has the same questionnaires, it gives the same files again.
"""


def package_zip(snapshot: Snapshot) -> bytes:
    """The whole package; the same snapshot always makes the same bytes."""
    title = t("Mesh Readiness: {round}", round=snapshot.round.title)
    tables = package_tables(snapshot)
    files = {f"{name}.csv": table_csv(table) for name, table in tables.items()}
    described = _described(snapshot, title, files)
    readme = _readme(snapshot, title, tables)
    return _zipped({"README.md": readme, DESCRIPTION: described, **files})


def spreadsheet_zip(snapshot: Snapshot) -> bytes:
    """The same tables as CSV for Excel, to be opened by a double click; texts aren't exact, so nothing reads it back."""
    return _zipped({f"{name}.csv": excel_csv(table) for name, table in package_tables(snapshot).items()})


def digest(content: bytes) -> str:
    """What the description says of a file's content, to tell whether it is still the same."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _described(snapshot: Snapshot, title: str, files: Mapping[str, bytes]) -> bytes:
    """datapackage.json."""
    package = {
        "profile": "tabular-data-package",
        "name": "mesh-readiness",
        "title": title,
        "created": snapshot.at.isoformat(),
        # Not of the standard, which allows more: whoever loads it again must know.
        "synthetic": snapshot.is_synthetic,
        "licenses": [{"name": "other-closed", "title": "Not licensed: the group's own data"}],
        "resources": [_resource(name, table, files[f"{name}.csv"]) for name, table in TABLES.items()],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def _resource(name: str, table: Table, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "description": f"A row is {table.row}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": digest(content),
        "schema": {
            "fields": [_field(field) for field in table.fields],
            "missingValues": [""],
            **({"primaryKey": list(table.key)} if table.key else {}),
            "foreignKeys": [
                {"fields": list(columns), "reference": {"resource": other, "fields": list(columns)}}
                for columns, other in table.refers.items()
            ],
        },
    }


def _field(field: Field) -> dict[str, Any]:
    constraints = {"constraints": dict(field.constraints)} if field.constraints else {}
    return {"name": field.name, "type": field.type, "description": field.description, **constraints}


def _readme(snapshot: Snapshot, title: str, tables: Mapping[str, pd.DataFrame]) -> bytes:
    rows = "\n".join(
        f"| `{name}.csv` | {TABLES[name].row} | {len(table)} |" for name, table in tables.items()
    )
    return _README.format(
        title=_exactly(title), count=len(tables), at=f"{snapshot.at:%Y-%m-%d %H:%M} UTC", reach=_reach(snapshot),
        invented="**All of it is invented.**" if snapshot.is_synthetic else "", rows=rows, round=_exactly(snapshot.round_id),
    ).encode()  # fmt: skip


def _reach(snapshot: Snapshot) -> str:
    """The filters, in words."""
    rounds = f"the round {_exactly(snapshot.round_id)}" + (
        " and those before it" if len(snapshot.rounds) > 1 else ""
    )
    whose = (
        f"{_exactly(snapshot.asked_for)} and what is below it"
        if snapshot.asked_for
        else "every unit that its reader may export"
    )
    return f"It holds {rounds}, of {whose}."


def _exactly(typed: str) -> str:
    """What people typed, as code: it could be read as Markdown, or break the line."""
    shown = " ".join(typed.replace("`", "'").split())
    return f"`{shown}`"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
