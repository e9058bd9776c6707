"""The synthetic workspace: the same each time, of the size that was asked for, valid, and marked as invented."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from assessment import demo
from assessment.access import scope_of
from assessment.actions.workspace import fill_with_demo
from assessment.demo import DemoWorkspace, Size
from assessment.organisation import Phase
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.responses import (
    AssessmentState,
    RecordedAssessment,
    answered_values,
    checked_answer,
    shown_questions,
)
from assessment.scoring.table import ScoreStatus, score_table
from assessment.store.engine import Store
from assessment.store.organisation import read_organisation
from assessment.store.scoring_input import read_scoring_input
from tests.store import small

TODAY = date(2026, 11, 22)
DAYS = (TODAY, date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31), date(2027, 3, 12))


@pytest.fixture(scope="module")
def made(catalogue: Catalogue) -> DemoWorkspace:
    return demo.workspace(catalogue, TODAY)


def of_unit(made: DemoWorkspace, unit: str, round_id: str) -> list[RecordedAssessment]:
    return [entry for entry in made.assessments if (entry.unit_id, entry.round_id) == (unit, round_id)]


def asked(made: DemoWorkspace, catalogue: Catalogue, entry: RecordedAssessment) -> list[str]:
    questions = catalogue.get(entry.questionnaire_id, entry.version).questions.values()
    kind = made.organisation.units[entry.unit_id].kind
    return [question.id for question in questions if question.is_asked_of(kind)]


def state_of(entry: RecordedAssessment) -> AssessmentState:
    return entry.steps[-1][0] if entry.steps else AssessmentState.DRAFT


def test_the_same_arguments_give_an_equal_workspace(catalogue: Catalogue, made: DemoWorkspace) -> None:
    assert demo.workspace(catalogue, TODAY) == made


def test_another_seed_gives_other_answers_in_the_same_places(
    catalogue: Catalogue, made: DemoWorkspace
) -> None:
    other = demo.workspace(catalogue, TODAY, seed=1)
    assert (other.organisation, other.rounds) == (made.organisation, made.rounds)
    assert other.assessments != made.assessments
    assert [len(entry.answers) for entry in other.assessments] == [
        len(entry.answers) for entry in made.assessments
    ]


def test_another_day_moves_the_rounds_and_nothing_else(catalogue: Catalogue, made: DemoWorkspace) -> None:
    later = demo.workspace(catalogue, TODAY + timedelta(days=1))
    for before, after in zip(made.assessments, later.assessments, strict=True):
        assert [given.answer for given in before.answers] == [given.answer for given in after.answers]
        for one, other in zip(before.answers, after.answers, strict=True):
            assert other.answered_at - one.answered_at == timedelta(days=1)


def test_it_has_twelve_countries_of_six_domains_and_three_rounds(
    catalogue: Catalogue, made: DemoWorkspace
) -> None:
    kinds = Counter(unit.kind for unit in made.organisation.units.values())
    assert kinds == {UnitKind.GROUP: 1, UnitKind.COUNTRY: 12, UnitKind.DOMAIN: 72}
    assert {len(made.organisation.domains(country.id)) for country in made.organisation.countries} == {6}
    assert [entry.phase for entry in made.rounds] == [Phase.BEFORE, Phase.DURING, Phase.DURING]
    assert len(made.assessments) == 3 * 84 * len(catalogue.latest_published())
    places = {(entry.round_id, entry.unit_id, entry.questionnaire_id) for entry in made.assessments}
    assert len(places) == len(made.assessments)


@pytest.mark.parametrize(
    "size", [Size(1, 0, 1), Size(1, 1, 1), Size(2, 0, 12), Size(12, 6, 3), Size(20, 8, 4)], ids=str
)
def test_any_size_is_made_as_asked_for(catalogue: Catalogue, size: Size) -> None:
    made = demo.workspace(catalogue, TODAY, size)
    kinds = Counter(unit.kind for unit in made.organisation.units.values())
    assert kinds[UnitKind.COUNTRY] == size.countries
    assert kinds[UnitKind.DOMAIN] == size.countries * size.domains
    assert len({entry.id for entry in made.rounds}) == size.rounds
    assert [entry.phase for entry in made.rounds] == [Phase.BEFORE, *[Phase.DURING] * (size.rounds - 1)]
    units = size.countries * (1 + size.domains)
    assert len(made.assessments) == size.rounds * units * len(catalogue.latest_published())


def test_as_many_units_as_the_command_line_allows_are_made(small_catalogue: Catalogue) -> None:
    made = demo.workspace(small_catalogue, TODAY, Size(60, 30, 1))
    assert len(made.organisation.units) == 1 + 60 * 31
    assert len(made.assessments) == 60 * (2 + 30 * 3), "countries answer two questionnaires, domains three"


# What is in it ------------------------------------------------------------------------------------------


def test_every_answer_is_one_that_a_person_could_give(catalogue: Catalogue, made: DemoWorkspace) -> None:
    for entry in made.assessments:
        version = catalogue.get(entry.questionnaire_id, entry.version)
        questions = version.answerable
        known = [*asked(made, catalogue, entry), *version.ratings]
        given = [answer.question_id for answer in entry.answers]
        assert given == known[: len(given)], (
            "each question that is asked of this kind of unit, once, in order"
        )
        for answer in entry.answers:
            assert checked_answer(questions[answer.question_id], answer.answer) == answer.answer


def test_what_was_sent_is_complete(catalogue: Catalogue, made: DemoWorkspace) -> None:
    for entry in made.assessments:
        if entry.steps:
            questionnaire = catalogue.get(entry.questionnaire_id, entry.version)
            given = {answer.question_id: answer.answer for answer in entry.answers}
            kind = made.organisation.units[entry.unit_id].kind
            shown = shown_questions(questionnaire, kind, answered_values(questionnaire, given))
            assert {question.id for question in shown} <= set(given), entry.unit_id


def test_france_is_half_done_in_the_last_round(catalogue: Catalogue, made: DemoWorkspace) -> None:
    for entry in of_unit(made, "FR", made.rounds[-1].id):
        assert state_of(entry) is AssessmentState.DRAFT
        assert 0.5 <= len(entry.answers) / len(asked(made, catalogue, entry)) <= 0.7


def test_every_state_occurs_in_the_last_round_and_the_others_are_closed(made: DemoWorkspace) -> None:
    states = {
        entry.id: {state_of(a) for a in made.assessments if a.round_id == entry.id} for entry in made.rounds
    }
    *before, last = [states[entry.id] for entry in made.rounds]
    assert last == {*AssessmentState} - {AssessmentState.CLOSED}
    assert before == [{AssessmentState.CLOSED}] * 2


def test_steps_are_ways_that_an_assessment_can_go(made: DemoWorkspace) -> None:
    ways = {tuple(str(state) for state, _, _ in entry.steps) for entry in made.assessments}
    assert ways == {
        (), ("submitted",), ("submitted", "accepted"), ("submitted", "returned"), ("submitted", "accepted", "closed"),
    }  # fmt: skip
    returned = [
        step for entry in made.assessments for step in entry.steps if step[0] is AssessmentState.RETURNED
    ]
    assert returned
    assert all(comment for _, _, comment in returned)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_last_round_is_open_and_every_time_is_in_its_round_and_past(
    catalogue: Catalogue, today: date
) -> None:
    made = demo.workspace(catalogue, today, Size(3, 2, 3))
    rounds = {entry.id: entry for entry in made.rounds}
    last = made.rounds[-1]
    assert last.opens_on
    assert last.closes_on
    assert last.opens_on <= today <= last.closes_on
    now = datetime.combine(today, datetime.max.time(), UTC)
    for entry in made.assessments:
        opens, closes = rounds[entry.round_id].opens_on, rounds[entry.round_id].closes_on
        assert opens
        assert closes
        times = [given.answered_at for given in entry.answers] + [at for _, at, _ in entry.steps]
        assert all(opens <= at.date() <= closes and at <= now for at in times)
        steps = [at for _, at, _ in entry.steps]
        assert steps == sorted(steps)
        if steps and entry.answers:
            assert max(given.answered_at for given in entry.answers) <= steps[0]


@pytest.mark.parametrize("today", DAYS, ids=str)
@pytest.mark.parametrize("rounds", [1, 3, 12])
def test_every_round_is_marked_and_has_an_id_of_its_own_in_the_order_of_time(
    small_catalogue: Catalogue, today: date, rounds: int
) -> None:
    made = demo.workspace(small_catalogue, today, Size(1, 0, rounds))
    ids = [entry.id for entry in made.rounds]
    assert len(set(ids)) == rounds
    assert ids == sorted(ids)
    assert all(demo.MARK in entry.id and demo.MARK in entry.title for entry in made.rounds)
    assert len({entry.title for entry in made.rounds}) == rounds
    assert list(made.rounds) == sorted(made.rounds, key=lambda entry: entry.order)


def test_the_group_says_that_it_is_invented(made: DemoWorkspace) -> None:
    assert demo.MARK in made.organisation.group_name


def test_targets_are_within_the_scale_and_of_units_and_dimensions_that_exist(
    catalogue: Catalogue, made: DemoWorkspace
) -> None:
    assert made.targets
    known = {q.id: {dimension.id for dimension in q.all_dimensions()} for q in catalogue.latest_published()}
    for target in made.targets:
        assert 1 <= target.target <= 5
        assert target.dimension_id in known[target.questionnaire_id]
        assert made.organisation.units[target.unit_id].kind is UnitKind.COUNTRY
    keys = {(t.round_id, t.unit_id, t.questionnaire_id, t.dimension_id) for t in made.targets}
    assert len(keys) == len(made.targets)


def test_it_can_be_stored_and_shows_scores_to_the_cdao(store: Store, catalogue: Catalogue) -> None:
    desk = small.desk_for(store, catalogue, small.ADMINISTRATOR, at=datetime(2026, 11, 22, 9, tzinfo=UTC))
    fill_with_demo(desk, Size(4, 2, 2))
    with store.read() as connection:
        scope = scope_of(small.CDAO, read_organisation(connection))
        table = score_table(read_scoring_input(connection, catalogue, scope))
    assert set(table["round_id"]) == {
        entry.id for entry in demo.workspace(catalogue, TODAY, Size(4, 2, 2)).rounds
    }
    assert table["round_id"].str.contains(demo.MARK).all()
    assert {ScoreStatus.SCORED, ScoreStatus.PROVISIONAL, ScoreStatus.NOT_ANSWERED} <= set(table["status"])
    assert table["score"].dropna().between(1, 5).all()
    assert table["score"].nunique() > 20
