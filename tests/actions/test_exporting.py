"""What leaves the building: no more than the person may see, under a safe name, and on record."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import demo
from assessment.access import Principal, Role
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.exporting import Export, export_scores, export_table, file_name
from assessment.actions.rounds import open_round
from assessment.actions.workspace import fill_with_demo
from assessment.errors import NotAllowed, ResponseError
from assessment.organisation import Unit
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.scoring.table import SCORE_COLUMNS
from assessment.store.assessments import add_assessments
from assessment.store.engine import Store
from assessment.store.organisation import add_round, add_units
from tests.conftest import SmallWorkspace
from tests.store import small

SAFE_NAME = re.compile(r"scores_[A-Za-z0-9.-]+_[A-Za-z0-9.-]+_\d{4}-\d\d-\d\d(_synthetic)?\.csv")
ALL = {"FR", "FR.sales", "FR.finance", "DE", "DE.sales"}


@pytest.fixture
def sent(workspace: SmallWorkspace) -> SmallWorkspace:
    """FR.sales has sent its answers, FR is in the middle of its own."""
    for somebody, unit, questions in (
        (small.SALES, "FR.sales", small.DOMAIN_QUESTIONS), (small.FRANCE, "FR", small.COUNTRY_QUESTIONS[:1]),
    ):  # fmt: skip
        for question in questions:
            save_answer(
                workspace.desk(somebody), workspace.assessment(unit).id, question, {"state": "dont_know"},
                expected_version=0, idempotency_key=small.new_key(),
            )  # fmt: skip
    reviewing.submit(workspace.desk(small.SALES), workspace.assessment("FR.sales").id)
    return workspace


def export(
    workspace: SmallWorkspace, somebody: Principal, unit: str | None = None, round_id: str = small.ROUND
) -> Export:
    return export_scores(workspace.desk(somebody), round_id, unit)


def rows_in(exported: Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported.content.decode(), newline="")))


def whose(exported: Export) -> set[str]:
    return {row["unit_id"] for row in rows_in(exported)}


@pytest.mark.parametrize(
    ("somebody", "unit", "expected"),
    [
        (small.FRANCE, None, {"FR", "FR.sales", "FR.finance"}),
        (small.FRANCE, "FR", {"FR", "FR.sales", "FR.finance"}),
        (small.FRANCE, "FR.sales", {"FR.sales"}),
        (small.SALES, None, {"FR.sales"}),
        (small.SALES, "FR.sales", {"FR.sales"}),
        (small.CDAO, None, ALL),
        (small.CDAO, "ACME", ALL),
        (small.CDAO, "FR", {"FR", "FR.sales", "FR.finance"}),
        (small.CDAO, "DE.sales", {"DE.sales"}),
    ],
    ids=lambda value: value.role if isinstance(value, Principal) else value if isinstance(value, str) else None,
)  # fmt: skip
def test_an_export_holds_the_unit_and_all_that_is_below_it(
    sent: SmallWorkspace, somebody: Principal, unit: str | None, expected: set[str]
) -> None:
    exported = export(sent, somebody, unit)
    assert whose(exported) == expected
    assert len(exported.scores) == len(rows_in(exported))
    assert set(rows_in(exported)[0]) == set(SCORE_COLUMNS)


@pytest.mark.parametrize(
    ("somebody", "unit"),
    [
        (small.FRANCE, "DE"), (small.FRANCE, "DE.sales"), (small.FRANCE, "ACME"), (small.FRANCE, "XX"),
        (small.FRANCE, ""), (small.SALES, "FR"), (small.SALES, "FR.finance"), (small.SALES, "DE.sales"),
        (small.CDAO, "XX"), (small.CDAO, ""),
        *((somebody, unit) for somebody in (small.REVIEWER, small.AUTHOR, small.ADMINISTRATOR) for unit in (None, "FR", "ACME")),
        (Principal("x", Role.COUNTRY_LEADER, "XX"), None), (Principal("x", Role.DOMAIN_OWNER), None),
    ],
)  # fmt: skip
def test_what_is_not_ones_own_to_export_is_refused_and_leaves_no_record(
    sent: SmallWorkspace, somebody: Principal, unit: str | None
) -> None:
    before = small.everything(sent.store)
    with pytest.raises(NotAllowed):
        export(sent, somebody, unit)
    assert small.everything(sent.store) == before


@pytest.mark.parametrize(
    ("somebody", "units"),
    [
        (small.CDAO, []), (small.CDAO, ["FR", "DE.sales"]), (small.FRANCE, ["FR"]), (small.FRANCE, ["FR", "FR.sales"]),
        (small.SALES, ["FR.sales"]),
    ],
)  # fmt: skip
def test_a_table_goes_to_whoever_may_export_all_that_is_in_it(
    sent: SmallWorkspace, somebody: Principal, units: list[str]
) -> None:
    found = export_table(sent.desk(somebody), "t.csv", pd.DataFrame({"a": [1]}), units)
    assert b"1" in found


@pytest.mark.parametrize(
    ("somebody", "units"),
    [
        (small.FRANCE, []), (small.FRANCE, ["FR", "DE"]), (small.SALES, []), (small.SALES, ["FR"]),
        *((somebody, units) for somebody in (small.REVIEWER, small.AUTHOR, small.ADMINISTRATOR) for units in ([], ["FR"])),
    ],
)  # fmt: skip
def test_a_table_of_others_or_of_the_whole_workspace_is_refused_and_leaves_no_record(
    sent: SmallWorkspace, somebody: Principal, units: list[str]
) -> None:
    before = small.everything(sent.store)
    with pytest.raises(NotAllowed):
        export_table(sent.desk(somebody), "t.csv", pd.DataFrame({"a": [1]}), units)
    assert small.everything(sent.store) == before


def test_an_export_shows_no_more_than_the_screen_does(sent: SmallWorkspace) -> None:
    """France hasn't sent its own yet, so it doesn't see its domain's; nobody else sees France's draft."""
    states = {
        somebody: {(row["unit_id"], row["status"]) for row in rows_in(export(sent, somebody)) if row["basis"] == "own"}
        for somebody in (small.FRANCE, small.SALES, small.CDAO)
    }  # fmt: skip
    hidden = {(unit, "not_answered") for unit in ALL}
    assert states[small.SALES] == {("FR.sales", "withheld")}
    assert states[small.FRANCE] - hidden == {("FR", "withheld")}
    assert states[small.CDAO] - hidden == {("FR.sales", "withheld")}


@pytest.mark.parametrize("round_id", ["", "latest", "2026-H2", "2026-h1", "../../x", "' OR 1=1 --"])
def test_a_round_that_does_not_exist_is_told_and_leaves_no_record(
    sent: SmallWorkspace, round_id: str
) -> None:
    before = small.everything(sent.store)
    with pytest.raises(ResponseError, match="no round"):
        export(sent, small.CDAO, round_id=round_id)
    assert small.everything(sent.store) == before


def test_a_round_of_another_time_is_not_in_the_file(sent: SmallWorkspace) -> None:
    open_round(sent.desk(small.ADMINISTRATOR), small.small_round("2027"))
    assert {row["round_id"] for row in rows_in(export(sent, small.CDAO))} == {small.ROUND}
    assert {row["round_id"] for row in rows_in(export(sent, small.CDAO, round_id="2027"))} == {"2027"}


def test_every_export_leaves_a_record_of_who_took_what_when(sent: SmallWorkspace) -> None:
    exported = export_scores(sent.desk(small.FRANCE, at=small.later(3)), small.ROUND, "FR.sales")
    *_, kept = small.rows_of(sent.store, "SELECT * FROM workspace_events ORDER BY id")
    assert (kept["action"], kept["person"], kept["role"]) == ("exported", "Fay", "country_leader")
    assert kept["at"] == "2026-03-02 12:03:00.000000"
    assert json.loads(kept["detail"]) == {
        "file": exported.name, "round": small.ROUND, "unit": "FR.sales", "rows": len(exported.scores),
    }  # fmt: skip


def test_the_same_export_twice_is_the_same_to_the_byte(sent: SmallWorkspace) -> None:
    first, second = export(sent, small.CDAO), export(sent, small.CDAO)
    assert (first.name, first.content) == (second.name, second.content)


# The file's name ----------------------------------------------------------------------------------------


def test_the_name_says_round_unit_and_day(sent: SmallWorkspace) -> None:
    assert export(sent, small.CDAO).name == "scores_2026-H1_all-units_2026-03-02.csv"
    assert export(sent, small.CDAO, "FR.sales").name == "scores_2026-H1_FR.sales_2026-03-02.csv"


@given(round_id=st.text(min_size=1), unit=st.text(min_size=1), synthetic=st.booleans())
def test_no_id_makes_a_name_that_leads_elsewhere(round_id: str, unit: str, synthetic: bool) -> None:
    name = file_name(round_id, unit, small.NOON, is_synthetic=synthetic)
    assert SAFE_NAME.fullmatch(name)
    assert ("_synthetic.csv" in name) is (synthetic and "synthetic" not in round_id)


@pytest.mark.parametrize(
    "hostile",
    ["../../x", "/etc/passwd", "C:\\x", 'a"b', "a\r\nSet-Cookie: x", "=cmd()", "..", "a\u202eb", "été ☃"],
)
def test_hostile_ids_are_exported_under_a_safe_name(sent: SmallWorkspace, hostile: str) -> None:
    """No action would store such ids; a database may have them from elsewhere."""
    with sent.store.write() as connection:
        add_units(connection, [Unit(hostile, "Hostile", UnitKind.COUNTRY)])
        add_round(connection, replace(small.small_round(), id=hostile), {"governance": ""})
        add_assessments(connection, [(hostile, hostile, "governance", "1.0.0")])
    exported = export(sent, small.CDAO, hostile, hostile)
    assert SAFE_NAME.fullmatch(exported.name)
    assert whose(exported) == {hostile}, "the content keeps the id as it is"


def test_what_is_synthetic_says_so_in_its_name_and_in_every_row(store: Store, catalogue: Catalogue) -> None:
    desk = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    fill_with_demo(desk, demo.Size(2, 1, 1))
    cdao = small.desk_for(store, catalogue, small.CDAO)
    (round_id,) = {row["id"] for row in small.rows_of(store, "SELECT id FROM rounds")}
    exported = export_scores(cdao, round_id)
    assert exported.name.count("synthetic") == 1
    assert all("synthetic" in row["round_id"] for row in rows_in(exported))


def test_nothing_of_ones_own_goes_into_the_demonstration(store: Store, catalogue: Catalogue) -> None:
    desk = small.desk_for(store, catalogue, small.ADMINISTRATOR)
    fill_with_demo(desk, demo.Size(2, 1, 1))
    pinned = {q.id: q.version for q in catalogue.latest_published()}
    with pytest.raises(ResponseError, match="This is the demonstration"):
        open_round(desk, small.small_round("plain", **pinned))
    assert {row["id"] for row in small.rows_of(store, "SELECT id FROM rounds")} != {"plain"}


def test_somebodys_own_numbers_are_not_called_synthetic(sent: SmallWorkspace) -> None:
    assert b"synthetic" not in export(sent, small.CDAO).content
    assert "synthetic" not in export(sent, small.CDAO).name
