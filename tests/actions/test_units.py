"""Units are renamed, moved, merged and retired; their ids, their past and what they were called stay."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from assessment.access import Principal
from assessment.actions.desk import Desk
from assessment.actions.rounds import open_round
from assessment.actions.units import add_units, merge_unit, move_unit, rename_unit, retire_unit
from assessment.errors import NotAllowed, ResponseError
from assessment.organisation import Organisation, Unit, organisation_of
from assessment.questionnaire.models import UnitKind
from assessment.store.assessments import read_assessments
from assessment.store.organisation import read_organisation
from tests.conftest import SmallWorkspace
from tests.store import small

Change = Callable[[Desk], Unit]


def organisation(workspace: SmallWorkspace) -> Organisation:
    with workspace.store.read() as connection:
        return read_organisation(connection)


def last_event(workspace: SmallWorkspace) -> tuple[str, dict[str, object]]:
    row = small.rows_of(workspace.store, "SELECT action, detail FROM workspace_events ORDER BY id")[-1]
    return row["action"], json.loads(row["detail"])


def test_a_new_name_is_seen_at_once_and_the_old_one_is_on_record(workspace: SmallWorkspace) -> None:
    rename_unit(workspace.desk(small.ADMINISTRATOR), "FR", "  République française ☃ ")
    assert organisation(workspace).label("FR.sales") == "Sales, République française ☃"
    assert last_event(workspace) == (
        "unit renamed", {"unit": "FR", "changed": {"name": ["France", "République française ☃"]}},
    )  # fmt: skip


def test_a_moved_domain_belongs_to_the_other_country_and_keeps_its_answers(workspace: SmallWorkspace) -> None:
    number = workspace.assessment("FR.finance").id
    move_unit(workspace.desk(small.ADMINISTRATOR), "FR.finance", "DE")
    known = organisation(workspace)
    assert [unit.id for unit in known.domains("DE")] == ["FR.finance", "DE.sales"]
    assert known.units["FR.finance"].country_iso3 == "DEU"
    assert workspace.assessment("FR.finance").id == number


def test_a_merged_unit_names_who_goes_on_and_is_asked_no_more(workspace: SmallWorkspace) -> None:
    desk = workspace.desk(small.ADMINISTRATOR, small.later(5))
    merge_unit(desk, "FR.finance", "FR.sales")
    merged = organisation(workspace).units["FR.finance"]
    assert (merged.successor_id, merged.retired_on) == ("FR.sales", small.NOON.date())
    assert open_round(desk, small.small_round("2027")) == 4
    with workspace.store.read() as connection:
        assert not read_assessments(connection, ["FR.finance"], round_id="2027")
        assert read_assessments(connection, ["FR.finance"], round_id=small.ROUND)


def test_a_retired_unit_is_still_the_same_unit_to_a_file(workspace: SmallWorkspace) -> None:
    desk = workspace.desk(small.ADMINISTRATOR)
    retire_unit(desk, "DE.sales")
    assert add_units(desk, workspace.organisation) == 0
    retire_unit(desk, "DE")
    assert open_round(desk, small.small_round("2027")) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda desk: rename_unit(desk, "FR", " \t"), "needs a name"),
        (lambda desk: rename_unit(desk, "FR", "Fr\x0bance"), "no line breaks"),
        (lambda desk: rename_unit(desk, "FR", "x" * 301), "300 characters"),
        (lambda desk: add_units(desk, organisation_of([Unit("OTHER", "Other", UnitKind.GROUP)])), "a group already"),
        (lambda desk: rename_unit(desk, "XX", "Name"), "no unit 'XX'"),
        (lambda desk: move_unit(desk, "FR", "DE"), "Only a domain"),
        (lambda desk: move_unit(desk, "FR.sales", "ACME"), "only to a country"),
        (lambda desk: move_unit(desk, "FR.sales", "XX"), "only to a country"),
        (lambda desk: retire_unit(desk, "ACME"), "group itself"),
        (lambda desk: retire_unit(desk, "FR"), "Finance, Sales"),
        (lambda desk: merge_unit(desk, "FR.sales", "FR.sales"), "another of its kind"),
        (lambda desk: merge_unit(desk, "FR.sales", "DE"), "another of its kind"),
        (lambda desk: merge_unit(desk, "DE", "FR"), "Sales"),
        (lambda desk: merge_unit(desk, "XX", "FR"), "no unit"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    workspace: SmallWorkspace, change: Change, words: str
) -> None:
    before = small.everything(workspace.store)
    with pytest.raises(ResponseError, match=words):
        change(workspace.desk(small.ADMINISTRATOR))
    assert small.everything(workspace.store) == before


def test_nothing_is_done_twice_to_a_retired_unit(workspace: SmallWorkspace) -> None:
    desk = workspace.desk(small.ADMINISTRATOR)
    retire_unit(desk, "DE.sales")
    changes: list[Callable[[], object]] = [
        lambda: retire_unit(desk, "DE.sales"),
        lambda: merge_unit(desk, "DE.sales", "FR.sales"),
        lambda: merge_unit(desk, "FR.sales", "DE.sales"),
    ]
    for change in changes:
        with pytest.raises(ResponseError, match=r"retired|still assessed"):
            change()
    retire_unit(desk, "DE")
    with pytest.raises(ResponseError, match="Germany is retired"):
        move_unit(desk, "FR.sales", "DE")


@pytest.mark.parametrize("somebody", [p for p in small.EVERYBODY if p != small.ADMINISTRATOR], ids=str)
def test_only_the_administrator_changes_units(workspace: SmallWorkspace, somebody: Principal) -> None:
    desk = workspace.desk(somebody)
    changes: list[Callable[[], object]] = [
        lambda: rename_unit(desk, "FR", "Mine"),
        lambda: move_unit(desk, "FR.sales", "DE"),
        lambda: retire_unit(desk, "FR.sales"),
        lambda: merge_unit(desk, "FR.sales", "FR.finance"),
    ]
    for change in changes:
        with pytest.raises(NotAllowed):
            change()
