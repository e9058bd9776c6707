"""Everything that can happen to assessments, in any order, against a dictionary that knows no database."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from assessment.access import Principal, scope_of
from assessment.actions import reviewing
from assessment.actions import rounds as round_actions
from assessment.actions import units as unit_actions
from assessment.actions import workspace as workspace_actions
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.errors import AssessmentError, EditConflict, NotAllowed, ResponseError
from assessment.responses import AssessmentState
from assessment.store.answers import answer_fields
from assessment.store.assessments import StoredAssessment, read_assessments, readable
from assessment.store.engine import Store, open_store
from assessment.store.workspace import revision
from tests.postgres import Server
from tests.store import small
from tests.store.test_history import EVENTS, current_rows, folded

ORGANISATION = small.small_organisation()
LEVELS = ("1", "2", "3", "4", "5")
OWNERS = {"FR": small.FRANCE, "FR.sales": small.SALES}
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
        {"state": st.just("answered"), "value": st.sampled_from([*LEVELS, "one", "9"])},
        optional={"comment": comments},
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

    #: Makes a migrated, empty database and gives its URL; and takes it away again.
    made: ClassVar[Callable[[], str]]
    removed: ClassVar[Callable[[str], None]]
    saves = Bundle("saves")

    def __init__(self) -> None:
        super().__init__()
        self.url = type(self).made()
        self.store = self.opened()
        self.catalogue = small.small_catalogue()
        self.states = dict.fromkeys(OWNERS, "draft")
        self.answers: dict[tuple[str, str], tuple[Fields, int]] = {}
        self.keys = 0

    @initialize()
    def open_the_workspace(self) -> None:
        desk = self.desk(small.ADMINISTRATOR)
        workspace_actions.start_empty(desk)
        unit_actions.add_units(desk, ORGANISATION)
        round_actions.open_round(desk, small.small_round())
        self.seen_revision: tuple[int, ...] = ()
        with self.store.read() as connection:
            self.numbers = {entry.unit_id: entry.id for entry in read_assessments(connection, OWNERS)}

    def teardown(self) -> None:
        self.store.engine.dispose()
        type(self).removed(self.url)

    # What people do -----------------------------------------------------------------------------------

    @rule(
        target=saves, unit=units, question=questions, change=changes, stale=st.sampled_from([0, 0, 0, -1, 1])
    )
    def save(self, unit: str, question: str, change: Fields, stale: int) -> Any:
        self.keys += 1
        edit = (unit, question, change, self.version(unit, question) + stale, f"key {self.keys}")
        before, version = self.answers.get((unit, question), (None, 0))
        after = changed(before, change, question)
        if self.states[unit] not in EDITABLE:
            self.refused(ResponseError, lambda: self.send(edit))
        elif not asked(unit, question):
            self.refused(NotAllowed, lambda: self.send(edit))
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
        unit, question, _, seen, _ = edit
        if self.states[unit] not in EDITABLE:
            self.refused(ResponseError, lambda: self.send(edit))
        elif self.version(unit, question) == seen + 1:
            assert self.as_model(self.send(edit)) == self.answers[unit, question]
        else:
            conflict = self.refused(EditConflict, lambda: self.send(edit))
            assert self.as_model(conflict.current) == self.answers[unit, question]

    @rule(unit=units, send=st.booleans())
    def answer_all_that_is_left(self, unit: str, send: bool) -> None:
        """Long ways to a state of interest are short ones here."""
        for question in self.shown(unit):
            if (unit, question) not in self.answers:
                self.save(unit, question, {"state": "dont_know"}, 0)
        if send:
            self.submit(unit)

    @rule(unit=units)
    def submit(self, unit: str) -> None:
        left = [question for question in self.shown(unit) if (unit, question) not in self.answers]
        if left:
            error = self.refused(
                ResponseError, lambda: reviewing.submit(self.desk(OWNERS[unit]), self.numbers[unit])
            )
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

    @rule(unit=units, question=questions, change=changes, somebody=st.sampled_from(small.EVERYBODY))
    def do_what_is_somebody_elses(
        self, unit: str, question: str, change: Fields, somebody: Principal
    ) -> None:
        if somebody != OWNERS[unit]:
            edit = (unit, question, change, self.version(unit, question), "a key of somebody else")
            self.refused(NotAllowed, lambda: self.send(edit, somebody))
            self.refused(NotAllowed, lambda: reviewing.submit(self.desk(somebody), self.numbers[unit]))
            self.refused(NotAllowed, lambda: reviewing.withdraw(self.desk(somebody), self.numbers[unit]))
        if somebody != small.REVIEWER:
            self.refused(NotAllowed, lambda: reviewing.accept(self.desk(somebody), self.numbers[unit]))

    @rule()
    def restart(self) -> None:
        self.store.engine.dispose()
        self.store = self.opened()

    # What must hold after each ------------------------------------------------------------------------

    @invariant()
    def the_store_is_the_model_and_what_the_history_comes_to(self) -> None:
        rows, events = current_rows(self.store), small.rows_of(self.store, EVENTS)
        units_of = {number: unit for unit, number in self.numbers.items()}
        found = {
            (units_of[a], question): (row["fields"], row["version"]) for (a, question), row in rows.items()
        }
        assert found == self.answers
        assert folded(events) == rows
        assert len(events) == sum(version for _, version in self.answers.values())
        with self.store.read() as connection:
            stored = read_assessments(connection, OWNERS)
            now = revision(connection)
        assert {entry.unit_id: entry.state for entry in stored} == self.states
        assert now >= self.seen_revision
        self.seen_revision = now

    @invariant()
    def nobody_reads_out_of_scope(self) -> None:
        finished = {unit for unit, state in self.states.items() if state in FINISHED}
        both = finished if "FR" in finished else set()
        expected = {
            small.FRANCE: {"FR"} | both, small.SALES: {"FR.sales"}, small.REVIEWER: finished, small.CDAO: finished,
        }  # fmt: skip
        with self.store.read() as connection:
            for somebody in (*expected, small.FINANCE, small.ADMINISTRATOR):
                allowed = readable(scope_of(somebody, ORGANISATION))
                found: set[Any] = set(connection.scalars(allowed))
                read = {unit for unit, number in self.numbers.items() if number in found}
                assert read == expected.get(somebody, set())

    # Helpers ------------------------------------------------------------------------------------------

    def opened(self) -> Store:
        store = open_store(self.url)
        if store.is_embedded:
            event.listen(
                store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF")
            )
        return store

    def desk(self, somebody: Principal) -> Desk:
        return small.desk_for(self.store, self.catalogue, somebody)

    def version(self, unit: str, question: str) -> int:
        return self.answers.get((unit, question), ({}, 0))[1]

    def shown(self, unit: str) -> list[str]:
        shared, _ = self.answers.get((unit, "shared"), ({}, 0))
        detail = shared.get("value") in ("4", "5")
        return [q for q in ("shared", "strategy", "owner", "tool", *["detail"][:detail]) if asked(unit, q)]

    def send(self, edit: tuple[str, str, Fields, int, str], somebody: Principal | None = None) -> Any:
        unit, question, change, version, key = edit
        return save_answer(
            self.desk(somebody or OWNERS[unit]), self.numbers[unit], question, change,
            expected_version=version, idempotency_key=key,
        )  # fmt: skip

    def step(
        self, unit: str, somebody: Principal, act: Callable[[Desk, int], StoredAssessment],
        before: tuple[str, ...], after: str,
    ) -> None:  # fmt: skip
        if self.states[unit] in before:
            act(self.desk(somebody), self.numbers[unit])
            self.states[unit] = after
        else:
            self.refused(ResponseError, lambda: act(self.desk(somebody), self.numbers[unit]))

    def refused(self, kind: type[AssessmentError], act: Callable[[], object]) -> Any:
        """The error that the act ends with; that nothing was written, the invariants see."""
        with pytest.raises(kind) as error:
            act()
        assert type(error.value) is kind
        return error.value

    def as_model(self, stored: Any) -> tuple[Fields, int] | None:
        return (dict(answer_fields(stored.answer)), stored.version) if stored else None


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_whatever_happens_the_store_agrees_with_a_plain_dictionary(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {str(state) for state in AssessmentState} == {*EDITABLE, *FINISHED, "closed"}
    makes, removes = (_files if engine == "sqlite" else _databases)(request, tmp_path)
    monkeypatch.setattr(Assessments, "made", staticmethod(makes), raising=False)
    monkeypatch.setattr(Assessments, "removed", staticmethod(removes), raising=False)
    # Shortening a failure takes minutes; whoever wants it takes the phases away.
    found_as_is = set(Phase) - {Phase.shrink}
    run_state_machine_as_test(
        Assessments, settings=settings(max_examples=20, stateful_step_count=30, phases=found_as_is)
    )


def _files(request: pytest.FixtureRequest, folder: Path) -> tuple[Callable[[], str], Callable[[str], None]]:
    template: Path = request.getfixturevalue("migrated_file")
    numbers = count()
    return (
        lambda: f"sqlite:///{shutil.copy(template, folder / f'{next(numbers)}.db')}",
        lambda url: Path(url.removeprefix("sqlite:///")).unlink(),
    )


def _databases(
    request: pytest.FixtureRequest, _folder: Path
) -> tuple[Callable[[], str], Callable[[str], None]]:
    server: Server = request.getfixturevalue("postgres")
    numbers = count()

    def make() -> str:
        return server.create(f"machine-{next(numbers)}", "empty")

    return make, lambda url: server.drop(url.partition("@/")[2].partition("?")[0])
