"""Every page opens for every role that has it, in a full and in an empty workspace, and for nobody else."""

from __future__ import annotations

import pytest

from assessment.access import Role
from assessment.actions.desk import Desk
from assessment.store.engine import Store
from tests.pages.conftest import ROOT, Open

PAGES_OF = {
    Role.COUNTRY_LEADER: {
        "tasks",
        "answer",
        "requests",
        "offline",
        "context",
        "check",
        "result",
        "rounds",
        "method",
    },
    Role.DOMAIN_OWNER: {
        "tasks",
        "answer",
        "requests",
        "offline",
        "context",
        "check",
        "result",
        "rounds",
        "method",
    },
    Role.REVIEWER: {"review", "result", "rounds", "method"},
    Role.CDAO: {"overview", "readiness", "common", "progress", "result", "rounds", "method"},
    Role.AUTHOR: {"questionnaires", "method"},
    Role.ADMINISTRATOR: {"workspace", "people", "history", "rounds", "questionnaires", "method"},
}
EVERY_PAGE = sorted(set().union(*PAGES_OF.values()))
TITLES = {
    "tasks": "Your assessment", "context": "Facts and principles", "check": "Check your answers", "result": "Result", "method": "How scores are made",
    "review": "Review", "overview": "Overview", "readiness": "Readiness", "common": "Common or local", "progress": "Progress", "questionnaires": "Questionnaires", "workspace": "Workspace",
    "people": "People", "history": "History", "requests": "Questions handed on", "offline": "Without the app", "rounds": "Rounds",
}  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_each_of_its_pages_in_the_synthetic_workspace(
    role: Role, synthetic: Desk, open_as: Open
):
    for page in PAGES_OF[role]:
        app = open_as(role, page)
        assert not app.exception, (page, app.exception)
        assert not app.error, (page, [error.value for error in app.error])
        assert len(app.title) == 1
        assert page == "answer" or app.title[0].value == TITLES[page]
        assert any("Synthetic data" in text.value for text in app.markdown), page
        assert any("You act as" in text.value for text in app.markdown), page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CDAO, Role.AUTHOR, Role.ADMINISTRATOR])
def test_a_role_opens_each_of_its_pages_in_an_empty_workspace(role: Role, store: Store, open_as: Open):
    for page in PAGES_OF[role]:
        app = open_as(role, page)
        assert not app.exception, (page, app.exception)
        assert not app.error, page
        assert not any("Synthetic data" in text.value for text in app.markdown)


@pytest.mark.parametrize("role", Role)
def test_a_page_of_other_roles_is_not_there(role: Role, synthetic: Desk, open_as: Open):
    app = open_as(role)
    for page in set(EVERY_PAGE) - PAGES_OF[role]:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            app.switch_page(str(ROOT / "assessment" / "pages" / f"{page}.py"))


def test_roles_that_need_a_unit_are_not_offered_in_an_empty_workspace(store: Store, open_as: Open):
    app = open_as(Role.ADMINISTRATOR)
    offered = app.sidebar.selectbox(key="role").options
    assert offered[0] == "Administrator"
    assert "Country data leader" not in offered
    assert "Domain owner" not in offered


def test_a_result_names_only_units_that_the_role_may_see(synthetic: Desk, open_as: Open):
    leader = open_as(Role.COUNTRY_LEADER, "result", country="France (FR)")
    assert leader.selectbox(key="whose").options == [
        "France (FR)",
        "Finance, France (FR.finance)",
        "Sales, France (FR.sales)",
    ]
    owner = open_as(Role.DOMAIN_OWNER, "result", domain="Sales, France (FR.sales)")
    assert owner.selectbox(key="whose").options == ["Sales, France (FR.sales)"]
    chief = open_as(Role.CDAO, "result")
    assert len(chief.selectbox(key="whose").options) == 15


def test_a_draft_is_shown_to_the_cdao_as_a_missing_score_with_its_reason(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO, "result", whose="France (FR)")
    assert any("It is still a draft." in info.value for info in app.info)
    assert any("France has no scores in this round yet" in heading.value for heading in app.subheader)


def test_the_synthetic_workspace_is_left_with_one_click(synthetic: Desk, open_as: Open):
    app = open_as(Role.CDAO)
    app.sidebar.button(key="start-empty").click().run()
    assert not app.exception
    assert app.title[0].value == "Workspace"
    assert not any("Synthetic data" in text.value for text in app.markdown)
