"""How what is said beside the answers reads: facts, uses of elements, positions on principles."""

from __future__ import annotations

from collections.abc import Mapping

from assessment.i18n import percent, t
from assessment.questionnaire.companions import ElementUse, Fact, FactType
from assessment.statements import Position

USE_NAMES: Mapping[ElementUse, str] = {
    ElementUse.SAME: "The same everywhere",
    ElementUse.SETTING: "The same, with a setting",
    ElementUse.LAW: "Different by law",
    ElementUse.CHOICE: "Different by choice",
    ElementUse.UNUSED: "Not used here",
}
POSITION_NAMES: Mapping[Position, str] = {
    Position.ADOPTED: "Adopted",
    Position.DELAYED: "Delayed",
    Position.SKIPPED: "Skipped",
}


def fact_words(fact: Fact, value: bool | float | str | None) -> str:
    """What was said of a fact; nothing said is unknown, never no or zero."""
    if value is None:
        return t("not known")
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, str):
        return value
    return percent(value) if fact.type is FactType.SHARE else f"{value:g}"
