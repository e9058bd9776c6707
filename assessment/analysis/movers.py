"""Who moved, in one sentence and a row each, and which questions moved them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assessment.analysis.matched import LEAST_SHARED, LEAST_SHOWN, Cause
from assessment.analysis.movement import CAUSES, Refusal
from assessment.i18n import count, decimal, joined, t
from assessment.scoring.table import Basis, present

#: The columns of the table of movements, in their order; those of `CAUSES` add up to `change`.
MOVER_COLUMNS = (
    "unit_id", "unit", "questionnaire_id", "then", "now", "level_then", "level_now", "change", *CAUSES, "shared_weight",
    "refusal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movement:
    """One unit's change in one questionnaire; the parts add up to it, and are empty when `refusal` says why not.

    `shared` is the part of the applicable weight that both rounds counted, of 1.
    """

    unit_id: str
    label: str
    questionnaire_id: str
    then: float | None
    now: float | None
    level_then: int | None
    level_now: int | None
    parts: Mapping[Cause, float]
    shared: float
    refusal: Refusal | None

    @property
    def change(self) -> float | None:
        return None if self.then is None or self.now is None else self.now - self.then

    @property
    def levels(self) -> int:
        """By how many whole levels it rose or fell; 0 where that isn't known."""
        known = self.level_then is not None and self.level_now is not None
        return (self.level_now or 0) - (self.level_then or 0) if known else 0

    @property
    def main_cause(self) -> Cause | None:
        """What brought most of it about, never what pulled the other way; None when it isn't taken apart, or nothing moved."""
        change = self.change or 0.0
        moved = {
            cause: abs(part)
            for cause, part in self.parts.items()
            if abs(part) >= LEAST_SHOWN and part * change > 0
        }
        return max(moved, key=lambda cause: moved[cause]) if moved else None


@dataclass(frozen=True, slots=True)
class MovementFinding:
    """Everybody's change in one questionnaire: whole levels first, then the larger change, then those that can't be told."""

    questionnaire_title: str
    then_title: str
    now_title: str
    are_countries: bool
    versions_differ: bool
    rows: tuple[Movement, ...]

    @property
    def split(self) -> tuple[Movement, ...]:
        """Those whose change is taken apart."""
        return tuple(row for row in self.rows if row.refusal is None)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes that any change has a part of."""
        return tuple(c for c in Cause if any(abs(row.parts.get(c, 0.0)) > 1e-9 for row in self.split))

    @property
    def headline(self) -> str:
        return _headline(self)

    @property
    def subtitle(self) -> str:
        told = t(
            "{questionnaire}: change of the mean level from {then} to {now}, by what brought it about",
            questionnaire=self.questionnaire_title, then=self.then_title, now=self.now_title,
        )  # fmt: skip
        refused = len(self.rows) - len(self.split)
        if not refused:
            return told
        return told + t("; {n} of {all} can't be taken apart", n=refused, all=len(self.rows))

    def number(self, units: int) -> str:
        return units_words(units, are_countries=self.are_countries)


def movement_finding(
    table: pd.DataFrame, labels: Mapping[str, str], questionnaire_title: str, then_title: str, now_title: str,
    *, are_countries: bool,
) -> MovementFinding:  # fmt: skip
    """The movements of the units in `labels`, from those rows of the movement table that are about one node and basis."""
    mine = table[table["unit_id"].isin(list(labels))]
    rows = [_movement(row, labels) for row in mine.to_dict("records")]
    rows.sort(
        key=lambda row: (row.change is None, row.refusal is not None, -abs(row.levels), -abs(row.change or 0))
    )
    differ = bool(mine["versions_differ"].any())
    return MovementFinding(questionnaire_title, then_title, now_title, are_countries, differ, tuple(rows))


def movers_table(finding: MovementFinding) -> pd.DataFrame:
    """A line for each unit, with `MOVER_COLUMNS`; the parts are empty where `refusal` says why."""
    lines = [
        (
            row.unit_id, row.label, row.questionnaire_id, row.then, row.now, row.level_then, row.level_now, row.change,
            *(None if row.refusal else row.parts.get(Cause(cause), 0.0) for cause in CAUSES), row.shared,
            str(row.refusal or ""),
        )
        for row in finding.rows
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=list(MOVER_COLUMNS))


def change_of(table: pd.DataFrame, unit_id: str, label: str) -> Movement | None:
    """How one unit's whole score changed by its own answers, from the rows of the movement table of one questionnaire.

    None where the later round doesn't ask the unit.
    """
    is_own = table["unit_id"].eq(unit_id) & table["basis"].eq(Basis.OWN) & table["dimension_id"].eq("")
    rows = table[is_own].to_dict("records")
    return _movement(rows[0], {unit_id: label}) if rows else None


def _movement(row: Mapping[Hashable, Any], labels: Mapping[str, str]) -> Movement:
    refusal = Refusal(row["refusal"]) if row["refusal"] else None
    return Movement(
        row["unit_id"], labels[row["unit_id"]], row["questionnaire_id"], present(row["then"]), present(row["now"]),
        _whole(row["level_then"]), _whole(row["level_now"]),
        {} if refusal else {Cause(name): present(row[name]) or 0.0 for name in CAUSES},
        present(row["shared"]) or 0.0, refusal,
    )  # fmt: skip


def _whole(level: object) -> int | None:
    known = present(level)
    return None if known is None else int(known)


def _headline(finding: MovementFinding) -> str:
    """How many changed level, which way and mostly why; what is missing when nothing can be compared."""
    split, everyone = finding.split, len(finding.rows)
    if not finding.rows:
        return t("Nobody was asked this in {round}", round=finding.now_title)
    if not split:
        return t(
            "None of {units} can be compared: {why}",
            units=finding.number(everyone), why=refusal_words(_commonest(finding.rows)),
        )  # fmt: skip
    rose, fell = (sum(sign * row.levels > 0 for row in split) for sign in (1, -1))
    if not rose and not fell:
        return _nobody_changed_level(finding)
    moved = [row for row in split if row.levels]
    ways = ((rose, t("reached a higher level")), (fell, t("fell to a lower level")))
    told = joined(f"{number} {words}" for number, words in ways if number)
    return t(
        "Of {units}, {told} since {round}{why}",
        units=finding.number(len(split)), told=told, round=finding.then_title, why=_mostly(moved),
    )  # fmt: skip


def _nobody_changed_level(finding: MovementFinding) -> str:
    widest = max(finding.split, key=lambda row: abs(row.change or 0.0))
    if abs(widest.change or 0.0) < LEAST_SHOWN:
        return t(
            "None of {units} has moved since {round}", units=finding.number(len(finding.split)), round=finding.then_title
        )  # fmt: skip
    return t(
        "None of {units} has changed level since {round}; {unit} moved most ({change})",
        units=finding.number(len(finding.split)), round=finding.then_title, unit=widest.label,
        change=signed(widest.change or 0.0),
    )  # fmt: skip


def _mostly(moved: Sequence[Movement]) -> str:
    """What brought most of these changes about; '' when that isn't one thing."""
    causes = [row.main_cause for row in moved if row.main_cause]
    tally = {cause: causes.count(cause) for cause in Cause if cause in causes}
    if not tally:
        return ""
    cause = max(tally, key=lambda cause: tally[cause])
    everybody = len(moved)
    if tally[cause] == everybody:
        return t(", each mostly by {cause}", cause=cause_words(cause)) if everybody > 1 else _by(cause)
    return t(", {n} of them mostly by {cause}", n=tally[cause], cause=cause_words(cause))


def _by(cause: Cause) -> str:
    return t(", mostly by {cause}", cause=cause_words(cause))


def _commonest(rows: Sequence[Movement]) -> Refusal:
    refusals = [row.refusal for row in rows if row.refusal]
    return max(Refusal, key=refusals.count)


def cause_words(cause: Cause) -> str:
    return {
        Cause.ANSWERS: t("other answers"),
        Cause.UNKNOWNS: t("blanks, don't knows and not applicable"),
        Cause.QUESTIONS: t("other questions"),
        Cause.WEIGHTS: t("other weights"),
        Cause.MEMBERSHIP: t("other domains in the mean"),
        Cause.UNDIVIDED: t("domains that can't be compared"),
    }[cause]


def refusal_words(refusal: Refusal) -> str:
    """Why a change isn't taken apart."""
    return {
        Refusal.NOT_ASKED_THEN: t("not asked in the earlier round"),
        Refusal.NO_SCORE_THEN: t("no score in the earlier round"),
        Refusal.NO_SCORE_NOW: t("no score in this round"),
        Refusal.TOO_LITTLE_IN_COMMON: t(
            "less than {least} % of the weight was counted in both rounds", least=round(100 * LEAST_SHARED)
        ),
        Refusal.NO_DOMAIN_IN_BOTH: t("no domain has a score in both rounds"),
    }[refusal]


def units_words(number: int, *, are_countries: bool) -> str:
    """So many countries, or so many domains.

    >>> units_words(1, are_countries=True), units_words(2, are_countries=False)
    ('1 country', '2 domains')
    """
    return count(number, "country", "countries") if are_countries else count(number, "domain")


def signed(change: float, places: int = 1) -> str:
    """A change with its sign.

    >>> signed(0.25), signed(-0.01), signed(-1.0)
    ('+0.3', '0.0', '−1.0')
    """
    shown = decimal(abs(change), places)
    return shown if not float(shown) else f"{'+' if change > 0 else '−'}{shown}"
