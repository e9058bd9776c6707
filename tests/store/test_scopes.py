"""No read reaches further than its scope: by role, by state, and blind between a lead and its domains."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import text

from assessment.access import Principal, Role, Scope, scope_of
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.rounds import open_round
from assessment.errors import NotAllowed
from assessment.responses import ANSWER_COLUMNS, AssessmentState
from assessment.scoring.table import score_table
from assessment.store.answers import answer_frame, read_answers
from assessment.store.assessments import read_assessment, read_assessments, readable
from assessment.store.organisation import read_targets
from assessment.store.scoring_input import read_scoring_input
from tests.conftest import SmallWorkspace
from tests.store import small

OWNERS = {
    "FR": small.FRANCE,
    "DE": small.GERMANY,
    "FR.sales": small.SALES,
    "FR.finance": small.FINANCE,
    "DE.sales": Principal("Dora", Role.DOMAIN_OWNER, "DE.sales"),
}
GROUP = (small.REVIEWER, small.CDAO)
STATES = tuple(state for state in AssessmentState if state is not AssessmentState.CLOSED)


def fill(workspace: SmallWorkspace, unit: str, round_id: str = small.ROUND) -> int:
    """Answers everything that the unit is asked, with its own name in the comment."""
    assessment = workspace.assessment(unit, round_id).id
    for question in small.COUNTRY_QUESTIONS if "." not in unit else small.DOMAIN_QUESTIONS:
        if question != "detail":
            value = "one" if question == "tool" else "2"
            save_answer(
                workspace.desk(OWNERS[unit]), assessment, question,
                {"state": "answered", "value": value, "comment": f"secret of {unit}"},
                expected_version=0, idempotency_key=small.new_key(),
            )  # fmt: skip
    return assessment


def bring(workspace: SmallWorkspace, unit: str, state: AssessmentState, round_id: str = small.ROUND) -> None:
    """Brings the unit's filled assessment from draft to a state."""
    assessment = workspace.assessment(unit, round_id).id
    own, reviewer = workspace.desk(OWNERS[unit]), workspace.desk(small.REVIEWER)
    steps: dict[AssessmentState, list[Callable[[], object]]] = {
        AssessmentState.DRAFT: [],
        AssessmentState.SUBMITTED: [lambda: reviewing.submit(own, assessment)],
        AssessmentState.ACCEPTED: [
            lambda: reviewing.submit(own, assessment), lambda: reviewing.accept(reviewer, assessment),
        ],
        AssessmentState.RETURNED: [
            lambda: reviewing.submit(own, assessment),
            lambda: reviewing.return_to_unit(reviewer, assessment, "More, please"),
        ],
    }  # fmt: skip
    for step in steps[state]:
        step()


@pytest.fixture
def filled(workspace: SmallWorkspace) -> SmallWorkspace:
    """Everybody has answered everything; nobody has sent anything."""
    for unit in OWNERS:
        fill(workspace, unit)
    return workspace


def scope(workspace: SmallWorkspace, somebody: Principal) -> Scope:
    return scope_of(somebody, workspace.organisation)


def seen(workspace: SmallWorkspace, somebody: Principal, round_id: str = small.ROUND) -> set[str]:
    """Whose answers somebody can read, by every way of reading; all ways must agree."""
    allowed = scope(workspace, somebody)
    with workspace.store.read() as connection:
        frame = answer_frame(connection, allowed, round_ids=[round_id])
        data = read_scoring_input(connection, workspace.catalogue, allowed, [round_id])
        single = {
            entry.unit_id
            for entry in read_assessments(connection, workspace.organisation.units, round_id=round_id)
            if read_answers(connection, entry.id, allowed)
        }
    pd.testing.assert_frame_equal(frame, data.answers)
    assert set(frame["unit_id"]) == single
    assert set(frame["comment"]) == {f"secret of {unit}" for unit in single}
    return single


def test_everybody_in_their_own_draft_sees_their_own_answers_only(filled: SmallWorkspace) -> None:
    for unit, owner in OWNERS.items():
        assert seen(filled, owner) == {unit}


def test_drafts_are_read_by_nobody_but_their_own_unit(filled: SmallWorkspace) -> None:
    for somebody in small.EVERYBODY:
        assert seen(filled, somebody) == ({somebody.unit_id} if somebody.unit_id else set())


@pytest.mark.parametrize("state", STATES)
def test_a_lone_finished_assessment_is_read_by_its_unit_and_the_group(
    filled: SmallWorkspace, state: AssessmentState
) -> None:
    bring(filled, "FR.sales", state)
    finished = {"FR.sales"} if state in (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED) else set()
    for somebody in small.EVERYBODY:
        of_group = finished if somebody in GROUP else set()
        assert seen(filled, somebody) == ({somebody.unit_id} if somebody.unit_id else of_group), somebody


@pytest.mark.parametrize("lead", STATES)
@pytest.mark.parametrize("domain", STATES)
def test_lead_and_domain_see_nothing_of_each_other_until_both_have_sent(
    filled: SmallWorkspace, lead: AssessmentState, domain: AssessmentState
) -> None:
    bring(filled, "FR", lead)
    bring(filled, "FR.sales", domain)
    finished = {AssessmentState.SUBMITTED, AssessmentState.ACCEPTED}
    assert seen(filled, small.FRANCE) == {"FR", *({"FR.sales"} if {lead, domain} <= finished else ())}
    assert seen(filled, small.SALES) == {"FR.sales"}, "a domain never reads its country's answers"
    assert seen(filled, small.FINANCE) == {"FR.finance"}, "nor another domain's"
    assert seen(filled, small.GERMANY) == {"DE"}


def test_lead_and_domain_wait_for_each_other_in_each_round_by_itself(filled: SmallWorkspace) -> None:
    open_round(filled.desk(small.ADMINISTRATOR), small.small_round("2026-H2"))
    for unit in ("FR", "FR.sales"):
        fill(filled, unit, "2026-H2")
    bring(filled, "FR.sales", AssessmentState.SUBMITTED)
    bring(filled, "FR.sales", AssessmentState.SUBMITTED, "2026-H2")
    bring(filled, "FR", AssessmentState.SUBMITTED, "2026-H2")
    assert seen(filled, small.FRANCE) == {"FR"}
    assert seen(filled, small.FRANCE, "2026-H2") == {"FR", "FR.sales"}


def test_lead_and_domain_wait_for_each_other_in_each_questionnaire_by_itself(
    workspace: SmallWorkspace,
) -> None:
    pinned = {"governance": "1.0.0", "platform": "1.0.0"}
    open_round(workspace.desk(small.ADMINISTRATOR), small.small_round("both", **pinned))
    with workspace.store.write() as connection:
        connection.exec_driver_sql("UPDATE assessments SET state = 'submitted' WHERE round_id = 'both'")
        connection.exec_driver_sql(
            "UPDATE assessments SET state = 'draft' WHERE unit_id = 'FR' AND questionnaire_id = 'governance'"
        )
    with workspace.store.read() as connection:
        numbers: set[Any] = set(connection.scalars(readable(scope(workspace, small.FRANCE))))
        found = read_assessments(connection, ["FR", "FR.sales"], round_id="both")
    assert {(entry.unit_id, entry.questionnaire_id) for entry in found if entry.id in numbers} == {
        ("FR", "governance"), ("FR", "platform"), ("FR.sales", "platform"),
    }  # fmt: skip


def test_a_withdrawn_assessment_is_out_of_sight_again(filled: SmallWorkspace) -> None:
    for unit in ("FR", "FR.sales"):
        bring(filled, unit, AssessmentState.SUBMITTED)
    assert seen(filled, small.FRANCE) == {"FR", "FR.sales"}
    reviewing.withdraw(filled.desk(small.SALES), filled.assessment("FR.sales").id)
    assert seen(filled, small.FRANCE) == {"FR"}
    assert seen(filled, small.REVIEWER) == {"FR"}


def test_a_removed_unit_takes_all_sight_with_it(filled: SmallWorkspace) -> None:
    bring(filled, "FR", AssessmentState.SUBMITTED)
    bring(filled, "FR.sales", AssessmentState.SUBMITTED)
    with filled.store.write() as connection:
        connection.exec_driver_sql("UPDATE units SET kind = 'group' WHERE id = 'FR'")
    units = dict(filled.organisation.units)
    del units["FR"]
    left = type(filled.organisation)(units)
    with filled.store.read() as connection:
        assert answer_frame(connection, scope_of(small.FRANCE, left)).empty


def test_scores_exist_for_the_scopes_units_only_and_say_how_far_the_others_are(
    filled: SmallWorkspace,
) -> None:
    for somebody in small.EVERYBODY:
        allowed = scope(filled, somebody)
        with filled.store.read() as connection:
            table = score_table(read_scoring_input(connection, filled.catalogue, allowed))
        own = table[table["basis"].eq("own")]
        assert set(own["unit_id"]) == {unit for unit in allowed.units if unit != "ACME"}
        hidden = own[~own["unit_id"].isin(allowed.own)]
        assert set(hidden["assessment_state"]) <= {"draft"}
        assert set(hidden["status"]) <= {"not_answered"}
        assert hidden["score"].isna().all()
        assert not hidden["answered"].any()


def test_an_assessment_is_found_among_the_units_asked_for_only(workspace: SmallWorkspace) -> None:
    number = workspace.assessment("FR").id
    with workspace.store.write() as connection:
        assert read_assessment(connection, number, ["FR"]) == workspace.assessment("FR")
        assert read_assessment(connection, number, ["DE", "FR.sales"]) is None
        assert read_assessment(connection, number, []) is None
        assert read_assessment(connection, 10_000, ["FR"]) is None
        assert read_assessments(connection, []) == ()


def test_targets_are_read_for_the_units_asked_for_only(workspace: SmallWorkspace) -> None:
    with workspace.store.write() as connection:
        for unit in ("FR", "DE"):
            connection.execute(
                text("INSERT INTO targets VALUES (:round, :unit, 'governance', 'direction', 4)"),
                {"round": small.ROUND, "unit": unit},
            )
    with workspace.store.read() as connection:
        assert {target.unit_id for target in read_targets(connection, ["DE", "XX"])} == {"DE"}
        allowed = scope(workspace, small.SALES)
        data = read_scoring_input(connection, workspace.catalogue, allowed)
    assert {target.unit_id for target in data.targets} == {"FR"}, "a domain inherits its country's target"


def test_the_answer_table_is_all_text_in_the_order_of_the_file(filled: SmallWorkspace) -> None:
    with filled.store.read() as connection:
        frame = answer_frame(connection, scope(filled, small.SALES))
        other_round = answer_frame(connection, scope(filled, small.SALES), round_ids=["no such round"])
    assert tuple(frame) == tuple(other_round) == ANSWER_COLUMNS
    assert other_round.empty
    assert frame.iloc[0].to_dict() == {
        "round_id": small.ROUND, "unit_id": "FR.sales", "questionnaire_id": "governance",
        "questionnaire_version": "1.0.0", "question_id": "owner", "state": "answered", "value": "2", "reason": "",
        "confidence": "", "evidence_kind": "none", "evidence_ref": "", "comment": "secret of FR.sales",
        "respondent_id": "", "answered_at": "2026-03-02T12:00:00+00:00",
    }  # fmt: skip


@pytest.mark.parametrize("hostile", ["FR' OR '1'='1", "%", "_R", 'FR"; DROP TABLE answers; --'])
def test_a_units_id_is_never_read_as_sql(filled: SmallWorkspace, hostile: str) -> None:
    for everyone in (
        Scope(own=frozenset({hostile})),
        Scope(others=frozenset({hostile}), blind_until=hostile),
    ):
        with filled.store.read() as connection:
            assert answer_frame(connection, everyone, round_ids=None).empty
            assert answer_frame(connection, scope(filled, small.FRANCE), round_ids=[hostile]).empty
            assert read_assessments(connection, [hostile], round_id=hostile) == ()


def test_an_id_that_no_row_can_have_is_not_here(filled: SmallWorkspace) -> None:
    """SQLite finds nothing; PostgreSQL refuses to look, and that is told in the same words."""
    for number, unit in ((1, "FR\x00"), (2**40, "FR")):
        with suppress(NotAllowed), filled.store.read() as connection:
            assert read_assessments(connection, [unit], round_id="no such round") == ()
            assert read_answers(connection, number, Scope(frozenset({unit}))) == {}


def test_a_domain_whose_country_is_not_asked_shows_its_lead_what_it_sent(workspace: SmallWorkspace) -> None:
    """There is nothing that the lead could be swayed in."""
    desk = workspace.desk(small.ADMINISTRATOR)
    open_round(desk, small.small_round("only-domains", ownership="1.0.0"))
    assessment = workspace.assessment("FR.sales", "only-domains").id
    save_answer(
        workspace.desk(small.SALES), assessment, "edge", {"state": "answered", "value": "2", "comment": "secret of FR.sales"},
        expected_version=0, idempotency_key="x",
    )  # fmt: skip
    assert seen(workspace, small.FRANCE, "only-domains") == set()
    reviewing.submit(workspace.desk(small.SALES), assessment)
    assert seen(workspace, small.FRANCE, "only-domains") == {"FR.sales"}
