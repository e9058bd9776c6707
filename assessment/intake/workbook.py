"""A workbook that came back: whose it is and what it answers. What it can't say is told, all at once."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from assessment import errors
from assessment.errors import IntakeError, Problem, ResponseError
from assessment.exports.workbook import ABOUT, ANSWERS, COLUMNS, choices
from assessment.i18n import t
from assessment.questionnaire.models import Questionnaire
from assessment.responses import Answer, AnswerState, Confidence, EvidenceKind, checked_answer

#: A workbook is small; what unpacks to more than this is not one of ours, in bytes.
MAX_UNPACKED = 40_000_000
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
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise IntakeError([errors.WORKBOOK_BOMB.at(source, 0)])
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        whose, sheet = book[ABOUT], book[ANSWERS]
        about = {
            _text(row[0]): _text(row[1]) for row in whose.iter_rows(max_row=50, max_col=2, values_only=True)
        }
        lines = sheet.iter_rows(min_row=2, max_row=MAX_ROWS, max_col=len(COLUMNS), values_only=True)
        rows = [
            (number, dict(zip(COLUMNS, map(_text, cells), strict=False)))
            for number, cells in enumerate(lines, 2)
        ]
    except IntakeError:
        raise
    except Exception as error:
        broken = errors.WORKBOOK_BROKEN.at(source, 0, kind=type(error).__name__)
        raise IntakeError([broken]) from None
    return Returned(about, tuple(row for row in rows if any(row[1].values())))


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
        choice = choices(questionnaire, question).get(cells["answer"])
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


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def changed(answers: Iterable[Filled], stored: Mapping[str, Answer]) -> tuple[Filled, ...]:
    """The lines that say something else than what is stored."""
    return tuple(entry for entry in answers if stored.get(entry.question_id) != entry.answer)
