"""How units' mean levels went from round to round: who gained most, and who stalled below target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd

from assessment.analysis.matched import LEAST_SHOWN
from assessment.analysis.movers import signed, units_words
from assessment.analysis.whole_targets import whole_targets
from assessment.i18n import decimal, t
from assessment.organisation import Round, up_to
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.levels import LEVEL_TOLERANCE
from assessment.scoring.table import ScoreStatus, present

#: The columns of the table of paths, in their order.
TRAJECTORY_COLUMNS = (
    "questionnaire", "unit_id", "unit", "round_id", "questionnaire_version", "score", "target_now", "gained",
    "has_stalled",
)  # fmt: skip
#: Whoever gained less than this many levels and is below target has stalled (ux.md §4).
STALLED_BELOW = 0.15


@dataclass(frozen=True, slots=True)
class Path:
    """One unit's mean level in each round; None where it has none.

    `versions` are those that it was asked, '' for none. `gain` is since the round that is compared with; where the version
    changed in between, without what the new version alone made of it; None when it can't be told. `status` says why
    there may be no level now.
    """

    unit_id: str
    label: str
    levels: tuple[float | None, ...]
    versions: tuple[str, ...]
    target: float | None
    gain: float | None
    status: ScoreStatus

    @property
    def now(self) -> float | None:
        return self.levels[-1]

    @property
    def is_short(self) -> bool:
        """Whether it is below its target; False where either is missing."""
        return self.now is not None and self.target is not None and self.now < self.target - LEVEL_TOLERANCE

    @property
    def has_stalled(self) -> bool:
        return self.is_short and self.gain is not None and self.gain < STALLED_BELOW - LEVEL_TOLERANCE


@dataclass(frozen=True, slots=True)
class Trajectories:
    """The paths of all units through `rounds`, the highest now first, those without a level now last."""

    questionnaire_title: str
    scale: tuple[tuple[float, str], ...]
    rounds: tuple[Round, ...]
    then: Round | None
    paths: tuple[Path, ...]
    are_countries: bool

    @property
    def place_of_then(self) -> int | None:
        """The place of the round to compare with among `rounds`; None when there is none."""
        return _place(self.rounds, self.then)

    @property
    def measured(self) -> tuple[Path, ...]:
        return tuple(path for path in self.paths if path.now is not None)

    @property
    def gained(self) -> tuple[Path, ...]:
        """Those whose gain is known."""
        return tuple(path for path in self.paths if path.gain is not None)

    @property
    def stalled(self) -> tuple[Path, ...]:
        return tuple(path for path in self.paths if path.has_stalled)

    @property
    def best(self) -> Path | None:
        """Who gained most; None when nobody gained anything that a display shows."""
        best = max(self.gained, key=lambda path: path.gain or 0.0, default=None)
        return best if best and (best.gain or 0.0) >= LEAST_SHOWN else None

    @property
    def medians(self) -> tuple[float | None, ...]:
        """The median of each round over all who have a level in it; None for fewer than three."""
        columns = [
            [v for path in self.paths if (v := path.levels[n]) is not None] for n in range(len(self.rounds))
        ]
        return tuple(median(column) if len(column) > 2 else None for column in columns)

    @property
    def target(self) -> float | None:
        """The target, when all have the same."""
        targets = {round(path.target, 9) for path in self.measured if path.target is not None}
        return targets.pop() if len(targets) == 1 else None

    @property
    def headline(self) -> str:
        return _headline(self)

    @property
    def subtitle(self) -> str:
        told = t("{questionnaire}: mean level in each round", questionnaire=self.questionnaire_title)
        if self.then:
            told += t("; right: gained since {round}", round=self.then.name)
        if self.stalled:
            told += t(
                "; stalled: below target, and less than {least} gained", least=decimal(STALLED_BELOW, 2)
            )
        return told

    def number(self, units: int) -> str:
        return units_words(units, are_countries=self.are_countries)


def comparable_rounds(
    catalogue: Catalogue, rounds: Sequence[Round], now_id: str, questionnaire_id: str
) -> tuple[Round, ...]:
    """The rounds up to `now_id` that asked the questionnaire on the same scale, in time."""
    ordered = up_to(rounds, now_id)
    scales = [
        catalogue.get(questionnaire_id, version).scale
        if (version := entry.questionnaires.get(questionnaire_id))
        else None
        for entry in ordered
    ]
    return tuple(entry for entry, scale in zip(ordered, scales, strict=True) if scale and scale == scales[-1])


def trajectories(
    scores: pd.DataFrame,
    rounds: Sequence[Round],
    labels: Mapping[str, str],
    questionnaire: Questionnaire,
    *,
    then: Round | None,
    are_countries: bool = True,
    supported: bool = False,
    bridged: Mapping[str, float] | None = None,
) -> Trajectories:
    """The paths of the units in `labels`.

    Args:
        scores: Rows of the score table of one questionnaire and one basis.
        rounds: The rounds to show, the one now last.
        labels: The units' names, by id.
        questionnaire: The version that is asked now.
        then: The round to compare with; None when there is none.
        are_countries: Whether the units are countries, for the words.
        supported: The level that evidence carries instead of the claimed one.
        bridged: Gains without the effect of a new version, by unit; asked only where the versions differ.
    """
    measure = "supported_score" if supported else "score"
    mine = scores[
        scores["unit_id"].isin(list(labels)) & scores["round_id"].isin([entry.id for entry in rounds])
    ]
    wholes = mine[mine["dimension_id"] == ""].set_index(["unit_id", "round_id"])
    values, versions = wholes[measure].to_dict(), wholes["questionnaire_version"].to_dict()
    statuses = wholes["status"].to_dict()
    targets = whole_targets(mine[mine["round_id"] == rounds[-1].id], questionnaire)
    paths = []
    for unit_id, label in labels.items():
        keys = [(unit_id, entry.id) for entry in rounds]
        asked = tuple(str(versions.get(key, "")) for key in keys)
        if not asked[-1]:
            continue
        levels = tuple(present(values.get(key)) for key in keys)
        gain = _gain(levels, asked, _place(rounds, then), None if supported else (bridged or {}).get(unit_id))
        status = ScoreStatus(statuses[keys[-1]])
        paths.append(Path(unit_id, label, levels, asked, targets.get(unit_id), gain, status))
    paths.sort(key=lambda path: (path.now is None, -(path.now or 0.0)))
    return Trajectories(
        questionnaire.title, questionnaire.axis, tuple(rounds), then, tuple(paths), are_countries
    )


def trajectory_table(finding: Trajectories) -> pd.DataFrame:
    """A line for each unit and round, with `TRAJECTORY_COLUMNS`; what isn't known is empty.

    Target, gain and stalling are those of the round now, in every line of a unit.
    """
    lines = [
        (
            finding.questionnaire_title, path.unit_id, path.label, entry.id, version, level, path.target, path.gain,
            path.has_stalled,
        )
        for path in finding.paths
        for entry, version, level in zip(finding.rounds, path.versions, path.levels, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=list(TRAJECTORY_COLUMNS))


def _place(rounds: Sequence[Round], then: Round | None) -> int | None:
    return next((n for n, entry in enumerate(rounds[:-1]) if then and entry.id == then.id), None)


def _gain(
    levels: Sequence[float | None], versions: Sequence[str], then: int | None, bridged: float | None
) -> float | None:
    """The difference where one version was asked in both rounds, else what was computed on the same questions."""
    if then is None or levels[-1] is None or (start := levels[then]) is None:
        return None
    return levels[-1] - start if versions[then] == versions[-1] else bridged


def _headline(finding: Trajectories) -> str:
    """Who stalled and who gained most; what is missing when nobody can tell."""
    units = finding.number(len(finding.paths))
    if not finding.measured:
        return (
            t("None of {units} has a score in this round yet", units=units)
            if finding.paths
            else t("Nobody was asked")
        )
    if finding.then is None:
        return t("This is the first round: there is nothing to compare it with yet")
    if not finding.gained:
        return _not_compared(finding, finding.then)
    best = finding.best
    most = t("nobody gained") if best is None else t(
        "{unit} gained most (+{levels} levels)", unit=best.label, levels=decimal(best.gain or 0.0)
    )  # fmt: skip
    return f"{_about_targets(finding)}; {most}"


def _not_compared(finding: Trajectories, then: Round) -> str:
    """Why nobody's gain is known: no scores in both rounds, or scores that don't compare."""
    title, place = then.name, _place(finding.rounds, then)
    if place is None:
        return t("Scores can't be compared with {then}: it didn't ask this on the same scale", then=title)
    if any(path.levels[place] is not None for path in finding.measured):
        return t("Scores can't be compared with {then}: it asked another version", then=title)
    return t(
        "None of {units} has a score in {then} and now", units=finding.number(len(finding.paths)), then=title
    )


def _about_targets(finding: Trajectories) -> str:
    if all(path.target is None for path in finding.measured):
        return t("Without targets nobody can be called stalled")
    short = [path for path in finding.measured if path.is_short]
    if finding.stalled:
        return _who_stalled(finding)
    if short:
        return _still_climbing(finding, short)
    told, everybody = sum(path.target is not None for path in finding.measured), len(finding.paths)
    if told == everybody:
        return t("Nobody is below target")
    return t(
        "None of the {told} of {units} that can be told is below target",
        told=told, units=finding.number(everybody),
    )  # fmt: skip


def _who_stalled(finding: Trajectories) -> str:
    """By name where it is one, else the one that gained least: a domain's label has its country in it."""
    stalled = finding.stalled
    if len(stalled) == 1:
        return t("{unit} has stalled below target", unit=stalled[0].label)
    least = min(stalled, key=lambda path: path.gain or 0.0)
    return t(
        "{units} have stalled below target ({unit} gained least: {gain})",
        units=finding.number(len(stalled)), unit=least.label, gain=signed(least.gain or 0.0),
    )  # fmt: skip


def _still_climbing(finding: Trajectories, short: Sequence[Path]) -> str:
    """Of those below target, none of whom stalled: who climbs, and of how many that can't be told."""
    climbing, units = sum(path.gain is not None for path in short), finding.number(len(short))
    if not climbing:
        verb = t("is") if len(short) == 1 else t("are")
        return t("{units} {verb} below target, still climbing or not can't be told", units=units, verb=verb)
    if climbing < len(short):
        verb = t("is") if climbing == 1 else t("are")
        return t(
            "Of {units} below target {n} {verb} still climbing, of the others nobody can tell",
            units=units, n=climbing, verb=verb,
        )  # fmt: skip
    if len(short) == 1:
        return t("{unit} is below target and still climbing", unit=short[0].label)
    return t("All {units} below target are still climbing", units=units)
