"""The share of claimed levels that evidence carries."""

from __future__ import annotations

import pandas as pd
import pytest

from assessment.analysis.evidence import carried_levels, supported_share
from assessment.organisation import Organisation
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import ANSWER_COLUMNS
from assessment.scoring.table import ScoringInput
from tests.store import small

PINNED = {"governance": "1.0.0"}
FIRST, SECOND = small.DOMAIN_QUESTIONS[:2]


def answers(*given: tuple[str, str, str, str, str]) -> pd.DataFrame:
    """Rows of unit, question, state, value and kind of evidence."""
    rows = [
        dict.fromkeys(ANSWER_COLUMNS, "")
        | {"round_id": small.ROUND, "questionnaire_id": "governance", "questionnaire_version": "1.0.0"}
        | dict(zip(("unit_id", "question_id", "state", "value", "evidence_kind"), entry, strict=True))
        for entry in given
    ]
    return pd.DataFrame(rows, columns=list(ANSWER_COLUMNS))


@pytest.fixture
def share(small_catalogue: Catalogue, small_organisation: Organisation):
    def measured(
        *given: tuple[str, str, str, str, str], units: tuple[str, ...] = ("FR.sales",)
    ) -> float | None:
        data = ScoringInput(small_catalogue, small_organisation, {}, answers(*given), [])
        return supported_share(carried_levels(data, small.ROUND, PINNED, units))

    return measured


@pytest.mark.parametrize(
    ("level", "evidence", "carried"),
    [("2", "none", 1), ("2", "", 1), ("3", "none", 0), ("3", "document", 1), ("4", "document", 0), ("5", "independent", 1)],
)  # fmt: skip
def test_a_level_is_carried_as_far_as_its_kind_of_evidence_reaches(
    share, level: str, evidence: str, carried: int
):
    assert share(("FR.sales", FIRST, "answered", level, evidence)) == carried


def test_every_claimed_level_counts_alike(share):
    found = share(
        ("FR.sales", FIRST, "answered", "4", "record"),
        ("FR.sales", SECOND, "answered", "4", "none"),
    )
    assert found == 0.5


def test_an_answer_that_branching_hides_claims_nothing(share):
    hidden = ("FR.sales", "detail", "answered", "4", "none")
    assert share(("FR.sales", "shared", "answered", "2", "none"), hidden) == 1
    assert share(("FR.sales", "shared", "dont_know", "", ""), hidden) is None
    assert share(("FR.sales", "shared", "answered", "4", "record"), hidden) == 0.5


def test_absences_and_other_units_claim_nothing(share):
    found = share(
        ("FR.sales", FIRST, "dont_know", "", ""),
        ("FR.sales", SECOND, "not_applicable", "", ""),
        ("DE.sales", FIRST, "answered", "5", "none"),
    )
    assert found is None
