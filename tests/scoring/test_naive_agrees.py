"""The engine and the naive reading of the design agree on random questionnaires and answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tests.scoring import invented
from tests.scoring.naive import MEASURES, STATES, naive_scores
from tests.scoring.shorthand import answer_rows, scores_of, written_out

Key = tuple[str, str, str]


@pytest.fixture(scope="module", params=range(4))
def case(request):
    """50 questionnaires, each with answers of two countries and three domains, and their scores."""
    invented_case = invented.case(Random(request.param), count=50)
    return invented_case | {"scores": scores_of(invented_case)}


def test_the_engine_agrees_with_the_naive_reading_of_the_design(case):
    found = _rows(case, "own")
    expected = {
        (unit, questionnaire["id"], dimension): row
        for questionnaire in map(written_out, case["questionnaires"])
        for unit, given in case["answers"].items()
        for dimension, row in naive_scores(questionnaire, _kind(unit), answer_rows(given)).items()
    }
    assert set(found) == set(expected)
    for key, row in expected.items():
        wrong = {c: (found[key][c], row[c]) for c in row if not _same(found[key][c], row[c])}
        assert not wrong, f"{key}: column: (engine, naive)"


def test_a_country_by_its_domains_is_the_mean_of_those_that_have_a_score(case):
    own = _rows(case, "own")
    for key, country in _rows(case, "domains").items():
        domains = [
            row for (unit, *node), row in own.items() if unit.startswith(f"{key[0]}.") and node == [*key[1:]]
        ]
        assert domains, key
        for count in ("questions", *STATES):
            assert country[count] == sum(row[count] for row in domains), key
        scored = [row for row in domains if not math.isnan(row["score"])]
        assert math.isnan(country["score"]) == (not scored), key
        # A domain that answered nothing has no score to add, but opens the bounds and lowers the coverage.
        known = scored + [row for row in domains if row["status"] == "not_answered"]
        for measure in (*MEASURES, "coverage"):
            counted = known if measure in ("score_low", "score_high", "coverage") else scored
            mean = sum(row[measure] for row in counted) / len(counted) if counted else math.nan
            assert _same(country[measure], None if math.isnan(mean) else mean), (key, measure)


def _kind(unit: str) -> str:
    return "domain" if "." in unit else "country"


def _rows(case: Mapping[str, Any], basis: str) -> dict[Key, dict[str, Any]]:
    table = case["scores"]
    rows = table[table["basis"].eq(basis)].to_dict("records")
    return {(row["unit_id"], row["questionnaire_id"], row["dimension_id"]): dict(row) for row in rows}


def _same(found: Any, wanted: Any) -> bool:
    if wanted is None:
        return bool(found == "" or found != found)
    if isinstance(wanted, str):
        return bool(found == wanted)
    return math.isclose(found, wanted, rel_tol=1e-12, abs_tol=1e-12)
