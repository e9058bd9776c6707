"""Scorecards and board packs: the same numbers in every form, and texts that stay texts."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.slide import Slide
from pypdf import PdfReader
from sqlalchemy import text

from assessment.access import Principal, Role
from assessment.actions.answering import save_answer
from assessment.actions.exporting import export_scorecard, export_scores, read_snapshot
from assessment.actions.reviewing import submit
from assessment.actions.rounds import open_round
from assessment.actions.units import retire_unit
from assessment.analysis.portfolio import Portfolio
from assessment.charts.theme import LIGHT
from assessment.charts.words import GLYPHS
from assessment.errors import NotAllowed
from assessment.exports import telling
from assessment.exports.deck import Bars, Cells, Deck
from assessment.exports.documents import Form, written
from assessment.exports.snapshot import Snapshot
from assessment.i18n import decimal
from assessment.questionnaire.catalogue import Catalogue
from assessment.scoring.table import Basis
from assessment.store.engine import Store
from assessment.store.organisation import read_rounds
from tests.conftest import SmallWorkspace
from tests.store import small

HOSTILE = [
    '=HYPERLINK("http://evil.example","click")', "<script>alert(1)</script>", "../../x", "\u202eecnarF",
    "Fête 🎉 漢字", "L" + "o" * 298 + "g", 'Quo"te\'s & <b>', "two\nlines\tand a tab", "@SUM(A1)",
    "#eval(read('/etc/passwd')) *x* $y$ \\",
]  # fmt: skip


@dataclass(frozen=True)
class Latest:
    """The latest round of the invented workspace, as the CDAO gets it: of all, of a country with scores, of a unit with moves."""

    scores: list[dict[str, str]]
    group: Snapshot
    country: Snapshot
    mover: Snapshot

    @cached_property
    def files(self) -> Mapping[tuple[str, Form], bytes]:
        whose = {"group": self.group, "country": self.country, "mover": self.mover}
        return {(name, form): written(snapshot, form) for name, snapshot in whose.items() for form in Form}

    def book(self, whose: str) -> Any:
        return load_workbook(io.BytesIO(self.files[whose, Form.EXCEL]))

    def slides(self, whose: str) -> list[Slide]:
        return slides_of(self.files[whose, Form.SLIDES])


@pytest.fixture(scope="module")
def made(invented: Store, catalogue: Catalogue) -> Latest:
    desk = small.desk_for(invented, catalogue, small.CDAO)
    with invented.read() as connection:
        last = read_rounds(connection)[-1].id
    content = export_scores(desk, last).content.decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    country = next(row["unit_id"] for row in rows if row["unit_kind"] == "country" and row["score"])
    group = read_snapshot(desk, last)
    mover = group.moves["unit_id"].iloc[0]
    return Latest(rows, group, read_snapshot(desk, last, country), read_snapshot(desk, last, mover))


def pdf_text(content: bytes) -> str:
    """All that a PDF says, with one space wherever a line or a word ends."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def slides_of(content: bytes) -> list[Slide]:
    return list(Presentation(io.BytesIO(content)).slides)


def texts_of(slide: Slide) -> Iterator[str]:
    """Everything that a slide shows, and its notes."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if shape.has_chart:
            yield from (str(category) for category in shape.chart.plots[0].categories)
    yield slide.notes_slide.notes_text_frame.text


def drawn_on(slides: Iterable[Slide]) -> Iterator[float]:
    charts = (shape.chart for slide in slides for shape in slide.shapes if shape.has_chart)
    for chart in charts:
        for series in chart.plots[0].series:
            yield from (value for value in series.values if value is not None)


# The same numbers everywhere


def test_the_data_of_a_workbook_are_those_of_scores_csv(made: Latest):
    head, *rows = made.book("group")["Data"].iter_rows(values_only=True)
    assert list(head) == list(made.scores[0])
    assert len(rows) == len(made.scores)
    for found, expected in zip(rows, made.scores, strict=True):
        words = (
            # Excel keeps 15 to 16 digits of a number.
            number if number == "" else round(float(number), 13) if isinstance(value, int | float) else number
            for value, number in zip(found, expected.values(), strict=True)
        )
        assert [as_csv(value) for value in found] == list(words)


def as_csv(value: object) -> object:
    """A cell as CSV has it: missing is empty."""
    return "" if value is None else round(float(value), 13) if isinstance(value, int | float) else str(value)


def test_a_boards_matrix_has_the_scores_of_scores_csv(made: Latest):
    shown = cells_of(made.group.board_pack.countries)
    assert shown
    assert shown == {key: score for key, score in own_scores(made.scores).items() if key[0] == "country"}
    sheet, found = made.book("group")["Scorecard"], made.group.board_pack.countries
    for place, row in enumerate(found.rows, 9):
        values = [sheet.cell(place, column).value for column in range(2, len(found.columns) + 2)]
        assert sheet.cell(place, 1).value == row.label
        for value, cell in zip(values, row.cells, strict=True):
            assert value == pytest.approx(cell.score) if cell.score is not None else isinstance(value, str)
    told = {words.removesuffix(" ▼") for slide in made.slides("group") for words in texts_of(slide)}
    assert {decimal(score) for score in shown.values()} <= told


def cells_of(found: Portfolio) -> dict[tuple[str, ...], float]:
    return {
        ("country", row.unit_id, column.questionnaire_id, column.dimension_id): cell.score
        for row in found.rows
        for column, cell in zip(found.columns, row.cells, strict=True)
        if cell.score is not None
    }


def own_scores(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, ...], float]:
    """The own scores of dimensions at the top, by kind of unit, unit, questionnaire and dimension."""
    return {
        (row["unit_kind"], row["unit_id"], row["questionnaire_id"], row["dimension_id"]): float(row["score"])
        for row in rows
        if row["score"]
        and row["dimension_id"]
        and not row["parent_dimension_id"]
        and row["basis"] == Basis.OWN
    }


def test_a_units_workbook_and_slides_have_its_scores(made: Latest):
    now = [row.now for finding in made.country.scorecard.gaps for row in finding.rows if row.now is not None]
    mine = [score for key, score in own_scores(made.scores).items() if key[1] == made.country.asked_for]
    assert sorted(now) == sorted(mine)
    sheet = made.book("country")["Scorecard"]
    head = [cell.value for cell in sheet[8]]
    column = head.index(made.country.round.title)
    rows = [row for finding in made.country.scorecard.gaps for row in finding.rows]
    for place, row in enumerate(rows, 9):
        assert sheet.cell(place, 2).value == row.title
        value, gap = sheet.cell(place, column + 1).value, sheet.cell(place, column + 3).value
        assert value == pytest.approx(row.now) if row.now is not None else isinstance(value, str)
        assert gap == pytest.approx(row.gap) if row.gap is not None else isinstance(gap, str)
    assert set(now) <= set(drawn_on(made.slides("country"))), "charts have them as they are"


@pytest.mark.parametrize("whose", ["group", "country"])
def test_every_form_says_the_same_headline_and_figures(made: Latest, whose: str):
    group = made.group.board_pack
    headline = group.headline if whose == "group" else made.country.scorecard.headline
    front, first = made.book(whose)["Scorecard"], made.slides(whose)[0]
    assert front["A1"].value == headline == first.shapes.title.text
    told = set(texts_of(first))
    values = [cell.value for cell in front[4] if cell.value is not None]
    assert len(values) == 4
    assert set(values) <= told
    paper = pdf_text(made.files[whose, Form.PDF])
    assert headline in paper
    assert all(str(value) in paper for value in values)


def test_gates_and_moves_read_alike_in_every_form(made: Latest):
    card = made.mover.scorecard
    steps = [line.step for line in telling.move_lines(card.moves)]
    opened = [line.question for line in telling.gate_lines(card)][:5]
    assert steps
    assert opened
    shown = {words for slide in made.slides("mover") for words in texts_of(slide)}
    paper = pdf_text(made.files["mover", Form.PDF])
    assert set(steps) <= shown
    assert all(step in paper for step in steps)
    assert set(opened) <= shown
    gates = {str(cell.value) for row in made.book("mover")["Gates"].iter_rows() for cell in row}
    assert set(opened) <= gates
    assert all(question in paper for question in opened)


# How they are made


def test_a_workbook_is_ready_to_be_printed_and_read(made: Latest):
    book = made.book("group")
    assert book.sheetnames == ["Scorecard", "Data", "Gates", "Moves", "Dictionary"]
    front = book["Scorecard"]
    assert front.page_setup.orientation == "landscape"
    assert front.sheet_properties.pageSetUpPr.fitToPage
    assert front.page_setup.fitToHeight == 0, (
        "as long as it takes; one page wide is what fitting means without more"
    )
    assert front.freeze_panes == "B9"
    assert len(front.conditional_formatting) == 3, "a rule for the columns of each questionnaire"
    for name in ("Data", "Gates", "Moves"):
        assert list(book[name].tables) == [name]


def test_a_countrys_workbook_has_its_domains(made: Latest):
    assert made.book("country").sheetnames[:2] == ["Scorecard", "Domains"]


def test_the_dictionary_says_what_each_column_and_sign_means(made: Latest):
    book = made.book("group")
    told = {(row[0], row[1]) for row in book["Dictionary"].iter_rows(values_only=True)}
    for name in ("Data", "Gates", "Moves"):
        head = next(book[name].iter_rows(values_only=True))
        assert {(name, column) for column in head} <= told
    assert {("Scorecard", glyph) for glyph in GLYPHS.values()} <= told


@pytest.mark.parametrize("whose", ["group", "country"])
def test_every_slide_has_a_message_a_source_and_words_for_what_it_draws(made: Latest, whose: str):
    for slide in made.slides(whose):
        assert slide.shapes.title.text.strip()
        assert "Source: " in slide.notes_slide.notes_text_frame.text
        drawn = [shape for shape in slide.shapes if shape.has_chart or shape.has_table]
        assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in drawn)


@pytest.mark.parametrize("form", [Form.EXCEL, Form.PDF])
def test_the_same_moment_makes_the_same_bytes(made: Latest, form: Form):
    assert written(made.group, form) == made.files["group", form]


@pytest.mark.parametrize("whose", ["group", "country"])
def test_synthetic_numbers_say_so_in_every_form(made: Latest, whose: str):
    assert "Synthetic data" in made.book(whose)["Scorecard"]["A2"].value
    assert any("Synthetic data" in words for words in texts_of(made.slides(whose)[0]))
    assert "Synthetic data" in pdf_text(made.files[whose, Form.PDF])


@pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="!!! no LibreOffice: `apt-get install libreoffice-calc libreoffice-impress`",
)
@pytest.mark.parametrize(("form", "whose"), [(Form.EXCEL, "group"), (Form.SLIDES, "country")])
def test_libreoffice_opens_it_and_prints_what_it_says(made: Latest, tmp_path: Path, form: Form, whose: str):
    file = tmp_path / f"made.{form}"
    file.write_bytes(made.files[whose, form])
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "pdf",
    ]
    done = subprocess.run(
        [*command, "--outdir", tmp_path, file], capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stderr
    headline = made.group.board_pack.headline if whose == "group" else made.country.scorecard.headline
    paper = pdf_text((tmp_path / "made.pdf").read_bytes())
    assert headline.replace(" ", "") in paper.replace(" ", "")


# Who may have which


@pytest.mark.parametrize("somebody", [small.FRANCE, small.SALES, small.REVIEWER, small.ADMINISTRATOR])
def test_the_groups_pack_is_for_those_who_compare(workspace: SmallWorkspace, somebody: Principal):
    with pytest.raises(NotAllowed):
        export_scorecard(workspace.desk(somebody), small.ROUND, None, Form.EXCEL)


@pytest.mark.parametrize(
    ("somebody", "unit"),
    [(small.GERMANY, "FR"), (small.SALES, "FR"), (small.SALES, "FR.finance"), (small.REVIEWER, "FR")],
)
def test_nobody_gets_the_scorecard_of_somebody_else(
    workspace: SmallWorkspace, somebody: Principal, unit: str
):
    with pytest.raises(NotAllowed):
        export_scorecard(workspace.desk(somebody), small.ROUND, unit, Form.SLIDES)


@pytest.mark.parametrize(
    ("somebody", "unit"), [(small.FRANCE, "FR"), (small.FRANCE, "FR.sales"), (small.SALES, "FR.sales")]
)
def test_a_unit_without_answers_has_a_scorecard_that_says_so(
    workspace: SmallWorkspace, somebody: Principal, unit: str
):
    for form in Form:
        document = export_scorecard(workspace.desk(somebody), small.ROUND, unit, form)
        assert "no scores in this round yet" in document.headline
        assert document.content


def test_a_gate_on_what_its_reader_may_not_see_is_told_as_unknown_in_no_form(
    invented: Store, catalogue: Catalogue, made: Latest
):
    found = made.group.findings_now
    assert found is not None, "the round has rules"
    unit = next(stage.unit_id for stage in found.stages if stage.verdict == "ready")
    owner = Principal("Dora", Role.DOMAIN_OWNER, unit)
    mine = read_snapshot(small.desk_for(invented, catalogue, owner), made.group.round_id, unit)
    card = mine.scorecard
    gates = mine.gates_now
    assert len(card.gates) == len(gates[gates["stage"] == "pilot"])
    assert all(gate.state == "met" for gate in card.gates), "what is told is true: to all others it is ready"
    told = f"Left out: {card.unseen} gates on answers that aren't shown here."
    assert card.unseen
    assert told in pdf_text(written(mine, Form.PDF))
    assert any(told in words for slide in slides_of(written(mine, Form.SLIDES)) for words in texts_of(slide))
    front = load_workbook(io.BytesIO(written(mine, Form.EXCEL)))["Scorecard"]
    assert told in {cell.value for cell in front["A"]}
    assert not read_snapshot(
        small.desk_for(invented, catalogue, small.CDAO), made.group.round_id, unit
    ).scorecard.unseen


def test_the_moves_of_a_workbook_are_of_its_round_alone(workspace: SmallWorkspace):
    """A unit that was retired since has moves in the last round that asked it, and none in this one."""
    sales = workspace.assessment("FR.sales").id
    for question in small.DOMAIN_QUESTIONS:
        answer = {"state": "answered", "value": "one" if question == "tool" else "2"}
        save_answer(
            workspace.desk(small.SALES), sales, question, answer, expected_version=0, idempotency_key=small.new_key()
        )  # fmt: skip
    submit(workspace.desk(small.SALES), sales)
    retire_unit(workspace.desk(small.ADMINISTRATOR), "FR.sales")
    open_round(workspace.desk(small.ADMINISTRATOR), small.small_round("2026-H2", platform="1.0.0"))
    desk = workspace.desk(small.CDAO)
    assert moves_in(export_scorecard(desk, small.ROUND, "FR.sales", Form.EXCEL).content)
    assert not moves_in(export_scorecard(desk, "2026-H2", "FR.sales", Form.EXCEL).content)


def moves_in(content: bytes) -> list[Any]:
    rows = load_workbook(io.BytesIO(content))["Moves"].iter_rows(min_row=2, values_only=True)
    return [row for row in rows if any(row)]


def test_a_country_that_a_slide_of_the_pack_has_no_bar_for_stands_in_its_notes(made: Latest):
    pack = made.group.board_pack
    unknown = [path.label for path in pack.paths[0].paths if path.now is None]
    assert unknown
    (slide, *_) = [s for s in made.slides("group") if pack.paths[0].headline in s.shapes.title.text]
    assert f"Without a score now: {', '.join(unknown)}" in slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize(("away", "told"), [(0.4, "+0.4"), (-0.4, "−0.4"), (0.0, "±0.0"), (-0.0, "±0.0")])
def test_how_far_others_are_has_a_sign_that_is_true(away: float, told: str):
    assert telling.away_words(away) == told


# Names are hostile text


@pytest.mark.parametrize("names", [HOSTILE[:5], HOSTILE[5:]], ids=["formulas and scripts", "long and odd"])
def test_names_come_out_as_the_letters_that_were_typed(workspace: SmallWorkspace, names: Sequence[str]):
    renamed(workspace, dict(zip(("FR", "DE", "FR.sales", "FR.finance", "DE.sales"), names, strict=True)))
    desk = workspace.desk(small.CDAO)
    book = load_workbook(io.BytesIO(export_scorecard(desk, small.ROUND, "FR", Form.EXCEL).content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}, "nothing is a formula"
    everything = {str(cell.value) for cell in cells}
    for name in (names[0], names[2], names[3]):
        assert any(name in words for words in everything)
    pack = load_workbook(io.BytesIO(export_scorecard(desk, small.ROUND, None, Form.EXCEL).content))
    assert "f" not in {cell.data_type for sheet in pack for row in sheet.iter_rows() for cell in row}
    # What is too long for a cell of a slide stands in its notes.
    board = slides_of(export_scorecard(desk, small.ROUND, None, Form.SLIDES).content)
    shown = [words.replace("\v", "\n") for slide in board for words in texts_of(slide)]
    for name in names[:2]:
        assert any(name in words for words in shown)


def test_a_chart_opens_names_as_texts_and_draws_around_what_no_file_can_hold():
    """A chart has a workbook of its own, which "Edit data" opens: nothing in it is run there, and nothing is a link."""
    deck = Deck("a\x00b", small.NOON, "odd \x1f\ufffe source")
    slide = deck.slide("a\x0bb")
    names = [
        '=HYPERLINK("http://evil.example","click")',
        "{=1+1}",
        "http://evil.example",
        "a\x00\x0b\x1f\ufffe\ud800b",
    ]
    series = [Bars(name, [1.0, None, 2.5, 4], LIGHT.now) for name in names]
    deck.bars(slide, names, series, names[-1], least=1, most=5)
    deck.table(slide, Cells(names[-1:], [names[-1:]], [1]), names[-1])
    (chart,) = (shape.chart for shape in slides_of(deck.done())[0].shapes if shape.has_chart)
    sheet = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    told = [*names[:3], "a     b"]
    assert [cell.value for cell in sheet["A"]] == [None, *told]
    assert [cell.value for cell in sheet[1]] == [None, *told]
    assert [cell.value for cell in sheet["B"]] == [told[0], 1, None, 2.5, 4]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)


def renamed(workspace: SmallWorkspace, names: Mapping[str, str]) -> None:
    """Past the form: whatever a database may hold."""
    change = text("UPDATE units SET name = :name WHERE id = :id")
    with workspace.store.write() as connection:
        for unit, name in names.items():
            connection.execute(change, {"name": name, "id": unit})
