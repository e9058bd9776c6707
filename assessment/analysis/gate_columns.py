"""One gate over many units: how many have it open, of how many nobody knows, and which gate blocks most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.analysis.gates import Gate, GateState
from assessment.i18n import count, t

#: The column of the gate that every domain of a country has to pass together; each gate in it keeps its own question.
RISK = ""


@dataclass(frozen=True, slots=True)
class GateColumn:
    """One gate; `opened` of the `asked` units have it open, `unknown` of these because nobody knows their level.

    `question_id` is `RISK` for the risk of the domains.
    """

    question_id: str
    questionnaire_id: str
    title: str
    needed_level: int
    hard: bool
    opened: int
    asked: int
    unknown: int = 0

    @property
    def key(self) -> str:
        """How an address names it: never empty."""
        return self.question_id or "risk"

    @property
    def passed(self) -> int:
        return self.asked - self.opened

    @property
    def blocked(self) -> int:
        """How many have too low a level, or one that evidence doesn't carry."""
        return self.opened - self.unknown


def domain_words(number: int, family: str = "") -> str:
    """So many domains, of one family where only that one is looked at.

    >>> domain_words(1), domain_words(12, "Sales")
    ('1 domain', '12 domains in “Sales”')
    """
    domains = count(number, "domain")
    return t("{domains} in “{family}”", domains=domains, family=family) if family else domains


def most_open(columns: Sequence[GateColumn]) -> GateColumn | None:
    """The gate that blocks most; None when none is open."""
    return max((column for column in columns if column.opened), key=how_blocking, default=None)


def how_blocking(column: GateColumn) -> tuple[bool, int, int]:
    """Rises with what a gate blocks: any hard one before any floor, because a floor may stay open.

    Then by the units that it blocks, then by those of which nobody knows.
    """
    return column.hard, column.blocked, column.unknown


def is_tie(column: GateColumn, worst: GateColumn) -> bool:
    """Whether a column blocks as many; where nothing is known to block, whether it is unknown in as many."""
    alike = (column.hard, column.blocked) == (worst.hard, worst.blocked)
    return alike and (bool(worst.blocked) or column.unknown == worst.unknown)


def blocking_words(worst: GateColumn, units: str, ties: int) -> str:
    """What one gate blocks; units of which nobody knows are told apart, because they may have passed."""
    also = t(" (and {others} as many)", others=count(ties, "other")) if ties else ""
    told = {"gate": worst.title, "units": units, "also": also}
    if not worst.blocked:
        return t("“{gate}” is unknown in {n} of {units}{also}", n=worst.unknown, **told)
    blocks = (
        t("“{gate}” blocks {n} of {units}{also}", n=worst.blocked, **told)
        if worst.hard
        else t("“{gate}” is open in {n} of {units}{also}", n=worst.blocked, **told)
    )
    return t("{blocks}, unknown in {n}", blocks=blocks, n=worst.unknown) if worst.unknown else blocks


def below_words(gates: Sequence[Gate]) -> str:
    """How many of a country's domains one gate holds back, unknown ones apart; '' without domains."""
    if not gates:
        return ""
    unknown = sum(gate.state is GateState.UNKNOWN for gate in gates)
    blocked = sum(gate.is_open for gate in gates) - unknown
    domains = count(len(gates), "domain")
    told = (
        t("blocks {n} of its {domains}", n=blocked, domains=domains)
        if gates[0].hard
        else t("open in {n} of its {domains}", n=blocked, domains=domains)
    )
    return t("{blocks}, unknown in {n}", blocks=told, n=unknown) if unknown else told
