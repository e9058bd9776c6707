"""What the catalogue offers to answer, asked about by the texts that a file has."""

from __future__ import annotations

import re

from assessment.errors import listed
from assessment.intake.findings import Nearby
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Question, Questionnaire, UnitKind

# What a spreadsheet makes of level 3.
_WHOLE_NUMBER = re.compile(r"([0-9]+)[.,]0+")


class Offered:
    """Questionnaires, questions and options by id; about what is unknown a later rule has nothing to say."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._near_questions: dict[str, Nearby] = {}
        self.ids = frozenset(catalogue.ids())

    def versions(self, identifier: str) -> str:
        return listed(self._catalogue.versions(identifier))

    def is_wrong_version(self, identifier: str, version: str) -> bool:
        return identifier in self.ids and version != "" and self._questionnaire(identifier, version) is None

    def is_unknown_question(self, identifier: str, version: str, question_id: str) -> bool:
        questionnaire = self._questionnaire(identifier, version)
        return questionnaire is not None and question_id != "" and question_id not in questionnaire.answerable

    def near_question(self, identifier: str, version: str, question_id: str) -> str:
        questionnaire = self._catalogue.get(identifier, version)
        near = self._near_questions.setdefault(questionnaire.reference, Nearby(questionnaire.answerable))
        return near(question_id)

    def is_not_asked(self, kind: str, identifier: str, version: str, question_id: str) -> bool:
        """Whether units of this kind are not asked the question; a group is asked nothing."""
        question = self._question(identifier, version, question_id)
        if kind == UnitKind.GROUP:
            return question_id != ""
        return kind != "" and question is not None and not question.is_asked_of(kind)

    def option(self, identifier: str, version: str, question_id: str, value: str) -> str | None:
        """The id of the option that `value` clearly means, else None; of an unknown question, `value` itself."""
        question = self._question(identifier, version, question_id)
        if question is None or value in question.options_by_id:
            return value
        folded = [option.id for option in question.options if option.id.casefold() == value.casefold()]
        if len(folded) == 1:
            return folded[0]
        whole = _WHOLE_NUMBER.fullmatch(value)
        is_level = whole and self._catalogue.get(identifier, version).has_levels
        return whole[1] if whole and is_level and whole[1] in question.options_by_id else None

    def options(self, identifier: str, version: str, question_id: str) -> str:
        question = self._question(identifier, version, question_id)
        return listed(question.options_by_id) if question else ""

    def near_option(self, identifier: str, version: str, question_id: str, value: str) -> str:
        question = self._question(identifier, version, question_id)
        return Nearby(question.options_by_id)(value) if question else ""

    def _questionnaire(self, identifier: str, version: str) -> Questionnaire | None:
        return self._catalogue.questionnaires.get(f"{identifier}@{version}")

    def _question(self, identifier: str, version: str, question_id: str) -> Question | None:
        questionnaire = self._questionnaire(identifier, version)
        return questionnaire.answerable.get(question_id) if questionnaire else None
