"""A workbook that came back: whose it is and what it answers. What it can't say is told, all at once."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES

from assessment import errors
from assessment.errors import IntakeError, Problem, ResponseError
from assessment.exports.workbook import ABOUT, ANSWERS, COLUMNS, choices
from assessment.i18n import t
from assessment.questionnaire.models import Question, Questionnaire
from assessment.responses import Answer, AnswerState, Confidence, EvidenceKind, checked_answer

#: A workbook is small, every text as long as it may be: what unpacks to more bytes, or more elements, is none of ours.
#: Elements are what reading takes time for.
MAX_UNPACKED, MAX_ELEMENTS = 4_000_000, 50_000
MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Filled:
    """One answered line; `version` is that of the answer when the workbook was made."""

    question_id: str
    answer: Answer
    version: int
    line: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What a workbook says of itself, and its lines as text by column."""

    about: Mapping[str, str]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def open_workbook(content: bytes, source: str) -> Returned:
    """The workbook's cells as text, without running anything in it.

    Raises:
        IntakeError: It isn't a workbook that this product made.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if _is_bomb(archive):
                raise IntakeError([errors.WORKBOOK_BOMB.at(source, 0)])
        about, rows = _read(content)
    except IntakeError:
        raise
    except Exception as error:
        raise IntakeError([errors.WORKBOOK_BROKEN.at(source, 0, reason=_in_words(error))]) from None
    return Returned(about, tuple(row for row in rows if any(row[1].values())))


def _is_bomb(archive: zipfile.ZipFile) -> bool:
    """Whether it would take more memory or time than a workbook of ours could."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        return True
    return sum(archive.read(part).count(b"<") for part in parts) > MAX_ELEMENTS


def _read(content: bytes) -> tuple[dict[str, str], list[tuple[int, dict[str, str]]]]:
    """What stands on the sheet about the workbook, and the lines of the answers with their numbers."""
    results, letters = (
        load_workbook(BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
        for data_only in (True, False)
    )
    pairs = results[ABOUT].iter_rows(max_row=50, max_col=2, values_only=True)
    about = {_text(name): _text(text) for name, text in pairs}
    reach = {"min_row": 2, "max_row": MAX_ROWS, "max_col": len(COLUMNS), "values_only": True}
    lines = zip(results[ANSWERS].iter_rows(**reach), letters[ANSWERS].iter_rows(**reach), strict=True)
    rows = [
        (number, dict(zip(COLUMNS, map(_typed, *cells), strict=False)))
        for number, cells in enumerate(lines, 2)
    ]
    return about, rows


def _in_words(error: Exception) -> str:
    """What is wrong with a file that can't be read, for somebody who chose it."""
    if isinstance(error, zipfile.BadZipFile):
        return t("it is no Excel file (.xlsx), or only a part of one")
    if isinstance(error, KeyError):
        return t("the sheet “{answers}” or “{about}” is missing", answers=ANSWERS, about=ABOUT)
    return t("it is damaged")


def filled(returned: Returned, questionnaire: Questionnaire, source: str) -> tuple[Filled, ...]:
    """The lines with an answer, each as it would be stored.

    Raises:
        IntakeError: A line names an unknown question or choice, or breaks a rule of answers; with every one.
    """
    problems: list[Problem] = []
    found = []
    seen: set[str] = set()
    for line, cells in returned.rows:
        question = questionnaire.answerable.get(cells["question_id"])
        if question is None or question.id in seen:
            problems.append(errors.WORKBOOK_QUESTION.at(source, line, name=cells["question_id"][:80]))
            continue
        seen.add(question.id)
        if not cells["answer"]:
            continue
        choice = _chosen(questionnaire, question, cells["answer"])
        if choice is None:
            problems.append(errors.WORKBOOK_CHOICE.at(source, line, words=cells["answer"][:80]))
            continue
        try:
            answer = checked_answer(question, _answer(choice, cells))
        except (ResponseError, ValueError) as error:
            problems.append(errors.WORKBOOK_ANSWER.at(source, line, reason=str(error)))
            continue
        found.append(Filled(question.id, answer, _number(cells["version"]), line))
    if problems:
        raise IntakeError(problems)
    return tuple(found)


def _chosen(
    questionnaire: Questionnaire, question: Question, typed: str
) -> tuple[AnswerState, str | None] | None:
    """The choice that somebody meant: its words in any case, its number or its name alone; None when none or several."""
    wanted = typed.casefold()
    meant = {
        choice
        for words, choice in choices(questionnaire, question).items()
        if wanted in (words.casefold(), (choice[1] or "").casefold(), _name(words, choice[1]).casefold())
    }
    return meant.pop() if len(meant) == 1 else None


def _name(words: str, value: str | None) -> str:
    """A level's name without its number; other words as they are."""
    return words.removeprefix(f"{value} ")


def _answer(choice: tuple[AnswerState, str | None], cells: Mapping[str, str]) -> Answer:
    state, value = choice
    confidence, kind = cells["confidence"], cells["evidence_kind"] or EvidenceKind.NONE
    if confidence not in ("", *Confidence) or kind not in set(EvidenceKind):
        raise ValueError(t("'how sure' and 'what backs it' have a list; take one of its entries."))
    reason = cells["reason"] if state is AnswerState.NOT_APPLICABLE else ""
    return Answer(
        state, value, reason, Confidence(confidence) if confidence else None, EvidenceKind(kind),
        cells["evidence_ref"], cells["comment"],
    )  # fmt: skip


def _text(cell: Any) -> str:
    """A cell as text; Excel keeps a whole number as 3.0, and carriage returns of its own."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).replace("_x000D_", "").replace("\r", "").replace("\0", "").strip()


def _typed(result: Any, letters: Any) -> str:
    """What somebody typed; a text that begins with `=`, which Excel takes for a formula, stays its letters.

    A formula that came to something says that.
    """
    is_lost = result is None or result in ERROR_CODES
    return _text(getattr(letters, "text", letters) if is_lost else result)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def changed(answers: Iterable[Filled], stored: Mapping[str, Answer]) -> tuple[Filled, ...]:
    """The lines that say something else than what is stored."""
    return tuple(entry for entry in answers if stored.get(entry.question_id) != entry.answer)
