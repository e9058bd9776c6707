"""The reviewer's queue: what was sent, and what in it asks for a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

import streamlit as st

from assessment.access import Action, may_judge
from assessment.analysis.scrutiny import Look, look_at
from assessment.i18n import count, day, joined, t
from assessment.organisation import Organisation
from assessment.questionnaire.models import UnitKind
from assessment.responses import AssessmentState
from assessment.store.answer_history import answers_at
from assessment.store.answers import read_answers_of
from assessment.store.assessments import StoredAssessment, preceding, read_assessments, sent_at, worked_on_by
from assessment.ui.filters import remembered
from assessment.ui.judging import differs
from assessment.ui.navigation import REVIEW
from assessment.ui.session import Here, local_time
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet

T = TypeVar("T")
#: So many rows are read without scrolling for long, on a telephone too.
PER_PAGE = 10


@dataclass(frozen=True)
class Waiting:
    """One assessment in the queue, and its answers as a reviewer looks at them."""

    assessment: StoredAssessment
    looks: tuple[Look, ...]
    #: Whether the reviewer sent it or answered in it, and so can't judge it.
    is_own: bool = False

    @property
    def jumps(self) -> int:
        return sum(look.jumped for look in self.looks)

    @property
    def unbacked(self) -> int:
        return sum(look.unbacked for look in self.looks)

    @property
    def without_level(self) -> int:
        return sum(look.without_level for look in self.looks)

    @property
    def changed(self) -> int:
        """Answers with another level than in the last round."""
        return sum(bool(look.change) for look in self.looks)

    @property
    def is_plain(self) -> bool:
        return all(look.is_plain for look in self.looks)


def read_queue(place: Here, *, only: int | None = None) -> list[Waiting]:
    """What the principal may review now: most jumps without evidence first, then unbacked claims, then the longest wait.

    With `only`, that assessment if it is among them.
    """
    over = {entry.id for entry in place.rounds if entry.is_over}
    with place.store.read() as connection:
        every = read_assessments(connection, place.scope.units)
        waiting = [
            entry
            for entry in every
            if entry.state is AssessmentState.SUBMITTED
            and entry.round_id not in over
            and only in (None, entry.id)
            and place.may(Action.REVIEW, entry.unit_id)
        ]
        before = {entry.id: preceding(entry, _of_unit(every, entry), place.rounds) for entry in waiting}
        ids = {entry.id for entry in (*waiting, *filter(None, before.values()))}
        answers = read_answers_of(connection, ids, place.scope)
        worked = worked_on_by(connection, (entry.id for entry in waiting))
    queue = []
    for entry in waiting:
        questionnaire = place.catalogue.get(entry.questionnaire_id, entry.version)
        last = before[entry.id]
        looks = look_at(
            questionnaire,
            questionnaire.questions.values(),
            answers[entry.id],
            answers[last.id] if last else {},
        )
        queue.append(Waiting(entry, looks, not may_judge(place.principal, worked[entry.id])))
    return sorted(queue, key=lambda w: (-w.jumps, -w.unbacked, str(w.assessment.changed_at), w.assessment.id))


def _of_unit(every: Sequence[StoredAssessment], entry: StoredAssessment) -> list[StoredAssessment]:
    return [other for other in every if other.unit_id == entry.unit_id]


def whose(place: Here, entry: StoredAssessment) -> str:
    """The unit and the questionnaire, for lists and sentences."""
    questionnaire = place.catalogue.get(entry.questionnaire_id, entry.version)
    return f"{place.organisation.label(entry.unit_id)}, {questionnaire.title}"


def summary(waiting: Waiting) -> str:
    """What asks for a look, in words."""
    said = [
        count(number, one, many)
        for number, one, many in (
            (waiting.jumps, "jump without evidence", "jumps without evidence"),
            (waiting.unbacked, "claim above its evidence", "claims above their evidence"),
            (waiting.without_level, "answer without a level", "answers without a level"),
        )
        if number
    ]
    return joined(said) if said else t("nothing unusual")


def rows(place: Here, waiting: Sequence[Waiting]) -> None:
    """The queue as rows that each lead to an assessment, so many a page; narrowed down when there are more."""
    shown = _narrowed(place, waiting) if len(waiting) > PER_PAGE else list(waiting)
    if len(shown) < len(waiting):
        st.caption(t("{n} of {all} shown", n=len(shown), all=len(waiting)))
    for entry in _one_page(shown, "queue"):
        sent = t("sent {day}", day=_day(entry.assessment))
        changed = t("{n} since last round", n=count(entry.changed, "answer changed", "answers changed"))
        own = [t("your own: somebody else reviews it")] if entry.is_own else []
        _row(place, entry.assessment, [sent, *own, summary(entry), changed])


def accepted_ones(place: Here) -> None:
    """What was accepted in rounds that aren't closed, the latest first, with how much changed since it was first sent."""
    over = {entry.id for entry in place.rounds if entry.is_over}
    with place.store.read() as connection:
        found = [
            entry
            for entry in read_assessments(connection, place.scope.units)
            if entry.state is AssessmentState.ACCEPTED
            and entry.round_id not in over
            and place.may(Action.REVIEW, entry.unit_id)
        ]
    if not found:
        nothing_yet(t("Nothing is accepted yet."), t("What you accept stays here until its round is closed."))
        return
    found.sort(key=lambda entry: (str(entry.changed_at), entry.id), reverse=True)
    for entry in _one_page(found, "accepted"):
        accepted = t("accepted {day}", day=_day(entry))
        _row(place, entry, [accepted, _since_first_sent(place, entry)])


def _since_first_sent(place: Here, entry: StoredAssessment) -> str:
    with place.store.read() as connection:
        sent = sent_at(connection, entry.id)
        if len(sent) < 2:
            return t("as it was first sent")
        first = answers_at(connection, entry.id, sent[0], place.scope)
        now = read_answers_of(connection, [entry.id], place.scope)[entry.id]
    changed = sum(name in now and differs(answer, now[name]) for name, answer in first.items())
    return t("{n} after it was first sent", n=count(changed, "answer changed", "answers changed"))


def _row(place: Here, entry: StoredAssessment, said: Sequence[str]) -> None:
    with st.container(border=True, gap="xsmall", key=f"row-{entry.id}"):
        st.page_link(
            REVIEW, label=plain(whose(place, entry)), icon=":material/rate_review:",
            query_params=place.address(assessment=entry.id),
        )  # fmt: skip
        st.caption(plain(" · ".join(said)))


def _narrowed(place: Here, waiting: Sequence[Waiting]) -> list[Waiting]:
    """Only one country's, or one questionnaire's, as long as the reader wants."""
    organisation = place.organisation
    countries = {_country(organisation, entry): "" for entry in waiting}
    countries = {"": t("All")} | {
        unit.id: unit.name for unit in organisation.units.values() if unit.id in countries
    }
    titles = {"": t("All")} | {
        entry.assessment.questionnaire_id: place.catalogue.get(
            entry.assessment.questionnaire_id, entry.assessment.version
        ).title
        for entry in waiting
    }
    with st.container(horizontal=True):
        country = _pick(t("Country"), countries, "queue-country")
        questionnaire = _pick(t("Questionnaire"), titles, "queue-questionnaire")
    return [
        entry
        for entry in waiting
        if country in ("", _country(organisation, entry))
        and questionnaire in ("", entry.assessment.questionnaire_id)
    ]


def _pick(label: str, names: Mapping[str, str], key: str) -> str:
    def draw(widget: str) -> str:
        return st.selectbox(label, list(names), format_func=names.__getitem__, key=widget)

    return str(remembered(key, list(names), "", draw))


def _country(organisation: Organisation, waiting: Waiting) -> str:
    unit = organisation.units[waiting.assessment.unit_id]
    return unit.id if unit.kind is UnitKind.COUNTRY else unit.parent_id or ""


def _one_page(entries: Sequence[T], name: str) -> Sequence[T]:
    """The entries of the page that is open; the choice lasts while somebody opens one and comes back."""
    pages = ceil(len(entries) / PER_PAGE)
    if pages < 2:
        return entries
    held = f"{name}-page"
    at = st.pagination(pages, default=min(st.session_state.get(held, 1), pages), key=f"{held}-of-{pages}")
    st.session_state[held] = at
    return entries[(at - 1) * PER_PAGE : at * PER_PAGE]


def _day(entry: StoredAssessment) -> str:
    return day(local_time(entry.changed_at).date()) if entry.changed_at else "–"
