"""Facts, common or local, principles: stored as soon as they are whole, never before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from assessment.access import Principal, Role
from assessment.actions.desk import Desk
from assessment.actions.stating import state
from assessment.errors import StoreError
from assessment.statements import Content, StatementKind
from assessment.store.engine import Store
from assessment.store.statements import About, read_statements
from assessment.ui.session import SESSION_KEY
from assessment.ui.track import SHOWN_BEFORE
from tests.pages.conftest import Open
from tests.pages.test_answering import said

ELEMENT, PRINCIPLE, FACT = "term-customer", "producers-own-what-they-share", "domain-count"


@pytest.fixture
def app(synthetic: Desk, open_as: Open) -> AppTest:
    return open_as(Role.COUNTRY_LEADER, "context", country="France (FR)")


def stored(store: Store) -> dict[str, Content]:
    """What France has said in the open round."""
    with store.read() as connection:
        found = read_statements(connection, ["FR"], list(StatementKind), round_id=synthetic_round(store))
    return {statement.about.subject_id: statement.content for statement in found}


def widget(entries, subject: str, field: str):
    return next(entry for entry in entries if f":{subject}:" in entry.key and entry.key.endswith(field))


def test_a_fact_is_stored_and_taken_back(app: AppTest, store: Store):
    widget(app.number_input, FACT, "value").set_value(12).run()
    assert stored(store)[FACT].model_dump() == {"value": 12.0}
    widget(app.number_input, FACT, "value").set_value(None).run()
    assert stored(store)[FACT].model_dump() == {"value": None}


def test_a_share_is_typed_in_percent_and_stored_between_0_and_1(app: AppTest, store: Store):
    widget(app.number_input, "regulated-data-share", "percent").set_value(35.0).run()
    assert stored(store)["regulated-data-share"].model_dump() == {"value": 0.35}


def test_a_difference_waits_for_its_reason(app: AppTest, store: Store):
    widget(app.radio, ELEMENT, "use").set_value("law").run()
    assert ELEMENT not in stored(store)
    assert "Not saved yet: a difference needs its reason." in said(app)
    widget(app.text_input, ELEMENT, "reason").set_value("Article 5 of the act").run()
    assert stored(store)[ELEMENT].model_dump(mode="json") == {"use": "law", "reason": "Article 5 of the act"}


def test_what_is_the_same_needs_none(app: AppTest, store: Store):
    widget(app.radio, ELEMENT, "use").set_value("same").run()
    assert ELEMENT in stored(store)


def test_skipping_a_principle_needs_a_reason_and_may_have_a_day(app: AppTest, store: Store):
    widget(app.radio, PRINCIPLE, "position").set_value("skipped").run()
    assert PRINCIPLE not in stored(store)
    widget(app.text_input, PRINCIPLE, "reason").set_value("Too early").run()
    assert PRINCIPLE in stored(store)


def test_a_domain_says_facts_only(synthetic: Desk, open_as: Open):
    app = open_as(Role.DOMAIN_OWNER, "context")
    assert [entry.value for entry in app.header] == ["Facts"]


def test_somebody_elses_change_is_neither_overwritten_nor_silent(app: AppTest, synthetic: Desk, store: Store):
    widget(app.radio, ELEMENT, "use").set_value("same").run()
    with store.read() as connection:
        found = read_statements(connection, ["FR"], [StatementKind.ELEMENT], round_id=synthetic_round(store))
    about = found[0].about
    leader = Desk(
        store, synthetic.catalogue, Principal("Bea", Role.COUNTRY_LEADER, "FR"), "elsewhere", synthetic.at
    )
    state(leader, about, {"use": "unused"}, expected_version=1, idempotency_key="bea-1")
    widget(app.radio, ELEMENT, "use").set_value("law").run()
    assert widget(app.radio, ELEMENT, "use").value == "unused"
    assert "Somebody else changed this." in said(app)
    assert stored(store)[ELEMENT].model_dump()["use"] == "unused"


def test_a_page_of_an_emptied_workspace_is_not_believed(app: AppTest, synthetic: Desk, store: Store):
    widget(app.radio, ELEMENT, "use").set_value("same").run()
    widget(app.radio, ELEMENT, "use").set_value("unused").run()
    key = f"said:element:{synthetic_round(store)}:FR:{ELEMENT}"
    # What stands there now came into being in another workspace, as its first version.
    known = app.session_state[key]
    app.session_state[key] = replace(known, version=7, at=datetime(2026, 1, 1, tzinfo=UTC))
    app.run()
    assert "Somebody else changed this." in said(app)
    widget(app.radio, ELEMENT, "use").set_value("same").run()
    assert stored(store)[ELEMENT].model_dump()["use"] == "same"


def test_what_a_gone_page_could_not_store_is_said_by_the_next(
    app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
):
    def refused(*_arguments: object, **_named: object) -> None:
        raise StoreError("The database can't be written at the moment (disk full). Nothing was changed.")

    monkeypatch.setattr("assessment.ui.stating.state", refused)
    widget(app.radio, ELEMENT, "use").set_value("same").run()
    assert said(app).count("Nothing was changed") == 1
    assert ELEMENT not in stored(store)


#: A page whose session the server forgot.
OLD = "0" * 32


def returned(open_as: Open, store: Store, shows: str) -> AppTest:
    """France's page as a new session gets it: drawn when nothing was said, it shows a use of the element now."""
    app = open_as(Role.COUNTRY_LEADER, country="France (FR)")
    # What the browser sends with its first words to a new server.
    key = f"said:element:{synthetic_round(store)}:FR:{ELEMENT}:{OLD}:0:0:use"
    app.session_state[SESSION_KEY], app.session_state[SHOWN_BEFORE] = OLD, (key,)
    app.session_state[key] = shows
    return app.switch_page(str(_page())).run()


def say(synthetic: Desk, store: Store, *uses: str, session: str) -> None:
    """What was said of the element before, one after the other."""
    about = About(StatementKind.ELEMENT, synthetic_round(store), "FR", ELEMENT)
    leader = Desk(
        store, synthetic.catalogue, Principal("Bea", Role.COUNTRY_LEADER, "FR"), session, synthetic.at
    )
    for version, use in enumerate(uses):
        state(leader, about, {"use": use}, expected_version=version, idempotency_key=f"{session} {version}")


def test_what_a_forgotten_session_sends_is_stored(open_as: Open, synthetic: Desk, store: Store):
    say(synthetic, store, "unused", session=OLD)
    app = returned(open_as, store, "same")
    assert stored(store)[ELEMENT].model_dump()["use"] == "same"
    assert widget(app.radio, ELEMENT, "use").value == "same"


def test_what_an_old_page_still_shows_is_no_edit(open_as: Open, synthetic: Desk, store: Store):
    say(synthetic, store, "same", "unused", session=OLD)
    app = returned(open_as, store, "same")
    assert stored(store)[ELEMENT].model_dump()["use"] == "unused"
    assert widget(app.radio, ELEMENT, "use").value == "unused"
    assert "This page was out of touch" in said(app)


def test_an_old_page_overwrites_nothing_that_it_never_showed(open_as: Open, synthetic: Desk, store: Store):
    say(synthetic, store, "unused", session="elsewhere")
    app = returned(open_as, store, "same")
    assert stored(store)[ELEMENT].model_dump()["use"] == "unused"
    assert "Somebody else changed this." in said(app)


def synthetic_round(store: Store) -> str:
    from assessment.store.organisation import read_rounds

    with store.read() as connection:
        return next(entry.id for entry in reversed(read_rounds(connection)) if not entry.is_over)


def _page() -> str:
    from tests.pages.conftest import ROOT

    return str(ROOT / "assessment" / "pages" / "context.py")
