"""The receipt of what was sent."""

from __future__ import annotations

from assessment.exports.receipt import receipt
from assessment.questionnaire.folder import load_catalogue
from assessment.responses import Answer, AnswerState, Confidence, EvidenceKind
from tests.conftest import ROOT


def test_every_question_is_on_it_in_words_and_hostile_text_is_text():
    version = load_catalogue(ROOT / "questionnaires").get("data-governance", "1.0.0")
    first, second = list(version.questions)[:2]
    answers = {
        first: Answer(
            AnswerState.ANSWERED,
            "3",
            confidence=Confidence.SURE,
            evidence_kind=EvidenceKind.RECORD,
            comment="<script>alert(1)</script>\nand more",
        ),
        second: Answer(AnswerState.NOT_APPLICABLE, reason="None here"),
    }
    sections = [(dimension, dimension.questions) for dimension in version.all_dimensions()]
    page = receipt(version, sections, answers, {"Unit": "<b>France</b>"}).decode()
    assert "<script" not in page
    assert "&lt;b&gt;France" in page
    backing = "Evidence: a record of running it. How sure: sure."
    comment = "&lt;script&gt;alert(1)&lt;/script&gt;<br>and more"
    assert f"<b>3 Defined</b><br><bdi>{backing}</bdi><br><bdi>{comment}</bdi></td>" in page
    assert "<b>Not applicable</b><br><bdi>None here</bdi></td>" in page
    assert page.count("<b>Not answered</b>") == len(version.questions) - 2


def test_a_receipt_of_invented_data_says_so_and_others_do_not():
    version = load_catalogue(ROOT / "questionnaires").get("data-governance", "1.0.0")
    assert b"Synthetic data" in receipt(version, [], {}, {}, mark="Synthetic data")
    assert b"class='mark'" not in receipt(version, [], {}, {})
