"""Common or local, and ranks on request: the answer first, what isn't said is said to be missing, nobody else sees a rank."""

from __future__ import annotations

import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role, scope_of
from assessment.actions.desk import Desk
from assessment.actions.stating import state
from assessment.actions.workspace import fill_with_demo
from assessment.analysis.elements import element_table
from assessment.analysis.standing import DRAWS
from assessment.demo import Size
from assessment.organisation import Round
from assessment.scoring.table import Basis
from assessment.statements import StatementKind
from assessment.store import tables
from assessment.store.engine import Store
from assessment.store.organisation import read_organisation, read_rounds
from assessment.store.statements import About
from assessment.store.workspace import revision
from assessment.ui import comparing
from tests.pages.conftest import Open

ELEMENT, OTHER = "term-customer", "rule-retention"


def shown(app: AppTest) -> str:
    return "\n".join(
        str(entry.value) for entry in [*app.markdown, *app.caption, *app.subheader, *app.header, *app.info]
    )


def rounds(desk: Desk) -> tuple[Round, ...]:
    with desk.store.read() as connection:
        return read_rounds(connection)


def say(desk: Desk, unit: str, element: str, use: str, reason: str = "") -> None:
    """A country's statement in the last round."""
    leader = Desk(
        desk.store, desk.catalogue, Principal("Ana", Role.COUNTRY_LEADER, unit), f"of-{unit}", desk.at
    )
    about = About(StatementKind.ELEMENT, rounds(desk)[-1].id, unit, element)
    content = {"use": use, "reason": reason}
    state(leader, about, content, expected_version=0, idempotency_key=f"{unit}-{element}")


@pytest.fixture
def told(store: Store, desk: Desk) -> Desk:
    """Five countries of which three have said something of two elements, all in the last of the rounds."""
    fill_with_demo(desk, Size(countries=5, domains=2, rounds=3))
    with store.write() as connection:
        for table in (tables.statements, tables.statement_events):
            connection.execute(table.delete())
    for unit in ("FR", "DE", "ES"):
        say(desk, unit, ELEMENT, "same")
    say(desk, "FR", OTHER, "law", "Ten years by the *act*")
    say(desk, "DE", OTHER, "same")
    return desk


def test_the_headline_counts_elements_by_what_follows(told: Desk, open_as: Open):
    app = open_as(Role.CDAO, "common")
    assert not app.exception
    assert app.subheader[0].value == "Of 2 elements in use 1 common and 1 common with a local part"
    assert "26 elements × 5 countries, by what follows; 5 of 130 are said." in shown(app)
    assert "0 are from earlier rounds" in shown(app)
    assert "**Nobody has said anything yet** (24)" in shown(app)


def test_the_reasons_of_one_element_are_shown_on_request_as_they_were_typed(told: Desk, open_as: Open):
    app = open_as(Role.CDAO, "common", element=OTHER)
    assert app.selectbox(key="element").value == OTHER
    assert "§ **different by law** (1)\n    - France: Ten years by the \\*act\\*" in shown(app)
    assert "= **the same everywhere** (1): Germany" in shown(app)
    assert "**nothing said yet** (3)" in shown(app)


def test_of_chosen_countries_only_their_statements_count(told: Desk, open_as: Open):
    app = open_as(Role.CDAO, "common", countries="DE")
    assert app.subheader[0].value == "2 elements in use: used by one country alone"
    assert "26 elements × 1 country" in shown(app)
    assert "**Used by one country alone** (2): Nothing to compare yet" in shown(app)


def test_in_a_round_before_anything_was_said_it_says_how_to_get_it(told: Desk, open_as: Open):
    app = open_as(Role.CDAO, "common", round=rounds(told)[0].id)
    assert "No country has said yet which elements it uses" in shown(app)
    assert "Country data leaders say it on their page" in shown(app)


def compared(app: AppTest) -> int:
    """How many questions the headline speaks of."""
    found = re.search(r" of (\d+) questions? ", str(app.subheader[0].value))
    assert found, app.subheader[0].value
    return int(found[1])


def left_out(app: AppTest) -> int:
    found = re.search(r"Not drawn: (\d+) question", shown(app))
    return int(found[1]) if found else 0


def test_the_answers_are_counted_listed_and_never_lost(told: Desk, open_as: Open):
    app = open_as(Role.CDAO, "common", part="answers")
    assert not app.exception
    assert compared(app) + left_out(app) == 81
    lists = [str(text.value) for text in app.markdown if ":small[median" in str(text.value)]
    assert sum(len(text.splitlines()) for text in lists) == compared(app)
    assert "as claimed · evidence carries" in shown(app)


def test_one_questionnaire_is_one_third_of_the_questions(told: Desk, open_as: Open):
    app = open_as(Role.CDAO, "common", part="answers", questionnaire="data-governance")
    assert compared(app) + left_out(app) == 27


def test_with_one_country_nothing_can_be_compared_and_the_page_says_so(told: Desk, open_as: Open):
    app = open_as(Role.CDAO, "common", part="answers", countries="DE")
    assert not app.exception
    assert "Fewer than two countries have a level on any question" in shown(app)


def test_the_table_of_elements_can_be_taken_along(told: Desk, open_as: Open):
    open_as(Role.CDAO, "common")
    with told.store.read() as connection:
        organisation, now = read_organisation(connection), revision(connection)
    scope = scope_of(Principal("Eva", Role.CDAO), organisation)
    countries = {unit.id: unit.name for unit in organisation.countries}
    rows = comparing.elements(scope, now, rounds(told)[-1].id, tuple(countries))
    table = element_table(rows, countries, rounds(told)[-1].id)
    assert len(table) == 26 * 5
    assert set(table["use"]) == {"same", "law", "not_said"}


# Ranks on request -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CDAO])
def test_nobody_but_the_cdao_is_offered_ranks(role: Role, synthetic: Desk, open_as: Open):
    app = open_as(role, "method")
    assert not app.exception
    assert "Standing and robustness" not in shown(app)
    assert not app.toggle


def test_the_cdao_sees_no_rank_unless_asked_and_reads_why(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "method")
    assert "No page ranks countries." in shown(app)
    assert not app.toggle(key="standing").value
    assert not app.get("plotly_chart")
    assert "Read tiers" not in shown(app)


def test_on_request_there_are_ranges_with_their_draws_and_the_other_methods(
    store: Store, desk: Desk, open_as: Open
):
    fill_with_demo(desk, Size(countries=8, domains=2, rounds=3))
    app = open_as(Role.CDAO, "method", questionnaire="data-governance")
    app.toggle(key="standing").set_value(True).run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    assert any(str(entry.value).startswith("Read tiers, not places: ") for entry in app.subheader)
    assert app.query_params["standing"] in ("on", ["on"])
    assert open_as(Role.CDAO, "method", standing="on").toggle(key="standing").value
    assert f"{DRAWS} draws, seed {comparing.SEED}" in shown(app)
    assert "With the geometric mean instead: " in shown(app)
    assert "With “don't know” left out: " in shown(app)


def test_with_fewer_than_five_scores_it_says_why_there_are_no_ranks(store: Store, desk: Desk, open_as: Open):
    fill_with_demo(desk, Size(countries=4, domains=1, rounds=2))
    app = open_as(Role.CDAO, "method")
    app.toggle(key="standing").set_value(True).run()
    assert not app.get("plotly_chart")
    assert shown(app).count("No ranks: ") == 3


def test_in_an_empty_workspace_the_switch_leads_nowhere_and_says_so(store: Store, open_as: Open):
    app = open_as(Role.CDAO, "method")
    app.toggle(key="standing").set_value(True).run()
    assert not app.exception
    assert "There is nothing to compare yet." in shown(app)


def test_the_same_revision_gives_the_same_ranges(synthetic: Desk, open_as: Open):
    with synthetic.store.read() as connection:
        organisation, now = read_organisation(connection), revision(connection)
    scope = scope_of(Principal("Eva", Role.CDAO), organisation)
    chosen = scope, now, rounds(synthetic)[0].id, "data-governance", Basis.OWN
    first = comparing.tiers(*chosen)
    st.cache_resource.clear()
    assert comparing.tiers(*chosen).ranges == first.ranges
    assert first.ranges
