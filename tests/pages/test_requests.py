"""A country hands questions to its domain: the domain answers exactly these, in the country's assessment, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions.answering import save_answer
from assessment.actions.desk import Desk
from assessment.actions.stating import state
from assessment.errors import NotAllowed
from assessment.statements import StatementKind
from assessment.store.assessments import StoredAssessment
from assessment.store.statements import About, read_statements
from tests.pages.conftest import Open, half_done
from tests.pages.test_answering import answers, radio, said

ASKED, NOT_ASKED = "dgm-access-rules", "dgm-exec-sponsor"


@pytest.fixture
def france(synthetic: Desk) -> StoredAssessment:
    return half_done(synthetic)


@pytest.fixture
def domain(synthetic: Desk) -> str:
    """One of France's domains."""
    from assessment.store.organisation import read_organisation

    with synthetic.store.read() as connection:
        return read_organisation(connection).domains("FR")[0].id


def about(france: StoredAssessment) -> About:
    return About(StatementKind.REQUEST, france.round_id, "FR", f"data-governance:{ASKED}")


@pytest.fixture
def asked(synthetic: Desk, france: StoredAssessment, domain: str) -> Desk:
    """The desk of the domain's owner, after the leader asked."""
    leader = replace(synthetic, principal=Principal("Bea", Role.COUNTRY_LEADER, "FR"))
    content = {"to_unit": domain, "note": "You run it"}
    state(leader, about(france), content, expected_version=0, idempotency_key="ask")
    return replace(synthetic, principal=Principal("Dan", Role.DOMAIN_OWNER, domain), session_id="dan")


def answer(desk: Desk, france: StoredAssessment, question: str, version: int = 0) -> None:
    save_answer(
        desk, france.id, question, {"state": "answered", "value": "3"}, expected_version=version,
        idempotency_key=f"{desk.principal.person}-{question}",
    )  # fmt: skip


def test_the_owner_answers_what_was_asked_under_the_own_name(asked: Desk, france: StoredAssessment):
    answer(asked, france, ASKED)
    assert answers(asked, france)[ASKED].answered_by == "Dan"


def test_nothing_else_of_the_country_is_open_to_the_owner(asked: Desk, france: StoredAssessment):
    with pytest.raises(NotAllowed):
        answer(asked, france, NOT_ASKED)


def test_who_was_not_asked_may_answer_nothing(asked: Desk, france: StoredAssessment, domain: str):
    other = domain.replace("FR", "DE")
    for principal in (
        Principal("Eve", Role.DOMAIN_OWNER, other),
        Principal("Eve", Role.COUNTRY_LEADER, "DE"),
    ):
        with pytest.raises(NotAllowed):
            answer(replace(asked, principal=principal), france, ASKED)


def test_what_was_taken_back_is_closed_again(asked: Desk, synthetic: Desk, france: StoredAssessment):
    leader = replace(synthetic, principal=Principal("Bea", Role.COUNTRY_LEADER, "FR"))
    state(leader, about(france), {"to_unit": None}, expected_version=1, idempotency_key="back")
    with pytest.raises(NotAllowed):
        answer(asked, france, ASKED)


def test_a_country_asks_its_own_domains_only(synthetic: Desk, france: StoredAssessment, domain: str):
    leader = replace(synthetic, principal=Principal("Bea", Role.COUNTRY_LEADER, "FR"))
    for foreign in (domain.replace("FR", "DE"), "FR", "group", "XX"):
        with pytest.raises(NotAllowed):
            state(leader, about(france), {"to_unit": foreign}, expected_version=0, idempotency_key=foreign)


def test_the_owner_finds_it_and_answers_on_the_page(
    asked: Desk, france: StoredAssessment, domain: str, open_as: Open
):
    tasks = open_as(Role.DOMAIN_OWNER, "tasks", domain=domain)
    assert any("1 question asked of you" in link.proto.label for link in tasks.get("page_link"))
    app = open_as(Role.DOMAIN_OWNER, "requests", domain=domain)
    assert "France asks you 1 question" in said(app)
    assert "You run it" in said(app)
    radio(app, ASKED).set_value("4").run()
    assert answers(asked, france)[ASKED].answer.value == "4"


def hand_on(app: AppTest) -> None:
    next(entry for entry in app.button if entry.label == "Hand them on").click().run()


def test_the_leader_asks_a_section_and_sees_how_far_it_is(
    synthetic: Desk, france: StoredAssessment, domain: str, open_as: Open
):
    app = open_as(Role.COUNTRY_LEADER, "requests", country="France (FR)")
    app.selectbox(key="ask-assessment").set_value(france.id).run()
    sections = app.selectbox(key=f"ask-section-{france.id}")
    hand_on(sections.select_index(sections.options.index("Access and law")).run())
    first = next(entry.value for entry in app.markdown if entry.value.endswith("answered"))
    total = int(first.split(" of ")[1].split()[0])
    assert total > 1
    back = next(entry for entry in app.button if entry.label == "Take back")
    back.click().run()
    assert f"of {total - 1} questions answered" in said(app)


def test_without_a_choice_only_what_has_no_answer_is_handed_on_once(
    asked: Desk, synthetic: Desk, france: StoredAssessment, open_as: Open
):
    version = synthetic.catalogue.get(france.questionnaire_id, france.version)
    bea = replace(synthetic, principal=Principal("Bea", Role.COUNTRY_LEADER, "FR"))
    names = [question.id for question in version.dimension_of[ASKED].questions]
    given = next(name for name in names if name != ASKED)
    answer(bea, france, given)
    app = open_as(
        Role.COUNTRY_LEADER, "requests", country="France (FR)", assessment=str(france.id), question=ASKED
    )
    assert app.multiselect[0].value == [ASKED]
    assert app.date_input[0].value is not None
    app.multiselect[0].set_value([])
    hand_on(app)
    with synthetic.store.read() as connection:
        found = read_statements(connection, ["FR"], [StatementKind.REQUEST])
    handed = {entry.about.subject_id.split(":")[1]: entry.version for entry in found}
    assert handed == {name: 1 for name in names if name != given}


def test_what_was_taken_back_shows_its_new_answer_to_nobody(
    asked: Desk, france: StoredAssessment, domain: str, open_as: Open, synthetic: Desk
):
    from assessment.ui.asking import answer_now, asked_of_me

    app = open_as(Role.DOMAIN_OWNER, "requests", domain=domain)
    assert radio(app, ASKED)
    place = app.session_state["_here"]
    (one,) = asked_of_me(place)
    assert answer_now(place, one) == (True, None)
    leader = replace(synthetic, principal=Principal("Bea", Role.COUNTRY_LEADER, "FR"), session_id="bea")
    state(leader, about(france), {"to_unit": None}, expected_version=1, idempotency_key="back")
    answer(leader, france, ASKED)
    assert answer_now(place, one) == (False, None)
    app.run()
    assert "Nobody asked you anything." in said(app)
