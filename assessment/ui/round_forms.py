"""What the administrator does with a round: open, extend, set targets, let units join, close, open again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from assessment.actions import rounds as actions
from assessment.actions.targets import set_targets
from assessment.analysis.progress import Progress
from assessment.i18n import count, t
from assessment.organisation import Organisation, Phase, Round, Target
from assessment.questionnaire.models import Questionnaire, Status
from assessment.responses import AssessmentState
from assessment.store.organisation import read_targets
from assessment.ui.outcome import submit, tell
from assessment.ui.session import Here, labelled, today


def whole(round_id: str) -> str:
    """Where it is said what became of a round when the form that did it is gone."""
    return f"round:{round_id}"


def open_a_round(place: Here) -> None:
    published = [q for q in place.catalogue.questionnaires.values() if q.status is Status.PUBLISHED]
    versions = {q.reference: q for q in published}
    phases = {Phase.BEFORE: t("before adoption"), Phase.DURING: t("during adoption")}
    active = [unit.id for unit in place.organisation.units.values() if not unit.retired_on and unit.parent_id]
    with st.form("open-round"):
        identifier = st.text_input(t("Short id, for files"), placeholder="2026-H2", max_chars=60)
        title = st.text_input(t("Title"), placeholder=t("Second half of 2026"), max_chars=200)
        phase = st.radio(t("Phase"), list(phases), format_func=lambda p: phases[p], horizontal=True)
        opens, closes = st.columns(2)
        first = opens.date_input(t("Opens on"), today())
        last = closes.date_input(t("Closes on"), date.fromordinal(today().toordinal() + 28))
        chosen = st.multiselect(t("Questionnaires"), list(versions), default=list(versions))
        units = st.multiselect(
            t("Only these units (empty: all)"), active,
            format_func=lambda unit_id: labelled(place.organisation, unit_id),
        )  # fmt: skip
        if st.form_submit_button(t("Open the round"), type="primary"):
            pinned = {versions[reference].id: versions[reference].version for reference in chosen}
            name = identifier.strip()
            entry = Round(name, title.strip() or name, phase, first, last, pinned)
            submit(
                "open-round",
                lambda: actions.open_round(place.desk(), entry, units=units or None),
                t("The round “{title}” is open.", title=entry.title),
            )
    tell("open-round")


def extend(place: Here, entry: Round) -> None:
    with st.form("extend-round"):
        closes_on = st.date_input(t("Closes on"), entry.closes_on)
        if st.form_submit_button(t("Change the day")) and isinstance(closes_on, date):
            submit(
                "extend-round",
                lambda: actions.extend_round(place.desk(), entry.id, closes_on),
                t("People are told the new day from now on."),
            )
    tell("extend-round")


def join(place: Here, entry: Round, there: frozenset[str]) -> None:
    """Units that were added after the round was opened."""
    missing = [
        unit.id
        for unit in place.organisation.units.values()
        if unit.parent_id and not unit.retired_on and unit.id not in there
    ]
    tell("join-round")
    if not missing:
        st.markdown(t("Every unit is in this round."))
        return
    with st.form("join-round"):
        units = st.multiselect(
            t("Units that aren't in it yet"), missing, default=missing,
            format_func=lambda unit_id: labelled(place.organisation, unit_id),
        )  # fmt: skip
        if st.form_submit_button(t("Let them take part")):
            submit(
                "join-round",
                lambda: actions.join_round(place.desk(), entry.id, units),
                t("They have their assessments now."),
            )


def targets(place: Here, entry: Round) -> None:
    """A level for every dimension of a questionnaire, for all countries or for some units; domains take their country's."""
    asked = [place.catalogue.get(*pinned) for pinned in entry.questionnaires.items()]
    named = {questionnaire.id: questionnaire for questionnaire in asked}
    everybody = [
        unit.id for unit in place.organisation.units.values() if unit.parent_id and not unit.retired_on
    ]
    questionnaire = named[
        st.selectbox(
            t("Questionnaire"), list(named), format_func=lambda name: named[name].title, key="target-of"
        )
    ]
    dimensions = {dimension.id: dimension.title for dimension in questionnaire.all_dimensions()}
    _targets_so_far(place, entry, questionnaire)
    with st.form("set-targets"):
        chosen = st.multiselect(
            t("Dimensions (empty: all)"), list(dimensions), format_func=dimensions.__getitem__
        )
        units = st.multiselect(
            t("Units (empty: all countries; domains take their country's)"), everybody,
            format_func=lambda unit_id: labelled(place.organisation, unit_id),
        )  # fmt: skip
        level = _level(questionnaire)
        if st.form_submit_button(t("Set the target")):
            wanted = units or [unit.id for unit in place.organisation.countries if not unit.retired_on]
            given = [
                Target(entry.id, unit, questionnaire.id, dimension, level)
                for unit in wanted
                for dimension in chosen or dimensions
            ]
            done = t("{n} set.", n=count(len(given), "target"))
            submit("set-targets", lambda: set_targets(place.desk(), given), done)
    tell("set-targets")


def _targets_so_far(place: Here, entry: Round, questionnaire: Questionnaire) -> None:
    """What is set already: a row for each unit with a target of its own, a column for each dimension."""
    with place.store.read() as connection:
        stored = read_targets(connection, place.organisation.units)
    found = [
        target
        for target in stored
        if (target.round_id, target.questionnaire_id) == (entry.id, questionnaire.id)
    ]
    if not found:
        st.markdown(t("No target is set for this questionnaire yet."))
        return
    st.markdown(t("Set so far; a domain that isn't listed takes its country's."))
    st.dataframe(target_table(place.organisation, questionnaire, found), width="stretch")


def target_table(
    organisation: Organisation, questionnaire: Questionnaire, found: Sequence[Target]
) -> pd.DataFrame:
    """Targets by unit and dimension, in the order of both; NaN where none is set."""
    named = Counter(dimension.title for dimension in questionnaire.all_dimensions())
    titles: dict[str | None, str] = {
        dimension.id: f"{dimension.title} ({dimension.id})" if named[dimension.title] > 1 else dimension.title
        for dimension in questionnaire.all_dimensions()
    }
    titles[None] = t("The whole")
    values = {(target.unit_id, target.dimension_id): target.target for target in found}
    units = [unit_id for unit_id in organisation.units if any(unit_id == key[0] for key in values)]
    wanted = [name for name in titles if any(name == key[1] for key in values)]
    rows = [[values.get((unit_id, name), float("nan")) for name in wanted] for unit_id in units]
    index = pd.Index([organisation.label(unit_id) for unit_id in units], name=t("Unit"))
    return pd.DataFrame(rows, index=index, columns=[titles[name] for name in wanted])


def _level(questionnaire: Questionnaire) -> float:
    scale = questionnaire.scale
    step = 0.5 if questionnaire.has_levels else (scale.maximum - scale.minimum) / 10
    middle = scale.minimum + round(0.6 * (scale.maximum - scale.minimum) / step) * step
    return float(
        st.number_input(
            t("Target"), float(scale.minimum), float(scale.maximum), float(middle), float(step), format="%g"
        )
    )


def close(place: Here, entry: Round, progress: Sequence[Progress]) -> None:
    """Says what becomes of everything before the button that does it."""
    accepted = sum(found.state is AssessmentState.ACCEPTED for found in progress)
    closed = sum(found.state is AssessmentState.CLOSED for found in progress)
    waiting = sum(found.state is AssessmentState.SUBMITTED for found in progress)
    unsent = len(progress) - accepted - closed - waiting
    st.markdown(
        t(
            "Closing freezes {accepted} with scores. {waiting} with the reviewer and {unsent} not sent stay as they "
            "are: they can be read, count as not accepted, and nobody can change them.",
            accepted=count(accepted, "accepted assessment"), waiting=waiting, unsent=unsent,
        )
    )  # fmt: skip
    sure = st.checkbox(t("I have read what happens to unfinished work"), key=f"sure-{entry.id}")
    if st.button(t("Close the round"), disabled=not sure, key=f"close-{entry.id}"):
        submit(
            "close-round",
            lambda: actions.close_round(place.desk(), entry.id),
            t("The round “{title}” is closed.", title=entry.title),
            then=whole(entry.id),
        )
    tell("close-round")


def reopen(place: Here, entry: Round) -> None:
    with st.form("reopen-round"):
        reason = st.text_input(t("Why is it opened again? (needed)"), max_chars=4000)
        if st.form_submit_button(t("Open it again")):
            submit(
                "reopen-round",
                lambda: actions.reopen_round(place.desk(), entry.id, reason),
                t(
                    "The round is open again. Closed assessments stay closed until they are reopened one by one."
                ),
                then=whole(entry.id),
            )
    tell("reopen-round")
