"""Governance first, or both together: the order that fits a country, from claimed levels."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.analysis.clauses import FactValues, clause_holds, condition_holds
from assessment.analysis.readings import Known, Reading, Readings
from assessment.questionnaire.verdicts import OrderRules, OrderVerdict


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """The verdict for one country; None when an answer or fact is missing that would decide, and `missing` says which.

    `open` are the prerequisites that aren't reached; `later` the questions that grow with adoption and are still
    below the level that the third domain or second country needs.
    """

    unit_id: str
    verdict: OrderVerdict | None
    missing: tuple[str, ...]
    open: tuple[Reading, ...]
    later: tuple[Reading, ...]
    supported: int
    prerequisites: int


def order_finding(unit_id: str, readings: Readings, rules: OrderRules, facts: FactValues) -> OrderFinding:
    """The first verdict that is true; unknown as soon as one before it can't be told."""
    verdict, missing = _first(unit_id, readings, rules, facts)
    needed = [(readings.about(unit_id, clause.question or ""), clause) for clause in rules.prerequisites]
    return OrderFinding(
        unit_id, verdict, missing,
        tuple(reading for reading, clause in needed if clause_holds(clause, unit_id, readings, facts) is False),
        tuple(_later(unit_id, readings, rules)),
        sum(reading.known is Known.LEVEL and reading.supported == reading.claimed for reading, _ in needed),
        len(needed),
    )  # fmt: skip


def _first(
    unit_id: str, readings: Readings, rules: OrderRules, facts: FactValues
) -> tuple[OrderVerdict | None, tuple[str, ...]]:
    for entry in rules.verdicts:
        answers = {
            clause.question or clause.fact or "": clause_holds(clause, unit_id, readings, facts)
            for clause in (*entry.when.all, *entry.when.any)
        }
        holds = condition_holds(entry.when, lambda clause: clause_holds(clause, unit_id, readings, facts))
        if holds:
            return entry, ()
        if holds is None:
            return None, tuple(name for name, answer in answers.items() if answer is None)
    raise AssertionError("the last verdict has no condition")


def _later(unit_id: str, readings: Readings, rules: OrderRules) -> list[Reading]:
    growing = [
        name
        for name, question in readings.questions.items()
        if question.phase in rules.co_evolving.phases or name in rules.co_evolving.questions
    ]
    found = [readings.about(unit_id, name) for name in growing]
    return [
        reading
        for reading in found
        if reading.known is Known.LEVEL and (reading.claimed or 0) < rules.co_evolving_target
    ]
