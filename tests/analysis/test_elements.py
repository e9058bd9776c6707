"""Elements over countries: what was said last counts, what wasn't said is its own state, and nothing is lost in the table."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.analysis.common_or_local import Commonality
from assessment.analysis.elements import (
    ELEMENT_COLUMNS,
    ElementRow,
    Said,
    Tally,
    by_commonality,
    element_rows,
    element_table,
    tally,
)
from assessment.organisation import Round
from assessment.questionnaire.companions import Element, ElementKind, ElementUse
from tests.analysis.judging import rules

RULES = rules().common_or_local.elements
# Deliberately not in the order of time.
ROUNDS = (Round("b", "Second"), Round("a", "First"), Round("c", "Third"))
COUNTRIES = {"FR": "France", "DE": "Germany", "ES": "Spain"}


def element(identifier: str) -> Element:
    return Element(id=identifier, kind=ElementKind.TERM, title=f"About {identifier}", summary="It is.")


def said(unit: str, what: str, use: str, in_round: str = "b", reason: str = "") -> Said:
    return Said(in_round, unit, what, ElementUse(use), reason)


def rows(*entries: Said, names: tuple[str, ...] = ("x",), round_id: str = "b") -> dict[str, ElementRow]:
    found = element_rows([element(name) for name in names], entries, ROUNDS, round_id, list(COUNTRIES), RULES)
    return {row.element.id: row for row in found}


def test_what_a_country_said_in_an_earlier_round_holds_until_it_says_otherwise() -> None:
    earlier, now = said("FR", "x", "law", "a", "The act"), said("FR", "x", "same", "b")
    assert rows(earlier)["x"].said == {"FR": earlier}
    assert rows(now, earlier)["x"].said == {"FR": now}
    found = rows(earlier, said("DE", "x", "same"), names=("x", "y"))
    assert tally(list(found.values()), "b") == Tally(said=2, possible=6, carried=1)


def test_what_is_said_in_a_later_round_changes_nothing_in_this_one() -> None:
    assert rows(said("FR", "x", "same", "c"))["x"].said == {}
    assert (
        rows(said("FR", "x", "same", "a"), said("FR", "x", "choice", "c", "Why"), round_id="a")["x"]
        .said["FR"]
        .use
        is ElementUse.SAME
    )


def test_a_country_that_is_not_looked_at_has_no_say() -> None:
    assert rows(said("PL", "x", "law", reason="The act"))["x"].said == {}


def test_elements_stand_by_what_follows_and_those_that_nobody_named_last() -> None:
    entries = [
        *(said(unit, "forum", "choice", reason="Why") for unit in COUNTRIES),
        *(said(unit, "local", "law", reason="Act") for unit in COUNTRIES),
        *(said(unit, "common", "same") for unit in COUNTRIES),
        said("FR", "core", "law", reason="Act"), said("DE", "core", "same"),
        said("FR", "unused", "unused"),
    ]  # fmt: skip
    found = rows(*entries, names=("silent", "unused", "forum", "local", "core", "common"))
    assert list(found) == ["common", "core", "forum", "local", "unused", "silent"]
    assert found["core"].finding.commonality is Commonality.COMMON_WITH_LOCAL_PART
    assert found["silent"].finding.advice is None
    groups = by_commonality(list(found.values()))
    assert {kind: [row.element.id for row in members] for kind, members in groups.items()} == {
        Commonality.COMMON: ["common"], Commonality.COMMON_WITH_LOCAL_PART: ["core"],
        Commonality.CONTESTED: ["forum"], Commonality.LOCAL: ["local"], Commonality.UNUSED: ["unused"],
    }  # fmt: skip


@pytest.mark.parametrize(("number", "is_thin"), [(0, True), (1, True), (2, False), (3, False)])
def test_what_fewer_than_half_of_the_countries_said_is_thin(number: int, is_thin: bool) -> None:
    assert rows(*(said(unit, "x", "same") for unit in list(COUNTRIES)[:number]))["x"].is_thin is is_thin


def test_uses_are_found_by_what_was_said() -> None:
    found = rows(said("FR", "x", "same"), said("DE", "x", "choice", reason="Why"))["x"]
    assert [entry.unit_id for entry in found.of(ElementUse.CHOICE)] == ["DE"]
    assert found.of(ElementUse.LAW) == ()


def test_the_table_has_a_line_for_every_element_and_country_and_says_who_said_nothing() -> None:
    found = rows(said("FR", "x", "law", "a", "The act"), said("DE", "x", "same"), names=("x", "y"))
    table = element_table(list(found.values()), COUNTRIES, "b")
    assert tuple(table.columns) == ELEMENT_COLUMNS
    lines: list[dict[Any, Any]] = table.to_dict("records")
    assert len(lines) == 6
    assert {line["round_id"] for line in lines} == {"b"}
    core = RULES.common_with_local_part.title
    told = [
        tuple(line[name] for name in ("unit_id", "use", "reason", "said_in", "commonality", "advice"))
        for line in lines
    ]
    assert told[:3] == [
        ("FR", "law", "The act", "a", "common_with_local_part", core),
        ("DE", "same", "", "b", "common_with_local_part", core),
        ("ES", "not_said", "", "", "common_with_local_part", core),
    ]
    assert set(told[3:]) == {(unit, "not_said", "", "", "not_said", "") for unit in COUNTRIES}
