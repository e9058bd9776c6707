"""Everything that can happen to assessments, in any order, against a dictionary that knows no database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule, run_state_machine_as_test

from assessment.access import Principal, scope_of
from assessment.actions import reviewing
from assessment.actions import workspace as workspace_actions
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.errors import AssessmentError, EditConflict, NotAllowed, ResponseError
from assessment.responses import AssessmentState
from assessment.store.answers import answer_fields, answer_frame
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.store.engine import open_store
from assessment.store.workspace import revision
from tests.store import small
from tests.store.test_history import EVENTS, current_rows, folded

LEVELS = ("1", "2", "3", "4", "5")
OWNERS = {"FR": small.FRANCE, "FR.sales": small.SALES}
OTHERS = [somebody for somebody in small.EVERYBODY if somebody not in OWNERS.values()]
EDITABLE, FINISHED = ("draft", "returned"), ("submitted", "accepted")
EMPTY = {
    "state": None, "value": None, "reason": "", "confidence": None, "evidence_kind": "none", "evidence_ref": "",
    "comment": "",
}  # fmt: skip
Fields = dict[str, Any]

units = st.sampled_from(sorted(OWNERS))
questions = st.sampled_from(["shared", "detail", "strategy", "owner", "tool"])
comments = st.sampled_from(["", "Ça alors", "=1+1", "a\nb"])
changes = st.one_of(
    st.fixed_dictionaries(
        {"state": st.just("answered"), "value": st.sampled_from([*LEVELS, "one", "9"])}, optional={"comment": comments}
    ),
    st.fixed_dictionaries({"state": st.just("not_applicable"), "reason": st.sampled_from(["", "Not here"])}),
    st.just({"state": "dont_know"}),
    st.fixed_dictionaries({"comment": comments}),
    st.fixed_dictionaries({"value": st.sampled_from(LEVELS)}),
)


def allowed_options(question: str) -> tuple[str, ...]:
    return ("none", "one") if question == "tool" else LEVELS


def asked(unit: str, question: str) -> bool:
    return question in (small.DOMAIN_QUESTIONS if "." in unit else small.COUNTRY_QUESTIONS)


def changed(fields: Fields | None, change: Fields, question: str) -> Fields | None:
    """What an answer becomes, by the rules as a person would say them; None when they forbid it."""
    new = {**(fields or EMPTY), **change}
    if new["state"] is None:
        return None
    if new["state"] != "answered":
        new["value"] = None
    elif new["value"] not in allowed_options(question):
        return None
    if new["state"] != "not_applicable":
        new["reason"] = ""
    elif not new["reason"]:
        return None
    return new


class Assessments(RuleBasedStateMachine):
    """The model: `self.states` by unit, `self.answers` by unit and question as (fields, version)."""

    template: ClassVar[Path]
    saves = Bundle("saves")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = open_store(f"sqlite:///{shutil.copy(self.template, self.folder)}")
        self.catalogue = small.small_catalogue()
        self.states = dict.fromkeys(OWNERS, "draft")
        self.answers: dict[tuple[str, str], tuple[Fields, int]] = {}
        self.keys = 0

    @initialize()
    def open_the_workspace(self) -> None:
        desk = self.desk(small.ADMINISTRATOR)
        workspace_actions.start_empty(desk)
        workspace_actions.add_units(desk, small.small_organisation())
        workspace_actions.open_round(desk, small.small_round())
        self.seen_revision: tuple[int, ...] = ()

    def teardown(self) -> None:
        self.store.engine.dispose()
        shutil.rmtree(self.folder)

    # What people do -----------------------------------------------------------------------------------

    @rule(target=saves, unit=units, question=questions, change=changes, stale=st.sampled_from([0, 0, 0, -1, 1]))
    def save(self, unit: str, question: str, change: Fields, stale: int) -> Any:
        self.keys += 1
        edit = (unit, question, change, self.version(unit, question) + stale, f"key {self.keys}")
        before, version = self.answers.get((unit, question), (None, 0))
        after = changed(before, change, question)
        if not asked(unit, question):
            self.refused(NotAllowed, lambda: self.send(edit))
        elif self.states[unit] not in EDITABLE:
            self.refused(ResponseError, lambda: self.send(edit))
        elif stale:
            conflict = self.refused(EditConflict, lambda: self.send(edit))
            assert self.as_model(conflict.current) == self.answers.get((unit, question))
        elif after is None:
            self.refused(ResponseError, lambda: self.send(edit))
        else:
            self.answers[unit, question] = (after, version + 1)
            assert self.as_model(self.send(edit)) == (after, version + 1)
            return edit
        return multiple()

    @rule(edit=saves)
    def repeat_a_save(self, edit: tuple[str, str, Fields, int, str]) -> None:
        """The acknowledgement was lost: the same edit with the same key comes again."""
        unit, question, *_ = edit
        if self.states[unit] in EDITABLE:
            assert self.as_model(self.send(edit)) == self.answers[unit, question]
        else:
            self.refused(ResponseError, lambda: self.send(edit))

    @rule(unit=units, question=questions, change=changes, somebody=st.sampled_from(OTHERS))
    def save_for_somebody_else(self, unit: str, question: str, change: Fields, somebody: Principal) -> None:
        edit = (unit, question, change, self.version(unit, question), "a key of somebody else")
        self.refused(NotAllowed, lambda: self.send(edit, somebody))

    @rule(unit=units)
    def answer_all_that_is_left(self, unit: str) -> None:
        for question in ("shared", "detail", "strategy", "owner", "tool"):
            if asked(unit, question) and (unit, question) not in self.answers:
                self.save(unit, question, {"state": "dont_know"}, 0)

    @rule(unit=units)
    def submit(self, unit: str) -> None:
        left = [question for question in self.shown(unit) if (unit, question) not in self.answers]
        if left:
            error = self.refused(ResponseError, lambda: reviewing.submit(self.desk(OWNERS[unit]), self.number(unit)))
            assert str(error).startswith(f"{len(left)} question")
        else:
            self.step(unit, OWNERS[unit], reviewing.submit, EDITABLE, "submitted")

    @rule(unit=units)
    def withdraw(self, unit: str) -> None:
        self.step(unit, OWNERS[unit], reviewing.withdraw, ("submitted",), "draft")

    @rule(unit=units)
    def accept(self, unit: str) -> None:
        self.step(unit, small.REVIEWER, reviewing.accept, ("submitted",), "accepted")

    @rule(unit=units)
    def give_back(self, unit: str) -> None:
        def give(desk: Desk, number: int) -> StoredAssessment:
            return reviewing.return_to_unit(desk, number, "More, please")

        self.step(unit, small.REVIEWER, give, ("submitted",), "returned")

    @rule(unit=units, somebody=st.sampled_from(small.EVERYBODY))
    def step_without_the_right_to(self, unit: str, somebody: Principal) -> None:
        if somebody != OWNERS[unit]:
            for step in (reviewing.submit, reviewing.withdraw):
                self.refused(NotAllowed, lambda step=step: step(self.desk(somebody), self.number(unit)))
        if somebody != small.REVIEWER:
            self.refused(NotAllowed, lambda: reviewing.accept(self.desk(somebody), self.number(unit)))

    @rule()
    def restart(self) -> None:
        url = self.store.engine.url
        self.store.engine.dispose()
        self.store = open_store(str(url))

    # What must hold after each ------------------------------------------------------------------------

    @invariant()
    def the_store_is_the_model(self) -> None:
        numbers = {self.number(unit): unit for unit in OWNERS}
        rows = current_rows(self.store)
        found = {(numbers[a], q): (row["fields"], row["version"]) for (a, q), row in rows.items()}
        expected = {
            place: ({**fields, "confidence": fields["confidence"]}, version)
            for place, (fields, version) in self.answers.items()
        }
        assert found == expected
        assert {unit: self.assessment(unit).state for unit in OWNERS} == self.states

    @invariant()
    def the_history_is_whole(self) -> None:
        events = small.rows_of(self.store, EVENTS)
        assert folded(events) == current_rows(self.store)
        assert len(events) == sum(version for _, version in self.answers.values())

    @invariant()
    def nobody_reads_out_of_scope(self) -> None:
        finished = {unit for unit, state in self.states.items() if state in FINISHED}
        given = {unit for unit, _ in self.answers}
        both = finished if "FR" in finished else set()
        expected = {
            small.FRANCE: {"FR"} | both, small.SALES: {"FR.sales"}, small.REVIEWER: finished, small.CDAO: finished,
        }  # fmt: skip
        for somebody in small.EVERYBODY:
            with self.store.read() as connection:
                frame = answer_frame(connection, scope_of(somebody, small.small_organisation()))
            assert set(frame["unit_id"]) == expected.get(somebody, set()) & given

    @invariant()
    def the_revision_only_grows(self) -> None:
        with self.store.read() as connection:
            now = revision(connection)
        assert now >= self.seen_revision
        self.seen_revision = now

    # Helpers ------------------------------------------------------------------------------------------

    def desk(self, somebody: Principal) -> Desk:
        return small.desk_for(self.store, self.catalogue, somebody)

    def assessment(self, unit: str) -> StoredAssessment:
        with self.store.read() as connection:
            return read_assessments(connection, [unit])[0]

    def number(self, unit: str) -> int:
        return self.assessment(unit).id

    def version(self, unit: str, question: str) -> int:
        return self.answers.get((unit, question), ({}, 0))[1]

    def shown(self, unit: str) -> list[str]:
        shared, _ = self.answers.get((unit, "shared"), ({}, 0))
        detail = shared.get("value") in ("4", "5")
        return [q for q in ("shared", "strategy", "owner", "tool", *["detail"][:detail]) if asked(unit, q)]

    def send(self, edit: tuple[str, str, Fields, int, str], somebody: Principal | None = None) -> Any:
        unit, question, change, version, key = edit
        return save_answer(
            self.desk(somebody or OWNERS[unit]), self.number(unit), question, change,
            expected_version=version, idempotency_key=key,
        )  # fmt: skip

    def step(
        self, unit: str, somebody: Principal, act: Callable[[Desk, int], StoredAssessment],
        before: tuple[str, ...], after: str,
    ) -> None:  # fmt: skip
        if self.states[unit] in before:
            act(self.desk(somebody), self.number(unit))
            self.states[unit] = after
        else:
            self.refused(ResponseError, lambda: act(self.desk(somebody), self.number(unit)))

    def refused(self, kind: type[AssessmentError], act: Callable[[], object]) -> Any:
        """The error that the act ends with; that nothing was written, the invariants see."""
        with pytest.raises(kind) as error:
            act()
        assert type(error.value) is kind
        return error.value

    def as_model(self, stored: Any) -> tuple[Fields, int] | None:
        return (dict(answer_fields(stored.answer)), stored.version) if stored else None


def test_whatever_happens_the_store_agrees_with_a_plain_dictionary(migrated_file: Path) -> None:
    assert {str(state) for state in AssessmentState} == {*EDITABLE, *FINISHED, "closed"}
    Assessments.template = migrated_file
    run_state_machine_as_test(
        Assessments, settings=settings(max_examples=15, stateful_step_count=25)
    )  # fmt: skip
