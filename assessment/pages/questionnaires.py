"""What is asked: every version as its readers see it. Editing happens in the files, under git."""

import streamlit as st

from assessment.i18n import count, t
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Dimension, Question, Questionnaire
from assessment.ui.question import choice_label
from assessment.ui.session import here
from assessment.ui.text import plain


def page() -> None:
    known = here().catalogue.questionnaires
    st.title(t("Questionnaires"), anchor=False)
    chosen = st.selectbox(t("Version"), list(known), key="version", bind="query-params")
    questionnaire = known[chosen]
    _facts(questionnaire)
    for dimension in questionnaire.all_dimensions():
        _dimension(questionnaire, dimension)


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
        st.markdown(f"**{choice_label(questionnaire, option.id)}** {plain(option.label)}")
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
