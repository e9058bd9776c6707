"""A question's card: what it says about evidence, about undoing, and where else it leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from assessment.access import Role
from assessment.actions.desk import Desk
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import Answer, AnswerState, Confidence, EvidenceKind
from assessment.store.answers import StoredAnswer
from assessment.store.assessments import StoredAssessment
from assessment.ui.asking import until
from assessment.ui.question import shortfall, undo_words
from tests.pages.conftest import Open, half_done
from tests.pages.test_answering import answers, opened, radio, said, widget
from tests.pages.test_finding_ones_way import at, button

OPEN = "dgm-access-rules"
ANSWER = Answer(AnswerState.ANSWERED, "3", comment="Before")


@pytest.fixture
def france(synthetic: Desk) -> StoredAssessment:
    return half_done(synthetic)


@pytest.mark.parametrize(
    ("choice", "kind", "reference", "words"),
    [
        (None, "none", "", ""), ("2", "none", "", ""), ("state:dont_know", "none", "", ""),
        ("3", "none", "", "Without evidence, gates count this as level 2 only"),
        ("5", "none", "", "Without evidence, gates count this as level 2 only"),
        ("4", "none", "https://a.b", "The reference counts once"),
        ("3", "document", "", ""), ("4", "document", "", "A document carries level 3: gates count this as 3 only."),
        ("4", "record", "", ""), ("5", "record", "x", "gates count this as 4 only"), ("5", "independent", "", ""),
    ],
)  # fmt: skip
def test_a_level_above_its_evidence_is_said_to_count_less(
    catalogue: Catalogue, choice: str | None, kind: str, reference: str, words: str
):
    version = catalogue.get("data-governance", "1.0.0")
    values = {"choice": choice, "evidence_kind": kind, "evidence_ref": reference}
    found = shortfall(version, version.questions[OPEN], values)
    assert found.startswith(words) or words in found
    assert bool(found) == bool(words)


def test_a_question_that_only_describes_needs_no_evidence(catalogue: Catalogue):
    version = catalogue.get("domain-ownership", "1.0.0")
    values = {"choice": "5", "evidence_kind": "none", "evidence_ref": ""}
    assert shortfall(version, version.questions["dor-central-dependency"], values) == ""


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (replace(ANSWER, value="4"), "Undo: back to 3 Defined"),
        (replace(ANSWER, comment="After"), "Undo: the earlier comment"),
        (replace(ANSWER, evidence_ref="x"), "Undo: no reference"),
        (replace(ANSWER, confidence=Confidence.SURE), "Undo: no word on how sure"),
        (replace(ANSWER, evidence_kind=EvidenceKind.RECORD), "Undo: the earlier kind of evidence"),
    ],
)
def test_undo_names_what_it_undoes(catalogue: Catalogue, now: Answer, words: str):
    version = catalogue.get("data-governance", "1.0.0")
    before = StoredAnswer(ANSWER, 1, datetime(2026, 1, 1, tzinfo=UTC), "Bea", 1)
    assert undo_words(version, OPEN, before, replace(before, answer=now, version=2)) == words


def test_undoing_a_comment_keeps_the_level(open_as: Open, synthetic: Desk, france: StoredAssessment):
    app = at(open_as, france, question=OPEN)
    radio(app, OPEN).set_value("3").run()
    assert "Wrong? Choose another, or “Don't know yet”" in said(app)
    assert "Without evidence, gates count this as level 2 only" in said(app)
    opened(app, france, OPEN)
    widget(app.text_area, OPEN, "comment").set_value("A word").run()
    button(app, "Undo: no comment").click().run()
    assert answers(synthetic, france)[OPEN].answer == Answer(AnswerState.ANSWERED, "3")


def test_a_confirmed_answer_that_is_changed_is_not_called_confirmed(
    open_as: Open, synthetic: Desk, france: StoredAssessment
):
    app = at(open_as, france, question=OPEN)
    button(app, "Unchanged since last round").click().run()
    assert "Confirmed unchanged. Saved" in said(app)
    assert "Wrong? Choose another, or “Don't know yet”" in said(app)
    radio(app, OPEN).set_value("state:dont_know").run()
    assert "Confirmed unchanged" not in said(app)
    assert answers(synthetic, france)[OPEN].origin == "page"


def test_a_card_has_a_link_that_leads_to_it_and_a_way_to_hand_it_on(open_as: Open, france: StoredAssessment):
    app = at(open_as, france, dimension="access-and-law")
    (link,) = [entry.value for entry in app.markdown if f"question={OPEN}" in entry.value]
    address = urlsplit(link[link.index("<") + 1 : link.index(">")])
    assert address.path == "answer"
    assert parse_qs(address.query) == {
        "role": ["Country data leader"], "country": ["France (FR)"], "assessment": [str(france.id)],
        "question": [OPEN],
    }  # fmt: skip
    labels = [entry.proto.label for entry in app.get("page_link")]
    assert labels.count("Hand it to a domain") == 4


def test_a_domain_hands_nothing_on(synthetic: Desk, open_as: Open):
    app = open_as(Role.DOMAIN_OWNER, "answer", domain="Sales, France (FR.sales)")
    assert app.radio
    assert not [e for e in app.get("page_link") if e.proto.label == "Hand it to a domain"]


@pytest.mark.parametrize(
    ("closes_on", "expected"),
    [
        (None, None), (date(2026, 3, 31), date(2026, 3, 24)), (date(2026, 3, 17), date(2026, 3, 10)),
        (date(2026, 3, 16), date(2026, 3, 16)), (date(2026, 3, 10), date(2026, 3, 10)), (date(2026, 3, 9), None),
    ],
)  # fmt: skip
def test_an_answer_is_wanted_a_week_before_the_round_closes(closes_on: date | None, expected: date | None):
    assert until(closes_on, date(2026, 3, 10)) == expected


def test_undoing_a_level_keeps_a_comment_that_came_with_the_click(
    open_as: Open, synthetic: Desk, france: StoredAssessment
):
    app = at(open_as, france, question=OPEN)
    radio(app, OPEN).set_value("2").run()
    radio(app, OPEN).set_value("3").run()
    opened(app, france, OPEN)
    widget(app.text_area, OPEN, "comment").set_value("Two teams")
    button(app, "Undo: back to 2").click().run()
    assert answers(synthetic, france)[OPEN].answer == Answer(AnswerState.ANSWERED, "2", comment="Two teams")
