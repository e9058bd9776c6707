"""Clauses of the rules for verdicts, answered yes, no, or unknown: a missing answer is never taken for a no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from assessment.analysis.readings import Known, Readings
from assessment.questionnaire.verdicts import Clause, Condition

#: What a fact says: a number, a yes or no, a text. What is absent is unknown.
FactValues = Mapping[tuple[str, str], float | bool | str]


def condition_holds(condition: Condition, holds: Callable[[Clause], bool | None]) -> bool | None:
    """Whether all of `all` and one of `any` hold; None when what is missing decides.

    >>> condition_holds(Condition(), lambda clause: None)
    True
    """
    every = _all(holds(clause) for clause in condition.all)
    some = _any(holds(clause) for clause in condition.any) if condition.any else True
    return _all([every, some])


def clause_holds(clause: Clause, unit_id: str, readings: Readings, facts: FactValues) -> bool | None:
    """Whether a clause about a unit holds, on claimed levels; None when nobody knows."""
    if clause.fact is not None:
        return _fact_holds(clause, facts.get((unit_id, clause.fact)))
    reading = readings.about(unit_id, clause.question or "")
    if reading.known is not Known.LEVEL or reading.claimed is None:
        return None
    if clause.at_least is not None:
        return reading.claimed >= clause.at_least
    return reading.claimed <= (clause.at_most or 0)


def _fact_holds(clause: Clause, value: float | bool | str | None) -> bool | None:
    if value is None or isinstance(value, str):
        return None
    return value > clause.above if clause.above is not None else bool(value)


def _all(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    if False in found:
        return False
    return None if None in found else True


def _any(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    if True in found:
        return True
    return None if None in found else False
