"""Rules or owners first: whose scores make a path, and what is said of all of them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from assessment.analysis.sequence import GOVERNANCE, OWNERSHIP, Lead, SequenceFinding, sequence_finding
from assessment.organisation import Round
from tests.analysis.frames import row

PINS = {GOVERNANCE: "1.0.0", OWNERSHIP: "1.0.0"}
ROUNDS = tuple(Round(name, name.upper(), questionnaires=PINS) for name in ("r1", "r2"))


def stop(
    unit: str, in_round: str, rules: float | None, owners: float | None, basis: str = "domains"
) -> list[Any]:
    both = ((GOVERNANCE, rules, "own"), (OWNERSHIP, owners, basis))
    return [
        row("", score, unit_id=unit, round_id=in_round, questionnaire_id=name) | {"basis": own}
        for name, score, own in both
    ]


def found(*stops: list[Any], rounds: tuple[Round, ...] = ROUNDS) -> SequenceFinding:
    table = pd.DataFrame([entry for each in stops for entry in each], columns=list(row("")))
    return sequence_finding(table, rounds, {"FR": "France", "DE": "Germany", "ES": "Spain"}, {"FR": "FRA"})


@pytest.mark.parametrize(
    ("rules", "owners", "lead"),
    [(3.0, 2.6, Lead.IN_STEP), (3.0, 2.59, Lead.RULES), (2.5, 3.0, Lead.OWNERS), (2.0, 2.0, Lead.IN_STEP)],
)
def test_one_runs_ahead_by_more_than_0_4_levels(rules: float, owners: float, lead: Lead):
    assert found(stop("FR", "r2", rules, owners)).paths[0].lead is lead


def test_the_sentence_counts_who_runs_ahead_and_who_has_both():
    finding = found(stop("FR", "r2", 4.0, 3.0), stop("DE", "r2", 3.0, 2.0), stop("ES", "r2", 2.0, 2.0))
    assert finding.headline == "Rules run ahead of owners in 2 of 3 countries; 1 has both at level 3"
    finding = found(stop("FR", "r2", 2.0, 2.0), stop("DE", "r2", 2.0, 3.0), stop("ES", "r2", 2.0, 3.0))
    assert finding.headline == "Owners run ahead of rules in 2 of 3 countries; none has both at level 3"
    assert found().headline == "No country has scores for both governance and ownership in this round yet"


def test_a_country_is_missing_unless_it_has_both_scores_now():
    finding = found(stop("FR", "r1", 2.0, 2.0), stop("DE", "r2", 2.0, None), stop("ES", "r2", 2.0, 3.0))
    assert [path.label for path in finding.paths] == ["Spain"]
    assert finding.missing == ("France", "Germany")


def test_ownership_is_the_domains_mean_and_without_domains_the_countrys_own():
    own, domains = stop("FR", "r2", 3.0, 5.0, "own"), stop("FR", "r2", 3.0, 2.0)
    assert found(own, domains[1:]).paths[0].now.ownership == 2.0
    assert found(own).paths[0].now.ownership == 5.0


def test_a_path_stays_on_one_basis_in_all_its_rounds():
    own = [*stop("FR", "r1", 2.0, 5.0, "own"), stop("FR", "r2", 3.0, 5.0, "own")[1]]
    asked, blank = stop("FR", "r2", 3.0, 2.0), stop("FR", "r2", 3.0, None)
    (path,) = found(own, asked).paths
    assert [(entry.round_id, entry.ownership) for entry in path.stops] == [("r2", 2.0)]
    assert found(own, blank).missing == ("France", "Germany", "Spain"), "its domains were asked"


@pytest.mark.parametrize(
    ("owners", "leading"),
    [
        ((2.0, 4.0), "A tie: rules ahead and owners ahead in 1 of 2 countries each"),
        ((2.0, 4.0, 3.0), "A tie: rules ahead, owners ahead and both in step in 1 of 3 countries each"),
    ],
)
def test_groups_of_the_same_size_are_a_tie(owners: tuple[float, ...], leading: str):
    stops = [stop(unit, "r2", 3.0, level) for unit, level in zip(("FR", "DE", "ES"), owners, strict=False)]
    assert found(*stops).headline.split("; ")[0] == leading


def test_rounds_of_another_version_are_left_out_and_named():
    older = Round("r1", "R1", questionnaires={**PINS, GOVERNANCE: "0.9.0"})
    stops = stop("FR", "r1", 1.0, 1.0), stop("FR", "r2", 3.0, 2.0)
    finding = found(*stops, rounds=(older, ROUNDS[1]))
    assert finding.left_out == (older,)
    assert len(finding.paths[0].stops) == 1
    assert len(found(*stops).paths[0].stops) == 2
