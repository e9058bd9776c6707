"""answers.csv → the answer table: every cell checked against the questionnaires, units and rounds that there are."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from assessment import errors
from assessment.intake.coded import Coded, coded, together
from assessment.intake.findings import shown
from assessment.intake.links import have_foreign_scheme
from assessment.intake.offered import Offered
from assessment.intake.sheet import Sheet
from assessment.intake.tables import read_table
from assessment.intake.times import are_usual, as_moment
from assessment.links import foreign_scheme
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.responses import (
    ANSWER_COLUMNS,
    OPTIONAL_ANSWER_COLUMNS,
    AnswerState,
    Confidence,
    EvidenceKind,
)

_MANDATORY = (
    "round_id", "unit_id", "questionnaire_id", "questionnaire_version", "question_id", "state",
)  # fmt: skip
# Whoever answers again in another version answers the same question again.
_KEY = ("round_id", "unit_id", "questionnaire_id", "question_id", "respondent_id")
_VERSION = ("questionnaire_id", "questionnaire_version")
_QUESTION = (*_VERSION, "question_id")
_STATES = frozenset(AnswerState)
_WRITTEN = ("reason", "evidence_ref", "comment")


def read_answers(
    content: bytes,
    source: str,
    catalogue: Catalogue,
    *,
    organisation: Organisation | None = None,
    rounds: Collection[str] | None = None,
    exact: bool = False,
) -> pd.DataFrame:
    """The answers in a CSV file, with exactly `ANSWER_COLUMNS`, all text; '' is missing.

    Words, options and times are written as the product writes them, whatever case or form the file had.

    Args:
        content: The file.
        source: Names the file in messages.
        catalogue: The questionnaires that can be answered.
        organisation: The units that there are; without it every unit is a country named by its id.
        rounds: The ids of the rounds that there are; without them every round is fine.
        exact: Keep spaces around what people wrote, as in a file that this product made.

    Raises:
        IntakeError: With every problem in the file, by line.
    """
    kept = _WRITTEN if exact else ()
    sheet = Sheet(read_table(content, source, ANSWER_COLUMNS, OPTIONAL_ANSWER_COLUMNS, kept))
    _check_cells(sheet, organisation, rounds)
    offered = Offered(catalogue)
    check_questionnaires(sheet, offered)
    _check_questions(sheet, offered, organisation)
    _check_states(sheet)
    _check_options(sheet, offered)
    _check_links(sheet)
    _check_times(sheet)
    _check_unique(sheet)
    return sheet.result()


def _check_cells(sheet: Sheet, organisation: Organisation | None, rounds: Collection[str] | None) -> None:
    """What can be said of each cell by itself."""
    sheet.require(*_MANDATORY)
    sheet.know_or_one_line("round_id", rounds, "the list of rounds")
    sheet.know_or_one_line("unit_id", organisation.units if organisation else None, "the organisation")
    sheet.one_line("respondent_id")
    for column, words in (
        ("state", AnswerState),
        ("confidence", Confidence),
        ("evidence_kind", EvidenceKind),
    ):
        sheet.choose(column, words)


def check_questionnaires(sheet: Sheet, offered: Offered) -> None:
    """Every row names a questionnaire and a version of it that there are."""
    sheet.know("questionnaire_id", offered.ids, "the catalogue")
    sheet.mark(
        sheet.columns(*_VERSION).where(lambda key: offered.is_wrong_version(*key)),
        errors.VERSION_NOT_THERE,
        lambda row: {
            "questionnaire": sheet.cell("questionnaire_id", row),
            "value": sheet.cell("questionnaire_version", row),
            "known": offered.versions(sheet.column("questionnaire_id").at(row)),
        },
    )


def _check_questions(sheet: Sheet, offered: Offered, organisation: Organisation | None) -> None:
    questions = sheet.columns(*_QUESTION)
    sheet.mark(
        questions.where(lambda key: offered.is_unknown_question(*key)),
        errors.CELL_UNKNOWN,
        lambda row: {
            "column": "question_id",
            "value": sheet.cell("question_id", row),
            "where": "@".join(questions.at(row)[:2]),
            "suggestion": offered.near_question(*questions.at(row)),
        },
    )
    kinds = _kinds(sheet, organisation)
    sheet.mark(
        together(kinds, *map(sheet.column, _QUESTION)).where(lambda key: offered.is_not_asked(*key)),
        errors.NOT_ASKED,
        lambda row: {
            "question": sheet.cell("question_id", row),
            "kind": kinds.at(row),
            "unit": sheet.cell("unit_id", row),
        },
    )


def _kinds(sheet: Sheet, organisation: Organisation | None) -> Coded[str]:
    """The kind of each row's unit; '' when nobody knows the unit."""
    if organisation is None:
        return sheet.column("unit_id").mapped(lambda _: str(UnitKind.COUNTRY))
    kinds = {unit.id: str(unit.kind) for unit in organisation.units.values()}
    return sheet.column("unit_id").mapped(lambda unit_id: kinds.get(unit_id, ""))


def _check_states(sheet: Sheet) -> None:
    """Whether value and reason go with the state."""
    state = sheet.column("state")
    is_answered, is_not_applicable = (
        state.where(wanted.__eq__) for wanted in (AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE)
    )
    is_known = state.where(lambda word: word in _STATES)
    has_value, has_reason = (sheet.column(column).where(bool) for column in ("value", "reason"))
    sheet.mark(is_answered & ~has_value, errors.VALUE_MISSING, lambda _: {})
    sheet.mark(
        is_known & ~is_answered & has_value,
        errors.VALUE_UNEXPECTED,
        lambda row: {"state": sheet.cell("state", row), "value": sheet.cell("value", row)},
    )
    sheet.mark(is_not_applicable & ~has_reason, errors.REASON_MISSING, lambda _: {})


def _check_options(sheet: Sheet, offered: Offered) -> None:
    """Whether each value is an option of its question; options are then written by their id."""
    answered = sheet.columns("state", *_QUESTION, "value")
    sheet.mark(
        answered.where(lambda key: _is_given(key) and offered.option(*key[1:]) is None),
        errors.VALUE_UNKNOWN,
        lambda row: {
            "question": sheet.cell("question_id", row),
            "value": sheet.cell("value", row),
            "options": offered.options(*answered.at(row)[1:4]),
            "suggestion": offered.near_option(*answered.at(row)[1:]),
        },
    )
    sheet.replace(
        "value", answered.mapped(lambda key: (_is_given(key) and offered.option(*key[1:])) or key[-1])
    )


def _is_given(key: tuple[str, ...]) -> bool:
    state, *_, value = key
    return state == AnswerState.ANSWERED and value != ""


def _check_links(sheet: Sheet) -> None:
    references = sheet.text("evidence_ref")
    sheet.mark(
        have_foreign_scheme(references),
        errors.EVIDENCE_LINK,
        lambda row: {"scheme": shown(foreign_scheme(references.iloc[row]))},
    )


def _check_times(sheet: Sheet) -> None:
    """Whether `answered_at` is a time; unusual forms of one are then written in the usual form."""
    texts = sheet.text("answered_at")
    usual = are_usual(texts)
    unusual = coded(texts.mask(usual, ""))
    rewritten = unusual.mapped(lambda text: as_moment(text) or "")
    sheet.mark(
        unusual.where(bool) & ~rewritten.where(bool),
        errors.CELL_TIME,
        lambda row: {"column": "answered_at", "value": shown(unusual.at(row))},
    )
    if not usual.all():
        sheet.replace("answered_at", coded(texts.where(usual, rewritten.texts())))


def _check_unique(sheet: Sheet) -> None:
    def what(row: int) -> str:
        question, unit, round_id = (
            sheet.cell(column, row) for column in ("question_id", "unit_id", "round_id")
        )
        return f"'{question}' for '{unit}' in '{round_id}'"

    sheet.unique(_KEY, _KEY[:-1], errors.ROW_DUPLICATE, what)
