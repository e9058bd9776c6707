"""What else is known of one unit on a page: each finding's sentence first, what it rests on behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from assessment.analysis.agreement import agreement
from assessment.analysis.carried import carried_finding
from assessment.analysis.effects import question_effects
from assessment.analysis.headlines import (
    change_headline,
    of_questionnaire,
    operating_model_headline,
    order_headline,
    perception_headline,
    sustainability_headline,
)
from assessment.analysis.movement import movement_table
from assessment.analysis.movers import change_of
from assessment.analysis.operating_model import Bound, missing_words
from assessment.analysis.perception import PerceptionFinding
from assessment.analysis.readings import Known, Reading
from assessment.i18n import count, decimal, t
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.questionnaire.verdicts import VerdictRules
from assessment.scoring.table import Basis, ScoringInput
from assessment.statements import FactContent, PrincipleContent, StatementKind
from assessment.store.statements import Statement
from assessment.ui import resources
from assessment.ui.moved import effect_lines
from assessment.ui.over_rounds import rounds_up_to
from assessment.ui.said import POSITION_NAMES, fact_words
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.unit_result import UnitResult, asked_of, input_of
from assessment.ui.widgets import nothing_yet

#: So many of the widest differences between a lead and its domains are listed.
_MOST_VIEWS = 5


def draw_other_findings(place: Here, result: UnitResult) -> None:
    """How the unit works, whether it lasts, the order that fits; then what changed, what is carried, what was said."""
    rules = place.catalogue.verdicts_of(result.view.round.rules_version)
    kind = place.organisation.units[result.unit_id].kind
    if rules is None or result.findings is None:
        nothing_yet(t("This round has no rules for verdicts."), t("A round pins them when it is opened."))
    else:
        _operating_model(place, result, rules)
        if kind is UnitKind.DOMAIN:
            _sustainability(place, result, rules)
        else:
            _order(place, result)
            _perception(result)
    _change(place, result)
    _carried(place, result)
    _respondents(place, result)
    _said(place, result)


def _operating_model(place: Here, result: UnitResult, rules: VerdictRules) -> None:
    found = resources.operating_models(place.scope, place.revision, result.view.round.id).get(result.unit_id)
    if found is None:
        return
    read = [name for entry in rules.operating_model.inputs.values() for name in entry.questions]
    if found.chosen is None and _is_out_of_sight(place, result, read, t("How this unit works")):
        return
    st.subheader(plain(operating_model_headline(found, result.label)), anchor=False)
    if found.chosen is None:
        missing = missing_words(found, rules.operating_model, place.organisation.label)
        _why(t("What is missing"), [plain(words) for words in missing])
        return
    st.caption(f"{plain(found.chosen.summary)} {plain(found.chosen.next_step)}")
    lines = [_bound(bound) for bound in found.bounds]
    if found.nearest is not None:
        _why(t("What “{model}” asks for", model=plain(found.nearest.title)), lines)
    st.caption(
        t(
            "Describes how work is shared out; no way is better than another. Evidence carries {supported} of {inputs}.",
            supported=found.supported, inputs=count(found.inputs, "answer behind it", "answers behind it"),
        )
    )  # fmt: skip


def _bound(bound: Bound) -> str:
    needs = (
        t("at least {level}", level=bound.at_least)
        if bound.at_least is not None
        else t("at most {level}", level=bound.at_most)
    )
    if bound.at_least is not None and bound.at_most is not None:
        needs = t("{low} to {high}", low=bound.at_least, high=bound.at_most)
    sign = "✓" if bound.is_met else "✗"
    return f"{sign} {plain(bound.title)}: " + t(
        "level {found}, asked {needs}", found=bound.found, needs=needs
    )


def _sustainability(place: Here, result: UnitResult, rules: VerdictRules) -> None:
    assert result.findings is not None
    found = result.findings.risks.get(result.unit_id)
    if found is None:
        return
    read = [entry.question for entry in rules.sustainability.answers]
    if found.band is None and _is_out_of_sight(place, result, read, t("Whether it will last")):
        return
    names = _names(result)
    st.subheader(plain(sustainability_headline(found, result.label, names)), anchor=False)
    if found.index is not None:
        st.caption(
            t(
                "Risk {index} of 100. Evidence carries {supported} of {answers}.",
                index=decimal(found.index, 0), supported=found.supported, answers=count(found.answers, "answer"),
            )
        )  # fmt: skip
    _why(t("Its weakest answers"), [_reading(entry, result) for entry in found.causes])
    _why(t("What is missing"), [plain(names.get(name, name)) for name in found.missing])


def _order(place: Here, result: UnitResult) -> None:
    entry = resources.orders(place.scope, place.revision, result.view.round.id).get(result.unit_id)
    if entry is None:
        return
    found = entry.finding
    st.subheader(plain(order_headline(found, result.label)), anchor=False)
    if found.verdict is not None:
        st.caption(plain(found.verdict.what_follows))
    _why(t("Prerequisites that are open"), [_reading(reading, result) for reading in found.open])
    _why(
        t("What grows with adoption and is still low"), [_reading(reading, result) for reading in found.later]
    )
    names = _names(result)
    _why(t("What is missing"), [plain(names.get(name, name)) for name in found.missing])


def _perception(result: UnitResult) -> None:
    assert result.findings is not None
    views = result.findings.views.get(result.unit_id, ())
    names = _names(result)
    st.subheader(plain(perception_headline(views, result.label, names)), anchor=False)
    apart = [view for view in views if view.gap]
    _why(
        t("Where the lead and its domains differ most"), [_view(view, result) for view in apart[:_MOST_VIEWS]]
    )


def _view(view: PerceptionFinding, result: UnitResult) -> str:
    name = plain(_names(result).get(view.question_id, view.question_id))
    middle = "–" if view.domain_median is None else decimal(view.domain_median)
    return t(
        "{question}: lead {lead}, median of {domains} {median}",
        question=name, lead=view.lead, domains=count(len(view.domains), "domain"), median=middle,
    )  # fmt: skip


def _change(place: Here, result: UnitResult) -> None:
    """Since the first round in which the unit was asked the same questionnaire, by its own answers."""
    if result.view.basis is not Basis.OWN:
        return
    rounds = rounds_up_to(place, result.view)
    data = input_of(place, result.unit_id, *(entry.id for entry in rounds))
    questionnaires = list(asked_of(place, result))
    for questionnaire in questionnaires:
        asked = [entry for entry in data.asked if entry.questionnaire_id == questionnaire.id]
        if asked[0] != asked[-1]:
            _since(place, result, questionnaire, data, asked[0].round_id, alone=len(questionnaires) == 1)


def _since(
    place: Here,
    result: UnitResult,
    questionnaire: Questionnaire,
    data: ScoringInput,
    then_id: str,
    *,
    alone: bool,
) -> None:
    now_id = result.view.round.id
    table = movement_table(data, result.scores, then_id, now_id)
    mine = table[table["questionnaire_id"] == questionnaire.id]
    found = change_of(mine, result.unit_id, result.label)
    if found is None:
        return
    headline = of_questionnaire(questionnaire.title, change_headline(found), alone=alone)
    st.subheader(plain(headline), anchor=False)
    title = next(entry.name for entry in place.rounds if entry.id == then_id)
    st.caption(
        t("{questionnaire}, since {round}", questionnaire=plain(questionnaire.title), round=plain(title))
    )
    effects = question_effects(data, mine, then_id, now_id)
    _why(t("What each question brought"), effect_lines(questionnaire, effects))


def _carried(place: Here, result: UnitResult) -> None:
    for questionnaire in asked_of(place, result):
        found = carried_finding(
            result.rows_of(questionnaire.id),
            unit_label=result.label,
            questionnaire_title=questionnaire.title,
        )
        if found.whole is None:
            continue
        st.subheader(plain(found.headline), anchor=False)
        lines = [
            t("{dimension}: {supported} of {claimed}", dimension=plain(row.title),
              supported=decimal(row.supported), claimed=decimal(row.claimed))
            for row in found.rows
        ]  # fmt: skip
        _why(t("Dimension by dimension"), lines)


def _respondents(place: Here, result: UnitResult) -> None:
    """How far several people who answered for the unit agree; nothing where one did."""
    answers = input_of(place, result.unit_id, result.view.round.id).answers
    if not (answers["respondent_id"] != "").any():
        return
    kind = place.organisation.units[result.unit_id].kind
    for questionnaire in asked_of(place, result):
        found = agreement(answers, questionnaire, kind, unit_label=result.label)
        st.subheader(plain(found.headline), anchor=False)
        lines = [
            t("{question}: {low} to {high}", question=plain(entry.prompt), low=f"{entry.lowest:g}", high=f"{entry.highest:g}")
            for entry in found.questions
            if entry.is_divided
        ]  # fmt: skip
        _why(t("Where they are divided"), lines)


def _said(place: Here, result: UnitResult) -> None:
    """The unit's principles and facts, as it said them in this round."""
    principles = {entry.id: entry for entry in place.catalogue.principles}
    said = [
        f"**{plain(principles[found.about.subject_id].title)}**: {_position(found.content)}"
        for found in _statements(place, result, StatementKind.PRINCIPLE)
        if isinstance(found.content, PrincipleContent) and found.about.subject_id in principles
    ]
    kind = place.organisation.units[result.unit_id].kind
    known = {
        found.about.subject_id: found.content.value
        for found in _statements(place, result, StatementKind.FACT)
        if isinstance(found.content, FactContent)
    }
    asked = [fact for fact in place.catalogue.facts if kind in fact.unit_kinds]
    facts = [f"{plain(fact.prompt)} **{plain(fact_words(fact, known.get(fact.id)))}**" for fact in asked]
    st.subheader(t("As {unit} said it", unit=plain(result.label)), anchor=False)
    if not said and not known:
        st.caption(t("No fact and no principle was said in this round."))
        return
    _why(t("Principles"), said)
    _why(t("Facts"), facts)


def _position(content: PrincipleContent) -> str:
    return " · ".join(filter(None, [t(POSITION_NAMES[content.position]), plain(content.reason)]))


def _statements(place: Here, result: UnitResult, kind: StatementKind) -> Iterable[Statement]:
    for found in resources.statements(place.scope, place.revision, kind):
        if found.about.unit_id == result.unit_id and found.about.round_id == result.view.round.id:
            yield found


def _names(result: UnitResult) -> dict[str, str]:
    """Short names of the round's questions."""
    assert result.findings is not None
    return {name: question.name for name, question in result.findings.readings.questions.items()}


def _reading(reading: Reading, result: UnitResult) -> str:
    name = plain(_names(result).get(reading.question_id, reading.question_id))
    return t(
        "{question}: level {claimed}, evidence carries {supported}",
        question=name, claimed=reading.claimed, supported=reading.supported,
    )  # fmt: skip


def _is_out_of_sight(place: Here, result: UnitResult, question_ids: Sequence[str], what: str) -> bool:
    """Whether a finding hangs on answers of another unit that this reader doesn't see; then says so in its place."""
    assert result.findings is not None
    read = [result.findings.readings.about(result.unit_id, name) for name in question_ids]
    unseen = [
        entry
        for entry in read
        if entry.known is not Known.NOT_ASKED and entry.source_unit_id not in place.scope.units
    ]
    if unseen:
        answers = count(len(unseen), "answer")
        st.caption(
            t(
                "{what} hangs on {answers} of your country, which you don't see; so nothing is said of it here.",
                what=what, answers=answers,
            )
        )  # fmt: skip
    return bool(unseen)


def _why(title: str, lines: Sequence[str]) -> None:
    """What a sentence rests on, on request."""
    if lines:
        with st.expander(f"{title} ({len(lines)})"):
            st.markdown("\n".join(f"- {line}" for line in lines))
