"""A question's answer in words, the same on cards, in tables and in comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.i18n import t
from assessment.questionnaire.models import Missing, Question, Questionnaire
from assessment.responses import Answer, Confidence, EvidenceKind
from assessment.scoring.codes import EVIDENCE_CARRIES
from assessment.store.answers import StoredAnswer
from assessment.ui.text import plain
from assessment.ui.track import DONT_KNOW, FIELDS, NOT_APPLICABLE, choice_of, shown

#: What undoing leads back to, where it isn't another choice.
EARLIER = {
    "reason": "reason",
    "confidence": "word on how sure",
    "evidence_kind": "kind of evidence",
    "evidence_ref": "reference",
    "comment": "comment",
}
FIELD_NAMES = {
    "choice": "Answer",
    "reason": "Why it doesn't apply",
    "confidence": "How sure",
    "evidence_kind": "What backs it",
    "evidence_ref": "Where it is",
    "comment": "Comment",
}

CONFIDENCE_NAMES: Mapping[str, str] = {
    Confidence.ESTIMATE: "Estimate",
    Confidence.SOME_EVIDENCE: "Some evidence",
    Confidence.SURE: "Sure",
}
EVIDENCE_NAMES: Mapping[str, str] = {
    EvidenceKind.NONE: "None: carries level 2",
    EvidenceKind.DOCUMENT: "A document: carries level 3",
    EvidenceKind.RECORD: "A record of running it: carries level 4",
    EvidenceKind.INDEPENDENT: "Somebody else's check: carries level 5",
}


def choice_label(questionnaire: Questionnaire, question_id: str, choice: str) -> str:
    """The words of `choice_words` where Streamlit reads Markdown."""
    return plain(choice_words(questionnaire, question_id, choice))


def choice_words(questionnaire: Questionnaire, question_id: str, choice: str) -> str:
    """A choice in words: a level with its name, or the label of a framework's own option.

    A question without weight describes and doesn't judge, so its levels go without the names that rank them.
    """
    if choice == DONT_KNOW:
        return t("Don't know yet")
    if choice == NOT_APPLICABLE:
        return t("Not applicable")
    question = questionnaire.answerable.get(question_id)
    if not questionnaire.has_levels:
        option = question.options_by_id.get(choice) if question else None
        return option.label if option else choice
    describes = question_id in questionnaire.questions and question is not None and not question.weight
    return (
        choice if describes or not choice.isdecimal() else f"{choice} {questionnaire.level_name(int(choice))}"
    )


def dont_know_words(questionnaire: Questionnaire) -> str:
    """What the version's rules make of "don't know"."""
    if questionnaire.scoring.dont_know is Missing.MINIMUM:
        return t("counted as the lowest level")
    return t("left out of the score")


def answer_label(questionnaire: Questionnaire, question_id: str, answer: Answer | None) -> str:
    """An answer in a few words, for tables and comparisons."""
    choice = choice_of(answer)
    return choice_label(questionnaire, question_id, choice) if choice else t("Not answered")


def field_words(questionnaire: Questionnaire, question_id: str, name: str, value: Any) -> str:
    """A field's value as a person knows it."""
    if name == "choice":
        return choice_label(questionnaire, question_id, value) if value else t("Not answered")
    named = {"confidence": CONFIDENCE_NAMES, "evidence_kind": EVIDENCE_NAMES}.get(name)
    return t(named[value]) if named and value else plain(str(value or ""))


def shortfall(questionnaire: Questionnaire, question: Question, values: Mapping[str, Any]) -> str:
    """What evidence makes of a level that it doesn't carry, as gates will read it; '' when it does."""
    choice, kind = values["choice"] or "", EvidenceKind(values["evidence_kind"])
    carried = int(EVIDENCE_CARRIES[kind])
    judges = questionnaire.has_levels and question.weight and choice.isdecimal()
    if not judges or int(choice) <= carried:
        return ""
    if kind is not EvidenceKind.NONE:
        named = t(EVIDENCE_NAMES[kind]).split(":")[0]
        return t(
            "{kind} carries level {carried}: gates count this as {carried} only.", kind=named, carried=carried
        )
    if values["evidence_ref"]:
        return t(
            "The reference counts once “What backs it?” says what it is; until then gates count this as level 2 only."
        )
    return t("Without evidence, gates count this as level 2 only; see “Evidence and comment” below.")


def undo_words(
    questionnaire: Questionnaire, question_id: str, before: StoredAnswer, now: StoredAnswer
) -> str:
    """What undoing does, by what changed last: the choice, or a word beside it."""
    earlier, later = shown(before), shown(now)
    changed = [name for name in FIELDS if earlier[name] != later[name]]
    if "choice" in changed or not changed:
        return t("Undo: back to {answer}", answer=answer_label(questionnaire, question_id, before.answer))
    what, was = t(EARLIER[changed[0]]), earlier[changed[0]]
    return t("Undo: the earlier {what}", what=what) if was else t("Undo: no {what}", what=what)
