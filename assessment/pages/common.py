"""What can be common to all countries and what stays local: by what they say of elements, and by their answers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from assessment.access import Action
from assessment.analysis.common_or_local import (
    Quadrant,
    SpreadFinding,
    advice_of,
    by_quadrant,
    spread_table,
    spread_tally,
)
from assessment.analysis.headlines import countries_words, standard_headline
from assessment.charts.commonality import Dot, commonality
from assessment.i18n import count, decimal, t
from assessment.questionnaire.models import Question, Questionnaire
from assessment.questionnaire.verdicts import SpreadRules
from assessment.ui import comparing
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.elements import draw_elements
from assessment.ui.filters import Filter, View, choose_part, choose_view, levels_words
from assessment.ui.session import Here, here
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette

ELEMENTS, ANSWERS = "elements", "answers"


def page() -> None:
    place = here()
    st.title(t("Common or local"), anchor=False)
    if not place.organisation.countries or not place.rounds or not place.may(Action.COMPARE):
        nothing_yet(
            t("There is nothing to compare yet."),
            t("The administrator adds countries and opens a round first."),
        )
        return
    parts = {ELEMENTS: t("Elements: what countries say"), ANSWERS: t("Answers: how far they are")}
    part = choose_part("common", parts, t("By what"))
    asked = [Filter.COUNTRIES, *([Filter.QUESTIONNAIRE] if part == ANSWERS else [])]
    view = choose_view(place, *asked)
    rules = comparing.rules(place.revision, view.round.id)
    if rules is None:
        nothing_yet(
            t("This round has no rules that say what can be common."),
            t("An author publishes rules for verdicts first."),
        )
        return
    if part == ELEMENTS:
        draw_elements(place, view)
    else:
        _answers(place, view, rules.levels)
    st.caption(plain(rules.why))


def _answers(place: Here, view: View, rules: SpreadRules) -> None:
    """Level against spread, and below it the questions by what follows."""
    asked = _asked(place, view)
    countries = view.countries(place.organisation)
    found = comparing.spreads(place.scope, place.revision, view.round.id, tuple(countries))
    findings = [finding for finding in found if finding.question_id in asked]
    if not any(finding.quadrant for finding in findings):
        st.subheader(plain(standard_headline(findings)), anchor=False)
        nothing_yet(
            t("No question has a level from two of these countries."),
            t("They show as soon as their assessments are sent for review; drafts are read by nobody else."),
        )
        return
    show(place, view, _picture(place, view, rules, findings))
    _lists(findings, rules, {name: question.name for name, (question, _) in asked.items()})


def _asked(place: Here, view: View) -> dict[str, tuple[Question, Questionnaire]]:
    """Every question that is looked at with its questionnaire, by id."""
    versions = [place.catalogue.get(name, version) for name, version in view.pinned.items()]
    return {name: (question, entry) for entry in versions for name, question in entry.questions.items()}


def _picture(place: Here, view: View, rules: SpreadRules, findings: Sequence[SpreadFinding]) -> Picture:
    asked = _asked(place, view)
    dots = [
        Dot(asked[finding.question_id][0].name, asked[finding.question_id][1].title, finding)
        for finding in findings
        if finding.quadrant is not None
    ]
    levels = {int(level): name for _, entry in asked.values() for level, name in entry.axis}
    headline, subtitle = standard_headline(findings), _subtitle(findings, rules)
    countries = view.countries(place.organisation)
    tally = spread_tally(findings)
    carried = t("evidence carries {n} of {all} in full", n=tally.supported, all=count(tally.levels, "level"))
    some = t("levels of {countries}", countries=countries_words(tally))
    source = source_line(place, view, some, levels_words(supported=False), carried)
    data = spread_table(
        findings,
        {name: entry.id for name, (_, entry) in asked.items()},
        {name: question.name for name, (question, _) in asked.items()},
    )
    return Picture(
        "commonality", headline, subtitle, source, _table(findings, asked),
        lambda titled: commonality(
            dots, rules, levels, palette(),
            words_of(headline, subtitle, source, titled=titled),
        ),
        list(countries), data,
    )  # fmt: skip


def _subtitle(findings: Sequence[SpreadFinding], rules: SpreadRules) -> str:
    """What is drawn, its limits, and what isn't there."""
    tally = spread_tally(findings)
    parts = [
        t("Median level of the countries against the distance between their quartiles, question by question."),
        t(
            "Limits: level {high}, {narrow} between the quartiles. Hollow: within {near} of a limit ({n}).",
            high=rules.high_from, narrow=f"{rules.narrow_up_to:g}", near=decimal(0.1), n=tally.borderline,
        ),
    ]  # fmt: skip
    if tally.unknown:
        parts.append(
            t(
                "Not drawn: {questions} with fewer than two levels.",
                questions=count(tally.unknown, "question"),
            )
        )
    return " ".join(parts)


def _table(
    findings: Sequence[SpreadFinding], asked: dict[str, tuple[Question, Questionnaire]]
) -> pd.DataFrame:
    rows = [
        {
            t("Question"): asked[finding.question_id][0].name,
            t("Questionnaire"): asked[finding.question_id][1].title,
            t("Median"): "–" if finding.median is None else decimal(finding.median),
            t("Between quartiles"): "–" if finding.spread is None else decimal(finding.spread, 2),
            t("Countries"): len(finding.levels),
            t("What follows"): finding.advice.title if finding.advice else t("fewer than two levels"),
            t("Borderline"): t("yes") if finding.is_borderline else "",
        }
        for finding in findings
    ]
    return pd.DataFrame(rows)


def _lists(findings: Sequence[SpreadFinding], rules: SpreadRules, names: dict[str, str]) -> None:
    """The questions of each quadrant, clearest first, two lists beside each other where there is room."""
    st.subheader(t("The questions by what follows"), anchor=False)
    groups = by_quadrant(findings)
    quadrants = (Quadrant.HIGH_NARROW, Quadrant.LOW_NARROW, Quadrant.HIGH_WIDE, Quadrant.LOW_WIDE)
    for pair in (quadrants[:2], quadrants[2:]):
        for column, quadrant in zip(st.columns(2), pair, strict=True):
            with column:
                _list(groups[quadrant], quadrant, rules, names)


def _list(
    findings: Sequence[SpreadFinding], quadrant: Quadrant, rules: SpreadRules, names: dict[str, str]
) -> None:
    advice = advice_of(quadrant, rules)
    st.markdown(f"**{plain(advice.title)}** ({len(findings)})")
    st.caption(plain(advice.what_follows))
    if not findings:
        return
    with st.expander(count(len(findings), "question"), key=f"quadrant-{quadrant}"):
        st.markdown("\n".join(_line(finding, names) for finding in findings))


def _line(finding: SpreadFinding, names: dict[str, str]) -> str:
    told = t(
        "median {median}, {spread} apart",
        median=decimal(finding.median or 0.0), spread=decimal(finding.spread or 0.0, 2),
    )  # fmt: skip
    mark = t(" · borderline") if finding.is_borderline else ""
    return f"- {plain(names[finding.question_id])} :small[{told}{mark}]"


page()
