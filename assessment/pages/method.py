"""How the numbers come about, in the words of those who must trust them."""

import streamlit as st

from assessment.i18n import decimal, percent, t
from assessment.scoring.codes import EVIDENCE_CARRIES
from assessment.ui.question import EVIDENCE_NAMES
from assessment.ui.rules import draw_rules
from assessment.ui.session import here
from assessment.ui.standing import draw_standing
from assessment.ui.text import plain


def page() -> None:
    st.title(t("How scores are made"), anchor=False)
    st.markdown(
        t(
            """
- **Question**: the level that was chosen, the highest one that is fully true. From level 3 on, each includes those below it.
- **Dimension**: the weighted mean of its questions. **Questionnaire**: the weighted mean of its dimensions. Nothing is
  rounded before it is shown.
- **Not applicable** (with a reason) leaves the score altogether. **Don't know** counts as the lowest level, unless the
  version below says otherwise: what nobody knows can't be relied on. A question **without an answer** is left out, and lowers the coverage.
- **Coverage** is the share of the weight that has an answer. Below the least coverage the score is withheld; up to
  full coverage it is provisional. The range beside it puts the unknowns at their worst and at their best.
- **Level reached**: the whole level below the mean. **Secured level**: the level that every single question has
  reached; one laggard holds it, and is named.
- **Gap**: target minus score, never below zero. A domain without a target takes its country's.
- **A country's domains** count with equal weight. The group has no score of its own, and nobody is ranked: whoever
  compares countries sees between which places each may stand, on request and never a place alone.
"""
        )
    )
    st.subheader(t("What evidence carries"), anchor=False)
    st.markdown(t("A level counts as supported only as far as its evidence carries it:"))
    for kind, level in EVIDENCE_CARRIES.items():
        st.markdown(f"- {t(EVIDENCE_NAMES[kind]).split(':')[0]}: {t('level {level}', level=int(level))}")
    verdicts = here().catalogue.latest_verdicts()
    if verdicts:
        st.header(t("From answers to verdicts"), anchor=False)
        draw_rules(verdicts, here().catalogue)
        st.caption(plain(verdicts.reference))
    st.subheader(t("Versions and their rules"), anchor=False)
    for questionnaire in here().catalogue.questionnaires.values():
        rules = questionnaire.scoring
        least = percent(rules.minimum_coverage)
        scale = f"{decimal(questionnaire.scale.minimum, 0)}–{decimal(questionnaire.scale.maximum, 0)}"
        st.markdown(
            f"- **{plain(questionnaire.reference)}** ({questionnaire.status}): "
            + t(
                "{rule}, scale {scale}, least coverage {least}",
                rule=rules.aggregate,
                scale=scale,
                least=least,
            )
        )
    draw_standing(here())


page()
