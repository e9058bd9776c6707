"""The what-if part of the readiness page: which gates would have to rise, and who would be ready then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from assessment.analysis.doings import Doing, doing_words
from assessment.analysis.gate_matrix import gate_title
from assessment.analysis.gates import StageFinding
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.what_if import (
    Raisable,
    Step,
    WhatIf,
    cheapest_steps,
    nearest,
    raisable,
    stages_of,
    steps_headline,
    what_if,
    what_if_headline,
)
from assessment.charts.words import verdict_words
from assessment.i18n import count, joined, t
from assessment.questionnaire.verdicts import VerdictRules
from assessment.ui.address import remembered, remembered_some
from assessment.ui.session import Here, labelled
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet

#: More steps than this are no proposal any more; the others stand in a box.
_MOST_STEPS = 5
_SOME, _HARD = "some", "hard"
_STEP_WORDS: Mapping[Doing, str] = {
    Doing.ANSWER: "{whose}, to answer: {gates}",
    Doing.SHOW: "{whose}, evidence for: {gates}",
    Doing.RAISE: "{whose}: {gates}",
}
_DOING_WORDS: Mapping[Doing, str] = {
    Doing.ANSWER: "an answer at level {level}, with evidence",
    Doing.SHOW: "evidence for level {level}, which is claimed",
    Doing.RAISE: "to rise to level {level}, with evidence",
}


def draw_what_if(place: Here, findings: RoundFindings, rules: VerdictRules) -> None:
    """Asks whose gates rise and which, and says what follows."""
    asked = {entry.unit_id for entry in findings.stages}
    units = [unit for unit in place.organisation.units if unit in asked]
    if not units:
        nothing_yet(t("There is nothing to try."), t("No unit was asked in this round."))
        return
    st.caption(
        t(
            "What is tried is a first pilot; shown first is the country that needs the fewest answers for one more. Later stages"
            " need several domains at once: raising one answer tells nothing about them."
        )
    )
    unit = _unit(place, units, nearest(findings, rules, units) or units[0])
    own = stages_of(findings, unit)
    gates = raisable(own)
    if not gates:
        nothing_yet(t("Nothing is left to raise here."), t("No gate of this unit or of its domains is open."))
        return
    chosen = _gates(gates, findings, rules)
    finding = what_if(findings, rules, unit, chosen)
    if chosen:
        label, title = place.organisation.label(unit), t("a first pilot")
        st.subheader(plain(what_if_headline(finding, label, title)), anchor=False)
        _outcome(place, finding)
        _behind(place, finding, findings, rules)
    else:
        st.caption(t("Choose gates to see what would follow."))
    _proposal(place, own, findings, rules)


def _unit(place: Here, units: Sequence[str], first: str) -> str:
    """Whose gates; always named by the address, because who is nearest changes."""
    names = {name: labelled(place.organisation, name) for name in units}
    return str(
        remembered(
            "unit", units, first,
            lambda key: st.selectbox(t("Whose gates"), units, format_func=names.__getitem__, key=key), is_named=True,
        )
    )  # fmt: skip


def _gates(gates: Sequence[Raisable], findings: RoundFindings, rules: VerdictRules) -> set[str]:
    """The gates that are taken as raised; both choices stand in the address."""
    hard = [entry.question_id for entry in gates if entry.hard]
    names = {_SOME: t("Those chosen below")}
    if hard:
        names[_HARD] = t("All of its hard gates ({n}), and those chosen below", n=len(hard))
    which = remembered(
        "raise", names, _SOME,
        lambda key: st.radio(
            t("Gates that reach the level they need, with evidence"), list(names), format_func=names.__getitem__,
            horizontal=True, key=key,
        ),
    )  # fmt: skip
    words = {entry.question_id: _gate_words(entry, findings, rules) for entry in gates}
    chosen = remembered_some(
        "raised", words,
        lambda key: st.multiselect(t("Gates"), list(words), format_func=words.__getitem__, key=key),
    )  # fmt: skip
    return {*chosen, *(hard if which == _HARD else ())}


def _gate_words(entry: Raisable, findings: RoundFindings, rules: VerdictRules) -> str:
    kind = t("hard") if entry.hard else t("floor")
    unknown = t(", nobody knows its level") if set(entry.doings) == {Doing.ANSWER} else ""
    return t(
        "{gate} ({kind}, level {level}, holds back {units}{unknown})",
        gate=gate_title(entry.question_id, findings, rules), kind=kind, level=entry.needed_level,
        units=count(len(entry.unit_ids), "unit"), unknown=unknown,
    )  # fmt: skip


def _outcome(place: Here, finding: WhatIf) -> None:
    """Every verdict that hangs on these answers, before and after."""
    rows = [
        {
            t("Unit"): place.organisation.label(old.unit_id),
            t("Now"): _verdict(old),
            t("Then"): _verdict(new),
            t("Hard gates still open"): len([gate for gate in new.blockers if gate.hard]),
            t("Floors still open"): len([gate for gate in new.blockers if not gate.hard]),
        }
        for old, new in zip(finding.before, finding.after, strict=True)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _verdict(stage: StageFinding) -> str:
    return verdict_words(stage.verdict) if stage.verdict else "–"


def _behind(place: Here, finding: WhatIf, findings: RoundFindings, rules: VerdictRules) -> None:
    """Whose answers these are, and what each of them needs."""
    if not finding.raised:
        return
    told = doing_words(doing for entry in finding.raised for doing in entry.doings)
    with st.expander(t("Behind this: {answers}", answers=told)):
        rows = [
            {
                t("Whose answer"): place.organisation.label(unit),
                t("Gate"): gate_title(question, findings, rules),
                t("What it needs"): t(_DOING_WORDS[doing], level=entry.needed_level),
            }
            for entry in finding.raised
            for (unit, question), doing in zip(entry.answers, entry.doings, strict=True)
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True)


def _proposal(place: Here, own: Sequence[StageFinding], findings: RoundFindings, rules: VerdictRules) -> None:
    """The fewest answers that make most ready, as a numbered list."""
    steps = cheapest_steps(own, rules)
    if not steps:
        return
    labels = {entry.unit_id: place.organisation.label(entry.unit_id) for entry in own}
    st.subheader(plain(steps_headline(steps, own, labels)), anchor=False)
    st.caption(
        t(
            "A short way, found greedily: at each step the domain that needs the fewest more answers, counting floors that may stay open as open."
            " A smaller set for all of them may exist."
        )
    )
    lines = [
        f"{number}. {_step(place, step, len(own), findings, rules)}"
        for number, step in enumerate(steps, start=1)
    ]
    # One more line is shorter than the words that hide it.
    shown = len(lines) if len(lines) == _MOST_STEPS + 1 else _MOST_STEPS
    st.markdown("\n".join(lines[:shown]))
    if lines[shown:]:
        with st.expander(t("Further steps ({n})", n=len(lines[shown:]))):
            st.markdown("\n".join(lines[shown:]))


def _step(place: Here, step: Step, domains: int, findings: RoundFindings, rules: VerdictRules) -> str:
    ready = joined(plain(place.organisation.label(unit)) for unit in step.unit_ids)
    answers = "; ".join(
        t(_STEP_WORDS[doing], whose=plain(place.organisation.label(unit)), gates=", ".join(gates))
        for (unit, doing), gates in _grouped(step, findings, rules).items()
    )
    return t(
        "{done}, and **{ready}** can begin ({n} of {all}). {answers}",
        done=doing_words(step.doings), ready=ready, n=step.ready, all=domains, answers=answers,
    )  # fmt: skip


def _grouped(step: Step, findings: RoundFindings, rules: VerdictRules) -> dict[tuple[str, Doing], list[str]]:
    """The gates of a step by whose answers they read and what these need."""
    found: dict[tuple[str, Doing], list[str]] = {}
    for (unit, question), doing in zip(step.answers, step.doings, strict=True):
        found.setdefault((unit, doing), []).append(plain(gate_title(question, findings, rules)))
    return found
