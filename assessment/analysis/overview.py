"""What a CDAO takes along from the first look: how many are ready, how far the group is, and since when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assessment.analysis.gates import StageFinding, StageName
from assessment.analysis.portfolio import Portfolio
from assessment.i18n import count, decimal, percent, t

#: A bottleneck is at least so many levels below the next weakest questionnaire, or nothing stands out.
_STANDS_OUT = 0.1


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the domains with a pilot verdict are ready, with conditions or without."""

    ready: int
    judged: int


@dataclass(frozen=True, slots=True)
class Stand:
    """The group in one round; `median` of the units' means and `supported` share are None where nothing is known."""

    ready: Tally
    median: float | None
    short: int
    scored: int
    supported: float | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One number as people read it; `change` since the round before is '' where there is nothing to compare with."""

    label: str
    value: str
    change: str


@dataclass(frozen=True, slots=True)
class GroupFinding:
    """The group now and in the round before, and the questionnaire that holds it back, with its mean."""

    now: Stand
    before: Stand | None
    bottleneck: tuple[str, float] | None

    @property
    def headline(self) -> str:
        """The sentence to leave with: who is ready, and which questionnaire holds the group back."""
        ready = _ready(self.now.ready)
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
        now, then = self.now, self.before or Stand(Tally(0, 0), None, 0, 0, None)
        carried = "–" if now.supported is None else percent(now.supported)
        median = "–" if now.median is None else decimal(now.median)
        changes = (
            _moved(now.ready.ready, then.ready.ready) if then.ready.judged else "",
            _moved(now.median, then.median, 1),
            _moved(now.short, then.short) if then.scored else "",
            _moved(_points(now.supported), _points(then.supported), unit=t("points")),
        )
        told = (
            (t("Domains ready for a pilot"), _of(now.ready.ready, now.ready.judged)),
            (t("Median of the units' means"), median),
            (t("Cells over one level short"), _of(now.short, now.scored)),
            (t("Levels that evidence carries"), carried),
        )
        return tuple(
            Fact(label, value, change if self.before else "")
            for (label, value), change in zip(told, changes, strict=True)
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


def tally(stages: Collection[StageFinding], unit_ids: Collection[str]) -> Tally:
    """The pilot verdicts of these units; countries have none and don't count."""
    judged = [
        stage
        for stage in stages
        if stage.stage is StageName.PILOT and stage.unit_id in unit_ids and stage.verdict is not None
    ]
    return Tally(sum(stage.is_ready for stage in judged), len(judged))


def stand(finding: Portfolio, ready: Tally, supported: float | None) -> Stand:
    return Stand(ready, finding.median, finding.short, finding.scored, supported)


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


def _ready(found: Tally) -> str:
    if not found.judged:
        return t("No domain has answers to judge yet")
    judged = count(found.judged, "domain")
    if not found.ready:
        return t("None of {judged} is ready for a first pilot", judged=judged)
    verb = t("is") if found.ready == 1 else t("are")
    return t(
        "{ready} of {judged} {verb} ready for a first pilot", ready=found.ready, judged=judged, verb=verb
    )
