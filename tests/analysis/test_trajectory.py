"""Paths from round to round: who gained most, who stalled below target, and what is said when nobody can tell."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from assessment.analysis.trajectory import Trajectories, comparable_rounds, trajectories
from assessment.organisation import Round
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.models import Questionnaire
from tests.analysis.frames import row
from tests.questionnaire.builders import dimension, question, questionnaire

ROUNDS = tuple(Round(name, name.upper()) for name in ("r1", "r2", "r3"))
LABELS = {"FR": "France", "DE": "Germany", "ES": "Spain", "IT": "Italy"}


def asked(**fields: Any) -> Questionnaire:
    """Two dimensions, the first with three times the weight of the second."""
    parts = [dimension("a", question("qa"), weight=3), dimension("b", question("qb"), weight=1)]
    return Questionnaire.model_validate(questionnaire(*parts, **fields))


def path(
    unit: str, *scores: float | None, targets: tuple[float | None, float | None] = (None, None), **fields: Any
):
    """Rows of one unit in each round; the targets are those of the two dimensions in the last."""
    rows = [
        row("", score, unit_id=unit, round_id=e.id, **fields) for e, score in zip(ROUNDS, scores, strict=True)
    ]
    for name, target in zip(("a", "b"), targets, strict=True):
        rows.append(row(name, scores[-1], target, unit_id=unit, round_id="r3"))
    return rows


def paths(*rows: list[dict[str, Any]], then: Round | None = ROUNDS[0], **options: Any) -> Trajectories:
    table = pd.DataFrame([entry for unit in rows for entry in unit], columns=list(row("")))
    return trajectories(table, ROUNDS, LABELS, asked(), then=then, **options)


BELOW, REACHED = (4.0, 4.0), (1.0, 1.0)


def test_whoever_is_below_target_and_gained_less_than_a_sixth_of_a_level_has_stalled():
    finding = paths(
        path("FR", 2.0, 2.0, 2.14, targets=BELOW), path("DE", 2.0, 2.0, 2.15, targets=BELOW),
        path("ES", 3.0, 3.0, 3.0, targets=REACHED), path("IT", 2.0, 2.5, 3.5, targets=BELOW),
    )  # fmt: skip
    assert [entry.unit_id for entry in finding.stalled] == ["FR"]
    assert finding.headline == "France has stalled below target; Italy gained most (+1.5 levels)"
    assert [entry.unit_id for entry in finding.paths] == ["IT", "ES", "DE", "FR"]
    assert finding.subtitle.endswith("gained since R1; stalled: below target, and less than 0.15 gained")


def test_of_several_that_stalled_the_one_that_gained_least_is_named():
    finding = paths(
        path("FR", 2.0, 2.0, 2.1, targets=BELOW), path("DE", 2.0, 2.0, 1.8, targets=BELOW),
        path("IT", 2.0, 2.5, 3.5, targets=BELOW),
    )  # fmt: skip
    assert finding.headline == (
        "2 countries have stalled below target (Germany gained least: −0.2); Italy gained most (+1.5 levels)"
    )


def test_nobody_below_target_never_speaks_of_those_that_cannot_be_told():
    finding = paths(path("FR", 2.0, 2.0, 2.0, targets=REACHED), path("DE", 2.0, 2.0, None, targets=REACHED))
    assert finding.headline == "None of the 1 of 2 countries that can be told is below target; nobody gained"


def test_the_target_is_the_dimensions_targets_by_their_weights_unless_the_whole_has_its_own():
    finding = paths(path("FR", 2.0, 2.0, 2.0, targets=(4.0, 2.0)))
    assert finding.paths[0].target == pytest.approx(3.5)
    assert finding.target == pytest.approx(3.5)
    finding = paths(path("FR", 2.0, 2.0, 2.0, targets=(4.0, 2.0), target=3.0))
    assert finding.paths[0].target == 3.0
    assert paths(path("FR", 2.0, 2.0, 2.0, targets=(4.0, None))).paths[0].target is None


def test_targets_that_differ_make_no_line_for_all():
    finding = paths(path("FR", 2.0, 2.0, 2.0, targets=BELOW), path("DE", 2.0, 2.0, 2.0, targets=REACHED))
    assert finding.target is None


@pytest.mark.parametrize(
    ("rows", "headline"),
    [
        ([], "Nobody was asked"),
        ([path("FR", 2.0, 2.0, None)], "None of 1 country has a score in this round yet"),
        ([path("FR", None, 2.0, 3.0)], "None of 1 country has a score in R1 and now"),
        (
            [path("FR", 2.0, 2.0, 2.5)],
            "Without targets nobody can be called stalled; France gained most (+0.5 levels)",
        ),
        (
            [path("FR", 2.0, 2.0, 2.5, targets=BELOW)],
            "France is below target and still climbing; France gained most (+0.5 levels)",
        ),
        (
            [path("FR", 2.0, 2.0, 2.5, targets=BELOW), path("DE", 2.0, 2.0, 2.4, targets=BELOW)],
            "All 2 countries below target are still climbing; France gained most (+0.5 levels)",
        ),
        ([path("FR", 2.0, 2.0, 2.0, targets=REACHED)], "Nobody is below target; nobody gained"),
    ],
)
def test_the_sentence_says_what_there_is_to_say(rows: Any, headline: str):
    assert paths(*rows).headline == headline


def test_whoever_is_below_target_counts_with_or_without_a_gain():
    new = path("DE", None, None, 2.0, targets=BELOW)
    reached = path("ES", 1.0, 1.0, 1.5, targets=REACHED)
    assert paths(reached, new).headline == (
        "1 country is below target, still climbing or not can't be told; Spain gained most (+0.5 levels)"
    )
    climbing = path("FR", 2.0, 2.0, 3.0, targets=BELOW)
    assert paths(climbing, new, reached).headline == (
        "Of 2 countries below target 1 is still climbing, of the others nobody can tell;"
        " France gained most (+1.0 levels)"
    )


@pytest.mark.parametrize("supported", [False, True])
def test_scores_of_another_version_are_said_not_to_compare(supported: bool):
    rows = path("FR", 2.0, 2.0, 3.0)
    for entry in rows:
        entry["supported_score"] = entry["score"]
    rows[0]["questionnaire_version"] = "0.9.0"
    bridged = {"FR": 0.25} if supported else {}
    finding = paths(rows, supported=supported, bridged=bridged)
    assert finding.headline == "Scores can't be compared with R1: it asked another version"


def test_a_round_on_another_scale_is_said_not_to_compare():
    finding = paths(path("FR", 2.0, 2.0, 3.0), then=Round("r0", "R0"))
    assert finding.headline == "Scores can't be compared with R0: it didn't ask this on the same scale"


def test_in_the_first_round_there_is_nothing_to_compare():
    finding = paths(path("FR", None, None, 2.0), then=None)
    assert finding.headline == "This is the first round: there is nothing to compare it with yet"


def test_between_versions_the_gain_is_what_the_same_questions_say_or_unknown():
    rows = path("FR", 2.0, 2.0, 3.0)
    rows[0]["questionnaire_version"] = "0.9.0"
    assert paths(rows).paths[0].gain is None
    found = paths(rows, bridged={"FR": 0.25})
    assert found.paths[0].gain == 0.25
    assert paths(path("FR", 2.0, 2.0, 3.0), bridged={"FR": 0.25}).paths[0].gain == 1.0


def test_a_median_needs_three_units():
    two = [path("FR", 1.0, 2.0, 3.0), path("DE", 1.0, 2.0, 5.0)]
    assert paths(*two).medians == (None, None, None)
    assert paths(*two, path("ES", 1.0, None, 4.0)).medians == (1.0, None, 4.0)


def test_rounds_on_another_scale_or_without_the_questionnaire_are_left_out():
    one, two = asked(version="1.0.0"), asked(version="2.0.0")
    three = asked(
        version="3.0.0",
        scale=[{"level": 1, "name": "No"}, {"level": 2, "name": "Partly"}, {"level": 3, "name": "Yes"}],
    )
    rounds = [
        Round("r1", "", questionnaires={"example": "3.0.0"}), Round("r2", "", questionnaires={"example": "1.0.0"}),
        Round("r3", "", questionnaires={"other": "1.0.0"}), Round("r4", "", questionnaires={"example": "2.0.0"}),
        Round("r5", "", questionnaires={"example": "2.0.0"}),
    ]  # fmt: skip
    kept = comparable_rounds(catalogue_of([one, two, three]), rounds, "r4", "example")
    assert [entry.id for entry in kept] == ["r2", "r4"]
