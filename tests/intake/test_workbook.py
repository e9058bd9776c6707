"""An assessment goes out as a workbook and comes back: what was filled in is read, what can't be is told at once."""

from __future__ import annotations

import zipfile
from html import escape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from assessment.errors import IntakeError
from assessment.exports.paper import blank_questionnaire
from assessment.exports.workbook import ABOUT, ANSWERS, COLUMNS, Line, assessment_workbook
from assessment.intake.workbook import Filled, changed, filled, open_workbook
from assessment.questionnaire.folder import load_catalogue
from assessment.questionnaire.models import Questionnaire
from assessment.responses import Answer, AnswerState, Confidence, EvidenceKind
from tests.conftest import ROOT

HOSTILE = '=HYPERLINK("http://x","y")'
GIVEN = Answer(
    AnswerState.ANSWERED,
    "3",
    "",
    Confidence.SURE,
    EvidenceKind.DOCUMENT,
    "https://x.org/a",
    f"{HOSTILE}\n<script>",
)
ABOUT_IT = {
    "round_id": "R", "unit_id": "FR", "questionnaire_id": "data-governance", "questionnaire_version": "1.0.0",
    "unit": HOSTILE,
}  # fmt: skip


@pytest.fixture(scope="module")
def version() -> Questionnaire:
    return load_catalogue(ROOT / "questionnaires").get("data-governance", "1.0.0")


@pytest.fixture(scope="module")
def content(version: Questionnaire) -> bytes:
    """A workbook whose first question is answered."""
    lines = [
        Line("Section", question, GIVEN if place == 0 else None, 4 if place == 0 else 0, None)
        for place, question in enumerate(version.questions.values())
    ]
    return assessment_workbook(version, lines, ABOUT_IT)


def edited(content: bytes, *cells: tuple[int, str, object]) -> bytes:
    """The workbook after somebody typed into cells, each given as line, column and what was typed."""
    book = load_workbook(BytesIO(content))
    for line, column, typed in cells:
        book[ANSWERS].cell(line, COLUMNS.index(column) + 1).value = typed
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes, version: Questionnaire) -> tuple[Filled, ...]:
    return filled(open_workbook(content, "w.xlsx"), version, "w.xlsx")


def test_what_went_out_comes_back_the_same(content: bytes, version: Questionnaire):
    (only,) = read(content, version)
    first = next(iter(version.questions))
    assert only == Filled(first, GIVEN, 4, 2)
    assert changed([only], {first: GIVEN}) == ()
    assert open_workbook(content, "w.xlsx").about.items() >= ABOUT_IT.items()


def test_no_text_becomes_a_formula_or_a_link(content: bytes):
    book = load_workbook(BytesIO(content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_ids_are_locked_answers_are_not_and_have_lists(content: bytes):
    sheet = load_workbook(BytesIO(content))[ANSWERS]
    assert sheet.protection.sheet
    assert sheet.cell(2, 1).protection.locked
    assert not sheet.cell(2, COLUMNS.index("answer") + 1).protection.locked
    offered = {str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    letter = "ABCDEFGHIJKL"[COLUMNS.index("answer")]
    assert f"{letter}2" in offered
    assert "No sponsor" in str(sheet.cell(2, COLUMNS.index("levels") + 1).value)


def test_an_answer_typed_in_excel_is_read(content: bytes, version: Questionnaire):
    second = list(version.questions)[1]
    typed = edited(content, (3, "answer", "2 Emerging"), (3, "evidence_kind", "record"), (3, "comment", 12.0))
    found = {entry.question_id: entry for entry in read(typed, version)}
    assert found[second].answer.value == "2"
    assert found[second].answer.evidence_kind is EvidenceKind.RECORD
    assert found[second].answer.comment == "12"


def test_every_fault_is_told_at_once(content: bytes, version: Questionnaire):
    wrong = edited(
        content, (3, "answer", "7 Divine"), (4, "question_id", "dgm-nothing"), (4, "answer", "1 Initial"),
        (5, "answer", "Not applicable"), (6, "answer", "1 Initial"), (6, "evidence_ref", "javascript:alert(1)"),
        (7, "answer", "1 Initial"), (7, "evidence_kind", "hearsay"),
    )  # fmt: skip
    with pytest.raises(IntakeError) as told:
        read(wrong, version)
    assert [(problem.line, problem.code) for problem in told.value.problems] == [
        (3, "A304"), (4, "A303"), (5, "A305"), (6, "A305"), (7, "A305"),
    ]  # fmt: skip


def test_a_situation_stands_in_its_locked_row_and_is_rated_only(version: Questionnaire):
    (rating, *_) = version.ratings.values()
    content = assessment_workbook(version, [Line("Situations", rating, None, 0, None)], ABOUT_IT)
    sheet = load_workbook(BytesIO(content))[ANSWERS]
    cells = {name: sheet.cell(2, column) for column, name in enumerate(COLUMNS, 1)}
    assert version.vignettes[0].situation in cells["question"].value
    assert rating.prompt in cells["question"].value
    assert [name for name in COLUMNS if not cells[name].protection.locked] == ["answer"]
    with pytest.raises(IntakeError, match="A304"):
        read(edited(content, (2, "answer", "Don't know yet")), version)


@pytest.mark.parametrize("typed", ["4", 4, 4.0, "4 managed", "Managed", "MANAGED"])
def test_a_level_is_read_however_clearly_it_is_named(content: bytes, version: Questionnaire, typed: object):
    second = list(version.questions)[1]
    found = {entry.question_id: entry for entry in read(edited(content, (3, "answer", typed)), version)}
    assert found[second].answer.value == "4"


@pytest.mark.parametrize("typed", ["0", "6", "44", "4 5", "Man", "-", "4 Defined"])
def test_what_names_no_level_or_two_is_no_choice(content: bytes, version: Questionnaire, typed: str):
    with pytest.raises(IntakeError, match="A304"):
        read(edited(content, (3, "answer", typed)), version)


@pytest.mark.parametrize("comment", ["=see the minutes", "=1+1", "==", "=cmd|'/c calc'!A1"])
def test_a_comment_that_begins_like_a_formula_is_kept_as_letters(
    content: bytes, version: Questionnaire, comment: str
):
    second = list(version.questions)[1]
    typed = edited(content, (3, "answer", "2 Emerging"), (3, "comment", comment))
    found = {entry.question_id: entry for entry in read(typed, version)}
    assert found[second].answer.comment == comment


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 41_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("made", "code"),
    [(b"", "A302"), (b"no zip at all", "A302"), (b"PK\x03\x04 broken", "A302"), (bomb(), "A301")],
    ids=["empty", "text", "broken", "bomb"],
)
def test_what_is_no_workbook_of_ours_is_told(made: bytes, code: str):
    with pytest.raises(IntakeError) as told:
        open_workbook(made, "w.xlsx")
    assert [problem.code for problem in told.value.problems] == [code]
    assert "BadZipFile" not in str(told.value)


def test_a_workbook_without_our_sheets_is_told(content: bytes):
    book = load_workbook(BytesIO(content))
    del book[ABOUT]
    out = BytesIO()
    book.save(out)
    with pytest.raises(IntakeError, match="the sheet “Answers” or “About” is missing"):
        open_workbook(out.getvalue(), "w.xlsx")


def test_the_questionnaire_on_paper_has_every_level_and_runs_nothing(version: Questionnaire):
    sections = [(dimension, dimension.questions) for dimension in version.all_dimensions()]
    page = blank_questionnaire(version, sections, "<script>alert(1)</script>").decode()
    assert "<script" not in page
    assert page.count("<h3>") == len(version.questions)
    assert page.count("<li>") == 7 * len(version.questions)
    assert "src=" not in page


def test_paper_tells_invented_situations_and_leaves_room_for_a_reason(version: Questionnaire):
    ratings = tuple(version.ratings.values())
    direction = next(version.all_dimensions())
    page = blank_questionnaire(
        version, [(direction, direction.questions), (direction, ratings)], "France"
    ).decode()
    assert page.count("The situation: ") == len(ratings)
    assert escape(version.vignettes[0].situation) in page
    assert page.count("Not applicable, because: <span class='why'>") == len(direction.questions)
