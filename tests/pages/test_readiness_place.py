"""The CDAO's page about readiness: every part says its answer first, and decisions on floors are made and taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions import rounds as round_actions
from assessment.actions import units as unit_actions
from assessment.actions import workspace as workspace_actions
from assessment.actions.desk import Desk
from assessment.actions.stating import state
from assessment.organisation import Organisation, Round, Unit, in_time, organisation_of
from assessment.questionnaire.models import UnitKind
from assessment.statements import DecisionContent, StatementKind, plain_content
from assessment.store.engine import Store
from assessment.store.organisation import read_organisation, read_rounds
from assessment.store.statements import About, Statement, find_statement, read_statements
from tests.pages.conftest import Open

PARTS = ["gates", "blockers", "what-if", "order", "operating-model", "perception"]
#: A floor that units of the synthetic workspace have open, and the questionnaire that asks it.
FLOOR, ASKED_IN = "spr-first-workspace", "platform-readiness"


def headings(app: AppTest) -> str:
    return "\n".join(str(entry.value) for entry in app.subheader)


def shown(app: AppTest) -> str:
    return "\n".join(str(entry.value) for entry in [*app.markdown, *app.caption, *app.subheader, *app.info])


def button(app: AppTest, label: str) -> Any:
    return next(entry for entry in app.button if entry.label == label)


def decisions(store: Store) -> list[Statement]:
    """What was decided about the floor; the invented workspace comes with decisions on others."""
    with store.read() as connection:
        units = read_organisation(connection).units
        found = read_statements(connection, units, [StatementKind.DECISION])
    return [entry for entry in found if entry.about.subject_id == f"{ASKED_IN}:{FLOOR}"]


def for_whom(app: AppTest) -> Any:
    return next(box for box in app.selectbox if box.label == "For")


def later(desk: Desk, days: int = 40) -> date:
    return desk.at.date() + timedelta(days=days)


def open_round(desk: Desk) -> Round:
    with desk.store.read() as connection:
        return in_time(read_rounds(connection))[-1]


def earlier_round(desk: Desk) -> Round:
    """A round that everybody has finished."""
    with desk.store.read() as connection:
        return in_time(read_rounds(connection))[1]


def countries(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return [unit.id for unit in read_organisation(connection).countries]


def waive(desk: Desk, unit: str, until: date) -> Statement:
    """Somebody else at another desk waives the floor."""
    about = About(StatementKind.DECISION, open_round(desk).id, unit, f"{ASKED_IN}:{FLOOR}")
    chief = replace(desk, principal=Principal("Cato", Role.CDAO), session_id="elsewhere")
    content = {"waived": True, "reason": "One user only", "expires_on": until.isoformat()}
    return state(chief, about, content, expected_version=0, idempotency_key=f"{unit}-{until}")


@pytest.mark.parametrize("rows", ["countries", "domains"])
def test_every_part_says_its_answer_first(synthetic: Desk, open_as: Open, rows: str):
    for part in PARTS:
        app = open_as(Role.CDAO, "readiness", part=part, rows=rows)
        assert not app.exception, part
        assert not app.error, part
        assert headings(app) or app.info, part


def test_the_gates_of_domains_have_one_stage_only_and_those_of_countries_three(
    synthetic: Desk, open_as: Open
):
    assert len(open_as(Role.CDAO, "readiness").radio(key="stage").options) == 3
    app = open_as(Role.CDAO, "readiness", rows="domains")
    assert len(app.radio(key="stage").options) == 1
    assert "domains" in headings(app)


def test_a_later_stage_counts_countries_and_offers_no_floors(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", stage="scale")
    assert "countries are ready for “Third domain or second country”" in headings(app)
    assert "gates" not in [entry.key for entry in app.radio]


def test_a_blocker_says_whose_answer_it_is_and_who_owns_it_or_that_nobody_does(
    synthetic: Desk, open_as: Open
):
    app = open_as(Role.CDAO, "readiness", part="blockers", gates="all")
    assert "nobody has taken on" in headings(app)
    behind = app.dataframe[1].value
    assert {"Whose answer", "State", "Claimed", "Evidence carries", "Holds back", "Owner", "Due"} <= set(
        behind.columns
    )
    assert all(behind["Owner"])
    assert "nobody yet" in set(behind["Owner"])


def test_the_owner_and_the_due_day_of_a_blocker_come_from_the_move_on_its_question(
    synthetic: Desk, open_as: Open
):
    about = About(StatementKind.MOVE, open_round(synthetic).id, "FR.sales", f"{ASKED_IN}:{FLOOR}")
    with synthetic.store.read() as connection:
        before = find_statement(connection, about)
    owner = replace(synthetic, principal=Principal("Fay", Role.DOMAIN_OWNER, "FR.sales"))
    content = {"owner": "Fay M.", "due_on": later(synthetic, -3).isoformat()}
    version = before.version if before else 0
    state(owner, about, content, expected_version=version, idempotency_key="a move")
    app = open_as(Role.CDAO, "readiness", part="blockers", gates="all", gate=FLOOR)
    behind = app.dataframe[1].value.set_index("Whose answer")
    assert behind.loc["Sales, France", "Owner"] == "Fay M."
    assert str(behind.loc["Sales, France", "Due"]).endswith(", overdue")
    assert "overdue" in headings(app)


def test_a_family_counts_its_domains_alike_in_the_gates_the_blockers_and_the_overview(
    synthetic: Desk, open_as: Open
):
    gates = open_as(Role.CDAO, "readiness", family="sales")
    assert "of 5 domains in “Sales”" in headings(gates)
    assert re.search(r"“[^”]+” (blocks \d|is unknown in \d) of 5 domains", headings(gates))
    blockers = open_as(Role.CDAO, "readiness", part="blockers", family="sales")
    assert "Over 5 domains in “Sales”: a pilot" in shown(blockers)
    assert all(str(cell).endswith(" of 5") for cell in blockers.dataframe[0].value["Blocks"])
    overview = open_as(Role.CDAO, "overview", family="sales")
    assert next(
        entry for entry in overview.metric if entry.label == "Domains ready for a pilot"
    ).value.endswith("of 5")


def test_with_too_many_domains_the_family_that_is_shown_is_named_and_stands_in_the_address(
    synthetic: Desk, open_as: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("assessment.ui.filters.MOST_DOMAINS", 9)
    app = open_as(Role.CDAO, "readiness", rows="domains")
    family = app.selectbox(key="family")
    assert app.query_params["family"] in (family.value, [family.value])
    assert f"twins: {family.options[0]}, one family at a time with more than 9 domains" in shown(app)
    assert f"Domains in “{family.options[0]}” × gates" in shown(app)
    assert f"of 5 domains in “{family.options[0]}”" in headings(app)
    app.selectbox(key="rows").select("countries").run()
    assert "family" not in app.query_params
    assert "of 10 domains" in headings(app)


def test_what_a_pilots_gate_blocks_are_domains_whoever_stands_in_the_rows(synthetic: Desk, open_as: Open):
    blocks = [
        re.search(r"“[^”]+” blocks .+", headings(open_as(Role.CDAO, "readiness", rows=rows)))
        for rows in ("countries", "domains")
    ]
    assert all(found and "of 10 domains" in found.group() for found in blocks)
    assert len({found.group() for found in blocks if found}) == 1


def test_blockers_of_a_later_stage_are_counted_over_countries(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="blockers", stage="scale", family="sales")
    assert "Over 5 countries" in shown(app)
    assert "A family narrows pilots only" in shown(app)
    assert all(str(cell).endswith(" of 5") for cell in app.dataframe[0].value["Blocks"])


def test_behind_a_cell_of_the_gates_stand_the_answers_of_the_country_and_its_domains(
    synthetic: Desk, open_as: Open
):
    app = open_as(
        Role.CDAO, "readiness", round=earlier_round(synthetic).id, unit="DE", gate="dgm-exec-sponsor"
    )
    assert "**Germany, Top sponsor**" in shown(app)
    assert re.search(r"For pilots: blocks \d of its 2 domains", shown(app))
    behind = app.dataframe[-1].value
    assert set(behind["Whose answer"]) == {"Germany", "Finance, Germany", "Sales, Germany"}
    assert {"Gate", "Answer", "Evidence"} <= set(behind.columns)


def test_behind_a_domains_cell_stands_the_countrys_answer_where_only_countries_are_asked(
    synthetic: Desk, open_as: Open
):
    app = open_as(
        Role.CDAO, "readiness", rows="domains", round=earlier_round(synthetic).id, unit="DE.sales",
        gate="dgm-regulatory-map",
    )  # fmt: skip
    assert list(app.dataframe[-1].value["Whose answer"]) == ["Germany"]
    assert "by Germany" in shown(app)


def test_a_cell_of_the_gates_that_was_chosen_stands_in_the_address_and_is_a_link(
    synthetic: Desk, open_as: Open
):
    app = open_as(Role.CDAO, "readiness")
    app.selectbox(key="unit").select_index(1).run()
    gate = next(
        key for key in ("dgm-exec-sponsor", "dgm-access-rules") if key != app.selectbox(key="gate").value
    )
    app.selectbox(key="gate").select(gate).run()
    assert app.query_params["unit"] in (app.selectbox(key="unit").value, [app.selectbox(key="unit").value])
    assert app.query_params["gate"] in (gate, [gate])
    again = open_as(Role.CDAO, "readiness", unit=app.selectbox(key="unit").value, gate=gate)
    assert again.selectbox(key="gate").value == gate


def test_the_risk_of_the_domains_is_a_cell_to_look_behind_as_well(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", stage="scale", unit="DE", gate="risk")
    assert not app.exception
    assert "No domain in “High risk”" in shown(app)
    assert not app.warning


def test_a_hard_gate_offers_no_waiver(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="blockers", gate="dgm-exec-sponsor")
    assert "This gate is hard" in shown(app)
    assert "Waive it" not in [entry.label for entry in app.button]


def test_a_floor_is_waived_and_taken_back_on_the_page(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="blockers", gates="all", gate=FLOOR)
    unit = for_whom(app).value
    app.text_area[0].input("One user only")
    app.date_input[0].set_value(later(synthetic))
    button(app, "Waive it").click().run()
    assert not app.exception
    (made,) = decisions(synthetic.store)
    assert (made.about.unit_id, made.about.subject_id) == (unit, f"{ASKED_IN}:{FLOOR}")
    assert "waived until" in shown(app)
    assert "One user only" in shown(app)
    assert unit not in for_whom(app).options

    reason = next(entry for entry in app.text_input if entry.key and entry.key.startswith(f"why-{unit}"))
    reason.input("It is met now")
    button(app, "Take it back").click().run()
    assert not app.exception
    (changed,) = decisions(synthetic.store)
    assert isinstance(changed.content, DecisionContent)
    assert (changed.version, changed.content.waived, changed.content.reason) == (2, False, "It is met now")
    assert "waived until" not in shown(app)


@pytest.mark.parametrize(
    ("reason", "has_day", "words"), [("", True, "needs its reason"), ("Small", False, "Choose the day")]
)
def test_a_waiver_without_reason_or_day_is_refused_in_words(
    synthetic: Desk, open_as: Open, reason: str, has_day: bool, words: str
):
    app = open_as(Role.CDAO, "readiness", part="blockers", gates="all", gate=FLOOR)
    app.text_area[0].input(reason)
    if has_day:
        app.date_input[0].set_value(later(synthetic))
    button(app, "Waive it").click().run()
    assert any(words in error.value for error in app.error)
    assert decisions(synthetic.store) == []


def test_who_decides_second_is_told_so_and_changes_nothing(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="blockers", gates="all", gate=FLOOR)
    unit = for_whom(app).value
    before = waive(synthetic, unit, later(synthetic, 9))
    app.text_area[0].input("Mine")
    app.date_input[0].set_value(later(synthetic))
    button(app, "Waive it").click().run()
    assert "Somebody else decided about this gate meanwhile" in shown(app)
    assert [plain_content(kept.content) for kept in decisions(synthetic.store)] == [
        plain_content(before.content)
    ]
    assert "Mine" not in shown(app)


def test_an_expired_waiver_says_that_it_has_expired_and_its_unit_can_be_waived_again(
    synthetic: Desk, open_as: Open, monkeypatch: pytest.MonkeyPatch
):
    app = open_as(Role.CDAO, "readiness", part="blockers", gates="all", gate=FLOOR)
    unit = for_whom(app).value
    waive(synthetic, unit, synthetic.at.date())
    for module in ("deciding", "blocking", "gating"):
        monkeypatch.setattr(f"assessment.ui.{module}.today", lambda: later(synthetic, 2))
    app = open_as(Role.CDAO, "readiness", part="blockers", gates="all", gate=FLOOR)
    assert "the waiver expired on" in shown(app)
    assert for_whom(app).value == unit


def test_in_a_closed_round_decisions_stand_as_they_were(synthetic: Desk, open_as: Open):
    with synthetic.store.read() as connection:
        first = in_time(read_rounds(connection))[0]
    app = open_as(
        Role.CDAO, "readiness", part="blockers", gates="all", round=first.id, gate="dgm-shared-terms"
    )
    assert not app.exception
    assert "The round is closed; decisions stand as they were." in shown(app)
    assert "Waive it" not in [entry.label for entry in app.button]


def test_waivers_are_listed_also_where_no_gate_is_open(
    synthetic: Desk, open_as: Open, monkeypatch: pytest.MonkeyPatch
):
    waive(synthetic, "DE", later(synthetic))
    monkeypatch.setattr("assessment.ui.blocking.blockers", lambda *_: ())
    app = open_as(Role.CDAO, "readiness", part="blockers", gates="all")
    assert "Nothing blocks" in headings(app)
    assert any(box.label.startswith("All waivers of this round") for box in app.expander)


def test_what_if_says_what_would_follow_for_the_domains_of_a_country(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="what-if", unit="DE")
    assert re.search(r"(raised|answered|with evidence), and .+ can begin", headings(app))
    assert "found greedily" in shown(app)
    app.radio(key="raise").set_value("hard").run()
    assert not app.exception
    assert re.search(r"If Germany (raises|answers|raises or answers) these", headings(app))
    assert re.search(r"of its 2 domains (is|are) ready for a first pilot \(now \d\)", headings(app))
    assert set(app.dataframe[0].value["Hard gates still open"]) == {0}


def test_what_is_tried_is_a_link(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="what-if", unit="DE", **{"raise": "hard"})
    assert app.radio(key="raise").value == "hard"
    assert "If Germany " in headings(app)
    app.radio(key="raise").set_value("some").run()
    assert "raise" not in app.query_params
    gate = app.multiselect(key="raised").options[0]
    app.multiselect(key="raised").select(gate).run()
    named = app.query_params["raised"]
    again = open_as(
        Role.CDAO,
        "readiness",
        part="what-if",
        unit="DE",
        raised=named if isinstance(named, str) else named[0],
    )
    assert len(again.multiselect(key="raised").value) == 1
    assert " this one " in headings(again)


def test_whose_gates_are_tried_first_is_the_nearest_and_stands_in_the_address(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="what-if", round=earlier_round(synthetic).id)
    unit = app.selectbox(key="unit").value
    assert app.query_params["unit"] in (unit, [unit])
    first = _answers_of_the_first_step(app)
    for other in countries(synthetic):
        found = open_as(Role.CDAO, "readiness", part="what-if", round=earlier_round(synthetic).id, unit=other)
        assert first <= _answers_of_the_first_step(found)


def _answers_of_the_first_step(app: AppTest) -> int:
    told = re.search(r"(.+?), and .+ can begin", headings(app))
    return sum(map(int, re.findall(r"(\d+) (?:answer|question)", told.group(1)))) if told else 1000


def test_steps_that_have_no_room_are_counted(synthetic: Desk, open_as: Open, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assessment.ui.raising._MOST_STEPS", 0)
    for unit in countries(synthetic):
        app = open_as(Role.CDAO, "readiness", part="what-if", unit=unit, round=earlier_round(synthetic).id)
        if steps := re.findall(r"^\d+\. ", shown(app), re.MULTILINE)[1:]:
            assert any(box.label == f"Further steps ({len(steps) + 1})" for box in app.expander)
            return
    pytest.fail("no country has two steps")


def test_a_way_of_working_that_cannot_be_told_says_what_each_input_lacks(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="operating-model", unit="FR")
    assert "The operating model of France can't be told" in headings(app)
    assert re.search(r"- “[^”]+”: .*no answer sent", shown(app))
    assert "Unanswered" not in shown(app)


def test_perception_of_too_few_domains_says_so_for_every_country(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "readiness", part="perception")
    assert "can't be compared yet in any of 5 countries" in headings(app)
    assert "too few domains" in shown(app)


# Workspaces that are just beginning ----------------------------------------------------------------------------


@pytest.fixture
def lonely(desk: Desk) -> Organisation:
    """One country without domains in its first round, in which nobody has answered anything."""
    workspace_actions.start_empty(desk)
    units = organisation_of(
        [Unit("ACME", "Acme", UnitKind.GROUP), Unit("NO", "Norway", UnitKind.COUNTRY, "ACME", "NOR")]
    )
    unit_actions.add_units(desk, units)
    pinned = {entry.id: entry.version for entry in desk.catalogue.latest_published()}
    round_actions.open_round(desk, Round("2026", "First round", None, date(2026, 1, 1), None, pinned))
    return units


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("gates", "Nothing is known of any of these gates yet"), ("blockers", "gates open"), ("what-if", "Nothing is left to raise here"),
        ("order", "Which order fits can't be told yet"), ("operating-model", "How they work can't be told"),
        ("perception", "can't be compared yet"),
    ],
)  # fmt: skip
def test_a_workspace_that_is_just_beginning_says_what_is_missing(
    lonely: Organisation, open_as: Open, part: str, words: str
):
    app = open_as(Role.CDAO, "readiness", part=part)
    assert not app.exception
    assert words in shown(app)
