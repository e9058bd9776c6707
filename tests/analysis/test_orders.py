"""The order over all countries: who is where in the rules' order, which prerequisites are open, and one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.orders import Orders, Reached, country_orders, orders
from tests.analysis.judging import Case, directly, facts_of, rules

PREREQUISITES = [clause.question or "" for clause in rules().order.prerequisites]
START, WAIT, LAW_FIRST = "start-together", "wait", "governance-first"


def orders_of(case: Case, **labels: str) -> Orders:
    readings = directly(case)
    found = country_orders(
        readings, rules().order, facts_of(case), [unit.id for unit in readings.organisation.countries]
    )
    return orders(found, rules().order, labels or {country: country for country in found})


def case_of(**answers: dict[str, object]) -> Case:
    return {"units": {country: [] for country in answers}, "everything": 3, "answers": answers}


WAITING: dict[str, object] = {"dgm-exec-sponsor": 1, "dgm-data-strategy": 2}
LAWLESS: dict[str, object] = {"dgm-regulatory-map": 2}
UNKNOWN: dict[str, object] = {"dgm-exec-sponsor": "don't know", "dgm-data-strategy": "don't know"}


def test_countries_stand_in_the_order_of_the_rules_verdicts_and_those_without_one_last() -> None:
    finding = orders_of(case_of(A=UNKNOWN, B={}, C=LAWLESS, D=WAITING))
    assert [country for country, _ in finding.countries] == ["D", "C", "B", "A"]
    shown = [(entry.id if entry else None, countries) for entry, countries in finding.verdicts]
    assert shown == [(WAIT, ("D",)), (LAW_FIRST, ("C",)), (START, ("B",)), (None, ("A",))]


def test_a_prerequisite_is_reached_below_or_unknown_beside_its_level() -> None:
    finding = orders_of(case_of(A={"dgm-exec-sponsor": 2, "dgm-data-strategy": "unanswered"}))
    ((_, entry),) = finding.countries
    assert list(finding.question_ids) == PREREQUISITES
    assert entry.prerequisites == (Reached.BELOW, Reached.UNKNOWN, *[Reached.REACHED] * 5)
    assert entry.levels == (2, None, 3, 3, 3, 3, 3)
    assert entry.opened == 1


@pytest.mark.parametrize(
    ("answers", "headline"),
    [
        ({"A": {}, "B": {}, "C": LAWLESS}, "“Start together”: 2 of 3 countries"),
        ({"A": {}, "B": {}}, "“Start together” fits all of 2 countries"),
        (
            {"A": {}, "B": WAITING, "C": UNKNOWN},
            "“Wait” and “Start together”: 1 of 3 countries each; of 1 it can't be told yet",
        ),
        ({"A": UNKNOWN, "B": UNKNOWN}, "Which order fits can't be told yet for any of 2 countries"),
    ],
)  # fmt: skip
def test_the_headline_counts_the_commonest_order_or_says_why_nobody_can_tell(
    answers: dict[str, dict[str, Any]], headline: str
) -> None:
    assert orders_of(case_of(**answers)).headline == headline


def test_only_the_countries_that_are_looked_at_are_counted() -> None:
    finding = orders_of(case_of(A={}, B=WAITING), A="Austria", Z="Nowhere")
    assert [country for country, _ in finding.countries] == ["A"]
    assert finding.headline == "“Start together” fits all of 1 country"


def test_without_any_country_it_says_so() -> None:
    assert orders({}, rules().order, {"A": "Austria"}).headline == "No country was asked in this round"
