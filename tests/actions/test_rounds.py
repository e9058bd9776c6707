"""Closing a round freezes what was accepted; opening again makes a revision, and nothing that was kept is touched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessment.access import Principal, Role, Scope, scope_of
from assessment.actions import reviewing
from assessment.actions.rounds import Closing, close_round, reopen_assessment, reopen_round
from assessment.errors import NotAllowed, ResponseError
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.lock import content_hash
from assessment.responses import AssessmentState
from assessment.store.scorecards import Scorecard, read_scorecards
from tests.conftest import SmallWorkspace
from tests.store import small
from tests.store.journeys import accepted, answer_all, close, save

EVERY_UNIT = Scope(own=frozenset({"FR", "DE", "FR.sales", "FR.finance", "DE.sales"}))


def scorecards(workspace: SmallWorkspace, number: int, scope: Scope = EVERY_UNIT) -> tuple[Scorecard, ...]:
    with workspace.store.read() as connection:
        return read_scorecards(connection, number, scope)


def test_what_was_accepted_is_frozen_and_the_rest_stays(workspace: SmallWorkspace) -> None:
    number = accepted(workspace, "FR", small.FRANCE)
    answer_all(workspace, "DE", small.GERMANY)
    assert close(workspace) == Closing(frozen=1, unfinished=4)
    assert workspace.assessment("FR").state is AssessmentState.CLOSED
    assert workspace.assessment("DE").state is AssessmentState.DRAFT
    (kept,) = scorecards(workspace, number)
    assert (kept.revision, kept.person, kept.at) == (1, "Ada", small.later(60))
    assert kept.content_hash == content_hash(workspace.catalogue.get("governance", "1.0.0"))
    assert {**kept.answers["shared"], "answered_at": ""} == {
        "state": "answered", "value": "3", "reason": "", "confidence": None, "evidence_kind": "document",
        "evidence_ref": "", "comment": "", "answered_at": "", "answered_by": "Fay",
    }  # fmt: skip
    whole = next(row for row in kept.scores if not row["dimension_id"] and row["basis"] == "own")
    # 3, 3 and 5 of equal weight; `detail` is hidden behind `shared`.
    assert whole["score"] == pytest.approx(11 / 3)
    assert whole["unit_id"] == "FR"
    assert whole["target"] is None


def test_what_a_domain_has_not_sent_is_in_no_scorecard(workspace: SmallWorkspace) -> None:
    number = accepted(workspace, "DE", small.GERMANY)
    sales = Principal("Sonja", Role.DOMAIN_OWNER, "DE.sales")
    answer_all(workspace, "DE.sales", sales)
    close(workspace)
    (kept,) = scorecards(workspace, number)
    by_domains = [row for row in kept.scores if row["basis"] == "domains"]
    assert by_domains
    assert {row["score"] for row in by_domains} == {None}
    assert {row["answered"] for row in by_domains} == {0}


def test_nothing_can_be_changed_in_a_closed_round(workspace: SmallWorkspace) -> None:
    answer_all(workspace, "DE", small.GERMANY)
    number = answer_all(workspace, "FR", small.FRANCE)
    reviewing.submit(workspace.desk(small.FRANCE), number)
    close(workspace)
    before = small.everything(workspace.store)
    germany = workspace.assessment("DE").id
    for act in (
        lambda: save(workspace, germany, "shared", small.GERMANY, state="dont_know"),
        lambda: reviewing.submit(workspace.desk(small.GERMANY), germany),
        lambda: reviewing.withdraw(workspace.desk(small.FRANCE), number),
        lambda: reviewing.accept(workspace.desk(small.REVIEWER), number),
        lambda: reviewing.return_to_unit(workspace.desk(small.REVIEWER), number, "More"),
        lambda: close(workspace),
    ):
        with pytest.raises(ResponseError, match="closed"):
            act()
    assert small.everything(workspace.store) == before


def test_reopening_makes_a_revision_and_the_earlier_one_stays(workspace: SmallWorkspace) -> None:
    number = accepted(workspace, "FR", small.FRANCE)
    accepted(workspace, "DE", small.GERMANY)
    close(workspace)
    (first,) = scorecards(workspace, number)
    administrator = workspace.desk(small.ADMINISTRATOR, small.later(70))
    reopen_round(administrator, small.ROUND, "Wrong numbers from France")
    returned = reopen_assessment(administrator, number, "Check the strategy")
    assert (returned.state, returned.comment) == (AssessmentState.RETURNED, "Check the strategy")
    assert workspace.assessment("FR") == returned
    save(workspace, number, "strategy", small.FRANCE, value="1")
    reviewing.submit(workspace.desk(small.FRANCE), number)
    reviewing.accept(workspace.desk(small.REVIEWER), number)
    assert close(workspace, 80) == Closing(frozen=1, unfinished=3), "Germany's was frozen already"
    again, second = scorecards(workspace, number)
    assert again == first
    assert (second.revision, second.answers["strategy"]["value"]) == (2, "1")
    assert len(scorecards(workspace, workspace.assessment("DE").id)) == 1


@pytest.mark.parametrize("somebody", [small.GERMANY, small.SALES, small.AUTHOR, small.ADMINISTRATOR], ids=str)
def test_a_scorecard_is_read_by_those_only_who_may_read_the_answers(
    workspace: SmallWorkspace, somebody: Principal
) -> None:
    number = accepted(workspace, "FR", small.FRANCE)
    close(workspace)
    assert scorecards(workspace, number, scope_of(somebody, workspace.organisation)) == ()
    assert scorecards(workspace, number, scope_of(small.CDAO, workspace.organisation))


def test_only_the_administrator_closes_and_reopens(workspace: SmallWorkspace) -> None:
    number = accepted(workspace, "FR", small.FRANCE)
    for somebody in small.EVERYBODY:
        if somebody == small.ADMINISTRATOR:
            continue
        desk = workspace.desk(somebody)
        for act in (
            lambda: close_round(desk, small.ROUND),  # noqa: B023
            lambda: reopen_round(desk, small.ROUND, "Why"),  # noqa: B023
            lambda: reopen_assessment(desk, number, "Why"),  # noqa: B023
        ):
            with pytest.raises(NotAllowed):
                act()


def test_reopening_needs_a_reason_and_something_closed(workspace: SmallWorkspace) -> None:
    number = accepted(workspace, "FR", small.FRANCE)
    desk = workspace.desk(small.ADMINISTRATOR)
    with pytest.raises(ResponseError, match="isn't closed"):
        reopen_round(desk, small.ROUND, "Why")
    with pytest.raises(ResponseError, match="Only a closed assessment"):
        reopen_assessment(desk, number, "Why")
    close(workspace)
    with pytest.raises(ResponseError, match="Only a closed assessment of an open round"):
        reopen_assessment(desk, number, "Why")
    with pytest.raises(ResponseError, match="Say why"):
        reopen_round(desk, small.ROUND, "  ")
    with pytest.raises(ResponseError, match="no round 'nowhere'"):
        close_round(desk, "nowhere")


def test_a_questionnaire_that_is_not_what_the_round_pinned_freezes_nothing(workspace: SmallWorkspace) -> None:
    accepted(workspace, "FR", small.FRANCE)
    pinned = workspace.catalogue.get("governance", "1.0.0")
    other = pinned.model_copy(update={"title": "Something else"})
    desk = replace(workspace.desk(small.ADMINISTRATOR), catalogue=catalogue_of([other]))
    before = small.everything(workspace.store)
    with pytest.raises(ResponseError, match=r"governance@1\.0\.0"):
        close_round(desk, small.ROUND)
    assert small.everything(workspace.store) == before


def test_a_clock_that_jumps_back_loses_no_revision(workspace: SmallWorkspace) -> None:
    number = accepted(workspace, "FR", small.FRANCE)
    close(workspace, 60)
    before_that = workspace.desk(small.ADMINISTRATOR, small.later(-600))
    reopen_round(before_that, small.ROUND, "Why")
    reopen_assessment(before_that, number, "Why")
    save(workspace, number, "strategy", small.FRANCE, value="2")
    reviewing.submit(workspace.desk(small.FRANCE, small.later(-500)), number)
    reviewing.accept(workspace.desk(small.REVIEWER, small.later(-400)), number)
    close(workspace, -300)
    assert [card.answers["strategy"]["value"] for card in scorecards(workspace, number)] == ["3", "2"]
