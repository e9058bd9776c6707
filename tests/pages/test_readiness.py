"""What the result page says of a unit's readiness: the answer first, and never from answers that one may not see."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Role
from assessment.actions.desk import Desk
from tests.pages.conftest import Open


def headings(app: AppTest) -> str:
    return "\n".join(str(entry.value) for entry in [*app.header, *app.subheader])


def shown(app: AppTest) -> str:
    return "\n".join(str(entry.value) for entry in [*app.markdown, *app.caption, *app.header, *app.subheader])


@pytest.fixture
def cdao(synthetic: Desk, open_as: Open) -> AppTest:
    return open_as(Role.CDAO, "result", whose="Germany (DE)")


def test_a_country_shows_how_many_of_its_domains_are_ready_and_its_own_hard_gates(cdao: AppTest):
    assert not cdao.exception
    assert "Germany: " in headings(cdao)
    assert "of 2 domains ready for a first pilot" in headings(cdao)
    assert "of 18 hard gates of its own are met" in headings(cdao)
    assert "**Third domain or second country**: " in shown(cdao)


def test_every_open_gate_says_its_state_its_level_and_whose_answer_it_is(cdao: AppTest):
    lists = [str(e.value) for e in cdao.markdown if str(e.value).startswith("- **")]
    lines = [line for text in lists for line in text.splitlines() if "needs level" in line]
    assert lines
    for line in lines:
        assert any(sign in line for sign in ("claimed, evidence", "not met", "unknown")), line
        assert "Germany" in line


def test_a_domain_owner_gets_no_verdict_that_hangs_on_answers_out_of_sight(synthetic: Desk, open_as: Open):
    app = open_as(Role.DOMAIN_OWNER, "result", domain="Sales, Germany (DE.sales)")
    assert not app.exception
    decided = "isn't ready for a pilot yet" in headings(app)
    withheld = "hang on your country's answers" in shown(app)
    assert decided != withheld
    assert "is ready" not in headings(app)
    lists = [str(e.value) for e in app.markdown if "needs level" in str(e.value)]
    assert all(
        "Sales, Germany" in line for text in lists for line in text.splitlines() if "needs level" in line
    )
