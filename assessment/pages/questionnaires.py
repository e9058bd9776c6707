"""What is asked: every version as its readers see it. Editing happens in the files, under git."""

import streamlit as st

from assessment.i18n import count, t
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Dimension, Question, Questionnaire
from assessment.ui.authoring import compared, findings
from assessment.ui.filters import choose_part
from assessment.ui.question import choice_label
from assessment.ui.session import here
from assessment.ui.text import plain


def page() -> None:
    known = here().catalogue.questionnaires
    st.title(t("Questionnaires"), anchor=False)
    chosen = st.selectbox(t("Version"), list(known), key="version", bind="query-params")
    questionnaire = known[chosen]
    _facts(questionnaire)
    parts = {"questions": t("Questions"), "findings": t("Findings"), "changes": t("Changes")}
    match choose_part("questionnaires", parts, t("What to see")):
        case "findings":
            findings(here().catalogue, questionnaire)
        case "changes":
            compared(here().catalogue, questionnaire)
        case _:
            for dimension in questionnaire.all_dimensions():
                _dimension(questionnaire, dimension)
            _vignettes(questionnaire)
            _beside(here().catalogue)


def _vignettes(questionnaire: Questionnaire) -> None:
    """The invented situations, with what their author had in mind: nobody who rates them sees this page's answer."""
    if not questionnaire.vignettes:
        return
    st.subheader(t("Invented situations"), anchor=False)
    for vignette in questionnaire.vignettes:
        with st.expander(plain(questionnaire.questions[vignette.question].prompt)):
            st.markdown(plain(vignette.situation))
            meant = t("meant as level {level}", level=vignette.level)
            st.caption(plain(f"{vignette.id} · {meant}"))


def _beside(catalogue: Catalogue) -> None:
    """What stands once for all questionnaires."""
    lists = {
        t("Facts, asked once per unit and round"): [
            (fact.prompt, fact.help or "", fact.id) for fact in catalogue.facts
        ],
        t("Elements that could be common"): [
            (element.title, element.summary, element.id) for element in catalogue.elements
        ],
        t("Working principles"): [
            (
                principle.title,
                f"{principle.summary} {t('Without it: {what}', what=principle.if_skipped)}",
                principle.id,
            )
            for principle in catalogue.principles
        ],
    }
    for title, entries in lists.items():
        if entries:
            with st.expander(f"{title} ({len(entries)})"):
                for name, text, identifier in entries:
                    st.markdown(f"**{plain(name)}** {plain(text)}")
                    st.caption(plain(identifier))


def _facts(questionnaire: Questionnaire) -> None:
    st.header(plain(questionnaire.title), anchor=False)
    if questionnaire.summary:
        st.markdown(plain(questionnaire.summary))
    facts = [
        questionnaire.status,
        count(len(questionnaire.questions), "question"),
        content_hash(questionnaire)[:19],
    ]
    st.caption(" · ".join(plain(str(fact)) for fact in facts))


def _dimension(questionnaire: Questionnaire, dimension: Dimension) -> None:
    st.subheader(plain(dimension.title), anchor=False)
    if dimension.summary:
        st.markdown(plain(dimension.summary))
    for question in dimension.questions:
        with st.expander(plain(question.prompt)):
            _question(questionnaire, question)


def _question(questionnaire: Questionnaire, question: Question) -> None:
    for option in question.options:
        st.markdown(f"**{choice_label(questionnaire, question.id, option.id)}** {plain(option.label)}")
    if question.help:
        st.caption(plain(question.help))
    gate = t("gate at level {level}", level=question.gate.level) if question.gate else t("no gate")
    facts = [
        question.id,
        t("asked of: {units}", units=", ".join(question.units)),
        t("weight {weight}", weight=f"{question.weight:g}"),
        gate,
        t("phase: {phase}", phase=question.phase),
        t("core") if question.core else "",
        t("evidence: {evidence}", evidence=question.evidence) if question.evidence else "",
        t("maps to: {models}", models=", ".join(question.maps_to)) if question.maps_to else "",
    ]
    st.caption(" · ".join(plain(fact) for fact in facts if fact))


page()
