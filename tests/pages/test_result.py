"""One unit's result: each part for those who may see it, moves that are taken on, and links that colleagues can open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from assessment.access import Principal, Role
from assessment.actions import workspace
from assessment.actions.desk import Desk
from assessment.actions.rounds import reopen_round
from assessment.actions.stating import state
from assessment.demo import Size
from assessment.statements import MoveContent, MoveState, StatementKind
from assessment.store.organisation import read_rounds
from assessment.store.statements import About, read_statements
from tests.pages.conftest import ROOT, Open

GERMANY = Principal("Gerd", Role.COUNTRY_LEADER, "DE")
LEADER = {"country": "Germany (DE)"}
RESULT, OVERVIEW = (str(ROOT / "assessment" / "pages" / f"{name}.py") for name in ("result", "overview"))


def told(app: AppTest) -> str:
    found = [*app.header, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning]
    return "\n".join(str(entry.value) for entry in found)


def rounds(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return [entry.id for entry in read_rounds(connection)]


def taken_on(desk: Desk) -> dict[tuple[str, str], MoveContent]:
    with desk.store.read() as connection:
        found = read_statements(connection, ["DE"], [StatementKind.MOVE])
    assert all(isinstance(entry.content, MoveContent) for entry in found)
    return {(entry.about.round_id, entry.about.subject_id): entry.content for entry in found}  # type: ignore[misc]


def untouched(desk: Desk) -> str:
    """A question that Germany is asked and that nobody has taken on in any round."""
    said = {subject for _, subject in taken_on(desk)}
    asked = desk.catalogue.get("data-governance", "1.0.0").questions.values()
    subjects = (f"data-governance:{question.id}" for question in asked if question.is_asked_of("country"))
    return next(subject for subject in subjects if subject not in said)


def states(app: AppTest) -> list[Selectbox[Any]]:
    """The lists that say what becomes of a move."""
    return [entry for entry in app.selectbox if entry.label.startswith("State of the move")]


@pytest.fixture
def many(desk: Desk) -> Desk:
    """Seven countries with a domain each; the first of two rounds is closed, with what was accepted in it."""
    workspace.fill_with_demo(desk, Size(countries=7, domains=1, rounds=2))
    return desk


def test_the_sentence_comes_first_and_names_readiness_and_the_widest_gap(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "result", whose="DE")
    assert not app.exception
    headline = str(app.header[0].value)
    assert headline.startswith("Germany: ")
    assert "domains ready for a first pilot" in headline
    assert "the widest gap is" in headline


def test_the_result_begins_with_the_one_country_that_another_place_looks_at(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "overview", countries="ES", levels="supported", basis="domains")
    app.switch_page(RESULT).run()
    assert app.selectbox(key="whose").value == "ES"
    assert app.radio(key="basis").value == "domains"
    assert app.selectbox(key="levels").value == "supported"
    assert "as evidence supports" in told(app)
    app.selectbox(key="whose").select("FR").run()
    app.switch_page(OVERVIEW).run()
    app.switch_page(RESULT).run()
    assert app.selectbox(key="whose").value == "FR", "what was chosen here since holds"


def test_several_countries_are_no_one_to_begin_with_and_an_address_wins(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "overview")
    first = open_as(Role.CDAO, "result").selectbox(key="whose").value
    app.query_params["countries"] = ["DE", "ES"]
    app.run()
    app.switch_page(RESULT).run()
    assert app.selectbox(key="whose").value == first
    assert open_as(Role.CDAO, "result", countries="ES", whose="DE").selectbox(key="whose").value == "DE"


def test_a_link_names_the_unit_by_its_id_and_opens_for_those_who_may(synthetic: Desk, open_as: Open):
    first = rounds(synthetic)[0]
    app = open_as(Role.CDAO, "result", whose="DE.sales", round=first)
    assert (app.selectbox(key="whose").value, app.selectbox(key="round").value) == ("DE.sales", first)
    assert app.query_params["whose"] in ("DE.sales", ["DE.sales"])
    stranger = open_as(Role.COUNTRY_LEADER, "result", country="France (FR)", whose="DE.sales", round=first)
    assert stranger.selectbox(key="whose").value == "FR"
    assert "which isn't here" in told(stranger)
    assert "Sales, Germany" not in told(stranger)


def test_the_basis_is_asked_of_a_country_with_domains_and_kept_in_the_address(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "result", whose="DE", basis="domains")
    assert app.radio(key="basis").value == "domains"
    domain = open_as(Role.CDAO, "result", whose="DE.sales")
    assert not [entry for entry in domain.radio if entry.key == "basis"]


def test_the_profile_is_drawn_on_request_only(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "result", whose="DE")
    before = len(app.get("plotly_chart"))
    app.toggle(key="profile-data-governance").set_value(True).run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == before + 1
    assert "drawn as a profile" in told(app)


def test_with_four_others_none_of_their_figures_is_shown(synthetic: Desk, open_as: Open):
    app = open_as(Role.COUNTRY_LEADER, "result", part="peers", round=rounds(synthetic)[0], **LEADER)
    assert not app.exception
    assert "Fewer than five others" in told(app)
    assert not app.get("plotly_chart")


@pytest.mark.parametrize(
    ("role", "whose"),
    [(Role.COUNTRY_LEADER, {"country": "Germany (DE)"}), (Role.DOMAIN_OWNER, {"domain": "Sales, Germany (DE.sales)"})],
)  # fmt: skip
def test_six_others_are_shown_without_a_name(many: Desk, open_as: Open, role: Role, whose: dict[str, str]):
    app = open_as(role, "result", part="peers", round=rounds(many)[0], **whose)
    assert not app.exception
    assert app.get("plotly_chart")
    assert "others, without names" in told(app)
    everything = told(app) + "".join(str(chart.proto) for chart in app.get("plotly_chart"))
    assert "France" not in everything
    assert "Spain" not in everything


def test_a_leader_takes_a_move_on_and_it_is_stored_for_the_round(synthetic: Desk, open_as: Open):
    before, now = taken_on(synthetic), rounds(synthetic)[-1]
    app = open_as(Role.COUNTRY_LEADER, "result", part="moves", **LEADER)
    box = next(entry for entry in states(app) if entry.value is None)
    about = str(box.key).removesuffix("state")
    box.set_value("under_way").run()
    next(entry for entry in app.text_input if entry.key == f"{about}owner").set_value("Ana K.").run()
    assert not app.exception
    added = {key: said for key, said in taken_on(synthetic).items() if key not in before}
    assert [(said.state, said.owner) for said in added.values()] == [(MoveState.UNDER_WAY, "Ana K.")]
    assert {round_id for round_id, _ in added} == {now}


def test_others_see_what_was_taken_on_and_can_change_nothing(synthetic: Desk, open_as: Open):
    subject = untouched(synthetic)
    _say(synthetic, rounds(synthetic)[-1], subject, state="planned", owner="Ana *K*.", due_on="2020-01-31")
    app = open_as(Role.CDAO, "result", whose="DE", part="moves")
    assert "Planned · Ana \\*K\\*. · due 31 Jan 2020" in told(app)
    assert " overdue" in told(app)
    assert not states(app)


def test_a_closed_round_says_so_before_anything_is_typed(synthetic: Desk, open_as: Open):
    app = open_as(Role.COUNTRY_LEADER, "result", part="moves", round=rounds(synthetic)[0], **LEADER)
    assert "The round is closed; nothing in it can be changed now." in told(app)
    assert not states(app)


def test_what_an_earlier_round_left_open_is_offered_again_with_its_owner(synthetic: Desk, open_as: Open):
    """The earlier round is opened again to say in it what somebody said then."""
    subject, (*_, earlier, now) = untouched(synthetic), rounds(synthetic)
    reopen_round(synthetic, earlier, "To say what was said then")
    _say(synthetic, earlier, subject, state="under_way", owner="Ana")
    app = open_as(Role.COUNTRY_LEADER, "result", part="moves", **LEADER)
    assert "Open since an earlier round: Under way · Ana" in told(app)
    assert any(entry.label.startswith("Taken on in earlier rounds (") for entry in app.expander)
    card = next(
        e for e in app.selectbox if e.key and f"{now}:DE:{subject}" in e.key and e.key.endswith(":state")
    )
    card.set_value("under_way").run()
    assert taken_on(synthetic)[now, subject].owner == "Ana"


def test_more_findings_come_for_a_country_and_a_domain(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "result", whose="DE", part="more")
    country = told(app)
    assert "Germany works as" in country or "operating model of Germany" in country
    assert "lead and domains" in country or "lead's view" in country
    assert "on the questions that both rounds answered" in country
    assert any(entry.label.startswith("What each question brought (") for entry in app.expander)
    domain = open_as(Role.CDAO, "result", whose="DE.sales", part="more")
    assert not domain.exception
    assert "risk" in told(domain).casefold() or "Whether it will last" in told(domain)
    assert "evidence carries" in told(domain).casefold()


def test_a_domain_owner_is_told_nothing_that_hangs_on_the_countrys_answers(synthetic: Desk, open_as: Open):
    app = open_as(Role.DOMAIN_OWNER, "result", part="more", domain="Sales, Germany (DE.sales)")
    assert not app.exception
    assert "How this unit works hangs on" in told(app)
    assert "operating model of" not in told(app)
    assert "works as" not in told(app)


def _say(desk: Desk, round_id: str, subject: str, **content: str) -> None:
    about = About(StatementKind.MOVE, round_id, "DE", subject)
    state(replace(desk, principal=GERMANY), about, content, expected_version=0, idempotency_key=subject)
