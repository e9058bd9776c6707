"""The what-if part of the readiness page: which gates would have to rise, and who would be ready then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from assessment.analysis.gate_matrix import gate_title
from assessment.analysis.gates import StageFinding
from assessment.analysis.readiness import RoundFindings
from assessment.analysis.what_if import (
    Answer,
    Raisable,
    Step,
    WhatIf,
    cheapest_steps,
    raisable,
    stages_of,
    steps_headline,
    what_if,
    what_if_headline,
)
from assessment.i18n import count, joined, t
from assessment.questionnaire.verdicts import VerdictRules
from assessment.ui.address import remembered
from assessment.ui.readiness import VERDICT_WORDS
from assessment.ui.session import Here, labelled
from assessment.ui.text import plain
from assessment.ui.widgets import nothing_yet

#: A plan of more steps than this is no proposal any more.
_MOST_STEPS = 5


def draw_what_if(place: Here, findings: RoundFindings, rules: VerdictRules) -> None:
    """Asks whose gates rise and which, and says what follows."""
    asked = {entry.unit_id for entry in findings.stages}
    units = [unit for unit in place.organisation.units if unit in asked]
    if not units:
        nothing_yet(t("There is nothing to try."), t("No unit was asked in this round."))
        return
    st.caption(
        t(
            "What is tried is a first pilot. Later stages need several domains at once: raising one answer tells nothing about them."
        )
    )
    unit = _pick("unit", t("Whose gates"), {name: labelled(place.organisation, name) for name in units})
    own = stages_of(findings, unit)
    gates = raisable(own)
    if not gates:
        nothing_yet(t("Nothing is left to raise here."), t("No gate of this unit or of its domains is open."))
        return
    chosen = _gates(gates, findings, rules, unit)
    finding = what_if(findings, rules, unit, chosen)
    if chosen:
        label, title = place.organisation.label(unit), t("a first pilot")
        st.subheader(plain(what_if_headline(finding, label, title)), anchor=False)
        _outcome(place, finding)
        _behind(place, finding, findings, rules)
    else:
        st.caption(t("Choose gates to see what would follow."))
    _proposal(place, own, findings, rules)


def _pick(name: str, label: str, names: Mapping[str, str]) -> str:
    return str(
        remembered(
            name, list(names), next(iter(names)),
            lambda key: st.selectbox(label, list(names), format_func=names.__getitem__, key=key),
        )
    )  # fmt: skip


def _gates(gates: Sequence[Raisable], findings: RoundFindings, rules: VerdictRules, unit: str) -> set[str]:
    """The gates that are taken as raised."""
    words = {entry.question_id: _gate_words(entry, findings, rules) for entry in gates}
    hard = [entry.question_id for entry in gates if entry.hard]
    chosen = st.multiselect(
        t("Gates that rise to the level they need, with evidence"), list(words),
        format_func=words.__getitem__, key=f"raised-{unit}",
    )  # fmt: skip
    label = t("All of its hard gates ({n})", n=len(hard))
    return {*chosen, *(hard if hard and st.toggle(label, key=f"hard-{unit}") else ())}


def _gate_words(entry: Raisable, findings: RoundFindings, rules: VerdictRules) -> str:
    kind = t("hard") if entry.hard else t("floor")
    return t(
        "{gate} ({kind}, level {level}, holds back {units})",
        gate=gate_title(entry.question_id, findings, rules), kind=kind, level=entry.needed_level,
        units=count(len(entry.unit_ids), "unit"),
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
    return t(VERDICT_WORDS[stage.verdict]) if stage.verdict else "–"


def _behind(place: Here, finding: WhatIf, findings: RoundFindings, rules: VerdictRules) -> None:
    """Whose answers would have to rise."""
    answers = [(entry, answer) for entry in finding.raised for answer in entry.answers]
    if not answers:
        return
    with st.expander(t("{answers} would have to rise", answers=count(len(answers), "answer"))):
        rows = [
            {
                t("Whose answer"): place.organisation.label(unit),
                t("Gate"): gate_title(question, findings, rules),
                t("To level"): entry.needed_level,
            }
            for entry, (unit, question) in answers
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
        for number, step in enumerate(steps[:_MOST_STEPS], start=1)
    ]
    st.markdown("\n".join(lines))


def _step(place: Here, step: Step, domains: int, findings: RoundFindings, rules: VerdictRules) -> str:
    ready = joined(plain(place.organisation.label(unit)) for unit in step.unit_ids)
    answers = "; ".join(
        t("{whose}: {gates}", whose=plain(place.organisation.label(unit)), gates=", ".join(gates))
        for unit, gates in _by_unit(step.answers, findings, rules).items()
    )
    return t(
        "Raise {n}, and **{ready}** can begin ({done} of {all}). {answers}",
        n=count(len(step.answers), "answer"), ready=ready, done=step.ready, all=domains, answers=answers,
    )  # fmt: skip


def _by_unit(answers: Sequence[Answer], findings: RoundFindings, rules: VerdictRules) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for unit, question in answers:
        found.setdefault(unit, []).append(plain(gate_title(question, findings, rules)))
    return found
