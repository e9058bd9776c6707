"""How far a round is: the headline, and one row an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from assessment.access import progress_scope
from assessment.analysis.progress import Progress, Where, tally
from assessment.i18n import count, day, joined, t
from assessment.organisation import Round
from assessment.store.answers import Counted, count_answers
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.ui.session import Here, local_time, today

WHERE_NAMES: Mapping[Where, str] = {
    Where.OVERDUE: "Overdue",
    Where.NOT_STARTED: "Not started",
    Where.RETURNED: "Returned",
    Where.UNDER_WAY: "Under way",
    Where.STUCK: "Stuck in review",
    Where.SUBMITTED: "With the reviewer",
    Where.ACCEPTED: "Accepted",
}
#: Waiting for their unit: who is reminded.
WITH_UNIT = frozenset({Where.OVERDUE, Where.NOT_STARTED, Where.RETURNED, Where.UNDER_WAY})
#: The columns' widths in pixels: together they fit beside the navigation of a small laptop.
_WIDTHS = (140, 205, 115, 75, 85, 95, 95)


def read_progress(place: Here, entry: Round) -> tuple[Progress, ...]:
    """Every assessment of the round whose progress the principal may see."""
    units = progress_scope(place.principal, place.organisation)
    with place.store.read() as connection:
        found = read_assessments(connection, units, round_id=entry.id)
        counts: dict[int, Counted] = {}
        for pinned in entry.questionnaires.items():
            asked = place.catalogue.get(*pinned).questions
            of_this = [assessment.unit_id for assessment in found if assessment.questionnaire_id == pinned[0]]
            counts |= count_answers(connection, entry.id, of_this, asked)
    return tuple(_progress(place, assessment, counts.get(assessment.id)) for assessment in found)


def _progress(place: Here, found: StoredAssessment, counted: Counted | None) -> Progress:
    questionnaire = place.catalogue.get(found.questionnaire_id, found.version)
    kind = place.organisation.units[found.unit_id].kind
    asked = sum(question.is_asked_of(kind) for question in questionnaire.questions.values())
    return Progress(
        found.id, found.unit_id, found.questionnaire_id, found.state, found.changed_at, asked,
        counted.answered if counted else 0, counted.dont_know if counted else 0,
        counted.latest if counted else None,
    )  # fmt: skip


def show(place: Here, entry: Round, progress: Sequence[Progress]) -> None:
    """The headline, a filter, and one row an assessment."""
    now = today()
    counts = tally(progress, now, entry.closes_on)
    thin = sum(found.is_thin for found in progress)
    said = [f"{number} {t(WHERE_NAMES[where]).lower()}" for where, number in counts.items()]
    st.markdown(f"**{t('{n}:', n=count(len(progress), 'assessment'))}** {joined(said)}.")
    if thin:
        st.markdown(
            t("{n} thin: more than a fifth of the answers are “don't know yet”.", n=count(thin, "is", "are"))
        )
    chosen = st.pills(
        t("Show only"), list(counts), selection_mode="multi", key="where",
        format_func=lambda where: f"{t(WHERE_NAMES[where])} ({counts[where]})",
    )  # fmt: skip
    order = list(Where)
    rows = [
        _row(place, entry, found)
        for found in sorted(progress, key=lambda found: order.index(found.where(now, entry.closes_on)))
        if not chosen or found.where(now, entry.closes_on) in chosen
    ]
    names = [
        t("Unit"), t("Questionnaire"), t("Where"), t("Answered"), t("Don't know"), t("Latest answer"), t("Since"),
    ]  # fmt: skip
    widths = {
        name: st.column_config.TextColumn(width=width) for name, width in zip(names, _WIDTHS, strict=True)
    }
    st.dataframe(
        pd.DataFrame(rows, columns=names), hide_index=True, width="stretch", column_config=widths
    )  # fmt: skip


def _row(place: Here, entry: Round, found: Progress) -> list[object]:
    title = place.catalogue.get(found.questionnaire_id, entry.questionnaires[found.questionnaire_id]).title
    return [
        place.organisation.label(found.unit_id), title, t(WHERE_NAMES[found.where(today(), entry.closes_on)]),
        t("{n} of {asked}", n=found.answered, asked=found.asked),
        t("{n}, thin", n=found.dont_know) if found.is_thin else str(found.dont_know),
        _day(found.latest), _day(found.changed_at),
    ]  # fmt: skip


def _day(moment: datetime | None) -> str:
    return day(local_time(moment).date()) if moment else "–"
