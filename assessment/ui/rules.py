"""The rules for verdicts, drawn in words: what each reads, its limits, and why it is so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from assessment.i18n import decimal, percent, t
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.verdicts import (
    Advice,
    Clause,
    Extent,
    GateRules,
    ModelClass,
    OperatingModelRules,
    OrderRules,
    OrderVerdict,
    PerceptionRules,
    Requirement,
    Stage,
    SustainabilityRules,
    VerdictRules,
)
from assessment.ui.text import plain


def draw_rules(rules: VerdictRules, catalogue: Catalogue) -> None:
    """Every part of the rules under its own heading, with its reason first and its limits on request."""
    asked = _Asked(catalogue)
    st.markdown(plain(rules.summary))
    _part(t("Gates"), rules.gates.why, _gates(rules.gates, rules.sustainability, asked))
    _part(t("Operating model"), rules.operating_model.why, _model(rules.operating_model, asked))
    _part(t("Will it last?"), rules.sustainability.why, _sustainability(rules.sustainability, asked))
    _part(t("Common or local"), rules.common_or_local.why, _common(rules))
    _part(t("What leaders see and what domains see"), rules.perception.why, _perception(rules.perception))
    _part(t("Order: governance first, or together?"), rules.order.why, _order(rules.order, asked))


class _Asked:
    """What questions and facts ask, by id."""

    def __init__(self, catalogue: Catalogue) -> None:
        published = catalogue.latest_published()
        self._prompts = {
            name: question.prompt for entry in published for name, question in entry.questions.items()
        }
        self._prompts |= {fact.id: fact.prompt for fact in catalogue.facts}

    def __call__(self, name: str | None) -> str:
        return plain(self._prompts.get(name or "", name or ""))


def _part(title: str, why: str, lines: Iterable[str]) -> None:
    st.markdown(f"**{title}** {plain(why)}" if title.endswith("?") else f"**{title}.** {plain(why)}")
    with st.expander(t("The rule: {title}", title=title.rstrip("?"))):
        st.markdown("\n".join(lines))


def _gates(rules: GateRules, risk: SustainabilityRules, asked: _Asked) -> Iterable[str]:
    yield f"**{plain(rules.pilot.title)}**: {plain(rules.pilot.why)}"
    yield ""
    yield t("Up to {n} floors of each questionnaire can wait.", n=rules.pilot.waivable_floors)
    for stage in (rules.scale, rules.sustain):
        yield ""
        yield f"**{plain(stage.title)}**: {plain(stage.why)}"
        yield ""
        yield from (f"- {_requirement(entry, asked)}" for entry in stage.requirements)
        yield from _also(stage, risk)


def _also(stage: Stage, risk: SustainabilityRules) -> Iterable[str]:
    if stage.rounds_in_a_row > 1:
        yield "- " + t("All of it in {n} rounds in a row.", n=stage.rounds_in_a_row)
    if stage.no_domain_in_band:
        band = next(band.title for band in risk.bands if band.id == stage.no_domain_in_band)
        yield "- " + t("Will it last? No domain with: {band}.", band=plain(band))


def _requirement(entry: Requirement, asked: _Asked) -> str:
    whose = {
        Extent.UNIT: "",
        Extent.DOMAINS: t(", in {share} of domains", share=percent(entry.share)),
        Extent.LIVE_DOMAINS: t(", in {share} of domains with live data products", share=percent(entry.share)),
    }
    return t(
        "{prompt} Level {level}{whose}.",
        prompt=asked(entry.question),
        level=entry.at_least,
        whose=whose[entry.of],
    )


def _model(rules: OperatingModelRules, asked: _Asked) -> Iterable[str]:
    yield t("What is read:")
    yield ""
    for entry in rules.inputs.values():
        source = t("; or, if better, ").join(asked(name) for name in entry.questions)
        yield f"- {plain(entry.title)}" + (f": {source}" if source else "")
    yield ""
    yield t("The ideas behind it, counted:")
    yield ""
    for idea in rules.principles:
        bounds = [
            _bound(rules, name, t("at least {level}", level=level)) for name, level in idea.at_least.items()
        ]
        yield f"- **{plain(idea.title)}**: {'; '.join(bounds)}"
    yield ""
    yield t("The first that fits:")
    yield ""
    yield from (
        f"1. **{plain(entry.title)}**: {plain(entry.summary)} {_levels(entry, rules)}"
        for entry in rules.classes
    )


def _levels(entry: ModelClass, rules: OperatingModelRules) -> str:
    parts = [
        _bound(rules, name, t("at least {level}", level=level)) for name, level in entry.at_least.items()
    ]
    parts += [_bound(rules, name, t("at most {level}", level=level)) for name, level in entry.at_most.items()]
    return t("Needs: {parts}.", parts="; ".join(parts)) if parts else t("All the rest.")


def _bound(rules: OperatingModelRules, name: str, bound: str) -> str:
    return f"{plain(rules.inputs[name].title)}: {bound}"


def _sustainability(rules: SustainabilityRules, asked: _Asked) -> Iterable[str]:
    yield t(
        "Each level counts as a risk from 0 (level 5) to 1 (level 1). The index is {mean} the weighted mean of all, and for "
        "the rest the mean of the {worst} worst, times 100.",
        mean=percent(rules.mean_share), worst=rules.worst,
    )  # fmt: skip
    yield ""
    yield from (
        f"- {asked(entry.question)} ({t('weight {weight}', weight=f'{entry.weight:g}')})"
        for entry in rules.answers
    )
    yield ""
    yield from (
        f"- **{plain(band.title)}**: {t('up to {limit}', limit=decimal(band.up_to, 0))}"
        for band in rules.bands
    )
    titles = {band.id: plain(band.title) for band in rules.bands}
    for forced in rules.forced:
        clauses = "; ".join(_clause(clause, asked) for clause in (*forced.when.all, *forced.when.any))
        yield f"- {plain(forced.why)} ({clauses} → {titles[forced.band]})"


def _common(rules: VerdictRules) -> Iterable[str]:
    elements, levels = rules.common_or_local.elements, rules.common_or_local.levels
    share = percent(elements.common_share)
    conditions: Mapping[str, Advice] = {
        t(
            "no country differs by law, and at least {share} have it the same way", share=share
        ): elements.common,
        t("some countries differ by law"): elements.common_with_local_part,
        t("all countries differ by law"): elements.local,
        t("all else"): elements.contested,
    }
    yield from (_advice(when, advice) for when, advice in conditions.items())
    yield ""
    yield t("What one country alone uses is compared with nobody's; only a law of its own makes it local.")
    yield ""
    yield t(
        "For a question: high from level {high}; narrow up to {narrow} level between the quarters of countries.",
        high=levels.high_from, narrow=f"{levels.narrow_up_to:g}",
    )  # fmt: skip
    yield ""
    quadrants = {
        t("high and narrow"): levels.high_narrow, t("high and wide"): levels.high_wide,
        t("low and narrow"): levels.low_narrow, t("low and wide"): levels.low_wide,
    }  # fmt: skip
    yield from (_advice(when, advice) for when, advice in quadrants.items())


def _advice(when: str, advice: Advice) -> str:
    return f"- **{plain(advice.title)}** ({when}): {plain(advice.what_follows)}"


def _perception(rules: PerceptionRules) -> Iterable[str]:
    limits = {
        t("from {n} domains on", n=rules.minimum_domains): rules.higher_lead,
        t("the other way round"): rules.higher_domains,
        t(
            "more than {share} don't know, and the lead claims level {level}",
            share=percent(rules.dont_know_share), level=rules.lead_claims,
        ): rules.invisible,
        t("average deviation above {limit} levels", limit=f"{rules.agreement:g}"): rules.no_shared_view,
    }  # fmt: skip
    yield t("Amber from {amber} level on, red from {red}.", amber=f"{rules.amber:g}", red=f"{rules.red:g}")
    yield ""
    yield from (_advice(when, advice) for when, advice in limits.items())


def _order(rules: OrderRules, asked: _Asked) -> Iterable[str]:
    yield t("Prerequisites:")
    yield ""
    yield from (f"- {_clause(clause, asked)}" for clause in rules.prerequisites)
    yield ""
    yield t(
        "All questions of the phases {phases}, and these, grow with adoption; below level {level} they become targets:",
        phases=", ".join(rules.co_evolving.phases), level=rules.co_evolving_target,
    )  # fmt: skip
    yield ""
    yield from (f"- {asked(name)}" for name in rules.co_evolving.questions)
    yield ""
    yield t("The first that is true:")
    yield ""
    yield from (
        f"1. **{plain(entry.title)}**: {plain(entry.what_follows)} {_when(entry, asked)}"
        for entry in rules.verdicts
    )


def _when(entry: OrderVerdict, asked: _Asked) -> str:
    every = "; ".join(_clause(clause, asked) for clause in entry.when.all)
    some = "; ".join(_clause(clause, asked) for clause in entry.when.any)
    parts = [
        t("All of: {parts}.", parts=every) if every else "",
        t("One of: {parts}.", parts=some) if some else "",
    ]
    return " ".join(part for part in parts if part) or t("All the rest.")


def _clause(clause: Clause, asked: _Asked) -> str:
    if clause.fact:
        limit = "" if clause.above is None else " " + t("more than {limit}", limit=f"{clause.above:g}")
        return asked(clause.fact) + limit
    bound = (
        t("at least {level}", level=clause.at_least)
        if clause.at_least
        else t("at most {level}", level=clause.at_most)
    )
    return f"{asked(clause.question)} {bound}"
