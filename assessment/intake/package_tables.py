"""The tables that only a data package has: what rounds pin, who was asked, what is known, and what was taken on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from assessment import errors
from assessment.exports.schemas import TABLES
from assessment.intake.answers import check_questionnaires
from assessment.intake.offered import Offered
from assessment.intake.sheet import Sheet
from assessment.intake.tables import read_table
from assessment.intake.times import as_date
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.companions import FactType
from assessment.responses import AssessmentState
from assessment.statements import (
    MAX_TEXT,
    FactContent,
    MoveContent,
    MoveState,
    RecordedStatement,
    StatementKind,
)

#: The version of each questionnaire by id, by round.
Pins = Mapping[str, Mapping[str, str]]
#: Version and state by round, unit and questionnaire.
AskedIn = Mapping[tuple[str, str, str], tuple[str, AssessmentState]]
#: What people wrote, kept to the last space.
_WRITTEN = ("value", "owner", "note")


@dataclass(frozen=True)
class Known:
    """What the tables may name."""

    catalogue: Catalogue
    organisation: Organisation
    rounds: Collection[str]

    @cached_property
    def facts(self) -> Mapping[str, FactType]:
        return {fact.id: fact.type for fact in self.catalogue.facts}

    @cached_property
    def questions(self) -> frozenset[str]:
        return frozenset(
            name for version in self.catalogue.questionnaires.values() for name in version.questions
        )


def read_pins(content: bytes, known: Known) -> Pins:
    """questionnaires.csv.

    Raises:
        IntakeError: With every problem in the file, by line; so do the others.
    """
    sheet = _sheet(content, "questionnaires", known)
    check_questionnaires(sheet, Offered(known.catalogue))
    pins: dict[str, dict[str, str]] = {}
    for round_id, name, version, _ in sheet.result().itertuples(index=False, name=None):
        pins.setdefault(round_id, {})[name] = version
    return pins


def read_asked(content: bytes, known: Known) -> AskedIn:
    """assessments.csv, in its order."""
    sheet = _sheet(content, "assessments", known)
    check_questionnaires(sheet, Offered(known.catalogue))
    sheet.choose("assessment_state", AssessmentState)
    return {
        (round_id, unit, name): (version, AssessmentState(state))
        for round_id, unit, name, version, state in sheet.result().itertuples(index=False, name=None)
    }


def read_known_facts(content: bytes, known: Known, at: datetime) -> list[RecordedStatement]:
    """facts.csv; each was said `at` that time."""
    sheet = _sheet(content, "facts", known)
    sheet.know("fact_id", known.facts, "the list of facts")
    pairs = sheet.columns("fact_id", "value")
    sheet.mark(
        pairs.where(lambda pair: bool(pair[1]) and pair[0] in known.facts and _fact(known.facts[pair[0]], pair[1]) is None),
        errors.CELL_FORM,
        lambda row: {"column": "value", "value": sheet.cell("value", row), "rule": f"it must be a {known.facts[pairs.at(row)[0]]}"},
    )  # fmt: skip
    return [
        RecordedStatement(StatementKind.FACT, round_id, unit, name, FactContent(value=_fact(known.facts[name], value)), at)
        for round_id, unit, name, value in sheet.result().itertuples(index=False, name=None)
    ]  # fmt: skip


def read_commitments(content: bytes, known: Known, at: datetime) -> list[RecordedStatement]:
    """commitments.csv; each was said `at` that time."""
    sheet = _sheet(content, "commitments", known)
    sheet.know("questionnaire_id", known.catalogue.ids(), "the catalogue")
    sheet.know("question_id", known.questions, "the catalogue")
    sheet.choose("state", MoveState)
    sheet.form("due_on", as_date, "a date is written as 2026-11-22")
    for column in ("owner", "note"):
        sheet.form(column, lambda text: len(text) <= MAX_TEXT, f"a text has at most {MAX_TEXT} characters")
    return [
        RecordedStatement(
            StatementKind.MOVE, round_id, unit, f"{name}:{question}",
            MoveContent(state=MoveState(state), owner=owner, due_on=as_date(due_on), note=note), at,
        )
        for round_id, unit, name, question, state, owner, due_on, note in sheet.result().itertuples(index=False, name=None)
    ]  # fmt: skip


def _sheet(content: bytes, name: str, known: Known) -> Sheet:
    """A table under judgement: what is needed is there, rounds and units are known, no row stands twice."""
    table = TABLES[name]
    sheet = Sheet(read_table(content, f"{name}.csv", table.columns, (), exact=_WRITTEN))
    sheet.require(*table.required)
    sheet.know("round_id", known.rounds, "rounds.csv")
    if "unit_id" in table.columns:
        sheet.know("unit_id", known.organisation.units, "units.csv")
    key = table.key
    sheet.unique(key, key, errors.ROW_TWICE, lambda row: " ".join(sheet.cell(column, row) for column in key))
    return sheet


def _fact(kind: FactType, text: str) -> float | bool | str | None:
    """The value that a text stands for; None when it isn't of that kind."""
    if kind is FactType.TEXT:
        return text
    if kind is FactType.YES_NO:
        return {"true": True, "false": False}.get(text.casefold())
    try:
        number = float(text)
    except ValueError:
        return None
    is_right = 0 <= number <= 1 if kind is FactType.SHARE else abs(number) < float("inf")
    return number if is_right else None
