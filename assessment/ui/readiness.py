"""Gates and verdicts of one unit on a page: the answer first, then what is open."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from assessment.analysis.blockers import Waivers, waiver_words
from assessment.analysis.gates import (
    Gate,
    StageFinding,
    StageName,
    country_headline,
    pilot_headline,
)
from assessment.analysis.in_short import gate_counts
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.unseen import is_a_guess, unseen_gates
from assessment.charts.words import state_words, verdict_words
from assessment.i18n import count, t
from assessment.questionnaire.models import UnitKind
from assessment.ui.deciding import waivers_of
from assessment.ui.session import Here, today
from assessment.ui.text import plain


def readiness_headline(
    place: Here, findings: RoundFindings | None, unit_id: str, hidden: Collection[str] = ()
) -> str:
    """What may be said of the unit's readiness for a first pilot; '' where that hangs on answers out of sight.

    `hidden` are the domains of a country whose answers this reader may not see yet: they are not counted as not ready.
    """
    pilot = _pilot(findings, unit_id)
    if findings is None or pilot is None or _is_withheld(place, pilot, unit_id):
        return ""
    label = place.organisation.label(unit_id)
    if place.organisation.units[unit_id].kind is not UnitKind.COUNTRY:
        return pilot_headline(pilot, label)
    below = [] if hidden else [entry.id for entry in place.organisation.domains(unit_id)]
    domains = [e for e in findings.stages if e.unit_id in below and e.stage is StageName.PILOT]
    return country_headline(pilot, domains, label)


def draw_readiness(place: Here, findings: RoundFindings, unit_id: str) -> None:
    """Whether the unit is ready for a pilot, and for more; nothing where no gate is asked of it."""
    pilot = _pilot(findings, unit_id)
    if pilot is None:
        return
    st.subheader(t("Readiness for a first pilot"), anchor=False)
    if _is_withheld(place, pilot, unit_id):
        seen = count(len(unseen_gates(pilot, place.scope.units)), "gate")
        st.caption(
            t("{gates} hang on your country's answers, which you don't see; so no verdict here.", gates=seen)
        )
    counts = gate_counts(gate for gate in pilot.gates if gate.reading.source_unit_id in place.scope.units)
    st.markdown(" · ".join(f"**{number}** {state_words(state)}" for state, number in counts.items()))
    _open_gates(place, findings, pilot, t("What is open for a pilot"))
    for entry in findings.stages:
        if entry.unit_id == unit_id and entry.stage is not StageName.PILOT:
            _later(place, findings, entry)


def _pilot(findings: RoundFindings | None, unit_id: str) -> StageFinding | None:
    """The unit's gates for a first pilot; None where it is asked none."""
    stages = findings.stages if findings else ()
    found = (entry for entry in stages if entry.unit_id == unit_id and entry.stage is StageName.PILOT)
    pilot = next(found, None)
    return pilot if pilot and pilot.gates else None


def _is_withheld(place: Here, pilot: StageFinding, unit_id: str) -> bool:
    """Whether a verdict would be a guess: what the country says isn't read for a domain."""
    is_country = place.organisation.units[unit_id].kind is UnitKind.COUNTRY
    return not is_country and is_a_guess(pilot, place.scope.units)


def _later(place: Here, findings: RoundFindings, stage: StageFinding) -> None:
    rules = place.catalogue.latest_verdicts()
    if rules is None or stage.verdict is None:
        return
    title = rules.gates.scale.title if stage.stage is StageName.SCALE else rules.gates.sustain.title
    st.markdown(f"**{plain(title)}**: {verdict_words(stage.verdict)}")
    _open_gates(place, findings, stage, t("What is open: {title}", title=plain(title)))


def _open_gates(place: Here, findings: RoundFindings, stage: StageFinding, title: str) -> None:
    """The gates that aren't passed, hard ones first."""
    blockers = [gate for gate in stage.blockers if gate.reading.source_unit_id in place.scope.units]
    if not blockers:
        return
    # Only a first pilot's floors can be waived.
    waivers = waivers_of(place, findings.round_id) if stage.stage is StageName.PILOT else {}
    with st.expander(f"{title} ({len(blockers)})"):
        # A list, because a table of five columns is wider than a phone.
        st.markdown("\n".join(_line(place, findings, gate, waivers) for gate in blockers))


def _line(place: Here, findings: RoundFindings, gate: Gate, waivers: Waivers) -> str:
    question = findings.readings.questions.get(gate.question_id)
    prompt = plain(question.prompt if question else gate.question_id)
    kind = t("hard gate") if gate.hard else t("floor")
    parts = [state_words(gate.state), t("needs level {level}", level=gate.needed_level)]
    if gate.reading.claimed is not None:
        claimed, supported = gate.reading.claimed, gate.reading.supported
        parts.append(
            t("claimed {claimed}, evidence carries {supported}", claimed=claimed, supported=supported)
        )
    parts += [kind, place.organisation.label(gate.reading.source_unit_id)]
    waiver = waivers.get((gate.unit_id, gate.question_id))
    if waiver is not None and not gate.hard:
        parts.append(waiver_words(waiver, today()))
    return f"- **{prompt}**  \n  " + " · ".join(plain(part) for part in parts)
