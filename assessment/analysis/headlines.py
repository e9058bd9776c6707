"""What each finding says in one sentence, computed from the finding.

Each has a sentence for "nothing stands out" and one for "nobody can tell yet, because …". Those about scores, gaps and gates stand with their findings. Names go in as they are: escaping is the page's work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from assessment.analysis.common_or_local import (
    Commonality,
    ElementFinding,
    Quadrant,
    SpreadFinding,
    SpreadTally,
    spread_tally,
)
from assessment.analysis.matched import LEAST_SHOWN, Cause
from assessment.analysis.movement import Refusal
from assessment.analysis.movers import Movement, refusal_words
from assessment.analysis.operating_model import Bound, OperatingModelFinding
from assessment.analysis.order import OrderFinding
from assessment.analysis.perception import Perceived, PerceptionFinding
from assessment.analysis.sustainability import SustainabilityFinding
from assessment.i18n import count, decimal, joined, t


def of_questionnaire(title: str, headline: str, *, alone: bool) -> str:
    """The headline of one chart; with its questionnaire's name where those of several stand below one another."""
    return headline if alone else t("{questionnaire}: {headline}", questionnaire=title, headline=headline)


def operating_model_headline(finding: OperatingModelFinding, label: str) -> str:
    """Where a domain stands, and what keeps it from the next class; unknown while an input has no level."""
    if finding.chosen is None:
        missing = count(len(finding.missing), "input")
        # Not "yet": what doesn't apply may never have one.
        have = t("has") if len(finding.missing) == 1 else t("have")
        return t(
            "The operating model of {unit} can't be told: {missing} {have} no level",
            unit=label, missing=missing, have=have,
        )  # fmt: skip
    here = t("{unit} works as “{model}”", unit=label, model=finding.chosen.title)
    if finding.borderline:
        others = joined(f"“{entry.title}”" for entry in finding.borderline)
        return t("{here}, one level in one answer away from {others}", here=here, others=others)
    missed = [bound for bound in finding.bounds if not bound.is_met]
    if finding.nearest is None or not missed:
        return here
    return t(
        "{here}; for “{next}” it misses {conditions}",
        here=here, next=finding.nearest.title, conditions=_first_of(missed),
    )  # fmt: skip


def sustainability_headline(finding: SustainabilityFinding, label: str, titles: Mapping[str, str]) -> str:
    """The risk and its worst cause; `titles` are short names of questions by id, ids stand in for those without."""
    if finding.band is None:
        if not finding.missing:
            return t("Whether it will last can't be told for {unit}: none of the answers applies", unit=label)
        missing = count(len(finding.missing), "answer")
        return t(
            "Whether it will last can't be told yet for {unit}: {missing} missing",
            unit=label,
            missing=missing,
        )
    risk = t("{unit}: {band}", unit=label, band=finding.band.title)
    if finding.forced is not None:
        return t("{risk}, whatever the other answers: {why}", risk=risk, why=finding.forced.why.rstrip("."))
    if finding.hangs_on_weights and finding.equal_weights_band is not None:
        return t(
            "{risk}; with all answers weighing the same it would be “{other}”",
            risk=risk,
            other=finding.equal_weights_band.title,
        )
    causes = [cause for cause in finding.causes if cause.claimed is not None and cause.claimed < 3]
    if not causes:
        return t("{risk}; no answer is below level 3", risk=risk)
    worst = causes[0]
    name = titles.get(worst.question_id, worst.question_id)
    return t(
        "{risk}; the weakest is “{question}” at level {level}", risk=risk, question=name, level=worst.claimed
    )


def elements_headline(findings: Sequence[ElementFinding]) -> str:
    """How many elements can be common to all countries, and how many are contested."""
    used: Counter[Commonality] = Counter(
        finding.commonality for finding in findings if finding.commonality is not Commonality.UNUSED
    )
    if not used:
        return t("No country has said yet which elements it uses")
    parts = [(used[kind], t(words)) for kind, words in _ELEMENT_WORDS.items() if used[kind]]
    if len(parts) == 1:
        number, words = parts[0]
        return t("{elements} in use: {words}", elements=count(number, "element"), words=words)
    listed = joined(f"{number} {words}" for number, words in parts)
    return t("Of {elements} in use {listed}", elements=count(used.total(), "element"), listed=listed)


_ELEMENT_WORDS: Mapping[Commonality, str] = {
    Commonality.COMMON: "common",
    Commonality.COMMON_WITH_LOCAL_PART: "common with a local part",
    Commonality.LOCAL: "local by law",
    Commonality.CONTESTED: "contested",
    Commonality.ONE_COUNTRY: "used by one country alone",
}


def standard_headline(findings: Sequence[SpreadFinding]) -> str:
    """How many questions can become the standard now, how many perhaps, what the others need, and of how many countries.

    What lies at a limit is never counted as the standard: one country more or less may turn it.
    """
    found = Counter(finding.quadrant for finding in findings if finding.quadrant is not None)
    if not found:
        return t("Fewer than two countries have a level on any question: nothing can be compared yet")
    unsure = sum(finding.is_borderline and finding.quadrant is Quadrant.HIGH_NARROW for finding in findings)
    first = _ready(found[Quadrant.HIGH_NARROW] - unsure, unsure, count(found.total(), "question"))
    rest = [t(words, n=found[quadrant]) for quadrant, words in _REST_WORDS.items() if found[quadrant]]
    told = t("{first}; {rest}", first=first, rest=joined(rest)) if rest else first
    return t("{told} (levels of {countries})", told=told, countries=countries_words(spread_tally(findings)))


def _ready(clear: int, unsure: int, questions: str) -> str:
    if not clear and not unsure:
        return t("Of {questions} none can become the standard yet", questions=questions)
    if not clear:
        return t("{n} of {questions} may become the standard, each borderline", n=unsure, questions=questions)
    now = t("Standardise {n} of {questions} now", n=clear, questions=questions)
    if not unsure:
        return now
    return t(
        "{now}, {n} more {verb} borderline", now=now, n=unsure, verb=t("is") if unsure == 1 else t("are")
    )


def countries_words(tally: SpreadTally) -> str:
    """How many countries have a level on the questions that are compared."""
    most = count(tally.most, "country", "countries")
    if tally.fewest == tally.most:
        return most
    return t("{fewest} to {most}", fewest=tally.fewest, most=most)


_REST_WORDS: Mapping[Quadrant, str] = {
    Quadrant.LOW_NARROW: "act in the centre on {n}",
    Quadrant.HIGH_WIDE: "let leaders coach on {n}",
    Quadrant.LOW_WIDE: "help where it is low on {n}",
}


def perception_headline(findings: Sequence[PerceptionFinding], label: str, titles: Mapping[str, str]) -> str:
    """Where a country's lead and its domains see the same thing differently, the widest gap by name."""
    compared = [f for f in findings if f.perceived in (Perceived.ALIKE, Perceived.AMBER, Perceived.RED)]
    invisible = sum(finding.is_invisible for finding in findings)
    unseen = t(
        "; {questions} of claimed governance unknown to its domains", questions=count(invisible, "question")
    )
    tail = unseen if invisible else ""
    if not compared:
        return t(
            "{unit}: the lead's view can't be compared with the domains' yet{tail}", unit=label, tail=tail
        )
    apart = [finding for finding in compared if finding.perceived is not Perceived.ALIKE]
    questions = count(len(compared), "shared question")
    if not apart:
        return t(
            "{unit}: lead and domains agree on {questions}{tail}", unit=label, questions=questions, tail=tail
        )
    widest = max(apart, key=lambda finding: abs(finding.gap or 0.0))
    direction = t("higher") if (widest.gap or 0.0) > 0 else t("lower")
    return t(
        "{unit}: lead and domains differ on {apart} of {questions}, most on “{question}”,"
        " which the lead puts {gap} levels {direction}{tail}",
        unit=label, apart=len(apart), questions=questions, question=titles.get(widest.question_id, widest.question_id),
        gap=decimal(abs(widest.gap or 0.0)), direction=direction, tail=tail,
    )  # fmt: skip


def order_headline(finding: OrderFinding, label: str) -> str:
    """Which order fits a country, and how many prerequisites are open."""
    if finding.verdict is None:
        missing = count(len(finding.missing), "answer")
        return t("Which order fits {unit} can't be told yet: {missing} missing", unit=label, missing=missing)
    verdict = t("{unit}: {verdict}", unit=label, verdict=finding.verdict.title)
    if not finding.open:
        return verdict
    opened = t(
        "{open} of {all} open", open=len(finding.open), all=count(finding.prerequisites, "prerequisite")
    )
    return t("{verdict}; {opened}", verdict=verdict, opened=opened)


def change_headline(movement: Movement) -> str:
    """How much a unit rose or fell on what both rounds answered, and what came from elsewhere."""
    if movement.change is None or movement.refusal is not None:
        why = refusal_words(movement.refusal or Refusal.NO_SCORE_NOW)
        return t("{unit}: its change can't be told: {why}", unit=movement.label, why=why)
    real = movement.parts.get(Cause.ANSWERS, 0.0)
    told = t(
        "{unit} {moved} on the questions that both rounds answered", unit=movement.label, moved=_moved(real)
    )
    other = movement.change - real
    if abs(other) < LEAST_SHOWN:
        return told
    raised = t("raise") if other > 0 else t("lower")
    return t(
        "{told}; other questions, weights or blanks {raised} its score by {levels}",
        told=told, raised=raised, levels=decimal(abs(other)),
    )  # fmt: skip


def _moved(change: float) -> str:
    if abs(change) < LEAST_SHOWN:
        return t("hasn't changed")
    levels = decimal(abs(change))
    return t("rose by {levels}", levels=levels) if change > 0 else t("fell by {levels}", levels=levels)


def _first_of(missed: Sequence[Bound]) -> str:
    bound, others = missed[0], len(missed) - 1
    is_low = bound.at_least is not None and bound.found < bound.at_least
    needs = (
        t("at least {level}", level=bound.at_least) if is_low else t("at most {level}", level=bound.at_most)
    )
    first = t("“{title}” (level {found}, needs {needs})", title=bound.title, found=bound.found, needs=needs)
    if not others:
        return first
    return t("{first} and {others}", first=first, others=count(others, "other condition"))
