"""YAML → `VerdictRules`, which may name only questions, facts and bands that there are."""

from __future__ import annotations

from dataclasses import dataclass

from assessment import errors
from assessment.errors import Problem
from assessment.questionnaire.companions import Known, unknown_names, unknown_questions
from assessment.questionnaire.entries import Entry, entries
from assessment.questionnaire.loading import load_model
from assessment.questionnaire.verdicts import VerdictRules
from assessment.questionnaire.yaml_source import Document


@dataclass(frozen=True, slots=True)
class Names:
    """What rules may name; None of something that couldn't be read."""

    questions: Known
    facts: Known
    questionnaires: Known


def load_verdicts(content: bytes, source: str, names: Names) -> VerdictRules:
    """The rules in a YAML file's `content`, which may name only what is in `names`.

    Raises:
        QuestionnaireError: With every problem in the file.
    """

    def checks(document: Document) -> list[Problem]:
        return [
            *unknown_questions(document, names.questions),
            *unknown_names(document, errors.FACT_UNKNOWN, names.facts, "fact"),
            *unknown_names(document, errors.GATES_UNKNOWN, names.questionnaires, "hard_gates_of"),
            *unknown_names(document, errors.BAND_UNKNOWN, _bands(document), "band", "no_domain_in_band"),
        ]

    return load_model(VerdictRules, content, source, checks)


def _bands(document: Document) -> Known:
    """The ids of the bands as far as they could be read."""
    data = document.data if isinstance(document.data, dict) else {}
    part = data.get("sustainability")
    bands = entries(Entry((), part), "bands") if isinstance(part, dict) else ()
    return frozenset(band.id for band in bands) or None
