"""The reviewer's page: the queue as a list, and one assessment beside last round, to accept or to return."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from assessment.access import Action
from assessment.actions import reviewing
from assessment.errors import AssessmentError
from assessment.i18n import count, t
from assessment.responses import FINISHED
from assessment.store.assessments import StoredAssessment, find_assessment
from assessment.ui import judging, queue, stating, turning
from assessment.ui.assessing import Sitting, sit_down
from assessment.ui.filters import choose_part
from assessment.ui.navigation import REVIEW
from assessment.ui.outcome import attempt, leave, tell
from assessment.ui.queue import Waiting, read_queue
from assessment.ui.session import Here, here
from assessment.ui.text import plain
from assessment.ui.widgets import STATE_NAMES, fold, nothing_yet

#: The address' parameter for the assessment that is open; a number, so that a link outlives what is said of it.
OPEN = "assessment"
#: Where outcomes are said: at the buttons, or above the list once the assessment has left it.
_DECISION, _LIST = "decision", "review-list"
_WAITING, _ACCEPTED = "waiting", "accepted"
#: The decision of a button that was clicked, until it is carried out.
_DECIDED = "decided"


def page() -> None:
    place = here()
    _carry_out()
    named = st.query_params.get(OPEN)
    assessment = _find(place, named)
    waiting = read_queue(place, only=assessment.id) if assessment else []
    # What was opened further down in a list, or decided at the end of a page, is read from its beginning.
    turning.begin_at_top(REVIEW, f"{named}, waiting: {bool(waiting)}")
    if waiting and waiting[0].is_own:
        _look_back(
            place, waiting[0].assessment, t("You sent it, or answered in it. Somebody else has to review it.")
        )
    elif waiting:
        _review(place, waiting[0])
    elif assessment is not None:
        words = t("Only to read: {state}.", state=t(STATE_NAMES[assessment.state]).lower())
        _look_back(place, assessment, words)
    else:
        st.title(t("Review"), anchor=False)
        _list(place, named)


def _find(place: Here, named: str | None) -> StoredAssessment | None:
    """The assessment in the address, when the reviewer may read its answers now."""
    if named is None or not named.isdecimal():
        return None
    with place.store.read() as connection:
        found = find_assessment(connection, int(named), place.scope.units)
    may = found is not None and found.state in FINISHED and place.may(Action.REVIEW, found.unit_id)
    return found if may else None


def _list(place: Here, named: str | None) -> None:
    tell(_DECISION)
    tell(_LIST)
    if named is not None:
        st.warning(
            t("The assessment in this address doesn't wait for a review, or isn't yours."),
            icon=":material/info:",
        )
    waiting = read_queue(place)
    parts = {_WAITING: t("Waiting ({n})", n=len(waiting)), _ACCEPTED: t("Accepted")}
    if choose_part("review", parts, t("Which assessments")) == _ACCEPTED:
        queue.accepted_ones(place)
    elif waiting:
        st.markdown(
            t("**{n} waiting**, those with most to look at first.", n=count(len(waiting), "assessment"))
        )
        _offer_plain(place, [entry for entry in waiting if entry.is_plain and not entry.is_own])
        queue.rows(place, waiting)
    else:
        nothing_yet(t("Nothing waits for you."), t("Assessments appear here once they are sent for review."))


def _review(place: Here, waiting: Waiting) -> None:
    sitting = sit_down(place, waiting.assessment)
    _heading(place, sitting)
    desktop = judging.lay_out(place, sitting)
    striking = [look for look in waiting.looks if not look.is_plain]
    if striking:
        st.markdown(t("**To look at:** {what}.", what=queue.summary(waiting)))
    for look in striking:
        judging.card(desktop, look)
    st.subheader(t("All other answers") if striking else t("All answers"), anchor=False)
    judging.all_others(desktop, [look.question_id for look in striking])
    judging.any_other(desktop, {look.question_id: look for look in waiting.looks if look.is_plain})
    _decide(place, sitting)


def _look_back(place: Here, assessment: StoredAssessment, why: str) -> None:
    """To read only, and why: what was first sent stands beside what was sent last."""
    sitting = sit_down(place, assessment)
    _heading(place, sitting)
    tell(_DECISION)
    st.markdown(why)
    judging.all_others(judging.lay_out(place, sitting), [])


def _heading(place: Here, sitting: Sitting) -> None:
    whose, title = place.organisation.label(sitting.assessment.unit_id), sitting.questionnaire.title
    # The browser's own lists of pages name what is open.
    st.set_page_config(page_title=" · ".join([f"{whose}: {title}", t("Review"), "Mesh Readiness"]))
    st.page_link(
        REVIEW, label=t("Back to the list"), icon=":material/arrow_back:", query_params=place.address()
    )
    st.title(f"{plain(whose)}: {plain(title)}", anchor=False)
    st.caption(plain(sitting.round.title))


def _offer_plain(place: Here, unremarkable: Sequence[Waiting]) -> None:
    """One click for everything in which nothing asks for a look; each is accepted as it stands here."""
    if not unremarkable:
        return
    with fold(t("{n} with nothing unusual", n=count(len(unremarkable), "assessment")), "fold-plain"):
        st.markdown(
            t("No jump, no claim above its evidence, no “don't know” or “not applicable” in any of them.")
        )
        for waiting in unremarkable:
            st.markdown(f"- {plain(queue.whose(place, waiting.assessment))}")
        assessments = [waiting.assessment for waiting in unremarkable]
        st.button(
            t("Accept these {n}", n=count(len(unremarkable), "assessment")), key="accept-plain", on_click=_decided,
            args=(partial(_accept_all, place, assessments),),
        )  # fmt: skip


def _accept_all(place: Here, reviewed: Sequence[StoredAssessment]) -> None:
    accepted, refused = 0, []
    for entry in reviewed:
        try:
            reviewing.accept(place.desk(), entry.id, seen=entry.state_version)
            accepted += 1
        except AssessmentError as error:
            refused.append(f"{queue.whose(place, entry)}: {error}")
    words = t("Accepted: {n}.", n=count(accepted, "assessment"))
    leave(_LIST, "\n".join([words, *refused]), done=not refused)


def _decide(place: Here, sitting: Sitting) -> None:
    st.header(t("Your decision"), anchor=False)
    reviewed = sitting.assessment
    comment = f"comment-{reviewed.id}"
    st.markdown(
        t(
            "Accepting says that the answers hold. Returning opens the questions with a remark again, or all if none has."
        )
    )
    st.text_area(t("What should change? (needed to return it, unless a question has a remark)"), key=comment)
    tell(_DECISION)
    accept, give_back = st.columns(2)
    # About the assessment that was drawn: by the next run the queue may have moved on.
    accept.button(
        t("Accept"), type="primary", width="stretch", key=f"accept-{reviewed.id}", on_click=_decided,
        args=(partial(_accept, place, reviewed),),
    )  # fmt: skip
    give_back.button(
        t("Return with comment"), width="stretch", key=f"return-{reviewed.id}", on_click=_decided,
        args=(partial(_return, place, reviewed, comment),),
    )  # fmt: skip


def _decided(decision: Callable[[], None]) -> None:
    """For a button's `on_click`: the run that follows carries it out, once what was typed before the click is stored."""
    st.session_state[_DECIDED] = decision


def _carry_out() -> None:
    decision: Callable[[], None] | None = st.session_state.pop(_DECIDED, None)
    if decision is None:
        return
    if stating.is_refused():
        # A remark that isn't stored opens no question.
        leave(_DECISION, t("Nothing was decided: something that you wrote isn't saved."), done=False)
    else:
        decision()


def _accept(place: Here, reviewed: StoredAssessment) -> None:
    done = t("Accepted: {whose}.", whose=queue.whose(place, reviewed))
    desk, seen = place.desk(), reviewed.state_version
    if attempt(_DECISION, lambda: reviewing.accept(desk, reviewed.id, seen=seen), done, then=_LIST):
        st.query_params.pop(OPEN, None)


def _return(place: Here, reviewed: StoredAssessment, comment: str) -> None:
    done = t("Returned: {whose}.", whose=queue.whose(place, reviewed))
    desk, words, seen = place.desk(), str(st.session_state.get(comment, "")), reviewed.state_version
    if attempt(
        _DECISION, lambda: reviewing.return_to_unit(desk, reviewed.id, words, seen=seen), done, then=_LIST
    ):
        st.query_params.pop(OPEN, None)


page()
