"""How far a round is: the table, and those who should be reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

import pandas as pd
import streamlit as st

from assessment.access import UNIT_KIND_OF, progress_scope
from assessment.analysis.progress import Progress, Where, tally
from assessment.exports.csv import reminders_csv
from assessment.i18n import count, day, joined, t
from assessment.organisation import Round
from assessment.store.answers import Counted, count_answers
from assessment.store.assessments import StoredAssessment, read_assessments
from assessment.store.people import Person
from assessment.ui.session import Here, local_time, today
from assessment.ui.text import plain

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
#: Mail programs cut addresses that are longer; more people get a second link.
_LONGEST_LINK = 1_800


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
        t("Unit"), t("Questionnaire"), t("Where"), t("Answered"), t("Asked"), t("Don't know"), t("Thin"),
        t("Latest answer"), t("Since"),
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows, columns=names), hide_index=True, width="stretch")


def _row(place: Here, entry: Round, found: Progress) -> list[object]:
    title = place.catalogue.get(found.questionnaire_id, entry.questionnaires[found.questionnaire_id]).title
    return [
        place.organisation.label(found.unit_id), title, t(WHERE_NAMES[found.where(today(), entry.closes_on)]),
        found.answered, found.asked, found.dont_know, t("thin") if found.is_thin else "", _day(found.latest),
        _day(found.changed_at),
    ]  # fmt: skip


def _day(moment: datetime | None) -> str:
    return day(local_time(moment).date()) if moment else "–"


def remind(place: Here, entry: Round, progress: Sequence[Progress], people: Sequence[Person]) -> None:
    """Whom to write to: a link for the mail program and a list, because this product sends no mail itself."""
    late = [found for found in progress if found.where(today(), entry.closes_on) in WITH_UNIT]
    if not late:
        st.markdown(t("Nobody needs a reminder: every assessment is with the reviewer or accepted."))
        return
    rows = reminders(place, entry, late, people)
    nobody = sorted({row[0] for row in rows if not row[4]})
    addresses = sorted({row[4] for row in rows if row[4]})
    if addresses:
        st.markdown(
            t(
                "{people} for {assessments} that wait for their unit.",
                people=count(len(addresses), "person", "people"), assessments=count(len(late), "assessment"),
            )
        )  # fmt: skip
        subject = t("{round}: your assessment", round=entry.title)
        for number, link in enumerate(mail_links(addresses, subject), 1):
            st.link_button(t("Write to them ({n})", n=number), link, icon=":material/mail:")
    if nobody:
        st.warning(
            t(
                "Nobody with an address answers for {units}. Add people first.",
                units=plain(joined(nobody[:8])),
            )
        )
    frame = pd.DataFrame(rows, columns=["unit", "questionnaire", "where", "name", "email", "left"])
    st.download_button(
        t("Download the list (CSV)"), reminders_csv(frame), f"reminders_{entry.id}.csv", "text/csv"
    )


def reminders(
    place: Here, entry: Round, late: Sequence[Progress], people: Sequence[Person]
) -> list[tuple[str, str, str, str, str, int]]:
    """A row for each assessment and each person who answers for its unit; without a person the name is ''."""
    answering = {
        held.unit_id: [*answering_of(people, held.unit_id)]
        for person in people
        for held in person.roles
        if held.role in UNIT_KIND_OF and held.unit_id
    }
    rows = []
    for found in late:
        title = place.catalogue.get(
            found.questionnaire_id, entry.questionnaires[found.questionnaire_id]
        ).title
        start = (
            place.organisation.label(found.unit_id), title, t(WHERE_NAMES[found.where(today(), entry.closes_on)])
        )  # fmt: skip
        for name, email in answering.get(found.unit_id) or [("", "")]:
            rows.append((*start, name, email, found.asked - found.answered))
    return rows


def answering_of(people: Sequence[Person], unit_id: str) -> list[tuple[str, str]]:
    """Name and address of those who answer for a unit, deputies included."""
    return [
        (person.name, person.email)
        for person in people
        if person.name and any(held.role in UNIT_KIND_OF and held.unit_id == unit_id for held in person.roles)
    ]


def mail_links(addresses: Sequence[str], subject: str) -> list[str]:
    """Links that open a mail to these people, none of whom sees the others.

    >>> mail_links(["a@x.org", "b@x.org"], "Hello there")
    ['mailto:?bcc=a%40x.org,b%40x.org&subject=Hello%20there']
    """
    links: list[list[str]] = [[]]
    for address in map(_quoted, addresses):
        if links[-1] and len(",".join([*links[-1], address])) > _LONGEST_LINK:
            links.append([])
        links[-1].append(address)
    return [f"mailto:?bcc={','.join(group)}&subject={_quoted(subject)}" for group in links]


def _quoted(text: str) -> str:
    return quote(text, safe="")
