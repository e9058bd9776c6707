"""Saving an answer: whose it is, when it may change, what it may be, and that nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.access import Principal, Role
from assessment.actions import reviewing
from assessment.actions.answering import changed_answer, save_answer
from assessment.actions.desk import Desk
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units
from assessment.errors import AssessmentError, NotAllowed, QuestionnaireError, ResponseError
from assessment.organisation import Unit, organisation_of
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.models import UnitKind
from assessment.responses import ANSWER_FIELDS, MAX_TEXT, Answer, AnswerState, Confidence, EvidenceKind
from assessment.store.answers import StoredAnswer, answer_fields
from tests.conftest import SmallWorkspace
from tests.store import small

FULL = Answer(
    AnswerState.ANSWERED,
    "3",
    "",
    Confidence.SURE,
    EvidenceKind.RECORD,
    "https://example.org/log",
    "Since May",
)


def save(
    workspace: SmallWorkspace,
    changes: dict[str, Any],
    *,
    question: str = "shared",
    version: int = 0,
    somebody: Principal = small.FRANCE,
    unit: str = "FR",
) -> StoredAnswer:
    return save_answer(
        workspace.desk(somebody), workspace.assessment(unit).id, question, changes,
        expected_version=version, idempotency_key=small.new_key(),
    )  # fmt: skip


def assert_refused(
    workspace: SmallWorkspace, kind: type[AssessmentError], changes: dict[str, Any], **where: Any
) -> str:
    """Checks that the change is refused in words and writes nothing; gives the words."""
    before = small.everything(workspace.store)
    with pytest.raises(kind) as refused:
        save(workspace, changes, **where)
    assert type(refused.value) is kind
    assert small.everything(workspace.store) == before
    return str(refused.value)


KNOWN = {"state": "dont_know"}


@pytest.mark.parametrize(
    "somebody",
    [
        *(somebody for somebody in small.EVERYBODY if somebody != small.FRANCE),
        Principal("x", Role.COUNTRY_LEADER), Principal("x", Role.COUNTRY_LEADER, "XX"),
        Principal("x", Role.COUNTRY_LEADER, "FR.sales"), Principal("x", Role.DOMAIN_OWNER, "FR"),
        Principal("x", Role.REVIEWER, "FR"), Principal("x", Role.ADMINISTRATOR, "FR"),
    ],
    ids=lambda somebody: f"{somebody.role} {somebody.unit_id}",
)  # fmt: skip
def test_nobody_else_answers_for_a_unit(workspace: SmallWorkspace, somebody: Principal) -> None:
    assert_refused(workspace, NotAllowed, KNOWN, somebody=somebody)


@pytest.mark.parametrize("assessment_id", [0, -1, 10_000, 2**31, 2**63 - 1])
def test_an_assessment_that_does_not_exist_is_refused_in_the_words_for_a_foreign_one(
    workspace: SmallWorkspace, assessment_id: int
) -> None:
    foreign = assert_refused(workspace, NotAllowed, KNOWN, unit="DE")
    with pytest.raises(NotAllowed) as refused:
        save_answer(
            workspace.desk(small.FRANCE),
            assessment_id,
            "shared",
            KNOWN,
            expected_version=0,
            idempotency_key="x",
        )
    assert str(refused.value) == foreign


@pytest.mark.parametrize(
    "question", ["", "nothing", "SHARED", "shared ", "direction", "governance", "dgm-exec-sponsor", "edge"]
)
def test_an_unknown_question_is_refused(workspace: SmallWorkspace, question: str) -> None:
    assert_refused(workspace, NotAllowed, KNOWN, question=question)


def test_a_question_of_the_other_kind_of_unit_is_refused(workspace: SmallWorkspace) -> None:
    country = assert_refused(workspace, NotAllowed, KNOWN, question="owner")
    domain = assert_refused(
        workspace, NotAllowed, KNOWN, question="strategy", unit="FR.sales", somebody=small.SALES
    )
    unknown = assert_refused(workspace, NotAllowed, KNOWN, question="nothing")
    assert country == domain == unknown


def test_everybody_answers_what_they_are_asked(workspace: SmallWorkspace) -> None:
    for unit, somebody, questions in (
        ("FR", small.FRANCE, small.COUNTRY_QUESTIONS), ("FR.sales", small.SALES, small.DOMAIN_QUESTIONS),
    ):  # fmt: skip
        for question in questions:
            saved = save(workspace, KNOWN, question=question, unit=unit, somebody=somebody)
            assert saved.answer == Answer(AnswerState.DONT_KNOW)


def test_what_was_sent_cannot_be_changed_until_it_comes_back(workspace: SmallWorkspace) -> None:
    for question in small.COUNTRY_QUESTIONS:
        save(workspace, KNOWN, question=question)
    number = workspace.assessment("FR").id
    mine, reviewer = workspace.desk(small.FRANCE), workspace.desk(small.REVIEWER)

    reviewing.submit(mine, number)
    assert "sent for review" in assert_refused(workspace, ResponseError, KNOWN, version=1)
    reviewing.withdraw(mine, number)
    assert save(workspace, KNOWN, version=1).version == 2

    reviewing.submit(mine, number)
    reviewing.return_to_unit(reviewer, number, "More")
    assert save(workspace, KNOWN, version=2).version == 3

    reviewing.submit(mine, number)
    reviewing.accept(reviewer, number)
    assert_refused(workspace, ResponseError, KNOWN, version=3)


def test_what_is_closed_stays_as_it_is(workspace: SmallWorkspace) -> None:
    with workspace.store.write() as connection:
        connection.exec_driver_sql("UPDATE assessments SET state = 'closed'")
    assert_refused(workspace, ResponseError, KNOWN)


def test_a_version_that_the_catalogue_lost_is_told_and_nothing_is_written(workspace: SmallWorkspace) -> None:
    desk = Desk(workspace.store, catalogue_of([]), small.FRANCE, "a session", small.NOON)
    before = small.everything(workspace.store)
    with pytest.raises(QuestionnaireError, match=r"governance@1\.0\.0"):
        save_answer(
            desk, workspace.assessment("FR").id, "shared", KNOWN, expected_version=0, idempotency_key="x"
        )
    assert small.everything(workspace.store) == before


# What changes, and what doesn't -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", "5"), ("confidence", "estimate"), ("confidence", None), ("evidence_kind", "none"),
        ("evidence_kind", "independent"), ("evidence_ref", ""), ("evidence_ref", "Minutes, page 3"), ("comment", ""),
        ("comment", "Since June"),
    ],
)  # fmt: skip
def test_a_change_touches_the_named_field_only(workspace: SmallWorkspace, field: str, value: Any) -> None:
    first = save(workspace, answer_fields(FULL))
    assert first.answer == FULL
    second = save(workspace, {field: value}, version=1)
    assert answer_fields(second.answer) == {**answer_fields(FULL), field: value}


def test_two_who_change_different_fields_one_after_the_other_keep_both(workspace: SmallWorkspace) -> None:
    save(workspace, answer_fields(FULL))
    save(workspace, {"value": "4"}, version=1)
    last = save(workspace, {"comment": "Since June"}, version=2)
    assert (last.answer.value, last.answer.comment) == ("4", "Since June")


def test_another_question_and_another_unit_stay_as_they_were(workspace: SmallWorkspace) -> None:
    save(workspace, answer_fields(FULL), question="strategy")
    save(workspace, answer_fields(FULL), unit="DE", somebody=small.GERMANY)
    before = {(r["assessment_id"], r["question_id"]): r for r in small.everything(workspace.store)["answers"]}
    save(workspace, KNOWN)
    after = {(r["assessment_id"], r["question_id"]): r for r in small.everything(workspace.store)["answers"]}
    assert {place: row for place, row in after.items() if place in before} == before
    assert len(after) == 3


@pytest.mark.parametrize(
    ("change", "value", "reason"),
    [
        ({"state": "dont_know"}, None, ""),
        ({"state": "not_applicable", "reason": "No shops"}, None, "No shops"),
        ({"state": "answered", "value": "2"}, "2", ""),
        ({"state": "answered", "value": "2", "reason": "left over"}, "2", ""),
    ],
)
def test_what_belongs_to_another_state_goes_with_it(
    change: dict[str, Any], value: str | None, reason: str
) -> None:
    for before in (
        None, FULL, Answer(AnswerState.DONT_KNOW, comment="c"), Answer(AnswerState.NOT_APPLICABLE, None, "Old"),
    ):  # fmt: skip
        after = changed_answer(before, change)
        assert (after.state, after.value, after.reason) == (AnswerState(change["state"]), value, reason)
        assert after.comment == (before.comment if before else "")


# What an answer may be ----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["0", "6", "", " 3", "3.0", "three", "one", "Descriptor 3", None])
def test_a_level_that_does_not_exist_is_refused(workspace: SmallWorkspace, value: str | None) -> None:
    assert_refused(workspace, ResponseError, {"state": "answered", "value": value})


@pytest.mark.parametrize("value", ["1", "5", "One", "two"])
def test_an_option_of_another_question_is_refused(workspace: SmallWorkspace, value: str) -> None:
    assert_refused(workspace, ResponseError, {"state": "answered", "value": value}, question="tool")


def test_every_option_that_exists_can_be_chosen(workspace: SmallWorkspace) -> None:
    for version, value in enumerate(["1", "2", "3", "4", "5"]):
        saved = save(workspace, {"state": "answered", "value": value}, version=version)
        assert saved.answer.value == value
    for version, value in enumerate(["none", "one"]):
        saved = save(workspace, {"state": "answered", "value": value}, question="tool", version=version)
        assert saved.answer.value == value


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": " \t\n\u00a0"}, {"reason": None}])
def test_not_applicable_needs_a_reason(workspace: SmallWorkspace, reason: dict[str, Any]) -> None:
    said = assert_refused(workspace, ResponseError, {"state": "not_applicable", **reason})
    assert "reason" in said


def test_an_answer_needs_a_state(workspace: SmallWorkspace) -> None:
    for changes in ({}, {"value": "3"}, {"comment": "Hello"}, {"state": None, "value": "3"}):
        assert_refused(workspace, ResponseError, changes)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "javascript: alert(1)",
        "java\nscript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "vbscript:x",
        "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "ftp://example.org/x", "blob:https://x.org/1",
        "mailto:a@example.org", "x-unknown://example.org",
    ],
)  # fmt: skip
def test_a_link_is_of_the_web_or_no_link(workspace: SmallWorkspace, link: str) -> None:
    assert_refused(workspace, ResponseError, {"state": "answered", "value": "3", "evidence_ref": link})


@pytest.mark.parametrize(
    "reference",
    ["https://example.org/a?b=c:d#e", "HTTP://example.org", "page 3: minutes", "ISO: 27001", "ISO 27001", "12:30, minutes", "a: b", "../../x"],
)  # fmt: skip
def test_plain_words_and_links_of_the_web_are_references(workspace: SmallWorkspace, reference: str) -> None:
    saved = save(workspace, {"state": "answered", "value": "3", "evidence_ref": reference})
    assert saved.answer.evidence_ref == reference


@pytest.mark.parametrize("field", ["reason", "evidence_ref", "comment"])
def test_a_text_may_be_as_long_as_it_says_and_no_longer(workspace: SmallWorkspace, field: str) -> None:
    state = {"state": "not_applicable", "reason": "x"}
    longest = "é" * MAX_TEXT
    said = assert_refused(workspace, ResponseError, {**state, field: longest + "x"})
    assert str(MAX_TEXT) in said
    assert getattr(save(workspace, {**state, field: longest}).answer, field) == longest


def test_the_fields_that_can_change_are_those_that_are_stored() -> None:
    assert set(answer_fields(FULL)) == set(ANSWER_FIELDS)


def test_a_save_reads_and_writes_no_more_when_there_are_more_units_and_rounds(
    workspace: SmallWorkspace,
) -> None:
    def sent(version: int) -> list[str]:
        with small.statements(workspace.store) as seen:
            save(workspace, {"state": "dont_know"}, version=version)
        return seen

    sent(0)
    few = sent(1)
    more = [Unit(f"C{n}", f"Country {n}", UnitKind.COUNTRY, "ACME") for n in range(50)]
    desk = workspace.desk(small.ADMINISTRATOR)
    add_units(desk, organisation_of([*workspace.organisation.units.values(), *more]))
    open_round(desk, small.small_round("2027"))
    assert sent(2) == few
    assert len(few) <= 10
    assert all("WHERE" in text for text in few if text.startswith("SELECT") and "advisory" not in text)
