"""A deck of slides while it is written: titles, tables and charts that stay editable, sources in the notes, alt texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.table import _Cell
from pptx.util import Inches, Length, Pt

from assessment.charts.theme import LEVEL_FILLS, LEVEL_INKS, LIGHT
from assessment.i18n import t

#: Of a slide, in inches: 16:9.
WIDTH, HEIGHT = 13.333, 7.5
LEFT, TOP, INNER = 0.6, 1.75, WIDTH - 1.2
#: A text in a table is shortened beyond so many lines, and a category of a chart beyond so many characters; the notes have
#: all of it.
_MOST_LINES, _MOST_IN_CATEGORY = 3, 60
#: The width of a letter as a share of its size, by the mean of wide faces.
_LETTER = 0.56
_TITLE_ONLY = 5
#: What a property of a file holds; the title slide has the whole headline.
_MOST_IN_PROPERTY = 255
_TITLE_SIZES = ((90, 28), (150, 24), (240, 18), (450, 13))
_SMALLEST_TITLE = 10
#: What XML can't hold, however it is written.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Bars:
    """One series of a bar chart: a value for each category, None where there is none."""

    name: str
    values: Sequence[float | None]
    colour: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A table: its head, its rows, widths as shares, and the level that fills a cell, by row and column."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]
    levels: Mapping[tuple[int, int], int] = field(default_factory=dict)
    size: float = 12


class Deck:
    """Slides in their order; each has a title that is its message."""

    def __init__(self, title: str, at: datetime, source: str) -> None:
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        title = _plain(title)
        self._deck.core_properties.title = (
            title if len(title) <= _MOST_IN_PROPERTY else f"{title[: _MOST_IN_PROPERTY - 1]}…"
        )
        self._deck.core_properties.created = self._deck.core_properties.modified = at.replace(tzinfo=None)
        self._source = source

    def slide(self, title: str, subtitle: str = "") -> Slide:
        """A new slide with its message as a real title, and the source in its notes."""
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[_TITLE_ONLY])
        shape = slide.shapes.title
        assert shape is not None, "the layout has a title"
        shape.left, shape.top, shape.width, shape.height = _box(LEFT, 0.35, INNER, 0.95)
        shape.text_frame.word_wrap = True
        shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        shape.text_frame.text = _plain(title)
        paragraph = shape.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        size = next((size for most, size in _TITLE_SIZES if len(title) <= most), _SMALLEST_TITLE)
        paragraph.font.size, paragraph.font.bold = Pt(size), True
        paragraph.font.color.rgb = _rgb(LIGHT.ink)
        if subtitle:
            self.text(slide, subtitle, LEFT, 1.3, INNER, 0.4, size=12, colour=LIGHT.muted)
        self._notes(slide).text = _plain(self._source)
        return slide

    def text(
        self, slide: Slide, words: str, left: float, top: float, width: float, height: float, *, size: float = 14,
        bold: bool = False, colour: str = LIGHT.ink,
    ) -> None:  # fmt: skip
        """Words in a box (in inches)."""
        frame = slide.shapes.add_textbox(*_box(left, top, width, height)).text_frame
        frame.word_wrap = True
        frame.text = _plain(words)
        for paragraph in frame.paragraphs:
            paragraph.font.size, paragraph.font.bold = Pt(size), bold
            paragraph.font.color.rgb = _rgb(colour)

    def table(self, slide: Slide, cells: Cells, alt: str) -> None:
        """A native table over the width of the slide; `alt` says in words what it shows."""
        count = len(cells.rows) + 1, len(cells.head)
        row_height = cells.size * 2 / 72
        frame = slide.shapes.add_table(*count, *_box(LEFT, TOP, INNER, row_height * count[0]))
        _described(frame, alt)
        table = frame.table
        widths = [INNER * share / sum(cells.shares) for share in cells.shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Inches(width)
        for row in table.rows:
            row.height = Inches(row_height)
        for number, words in enumerate(cells.head):
            _fill(table.cell(0, number), words, cells.size, LIGHT.missing, LIGHT.ink, bold=True)
        for row_number, row_cells in enumerate(cells.rows):
            for number, words in enumerate(row_cells):
                level = cells.levels.get((row_number, number))
                fill, ink = (
                    (LEVEL_FILLS[level], LEVEL_INKS[level]) if level else (LIGHT.background, LIGHT.ink)
                )
                most = int(_MOST_LINES * (widths[number] - 0.12) * 72 / (_LETTER * cells.size))
                _fill(
                    table.cell(row_number + 1, number), self._short(slide, words, most), cells.size, fill, ink
                )

    def bars(
        self, slide: Slide, categories: Sequence[str], series: Sequence[Bars], alt: str, *, most: float, least: float,
        is_stacked: bool = False, whole: bool = False,
    ) -> None:  # fmt: skip
        """A native bar chart, the first category at the top; values are written at the bars."""
        data = CategoryChartData(number_format="0" if whole else "0.0")
        data.categories = [self._short(slide, _plain(name), _MOST_IN_CATEGORY) for name in categories]
        for entry in series:
            data.add_series(_plain(entry.name), list(entry.values))
        kind = XL_CHART_TYPE.BAR_STACKED if is_stacked else XL_CHART_TYPE.BAR_CLUSTERED
        frame = slide.shapes.add_chart(kind, *_box(LEFT, TOP, INNER, HEIGHT - TOP - 0.35), data)
        _described(frame, alt)
        chart = frame.chart
        chart.part.chart_workbook.update_from_xlsx_blob(_workbook(data))
        chart.font.size = Pt(12)
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.category_axis.reverse_order = True
        chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = least, most
        chart.value_axis.major_gridlines.format.line.color.rgb = _rgb(LIGHT.grid)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 40, 100 if is_stacked else -10
        plot.has_data_labels = True
        plot.data_labels.font.size = Pt(10)
        for drawn, entry in zip(plot.series, series, strict=True):
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = _rgb(entry.colour)
            if is_stacked and entry.colour == LIGHT.attention:
                drawn.data_labels.show_value = True
                drawn.data_labels.font.size = Pt(10)
                drawn.data_labels.font.color.rgb = _rgb(LIGHT.background)

    def note(self, slide: Slide, words: str) -> None:
        """Adds a line to the notes of a slide."""
        frame = self._notes(slide)
        frame.text = f"{frame.text}\n{_plain(words)}"

    def done(self) -> bytes:
        """The bytes of the .pptx file."""
        content = BytesIO()
        self._deck.save(content)
        return content.getvalue()

    def _short(self, slide: Slide, words: str, most: int) -> str:
        """What fits into a cell; what was longer stands in the notes."""
        if len(words) <= most:
            return words
        told = t("In full: {words}", words=_plain(words))
        if told not in self._notes(slide).text:
            self.note(slide, told)
        return words[: most - 1].rstrip() + "…"

    def _notes(self, slide: Slide) -> Any:
        return slide.notes_slide.notes_text_frame


def _plain(words: str) -> str:
    """The words with a space for every character that a file of slides can't hold."""
    return _NOT_IN_XML.sub(" ", words)


def _workbook(data: CategoryChartData) -> bytes:
    """What a chart's "Edit data" opens, as the library lays it out; but a name stays a text, which there is run or linked."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, category in enumerate(data.categories, 1):
        sheet.write_string(row, 0, category.label)
    for column, series in enumerate(data, 1):
        sheet.write_string(0, column, series.name)
        sheet.write_column(
            1, column, list(series.values), book.add_format({"num_format": data.number_format})
        )
    book.close()
    return content.getvalue()


def _box(left: float, top: float, width: float, height: float) -> tuple[Length, ...]:
    return Inches(left), Inches(top), Inches(width), Inches(height)


def _rgb(colour: str) -> RGBColor:
    found: RGBColor = RGBColor.from_string(colour.removeprefix("#"))
    return found


def _described(frame: GraphicFrame, alt: str) -> None:
    frame._element.nvGraphicFramePr.cNvPr.set("descr", _plain(alt))


def _fill(cell: _Cell, words: str, size: float, fill: str, ink: str, *, bold: bool = False) -> None:
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(fill)
    cell.text_frame.text = _plain(words)
    for paragraph in cell.text_frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(size), bold
        paragraph.font.color.rgb = _rgb(ink)
