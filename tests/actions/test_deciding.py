"""A gate is waived only where the rules allow it: a floor, few of one questionnaire, until a day that isn't over."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from assessment.actions.stating import state
from assessment.errors import NotAllowed, ResponseError
from assessment.questionnaire.catalogue import Catalogue
from assessment.statements import DecisionContent, StatementKind
from assessment.store.statements import About, Statement, read_statements
from tests.conftest import SmallWorkspace
from tests.store import small
from tests.store.journeys import close, say

LATER = "2026-12-31"
#: The floors of the small questionnaire; the rules let two of them be waived.
FLOORS = ("shared", "detail", "owner")


@pytest.fixture
def judged(workspace: SmallWorkspace, catalogue: Catalogue) -> SmallWorkspace:
    """The small workspace with the repository's rules for verdicts."""
    return replace(workspace, catalogue=replace(workspace.catalogue, verdicts=catalogue.verdicts))


def gate(question: str, unit: str = "FR.sales") -> About:
    return About(StatementKind.DECISION, small.ROUND, unit, f"governance:{question}")


def waive(workspace: SmallWorkspace, about: About, version: int = 0, **content: Any) -> Statement:
    usual = {"waived": True, "reason": "The pilot has one user", "expires_on": LATER}
    return say(workspace, about, small.CDAO, version, **{**usual, **content})


def decisions(workspace: SmallWorkspace) -> dict[str, bool]:
    """Whether it is waived, by question, of the sales domain of France."""
    with workspace.store.read() as connection:
        found = read_statements(connection, ["FR.sales"], [StatementKind.DECISION])
    contents = {entry.about.subject_id.partition(":")[2]: entry.content for entry in found}
    return {
        name: content.waived for name, content in contents.items() if isinstance(content, DecisionContent)
    }


def test_a_floor_is_waived_with_reason_and_day_by_whoever_decides(judged: SmallWorkspace) -> None:
    made = waive(judged, gate("shared"))
    assert isinstance(made.content, DecisionContent)
    assert (made.content.reason, made.content.expires_on.isoformat()) == ("The pilot has one user", LATER)
    assert (made.person, made.version) == (small.CDAO.person, 1)
    assert decisions(judged) == {"shared": True}


@pytest.mark.parametrize(
    ("unit", "question"), [("FR.sales", "shared"), ("FR", "shared"), ("FR", "owner"), ("DE", "detail")]
)
def test_a_countrys_and_a_domains_floor_can_be_waived_whosever_answer_it_reads(
    judged: SmallWorkspace, unit: str, question: str
) -> None:
    assert waive(judged, gate(question, unit)).version == 1


@pytest.mark.parametrize("unit", ["FR", "FR.sales"])
def test_a_hard_gate_is_never_waived(judged: SmallWorkspace, unit: str) -> None:
    before = small.everything(judged.store)
    with pytest.raises(ResponseError, match="hard gate is never waived"):
        waive(judged, gate("strategy", unit))
    assert small.everything(judged.store) == before


@pytest.mark.parametrize(("unit", "question"), [("FR", "tool"), ("FR", "nothing"), ("ACME", "shared")])
def test_what_is_no_gate_of_a_country_or_domain_is_not_here(
    judged: SmallWorkspace, unit: str, question: str
) -> None:
    with pytest.raises(NotAllowed):
        waive(judged, gate(question, unit))


def test_a_third_floor_of_one_questionnaire_is_refused_for_the_same_unit_only(judged: SmallWorkspace) -> None:
    for question in FLOORS[:2]:
        waive(judged, gate(question))
    before = small.everything(judged.store)
    with pytest.raises(ResponseError, match="Up to 2 floors of one questionnaire"):
        waive(judged, gate(FLOORS[2]))
    assert small.everything(judged.store) == before
    assert waive(judged, gate(FLOORS[2], "FR.finance")).version == 1


def test_what_is_taken_back_makes_room_for_another(judged: SmallWorkspace) -> None:
    for question in FLOORS[:2]:
        waive(judged, gate(question))
    waive(judged, gate("shared"), 1, waived=False, reason="It is met now")
    waive(judged, gate("owner"))
    assert decisions(judged) == {"shared": False, "detail": True, "owner": True}


def test_one_that_has_expired_makes_room_for_another(judged: SmallWorkspace) -> None:
    for question in FLOORS[:2]:
        waive(judged, gate(question), expires_on=small.NOON.date().isoformat())
    with pytest.raises(ResponseError, match="Up to 2"):
        waive(judged, gate("owner"))
    desk = judged.desk(small.CDAO, small.NOON + timedelta(days=1))
    content = {"waived": True, "reason": "Small", "expires_on": LATER}
    assert state(desk, gate("owner"), content, expected_version=0, idempotency_key="a day later").version == 1


def test_a_waiver_can_be_made_longer_while_no_other_is_left(judged: SmallWorkspace) -> None:
    for question in FLOORS[:2]:
        waive(judged, gate(question))
    assert waive(judged, gate("shared"), 1, expires_on="2027-06-30").version == 2


@pytest.mark.parametrize(("days", "is_over"), [(-1, True), (0, False), (1, False)])
def test_a_day_that_is_over_is_refused_and_today_is_not(
    judged: SmallWorkspace, days: int, is_over: bool
) -> None:
    until = (small.NOON.date() + timedelta(days=days)).isoformat()
    if is_over:
        with pytest.raises(ResponseError, match="1 Mar 2026 is over"):
            waive(judged, gate("shared"), expires_on=until)
    else:
        assert waive(judged, gate("shared"), expires_on=until).version == 1


def test_an_expired_waiver_can_still_be_taken_back(judged: SmallWorkspace) -> None:
    waive(judged, gate("shared"), expires_on=small.NOON.date().isoformat())
    desk = judged.desk(small.CDAO, small.NOON + timedelta(days=30))
    content = {"waived": False, "reason": "Met", "expires_on": small.NOON.date().isoformat()}
    assert state(desk, gate("shared"), content, expected_version=1, idempotency_key="later").version == 2


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_waiver_without_a_reason_is_refused(judged: SmallWorkspace, reason: str) -> None:
    with pytest.raises(ResponseError):
        waive(judged, gate("shared"), reason=reason)


def test_who_decides_second_overwrites_nothing(judged: SmallWorkspace) -> None:
    waive(judged, gate("shared"))
    with pytest.raises(ResponseError, match="Somebody else"):
        waive(judged, gate("shared"), reason="Another")


def test_in_a_closed_round_nothing_is_waived(judged: SmallWorkspace) -> None:
    close(judged)
    with pytest.raises(ResponseError, match="closed"):
        waive(judged, gate("shared"))


def test_without_rules_for_verdicts_nothing_is_waived(workspace: SmallWorkspace) -> None:
    with pytest.raises(ResponseError, match="Up to 0 floors"):
        waive(workspace, gate("shared"))


def test_three_people_at_one_moment_waive_no_more_than_the_rules_allow(judged: SmallWorkspace) -> None:
    ready = threading.Barrier(len(FLOORS))

    def decide(question: str) -> None:
        ready.wait()
        with suppress(ResponseError):
            waive(judged, gate(question))

    threads = [threading.Thread(target=decide, args=(question,)) for question in FLOORS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(decisions(judged)) == 2
