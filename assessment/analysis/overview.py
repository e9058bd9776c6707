"""What a CDAO takes along from the first look: how many are ready, how far the group is, and since when.

A change is counted only over what both rounds know: else units that joined or haven't sent yet would look like one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assessment.analysis.evidence import Carried, supported_share
from assessment.analysis.gate_columns import domain_words
from assessment.analysis.gates import StageFinding, StageName
from assessment.analysis.portfolio import Portfolio, alike
from assessment.i18n import count, decimal, joined, percent, t

#: A bottleneck is at least so many levels below the next weakest questionnaire, or nothing stands out.
_STANDS_OUT = 0.1


@dataclass(frozen=True, slots=True)
class Known:
    """What one round knows of the units that are looked at.

    `ready` says of each domain with a pilot verdict whether it is ready, with conditions or without; `carried` of each
    claimed level whether its evidence carries it.
    """

    portfolio: Portfolio
    ready: Mapping[str, bool]
    carried: Carried


@dataclass(frozen=True, slots=True)
class Stand:
    """The group in one round, or a part of it: `ready` of `judged` domains, `short` of `scored` cells.

    `median` is of the `units`' means and `supported` the share of the claimed `levels`; None where nothing is known.
    """

    ready: int
    judged: int
    median: float | None
    units: int
    short: int
    scored: int
    supported: float | None
    levels: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One number as people read it; `change` since the round before is '' where there is nothing to compare with."""

    label: str
    value: str
    change: str


@dataclass(frozen=True, slots=True)
class GroupFinding:
    """The group now, and the questionnaire that holds it back, with its mean.

    `alike` is the part of which both this round and the one before know, then and now; None without one to compare.
    `family` names the one domain family whose domains count.
    """

    now: Stand
    alike: tuple[Stand, Stand] | None
    bottleneck: tuple[str, float] | None
    family: str = ""

    @property
    def headline(self) -> str:
        """The sentence to leave with: who is ready, and which questionnaire holds the group back."""
        ready = _ready(self.now, self.family)
        if self.bottleneck is None:
            return ready
        title, mean = self.bottleneck
        return t(
            "{ready}; {questionnaire} is the bottleneck (mean of its dimensions {mean})",
            ready=ready, questionnaire=title, mean=decimal(mean),
        )  # fmt: skip

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Who is ready, how far the group is, what is far from target, and what can be relied on."""
        now = self.now
        told = (
            (t("Domains ready for a pilot"), _of(now.ready, now.judged)),
            (t("Median of the units' means"), "–" if now.median is None else decimal(now.median)),
            (t("Cells over one level short"), _of(now.short, now.scored)),
            (t("Levels that evidence carries"), "–" if now.supported is None else percent(now.supported)),
        )
        changes = _changes(*self.alike) if self.alike else ("",) * len(told)
        return tuple(Fact(label, value, change) for (label, value), change in zip(told, changes, strict=True))

    @property
    def compared(self) -> str:
        """What the changes are counted over; '' where nothing is compared."""
        if self.alike is None:
            return ""
        _, now = self.alike
        parts = [
            *([t("{domains} judged", domains=count(now.judged, "domain"))] if now.judged else []),
            *([t("{units} with a mean", units=count(now.units, "unit"))] if now.units else []),
            *([t("{cells} with a score", cells=count(now.scored, "cell"))] if now.scored else []),
            *([t("{levels} claimed", levels=count(now.levels, "level"))] if now.levels else []),
        ]
        if not parts:
            return t("This round and the one before know nothing of the same units: no change can be told.")
        return t(
            "Small numbers: the change since the round before, counted only over what both rounds know: {parts}.",
            parts=joined(parts),
        )


def group_finding(now: Known, then: Known | None, family: str = "") -> GroupFinding:
    """The group now, beside the round before as far as both know the same; `then` None is nothing to compare with."""
    weakest = bottleneck(now.portfolio)
    if then is None:
        return GroupFinding(stand(now), None, weakest, family)
    earlier, later = _alike(then, now)
    return GroupFinding(stand(now), (stand(earlier), stand(later)), weakest, family)


def _alike(then: Known, now: Known) -> tuple[Known, Known]:
    """Both with only what both have."""
    later, earlier = alike(now.portfolio, then.portfolio)
    judged = then.ready.keys() & now.ready.keys()
    claimed = then.carried.keys() & now.carried.keys()

    def only(known: Known, portfolio: Portfolio) -> Known:
        ready = {unit: known.ready[unit] for unit in judged}
        return Known(portfolio, ready, {key: known.carried[key] for key in claimed})

    return only(then, earlier), only(now, later)


def _changes(then: Stand, now: Stand) -> tuple[str, ...]:
    """The change of each fact; '' where both rounds know nothing of it in common."""
    return (
        _moved(now.ready, then.ready) if now.judged else "",
        _moved(now.median, then.median, 1),
        _moved(now.short, then.short) if now.scored else "",
        _moved(_points(now.supported), _points(then.supported), unit=t("points")),
    )


def _of(number: int, everything: int) -> str:
    return t("{n} of {all}", n=number, all=everything)


def _points(share: float | None) -> float | None:
    """A share in hundredths."""
    return None if share is None else 100 * share


def _moved(now: float | None, before: float | None, places: int = 0, unit: str = "") -> str:
    """The difference with its sign; '' where one of them is missing."""
    if now is None or before is None:
        return ""
    shown = decimal(abs(now - before), places)
    sign = "±" if not float(shown) else "+" if now > before else "−"
    return f"{sign}{shown} {unit}".rstrip()


def readiness_of(stages: Collection[StageFinding], unit_ids: Collection[str]) -> dict[str, bool]:
    """Whether each of these units that has a pilot verdict is ready; countries have none and don't count."""
    return {
        stage.unit_id: stage.is_ready
        for stage in stages
        if stage.stage is StageName.PILOT and stage.unit_id in unit_ids and stage.verdict is not None
    }


def stand(known: Known) -> Stand:
    """The numbers of what is known."""
    found = known.portfolio
    return Stand(
        sum(known.ready.values()), len(known.ready), found.median, found.measured, found.short, found.scored,
        supported_share(known.carried), len(known.carried),
    )  # fmt: skip


def bottleneck(finding: Portfolio) -> tuple[str, float] | None:
    """The questionnaire with the lowest mean over its dimensions, and that mean; None where none stands out."""
    means: dict[str, list[float]] = {}
    for column in finding.columns:
        if column.mean is not None:
            means.setdefault(column.questionnaire_title, []).append(column.mean)
    ordered = sorted((sum(values) / len(values), title) for title, values in means.items())
    if len(ordered) < 2 or ordered[1][0] - ordered[0][0] < _STANDS_OUT:
        return None
    return ordered[0][1], ordered[0][0]


def _ready(found: Stand, family: str) -> str:
    if not found.judged:
        return t("No domain has answers to judge yet")
    judged = domain_words(found.judged, family)
    if not found.ready:
        return t("None of {judged} is ready for a first pilot", judged=judged)
    verb = t("is") if found.ready == 1 else t("are")
    return t(
        "{ready} of {judged} {verb} ready for a first pilot", ready=found.ready, judged=judged, verb=verb
    )
