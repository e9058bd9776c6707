"""The receipt of what was sent."""

from __future__ import annotations

from assessment.exports.receipt import receipt
from assessment.questionnaire.folder import load_catalogue
from assessment.responses import Answer, AnswerState
from tests.conftest import ROOT


def test_every_question_is_on_it_in_words_and_hostile_text_is_text():
    version = load_catalogue(ROOT / "questionnaires").get("data-governance", "1.0.0")
    first, second = list(version.questions)[:2]
    answers = {
        first: Answer(AnswerState.ANSWERED, "3", comment="<script>alert(1)</script>"),
        second: Answer(AnswerState.NOT_APPLICABLE, reason="None here"),
    }
    sections = [(dimension, dimension.questions) for dimension in version.all_dimensions()]
    page = receipt(version, sections, answers, {"Unit": "<b>France</b>"}).decode()
    assert "<script" not in page
    assert "&lt;b&gt;France" in page
    assert "<b>3 Defined</b><br>&lt;script" in page
    assert "<b>Not applicable</b><br>None here" in page
    assert page.count("<b>Not answered</b>") == len(version.questions) - 2
