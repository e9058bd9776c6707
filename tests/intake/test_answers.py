from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import errors
from assessment.errors import Message, Problem
from assessment.intake import tables
from assessment.intake.answers import read_answers
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import (
    ANSWER_COLUMNS,
    Answer,
    AnswerRow,
    AnswerState,
    Confidence,
    EvidenceKind,
    answer_table,
)

Refused = Callable[[Callable[[], object]], tuple[Problem, ...]]

SHORT = "round_id,unit_id,questionnaire_id,questionnaire_version,question_id,state,value"
FULL = ",".join(ANSWER_COLUMNS)
GOVERNANCE = "R1,FR,data-governance,1.0.0"


def read(
    text: str,
    catalogue: Catalogue,
    organisation: Organisation | None = None,
    rounds: Collection[str] | None = None,
) -> pd.DataFrame:
    return read_answers(text.encode(), "a.csv", catalogue, organisation=organisation, rounds=rounds)


def found(message: Message, line: int, **values: object) -> Problem:
    return message.at("a.csv", line, **values)


def row(**cells: str) -> str:
    """One full line; an answered question where nothing else is said."""
    answered = {
        "round_id": "R1", "unit_id": "FR", "questionnaire_id": "data-governance", "questionnaire_version": "1.0.0",
        "question_id": "dgm-sponsor", "state": "answered", "value": "3",
    }  # fmt: skip
    full = answered | cells
    return ",".join('"' + full.get(column, "").replace('"', '""') + '"' for column in ANSWER_COLUMNS)


def one(catalogue: Catalogue, column: str, **cells: str) -> str:
    """What a cell of the only row becomes."""
    return str(read(f"{FULL}\n{row(**cells)}\n", catalogue)[column].iloc[0])


def problems_of_one(refused: Refused, catalogue: Catalogue, **cells: str) -> tuple[Problem, ...]:
    return refused(lambda: read(f"{FULL}\n{row(**cells)}\n", catalogue))


def test_answers_come_with_every_column_as_text(catalogue: Catalogue) -> None:
    answers = read(f"value,{SHORT.removesuffix(',value')}\n3,{GOVERNANCE},dgm-sponsor,answered\n", catalogue)
    assert tuple(answers.columns) == ANSWER_COLUMNS
    assert set(map(str, answers.dtypes)) == {"str"}
    assert answers.iloc[0].to_list() == [
        "R1", "FR", "data-governance", "1.0.0", "dgm-sponsor", "answered", "3", *[""] * 7,
    ]  # fmt: skip


def test_a_file_without_rows_is_no_answers(catalogue: Catalogue) -> None:
    answers = read(SHORT, catalogue)
    assert (len(answers), tuple(answers.columns)) == (0, ANSWER_COLUMNS)


def test_a_file_with_many_different_mistakes_names_each_by_line_and_nothing_else(
    catalogue: Catalogue, organisation: Organisation, refused: Refused
) -> None:
    lines = [
        FULL,
        row(),
        row(round_id="", question_id="dgm-strategy"),
        row(round_id="R9"),
        row(unit_id="FR.sale"),
        row(questionnaire_id="data-governence"),
        row(questionnaire_version="2.0.0", respondent_id="p0"),
        row(question_id="dgm-sponser"),
        row(unit_id="FR.sales", question_id="dgm-strategy"),
        row(unit_id="ACME"),
        row(unit_id="FR.sales", state="yes"),
        row(unit_id="FR.sales", question_id="dgm-owner", value=""),
        row(question_id="dgm-strategy", state="dont_know"),
        row(respondent_id="p1", value="6"),
        row(respondent_id="p2", state="not_applicable", value=""),
        row(respondent_id="p3", confidence="certain", evidence_kind="documents"),
        row(respondent_id="p4", evidence_ref="javascript:alert(1)", comment="two\nlines"),
        row(respondent_id="p5", answered_at="22/11/2026"),
        row(),
        "R1,FR",
        row(respondent_id="p6"),
    ]
    problems = refused(lambda: read("\n".join(lines), catalogue, organisation, ["R1"]))
    states = "answered, not_applicable, dont_know"
    assert list(problems) == [
        found(errors.CELL_EMPTY, 3, column="round_id"),
        found(
            errors.CELL_UNKNOWN, 4,
            column="round_id", value="R9", where="the list of rounds", suggestion="",
        ),
        found(
            errors.CELL_UNKNOWN, 5,
            column="unit_id", value="FR.sale", where="the organisation", suggestion=" Did you mean 'FR.sales'?",
        ),
        found(
            errors.CELL_UNKNOWN, 6,
            column="questionnaire_id", value="data-governence", where="the catalogue",
            suggestion=" Did you mean 'data-governance'?",
        ),
        found(
            errors.VERSION_NOT_THERE, 7, questionnaire="data-governance", value="2.0.0", known="1.0.0, 1.1.0"
        ),
        found(
            errors.CELL_UNKNOWN, 8,
            column="question_id", value="dgm-sponser", where="data-governance@1.0.0",
            suggestion=" Did you mean 'dgm-sponsor'?",
        ),
        found(errors.NOT_ASKED, 9, question="dgm-strategy", kind="domain", unit="FR.sales"),
        found(errors.NOT_ASKED, 10, question="dgm-sponsor", kind="group", unit="ACME"),
        found(errors.CELL_CHOICE, 11, column="state", value="yes", allowed=states, suggestion=""),
        found(errors.VALUE_MISSING, 12),
        found(errors.VALUE_UNEXPECTED, 13, state="dont_know", value="3"),
        found(
            errors.VALUE_UNKNOWN, 14, value="6", question="dgm-sponsor", options="1, 2, 3, 4, 5", suggestion=""
        ),
        found(errors.REASON_MISSING, 15),
        found(
            errors.CELL_CHOICE, 16,
            column="confidence", value="certain", allowed="estimate, some_evidence, sure", suggestion="",
        ),
        found(
            errors.CELL_CHOICE, 16,
            column="evidence_kind", value="documents", allowed="none, document, record, independent",
            suggestion=" Did you mean 'document'?",
        ),
        found(errors.EVIDENCE_LINK, 17, scheme="javascript"),
        found(errors.CELL_TIME, 19, column="answered_at", value="22/11/2026"),
        found(errors.ROW_DUPLICATE, 20, what="'dgm-sponsor' for 'FR' in 'R1'", first=2),
        found(errors.ROW_LENGTH, 21, found=2, expected=14, separator=","),
    ]  # fmt: skip


def test_a_wrong_header_is_not_followed_by_complaints_about_every_cell(
    catalogue: Catalogue, refused: Refused
) -> None:
    problems = refused(lambda: read(f"{SHORT.replace('state', 'status')}\n,,,,,,x\n", catalogue))
    assert [problem.code for problem in problems] == ["A106", "A107"]


def test_what_is_unknown_is_reported_once_and_not_in_everything_that_follows_from_it(
    catalogue: Catalogue, refused: Refused
) -> None:
    problems = problems_of_one(refused, catalogue, questionnaire_id="other", question_id="x", value="77")
    assert [problem.code for problem in problems] == [errors.CELL_UNKNOWN.code]


def test_every_mandatory_cell_is_asked_for(catalogue: Catalogue, refused: Refused) -> None:
    problems = refused(lambda: read(f"{SHORT}\n,,,,,,3\n", catalogue))
    assert list(problems) == [found(errors.CELL_EMPTY, 2, column=column) for column in ANSWER_COLUMNS[:6]]


def test_without_an_organisation_every_unit_is_a_country(catalogue: Catalogue, refused: Refused) -> None:
    assert one(catalogue, "unit_id", unit_id="Côte d'Ivoire!", round_id="any round") == "Côte d'Ivoire!"
    assert problems_of_one(refused, catalogue, unit_id="FR.sales", question_id="dgm-owner") == (
        found(errors.NOT_ASKED, 2, question="dgm-owner", kind="country", unit="FR.sales"),
    )


@pytest.mark.parametrize("column", ["round_id", "unit_id", "respondent_id"])
def test_ids_hold_no_control_characters_because_they_are_joined_to_keys(
    catalogue: Catalogue, refused: Refused, column: str
) -> None:
    rule = "remove line breaks and control characters"
    assert problems_of_one(refused, catalogue, **{column: "a\x1fb\nc"}) == (
        found(errors.CELL_FORM, 2, column=column, value=r"a\x1fb\nc", rule=rule),
    )


def test_a_group_answers_nothing_whatever_the_question(
    catalogue: Catalogue, organisation: Organisation, refused: Refused
) -> None:
    text = f"{FULL}\n{row(unit_id='ACME', question_id='nonsense')}\n"
    codes = [problem.code for problem in refused(lambda: read(text, catalogue, organisation))]
    assert codes == [errors.CELL_UNKNOWN.code, errors.NOT_ASKED.code]


def test_a_question_of_a_later_version_is_unknown_in_an_earlier_one(
    catalogue: Catalogue, refused: Refused
) -> None:
    assert one(catalogue, "question_id", questionnaire_version="1.1.0", question_id="dgm-new") == "dgm-new"
    (problem,) = problems_of_one(refused, catalogue, question_id="dgm-new")
    assert "which data-governance@1.0.0 does not have" in problem.text


@pytest.mark.parametrize(
    ("column", "written", "taken"),
    [
        ("state", "Answered", "answered"),
        ("confidence", "SOME_EVIDENCE", "some_evidence"),
        ("evidence_kind", "Independent", "independent"),
        ("evidence_kind", "none", "none"),
        ("evidence_kind", "", ""),
    ],
)
def test_words_are_taken_in_any_case(catalogue: Catalogue, column: str, written: str, taken: str) -> None:
    assert one(catalogue, column, **{column: written}) == taken


@pytest.mark.parametrize("value", ["3", "3.0", "3.00", "3,0", " 3 "])
def test_a_level_may_look_as_a_spreadsheet_writes_it(catalogue: Catalogue, value: str) -> None:
    assert one(catalogue, "value", value=value) == "3"


@pytest.mark.parametrize("value", ["0", "6", "3.5", "03", "three", "+3", "3.", "-3", "٣", "3.0.0"])
def test_what_is_no_level_is_refused(catalogue: Catalogue, refused: Refused, value: str) -> None:
    (problem,) = problems_of_one(refused, catalogue, value=value)
    assert problem.code == errors.VALUE_UNKNOWN.code


OPEN = {"questionnaire_id": "open-data", "questionnaire_version": "2.0.0"}


@pytest.mark.parametrize(
    ("question", "value", "taken"),
    [
        ("od-policy", "yes-all", "yes-all"),
        ("od-policy", "YES-ALL", "yes-all"),
        ("od-policy", "no", "No"),
        ("od-policy", "3", "3"),
        ("od-case", "A", "A"),
        ("od-case", "a", "a"),
    ],
)
def test_an_option_is_matched_exactly_and_else_in_any_case(
    catalogue: Catalogue, question: str, value: str, taken: str
) -> None:
    assert one(catalogue, "value", question_id=question, value=value, **OPEN) == taken


def test_off_level_scales_a_number_is_no_way_to_write_an_option(
    catalogue: Catalogue, refused: Refused
) -> None:
    assert problems_of_one(refused, catalogue, question_id="od-policy", value="3.0", **OPEN) == (
        found(
            errors.VALUE_UNKNOWN, 2,
            value="3.0", question="od-policy", options="yes-all, No, 3", suggestion="",
        ),
    )  # fmt: skip


def test_the_same_word_is_normalised_by_each_question_for_itself(catalogue: Catalogue) -> None:
    lines = [
        SHORT,
        "R1,FR,data-governance,1.0.0,dgm-sponsor,answered,3",
        "R1,FR,data-governance,1.0.0,dgm-strategy,answered,3.0",
        "R1,FR,open-data,2.0.0,od-policy,answered,3",
        "R1,DE,data-governance,1.0.0,dgm-sponsor,dont_know,",
    ]
    assert read("\n".join(lines), catalogue)["value"].to_list() == ["3", "3", "3", ""]


def test_a_change_that_leaves_the_columns_distinct_values_alone_is_written_too(catalogue: Catalogue) -> None:
    questions = [("od-case", "A"), ("od-case", "a"), ("od-grade", "a")]
    lines = [SHORT, *(f"R{i},FR,open-data,2.0.0,{q},answered,{v}" for i, (q, v) in enumerate(questions))]
    assert read("\n".join(lines), catalogue)["value"].to_list() == ["A", "a", "A"]


@pytest.mark.parametrize("state", ["not_applicable", "dont_know"])
def test_a_value_without_an_answer_is_refused(catalogue: Catalogue, refused: Refused, state: str) -> None:
    assert problems_of_one(refused, catalogue, state=state, reason="because") == (
        found(errors.VALUE_UNEXPECTED, 2, state=state, value="3"),
    )


def test_a_reason_makes_a_question_not_applicable(catalogue: Catalogue) -> None:
    assert one(catalogue, "reason", state="not_applicable", value="", reason="nothing live") == "nothing live"


def test_the_same_question_twice_is_refused_even_in_another_version_or_spelling(
    catalogue: Catalogue, refused: Refused
) -> None:
    lines = [FULL, row(), "", row(questionnaire_version="1.1.0"), row(unit_id=" FR ")]
    what = "'dgm-sponsor' for 'FR' in 'R1'"
    assert refused(lambda: read("\n".join(lines), catalogue)) == (
        found(errors.ROW_DUPLICATE, 4, what=what, first=2),
        found(errors.ROW_DUPLICATE, 5, what=what, first=2),
    )


def test_several_people_may_answer_the_same_question(catalogue: Catalogue) -> None:
    lines = [
        FULL,
        row(),
        row(respondent_id="p1"),
        row(respondent_id="p2"),
        row(round_id="R2"),
        row(unit_id="DE"),
    ]
    assert len(read("\n".join(lines), catalogue)) == 5


def test_one_person_answers_once(catalogue: Catalogue, refused: Refused) -> None:
    lines = [FULL, row(respondent_id="p1"), row(respondent_id="p1", value="4")]
    assert [p.code for p in refused(lambda: read("\n".join(lines), catalogue))] == [errors.ROW_DUPLICATE.code]


def test_links_and_plain_references_are_kept_as_they_are(catalogue: Catalogue) -> None:
    for reference in ("https://x.org/a?b=c", "ISO: 27001", "page 3: minutes", r"C:\minutes.docx"):
        assert one(catalogue, "evidence_ref", evidence_ref=reference) == reference


def test_times_are_written_alike(catalogue: Catalogue) -> None:
    times = ["2026-11-22", "2026-11-22 14:32", "2026-11-22T14:32:00Z", "2026-11-22T14:32:00+01:00", ""]
    lines = [FULL, *(row(answered_at=time, respondent_id=f"p{i}") for i, time in enumerate(times))]
    assert read("\n".join(lines), catalogue)["answered_at"].to_list() == [
        "2026-11-22",
        "2026-11-22T14:32:00",
        "2026-11-22T14:32:00+00:00",
        "2026-11-22T14:32:00+01:00",
        "",
    ]


def test_hostile_cells_are_quoted_short_and_without_control_characters(
    catalogue: Catalogue, refused: Refused
) -> None:
    problems = problems_of_one(
        refused,
        catalogue,
        state="\x1b[31m" + "x" * 500,
        question_id="<script>\n{unit}",
        answered_at="\u202e" * 300,
        evidence_ref="java\nscript://\x07" + "y" * 500,
    )
    assert len(problems) == 4
    for problem in problems:
        assert len(problem.text) < 300
        assert problem.text.isprintable()


def test_a_row_that_is_wrong_a_thousand_times_over_is_counted(catalogue: Catalogue, refused: Refused) -> None:
    lines = [SHORT, *(f"R{i},FR,data-governance,1.0.0,dgm-sponsor,answered,9" for i in range(1_500))]
    *listed, last = refused(lambda: read("\n".join(lines), catalogue))
    assert [problem.line for problem in listed] == list(range(2, 1_002))
    assert last == found(errors.PROBLEMS_UNLISTED, 0, count=500)


def test_rows_are_the_same_whatever_portions_they_were_read_in(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join([FULL, *(row(round_id=f"R{i}", value=f"{i % 5 + 1}.0") for i in range(10))])
    whole = read(text, catalogue)
    monkeypatch.setattr(tables, "_PORTION", 3)
    pd.testing.assert_frame_equal(read(text, catalogue), whole)


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12).map(str.strip)
ANSWERS = st.one_of(
    st.builds(
        Answer,
        state=st.just(AnswerState.ANSWERED),
        value=st.sampled_from("12345"),
        confidence=st.sampled_from([None, *Confidence]),
        evidence_kind=st.sampled_from(EvidenceKind),
        comment=WORDS,
    ),
    st.builds(Answer, state=st.just(AnswerState.DONT_KNOW), comment=WORDS),
    st.builds(Answer, state=st.just(AnswerState.NOT_APPLICABLE), reason=WORDS.filter(bool)),
)


@settings(deadline=None)
@given(
    answers=st.lists(ANSWERS, max_size=5),
    moment=st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)),  # noqa: DTZ001
)
def test_any_answers_that_were_exported_read_back_equal(
    catalogue: Catalogue, answers: list[Answer], moment: datetime | None
) -> None:
    table = answer_table(
        AnswerRow(f"R{i}", "FR", "data-governance", "1.0.0", "dgm-sponsor", answer, "", moment)
        for i, answer in enumerate(answers)
    )
    read_back = read(table.to_csv(index=False, lineterminator="\r\n"), catalogue)
    pd.testing.assert_frame_equal(read_back, table)
