"""Whether it will last, on a page: the risk of each domain, with its worst causes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from assessment.analysis.lasting import LastingFinding, Risk, lasting_finding, lasting_table
from assessment.analysis.readiness import RoundFindings
from assessment.charts.lasting import MOST_DOMAINS, lasting
from assessment.i18n import count, decimal, joined, t
from assessment.ui import resources
from assessment.ui.charting import Picture, show, source_line, words_of
from assessment.ui.filters import View, levels_words
from assessment.ui.session import Here
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet, palette

#: So many domains stand with their causes below the picture.
_MOST_NAMED = 10


def draw_lasting(place: Here, view: View) -> None:
    """The picture, the causes of the riskiest domains, what hangs on the weights, and what is missing."""
    found = resources.findings(place.scope, place.revision, view.round.id)
    rules = place.catalogue.verdicts_of(view.round.rules_version)
    labels = view.domains(place.organisation)
    if found is None or rules is None or not any(unit in labels for unit in found.risks):
        nothing_yet(
            t("There is no risk to show."),
            t("It is computed for domains, in rounds that domains were asked in."),
        )
        return
    finding = lasting_finding(found.risks, rules.sustainability, labels, _names(found))
    _picture(place, view, finding)
    _causes(finding)
    _missing(finding)
    with st.expander(t("How the index comes about")):
        st.markdown(plain(rules.sustainability.why))


def _names(found: RoundFindings) -> Mapping[str, str]:
    return {name: question.name for name, question in found.readings.questions.items()}


def _picture(place: Here, view: View, finding: LastingFinding) -> None:
    known = count(len(finding.known), "domain")
    source = source_line(place, view, known, levels_words(supported=False))
    picture = Picture(
        "lasting", finding.headline, finding.subtitle, source, _table(finding),
        lambda titled: lasting(
            finding, palette(), words_of(finding.headline, finding.subtitle, source, titled=titled)
        ),
        [risk.finding.unit_id for risk in finding.risks], lasting_table(finding),
    )  # fmt: skip
    show(place, view, picture)
    if len(finding.known) > MOST_DOMAINS:
        st.caption(t("The {n} riskiest of {all}; the table has all.", n=MOST_DOMAINS, all=len(finding.known)))


def _causes(finding: LastingFinding) -> None:
    """The riskiest domains with what weighs them down."""
    top = max((risk.place or 0 for risk in finding.known), default=0)
    shown = [risk for risk in finding.in_band(top) if top][:_MOST_NAMED]
    if not shown:
        return
    st.subheader(t("What weighs them down"), anchor=False)
    st.markdown("\n".join(_line(finding, risk) for risk in shown))
    more = len(finding.in_band(top)) - len(shown)
    if more:
        st.caption(t("{n} more at “{band}” are in the table.", n=more, band=plain(finding.bands[top].title)))


def _line(finding: LastingFinding, risk: Risk) -> str:
    causes = [_cause(finding, risk, place) for place in range(len(risk.finding.causes))]
    index = "" if risk.finding.index is None else f" {decimal(risk.finding.index, 0)}"
    band = risk.finding.band.title if risk.finding.band else ""
    told = f"- **{plain(risk.label)}**: {plain(band)}{index}  \n  " + plain(" · ".join(filter(None, causes)))
    notes = _notes(risk)
    return told + (f"  \n  {plain(' '.join(notes))}" if notes else "")


def _notes(risk: Risk) -> list[str]:
    """A rule that set the band, or that the band hangs on the weights."""
    notes = []
    if risk.finding.forced:
        notes.append(t("By rule: {why}", why=risk.finding.forced.why))
    if risk.finding.hangs_on_weights and risk.finding.equal_weights_band:
        other = risk.finding.equal_weights_band.title
        notes.append(t("With all answers weighing the same it would be “{band}”.", band=other))
    return notes


def _cause(finding: LastingFinding, risk: Risk, place: int) -> str:
    if place >= len(risk.finding.causes):
        return ""
    cause = risk.finding.causes[place]
    name = finding.names.get(cause.question_id, cause.question_id)
    return t("{question} (level {level})", question=name, level=cause.claimed)


def _missing(finding: LastingFinding) -> None:
    if not finding.unknown:
        return
    names = joined(f"“{finding.names.get(name, name)}” ({n})" for name, n in finding.missing[:3])
    told = t("Of {domains} nobody can tell yet.", domains=count(len(finding.unknown), "domain"))
    missing = t(" Missing most often: {names}.", names=names) if names else ""
    st.caption(plain(told + missing))


def _table(finding: LastingFinding) -> pd.DataFrame:
    rows = [
        [
            risk.label, risk.finding.band.title if risk.finding.band else t("unknown"),
            "–" if risk.finding.index is None else decimal(risk.finding.index, 0),
            *(_cause(finding, risk, place) for place in range(3)), " ".join(_notes(risk)),
            ", ".join(finding.names.get(name, name) for name in risk.finding.missing),
        ]
        for risk in finding.risks
    ]  # fmt: skip
    head = [
        t("Domain"),
        t("Risk"),
        t("Index"),
        t("Worst cause"),
        t("Second"),
        t("Third"),
        t("Note"),
        t("Missing"),
    ]
    return pd.DataFrame(rows, columns=head)
