"""A questionnaire that somebody wrote in a spreadsheet, a line for each question → a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from assessment import errors
from assessment.intake.sheet import Sheet
from assessment.intake.tables import read_table
from assessment.questionnaire.foreign.drafting import (
    Head,
    Imported,
    Names,
    Report,
    clipped,
    imported,
    short_title,
)

#: The lowest level first; a column for the words of each.
LEVELS = ("Initial", "Emerging", "Defined", "Managed", "Optimising")
_DESCRIPTORS = tuple(f"level_{number}" for number in range(1, len(LEVELS) + 1))
_NEEDED = ("dimension", "question_id", "prompt", *_DESCRIPTORS)
#: The columns of the template, in their order.
QUESTION_COLUMNS = (
    "dimension", "question_id", "title", "prompt", "help", "evidence", "units", "weight", "core", "phase",
    "gate_level", "gate_hard", *_DESCRIPTORS,
)  # fmt: skip
_OPTIONAL = tuple(column for column in QUESTION_COLUMNS if column not in _NEEDED)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?")
_KINDS = ("country", "domain")

#: What the template shows of how a line is filled in.
_EXAMPLE = {
    "dimension": "Ownership", "question_id": "own-named", "title": "Named owner",
    "prompt": "Who is responsible when a data set is wrong?", "help": "A person, not a mailbox.",
    "evidence": "The list of owners", "units": "country, domain", "weight": "2", "core": "yes", "phase": "before",
    "gate_level": "3", "gate_hard": "no", "level_1": "Nobody can be named.", "level_2": "Some data sets have a name.",
    "level_3": "All shared data sets have a name.", "level_4": "Owners decide, and it is written down.",
    "level_5": "Owners are measured by their users.",
}  # fmt: skip


def question_template() -> pd.DataFrame:
    """The columns with one line that shows how they are filled in."""
    return pd.DataFrame([_EXAMPLE], columns=list(QUESTION_COLUMNS), dtype=str)


def read_questions(content: bytes, source: str, head: Head) -> Imported:
    """The draft that a CSV file with `QUESTION_COLUMNS` makes; lines of one dimension needn't stand together.

    Raises:
        IntakeError: With every problem of the table, by line.
        QuestionnaireError: What the lines make together is no questionnaire.
    """
    table = read_table(content, source, QUESTION_COLUMNS, _OPTIONAL)
    sheet = Sheet(table)
    sheet.require(*_NEEDED)
    sheet.form("question_id", _ID.fullmatch, "small letters, digits and single hyphens, like own-named")
    sheet.form("units", _kinds, "country, domain, or both with a comma")
    for column in ("core", "gate_hard"):
        sheet.choose(column, ("yes", "no"))
    sheet.choose("phase", ("before", "during", "both"))
    sheet.form("weight", _NUMBER.fullmatch, "a number, 0 or more")
    sheet.form("gate_level", lambda level: level in map(str, range(1, 6)), "a level from 1 to 5")
    sheet.unique(
        ["question_id"], ["question_id"], errors.ROW_TWICE, lambda row: sheet.cell("question_id", row)
    )
    rows = sheet.result()
    report = Report()
    data = {
        "id": head.id, "version": head.version, "title": head.title or head.id,
        "scale": [{"level": number, "name": name} for number, name in enumerate(LEVELS, 1)],
        "dimensions": list(_dimensions(rows, head, report)),
    }  # fmt: skip
    return imported(data, source, report)


def _dimensions(rows: pd.DataFrame, head: Head, report: Report) -> Iterator[dict[str, Any]]:
    names = Names()
    for title, lines in rows.groupby("dimension", sort=False):
        questions = [_question(line, head, report) for line in lines.to_dict("records")]
        yield {"id": names.id_for(str(title), "part"), "title": str(title), "questions": questions}


def _question(line: Mapping[Any, str], head: Head, report: Report) -> dict[str, Any]:
    place = line["question_id"]
    texts = {key: clipped(line[key], report, place) for key in ("help", "evidence")}
    gate = (
        {"level": int(line["gate_level"]), "hard": line["gate_hard"] == "yes"} if line["gate_level"] else None
    )
    return {
        "id": place,
        **short_title(line["title"], report, place),
        "prompt": clipped(line["prompt"], report, place),
        **{key: text for key, text in texts.items() if text},
        "units": list(_kinds(line["units"]) or head.units),
        **({"weight": float(line["weight"].replace(",", "."))} if line["weight"] else {}),
        **({"core": True} if line["core"] == "yes" else {}),
        **({"phase": line["phase"]} if line["phase"] else {}),
        **({"gate": gate} if gate else {}),
        "levels": {str(number): line[column] for number, column in enumerate(_DESCRIPTORS, 1)},
    }


def _kinds(text: str) -> tuple[str, ...]:
    """The kinds of unit that a cell names; none when it names anything else."""
    named = tuple(part.strip() for part in re.split(r"[,;]", text) if part.strip())
    return tuple(dict.fromkeys(named)) if set(named) <= set(_KINDS) else ()
