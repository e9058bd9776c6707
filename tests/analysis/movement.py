"""Two rounds of answers, each to its own version of a questionnaire, in the short way of `tests/scoring/shorthand.py`."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from random import Random
from typing import Any

import pandas as pd

from assessment.analysis.movement import movement_table
from assessment.organisation import Phase
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.models import Questionnaire
from assessment.scoring.table import ScoringInput, score_table
from tests.scoring import invented
from tests.scoring.shorthand import input_of, written_out

THEN, NOW = "r1", "r2"


def one(version: str = "1.0.0", **questions: Any) -> dict[str, Any]:
    """A version with one dimension, that withholds nothing."""
    return {
        "version": version,
        "scoring": {"minimum_coverage": 0},
        "dimensions": {"direction": {"questions": questions}},
    }


def two_rounds(
    then: tuple[Mapping[str, Any], Mapping[str, Any]],
    now: tuple[Mapping[str, Any], Mapping[str, Any]],
    units: Mapping[str, list[str]] | None = None,
) -> ScoringInput:
    """What the rounds asked, each given as a version and its answers by unit."""
    shorts = (then[0], now[0])
    rounds = {THEN: {"phase": str(Phase.BEFORE)}, NOW: {"phase": str(Phase.DURING)}}
    found = [
        input_of(
            {
                "questionnaire": short, "units": units or {"FR": []}, "rounds": rounds,
                "answers": {f"{unit} in {name}": answers for unit, answers in given.items()},
            }
        )
        for name, (short, given) in ((THEN, then), (NOW, now))
    ]  # fmt: skip
    versions = {
        q.reference: q for short in shorts for q in [Questionnaire.model_validate(written_out(short))]
    }
    return ScoringInput(
        catalogue_of(versions.values()), found[0].organisation, found[0].rounds,
        pd.concat([entry.answers for entry in found], ignore_index=True), [*found[0].asked, *found[1].asked],
    )  # fmt: skip


def table_of(data: ScoringInput) -> pd.DataFrame:
    return movement_table(data, score_table(data), THEN, NOW)


def moved(
    then: tuple[Mapping[str, Any], Mapping[str, Any]],
    now: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> dict[str, Any]:
    """France's whole change, each round given as a version and France's answers."""
    table = table_of(two_rounds((then[0], {"FR": then[1]}), (now[0], {"FR": now[1]})))
    return dict(table[table["dimension_id"] == ""].iloc[0])


def _next_version(random: Random, short: dict[str, Any]) -> dict[str, Any]:
    """Some questions retired, some new, other weights."""
    later = copy.deepcopy(short)
    later["version"] = "2.0.0"
    for number, fields in enumerate(_dimensions(later["dimensions"])):
        kept = {name: own for name, own in fields["questions"].items() if random.random() < 0.85}
        kept |= {f"new-{number}": {"weight": 1}} if random.random() < 0.3 or not kept else {}
        for own in kept.values():
            own["weight"] = random.choice((1, 2, own["weight"]))
        fields["questions"] = kept
    return later


def _dimensions(dimensions: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for fields in dimensions.values():
        found += [fields] if "questions" in fields else _dimensions(fields["dimensions"])
    return found


def random_rounds(random: Random) -> ScoringInput:
    """Any questionnaire, often in two versions, answered by most units in both rounds."""
    short = invented.questionnaire(random, branching=False)
    short["scoring"]["minimum_coverage"] = random.choice((0, 0.5))
    later = _next_version(random, short) if random.random() < 0.6 else short
    given = [
        {unit: invented.answers(random, asked) for unit in invented.UNIT_IDS if random.random() < 0.9}
        for asked in (short, later)
    ]
    return two_rounds((short, given[0]), (later, given[1]), invented.UNITS)
