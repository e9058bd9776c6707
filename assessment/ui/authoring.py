"""What an author wants to know of a version: what readers would stumble over, and what changed since another one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from assessment.i18n import count, t
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.comparison import Change, Comparison, QuestionChange, Step, compare
from assessment.questionnaire.crosswalks import Link
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.publication import confirmed, findings_of
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet

CHANGE_NAMES: Mapping[Change, str] = {
    Change.NEW: "New",
    Change.RETIRED: "Retired",
    Change.SPLIT: "Split",
    Change.MERGED: "Merged",
    Change.STRUCTURE: "Other weight, gate, phase, or place",
    Change.SCALE: "Other levels or values",
    Change.MEANING: "Other words that may mean something else",
    Change.WORDING: "Other words, same meaning",
    Change.UNCHANGED: "As it was",
}
STEP_NAMES: Mapping[Step, str] = {
    Step.NONE: "none",
    Step.PATCH: "a patch",
    Step.MINOR: "a minor version",
    Step.MAJOR: "a major version",
}


def findings(catalogue: Catalogue, questionnaire: Questionnaire) -> None:
    """What `questionnaires check` says of the version; it stops a publication, and nothing else."""
    found = findings_of(catalogue, questionnaire)
    if not found:
        st.success(t("Nothing that readers would stumble over."), icon=":material/check:")
        return
    st.markdown(
        t(
            "{findings}. They stop a publication; a version in use stays as it is.",
            findings=count(len(found), "finding"),
        )
    )
    for problem in found:
        st.markdown(f"- {plain(problem.text)} `{problem.code}`")


def compared(catalogue: Catalogue, questionnaire: Questionnaire) -> None:
    """What became of every question since another version, and what a crosswalk says of it."""
    versions = catalogue.versions(questionnaire.id)
    others = [version for version in versions if version != questionnaire.version]
    if not others:
        nothing_yet(
            t("There is no other version yet."), t("Changes make a new version, in a folder of its own.")
        )
        return
    # The one before; of the first version the one after.
    before = max(versions.index(questionnaire.version) - 1, 0)
    chosen = st.selectbox(t("Compared with"), others, index=before, key="compared")
    earlier = catalogue.get(questionnaire.id, chosen)
    found = compare(earlier, questionnaire, confirmed(catalogue, earlier, questionnaire))
    way = catalogue.crosswalk(earlier, questionnaire)
    links = {
        name: link
        for step in way
        for link in step.questions
        for name in {link.question, *link.earlier, *link.later}
    }
    _step(found, has_crosswalk=bool(way))
    _weights(found)
    changed = [entry for entry in found.questions if entry.change is not Change.UNCHANGED]
    for entry in changed:
        _question(entry, found, links.get(entry.question_id))
    for difference in found.frame:
        st.markdown(f"- {plain(str(difference))}")


def _step(found: Comparison, *, has_crosswalk: bool) -> None:
    told = [f"{t(CHANGE_NAMES[change])}: {found.count(change)}" for change in Change if found.count(change)]
    st.markdown(plain(" · ".join(told)))
    needs, makes = t(STEP_NAMES[found.demands]), t(STEP_NAMES[found.step])
    st.markdown(t("The changes need {needs}; the numbers make {makes}.", needs=needs, makes=makes))
    if not has_crosswalk:
        st.caption(
            t(
                "No crosswalk leads from one to the other: every changed word counts as another question between rounds."
            )
        )


def _weights(found: Comparison) -> None:
    """What each dimension weighs in both, where that differs."""
    nothing = (None, None)
    rows = [[entry.title, *(entry.before or nothing), *(entry.after or nothing)] for entry in found.weights]
    if rows:
        names = [
            t("Dimension"),
            t("It weighed"),
            t("Its questions weighed"),
            t("It weighs"),
            t("Its questions weigh"),
        ]
        st.dataframe(pd.DataFrame(rows, columns=names), hide_index=True, width="stretch")


def _question(entry: QuestionChange, found: Comparison, link: Link | None) -> None:
    version = found.after if entry.question_id in found.after.questions else found.before
    prompt = plain(version.questions[entry.question_id].prompt)
    with st.expander(f"{t(CHANGE_NAMES[entry.change])}: {prompt}"):
        st.caption(
            plain(
                " · ".join(filter(None, [entry.question_id, t("core") if entry.core else "", *entry.others]))
            )
        )
        if link is not None:
            st.markdown(f"**{t('Crosswalk')}** {plain(str(link.relation))}: {plain(link.reason)}")
        for difference in entry.details:
            st.markdown(f"- {plain(str(difference))}")
