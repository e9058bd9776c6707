"""What a reviewer should look at first."""

from __future__ import annotations

from assessment.analysis.scrutiny import FEWEST_OTHERS, look_at, spread
from assessment.questionnaire.models import Questionnaire
from assessment.responses import Answer, AnswerState, EvidenceKind
from tests.conftest import ROOT


def questionnaire() -> Questionnaire:
    from assessment.questionnaire.folder import load_catalogue

    return load_catalogue(ROOT / "questionnaires").get("data-governance", "1.0.0")


def level(value: int, evidence: EvidenceKind = EvidenceKind.NONE) -> Answer:
    return Answer(AnswerState.ANSWERED, str(value), evidence_kind=evidence)


def looks(now: Answer, last: Answer | None):
    asked = questionnaire().questions["dgm-exec-sponsor"]
    before = {asked.id: last} if last else {}
    return look_at(questionnaire(), [asked], {asked.id: now}, before)[0]


def test_two_levels_without_evidence_are_a_jump_up_or_down():
    assert looks(level(4), level(2)).jumped
    assert looks(level(1), level(3)).jumped


def test_two_levels_with_evidence_are_none_and_neither_is_one_level():
    assert not looks(level(4, EvidenceKind.RECORD), level(2)).jumped
    assert not looks(level(2), level(1)).jumped


def test_a_level_above_what_its_evidence_carries_is_unbacked():
    assert looks(level(3), None).unbacked
    assert not looks(level(3, EvidenceKind.DOCUMENT), None).unbacked


def test_an_answer_without_a_level_asks_for_a_look():
    look = looks(Answer(AnswerState.NOT_APPLICABLE, reason="None here"), level(3))
    assert look.without_level
    assert look.change is None


def test_what_is_backed_and_steady_is_plain():
    assert looks(level(3, EvidenceKind.DOCUMENT), level(3)).is_plain


def test_jumps_come_first_and_unanswered_questions_not_at_all():
    version = questionnaire()
    first, second, third = list(version.questions.values())[:3]
    found = look_at(
        version, [first, second, third], {first.id: level(1), second.id: level(4)}, {second.id: level(1)}
    )
    assert [look.question_id for look in found] == [second.id, first.id]


def test_a_handful_of_others_is_not_told():
    assert spread([1.0] * (FEWEST_OTHERS - 1)) is None
    found = spread([1, 2, 3, 4, 5])
    assert found is not None
    assert (found.low, found.middle, found.high, found.number) == (2, 3, 4, 5)
