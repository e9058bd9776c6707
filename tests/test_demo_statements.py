"""What the synthetic workspace says beside its answers: what a person could say, with its history, and of every sort."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assessment import demo
from assessment.actions.workspace import fill_with_demo
from assessment.demo import DemoWorkspace
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.companions import ElementUse, Fact, FactType
from assessment.questionnaire.models import Question
from assessment.responses import AssessmentState, EvidenceKind
from assessment.statements import (
    DecisionContent,
    ElementContent,
    FactContent,
    MoveContent,
    MoveState,
    Position,
    PrincipleContent,
    RecordedStatement,
    StatementKind,
    VerifiedContent,
    asked_in,
    content_from,
    plain_content,
)
from assessment.store.assessments import read_assessments
from assessment.store.checkup import problems
from assessment.store.engine import Store, open_store
from assessment.store.statements import read_remarks
from tests.store import small

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
KINDS = list(EvidenceKind)
#: Kinds of which the subject is a question.
OF_QUESTIONS = (StatementKind.MOVE, StatementKind.DECISION, StatementKind.VERIFIED, StatementKind.REMARK)


@pytest.fixture(scope="module")
def made(catalogue: Catalogue) -> DemoWorkspace:
    return demo.workspace(catalogue, TODAY)


@pytest.fixture(scope="module")
def filled(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
) -> Iterator[Store]:
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("said") / "workspace.db")
    store = open_store(f"sqlite:///{file}")
    fill_with_demo(small.desk_for(store, catalogue, small.ADMINISTRATOR, at=NOW), demo.Size(5, 2, 3))
    yield store
    store.engine.dispose()


def of_kind(made: DemoWorkspace, kind: StatementKind) -> list[RecordedStatement]:
    return [statement for statement in made.statements if statement.kind is kind]


def key(statement: RecordedStatement) -> tuple[str, str, str, str]:
    return statement.kind, statement.round_id, statement.unit_id, statement.subject_id


def question_of(catalogue: Catalogue, statement: RecordedStatement) -> Question:
    questionnaire_id, question_id = asked_in(statement.subject_id)
    version = next(q for q in catalogue.latest_published() if q.id == questionnaire_id)
    return version.questions[question_id]


# Each of them -------------------------------------------------------------------------------------------


def test_every_kind_that_dashboards_read_is_there(made: DemoWorkspace) -> None:
    assert {statement.kind for statement in made.statements} == {*StatementKind} - {StatementKind.REQUEST}


def test_every_statement_is_one_that_a_person_could_make(catalogue: Catalogue, made: DemoWorkspace) -> None:
    facts = {fact.id: fact for fact in catalogue.facts}
    for statement in made.statements:
        assert content_from(statement.kind, plain_content(statement.content)) == statement.content
        kind = made.organisation.units[statement.unit_id].kind
        if statement.kind is StatementKind.FACT:
            assert isinstance(statement.content, FactContent)
            assert kind in facts[statement.subject_id].unit_kinds
            assert fits(facts[statement.subject_id], statement.content.value)
        elif statement.kind in OF_QUESTIONS:
            asked = question_of(catalogue, statement)
            assert asked.is_asked_of(kind)
        else:
            known = catalogue.elements if statement.kind is StatementKind.ELEMENT else catalogue.principles
            assert statement.subject_id in {entry.id for entry in known}
            assert kind == "country"


def fits(fact: Fact, value: object) -> bool:
    if fact.type is FactType.YES_NO:
        return isinstance(value, bool)
    highest = 1 if fact.type is FactType.SHARE else 10_000
    return isinstance(value, float) and 0 <= value <= highest


@pytest.mark.parametrize("today", [TODAY, date(2024, 2, 29)], ids=str)
def test_every_statement_was_made_while_its_round_was_open(catalogue: Catalogue, today: date) -> None:
    made = demo.workspace(catalogue, today, demo.Size(4, 2, 3))
    rounds = {entry.id: entry for entry in made.rounds}
    now = datetime.combine(today, datetime.max.time(), UTC)
    latest: dict[object, datetime] = {}
    for statement in made.statements:
        opens, closes = rounds[statement.round_id].opens_on, rounds[statement.round_id].closes_on
        assert opens
        assert closes
        assert opens <= statement.at.date() <= closes
        assert statement.at <= now
        assert latest.setdefault(key(statement), statement.at) <= statement.at
        latest[key(statement)] = statement.at


def test_another_day_moves_days_and_says_the_same(catalogue: Catalogue, made: DemoWorkspace) -> None:
    later = demo.workspace(catalogue, TODAY + timedelta(days=1))
    for before, after in zip(made.statements, later.statements, strict=True):
        assert (before.unit_id, before.subject_id) == (after.unit_id, after.subject_id)
        assert after.at - before.at == timedelta(days=1)
        assert without_days(before) == without_days(after)


def without_days(statement: RecordedStatement) -> dict[str, Any]:
    days = ("due_on", "review_on", "expires_on")
    return {name: value for name, value in plain_content(statement.content).items() if name not in days}


@pytest.mark.parametrize("unit", ["FR", "ES"])
def test_who_is_still_at_the_answers_has_said_nothing_beside_them(made: DemoWorkspace, unit: str) -> None:
    beside = (StatementKind.FACT, StatementKind.ELEMENT, StatementKind.PRINCIPLE)
    said = Counter(s.round_id for s in made.statements if s.unit_id == unit and s.kind in beside)
    assert set(said) == {entry.id for entry in made.rounds[:-1]}


def test_a_catalogue_without_companions_has_only_what_is_said_of_questions(catalogue: Catalogue) -> None:
    alone = catalogue_of(catalogue.latest_published())
    made = demo.workspace(alone, TODAY, demo.Size(2, 1, 2))
    assert {statement.kind for statement in made.statements} <= set(OF_QUESTIONS)


# Facts, elements, principles ----------------------------------------------------------------------------


def test_every_fact_is_given_by_some_and_left_unknown_by_others(
    catalogue: Catalogue, made: DemoWorkspace
) -> None:
    said = Counter((s.round_id, s.subject_id) for s in of_kind(made, StatementKind.FACT))
    for entry in made.rounds:
        for fact in catalogue.facts:
            # Nothing is live before adoption, so nothing can be stale.
            if fact.id == "stale-product-share" and entry is made.rounds[0]:
                assert (entry.id, fact.id) not in said
                continue
            asked = sum(unit.kind in fact.unit_kinds for unit in made.organisation.units.values())
            assert 0 < said[entry.id, fact.id] < asked


def test_elements_differ_for_many_reasons_and_what_is_the_same_has_none(made: DemoWorkspace) -> None:
    last = made.rounds[-1].id
    reasons: dict[str, list[str]] = {}
    for statement in of_kind(made, StatementKind.ELEMENT):
        assert isinstance(statement.content, ElementContent)
        differs = statement.content.use not in (ElementUse.SAME, ElementUse.UNUSED)
        assert bool(statement.content.reason) == differs
        if differs and statement.round_id == last:
            reasons.setdefault(statement.subject_id, []).append(statement.content.reason)
    assert len({reason for given in reasons.values() for reason in given}) >= 30
    for given in reasons.values():
        assert len(given) < 4 or len(set(given)) > 2


def test_a_law_is_a_law_in_every_round(made: DemoWorkspace) -> None:
    uses: dict[tuple[str, str], set[ElementUse]] = {}
    for statement in of_kind(made, StatementKind.ELEMENT):
        assert isinstance(statement.content, ElementContent)
        uses.setdefault((statement.unit_id, statement.subject_id), set()).add(statement.content.use)
    by_law = [said for said in uses.values() if ElementUse.LAW in said]
    assert by_law
    assert all(said == {ElementUse.LAW} for said in by_law)


def test_every_position_on_principles_occurs_and_delays_have_a_day(made: DemoWorkspace) -> None:
    contents = [s.content for s in of_kind(made, StatementKind.PRINCIPLE)]
    found = Counter(content.position for content in contents if isinstance(content, PrincipleContent))
    assert set(found) == set(Position)
    assert all(
        content.review_on
        for content in contents
        if isinstance(content, PrincipleContent) and content.position is Position.DELAYED
    )


# Moves and decisions ------------------------------------------------------------------------------------


def final(made: DemoWorkspace, kind: StatementKind, round_id: str) -> dict[tuple[str, str], Any]:
    """What stands of a kind at the end of a round, by unit and subject."""
    return {(s.unit_id, s.subject_id): s.content for s in of_kind(made, kind) if s.round_id == round_id}


def test_of_the_moves_of_the_round_before_some_are_done_some_go_on_and_some_were_dropped(
    made: DemoWorkspace,
) -> None:
    before, now = (final(made, StatementKind.MOVE, entry.id) for entry in made.rounds[-2:])
    began = {about for about, move in before.items() if move.state is MoveState.UNDER_WAY}
    states = Counter(now[about].state for about in began if about in now)
    assert set(states) == {MoveState.DONE, MoveState.UNDER_WAY, MoveState.DROPPED}
    assert min(states.values()) >= 10
    assert {move.state for about, move in now.items() if about not in began} == {MoveState.PLANNED}


def test_most_moves_that_are_done_show_in_the_answers_and_a_few_are_only_said_to_be(
    made: DemoWorkspace,
) -> None:
    levels = {
        (a.round_id, a.unit_id, f"{a.questionnaire_id}:{given.question_id}"): int(given.answer.value or 0)
        for a in made.assessments
        for given in a.answers
    }
    last = made.rounds[-1].id
    risen = Counter(
        levels[last, *about] > min(levels.get((entry.id, *about), 0) for entry in made.rounds[:-1])
        for about, move in final(made, StatementKind.MOVE, last).items()
        if move.state is MoveState.DONE
    )
    assert risen[True] > 4 * risen[False] > 0


def test_moves_have_a_day_and_nearly_all_an_owner(made: DemoWorkspace) -> None:
    found = [s.content for s in of_kind(made, StatementKind.MOVE) if isinstance(s.content, MoveContent)]
    assert all(move.due_on for move in found)
    late = [
        move for move in final(made, StatementKind.MOVE, made.rounds[-1].id).values() if move.due_on < TODAY
    ]
    assert any(move.state is MoveState.UNDER_WAY for move in late)
    without = sum(not move.owner for move in found)
    assert 0 < without < len(found) / 5
    assert all(move.note for move in found if move.state is MoveState.DROPPED)


def test_only_floors_are_waived_some_have_run_out_and_some_hold(
    catalogue: Catalogue, made: DemoWorkspace
) -> None:
    found = of_kind(made, StatementKind.DECISION)
    ends = []
    for statement in found:
        assert isinstance(statement.content, DecisionContent)
        gate = question_of(catalogue, statement).gate
        assert gate is not None
        assert not gate.hard
        assert statement.content.waived
        ends.append(statement.content.expires_on)
    assert min(ends) < TODAY < max(ends)


# Reviews ------------------------------------------------------------------------------------------------


def test_what_was_verified_is_never_stronger_than_what_was_claimed_and_sometimes_weaker(
    made: DemoWorkspace,
) -> None:
    claimed = {
        (a.round_id, a.unit_id, f"{a.questionnaire_id}:{given.question_id}"): given.answer.evidence_kind
        for a in made.assessments
        for given in a.answers
    }
    found = []
    for statement in of_kind(made, StatementKind.VERIFIED):
        assert isinstance(statement.content, VerifiedContent)
        assert statement.content.kind is not None
        before = claimed[statement.round_id, statement.unit_id, statement.subject_id]
        found.append(KINDS.index(before) - KINDS.index(statement.content.kind))
    assert set(found) == {0, 1}
    assert found.count(0) > found.count(1)


def test_what_italy_got_back_says_what_to_change(filled: Store) -> None:
    with filled.read() as connection:
        returned = [
            found for found in read_assessments(connection, ["IT"]) if found.state is AssessmentState.RETURNED
        ]
        assert returned
        assert all(len(read_remarks(connection, found)) == 2 for found in returned)


# As stored ----------------------------------------------------------------------------------------------


def test_every_statement_and_every_change_of_one_is_stored(filled: Store, catalogue: Catalogue) -> None:
    made = demo.workspace(catalogue, TODAY, demo.Size(5, 2, 3))
    kept = small.rows_of(
        filled, "SELECT kind, round_id, unit_id, subject_id FROM statement_events ORDER BY id"
    )
    assert [tuple(row.values()) for row in kept] == [key(statement) for statement in made.statements]
    rows = small.rows_of(filled, "SELECT version FROM statements")
    assert len(rows) == len({key(statement) for statement in made.statements})
    assert {row["version"] for row in rows} == {1, 2}


def test_a_checkup_finds_that_each_is_what_its_history_comes_to(filled: Store, catalogue: Catalogue) -> None:
    with filled.read() as connection:
        assert list(problems(connection, catalogue)) == []
