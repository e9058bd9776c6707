"""What the CDAO sees of change: paths, who moved and why, what will last, the order of growth, and moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.actions.stating import state
from assessment.demo import Size
from assessment.statements import StatementKind
from assessment.store.organisation import read_rounds
from assessment.store.statements import About, find_statement
from tests.pages.conftest import ROOT, Open

PAGES = ROOT / "assessment" / "pages"
PARTS = ("change", "moved", "lasting", "order", "moves")


def rounds(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return [entry.id for entry in read_rounds(connection)]


def headings(app: AppTest) -> str:
    return " | ".join(str(entry.value) for entry in app.subheader)


def shown(app: AppTest) -> str:
    return " | ".join(str(entry.value) for entry in [*app.markdown, *app.caption, *app.info])


def charts(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_by_its_address_and_is_drawn_alone(part: str, synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "progress", part=part, questionnaire="data-governance")
    assert not app.exception
    assert not app.warning
    assert app.radio(key="progress:part").value == part
    # One chart a part; beside the paths the dumbbells of who stalled and who gained most.
    assert charts(app) in ((1, 2, 3) if part == "change" else (1,))


def test_a_part_of_another_page_by_the_same_name_is_not_opened_here(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="order")
    assert app.radio(key="readiness:part").value == "order"
    del app.query_params["part"]
    app.switch_page(str(PAGES / "progress.py")).run()
    assert app.radio(key="progress:part").value == "change"
    app.switch_page(str(PAGES / "readiness.py")).run()
    assert app.radio(key="readiness:part").value == "order"


def test_the_paths_say_who_stalled_or_climbs_and_name_who_is_missing(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "progress")
    for title in (
        "Data governance maturity",
        "Domain ownership readiness",
        "Self-serve data platform readiness",
    ):
        assert f"**{title}**: " in shown(app)
    assert "gained most (+" in headings(app)
    assert "Without a score in this round, so not in the picture: " in shown(app)
    assert "Spain (not answered)" in shown(app)


@pytest.mark.parametrize(
    ("page", "part"), [("progress", "change"), ("progress", "moved"), ("result", "gaps")]
)
def test_where_several_questionnaires_are_drawn_each_heading_names_its_own(
    page: str, part: str, synthetic: Desk, open_as: Open
):
    several = open_as(Role.CDAO, page, part=part, whose="DE")
    assert "Data governance maturity: " in headings(several)
    assert "Self-serve data platform readiness: " in headings(several)
    one = open_as(Role.CDAO, page, part=part, whose="DE", questionnaire="data-governance")
    assert "Data governance maturity: " not in headings(one)


def test_who_stands_beside_one_another_is_in_the_address(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "progress", questionnaire="data-governance")
    assert "beside" not in app.query_params, "who stalled and who gained most are the usual ones"
    chosen = app.multiselect(key="beside").value[:1]
    app.multiselect(key="beside").set_value(chosen).run()
    assert app.query_params["beside"] in (chosen, chosen[0])
    opened = open_as(Role.CDAO, "progress", questionnaire="data-governance", beside="DE")
    assert opened.multiselect(key="beside").value == ["DE"]


def test_the_round_to_compare_with_stands_in_the_address(synthetic: Desk, open_as: Open):
    first, second, _ = rounds(synthetic)
    app = open_as(Role.CDAO, "progress", part="moved")
    assert app.selectbox(key="since").value == first, "the last round before adoption is the usual one"
    assert app.selectbox(key="since").options[1] != app.selectbox(key="since").options[0]
    app.selectbox(key="since").select(second).run()
    assert app.query_params["since"] == [second] or app.query_params["since"] == second
    assert open_as(Role.CDAO, "progress", part="moved", since=second).selectbox(key="since").value == second


def test_in_the_first_round_nothing_is_compared_and_the_page_says_so(synthetic: Desk, open_as: Open):
    first = rounds(synthetic)[0]
    for part in ("change", "moved"):
        app = open_as(Role.CDAO, "progress", part=part, round=first)
        assert not app.exception
        assert "This is the first round." in shown(app)


def test_who_moved_names_the_cause_and_the_questions(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "progress", part="moved", questionnaire="data-governance")
    assert "since" in headings(app)
    assert "the parts add up to the change" in shown(app)
    assert "**+0." in shown(app)
    assert "level 2 → level" in shown(app)


def test_countries_by_their_domains_and_domains_themselves_can_be_looked_at(synthetic: Desk, open_as: Open):
    for parameters in ({"basis": "domains"}, {"rows": "domains"}, {"rows": "domains", "family": "sales"}):
        for part in ("change", "moved"):
            app = open_as(Role.CDAO, "progress", part=part, **parameters)
            assert not app.exception, (part, parameters)
            assert ("domain" if "rows" in parameters else "countr") in f"{headings(app)} {shown(app)}"


def test_lasting_names_bands_causes_and_what_is_missing(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "progress", part="lasting", round=rounds(synthetic)[1])
    assert any(word in headings(app) for word in ("high risk", "“watch”", "“low risk”"))
    assert "Index of risk, 0 to 100" in shown(app)
    assert "nobody can tell" in shown(app)


def test_the_order_of_growth_prints_its_caveat(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "progress", part="order")
    assert "both at level 3" in headings(app)
    assert any("not what caused what" in info.value for info in app.info)


def take_on(desk: Desk, unit: str, question: str, **content: str) -> None:
    leader = Desk(
        desk.store, desk.catalogue, Principal("Ana", Role.COUNTRY_LEADER, unit), "s", datetime.now(UTC)
    )
    about = About(StatementKind.MOVE, rounds(desk)[-1], unit, f"data-governance:{question}")
    with desk.store.read() as connection:
        before = find_statement(connection, about)
    version = before.version if before else 0
    state(leader, about, content, expected_version=version, idempotency_key=f"{unit}-{question}")


def test_moves_show_owner_day_and_state_and_what_is_overdue_in_words(synthetic: Desk, open_as: Open):
    late = f"{(datetime.now(UTC) - timedelta(days=2)).date()}"
    hostile = "*Ben* [x](http://a)"
    take_on(synthetic, "DE", "dgm-exec-sponsor", state="under_way", owner=hostile, due_on=late)
    take_on(synthetic, "ES", "dgm-data-strategy", state="done", owner="Cleo")
    app = open_as(Role.CDAO, "progress", part="moves", questionnaire="data-governance")
    assert not app.exception
    assert charts(app) == 1
    assert " overdue" in headings(app)
    # As it was typed: a long table isn't read as Markdown.
    table = app.dataframe[0].value.set_index("Owner")
    assert table.loc[hostile, "Unit"] == "Germany"
    assert str(table.loc[hostile, "State"]).startswith("overdue since ")
    assert table.loc["Cleo", "State"] == "done"
    only = open_as(Role.CDAO, "progress", part="moves", questionnaire="data-governance", countries="ES")
    units = set(only.table[0].value["Unit"])
    assert "Spain" in units
    assert all("Spain" in unit for unit in units), "its domains are looked at too"


def test_next_moves_of_one_unit_have_gain_effort_and_who_took_them_on(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "progress", part="moves", questionnaire="data-governance", unit="DE")
    assert "on the score" in shown(app)
    assert " effort" in shown(app)
    assert "not taken on" in shown(app)
    app = open_as(Role.CDAO, "progress", part="moves", unit="ES")
    assert "There is no advice for this unit." in shown(app)


@pytest.mark.parametrize("size", [Size(1, 0, 1), Size(1, 1, 2), Size(2, 0, 2)])
def test_the_smallest_workspaces_open_in_every_part(size: Size, desk: Desk, open_as: Open):
    workspace.fill_with_demo(desk, size)
    for part in PARTS:
        app = open_as(Role.CDAO, "progress", part=part)
        assert not app.exception, (part, app.exception)
        assert not app.error
