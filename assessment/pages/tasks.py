"""The unit's assessments: what is done, what comes next, and where each stands with the reviewer."""

import streamlit as st

from assessment.i18n import count, day, t
from assessment.responses import EDITABLE, AssessmentState
from assessment.store.assessments import StoredAssessment
from assessment.store.statements import read_facts
from assessment.ui import taking_back
from assessment.ui.asking import asked_of_me
from assessment.ui.assessing import Section, Sitting, own_assessments, sit_down
from assessment.ui.navigation import ANSWER, CHECK, CONTEXT, OFFLINE, REQUESTS, RESULT
from assessment.ui.session import Here, here, local_time, today
from assessment.ui.text import in_lines, plain
from assessment.ui.widgets import STATE_NAMES, closing, nothing_yet, phase_name


def page() -> None:
    place = here()
    unit = place.unit
    st.title(t("Your assessment"), anchor=False)
    assessments = own_assessments(place)
    if unit is None or not assessments:
        nothing_yet(t("There is no assessment for you yet."), t("The administrator opens a round first."))
        return
    latest = assessments[0].round_id
    sittings = [sit_down(place, entry) for entry in assessments if entry.round_id == latest]
    st.caption(_when(sittings[0], place.organisation.label(unit.id)))
    _beside(place)
    # One way on is the first: three equal buttons would leave the choice to those in a hurry.
    following = next((sitting for sitting in sittings if sitting.is_editable), None)
    for sitting in sittings:
        _assessment(place, sitting, comes_next=sitting is following)
    earlier = [entry for entry in assessments if entry.round_id != latest]
    if earlier:
        st.header(t("Earlier rounds"), anchor=False)
        rounds = {entry.id: entry for entry in place.rounds}
        for entry in earlier:
            asked = place.catalogue.get(entry.questionnaire_id, entry.version).title
            st.markdown(
                f"{plain(rounds[entry.round_id].title)}, {plain(asked)}: {t(STATE_NAMES[entry.state])}"
            )
            if entry.state in EDITABLE and not rounds[entry.round_id].is_over:
                st.page_link(
                    ANSWER, label=t("Finish it"), icon=":material/edit_note:",
                    query_params=place.address(assessment=entry.id),
                )  # fmt: skip
        st.page_link(
            RESULT,
            label=t("See the result of all rounds"),
            icon=":material/insights:",
            query_params=place.address(),
        )


def _beside(place: Here) -> None:
    """What is filled in beside the questionnaires: facts first, two minutes; and what somebody else asks."""
    assert place.unit is not None
    kinds = [fact.id for fact in place.catalogue.facts if place.unit.kind in fact.unit_kinds]
    latest = place.rounds[-1]
    with place.store.read() as connection:
        known = read_facts(connection, [place.unit.id]).get(latest.id, {})
    row = st.container(horizontal=True, vertical_alignment="center")
    row.page_link(
        CONTEXT,
        label=t("Facts and principles"),
        icon=":material/public:",
        query_params=place.address(),
        width=280,
    )
    row.markdown(t("{known} of {facts} known", known=len(known), facts=count(len(kinds), "fact")), width=150)
    asked = asked_of_me(place)
    if asked:
        left = sum(one.stored is None for one in asked)
        words = t(
            "{questions} asked of you, {left} without an answer",
            questions=count(len(asked), "question"),
            left=left,
        )
        st.page_link(REQUESTS, label=words, icon=":material/forward_to_inbox:", query_params=place.address())


def _when(sitting: Sitting, unit_name: str) -> str:
    parts = [unit_name, sitting.round.title, phase_name(sitting.round), closing(sitting.round, today())]
    return " · ".join(plain(part) for part in parts if part)


def _assessment(place: Here, sitting: Sitting, *, comes_next: bool) -> None:
    st.header(plain(sitting.questionnaire.title), anchor=False)
    _returned(sitting.assessment)
    _summary(place, sitting, comes_next=comes_next)
    for section in sitting.parts:
        # A row that breaks on a phone instead of stacking three deep.
        row = st.container(horizontal=True, vertical_alignment="center")
        row.page_link(
            ANSWER,
            label=plain(section.dimension.title),
            icon=":material/edit_note:",
            query_params=place.address(assessment=sitting.assessment.id, dimension=section.dimension.id),
            width=280,
        )
        progress = t("{done} of {asked} answered", done=section.answered, asked=len(section.questions))
        row.markdown(progress, width=130)
        row.markdown(_status(sitting, section), width="content")
    if sitting.is_editable:
        st.page_link(
            OFFLINE, label=t("On paper, or in a workbook"), icon=":material/file_save:",
            query_params=place.address(assessment=sitting.assessment.id),
        )  # fmt: skip
    st.subheader(t("Send for review"), anchor=False)
    _sending(place, sitting)


def _returned(assessment: StoredAssessment) -> None:
    """Why it came back: the first thing that its unit must see."""
    at = day(local_time(assessment.changed_at).date()) if assessment.changed_at else ""
    if assessment.state is AssessmentState.RETURNED:
        st.warning(
            t("Returned on {day}: {comment}", day=at, comment=in_lines(assessment.comment)),
            icon=":material/reply:",
        )


def _summary(place: Here, sitting: Sitting, *, comes_next: bool) -> None:
    """How far it is in a sentence, and the button that leads on."""
    section = sitting.first_open()
    if not sitting.is_editable:
        return
    address = place.address(assessment=sitting.assessment.id)
    if section is None:
        sections = count(len(sitting.sections), "section")
        st.markdown(
            t(
                "**All of {sections} complete.** Look at your answers once more, then send them.",
                sections=sections,
            )
        )
        page, words = CHECK, t("Check and send")
    else:
        st.markdown(_left(sitting, section))
        page, words = ANSWER, t("Continue with {title}", title=plain(section.dimension.title))
        address["dimension"] = section.dimension.id
    if st.button(
        words, type="primary" if comes_next else "secondary", key=f"continue-{sitting.assessment.id}"
    ):
        st.switch_page(page, query_params=address)


def _left(sitting: Sitting, section: Section) -> str:
    if sitting.remarks:
        commented = count(len(sitting.remarks), "question")
        return t("The reviewer commented on {questions}; only these can be changed now.", questions=commented)
    return t(
        "**{done} of {sections} complete.** Next: *{title}*, about {minutes} minutes left there, {all_minutes} in all. "
        "Answers save as you go; you can stop at any time.",
        done=sitting.complete_sections, sections=count(len(sitting.sections), "section"),
        title=plain(section.dimension.title), minutes=section.minutes,
        all_minutes=sum(part.minutes for part in sitting.parts),
    )  # fmt: skip


def _status(sitting: Sitting, section: Section) -> str:
    commented = sum(asked.id in sitting.remarks for asked in section.questions)
    if commented:
        return f":orange-badge[{t('Returned: {comments}', comments=count(commented, 'comment'))}]"
    if not section.left:
        return t("Completed")
    return f":blue-badge[{t('In progress')}]" if section.answered else f":gray-badge[{t('Not started')}]"


def _sending(place: Here, sitting: Sitting) -> None:
    assessment = sitting.assessment
    at = day(local_time(assessment.changed_at).date()) if assessment.changed_at else ""
    taking_back.confirm(assessment)
    if sitting.is_editable:
        left = sitting.asked - sitting.answered
        if left:
            st.markdown(t("Can't be sent yet: {left} left.", left=count(left, "question")))
        words = t("See all your answers") if left else t("Check your answers and send them")
        st.page_link(
            CHECK, label=words, icon=":material/fact_check:", query_params=place.address(assessment=assessment.id)
        )  # fmt: skip
    elif sitting.round.is_over and assessment.state is not AssessmentState.CLOSED:
        st.info(
            t(
                "It was {state} when the round was closed; nothing in it can be changed now.",
                state=t(STATE_NAMES[assessment.state]).lower(),
            ),
            icon=":material/lock:",
        )
    elif assessment.state is AssessmentState.SUBMITTED:
        st.success(t("Sent on {day}. A reviewer looks at it next.", day=at), icon=":material/check_circle:")
        taking_back.offer(place, assessment)
    else:
        st.success(
            t("{state} on {day}.", state=t(STATE_NAMES[assessment.state]), day=at),
            icon=":material/check_circle:",
        )
        st.page_link(
            RESULT, label=t("See the result"), icon=":material/insights:", query_params=place.address()
        )


page()
