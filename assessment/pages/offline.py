"""Filling in without the app: a workbook to and fro, and the questionnaire on paper."""

from textwrap import shorten

import streamlit as st

from assessment.actions.answering import save_answers
from assessment.errors import AssessmentError
from assessment.exports.paper import blank_questionnaire
from assessment.exports.workbook import Line, assessment_workbook, in_words, situation_of
from assessment.i18n import count, t
from assessment.intake.workbook import Filled, changed, filled, open_workbook
from assessment.questionnaire.models import Question
from assessment.responses import Answer
from assessment.ui.assessing import Sitting, chosen_assessment, no_assessment, sit_down
from assessment.ui.navigation import TASKS
from assessment.ui.session import Here, here
from assessment.ui.text import plain

_DONE = "offline-done"
#: So much of a situation tells it from others, in characters.
_BEGINS = 60
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page() -> None:
    place = here()
    st.title(t("Without the app"), anchor=False)
    assessment = chosen_assessment(place)
    if assessment is None:
        no_assessment(place)
        return
    sitting = sit_down(place, assessment)
    whose = f"{place.organisation.label(assessment.unit_id)} · {sitting.round.title}"
    st.caption(plain(f"{sitting.questionnaire.title} · {whose}"))
    if words := st.session_state.pop(_DONE, None):
        st.success(plain(str(words)), icon=":material/check_circle:")
    name = f"{assessment.round_id}_{assessment.unit_id}_{assessment.questionnaire_id}"
    st.header(t("On paper"), anchor=False)
    st.markdown(t("The questions with all their levels, blank, for a meeting before: open it and print it."))
    st.download_button(
        t("Download the questionnaire to print"), lambda: _paper(sitting, whose), f"{name}.html", "text/html",
        on_click="ignore",
    )  # fmt: skip
    st.header(t("In a workbook"), anchor=False)
    st.markdown(
        t(
            "An Excel file with the answers so far; bring it back here, and see every change before it is written."
        )
    )
    st.download_button(
        t("Download the workbook"),
        lambda: _workbook(place, sitting),
        f"{name}.xlsx",
        _XLSX,
        on_click="ignore",
    )
    if sitting.is_editable:
        _bring_back(place, sitting)
    st.page_link(TASKS, label=t("Back to the list"), query_params=place.address())


def _paper(sitting: Sitting, whose: str) -> bytes:
    sections = [(section.dimension, section.questions) for section in sitting.parts]
    return blank_questionnaire(sitting.questionnaire, sections, whose)


def _workbook(place: Here, sitting: Sitting) -> bytes:
    lines = []
    for section in sitting.parts:
        for question in section.questions:
            stored = sitting.stored.get(question.id)
            lines.append(
                Line(
                    section.dimension.title, question, stored.answer if stored else None,
                    stored.version if stored else 0, sitting.last.get(question.id),
                )
            )  # fmt: skip
    unit = place.organisation.label(sitting.assessment.unit_id)
    about = _about(sitting) | {
        "unit": unit,
        "round": sitting.round.title,
        "title": sitting.questionnaire.title,
    }
    return assessment_workbook(sitting.questionnaire, lines, about)


def _about(sitting: Sitting) -> dict[str, str]:
    """What a workbook must say to be this assessment's."""
    entry = sitting.assessment
    return {
        "round_id": entry.round_id, "unit_id": entry.unit_id, "questionnaire_id": entry.questionnaire_id,
        "questionnaire_version": entry.version, "language": sitting.questionnaire.language,
    }  # fmt: skip


def _bring_back(place: Here, sitting: Sitting) -> None:
    file = st.file_uploader(
        t("The workbook that you filled in"), type="xlsx", key=f"workbook-{sitting.assessment.id}"
    )
    if file is None:
        return
    try:
        returned = open_workbook(file.getvalue(), file.name)
        expected = _about(sitting)
        if any(returned.about.get(name) != text for name, text in expected.items() if name != "language"):
            st.error(t("This workbook belongs to another assessment. Nothing was changed."))
            return
        version = place.catalogue.get(sitting.assessment.questionnaire_id, sitting.assessment.version)
        asked = place.catalogue.in_language(version, returned.about.get("language", version.language))
        stored = {name: entry.answer for name, entry in sitting.stored.items()}
        changes = changed(filled(returned, asked, file.name), stored)
    except AssessmentError as error:
        lines = "\n\n".join(plain(line) for line in str(error).splitlines())
        st.error(t("Nothing was changed.") + "\n\n" + lines, icon=":material/error:")
        return
    _preview(place, sitting, changes)


def _preview(place: Here, sitting: Sitting, changes: tuple[Filled, ...]) -> None:
    """Every change; one whose answer was changed here since the workbook was made is only taken when somebody says so."""
    if not changes:
        st.success(t("The workbook says nothing else than what is stored."))
        return
    newer = [change for change in changes if _version(sitting, change) != change.version]
    header = f"| {t('Question')} | {t('Now')} | {t('In the workbook')} |\n|---|---|---|\n"
    st.markdown(header + "\n".join(_row(sitting, change, is_newer=change in newer) for change in changes))
    take = list(changes)
    if newer:
        words = t("Also replace {n} that were answered here since the workbook was made", n=len(newer))
        if not st.checkbox(words):
            take = [change for change in changes if change not in newer]
    seen = [(change.question_id, change.answer, _version(sitting, change)) for change in take]
    if take:
        st.button(
            t("Take over {changes}", changes=count(len(take), "change")), type="primary", on_click=_take_over,
            args=(place, sitting.assessment.id, seen),
        )  # fmt: skip


def _version(sitting: Sitting, change: Filled) -> int:
    stored = sitting.stored.get(change.question_id)
    return stored.version if stored else 0


def _row(sitting: Sitting, change: Filled, *, is_newer: bool) -> str:
    questionnaire = sitting.questionnaire
    question = questionnaire.answerable[change.question_id]
    stored = sitting.stored.get(change.question_id)
    now = in_words(questionnaire, question, stored.answer if stored else None) or t("Not answered")
    mark = f" :orange-badge[{t('answered here since')}]" if is_newer else ""
    then = in_words(questionnaire, question, change.answer)
    texts = " · ".join(
        text for text in (change.answer.reason, change.answer.evidence_ref, change.answer.comment) if text
    )
    return f"| {plain(_named(sitting, question))} | {plain(now)}{mark} | **{plain(then)}** {plain(texts)} |"


def _named(sitting: Sitting, question: Question) -> str:
    """The question; of an invented situation also how it begins, because its question is asked of the unit too."""
    told = situation_of(sitting.questionnaire, question)
    begins = shorten(told, _BEGINS, placeholder="…")
    return (
        t("Invented situation, “{begins}”: {asked}", begins=begins, asked=question.prompt)
        if told
        else question.prompt
    )


def _take_over(place: Here, assessment_id: int, seen: list[tuple[str, Answer, int]]) -> None:
    try:
        number = save_answers(place.desk(), assessment_id, seen, origin="workbook")
    except AssessmentError as error:
        st.error(t("Nothing was changed.") + " " + plain(str(error)), icon=":material/error:")
    else:
        st.session_state[_DONE] = t("{n} taken over from the workbook.", n=count(number, "answer"))


page()
