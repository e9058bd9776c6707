"""Which answer a rule reads: whose it is, the level that it claims, and the level that its evidence carries.

About a domain, the domain's own where the question is asked of domains, else its country's. About a country, its own
where asked of countries, else the lower median of its domains. A finding names the unit that it read (design §7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from assessment.analysis.hidden import hidden_answers
from assessment.organisation import Organisation, Unit
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Question, Questionnaire, UnitKind
from assessment.responses import REVIEWED, AnswerState, AssessmentState
from assessment.scoring.codes import EVIDENCE_CARRIES, agreed_answers
from assessment.scoring.table import ScoringInput


class Known(StrEnum):
    """What is known of a question: a level, or why there is none."""

    LEVEL = "level"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"
    UNANSWERED = "unanswered"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Reading:
    """One question as a rule reads it about one unit.

    `claimed` and `supported` are levels, None unless `known` is a level. `source_unit_id` is the unit whose answer
    it is; of a median over domains the country itself. `is_accepted` says that a reviewer has accepted it.
    """

    question_id: str
    source_unit_id: str
    known: Known
    claimed: int | None = None
    supported: int | None = None
    is_accepted: bool = False

    @property
    def is_out(self) -> bool:
        """Whether a reviewer accepted that it doesn't apply: only then is it left out instead of unknown."""
        return self.known is Known.NOT_APPLICABLE and self.is_accepted


class Readings:
    """The answers of one round, ready to be read about any unit."""

    def __init__(
        self,
        organisation: Organisation,
        questions: Mapping[str, Question],
        given: Mapping[tuple[str, str], Reading],
    ) -> None:
        self.organisation = organisation
        self.questions = questions
        self._given = given
        self._overruled: frozenset[tuple[str, str]] = frozenset()

    def overruled(self, places: Iterable[tuple[str, str]]) -> Readings:
        """The same, with the domains' figure in place of a country's own answer at these (country, question) too.

        Where the domains have none, the country's own stays.
        """
        other = Readings(self.organisation, self.questions, self._given)
        other._overruled = self._overruled | frozenset(places)
        return other

    def as_answered(self) -> Readings:
        """The same without `overruled`: every country by what it answered itself."""
        return Readings(self.organisation, self.questions, self._given)

    def about(self, unit_id: str, question_id: str) -> Reading:
        """What a rule reads about a country or domain; `not_asked` when no version in the round has the question."""
        unit = self.organisation.units[unit_id]
        question = self.questions.get(question_id)
        if question is None:
            return Reading(question_id, unit_id, Known.NOT_ASKED)
        if (unit_id, question_id) in self._overruled:
            found = self._of_domains(unit, question_id)
            return found if found.known is Known.LEVEL else self.own(unit_id, question_id)
        if question.is_asked_of(unit.kind):
            return self.own(unit_id, question_id)
        if unit.kind is UnitKind.DOMAIN:
            return self.about(unit.parent_id or "", question_id)
        return self._of_domains(unit, question_id)

    def own(self, unit_id: str, question_id: str) -> Reading:
        """The unit's own answer, whatever rules read about it."""
        return self._given.get((unit_id, question_id)) or Reading(question_id, unit_id, Known.UNANSWERED)

    def of_domains(self, country_id: str, question_id: str) -> tuple[Reading, ...]:
        """The own answer of each domain of a country."""
        return tuple(self.own(unit.id, question_id) for unit in self.organisation.domains(country_id))

    def _of_domains(self, country: Unit, question_id: str) -> Reading:
        """The lower median of the domains' levels, claimed and supported apart.

        Domains that a reviewer accepted as not applicable are left out; when all are, so is the country. Unknown when
        less than half of the others have a level: a median of the few that know would speak for all.
        """
        found = self.of_domains(country.id, question_id)
        concerned = [entry for entry in found if not entry.is_out]
        levels = [entry for entry in concerned if entry.known is Known.LEVEL]
        if found and not concerned:
            return Reading(question_id, country.id, Known.NOT_APPLICABLE, is_accepted=True)
        if not concerned or 2 * len(levels) < len(concerned):
            return Reading(question_id, country.id, Known.UNANSWERED)
        claimed = lower_median([entry.claimed or 0 for entry in levels])
        supported = lower_median([entry.supported or 0 for entry in levels])
        return Reading(
            question_id,
            country.id,
            Known.LEVEL,
            claimed,
            supported,
            all(entry.is_accepted for entry in levels),
        )


def lower_median(levels: Sequence[int]) -> int:
    """The middle level, of two in the middle the lower: a level that somebody really has.

    >>> lower_median([4, 2, 3, 5])
    3
    """
    return sorted(levels)[(len(levels) - 1) // 2]


def readings_of(data: ScoringInput, round_id: str) -> Readings:
    """What was answered in one round, of every questionnaire with levels.

    What was answered to a question that branching hides by now doesn't apply.
    """
    versions = _versions(data, round_id)
    questions = {name: question for entry in versions for name, question in entry.questions.items()}
    states = {
        (entry.unit_id, entry.questionnaire_id): entry.state
        for entry in data.asked
        if entry.round_id == round_id
    }
    answers = agreed_answers(data.answers)
    rows = answers[(answers["round_id"] == round_id) & answers["question_id"].isin(list(questions))]
    hidden = [index for entry in versions for index in hidden_answers(rows, entry, data.organisation)]
    if hidden:
        rows = rows.assign(state=rows["state"].mask(rows.index.isin(hidden), str(AnswerState.NOT_APPLICABLE)))
    given = {
        (reading.source_unit_id, reading.question_id): reading
        for reading in _readings(rows, data.catalogue, states)
    }
    return Readings(data.organisation, questions, given)


def _versions(data: ScoringInput, round_id: str) -> list[Questionnaire]:
    references = dict.fromkeys(
        (entry.questionnaire_id, entry.version) for entry in data.asked if entry.round_id == round_id
    )
    found = [data.catalogue.get(*reference) for reference in references]
    return [entry for entry in found if entry.has_levels]


def _readings(
    rows: pd.DataFrame,
    catalogue: Catalogue,
    states: Mapping[tuple[str, str], AssessmentState | None],
) -> Iterable[Reading]:
    """A reading for each answer; what a version doesn't know, or has no levels for, is left out."""
    # Lists of plain values: rows of a table as dictionaries cost several times what is done with them.
    columns = (
        "questionnaire_id",
        "questionnaire_version",
        "unit_id",
        "question_id",
        "state",
        "value",
        "evidence_kind",
    )
    levels: dict[tuple[str, str], Mapping[str, Mapping[str, int]]] = {}
    for name, version, unit, question, state, value, kind in zip(
        *(rows[column].tolist() for column in columns), strict=True
    ):
        if (name, version) not in levels:
            levels[name, version] = _levels_of(catalogue.get(name, version))
        options = levels[name, version].get(question)
        if options is None:
            continue
        is_accepted = states.get((unit, name)) in REVIEWED
        if state != AnswerState.ANSWERED:
            yield Reading(question, unit, Known(state), is_accepted=is_accepted)
            continue
        claimed = options[value]
        yield Reading(
            question, unit, Known.LEVEL, claimed, min(claimed, _CARRIES[kind or "none"]), is_accepted
        )


_CARRIES = {str(kind): int(level) for kind, level in EVIDENCE_CARRIES.items()}


def _levels_of(version: Questionnaire) -> dict[str, dict[str, int]]:
    """The level of every option by question; nothing for a version without levels."""
    if not version.has_levels:
        return {}
    return {
        question.id: {option.id: int(option.value) for option in question.options}
        for question in version.questions.values()
    }
