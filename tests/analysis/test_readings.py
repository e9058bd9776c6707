"""Whose answer a rule reads, and what it knows of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.readings import Known, Reading, Readings, lower_median, readings_of
from assessment.organisation import Round
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.models import Questionnaire
from assessment.responses import ANSWER_COLUMNS, AssessmentState
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput
from tests.analysis.judging import Builder, directly, from_answers, organisation
from tests.scoring.shorthand import answer_rows, written_out

BOTH = "dgm-owner-named"
OF_COUNTRIES = "dgm-regulatory-map"
OF_DOMAINS = "dor-contracts"
either_way = pytest.mark.parametrize("build", [directly, from_answers])


def country_of(answers: list[str], build: Builder = directly, **more: Any) -> Readings:
    """A country with a domain for each answer to a question that only domains are asked."""
    names = [f"d{place:02}" for place in range(len(answers))]
    given_ = {f"FR.{name}": {OF_DOMAINS: text} for name, text in zip(names, answers, strict=True)}
    return build({"units": {"FR": names}, "answers": given_, **more})


@either_way
def test_a_domain_reads_its_own_answer_where_it_is_asked(build: Builder) -> None:
    found = build({"answers": {"FR": {BOTH: "5 with record"}, "FR.sales": {BOTH: "3 with document"}}})
    assert found.about("FR.sales", BOTH) == Reading(BOTH, "FR.sales", Known.LEVEL, 3, 3)


@either_way
def test_a_domain_reads_its_country_where_it_is_not_asked(build: Builder) -> None:
    found = build({"answers": {"FR": {OF_COUNTRIES: "5 with record"}}})
    assert found.about("FR.sales", OF_COUNTRIES) == Reading(OF_COUNTRIES, "FR", Known.LEVEL, 5, 4)


@either_way
def test_a_domain_that_is_asked_and_silent_does_not_borrow_its_countrys_answer(build: Builder) -> None:
    found = build({"answers": {"FR": {BOTH: "5"}}})
    assert found.about("FR.sales", BOTH) == Reading(BOTH, "FR.sales", Known.UNANSWERED)


@either_way
def test_a_country_reads_its_own_answer_where_it_is_asked(build: Builder) -> None:
    found = build({"answers": {"FR": {BOTH: "2"}, "FR.sales": {BOTH: "5"}}})
    assert found.about("FR", BOTH) == Reading(BOTH, "FR", Known.LEVEL, 2, 2)


@either_way
def test_a_country_that_is_asked_and_silent_does_not_borrow_its_domains_answers(build: Builder) -> None:
    assert build({"answers": {"FR.sales": {BOTH: "5"}}}).about("FR", BOTH).known is Known.UNANSWERED


@either_way
@pytest.mark.parametrize(
    ("answers", "median"),
    [
        (["4"], 4),
        (["2", "4"], 2),
        (["5", "1", "3"], 3),
        (["5", "1", "4", "2"], 2),
        (["5", "don't know"], 5),
        (["5", "4", "unanswered", "don't know"], 4),
        (["5", "don't know", "unanswered"], None),
        (["don't know"], None),
        (["unanswered", "unanswered"], None),
        ([], None),
    ],
)
def test_where_only_domains_are_asked_a_country_reads_the_lower_median_of_at_least_half(
    answers: list[str], median: int | None, build: Builder
) -> None:
    found = country_of(answers, build).about("FR", OF_DOMAINS)
    assert found.claimed == median
    assert found.known is (Known.UNANSWERED if median is None else Known.LEVEL)
    assert found.source_unit_id == "FR"


@either_way
def test_domains_with_an_accepted_not_applicable_are_left_out_of_the_median(build: Builder) -> None:
    answers = ["5", "3", "not applicable", "not applicable", "not applicable"]
    accepted = [f"FR.d{place:02}" for place in range(5)]
    found = country_of(answers, build, accepted=accepted).about("FR", OF_DOMAINS)
    assert (found.claimed, found.is_accepted) == (3, True)


@either_way
def test_the_median_of_what_is_claimed_and_of_what_evidence_carries_are_taken_apart(build: Builder) -> None:
    found = country_of(["5", "4 with record", "3 with document"], build).about("FR", OF_DOMAINS)
    assert (found.claimed, found.supported) == (4, 3)


@either_way
def test_a_median_is_accepted_once_every_answer_in_it_is(build: Builder) -> None:
    for accepted, expected in ((["FR.d00"], False), (["FR.d00", "FR.d01"], True)):
        found = country_of(["5", "4", "don't know"], build, accepted=accepted).about("FR", OF_DOMAINS)
        assert found.is_accepted is expected


@either_way
def test_other_countries_domains_are_not_read(build: Builder) -> None:
    found = build(
        {"units": {"FR": ["sales"], "DE": ["sales"]}, "answers": {"DE.sales": {OF_DOMAINS: "5", BOTH: "5"}}}
    )
    assert found.about("FR", OF_DOMAINS).known is Known.UNANSWERED
    assert found.about("DE", OF_DOMAINS).claimed == 5
    assert [entry.claimed for entry in found.of_domains("DE", BOTH)] == [5]


@pytest.mark.parametrize(
    ("evidence", "supported"), [("none", 2), ("document", 3), ("record", 4), ("independent", 5)]
)
def test_evidence_carries_a_claim_so_far_and_no_further(evidence: str, supported: int) -> None:
    for claimed in range(1, 6):
        found = from_answers({"answers": {"FR": {BOTH: f"{claimed} with {evidence}"}}}).own("FR", BOTH)
        assert (found.claimed, found.supported) == (claimed, min(claimed, supported))


@pytest.mark.parametrize(
    ("answer", "known"), [("don't know", Known.DONT_KNOW), ("not applicable", Known.NOT_APPLICABLE)]
)
def test_what_is_no_level_says_why(answer: str, known: Known) -> None:
    found = from_answers({"answers": {"FR.sales": {BOTH: answer}}}).about("FR.sales", BOTH)
    assert found == Reading(BOTH, "FR.sales", known)


@either_way
def test_a_question_that_no_version_has_is_not_asked(build: Builder) -> None:
    for unit in ("FR", "FR.sales"):
        assert build({}).about(unit, "dgm-unheard-of") == Reading("dgm-unheard-of", unit, Known.NOT_ASKED)


@either_way
def test_an_overruled_country_reads_its_domains_at_that_place_only(build: Builder) -> None:
    other = "dgm-decision-rights"
    found = build(
        {
            "units": {"FR": ["a", "b", "c"]},
            "answers": {
                "FR": {BOTH: "5", other: "5"}, "FR.a": {BOTH: "2", other: "1"}, "FR.b": {BOTH: "1"}, "FR.c": {BOTH: "4"},
            },
        }
    )  # fmt: skip
    overruled = found.overruled([("FR", BOTH)])
    assert overruled.about("FR", BOTH).claimed == 2
    assert overruled.about("FR", other).claimed == 5
    assert overruled.about("FR.c", BOTH).claimed == 4
    assert overruled.own("FR", BOTH).claimed == 5
    assert found.about("FR", BOTH).claimed == 5


# Readings of a table of answers -----------------------------------------------------------------------

SHORT = {"dimensions": {"direction": {"questions": {"a": 1, "b": 1}}}}


def table_of(
    *answers: tuple[str, str], state: AssessmentState | None = None, short: Any = SHORT
) -> ScoringInput:
    """Answers of France to `a`, each as a round and what was said."""
    entry = Questionnaire.model_validate(written_out(short))
    whose = {"unit_id": "FR", "questionnaire_id": entry.id, "questionnaire_version": entry.version}
    rows = [row for in_round, said in answers for row in answer_rows({"a": said}, round_id=in_round, **whose)]
    table = pd.DataFrame(rows, columns=list(ANSWER_COLUMNS), dtype=str).fillna("")
    rounds = {name: Round(name, name) for name in ("first", "second")}
    asked = [Asked(name, "FR", entry.id, entry.version, state) for name in rounds]
    return ScoringInput(catalogue_of([entry]), organisation({"FR": []}), rounds, table, asked)


def test_only_the_answers_of_that_round_are_read() -> None:
    data = table_of(("first", "2"), ("second", "5"))
    assert [readings_of(data, name).about("FR", "a").claimed for name in ("first", "second")] == [2, 5]


def test_in_a_round_without_answers_everything_is_unanswered() -> None:
    assert readings_of(table_of(), "first").about("FR", "a").known is Known.UNANSWERED


def test_in_a_round_that_asked_nothing_nothing_is_asked() -> None:
    assert readings_of(table_of(("first", "2")), "third").about("FR", "a").known is Known.NOT_ASKED


@pytest.mark.parametrize("state", [None, *AssessmentState])
def test_accepted_are_assessments_that_a_reviewer_accepted_and_those_closed_since(
    state: AssessmentState | None,
) -> None:
    found = readings_of(table_of(("first", "not applicable"), state=state), "first").about("FR", "a")
    assert found.is_accepted == (state in (AssessmentState.ACCEPTED, AssessmentState.CLOSED))


def test_the_agreed_answer_is_read_where_several_people_answered() -> None:
    several: Any = {"ann": 1, "ben": 5, "agreed": 4}
    assert readings_of(table_of(("first", several)), "first").about("FR", "a").claimed == 4
    apart: Any = {"ann": 1, "ben": 5}
    assert readings_of(table_of(("first", apart)), "first").about("FR", "a").known is Known.UNANSWERED


@pytest.mark.parametrize(
    ("decider", "known"),
    [("2", Known.NOT_APPLICABLE), ("don't know", Known.NOT_APPLICABLE), ("4", Known.LEVEL)],
)
def test_what_branching_hides_does_not_apply_whatever_was_answered_once(decider: str, known: Known) -> None:
    branching = {"a": 1, "b": {"weight": 1, "show_when": {"question": "a", "at_least": 3}}}
    short = {"dimensions": {"direction": {"questions": branching}}}
    data = table_of(("first", decider), short=short)
    more = data.answers.assign(question_id="b", state="answered", value="5")
    both = pd.concat([data.answers, more], ignore_index=True)
    assert readings_of(replace(data, answers=both), "first").about("FR", "b").known is known


def test_a_questionnaire_of_values_has_nothing_for_rules_to_read() -> None:
    values = {"scale": {"minimum": 0, "maximum": 100}, "options": [0, 50, 100], **SHORT}
    found = readings_of(table_of(("first", "50"), short=values), "first")
    assert (dict(found.questions), found.about("FR", "a").known) == ({}, Known.NOT_ASKED)


# Laws -------------------------------------------------------------------------------------------------

texts = st.one_of(
    st.builds("{} with {}".format, st.integers(1, 5), st.sampled_from(["none", "document", "record"])),
    st.sampled_from(["don't know", "unanswered"]),
)


@given(st.lists(texts, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_the_domains_does_not_matter(answers: list[str], random: Any) -> None:
    shuffled = random.sample(answers, len(answers))
    assert country_of(answers).about("FR", OF_DOMAINS) == country_of(shuffled).about("FR", OF_DOMAINS)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=9))
def test_a_lower_median_is_a_level_that_somebody_has_and_half_are_no_lower(levels: list[int]) -> None:
    middle = lower_median(levels)
    assert middle in levels
    assert 2 * sum(level >= middle for level in levels) >= len(levels)
    assert 2 * sum(level <= middle for level in levels) >= len(levels)
    assert 2 * sum(level < middle for level in levels) < len(levels)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=9), st.data())
def test_raising_one_domain_never_lowers_the_median(levels: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(levels) - 1))
    raised = [*levels[:place], min(levels[place] + 1, 5), *levels[place + 1 :]]
    assert lower_median(raised) >= lower_median(levels)
