"""The way of an assessment from its unit to the reviewer and back: who may take which step, and when."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.dialects import postgresql

from assessment.access import Principal
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.actions.import_plan import Files
from assessment.actions.importing import bring_in
from assessment.actions.reviewing import open_questions
from assessment.errors import NotAllowed, ResponseError, StoreError
from assessment.intake.bundle import File
from assessment.responses import AssessmentState
from assessment.store.answers import read_answer
from assessment.store.assessments import StoredAssessment, change_state
from assessment.store.workspace import Stamp
from tests.conftest import SmallWorkspace
from tests.store import small

Step = Callable[[Desk, int], StoredAssessment]


def give_back(desk: Desk, number: int) -> StoredAssessment:
    return reviewing.return_to_unit(desk, number, "  Add the evidence, please.\n")


STEPS: dict[str, tuple[Step, Principal]] = {
    "submit": (reviewing.submit, small.FRANCE),
    "withdraw": (reviewing.withdraw, small.FRANCE),
    "accept": (reviewing.accept, small.REVIEWER),
    "return": (give_back, small.REVIEWER),
}
#: What each step makes of each state; what isn't here is refused.
AFTER = {
    ("submit", "draft"): "submitted",
    ("submit", "returned"): "submitted",
    ("withdraw", "submitted"): "draft",
    ("accept", "submitted"): "accepted",
    ("return", "submitted"): "returned",
}


def answer(workspace: SmallWorkspace, *questions: str, value: str | None = None, version: int = 0) -> None:
    for question in questions:
        changes = {"state": "answered", "value": value} if value else {"state": "dont_know"}
        save_answer(
            workspace.desk(small.FRANCE), workspace.assessment("FR").id, question, changes,
            expected_version=version, idempotency_key=small.new_key(),
        )  # fmt: skip


@pytest.fixture
def complete(workspace: SmallWorkspace) -> SmallWorkspace:
    answer(workspace, *small.COUNTRY_QUESTIONS)
    return workspace


def put(workspace: SmallWorkspace, state: str) -> int:
    """Sets the state as no action does; gives the assessment's number."""
    with workspace.store.write() as connection:
        connection.execute(text("UPDATE assessments SET state = :state"), {"state": state})
    return workspace.assessment("FR").id


@pytest.mark.parametrize(("step", "state"), list(product(STEPS, map(str, AssessmentState))))
def test_a_step_is_possible_from_these_states_only(complete: SmallWorkspace, step: str, state: str) -> None:
    number = put(complete, state)
    act, somebody = STEPS[step]
    before = small.everything(complete.store)
    if after := AFTER.get((step, state)):
        moved = act(complete.desk(somebody, at=small.later(7)), number)
        assert moved == complete.assessment("FR")
        assert (moved.state, moved.state_version, moved.changed_at) == (after, 1, small.later(7))
        assert small.everything(complete.store)["answers"] == before["answers"], "no step changes an answer"
        assert small.everything(complete.store)["answer_events"] == before["answer_events"]
    else:
        with pytest.raises(ResponseError, match=state):
            act(complete.desk(somebody), number)
        assert small.everything(complete.store) == before


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_whose_it_is(complete: SmallWorkspace, step: str) -> None:
    act, allowed = STEPS[step]
    number = put(complete, next(state for name, state in AFTER if name == step))
    before = small.everything(complete.store)
    for somebody in small.EVERYBODY:
        if somebody != allowed:
            with pytest.raises(NotAllowed) as foreign:
                act(complete.desk(somebody), number)
            with pytest.raises(NotAllowed) as absent:
                act(complete.desk(somebody), 10_000)
            assert str(foreign.value) == str(absent.value)
    assert small.everything(complete.store) == before
    act(complete.desk(allowed), number)


def test_every_step_is_kept_with_who_when_from_where_to_where_and_why(complete: SmallWorkspace) -> None:
    number = complete.assessment("FR").id
    for minute, step in enumerate(["submit", "withdraw", "submit", "return", "submit", "accept"]):
        act, somebody = STEPS[step]
        act(complete.desk(somebody, at=small.later(minute)), number)
    kept = small.rows_of(complete.store, "SELECT * FROM assessment_events ORDER BY id")
    assert [
        (
            row["at"][11:16],
            row["person"],
            row["role"],
            row["state_before"],
            row["state_after"],
            row["comment"],
        )
        for row in kept
    ] == [
        ("12:00", "Fay", "country_leader", "draft", "submitted", ""),
        ("12:01", "Fay", "country_leader", "submitted", "draft", ""),
        ("12:02", "Fay", "country_leader", "draft", "submitted", ""),
        ("12:03", "Rita", "reviewer", "submitted", "returned", "Add the evidence, please."),
        ("12:04", "Fay", "country_leader", "returned", "submitted", ""),
        ("12:05", "Rita", "reviewer", "submitted", "accepted", ""),
    ]
    assert {row["assessment_id"] for row in kept} == {number}
    assert complete.assessment("FR").state_version == 6


# Sending ------------------------------------------------------------------------------------------------


def test_nothing_is_sent_while_questions_are_open_and_their_number_is_told(
    workspace: SmallWorkspace,
) -> None:
    number = workspace.assessment("FR").id
    for question, left in (("tool", "3 questions"), ("strategy", "2 questions"), ("shared", "1 question")):
        before = small.everything(workspace.store)
        with pytest.raises(ResponseError, match=rf"^{left} left\."):
            reviewing.submit(workspace.desk(small.FRANCE), number)
        assert small.everything(workspace.store) == before
        answer(workspace, question)
    assert reviewing.submit(workspace.desk(small.FRANCE), number).state == "submitted"


@pytest.mark.parametrize(("level", "left"), [("3", 0), ("4", 1), ("5", 1)])
def test_only_questions_that_are_shown_have_to_be_answered(
    workspace: SmallWorkspace, level: str, left: int
) -> None:
    answer(workspace, "strategy", "tool")
    answer(workspace, "shared", value=level)
    number = workspace.assessment("FR").id
    if left:
        with pytest.raises(ResponseError, match=r"^1 question left\."):
            reviewing.submit(workspace.desk(small.FRANCE), number)
        answer(workspace, "detail")
    assert reviewing.submit(workspace.desk(small.FRANCE), number).state == "submitted"


def test_open_questions_come_in_the_questionnaires_order(workspace: SmallWorkspace) -> None:
    answer(workspace, "shared", value="5")
    with workspace.store.read() as connection:
        stored = read_answer(connection, workspace.assessment("FR").id, "shared")
    assert stored is not None
    for kind, unit, expected in (
        ("country", "FR", ["detail", "strategy", "tool"]), ("domain", "FR.sales", ["detail", "owner", "tool"]),
    ):  # fmt: skip
        found = open_questions(
            workspace.catalogue, workspace.assessment(unit), workspace.organisation, {"shared": stored}
        )
        assert [question.id for question in found] == expected, kind


def test_a_late_change_is_refused_once_it_was_sent(complete: SmallWorkspace) -> None:
    """The autosave of another tab arrives after the click on 'send'."""
    reviewing.submit(complete.desk(small.FRANCE), complete.assessment("FR").id)
    before = small.everything(complete.store)
    with pytest.raises(ResponseError, match="sent for review"):
        answer(complete, "shared", value="5", version=1)
    assert small.everything(complete.store) == before


# Giving back --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("comment", ["", " ", "\n\t", "\u00a0"])
def test_nothing_is_given_back_without_saying_why(complete: SmallWorkspace, comment: str) -> None:
    number = put(complete, "submitted")
    before = small.everything(complete.store)
    with pytest.raises(ResponseError, match="comment"):
        reviewing.return_to_unit(complete.desk(small.REVIEWER), number, comment)
    assert small.everything(complete.store) == before


def test_the_unit_reads_why_it_came_back(complete: SmallWorkspace) -> None:
    number = put(complete, "submitted")
    hostile = "Level 4? <script>alert(1)</script> =1+1 {state} '; --"
    reviewing.return_to_unit(complete.desk(small.REVIEWER), number, hostile)
    assert complete.assessment("FR").comment == hostile


# Two at the same time -----------------------------------------------------------------------------------


def test_of_two_steps_from_the_same_state_the_second_is_refused(complete: SmallWorkspace) -> None:
    """One reviewer accepts, the other gives back what is no longer there to give back."""
    number = put(complete, "submitted")
    reviewing.accept(complete.desk(small.REVIEWER), number)
    before = small.everything(complete.store)
    for act in (give_back, reviewing.accept):
        with pytest.raises(ResponseError, match="accepted"):
            act(complete.desk(small.REVIEWER), number)
    assert small.everything(complete.store) == before


@pytest.mark.parametrize("step", STEPS)
def test_a_step_from_an_old_page_is_refused_though_the_state_is_the_same_again(
    complete: SmallWorkspace, step: str
) -> None:
    """Withdrawn, changed and sent again: a reviewer accepts what was read, not what stands there now."""
    number, mine, reviewer = (
        complete.assessment("FR").id,
        complete.desk(small.FRANCE),
        complete.desk(small.REVIEWER),
    )
    acts: dict[str, Callable[[int], StoredAssessment]] = {
        "submit": lambda seen: reviewing.submit(mine, number, seen=seen),
        "withdraw": lambda seen: reviewing.withdraw(mine, number, seen=seen),
        "accept": lambda seen: reviewing.accept(reviewer, number, seen=seen),
        "return": lambda seen: reviewing.return_to_unit(reviewer, number, "More", seen=seen),
    }
    reviewing.submit(mine, number)
    reviewing.withdraw(mine, number)
    if step != "submit":
        reviewing.submit(mine, number)
    now = complete.assessment("FR").state_version
    before = small.everything(complete.store)
    for seen in (now - 2, now - 1, now + 1, -1):
        with pytest.raises(ResponseError, match="changed since"):
            acts[step](seen)
    assert small.everything(complete.store) == before
    assert acts[step](now).state_version == now + 1


@pytest.mark.parametrize("act", ["save", *STEPS])
def test_on_postgresql_every_write_first_locks_its_assessment(complete: SmallWorkspace, act: str) -> None:
    """Without it an answer was stored after the submission that it should have been refused by."""
    sent: list[str] = []
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

    def note(_connection: Any, statement: Any, *_rest: Any) -> None:
        if hasattr(statement, "compile"):
            sent.append(str(statement.compile(dialect=dialect)))

    number = put(complete, next((state for name, state in AFTER if name == act), "draft"))
    event.listen(complete.store.engine, "before_execute", note)
    if act == "save":
        answer(complete, "shared", version=1)
    else:
        step, somebody = STEPS[act]
        step(complete.desk(somebody), number)
    event.remove(complete.store.engine, "before_execute", note)
    locks = [
        place for place, text in enumerate(sent) if "FROM assessments" in text and text.endswith("FOR UPDATE")
    ]
    others = [
        place
        for place, text in enumerate(sent)
        if "answer" in text or not text.startswith(("SELECT", "WITH"))
    ]
    assert len(locks) == 1
    assert locks[0] < min(others)


def test_the_store_itself_notices_that_the_state_changed_since_it_was_read(complete: SmallWorkspace) -> None:
    put(complete, "submitted")
    stale = complete.assessment("FR")
    reviewing.accept(complete.desk(small.REVIEWER), stale.id)
    before = small.everything(complete.store)
    stamp = Stamp("Rita", "reviewer", small.NOON, "a session")
    with pytest.raises(StoreError, match="Somebody else"), complete.store.write() as connection:
        change_state(connection, stale, AssessmentState.RETURNED, stamp, "More")
    assert small.everything(complete.store) == before


def as_reviewer(principal: Principal) -> Principal:
    """The same person in their other role."""
    return Principal(principal.person, small.REVIEWER.role)


@pytest.mark.parametrize("judge", [reviewing.accept, give_back])
def test_nobody_reviews_what_they_sent_themselves_in_whatever_role(
    complete: SmallWorkspace, judge: Step
) -> None:
    number = complete.assessment("FR").id
    reviewing.submit(complete.desk(Principal("Deputy", small.FRANCE.role, "FR")), number)
    before = small.everything(complete.store)
    for own in ("Deputy", small.FRANCE.person):
        with pytest.raises(ResponseError, match="Somebody else has to review it"):
            judge(complete.desk(Principal(own, small.REVIEWER.role)), number)
    assert small.everything(complete.store) == before
    judge(complete.desk(small.REVIEWER), number)


def test_who_sent_it_before_and_answers_there_no_more_may_review_what_others_sent(
    complete: SmallWorkspace,
) -> None:
    number = complete.assessment("FR").id
    deputy = Principal("Deputy", small.FRANCE.role, "FR")
    reviewing.submit(complete.desk(deputy), number)
    reviewing.withdraw(complete.desk(deputy), number)
    reviewing.submit(complete.desk(small.FRANCE), number)
    assert reviewing.accept(complete.desk(as_reviewer(deputy)), number).state is AssessmentState.ACCEPTED


def test_what_an_administrators_file_brought_is_its_units_own(workspace: SmallWorkspace) -> None:
    administrator = Principal("Ada", small.ADMINISTRATOR.role)
    columns = "round_id,unit_id,questionnaire_id,questionnaire_version,question_id,state,value,reason"
    columns += ",confidence,evidence_kind,evidence_ref,comment,respondent_id,answered_at"
    asked = ("shared", "strategy", "tool")
    rows = [f"{small.ROUND},FR,governance,1.0.0,{name},dont_know,,,,,,,," for name in asked]
    answers = "\n".join([columns, *rows])
    bring_in(workspace.desk(administrator), Files(answers=File("answers.csv", answers.encode())))
    number = workspace.assessment("FR").id
    reviewing.submit(workspace.desk(small.FRANCE), number)
    accepted = reviewing.accept(workspace.desk(as_reviewer(administrator)), number)
    assert accepted.state is AssessmentState.ACCEPTED
