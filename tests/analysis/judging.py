"""How cases about verdicts are written, and how they become what rules read.

`units` names the domains of each country (`FR: [sales]` makes the domain `FR.sales`); without it France has one domain.
`everything` answers every question of every unit that is asked it; `answers` says by unit and question what differs:
`4`, `4 with record`, `don't know`, `not applicable` or `unanswered`. `accepted` names units whose answers a reviewer has
accepted. `facts` has by unit what is known besides, `live` which domains have live data products.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from assessment.analysis.readings import Known, Reading, Readings, readings_of
from assessment.organisation import Organisation, Round, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import load_catalogue
from assessment.questionnaire.models import Question, UnitKind
from assessment.questionnaire.verdicts import VerdictRules
from assessment.questionnaire.yaml_source import read_yaml
from assessment.responses import ANSWER_COLUMNS, AssessmentState
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput
from tests.scoring.shorthand import answer_rows

ROUND = "first"
CARRIES = {"none": 2, "document": 3, "record": 4, "independent": 5}
Case = Mapping[str, Any]
Builder = Callable[[Case], Readings]


@cache
def catalogue() -> Catalogue:
    return load_catalogue(Path(__file__).resolve().parents[2] / "questionnaires")


@cache
def rules() -> VerdictRules:
    found = catalogue().latest_verdicts()
    assert found is not None
    return found


@cache
def questions() -> Mapping[str, Question]:
    return {name: entry for each in catalogue().latest_published() for name, entry in each.questions.items()}


@cache
def homes() -> Mapping[str, str]:
    """The questionnaire of every question."""
    return {name: each.id for each in catalogue().latest_published() for name in each.questions}


@cache
def hard_gates() -> Mapping[str, Sequence[str]]:
    """The questions with hard gates of each questionnaire."""
    return {
        each.id: [name for name, entry in each.questions.items() if entry.gate and entry.gate.hard]
        for each in catalogue().latest_published()
    }


def cases_in(name: str) -> list[dict[str, Any]]:
    file = Path(__file__).parent / "verdict_cases" / name
    document = read_yaml(file.read_bytes(), file.name)
    assert not document.problems, document.problems
    return list(document.data)


def organisation(countries: Mapping[str, Iterable[str]]) -> Organisation:
    units = [Unit(country, country, UnitKind.COUNTRY) for country in countries]
    for country, domains in countries.items():
        units += [Unit(f"{country}.{name}", name, UnitKind.DOMAIN, country) for name in domains]
    return organisation_of(units)


def answers_of(case: Case) -> dict[str, dict[str, str]]:
    """By unit and question, all that was answered."""
    found: dict[str, dict[str, str]] = {}
    for unit in _organisation(case).units.values():
        asked = [name for name, entry in questions().items() if entry.is_asked_of(unit.kind)]
        usual = {name: str(case["everything"]) for name in asked} if "everything" in case else {}
        own = {name: str(text) for name, text in case.get("answers", {}).get(unit.id, {}).items()}
        assert not set(own) - set(asked), f"{unit.id} isn't asked {set(own) - set(asked)}"
        found[unit.id] = {name: text for name, text in {**usual, **own}.items() if text != "unanswered"}
    assert set(case.get("answers", {})) <= set(found)
    return found


def directly(case: Case) -> Readings:
    """The readings of a case, each built by hand."""
    accepted = set(case.get("accepted", ()))
    given = {
        (unit, name): reading(unit, name, text, is_accepted=unit in accepted)
        for unit, answers in answers_of(case).items()
        for name, text in answers.items()
    }
    return Readings(_organisation(case), questions(), given)


def from_answers(case: Case) -> Readings:
    """The readings of a case, taken from a table of answers as everything else is."""
    accepted = set(case.get("accepted", ()))
    rows: list[dict[str, str]] = []
    asked = []
    for unit, answers in answers_of(case).items():
        for each in catalogue().latest_published():
            state = AssessmentState.ACCEPTED if unit in accepted else AssessmentState.SUBMITTED
            asked.append(Asked(ROUND, unit, each.id, each.version, state))
            own = {name: text for name, text in answers.items() if name in each.questions}
            whose = {"questionnaire_id": each.id, "questionnaire_version": each.version}
            rows += answer_rows(own, round_id=ROUND, unit_id=unit, **whose)
    table = pd.DataFrame(rows, columns=list(ANSWER_COLUMNS), dtype=str).fillna("")
    data = ScoringInput(catalogue(), _organisation(case), {ROUND: Round(ROUND, "First")}, table, asked)
    return readings_of(data, ROUND)


def reading(unit: str, question: str, text: str, *, is_accepted: bool = False) -> Reading:
    """One answer as it is written in a case."""
    states = {
        "not applicable": Known.NOT_APPLICABLE,
        "don't know": Known.DONT_KNOW,
        "unanswered": Known.UNANSWERED,
    }
    if text in states:
        return Reading(question, unit, states[text], is_accepted=is_accepted)
    level, _, evidence = text.partition(" with ")
    claimed = int(level)
    supported = min(claimed, CARRIES[evidence or "none"])
    return Reading(question, unit, Known.LEVEL, claimed, supported, is_accepted)


def facts_of(case: Case) -> dict[tuple[str, str], float | bool | str]:
    return {
        (unit, name): value for unit, facts in case.get("facts", {}).items() for name, value in facts.items()
    }


def _organisation(case: Case) -> Organisation:
    return organisation(case.get("units") or {"FR": ["sales"]})
