"""The short way in which cases and properties write questionnaires and answers, and how the engine is asked.

A questionnaire: `{dimensions: {direction: {questions: {sponsor: 3}}}}`, where a question is its weight or the
product's own fields, and a dimension has `questions` or `dimensions` and the product's own fields. Without `scale`,
levels 1 to 5. With `scale: {minimum: …, maximum: …}`, `options` lists the values that every question offers; an
option's id is its value as it is written.

An answer: `4`, `not applicable`, `don't know`, `4 with document`, `4 on 2026-03-01`, or one of these for each
respondent: `{ann: 4, ben: 2, agreed: 3}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from assessment.organisation import Organisation, Phase, Round, Target, Unit, organisation_of
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.models import Questionnaire, UnitKind
from assessment.responses import ANSWER_COLUMNS, AssessmentState
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput, score_table

ID = "example"
VERSION = "1.0.0"
ROUND = "round-1"
_STATES = {"not applicable": "not_applicable", "don't know": "dont_know"}
_ANSWER = re.compile(r"(?P<what>.+?)(?: with (?P<evidence>\w+))?(?: on (?P<when>\S+))?")


def written_out(short: Mapping[str, Any]) -> dict[str, Any]:
    """The questionnaire in the product's own format, as plain data."""
    scale = short.get("scale") or [{"level": level, "name": f"Level {level}"} for level in range(1, 6)]
    if isinstance(scale, dict):
        options = [{"id": str(v), "label": f"Is {v}", "value": v} for v in short.get("options", ())]
        choices: dict[str, Any] = {"options": options}
    else:
        choices = {"levels": {str(entry["level"]): f"Reaches {entry['level']}" for entry in scale}}
    return {
        "id": short.get("id", ID), "version": short.get("version", VERSION), "title": "An example", "scale": scale,
        "scoring": short.get("scoring", {}), "dimensions": list(_dimensions(short["dimensions"], choices)),
    }  # fmt: skip


def _dimensions(short: Mapping[str, Any], choices: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for identifier, fields in short.items():
        dimension: dict[str, Any] = {"id": identifier, "title": f"About {identifier}", **fields}
        if "dimensions" in fields:
            dimension["dimensions"] = list(_dimensions(fields["dimensions"], choices))
        if "questions" in fields:
            dimension["questions"] = [
                _question(name, own, choices) for name, own in fields["questions"].items()
            ]
        yield dimension


def _question(identifier: str, fields: Any, choices: Mapping[str, Any]) -> dict[str, Any]:
    own = fields if isinstance(fields, dict) else {"weight": fields}
    usual = {} if "options" in own else choices
    return {
        "id": identifier,
        "prompt": f"How is {identifier}?",
        "units": ["country", "domain"],
        **usual,
        **own,
    }


def answer_rows(answers: Mapping[str, Any], **whose: str) -> Iterator[dict[str, str]]:
    """One row of the answer table for each answer of one assessment; `whose` has the other columns."""
    for question, answer in answers.items():
        each = answer if isinstance(answer, dict) else {"agreed": answer}
        for respondent, text in each.items():
            parts = _ANSWER.fullmatch(str(text))
            assert parts is not None, text
            yield {
                **whose, "question_id": question, "state": _STATES.get(parts["what"], "answered"),
                "value": "" if parts["what"] in _STATES else parts["what"],
                "reason": "There is none." if parts["what"] == "not applicable" else "",
                "evidence_kind": parts["evidence"] or "", "answered_at": parts["when"] or "",
                "respondent_id": "" if respondent == "agreed" else respondent,
            }  # fmt: skip


def questionnaires_of(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The questionnaires of a case, in the short way."""
    return list(case.get("questionnaires") or [case["questionnaire"]])


def scores_of(case: Mapping[str, Any]) -> pd.DataFrame:
    """The score table of a case: `questionnaire`, `answers` by unit, and the optional rest."""
    return score_table(input_of(case))


def input_of(case: Mapping[str, Any]) -> ScoringInput:
    """What the score table of a case is made of."""
    questionnaires = [Questionnaire.model_validate(written_out(short)) for short in questionnaires_of(case)]
    rounds = {
        name: _round(name, fields or {}) for name, fields in (case.get("rounds") or {ROUND: {}}).items()
    }
    assessments = [(*_unit_and_round(who, rounds), answers) for who, answers in case["answers"].items()]
    states = case.get("states", {})
    rows: list[dict[str, str]] = []
    asked = []
    for questionnaire in questionnaires:
        for unit, in_round, answers in assessments:
            state = AssessmentState(states[unit]) if unit in states else None
            asked.append(Asked(in_round, unit, questionnaire.id, questionnaire.version, state))
            rows += answer_rows(
                {q: answer for q, answer in (answers or {}).items() if q in questionnaire.questions},
                round_id=in_round, unit_id=unit, questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(ANSWER_COLUMNS), dtype=str).fillna("")
    organisation = _organisation(case.get("units") or {"FR": []})
    targets = list(_targets(case, rounds))
    return ScoringInput(catalogue_of(questionnaires), organisation, rounds, table, asked, targets)


def _unit_and_round(who: str, rounds: Mapping[str, Round]) -> tuple[str, str]:
    unit, _, in_round = who.partition(" in ")
    return unit, in_round or next(iter(rounds))


def _round(name: str, fields: Mapping[str, str]) -> Round:
    opens, closes = (
        date.fromisoformat(fields[key]) if key in fields else None for key in ("opens_on", "closes_on")
    )
    return Round(name, name, Phase(fields["phase"]) if "phase" in fields else None, opens, closes)


def _organisation(countries: Mapping[str, list[str]]) -> Organisation:
    units = [Unit(country, country, UnitKind.COUNTRY) for country in countries]
    for country, domains in countries.items():
        units += [
            Unit(f"{country}.{name}", name, UnitKind.DOMAIN, country, domain_family=name)
            for name in domains or ()
        ]
    return organisation_of(units)


def _targets(case: Mapping[str, Any], rounds: Mapping[str, Round]) -> Iterator[Target]:
    for who, wanted in case.get("targets", {}).items():
        unit, in_round = _unit_and_round(who, rounds)
        for node, target in wanted.items():
            yield Target(in_round, unit, ID, None if node == "whole" else node, float(target))
