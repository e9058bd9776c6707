"""The CDAO's overview: its facts, its filters in the address, what stands behind a cell."""

from __future__ import annotations

import pytest

from assessment.access import Role
from assessment.actions.desk import Desk
from assessment.store.engine import Store
from assessment.store.organisation import read_rounds
from tests.pages.conftest import Open

pytestmark = pytest.mark.usefixtures("synthetic")


def rounds(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return [entry.id for entry in read_rounds(connection)]


def headings(app) -> str:
    return " | ".join(heading.value for heading in [*app.header, *app.subheader])


def captions(app) -> str:
    return " | ".join(caption.value for caption in app.caption)


def test_the_page_begins_with_a_sentence_and_four_numbers(open_as: Open):
    app = open_as(Role.CDAO, "overview")
    assert "ready for a first pilot" in app.header[0].value
    assert [metric.label for metric in app.metric] == [
        "Domains ready for a pilot", "Median of the units' means", "Cells over one level short",
        "Levels that evidence carries",
    ]  # fmt: skip


def test_the_first_round_has_nothing_to_compare_with(open_as: Open, synthetic: Desk):
    first, *_, last = rounds(synthetic)
    assert all(not metric.delta for metric in open_as(Role.CDAO, "overview", round=first).metric)
    assert any(metric.delta for metric in open_as(Role.CDAO, "overview", round=last).metric)


def test_changes_say_over_what_they_are_counted(open_as: Open, synthetic: Desk):
    first, *_, last = rounds(synthetic)
    assert "counted only over what both rounds know" in captions(open_as(Role.CDAO, "overview", round=last))
    assert "Small numbers" not in captions(open_as(Role.CDAO, "overview", round=first))


def test_the_means_are_explained_and_stand_in_the_table(open_as: Open, synthetic: Desk):
    app = open_as(Role.CDAO, "overview", round=rounds(synthetic)[1])
    assert "The mean at the right is over a row's questionnaires" in captions(app)
    app.session_state["portfolio-more"] = True
    shown = app.run().table[0].value
    assert shown.columns[-1] == "Mean"
    assert shown.iloc[-1]["Unit"] == "Mean"
    assert all(float(cell) > 0 for cell in shown.iloc[-1].iloc[1:-1])


def test_a_family_is_named_and_says_whose_domains_count(open_as: Open, synthetic: Desk):
    app = open_as(Role.CDAO, "overview", family="sales", basis="domains", round=rounds(synthetic)[1])
    assert "5 domains in “Sales”" in headings(app)
    assert "twins: Sales (which of their domains count)" in captions(app)
    assert "mean of the domains of all families" in captions(app)


def test_every_choice_stands_in_the_address_and_an_address_chooses(open_as: Open, synthetic: Desk):
    second = rounds(synthetic)[1]
    app = open_as(Role.CDAO, "overview", round=second, rows="domains", countries="DE", levels="supported")
    assert app.selectbox(key="round").value == second
    assert app.selectbox(key="rows").value == "domains"
    assert app.multiselect(key="countries").value == ["DE"]
    assert "1 country · as evidence supports" in captions(app)
    app.selectbox(key="levels").select("claimed").run()
    assert "levels" not in app.query_params
    assert app.query_params["round"] == second
    assert app.query_params["countries"] in ("DE", ["DE"])


def test_several_countries_in_the_address_are_all_kept(open_as: Open):
    app = open_as(Role.CDAO, "overview")
    app.query_params["countries"] = ["DE", "ES"]
    app.run()
    assert app.multiselect(key="countries").value == ["DE", "ES"]


def test_what_the_address_names_wrongly_is_said_and_the_usual_is_shown(open_as: Open):
    # The first page of the role: going to another one would run this one twice, and it says so once.
    app = open_as(Role.CDAO, questionnaire="<script>", rows="planets")
    assert not app.exception
    assert app.selectbox(key="questionnaire").value == "all"
    assert [warning.value for warning in app.warning] == [
        "The address names “\\<script\\>”, which isn't here.", "The address names “planets”, which isn't here.",
    ]  # fmt: skip


def test_one_questionnaire_alone_leaves_the_dimensions_of_the_others_out(open_as: Open):
    everything = open_as(Role.CDAO, "overview").selectbox(key="dimension").options
    one = (
        open_as(Role.CDAO, "overview", questionnaire="platform-readiness").selectbox(key="dimension").options
    )
    assert len(one) == 6
    assert len(everything) > 12


def test_domains_can_stand_in_the_rows_all_or_the_twins_of_a_family(open_as: Open):
    domains = open_as(Role.CDAO, "overview", rows="domains").selectbox(key="unit").options
    twins = open_as(Role.CDAO, "overview", rows="domains", family="sales").selectbox(key="unit").options
    assert len(domains) == 10
    assert len(twins) == 5
    assert all(label.startswith("Sales, ") for label in twins)


def test_behind_a_cell_stand_its_answers_and_how_they_were_when_sent(open_as: Open, synthetic: Desk):
    second = rounds(synthetic)[1]
    app = open_as(Role.CDAO, "overview", round=second, unit="DE", dimension="data-governance/direction")
    assert any("Germany, Direction" in text.value for text in app.markdown)
    assert set(app.dataframe[-1].value.columns) == {"Question", "Answer", "Evidence", "Reference", "Comment"}


def test_behind_a_cell_of_the_mean_of_domains_stand_the_domains(open_as: Open, synthetic: Desk):
    app = open_as(Role.CDAO, "overview", round=rounds(synthetic)[0], basis="domains", unit="DE")
    assert list(app.dataframe[-1].value["Domain"]) == ["Finance", "Sales"]


def test_a_cell_that_was_chosen_stands_in_the_address(open_as: Open):
    app = open_as(Role.CDAO, "overview")
    # Not the first of each list: the usual choice is left out of the address.
    app.selectbox(key="unit").select_index(1).run()
    app.selectbox(key="dimension").select_index(1).run()
    assert app.query_params["unit"] == app.selectbox(key="unit").value
    assert app.query_params["dimension"] == app.selectbox(key="dimension").value


def test_a_group_without_answers_says_what_is_missing(open_as: Open, store: Store):
    app = open_as(Role.CDAO, "overview", countries="ES")
    assert not app.exception
    assert "No scores to show in this round yet" in headings(app)
