"""The first sheets of a workbook: the headline, four numbers, and scores in the colours of their levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from assessment.analysis.board_pack import BoardPack
from assessment.analysis.gaps import GapFinding, GapRow
from assessment.analysis.peers import PeerRow
from assessment.analysis.portfolio import Portfolio
from assessment.analysis.scorecard import Scorecard
from assessment.charts.words import GLYPHS, key_words, row_words, status_words
from assessment.exports import telling
from assessment.exports.excel_book import Book
from assessment.exports.telling import Figure
from assessment.i18n import t
from assessment.questionnaire.models import Questionnaire

#: Where the table begins; above it stand headline and numbers, which stay in sight with its head.
_HEAD_ROW = 7
_NAMES, _NUMBER = 30, 9


def unit_front(book: Book, card: Scorecard, at: datetime, *, is_synthetic: bool) -> None:
    """A row for each dimension of each questionnaire: before, during, now, target, gap, and the others."""
    sheet = book.sheet("Scorecard")
    earlier = telling.round_names(card.gaps[0])[:-1] if card.gaps else ()
    now = card.round.name
    heads = [
        t("Questionnaire"), t("Dimension"), *earlier, now, t("Target"), t("Gap"), t("Others: lower quartile"),
        t("Others: median"), t("Others: upper quartile"), t("State of the score"),
    ]  # fmt: skip
    subtitle = telling.subtitle(card, at, is_synthetic=is_synthetic)
    _top(book, sheet, card.headline, subtitle, telling.figures(card), len(heads))
    book.row(sheet, _HEAD_ROW, heads, "head")
    sheet.set_row(_HEAD_ROW, 48)
    sheet.set_column(0, 1, _NAMES)
    sheet.set_column(2, len(heads) - 2, _NUMBER + 3)
    sheet.set_column(len(heads) - 1, len(heads) - 1, 22)
    row = _HEAD_ROW + 1
    for finding in card.gaps:
        row = _dimensions(book, sheet, row, card, finding)
    _foot(book, sheet, row + 1, telling.source(card.questionnaires, now, is_synthetic=is_synthetic))
    book.text(
        sheet, row + 3, 0, t("The others have no figures where fewer than five have an accepted score.")
    )
    book.text(sheet, row + 4, 0, telling.unseen_words(card))
    _freeze(sheet, 2)


def _dimensions(book: Book, sheet: Worksheet, first: int, card: Scorecard, finding: GapFinding) -> int:
    """Writes one questionnaire; gives the row after it."""
    others = {entry.dimension_id: entry for entry in _peers(card, finding)}
    for row, entry in enumerate(finding.rows, first):
        _dimension(book, sheet, row, finding, entry, others.get(entry.dimension_id))
    after = first + len(finding.rows)
    rounds = len(telling.round_names(finding))
    levels = {f"{entry.id}@{entry.version}" for entry in card.questionnaires if entry.has_levels}
    if finding.questionnaire_reference in levels and finding.rows:
        book.fill_levels(sheet, (first, 2), (after - 1, 1 + rounds))
    return after


def _peers(card: Scorecard, finding: GapFinding) -> Sequence[PeerRow]:
    found = (peer for peer in card.peers if peer.questionnaire_reference == finding.questionnaire_reference)
    return next((peer.rows for peer in found), ())


def _dimension(
    book: Book, sheet: Worksheet, row: int, finding: GapFinding, entry: GapRow, beside: PeerRow | None
) -> None:
    book.row(sheet, row, [finding.questionnaire_title, entry.title])
    before = [entry.before] if finding.rounds.before else []
    column = 2
    for value in [*before, *entry.during]:
        book.score(sheet, row, column, value, "–")
        column += 1
    book.score(sheet, row, column, entry.now, GLYPHS.get(entry.status, "–"), is_short=entry.is_wide)
    others = beside.others if beside else None
    quartiles = (others.lower, others.median, others.upper) if others else (None, None, None)
    for value in (entry.target, entry.gap, *quartiles):
        column += 1
        book.score(sheet, row, column, value, "–")
    book.text(sheet, row, column + 1, status_words(entry.status), "text")


def pack_front(book: Book, pack: BoardPack, at: datetime, *, is_synthetic: bool) -> None:
    """The countries against the dimensions, with how many of their domains are ready."""
    sheet = book.sheet("Scorecard")
    facts = telling.group_figures(pack)
    ready = {row.unit_id: row_words(row) for row in pack.gates.rows} if pack.gates else {}
    width = len(pack.countries.columns) + 3
    subtitle = telling.pack_subtitle(pack, at, is_synthetic=is_synthetic)
    _top(book, sheet, pack.headline, subtitle, facts, width, pack.group.compared)
    row = _matrix(book, sheet, pack.countries, pack.questionnaires, t("Country"))
    book.text(sheet, _HEAD_ROW, width - 1, t("Domains ready for a pilot"), "turned")
    for place, entry in enumerate(pack.countries.rows, _HEAD_ROW + 1):
        book.text(sheet, place, width - 1, ready.get(entry.unit_id, "–"), "text")
    now = pack.round.name
    _foot(book, sheet, row + 1, telling.source(pack.questionnaires, now, is_synthetic=is_synthetic))
    _freeze(sheet, 1)


def domains_sheet(book: Book, card: Scorecard) -> None:
    """The unit and what is below it against the dimensions; nothing where there is nothing below."""
    if len(card.matrix.rows) < 2:
        return
    sheet = book.sheet("Domains")
    book.wide_text(sheet, 0, 0, len(card.matrix.columns) + 2, card.matrix.headline, "headline")
    sheet.set_row(0, 42)
    if card.hidden:
        told = t("Not shown to you yet: {names}.", names=", ".join(card.hidden))
        book.text(sheet, 1, 0, told, "plain")
    _matrix(book, sheet, card.matrix, card.questionnaires, t("Unit"))
    _freeze(sheet, 1)


def _matrix(book: Book, sheet: Worksheet, found: Portfolio, asked: Sequence[Questionnaire], unit: str) -> int:
    """Writes the matrix below its head; gives the row after it."""
    has_levels = {entry.id: entry.has_levels for entry in asked}
    last = _HEAD_ROW + len(found.rows)
    book.text(sheet, _HEAD_ROW, 0, unit, "head")
    sheet.set_column(0, 0, _NAMES)
    sheet.set_column(1, len(found.columns) + 1, _NUMBER)
    sheet.set_column(len(found.columns) + 2, len(found.columns) + 2, 22)
    sheet.set_row(_HEAD_ROW, 120)
    column = 1
    for questionnaire_id, members in groupby(found.columns, lambda entry: entry.questionnaire_id):
        titles = list(members)
        _titled(book, sheet, column, titles[0].questionnaire_title, len(titles))
        for place, entry in enumerate(titles, column):
            book.text(sheet, _HEAD_ROW, place, entry.title, "turned")
        if has_levels.get(questionnaire_id) and found.rows:
            book.fill_levels(sheet, (_HEAD_ROW + 1, column), (last, column + len(titles) - 1))
        column += len(titles)
    book.text(sheet, _HEAD_ROW, column, t("Mean"), "turned")
    for row, unit_row in enumerate(found.rows, _HEAD_ROW + 1):
        book.text(sheet, row, 0, unit_row.label, "text")
        for place, cell in enumerate(unit_row.cells, 1):
            book.score(sheet, row, place, cell.score, GLYPHS.get(cell.status, "–"), is_short=cell.is_short)
        book.score(sheet, row, column, unit_row.mean, "–")
    return last + 1


def _titled(book: Book, sheet: Worksheet, column: int, title: str, width: int) -> None:
    """A questionnaire's name over its dimensions."""
    book.wide_text(sheet, _HEAD_ROW - 1, column, width, title, "group")


def _top(
    book: Book,
    sheet: Worksheet,
    headline: str,
    subtitle: str,
    figures: Sequence[Figure],
    width: int,
    note: str = "",
) -> None:
    """Headline, what the sheet is, and four numbers side by side."""
    for row, words, look in ((0, headline, "headline"), (1, subtitle, "muted"), (5, note, "muted")):
        book.wide_text(sheet, row, 0, width, words, look)
    sheet.set_row(0, 45)
    step = max(1, width // len(figures))
    for place, figure in enumerate(figures):
        for row, words, look in (
            (2, figure.label, "label"),
            (3, figure.value, "value"),
            (4, figure.note, "muted"),
        ):
            book.wide_text(sheet, row, place * step, step, words, look)
    sheet.set_row(4, 32)


def _foot(book: Book, sheet: Worksheet, row: int, source: str) -> None:
    """Where the numbers are from, and what the signs are."""
    book.text(sheet, row, 0, source)
    book.text(sheet, row + 1, 0, key_words())


def _freeze(sheet: Worksheet, columns: int) -> None:
    sheet.freeze_panes(_HEAD_ROW + 1, columns)
    sheet.repeat_rows(_HEAD_ROW)
