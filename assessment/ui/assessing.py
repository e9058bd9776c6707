"""What the pages of an assessment share: which one it is, its answers, how far each dimension is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

import streamlit as st

from assessment.actions.refusals import note_refused
from assessment.i18n import t
from assessment.organisation import Round
from assessment.questionnaire.models import Dimension, Question, Questionnaire
from assessment.responses import EDITABLE, Answer, AssessmentState, answered_values, shown_questions
from assessment.store.answers import StoredAnswer, read_answers
from assessment.store.assessments import StoredAssessment, preceding, read_assessments
from assessment.store.statements import read_remarks
from assessment.ui.navigation import TASKS
from assessment.ui.session import Here
from assessment.ui.widgets import nothing_yet

MINUTES_PER_QUESTION = 1.5
#: Stands in addresses where a dimension's id does.
SITUATIONS = "invented-situations"
#: What the history calls an address that names what isn't one's own.
_ADDRESS = "an address"
#: In addresses and in the session.
_LANGUAGE = "language"
#: Languages in their own words; others are shown by their tag.
LANGUAGE_NAMES = {
    "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "it": "Italiano", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português",
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One dimension of the assessment with what is asked of this unit."""

    dimension: Dimension
    questions: tuple[Question, ...]
    answered: int

    @property
    def left(self) -> int:
        return len(self.questions) - self.answered

    @property
    def minutes(self) -> int:
        return ceil(self.left * MINUTES_PER_QUESTION)


@dataclass(frozen=True)
class Sitting:
    """One assessment with everything that its pages show."""

    assessment: StoredAssessment
    round: Round
    version: Questionnaire
    #: The version in the language that is read here; ids and values are the same.
    questionnaire: Questionnaire
    stored: Mapping[str, StoredAnswer]
    last: Mapping[str, Answer]
    sections: tuple[Section, ...]
    #: The questionnaire's vignettes, rated after everything else; None when it has none for this unit.
    situations: Section | None = None
    #: The reviewer's words on single questions of a returned assessment; only these are open again.
    remarks: Mapping[str, str] = field(default_factory=dict)

    def is_open(self, question_id: str) -> bool:
        """Whether the question's answer may be changed now."""
        returned = not self.remarks or question_id in self.remarks or question_id not in self.stored
        return self.is_editable and returned

    @property
    def parts(self) -> tuple[Section, ...]:
        """Everything that is filled in, in order; sending needs only the `sections`."""
        return (*self.sections, self.situations) if self.situations else self.sections

    @property
    def is_editable(self) -> bool:
        return self.assessment.state in EDITABLE and not self.round.is_over

    @property
    def asked(self) -> int:
        return sum(len(section.questions) for section in self.sections)

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def complete_sections(self) -> int:
        return sum(not section.left for section in self.sections)

    def first_open(self) -> Section | None:
        """Where to go on: what the reviewer commented on, else what has something open."""
        returned = (
            section for section in self.parts if any(asked.id in self.remarks for asked in section.questions)
        )
        return next(returned, next((section for section in self.parts if section.left), None))


def own_assessments(here: Here) -> tuple[StoredAssessment, ...]:
    """The assessments that the principal answers, latest round first."""
    order = {entry.id: place for place, entry in enumerate(here.rounds)}
    with here.store.read() as connection:
        found = read_assessments(connection, here.scope.own)
    return tuple(sorted(found, key=lambda entry: (-order[entry.round_id], entry.questionnaire_id)))


def chosen_assessment(here: Here) -> StoredAssessment | None:
    """The principal's own assessment that the address names; without a name the first of the latest round.

    None when there is none, and when the address names another unit's: another assessment in its place would be
    filled in by mistake.
    """
    own = own_assessments(here)
    named = st.query_params.get("assessment")
    if named is None:
        return own[0] if own else None
    found = next((entry for entry in own if str(entry.id) == named), None)
    if found is None:
        note_refused(here.desk(), _ADDRESS, {"assessment_id": named})
    return found


def no_assessment(here: Here) -> None:
    """Says why there is nothing to fill in, and what to do about it."""
    if "assessment" in st.query_params and own_assessments(here):
        nothing_yet(
            t("The assessment in this address isn't here, or is another unit's."),
            t("Choose whom you act as, or go back to your own list."),
        )
        st.page_link(TASKS, label=t("Your assessment"), query_params=here.address())
    else:
        nothing_yet(t("There is no assessment for you yet."), t("The administrator opens a round first."))


def sit_down(here: Here, assessment: StoredAssessment) -> Sitting:
    """The assessment with its answers as stored now, and those of the unit's round before."""
    version = here.catalogue.get(assessment.questionnaire_id, assessment.version)
    questionnaire = here.catalogue.in_language(version, chosen_language(version))
    with here.store.read() as connection:
        stored = read_answers(connection, assessment.id, here.scope)
        previous = preceding(assessment, read_assessments(connection, [assessment.unit_id]), here.rounds)
        last = read_answers(connection, previous.id, here.scope) if previous else {}
        is_returned = assessment.state is AssessmentState.RETURNED
        remarks = read_remarks(connection, assessment) if is_returned else {}
    return Sitting(
        assessment,
        next(entry for entry in here.rounds if entry.id == assessment.round_id),
        version,
        questionnaire,
        stored,
        {question: entry.answer for question, entry in last.items() if question in questionnaire.answerable},
        _sections(here, assessment, questionnaire, stored),
        _situations(here, assessment, questionnaire, stored),
        remarks,
    )


def chosen_language(version: Questionnaire) -> str:
    """The language that questions are read in here: chosen in this session, else the address's, else their first.

    The address keeps it for a page that outlives its session: what is clicked there next is sent in that language.
    """
    named = st.query_params.get(_LANGUAGE, version.language)
    return str(st.session_state.get(_LANGUAGE, named))


def choose_language(here: Here, version: Questionnaire) -> None:
    """Lets people choose the language of the questions, where there is one to choose."""
    languages = here.catalogue.languages(version)
    if len(languages) < 2:
        return
    current = chosen_language(version)
    picked = st.selectbox(
        t("Language of the questions"),
        languages,
        index=languages.index(current) if current in languages else 0,
        format_func=lambda tag: LANGUAGE_NAMES.get(tag, tag),
    )
    # A widget's own value is forgotten with its page; the choice holds for all of them.
    if picked != current:
        st.session_state[_LANGUAGE] = picked
        st.rerun()
    if current != version.language or _LANGUAGE in st.session_state:
        st.session_state[_LANGUAGE] = st.query_params[_LANGUAGE] = current


def _sections(
    here: Here, assessment: StoredAssessment, questionnaire: Questionnaire, stored: Mapping[str, StoredAnswer]
) -> tuple[Section, ...]:
    values = answered_values(questionnaire, {key: entry.answer for key, entry in stored.items()})
    shown = {
        q.id for q in shown_questions(questionnaire, here.organisation.units[assessment.unit_id].kind, values)
    }
    sections = []
    for dimension in questionnaire.all_dimensions():
        questions = tuple(question for question in dimension.questions if question.id in shown)
        if questions:
            sections.append(
                Section(dimension, questions, sum(question.id in stored for question in questions))
            )
    return tuple(sections)


def _situations(
    here: Here, assessment: StoredAssessment, questionnaire: Questionnaire, stored: Mapping[str, StoredAnswer]
) -> Section | None:
    kind = here.organisation.units[assessment.unit_id].kind
    ratings = tuple(question for question in questionnaire.ratings.values() if question.is_asked_of(kind))
    if not ratings:
        return None
    heading = Dimension(
        id=SITUATIONS,
        title=t("Invented situations"),
        summary=t(
            "These are not about you. Everybody rates the same situations, which shows how differently the levels are "
            "read. They never count towards a score."
        ),
    )
    return Section(heading, ratings, sum(question.id in stored for question in ratings))
