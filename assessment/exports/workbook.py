"""An assessment as an Excel workbook: to be filled in without the app, and read back by `intake.workbook`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assessment.i18n import t
from assessment.questionnaire.models import Question, Questionnaire
from assessment.responses import ANSWER_FIELDS, MAX_TEXT, Answer, AnswerState, Confidence, EvidenceKind

#: Sheets by name, and the columns of the first in their order; the reader looks for these.
ANSWERS, LISTS, ABOUT = "Answers", "Lists", "About"
COLUMNS = (
    "question_id", "version", "dimension", "question", "answer", *ANSWER_FIELDS[2:], "last_round", "levels",
)  # fmt: skip
HEADINGS: Mapping[str, str] = {
    "question_id": "Id (don't change)",
    "version": "Version (don't change)",
    "dimension": "Section",
    "question": "Question",
    "answer": "Answer",
    "reason": "Why it doesn't apply",
    "confidence": "How sure",
    "evidence_kind": "What backs it",
    "evidence_ref": "Where it is",
    "comment": "Comment",
    "last_round": "Last round",
    "levels": "What each level means",
}
_WIDTHS = {
    "question_id": 18,
    "version": 8,
    "question": 48,
    "answer": 24,
    "levels": 90,
    "evidence_ref": 28,
    "comment": 36,
}
#: What people fill in; all other cells are locked.
OPEN = ("answer", "reason", "confidence", "evidence_kind", "evidence_ref", "comment")
DONT_KNOW, NOT_APPLICABLE = "Don't know yet", "Not applicable"


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the workbook, with the answer that is stored and its version; 0 without one."""

    dimension: str
    question: Question
    answer: Answer | None
    version: int
    last: Answer | None


def choices(questionnaire: Questionnaire, question: Question) -> dict[str, tuple[AnswerState, str | None]]:
    """What can be chosen in the workbook, by its words: each option, then the two that have no level.

    Of an invented situation everybody knows the same, so a level is all that can be said about it.
    """
    named: dict[str, tuple[AnswerState, str | None]] = {}
    for option in question.options:
        levels = questionnaire.has_levels and option.id.isdecimal()
        words = f"{option.id} {questionnaire.level_name(int(option.id))}" if levels else option.label
        named[words] = (AnswerState.ANSWERED, option.id)
    if question.id in questionnaire.ratings:
        return named
    return {
        **named, t(DONT_KNOW): (AnswerState.DONT_KNOW, None), t(NOT_APPLICABLE): (AnswerState.NOT_APPLICABLE, None)
    }  # fmt: skip


def situation_of(questionnaire: Questionnaire, question: Question) -> str:
    """What a vignette tells, without which its rating can't be given; '' for a question about the unit."""
    return next((entry.situation for entry in questionnaire.vignettes if entry.id == question.id), "")


def assessment_workbook(
    questionnaire: Questionnaire, lines: Sequence[Line], about: Mapping[str, str]
) -> bytes:
    """The workbook as bytes of an .xlsx file.

    `about` has what the reader needs to know whose it is (`round_id`, `unit_id`, `questionnaire_id`,
    `questionnaire_version`), and may say more. Every text is written as text: a formula in a name stays its letters.
    """
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet, lists, whose = (book.add_worksheet(name) for name in (ANSWERS, LISTS, ABOUT))
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E5E7EB"})
        locked = book.add_format({"text_wrap": True, "valign": "top"})
        free = book.add_format(
            {"text_wrap": True, "valign": "top", "locked": False, "bg_color": "#FEF9E7", "border": 1}
        )
        _about(whose, about)
        _lists(lists, questionnaire, lines)
        _answers(sheet, questionnaire, lines, head, locked, free)
        lists.hide()
    return content.getvalue()


def _answers(
    sheet: Worksheet,
    questionnaire: Questionnaire,
    lines: Sequence[Line],
    head: Format,
    locked: Format,
    free: Format,
) -> None:
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 18))
        sheet.write_string(0, column, t(HEADINGS[name]), head)
    for row, line in enumerate(lines, 1):
        cells = _cells(questionnaire, line)
        # An invented situation is rated, not backed.
        is_open = OPEN[:1] if line.question.id in questionnaire.ratings else OPEN
        for column, name in enumerate(COLUMNS):
            sheet.write_string(row, column, cells[name], free if name in is_open else locked)
        last = len(choices(questionnaire, line.question))
        _offer(sheet, row, "answer", f"={LISTS}!$A${row + 2}:{_letters(last)}${row + 2}")
        _offer(sheet, row, "confidence", [str(entry) for entry in Confidence])
        _offer(sheet, row, "evidence_kind", [str(entry) for entry in EvidenceKind])
    sheet.freeze_panes(1, COLUMNS.index("answer"))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # Without a password: it keeps from slips, it hides nothing.
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _offer(sheet: Worksheet, row: int, name: str, source: str | list[str]) -> None:
    column = COLUMNS.index(name)
    rule = {
        "validate": "list", "source": source, "error_title": t("Not one of the choices"),
        "error_message": t("Choose from the list, or leave the cell empty."),
    }  # fmt: skip
    sheet.data_validation(row, column, row, column, rule)


def _cells(questionnaire: Questionnaire, line: Line) -> dict[str, str]:
    answer = line.answer
    texts = {name: str(getattr(answer, name) or "") if answer else "" for name in OPEN[1:]}
    if answer is None:
        texts["evidence_kind"] = ""
    described = [
        f"{words}: {option.label}" if option.label != words else words
        for words, option in zip(choices(questionnaire, line.question), line.question.options, strict=False)
    ]
    told = situation_of(questionnaire, line.question)
    situation = t("The situation: {told}", told=told) if told else ""
    asked = "\n".join(filter(None, [situation, line.question.prompt, line.question.help]))
    return {
        **{name: text[:MAX_TEXT] for name, text in texts.items()},
        "question_id": line.question.id, "version": str(line.version), "dimension": line.dimension,
        "question": asked, "answer": in_words(questionnaire, line.question, answer),
        "last_round": in_words(questionnaire, line.question, line.last), "levels": "\n".join(described),
    }  # fmt: skip


def in_words(questionnaire: Questionnaire, question: Question, answer: Answer | None) -> str:
    """The choice in the words of the list; '' without an answer."""
    if answer is None:
        return ""
    wanted = (answer.state, answer.value)
    return next((words for words, choice in choices(questionnaire, question).items() if choice == wanted), "")


def _lists(sheet: Worksheet, questionnaire: Questionnaire, lines: Sequence[Line]) -> None:
    """The choices of each question in a row of its own: a list in a cell's rule is cut after 255 characters."""
    sheet.write_string(0, 0, t("The choices of each question; the first sheet's lists read them."))
    for row, line in enumerate(lines, 2):
        for column, words in enumerate(choices(questionnaire, line.question)):
            sheet.write_string(row - 1, column, words)
    sheet.protect()


def _about(sheet: Worksheet, about: Mapping[str, str]) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    notes = (
        t("Fill in the yellow cells of the first sheet. An empty answer changes nothing."),
        t(
            "Upload the file on your assessment's offline page: it shows every change before anything is written."
        ),
    )
    for row, (name, text) in enumerate([*about.items(), *(("", note) for note in notes)]):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
    sheet.protect()


def _letters(count: int) -> str:
    """The absolute column of the `count`th cell of a row; no question has more than 26 choices in a row of letters."""
    name = ""
    while count:
        count, rest = divmod(count - 1, 26)
        name = chr(ord("A") + rest) + name
    return f"${name}"
