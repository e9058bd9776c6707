"""A browser can send anything: whatever it is, an answer is saved as the rules allow, or refused in words."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.actions.answering import changed_answer, save_answer
from assessment.errors import AssessmentError, EditConflict, ResponseError
from assessment.responses import ANSWER_FIELDS, Answer, AnswerState, checked_answer
from assessment.store.answers import answer_fields
from tests.conftest import SmallWorkspace
from tests.store import small

QUESTION = small.governance().questions["shared"]
#: What no widget of ours sends.
FORGED: tuple[Any, ...] = (
    3, 3.0, float("nan"), True, False, 0, {}, {"id": "3"}, [], ["3"], (), b"3", object(), AnswerState, "x" * 10**6,
    "\x00", "3\x00", "\ud800", "3\udfff", 10**30,
)  # fmt: skip
GOOD = {
    "state": "answered", "value": "3", "reason": "", "confidence": "sure", "evidence_kind": "record",
    "evidence_ref": "Log 7", "comment": "Since May",
}  # fmt: skip
#: Wrong where there is a choice, fine in a free text.
TEXTS = ("3; DROP TABLE answers", "Answered", "answered\n")


def send(workspace: SmallWorkspace, changes: Any, **more: Any) -> Any:
    options = {"expected_version": 0, "idempotency_key": small.new_key(), **more}
    return save_answer(
        workspace.desk(small.FRANCE), workspace.assessment("FR").id, "shared", changes, **options
    )


@pytest.mark.parametrize("field", ANSWER_FIELDS)
def test_a_forged_value_is_refused_and_nothing_is_written(workspace: SmallWorkspace, field: str) -> None:
    state = {"state": "not_applicable", "reason": "Not here", "value": None} if field == "reason" else {}
    before = small.everything(workspace.store)
    for forged in (*FORGED, *(TEXTS if field in ("state", "value", "confidence", "evidence_kind") else ())):
        with pytest.raises(ResponseError):
            send(workspace, {**GOOD, **state, field: forged})
    assert small.everything(workspace.store) == before


@pytest.mark.parametrize("field", ["reason", "evidence_ref", "comment"])
@pytest.mark.parametrize("text", TEXTS)
def test_odd_words_are_words_where_words_are_asked_for(
    workspace: SmallWorkspace, field: str, text: str
) -> None:
    changes = {"state": "not_applicable", "reason": "Not here", field: text}
    assert getattr(send(workspace, changes).answer, field) == text


@pytest.mark.parametrize(
    "unknown", ["version", "answered_by", "answered_at", "event_id", "assessment_id", "question_id", "score", "", "STATE", "state "]
)  # fmt: skip
def test_a_field_that_is_no_field_of_an_answer_is_refused(workspace: SmallWorkspace, unknown: str) -> None:
    before = small.everything(workspace.store)
    with pytest.raises(ResponseError):
        send(workspace, {**GOOD, unknown: "1"})
    assert small.everything(workspace.store) == before


@pytest.mark.parametrize(
    "state", ["unanswered", "draft", "submitted", "ANSWERED", "", "answered ", "AnswerState.ANSWERED", "null"]
)
def test_a_state_that_does_not_exist_is_refused(workspace: SmallWorkspace, state: str) -> None:
    with pytest.raises(ResponseError):
        send(workspace, {**GOOD, "state": state})


@pytest.mark.parametrize("version", [None, "0", -1, 1, 10**30, 0.5])
def test_a_forged_version_is_a_conflict(workspace: SmallWorkspace, version: Any) -> None:
    before = small.everything(workspace.store)
    with pytest.raises(EditConflict):
        send(workspace, GOOD, expected_version=version)
    assert small.everything(workspace.store) == before


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
plausible = {
    "state": st.sampled_from(AnswerState), "value": st.sampled_from(["1", "5", "9"]), "reason": st.text(max_size=9),
    "confidence": st.sampled_from(["sure", "estimate"]), "evidence_kind": st.sampled_from(["none", "document"]),
    "evidence_ref": st.sampled_from(["", "Log", "javascript:x"]), "comment": st.text(max_size=9),
}  # fmt: skip
changes = st.fixed_dictionaries({}, optional={field: given | anything for field, given in plausible.items()})


@given(first=changes, second=changes)
def test_what_passes_is_always_a_whole_answer(first: dict[str, Any], second: dict[str, Any]) -> None:
    answer: Answer | None = None
    for change in (first, second):
        try:
            answer = checked_answer(QUESTION, changed_answer(answer, change))
        except ResponseError:
            continue
        fields = answer_fields(answer)
        assert all(value is None or type(value) is str for value in fields.values())
        assert (answer.value in ("1", "2", "3", "4", "5")) is (answer.state is AnswerState.ANSWERED)
        assert bool(answer.reason.strip()) is (answer.state is AnswerState.NOT_APPLICABLE)
        assert changed_answer(None, fields) == answer, "what is stored reads back to the same answer"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(), key=st.text(max_size=60), change=changes)
def test_nothing_that_is_sent_breaks_the_program(
    workspace: SmallWorkspace, question: str, key: str, change: dict[str, Any]
) -> None:
    desk = workspace.desk(small.FRANCE)
    for asked in (question, "shared"):
        # Anything but an error of ours would end the test.
        with suppress(AssessmentError):
            save_answer(
                desk, workspace.assessment("FR").id, asked, change, expected_version=0, idempotency_key=key
            )
