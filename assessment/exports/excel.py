"""A scorecard as an Excel workbook: a sheet to print, and the numbers behind it as tables that Excel knows by name."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assessment.analysis.gates import GateState
from assessment.analysis.moves import goal_of
from assessment.charts.words import GLYPHS, SHORT_MARK, state_words, status_words
from assessment.exports import telling
from assessment.exports.excel_book import Book
from assessment.exports.excel_front import domains_sheet, pack_front, unit_front
from assessment.exports.schemas import TABLES, Table
from assessment.exports.snapshot import Snapshot
from assessment.i18n import count, t
from assessment.scoring.table import SCORE_COLUMNS

#: The sheets, in their order, and the names by which Excel knows their tables.
DATA, GATES, MOVES, DICTIONARY = "Data", "Gates", "Moves", "Dictionary"
_NAME_OF = {"unit_id": "unit", "question_id": "question"}
_WIDTHS = {"question": 44, "unit": 30, "goal": 60, "in_words": 34, "dimension_title": 30, "unit_name": 24}


def scorecard_book(snapshot: Snapshot) -> bytes:
    """The workbook of the unit that the snapshot was asked for, or of the group.

    Sheets: Scorecard, Domains (of a country that has some), Data, Gates, Moves, Dictionary. Data, Gates and Moves are
    those of the round alone; the rounds before it are in the data package.
    """
    if snapshot.is_of_group:
        pack = snapshot.board_pack
        book = Book(pack.headline, snapshot.at)
        pack_front(book, pack, snapshot.at, is_synthetic=snapshot.is_synthetic)
    else:
        card = snapshot.scorecard
        book = Book(card.headline, snapshot.at)
        unit_front(book, card, snapshot.at, is_synthetic=snapshot.is_synthetic)
        domains_sheet(book, card)
    tables = {
        DATA: snapshot.scores_now[list(SCORE_COLUMNS)],
        GATES: gate_rows(snapshot),
        MOVES: move_rows(snapshot),
    }
    for name, table in tables.items():
        book.table(book.sheet(name), name, table, _WIDTHS)
    _dictionary(book, snapshot)
    return book.done()


def gate_rows(snapshot: Snapshot) -> pd.DataFrame:
    """The gates of the round as in gates.csv, with the names of unit and question and the state in words."""
    gates = snapshot.gates_now
    states = gates["state"].map(lambda name: state_words(GateState(name)))
    return _named(gates, snapshot).assign(in_words=states.to_numpy())


def move_rows(snapshot: Snapshot) -> pd.DataFrame:
    """The next moves of the round (of a group: of its countries) as in moves.csv, with the names of unit and question and what is true then."""
    moves = snapshot.country_moves if snapshot.is_of_group else snapshot.moves
    # Of a unit that isn't asked in the round, the table tells of the last one that asked it.
    moves = moves[moves["round_id"] == snapshot.round_id].reset_index(drop=True)
    steps = zip(moves["question_id"], moves["to_level"], strict=True)
    goals = [goal_of(snapshot.asked_questions[name], level) for name, level in steps]
    return _named(moves, snapshot).assign(goal=goals)


def _named(table: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    """The table with what people call the unit and the question after their ids."""
    organisation = snapshot.data.organisation
    questions = snapshot.asked_questions
    units = [organisation.label(name) for name in table["unit_id"]]
    asked = [questions[name].name if name in questions else name for name in table["question_id"]]
    named = table.assign(unit=units, question=asked)
    return named[[column for name in table.columns for column in (name, _NAME_OF.get(name)) if column]]


def _dictionary(book: Book, snapshot: Snapshot) -> None:
    """What every column means, what the signs are, how the numbers came about and where they are from."""
    sheet = book.sheet(DICTIONARY)
    for column, width in enumerate((16, 26, 60, 12, 40)):
        sheet.set_column(column, column, width)
    book.row(sheet, 0, [t("Sheet"), t("Column or sign"), t("Meaning"), t("Type"), t("Values")], "head")
    sheet.freeze_panes(1, 0)
    for row, cells in enumerate([*_columns(), *_signs(), *_about(snapshot)], 1):
        book.row(sheet, row, cells)


def _columns() -> Iterator[tuple[str, ...]]:
    for sheet, name in ((DATA, "scores"), (GATES, "gates"), (MOVES, "moves")):
        yield from _fields(sheet, TABLES[name])
    added = t("As people call it; not in the CSV.")
    for sheet in (GATES, MOVES):
        yield from ((sheet, name, added, "string", "") for name in ("unit", "question"))
    yield (GATES, "in_words", t("The state, with its sign; not in the CSV."), "string", "")
    yield (MOVES, "goal", t("What is true once the move is made; not in the CSV."), "string", "")


def _fields(sheet: str, table: Table) -> Iterator[tuple[str, ...]]:
    for field in table.fields:
        values = ", ".join(field.constraints.get("enum", ()))
        yield (sheet, field.name, field.description, field.type, values)


def _signs() -> Iterator[tuple[str, ...]]:
    sheet = t("Scorecard")
    yield (sheet, SHORT_MARK, t("More than one level below target."), "", "")
    yield from ((sheet, glyph, status_words(status), "", "") for status, glyph in GLYPHS.items())
    yield (
        sheet,
        t("Colour"),
        t("The whole level that the score has reached, from light yellow (1) to navy (5)."),
        "",
        "",
    )


def _about(snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    about = t("About")
    yield from ((about, t("Method"), line, "", "") for line in telling.method(snapshot.questionnaires))
    round_title = snapshot.round.name
    origin = telling.source(snapshot.questionnaires, round_title, is_synthetic=snapshot.is_synthetic)
    yield (about, t("Source"), origin, "", "")
    if snapshot.is_of_group:
        told = t("Those of the countries; the domains' are in their own workbooks and in the data package.")
        yield (about, MOVES, told, "", "")
    units = count(len(snapshot.units), "unit")
    yield (
        about,
        t("Scope"),
        t("{units}, as of {at} UTC", units=units, at=f"{snapshot.at:%Y-%m-%d %H:%M}"),
        "",
        "",
    )
