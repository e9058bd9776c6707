"""A questionnaire that was written in a spreadsheet: every fault by its line, and a draft when there is none."""

from __future__ import annotations

import csv
import io

import pytest

from assessment.errors import CELL_CHOICE, CELL_EMPTY, CELL_FORM, ROW_TWICE, IntakeError
from assessment.exports.csv import table_csv
from assessment.intake.questions import QUESTION_COLUMNS, question_template, read_questions
from assessment.questionnaire.foreign.drafting import Head, Imported
from assessment.questionnaire.loading import load_questionnaire

HEAD = Head("ours", title="Our questions")


def sheet(*lines: dict[str, str], columns: tuple[str, ...] = QUESTION_COLUMNS) -> bytes:
    """The template's line with changes, once for each."""
    example = dict(question_template().iloc[0])
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**example, **line} for line in lines)
    return text.getvalue().encode()


def read(*lines: dict[str, str]) -> Imported:
    return read_questions(sheet(*lines), "q.csv", HEAD)


def faults(*lines: dict[str, str]) -> list[tuple[str, int]]:
    with pytest.raises(IntakeError) as refused:
        read(*lines)
    return [(problem.code, problem.line) for problem in refused.value.problems]


def test_the_template_itself_makes_a_draft() -> None:
    made = read_questions(table_csv(question_template()), "template.csv", HEAD)
    (question,) = made.questionnaire.questions.values()
    assert made.questionnaire.title == "Our questions"
    assert (question.id, question.title, question.weight, question.core) == (
        "own-named",
        "Named owner",
        2,
        True,
    )
    assert [option.label for option in question.options][2] == "All shared data sets have a name."
    assert question.gate is not None
    assert (question.gate.level, question.gate.hard) == (3, False)
    assert load_questionnaire(made.content, "again") == made.questionnaire
    assert made.report == ()


def test_lines_of_a_dimension_are_gathered_in_the_order_of_the_first() -> None:
    made = read(
        {"dimension": "B", "question_id": "b-1"}, {"dimension": "A", "question_id": "a-1"},
        {"dimension": "B", "question_id": "b-2"},
    )  # fmt: skip
    assert {entry.title: [one.id for one in entry.questions] for entry in made.questionnaire.dimensions} == {
        "B": ["b-1", "b-2"], "A": ["a-1"],
    }  # fmt: skip


def test_columns_that_may_be_missing_are() -> None:
    needed = tuple(column for column in QUESTION_COLUMNS if column.startswith("level_") or column in ("dimension", "question_id", "prompt"))  # fmt: skip
    made = read_questions(sheet({}, columns=needed), "q.csv", HEAD)
    (question,) = made.questionnaire.questions.values()
    assert (question.units, question.weight, question.gate) == (("country", "domain"), 1.0, None)


def test_every_fault_is_told_by_its_line() -> None:
    found = faults(
        {"prompt": "", "level_5": ""}, {"question_id": "Own Named", "units": "country, planet"},
        {"question_id": "own-two", "core": "perhaps", "weight": "-1", "gate_level": "6", "phase": "after"},
        {"question_id": "own-two"},
    )  # fmt: skip
    assert set(found) == {
        (CELL_EMPTY.code, 2), (CELL_FORM.code, 3), (CELL_CHOICE.code, 4), (CELL_FORM.code, 4), (ROW_TWICE.code, 5),
    }  # fmt: skip


def test_a_decimal_comma_and_semicolons_are_read() -> None:
    made = read({"weight": "1,5", "units": "domain; domain"})
    (question,) = made.questionnaire.questions.values()
    assert (question.weight, question.units) == (1.5, ("domain",))
