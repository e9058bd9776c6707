"""Targets, and what an administrator changes about an open round."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assessment.actions.rounds import extend_round, join_round, open_round
from assessment.actions.targets import set_targets
from assessment.errors import NotAllowed, ResponseError
from assessment.organisation import Round, Target
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.store.organisation import read_rounds, read_targets
from tests.conftest import SmallWorkspace
from tests.store import small


def the_round(workspace: SmallWorkspace) -> Round:
    with workspace.store.read() as connection:
        return read_rounds(connection)[-1]


def target(workspace: SmallWorkspace, **changes: object) -> Target:
    entry = the_round(workspace)
    name, version = next(iter(entry.questionnaires.items()))
    questionnaire = workspace.desk(small.ADMINISTRATOR).catalogue.get(name, version)
    dimension = next(iter(questionnaire.all_dimensions())).id
    return replace(Target(entry.id, "FR", name, dimension, 3.0), **changes)  # type: ignore[arg-type]


def test_a_target_is_set_and_set_anew(workspace: SmallWorkspace):
    desk = workspace.desk(small.ADMINISTRATOR)
    set_targets(desk, [target(workspace)])
    set_targets(desk, [target(workspace, target=4.0)])
    with workspace.store.read() as connection:
        mine = target(workspace)
        found = [
            entry.target for entry in read_targets(connection, ["FR"])
            if (entry.round_id, entry.dimension_id) == (mine.round_id, mine.dimension_id)
        ]  # fmt: skip
    assert found == [4.0]


@pytest.mark.parametrize(
    "changes",
    [
        {"unit_id": "XX"},
        {"round_id": "none"},
        {"questionnaire_id": "none"},
        {"dimension_id": "none"},
        {"target": 6.0},
    ],
)
def test_a_target_for_nothing_sets_none(workspace: SmallWorkspace, changes: dict[str, object]):
    with workspace.store.read() as connection:
        before = read_targets(connection, ["FR", "XX"])
    with pytest.raises(ResponseError):
        set_targets(workspace.desk(small.ADMINISTRATOR), [target(workspace), target(workspace, **changes)])
    with workspace.store.read() as connection:
        assert read_targets(connection, ["FR", "XX"]) == before


def test_only_the_administrator_sets_targets_and_days(workspace: SmallWorkspace):
    desk = workspace.desk(small.FRANCE)
    with pytest.raises(NotAllowed):
        set_targets(desk, [target(workspace)])
    with pytest.raises(NotAllowed):
        extend_round(desk, the_round(workspace).id, None)
    with pytest.raises(NotAllowed):
        join_round(desk, the_round(workspace).id, ["FR"])


def test_a_round_is_extended_but_not_to_before_it_opened(workspace: SmallWorkspace):
    desk, entry = workspace.desk(small.ADMINISTRATOR), the_round(workspace)
    extend_round(desk, entry.id, date(2031, 1, 31))
    assert the_round(workspace).closes_on == date(2031, 1, 31)
    if entry.opens_on:
        with pytest.raises(ResponseError, match="before it opens"):
            extend_round(desk, entry.id, date(2001, 1, 1))


def test_units_join_a_round_once(workspace: SmallWorkspace):
    desk, entry = workspace.desk(small.ADMINISTRATOR), the_round(workspace)
    pinned = dict(entry.questionnaires)
    with workspace.store.read() as connection:
        everybody = {found.unit_id for found in read_assessments(connection, workspace.organisation.units)}
    only = Round("2031-H1", "Later", None, None, None, pinned)
    assert open_round(desk, only, units=["FR"]) == sum(
        found.unit_id == "FR" for found in assessments(workspace, "2031-H1")
    )
    others = everybody - {"FR"}
    assert join_round(desk, "2031-H1", [*everybody]) == sum(
        found.unit_id in others for found in assessments(workspace, "2031-H1")
    )
    assert join_round(desk, "2031-H1", [*everybody]) == 0
    assert {found.unit_id for found in assessments(workspace, "2031-H1")} == everybody


def assessments(workspace: SmallWorkspace, round_id: str) -> tuple[StoredAssessment, ...]:
    with workspace.store.read() as connection:
        return read_assessments(connection, workspace.organisation.units, round_id=round_id)
