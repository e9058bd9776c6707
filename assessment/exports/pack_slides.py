"""A board pack as slides: who is ready, the matrix, what blocks, who moved, what can be common, who does what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from assessment.analysis.board_pack import BoardPack
from assessment.analysis.common_or_local import by_quadrant
from assessment.analysis.gate_columns import how_blocking
from assessment.analysis.gate_matrix import GateMatrix
from assessment.analysis.portfolio import Cell, Portfolio
from assessment.analysis.trajectory import Trajectories
from assessment.charts.theme import LIGHT
from assessment.charts.words import GLYPHS, SHORT_MARK, key_words, row_words
from assessment.exports import telling
from assessment.exports.deck import Bars, Cells, Deck
from assessment.exports.slides import first_slide, method_slide
from assessment.i18n import count, decimal, t

_Row = TypeVar("_Row")

#: So many countries, gates, moves and questions of each kind a slide has room for.
MOST_COUNTRIES, MOST_GATES, MOST_MOVES, MOST_QUESTIONS = 15, 12, 11, 6


def pack_slides(pack: BoardPack, at: datetime, *, is_synthetic: bool) -> bytes:
    """The deck of the group."""
    round_title = pack.round.name
    deck = Deck(
        pack.headline, at, telling.source(pack.questionnaires, round_title, is_synthetic=is_synthetic)
    )
    first_slide(
        deck,
        pack.headline,
        telling.pack_subtitle(pack, at, is_synthetic=is_synthetic),
        telling.group_figures(pack),
        pack.group.compared,
    )
    _matrix(deck, pack)
    if pack.gates is not None and pack.gates.columns:
        _gates(deck, pack.gates)
    for finding in pack.paths:
        _paths(deck, finding)
    _standards(deck, pack)
    _moves(deck, pack)
    method_slide(deck, telling.method(pack.questionnaires))
    return deck.done()


def _pages(rows: Sequence[_Row], most: int) -> Iterator[tuple[str, Sequence[_Row]]]:
    """The rows in pages that fit on a slide, each with which of how many it is; '' where there is one."""
    pages = [rows[first : first + most] for first in range(0, len(rows), most)] or [rows]
    for number, page in enumerate(pages, 1):
        yield (f" ({number}/{len(pages)})" if len(pages) > 1 else "", page)


def _matrix(deck: Deck, pack: BoardPack) -> None:
    """Countries against dimensions, a slide for each questionnaire and page of countries."""
    found = pack.countries
    has_levels = {entry.id: entry.has_levels for entry in pack.questionnaires}
    places = list(enumerate(found.columns))
    for questionnaire_id, members in groupby(places, lambda entry: entry[1].questionnaire_id):
        columns = [place for place, _ in members]
        for page, rows in _pages(range(len(found.rows)), MOST_COUNTRIES):
            _matrix_slide(
                deck, found, columns, rows, page, has_levels=has_levels.get(questionnaire_id, False)
            )


def _matrix_slide(
    deck: Deck, found: Portfolio, columns: Sequence[int], rows: Sequence[int], page: str, *, has_levels: bool
) -> None:
    title = found.columns[columns[0]].questionnaire_title
    mine = [found.rows[row].cells[column] for row in range(len(found.rows)) for column in columns]
    short = sum(cell.is_short for cell in mine)
    scored = sum(cell.score is not None for cell in mine)
    message = t("{questionnaire}: {short} of {scored} cells are more than one level below target", questionnaire=title, short=short, scored=scored)  # fmt: skip
    slide = deck.slide(message + page, f"{t('Colour: the whole level reached')} · {key_words()}")
    heads = [t("Country"), *(found.columns[column].title for column in columns), t("Mean of all")]
    cells, levels = [], {}
    for number, row in enumerate(rows):
        entry = found.rows[row]
        shown = [entry.cells[column] for column in columns]
        cells.append((entry.label, *map(_cell, shown), "–" if entry.mean is None else decimal(entry.mean)))
        levels.update(
            {(number, place): cell.level for place, cell in enumerate(shown, 1) if has_levels and cell.level}
        )
    deck.table(slide, Cells(heads, cells, (2.2, *([1.2] * len(columns)), 1.0), levels, size=11), message)


def _cell(cell: Cell) -> str:
    if cell.score is None:
        return GLYPHS.get(cell.status, "–")
    return decimal(cell.score) + (f" {SHORT_MARK}" if cell.is_short else "")


def _gates(deck: Deck, found: GateMatrix) -> None:
    """The gates that hold most units back, as a chart; and each country's domains that are ready."""
    columns = found.judged or found.columns
    worst = sorted((column for column in columns if column.opened), key=how_blocking, reverse=True)[
        :MOST_GATES
    ]
    if worst:
        opened = sum(column.opened > 0 for column in columns)
        told = t("The {n} that block most of {all} open gates", n=len(worst), all=opened)
        slide = deck.slide(found.headline, told)
        series = [
            Bars(t("Not passed"), [column.opened - column.unknown for column in worst], LIGHT.attention),
            Bars(t("Unknown"), [column.unknown for column in worst], LIGHT.context),
            Bars(t("Passed"), [column.asked - column.opened for column in worst], LIGHT.progress),
        ]
        most = max(column.asked for column in worst)
        alt = "; ".join(
            t("{gate}: open in {n} of {all}", gate=column.title, n=column.opened, all=column.asked)
            for column in worst
        )
        deck.bars(
            slide, [c.title for c in worst], series, alt, least=0, most=most, is_stacked=True, whole=True
        )
    for page, rows in _pages(found.rows, MOST_COUNTRIES):
        slide = deck.slide(
            found.headline + page, t("Of each country: its own gates, and its domains that are ready")
        )
        heads = (t("Country"), t("Own gates passed"), t("Domains ready for a pilot"))
        cells = [
            (row.label, t("{n} of {all}", n=row.passed, all=len(found.columns)), row_words(row))
            for row in rows
        ]
        deck.table(slide, Cells(heads, cells, (4, 2, 2), size=11), found.headline)


def _paths(deck: Deck, finding: Trajectories) -> None:
    """Where each country was and is, those furthest on first; the notes name those of which nobody knows."""
    title = t(
        "{questionnaire}: {headline}", questionnaire=finding.questionnaire_title, headline=finding.headline
    )
    place = finding.place_of_then
    least, most = telling.ends(finding.scale)
    unknown = [path.label for path in finding.paths if path.now is None]
    untold = t(
        "{countries} without a score now: see the notes",
        countries=count(len(unknown), "country", "countries"),
    )
    for page, paths in _pages(finding.measured, MOST_COUNTRIES):
        if not paths:
            return
        told = [t("Mean level in each round"), untold if unknown else ""]
        slide = deck.slide(title + page, " · ".join(filter(None, told)))
        if unknown:
            deck.note(slide, t("Without a score now: {names}", names=", ".join(unknown)))
        then = finding.rounds[place] if place is not None else None
        earlier = [path.levels[place] for path in paths] if place is not None else []
        series = [
            *([Bars(then.name, earlier, LIGHT.before)] if then else []),
            Bars(finding.rounds[-1].name, [path.now for path in paths], LIGHT.now),
        ]
        alt = "; ".join(f"{path.label} {decimal(path.now or 0.0)}" for path in paths)
        deck.bars(slide, [path.label for path in paths], series, f"{title}. {alt}.", least=least, most=most)


def _standards(deck: Deck, pack: BoardPack) -> None:
    """What can become common now, and what the other questions need."""
    rows = []
    for members in by_quadrant(pack.standards).values():
        if not members or members[0].advice is None:
            continue
        names = [
            pack.questions.get(entry.question_id, entry.question_id) for entry in members[:MOST_QUESTIONS]
        ]
        more = len(members) - len(names)
        listed = ", ".join(names) + (t(" and {n} more", n=more) if more else "")
        rows.append((members[0].advice.title, str(len(members)), listed))
    if not rows:
        return
    slide = deck.slide(pack.standards_headline)
    heads = (t("What follows"), t("Questions"), t("The clearest of them"))
    deck.table(slide, Cells(heads, rows, (2.4, 1.2, 7)), pack.standards_headline)


def _moves(deck: Deck, pack: BoardPack) -> None:
    """The moves that were taken on, the most urgent first."""
    found = pack.commitments.commitments
    if not found:
        return
    headline = pack.commitments.headline
    told = t("The {n} most urgent of {all}", n=min(MOST_MOVES, len(found)), all=len(found))
    slide = deck.slide(headline, told)
    heads = (t("Unit"), t("Question"), t("Who"), t("Until"), t("State"))
    rows = [telling.commitment_cells(entry, pack) for entry in found[:MOST_MOVES]]
    deck.table(slide, Cells(heads, rows, (2.2, 3, 2, 1.2, 1.8)), headline)
